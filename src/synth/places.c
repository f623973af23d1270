#include "synth/places.h"

#include "base/csv.h"
#include "synth/line.h"
#include "synth/rates.h"

#include <stdlib.h>

static const char *const levels[SYNTH_LEVEL_COUNT] = {"province", "city", "county", "town",
                                                      "village"};

bool synth_place_within(const struct synth_place *place, const struct synth_place *county)
{
    return memcmp(place->code, county->code, 6) == 0;
}

static int read_row(struct synth_places *p, const struct csv_row *row, const int *places,
                    struct error *e)
{
    struct slice code = row->cells[places[0]], level = row->cells[places[2]];
    struct synth_place *place;
    int l = 0;

    while (l < SYNTH_LEVEL_COUNT && !slice_is(level, levels[l]))
        l++;
    if (code.n != 12 || l == SYNTH_LEVEL_COUNT)
        return error_set(e, ERR_DIVISION, N_("line %llu of the divisions has no code or no level"),
                         (unsigned long long)row->line);
    p->all = arena_grow(&p->arena, p->all, &p->capacity, p->count + 1, sizeof(*p->all));
    place = &p->all[p->count++];
    memcpy(place->code, code.p, 12);
    place->level = (enum synth_level)l;
    place->name = arena_string(&p->arena, row->cells[places[1]]);
    place->parent = arena_string(&p->arena, row->cells[places[3]]);
    return 0;
}

static int read_all(struct synth_places *p, struct csv_reader *reader, struct error *e)
{
    static const char *const columns[] = {"code", "name", "level", "parent", NULL};
    struct csv_row row;
    int places[4], status = csv_header(reader, columns, places, NULL, NULL, e);

    while (status == 0 && (status = csv_next(reader, &row, e)) > 0) {
        for (int i = 0; i < 4; i++)
            if ((size_t)places[i] >= row.count)
                return error_set(e, ERR_CSV, N_("line %llu of the divisions is too short"),
                                 (unsigned long long)row.line);
        status = read_row(p, &row, places, e);
    }
    return status;
}

static int compare_codes(const void *a, const void *b)
{
    const struct synth_place *x = a, *y = b;

    return memcmp(x->code, y->code, 12);
}

static const struct synth_place *find(const struct synth_places *p, const char *code)
{
    struct synth_place key;

    memset(&key, 0, sizeof(key));
    if (strlen(code) != 12)
        return NULL;
    memcpy(key.code, code, 12);
    return bsearch(&key, p->all, p->count, sizeof(*p->all), compare_codes);
}

/* "江滨社区居委会" is spoken of as "江滨社区", "后宅村委会" as "后宅村". */
static struct slice spoken(const char *name)
{
    static const char *const endings[] = {"居民委员会", "村民委员会", "居委会", "委会", NULL};
    struct slice s = slice_from(name);

    for (int i = 0; endings[i]; i++) {
        size_t n = strlen(endings[i]);
        if (s.n > n + 3 && memcmp(s.p + s.n - n, endings[i], n) == 0)
            return (struct slice){s.p, s.n - n};
    }
    return s;
}

static void take_home(struct synth_places *p, struct synth_place *place, struct synth_random *r)
{
    const struct synth_place *town = find(p, place->parent);
    struct slice name = spoken(place->name);

    place->address = arena_printf(&p->arena, "%s%s%.*s", p->county->name, town ? town->name : "",
                                  (int)name.n, name.p);
    p->weights[p->villages_count] = 1 + synth_random_below(r, 9);
    p->villages[p->villages_count++] = place;
}

static int arrange(struct synth_places *p, const char *county, uint64_t seed, struct error *e)
{
    struct synth_random r;

    if (p->count)
        qsort(p->all, p->count, sizeof(*p->all), compare_codes);
    p->county = find(p, county);
    if (!p->county || p->county->level != SYNTH_COUNTY)
        return error_set(e, ERR_DIVISION, N_("the county %s is not among the divisions"), county);
    p->villages = ARENA_ARRAY(&p->arena, p->count, const struct synth_place *);
    p->near = ARENA_ARRAY(&p->arena, p->count, const struct synth_place *);
    p->far = ARENA_ARRAY(&p->arena, p->count, const struct synth_place *);
    p->weights = ARENA_ARRAY(&p->arena, p->count, uint32_t);
    synth_random_seed(&r, seed, UINT64_MAX);
    for (size_t i = 0; i < p->count; i++) {
        struct synth_place *place = &p->all[i];
        if (place->level == SYNTH_VILLAGE && synth_place_within(place, p->county))
            take_home(p, place, &r);
        else if (place->level == SYNTH_COUNTY && memcmp(place->code, county, 2) != 0)
            p->far[p->far_count++] = place;
        else if (place->level == SYNTH_COUNTY && place != p->county)
            p->near[p->near_count++] = place;
    }
    if (!p->villages_count)
        return error_set(e, ERR_DIVISION, N_("the county %s has no villages or communities"),
                         county);
    return 0;
}

int synth_places_read(const char *path, const char *county, uint64_t seed, struct synth_places *ret,
                      struct error *e)
{
    struct synth_places p = {.arena = ARENA_EMPTY};
    struct csv_reader *reader;
    int status = csv_open(path, NULL, &reader, e);

    if (status < 0)
        return status;
    status = read_all(&p, reader, e);
    csv_close(reader);
    if (status == 0)
        status = arrange(&p, county, seed, e);
    if (status < 0) {
        synth_places_end(&p);
        return status;
    }
    *ret = p;
    return 0;
}

void synth_places_end(struct synth_places *p) { arena_end(&p->arena); }

void synth_places_write(const struct synth_places *p, FILE *f)
{
    struct synth_line l;

    fputs("code,name,level,parent\n", f);
    for (int level = 0; level < SYNTH_LEVEL_COUNT; level++)
        for (size_t i = 0; i < p->count; i++) {
            const struct synth_place *place = &p->all[i];
            if ((int)place->level != level ||
                (level >= SYNTH_TOWN && !synth_place_within(place, p->county)))
                continue;
            synth_line_begin(&l);
            synth_line_cell(&l, place->code);
            synth_line_cell(&l, place->name);
            synth_line_cell(&l, levels[level]);
            synth_line_cell(&l, place->parent);
            synth_line_write(&l, f);
        }
}

const struct synth_place *synth_places_home(const struct synth_places *p, struct synth_random *r)
{
    return p->villages[synth_random_weighted(r, p->weights, p->villages_count)];
}

const struct synth_place *synth_places_elsewhere(const struct synth_places *p,
                                                 struct synth_random *r)
{
    bool near = !p->far_count ||
                synth_random_chance(r, synth_rates[SYNTH_RATE_MIGRANT_SAME_PROVINCE].rate);

    if (near && p->near_count)
        return p->near[synth_random_below(r, (uint32_t)p->near_count)];
    if (p->far_count)
        return p->far[synth_random_below(r, (uint32_t)p->far_count)];
    return p->county; /* the file knows no other county */
}
