/* The audit trail: rows, heads, keys; and what verifying says of tampering that heads alone can tell. The
 * tampering that the chain tells is in audit_property_test.c. */
#include "audit_trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct audit_entry read_row = {
    .event = AUDIT_CHILD_READ, .account_id = 7, .child_id = 9, .detail = "routine"};

static const char *in_directory(struct place *p, const char *name)
{
    return arena_printf(&p->arena, "%s/%s", p->database.dir, name);
}

static void append_times(struct place *p, const char *writer, int n)
{
    while (n-- > 0)
        trail_append(p, writer, &read_row);
}

static void only(const struct trail_found *found, enum audit_fault fault, const char *writer,
                 int64_t seq, int64_t missing)
{
    if (found->count != 1 || found->list[0].fault != fault || found->list[0].seq != seq ||
        found->list[0].missing != missing || strcmp(found->list[0].writer, writer) != 0) {
        trail_print(found);
        fail_msg("expected fault %d at %s %lld", (int)fault, writer, (long long)seq);
    }
}

static void test_access_audit__names(void **state)
{
    (void)state;
    assert_string_equal(audit_event_name(AUDIT_GLASS_BROKEN), "glass.broken");
    assert_int_equal(audit_event_parse(SLICE_LITERAL("glass.broken")), AUDIT_GLASS_BROKEN);
    assert_int_equal(audit_event_parse(SLICE_LITERAL("glass")), AUDIT_NONE);
    assert_string_equal(audit_event_name((enum audit_event)9999), "unknown");
}

