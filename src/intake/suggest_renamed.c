/* Columns renamed overnight: which unknown column of a file is the one that a feed misses. */
#include "intake/suggest_inside.h"

#include <string.h>

#define ALIKE 0.45 /* less is told as "none" */

static size_t step(struct slice s, size_t at)
{
    size_t n = 1;

    while (at + n < s.n && ((unsigned char)s.p[at + n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* Characters in common, twice over both lengths (Dice). */
static double resemblance(struct slice a, struct slice b)
{
    size_t common = 0, all = 0;
    char taken[FOLDED_MAX + 1] = {0};

    for (size_t i = 0, n; i < a.n; i += n, all++) {
        n = step(a, i);
        for (size_t j = 0, m; j < b.n && j < FOLDED_MAX; j += m) {
            m = step(b, j);
            if (m == n && !taken[j] && memcmp(a.p + i, b.p + j, n) == 0) {
                taken[j] = 1;
                common++;
                break;
            }
        }
    }
    for (size_t j = 0; j < b.n; j += step(b, j))
        all++;
    return all ? 2.0 * (double)common / (double)all : 0;
}

static enum suggest_use says(const struct word_scores *w)
{
    enum suggest_use best = USE_NONE;

    for (int u = USE_NONE + 1; u < USE_COUNT; u++)
        if (w->use[u] > 0.5 && (best == USE_NONE || w->use[u] > w->use[best]))
            best = (enum suggest_use)u;
    return best;
}

static double by_name(const struct feed *f, int column, struct slice header, struct arena *arena)
{
    struct slice folded = suggest_fold_outside(header, arena);
    struct word_scores words;
    double best = 0;

    for (size_t n = 0; n < f->columns[column].named_count; n++) {
        double r = resemblance(suggest_fold_outside(f->columns[column].named[n], arena), folded);
        best = r > best ? r : best;
    }
    suggest_words(folded, &words);
    enum suggest_use use = says(&words);
    if (use != USE_NONE && use == suggest_use_of(f, column))
        best = best > 0.6 ? best : 0.6;
    else if (use != USE_NONE)
        best *= 0.6;
    return best;
}

/* The share of cells that this form reads; of plain texts nothing can be said: -1. */
static double by_contents(const struct feed_column *c, const struct feed_places *p, int place,
                          const struct sheet_row *rows, size_t count)
{
    size_t read = 0, cells = 0;
    struct arena scratch = ARENA_EMPTY;

    if (c->form == FORM_TEXT)
        return -1;
    for (size_t i = 0; i < count; i++) {
        struct sheet_cell cell = suggest_cell(&rows[i], (size_t)place);
        struct error e = {.language = LANGUAGE_EN};
        struct slice ret;
        if (rows[i].number <= p->header_number || cell.text.n == 0 ||
            suggest_sums_up(&rows[i], &scratch))
            continue;
        cells++;
        read += feed_read_cell(c, &cell, &scratch, &ret, &e) == 0;
        arena_reset(&scratch);
    }
    arena_end(&scratch);
    return cells ? (double)read / (double)cells : -1;
}

static double alike(const struct feed *f, int column, const struct feed_places *p, int place,
                    const struct sheet_row *rows, size_t count, struct arena *arena)
{
    double name = by_name(f, column, p->header[place], arena),
           contents = by_contents(&f->columns[column], p, place, rows, count);

    if (contents < 0)
        return name;
    return contents < 0.5 ? 0 : 0.6 * name + 0.4 * contents;
}

static bool given(const int *columns, size_t count, int place)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == place)
            return true;
    return false;
}

int suggest_renamed(const struct feed *f, const struct feed_places *p, const struct sheet_row *rows,
                    size_t count, struct arena *arena, int **ret_columns, struct error *e)
{
    int *columns = ARENA_ARRAY(arena, f->column_count + 1, int);
    double *scores = ARENA_ARRAY(arena, f->column_count * (p->unknown_count + 1) + 1, double);

    for (size_t i = 0; i < f->column_count; i++) {
        columns[i] = -1;
        for (size_t u = 0; p->place[i] < 0 && u < p->unknown_count; u++)
            scores[i * p->unknown_count + u] = alike(f, (int)i, p, p->unknown[u], rows, count,
                                                     arena);
    }
    for (;;) { /* the most alike first, each column once */
        double best = ALIKE;
        size_t at = SIZE_MAX, unknown = 0;
        for (size_t i = 0; i < f->column_count; i++)
            for (size_t u = 0; columns[i] < 0 && u < p->unknown_count; u++)
                if (scores[i * p->unknown_count + u] > best &&
                    !given(columns, f->column_count, p->unknown[u])) {
                    best = scores[i * p->unknown_count + u];
                    at = i;
                    unknown = u;
                }
        if (at == SIZE_MAX)
            break;
        columns[at] = p->unknown[unknown];
    }
    *ret_columns = columns;
    return 0;
}
