/* A mapping's YAML as a feed: the words, and what stands at the top. */
#include "intake/feed_parse.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>

#define NAME_MAX_SIZE 63
#define TITLE_MAX 120
#define SHEET_MAX 93 /* 31 characters, as the format has it */
#define IGNORED_MAX 256
#define EMPTY_MAX 64

/* ---- words ---- */

int feed_refuse(const struct feed_reader *r, const struct feed_node *at, const char *hint,
                const char *what, ...)
{
    char said[200];
    va_list arguments;

    va_start(arguments, what);
    vsnprintf(said, sizeof said, text_in(r->error->language, what), arguments);
    va_end(arguments);
    int rc = feed_fault_at(r->source, at->line, at->column, r->error, "%s", said);
    return hint ? error_hint(r->error, "%s", text_in(r->error->language, hint)) : rc;
}

static int unknown_key(const struct feed_reader *r, const struct feed_node *key,
                       const char *const *names, size_t count)
{
    struct nearest near = nearest_to(key->text);
    struct slice shown = feed_shown(key->text);

    for (size_t i = 0; i < count; i++)
        nearest_try(&near, names[i]);
    feed_refuse(r, key, NULL, N_("there is no key “%.*s” here"), (int)shown.n, shown.p);
    return nearest_hint(&near, r->error, N_("docs/feeds.md lists the keys."));
}

int feed_take_keys(const struct feed_reader *r, const struct feed_node *map,
                   const char *const *names, size_t count, size_t needed, struct feed_node **ret)
{
    if (map->kind != NODE_MAP)
        return feed_refuse(r, map, N_("Write it as lines of key: value."),
                           N_("keys with values are needed here"));
    memset(ret, 0, count * sizeof *ret);
    for (size_t i = 0; i < map->count; i++) {
        const struct feed_node *key = map->items[2 * i];
        size_t k = 0;
        while (k < count && !slice_is(key->text, names[k]))
            k++;
        if (k == count)
            return unknown_key(r, key, names, count);
        if (ret[k])
            return feed_refuse(r, key, N_("Leave one of the two."),
                               N_("the key %s stands here already"), names[k]);
        ret[k] = map->items[2 * i + 1];
    }
    for (size_t k = 0; k < needed; k++)
        if (!ret[k])
            return feed_refuse(r, map, N_("docs/feeds.md shows a whole mapping."),
                               N_("the key %s is missing here"), names[k]);
    return 0;
}

int feed_take_text(const struct feed_reader *r, const struct feed_node *node, size_t max,
                   bool empty, struct slice *ret)
{
    if (node->kind != NODE_SCALAR)
        return feed_refuse(r, node, N_("Quote a text that begins with a bracket."),
                           N_("one text is needed here"));
    if (node->text.n == 0 && !empty)
        return feed_refuse(r, node, N_("Write it, or leave the key out."), N_("the text is empty"));
    if (node->text.n > max)
        return feed_refuse(r, node, NULL, N_("the text is longer than %zu bytes"), max);
    *ret = node->text;
    return 0;
}

int feed_take_list(const struct feed_reader *r, const struct feed_node *node, size_t max,
                   bool empty, const struct slice **ret, size_t *ret_count)
{
    size_t count = node->kind == NODE_SCALAR ? 1 : node->count;
    struct slice *list = ARENA_ARRAY(r->arena, count ? count : 1, struct slice);

    if (node->kind == NODE_MAP)
        return feed_refuse(r, node, N_("Write it as [one, another]."), N_("a list is needed here"));
    if (count > max)
        return feed_refuse(r, node, NULL, N_("the list is longer than %zu"), max);
    for (size_t i = 0; i < count; i++) {
        const struct feed_node *item = node->kind == NODE_SCALAR ? node : node->items[i];
        int rc = feed_take_text(r, item, 200, empty, &list[i]);
        if (rc < 0)
            return rc;
    }
    *ret = list;
    *ret_count = count;
    return 0;
}

