/* Inside access/: verifying, in two parts: audit_walk.c follows the chain of one segment; audit_verify.c
 * leads it over all of them and holds what is told elsewhere of each against it. */
#ifndef HUMIAO_ACCESS_AUDIT_VERIFY_H
#define HUMIAO_ACCESS_AUDIT_VERIFY_H

#include "access/audit.h"
#include "access/audit_chain.h"

/* A segment: as audit_segment has it, as its rows are, as others tell of it. */
struct place {
    int64_t id; /* 0: known from the file of heads alone */
    const char *writer;
    day day;

    bool listed; /* in audit_segment; then also: */
    int64_t key_id, listed_rows;
    struct slice listed_head;

    bool seen;       /* rows of it are there */
    int64_t last;    /* the place of the last genuine row in the table, */
    int64_t genuine; /* and its number when it was written */
    bool last_sure;  /* `mac` is the true MAC of the last */
    bool keyless;    /* no key for it: its rows are not verified */
    uint8_t mac[CIPHER_MAC_SIZE];
    int64_t fault; /* the lowest place at which a fault was told; 0: none */

    int64_t claimed; /* the most rows that others tell of and that are not there */
    int64_t unlike;  /* the lowest number whose MAC is told otherwise; 0: none */
};

struct verify {
    struct deployment *d;
    struct store *peer;   /* looks things up while d->store streams */
    struct arena arena;   /* of the whole run: segments */
    struct place *places; /* the first `listed_count` by id */
    size_t count, listed_count, capacity;
    size_t *by_name; /* the listed, by writer and day */
    uint64_t budget; /* rows that may still be tried in searches */
    uint64_t findings;
    void (*tell)(void *context, const struct audit_finding *f);
    void *context;
    struct audit_figures figures;
};

void verify_tell(struct verify *v, struct place *p, enum audit_fault fault, int64_t seq,
                 int64_t missing, int64_t other);

/* One segment on its way through. */
#define WALK_SWAPS 16
struct walk {
    struct verify *v;
    struct place *p;
    uint8_t before[CIPHER_MAC_SIZE];
    int64_t next;  /* the place that comes next in the table */
    int64_t shift; /* places minus the numbers that rows were written with: after a renumbering */
    int64_t skip;  /* places up to here are forged, and told */
    bool blind;    /* the MAC before is lost: the next row is taken unseen */
    struct arena arena;
    struct swap {
        int64_t seq;          /* here stands the other row, */
        struct chain_row row; /* and this one belongs here */
        uint8_t mac[CIPHER_MAC_SIZE];
    } swaps[WALK_SWAPS];
    size_t swap_count;
};

int walk_begin(struct walk *w, struct verify *v, struct place *p, struct error *e);
/* `ret_whole`: the row is as it was written. */
int walk_row(struct walk *w, const struct chain_row *row, struct slice mac, bool *ret_whole,
             struct error *e);
void walk_end(struct walk *w);

#endif
