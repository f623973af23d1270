/* What stands in a child's file: kin, and what departments said. */
#include "people/child.h"

#include "people/fact.h"
#include "people/person.h"
#include "people/relation.h"
#include "store/sql_child.h"
#include "store/sql_kin.h"
#include "store/sql_person.h"

#define BATCH 64 /* as many as a statement takes */

/* A child's kin rows in the order of entry, and which of them make a legal parent on the day. */
struct kin_rows {
    struct kin_row *rows;
    bool *legal;
    size_t count;
};

static int read_kin(struct deployment *d, int64_t child_id, day birth, day today,
                    struct arena *arena, struct kin_rows *ret, struct error *e)
{
    struct kin_row *list;
    size_t count;
    int rc = relation_kin_rows(d, &child_id, 1, arena, &list, &count, e);

    if (rc < 0)
        return rc;
    *ret = (struct kin_rows){list, ARENA_ARRAY(arena, count, bool), count};
    relation_legal_parents(list, count, birth, today, ret->legal);
    return 0;
}

/* Names and telephones of whom the register still holds a salt. */
static int open_persons(struct deployment *d, struct child_kin *kin, size_t count,
                        struct arena *arena, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_sealed_in row;
    int64_t ids[BATCH];
    int rc;

    for (size_t i = 0; i < count; i++)
        ids[i] = kin[i].person_id;
    rc = sql_person_sealed_in(d->store, ids, count, &rows, e);
    while (rc >= 0 && (rc = sql_person_sealed_in_next(&rows, &row, e)) > 0) {
        struct person person;
        rc = person_open(d->sealer, (const uint8_t *)row.salt.p, row.person_id, row.sealed, arena,
                         &person, e);
        for (size_t i = 0; i < count && rc == 0; i++)
            if (kin[i].person_id == row.person_id) {
                kin[i].ref = person.ref;
                kin[i].name = person.name;
                kin[i].phone = person.phone;
            }
    }
    return rc < 0 ? rc : 0;
}

int child_kin(struct deployment *d, int64_t child_id, day birth, day today, struct arena *arena,
              struct child_kin **ret, size_t *ret_count, struct error *e)
{
    struct child_kin *list;
    struct kin_rows kin;
    size_t count = 0;
    int rc = read_kin(d, child_id, birth, today, arena, &kin, e);

    if (rc < 0)
        return rc;
    list = ARENA_ARRAY(arena, kin.count, struct child_kin);
    for (size_t i = 0; i < kin.count; i++)
        if (kin.rows[i].from <= today && today < kin.rows[i].to)
            list[count++] = (struct child_kin){.person_id = kin.rows[i].person_id,
                                               .role = kin.rows[i].role,
                                               .legal = kin.legal[i],
                                               .from = kin.rows[i].from,
                                               .to = kin.rows[i].to};
    for (size_t i = 0; i < count && rc == 0; i += BATCH)
        rc = open_persons(d, list + i, count - i < BATCH ? count - i : BATCH, arena, e);
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

/* The child, then its legal parents: two at most. */
struct subjects {
    int64_t ids[3];
    enum kin_role of[3];
    size_t count;
};

static struct subjects subjects_of(int64_t child_id, const struct kin_rows *kin)
{
    struct subjects s = {.ids = {child_id}, .of = {KIN_NONE}, .count = 1};

    for (size_t i = 0; i < kin->count && s.count < 3; i++)
        if (kin->legal[i]) {
            s.ids[s.count] = kin->rows[i].person_id;
            s.of[s.count++] = kin->rows[i].role;
        }
    return s;
}

static int open_record(struct deployment *d, const struct sql_child_records *row, enum kin_role of,
                       struct arena *arena, struct child_fact *ret, struct error *e)
{
    struct fact_envelope envelope;
    struct fact fact;
    int rc = fact_open(d->sealer, (const uint8_t *)row->salt.p, row->id, row->fact, arena, &fact,
                       e);

    if (rc == 0)
        rc = fact_open_envelope(d->sealer, (const uint8_t *)row->salt.p, row->id, row->envelope,
                                arena, &envelope, e);
    if (rc < 0)
        return rc;
    *ret = (struct child_fact){
        .record_id = row->id,
        .subject_id = row->subject_id,
        .of = of,
        .kind = fact.kind,
        .class = fact_class(fact.kind),
        .value = fact_value_is_private(fact.kind) ? SLICE_NONE : fact.value,
        .department = envelope.department,
        .from = row->from_day.set ? (day)row->from_day.v : DAY_BEGINNING,
        .to = row->to_day.set ? (day)row->to_day.v : DAY_FOREVER,
        .known_from = row->known_from,
    };
    return 0;
}

/* All of one subject, behind what the list has. */
static int add_facts(struct deployment *d, int64_t subject, enum kin_role of, struct arena *arena,
                     struct child_fact **list, size_t *count, size_t *capacity, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_child_records row;
    int rc = sql_child_records(d->store, &subject, 1, &rows, e);

    while (rc >= 0 && (rc = sql_child_records_next(&rows, &row, e)) > 0) {
        *list = arena_grow(arena, *list, capacity, *count + 1, sizeof(**list));
        rc = open_record(d, &row, of, arena, &(*list)[*count], e);
        *count += rc == 0;
    }
    return rc < 0 ? rc : 0;
}

int child_facts(struct deployment *d, int64_t child_id, day birth, day today, struct arena *arena,
                struct child_fact **ret, size_t *ret_count, struct error *e)
{
    struct child_fact *list = NULL;
    size_t count = 0, capacity = 0;
    struct kin_rows kin;
    int rc = read_kin(d, child_id, birth, today, arena, &kin, e);

    if (rc < 0)
        return rc;
    struct subjects s = subjects_of(child_id, &kin);
    for (size_t i = 0; i < s.count && rc == 0; i++)
        rc = add_facts(d, s.ids[i], s.of[i], arena, &list, &count, &capacity, e);
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
