/* The tables that care goes by: what is built in, and what is said of one that cannot be read. */
#include "care/tables.h"

#include "care/visit.h"
#include "table_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct folder {
    struct arena arena;
    char path[64];
    struct error e;
};

static void write_file(struct folder *f, const char *name, const char *text)
{
    FILE *file = fopen(arena_printf(&f->arena, "%s/%s", f->path, name), "wbe");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static char *table(struct folder *f, const char *name)
{
    const char *directory = strcmp(name, "alerts.table") == 0 ? POLICY_DIRECTORY
                                                              : WORKFLOW_DIRECTORY;

    return table_file_read(&f->arena, arena_printf(&f->arena, "%s/%s", directory, name));
}

static const char *const names[] = {"alert.workflow", "visit.workflow", "levels.table",
                                    "alerts.table"};

static int set_up(void **state)
{
    struct folder *f = calloc(1, sizeof *f);

    f->e.language = LANGUAGE_EN;
    snprintf(f->path, sizeof f->path, "/tmp/humiao-tables-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    for (int i = 0; i < 4; i++)
        write_file(f, names[i], table(f, names[i]));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct folder *f = *state;

    for (int i = 0; i < 4; i++)
        unlink(arena_printf(&f->arena, "%s/%s", f->path, names[i]));
    rmdir(f->path);
    arena_end(&f->arena);
    free(f);
    return 0;
}

static void built_in(void **state)
{
    struct folder *f = *state;
    const struct care_tables *t, *same;
    size_t count;

    assert_int_equal(care_tables_load(NULL, &f->arena, &t, &f->e), 0);
    assert_non_null(care_workflow(t, "alert"));
    assert_null(care_workflow(t, "no_such"));
    assert_int_equal(care_level(t, LEVEL_EXTREME)->escort, ESCORT_PAIR);
    assert_int_equal(care_level(t, LEVEL_MEDIUM)->escort, ESCORT_ALONE);
    assert_int_equal(care_level(t, LEVEL_HIGH)->repeat_days, 14);
    assert_int_equal(care_level(t, LEVEL_LOW)->routine_per_alert, 2);
    assert_true(care_level(t, LEVEL_LOW)->check_in_minutes > 0);
    assert_null(care_level(t, LEVEL_NONE));
    assert_null(care_level(t, LEVEL_COUNT));
    assert_int_equal(care_alert_rule(t, "orphan")->level, LEVEL_HIGH);
    assert_int_equal(care_alert_rule(t, "orphan")->need_count, 3);
    assert_string_equal(care_alert_rule(t, "orphan")->needs[2], "company");
    assert_null(care_alert_rule(t, "no_such"));
    care_alert_rules(t, &count);
    assert_true(count >= 8);
    assert_int_equal(care_edition(t, "alert").n, 16);
    assert_int_equal(care_edition(t, "no_such").n, 0);
    /* The same texts in a folder are the same edition; another word is another. */
    assert_int_equal(care_tables_load(f->path, &f->arena, &same, &f->e), 0);
    assert_true(slice_equal(care_tables_edition(t), care_tables_edition(same)));
    char *text = table(f, "alerts.table");
    memcpy(strstr(strstr(text, "\norphan "), "high"), "low ", 4);
    write_file(f, "alerts.table", text);
    assert_int_equal(care_tables_load(f->path, &f->arena, &same, &f->e), 0);
    assert_int_equal(care_alert_rule(same, "orphan")->level, LEVEL_LOW);
    assert_false(slice_equal(care_tables_edition(t), care_tables_edition(same)));
    assert_true(slice_equal(care_edition(t, "alert"), care_edition(same, "alert")));
}

/* A table with one line more, or another line, and what is said of it. */
static const struct {
    const char *file, *line, *detail, *hint;
} faults[] = {
    {"alerts.table", "orphan high guardianship", ": “orphan” stands in this table already",
     "Leave"},
    {"alerts.table", "new hihg livelihood", ":5: there is no level “hihg”", "high"},
    {"alerts.table", "new high livelihod", ":10: there is no need “livelihod”", "livelihood"},
    {"alerts.table", "new high", ": something is missing here", "A line of this table"},
    {"alerts.table", "new high goods goods", ":16: “goods” does not belong here", "A line"},
    {"alerts.table", "new high goods, goods", ":17: “goods” stands in this table already", "Leave"},
    {"alerts.table", "high 3 goods", ":6: “3” does not belong here", "A line"},
    {"alerts.table", "New high goods", ":1: “N” is no sign of this language", "small letters"},
    {"levels.table", "low 15 days 3 months alone 240 minutes 2",
     "“low” stands in this table already", "Leave"},
    {"levels.table", "minor 15 days 3 months alone 240 minutes 2", "there is no level “minor”",
     "Levels are"},
    {"levels.table", "15 days", ":1: “15” does not belong here", "A line"},
};

static void what_is_said(void **state)
{
    struct folder *f = *state;
    const struct care_tables *t;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *name = faults[i].file;
        char *text = table(f, name);
        write_file(f, name, arena_printf(&f->arena, "%s%s\n", text, faults[i].line));
        assert_int_equal(care_tables_load(f->path, &f->arena, &t, &f->e), -ERR_WORKFLOW);
        if (!strstr(f->e.detail, faults[i].detail) || !strstr(f->e.detail, faults[i].line) ||
            !strstr(f->e.detail, arena_printf(&f->arena, "%s:", name)) ||
            !strstr(f->e.hint, faults[i].hint))
            fail_msg("%s\n%s\nexpected %s, %s", f->e.detail, f->e.hint, faults[i].detail,
                     faults[i].hint);
        write_file(f, name, text);
    }
}

static void refuse(struct folder *f, const char *name, const char *old, const char *fresh,
                   const char *detail)
{
    const struct care_tables *t;
    char *text = table(f, name), *at = strstr(text, old);

    assert_non_null(at);
    write_file(
        f, name,
        arena_printf(&f->arena, "%.*s%s%s", (int)(at - text), text, fresh, at + strlen(old)));
    assert_int_equal(care_tables_load(f->path, &f->arena, &t, &f->e), -ERR_WORKFLOW);
    if (!strstr(f->e.detail, detail))
        fail_msg("%s\nexpected %s", f->e.detail, detail);
    write_file(f, name, text);
}

static void whole_tables(void **state)
{
    struct folder *f = *state;
    const struct care_tables *t;

    refuse(f, "levels.table", "\nmedium ", "\n# ", "the level medium is missing");
    refuse(f, "levels.table", "3 days     14 days", "4 days     14 days",
           "the state accepted of alert.workflow has another length");
    refuse(f, "levels.table", "3 days     14 days", "3 days     15 days",
           "the state watch of alert.workflow has another length");
    refuse(f, "levels.table", "pair    120", "three   120", "there is no way “three” to go");
    refuse(f, "levels.table", "24 hours", "24 ours", "“ours” does not belong here");
    refuse(f, "visit.workflow", "event call_off", "event call_of", "has no event call_off");
    assert_int_equal(unlink(arena_printf(&f->arena, "%s/levels.table", f->path)), 0);
    assert_int_equal(care_tables_load(f->path, &f->arena, &t, &f->e), -ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(built_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whole_tables, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("tables of care", tests, NULL, NULL);
}
