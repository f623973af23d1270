#include "synth/synth.h"

#include "cli/command.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int number_of(const struct invocation *in, const char *option, uint64_t *ret)
{
    const char *text = invocation_value(in, option);
    char *end;

    if (!text)
        return 0;
    errno = 0;
    *ret = strtoull(text, &end, 10);
    if (errno || *end || end == text || text[0] == '-')
        return error_set(in->error, ERR_USAGE, N_("%s is not a whole number"), text);
    return 0;
}

static int rate_of(const struct invocation *in, const char *option, double *ret)
{
    const char *text = invocation_value(in, option);
    char *end;

    if (!text)
        return 0;
    *ret = strtod(text, &end);
    return *end || end == text ? error_set(in->error, ERR_USAGE, N_("%s is not a number"), text)
                               : 0;
}

/* The build leaves the division tree beside the program. */
static const char *beside_program(struct arena *arena, const char *name)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (n <= 0)
        return name;
    path[n] = '\0';
    for (const char *folder = dirname(path);; folder = dirname(path)) {
        const char *file = arena_printf(arena, "%s/%s", folder, name);
        if (access(file, R_OK) == 0 || strcmp(folder, "/") == 0)
            return file;
    }
}

static int run(struct invocation *in)
{
    struct synth_options o = synth_options_default();
    struct synth_totals t;
    int rc;

    o.directory = invocation_value(in, "--out");
    o.divisions = invocation_value(in, "--divisions");
    if (!o.divisions)
        o.divisions = beside_program(in->arena, "divisions.csv");
    if (!o.directory) {
        error_set(in->error, ERR_USAGE, N_("--out says where the files go"));
        return error_hint(in->error, N_("See: humiao %s --help"), "synth");
    }
    o.deliveries = invocation_value(in, "--deliveries") != NULL;
    if (invocation_value(in, "--county"))
        o.county = invocation_value(in, "--county");
    if ((rc = number_of(in, "--children", &o.children)) < 0 ||
        (rc = number_of(in, "--seed", &o.seed)) < 0 ||
        (rc = rate_of(in, "--records-per-child", &o.records_per_child)) < 0 ||
        (rc = rate_of(in, "--misfortune", &o.misfortune)) < 0 ||
        (rc = invocation_day(in, "--as-of", o.as_of, &o.as_of)) < 0 ||
        (rc = synth_write(&o, &t, in->error)) < 0)
        return rc;
    printf("children %llu\npeople %llu\nrelations %llu\nrecords %llu\nholds %llu\nreview %llu\n",
           (unsigned long long)t.children, (unsigned long long)t.people,
           (unsigned long long)t.relations, (unsigned long long)t.records,
           (unsigned long long)t.holds, (unsigned long long)t.review);
    return EXIT_DONE;
}

static const struct option options[] = {
    {"--children", "N", N_("how many children")},
    {"--seed", "S", N_("the same seed gives the same district, byte for byte")},
    {"--out", "DIR", N_("where the files go")},
    {"--divisions", "FILE",
     N_("divisions.csv of the county down to its villages; the one the build made if not given")},
    {"--county", "CODE", N_("the county's 12-digit code; Yiwu if not given")},
    {"--as-of", "DATE", N_("the day of the ground truth")},
    {"--records-per-child", "X", N_("how many department records")},
    {"--deliveries", NULL,
     N_("also the departments' own lists, for the mappings, and what taking them in must come to")},
    {"--misfortune", "X", N_("how many times as often as the documented rates")},
    OPTION_END};

extern const struct command command_synth;
const struct command command_synth = {"synth",
                                      TASK_SET_UP,
                                      "--children N --seed S --out DIR [--divisions FILE]",
                                      N_("Make a synthetic district, with its ground truth."),
                                      options,
                                      0,
                                      0,
                                      run};
