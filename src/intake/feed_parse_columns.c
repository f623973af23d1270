/* `columns` of a mapping: under which names each is met, and how its cells are read. */
#include "intake/feed_parse.h"

#define COLUMN_NAME_MAX 40
#define CODES_MAX 512
#define CODE_SIZE_MAX 200

enum { NAMED, FORM, OPTIONAL, LAST_DAY, UNIT, CODES, OTHERWISE };
static const char *const keys[] = {
    [NAMED] = "named", [FORM] = "form",   [OPTIONAL] = "optional",  [LAST_DAY] = "last_day",
    [UNIT] = "unit",   [CODES] = "codes", [OTHERWISE] = "otherwise"};

static int take_column_name(const struct feed_reader *r, const struct feed_node *key,
                            const char **ret)
{
    struct slice s = key->text;
    bool good = s.n > 0 && s.n <= COLUMN_NAME_MAX && s.p[0] >= 'a' && s.p[0] <= 'z';

    for (size_t i = 0; i < s.n && good; i++)
        good = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
               s.p[i] == '_';
    if (!good)
        return feed_refuse(r, key,
                           N_("Write small letters, digits and underscores, such as id_no."),
                           N_("this is no name for a column of a mapping"));
    if (feed_column_find(r->feed, s) >= 0)
        return feed_refuse(r, key, N_("Leave one of the two."),
                           N_("this column stands here already"));
    *ret = arena_string(r->arena, s);
    return 0;
}

/* A name that two columns have would be taken by whichever comes first. */
static bool named_already(const struct feed_reader *r, struct slice folded)
{
    const struct feed *f = r->feed;

    for (size_t i = 0; i < f->ignored_count; i++)
        if (slice_equal(feed_fold(f->ignored[i], r->arena), folded))
            return true;
    for (size_t i = 0; i < f->column_count; i++)
        for (size_t k = 0; k < f->columns[i].named_count; k++)
            if (slice_equal(feed_fold(f->columns[i].named[k], r->arena), folded))
                return true;
    return false;
}

static int take_names(const struct feed_reader *r, const struct feed_node *node,
                      struct feed_column *c)
{
    const struct slice *list;
    size_t count;
    int rc = feed_take_list(r, node, FEED_NAMES_MAX, false, &list, &count);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const struct feed_node *at = node->kind == NODE_SCALAR ? node : node->items[i];
        struct slice folded = feed_fold(list[i], r->arena);
        bool twice = named_already(r, folded);
        for (size_t k = 0; k < i; k++)
            twice = twice || slice_equal(feed_fold(c->named[k], r->arena), folded);
        if (folded.n == 0 || twice)
            return feed_refuse(
                r, at,
                N_("Each name of a column stands once in a mapping, also among those ignored."),
                N_("this name stands in the mapping already, or is empty"));
        c->named[i] = list[i];
    }
    c->named_count = count;
    return count > 0 ? 0
                     : feed_refuse(r, node, N_("Write the names under which the column is met."),
                                   N_("the list is empty"));
}

static int take_form(const struct feed_reader *r, const struct feed_node *node,
                     struct feed_column *c)
{
    if (!node)
        return 0;
    struct nearest near = nearest_to(node->text);
    struct slice text, shown = feed_shown(node->text);
    int rc = feed_take_text(r, node, COLUMN_NAME_MAX, false, &text);
    if (rc < 0)
        return rc;
    c->form = feed_form_parse(text);
    if (c->form < FORM_COUNT)
        return 0;
    for (int form = 0; form < FORM_COUNT; form++)
        nearest_try(&near, feed_form_name((enum feed_form)form));
    feed_refuse(r, node, NULL, N_("there is no form “%.*s”"), (int)shown.n, shown.p);
    return nearest_hint(&near, r->error,
                        N_("Forms are text, id_number, date, month, term, code, number, division, "
                           "icd and moment."));
}

