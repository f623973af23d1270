#include "cli/command.h"

#include <stdio.h>

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    const char *suite_name = invocation_value(in, "--suite");
    enum seal_suite suite = SUITE_INTERNATIONAL;
    const char *url = NULL, *key_path = NULL;
    bool created;
    int rc = invocation_url(in, &url);

    if (rc < 0)
        return rc;
    if (suite_name && !seal_suite_parse(slice_from(suite_name), &suite)) {
        error_set(in->error, ERR_USAGE, N_("there is no suite %s"), suite_name);
        return error_hint(in->error, N_("Suites are international and national."));
    }
    if ((rc = deployment_create(url, suite, in->arena, &created, &key_path, in->error)) < 0)
        return rc;
    /* Also of one that was there: whoever asks wants to know that all is well. */
    if ((rc = invocation_open(in, STORE_WRITE, &d)) < 0)
        return rc;
    invocation_publish(in, d);
    if (created)
        fprintf(stderr,
                say(in, N_("humiao: the database is made; its master key is %s. Keep a copy "
                           "elsewhere: without it nothing can be read.\n")),
                key_path);
    else
        fprintf(stderr, "%s\n",
                say(in, N_("humiao: the database was there already and is up to date.")));
    return EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    {"--suite", "NAME", N_("international (AES, SHA-2) or national (SM4, SM3)")},
    OPTION_END};

extern const struct command command_init;
const struct command command_init = {
    "init",  TASK_SET_UP, "--db URL", N_("Create a database, or bring one up to date."),
    options, 0,           0,          run};
