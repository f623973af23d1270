/* Which feed that is known already a sheet looks like. */
#include "intake/suggest_inside.h"

static const enum suggest_use uses_of_columns[RECORD_COLUMN_COUNT] = {
    [RECORD_KEY] = USE_RECORD_KEY,
    [RECORD_KIND] = USE_KIND,
    [RECORD_ID_NO] = USE_ID_NO,
    [RECORD_NAME] = USE_NAME,
    [RECORD_BIRTH_DATE] = USE_BIRTH_DATE,
    [RECORD_DIVISION] = USE_DIVISION,
    [RECORD_FROM] = USE_FROM,
    [RECORD_TO] = USE_TO,
    [RECORD_VALUE] = USE_VALUE,
    [RECORD_NOTE] = USE_NOTE,
    [RECORD_REVISION] = USE_REVISION,
};

/* Whether a template is this column alone (2), has it among other things (1), or not (0). */
static int mentions(struct slice template, const char *column)
{
    struct feed_piece pieces[FEED_PIECES_MAX];
    size_t count = template.p ? feed_pieces(template, pieces) : 0;

    for (size_t i = 0; i < count; i++)
        if (pieces[i].column && slice_is(pieces[i].text, column))
            return count == 1 ? 2 : 1;
    return 0;
}

/* The place that a column has for itself counts before one that it shares. */
static enum suggest_use use_in(const struct feed *f, size_t record, const char *column)
{
    const struct feed_record *r = &f->records[record];

    for (int most = 2; most > 0; most--)
        for (int i = 0; i < RECORD_COLUMN_COUNT; i++)
            if (uses_of_columns[i] && mentions(r->templates[i], column) == most)
                return uses_of_columns[i];
    return USE_NONE;
}

/* What tells records of several kinds from each other says the kind; else it says which rows count. */
static enum suggest_use use_as_condition(const struct feed *f, int column)
{
    enum suggest_use use = USE_IGNORE;
    enum record_kind kind = KIND_NONE;

    for (size_t i = 0; i < f->record_count; i++) {
        const struct feed_record *r = &f->records[i];
        if (r->when.column != column && r->withdrawn.column != column)
            continue;
        use = use == USE_KIND || (r->when.column == column && kind != KIND_NONE && kind != r->kind)
                  ? USE_KIND
                  : USE_STATE;
        kind = r->kind;
    }
    return use;
}

/* Whoever is the person of a later record only is the other party of the first. */
enum suggest_use suggest_use_of(const struct feed *f, int column)
{
    const char *name = f->columns[column].name;

    for (size_t i = 0; i < f->record_count; i++) {
        enum suggest_use use = use_in(f, i, name);
        if (use == USE_VALUE && f->columns[column].form == FORM_ID_NUMBER)
            return USE_OTHER_PARTY;
        if (use == USE_NAME && i > 0)
            return USE_OTHER_NAME;
        if (use != USE_NONE)
            return use;
    }
    return use_as_condition(f, column);
}

int suggest_column_named(const struct feed *f, struct slice folded)
{
    for (size_t i = 0; folded.n && i < f->column_count; i++)
        for (size_t n = 0; n < f->columns[i].named_count; n++)
            if (suggest_folds_to(f->columns[i].named[n], folded))
                return (int)i;
    return -1;
}

bool suggest_ignores(const struct feed *f, struct slice folded)
{
    for (size_t i = 0; folded.n && i < f->ignored_count; i++)
        if (suggest_folds_to(f->ignored[i], folded))
            return true;
    return false;
}

/* Matched columns of all that either has, and the feed's own ones count twice. */
static double likeness(const struct feed *f, const struct slice *headers, size_t count)
{
    size_t matched = 0, needed = 0, named = 0;

    for (size_t i = 0; i < count; i++) {
        bool ours = suggest_column_named(f, headers[i]) >= 0;
        matched += ours || suggest_ignores(f, headers[i]);
        named += ours;
    }
    for (size_t i = 0; i < f->column_count; i++)
        needed += !f->columns[i].optional;
    if (needed == 0 || count == 0)
        return 0;
    double own = (double)(named < needed ? named : needed) / (double)needed;
    return (2 * own + (double)matched / (double)count) / 3;
}

const struct feed *suggest_like(const struct feed_library *known, const struct slice *headers,
                                size_t count, double *ret_likeness)
{
    const struct feed *best = NULL;

    *ret_likeness = 0;
    for (size_t i = 0; known && i < known->count; i++) {
        double like = likeness(known->feeds[i], headers, count);
        if (like > *ret_likeness) {
            *ret_likeness = like;
            best = known->feeds[i];
        }
    }
    return *ret_likeness >= 0.34 ? best : NULL;
}

enum record_kind suggest_only_kind(const struct feed *f)
{
    for (size_t i = 0; i < f->record_count; i++)
        if (f->records[i].kind != f->records[0].kind)
            return KIND_NONE;
    return f->record_count ? f->records[0].kind : KIND_NONE;
}

bool suggest_has_rival(const struct feed_library *known, const struct feed *like,
                       double likeness_of_it, const struct slice *headers, size_t count)
{
    for (size_t i = 0; known && like && i < known->count; i++)
        if (suggest_only_kind(known->feeds[i]) != suggest_only_kind(like) &&
            likeness(known->feeds[i], headers, count) > likeness_of_it - 0.15)
            return true;
    return false;
}
