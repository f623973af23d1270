/* The quarantine desk: refused rows of a feed and of records, mended, tried again, sent back. */
#include "../people/cast.h"
#include "screening/crowd.h"

#include "access/subject.h"
#include "intake/desk.h"
#include "intake/ingest.h"
#include "intake/push.h"
#include "store/sql_coverage.h"

#include <string.h>
#include <time.h>

#define VILLAGE INT64_C(999901001001)

struct tending {
    struct scene *s;
    struct edition edition;
    const struct care_tables *tables;
    struct feed_library feeds;
    const struct feed *feed;
    struct scene_id_number father, mother;
    struct intake in;
};

static struct tending begin(void **state)
{
    struct tending t = {.s = cast_of(state)};
    struct scene *s = t.s;
    struct tick_totals totals;

    OK(s, edition_read(NULL, &s->arena, &t.edition, &s->e));
    OK(s, care_tables_load(NULL, &s->arena, &t.tables, &s->e));
    OK(s, feed_library_read(s->d, &s->arena, &t.feeds, &s->e));
    t.feed = feed_library_find(&t.feeds, SLICE_LITERAL("prison-admissions"));
    assert_non_null(t.feed);
    t.father = scene_id_number("1985-02-28", 1);
    t.mother = scene_id_number("1986-02-28", 2);
    scene_load(s, load_people, false,
               arena_printf(&s->arena,
                            PEOPLE_HEADER "c1,,child,,2018-05-01,,999901001001,,,,\n"
                                          "f1,%s,father,,1985-02-28,,999901001001,,,,\n"
                                          "m1,%s,mother,,1986-02-28,,999901001001,,,,\n",
                            t.father.text, t.mother.text));
    scene_load(s, load_relations, false, RELATIONS_HEADER "c1,f1,father,,\nc1,m1,mother,,\n");
    cast_account(s, "d1", ROLE_CHILD_DIRECTOR, VILLAGE, NULL, NULL, 0);
    OK(s, tick_run(s->d, &(struct tick_order){.edition = &t.edition, .date = crowd_day()}, &totals,
                   &s->e));
    return t;
}

static struct push push_of(struct tending *t)
{
    return (struct push){.d = t->s->d,
                         .edition = &t->edition,
                         .tables = t->tables,
                         .now = CAST_NOW,
                         .arena = &t->s->arena};
}

static struct intake *intake_of(struct tending *t)
{
    t->in = (struct intake){
        .d = t->s->d, .edition = &t->edition, .tables = t->tables, .feeds = &t->feeds};
    return &t->in;
}

/* One row of the feed, by an account of a division (0: by a program); refused or not. */
static int hand_in_of(struct tending *t, int64_t division, const char *key, const char *id,
                      const char *admitted, const char *sentence)
{
    struct scene *s = t->s;
    const struct slice names[] = {SLICE_LITERAL("入监编号"), SLICE_LITERAL("身份证号"),
                                  SLICE_LITERAL("姓名"), SLICE_LITERAL("入监日期"),
                                  SLICE_LITERAL("刑期")};
    const struct slice values[] = {slice_from(key), slice_from(id), SLICE_LITERAL("甲, \"乙\""),
                                   slice_from(admitted), slice_from(sentence)};
    struct delivery_row row = {.names = names, .values = values, .count = 5};
    struct push p = push_of(t);
    int rc;

    p.division = division;
    CAST_WRITE(s, rc, delivery_push(&p, t->feed, &row, 1, &s->e));
    OK(s, rc);
    return row.outcome;
}

static int hand_in(struct tending *t, const char *key, const char *id, const char *admitted,
                   const char *sentence)
{
    return hand_in_of(t, 0, key, id, admitted, sentence);
}

static size_t list(struct tending *t, struct desk_filter f, struct desk_row **ret)
{
    size_t count;

    OK(t->s, desk_list(t->s->d, &t->feeds, &f, 0, 100, &t->s->arena, ret, &count, &t->s->e));
    return count;
}

static int mend(struct tending *t, int64_t id, const char *column, const char *value,
                struct desk_totals *ret)
{
    struct desk_edit edit = {slice_from(column), slice_from(value)};
    struct push p = push_of(t);
    int rc;

