#include "people/name_index.h"

#include "people/name_fold.h"
#include "people/name_index_inside.h"
#include "people/pinyin.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/utf16.h>

struct name_batch {
    uint16_t *text; /* folded names, one after the other */
    size_t text_n, text_room;
    int64_t *ids;
    uint32_t *ends; /* where the name of an id ends in text */
    size_t n, room;
};

struct name_batch *name_batch_new(void) { return calloc(1, sizeof(struct name_batch)); }

struct name_batch *name_batch_free(struct name_batch *batch)
{
    if (batch) {
        free(batch->text);
        free(batch->ids);
        free(batch->ends);
        free(batch);
    }
    return NULL;
}

static int out_of_memory(struct error *e) { return error_set(e, ERR_MEMORY, NULL); }

/* Room for `need` elements in an array that doubles; false when memory has run out. */
static bool reserve(void *array, size_t *room, size_t need, size_t size)
{
    void **at = array;
    if (need <= *room)
        return true;
    size_t more = *room * 2 > need ? *room * 2 : need;
    void *p = realloc(*at, more * size);
    if (!p)
        return false;
    *at = p;
    *room = more;
    return true;
}

int name_batch_add(struct name_batch *b, int64_t id, struct slice name, struct error *e)
{
    if (b->text_n + NAME_MAX_UNITS > UINT32_MAX)
        return error_set(e, ERR_TOO_LONG, NULL);
    if (!reserve(&b->text, &b->text_room, b->text_n + NAME_MAX_UNITS, sizeof *b->text))
        return out_of_memory(e);
    size_t n = name_fold(name, b->text + b->text_n, NAME_MAX_UNITS);
    if (n == 0)
        return 0;
    size_t room = b->room;
    if (!reserve(&b->ids, &room, b->n + 1, sizeof *b->ids) ||
        !reserve(&b->ends, &b->room, b->n + 1, sizeof *b->ends))
        return out_of_memory(e);
    b->text_n += n;
    b->ids[b->n] = id;
    b->ends[b->n++] = (uint32_t)b->text_n;
    return 0;
}

/* Moves the second batch behind the first. */
static int append_batch(struct name_batch *to, struct name_batch *from, struct error *e)
{
    if (to->text_n + from->text_n + NAME_MAX_UNITS > UINT32_MAX || to->n + from->n >= UINT32_MAX)
        return error_set(e, ERR_TOO_LONG, NULL);
    size_t room = to->room;
    if (!reserve(&to->text, &to->text_room, to->text_n + from->text_n, sizeof *to->text) ||
        !reserve(&to->ids, &room, to->n + from->n, sizeof *to->ids) ||
        !reserve(&to->ends, &to->room, to->n + from->n, sizeof *to->ends))
        return out_of_memory(e);
    if (from->n) {
        memcpy(to->text + to->text_n, from->text, from->text_n * sizeof *to->text);
        memcpy(to->ids + to->n, from->ids, from->n * sizeof *to->ids);
    }
    for (size_t i = 0; i < from->n; i++)
        to->ends[to->n + i] = (uint32_t)(from->ends[i] + to->text_n);
    to->text_n += from->text_n;
    to->n += from->n;
    return 0;
}

/* A name on its way into order: its first four units decide nearly always. */
struct sorted {
    uint64_t key;
    uint32_t entry;
};

static size_t entry_begin(const struct name_batch *b, uint32_t entry)
{
    return entry ? b->ends[entry - 1] : 0;
}

static size_t entry_length(const struct name_batch *b, uint32_t entry)
{
    return b->ends[entry] - entry_begin(b, entry);
}

static int compare_units(const uint16_t *a, size_t an, const uint16_t *b, size_t bn)
{
    size_t n = an < bn ? an : bn;
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return an < bn ? -1 : an > bn;
}

static int compare_entries(const void *pa, const void *pb, void *batch)
{
    const struct sorted *a = pa, *b = pb;
    const struct name_batch *names = batch;
    int r = compare_units(names->text + entry_begin(names, a->entry), entry_length(names, a->entry),
                          names->text + entry_begin(names, b->entry),
                          entry_length(names, b->entry));
    return r ? r : (a->entry > b->entry) - (a->entry < b->entry);
}

static void fill_keys(const struct name_batch *b, struct sorted *to)
{
    for (uint32_t i = 0; i < b->n; i++) {
        size_t n = entry_length(b, i);
        const uint16_t *t = b->text + entry_begin(b, i);
        uint64_t key = 0;
        for (size_t k = 0; k < 4; k++)
            key = key << 16 | (k < n ? t[k] : 0);
        to[i] = (struct sorted){key, i};
    }
}

