/* Each column is weighed for each use: by its name, by the names that other feeds use, by its contents. */
#include "intake/suggest_inside.h"

#include "people/id_number.h"

#include <string.h>

void suggest_say(struct weighed *c, enum suggest_use use, const char *msgid, size_t hits,
                 size_t cells, struct slice what)
{
    if (c->reason_count[use] < REASONS_MAX)
        c->reasons[use][c->reason_count[use]++] = (struct suggest_reason){msgid, (int64_t)hits,
                                                                          (int64_t)cells, what};
}

/* Reasons that do not depend on each other add up without ever reaching certainty. */
static void support(struct weighed *c, enum suggest_use use, double by)
{
    c->score[use] = 1 - (1 - c->score[use]) * (1 - by);
}

static void weaken(struct weighed *c, enum suggest_use use, double to) { c->score[use] *= to; }

static void by_words(struct weighed *c)
{
    for (int u = USE_NONE + 1; u < USE_COUNT; u++) {
        if (c->words.use[u] <= 0)
            continue;
        c->score[u] = c->words.use[u];
        suggest_say(c, (enum suggest_use)u, N_("its name says so: “{what}”"), 0, 0,
                    slice_from(c->words.word[u]));
    }
}

/* What the feeds that know this name use it for; the one that looks like this sheet has two voices. */
static void by_feeds(struct suggesting *s, struct weighed *c)
{
    size_t voices[USE_COUNT] = {0}, all = 0;
    const struct feed *who[USE_COUNT] = {NULL};

    for (size_t i = 0; s->known && i < s->known->count; i++) {
        const struct feed *f = s->known->feeds[i];
        int at = suggest_column_named(f, c->folded);
        enum suggest_use use = at >= 0                         ? suggest_use_of(f, at)
                               : suggest_ignores(f, c->folded) ? USE_IGNORE
                                                               : USE_NONE;
        if (use == USE_NONE)
            continue;
        size_t more = f == s->like ? 3 : 1;
        voices[use] += more;
        all += more;
        if (!who[use] || f == s->like)
            who[use] = f;
    }
    for (int u = USE_NONE + 1; u < USE_COUNT; u++)
        if (voices[u]) {
            support(c, (enum suggest_use)u,
                    (u == USE_IGNORE ? 0.6 : 0.8) * (double)voices[u] / (double)all);
            suggest_say(c, (enum suggest_use)u, N_("the source {what} calls it so"), 0, 0,
                        slice_from(who[u]->name));
        }
}

/* Fewer cells than this prove nothing against a name. */
#define PROOF 3

static void numbers_of_people(struct weighed *c)
{
    const struct profile *p = &c->profile;
    double share = (double)(p->id_numbers + p->id_near) / (double)p->cells;

    if (share >= 0.5) {
        support(c, USE_ID_NO, 0.85 * share);
        support(c, USE_OTHER_PARTY, 0.3 * share);
        suggest_say(c, USE_ID_NO, N_("{hits} of {cells} cells are identity numbers"), p->id_numbers,
                    p->cells, SLICE_NONE);
        suggest_say(c, USE_OTHER_PARTY, N_("{hits} of {cells} cells are identity numbers"),
                    p->id_numbers, p->cells, SLICE_NONE);
        for (int u = USE_NONE + 1; u < USE_COUNT; u++)
            if (u != USE_ID_NO && u != USE_OTHER_PARTY)
                weaken(c, (enum suggest_use)u, u == USE_RECORD_KEY ? 0.4 : 0.2);
    } else if (p->cells >= PROOF && share < 0.2) {
        weaken(c, USE_ID_NO, 0.3);
        weaken(c, USE_OTHER_PARTY, 0.3);
    }
}

