#include "cli/command.h"
#include "intake/ingest.h"

#include <stdio.h>

static void tell_totals(void *context, const struct ingest_totals *t)
{
    struct invocation *in = context;

    if (t->resumed)
        fprintf(stderr, "%s\n", say(in, N_("humiao: carried on where an earlier run had stopped")));
    printf("accepted %llu\nduplicate %llu\nquarantined %llu\nunlinked %llu\n",
           (unsigned long long)t->accepted, (unsigned long long)t->duplicate,
           (unsigned long long)t->quarantined, (unsigned long long)t->unlinked);
    fflush(stdout);
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct ingest_options o = {.path = in->positional[0],
                               .encoding = invocation_value(in, "--encoding"),
                               .progress = "ingest",
                               .baseline = invocation_value(in, "--baseline"),
                               .refusals = {tell_refusal, in},
                               .warn = tell_warning,
                               .tell = tell_totals};
    struct ingest_totals t = {0};
    struct edition edition;
    int rc = edition_read(NULL, in->arena, &edition, in->error);

    if (rc == 0)
        rc = care_tables_load(NULL, in->arena, &o.tables, in->error);
    if (rc == 0)
        rc = invocation_open(in, STORE_WRITE, &d);
    if (rc == 0)
        rc = ingest_file(d, &edition, &o, &t, in->error);
    if (d)
        invocation_publish(in, d);
    if (rc < 0) {
        unsigned long long done = t.accepted + t.duplicate + t.quarantined + t.unlinked;
        if (done > 0)
            fprintf(
                stderr,
                say(in, N_("humiao: %llu rows are safe; run the same command again to carry on\n")),
                done);
        return rc;
    }
    return t.quarantined ? EXIT_ROWS_REFUSED : EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    OPTION_ENCODING,
    {"--baseline", NULL, N_("hold back every alert that arises, until a supervisor releases it")},
    OPTION_END};

extern const struct command command_ingest;
const struct command command_ingest = {"ingest",
                                       TASK_RECORDS,
                                       "FILE --db URL [--baseline]",
                                       N_("Take in department records (records.csv)."),
                                       options,
                                       1,
                                       1,
                                       run};
