#include "cli/command.h"
#include "cli/rows.h"
#include "screening/screen.h"

static const char *const columns[] = {"child_ref", "category", "change", "since", "until", NULL};

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct screen_result before, after;
    struct edition from, to;
    struct simulate_row *rows;
    struct rows_writer w;
    const char *directory = invocation_value(in, "--policy");
    size_t count;
    day as_of;
    int rc = invocation_day(in, "--as-of", day_today(), &as_of);

    if (rc == 0 && !directory) {
        error_set(in->error, ERR_USAGE, N_("--policy names the policies to try"));
        rc = error_hint(in->error, N_("See: humiao %s --help"), "simulate");
    }
    if (rc == 0)
        rc = edition_read(directory, in->arena, &to, in->error);
    if (rc == 0)
        rc = edition_read(invocation_value(in, "--against"), in->arena, &from, in->error);
    if (rc == 0)
        rc = invocation_open(in, STORE_READ, &d);
    if (rc == 0)
        rc = screen_all(d, &from, as_of, in->arena, &before, in->error);
    if (rc == 0)
        rc = screen_all(d, &to, as_of, in->arena, &after, in->error);
    if (rc == 0)
        rc = screen_compare(&from, &before, &to, &after, in->arena, &rows, &count);
    if (rc == 0)
        rc = rows_begin(&w, in, columns);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        char since[DAY_TEXT], until[DAY_TEXT];
        struct slice cells[] = {rows[i].child_ref, slice_from(rows[i].category),
                                rows[i].gains ? SLICE_LITERAL("gains") : SLICE_LITERAL("loses"),
                                slice_from(day_format(rows[i].since, since)),
                                slice_from(day_format(rows[i].until, until))};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    {"--policy", "DIR", N_("the policies to try")},
    {"--against", "DIR", N_("the policies to compare with; those built in if not given")},
    OPTION_AS_OF,
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_simulate;
const struct command command_simulate = {
    "simulate",
    TASK_POLICIES,
    "--db URL --policy DIR_B [--against DIR_A] [--as-of DATE]",
    N_("Who would gain and who would lose a category under other policies."),
    options,
    0,
    0,
    run};
