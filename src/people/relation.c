#include "people/relation.h"

#include "people/fact.h"
#include "store/sql_assignment.h"
#include "store/sql_child.h"
#include "store/sql_kin.h"
#include "store/sql_record.h"

#define BATCH 64 /* as many as a statement takes */
#define AGE_OF_MAJORITY 18

int64_t division_last(int64_t outer)
{
    /* What a code of each level leaves open, from the province down. */
    static const int64_t open[] = {INT64_C(10000000000), INT64_C(100000000), INT64_C(1000000),
                                   INT64_C(1000), INT64_C(1)};

    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        if (outer % open[i] == 0)
            return outer + open[i] - 1;
    return outer;
}

bool division_covers(int64_t outer, int64_t inner)
{
    return outer > 0 && inner >= outer && inner <= division_last(outer);
}

bool relation_is_minor(day birth, day today)
{
    return birth != DAY_BEGINNING && day_anniversary(birth, AGE_OF_MAJORITY) > today;
}

static bool row_holds(const struct kin_row *row, day today)
{
    return row->from <= today && today < row->to;
}

void relation_legal_parents(const struct kin_row *rows, size_t count, day birth, day today,
                            bool *ret_legal)
{
    size_t won[KIN_ADOPTIVE_MOTHER + 1] = {0}; /* by role: index + 1 */
    day since[KIN_ADOPTIVE_MOTHER + 1] = {0};

    for (size_t i = 0; i < count; i++) {
        ret_legal[i] = false;
        if (!kin_role_is_parent(rows[i].role) || !row_holds(&rows[i], today))
            continue;
        /* Of two rows of one role the later beginning counts, of equal ones the later row. */
        day from = rows[i].from == DAY_BEGINNING ? birth : rows[i].from;
        if (won[rows[i].role] && from < since[rows[i].role])
            continue;
        won[rows[i].role] = i + 1;
        since[rows[i].role] = from;
    }
    bool adopted = won[KIN_ADOPTIVE_FATHER] || won[KIN_ADOPTIVE_MOTHER];
    for (int role = KIN_FATHER; role <= KIN_ADOPTIVE_MOTHER; role++)
        if (won[role] && adopted == (role >= KIN_ADOPTIVE_FATHER))
            ret_legal[won[role] - 1] = true;
}

/* Up to BATCH children, and what is found of each. */
struct batch {
    struct deployment *d;
    const struct account *account;
    int64_t now;
    day today;
    const int64_t *children;
    size_t count;
    struct relation_tie *ties;
    day births[BATCH];
    struct arena *arena;
};

static void strengthen(struct relation_tie *tie, enum relation relation)
{
    if (relation > tie->relation)
        tie->relation = relation;
}

/* Where each lives; ids that are no children of today keep no residence and get no tie. */
static int find_places(struct batch *b, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_child_place_in row;
    int rc = sql_child_place_in(b->d->store, b->children, b->count, &rows, e);

    while (rc >= 0 && (rc = sql_child_place_in_next(&rows, &row, e)) > 0)
        for (size_t i = 0; i < b->count; i++) {
            day birth = row.birth_day.set ? (day)row.birth_day.v : DAY_BEGINNING;
            if (b->children[i] != row.id || !relation_is_minor(birth, b->today))
                continue;
            b->births[i] = birth;
            b->ties[i].minor = true;
            b->ties[i].residence = row.residence.set ? row.residence.v : 0;
        }
    return rc < 0 ? rc : 0;
}

static void find_area(struct batch *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->ties[i].minor && division_covers(b->account->division, b->ties[i].residence))
            strengthen(&b->ties[i], RELATION_AREA);
}

static void take_task(struct batch *b, const struct sql_assignment_to_children *row)
{
    bool own = row->account_id == b->account->id;
    enum relation relation = own ? RELATION_ASSIGNED : RELATION_TEAM;

    if (!own && !row->same_team)
        return;
    for (size_t i = 0; i < b->count; i++) {
        struct relation_tie *tie = &b->ties[i];
        if (b->children[i] != row->child_id || !tie->minor || tie->relation > relation)
            continue;
        if (tie->relation < relation || row->to_at > tie->task_until) {
            tie->task = (enum assignment_task)row->task;
            tie->task_until = row->to_at;
        }
        tie->relation = relation;
    }
}