static void dates(struct weighed *c)
{
    const struct profile *p = &c->profile;
    size_t hits = p->dates + p->months;
    double share = (double)hits / (double)p->cells;
    const enum suggest_use uses[] = {USE_FROM, USE_TO, USE_BIRTH_DATE};

    for (size_t i = 0; i < 3; i++) {
        if (share >= 0.5) {
            support(c, uses[i], i == 0 ? 0.35 : i == 1 ? 0.25 : 0.1);
            suggest_say(c, uses[i], N_("{hits} of {cells} cells are dates"), hits, p->cells,
                        SLICE_NONE);
        } else if (p->cells >= PROOF && share < 0.3) {
            weaken(c, uses[i], 0.15);
        }
    }
    if (share >= 0.5)
        for (int u = USE_NONE + 1; u < USE_COUNT; u++)
            if (u != USE_FROM && u != USE_TO && u != USE_BIRTH_DATE && u != USE_REVISION &&
                u != USE_IGNORE)
                weaken(c, (enum suggest_use)u, 0.2);
    if (p->birth >= 0.7) {
        support(c, USE_BIRTH_DATE, 0.95);
        weaken(c, USE_FROM, 0.1);
        weaken(c, USE_TO, 0.1);
        suggest_say(c, USE_BIRTH_DATE,
                    N_("{hits} of {cells} dates agree with the identity number beside them"),
                    (size_t)(p->birth * (double)p->dates + 0.5), p->dates, SLICE_NONE);
    } else if (p->birth >= 0 && p->dates >= PROOF) {
        weaken(c, USE_BIRTH_DATE, 0.2);
    }
}

static void names_and_places(struct weighed *c)
{
    const struct profile *p = &c->profile;
    double names = (double)p->names / (double)p->cells,
           places = (double)p->divisions / (double)p->cells,
           phones = (double)p->phones / (double)p->cells;

    if (names >= 0.5) {
        support(c, USE_NAME, 0.5 * names);
        suggest_say(c, USE_NAME, N_("{hits} of {cells} cells look like names of people"), p->names,
                    p->cells, SLICE_NONE);
        suggest_say(c, USE_OTHER_NAME, N_("{hits} of {cells} cells look like names of people"),
                    p->names, p->cells, SLICE_NONE);
    } else if (p->cells >= PROOF && names < 0.25) {
        weaken(c, USE_NAME, 0.3);
        weaken(c, USE_OTHER_NAME, 0.3);
    }
    if (places >= 0.6) {
        support(c, USE_DIVISION, 0.6 * places);
        support(c, USE_VALUE, 0.25);
        suggest_say(c, USE_DIVISION, N_("{hits} of {cells} cells are division codes"), p->divisions,
                    p->cells, SLICE_NONE);
        suggest_say(c, USE_VALUE, N_("{hits} of {cells} cells are division codes"), p->divisions,
                    p->cells, SLICE_NONE);
        weaken(c, USE_RECORD_KEY, 0.2);
    } else if (p->cells >= PROOF && places < 0.3 && p->numbers < p->cells / 2) {
        weaken(c, USE_DIVISION, 0.3);
    }
    if (phones >= 0.5) {
        support(c, USE_IGNORE, 0.8);
        weaken(c, USE_RECORD_KEY, 0.2);
        suggest_say(c, USE_IGNORE, N_("{hits} of {cells} cells are telephone numbers"), p->phones,
                    p->cells, SLICE_NONE);
    }
}

