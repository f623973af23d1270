/* Which column gets which use: the surest first, each use once, but for a value in two parts and for two ends. */
#include "intake/suggest_inside.h"

#define SURE 0.4 /* less than this is not said */
/* A certificate has the day to which it is valid and the day on which it was cancelled; a second end is believed only
 * when it is quite sure. */
#define SECOND_END 0.75

static bool taken(const struct suggesting *s, enum suggest_use use, const struct weighed *c)
{
    size_t count = 0;

    if (use == USE_IGNORE)
        return false;
    for (size_t i = 0; i < s->column_count; i++) {
        if (s->columns[i].use != use)
            continue;
        bool another = use == USE_VALUE ? s->columns[i].group != c->group
                                        : use == USE_TO && c->score[USE_TO] >= SECOND_END;
        if (!another || ++count == 2)
            return true;
    }
    return false;
}

static bool one_more(struct suggesting *s)
{
    struct weighed *best = NULL;
    enum suggest_use as = USE_NONE;
    double score = SURE;

    for (size_t i = 0; i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        if (c->use != USE_NONE || c->unusable || c->twin)
            continue;
        for (int u = USE_NONE + 1; u < USE_COUNT; u++)
            if (c->score[u] > score && !taken(s, (enum suggest_use)u, c)) {
                best = c;
                as = (enum suggest_use)u;
                score = c->score[u];
            }
    }
    if (!best)
        return false;
    best->use = as;
    best->sureness = score;
    return true;
}

/* How often the days of one column are not after those of another in the same row. */
static size_t in_order(const struct suggesting *s, const struct weighed *a, const struct weighed *b,
                       size_t *ret_compared)
{
    size_t hits = 0;
    struct arena scratch = ARENA_EMPTY;

    *ret_compared = 0;
    for (size_t i = 0; i < s->row_count; i++) {
        struct sheet_cell x = suggest_cell(&s->rows[i], (size_t)(a - s->columns)),
                          y = suggest_cell(&s->rows[i], (size_t)(b - s->columns));
        day from, to;
        if (suggest_date(x.text, x.kind, &scratch, &from) &&
            suggest_date(y.text, y.kind, &scratch, &to)) {
            ++*ret_compared;
            hits += from <= to;
        }
        arena_reset(&scratch);
    }
    arena_end(&scratch);
    return hits;
}

static struct weighed *used(struct suggesting *s, enum suggest_use use)
{
    for (size_t i = 0; i < s->column_count; i++)
        if (s->columns[i].use == use)
            return &s->columns[i];
    return NULL;
}

static bool free_dates(const struct weighed *c)
{
    return c->use == USE_NONE && !c->unusable && !c->twin && c->profile.cells > 0 &&
           2 * c->profile.dates >= c->profile.cells && c->profile.birth < 0.7;
}

/* Whether the days of `a` are hardly ever after those of `b`, in rows enough to say so. */
static bool precedes(const struct suggesting *s, const struct weighed *a, const struct weighed *b)
{
    size_t compared, hits = in_order(s, a, b, &compared);

    return compared >= 5 && hits * 10 >= compared * 9;
}

/* Where no name says the beginning for sure, it is the full column of dates that comes before the others. */
static void find_begin(struct suggesting *s)
{
    struct weighed *from = used(s, USE_FROM);

    if (from && from->sureness >= 0.75)
        return;
    for (size_t i = 0; i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        if (!free_dates(c) || c->profile.empty * 10 > s->row_count)
            continue;
        if (from && !(precedes(s, c, from) && !precedes(s, from, c)))
            continue;
        if (from)
            from->use = USE_NONE; /* find_end has the next word on it */
        c->use = USE_FROM;
        c->sureness = 0.5;
        from = c;
    }
}

/* A second column of dates, never before the first, is the end. */
static void find_end(struct suggesting *s)
{
    struct weighed *from = used(s, USE_FROM);

    for (size_t i = 0; from && !used(s, USE_TO) && i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        size_t compared, hits;
        if (!free_dates(c))
            continue;
        hits = in_order(s, from, c, &compared);
        if (compared < 5 || hits * 10 < compared * 9)
            continue;
        c->use = USE_TO;
        c->sureness = 0.5;
        suggest_say(c, USE_TO, N_("{hits} of {cells} days are not before those of “{what}”"), hits,
                    compared, from->header);
    }
}

/* Dates beside an "end" that never lie before it are no beginning: the two were named the wrong way round. */
static void mind_order(struct suggesting *s)
{
    struct weighed *from = used(s, USE_FROM), *to = used(s, USE_TO);
    size_t compared = 0, hits = from && to ? in_order(s, from, to, &compared) : 0;

    if (compared >= 10 && hits * 10 < compared && from->sureness < 0.7 && to->sureness < 0.7) {
        from->use = USE_TO;
        to->use = USE_FROM;
    }
}

static enum feed_form form_of(const struct weighed *c)
{
    const struct profile *p = &c->profile;

    switch (c->use) {
    case USE_ID_NO:
    case USE_OTHER_PARTY: return FORM_ID_NUMBER;
    case USE_FROM:
    case USE_TO:
    case USE_BIRTH_DATE: return p->months > p->dates ? FORM_MONTH : FORM_DATE;
    case USE_DIVISION: return FORM_DIVISION;
    case USE_VALUE:
        if (p->cells && 2 * p->icd >= p->cells)
            return FORM_ICD;
        if (p->cells && 2 * p->terms >= p->cells)
            return FORM_TERM;
        return p->cells && 2 * p->divisions >= p->cells ? FORM_DIVISION : FORM_TEXT;
    default: return FORM_TEXT;
    }
}

/* A column that holds what is sensitive is never left out in silence. */
static void mind_sensitive(struct suggesting *s, struct weighed *c)
{
    bool decided = s->like && slice_is(s->name, s->like->name) &&
                   suggest_ignores(s->like, c->folded);

    if ((c->use != USE_NONE && c->use != USE_IGNORE) || decided)
        return;
    /* Names that stand alone in their cells: nothing around them gives them away to the search in texts. */
    if (c->contents.kind == DETECT_NONE && c->profile.cells >= 5 &&
        2 * c->profile.names >= c->profile.cells)
        c->contents = (struct detect_column){DETECT_NAME, c->profile.cells, c->profile.names};
    c->sensitive = detect_column_sensitive(&c->contents);
    if (!c->sensitive)
        return;
    c->use = USE_NONE;
    suggest_say(c, USE_NONE,
                N_("it holds what is sensitive, and a record has no place for it: decide what "
                   "becomes of it"),
                c->contents.hits, c->contents.cells, SLICE_NONE);
}

void suggest_assign(struct suggesting *s)
{
    while (one_more(s))
        ;
    find_begin(s);
    find_end(s);
    mind_order(s);
    for (size_t i = 0; i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        c->form = form_of(c);
        if (c->unusable)
            suggest_say(c, USE_NONE,
                        N_("a mapping cannot name it: its name is empty, too long, or holds "
                           "control characters"),
                        0, 0, SLICE_NONE);
        if (c->twin)
            suggest_say(c, USE_NONE,
                        N_("another column has the same name; the first of them counts"), 0, 0,
                        SLICE_NONE);
        mind_sensitive(s, c);
    }
}