static int find_tasks(struct batch *b, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_assignment_to_children row;
    int rc = sql_assignment_to_children(b->d->store, b->children, b->count, b->now,
                                        b->account->team, &rows, e);

    while (rc >= 0 && (rc = sql_assignment_to_children_next(&rows, &row, e)) > 0)
        take_task(b, &row);
    return rc < 0 ? rc : 0;
}

int relation_kin_rows(struct deployment *d, const int64_t *children, size_t child_count,
                      struct arena *arena, struct kin_row **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_kin_of_children row;
    struct kin_row *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_kin_of_children(d->store, children, child_count, &rows, e);

    while (rc >= 0 && (rc = sql_kin_of_children_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct kin_row){
            .id = row.id,
            .child_id = row.child_id,
            .person_id = row.person_id,
            .role = (enum kin_role)row.role,
            .from = row.from_day.set ? (day)row.from_day.v : DAY_BEGINNING,
            .to = row.to_day.set ? (day)row.to_day.v : DAY_FOREVER,
        };
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

/* The rows of one child out of those of a batch, and which of them make a legal parent. */
static size_t kin_of(const struct batch *b, size_t child, const struct kin_row *rows, size_t count,
                     struct kin_row *ret, bool *ret_legal)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        if (rows[i].child_id == b->children[child])
            ret[n++] = rows[i];
    relation_legal_parents(ret, n, b->births[child], b->today, ret_legal);
    return n;
}

/* Whether the person is in the register, and the court has taken guardianship from them as of
 * today. */
static int find_revocation(struct batch *b, bool *ret_there, bool *ret_revoked, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_child_place_in place;
    int64_t person = b->account->person_id;
    int rc = sql_child_place_in(b->d->store, &person, 1, &rows, e);

    *ret_there = *ret_revoked = false;
    while (rc >= 0 && (rc = sql_child_place_in_next(&rows, &place, e)) > 0)
        *ret_there = true;
    if (rc == 0)
        rc = sql_record_in_force(b->d->store, &person, 1, &rows, e);
    struct sql_record_in_force row;
    while (rc >= 0 && (rc = sql_record_in_force_next(&rows, &row, e)) > 0) {
        struct fact fact;
        rc = fact_open(b->d->sealer, (const uint8_t *)row.salt.p, row.id, row.fact, b->arena, &fact,
                       e);
        if (rc == 0 && fact.kind == KIND_GUARDIANSHIP_REVOKED &&
            (!row.from_day.set || row.from_day.v <= b->today) &&
            (!row.to_day.set || b->today < row.to_day.v))
            *ret_revoked = true;
    }
    return rc < 0 ? rc : 0;
}

static void take_guardian(struct batch *b, size_t child, const struct kin_row *rows,
                          const bool *legal, size_t count, bool revoked)
{
    struct relation_tie *tie = &b->ties[child];

    for (size_t i = 0; i < count; i++) {
        bool guardian = rows[i].role == KIN_GUARDIAN && row_holds(&rows[i], b->today);
        if (rows[i].person_id != b->account->person_id || (!legal[i] && !guardian))
            continue;
        tie->kin = rows[i].role;
        tie->kin_from = rows[i].from;
        tie->kin_to = rows[i].to;
        tie->revoked = revoked;
        if (!revoked)
            strengthen(tie, RELATION_GUARDIAN);
        if (legal[i])
            return;
    }
}

static int find_guardian(struct batch *b, struct error *e)
{
    struct kin_row *rows, *own;
    bool there, revoked, *legal;
    size_t count;
    int rc;

    if (b->account->person_id == 0)
        return 0;
    rc = find_revocation(b, &there, &revoked, e);
    if (rc == 0 && there)
        rc = relation_kin_rows(b->d, b->children, b->count, b->arena, &rows, &count, e);
    if (rc < 0 || !there)
        return rc;
    own = ARENA_ARRAY(b->arena, count, struct kin_row);
    legal = ARENA_ARRAY(b->arena, count, bool);
    for (size_t i = 0; i < b->count; i++)
        if (b->ties[i].minor)
            take_guardian(b, i, own, legal, kin_of(b, i, rows, count, own, legal), revoked);
    return 0;
}

/* A subject whose records may tie a department to a child. */
struct subject_of {
    int64_t subject;
    size_t child; /* place in the batch */
};

static int add_subjects(struct batch *b, struct subject_of **ret, size_t *ret_count,
                        struct error *e)
{
    struct kin_row *rows, *own;
    struct subject_of *list = NULL;
    size_t count, n = 0, capacity = 0;
    bool *legal;
    int rc = relation_kin_rows(b->d, b->children, b->count, b->arena, &rows, &count, e);

    if (rc < 0)
        return rc;
    own = ARENA_ARRAY(b->arena, count, struct kin_row);
    legal = ARENA_ARRAY(b->arena, count, bool);
    for (size_t i = 0; i < b->count; i++) {
        if (b->ties[i].relation != RELATION_AREA)
            continue;
        size_t kin = kin_of(b, i, rows, count, own, legal);
        list = arena_grow(b->arena, list, &capacity, n + 1 + kin, sizeof(*list));
        list[n++] = (struct subject_of){b->children[i], i};
        for (size_t k = 0; k < kin; k++)
            if (legal[k])
                list[n++] = (struct subject_of){own[k].person_id, i};
    }
    *ret = list;
    *ret_count = n;
    return 0;
}

static int read_departments(struct batch *b, const struct subject_of *subjects, size_t count,
                            struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_child_records row;
    int64_t ids[BATCH];

    for (size_t i = 0; i < count; i++)
        ids[i] = subjects[i].subject;
    int rc = sql_child_records(b->d->store, ids, count, &rows, e);
    while (rc >= 0 && (rc = sql_child_records_next(&rows, &row, e)) > 0) {
        struct fact_envelope envelope;
        rc = fact_open_envelope(b->d->sealer, (const uint8_t *)row.salt.p, row.id, row.envelope,
                                b->arena, &envelope, e);
        if (rc < 0 || !slice_equal(envelope.department, b->account->department))
            continue;
        for (size_t i = 0; i < count; i++)
            if (subjects[i].subject == row.subject_id)
                strengthen(&b->ties[subjects[i].child], RELATION_DEPARTMENT);
    }
    return rc < 0 ? rc : 0;
}

static int find_department(struct batch *b, struct error *e)
{
    struct subject_of *subjects;
    size_t count;
    int rc;

    if (b->account->role != ROLE_DEPARTMENT_LIAISON || b->account->department.n == 0)
        return 0;
    rc = add_subjects(b, &subjects, &count, e);
    for (size_t i = 0; i < count && rc == 0; i += BATCH)
        rc = read_departments(b, subjects + i, count - i < BATCH ? count - i : BATCH, e);
    return rc;
}

static int find_ties(struct batch *b, struct error *e)
{
    int rc;

    if (role_is_administrator(b->account->role) || b->account->disabled)
        return find_places(b, e);
    if ((rc = find_places(b, e)) < 0)
        return rc;
    if (b->account->role == ROLE_GUARDIAN)
        return find_guardian(b, e);
    find_area(b);
    if ((rc = find_department(b, e)) < 0)
        return rc;
    return find_tasks(b, e);
}

static int ties_of(struct deployment *d, const struct account *a, const int64_t *children,
                   size_t count, int64_t now, struct arena *arena, struct relation_tie *ret,
                   struct error *e)
{
    struct batch b = {.d = d,
                      .account = a,
                      .now = now,
                      .today = day_of_instant(now),
                      .children = children,
                      .count = count,
                      .ties = ret,
                      .arena = arena};

    for (size_t i = 0; i < count; i++) {
        ret[i] = (struct relation_tie){.relation = RELATION_NONE, .kin_to = DAY_FOREVER};
        b.births[i] = DAY_BEGINNING;
    }
    return find_ties(&b, e);
}

int relation_of_all(struct deployment *d, const struct account *a, const int64_t *children,
                    size_t count, int64_t now, enum relation *ret, struct error *e)
{
    ARENA_AUTO(scratch);
    struct relation_tie ties[BATCH];

    for (size_t i = 0; i < count; i += BATCH) {
        size_t n = count - i < BATCH ? count - i : BATCH;
        int rc = ties_of(d, a, children + i, n, now, &scratch, ties, e);
        if (rc < 0)
            return rc;
        for (size_t k = 0; k < n; k++)
            ret[i + k] = ties[k].relation;
        arena_reset(&scratch);
    }
    return 0;
}

int relation_of(struct deployment *d, const struct account *a, int64_t child_id, int64_t now,
                enum relation *ret, struct error *e)
{
    return relation_of_all(d, a, &child_id, 1, now, ret, e);
}

int relation_explain(struct deployment *d, const struct account *a, int64_t child_id, int64_t now,
                     struct relation_tie *ret, struct error *e)
{
    ARENA_AUTO(scratch);

    return ties_of(d, a, &child_id, 1, now, &scratch, ret, e);
}
