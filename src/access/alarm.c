/* Alarms: what is unusual, for the security administrator. */
#include "access/audit.h"
#include "access/opening_inside.h"

#include "store/sql_alarm.h"
#include "store/sql_opening.h"

#define HOUR INT64_C(3600000000) /* in microseconds */

static const char *const names[ALARM_KIND_COUNT] = {
#define ALARM(symbol, number, name, limit) [symbol] = name,
#include "access/alarms.def"
#undef ALARM
};

const char *alarm_kind_name(enum alarm_kind k)
{
    return k > ALARM_NONE && k < ALARM_KIND_COUNT ? names[k] : "";
}

/* These are told each, however many there are: every one of them is looked into. */
static bool told_each(enum alarm_kind kind)
{
    return kind == ALARM_GLASS || kind == ALARM_NOT_REVIEWED || kind == ALARM_PASSWORD_GIVEN;
}

static struct opt_int unless_0(int64_t id) { return id ? opt_int(id) : OPT_INT_NONE; }

int alarm_raise(struct deployment *d, enum alarm_kind kind, int64_t account_id, int64_t opening_id,
                int64_t figure, int64_t now, struct error *e)
{
    struct sql_alarm_since since;
    struct sql_alarm_last last;
    bool found = false;
    int rc = 0;

    if (!told_each(kind))
        rc = sql_alarm_since(d->store, kind, account_id, now - HOUR, &found, &since, e);
    if (rc < 0 || found)
        return rc;
    if ((rc = sql_alarm_last(d->store, &found, &last, e)) < 0)
        return rc;
    struct id_source ids = {found ? last.id : 0};
    struct audit_entry entry = {
        .event = AUDIT_ALARM_RAISED, .account_id = account_id, .detail = alarm_kind_name(kind)};
    rc = id_source_next(&ids, d->sealer, &entry.object_id, e);
    if (rc == 0)
        rc = sql_alarm_insert(d->store, entry.object_id, kind, unless_0(account_id),
                              unless_0(opening_id), now, figure, e);
    return rc < 0 ? rc : audit_append(d, &entry, e);
}

static const int64_t limits[ALARM_KIND_COUNT] = {
#define ALARM(symbol, number, name, limit) [symbol] = limit,
#include "access/alarms.def"
#undef ALARM
};

/* Before the working day and after it; the hours are local, unconfirmed (alarms.def). */
#define HOUR_FIRST 7
#define HOUR_AFTER_LAST 21

static bool has_task(const struct opening *o)
{
    return o->relation == RELATION_ASSIGNED || o->relation == RELATION_GUARDIAN ||
           o->purpose == PURPOSE_OVERSIGHT;
}

int opening_alarms(struct deployment *d, const struct opening *o, int64_t at, struct error *e)
{
    struct sql_opening_count_since row;
    int hour = hour_of_instant(at);
    bool found;
    int rc = sql_opening_count_since(d->store, o->account_id, at - HOUR, &found, &row, e);

    if (rc == 0 && found && row.openings > limits[ALARM_VOLUME])
        rc = alarm_raise(d, ALARM_VOLUME, o->account_id, o->id, row.openings, at, e);
    if (rc == 0 && (hour < HOUR_FIRST || hour >= HOUR_AFTER_LAST))
        rc = alarm_raise(d, ALARM_HOUR, o->account_id, o->id, hour, at, e);
    if (rc == 0 && !has_task(o))
        rc = alarm_raise(d, ALARM_NO_TASK, o->account_id, o->id, o->relation, at, e);
    if (rc == 0 && o->glass)
        rc = alarm_raise(d, ALARM_GLASS, o->account_id, o->id, o->purpose, at, e);
    return rc;
}

/* Rows of both statements have the same columns. */
#define ALARM_OF(row)                                                            \
    ((struct alarm){.id = (row).id,                                              \
                    .kind = (enum alarm_kind)(row).kind,                         \
                    .account_id = (row).account_id.set ? (row).account_id.v : 0, \
                    .opening_id = (row).opening_id.set ? (row).opening_id.v : 0, \
                    .raised_at = (row).raised_at,                                \
                    .figure = (row).figure,                                      \
                    .seen_by = (row).seen_by.set ? (row).seen_by.v : 0,          \
                    .seen_at = (row).seen_at.set ? (row).seen_at.v : 0})

int alarm_list(struct deployment *d, bool unseen_only, int64_t after_id, size_t limit,
               struct arena *arena, struct alarm **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct alarm *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = unseen_only ? sql_alarm_unseen(d->store, after_id, (int64_t)limit, &rows, e)
                         : sql_alarm_all(d->store, after_id, (int64_t)limit, &rows, e);

    while (rc >= 0) {
        struct sql_alarm_unseen unseen;
        struct sql_alarm_all all;
        rc = unseen_only ? sql_alarm_unseen_next(&rows, &unseen, e)
                         : sql_alarm_all_next(&rows, &all, e);
        if (rc <= 0)
            break;
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = unseen_only ? ALARM_OF(unseen) : ALARM_OF(all);
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int alarm_see(struct deployment *d, int64_t alarm_id, int64_t by, int64_t now, struct error *e)
{
    struct sql_alarm_get row;
    bool found;
    int rc = sql_alarm_get(d->store, alarm_id, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found)
        return error_set(e, ERR_NOT_FOUND, NULL);
    if (row.seen_at.set) /* whoever saw it first stands there */
        return 0;
    rc = sql_alarm_seen(d->store, alarm_id, by, now, e);
    return rc < 0 ? rc
                  : audit_append(d,
                                 &(struct audit_entry){.event = AUDIT_ALARM_SEEN,
                                                       .account_id = by,
                                                       .object_id = alarm_id},
                                 e);
}