    error_clear(&t->s->e);
    CAST_WRITE(t->s, rc, desk_mend(&p, &t->feeds, id, &edit, column ? 1 : 0, 7, ret, &t->s->e));
    return rc;
}

static struct slice cell(const struct desk_row *row, const char *column)
{
    for (size_t i = 0; i < row->count; i++)
        if (slice_is(row->header[i], column))
            return row->cells[i];
    return SLICE_NONE;
}

static void mended(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_totals totals;
    struct desk_row *rows, row;

    assert_int_equal(hand_in(&t, "1", t.father.text, "2024-13-10", "3年"), PUSH_QUARANTINED);
    assert_int_equal(list(&t, (struct desk_filter){.state = QUARANTINE_WAITS}, &rows), 1);
    assert_int_equal(rows[0].error, ERR_DATE);
    assert_true(slice_is(rows[0].feed, "prison-admissions"));
    assert_true(slice_is(rows[0].department, "justice"));
    assert_true(slice_is(rows[0].column, "入监日期"));
    assert_true(slice_is(rows[0].value, "2024-13-10"));
    assert_true(slice_is(cell(&rows[0], "姓名"), "甲, \"乙\""));
    assert_true(slice_is(cell(&rows[0], "身份证号"), t.father.text));
    assert_true(rows[0].reason.n > 0);
    for (size_t i = 0; i < rows[0].count; i++)
        assert_non_null(rows[0].columns[i]);
    /* The texts are in the language of whoever reads. */
    s->e.language = LANGUAGE_ZH;
    OK(s, desk_get(s->d, &t.feeds, rows[0].id, &s->arena, &row, &s->e));
    s->e.language = LANGUAGE_EN;
    assert_false(slice_equal(row.reason, rows[0].reason));
    /* No such column; a value that is no better; then the right one. */
    int64_t id = rows[0].id;
    assert_int_equal(mend(&t, id, "没有这一列", "x", &totals), -ERR_VALUE);
    OK(s, mend(&t, id, "入监日期", "2024-02-31", &totals));
    assert_int_equal(totals.still_refused, 1);
    OK(s, desk_get(s->d, &t.feeds, id, &s->arena, &row, &s->e));
    assert_int_equal(row.state, QUARANTINE_WAITS);
    assert_true(slice_is(row.value, "2024-02-31"));
    assert_true(slice_is(cell(&row, "入监日期"), "2024-02-31"));
    assert_true(slice_is(cell(&row, "姓名"), "甲, \"乙\""));
    OK(s, mend(&t, id, "收监日期", "2024-01-10", &totals)); /* another name of the same column */
    assert_int_equal(totals.accepted, 1);
    assert_int_equal(totals.still_refused, 0);
    OK(s, desk_get(s->d, &t.feeds, id, &s->arena, &row, &s->e));
    assert_int_equal(row.state, QUARANTINE_MENDED);
    assert_int_equal(row.settled_at, CAST_NOW);
    assert_int_equal(mend(&t, id, "入监日期", "2024-01-11", &totals), -ERR_WRONG_STATE);
    assert_string_equal(scene_facts(s, scene_person(s, "f1")), "imprisoned P3Y 2024-01-10 \n");
    /* In the day's delivery of the desk; none stands twice in quarantine. */
    assert_int_equal(scene_count(s, "SELECT accepted FROM delivery WHERE channel = 6"), 1);
    assert_int_equal(scene_count(s, "SELECT quarantined FROM delivery WHERE channel = 6"), 0);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine"), 1);
    assert_int_equal(scene_count(s, "SELECT account_id FROM quarantine"), 7);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM audit WHERE event = 106"), 2);
    assert_int_equal(desk_get(s->d, &t.feeds, 4711, &s->arena, &row, &s->e), -ERR_NOT_FOUND);
}

