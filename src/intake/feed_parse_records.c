/* `records` of a mapping: what a row becomes, and when it becomes nothing. */
#include "intake/feed_parse.h"

#define TEMPLATE_MAX 200
#define RANK_DIGITS 9
#define VALUES_MAX 32

enum {
    KIND,
    KEY,
    ID_NO,
    FROM,
    NAME,
    BIRTH_DATE,
    DIVISION,
    TO,
    VALUE,
    NOTE,
    REVISION,
    WHEN,
    UNLESS,
    WITHDRAWN
};
static const char *const keys[] = {[KIND] = "kind",         [KEY] = "record_key",
                                   [ID_NO] = "id_no",       [FROM] = "from",
                                   [NAME] = "name",         [BIRTH_DATE] = "birth_date",
                                   [DIVISION] = "division", [TO] = "to",
                                   [VALUE] = "value",       [NOTE] = "note",
                                   [REVISION] = "revision", [WHEN] = "when",
                                   [UNLESS] = "unless",     [WITHDRAWN] = "withdrawn"};

/* Which column of a record each template fills; the forms of which the one column that it names must be. */
static const struct target {
    int key;
    enum record_column column;
    unsigned forms; /* bits 1 << form; 0: any template */
    const char *hint;
} targets[] = {{KEY, RECORD_KEY, 0, NULL},
               {ID_NO, RECORD_ID_NO, 1u << FORM_ID_NUMBER,
                N_("Write \"{column}\" with a column of the form id_number.")},
               {FROM, RECORD_FROM, 1u << FORM_DATE | 1u << FORM_MONTH,
                N_("Write \"{column}\" with a column of the form date or month.")},
               {NAME, RECORD_NAME, 0, NULL},
               {BIRTH_DATE, RECORD_BIRTH_DATE, 1u << FORM_DATE,
                N_("Write \"{column}\" with a column of the form date.")},
               {DIVISION, RECORD_DIVISION, 1u << FORM_DIVISION,
                N_("Write \"{column}\" with a column of the form division.")},
               {TO, RECORD_TO, 1u << FORM_DATE | 1u << FORM_MONTH,
                N_("Write \"{column}\" with a column of the form date or month.")},
               {VALUE, RECORD_VALUE, 0, NULL},
               {NOTE, RECORD_NOTE, 0, NULL},
               {REVISION, RECORD_REVISION, 1u << FORM_DATE | 1u << FORM_MOMENT | 1u << FORM_NUMBER,
                N_("Write \"{column}\" with a column of the form moment, date or number.")}};

/* ---- templates ---- */

static int unknown_column(const struct feed_reader *r, const struct feed_node *at,
                          struct slice name)
{
    struct nearest near = nearest_to(name);
    struct slice shown = feed_shown(name);

    for (size_t i = 0; i < r->feed->column_count; i++)
        nearest_try(&near, r->feed->columns[i].name);
    feed_refuse(r, at, NULL, N_("there is no column “%.*s” in this mapping"), (int)shown.n,
                shown.p);
    return nearest_hint(&near, r->error, N_("Name one of the mapping's `columns`."));
}

static int take_pieces(const struct feed_reader *r, const struct feed_node *node, struct slice *ret,
                       struct feed_piece pieces[FEED_PIECES_MAX], size_t *ret_count)
{
    int rc = feed_take_text(r, node, TEMPLATE_MAX, false, ret);

    if (rc < 0)
        return rc;
    *ret_count = feed_pieces(*ret, pieces);
    if (*ret_count == 0)
        return feed_refuse(r, node, N_("Write \"{column}\", with text around it where needed."),
                           N_("the braces of this template do not fit, or it has too many pieces"));
    for (size_t i = 0; i < *ret_count; i++)
        if (pieces[i].column && feed_column_find(r->feed, pieces[i].text) < 0)
            return unknown_column(r, node, pieces[i].text);
    return 0;
}

/* The same for every row of the file, which orders one list behind another: among records of one rank the order of
 * arrival decides. */
static bool is_rank(const struct target *t, const struct feed_piece *pieces, size_t count)
{
    struct slice text = pieces[0].text;

    if (t->key != REVISION || count != 1 || pieces[0].column || text.n == 0 || text.n > RANK_DIGITS)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return true;
}

