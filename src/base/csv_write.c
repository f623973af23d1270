#include "base/csv.h"

static bool must_quote(struct slice cell)
{
    for (size_t i = 0; i < cell.n; i++) {
        char c = cell.p[i];
        if (c == ',' || c == '"' || c == '\n' || c == '\r')
            return true;
    }
    return false;
}

static bool begins_formula(struct slice cell)
{
    return cell.n && (cell.p[0] == '=' || cell.p[0] == '+' || cell.p[0] == '-' ||
                      cell.p[0] == '@' || cell.p[0] == '\t' || cell.p[0] == '\r');
}

void csv_write_cell(FILE *f, struct slice cell, bool guard)
{
    guard = guard && begins_formula(cell);
    if (!must_quote(cell)) {
        if (guard)
            putc_unlocked('\'', f);
        if (cell.n)
            fwrite_unlocked(cell.p, 1, cell.n, f);
        return;
    }
    putc_unlocked('"', f);
    if (guard)
        putc_unlocked('\'', f);
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            putc_unlocked('"', f);
        putc_unlocked(cell.p[i], f);
    }
    putc_unlocked('"', f);
}
