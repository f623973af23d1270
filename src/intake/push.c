#include "intake/push_inside.h"

/* Outcomes are those of batches by another name: no room above shares batch.h. */
_Static_assert(PUSH_ACCEPTED == (int)OUTCOME_ACCEPTED && PUSH_DUPLICATE == (int)OUTCOME_DUPLICATE &&
                   PUSH_QUARANTINED == (int)OUTCOME_QUARANTINED &&
                   PUSH_UNLINKED == (int)OUTCOME_UNLINKED && PUSH_MAX <= BATCH_MAX,
               "alike");

static void check(struct push *p, struct push_record *r, uint64_t line, struct batch_row *row)
{
    int column = -1;

    r->cells[RECORD_DEPARTMENT] = p->department;
    *row = (struct batch_row){.reason = {.language = r->reason.language}};
    row->csv = (struct csv_row){.line = line,
                                .offset = line,
                                .raw = delivery_csv_row(r->cells, RECORD_COLUMN_COUNT, p->arena)};
    if (record_check(r->cells, p->arena, &row->record, &column, &row->reason) < 0)
        batch_row_refuse(row, r->cells, column, p->arena);
}

static void report(struct push_record *records, const struct batch_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        records[i].outcome = (enum push_outcome)rows[i].outcome;
        records[i].column = rows[i].cell.column;
        records[i].reason = rows[i].reason;
    }
}

int push_begin(struct push *p, struct slice header, struct delivery_entry *ret, struct error *e)
{
    int rc;

    if (!department_known(p->department))
        return error_set(e, ERR_VALUE, N_("there is no such department"));
    rc = delivery_of_day(p->d, p->department, p->division, p->feed,
                         p->channel ? p->channel : CHANNEL_PUSH, header, p->now, ret, e);
    if (rc == 0)
        p->delivery_id = ret->id;
    return rc;
}

int push_store(struct push *p, struct delivery_entry *entry, struct batch_row *rows, size_t count,
               uint64_t rows_done, struct error *e)
{
    struct delivery_store s = {.d = p->d,
                               .edition = p->edition,
                               .tables = p->tables,
                               .arena = p->arena,
                               .lexicon = p->lexicon,
                               .feed = p->feed,
                               .delivery_id = p->delivery_id,
                               .now = p->now,
                               .unkept = p->unkept,
                               .rows = rows,
                               .count = count};
    int rc = delivery_store(&s, e);

    if (rc < 0)
        return rc;
    for (int i = 0; i < PUSH_OUTCOMES; i++)
        p->counts[i] = s.counts[i];
    if (p->unkept) /* they stand in the delivery that they came with */
        s.counts[OUTCOME_QUARANTINED] = 0;
    p->changes = s.changes;
    p->changed = s.changed;
    p->changed_count = s.changed_count;
    p->everywhere = s.everywhere;
    entry->row_count = (int64_t)rows_done;
    return delivery_advance(p->d, entry, &s, rows_done, e);
}

int intake_push(struct push *p, struct push_record *records, size_t count, struct error *e)
{
    struct delivery_entry delivery;
    int rc;

    if (count == 0 || count > PUSH_MAX)
        return error_set(e, ERR_TOO_MANY, NULL);
    if ((rc = push_begin(p, SLICE_NONE, &delivery, e)) < 0)
        return rc;
    uint64_t line = (uint64_t)delivery.rows_done;
    struct batch_row *rows = ARENA_ARRAY(p->arena, count, struct batch_row);
    for (size_t i = 0; i < count; i++)
        check(p, &records[i], ++line, &rows[i]);
    rc = push_store(p, &delivery, rows, count, line, e);
    if (rc == 0)
        report(records, rows, count);
    return rc;
}
