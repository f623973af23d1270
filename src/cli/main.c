#include "access/audit.h"
#include "access/keys.h"
#include "base/day.h"
#include "cli/command.h"
#include "people/quarantine.h"
#include "store/sql_person.h"
#include "sheet/sheet.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *say(const struct invocation *in, const char *msgid)
{
    return text_in(in->error->language, msgid);
}

/* ---- arguments ------------------------------------------------------------------------------------ */

static size_t option_place(const struct command *c, const char *name, size_t n)
{
    for (size_t i = 0; c->options[i].name; i++)
        if (strlen(c->options[i].name) == n && memcmp(c->options[i].name, name, n) == 0)
            return i;
    return SIZE_MAX;
}

const char *invocation_value(const struct invocation *in, const char *option)
{
    size_t place = option_place(in->command, option, strlen(option));

    return place == SIZE_MAX ? NULL : in->value[place];
}

static int bad_usage(struct invocation *in, const char *detail, const char *what)
{
    error_set(in->error, ERR_USAGE, "%s: %s", what, say(in, detail));
    return error_hint(in->error, N_("See: humiao %s --help"), in->command->name);
}

static int parse_option(struct invocation *in, char **argv, int argc, int *at)
{
    const char *word = argv[*at], *equals = strchr(word, '=');
    size_t n = equals ? (size_t)(equals - word) : strlen(word);
    size_t place = option_place(in->command, word, n);

    if (place == SIZE_MAX)
        return bad_usage(in, N_("there is no such option"), word);
    if (!in->command->options[place].value) {
        if (equals)
            return bad_usage(in, N_("this option takes no value"), word);
        in->value[place] = "";
    } else if (equals) {
        in->value[place] = equals + 1;
    } else if (*at + 1 < argc) {
        in->value[place] = argv[++*at];
    } else {
        return bad_usage(in, N_("this option needs a value"), word);
    }
    return 0;
}

static int parse_arguments(struct invocation *in, char **argv, int argc, bool *ret_help)
{
    bool options = true;

    for (int i = 0; i < argc; i++) {
        int rc = 0;
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && strcmp(argv[i], "--help") == 0)
            *ret_help = true;
        else if (options && argv[i][0] == '-' && argv[i][1])
            rc = parse_option(in, argv, argc, &i);
        else if (in->positional_count == in->command->most)
            rc = bad_usage(in, N_("one argument too many"), argv[i]);
        else
            in->positional[in->positional_count++] = argv[i];
        if (rc < 0)
            return rc;
    }
    if (!*ret_help && in->positional_count < in->command->least)
        return bad_usage(in, N_("an argument is missing"), in->command->arguments);
    return 0;
}

int invocation_url(const struct invocation *in, const char **ret)
{
    const char *url = invocation_value(in, "--db");

    if (!url)
        url = getenv("HUMIAO_DB");
    if (!url || !*url) {
        error_set(in->error, ERR_USAGE, N_("no database is named"));
        return error_hint(in->error, N_("Give --db sqlite:PATH or set HUMIAO_DB."));
    }
    *ret = url;
    return 0;
}

int invocation_day(const struct invocation *in, const char *option, day fallback, day *ret)
{
    const char *text = invocation_value(in, option);

    if (!text) {
        *ret = fallback;
        return 0;
    }
    if (day_parse(slice_from(text), ret))
        return 0;
    error_set(in->error, ERR_USAGE, N_("%s is not a day"), text);
    return error_hint(in->error, N_("Days are written like 2024-06-30."));
}

int invocation_open(const struct invocation *in, enum store_mode mode, struct deployment **ret)
{
    const char *url = NULL;
    int rc = invocation_url(in, &url);

    if (rc == 0)
        rc = deployment_open(url, mode, ret, in->error);
    return rc < 0 || mode == STORE_READ ? rc : audit_ready(*ret, in->error);
}

void invocation_publish(const struct invocation *in, struct deployment *d)
{
    struct error e = {.language = in->error->language};

    if (audit_publish_heads(d, &e) < 0)
        print_error(&e);
}

