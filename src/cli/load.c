#include "care/duty_accounts.h"
#include "care/tables.h"
#include "cli/command.h"
#include "people/load.h"

#include <stdio.h>

static const struct kind {
    const char *name;
    int (*load)(struct deployment *, const struct load_options *, struct load_totals *,
                struct error *);
} kinds[] = {{"divisions", load_divisions}, {"people", load_people},
             {"relations", load_relations}, {"teams", load_teams},
             {"helpers", load_helpers},     {"accounts", load_accounts}};

/* Accounts come, go, and work elsewhere: their open work goes to who acts now. */
static int follow(struct invocation *in, struct deployment *d, const struct duty_accounts *before)
{
    const struct care_tables *tables;
    int rc = care_tables_load(NULL, in->arena, &tables, in->error);

    return rc < 0 ? rc : duty_accounts_follow(d, tables, before, in->arena, in->error);
}

/* What is loaded stands, and is told, whatever becomes of the work. */
static int load(struct invocation *in, struct deployment *d, const struct kind *kind,
                const struct load_options *o, struct load_totals *t)
{
    bool accounts = kind->load == load_accounts;
    struct duty_accounts before;
    int rc = accounts ? duty_accounts_read(d, in->arena, &before, in->error) : 0;

    if (rc == 0)
        rc = kind->load(d, o, t, in->error);
    if (rc < 0)
        return rc;
    invocation_publish(in, d);
    printf("added %llu\nchanged %llu\nunchanged %llu\nended %llu\nrefused %llu\n",
           (unsigned long long)t->added, (unsigned long long)t->changed,
           (unsigned long long)t->unchanged, (unsigned long long)t->ended,
           (unsigned long long)t->refused);
    return accounts ? follow(in, d, &before) : 0;
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct load_options o = {.path = in->positional[1],
                             .encoding = invocation_value(in, "--encoding"),
                             .full = invocation_value(in, "--full") != NULL,
                             .progress = in->positional[0],
                             .refusals = {tell_refusal, in},
                             .warn = tell_warning};
    struct load_totals t = {0};
    const struct kind *kind = NULL;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, in->positional[0]) == 0)
            kind = &kinds[i];
    if (!kind) {
        error_set(in->error, ERR_USAGE, N_("nothing of the kind %s can be loaded"),
                  in->positional[0]);
        return error_hint(
            in->error, N_("Kinds are divisions, people, relations, teams, helpers and accounts."));
    }
    o.kind = kind->name;
    int rc = invocation_open(in, STORE_WRITE, &d);
    if (rc == 0)
        rc = load(in, d, kind, &o, &t);
    if (rc < 0)
        return rc;
    return t.refused ? EXIT_ROWS_REFUSED : EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    {"--full", NULL, N_("the file is the whole register: what it does not name ends")},
    OPTION_ENCODING,
    OPTION_END};

extern const struct command command_load;
const struct command command_load = {"load",
                                     TASK_REGISTER,
                                     "KIND FILE.csv --db URL",
                                     N_("Load the register (divisions, people, relations) and who "
                                        "helps (teams, helpers, accounts)."),
                                     options,
                                     2,
                                     2,
                                     run};