static int take_template(const struct feed_reader *r, const struct feed_node *node,
                         const struct target *t, struct feed_record *record)
{
    struct feed_piece pieces[FEED_PIECES_MAX];
    size_t count;
    int rc = take_pieces(r, node, &record->templates[t->column], pieces, &count);

    if (rc < 0 || t->forms == 0 || is_rank(t, pieces, count))
        return rc;
    if (count == 1 && pieces[0].column &&
        (t->forms & 1u << r->feed->columns[feed_column_find(r->feed, pieces[0].text)].form))
        return 0;
    return feed_refuse(r, node, t->hint, N_("`%s` cannot be made of this"), keys[t->key]);
}

/* A diagnosis leaves the health side as a block or a level, never as it stands. */
static bool of_health(enum record_kind kind)
{
    return kind == KIND_SELF_HARM_VISIT || kind == KIND_SLEEP_DISORDER_VISIT ||
           kind == KIND_PSYCHIATRIC_DIAGNOSIS || kind == KIND_ABNORMAL_INJURY_VISIT;
}

static int check_health(const struct feed_reader *r, const struct feed_node *node,
                        const struct feed_record *record)
{
    struct feed_piece pieces[FEED_PIECES_MAX];
    size_t count = feed_pieces(record->templates[RECORD_VALUE], pieces);

    for (size_t i = 0; i < count && of_health(record->kind); i++) {
        int column = pieces[i].column ? feed_column_find(r->feed, pieces[i].text) : -1;
        enum feed_form form = column < 0 ? FORM_CODE : r->feed->columns[column].form;
        if (form != FORM_ICD && form != FORM_CODE)
            return feed_refuse(
                r, node, N_("Read the column with the form icd, or code with a table of levels."),
                N_("a diagnosis is not taken as it stands"));
    }
    return 0;
}

/* ---- the kind ---- */

static int unknown_kind(const struct feed_reader *r, const struct feed_node *at, struct slice name)
{
    struct nearest near = nearest_to(name);
    struct slice shown = feed_shown(name);

    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
        nearest_try(&near, record_kind_name((enum record_kind)k));
    feed_refuse(r, at, NULL, N_("there is no kind of record “%.*s”"), (int)shown.n, shown.p);
    return nearest_hint(&near, r->error, N_("`humiao help kinds` lists them."));
}

static int check_kind_codes(const struct feed_reader *r, const struct feed_node *node,
                            const struct feed_column *c)
{
    for (size_t i = 0; i <= c->code_count; i++) {
        struct slice kind = i < c->code_count ? c->codes[i].to : c->otherwise;
        if (kind.n > 0 && record_kind_parse(kind) == KIND_NONE)
            return unknown_kind(r, node, kind);
        if (kind.n > 0 && of_health(record_kind_parse(kind)))
            return feed_refuse(
                r, node, N_("Write a record of its own for it, with `when`."),
                N_("a kind that holds a diagnosis is named, not taken from a column"));
    }
    return 0;
}

static int take_kind(const struct feed_reader *r, const struct feed_node *node,
                     struct feed_record *record)
{
    struct feed_piece pieces[FEED_PIECES_MAX];
    struct slice text;
    size_t count;
    int rc = take_pieces(r, node, &text, pieces, &count);

    if (rc < 0)
        return rc;
    if (count == 1 && !pieces[0].column) {
        record->kind = record_kind_parse(text);
        return record->kind != KIND_NONE ? 0 : unknown_kind(r, node, text);
    }
    const struct feed_column *c = pieces[0].column
                                      ? &r->feed->columns[feed_column_find(r->feed, pieces[0].text)]
                                      : NULL;
    if (count != 1 || !c || c->form != FORM_CODE)
        return feed_refuse(r, node,
                           N_("Write a kind, or \"{column}\" with a column of the form code."),
                           N_("`%s` cannot be made of this"), "kind");
    record->templates[RECORD_KIND] = text;
    return check_kind_codes(r, node, c);
}

/* ---- conditions ---- */

/* What a column of codes never gives would never hold. */
static int check_code(const struct feed_reader *r, const struct feed_node *at,
                      const struct feed_column *c, struct slice value)
{
    struct nearest near = nearest_to(value);
    struct slice shown = feed_shown(value);

    if (value.n == 0 || (c->otherwise.p && slice_equal(c->otherwise, value)))
        return 0;
    for (size_t i = 0; i < c->code_count; i++) {
        if (slice_equal(c->codes[i].to, value))
            return 0;
        nearest_try(&near, arena_string(r->arena, c->codes[i].to));
    }
    feed_refuse(r, at, NULL, N_("the column %s never gives “%.*s”"), c->name, (int)shown.n,
                shown.p);
    return nearest_hint(&near, r->error,
                        N_("Name what stands at the right in the column's `codes`."));
}

