#include "access/account.h"
#include "care/alert.h"
#include "care/level.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "people/person.h"
#include "store/sql_person.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const columns[] = {"alert_id", "child_ref", "level", "state",
                                      "owner",    "due",       NULL};

#define PAGE 1000

struct listed {
    struct alert *alerts;
    size_t count, capacity;
};

static int read_view(struct invocation *in, struct deployment *d, enum alert_view view,
                     struct listed *l)
{
    const struct alert_filter filter = {.view = view, .now = instant_now()};
    struct alert *page;
    size_t count = PAGE;
    struct alert_place after = {0};
    int rc = 0;

    while (rc == 0 && count == PAGE) {
        rc = alert_list(d, &filter, after, PAGE, in->arena, &page, &count, in->error);
        for (size_t i = 0; rc == 0 && i < count; i++) {
            l->alerts = arena_grow(in->arena, l->alerts, &l->capacity, l->count + 1,
                                   sizeof(*l->alerts));
            l->alerts[l->count++] = page[i];
            after = alert_place_of(&page[i]);
        }
    }
    return rc;
}

static int64_t due_of(const struct alert *a) { return a->due_at ? a->due_at : INT64_MAX; }

static int compare(const void *a, const void *b)
{
    const struct alert *x = a, *y = b;

    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    if (due_of(x) != due_of(y))
        return due_of(x) < due_of(y) ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static int ref_of(struct invocation *in, struct deployment *d, int64_t child, struct slice *ret)
{
    struct sql_person_sealed_of row;
    struct person person;
    bool found;
    int rc = sql_person_sealed_of(d->store, child, &found, &row, in->error);

    *ret = SLICE_LITERAL("");
    if (rc < 0 || !found) /* erased: nothing is left that names the child */
        return rc;
    rc = person_open(d->sealer, (const uint8_t *)row.salt.p, child, row.sealed, in->arena, &person,
                     in->error);
    if (rc == 0)
        *ret = person.ref;
    return rc;
}

/* Owners come again and again: the last one is remembered. */
struct owner {
    int64_t id;
    struct slice name;
};

static int owner_of(struct invocation *in, struct deployment *d, int64_t id, struct owner *last,
                    struct slice *ret)
{
    struct account account;
    int rc = 0;

    if (id != 0 && id != last->id) {
        rc = account_get(d, id, in->arena, &account, in->error);
        if (rc == 0)
            *last = (struct owner){id, account.name};
    }
    *ret = id ? last->name : SLICE_LITERAL("");
    return rc;
}

/* RFC 3339 in Asia/Shanghai with offset, to the second. */
#define INSTANT_TEXT 40
static void instant_format(int64_t instant, char ret[INSTANT_TEXT])
{
    time_t there = (time_t)(instant / 1000000 + 8 * 3600);
    struct tm tm;

    gmtime_r(&there, &tm);
    strftime(ret, INSTANT_TEXT, "%Y-%m-%dT%H:%M:%S+08:00", &tm);
}

static int print_alerts(struct invocation *in, struct deployment *d, const struct listed *l)
{
    struct rows_writer w;
    struct owner last = {0, SLICE_NONE};
    int rc = rows_begin(&w, in, columns);

    for (size_t i = 0; i < l->count && rc == 0; i++) {
        const struct alert *a = &l->alerts[i];
        char due[INSTANT_TEXT] = "";
        struct slice ref, owner;
        if ((rc = ref_of(in, d, a->child_id, &ref)) < 0 ||
            (rc = owner_of(in, d, a->owner_id, &last, &owner)) < 0)
            break;
        if (a->due_at)
            instant_format(a->due_at, due);
        struct slice cells[] = {slice_from(arena_printf(in->arena, "%lld", (long long)a->id)),
                                ref,
                                slice_from(level_name((enum level)a->level)),
                                a->state,
                                owner,
                                slice_from(due)};
        rows_add(&w, cells);
    }
    if (rc == 0)
        rows_end(&w);
    return rc;
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct listed l = {.count = 0};
    int rc = invocation_open(in, STORE_READ, &d);

    if (rc == 0)
        rc = read_view(in, d, ALERTS_OPEN, &l);
    if (rc == 0)
        rc = read_view(in, d, ALERTS_HELD, &l);
    if (rc == 0 && invocation_value(in, "--all"))
        rc = read_view(in, d, ALERTS_CLOSED, &l);
    if (rc < 0)
        return rc;
    if (l.count > 0)
        qsort(l.alerts, l.count, sizeof(*l.alerts), compare);
    rc = print_alerts(in, d, &l);
    return rc < 0 ? rc : EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    {"--all", NULL, N_("those that are closed or recalled too")},
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_alerts;
const struct command command_alerts = {
    "alerts",
    TASK_VERDICTS,
    "--db URL [--all]",
    N_("Alerts that are open: which child, how urgent, whose, by when."),
    options,
    0,
    0,
    run};