static void alike(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_group *groups;
    struct desk_row *rows;
    struct desk_totals totals, sum = {0};
    size_t count;
    int64_t after = 0;
    bool more = true;

    for (int i = 0; i < 120; i++)
        hand_in(&t, arena_printf(&s->arena, "a%d", i), i % 2 ? t.father.text : t.mother.text,
                "去年", i == 60 ? "很久" : "3年");
    for (int i = 0; i < 3; i++)
        hand_in(&t, arena_printf(&s->arena, "b%d", i), t.mother.text, "前年", "3年");
    OK(s, desk_groups(s->d, &t.feeds, &(struct desk_filter){0}, 10, &s->arena, &groups, &count,
                      &s->e));
    assert_int_equal(count, 2);
    assert_int_equal(groups[0].rows, 120);
    assert_true(slice_is(groups[0].column, "入监日期"));
    assert_int_equal(groups[1].rows, 3);
    struct desk_filter f = {.like_id = groups[0].example_id, .state = QUARANTINE_WAITS};
    assert_int_equal(list(&t, f, &rows), 100);
    /* An edit that is no good leaves them as they were. */
    struct desk_edit bad = {SLICE_LITERAL("入监日期"), SLICE_LITERAL("2024-02-30")};
    struct desk_edit good = {SLICE_LITERAL("入监日期"), SLICE_LITERAL("2024-01-10")};
    while (more) {
        OK(s, desk_retry(intake_of(&t), &f, &bad, 7, &after, &more, &totals, &s->e));
        sum.still_refused += totals.still_refused;
        assert_int_equal(totals.accepted, 0);
    }
    assert_int_equal(sum.still_refused, 120);
    assert_int_equal(list(&t, f, &rows), 100);
    assert_true(slice_is(rows[0].value, "去年"));
    for (after = 0, more = true, sum = (struct desk_totals){0}; more;) {
        OK(s, desk_retry(intake_of(&t), &f, &good, 7, &after, &more, &totals, &s->e));
        assert_true(totals.rows <= PUSH_MAX);
        sum.rows += totals.rows;
        sum.accepted += totals.accepted;
        sum.still_refused += totals.still_refused;
    }
    assert_int_equal(sum.rows, 120);
    assert_int_equal(sum.accepted, 119);
    assert_int_equal(sum.still_refused,
                     1); /* its term is wrong too: it has the edit, and a new reason */
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine WHERE state = 2"), 119);
    OK(s, desk_groups(s->d, &t.feeds, &(struct desk_filter){0}, 10, &s->arena, &groups, &count,
                      &s->e));
    assert_int_equal(count, 2);
    assert_int_equal(groups[0].rows, 3); /* of another value: untouched */
    assert_true(slice_is(groups[1].column, "刑期"));
    OK(s, desk_groups(s->d, &t.feeds, &(struct desk_filter){.feed = SLICE_LITERAL("deaths")}, 10,
                      &s->arena, &groups, &count, &s->e));
    assert_int_equal(count, 0);
}

/* After a new mapping: the rows as they stand. */
static void retried(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_totals totals;
    int64_t after = 0, id;
    bool more;
    int rc;

    hand_in(&t, "1", t.father.text, "2024-01-10", "大约3年");
    hand_in(&t, "2", t.mother.text, "2024-13-10", "3年");
    struct desk_filter f = {.feed = SLICE_LITERAL("prison-admissions")};
    OK(s, desk_retry(intake_of(&t), &f, NULL, 7, &after, &more, &totals, &s->e));
    assert_int_equal(totals.still_refused, 2);
    assert_true(more);
    OK(s, desk_retry(intake_of(&t), &f, NULL, 7, &after, &more, &totals, &s->e));
    assert_false(more);
    /* The sentence as it stands is taken now. */
    struct slice before = SLICE_LITERAL("form: term"), text = t.feed->text;
    const char *at = memmem(text.p, text.n, before.p, before.n);
    assert_non_null(at);
    const char *changed = arena_printf(
        &s->arena, "%.*sform: code, codes: {大约3年: P3Y}, otherwise: P1Y%.*s", (int)(at - text.p),
        text.p, (int)(text.n - (size_t)(at - text.p) - before.n), at + before.n);
    CAST_WRITE(s, rc, feed_save(s->d, slice_from(changed), 7, CAST_NOW, &id, &s->e));
    OK(s, rc);
    OK(s, feed_library_read(s->d, &s->arena, &t.feeds, &s->e));
    after = 0;
    OK(s, desk_retry(intake_of(&t), &f, NULL, 7, &after, &more, &totals, &s->e));
    assert_int_equal(totals.rows, 2);
    assert_int_equal(totals.accepted, 1);
    assert_int_equal(totals.still_refused, 1);
    assert_string_equal(scene_facts(s, scene_person(s, "f1")), "imprisoned P3Y 2024-01-10 \n");
}

