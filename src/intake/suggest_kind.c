/* Which kind of record a sheet is about. */
#include "intake/suggest_inside.h"

#include <string.h>

static const struct kind_word {
    enum record_kind kind;
    int weight;
    const char *word;
} kind_words[] = {
#define KIND_WORD(kind, weight, word) {kind, weight, word},
#include "intake/kind_words.def"
#undef KIND_WORD
};

struct voices {
    double of[KIND_COUNT];
    const char *word[KIND_COUNT];
    struct slice header[KIND_COUNT]; /* where the word stood; NONE: in a title */
};

static void listen(struct voices *v, struct slice folded, double loud, bool title)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof kind_words[0]; i++) {
        const struct kind_word *w = &kind_words[i];
        double said = w->weight / 100.0 * loud;
        if (!memmem(folded.p, folded.n, w->word, strlen(w->word)) || said <= 0)
            continue;
        if (v->of[w->kind] == 0 || title)
            v->word[w->kind] = w->word;
        v->of[w->kind] = 1 - (1 - v->of[w->kind]) * (1 - said);
    }
}

static void say(struct suggesting *s, const char *msgid, size_t hits, size_t cells,
                struct slice what)
{
    if (s->kind_reason_count < REASONS_MAX)
        s->kind_reasons[s->kind_reason_count++] = (struct suggest_reason){msgid, (int64_t)hits,
                                                                          (int64_t)cells, what};
}

/* What the codes of diagnoses in a column are of: blocks of ICD-10, by letter and number. */
static enum record_kind kind_of_code(struct slice code)
{
    int n = (code.p[1] - '0') * 10 + (code.p[2] - '0');

    switch (code.p[0] & ~0x20) {
    case 'X': return n >= 60 && n <= 84 ? KIND_SELF_HARM_VISIT : KIND_NONE;
    case 'F': return n == 51 ? KIND_SLEEP_DISORDER_VISIT : KIND_PSYCHIATRIC_DIAGNOSIS;
    case 'G': return n == 47 ? KIND_SLEEP_DISORDER_VISIT : KIND_NONE;
    case 'T': return n == 74 ? KIND_ABNORMAL_INJURY_VISIT : KIND_NONE;
    default: return KIND_NONE;
    }
}

static void hear_codes(struct suggesting *s, const struct weighed *c, struct voices *v)
{
    size_t hits[KIND_COUNT] = {0};

    for (size_t i = 0; i < c->profile.cells; i++)
        if (suggest_is_icd(c->profile.values[i]))
            hits[kind_of_code(c->profile.values[i])]++;
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
        if (hits[k] * 10 >= c->profile.cells * 8 && hits[k]) {
            v->of[k] = 1 - (1 - v->of[k]) * 0.3;
            say(s, N_("{hits} of {cells} codes of diagnoses are of this kind"), hits[k],
                c->profile.cells, SLICE_NONE);
        }
}

static void hear_columns(struct suggesting *s, struct voices *v)
{
    for (size_t i = 0; i < s->column_count; i++) {
        const struct weighed *c = &s->columns[i];
        listen(v, c->folded, 0.6, false);
        if (c->use == USE_VALUE && c->form == FORM_ICD)
            hear_codes(s, c, v);
        if (c->group_kind != KIND_NONE && c->use == USE_VALUE)
            v->of[c->group_kind] = 1 - (1 - v->of[c->group_kind]) * 0.4;
    }
    for (size_t i = 0; i < s->title_count; i++)
        for (size_t at = 0; at < s->titles[i].count; at++)
            listen(v, suggest_fold(suggest_cell(&s->titles[i], at).text, s->arena), 1, true);
}

static void tell(struct suggesting *s, const struct voices *v, enum record_kind near)
{
    if (v->word[s->kind])
        say(s, N_("its titles or columns say “{what}”"), 0, 0, slice_from(v->word[s->kind]));
    if (near == s->kind && !s->rival)
        say(s, N_("the source {what} looks like it"), 0, 0, slice_from(s->like->name));
    for (size_t i = 0; i < s->column_count; i++)
        if (s->columns[i].group_kind == s->kind && s->columns[i].use == USE_VALUE)
            say(s, N_("the values of “{what}” are words of this kind"), 0, 0, s->columns[i].header);
}

void suggest_kind(struct suggesting *s)
{
    struct voices v = {0};
    enum record_kind near = s->like ? suggest_only_kind(s->like) : KIND_NONE;
    double best = 0.5;

    for (size_t i = 0; i < s->column_count; i++)
        if (s->columns[i].use == USE_KIND) {
            say(s, N_("the column “{what}” says it, row by row"), 0, 0, s->columns[i].header);
            return;
        }
    hear_columns(s, &v);
    if (near != KIND_NONE && !s->rival && v.of[near] > 0) /* it supports, and never decides alone */
        v.of[near] = 1 - (1 - v.of[near]) * (1 - 0.7 * s->likeness);
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
        if (v.of[k] >= best) {
            best = v.of[k];
            s->kind = (enum record_kind)k;
        }
    if (s->kind != KIND_NONE)
        tell(s, &v, near);
}
