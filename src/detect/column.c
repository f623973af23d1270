#include "detect/detect.h"

#include <stddef.h>

static const char *const kind_names[] = {
    [DETECT_NONE] = "none",
#define KIND(symbol, spelling) [DETECT_##symbol] = #spelling,
#include "detect/kinds.def"
#undef KIND
};

const char *detect_kind_name(enum detect_kind kind)
{
    return (unsigned)kind < DETECT_KIND_COUNT ? kind_names[kind] : kind_names[DETECT_NONE];
}

enum detect_kind detect_kind_parse(struct slice name)
{
    for (int kind = DETECT_NONE + 1; kind < DETECT_KIND_COUNT; kind++)
        if (slice_is(name, kind_names[kind]))
            return (enum detect_kind)kind;
    return DETECT_NONE;
}

static bool certain(int kind) { return kind == DETECT_ID_NUMBER || kind == DETECT_BANK_CARD; }

int detect_column(const struct detect_lexicon *lexicon, const struct slice *cells, size_t count,
                  struct arena *arena, struct detect_column *ret, struct error *e)
{
    size_t hits[DETECT_KIND_COUNT] = {0}, filled = 0;
    for (size_t i = 0; i < count; i++) {
        struct detect_span *spans;
        size_t found;
        struct slice cell = slice_trim(cells[i]);
        if (cell.n == 0)
            continue;
        filled++;
        int status = detect_find(lexicon, cell, arena, &spans, &found, e);
        if (status)
            return status;
        uint32_t seen = 0;
        for (size_t k = 0; k < found; k++)
            seen |= 1u << spans[k].kind;
        for (int kind = DETECT_NONE + 1; kind < DETECT_KIND_COUNT; kind++)
            hits[kind] += seen >> kind & 1;
    }
    /* Of kinds with the same number of hits the first in the order of the enum: an identity number
     * before what else stands in its cell. */
    struct detect_column column = {DETECT_NONE, filled, 0};
    for (int kind = DETECT_NONE + 1; kind < DETECT_KIND_COUNT; kind++)
        if (hits[kind] > column.hits) {
            column.kind = (enum detect_kind)kind;
            column.hits = hits[kind];
        }
    /* Few cells hold it, but a single number of these is enough. */
    if (!detect_column_sensitive(&column))
        for (int kind = DETECT_BANK_CARD; kind >= DETECT_ID_NUMBER; kind--)
            if (certain(kind) && hits[kind])
                column = (struct detect_column){(enum detect_kind)kind, filled, hits[kind]};
    *ret = column;
    return 0;
}

bool detect_column_sensitive(const struct detect_column *c)
{
    if (c->kind == DETECT_NONE || c->hits == 0)
        return false;
    if (certain(c->kind))
        return true;
    return c->cells >= 5 ? c->hits * 50 >= c->cells : c->hits == c->cells;
}
