/* The search.
 *
 * A query of n characters is an automaton with the states 0 to n, one bit each: in state p its first p
 * characters are used up. A character of a name moves states by masks that are made once a query: for
 * each reading of the language, from which states it can be read whole, as an initial, or begun at the
 * end. All ways to cut the query are so followed at once.
 *
 * Few names get that far. A byte for each UTF-16 unit says whether it can begin a match, can follow
 * the beginning of one, or is one by itself; only a name in which two neighbours fit is looked at. */
#include "people/name_fold.h"
#include "people/name_index_inside.h"
#include "people/pinyin.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unicode/utf16.h>

enum {
    UNIT_BEGINS = 1,       /* moves state 0 */
    UNIT_FOLLOWS = 2,      /* moves a state that one character reaches from 0 */
    UNIT_ALONE = 4,        /* moves state 0 to the end: the name is found for certain */
    UNIT_UNSURE = 8,       /* half of a character: look at the whole name */
    UNIT_BEGINS_WHOLE = 16 /* moves state 0 by itself or a whole reading */
};

enum rank {
    RANK_NAME_WHOLE, /* the whole name, in whole readings */
    RANK_NAME,
    RANK_BEGINNING_WHOLE,
    RANK_BEGINNING,
    RANK_ANYWHERE_WHOLE,
    RANK_ANYWHERE,
    RANK_COUNT /* not found */
};

/* States from which a reading can be taken, by how much of it the query gives. */
struct reading_moves {
    uint64_t whole, initial, initial2, begun;
    unsigned length;
};

struct query {
    uint32_t text[NAME_QUERY_MAX]; /* code points, folded */
    unsigned n;
    uint64_t breaks; /* bit p: a piece of pinyin ends before p */
    bool only_ascii;
    uint64_t end;        /* the bit of state n */
    uint64_t ascii[128]; /* states that this character moves as itself */
    struct reading_moves *readings;
    uint8_t *flags; /* of each UTF-16 unit */
};

/* What was found: names by rank, each list with as many as could be asked for. */
struct finding {
    uint32_t *names[RANK_COUNT];
    size_t names_n[RANK_COUNT], ids_n[RANK_COUNT];
    size_t limit, total;
    int enough; /* names of this rank or worse are only counted from now on */
};

static bool query_read(struct query *q, struct slice text)
{
    bool pending = false, ends_piece;
    q->only_ascii = true;
    for (size_t at = 0; at < text.n;) {
        uint32_t c = name_fold_next(text, &at, &ends_piece);
        pending |= ends_piece;
        if (c == 0)
            continue;
        if (q->n == NAME_QUERY_MAX)
            return false;
        if (pending && q->n)
            q->breaks |= UINT64_C(1) << q->n;
        pending = false;
        q->text[q->n++] = c;
        if (c < 128)
            q->ascii[c] |= UINT64_C(1) << (q->n - 1);
        else
            q->only_ascii = false;
    }
    q->end = UINT64_C(1) << q->n;
    return q->n > 0;
}

/* Letters of the reading that the query gives from state p, not beyond a break. */
static unsigned common_letters(const struct query *q, unsigned p, const char *reading)
{
    unsigned k = 0;
    while (p + k < q->n && reading[k] && !(k && (q->breaks >> (p + k) & 1))) {
        uint32_t c = q->text[p + k] == 0xFC ? 'v' : q->text[p + k]; /* who has the key types ü */
        if (c != (uint32_t)reading[k])
            break;
        k++;
    }
    return k;
}

static bool has_double_initial(const char *reading)
{
    return reading[1] == 'h' && (reading[0] == 'z' || reading[0] == 'c' || reading[0] == 's');
}

static void make_reading_moves(struct query *q)
{
    for (size_t r = 1; r < pinyin_reading_count(); r++) {
        const char *reading = pinyin_reading((uint16_t)r);
        struct reading_moves m = {.length = (unsigned)strlen(reading)};
        for (unsigned p = 0; p < q->n; p++) {
            unsigned k = common_letters(q, p, reading);
            uint64_t state = UINT64_C(1) << p;
            if (k == 0)
                continue;
            m.initial |= state;
            if (k >= 2 && has_double_initial(reading))
                m.initial2 |= state;
            if (k == m.length)
                m.whole |= state;
            else if (p + k == q->n)
                m.begun |= state;
        }
        q->readings[r] = m;
    }
}