static int take_codes(const struct feed_reader *r, const struct feed_node *node,
                      struct feed_column *c)
{
    if (node->kind != NODE_MAP || node->count > CODES_MAX)
        return feed_refuse(r, node, N_("Write {在押: in, 撤销: void}, with at most 512 codes."),
                           N_("a table of codes is needed here"));
    struct feed_code *codes = ARENA_ARRAY(r->arena, node->count ? node->count : 1,
                                          struct feed_code);
    for (size_t i = 0; i < node->count; i++) {
        const struct feed_node *key = node->items[2 * i], *value = node->items[2 * i + 1];
        int rc = feed_take_text(r, key, CODE_SIZE_MAX, true, &codes[i].from);
        if (rc == 0)
            rc = feed_take_text(r, value, CODE_SIZE_MAX, true, &codes[i].to);
        if (rc < 0)
            return rc;
        struct slice folded = feed_fold(codes[i].from, r->arena);
        for (size_t k = 0; k < i; k++)
            if (slice_equal(feed_fold(codes[k].from, r->arena), folded))
                return feed_refuse(r, key, N_("Leave one of the two."),
                                   N_("this code stands in the table already"));
    }
    c->codes = codes;
    c->code_count = node->count;
    return 0;
}

static int take_unit(const struct feed_reader *r, const struct feed_node *node,
                     struct feed_column *c)
{
    int rc = feed_take_text(r, node, COLUMN_NAME_MAX, false, &c->unit);

    if (rc < 0 || slice_is(c->unit, "day") || slice_is(c->unit, "month") ||
        slice_is(c->unit, "year"))
        return rc;
    return feed_refuse(r, node, N_("Write day, month or year."), N_("this is no unit of a term"));
}

static int belongs_to(const struct feed_reader *r, const struct feed_node *node, const char *key,
                      const char *form)
{
    return feed_refuse(r, node, N_("Mend the form, or leave the key out."),
                       N_("`%s` belongs to the form %s alone"), key, form);
}

static int take_reading(const struct feed_reader *r, const struct feed_node *column,
                        struct feed_node *const *got, struct feed_column *c)
{
    int rc = take_form(r, got[FORM], c);

    if (rc < 0)
        return rc;
    if (got[LAST_DAY] && c->form != FORM_DATE)
        return belongs_to(r, got[LAST_DAY], "last_day", "date");
    if (got[UNIT] && c->form != FORM_TERM)
        return belongs_to(r, got[UNIT], "unit", "term");
    if ((got[CODES] || got[OTHERWISE]) && c->form != FORM_CODE)
        return belongs_to(r, got[CODES] ? got[CODES] : got[OTHERWISE],
                          got[CODES] ? "codes" : "otherwise", "code");
    if (c->form == FORM_CODE && !got[CODES])
        return feed_refuse(r, column, N_("Write codes: {在押: in, 撤销: void}."),
                           N_("the form code needs `codes`"));
    if ((rc = feed_take_yes(r, got[OPTIONAL], &c->optional)) < 0 ||
        (rc = feed_take_yes(r, got[LAST_DAY], &c->last_day)) < 0)
        return rc;
    if (got[UNIT])
        rc = take_unit(r, got[UNIT], c);
    if (rc == 0 && got[CODES])
        rc = take_codes(r, got[CODES], c);
    if (rc == 0 && got[OTHERWISE])
        rc = feed_take_text(r, got[OTHERWISE], CODE_SIZE_MAX, true, &c->otherwise);
    return rc;
}

int feed_take_columns(struct feed_reader *r, const struct feed_node *map)
{
    struct feed_node *got[COUNT(keys)];

    if (map->kind != NODE_MAP || map->count == 0 || map->count > FEED_COLUMNS_MAX)
        return feed_refuse(
            r, map, N_("Write a line for each, such as key: {named: [入监编号]}; at most 64."),
            N_("columns are needed here"));
    struct feed_column *columns = ARENA_ARRAY(r->arena, map->count, struct feed_column);
    r->feed->columns = columns;
    for (size_t i = 0; i < map->count; i++) {
        const struct feed_node *key = map->items[2 * i], *value = map->items[2 * i + 1];
        struct feed_column *c = &columns[i];
        c->line = key->line;
        c->empty = r->feed->empty;
        c->empty_count = r->feed->empty_count;
        int rc = take_column_name(r, key, &c->name);
        if (rc == 0)
            rc = feed_take_keys(r, value, keys, COUNT(keys), NAMED + 1, got);
        if (rc == 0)
            rc = take_names(r, got[NAMED], c);
        if (rc == 0)
            rc = take_reading(r, value, got, c);
        if (rc < 0)
            return rc;
        r->feed->column_count++;
    }
    return 0;
}