int feed_take_yes(const struct feed_reader *r, const struct feed_node *node, bool *ret)
{
    if (!node)
        return 0;
    bool yes = node->kind == NODE_SCALAR &&
               (slice_is(node->text, "yes") || slice_is(node->text, "true"));
    bool no = node->kind == NODE_SCALAR &&
              (slice_is(node->text, "no") || slice_is(node->text, "false"));
    if (!yes && !no)
        return feed_refuse(r, node, N_("Write yes or no."), N_("yes or no is needed here"));
    *ret = yes;
    return 0;
}

/* ---- the top ---- */

static bool hyphenated(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              (s.p[i] == '-' && i > 0)))
            return false;
    return s.n > 0;
}

static int take_name(struct feed_reader *r, const struct feed_node *node)
{
    struct slice name;
    int rc = feed_take_text(r, node, NAME_MAX_SIZE, false, &name);

    if (rc == 0 && !hyphenated(name))
        rc = feed_refuse(r, node,
                         N_("Write small letters, digits and hyphens, such as prison-admissions."),
                         N_("this is no name for a feed"));
    if (rc == 0)
        r->feed->name = arena_string(r->arena, name);
    return rc;
}

static int take_title(struct feed_reader *r, const struct feed_node *node)
{
    static const char *const keys[] = {"zh", "en"};
    struct feed_node *got[COUNT(keys)];
    int rc = feed_take_keys(r, node, keys, COUNT(keys), COUNT(keys), got);

    if (rc == 0)
        rc = feed_take_text(r, got[0], TITLE_MAX, false, &r->feed->title_zh);
    return rc < 0 ? rc : feed_take_text(r, got[1], TITLE_MAX, false, &r->feed->title_en);
}

static int take_department(struct feed_reader *r, const struct feed_node *node)
{
    int rc = feed_take_text(r, node, NAME_MAX_SIZE, false, &r->feed->department);
    struct slice shown = feed_shown(node->text);

    if (rc < 0 || department_known(r->feed->department))
        return rc;
    return feed_refuse(r, node,
                       N_("Departments are spelt like civil_affairs, public_security, justice."),
                       N_("there is no department “%.*s”"), (int)shown.n, shown.p);
}

static int take_length(struct feed_reader *r, const struct feed_node *node, struct duration *ret)
{
    struct slice text;
    struct duration d;

    if (!node)
        return 0;
    int rc = feed_take_text(r, node, 32, false, &text);
    if (rc < 0)
        return rc;
    if (!duration_parse(text, &d) || d.years + d.months + d.weeks + d.days == 0)
        return feed_refuse(r, node, N_("Write a duration such as P1D, P1W, P1M or P1Y."),
                           N_("this is no length of time"));
    *ret = d;
    return 0;
}

static int take_sheet(struct feed_reader *r, const struct feed_node *node)
{
    struct slice text;

    if (!node)
        return 0;
    int rc = feed_take_text(r, node, SHEET_MAX, false, &text);
    if (rc < 0)
        return rc;
    const char *star = memchr(text.p, '*', text.n);
    if (star && star + 1 != text.p + text.n)
        return feed_refuse(r, node, N_("Write the sheet's name, or its beginning and a *."),
                           N_("a * may stand at the end alone"));
    r->feed->sheet = arena_string(r->arena, text);
    return 0;
}

/* Names of a table and its columns go into SQL: quoted there, and plain here. */
static bool sql_name(struct slice s, bool dotted)
{
    size_t part = 0;

    for (size_t i = 0; i < s.n; i++, part++) {
        char c = s.p[i];
        if (c == '.' && dotted && part > 0 && i + 1 < s.n) {
            dotted = false;
            part = (size_t)-1;
        } else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                     (c >= '0' && c <= '9' && part > 0)))
            return false;
    }
    return s.n > 0;
}