/* 残疾等级: its figures are levels, and not kinds that happen to be numbered. */
static bool names_level(struct slice folded)
{
    static const char *const words[] = {"等级", "级别", "程度", "level", "grade"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (memmem(folded.p, folded.n, words[i], strlen(words[i])))
            return true;
    return false;
}

static void meanings(struct suggesting *s, struct weighed *c)
{
    const struct profile *p = &c->profile;
    struct vocabulary_fit kinds = suggest_vocabulary(p, KIND_NONE, 0, s->arena), terms;

    terms = suggest_vocabulary(p, KIND_COUNT, names_level(c->folded) ? 2 : 0, s->arena);

    if (2 * p->icd >= p->cells && p->names == 0) {
        support(c, USE_VALUE, 0.75);
        suggest_say(c, USE_VALUE, N_("{hits} of {cells} cells are codes of diagnoses"), p->icd,
                    p->cells, SLICE_NONE);
    }
    if (2 * p->terms >= p->cells && p->dates == 0) {
        support(c, USE_VALUE, 0.7);
        suggest_say(c, USE_VALUE, N_("{hits} of {cells} cells are lengths of time"), p->terms,
                    p->cells, SLICE_NONE);
    }
    if (kinds.cells && 2 * kinds.hits >= kinds.cells) {
        support(c, USE_KIND, 0.65);
        suggest_say(c, USE_KIND, N_("{hits} of {cells} different values name kinds of record"),
                    kinds.hits, kinds.cells, SLICE_NONE);
    } else if (p->cells >= PROOF) {
        support(c, USE_VALUE, 0.7 * c->words.use[USE_KIND]);
        weaken(c, USE_KIND, 0.3);
    }
    if (terms.cells && 2 * terms.hits > terms.cells) {
        c->group_kind = terms.kind;
        c->group = terms.group;
        support(c, USE_VALUE, 0.5);
        suggest_say(c, USE_VALUE, N_("{hits} of {cells} different values are words of “{what}”"),
                    terms.hits, terms.cells, slice_from(record_kind_name(terms.kind)));
    }
}

static void keys_and_texts(struct suggesting *s, struct weighed *c)
{
    const struct profile *p = &c->profile;
    bool different = p->distinct * 10 >= p->cells * 9, full = p->empty * 20 <= s->row_count;

    if (p->counts_rows) {
        support(c, USE_IGNORE, 0.85);
        weaken(c, USE_RECORD_KEY, 0.3);
        weaken(c, USE_VALUE, 0.2);
        suggest_say(c, USE_IGNORE, N_("it numbers the rows: 1, 2, 3"), 0, 0, SLICE_NONE);
    } else if (different && full && p->cells >= PROOF && p->names * 2 < p->cells &&
               p->id_numbers * 2 < p->cells && p->dates * 2 < p->cells &&
               p->free_texts * 2 < p->cells && p->phones * 2 < p->cells) {
        support(c, USE_RECORD_KEY, 0.45);
        suggest_say(c, USE_RECORD_KEY, N_("{hits} of {cells} cells are different from each other"),
                    p->distinct, p->cells, SLICE_NONE);
    } else if (p->cells >= 2 * PROOF && p->distinct * 2 < p->cells) {
        weaken(c, USE_RECORD_KEY, 0.4);
    }
    if (p->free_texts * 3 >= p->cells) {
        support(c, USE_NOTE, 0.3);
        suggest_say(c, USE_NOTE, N_("{hits} of {cells} cells are longer texts"), p->free_texts,
                    p->cells, SLICE_NONE);
    }
}

/* The column with the most identity numbers, beside which birth dates are tested; SIZE_MAX: none. */
static size_t people_column(const struct suggesting *s)
{
    size_t best = SIZE_MAX, most = 0;

    for (size_t i = 0; i < s->column_count; i++)
        if (s->columns[i].profile.id_numbers > most &&
            2 * s->columns[i].profile.id_numbers >= s->columns[i].profile.cells) {
            most = s->columns[i].profile.id_numbers;
            best = i;
        }
    return best;
}

static void compare_births(struct suggesting *s, size_t people, struct weighed *c)
{
    size_t agree = 0, compared = 0;
    struct arena scratch = ARENA_EMPTY;

    for (size_t i = 0; i < c->profile.cells; i++) {
        const struct sheet_row *row = &s->rows[c->profile.value_rows[i]];
        struct sheet_cell cell = suggest_cell(row, (size_t)(c - s->columns));
        struct id_number id;
        day d;
        if (id_number_check(suggest_cell(row, people).text, &id) == ID_NUMBER_GOOD &&
            suggest_date(cell.text, cell.kind, &scratch, &d)) {
            compared++;
            agree += d == id.birth;
        }
        arena_reset(&scratch);
    }
    arena_end(&scratch);
    if (compared > 0)
        c->profile.birth = (double)agree / (double)compared;
}

void suggest_weigh(struct suggesting *s)
{
    size_t people = people_column(s);

    for (size_t i = 0; i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        by_words(c);
        by_feeds(s, c);
        if (c->profile.cells == 0)
            continue;
        if (people != SIZE_MAX && people != i && 2 * c->profile.dates >= c->profile.cells)
            compare_births(s, people, c);
        numbers_of_people(c);
        dates(c);
        names_and_places(c);
        meanings(s, c);
        keys_and_texts(s, c);
    }
}
