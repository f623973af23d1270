/* Values against the words that departments use for them. */
#include "intake/suggest_inside.h"

#include <string.h>

static const struct term {
    enum record_kind kind;
    int group;
    const char *word, *code;
} vocabulary[] = {
#define TERM(kind, group, word, code) {kind, group, word, code},
#include "intake/vocabulary.def"
#undef TERM
};
#define TERM_COUNT (sizeof vocabulary / sizeof vocabulary[0])

/* The longest word of that kind and group in a folded value; a bare digit must be the whole of it. */
static const struct term *term_in(struct slice folded, enum record_kind kind, int group)
{
    const struct term *best = NULL;

    for (size_t i = 0; i < TERM_COUNT; i++) {
        const struct term *t = &vocabulary[i];
        size_t n = strlen(t->word);
        bool found = n < 3 ? slice_is(folded, t->word)
                           : n <= folded.n && memmem(folded.p, folded.n, t->word, n) != NULL;
        if (t->kind == kind && t->group == group && found && (!best || n > strlen(best->word)))
            best = t;
    }
    return best;
}

static struct vocabulary_fit fit(const struct profile *p, enum record_kind kind, int group,
                                 struct arena *scratch)
{
    struct vocabulary_fit f = {kind, group, 0, p->different_count};

    for (size_t i = 0; i < p->different_count; i++)
        f.hits += p->different[i].n <= 60 &&
                  term_in(suggest_fold(p->different[i], scratch), kind, group) != NULL;
    return f;
}

/* KIND_NONE: the words for kinds of record. KIND_COUNT: of any kind, the one that fits best. */
struct vocabulary_fit suggest_vocabulary(const struct profile *p, enum record_kind kind, int only,
                                         struct arena *arena)
{
    struct vocabulary_fit best = {KIND_NONE, 0, 0, p->different_count};
    ARENA_AUTO(scratch);

    if (p->distinct == 0 || p->distinct > DISTINCT_MAX ||
        (p->cells >= 12 && p->distinct * 2 > p->cells))
        return (struct vocabulary_fit){KIND_NONE, 0, 0, 0};
    if (kind == KIND_NONE)
        return fit(p, KIND_NONE, 0, &scratch);
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
        for (int group = 1; group <= 2; group++) {
            struct vocabulary_fit f = {0};
            if ((kind == KIND_COUNT || kind == (enum record_kind)k) && (!only || only == group))
                f = fit(p, (enum record_kind)k, group, &scratch);
            if (f.hits > best.hits)
                best = f;
        }
    return best;
}

/* One value's code: of its column's group, or both parts of a value that holds both (视力一级). */
static struct slice code_of(struct slice value, const struct weighed *c, enum record_kind kind,
                            struct arena *arena)
{
    struct slice folded = suggest_fold(value, arena);
    const struct term *first, *second;

    if (c->use == USE_KIND) {
        first = term_in(folded, KIND_NONE, 0);
        return first ? slice_from(first->code) : SLICE_LITERAL("");
    }
    first = term_in(folded, kind, 1);
    second = term_in(folded, kind, 2);
    if (first && second && strcmp(first->word, second->word) != 0)
        return slice_from(arena_printf(arena, "%s/%s", first->code, second->code));
    if (c->group == 2)
        first = second;
    return first ? slice_from(first->code) : SLICE_LITERAL("");
}

/* Whether a row of that state takes back what was said. */
static struct slice state_of(struct slice value)
{
    static const char *const words[] = {"撤销", "作废", "误",       "无效", "删除",
                                        "取消", "退号", "恢复户口", "void", "deleted"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (memmem(value.p, value.n, words[i], strlen(words[i])))
            return SLICE_LITERAL("void");
    return SLICE_LITERAL("valid");
}

static bool has_vocabulary(enum record_kind kind)
{
    for (size_t i = 0; i < TERM_COUNT; i++)
        if (vocabulary[i].kind == kind && vocabulary[i].group > 0)
            return true;
    return false;
}

/* Values of names, numbers and texts are nobody's table. */
static bool is_table(const struct suggesting *s, const struct weighed *c)
{
    const struct profile *p = &c->profile;

    if (c->use != USE_KIND && c->use != USE_VALUE && c->use != USE_STATE)
        return false;
    if (c->form != FORM_TEXT || c->sensitive || p->distinct == 0 || p->distinct > DISTINCT_MAX ||
        p->id_numbers + p->id_near + p->phones + p->free_texts > 0 || 2 * p->names > p->cells)
        return false;
    return c->use != USE_VALUE || has_vocabulary(s->kind);
}

void suggest_codes(struct suggesting *s)
{
    for (size_t i = 0; i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        if (!is_table(s, c))
            continue;
        struct feed_code *codes = ARENA_ARRAY(s->arena, c->profile.different_count,
                                              struct feed_code);
        for (size_t v = 0; v < c->profile.different_count; v++) {
            codes[v].from = arena_copy(s->arena, c->profile.different[v]);
            codes[v].to = c->use == USE_STATE ? state_of(codes[v].from)
                                              : code_of(codes[v].from, c, s->kind, s->arena);
        }
        c->codes = codes;
        c->code_count = c->profile.different_count;
        c->form = FORM_CODE;
    }
}