static int take_exchange(struct feed_reader *r, const struct feed_node *node)
{
    static const char *const keys[] = {"table", "cursor"};
    struct feed_node *got[COUNT(keys)];
    const struct slice *cursor;
    struct slice table;
    size_t count;

    if (!node)
        return 0;
    int rc = feed_take_keys(r, node, keys, COUNT(keys), COUNT(keys), got);
    if (rc == 0)
        rc = feed_take_text(r, got[0], NAME_MAX_SIZE, false, &table);
    if (rc == 0)
        rc = feed_take_list(r, got[1], 2, false, &cursor, &count);
    if (rc < 0)
        return rc;
    bool good = sql_name(table, true) && count > 0;
    for (size_t i = 0; i < count && good; i++) {
        good = cursor[i].n <= NAME_MAX_SIZE && sql_name(cursor[i], false);
        r->feed->exchange_cursor[i] = arena_string(r->arena, cursor[i]);
    }
    if (!good)
        return feed_refuse(
            r, node,
            N_("Write {table: rjry, cursor: [gxsj, id]}: letters, digits and underscores."),
            N_("a table and one or two columns are needed here"));
    r->feed->exchange_table = arena_string(r->arena, table);
    return 0;
}

static int take_lists(struct feed_reader *r, const struct feed_node *empty,
                      const struct feed_node *ignore)
{
    struct feed *f = r->feed;
    int rc = 0;

    if (empty)
        rc = feed_take_list(r, empty, EMPTY_MAX, false, &f->empty, &f->empty_count);
    if (rc == 0 && ignore)
        rc = feed_take_list(r, ignore, IGNORED_MAX, false, &f->ignored, &f->ignored_count);
    return rc;
}

enum { FEED, TITLE, DEPARTMENT, COLUMNS, RECORDS, INTERVAL, GRACE, SHEET, EMPTY, IGNORE, EXCHANGE };
static const char *const keys[] = {
    [FEED] = "feed",       [TITLE] = "title",      [DEPARTMENT] = "department",
    [COLUMNS] = "columns", [RECORDS] = "records",  [INTERVAL] = "interval",
    [GRACE] = "grace",     [SHEET] = "sheet",      [EMPTY] = "empty",
    [IGNORE] = "ignore",   [EXCHANGE] = "exchange"};

static int take_all(struct feed_reader *r, const struct feed_node *top)
{
    struct feed_node *got[COUNT(keys)];
    int rc = feed_take_keys(r, top, keys, COUNT(keys), RECORDS + 1, got);

    if (rc < 0 || (rc = take_name(r, got[FEED])) < 0 || (rc = take_title(r, got[TITLE])) < 0 ||
        (rc = take_department(r, got[DEPARTMENT])) < 0 ||
        (rc = take_length(r, got[INTERVAL], &r->feed->interval)) < 0 ||
        (rc = take_length(r, got[GRACE], &r->feed->grace)) < 0)
        return rc;
    if (got[GRACE] && !got[INTERVAL])
        return feed_refuse(r, got[GRACE], N_("Write interval: P1M, or leave `grace` out."),
                           N_("`grace` says nothing without `interval`"));
    if ((rc = take_sheet(r, got[SHEET])) < 0 || (rc = take_lists(r, got[EMPTY], got[IGNORE])) < 0 ||
        (rc = feed_take_columns(r, got[COLUMNS])) < 0 ||
        (rc = feed_take_records(r, got[RECORDS])) < 0)
        return rc;
    return take_exchange(r, got[EXCHANGE]);
}

int feed_parse(const struct source *text, struct arena *arena, struct feed **ret, struct error *e)
{
    struct error own = {.language = LANGUAGE_EN};
    struct source copy = {text->file,
                          arena_copy(arena, text->text.p ? text->text : SLICE_LITERAL(""))};
    struct feed *f = ARENA_NEW(arena, struct feed);
    struct feed_reader r = {&copy, arena, e ? e : &own, f};
    struct feed_node *top;
    uint8_t digest[EVP_MAX_MD_SIZE];
    int rc = feed_yaml_read(&copy, arena, &top, r.error);

    if (rc == 0)
        rc = take_all(&r, top);
    if (rc < 0)
        return rc;
    f->text = copy.text;
    if (EVP_Digest(f->text.p, f->text.n, digest, NULL, EVP_sha256(), NULL) != 1)
        return error_set(e, ERR_CRYPTO, NULL);
    memcpy(f->hash, digest, sizeof f->hash);
    *ret = f;
    return 0;
}