static void returned(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_totals totals;
    struct desk_row *rows;
    struct slice book;
    size_t count;
    int rc;

    hand_in(&t, "1", t.father.text, "2024-13-10", "3年");
    hand_in(&t, "2", t.mother.text, "2024-01-10", "很久");
    struct desk_filter f = {.feed = SLICE_LITERAL("prison-admissions")};
    CAST_WRITE(s, rc,
               desk_return(s->d, &t.feeds, &f, 7, CAST_NOW, &s->arena, &book, &count, &s->e));
    OK(s, rc);
    assert_int_equal(count, 2);
    assert_memory_equal(book.p, "PK", 2);
    assert_int_equal(list(&t, (struct desk_filter){.state = QUARANTINE_RETURNED}, &rows), 2);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM audit WHERE event = 107"), 1);
    CAST_WRITE(s, rc,
               desk_return(s->d, &t.feeds, &f, 7, CAST_NOW, &s->arena, &book, &count, &s->e));
    assert_int_equal(rc, -ERR_NOT_FOUND);
    /* As it stands it is not tried again, with whatever the department has handed in since; it may still be mended
     * here. */
    int64_t after = 0;
    bool more;
    OK(s, desk_retry(intake_of(&t), &f, NULL, 7, &after, &more, &totals, &s->e));
    assert_int_equal(totals.rows, 0);
    OK(s, mend(&t, rows[0].id, "入监日期", "2024-01-10", &totals));
    assert_int_equal(totals.accepted, 1);
}

/* What the department gets: its own columns, then why and what to do. */
struct seen_rows {
    char text[4096];
    size_t n;
};

static int see(void *context, const struct sheet_row *row, const struct error *refusal)
{
    struct seen_rows *seen = context;

    assert_null(refusal);
    for (size_t i = 0; i < row->count; i++)
        seen->n += (size_t)snprintf(seen->text + seen->n, sizeof(seen->text) - seen->n, "[%.*s]",
                                    (int)row->cells[i].text.n, row->cells[i].text.p);
    return 0;
}

static void own_sheet(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct seen_rows seen = {.n = 0};
    struct sheet_sink sink = {.row = see, .context = &seen};
    struct slice book;
    size_t count;
    int rc;

    hand_in(&t, "=1+1", t.father.text, "2024-13-10", "3年");
    CAST_WRITE(s, rc,
               desk_return(s->d, &t.feeds, &(struct desk_filter){0}, 7, CAST_NOW, &s->arena, &book,
                           &count, &s->e));
    OK(s, rc);
    OK(s, sheet_parse(book, &(struct sheet_options){0}, &sink, &s->e));
    assert_non_null(strstr(seen.text, "[入监编号][身份证号][姓名][入监日期][刑期]"));
    assert_non_null(strstr(seen.text, "[甲, \"乙\"]"));
    assert_non_null(strstr(seen.text, "why it was returned"));
}

