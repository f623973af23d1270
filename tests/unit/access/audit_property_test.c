/* Random rows of three writers over several days; then an act of tampering, or two in two segments, by
 * somebody who has the whole database and no key. It must be found, its first place named, and nothing
 * else be accused. */
#include "audit_trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAYS 4
#define ROUNDS 60

static const char *const writers[] = {"cli", "server-1", "server-2"};
static const char *const days[DAYS] = {"2024-06-28", "2024-06-29", "2024-07-01", "2024-07-02"};

static unsigned seed;

static unsigned chance(unsigned n) { return (unsigned)rand_r(&seed) % n; }

static void begin(void)
{
    const char *told = getenv("HUMIAO_TEST_SEED");

    seed = told ? (unsigned)strtoul(told, NULL, 10) : (unsigned)time(NULL) ^ (unsigned)clock();
    print_message("# HUMIAO_TEST_SEED=%u\n", seed);
}

static void append_random(struct place *p, const char *writer)
{
    char detail[32];

    snprintf(detail, sizeof detail, "rows %u", chance(1000));
    trail_append(p, writer,
                 &(struct audit_entry){.event = AUDIT_CHILD_READ,
                                       .account_id = chance(5),
                                       .child_id = chance(9),
                                       .object_id = chance(3),
                                       .detail = chance(2) ? detail : NULL});
}

static void make_trail(struct place *p)
{
    for (size_t i = 0; i < DAYS; i++) {
        trail_today(days[i]);
        for (unsigned n = 8 + chance(25); n > 0; n--) {
            append_random(p, writers[chance(3)]);
            if (chance(8) == 0)
                trail_link(p, writers[chance(3)]);
        }
        for (size_t w = 0; w < 3; w++)
            trail_publish(p, writers[w]);
    }
    trail_sql(p, "CREATE TABLE audit_kept AS SELECT * FROM audit");
    trail_sql(p, "CREATE TABLE segment_kept AS SELECT * FROM audit_segment");
}

static void restore(struct place *p)
{
    trail_sql(p, "DELETE FROM audit");
    trail_sql(p, "INSERT INTO audit SELECT * FROM audit_kept");
    trail_sql(p, "DELETE FROM audit_segment");
    trail_sql(p, "INSERT INTO audit_segment SELECT * FROM segment_kept");
}

/* ---- acts ---------------------------------------------------------------------------------------------- */

struct act {
    int64_t segment, rows; /* as it was */
    int64_t seq;           /* the first place that was touched */
    unsigned faults;       /* bits of those that may be told for it */
    int64_t missing, other;
    bool elsewhere; /* another segment may be accused too */
    char what[160];
};

#define BIT(fault) (1u << (fault))

static int64_t random_segment(struct place *p)
{
    int64_t n = place_count(p, "SELECT count(*) FROM audit_segment");

    return trail_number(p, "SELECT id FROM audit_segment ORDER BY id LIMIT 1 OFFSET %u",
                        chance((unsigned)n));
}

static void change_column(struct place *p, struct act *a)
{
    static const char *const changes[] = {
        "at = at + 1",
        "event = event + 1",
        "account_id = CASE WHEN account_id IS NULL THEN 0 ELSE NULL END",
        "child_id = coalesce(child_id, 0) + 1",
        "object_id = CASE WHEN object_id = 1 THEN 2 ELSE 1 END",
        "detail = detail || 'x'",
        "id = id + 900000000",
        "mac = (SELECT head FROM segment_kept ORDER BY id LIMIT 1)",
        "seq = seq + 900000000",
        "seq = -seq",
        "segment_id = segment_id + 900000000"};
    unsigned kind = chance(sizeof changes / sizeof *changes);

    if (kind == 7 &&
        trail_number(p,
                     "SELECT count(*) FROM audit WHERE segment_id = %lld AND seq = %lld AND mac = "
                     "(SELECT head FROM segment_kept ORDER BY id LIMIT 1)",
                     (long long)a->segment, (long long)a->seq))
        kind = 0;
    trail_sql(p, "UPDATE audit SET %s WHERE segment_id = %lld AND seq = %lld", changes[kind],
              (long long)a->segment, (long long)a->seq);
    a->faults = kind < 8 ? BIT(FAULT_ALTERED)
                         : BIT(FAULT_REMOVED) | BIT(FAULT_TAIL) | BIT(FAULT_SEGMENT);
    a->elsewhere = kind == 10;
    snprintf(a->what, sizeof a->what, "%s", changes[kind]);
}