/* The states after one character, from those in `whole` by itself and whole readings only, from those
 * in `any` in any way. */
struct states {
    uint64_t whole, any;
};

static struct states move_by_readings(const struct query *q, size_t set, struct states from)
{
    struct states to = {0, 0};
    for (const uint16_t *r = pinyin_set_at(set); *r; r++) {
        const struct reading_moves *m = &q->readings[*r];
        to.whole |= (from.whole & m->whole) << m->length;
        to.any |= (from.any & m->whole) << m->length | (from.any & m->initial) << 1 |
                  (from.any & m->initial2) << 2;
        if (from.any & m->begun)
            to.any |= q->end;
    }
    return to;
}

static uint64_t moved_as_itself(const struct query *q, uint32_t c)
{
    if (c < 128)
        return q->ascii[c];
    uint64_t states = 0;
    if (!q->only_ascii)
        for (unsigned p = 0; p < q->n; p++)
            states |= (uint64_t)(q->text[p] == c) << p;
    return states;
}

static struct states move(const struct query *q, uint32_t c, size_t set, struct states from)
{
    struct states to = set ? move_by_readings(q, set, from) : (struct states){0, 0};
    uint64_t itself = moved_as_itself(q, c);
    to.whole |= (from.whole & itself) << 1;
    to.any |= (from.any & itself) << 1;
    return to;
}

/* The flags of every unit that occurs, from the moves of state 0 and of those next to it. The first
 * unit of a character of two has what any of its characters has, and never for certain. */
static void make_flags(const struct name_index *x, struct query *q)
{
    uint64_t second = 0;
    for (size_t i = 0; i < x->unit_count; i++) {
        uint16_t unit = x->unit[i];
        struct states to = move(q, unit, x->set_of[unit], (struct states){1, 1});
        second |= to.any;
        q->flags[unit] = (uint8_t)((to.any ? UNIT_BEGINS : 0) | (to.any & q->end ? UNIT_ALONE : 0) |
                                   (to.whole ? UNIT_BEGINS_WHOLE : 0));
    }
    for (size_t i = 0; i < x->rare_count; i++) {
        struct states to = move(q, x->rare[i], pinyin_set_of(x->rare[i]), (struct states){1, 1});
        second |= to.any;
        if (to.any)
            q->flags[U16_LEAD(x->rare[i])] |= UNIT_BEGINS | UNIT_UNSURE;
    }
    struct states from = {0, second};
    for (size_t i = 0; i < x->unit_count; i++)
        if (move(q, x->unit[i], x->set_of[x->unit[i]], from).any)
            q->flags[x->unit[i]] |= UNIT_FOLLOWS;
    for (size_t i = 0; i < x->rare_count; i++)
        if (move(q, x->rare[i], pinyin_set_of(x->rare[i]), from).any)
            q->flags[U16_LEAD(x->rare[i])] |= UNIT_FOLLOWS;
}

/* Takes the character at `*i` of a name and returns its list of readings. */
static inline size_t next_character(const struct name_index *x, const uint16_t *t, size_t n,
                                    size_t *i, uint32_t *ret)
{
    uint32_t c;
    U16_NEXT(t, *i, n, c);
    *ret = c;
    return c < 0x10000 ? x->set_of[c] : pinyin_set_of(c);
}

/* Whether the query is anywhere in the name. */
static bool is_found(const struct name_index *x, const struct query *q, const uint16_t *t, size_t n)
{
    struct states s = {0, 1};
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t set = next_character(x, t, n, &i, &c);
        s = move(q, c, set, s);
        if (s.any & q->end)
            return true;
        s.any |= 1;
    }
    return false;
}

/* The best rank of one name, by following all states through it: those that began with the name, and
 * those that began anywhere. */