static void set_aside(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_totals totals;
    struct desk_row *rows, row;
    int rc;

    hand_in(&t, "1", t.father.text, "2024-13-10", "3年");
    list(&t, (struct desk_filter){0}, &rows);
    int64_t id = rows[0].id;
    CAST_WRITE(s, rc, desk_set_aside(s->d, id, SLICE_LITERAL("  "), 7, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_VALUE);
    CAST_WRITE(s, rc, desk_set_aside(s->d, id, SLICE_LITERAL("a trial row"), 7, CAST_NOW, &s->e));
    OK(s, rc);
    OK(s, desk_get(s->d, &t.feeds, id, &s->arena, &row, &s->e));
    assert_int_equal(row.state, QUARANTINE_SET_ASIDE);
    assert_true(slice_is(row.value, "2024-13-10"));
    assert_int_equal(row.count, rows[0].count);
    assert_int_equal(mend(&t, id, "入监日期", "2024-01-10", &totals), -ERR_WRONG_STATE);
    CAST_WRITE(s, rc, desk_set_aside(s->d, id, SLICE_LITERAL("again"), 7, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_WRONG_STATE);
}

/* Records as such: the columns are those of records.csv. */
static void records(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_totals totals;
    struct desk_row *rows;
    struct push p = push_of(&t);
    struct push_record r = {.reason = {.language = LANGUAGE_EN}};
    int rc;

    r.cells[RECORD_KEY] = SLICE_LITERAL("k1");
    r.cells[RECORD_KIND] = SLICE_LITERAL("imprisoned");
    r.cells[RECORD_ID_NO] = slice_from(t.father.text);
    r.cells[RECORD_FROM] = SLICE_LITERAL("2024-13-10");
    r.cells[RECORD_VALUE] = SLICE_LITERAL("P3Y");
    p.department = SLICE_LITERAL("justice");
    CAST_WRITE(s, rc, intake_push(&p, &r, 1, &s->e));
    OK(s, rc);
    assert_int_equal(list(&t, (struct desk_filter){0}, &rows), 1);
    assert_null(rows[0].feed.p);
    assert_true(slice_is(rows[0].column, "from"));
    assert_true(slice_is(cell(&rows[0], "department"), "justice"));
    OK(s, mend(&t, rows[0].id, "from", "2024-01-10", &totals));
    assert_int_equal(totals.accepted, 1);
    assert_string_equal(scene_facts(s, scene_person(s, "f1")), "imprisoned P3Y 2024-01-10 \n");
    /* A withdrawal of what was never seen is refused by the store alone. */
    r.cells[RECORD_KEY] = SLICE_LITERAL("k2");
    r.cells[RECORD_FROM] = SLICE_LITERAL("2024-01-10");
    r.cells[RECORD_VALUE] = SLICE_LITERAL("retracted");
    CAST_WRITE(s, rc, intake_push(&p, &r, 1, &s->e));
    OK(s, rc);
    assert_int_equal(list(&t, (struct desk_filter){.state = QUARANTINE_WAITS}, &rows), 1);
    assert_int_equal(rows[0].error, ERR_REFERENCE);
    OK(s, mend(&t, rows[0].id, NULL, NULL, &totals));
    assert_int_equal(totals.still_refused, 1);
    OK(s, mend(&t, rows[0].id, "record_key", "k1", &totals));
    assert_int_equal(totals.accepted, 1);
    assert_string_equal(scene_facts(s, scene_person(s, "f1")), "");
}

/* What one department pushed does not become another's by being mended. */
static void of_another_department(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_totals totals;
    struct desk_row *rows;
    struct push p = push_of(&t);
    struct push_record r = {.reason = {.language = LANGUAGE_EN}};
    struct desk_edit alike = {SLICE_LITERAL("department"), SLICE_LITERAL("court")};
    int64_t after = 0;
    bool more;
    int rc;

    r.cells[RECORD_KEY] = SLICE_LITERAL("k1");
    r.cells[RECORD_KIND] = SLICE_LITERAL("guardianship_revoked");
    r.cells[RECORD_ID_NO] = slice_from(t.father.text);
    r.cells[RECORD_FROM] = SLICE_LITERAL("2024-13-10");
    p.department = SLICE_LITERAL("justice");
    CAST_WRITE(s, rc, intake_push(&p, &r, 1, &s->e));
    OK(s, rc);
    list(&t, (struct desk_filter){0}, &rows);
    assert_int_equal(mend(&t, rows[0].id, "department", "court", &totals), -ERR_VALUE);
    error_clear(&s->e);
    OK(s, desk_retry(intake_of(&t), &(struct desk_filter){.like_id = rows[0].id}, &alike, 7, &after,
                     &more, &totals, &s->e));
    assert_int_equal(totals.accepted, 0);
    OK(s, mend(&t, rows[0].id, "from", "2024-01-10", &totals));
    assert_int_equal(totals.accepted, 1);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM delivery WHERE department = 'court'"), 0);
    assert_int_equal(
        scene_count(s,
                    "SELECT count(*) FROM delivery WHERE channel = 6 AND department = 'justice'"),
        1);
}

/* records.csv in an order of its own. */
static void another_order(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_totals totals;
    struct desk_row *rows;
    struct ingest_totals done = {0};
    struct ingest_options o = {
        .path = scene_file(s, arena_printf(&s->arena,
                                           "kind,department,record_key,to,from,id_no,value,name,"
                                           "birth_date,division,note,more\n"
                                           "imprisoned,justice,k1,,2024-13-10,%s,P3Y,,,,,x\n",
                                           t.father.text)),
        .refusals = scene_sink(s)};

    OK(s, ingest_file(s->d, &t.edition, &o, &done, &s->e));
    assert_int_equal(list(&t, (struct desk_filter){0}, &rows), 1);
    assert_true(slice_is(cell(&rows[0], "id_no"), t.father.text));
    assert_true(slice_is(cell(&rows[0], "more"), "x"));
    OK(s, mend(&t, rows[0].id, "from", "2024-01-10", &totals));
    assert_int_equal(totals.accepted, 1);
    assert_string_equal(scene_facts(s, scene_person(s, "f1")), "imprisoned P3Y 2024-01-10 \n");
}

/* What a formula gave is taken from nobody but a person who writes it down. */
static void formula(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct id_source ids = {0};
    struct desk_totals totals;
    struct desk_row *rows;
    struct quarantine_cell at = {"admitted", SLICE_LITERAL("入监日期"),
                                 SLICE_LITERAL("2024-01-10")};
    struct error reason = {.language = LANGUAGE_EN};
    int64_t delivery, after = 0;
    bool more;
    int rc;

    hand_in(&t, "1", t.mother.text, "2024-13-10", "3年");
    delivery = scene_count(s, "SELECT delivery_id FROM quarantine");
    error_set(&reason, ERR_FORMULA_CELL, NULL);
    OK(s, store_begin(s->d->store, &s->e));
    OK(s, subject_ids_begin(s->d, &ids, &s->e));
    /* Under the header that pushed rows have: the mapping's own columns. */
    rc = quarantine_keep_cell(
        s->d, &ids, delivery, 2,
        slice_from(arena_printf(&s->arena, "2,%s,,2024-01-10,3年", t.father.text)), &at, &reason,
        &s->e);
    OK(s, rc);
    OK(s, store_commit(s->d->store, &s->e));
    OK(s,
       desk_retry(intake_of(&t), &(struct desk_filter){0}, NULL, 7, &after, &more, &totals, &s->e));
    assert_int_equal(totals.still_refused, 2);
    assert_int_equal(list(&t, (struct desk_filter){.state = QUARANTINE_WAITS}, &rows), 2);
    assert_int_equal(rows[1].error, ERR_FORMULA_CELL);
    OK(s, mend(&t, rows[1].id, "刑期", "4年", &totals)); /* another column: the formula stands */
    assert_int_equal(totals.still_refused, 1);
    OK(s, mend(&t, rows[1].id, "入监日期", "2024-01-10", &totals));
    assert_int_equal(totals.accepted, 1);
    assert_string_equal(scene_facts(s, scene_person(s, "f1")), "imprisoned P4Y 2024-01-10 \n");
}

static double now_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Told, not judged: other work may run on the machine. */
static void speed(void **state)
{
    enum { ROWS = 2000 };
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_edit good = {SLICE_LITERAL("入监日期"), SLICE_LITERAL("2024-01-10")};
    struct desk_group *groups;
    struct desk_row *rows;
    struct desk_totals totals;
    struct slice book;
    size_t count;
    int64_t after = 0;
    bool more = true;
    int rc;
    double begun, longest = 0;

    OK(s, store_begin(s->d->store, &s->e));
    for (int i = 0; i < ROWS; i++) {
        ARENA_AUTO(arena);
        const struct slice names[] = {SLICE_LITERAL("入监编号"), SLICE_LITERAL("身份证号"),
                                      SLICE_LITERAL("入监日期"), SLICE_LITERAL("刑期")};
        const struct slice values[] = {slice_from(arena_printf(&arena, "s%d", i)),
                                       slice_from(t.father.text), SLICE_LITERAL("去年"),
                                       SLICE_LITERAL("3年")};
        struct delivery_row row = {.names = names, .values = values, .count = 4};
        struct push p = push_of(&t);
        p.arena = &arena;
        OK(s, delivery_push(&p, t.feed, &row, 1, &s->e));
    }
    OK(s, store_commit(s->d->store, &s->e));
    begun = now_seconds();
    list(&t, (struct desk_filter){.state = QUARANTINE_WAITS}, &rows);
    printf("# a page of 100 rows: %.1f ms\n", 1e3 * (now_seconds() - begun));
    begun = now_seconds();
    OK(s, desk_groups(s->d, &t.feeds, &(struct desk_filter){0}, 10, &s->arena, &groups, &count,
                      &s->e));
    printf("# groups of %d rows: %.1f ms\n", ROWS, 1e3 * (now_seconds() - begun));
    begun = now_seconds();
    CAST_WRITE(s, rc,
               desk_return(s->d, &t.feeds, &(struct desk_filter){.delivery_id = 1}, 7, CAST_NOW,
                           &s->arena, &book, &count, &s->e));
    assert_int_equal(rc, -ERR_NOT_FOUND);
    struct desk_filter f = {.like_id = groups[0].example_id};
    double all = now_seconds();
    while (more) {
        begun = now_seconds();
        OK(s, desk_retry(intake_of(&t), &f, &good, 7, &after, &more, &totals, &s->e));
        double took = now_seconds() - begun;
        longest = took > longest ? took : longest;
    }
    printf("# %d rows mended alike: %.0f a second, the longest write %.0f ms\n", ROWS,
           ROWS / (now_seconds() - all), 1e3 * longest);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine WHERE state = 2"), ROWS);
}

/* ---- counties ------------------------------------------------------------------------------- */

#define COUNTY INT64_C(999901000000)
#define TOWN INT64_C(999901001000)
#define OTHER_COUNTY INT64_C(999902000000)
#define COVERED_DAY 20000

/* Of whom the feed speaks, from which day on; until a day (0: open). */
static void cover(struct scene *s, int64_t id, int64_t division, int from, int to)
{
    int rc;

    CAST_WRITE(s, rc,
               sql_coverage_insert(s->d->store, id, SLICE_LITERAL("prison-admissions"), division,
                                   from, to ? opt_int(to) : OPT_INT_NONE, 1, OPT_INT_NONE, &s->e));
    OK(s, rc);
}

/* How many rows wait, in each way of asking alike. */
static size_t seen(struct tending *t, int64_t division, day covered_on)
{
    struct desk_filter f = {.state = QUARANTINE_WAITS, .scope = {division, covered_on}};
    struct delivery_filter g = {.scope = {division, covered_on}};
    struct scene *s = t->s;
    struct delivery_story *stories;
    struct desk_group *groups;
    struct desk_row *rows;
    size_t count = list(t, f, &rows), n, grouped = 0, waiting = 0;

    OK(s, desk_groups(s->d, &t->feeds, &f, 10, &s->arena, &groups, &n, &s->e));
    for (size_t i = 0; i < n; i++)
        grouped += (size_t)groups[i].rows;
    assert_int_equal(grouped, count);
    OK(s, delivery_list(s->d, &g, 0, 10, &s->arena, &stories, &n, &s->e));
    for (size_t i = 0; i < n; i++) {
        bool within;
        OK(s, delivery_within(s->d, stories[i].id, &g.scope, &within, &s->e));
        assert_true(within);
        waiting += (size_t)stories[i].waiting;
    }
    assert_int_equal(waiting, count);
    return count;
}

/* The same department in two counties: each has its own delivery of the day, and its own rows. */
static void counties(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    struct desk_edit good = {SLICE_LITERAL("入监日期"), SLICE_LITERAL("2024-01-10")};
    struct desk_totals totals;
    struct desk_row *rows;
    int64_t after = 0;
    size_t count;
    bool more, within;

    hand_in_of(&t, COUNTY, "1", t.father.text, "2024-13-10", "3年");
    hand_in_of(&t, OTHER_COUNTY, "2", t.mother.text, "2024-13-10", "3年");
    hand_in_of(&t, OTHER_COUNTY, "3", t.mother.text, "2024-13-10", "3年");
    hand_in_of(&t, 0, "4", t.mother.text, "2024-13-10", "3年");
    assert_int_equal(scene_count(s, "SELECT count(*) FROM delivery WHERE channel = 2"), 3);
    assert_int_equal(seen(&t, 0, 0), 4);
    assert_int_equal(seen(&t, COUNTY, 0), 2); /* a data officer: also what a program handed in */
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY), 1);
    assert_int_equal(seen(&t, TOWN, COVERED_DAY), 0);
    assert_int_equal(seen(&t, OTHER_COUNTY, COVERED_DAY), 2);
    assert_int_equal(seen(&t, INT64_C(999900000000), COVERED_DAY), 3); /* the city above both */

    list(&t, (struct desk_filter){.scope = {COUNTY, COVERED_DAY}}, &rows);
    struct desk_filter own = {.like_id = rows[0].id, .scope = {COUNTY, COVERED_DAY}};
    assert_int_equal(list(&t, own, &rows), 1);
    list(&t, (struct desk_filter){.scope = {OTHER_COUNTY, COVERED_DAY}}, &rows);
    OK(s, delivery_within(s->d, rows[0].delivery_id, &own.scope, &within, &s->e));
    assert_false(within);
    OK(s, delivery_within(s->d, rows[0].delivery_id, NULL, &within, &s->e));
    assert_true(within);
    OK(s, delivery_within(s->d, rows[0].delivery_id + 1, NULL, &within, &s->e));
    assert_false(within);
    struct desk_filter foreign = {.like_id = rows[0].id, .scope = {COUNTY, COVERED_DAY}};
    assert_int_equal(desk_list(s->d, &t.feeds, &foreign, 0, 10, &s->arena, &rows, &count, &s->e),
                     -ERR_NOT_FOUND);
    error_clear(&s->e);
    assert_int_equal(desk_retry(intake_of(&t), &foreign, &good, 7, &after, &more, &totals, &s->e),
                     -ERR_NOT_FOUND);
    error_clear(&s->e);

    /* All alike, and yet no row of the other county is touched. */
    after = 0, more = true;
    for (uint64_t tried = 0; more; tried += totals.rows) {
        OK(s, desk_retry(intake_of(&t), &own, &good, 7, &after, &more, &totals, &s->e));
        assert_true(tried + totals.rows <= 1);
    }
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY), 0);
    assert_int_equal(seen(&t, OTHER_COUNTY, COVERED_DAY), 2);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine WHERE state = 2"), 1);
    assert_int_equal(
        scene_count(s, "SELECT division FROM delivery WHERE channel = 6 AND accepted = 1"), COUNTY);
    assert_int_equal(
        scene_count(s, "SELECT count(*) FROM quarantine q JOIN delivery d ON d.id = q.delivery_id "
                       "WHERE q.state = 1 AND d.division = 999902000000"),
        2);
}

