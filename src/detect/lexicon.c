#include "detect/lexicon.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

struct keys {
    uint64_t *keys;
    size_t count, capacity;
};

struct detect_lexicon_builder {
    struct detect_lexicon *lexicon;
    struct keys names, longs, places;
};

struct detect_lexicon *detect_lexicon_free(struct detect_lexicon *l)
{
    if (l) {
        free(l->names.keys);
        free(l->longs.keys);
        free(l->places.keys);
        free(l->pairs);
        free(l);
    }
    return NULL;
}

static void builder_free(struct detect_lexicon_builder *b)
{
    detect_lexicon_free(b->lexicon);
    free(b->names.keys);
    free(b->longs.keys);
    free(b->places.keys);
    free(b);
}

struct detect_lexicon_builder *detect_lexicon_begin(void)
{
    struct detect_lexicon_builder *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->lexicon = calloc(1, sizeof *b->lexicon);
    if (!b->lexicon) {
        free(b);
        return NULL;
    }
    memcpy(b->lexicon->flags, word_char_flags(), sizeof b->lexicon->flags);
    return b;
}

static int add_key(struct keys *k, uint64_t key, struct error *e)
{
    if (k->count == k->capacity) {
        size_t capacity = k->capacity ? k->capacity * 2 : 1024;
        uint64_t *keys = realloc(k->keys, capacity * sizeof *keys);
        if (!keys)
            return error_set(e, ERR_MEMORY, NULL);
        k->keys = keys;
        k->capacity = capacity;
    }
    k->keys[k->count++] = key ? key : 1;
    return 0;
}

uint32_t lexicon_fold(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    switch (c) {
    case ' ':
    case '.':
    case '-':
    case '\'':
    case 0xB7:
    case 0x2019:
    case 0x2022:
    case 0x2027:
    case 0x2219:
    case 0x22C5:
    case 0x3000:
    case 0x30FB:
    case 0xFF65: return 0;
    default: return c;
    }
}

/* ---- building ---- */

static void set_first(struct detect_lexicon *l, uint32_t c)
{
    if (c > 0xFFFF) {
        l->astral = true;
        return;
    }
    l->flags[c] |= CHAR_NAME;
    if (c >= 'a' && c <= 'z')
        l->flags[c - 32] |= CHAR_NAME;
}

int detect_lexicon_name(struct detect_lexicon_builder *b, struct slice name, struct error *e)
{
    name = slice_trim(name);
    if (utf8_valid_prefix(name) != name.n)
        return 0;
    uint32_t folded[NAME_LONG_MAX];
    size_t count = 0;
    bool han = true;
    for (const char *p = name.p, *end = name.p + name.n; p < end && count < NAME_LONG_MAX;) {
        uint32_t c;
        p += word_decode(p, end, &c);
        c = lexicon_fold(c);
        if (c == 0)
            continue;
        han = han && c <= 0xFFFF && word_is_han(c);
        folded[count++] = c;
    }
    if (count < 2 || (!han && count < 4 && folded[0] < 0x3400))
        return 0;
    set_first(b->lexicon, folded[0]);
    if (han && count <= NAME_SHORT_MAX) {
        uint64_t key = 0;
        for (size_t i = 0; i < count; i++)
            key = key << 16 | folded[i];
        return add_key(&b->names, key, e);
    }
    uint64_t hash = LEXICON_HASH_BEGIN, pair = lexicon_pair(folded[0], folded[1]) >> 48;
    for (size_t i = 0; i < count; i++)
        hash = lexicon_hash(hash, folded[i]);
    b->lexicon->long_pairs[pair >> 6] |= (uint64_t)1 << (pair & 63);
    if (count > b->lexicon->long_max)
        b->lexicon->long_max = (unsigned)count;
    return add_key(&b->longs, hash, e);
}

static bool ends_with(struct slice s, const char *tail)
{
    size_t n = strlen(tail);
    return s.n > n && memcmp(s.p + s.n - n, tail, n) == 0;
}

static int add_place(struct detect_lexicon_builder *b, struct slice place, const char *tail,
                     struct error *e)
{
    /* From the end, as it is looked for: the hash of all endings is on the way. */
    uint64_t hash = LEXICON_HASH_BEGIN;
    unsigned count = 0;
    const char *pieces[2] = {tail, place.p};
    const size_t sizes[2] = {strlen(tail), place.n};
    for (size_t i = 0; i < 2; i++)
        for (const char *p = pieces[i] + sizes[i]; p > pieces[i]; count++) {
            const char *q = word_before(pieces[i], p);
            uint32_t c;
            word_decode(q, p, &c);
            hash = lexicon_hash(hash, c);
            p = q;
        }
    if (count < 2 || count > PLACE_MAX)
        return 0;
    if (count > b->lexicon->place_max)
        b->lexicon->place_max = count;
    return add_key(&b->places, hash, e);
}

