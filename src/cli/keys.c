#include "access/audit.h"
#include "access/rotation.h"
#include "base/progress.h"
#include "cli/command.h"
#include "cli/rows.h"

#include <stdio.h>
#include <string.h>

static struct slice number_text(struct arena *arena, uint64_t n)
{
    return slice_from(arena_printf(arena, "%llu", (unsigned long long)n));
}

static void show(void *context, uint64_t done, uint64_t total)
{
    progress_show(context, done, total);
}

/* ---- status ----------------------------------------------------------------------------------------- */

static const char *const status_columns[] = {"key",    "suite",  "newest", "column",
                                             "values", "erased", NULL};

struct status {
    struct rows_writer w;
    struct arena *arena;
    struct vault_key_info keys[VAULT_KEYS_MAX];
    size_t count;
    bool used[VAULT_KEYS_MAX];
};

static void add_status(struct status *s, uint8_t number, struct slice column, uint64_t rows,
                       uint64_t erased)
{
    const char *suite = "";
    bool newest = false;

    for (size_t i = 0; i < s->count; i++)
        if (s->keys[i].number == number) {
            suite = seal_suite_name(s->keys[i].suite);
            newest = i + 1 == s->count;
            s->used[i] = true;
        }
    struct slice cells[] = {number_text(s->arena, number),
                            slice_from(suite),
                            newest ? SLICE_LITERAL("yes") : SLICE_LITERAL("no"),
                            column,
                            number_text(s->arena, rows),
                            number_text(s->arena, erased)};
    rows_add(&s->w, cells);
}

static void tell_status(void *context, const struct rotation_count *c)
{
    add_status(context, c->number, slice_from(c->column), c->rows, c->erased);
}

static int status(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct status s = {.arena = in->arena};
    int rc = invocation_open(in, STORE_READ, &d);

    if (rc == 0)
        rc = rows_begin(&s.w, in, status_columns);
    if (rc < 0)
        return rc;
    s.count = vault_keys(d->vault, s.keys);
    if ((rc = rotation_count(d, tell_status, &s, in->error)) < 0)
        return rc;
    for (size_t i = 0; i < s.count; i++)
        if (!s.used[i])
            add_status(&s, s.keys[i].number, SLICE_NONE, 0, 0);
    rows_end(&s.w);
    return EXIT_DONE;
}

/* ---- rotate ----------------------------------------------------------------------------------------- */

static int suite_of(struct invocation *in, enum seal_suite *ret)
{
    const char *name = invocation_value(in, "--suite");

    *ret = SUITE_NONE;
    if (!name || seal_suite_parse(slice_from(name), ret))
        return 0;
    error_set(in->error, ERR_USAGE, N_("there is no suite %s"), name);
    return error_hint(in->error, N_("Suites are international and national."));
}

static int reseal(struct invocation *in, struct deployment *d)
{
    struct rotation_figures figures;
    struct progress progress;
    unsigned dropped = 0;

    progress_begin(&progress, "keys");
    int rc = rotation_reseal(d, show, &progress, &figures, in->error);
    progress_end(&progress);
    fprintf(stderr, say(in, N_("humiao: %llu values were sealed anew\n")),
            (unsigned long long)figures.resealed);
    if (rc < 0) {
        fputs(say(in,
                  N_("humiao: what is done stays done; run the same command again to carry on\n")),
              stderr);
        return rc;
    }
    if (figures.broken)
        fprintf(stderr, say(in, N_("humiao: %llu values do not open and stay as they are\n")),
                (unsigned long long)figures.broken);
    rc = rotation_retire(d, &dropped, in->error);
    if (rc == 0)
        fprintf(stderr, say(in, N_("humiao: %u old keys were dropped\n")), dropped);
    return rc;
}

static int rotate(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct vault_key_info newest;
    enum seal_suite suite;
    bool added;
    int rc = suite_of(in, &suite);

    if (rc == 0)
        rc = invocation_open(in, STORE_WRITE, &d);
    if (rc == 0)
        rc = rotation_begin(d, suite, &added, &newest, in->error);
    if (rc < 0)
        return rc;
    fprintf(stderr,
            added ? say(in, N_("humiao: sealing key %u (%s) was added\n"))
                  : say(in, N_("humiao: going on with the rotation to sealing key %u (%s)\n")),
            (unsigned)newest.number, seal_suite_name(newest.suite));
    rc = reseal(in, d);
    invocation_publish(in, d);
    return rc < 0 ? rc : EXIT_DONE;
}

/* ---- check ------------------------------------------------------------------------------------------ */

static const char *const check_columns[] = {"column", "opened", "broken", "erased", NULL};

struct check {
    struct progress progress;
    struct rows_writer w;
    struct arena *arena;
};

static void show_check(void *context, uint64_t done, uint64_t total)
{
    struct check *c = context;

    progress_show(&c->progress, done, total);
}

static void tell_check(void *context, const struct rotation_check *found)
{
    struct check *c = context;
    struct slice cells[] = {slice_from(found->column), number_text(c->arena, found->opened),
                            number_text(c->arena, found->broken),
                            number_text(c->arena, found->erased)};

    rows_add(&c->w, cells);
}

static int check(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct check c = {.arena = in->arena};
    int rc = invocation_open(in, STORE_READ, &d);

    if (rc == 0)
        rc = rows_begin(&c.w, in, check_columns);
    if (rc < 0)
        return rc;
    progress_begin(&c.progress, "keys");
    rc = rotation_check(d, show_check, tell_check, &c, in->error);
    progress_end(&c.progress);
    rows_end(&c.w);
    return rc < 0 ? rc : EXIT_DONE;
}

/* ---- master ----------------------------------------------------------------------------------------- */

static int master(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    const char *path = invocation_value(in, "--new-file");
    int rc;

    if (!path || !*path) {
        error_set(in->error, ERR_USAGE, N_("no file is named for the new master key"));
        return error_hint(in->error, N_("Name one that is not there yet: --new-file PATH"));
    }
    rc = invocation_open(in, STORE_WRITE, &d);
    if (rc == 0)
        rc = rotation_replace_master(d, path, in->error);
    if (rc < 0)
        return rc;
    invocation_publish(in, d);
    fprintf(
        stderr,
        say(in, N_("humiao: the master key is now %s. Set HUMIAO_KEY_FILE to it for servers and "
                   "commands, and keep the audit key beside it, or name that in "
                   "HUMIAO_AUDIT_KEY_FILE. The old key opens only backups made before: keep it "
                   "as long as those.\n")),
        path);
    return EXIT_DONE;
}

/* ------------------------------------------------------------------------------------------------------ */

static int run(struct invocation *in)
{
    static const struct {
        const char *name;
        int (*run)(struct invocation *in);
    } verbs[] = {{"status", status}, {"rotate", rotate}, {"check", check}, {"master", master}};

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(in->positional[0], verbs[i].name) == 0)
            return verbs[i].run(in);
    error_set(in->error, ERR_USAGE, N_("there is no `humiao keys %s`"), in->positional[0]);
    return error_hint(in->error, N_("There are: status, rotate, check, master."));
}

static const struct option options[] = {
    OPTION_DB,
    {"--suite", "NAME",
     N_("rotate: the suite of the new key, international or national; else that of "
        "the newest")},
    {"--new-file", "PATH", N_("master: the file that gets the new master key")},
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_keys;
const struct command command_keys = {
    "keys",
    TASK_SET_UP,
    "status|rotate|check|master --db URL [--suite NAME] [--new-file PATH]",
    N_("The keys: which there are, new ones, and whether everything opens."),
    options,
    1,
    1,
    run};