static void set_head_back(struct place *p, const struct act *a, int64_t rows)
{
    trail_sql(p,
              "UPDATE audit_segment SET rows = %lld, head = coalesce((SELECT mac FROM audit WHERE "
              "segment_id = %lld AND seq = %lld), head) WHERE id = %lld",
              (long long)rows, (long long)a->segment, (long long)rows, (long long)a->segment);
}

/* All later rows take other numbers; in two steps, since a number may stand once. */
static void renumber(struct place *p, const struct act *a, int64_t after, int64_t by)
{
    trail_sql(p, "UPDATE audit SET seq = -(seq + %lld) WHERE segment_id = %lld AND seq > %lld",
              (long long)by, (long long)a->segment, (long long)after);
    trail_sql(p, "UPDATE audit SET seq = -seq WHERE segment_id = %lld AND seq < 0",
              (long long)a->segment);
}

static void remove_run(struct place *p, struct act *a)
{
    int64_t last = a->seq + chance((unsigned)(a->rows - a->seq + 1));
    bool tail = last == a->rows, back = chance(2), renumbered = !tail && chance(2);

    a->missing = last - a->seq + 1;
    trail_sql(p, "DELETE FROM audit WHERE segment_id = %lld AND seq BETWEEN %lld AND %lld",
              (long long)a->segment, (long long)a->seq, (long long)last);
    if (renumbered)
        renumber(p, a, last, -a->missing);
    if (renumbered || (tail && back))
        set_head_back(p, a, a->rows - a->missing);
    a->faults = BIT(FAULT_REMOVED) | BIT(FAULT_TAIL) | BIT(FAULT_SEGMENT);
    if (renumbered && last + 1 == a->rows) { /* nothing follows that one row by which to tell */
        a->faults = BIT(FAULT_ALTERED);
        a->missing = 0;
    }
    snprintf(a->what, sizeof a->what, "removed %lld to %lld of %lld%s%s", (long long)a->seq,
             (long long)last, (long long)a->rows, renumbered ? " renumbered" : "",
             tail && back ? " head set back" : "");
}

static void insert_forged(struct place *p, struct act *a)
{
    bool behind = chance(4) == 0, raised = chance(2);

    a->seq = behind ? a->rows + 1 : a->seq;
    if (!behind)
        renumber(p, a, a->seq - 1, 1);
    trail_sql(p,
              "INSERT INTO audit (id, segment_id, seq, at, event, detail, mac) SELECT max(id) + 1, "
              "%lld, %lld, max(at), 41, '', (SELECT mac FROM audit_kept ORDER BY id LIMIT 1) FROM "
              "audit",
              (long long)a->segment, (long long)a->seq);
    if (raised)
        set_head_back(p, a, a->rows + 1);
    a->faults = BIT(FAULT_INSERTED) | (behind && raised ? BIT(FAULT_ALTERED) : 0);
    snprintf(a->what, sizeof a->what, "inserted at %lld of %lld%s", (long long)a->seq,
             (long long)a->rows, raised ? " head raised" : "");
}

static void swap_rows(struct place *p, struct act *a)
{
    int64_t i = a->seq, j = 1 + chance((unsigned)a->rows);
    bool ids = chance(2);

    if (i == j) {
        change_column(p, a);
        return;
    }
    long long s = (long long)a->segment, first = i < j ? i : j, second = i < j ? j : i;
    long long id1 = trail_number(p, "SELECT id FROM audit WHERE segment_id = %lld AND seq = %lld",
                                 s, first),
              id2 = trail_number(p, "SELECT id FROM audit WHERE segment_id = %lld AND seq = %lld",
                                 s, second);
    trail_sql(p, "UPDATE audit SET seq = -1 WHERE id = %lld", id1);
    trail_sql(p, "UPDATE audit SET seq = %lld WHERE id = %lld", first, id2);
    trail_sql(p, "UPDATE audit SET seq = %lld WHERE id = %lld", second, id1);
    if (ids) {
        trail_sql(p, "UPDATE audit SET id = -1 WHERE id = %lld", id1);
        trail_sql(p, "UPDATE audit SET id = %lld WHERE id = %lld", id1, id2);
        trail_sql(p, "UPDATE audit SET id = %lld WHERE id = -1", id2);
    }
    a->seq = first;
    a->other = second;
    a->faults = BIT(FAULT_SWAPPED);
    snprintf(a->what, sizeof a->what, "swapped %lld and %lld of %lld%s", first, second,
             (long long)a->rows, ids ? " with ids" : "");
}

