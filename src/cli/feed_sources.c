#include "cli/feed_sources.h"

#include "cli/rows.h"
#include "intake/coverage.h"

#include <stdio.h>
#include <stdlib.h>

static const char *number(struct arena *arena, int64_t v)
{
    return arena_printf(arena, "%lld", (long long)v);
}

/* The day of an instant; NONE: never. */
static struct slice day_cell(struct arena *arena, int64_t instant)
{
    char text[DAY_TEXT];

    return instant
               ? slice_from(arena_printf(arena, "%s", day_format(day_of_instant(instant), text)))
               : SLICE_NONE;
}

static int find_feed(struct invocation *in, struct deployment *d, const char *name,
                     const struct feed **ret)
{
    struct feed_library l;
    int rc = feed_library_read(d, in->arena, &l, in->error);

    if (rc < 0)
        return rc;
    *ret = feed_library_find(&l, slice_from(name));
    if (*ret)
        return 0;
    struct nearest near = nearest_to(slice_from(name));
    for (size_t i = 0; i < l.count; i++)
        nearest_try(&near, l.feeds[i]->name);
    error_set(in->error, ERR_NOT_FOUND, N_("there is no feed %s"), name);
    return nearest_hint(&near, in->error, N_("`humiao feed list` lists them."));
}

/* --end ID; 0 where it is not given. */
static int id_to_end(struct invocation *in, int64_t *ret)
{
    const char *text = invocation_value(in, "--end");
    char *end;

    *ret = 0;
    if (!text)
        return 0;
    *ret = strtoll(text, &end, 10);
    return *ret > 0 && *end == '\0' ? 0
                                    : error_set(in->error, ERR_USAGE, N_("--end takes a number"));
}

/* Ends the transaction, whatever came of it. */
static int finish(struct invocation *in, struct deployment *d, int rc)
{
    if (rc == 0)
        rc = store_commit(d->store, in->error);
    if (rc < 0)
        store_rollback(d->store);
    else
        invocation_publish(in, d);
    return rc;
}

/* ---- cover ---- */

static const char *const coverage_columns[] = {"id", "feed", "division", "from", "to", NULL};

