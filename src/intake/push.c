#include "intake/push.h"

#include "access/subject.h"
#include "intake/judge.h"
#include "store/sql_delivery.h"
#include "store/sql_record.h"

#include <stdio.h>
#include <stdlib.h>

/* Outcomes are those of batches by another name: no room above shares batch.h. */
_Static_assert(PUSH_ACCEPTED == (int)OUTCOME_ACCEPTED && PUSH_DUPLICATE == (int)OUTCOME_DUPLICATE &&
                   PUSH_QUARANTINED == (int)OUTCOME_QUARANTINED &&
                   PUSH_UNLINKED == (int)OUTCOME_UNLINKED && PUSH_MAX <= BATCH_MAX,
               "alike");

/* As a row of records.csv, for the quarantine. */
static struct slice row_text(const struct push_record *r, struct arena *arena)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    if (!f)
        abort();
    for (int i = 0; i < RECORD_COLUMN_COUNT; i++) {
        if (i > 0)
            putc(',', f);
        if (r->cells[i].p)
            csv_write_cell(f, r->cells[i], false);
    }
    fclose(f);
    struct slice copy = arena_copy(arena, (struct slice){text, n});
    free(text);
    return copy;
}

static void check(struct push *p, struct push_record *r, uint64_t line, struct batch_row *row)
{
    int column = -1;

    r->cells[RECORD_DEPARTMENT] = p->department;
    *row = (struct batch_row){.reason = {.language = r->reason.language}};
    row->csv = (struct csv_row){.line = line, .offset = line, .raw = row_text(r, p->arena)};
    if (record_check(r->cells, p->arena, &row->record, &column, &row->reason) == 0)
        return;
    row->refused = true;
    row->column = column < 0 ? NULL : record_columns[column];
    if (row->column && row->column[0] == '?')
        row->column++;
}

/* The department's delivery of the day, begun with its first record. */
static int find_delivery(struct push *p, struct sql_delivery_of_hash *ret, struct error *e)
{
    char on[DAY_TEXT];
    uint8_t hash[SEAL_HASH_SIZE];
    struct slice parts[] = {SLICE_LITERAL("push"), p->department,
                            slice_from(day_format(day_of_instant(p->now), on))};
    struct sql_delivery_last last;
    bool found;
    int rc = sealer_hash_parts(p->d->sealer, HASH_FILE, parts, 3, hash, e);

    if (rc == 0)
        rc = sql_delivery_of_hash(p->d->store, SLICE_OF(hash), &found, ret, e);
    if (rc < 0 || found)
        return rc;
    if ((rc = sql_delivery_last(p->d->store, &found, &last, e)) < 0)
        return rc;
    struct id_source ids = {found ? last.id : 0};
    *ret = (struct sql_delivery_of_hash){.id = 0};
    rc = id_source_next(&ids, p->d->sealer, &ret->id, e);
    if (rc == 0)
        rc = sql_delivery_insert(p->d->store, ret->id, SLICE_OF(hash), p->now, 0, e);
    if (rc == 0) /* told as it comes: no file that a later run could carry on */
        rc = sql_delivery_told(p->d->store, ret->id, p->now, e);
    return rc;
}

static int begin_batch(struct push *p, struct batch *b, struct id_source *records,
                       struct id_source *subjects, struct error *e)
{
    struct sql_record_last last;
    bool found;
    int rc = sql_record_last(p->d->store, &found, &last, e);

    if (rc == 0)
        rc = subject_ids_begin(p->d, subjects, e);
    if (rc < 0)
        return rc;
    records->last = found ? last.id : 0;
    *b = (struct batch){.d = p->d,
                        .arena = p->arena,
                        .delivery_id = p->delivery_id,
                        .now = p->now,
                        .records = records,
                        .subjects = subjects};
    return 0;
}

static void report(struct push *p, const struct batch *b, struct push_record *records)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct batch_row *row = &b->rows[i];
        records[i].outcome = (enum push_outcome)row->outcome;
        records[i].column = row->column;
        records[i].reason = row->reason;
        p->counts[row->outcome]++;
    }
}

static int advance(struct push *p, const struct sql_delivery_of_hash *before, uint64_t line,
                   struct error *e)
{
    return sql_delivery_advance(p->d->store, p->delivery_id, (int64_t)line,
                                before->accepted + (int64_t)p->counts[PUSH_ACCEPTED],
                                before->duplicate + (int64_t)p->counts[PUSH_DUPLICATE],
                                before->quarantined + (int64_t)p->counts[PUSH_QUARANTINED],
                                before->unlinked + (int64_t)p->counts[PUSH_UNLINKED],
                                opt_int(p->now), e);
}

int intake_push(struct push *p, struct push_record *records, size_t count, struct error *e)
{
    struct sql_delivery_of_hash delivery;
    struct id_source record_ids = {0}, subject_ids = {0};
    struct batch b;
    struct judgement j = {.edition = p->edition, .tables = p->tables};

    if (count == 0 || count > PUSH_MAX)
        return error_set(e, ERR_TOO_MANY, NULL);
    if (!department_known(p->department))
        return error_set(e, ERR_VALUE, N_("there is no such department"));
    int rc = find_delivery(p, &delivery, e);
    p->delivery_id = delivery.id;
    if (rc == 0)
        rc = begin_batch(p, &b, &record_ids, &subject_ids, e);
    if (rc < 0)
        return rc;
    uint64_t line = (uint64_t)delivery.next_offset;
    b.rows = ARENA_ARRAY(p->arena, count, struct batch_row);
    b.count = count;
    for (size_t i = 0; i < count; i++)
        check(p, &records[i], ++line, &b.rows[i]);
    if ((rc = batch_store(&b, e)) < 0 || (rc = batch_judge(&b, &j, e)) < 0)
        return rc;
    memset(p->counts, 0, sizeof(p->counts));
    report(p, &b, records);
    p->changes = j.told;
    p->changed = j.changed;
    p->changed_count = j.changed_count;
    p->everywhere = j.everywhere;
    return advance(p, &delivery, line, e);
}
