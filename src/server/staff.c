/* Who works in the caller's division (api/duty.yaml). */
#include "server/staff.h"

#include "server/cared.h"
#include "server/handlers.h"
#include "store/sql_coming.h"

#include <stdlib.h>

static bool works_by_division(enum role role)
{
    return role >= ROLE_CHILD_DIRECTOR && role <= ROLE_CENTRE_WORKER;
}

int staff_find(struct request *r, struct deployment *d, int64_t id, struct account *ret)
{
    int rc = account_get(d, id, r->arena, ret, r->error);

    if (rc == 0 &&
        (!works_by_division(ret->role) || !division_covers(r->account.division, ret->division)))
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    return rc;
}

static struct slice name_of(const struct account *a) { return a->display.n ? a->display : a->name; }

/* ---- the list ---- */

static int write_item(struct request *r, int64_t id)
{
    struct account a;
    struct sights sights;
    int rc = account_get(r->d, id, r->arena, &a, r->error);

    if (rc < 0)
        return rc;
    struct view_value v[FIELD_STAFF_ITEM_COUNT] = {
        [FIELD_STAFF_ITEM_ID] = view_number(a.id),
        [FIELD_STAFF_ITEM_NAME] = seen_text(name_of(&a)),
        [FIELD_STAFF_ITEM_ROLE] = view_text(slice_from(role_name(a.role))),
        [FIELD_STAFF_ITEM_DIVISION] = seen_number(a.division)};
    seen_nobody(r, &sights);
    view_write(r->out, &view_of_staff_item, &sights, &(struct mask_context){.today = r->today}, v);
    return 0;
}

struct place {
    int64_t division, id;
};

static int read_ids(struct request *r, struct place after, int64_t division, size_t limit,
                    struct place *ret, size_t *ret_count)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    enum role role = r->query[1].p ? role_parse(r->query[1]) : ROLE_NONE;
    struct sql_staff_in_area row;
    size_t count = 0;

    if (after.division < division)
        after = (struct place){division, 0}; /* ids are positive */
    int rc = sql_staff_in_area(r->d->store, after.division, after.id, division_last(division),
                               (int64_t)role, (int64_t)limit, &rows, r->error);
    while (rc >= 0 && (rc = sql_staff_in_area_next(&rows, &row, r->error)) > 0)
        ret[count++] = (struct place){row.division, row.id};
    *ret_count = count;
    return rc;
}

int route_staff_list(struct request *r)
{
    size_t count = 0, limit = page_limit(r->query[3]);
    struct place *list = ARENA_ARRAY(r->arena, limit, struct place);
    const char *next = NULL;
    int64_t division, place[2] = {0};
    int rc = cared_scope(r, r->query[0], &division);

    if (rc == 0)
        rc = page_place(r, r->query[2], 2, place); /* "DIVISION.ID" */
    if (rc == 0)
        rc = read_ids(r, (struct place){place[0], place[1]}, division, limit, list, &count);
    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = write_item(r, list[i].id);
    if (count == limit)
        next = arena_printf(r->arena, "%lld.%lld", (long long)list[count - 1].division,
                            (long long)list[count - 1].id);
    page_end(r, next);
    return rc;
}

/* ---- one ---- */

static int read_absences(struct request *r, const struct account *a, struct view_value *ret)
{
    struct absence *list;
    struct sublist s;
    size_t count;
    int rc = absences_of(r->d, a->id, r->today, r->arena, &list, &count, r->error);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++)
        write_absence(r, &list[i], name_of(a));
    *ret = sublist_end(r, &s);
    return 0;
}

static int read_trainings(struct request *r, const struct account *a, struct view_value *ret)
{
    struct training *list;
    struct sublist s;
    size_t count;
    int rc = trainings_of(r->d, a->id, r->arena, &list, &count, r->error);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++)
        write_training(r, &list[i]);
    *ret = sublist_end(r, &s);
    return 0;
}

int route_staff_read(struct request *r)
{
    struct view_value absences, trainings;
    struct caseload load;
    struct account a;
    struct sights sights;
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    if (rc == 0)
        rc = staff_find(r, r->d, id, &a);
    if (rc == 0)
        rc = duty_caseload(r->d, id, r->now, &load, r->error);
    if (rc == 0)
        rc = read_absences(r, &a, &absences);
    if (rc == 0)
        rc = read_trainings(r, &a, &trainings);
    if (rc < 0)
        return rc;
    struct view_value v[FIELD_STAFF_MEMBER_COUNT] = {
        [FIELD_STAFF_MEMBER_ID] = view_number(a.id),
        [FIELD_STAFF_MEMBER_NAME] = seen_text(name_of(&a)),
        [FIELD_STAFF_MEMBER_PHONE] = seen_text(a.phone),
        [FIELD_STAFF_MEMBER_ROLE] = view_text(slice_from(role_name(a.role))),
        [FIELD_STAFF_MEMBER_DIVISION] = seen_number(a.division),
        [FIELD_STAFF_MEMBER_OPEN_ALERTS] = view_number(load.open_alerts),
        [FIELD_STAFF_MEMBER_OVERDUE_ALERTS] = view_number(load.overdue_alerts),
        [FIELD_STAFF_MEMBER_OPEN_VISITS] = view_number(load.open_visits),
        [FIELD_STAFF_MEMBER_ABSENCES] = absences,
        [FIELD_STAFF_MEMBER_TRAININGS] = trainings};
    seen_nobody(r, &sights);
    view_write(r->out, &view_of_staff_member, &sights, &(struct mask_context){.today = r->today},
               v);
    return 0;
}
