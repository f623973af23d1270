#include "cli/command.h"
#include "people/record.h"

#include <stdio.h>

static int print_kinds(void)
{
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
        printf("%s\n", record_kind_name((enum record_kind)k));
    return EXIT_DONE;
}

static const char *const task_names[TASK_COUNT] = {
    [TASK_SET_UP] = N_("Set up"),
    [TASK_REGISTER] = N_("The register"),
    [TASK_RECORDS] = N_("Department records"),
    [TASK_VERDICTS] = N_("Who needs what, and why"),
    [TASK_POLICIES] = N_("Policies"),
    [TASK_ACCESS] = N_("Accounts, and who may see what"),
    [TASK_HELP] = N_("Help"),
};

static void print_list(struct invocation *in)
{
    puts(say(in,
             N_("humiao: protect the seedlings. A county's register, department records, and the "
                "law's own categories.")));
    for (int task = 0; task < TASK_COUNT; task++) {
        printf("\n%s\n", say(in, task_names[task]));
        for (size_t i = 0; commands[i]; i++)
            if ((int)commands[i]->task == task)
                printf("    %-10s %s\n", commands[i]->name, say(in, commands[i]->summary));
    }
    puts(say(
        in,
        N_("\nhumiao COMMAND --help tells more; humiao help kinds lists the kinds of record.")));
}

/* A roff text: a backslash and a leading point or apostrophe would be commands. */
static void print_roff(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++)
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
}

/* The manual page of one command, from the text that --help prints. */
static void print_manual(struct invocation *in, const struct command *c)
{
    printf(".TH HUMIAO\\-%s 1 \"\" \"humiao " HUMIAO_VERSION "\"\n.SH NAME\nhumiao\\-%s \\- ",
           c->name, c->name);
    print_roff(say(in, c->summary));
    printf("\n.SH SYNOPSIS\n.B humiao %s\n", c->name);
    print_roff(c->arguments);
    if (c->options[0].name)
        printf("\n.SH OPTIONS");
    for (const struct option *o = c->options; o->name; o++) {
        printf("\n.TP\n.B ");
        print_roff(o->name);
        if (o->value)
            printf(" \\fI%s\\fR", o->value);
        putchar('\n');
        print_roff(say(in, o->help));
    }
    printf("\n.SH EXIT STATUS\n");
    print_roff(say(
        in,
        N_("0 done; 1 done, with rows refused; 2 usage; 3 the environment; 4 a check failed.")));
    putchar('\n');
}

static int run(struct invocation *in)
{
    bool manual = invocation_value(in, "--man") != NULL;

    if (in->positional_count && strcmp(in->positional[0], "kinds") == 0)
        return print_kinds();
    for (size_t i = 0; in->positional_count && commands[i]; i++)
        if (strcmp(commands[i]->name, in->positional[0]) == 0) {
            struct invocation about = {
                .command = commands[i], .arena = in->arena, .error = in->error};
            if (manual)
                print_manual(in, commands[i]);
            else
                print_usage(&about);
            return EXIT_DONE;
        }
    if (in->positional_count) {
        error_set(in->error, ERR_UNKNOWN_COMMAND, "%s", in->positional[0]);
        return error_hint(in->error, N_("`humiao help` lists the commands."));
    }
    print_list(in);
    return EXIT_DONE;
}

static const struct option options[] = {{"--man", NULL, N_("as the source of a manual page")},
                                        OPTION_END};
static const struct option no_options[] = {OPTION_END};

extern const struct command command_help, command_version;
const struct command command_help = {"help",
                                     TASK_HELP,
                                     "[COMMAND|kinds] [--man]",
                                     N_("List the commands, or explain one."),
                                     options,
                                     0,
                                     1,
                                     run};

static int run_version(struct invocation *in)
{
    puts("humiao " HUMIAO_VERSION);
    return EXIT_DONE;
}

const struct command command_version = {"version",  TASK_HELP, "", N_("Print the version."),
                                        no_options, 0,         0,  run_version};
