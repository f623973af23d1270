/* Random rows in files of random sizes, so that the borders of transactions fall anywhere, against the
 * slow reading of the rules. */
#include "oracle.h"

#include "intake/ingest.h"

#include <string.h>

static uint64_t seed;

static void totals_are(const struct oracle *o, const struct ingest_totals *t)
{
    char got[100], want[100];

    snprintf(got, sizeof got, "accepted %d duplicate %d quarantined %d unlinked %d",
             (int)t->accepted, (int)t->duplicate, (int)t->quarantined, (int)t->unlinked);
    snprintf(want, sizeof want, "accepted %d duplicate %d quarantined %d unlinked %d", o->accepted,
             o->duplicate, o->quarantined, o->unlinked);
    assert_string_equal(got, want);
}

static void take_file(struct scene *s, const struct edition *edition, struct oracle *o,
                      const char *path, const struct oracle_row *rows, size_t count)
{
    struct ingest_options options = {.path = path, .refusals = scene_sink(s)};
    struct ingest_totals t = {0};

    o->accepted = o->duplicate = o->quarantined = o->unlinked = 0;
    for (size_t i = 0; i < count; i++)
        oracle_take(o, &rows[i]);
    OK(s, ingest_file(s->d, edition, &options, &t, &s->e));
    totals_are(o, &t);
    assert_int_equal(t.accepted + t.duplicate + t.quarantined + t.unlinked, count);
    assert_false(t.resumed);
    oracle_compare(o, s);
}

static void against_oracle(void **state)
{
    struct scene *s = scene_of(state);
    enum store_engine engine = s->database.engine;
    struct oracle *o = malloc(sizeof *o);
    uint64_t r = seed;

    for (int round = 0; round < (engine == STORE_SQLITE ? 6 : 4); round++) {
        struct scene *own = scene_begin(engine);
        struct edition edition;
        OK(own, edition_read(NULL, &own->arena, &edition, &own->e));
        oracle_begin(o);
        oracle_load(o, own, 4);
        for (int file = 0; file < 7; file++) {
            size_t count = random_below(&r, 3) ? 1 + random_below(&r, 130)
                                               : 50 * random_below(&r, 3);
            struct oracle_row *rows = ARENA_ARRAY(&own->arena, count, struct oracle_row);
            struct scene_text t = {0};
            scene_print(&t, "%s", RECORDS_HEADER);
            for (size_t i = 0; i < count; i++) {
                rows[i] = oracle_row_random(o, &r, false, 0);
                scene_print(&t, "%s", rows[i].text);
            }
            const char *path = scene_file(own, t.p);
            scene_text_end(&t);
            take_file(own, &edition, o, path, rows, count);
            if (random_below(&r, 3) == 0) /* the department sends it again */
                take_file(own, &edition, o, path, rows, count);
            if (random_below(&r, 3) == 0) { /* strangers come to the register */
                oracle_load(o, own, 4 + (int)random_below(&r, 5));
                oracle_compare(o, own);
            }
        }
        scene_end(own);
    }
    free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(against_oracle)};

    seed = random_seed();
    return cmocka_run_group_tests_name("intake against an oracle", tests, NULL, NULL);
}
