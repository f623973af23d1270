/* Every value opened once, without a transaction: others go on writing. */
#include "access/rotation.h"
#include "access/rotation_inside.h"

#define BATCH 200

struct checking {
    struct deployment *d;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
    uint64_t done, total;
};

static void add_rows(void *context, const struct sealed_count *c)
{
    struct sealed_count *sum = context;

    sum->rows += c->rows;
    sum->erased += c->erased;
}

static void add_total(void *context, const struct rotation_count *c)
{
    struct checking *k = context;

    k->total += c->rows - c->erased;
}

static int open_values(struct checking *k, const struct sealed_column *column,
                       const struct sealed_value *values, size_t count, struct arena *arena,
                       struct rotation_check *found, struct error *e)
{
    for (size_t i = 0; i < count; i++) {
        struct slice plain;
        int rc = sealer_set_subject(k->d->sealer, values[i].salt, e);
        if (rc == 0)
            rc = sealer_open(k->d->sealer, (struct seal_place){column->place, values[i].row},
                             values[i].sealed, arena, &plain, e);
        if (rc == 0) {
            found->opened++;
        } else if (rc == -ERR_SEAL_BROKEN || rc == -ERR_KEY_UNKNOWN) {
            error_clear(e);
            found->broken++;
        } else {
            return rc;
        }
    }
    return 0;
}

/* Those that share the last place of a full batch are left to the next one. */
static size_t whole_places(const struct sealed_value *values, size_t count, int64_t *cursor)
{
    int64_t last = values[count - 1].at;

    if (count < BATCH || values[0].at == last) {
        *cursor = last;
        return count;
    }
    while (values[count - 1].at == last)
        count--;
    *cursor = last - 1;
    return count;
}

static int check_column(struct checking *k, const struct sealed_column *column,
                        struct rotation_check *found, struct error *e)
{
    int64_t cursor = INT64_MIN;
    struct sealed_count sum = {0};
    int rc = column->count(k->d->store, add_rows, &sum, e);

    found->erased = sum.erased;
    while (rc == 0) {
        ARENA_AUTO(arena);
        struct sealed_value *values;
        size_t count = 0;
        rc = column->batch(k->d->store, cursor, 0, BATCH, &arena, &values, &count, e);
        if (rc < 0 || count == 0)
            return rc;
        count = whole_places(values, count, &cursor);
        rc = open_values(k, column, values, count, &arena, found, e);
        k->done += count;
        if (k->progress)
            k->progress(k->context, k->done < k->total ? k->done : k->total, k->total);
    }
    return rc;
}

int rotation_check(struct deployment *d,
                   void (*progress)(void *context, uint64_t done, uint64_t total),
                   void (*tell)(void *context, const struct rotation_check *c), void *context,
                   struct error *e)
{
    struct checking k = {.d = d, .progress = progress, .context = context};
    uint64_t broken = 0;
    int rc = rotation_count(d, add_total, &k, e);

    for (size_t i = 0; i < sealed_column_count && rc == 0; i++) {
        struct rotation_check found = {.column = sealed_columns[i].name};
        rc = check_column(&k, &sealed_columns[i], &found, e);
        broken += found.broken;
        if (rc == 0)
            tell(context, &found);
    }
    if (rc == 0 && broken)
        rc = error_set(e, ERR_SEAL_BROKEN, N_("%llu values do not open"),
                       (unsigned long long)broken);
    return rc;
}
