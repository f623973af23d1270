#include "cli/command.h"
#include "people/record.h"

#include <stdio.h>

static int print_kinds(void)
{
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
        printf("%s\n", record_kind_name((enum record_kind)k));
    return EXIT_DONE;
}

static int run(struct invocation *in)
{
    if (in->positional_count && strcmp(in->positional[0], "kinds") == 0)
        return print_kinds();
    for (size_t i = 0; in->positional_count && commands[i]; i++)
        if (strcmp(commands[i]->name, in->positional[0]) == 0) {
            struct invocation about = {.command = commands[i], .arena = in->arena, .error = in->error};
            print_usage(&about);
            return EXIT_DONE;
        }
    if (in->positional_count) {
        error_set(in->error, ERR_UNKNOWN_COMMAND, "%s", in->positional[0]);
        return error_hint(in->error, N_("`humiao help` lists the commands."));
    }
    puts(say(in, N_("humiao: protect the seedlings. A county's register, department records, and the law's "
                    "own categories.\n")));
    for (size_t i = 0; commands[i]; i++)
        printf("    %-10s %s\n", commands[i]->name, say(in, commands[i]->summary));
    puts(say(in, N_("\nhumiao COMMAND --help tells more; humiao help kinds lists the kinds of record.")));
    return EXIT_DONE;
}

static const struct option options[] = {OPTION_END};

extern const struct command command_help, command_version;
const struct command command_help = {"help", "[COMMAND|kinds]", N_("List the commands, or explain one."),
                                     options, 0, 1, run};

static int run_version(struct invocation *in)
{
    puts("humiao " HUMIAO_VERSION);
    return EXIT_DONE;
}

const struct command command_version = {"version", "", N_("Print the version."), options, 0, 0,
                                        run_version};
