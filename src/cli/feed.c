/* Feeds: the mappings by which departments' files are read. */
#include "cli/command.h"
#include "cli/feed_sources.h"
#include "cli/feed_suggest.h"
#include "intake/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int usage(struct invocation *in)
{
    error_set(in->error, ERR_USAGE, N_("there is no such verb"));
    return error_hint(in->error, N_("See: humiao %s --help"), "feed");
}

/* Without a database those built in. */
static int read_library(struct invocation *in, struct feed_library *ret)
{
    DEPLOYMENT_AUTO(d);
    int rc = 0;

    if (invocation_value(in, "--db") || getenv("HUMIAO_DB"))
        rc = invocation_open(in, STORE_READ, &d);
    return rc < 0 ? rc : feed_library_read(d, in->arena, ret, in->error);
}

static void print_hash(const struct feed *f)
{
    for (size_t i = 0; i < sizeof f->hash; i++)
        printf("%02x", f->hash[i]);
    putchar('\n');
}

/* ---- list, show ---- */

static int list(struct invocation *in)
{
    struct feed_library l;
    int rc = read_library(in, &l);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < l.count; i++) {
        const struct feed *f = l.feeds[i];
        struct slice title = in->error->language == LANGUAGE_EN ? f->title_en : f->title_zh;
        printf("%s\t%.*s\t%.*s\t", f->name, (int)f->department.n, f->department.p, (int)title.n,
               title.p);
        print_hash(f);
    }
    return EXIT_DONE;
}

static int show(struct invocation *in, const char *name)
{
    struct feed_library l;
    int rc = read_library(in, &l);

    if (rc < 0)
        return rc;
    const struct feed *f = feed_library_find(&l, slice_from(name));
    if (f) {
        fwrite(f->text.p, 1, f->text.n, stdout);
        return EXIT_DONE;
    }
    struct nearest near = nearest_to(slice_from(name));
    for (size_t i = 0; i < l.count; i++)
        nearest_try(&near, l.feeds[i]->name);
    error_set(in->error, ERR_NOT_FOUND, N_("there is no feed %s"), name);
    return nearest_hint(&near, in->error, N_("`humiao feed list` lists them."));
}

/* ---- check, save ---- */

static int read_mapping(struct invocation *in, const char *path, struct feed **ret)
{
    struct source source;
    int rc = source_read(path, FEED_TEXT_MAX, ERR_MAPPING, in->arena, &source, in->error);

    return rc < 0 ? rc : feed_parse(&source, in->arena, ret, in->error);
}

static int check_one(struct invocation *in, const struct source *source, size_t *faults)
{
    struct feed *f;
    int rc = feed_parse(source, in->arena, &f, in->error);

    if (rc == -ERR_MAPPING) {
        print_error(in->error);
        ++*faults;
        return 0;
    }
    if (rc < 0)
        return rc;
    printf(say(in, N_("%s: %zu columns, %zu records a row; edition ")), f->name, f->column_count,
           f->record_count);
    print_hash(f);
    return 0;
}

/* A folder stands for its *.yaml files. */
static int read_path(struct invocation *in, const char *path, struct source **ret,
                     size_t *ret_count)
{
    struct stat about;

    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return source_read_folder(path, ".yaml", FEED_TEXT_MAX, ERR_MAPPING, in->arena, ret,
                                  ret_count, in->error);
    *ret = ARENA_NEW(in->arena, struct source);
    *ret_count = 1;
    return source_read(path, FEED_TEXT_MAX, ERR_MAPPING, in->arena, *ret, in->error);
}

static int check(struct invocation *in)
{
    struct source *sources;
    size_t faults = 0, count;
    int rc = 0;

    for (size_t i = 1; i < in->positional_count && rc == 0; i++) {
        rc = read_path(in, in->positional[i], &sources, &count);
        for (size_t k = 0; rc == 0 && k < count; k++)
            rc = check_one(in, &sources[k], &faults);
    }
    if (rc < 0)
        return rc;
    return faults ? error_set(in->error, ERR_MAPPING, N_("faults found: %zu"), faults) : EXIT_DONE;
}

static int save_edition(struct invocation *in, struct deployment *d, const struct feed *f)
{
    int rc = store_begin(d->store, in->error);

    if (rc == 0)
        rc = feed_save(d, f->text, 0, instant_now(), NULL, in->error);
    if (rc == 0)
        rc = store_commit(d->store, in->error);
    else
        store_rollback(d->store);
    return rc;
}

static int save(struct invocation *in, const char *path)
{
    DEPLOYMENT_AUTO(d);
    struct feed *f;
    int rc = read_mapping(in, path, &f);

    if (rc == 0)
        rc = invocation_open(in, STORE_WRITE, &d);
    if (rc == 0)
        rc = save_edition(in, d, f);
    if (rc < 0)
        return rc;
    invocation_publish(in, d);
    printf(say(in, N_("%s is in force; edition ")), f->name);
    print_hash(f);
    return EXIT_DONE;
}

/* Verbs that look at what follows them themselves. */
static const struct verb {
    const char *name;
    int (*run)(struct invocation *in);
} verbs[] = {
    {"suggest", feed_suggest}, {"sources", feed_sources}, {"cover", feed_cover},
    {"token", feed_token},     {"yield", feed_yield},
};

static int run(struct invocation *in)
{
    const char *verb = in->positional[0];
    bool one = in->positional_count == 2;

    if (strcmp(verb, "list") == 0 && in->positional_count == 1)
        return list(in);
    if (strcmp(verb, "show") == 0 && one)
        return show(in, in->positional[1]);
    if (strcmp(verb, "check") == 0 && in->positional_count > 1)
        return check(in);
    if (strcmp(verb, "save") == 0 && one)
        return save(in, in->positional[1]);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
        if (strcmp(verb, verbs[i].name) == 0)
            return verbs[i].run(in);
    return usage(in);
}

static const struct option options[] = {
    OPTION_DB,
    {"--department", "NAME", N_("suggest: the department that hands the file in")},
    {"--name", "NAME", N_("suggest: the name that the mapping gets")},
    {"--preview", "ROWS", N_("suggest: what the first rows would become, instead of the mapping")},
    OPTION_ENCODING,
    {"--from", "DATE", N_("cover: the first day, today if not given; yield: alerts since then")},
    {"--to", "DATE", N_("cover: the day after the last; open if not given")},
    {"--end", "ID", N_("cover, token: take this one back")},
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_feed;
const struct command command_feed = {
    "feed",
    TASK_RECORDS,
    "list | show NAME | check FILE|DIR... | save FILE | suggest FILE | sources | "
    "cover [NAME DIVISION] | token [NAME] | yield [--db URL]",
    N_("Departments' files: how they are read, whom they speak of, when they came, what came of "
       "it."),
    options,
    1,
    POSITIONALS_MAX,
    run};