static void remove_segment(struct place *p, struct act *a)
{
    bool rows = chance(3) > 0;

    if (rows)
        trail_sql(p, "DELETE FROM audit WHERE segment_id = %lld", (long long)a->segment);
    trail_sql(p, "DELETE FROM audit_segment WHERE id = %lld", (long long)a->segment);
    a->seq = 1;
    a->faults = BIT(FAULT_SEGMENT);
    a->missing = rows ? a->rows : 0;
    a->elsewhere = !rows; /* rows whose segment nobody told of by its id have no name */
    snprintf(a->what, sizeof a->what, "removed the segment of %lld rows", (long long)a->rows);
}

/* ---- what must be found -------------------------------------------------------------------------------- */

struct name {
    const char *writer;
    day day;
};

static struct name name_of(struct place *p, int64_t segment)
{
    struct name name = {.writer = NULL};

    for (size_t w = 0; w < 3; w++)
        if (trail_number(p, "SELECT count(*) FROM segment_kept WHERE id = %lld AND writer = '%s'",
                         (long long)segment, writers[w]))
            name.writer = writers[w];
    name.day = (day)trail_number(p, "SELECT day FROM segment_kept WHERE id = %lld",
                                 (long long)segment);
    return name;
}

static bool is_of(const struct audit_finding *f, struct name name)
{
    return strcmp(f->writer, name.writer) == 0 && f->day == name.day;
}

/* The first place told of the act's segment is where the act began, and it is told as what it was. */
static bool is_found(struct place *p, const struct act *a, const struct trail_found *found)
{
    struct name name = name_of(p, a->segment);
    const struct audit_finding *first = NULL;

    for (size_t i = 0; i < found->count; i++) {
        const struct audit_finding *f = &found->list[i];
        if (is_of(f, name) && f->seq > 0 && (!first || f->seq < first->seq))
            first = f;
    }
    return first && first->seq == a->seq && (BIT(first->fault) & a->faults) &&
           (!a->missing || first->missing == a->missing) && first->other == a->other;
}

static bool accuses_others(struct place *p, const struct act *acts, size_t count,
                           const struct trail_found *found)
{
    bool elsewhere = false;

    for (size_t k = 0; k < count; k++)
        elsewhere |= acts[k].elsewhere;
    for (size_t i = 0; i < found->count; i++) {
        bool here = false;
        for (size_t k = 0; k < count; k++)
            here |= is_of(&found->list[i], name_of(p, acts[k].segment));
        if (!here && !elsewhere)
            return true;
    }
    return false;
}

static void check(struct place *p, const struct act *acts, size_t count,
                  const struct trail_found *found)
{
    bool good = !accuses_others(p, acts, count, found);

    for (size_t k = 0; k < count; k++)
        good &= is_found(p, &acts[k], found);
    if (good)
        return;
    for (size_t k = 0; k < count; k++) {
        struct name name = name_of(p, acts[k].segment);
        print_error("segment %s %d: %s\n", name.writer, (int)name.day, acts[k].what);
    }
    trail_print(found);
    fail_msg("not found as it should be");
}

static struct act tamper(struct place *p, int64_t segment)
{
    static void (*const acts[])(struct place *, struct act *) = {
        change_column, change_column, remove_run, insert_forged, swap_rows, remove_segment};
    struct act a = {.segment = segment};

    a.rows = trail_number(p, "SELECT rows FROM audit_segment WHERE id = %lld", (long long)segment);
    a.seq = 1 + chance((unsigned)a.rows);
    acts[chance(sizeof acts / sizeof *acts)](p, &a);
    return a;
}

static void test_access_audit__tampering_is_found(void **state)
{
    struct place *p = place_of(state);

    begin();
    make_trail(p);
    trail_whole(p);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t first = random_segment(p), second = chance(3) ? first : random_segment(p);
        struct act acts[2] = {tamper(p, first)};
        size_t count = 1;
        struct trail_found found;
        if (second != first)
            acts[count++] = tamper(p, second);
        trail_verify(p, &found);
        check(p, acts, count, &found);
        restore(p);
    }
    trail_whole(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH_ENGINE(test_access_audit__tampering_is_found)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