static void test_access_audit__a_new_database_tells_that_it_was_made(void **state)
{
    struct place *p = place_of(state);
    struct audit_row *rows;
    struct stat st;
    size_t count;

    GOOD(p, audit_list(p->d, 0, 0, 0, 10, &p->arena, &rows, &count, &p->e));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].event, AUDIT_DATABASE_CREATED);
    assert_int_equal(rows[1].event, AUDIT_HEADS_LINKED);
    assert_true(rows[0].id > rows[1].id);
    assert_int_equal(stat(in_directory(p, "audit.key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    trail_whole(p);
}

static void test_access_audit__rows_are_listed(void **state)
{
    struct place *p = place_of(state);
    struct audit_row *rows;
    size_t count;

    append_times(p, "cli", 3);
    trail_append(p, "cli",
                 &(struct audit_entry){
                     .event = AUDIT_OPENING_ASKED, .account_id = 8, .child_id = 9, .object_id = 5});
    GOOD(p, audit_list(p->d, 0, 0, 9, 10, &p->arena, &rows, &count, &p->e));
    assert_int_equal(count, 4);
    assert_int_equal(rows[0].event, AUDIT_OPENING_ASKED);
    assert_int_equal(rows[0].object_id, 5);
    assert_true(slice_is(rows[1].detail, "routine"));
    GOOD(p, audit_list(p->d, rows[1].id, 0, 9, 10, &p->arena, &rows, &count, &p->e));
    assert_int_equal(count, 2);
    GOOD(p, audit_list(p->d, 0, 7, 0, 2, &p->arena, &rows, &count, &p->e));
    assert_int_equal(count, 2);
    GOOD(p, audit_list(p->d, 0, 8, 9, 10, &p->arena, &rows, &count, &p->e));
    assert_int_equal(count, 1);
    GOOD(p, audit_list(p->d, 0, 8, 10, 10, &p->arena, &rows, &count, &p->e));
    assert_int_equal(count, 0);
}

static void test_access_audit__a_row_goes_with_its_change(void **state)
{
    struct place *p = place_of(state);
    int64_t before = place_count(p, "SELECT count(*) FROM audit");

    GOOD(p, store_begin(p->d->store, &p->e));
    GOOD(p, audit_append(p->d, &read_row, &p->e));
    store_rollback(p->d->store);
    assert_int_equal(place_count(p, "SELECT count(*) FROM audit"), before);
    assert_int_equal(audit_append(p->d, &read_row, &p->e), -ERR_INTERNAL); /* no transaction */
    append_times(p, "cli", 2);
    trail_whole(p);
}

/* Two handles write to one segment, a third to its own. */
static void test_access_audit__forks_share_a_segment(void **state)
{
    struct place *p = place_of(state);
    struct deployment *fork = NULL;

    GOOD(p, deployment_fork(p->d, STORE_WRITE, &fork, &p->e));
    for (int i = 0; i < 6; i++) {
        fork->audit_writer = i % 3 ? NULL : "server-1";
        GOOD(p, store_begin(fork->store, &p->e));
        GOOD(p, audit_append(fork, &read_row, &p->e));
        GOOD(p, store_commit(fork->store, &p->e));
        append_times(p, "cli", 1);
    }
    deployment_close(fork);
    trail_whole(p);
    assert_int_equal(place_count(p, "SELECT count(*) FROM audit_segment"), 2);
}

/* ---- what heads tell ------------------------------------------------------------------------------------ */

static void cut_back(struct place *p, const char *writer, int rows)
{
    trail_sql(p,
              "DELETE FROM audit WHERE seq > %d AND segment_id = (SELECT id FROM audit_segment "
              "WHERE writer = '%s')",
              rows, writer);
    trail_sql(
        p,
        "UPDATE audit_segment SET rows = %d, head = (SELECT mac FROM audit WHERE segment_id = "
        "audit_segment.id AND seq = %d) WHERE writer = '%s'",
        rows, rows, writer);
}

static void test_access_audit__a_tail_is_missed_by_a_link(void **state)
{
    struct place *p = place_of(state);
    struct trail_found found;

    append_times(p, "server-1", 5);
    trail_link(p, "server-2");
    cut_back(p, "server-1", 4);
    trail_verify(p, &found);
    only(&found, FAULT_TAIL, "server-1", 5, 2);
}

static void test_access_audit__a_tail_is_missed_by_the_file(void **state)
{
    struct place *p = place_of(state);
    struct trail_found found;

    append_times(p, "server-1", 5);
    trail_publish(p, "server-1");
    trail_whole(p);
    cut_back(p, "server-1", 3);
    trail_verify(p, &found);
    only(&found, FAULT_TAIL, "server-1", 4, 3);
}

static void test_access_audit__cut_back_and_continued(void **state)
{
    struct place *p = place_of(state);
    struct trail_found found;

    append_times(p, "server-1", 5);
    trail_publish(p, "server-1");
    cut_back(p, "server-1", 3);
    append_times(p, "server-1", 9);
    trail_verify(p, &found);
    only(&found, FAULT_HEADS, "server-1", 6, 0);
}

/* Whoever takes away all that is in the database of a segment leaves the file. */
static void test_access_audit__a_segment_is_missed_by_the_file(void **state)
{
    struct place *p = place_of(state);
    struct trail_found found;

    append_times(p, "server-1", 5);
    trail_publish(p, "server-1");
    trail_sql(p,
              "DELETE FROM audit WHERE segment_id = (SELECT id FROM audit_segment WHERE writer = "
              "'server-1')");
    trail_sql(p, "DELETE FROM audit_segment WHERE writer = 'server-1'");
    trail_verify(p, &found);
    only(&found, FAULT_SEGMENT, "server-1", 1, 6);
}

static void test_access_audit__the_line_of_a_segment(void **state)
{
    struct place *p = place_of(state);
    struct trail_found found;

    append_times(p, "cli", 3);
    trail_sql(p, "UPDATE audit_segment SET rows = 2");
    trail_verify(p, &found);
    assert_true(found.count >= 1);
    trail_sql(p, "UPDATE audit_segment SET rows = 5, head = (SELECT mac FROM audit WHERE seq = 4)");
    trail_verify(p, &found);
    only(&found, FAULT_HEADS, "cli", 5, 0);
    trail_sql(p, "UPDATE audit_segment SET rows = 5, head = (SELECT mac FROM audit WHERE seq = 5)");
    trail_whole(p);
    trail_sql(p, "UPDATE audit_segment SET key_id = 77");
    trail_verify(p, &found);
    only(&found, FAULT_SEGMENT, "cli", 0, 0);
    trail_sql(p, "UPDATE audit_segment SET key_id = 1, writer = 'another'");
    trail_verify(p, &found);
    only(&found, FAULT_ALTERED, "another", 1, 0);
}

static void test_access_audit__the_file_of_heads(void **state)
{
    struct place *p = place_of(state);
    const char *path = in_directory(p, "heads"), *aside = in_directory(p, "aside");
    struct trail_found found;

    trail_publish(p, "cli");
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    fseek(f, 3, SEEK_SET); /* in the year */
    fputc('9', f);
    fclose(f);
    trail_verify(p, &found);
    only(&found, FAULT_HEADS, "cli", 2, 0);

    f = fopen(path, "w");
    fputs("2024-01-01T00:00:00Z 0123 cli 2024-", f); /* a line that was cut short */
    fclose(f);
    trail_publish(p, "cli");
    trail_whole(p);

    assert_int_equal(rename(path, aside), 0);
    trail_verify(p, &found);
    only(&found, FAULT_HEADS, "", 0, 0);
    assert_int_equal(audit_publish_heads(p->d, &p->e), -ERR_IO);
    assert_int_equal(audit_ready(p->d, &p->e), -ERR_IO);
    assert_int_equal(rename(aside, path), 0);
    GOOD(p, audit_ready(p->d, &p->e));
}

/* ---- keys ------------------------------------------------------------------------------------------------ */

static void test_access_audit__a_key_follows_another(void **state)
{
    struct place *p = place_of(state);
    struct deployment *fork = NULL;
    int64_t number = 0;

    trail_today("2024-06-30");
    append_times(p, "cli", 2);
    GOOD(p, deployment_fork(p->d, STORE_WRITE, &fork, &p->e));
    GOOD(p, audit_rotate_key(p->d, &number, &p->e));
    assert_int_equal(number, 2);
    trail_today("2024-07-01");
    append_times(p, "cli", 2);
    assert_int_equal(place_count(p, "SELECT key_id FROM audit_segment ORDER BY day LIMIT 1"), 1);
    assert_int_equal(place_count(p, "SELECT key_id FROM audit_segment WHERE day = 19905"), 2);
    /* A handle of before the rotation goes on in the segment of the new key. */
    GOOD(p, store_begin(fork->store, &p->e));
    GOOD(p, audit_append(fork, &read_row, &p->e));
    GOOD(p, store_commit(fork->store, &p->e));
    deployment_close(fork);
    trail_publish(p, "cli");
    trail_whole(p);
    trail_today("2024-06-30");
}

static void test_access_audit__without_its_key_nothing_is_written(void **state)
{
    struct place *p = place_of(state);
    const char *path = in_directory(p, "audit.key"), *aside = in_directory(p, "aside");
    bool created;

    deployment_close(p->d);
    p->d = NULL;
    assert_int_equal(rename(path, aside), 0);
    GOOD(p, deployment_open(p->database.url, STORE_WRITE, &p->d, &p->e));
    assert_int_equal(audit_ready(p->d, &p->e), -ERR_KEY_MISSING);
    GOOD(p, store_begin(p->d->store, &p->e));
    assert_int_equal(audit_append(p->d, &read_row, &p->e), -ERR_KEY_MISSING);
    assert_true(strlen(p->e.hint) > 0);
    store_rollback(p->d->store);
    /* A new key would not verify what is there. */
    assert_int_equal(
        deployment_create(p->database.url, SUITE_INTERNATIONAL, &p->arena, &created, NULL, &p->e),
        -ERR_KEY_MISSING);
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(audit_ready(p->d, &p->e), -ERR_KEY_EXPOSED);
    assert_int_equal(chmod(path, 0600), 0);
    append_times(p, "cli", 1);
    trail_whole(p);
}

/* A database of before the trail: `init` makes what it lacks. */
static void test_access_audit__an_old_database_gets_its_key(void **state)
{
    struct place *p = place_of(state);
    bool created;

    deployment_close(p->d);
    p->d = NULL;
    trail_sql(p, "DELETE FROM audit");
    trail_sql(p, "DELETE FROM audit_segment");
    assert_int_equal(remove(in_directory(p, "audit.key")), 0);
    assert_int_equal(remove(in_directory(p, "heads")), 0);
    GOOD(p,
         deployment_create(p->database.url, SUITE_INTERNATIONAL, &p->arena, &created, NULL, &p->e));
    assert_false(created);
    GOOD(p, deployment_open(p->database.url, STORE_WRITE, &p->d, &p->e));
    GOOD(p, audit_ready(p->d, &p->e));
    append_times(p, "cli", 1);
    trail_whole(p);
}

static void test_access_audit__the_national_suite(void **state)
{
    struct place *p = place_of(state);
    struct trail_found found;
    bool created;

    deployment_close(p->d);
    p->d = NULL;
    test_database_remove(&p->database);
    assert_true(test_database_make(&p->database, p->database.engine));
    setenv("HUMIAO_KEY_FILE", in_directory(p, "master.key"), 1);
    setenv("HUMIAO_AUDIT_KEY_FILE", in_directory(p, "audit.key"), 1);
    setenv("HUMIAO_AUDIT_HEADS", in_directory(p, "heads"), 1);
    GOOD(p, deployment_create(p->database.url, SUITE_NATIONAL, &p->arena, &created, NULL, &p->e));
    GOOD(p, deployment_open(p->database.url, STORE_WRITE, &p->d, &p->e));
    append_times(p, "cli", 3);
    trail_publish(p, "cli");
    trail_whole(p);
    trail_sql(p, "UPDATE audit SET child_id = 10 WHERE seq = 4");
    trail_verify(p, &found);
    only(&found, FAULT_ALTERED, "cli", 4, 0);
}

static int setup_today(void **state)
{
    (void)state;
    trail_today("2024-06-30");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_access_audit__names),
        EACH_ENGINE(test_access_audit__a_new_database_tells_that_it_was_made),
        EACH_ENGINE(test_access_audit__rows_are_listed),
        EACH_ENGINE(test_access_audit__a_row_goes_with_its_change),
        EACH_ENGINE(test_access_audit__forks_share_a_segment),
        EACH_ENGINE(test_access_audit__a_tail_is_missed_by_a_link),
        EACH_ENGINE(test_access_audit__a_tail_is_missed_by_the_file),
        EACH_ENGINE(test_access_audit__cut_back_and_continued),
        EACH_ENGINE(test_access_audit__a_segment_is_missed_by_the_file),
        EACH_ENGINE(test_access_audit__the_line_of_a_segment),
        EACH_ENGINE(test_access_audit__the_file_of_heads),
        EACH_ENGINE(test_access_audit__a_key_follows_another),
        EACH_ENGINE(test_access_audit__without_its_key_nothing_is_written),
        EACH_ENGINE(test_access_audit__an_old_database_gets_its_key),
        EACH_ENGINE(test_access_audit__the_national_suite)};

    return cmocka_run_group_tests(tests, setup_today, NULL);
}
