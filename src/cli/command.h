/* A subcommand: one file each, found by name in commands.def. No rule of the domain is in here. */
#ifndef HUMIAO_CLI_COMMAND_H
#define HUMIAO_CLI_COMMAND_H

#include "access/deployment.h"
#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define EXIT_DONE 0
#define EXIT_ROWS_REFUSED 1 /* done, with rows refused */

struct option {
    const char *name;  /* "--as-of" */
    const char *value; /* what stands for the value in help; NULL: a switch */
    const char *help;  /* msgid */
};

#define POSITIONALS_MAX 8
#define OPTIONS_MAX 16

struct invocation {
    const struct command *command;
    struct arena *arena; /* of the whole run */
    struct error *error; /* its language is the user's */
    const char *positional[POSITIONALS_MAX];
    size_t positional_count;
    const char
        *value[OPTIONS_MAX]; /* by place in the command's options; a switch that is given: "" */
};

/* What a command is for; help lists them by task. */
enum task {
    TASK_SET_UP,
    TASK_REGISTER,
    TASK_RECORDS,
    TASK_VERDICTS,
    TASK_POLICIES,
    TASK_ACCESS,
    TASK_HELP,
    TASK_COUNT
};

struct command {
    const char *name;
    enum task task;
    const char *arguments;             /* what follows the name, as in contracts.md */
    const char *summary;               /* msgid */
    const struct option *options;      /* ends with a NULL name */
    size_t least, most;                /* positionals */
    int (*run)(struct invocation *in); /* an exit status, or a negative error */
};

extern const struct command *const commands[]; /* ends with NULL; in the order of help */

/* Every command that works on a database has this first. */
#define OPTION_DB                                                                             \
    {                                                                                         \
        "--db", "URL", N_("the database: sqlite:PATH or postgresql://…; HUMIAO_DB stands in") \
    }
#define OPTION_FORMAT                                                                     \
    {                                                                                     \
        "--format", "csv|json|table", N_("how to print; a table on a terminal, else CSV") \
    }
#define OPTION_AS_OF                                                        \
    {                                                                       \
        "--as-of", "DATE", N_("the day that is judged; today if not given") \
    }
#define OPTION_POLICY                                                                   \
    {                                                                                   \
        "--policy", "DIR", N_("policies from this directory instead of those built in") \
    }
#define OPTION_ENCODING                                                                      \
    {                                                                                        \
        "--encoding", "NAME", N_("the file's encoding, such as gb18030; UTF-8 if not given") \
    }
#define OPTION_END       \
    {                    \
        NULL, NULL, NULL \
    }

/* The value of an option, NULL where it was not given. The option must be one of the command's. */
const char *invocation_value(const struct invocation *in, const char *option);

/* --db, else HUMIAO_DB; ERR_USAGE without either. */
int invocation_url(const struct invocation *in, const char **ret);

/* The day of an option, `fallback` where it is not given; ERR_USAGE for no such day. */
int invocation_day(const struct invocation *in, const char *option, day fallback, day *ret);

/* With STORE_WRITE also that a row of the audit trail can be left (audit_ready). */
int invocation_open(const struct invocation *in, enum store_mode mode, struct deployment **ret);

/* After its work a command appends the heads of the audit trail to their file. The work is done by then,
 * so a failure is told on standard error, and the exit status stays. */
void invocation_publish(const struct invocation *in, struct deployment *d);

/* In the user's language. */
const char *say(const struct invocation *in, const char *msgid) __attribute__((format_arg(2)));

void print_usage(const struct invocation *in);

/* The id of the person with this ref; ERR_NOT_FOUND. */
int person_id_of_ref(const struct invocation *in, struct deployment *d, const char *ref,
                     int64_t *ret);

struct refusal;
/* Tells a refused row on standard error: file, line, column, why, and how to mend it. `context` is the
 * invocation. */
void tell_refusal(void *context, const struct refusal *refusal);
void tell_warning(void *context, const char *msgid, struct slice what);
void print_error(const struct error *e);

#endif