static enum rank rank_of(const struct name_index *x, const struct query *q, const uint16_t *t,
                         size_t n)
{
    struct states first = {1, 1}, later = {0, 0};
    enum rank best = RANK_COUNT;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t set = next_character(x, t, n, &i, &c);
        first = move(q, c, set, first);
        later = move(q, c, set, later);
        enum rank now = RANK_COUNT;
        if (first.any & q->end)
            now = (i == n ? RANK_NAME : RANK_BEGINNING) - (first.whole & q->end ? 1 : 0);
        else if (later.any & q->end)
            now = RANK_ANYWHERE - (later.whole & q->end ? 1 : 0);
        if (now < best)
            best = now;
        later.whole |= 1;
        later.any |= 1;
        if (best < RANK_ANYWHERE_WHOLE && !first.any)
            break; /* nothing better can come */
    }
    return best;
}

/* The best rank that this name could have, without looking at all of it. */
static int best_possible(const struct query *q, const uint16_t *t, size_t n)
{
    uint8_t flags = q->flags[t[0]];
    if (flags & UNIT_UNSURE)
        return RANK_NAME_WHOLE;
    if (!(flags & UNIT_BEGINS))
        return RANK_ANYWHERE_WHOLE;
    bool by_initial = !(flags & UNIT_BEGINS_WHOLE);
    /* A character uses up at least one of the query's, and has at most two units. */
    return (n <= (size_t)2 * q->n ? RANK_NAME_WHOLE : RANK_BEGINNING_WHOLE) + by_initial;
}

static void finding_add(const struct name_index *x, struct finding *f, uint32_t name,
                        enum rank rank)
{
    f->names[rank][f->names_n[rank]++] = name;
    f->ids_n[rank] += x->id_begin[name + 1] - x->id_begin[name];
    size_t sum = 0;
    for (int r = 0; r < f->enough; r++) {
        sum += f->ids_n[r];
        if (sum >= f->limit) {
            f->enough = r;
            break;
        }
    }
}

/* Looks at a name in which two neighbours fit. */
static void consider(const struct name_index *x, const struct query *q, struct finding *f,
                     uint32_t name, bool certain)
{
    const uint16_t *t = x->text + x->name_begin[name];
    size_t n = name_length(x, name), ids = x->id_begin[name + 1] - x->id_begin[name];
    if (best_possible(q, t, n) >= f->enough) {
        if (certain || is_found(x, q, t, n))
            f->total += ids;
        return;
    }
    enum rank rank = rank_of(x, q, t, n);
    if (rank == RANK_COUNT)
        return;
    f->total += ids;
    if ((int)rank < f->enough)
        finding_add(x, f, name, rank);
}

/* Bit i: at unit i of the block a match may stand. */
static uint64_t block_candidates(const uint8_t *flags, const uint16_t *t)
{
    uint64_t found = 0;
    unsigned here = flags[t[0]];
    for (unsigned i = 0; i < NAME_BLOCK; i++) {
        unsigned next = flags[t[i + 1]];
        unsigned fits = (here & next >> 1) | here >> 2 | here >> 3;
        found |= (uint64_t)(fits & 1) << i;
        here = next;
    }
    return found;
}

static inline void mark(uint64_t *found, size_t place)
{
    found[place / NAME_BLOCK] |= UINT64_C(1) << place % NAME_BLOCK;
}

/* The same for all blocks from the places of units: of those that are a match or cannot be told, of
 * those that begin one, or, where that is less, of those that follow its beginning. */
static void mark_by_places(const struct name_index *x, const uint8_t *flags, bool by_second,
                           uint64_t *found)
{
    for (size_t i = 0; i < x->unit_count; i++) {
        const uint32_t *p = x->places + x->unit_begin[i], *end = x->places + x->unit_begin[i + 1];
        uint8_t f = flags[x->unit[i]];
        if (f & (UNIT_ALONE | UNIT_UNSURE))
            for (const uint32_t *at = p; at < end; at++)
                mark(found, *at);
        else if (!by_second && f & UNIT_BEGINS)
            for (const uint32_t *at = p; at < end; at++)
                if (flags[x->text[*at + 1]] & UNIT_FOLLOWS)
                    mark(found, *at);
        if (by_second && f & UNIT_FOLLOWS)
            for (const uint32_t *at = p; at < end; at++)
                if (*at && flags[x->text[*at - 1]] & UNIT_BEGINS)
                    mark(found, *at - 1);
    }
}