int detect_lexicon_place(struct detect_lexicon_builder *b, struct slice place, struct error *e)
{
    place = slice_trim(place);
    if (utf8_valid_prefix(place) != place.n)
        return 0;
    static const struct {
        const char *tail, *instead;
    } tails[] = {{"村民委员会", "村"},       {"村村民委员会", "村"}, {"村委会", "村"},
                 {"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"居民委员会", "社区"},
                 {"居委会", "社区"},         {"街道办事处", "街道"}, {"镇人民政府", "镇"},
                 {"乡人民政府", "乡"}};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
        if (ends_with(place, tails[i].tail)) {
            struct slice stem = {place.p, place.n - strlen(tails[i].tail)};
            int status = add_place(b, stem, tails[i].instead, e);
            if (status)
                return status;
        }
    return add_place(b, place, "", e);
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int make_set(struct keys *k, struct key_set *ret, struct error *e)
{
    if (k->count == 0)
        return 0;
    qsort(k->keys, k->count, sizeof *k->keys, compare_keys);
    size_t distinct = 0, size = 16;
    for (size_t i = 0; i < k->count; i++)
        if (i == 0 || k->keys[i] != k->keys[i - 1])
            k->keys[distinct++] = k->keys[i];
    k->count = distinct;
    while (size < distinct * 2)
        size *= 2;
    size_t bytes = size * sizeof *ret->keys;
    ret->keys = aligned_alloc(bytes < HUGE_PAGE ? 64 : HUGE_PAGE, bytes);
    if (!ret->keys)
        return error_set(e, ERR_MEMORY, NULL);
    /* Looked up all over: large pages spare half of the time. */
    if (bytes >= HUGE_PAGE)
        (void)madvise(ret->keys, bytes, MADV_HUGEPAGE);
    memset(ret->keys, 0, bytes);
    ret->mask = size - 1;
    for (size_t i = 0; i < distinct; i++) {
        size_t at = lexicon_mix(k->keys[i]) & ret->mask;
        while (ret->keys[at])
            at = (at + 1) & ret->mask;
        ret->keys[at] = k->keys[i];
    }
    return 0;
}

/* Sixteen bits for each pair at least, so that few pairs of other words pass by accident. */
static int make_pairs(struct detect_lexicon *l, const struct keys *names, struct error *e)
{
    unsigned bits = 16;
    while (bits < 23 && ((size_t)1 << bits) < names->count * 16)
        bits++;
    l->pair_shift = 64 - bits;
    l->pairs = calloc((size_t)1 << (bits - 6), sizeof *l->pairs);
    if (!l->pairs)
        return error_set(e, ERR_MEMORY, NULL);
    for (size_t i = 0; i < names->count; i++) {
        uint64_t key = names->keys[i];
        while (key >> 32)
            key >>= 16;
        uint64_t h = lexicon_pair((uint32_t)(key >> 16), (uint32_t)(key & 0xFFFF)) >> l->pair_shift;
        l->pairs[h >> 6] |= (uint64_t)1 << (h & 63);
    }
    return 0;
}

/* Characters that end one in 5,000 of the names of three characters. */
static int find_given(struct detect_lexicon *l, const struct keys *names, struct error *e)
{
    uint32_t *counts = calloc(65536, sizeof *counts);
    if (!counts)
        return error_set(e, ERR_MEMORY, NULL);
    for (size_t i = 0; i < names->count; i++)
        if (names->keys[i] >> 32)
            counts[names->keys[i] & 0xFFFF]++;
    for (size_t c = 0; c < 65536; c++)
        if (counts[c] > 2 && counts[c] > names->count / 5000)
            l->given[c >> 3] |= (uint8_t)(1 << (c & 7));
    free(counts);
    return 0;
}

int detect_lexicon_end(struct detect_lexicon_builder *b, struct detect_lexicon **ret,
                       struct error *e)
{
    struct detect_lexicon *l = b->lexicon;
    int status = make_set(&b->names, &l->names, e);
    if (!status)
        status = make_set(&b->longs, &l->longs, e);
    if (!status)
        status = make_set(&b->places, &l->places, e);
    if (!status)
        status = make_pairs(l, &b->names, e);
    if (!status)
        status = find_given(l, &b->names, e);
    if (!status) {
        b->lexicon = NULL;
        *ret = l;
    }
    builder_free(b);
    return status;
}

/* ---- looking up ---- */

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

size_t lexicon_long_name_at(const struct detect_lexicon *l, const char *p, const char *end)
{
    uint64_t hash = LEXICON_HASH_BEGIN;
    uint32_t first = 0;
    size_t found = 0;
    unsigned count = 0;
    for (const char *q = p; q < end && count < l->long_max;) {
        uint32_t c, folded;
        q += word_decode(q, end, &c);
        folded = lexicon_fold(c);
        if (folded == 0 && (c == 0 || count == 0))
            break;
        if (folded == 0)
            continue;
        hash = lexicon_hash(hash, folded);
        count++;
        if (count == 1)
            first = folded;
        else if (count == 2 && !lexicon_has_long_pair(l, first, folded))
            break;
        else if (folded < 0x3000 && !is_letter(folded) && folded < 0x80)
            break;
        if (count >= 3 && !(is_letter(c) && q < end && is_letter((unsigned char)*q)) &&
            key_set_has(&l->longs, hash))
            found = (size_t)(q - p);
    }
    return found;
}

const char *lexicon_place_before(const struct detect_lexicon *l, const char *begin, const char *p)
{
    const char *found = NULL;
    uint64_t hash = LEXICON_HASH_BEGIN;
    unsigned count = 0;
    while (p > begin && count < l->place_max) {
        const char *q = word_before(begin, p);
        uint32_t c;
        if (word_decode(q, p, &c) != (size_t)(p - q) || !word_is_han(c))
            break;
        hash = lexicon_hash(hash, c);
        count++;
        p = q;
        if (count >= 2 && key_set_has(&l->places, hash))
            found = p;
    }
    return found;
}
