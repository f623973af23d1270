/* What somebody on duty was taught: sealed under the account's own salt. */
#include "care/duty.h"

#include "access/packed.h"
#include "store/sql_salt.h"
#include "store/sql_training.h"

#define COURSE_MAX 1000 /* bytes */

static struct seal_place place_of(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("training.sealed"), id};
}

/* Sets the sealer to the account. */
static int subject(struct deployment *d, int64_t account_id, struct error *e)
{
    struct sql_salt_of salt;
    bool found;
    int rc = sql_salt_of(d->store, account_id, &found, &salt, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, N_("there is no such account"));
    return rc < 0 ? rc : sealer_set_subject(d->sealer, (const uint8_t *)salt.salt.p, e);
}

static int next_id(struct care *c, int64_t *ret, struct error *e)
{
    struct sql_training_last last;
    bool found;
    int rc = sql_training_last(c->d->store, &found, &last, e);
    struct id_source ids = {rc == 0 && found ? last.id : 0};

    return rc < 0 ? rc : id_source_next(&ids, c->d->sealer, ret, e);
}

int training_add(struct care *c, int64_t account_id, day on, day valid_to, struct slice course,
                 int64_t by, int64_t *ret_id, struct error *e)
{
    struct slice sealed;
    int64_t id;

    if (course.n == 0 || course.n > COURSE_MAX)
        return error_set(e, ERR_VALUE, N_("a course has a name, of at most %d bytes"), COURSE_MAX);
    if (valid_to <= on)
        return error_set(e, ERR_VALUE, N_("training lapses after the day on which it was had"));
    int rc = next_id(c, &id, e);
    if (rc == 0)
        rc = subject(c->d, account_id, e);
    if (rc == 0)
        rc = sealer_seal_arena(c->d->sealer, place_of(id), packed_from(&course, 1, c->arena),
                               c->arena, &sealed, e);
    if (rc == 0)
        rc = sql_training_insert(c->d->store, id, account_id, on,
                                 valid_to == DAY_FOREVER ? OPT_INT_NONE : opt_int(valid_to), by,
                                 c->now, sealed, e);
    if (rc == 0)
        *ret_id = id;
    return rc;
}

static int open_course(struct deployment *d, int64_t id, struct slice sealed, struct arena *arena,
                       struct slice *ret, struct error *e)
{
    struct slice plain;
    int rc = sealer_open(d->sealer, place_of(id), sealed, arena, &plain, e);

    if (rc == 0 && !packed_read(plain, ret, 1))
        rc = error_set(e, ERR_SEAL_BROKEN, NULL);
    return rc;
}

int trainings_of(struct deployment *d, int64_t account_id, struct arena *arena,
                 struct training **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_training_of row;
    struct training *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = subject(d, account_id, e);

    if (rc == 0)
        rc = sql_training_of(d->store, account_id, &rows, e);
    while (rc >= 0 && (rc = sql_training_of_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        struct training *t = &list[count++];
        *t = (struct training){.id = row.id,
                               .account_id = account_id,
                               .on = (day)row.on_day,
                               .valid_to = row.valid_to.set ? (day)row.valid_to.v : DAY_FOREVER};
        if ((rc = open_course(d, row.id, row.sealed, arena, &t->course, e)) < 0)
            return rc;
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
