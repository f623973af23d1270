#include "access/opening.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "intake/coverage.h"
#include "people/person.h"
#include "screening/daily.h"
#include "store/sql_person.h"

#include <stdio.h>

static const char *const columns[] = {"child_ref", "category", "before", "after", "on", NULL};

struct told {
    struct verdict_change *changes;
    size_t count, capacity;
    struct arena *arena;
};

static void remember(void *context, const struct verdict_change *change)
{
    struct told *t = context;

    t->changes = arena_grow(t->arena, t->changes, &t->capacity, t->count + 1, sizeof(*t->changes));
    t->changes[t->count++] = *change;
}

static struct slice status_word(enum policy_truth truth)
{
    return truth == POLICY_TRUE      ? SLICE_LITERAL("holds")
           : truth == POLICY_UNKNOWN ? SLICE_LITERAL("review")
                                     : SLICE_LITERAL("none");
}

static int print_changes(struct invocation *in, struct deployment *d, const struct edition *edition,
                         const struct told *told)
{
    struct rows_writer w;
    int rc = rows_begin(&w, in, columns);

    for (size_t i = 0; i < told->count && rc == 0; i++) {
        const struct verdict_change *c = &told->changes[i];
        struct sql_person_sealed_of row;
        struct person person;
        char on[DAY_TEXT];
        bool found;
        rc = sql_person_sealed_of(d->store, c->child_id, &found, &row, in->error);
        if (rc == 0 && found)
            rc = person_open(d->sealer, (const uint8_t *)row.salt.p, c->child_id, row.sealed,
                             in->arena, &person, in->error);
        if (rc < 0 || !found)
            continue;
        struct slice cells[] = {
            person.ref, slice_from(policy_category_info(edition->set, c->category)->name),
            status_word(c->before), status_word(c->after), slice_from(day_format(c->on_day, on))};
        rows_add(&w, cells);
    }
    if (rc == 0)
        rows_end(&w);
    return rc;
}

/* Requests to open that nobody answered, reviews that are late, feeds that are silent: as of the present hour on
 * that day. */
static int sweep(struct invocation *in, struct deployment *d, day date)
{
    int64_t now = instant_now();
    struct feed_library feeds;
    size_t silent;
    int rc = feed_library_read(d, in->arena, &feeds, in->error);

    now += ((int64_t)date - day_of_instant(now)) * INT64_C(86400000000);
    if (rc == 0)
        rc = store_begin(d->store, in->error);
    if (rc == 0)
        rc = opening_sweep(d, now, in->error);
    if (rc == 0)
        rc = feed_silence(d, &feeds, now, &silent, in->error);
    if (rc == 0)
        rc = store_commit(d->store, in->error);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}

static int alerts_of(struct invocation *in, enum tick_alerts *ret)
{
    bool held = invocation_value(in, "--baseline"), raised = invocation_value(in, "--alerts");

    if (held && raised)
        return error_set(in->error, ERR_USAGE,
                         N_("--baseline holds alerts back, and --alerts does not: give one"));
    *ret = held ? TICK_ALERTS_HELD : raised ? TICK_ALERTS_RAISED : TICK_ALERTS_BY_RULE;
    return 0;
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct told told = {.arena = in->arena};
    struct daily_totals totals = {0};
    const struct care_tables *tables;
    enum tick_alerts alerts = TICK_ALERTS_BY_RULE;
    struct progress progress;
    struct edition edition;
    day date;
    int rc = invocation_day(in, "--date", day_today(), &date);

    if (rc == 0)
        rc = alerts_of(in, &alerts);
    if (rc == 0)
        rc = edition_read(invocation_value(in, "--policy"), in->arena, &edition, in->error);
    if (rc == 0)
        rc = care_tables_load(NULL, in->arena, &tables, in->error);
    if (rc == 0)
        rc = invocation_open(in, STORE_WRITE, &d);
    if (rc < 0)
        return rc;
    progress_begin(&progress, "tick");
    rc = daily_run(&(struct daily_work){.d = d,
                                        .edition = &edition,
                                        .tables = tables,
                                        .alerts = alerts,
                                        .date = date,
                                        .now = tick_instant(date),
                                        .progress = &progress,
                                        .tell = remember,
                                        .context = &told},
                   &totals, in->error);
    progress_end(&progress);
    if (rc == 0)
        rc = sweep(in, d, date);
    invocation_publish(in, d);
    if (rc < 0) {
        fprintf(
            stderr,
            say(in, N_("humiao: %llu changes are safe; run the same command again to carry on\n")),
            (unsigned long long)totals.tick.changes);
        return rc;
    }
    if ((rc = print_changes(in, d, &edition, &told)) < 0)
        return rc;
    fprintf(stderr, say(in, N_("humiao: %llu children looked at, %llu changes told\n")),
            (unsigned long long)totals.tick.children, (unsigned long long)totals.tick.changes);
    return EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    {"--date", "DATE", N_("the day to catch up to; today if not given")},
    {"--baseline", NULL, N_("hold back every alert that arises, until a supervisor releases it")},
    {"--alerts", NULL,
     N_("hold back none; without either, those of the first tick and of other policies are")},
    OPTION_POLICY,
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_tick;
const struct command command_tick = {"tick",
                                     TASK_VERDICTS,
                                     "--db URL [--date DATE] [--baseline]",
                                     N_("What falls due by a day, caught up, each once."),
                                     options,
                                     0,
                                     0,
                                     run};