int person_id_of_ref(const struct invocation *in, struct deployment *d, const char *ref,
                     int64_t *ret)
{
    uint8_t hash[SEAL_HASH_SIZE];
    struct sql_person_by_ref row;
    bool found;
    int rc = sealer_hash(d->sealer, HASH_REF, slice_from(ref), hash, in->error);

    if (rc == 0)
        rc = sql_person_by_ref(d->store, SLICE_OF(hash), &found, &row, in->error);
    if (rc < 0)
        return rc;
    if (!found) {
        error_set(in->error, ERR_NOT_FOUND, N_("no person of the register has this ref"));
        return error_hint(in->error, N_("`humiao search` finds people by name."));
    }
    *ret = row.id;
    return 0;
}

/* ---- messages -------------------------------------------------------------------------------------- */

void print_error(const struct error *e)
{
    fprintf(stderr, "humiao: HM-%d %s", e->code, error_primary(e));
    if (e->detail[0])
        fprintf(stderr, ": %s", e->detail);
    fputc('\n', stderr);
    if (e->hint[0])
        fprintf(stderr, "        %s\n", e->hint);
}

void tell_refusal(void *context, const struct refusal *r)
{
    (void)context;
    fprintf(stderr, "%s:%llu: HM-%d %s: %s", r->file, (unsigned long long)r->line, r->error->code,
            error_primary(r->error), r->error->detail);
    if (r->error->hint[0])
        fprintf(stderr, " %s", r->error->hint);
    fputc('\n', stderr);
}

void tell_warning(void *context, const char *msgid, struct slice what)
{
    const struct invocation *in = context;
    char *name = arena_string(in->arena, what);

    fprintf(stderr, "humiao: ");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    fprintf(stderr, say(in, msgid), name);
#pragma GCC diagnostic pop
    fputc('\n', stderr);
}

void print_usage(const struct invocation *in)
{
    const struct command *c = in->command;

    printf("humiao %s %s\n\n    %s\n", c->name, c->arguments, say(in, c->summary));
    if (c->options[0].name)
        putchar('\n');
    for (const struct option *o = c->options; o->name; o++) {
        int width = (int)(strlen(o->name) + (o->value ? strlen(o->value) + 1 : 0));
        printf("    %s%s%s%*s  %s\n", o->name, o->value ? " " : "", o->value ? o->value : "",
               width < 26 ? 26 - width : 0, "", say(in, o->help));
    }
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* Success means that the data left: a full disk behind standard output is an error. */
static int finish(struct invocation *in, int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (errno == EPIPE)
            return status;
        error_set_errno(in->error, errno, "-");
        print_error(in->error);
        return error_exit_status(in->error->code);
    }
    return status;
}

static int run_command(int argc, char **argv)
{
    ARENA_AUTO(arena);
    struct error error = {.language = text_language_of_environment()};
    struct invocation in = {.arena = &arena, .error = &error};
    const char *name = argc > 1 ? argv[1] : "";
    bool help = false;
    int rc;

    signal(SIGPIPE, SIG_IGN);
    keys_forbid_core_dumps();
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    in.command = find_command(name);
    if (!in.command) {
        error_set(&error, ERR_UNKNOWN_COMMAND, "%s", name);
        error_hint(&error, N_("`humiao help` lists the commands."));
        print_error(&error);
        return error_exit_status(error.code);
    }
    rc = parse_arguments(&in, argv + 2, argc - 2 > 0 ? argc - 2 : 0, &help);
    if (rc == 0 && help) {
        print_usage(&in);
        return finish(&in, EXIT_DONE);
    }
    if (rc == 0)
        rc = in.command->run(&in);
    if (rc < 0) {
        fflush(stdout);
        print_error(&error);
        return error_exit_status(error.code);
    }
    return finish(&in, rc);
}

int main(int argc, char **argv)
{
    /* Started by the program itself, with nothing but a file and a pipe (sheet/sheet.h): no key is asked for. */
    if (argc > 1 && strcmp(argv[1], "sheet-reader") == 0)
        return sheet_reader_main(argc, argv);
    return run_command(argc, argv);
}
