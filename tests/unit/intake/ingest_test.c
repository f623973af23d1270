/* Intake by example: what a row is, how it is counted, and what is in force afterwards. */
#include "../screening/crowd.h"

#include "intake/ingest.h"
#include "store/sql_salt.h"

#include <string.h>

struct small {
    struct scene *s;
    struct edition edition;
    struct scene_id_number who, stranger;
    int64_t id;
};

static void small_begin(struct small *f, void **state)
{
    f->s = scene_of(state);
    f->who = scene_id_number("1980-01-01", 1);
    f->stranger = scene_id_number("1981-01-01", 1);
    OK(f->s, edition_read(NULL, &f->s->arena, &f->edition, &f->s->e));
    scene_load(f->s, load_people, false,
               arena_printf(&f->s->arena, PEOPLE_HEADER "p,%s,n,,,,,,,,\n", f->who.text));
    f->id = scene_person(f->s, "p");
}

static const char *ingest_text(struct small *f, const char *text)
{
    struct ingest_totals t = {0};
    struct ingest_options o = {.path = scene_file(f->s, text), .warn = scene_warn};

    o.refusals = scene_sink(f->s);
    OK(f->s, ingest_file(f->s->d, &f->edition, &o, &t, &f->s->e));
    return arena_printf(&f->s->arena, "%d %d %d %d", (int)t.accepted, (int)t.duplicate,
                        (int)t.quarantined, (int)t.unlinked);
}

/* Rows of one key about the person; "value from to revision" each, of kind serious_illness. */
static const char *row(struct small *f, const char *key, const char *value, const char *revision)
{
    return arena_printf(&f->s->arena, "%s,health,serious_illness,%s,,,,2024-01-01,,%s,,%s\n", key,
                        f->who.text, value, revision);
}

static const char *ingest(struct small *f, const char *a, const char *b, const char *c)
{
    return ingest_text(f, arena_printf(&f->s->arena, "%s%s%s%s", RECORDS_HEADER, a, b, c));
}

#define FACT(value) "serious_illness " value " 2024-01-01 \n"
#define IN_FORCE(text) assert_string_equal(scene_facts(f.s, f.id), text)
#define COUNTS(text, ...) assert_string_equal(ingest(&f, __VA_ARGS__), text)
#define IT(value) row(&f, "k", value, "")
#define REVISION(value, n) row(&f, "k", value, n)

static void duplicates_and_corrections(void **state)
{
    struct small f;

    small_begin(&f, state);
    COUNTS("1 0 0 0", IT("a"), "", "");
    IN_FORCE(FACT("a"));
    COUNTS("0 1 0 0", IT("a"), "", "");
    COUNTS("1 1 0 0", IT("b"), IT("b"), "");
    IN_FORCE(FACT("b"));
    COUNTS("3 0 0 0", IT("a"), IT("b"), IT("a"));
    IN_FORCE(FACT("a"));
    assert_int_equal(scene_count(f.s, "SELECT count(*) FROM record"), 5);
    assert_int_equal(scene_count(f.s, "SELECT count(*) FROM record WHERE known_to IS NULL"), 1);
    assert_int_equal(scene_count(f.s,
                                 "SELECT count(*) FROM record a JOIN record b ON a.replaces = b.id "
                                 "WHERE a.known_from = b.known_to"),
                     4);
    COUNTS("2 0 0 0", row(&f, "l", "a", ""),
           arena_printf(&f.s->arena, "k,town,serious_illness,%s,,,,2024-01-01,,a,,\n", f.who.text),
           "");
    IN_FORCE(FACT("a") FACT("a") FACT("a")); /* another key, another department */
}

static void withdrawals(void **state)
{
    struct small f;

    small_begin(&f, state);
    COUNTS("0 0 1 0", IT("retracted"), "", ""); /* of a record never seen */
    assert_string_equal(f.s->refusals, "2 value HM-3105\n");
    COUNTS("2 0 0 0", IT("a"), IT("retracted"), "");
    IN_FORCE("");
    COUNTS("0 1 0 0", IT("retracted"), "", "");
    COUNTS("1 0 0 0", IT("a"), "", ""); /* revived */
    IN_FORCE(FACT("a"));
    COUNTS("2 0 0 0", IT("retracted"), "k,health,serious_illness,,,,,,,retracted,,\n", "");
    IN_FORCE("");
}

static void revisions(void **state)
{
    struct small f;

    small_begin(&f, state);
    COUNTS("3 0 0 0", REVISION("c", "3"), REVISION("a", "1"), REVISION("b", "2"));
    IN_FORCE(FACT("c"));
    COUNTS("0 3 0 0", REVISION("a", "1"), REVISION("c", "3"), REVISION("b", "2"));
    COUNTS("1 0 0 0", REVISION("d", "3"), "", ""); /* of one revision the later row counts */
    IN_FORCE(FACT("d"));
    COUNTS("1 0 0 0", REVISION("retracted", "5"), "", "");
    COUNTS("1 0 0 0", REVISION("e", "4"), "", "");
    IN_FORCE("");
    COUNTS("1 0 0 0", REVISION("f", "6"), "", "");
    IN_FORCE(FACT("f"));
    COUNTS("1 0 0 0", IT("g"), "", ""); /* without one: the order of arrival */
    IN_FORCE(FACT("g"));
    COUNTS("1 0 0 0", REVISION("h", "5"), "", "");
    IN_FORCE(FACT("g"));
    /* Times, of any offset. */
    COUNTS("2 0 0 0", row(&f, "t", "late", "2024-06-30T08:00:00+08:00"),
           row(&f, "t", "early", "2024-06-29T23:00:00Z"), "");
    IN_FORCE(FACT("g") FACT("late"));
    /* A withdrawal may come before its record. */
    COUNTS("2 0 0 0", row(&f, "w", "retracted", "2"), row(&f, "w", "x", "1"), "");
    IN_FORCE(FACT("g") FACT("late"));
}

