/* Reading openings. Every statement gives the same columns in the same order: one reader serves. */
#include "access/opening.h"

#include "access/opening_inside.h"
#include "store/sql_opening.h"

static const char *const state_names[OPENING_STATE_COUNT] = {
    [OPENING_NONE] = "",           [OPENING_ASKED] = "asked", [OPENING_OPEN] = "open",
    [OPENING_REFUSED] = "refused", [OPENING_ENDED] = "ended", [OPENING_LAPSED] = "lapsed",
};

const char *opening_state_name(enum opening_state s)
{
    return s > OPENING_NONE && s < OPENING_STATE_COUNT ? state_names[s] : "";
}

struct seal_place opening_reason_place(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("opening.reason"), id};
}

static int64_t or_0(struct opt_int v) { return v.set ? v.v : 0; }

/* What a sweep will write is true already: nothing depends on when it comes by. */
static enum opening_state state_at(enum opening_state stored, int64_t asked_at, int64_t expires_at,
                                   int64_t now)
{
    if (stored == OPENING_ASKED && asked_at + OPENING_ANSWER_TIME <= now)
        return OPENING_LAPSED;
    if (stored == OPENING_OPEN && expires_at <= now)
        return OPENING_ENDED;
    return stored;
}

static int read_reason(struct deployment *d, const struct sql_opening_of_id *row,
                       struct arena *arena, struct slice *ret, struct error *e)
{
    if (!row->salt.p) { /* the account was erased, and what it wrote with it */
        *ret = SLICE_NONE;
        return 0;
    }
    int rc = sealer_set_subject(d->sealer, (const uint8_t *)row->salt.p, e);
    return rc < 0
               ? rc
               : sealer_open(d->sealer, opening_reason_place(row->id), row->reason, arena, ret, e);
}

static int read_row(struct deployment *d, const struct sql_opening_of_id *row, int64_t now,
                    struct arena *arena, struct opening *ret, struct error *e)
{
    struct opening o = {
        .id = row->id,
        .account_id = row->account_id,
        .child_id = row->child_id,
        .classes = (uint64_t)row->classes,
        .purpose = (enum purpose)row->purpose,
        .relation = (enum relation)row->relation,
        .glass = row->glass != 0,
        .asked_at = row->asked_at,
        .decided_by = or_0(row->decided_by),
        .decided_at = or_0(row->decided_at),
        .expires_at = or_0(row->expires_at),
        .review_due = row->review_due.set ? (day)row->review_due.v : DAY_FOREVER,
        .reviewed_by = or_0(row->reviewed_by),
        .reviewed_at = or_0(row->reviewed_at),
        .justified = or_0(row->justified) != 0,
    };
    int rc = read_reason(d, row, arena, &o.reason, e);

    o.state = state_at((enum opening_state)row->state, o.asked_at, o.expires_at, now);
    if (rc == 0)
        *ret = o;
    return rc;
}

int opening_get(struct deployment *d, int64_t id, int64_t now, struct arena *arena,
                struct opening *ret, struct error *e)
{
    struct sql_opening_of_id row;
    bool found;
    int rc = sql_opening_of_id(d->store, id, &found, &row, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, NULL);
    return rc < 0 ? rc : read_row(d, &row, now, arena, ret, e);
}

/* The next row of any of the statements, as if it were one of opening_of_id. */
typedef int next_row(struct store_rows *rows, struct sql_opening_of_id *ret, struct error *e);

#define NEXT(statement)                                                                         \
    static int next_##statement(struct store_rows *rows, struct sql_opening_of_id *ret,         \
                                struct error *e)                                                \
    {                                                                                           \
        struct sql_opening_##statement row;                                                     \
        _Static_assert(sizeof(row) == sizeof(*ret), "the columns of opening.sql are the same"); \
        int rc = sql_opening_##statement##_next(rows, &row, e);                                 \
        if (rc > 0)                                                                             \
            memcpy(ret, &row, sizeof(row));                                                     \
        return rc;                                                                              \
    }
NEXT(of_child)
NEXT(of_account)
NEXT(in_state)
NEXT(to_review)
NEXT(current)

static int collect(struct deployment *d, struct store_rows *rows, next_row *next, int64_t now,
                   struct arena *arena, struct opening **ret, size_t *ret_count, struct error *e)
{
    struct sql_opening_of_id row;
    struct opening *list = NULL;
    size_t count = 0, capacity = 0;
    int rc;

    while ((rc = next(rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        if ((rc = read_row(d, &row, now, arena, &list[count++], e)) < 0)
            break;
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int opening_list(struct deployment *d, enum opening_list which, int64_t of, int64_t after_id,
                 size_t limit, int64_t now, struct arena *arena, struct opening **ret,
                 size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    int64_t n = (int64_t)limit;
    next_row *next = NULL;
    int rc = 0;

    switch (which) {
    case OPENINGS_OF_CHILD:
        rc = sql_opening_of_child(d->store, of, after_id, n, &rows, e);
        next = next_of_child;
        break;
    case OPENINGS_OF_ACCOUNT:
        rc = sql_opening_of_account(d->store, of, after_id, n, &rows, e);
        next = next_of_account;
        break;
    case OPENINGS_ASKED:
        rc = sql_opening_in_state(d->store, OPENING_ASKED, now - OPENING_ANSWER_TIME, after_id, n,
                                  &rows, e);
        next = next_in_state;
        break;
    case OPENINGS_TO_REVIEW:
        rc = sql_opening_to_review(d->store, after_id, n, &rows, e);
        next = next_to_review;
        break;
    }
    return rc < 0 ? rc : collect(d, &rows, next, now, arena, ret, ret_count, e);
}

int opening_current(struct deployment *d, int64_t account_id, int64_t now, struct arena *arena,
                    struct opening **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    int rc = sql_opening_current(d->store, account_id, &rows, e);

    return rc < 0 ? rc : collect(d, &rows, next_current, now, arena, ret, ret_count, e);
}

int opening_in_force(struct deployment *d, int64_t account_id, int64_t child_id, int64_t now,
                     struct arena *arena, struct opening **ret, size_t *ret_count, struct error *e)
{
    struct opening *list;
    size_t count, kept = 0;
    int rc = opening_current(d, account_id, now, arena, &list, &count, e);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++)
        if (list[i].state == OPENING_OPEN && (child_id == 0 || list[i].child_id == child_id))
            list[kept++] = list[i];
    *ret = list;
    *ret_count = kept;
    return 0;
}