/* Least significant byte first; a byte that all keys share is skipped. The result is in `a`. */
static void radix_sort(struct sorted *a, struct sorted *other, size_t n)
{
    size_t count[8][256] = {{0}};
    struct sorted *from = a, *to = other;
    for (size_t i = 0; i < n; i++)
        for (int byte = 0; byte < 8; byte++)
            count[byte][a[i].key >> (8 * byte) & 255]++;
    for (int byte = 0; byte < 8; byte++) {
        if (n == 0 || count[byte][from[0].key >> (8 * byte) & 255] == n)
            continue;
        size_t place[256], sum = 0;
        for (int v = 0; v < 256; v++) {
            place[v] = sum;
            sum += count[byte][v];
        }
        for (size_t i = 0; i < n; i++)
            to[place[from[i].key >> (8 * byte) & 255]++] = from[i];
        struct sorted *swap = from;
        from = to;
        to = swap;
    }
    if (from != a)
        memcpy(a, from, n * sizeof *a);
}

/* Names of more than four units that share the first four. */
static void sort_ties(struct name_batch *b, struct sorted *s)
{
    for (size_t i = 0, end; i < b->n; i = end) {
        bool longer = false;
        for (end = i; end < b->n && s[end].key == s[i].key; end++)
            longer |= entry_length(b, s[end].entry) > 4;
        if (longer)
            qsort_r(s + i, end - i, sizeof *s, compare_entries, b);
    }
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool allocate(struct name_index *x, const struct name_batch *b)
{
    size_t units = b->text_n + b->n; /* at most: every name its own, each with a 0 */
    x->block_count = units / NAME_BLOCK + 1;
    x->text = calloc((x->block_count + 1) * NAME_BLOCK, sizeof *x->text);
    x->name_begin = malloc((b->n + 1) * sizeof *x->name_begin);
    x->id_begin = malloc((b->n + 1) * sizeof *x->id_begin);
    x->ids = malloc((b->n + 1) * sizeof *x->ids);
    return x->text && x->name_begin && x->id_begin && x->ids;
}

/* Gives back what the upper bounds took too much; a failure to shrink leaves the larger piece. */
static void shrink(void *array, size_t n, size_t size)
{
    void **at = array;
    void *p = realloc(*at, n * size);
    if (p)
        *at = p;
}

static void lay_out(struct name_index *x, const struct name_batch *b, const struct sorted *s)
{
    size_t at = 0;
    for (size_t i = 0; i < b->n; i++) {
        const uint16_t *t = b->text + entry_begin(b, s[i].entry);
        size_t n = entry_length(b, s[i].entry), last = x->name_count - 1;
        bool same = i && at - x->name_begin[last] - 1 == n &&
                    memcmp(x->text + x->name_begin[last], t, n * sizeof *t) == 0;
        if (!same) {
            x->name_begin[x->name_count] = (uint32_t)at;
            x->id_begin[x->name_count++] = (uint32_t)x->id_count;
            memcpy(x->text + at, t, n * sizeof *t);
            at += n + 1;
        }
        x->ids[x->id_count++] = b->ids[s[i].entry];
    }
    x->name_begin[x->name_count] = (uint32_t)at;
    x->id_begin[x->name_count] = (uint32_t)x->id_count;
    for (size_t i = 0; i < x->name_count; i++) {
        size_t n = x->id_begin[i + 1] - x->id_begin[i];
        if (n > 1)
            qsort(x->ids + x->id_begin[i], n, sizeof *x->ids, compare_ids);
    }
    x->block_count = at / NAME_BLOCK + 1;
    shrink(&x->text, (x->block_count + 1) * NAME_BLOCK, sizeof *x->text);
    shrink(&x->name_begin, x->name_count + 1, sizeof *x->name_begin);
    shrink(&x->id_begin, x->name_count + 1, sizeof *x->id_begin);
}

static void add_block_names(struct name_index *x)
{
    for (size_t block = 0, name = 0; block < x->block_count; block++) {
        while (name + 1 < x->name_count && x->name_begin[name + 1] <= block * NAME_BLOCK)
            name++;
        x->block_name[block] = (uint32_t)name;
    }
}

/* `next` is 65536 numbers, zero: first how often a unit occurs, then where its next place goes. */
static void add_places(struct name_index *x, uint32_t *next)
{
    size_t units = x->name_begin[x->name_count];
    uint32_t sum = 0;
    for (size_t i = 0; i < units; i++)
        next[x->text[i]]++;
    for (uint32_t unit = 1; unit < 65536; unit++) {
        uint32_t n = next[unit];
        if (n == 0)
            continue;
        x->unit[x->unit_count] = (uint16_t)unit;
        x->unit_begin[x->unit_count++] = sum;
        x->set_of[unit] = (uint16_t)pinyin_set_of(unit);
        next[unit] = sum;
        sum += n;
    }
    x->unit_begin[x->unit_count] = sum;
    for (size_t i = 0; i < units; i++)
        if (x->text[i])
            x->places[next[x->text[i]]++] = (uint32_t)i;
}

static int compare_characters(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Characters of two units are few: they are gathered from the places of the first units. */
static bool add_rare(struct name_index *x)
{
    size_t n = 0, room = 0;
    for (size_t i = 0; i < x->unit_count; i++)
        if (U16_IS_LEAD(x->unit[i]))
            room += x->unit_begin[i + 1] - x->unit_begin[i];
    x->rare = malloc((room + 1) * sizeof *x->rare);
    if (!x->rare)
        return false;
    for (size_t i = 0; i < x->unit_count; i++)
        for (size_t k = x->unit_begin[i]; U16_IS_LEAD(x->unit[i]) && k < x->unit_begin[i + 1]; k++)
            x->rare[n++] = (uint32_t)U16_GET_SUPPLEMENTARY(x->unit[i], x->text[x->places[k] + 1]);
    qsort(x->rare, n, sizeof *x->rare, compare_characters);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || x->rare[i] != x->rare[i - 1])
            x->rare[x->rare_count++] = x->rare[i];
    shrink(&x->rare, x->rare_count + 1, sizeof *x->rare);
    return true;
}

static bool add_directories(struct name_index *x)
{
    uint32_t *next = calloc(65536, sizeof *next);
    x->block_name = malloc(x->block_count * sizeof *x->block_name);
    x->unit = malloc(65536 * sizeof *x->unit);
    x->unit_begin = malloc(65537 * sizeof *x->unit_begin);
    x->set_of = calloc(65536, sizeof *x->set_of);
    x->places = malloc((x->name_begin[x->name_count] + (size_t)1) * sizeof *x->places);
    bool good = next && x->block_name && x->unit && x->unit_begin && x->set_of && x->places;
    if (good) {
        add_block_names(x);
        add_places(x, next);
        shrink(&x->unit, x->unit_count + 1, sizeof *x->unit);
        shrink(&x->unit_begin, x->unit_count + 1, sizeof *x->unit_begin);
        shrink(&x->places, x->unit_begin[x->unit_count] + (size_t)1, sizeof *x->places);
    }
    free(next);
    return good && add_rare(x);
}

static int build_from(struct name_batch *b, struct name_index *x, struct error *e)
{
    struct sorted *s = malloc((2 * b->n + 1) * sizeof *s);
    if (!s)
        return out_of_memory(e);
    fill_keys(b, s);
    radix_sort(s, s + b->n, b->n);
    sort_ties(b, s);
    bool good = allocate(x, b);
    if (good)
        lay_out(x, b, s);
    free(s);
    return good && add_directories(x) ? 0 : out_of_memory(e);
}

int name_index_build(struct name_batch **batches, size_t batch_count, struct name_index **ret,
                     struct error *e)
{
    struct name_batch empty = {0}, *all = batch_count ? batches[0] : &empty;
    struct name_index *x = calloc(1, sizeof *x);
    int r = x ? 0 : out_of_memory(e);
    for (size_t i = 1; i < batch_count; i++) {
        if (r == 0)
            r = append_batch(all, batches[i], e);
        batches[i] = name_batch_free(batches[i]);
    }
    if (r == 0)
        r = build_from(all, x, e);
    if (batch_count)
        batches[0] = name_batch_free(batches[0]);
    if (r == 0)
        *ret = x;
    else
        name_index_free(x);
    return r;
}

struct name_index *name_index_free(struct name_index *x)
{
    if (x) {
        free(x->text);
        free(x->name_begin);
        free(x->id_begin);
        free(x->ids);
        free(x->block_name);
        free(x->unit);
        free(x->unit_begin);
        free(x->places);
        free(x->set_of);
        free(x->rare);
        free(x);
    }
    return NULL;
}

struct name_index_size name_index_measure(const struct name_index *x)
{
    size_t bytes = sizeof *x + (x->block_count + 1) * NAME_BLOCK * sizeof *x->text +
                   (x->name_count + 1) * (sizeof *x->name_begin + sizeof *x->id_begin) +
                   (x->id_count + 1) * sizeof *x->ids + x->block_count * sizeof *x->block_name +
                   x->unit_count * (sizeof *x->unit + sizeof *x->unit_begin) +
                   x->unit_begin[x->unit_count] * sizeof *x->places + 65536 * sizeof *x->set_of;
    return (struct name_index_size){x->id_count, x->name_count, bytes};
}

struct name_found name_index_exact(const struct name_index *x, struct slice name, int64_t *ids,
                                   size_t limit)
{
    struct name_found found = {0, 0};
    uint16_t units[NAME_MAX_UNITS];
    size_t n = name_fold(name, units, NAME_MAX_UNITS), low = 0, high = x->name_count;
    while (n && low < high) {
        size_t middle = low + (high - low) / 2;
        int r = compare_units(x->text + x->name_begin[middle], name_length(x, middle), units, n);
        if (r == 0) {
            found.total = x->id_begin[middle + 1] - x->id_begin[middle];
            found.count = found.total < limit ? found.total : limit;
            memcpy(ids, x->ids + x->id_begin[middle], found.count * sizeof *ids);
            return found;
        }
        if (r < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return found;
}
