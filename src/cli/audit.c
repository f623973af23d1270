#include "access/audit.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "store/sql_person.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NUMBER_TEXT 24
#define SHOWN 100 /* rows, unless --limit says otherwise */

/* ---- verify ------------------------------------------------------------------------------------------- */

static const char *const faults[] = {
    [FAULT_ALTERED] = "altered", [FAULT_REMOVED] = "removed", [FAULT_INSERTED] = "inserted",
    [FAULT_SWAPPED] = "swapped", [FAULT_TAIL] = "tail",       [FAULT_SEGMENT] = "segment",
    [FAULT_HEADS] = "heads"};

/* One line a fault, of fixed words: "FAULT WRITER DAY SEQ", then what more is known. */
static void tell_finding(void *context, const struct audit_finding *f)
{
    char on[DAY_TEXT];
    const char *text = day_format(f->day, on);

    printf("%s %s %s %lld", faults[f->fault], *f->writer ? f->writer : "-", *text ? text : "-",
           (long long)f->seq);
    if (f->missing)
        printf(" %s %lld", f->fault == FAULT_INSERTED ? "rows" : "missing", (long long)f->missing);
    if (f->other)
        printf(" with %lld", (long long)f->other);
    putchar('\n');
}

static int verify(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct audit_figures figures = {0};
    int rc = invocation_open(in, STORE_READ, &d);

    if (rc == 0)
        rc = audit_verify(d, tell_finding, in, &figures, in->error);
    if (rc < 0 && rc != -ERR_AUDIT_BROKEN)
        return rc;
    fprintf(stderr, say(in, N_("humiao: %llu segments, %llu rows and %llu heads were verified\n")),
            (unsigned long long)figures.segments, (unsigned long long)figures.rows,
            (unsigned long long)figures.heads);
    return rc;
}

/* ---- show --------------------------------------------------------------------------------------------- */

static const char *const row_columns[] = {"id",       "at",        "event",  "account_id",
                                          "child_id", "object_id", "detail", NULL};

static struct slice number_cell(struct arena *arena, int64_t v)
{
    return v ? slice_from(arena_printf(arena, "%lld", (long long)v)) : SLICE_NONE;
}

/* RFC 3339 in UTC, to the millisecond. */
static struct slice time_cell(struct arena *arena, int64_t at)
{
    time_t seconds = (time_t)(at / 1000000);
    char text[32];
    struct tm utc;

    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &utc));
    return slice_from(arena_printf(arena, "%s.%03dZ", text, (int)(at / 1000 % 1000)));
}

static int number_option(struct invocation *in, const char *option, int64_t most, int64_t *ret)
{
    const char *text = invocation_value(in, option);
    char *end = NULL;

    if (!text)
        return 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end || v < 1 || v > most)
        return error_set(in->error, ERR_USAGE, N_("%s takes a number of 1 or more"), option);
    *ret = v;
    return 0;
}

static int print_rows(struct invocation *in, const struct audit_row *rows, size_t count)
{
    struct rows_writer w;
    int rc = rows_begin(&w, in, row_columns);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const struct audit_row *r = &rows[i];
        struct slice cells[] = {number_cell(in->arena, r->id),
                                time_cell(in->arena, r->at),
                                slice_from(audit_event_name(r->event)),
                                number_cell(in->arena, r->account_id),
                                number_cell(in->arena, r->child_id),
                                number_cell(in->arena, r->object_id),
                                r->detail};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

static int show(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    const char *child_ref = invocation_value(in, "--child");
    int64_t account = 0, child = 0, limit = SHOWN;
    struct audit_row *rows = NULL;
    size_t count = 0;
    int rc = number_option(in, "--account", INT64_MAX, &account);

    if (rc == 0)
        rc = number_option(in, "--limit", 1000000, &limit);
    if (rc == 0)
        rc = invocation_open(in, STORE_READ, &d);
    if (rc == 0 && child_ref)
        rc = person_id_of_ref(in, d, child_ref, &child);
    if (rc == 0)
        rc = audit_list(d, 0, account, child, (size_t)limit, in->arena, &rows, &count, in->error);
    return rc < 0 ? rc : print_rows(in, rows, count);
}

/* ---- heads, rotate-key -------------------------------------------------------------------------------- */

static const char *const head_columns[] = {"writer", "day", "rows", "head", NULL};

static int heads(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct audit_head *list = NULL;
    struct rows_writer w;
    size_t count = 0;
    int rc = invocation_open(in, STORE_READ, &d);

    if (rc == 0)
        rc = audit_heads(d, in->arena, &list, &count, in->error);
    if (rc == 0)
        rc = rows_begin(&w, in, head_columns);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        char on[DAY_TEXT], hex[2 * sizeof list->mac + 1];
        for (size_t b = 0; b < sizeof list->mac; b++)
            snprintf(hex + 2 * b, 3, "%02x", list[i].mac[b]);
        struct slice cells[] = {slice_from(list[i].writer), slice_from(day_format(list[i].day, on)),
                                number_cell(in->arena, list[i].rows), slice_from(hex)};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

static int rotate_key(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    int64_t number;
    int rc = invocation_open(in, STORE_WRITE, &d);

    if (rc == 0)
        rc = audit_rotate_key(d, &number, in->error);
    if (rc < 0)
        return rc;
    invocation_publish(in, d);
    printf(say(in, N_("audit key %lld is made; keep a copy of the file of audit keys\n")),
           (long long)number);
    return EXIT_DONE;
}

/* ------------------------------------------------------------------------------------------------------- */

static const struct verb {
    const char *name;
    int (*run)(struct invocation *in);
} verbs[] = {{"verify", verify}, {"show", show}, {"heads", heads}, {"rotate-key", rotate_key}};

static int run(struct invocation *in)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, in->positional[0]) == 0)
            return verbs[i].run(in);
    error_set(in->error, ERR_USAGE, N_("the trail has no %s"), in->positional[0]);
    return error_hint(in->error, N_("See: humiao %s --help"), "audit");
}

static const struct option options[] = {
    OPTION_DB,
    {"--account", "ID", N_("show: rows of this account alone")},
    {"--child", "REF", N_("show: rows about this child alone")},
    {"--limit", "N", N_("show: at most so many rows, the newest; 100 if not given")},
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_audit;
const struct command command_audit = {
    "audit",
    TASK_SET_UP,
    "verify|show|heads|rotate-key --db URL",
    N_("Verify or show the audit trail, print its heads, or begin a new audit key."),
    options,
    1,
    1,
    run};
