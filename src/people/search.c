#include "people/search.h"

#include "people/id_number.h"
#include "people/person.h"
#include "store/sql_person.h"

#include <pthread.h>

/* One thread's half of the people. */
struct half {
    struct deployment *d;
    int64_t after, until; /* ids in (after, until] */
    struct name_batch *names;
    struct error error;
    int rc;
};

static int read_half(struct half *h)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_names_scan row;
    ARENA_AUTO(scratch);
    struct error *e = &h->error;
    int rc = sql_person_names_scan(h->d->store, h->after, h->until, &rows, e);

    while (rc >= 0 && (rc = sql_person_names_scan_next(&rows, &row, e)) > 0) {
        struct person person;
        arena_reset(&scratch);
        rc = person_open(h->d->sealer, (const uint8_t *)row.salt.p, row.person_id, row.sealed,
                         &scratch, &person, e);
        if (rc == 0)
            rc = name_batch_add(h->names, row.person_id, person.name, e);
    }
    return rc;
}

static void *read_half_thread(void *context)
{
    struct half *h = context;

    h->rc = read_half(h);
    return NULL;
}

static int read_names(struct deployment *d, struct name_batch **batches, struct error *e)
{
    DEPLOYMENT_AUTO(second);
    struct sql_person_middle middle = {0};
    pthread_t thread;
    bool found;
    int rc = sql_person_middle(d->store, &found, &middle, e);

    if (rc == 0)
        rc = deployment_fork(d, STORE_READ, &second, e);
    if (rc < 0)
        return rc;
    struct half halves[2] = {
        {d, INT64_MIN, found ? middle.id : 0, batches[0], {.language = e->language}, 0},
        {second, found ? middle.id : 0, INT64_MAX, batches[1], {.language = e->language}, 0}};
    if (pthread_create(&thread, NULL, read_half_thread, &halves[1]) != 0)
        return error_set(e, ERR_MEMORY, NULL);
    halves[0].rc = read_half(&halves[0]);
    pthread_join(thread, NULL);
    for (int i = 0; i < 2; i++)
        if (halves[i].rc < 0) {
            *e = halves[i].error;
            return halves[i].rc;
        }
    return 0;
}

int search_index_build(struct deployment *d, struct name_index **ret, struct error *e)
{
    struct name_batch *batches[2] = {name_batch_new(), name_batch_new()};
    int rc = batches[0] && batches[1] ? read_names(d, batches, e) : error_set(e, ERR_MEMORY, NULL);

    if (rc == 0)
        return name_index_build(batches, 2, ret, e);
    name_batch_free(batches[0]);
    name_batch_free(batches[1]);
    return rc;
}

int search_by_id_number(struct deployment *d, struct slice number, int64_t *ids, size_t limit,
                        size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_by_id_hashes row;
    struct id_number id;
    uint8_t hash[SEAL_HASH_SIZE];
    size_t count = 0;

    *ret_count = 0;
    if (id_number_check(number, &id) != ID_NUMBER_GOOD)
        return 0;
    int rc = sealer_hash(d->sealer, HASH_ID_NUMBER, slice_from(id.text), hash, e);
    if (rc == 0)
        rc = sql_person_by_id_hashes(d->store, &SLICE_OF(hash), 1, &rows, e);
    while (rc >= 0 && (rc = sql_person_by_id_hashes_next(&rows, &row, e)) > 0)
        if (count < limit)
            ids[count++] = row.person_id;
    *ret_count = count;
    return rc < 0 ? rc : 0;
}

int search_by_phone(struct deployment *d, struct slice phone, int64_t *ids, size_t limit,
                    size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_by_phone row;
    uint8_t hash[SEAL_HASH_SIZE];
    char text[PHONE_SIZE];
    size_t count = 0;

    *ret_count = 0;
    if (!phone_normalise(phone, text))
        return 0;
    int rc = sealer_hash(d->sealer, HASH_PHONE, slice_from(text), hash, e);
    if (rc == 0)
        rc = sql_person_by_phone(d->store, SLICE_OF(hash), &rows, e);
    while (rc >= 0 && (rc = sql_person_by_phone_next(&rows, &row, e)) > 0)
        if (count < limit)
            ids[count++] = row.id;
    *ret_count = count;
    return rc < 0 ? rc : 0;
}
