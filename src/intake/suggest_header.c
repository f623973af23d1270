/* Which row of a sheet is its header. */
#include "intake/suggest_inside.h"

#include <string.h>

#define LOOKED_AT 30 /* rows among which a header is sought */
#define KNOWN 0.5    /* a name that says this much is a known one */

struct looks {
    size_t cells, known, plain; /* not empty; known as names of columns; neither number nor date */
};

static bool named_somewhere(const struct feed_library *known, struct slice folded)
{
    for (size_t i = 0; known && i < known->count; i++)
        if (suggest_column_named(known->feeds[i], folded) >= 0 ||
            suggest_ignores(known->feeds[i], folded))
            return true;
    return false;
}

static struct looks look(const struct feed_library *known, const struct sheet_row *row)
{
    struct looks l = {0};
    ARENA_AUTO(scratch);

    for (size_t i = 0; i < row->count; i++) {
        struct sheet_cell cell = suggest_cell(row, i);
        struct word_scores words;
        day d;
        if (cell.text.n == 0)
            continue;
        struct slice folded = suggest_fold_outside(cell.text, &scratch);
        suggest_words(folded, &words);
        l.cells++;
        l.known += suggest_words_best(&words) > KNOWN || named_somewhere(known, folded);
        l.plain += cell.kind == CELL_TEXT && !suggest_date(cell.text, cell.kind, &scratch, &d) &&
                   strcspn(arena_string(&scratch, cell.text), "0123456789") > 0;
    }
    return l;
}

bool suggest_sums_up(const struct sheet_row *row, struct arena *arena)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计", "total", "sum", "subtotal"};

    for (size_t i = 0; i < row->count; i++) {
        struct slice text = suggest_fold(suggest_cell(row, i).text, arena);
        if (text.n == 0)
            continue;
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
            if (text.n >= strlen(words[w]) && memcmp(text.p, words[w], strlen(words[w])) == 0)
                return true;
        return false;
    }
    return false;
}

static bool same(const struct sheet_row *a, const struct sheet_row *b)
{
    for (size_t i = 0; i < a->count || i < b->count; i++)
        if (!slice_equal(suggest_cell(a, i).text, suggest_cell(b, i).text))
            return false;
    return true;
}

/* Names of columns in two rows, one name over several: merged cells. */
static int refuse_two(const struct sheet_row *first, const struct sheet_row *second,
                      struct error *e)
{
    error_set(e, ERR_SHEET, N_("the names of the columns take two rows, %llu and %llu"),
              (unsigned long long)first->number, (unsigned long long)second->number);
    return error_hint(e,
                      N_("Unmerge those cells and write each column's whole name into one row."));
}

int suggest_header(const struct feed_library *known, const struct sheet_row *rows, size_t count,
                   struct arena *arena, size_t *ret, struct error *e)
{
    size_t most = count < LOOKED_AT ? count : LOOKED_AT, best = 0, plain = SIZE_MAX;
    struct looks *l = ARENA_ARRAY(arena, most + 1, struct looks);

    for (size_t i = 0; i < most; i++) {
        l[i] = look(known, &rows[i]);
        if (l[i].known > l[best].known)
            best = i;
        if (plain == SIZE_MAX && l[i].cells >= 2 && l[i].plain == l[i].cells)
            plain = i;
    }
    if (most == 0 || (l[best].known < 2 && plain == SIZE_MAX)) {
        error_set(e, ERR_SHEET, N_("no row of it holds the names of its columns"));
        return error_hint(e, N_("Put one row with a name over each column above the data."));
    }
    if (l[best].known < 2)
        best = plain;
    for (size_t near = best > 0 ? best - 1 : 0; near <= best + 1 && near < most; near++)
        if (near != best && l[near].known >= 2 && 2 * l[near].known >= l[near].cells &&
            !same(&rows[near], &rows[best]))
            return near < best ? refuse_two(&rows[near], &rows[best], e)
                               : refuse_two(&rows[best], &rows[near], e);
    *ret = best;
    return 0;
}
