#include "cli/command.h"
#include "screening/edition.h"

#include <stdio.h>

static int run(struct invocation *in)
{
    struct edition edition;
    const char *verb = in->positional[0];
    bool show = strcmp(verb, "show") == 0;

    if (!show && strcmp(verb, "check") != 0) {
        error_set(in->error, ERR_USAGE, N_("policies can be checked and shown, not %s"), verb);
        return error_hint(in->error, N_("See: humiao %s --help"), "policy");
    }
    int rc = edition_read(invocation_value(in, "--policy"), in->arena, &edition, in->error);
    if (rc < 0)
        return rc;
    if (show) {
        struct slice text = policy_set_print(edition.set, in->arena);
        fwrite(text.p, 1, text.n, stdout);
        return EXIT_DONE;
    }
    printf(say(in, N_("%zu categories, edition ")), edition.category_count);
    for (size_t i = 0; i < sizeof(edition.hash); i++)
        printf("%02x", edition.hash[i]);
    putchar('\n');
    return EXIT_DONE;
}

static const struct option options[] = {OPTION_POLICY, OPTION_END};

extern const struct command command_policy;
const struct command command_policy = {"policy",
                                       TASK_POLICIES,
                                       "check|show [--policy DIR]",
                                       N_("Check policies, or show them in their canonical form."),
                                       options,
                                       1,
                                       1,
                                       run};