/* What a program handed in is a liaison's only where the feed speaks of nobody else. */
static void programs(void **state)
{
    struct tending t = begin(state);
    struct scene *s = t.s;
    int rc;

    hand_in_of(&t, 0, "1", t.father.text, "2024-13-10", "3年");
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY), 0);
    cover(s, 1, TOWN, COVERED_DAY + 1, 0); /* not yet */
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY), 0);
    cover(s, 2, COUNTY, COVERED_DAY - 1, COVERED_DAY + 1);
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY), 1);
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY + 1), 1);
    assert_int_equal(seen(&t, TOWN, COVERED_DAY), 0);
    assert_int_equal(seen(&t, OTHER_COUNTY, COVERED_DAY), 0);
    cover(s, 3, OTHER_COUNTY, COVERED_DAY - 9, COVERED_DAY - 5); /* it spoke of others, too */
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY), 0);
    CAST_WRITE(s, rc, sql_coverage_end(s->d->store, 3, 2, &s->e)); /* it never did */
    OK(s, rc);
    assert_int_equal(seen(&t, COUNTY, COVERED_DAY), 1);
    assert_int_equal(seen(&t, INT64_C(999900000000), COVERED_DAY), 1);
}

/* A file of the register: it is shown, and goes its own way. */
static void of_the_register(void **state)
{
    struct tending t = begin(state);
    struct desk_totals totals;
    struct desk_row *rows;

    scene_load(t.s, load_people, false,
               PEOPLE_HEADER "x1,123,somebody,,2018-05-01,,999901001001,,,,\n");
    assert_int_equal(list(&t, (struct desk_filter){0}, &rows), 1);
    assert_int_equal(rows[0].count, 11);
    assert_int_equal(mend(&t, rows[0].id, NULL, NULL, &totals), -ERR_WRONG_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(mended),        EACH(alike),     EACH(retried), EACH(returned),
        EACH(own_sheet),     EACH(set_aside), EACH(records), EACH(of_another_department),
        EACH(another_order), EACH(formula),   EACH(speed),   EACH(of_the_register),
        EACH(counties),      EACH(programs)};

    return cmocka_run_group_tests_name("the quarantine desk", tests, NULL, NULL);
}