/* Going to a place costs about this many times what it costs to read on. */
#define PLACE_COST 4

static void find_candidates(const struct name_index *x, const uint8_t *flags, uint64_t *found)
{
    size_t certain = 0, first = 0, second = 0;
    for (size_t i = 0; i < x->unit_count; i++) {
        size_t n = x->unit_begin[i + 1] - x->unit_begin[i];
        uint8_t f = flags[x->unit[i]];
        if (f & (UNIT_ALONE | UNIT_UNSURE))
            certain += n;
        else if (f & UNIT_BEGINS)
            first += n;
        if (f & UNIT_FOLLOWS)
            second += n;
    }
    size_t places = certain / 2 + (first < second ? first : second);
    if (places < x->block_count * NAME_BLOCK / PLACE_COST) {
        memset(found, 0, x->block_count * sizeof *found);
        mark_by_places(x, flags, second < first, found);
    } else {
        for (size_t block = 0; block < x->block_count; block++)
            found[block] = block_candidates(flags, x->text + block * NAME_BLOCK);
    }
}

static void walk(const struct name_index *x, const struct query *q, const uint64_t *candidates,
                 struct finding *f)
{
    size_t done = 0; /* text before this place is dealt with */
    for (size_t block = 0; block < x->block_count; block++) {
        uint64_t found = candidates[block];
        uint32_t name = x->block_name[block];
        while (found) {
            size_t at = block * NAME_BLOCK + (size_t)__builtin_ctzll(found);
            found &= found - 1;
            if (at < done)
                continue;
            while (x->name_begin[name + 1] <= at)
                name++;
            consider(x, q, f, name, q->flags[x->text[at]] & UNIT_ALONE);
            done = x->name_begin[name + 1];
        }
    }
}

static size_t give_ids(const struct name_index *x, const struct finding *f, int64_t *ids)
{
    size_t n = 0;
    for (int rank = 0; rank < RANK_COUNT; rank++)
        for (size_t i = 0; i < f->names_n[rank]; i++) {
            uint32_t name = f->names[rank][i];
            for (size_t k = x->id_begin[name]; k < x->id_begin[name + 1]; k++) {
                if (n == f->limit)
                    return n;
                ids[n++] = x->ids[k];
            }
        }
    return n;
}

int name_index_search(const struct name_index *x, struct slice query, int64_t *ids, size_t limit,
                      struct name_found *ret, struct error *e)
{
    struct query q = {.n = 0};
    struct finding f = {.limit = limit < NAME_LIMIT_MAX ? limit : NAME_LIMIT_MAX};
    *ret = (struct name_found){0, 0};
    if (!query_read(&q, query))
        return 0;
    f.enough = f.limit ? RANK_COUNT : 0;
    uint32_t *names = malloc((RANK_COUNT * f.limit + 1) * sizeof *names);
    uint64_t *candidates = malloc(x->block_count * sizeof *candidates);
    q.readings = calloc(pinyin_reading_count(), sizeof *q.readings);
    q.flags = calloc(65536, 1);
    bool good = names && candidates && q.readings && q.flags;
    if (good) {
        for (size_t rank = 0; rank < RANK_COUNT; rank++)
            f.names[rank] = names + rank * f.limit;
        make_reading_moves(&q);
        make_flags(x, &q);
        find_candidates(x, q.flags, candidates);
        walk(x, &q, candidates, &f);
        ret->count = give_ids(x, &f, ids);
        ret->total = f.total;
    }
    free(names);
    free(candidates);
    free(q.readings);
    free(q.flags);
    return good ? 0 : error_set(e, ERR_MEMORY, NULL);
}