static int take_condition(const struct feed_reader *r, const struct feed_node *node, bool negated,
                          struct feed_condition *ret)
{
    struct feed_condition c = {.negated = negated};

    if (node->kind != NODE_MAP || node->count != 1)
        return feed_refuse(r, node, N_("Write {status: void} or {status: [one, another]}."),
                           N_("one column with its values is needed here"));
    c.column = feed_column_find(r->feed, node->items[0]->text);
    if (c.column < 0)
        return unknown_column(r, node->items[0], node->items[0]->text);
    const struct feed_node *values = node->items[1];
    int rc = feed_take_list(r, values, VALUES_MAX, true, &c.values, &c.count);
    if (rc < 0)
        return rc;
    if (c.count == 0)
        return feed_refuse(r, values, N_("Name at least one value."), N_("the list is empty"));
    for (size_t i = 0; i < c.count && rc == 0 && r->feed->columns[c.column].form == FORM_CODE; i++)
        rc = check_code(r, values->kind == NODE_SCALAR ? values : values->items[i],
                        &r->feed->columns[c.column], c.values[i]);
    if (rc == 0)
        *ret = c;
    return rc;
}

static int take_conditions(const struct feed_reader *r, struct feed_node *const *got,
                           struct feed_record *record)
{
    int rc = 0;

    record->when.column = record->withdrawn.column = -1;
    if (got[WHEN] && got[UNLESS])
        return feed_refuse(r, got[UNLESS], N_("Leave one of the two."),
                           N_("a record has either `when` or `unless`"));
    if (got[WHEN])
        rc = take_condition(r, got[WHEN], false, &record->when);
    if (rc == 0 && got[UNLESS])
        rc = take_condition(r, got[UNLESS], true, &record->when);
    if (rc == 0 && got[WITHDRAWN])
        rc = take_condition(r, got[WITHDRAWN], false, &record->withdrawn);
    return rc;
}

/* ---- all of them ---- */

static int take_record(const struct feed_reader *r, const struct feed_node *node,
                       struct feed_record *record)
{
    struct feed_node *got[COUNT(keys)];
    int rc = feed_take_keys(r, node, keys, COUNT(keys), FROM + 1, got);

    if (rc == 0)
        rc = take_kind(r, got[KIND], record);
    for (size_t i = 0; i < COUNT(targets) && rc == 0; i++)
        if (got[targets[i].key])
            rc = take_template(r, got[targets[i].key], &targets[i], record);
    if (rc == 0 && got[VALUE])
        rc = check_health(r, got[VALUE], record);
    return rc < 0 ? rc : take_conditions(r, got, record);
}

static bool uses(const struct feed_record *record, const struct feed_column *c, int place)
{
    struct feed_piece pieces[FEED_PIECES_MAX];

    if (record->when.column == place || record->withdrawn.column == place)
        return true;
    for (int t = 0; t < RECORD_COLUMN_COUNT; t++)
        for (size_t i = feed_pieces(record->templates[t], pieces); i-- > 0;)
            if (pieces[i].column && slice_is(pieces[i].text, c->name))
                return true;
    return false;
}

/* What no record needs is not taken: data that nobody reads should not travel. */
static int check_use(const struct feed_reader *r)
{
    for (size_t i = 0; i < r->feed->column_count; i++) {
        const struct feed_column *c = &r->feed->columns[i];
        bool used = false;
        for (size_t k = 0; k < r->feed->record_count && !used; k++)
            used = uses(&r->feed->records[k], c, (int)i);
        if (!used)
            return feed_refuse(r, &(struct feed_node){.line = c->line, .column = 1},
                               N_("Put its names under `ignore`, or use it in a record."),
                               N_("the column %s is in no record"), c->name);
    }
    return 0;
}

int feed_take_records(struct feed_reader *r, const struct feed_node *list)
{
    if (list->kind != NODE_LIST || list->count == 0 || list->count > FEED_RECORDS_MAX)
        return feed_refuse(r, list,
                           N_("A row makes one to four records; each begins with - kind: ."),
                           N_("records are needed here"));
    struct feed_record *records = ARENA_ARRAY(r->arena, list->count, struct feed_record);
    for (size_t i = 0; i < list->count; i++) {
        int rc = take_record(r, list->items[i], &records[i]);
        if (rc < 0)
            return rc;
    }
    r->feed->records = records;
    r->feed->record_count = list->count;
    return check_use(r);
}
