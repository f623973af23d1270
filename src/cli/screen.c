#include "cli/command.h"
#include "cli/rows.h"
#include "screening/screen.h"

static const char *const columns[] = {"child_ref", "category", "status", "since", "until", NULL};

static struct slice day_cell(day d, char *buffer)
{
    return d == DAY_FOREVER || d == DAY_BEGINNING ? SLICE_NONE : slice_from(day_format(d, buffer));
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct screen_result result;
    struct rows_writer w;
    struct edition edition;
    day as_of;
    int rc = invocation_day(in, "--as-of", day_today(), &as_of);

    if (rc == 0)
        rc = edition_read(invocation_value(in, "--policy"), in->arena, &edition, in->error);
    if (rc == 0)
        rc = invocation_open(in, STORE_READ, &d);
    if (rc == 0)
        rc = screen_all(d, &edition, as_of, in->arena, &result, in->error);
    if (rc == 0)
        rc = rows_begin(&w, in, columns);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < result.count; i++) {
        const struct screen_row *row = &result.rows[i];
        char since[DAY_TEXT], until[DAY_TEXT];
        struct slice cells[] = {
            row->child_ref, slice_from(policy_category_info(edition.set, row->category)->name),
            row->status == POLICY_TRUE ? SLICE_LITERAL("holds") : SLICE_LITERAL("review"),
            day_cell(row->since, since), day_cell(row->until, until)};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

static const struct option options[] = {OPTION_DB, OPTION_AS_OF, OPTION_POLICY, OPTION_FORMAT,
                                        OPTION_END};

extern const struct command command_screen;
const struct command command_screen = {
    "screen",
    TASK_VERDICTS,
    "--db URL [--as-of DATE] [--policy DIR] [--format csv|json|table]",
    N_("Which child is in which category on a day, since when, until when."),
    options,
    0,
    0,
    run};
