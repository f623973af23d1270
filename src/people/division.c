#include "people/division.h"

#include "store/sql_division.h"

#define PROVINCE_SIZE 10000000000LL /* codes of one province */

bool division_parse(struct slice s, int64_t *ret)
{
    int64_t v = 0;

    if (s.n != 12)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    if (v < PROVINCE_SIZE)
        return false;
    *ret = v;
    return true;
}

int division_level_parse(struct slice s)
{
    static const char *const levels[] = {"province", "city", "county", "town", "village"};

    for (int i = 0; i < 5; i++)
        if (slice_is(s, levels[i]))
            return i + 1;
    return 0;
}

int division_tree_read(struct store *store, struct arena *arena, struct division_tree *ret,
                       struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_division_all row;
    struct division *all = NULL;
    size_t capacity = 0, count = 0;
    int rc = sql_division_all(store, &rows, e);

    if (rc < 0)
        return rc;
    while ((rc = sql_division_all_next(&rows, &row, e)) > 0) {
        all = arena_grow(arena, all, &capacity, count + 1, sizeof(*all));
        all[count++] = (struct division){row.code, arena_string(arena, row.name), (int)row.level};
    }
    if (rc == 0)
        *ret = (struct division_tree){all, count};
    return rc;
}

/* The first division whose code is not below `code`. */
static size_t lower_bound(const struct division_tree *tree, int64_t code)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tree->divisions[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct division *division_find(const struct division_tree *tree, int64_t code)
{
    size_t i = lower_bound(tree, code);

    return i < tree->count && tree->divisions[i].code == code ? &tree->divisions[i] : NULL;
}

bool division_exists(const struct division_tree *tree, int64_t code)
{
    if (division_find(tree, code))
        return true;
    /* Below: is anything finer than a county known of this province? */
    int64_t province = code / PROVINCE_SIZE * PROVINCE_SIZE;
    for (size_t i = lower_bound(tree, province);
         i < tree->count && tree->divisions[i].code < province + PROVINCE_SIZE; i++)
        if (tree->divisions[i].level >= 4)
            return false;
    return true;
}