static void unlinked(void **state)
{
    struct small f;

    small_begin(&f, state);
#define STRANGER(value)                                                                   \
    arena_printf(&f.s->arena, "s,health,serious_illness,%s,,,,2024-01-01,," value ",,\n", \
                 f.stranger.text)
    COUNTS("0 0 0 2", STRANGER("a"), "e,health,serious_illness,,,,,2024-01-01,,a,,\n", "");
    COUNTS("0 1 0 1", STRANGER("a"), STRANGER("b"), "");
    scene_load(f.s, load_people, false,
               arena_printf(&f.s->arena, PEOPLE_HEADER "q,%s,n,,,,,,,,\n", f.stranger.text));
    int64_t q = scene_person(f.s, "q");
    assert_string_equal(scene_facts(f.s, q), FACT("b"));
    COUNTS("1 1 0 0", STRANGER("b"), STRANGER("c"), "");
    assert_string_equal(scene_facts(f.s, q), FACT("c"));
    /* A correction may say that it was about somebody else. */
    COUNTS("1 0 0 0", row(&f, "s", "c", ""), "", "");
    assert_string_equal(scene_facts(f.s, q), "");
    IN_FORCE(FACT("c"));
    COUNTS("0 0 0 1", "s,health,serious_illness,999,,,,2024-01-01,,c,,\n", "", "");
    IN_FORCE("");
    /* Withdrawn while it waits. */
    COUNTS("1 0 0 0", "e,health,serious_illness,,,,,,,retracted,,\n", "", "");
}

static void quarantine(void **state)
{
    struct small f;

    small_begin(&f, state);
    COUNTS("2 0 3 0", row(&f, "k1", "a", ""),
           arena_printf(&f.s->arena,
                        "k2,health,dead,%s,,,,2024-01-01,,perhaps,,\n"
                        "k3,\"health\"x,dead\n",
                        f.who.text),
           arena_printf(&f.s->arena, "k4,health,serious_illness\n%s", row(&f, "k5", "b", "")));
    assert_string_equal(f.s->refusals, "3 value HM-3101\n4 - HM-3001\n5 - HM-3001\n");
    IN_FORCE(FACT("a") FACT("b"));
    assert_int_equal(scene_count(f.s, "SELECT count(*) FROM quarantine"), 3);
    assert_string_equal(ingest_text(&f, RECORDS_HEADER), "0 0 0 0");
    /* Columns in another order, one more, and none of the optional. */
    assert_string_equal(
        ingest_text(&f, arena_printf(&f.s->arena,
                                     "id_no,kind,department,record_key,extra,name,birth_date,"
                                     "division,from,to,value,note\n"
                                     "%s,serious_illness,health,k1,x,,,,2024-01-01,,a,\n",
                                     f.who.text)),
        "0 1 0 0");
    assert_string_equal(f.s->warnings, "extra\n");
}

static void bad_files(void **state)
{
    struct small f;
    struct ingest_totals t;

    small_begin(&f, state);
    struct ingest_options o = {.path = scene_file(f.s, "record_key,department\nk,health\n")};
    assert_int_equal(ingest_file(f.s->d, &f.edition, &o, &t, &f.s->e), -ERR_COLUMN_MISSING);
    o.path = scene_file(f.s, "");
    assert_int_equal(ingest_file(f.s->d, &f.edition, &o, &t, &f.s->e), -ERR_FILE_EMPTY);
    o.path = "/nowhere/records.csv";
    assert_int_equal(ingest_file(f.s->d, &f.edition, &o, &t, &f.s->e), -ERR_IO);
    o.path = scene_file(f.s, RECORDS_HEADER);
    o.encoding = "no-such-encoding";
    assert_int_equal(ingest_file(f.s->d, &f.edition, &o, &t, &f.s->e), -ERR_ENCODING);
    /* The first delivery is that of people.csv. */
    assert_int_equal(scene_count(f.s, "SELECT count(*) FROM delivery WHERE next_offset > 0"), 1);
    assert_int_equal(scene_count(f.s, "SELECT count(*) FROM record"), 0);
}

/* A record of who was erased does not keep the rest of the file out. */
static void erased(void **state)
{
    struct small f;

    small_begin(&f, state);
    COUNTS("1 0 0 0", IT("a"), "", "");
    OK(f.s, sql_salt_drop(f.s->d->store, f.id, &f.s->e));
    COUNTS("0 0 0 2", IT("b"), row(&f, "l", "c", ""), "");
    OK(f.s,
       sql_salt_drop(f.s->d->store, scene_count(f.s, "SELECT max(subject_id) FROM salt"), &f.s->e));
    COUNTS("0 0 1 1", row(&f, "l", "retracted", ""),
           arena_printf(&f.s->arena, "m,health,serious_illness,%s,,,,2024-01-01,,,,\n",
                        f.stranger.text),
           "");
    assert_string_equal(f.s->refusals, "2 record_key HM-4002\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(duplicates_and_corrections),
        EACH(withdrawals),
        EACH(revisions),
        EACH(unlinked),
        EACH(quarantine),
        EACH(bad_files),
        EACH(erased),
    };
    return cmocka_run_group_tests_name("intake by example", tests, NULL, NULL);
}
