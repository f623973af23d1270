/* How fast rows of the trail are written and verified: audit_bench [ROWS [sqlite|postgresql]]. */
#include "audit_trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#define BATCH 1000

int main(int argc, char **argv)
{
    long rows = argc > 1 ? strtol(argv[1], NULL, 10) : 200000;
    bool postgresql = argc > 2 && strcmp(argv[2], "postgresql") == 0;
    struct trail_found found;
    void *state = NULL;

    if ((postgresql ? place_setup_postgresql : place_setup_sqlite)(&state) < 0 || !state)
        return 1;
    struct place *p = state;
    double begun = seconds();
    for (long i = 0; i < rows; i++) {
        if (i % BATCH == 0)
            GOOD(p, store_begin(p->d->store, &p->e));
        const struct audit_entry entry = {
            .event = AUDIT_CHILD_READ, .account_id = 1 + i % 50, .child_id = 1 + i % 997};
        GOOD(p, audit_append(p->d, &entry, &p->e));
        if (i % BATCH == BATCH - 1 || i == rows - 1)
            GOOD(p, store_commit(p->d->store, &p->e));
    }
    double written = seconds();
    int rc = audit_verify(p->d, NULL, NULL, &found.figures, &p->e);
    double verified = seconds();
    printf("append %.0f rows/s, verify %.0f rows/s, result %d\n", (double)rows / (written - begun),
           (double)rows / (verified - written), rc);
    place_teardown(&state);
    return rc == 0 ? 0 : 1;
}