static int list_coverage(struct invocation *in, struct deployment *d)
{
    struct coverage *list;
    struct rows_writer w;
    size_t count;
    int rc = coverage_list(d, in->arena, &list, &count, in->error);

    if (rc < 0 || (rc = rows_begin(&w, in, coverage_columns)) < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        char from[DAY_TEXT], to[DAY_TEXT];
        struct slice cells[] = {slice_from(number(in->arena, list[i].id)), list[i].feed,
                                slice_from(number(in->arena, list[i].division)),
                                slice_from(day_format(list[i].from, from)),
                                list[i].to == DAY_FOREVER ? SLICE_NONE
                                                          : slice_from(day_format(list[i].to, to))};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

static int say_coverage(struct invocation *in, struct deployment *d, const char *name,
                        const char *place)
{
    const struct feed *feed;
    struct division_tree tree;
    int64_t division, id;
    day from, to;
    int rc = find_feed(in, d, name, &feed);

    if (rc == 0)
        rc = division_tree_read(d->store, in->arena, &tree, in->error);
    if (rc == 0 && !division_parse(slice_from(place), &division))
        rc = error_set(in->error, ERR_DIVISION, N_("there is no such division"));
    if (rc == 0)
        rc = invocation_day(in, "--from", day_today(), &from);
    if (rc == 0)
        rc = invocation_day(in, "--to", DAY_FOREVER, &to);
    if (rc == 0)
        rc = store_begin(d->store, in->error);
    if (rc < 0)
        return rc;
    rc = finish(in, d,
                coverage_put(d, feed, &tree, division, from, to, 0, instant_now(), &id, in->error));
    if (rc == 0)
        printf("%lld\n", (long long)id);
    return rc;
}

int feed_cover(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    int64_t end;
    bool says = in->positional_count == 3;
    int rc = id_to_end(in, &end);

    if (rc == 0 && in->positional_count != 1 && (!says || end))
        rc = error_set(in->error, ERR_USAGE, N_("a feed and a division, or --end, or nothing"));
    if (rc == 0)
        rc = invocation_open(in, says || end ? STORE_WRITE : STORE_READ, &d);
    if (rc < 0)
        return rc;
    if (says)
        return say_coverage(in, d, in->positional[1], in->positional[2]);
    if (!end)
        return list_coverage(in, d);
    rc = store_begin(d->store, in->error);
    return rc < 0 ? rc : finish(in, d, coverage_end(d, end, 0, instant_now(), in->error));
}

/* ---- sources ---- */

static const char *const source_columns[] = {"feed",    "heard",    "due",      "silent", "rows",
                                             "waiting", "unlinked", "lag_days", NULL};

int feed_sources(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct feed_library feeds;
    struct source_glance *list;
    struct rows_writer w;
    size_t count;
    int rc = invocation_open(in, STORE_READ, &d);

    if (rc == 0)
        rc = feed_library_read(d, in->arena, &feeds, in->error);
    if (rc == 0)
        rc = source_glances(d, &feeds, NULL, instant_now(), in->arena, &list, &count, in->error);
    if (rc < 0 || (rc = rows_begin(&w, in, source_columns)) < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const struct source_glance *g = &list[i];
        bool any = g->last_id > 0;
        struct slice cells[] = {slice_from(g->feed->name),
                                day_cell(in->arena, g->heard_at),
                                day_cell(in->arena, g->due_at),
                                day_cell(in->arena, g->silent_at),
                                any ? slice_from(number(in->arena, g->last_rows)) : SLICE_NONE,
                                slice_from(number(in->arena, g->waiting)),
                                slice_from(number(in->arena, g->unlinked)),
                                g->lag_days < 0 ? SLICE_NONE
                                                : slice_from(number(in->arena, g->lag_days))};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

/* ---- yield ---- */

static const char *const yield_columns[] = {"of",       "name",        "alerts",  "visits",
                                            "verified", "false_alarm", "refused", NULL};

int feed_yield(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct rows_writer w;
    struct yield *list;
    size_t count;
    day from;
    int rc = invocation_day(in, "--from", DAY_BEGINNING, &from);

    if (rc == 0)
        rc = invocation_open(in, STORE_READ, &d);
    if (rc == 0)
        rc = yield_read(d, from, in->arena, &list, &count, in->error);
    if (rc < 0 || (rc = rows_begin(&w, in, yield_columns)) < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const struct yield *y = &list[i];
        struct slice cells[] = {y->policy ? SLICE_LITERAL("policy") : SLICE_LITERAL("feed"),
                                y->name,
                                slice_from(number(in->arena, y->alerts)),
                                slice_from(number(in->arena, y->visits)),
                                slice_from(number(in->arena, y->verified)),
                                slice_from(number(in->arena, y->false_alarm)),
                                slice_from(number(in->arena, y->refused))};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

/* ---- token ---- */

static const char *const token_columns[] = {"id",   "feed",  "department", "made",
                                            "used", "ended", NULL};

static int list_tokens(struct invocation *in, struct deployment *d)
{
    struct feed_token *list;
    struct rows_writer w;
    size_t count;
    int rc = feed_token_list(d, in->arena, &list, &count, in->error);

    if (rc < 0 || (rc = rows_begin(&w, in, token_columns)) < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const struct feed_token *t = &list[i];
        struct slice cells[] = {slice_from(number(in->arena, t->id)),
                                t->feed,
                                t->department,
                                day_cell(in->arena, t->made_at),
                                day_cell(in->arena, t->used_at),
                                day_cell(in->arena, t->ended_at)};
        rows_add(&w, cells);
    }
    rows_end(&w);
    return EXIT_DONE;
}

/* Standard output has the token alone, for whoever puts it into a file at once. */
static int make_token(struct invocation *in, struct deployment *d, const char *name)
{
    const struct feed *feed;
    struct slice token;
    int64_t id;
    int rc = find_feed(in, d, name, &feed);

    if (rc == 0)
        rc = store_begin(d->store, in->error);
    if (rc < 0)
        return rc;
    rc = finish(in, d,
                feed_token_make(d, feed, 0, instant_now(), in->arena, &id, &token, in->error));
    if (rc < 0)
        return rc;
    printf("%.*s\n", (int)token.n, token.p);
    fprintf(stderr, say(in, N_("humiao: token %lld of the feed %s; it is shown this once\n")),
            (long long)id, feed->name);
    return EXIT_DONE;
}

int feed_token(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    int64_t end;
    bool makes = in->positional_count == 2;
    int rc = id_to_end(in, &end);

    if (rc == 0 && in->positional_count != 1 && (!makes || end))
        rc = error_set(in->error, ERR_USAGE, N_("a feed, or --end, or nothing"));
    if (rc == 0)
        rc = invocation_open(in, makes || end ? STORE_WRITE : STORE_READ, &d);
    if (rc < 0)
        return rc;
    if (makes)
        return make_token(in, d, in->positional[1]);
    if (!end)
        return list_tokens(in, d);
    rc = store_begin(d->store, in->error);
    return rc < 0 ? rc : finish(in, d, feed_token_end(d, end, 0, instant_now(), in->error));
}
