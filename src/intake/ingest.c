#include "intake/ingest.h"

#include "access/audit.h"
#include "base/progress.h"
#include "intake/delivery_inside.h"
#include "intake/file_hash.h"
#include "intake/judge.h"
#include "store/sql_delivery.h"
#include "store/sql_record.h"

#include <stdio.h>
#include <sys/stat.h>

struct ingest {
    struct deployment *d;
    const struct edition *edition;
    const struct ingest_options *options;
    struct csv_reader *csv;
    int places[RECORD_COLUMN_COUNT];
    struct progress progress;
    int64_t delivery_id;
    bool baseline;       /* as the delivery began */
    uint64_t cursor;     /* rows that begin before it are done */
    struct slice header; /* as the file has it, for whoever reads its refused rows; "": a pipe's */
    struct arena header_arena, arena; /* the latter of one batch */
    struct batch_row rows[BATCH_MAX];
    size_t count;
    bool end;
    struct ingest_totals totals;
};

static void warn_unknown(void *context, struct slice name)
{
    const struct ingest_options *o = ((struct ingest *)context)->options;

    if (o->warn)
        o->warn(o->refusals.context, N_("column %s is not known and is passed over"), name);
}

/* ---- reading a batch ------------------------------------------------------------------------------ */

static void check_row(struct ingest *in, struct batch_row *row)
{
    struct slice cells[RECORD_COLUMN_COUNT];
    int column = -1;

    for (int i = 0; i < RECORD_COLUMN_COUNT; i++) {
        int place = in->places[i];
        cells[i] = place >= 0 && (size_t)place < row->csv.count ? row->csv.cells[place]
                                                                : SLICE_NONE;
    }
    if (record_check(cells, &in->arena, &row->record, &column, &row->reason) < 0)
        batch_row_refuse(row, cells, column, &in->arena);
}

static int read_batch(struct ingest *in, struct error *e)
{
    arena_reset(&in->arena);
    in->count = 0;
    while (in->count < BATCH_MAX) {
        struct batch_row *row = &in->rows[in->count];
        *row = (struct batch_row){.reason = {.language = e->language}};
        int rc = csv_next(in->csv, &row->csv, &row->reason);
        if (rc == 0) {
            in->end = true;
            return 0;
        }
        if (rc < 0 && rc != -ERR_CSV && rc != -ERR_ENCODING) {
            *e = row->reason;
            return rc;
        }
        if (row->csv.offset < in->cursor)
            continue;
        row->refused = rc < 0;
        if (rc > 0)
            check_row(in, row);
        row->csv.raw = arena_copy(&in->arena, row->csv.raw);
        row->csv.cells = NULL;
        in->count++;
    }
    return 0;
}

/* ---- storing it ------------------------------------------------------------------------------------- */

/* Another reader of the same file may have been here: its cursor, its counts. */
static int read_cursor(struct ingest *in, struct sql_delivery_get *ret, struct error *e)
{
    bool found;
    size_t kept = 0;
    int rc = sql_delivery_get(in->d->store, in->delivery_id, &found, ret, e);

    if (rc < 0)
        return rc;
    if (!found)
        return error_set(e, ERR_INTERNAL, NULL);
    in->cursor = (uint64_t)ret->next_offset;
    for (size_t i = 0; i < in->count; i++)
        if (in->rows[i].csv.offset >= in->cursor)
            in->rows[kept++] = in->rows[i];
    in->count = kept;
    return 0;
}

static void count_outcomes(const struct ingest *in, struct sql_delivery_get *counts)
{
    int64_t *by_outcome[] = {[OUTCOME_ACCEPTED] = &counts->accepted,
                             [OUTCOME_DUPLICATE] = &counts->duplicate,
                             [OUTCOME_QUARANTINED] = &counts->quarantined,
                             [OUTCOME_UNLINKED] = &counts->unlinked}; /* a row is a record here */

    for (size_t i = 0; i < in->count; i++)
        ++*by_outcome[in->rows[i].outcome];
}

static int store_rows_of(struct ingest *in, struct error *e)
{
    struct sql_delivery_get counts;
    struct sql_record_last last;
    struct id_source records = {0}, subjects = {0};
    struct batch b = {.d = in->d,
                      .arena = &in->arena,
                      .rows = in->rows,
                      .delivery_id = in->delivery_id,
                      .now = instant_now(),
                      .lexicon = in->options->lexicon,
                      .records = &records,
                      .subjects = &subjects};
    struct judgement j = {.edition = in->edition,
                          .tables = in->options->tables,
                          .baseline = in->baseline,
                          .tell = in->options->verdicts,
                          .context = in->options->verdicts_context};
    bool found;
    int rc = read_cursor(in, &counts, e);

    b.count = in->count;
    if (rc == 0)
        rc = sql_record_last(in->d->store, &found, &last, e);
    if (rc == 0)
        rc = subject_ids_begin(in->d, &subjects, e);
    if (rc < 0)
        return rc;
    records.last = found ? last.id : 0;
    if ((rc = batch_store(&b, e)) < 0 || (rc = batch_judge(&b, &j, e)) < 0)
        return rc;
    in->totals.changes += j.told;
    count_outcomes(in, &counts);
    uint64_t next = in->count ? in->rows[in->count - 1].csv.offset + 1 : in->cursor;
    rc = sql_delivery_advance(in->d->store, in->delivery_id, (int64_t)next, counts.accepted,
                              counts.duplicate, counts.quarantined, counts.unlinked,
                              in->end                  ? opt_int(instant_now())
                              : counts.finished_at.set ? counts.finished_at
                                                       : OPT_INT_NONE,
                              e);
    in->cursor = next;
    in->totals.accepted = (uint64_t)counts.accepted;
    in->totals.duplicate = (uint64_t)counts.duplicate;
    in->totals.quarantined = (uint64_t)counts.quarantined;
    in->totals.unlinked = (uint64_t)counts.unlinked;
    return rc;
}

/* Refusals are told when they are safe. */
static void tell_refusals(const struct ingest *in)
{
    const struct refusal_sink *sink = &in->options->refusals;

    for (size_t i = 0; i < in->count && sink->tell; i++) {
        const struct batch_row *row = &in->rows[i];
        if (row->outcome == OUTCOME_QUARANTINED)
            sink->tell(sink->context, &(struct refusal){in->options->path, row->csv.line,
                                                        row->cell.column, &row->reason});
    }
}

static int store_batch(struct ingest *in, struct error *e)
{
    int rc = store_begin(in->d->store, e);

    if (rc == 0)
        rc = store_rows_of(in, e);
    if (rc == 0)
        rc = store_commit(in->d->store, e);
    if (rc < 0) {
        store_rollback(in->d->store);
        return rc;
    }
    tell_refusals(in);
    if (in->options->progress)
        progress_show(&in->progress, csv_consumed(in->csv), csv_size(in->csv));
    return 0;
}

/* ---- a delivery --------------------------------------------------------------------------------------- */

/* Of each delivery two rows: that it began, with its first transaction, and what came of it. */
static int leave_row(struct ingest *in, const char *detail, struct error *e)
{
    const struct audit_entry entry = {
        .event = AUDIT_RECORDS_INGESTED, .object_id = in->delivery_id, .detail = detail};

    return audit_append(in->d, &entry, e);
}

static int find_delivery(struct ingest *in, struct slice hash, struct error *e)
{
    struct sql_delivery_open open;
    bool found;
    int rc = sql_delivery_open(in->d->store, hash, &found, &open, e);

    if (rc < 0)
        return rc;
    if (found) {
        in->delivery_id = open.id;
        in->cursor = (uint64_t)open.next_offset;
        in->totals.resumed = open.next_offset > 0;
        in->baseline = open.baseline != 0;
        return 0;
    }
    in->baseline = in->options->baseline;
    struct delivery_entry entry = {.began_at = instant_now(),
                                   .baseline = in->baseline,
                                   .channel = CHANNEL_COMMAND,
                                   .state = DELIVERY_RUNNING,
                                   .file_name = SLICE_LITERAL(""),
                                   .header = in->header};
    memcpy(entry.file_hash, hash.p, SEAL_HASH_SIZE);
    rc = delivery_entry_put(in->d, &entry, e);
    in->delivery_id = entry.id;
    return rc < 0 ? rc : leave_row(in, in->baseline ? "begun baseline" : "begun", e);
}

/* A pipe cannot be looked at twice. */
static void read_header(struct ingest *in)
{
    const struct ingest_options *o = in->options;
    struct csv_reader *csv = NULL;
    struct csv_row row;
    struct stat st;

    in->header = SLICE_LITERAL("");
    if (stat(o->path, &st) < 0 || !S_ISREG(st.st_mode) ||
        csv_open(o->path, o->encoding, &csv, NULL) < 0)
        return;
    if (csv_next(csv, &row, NULL) > 0)
        in->header = arena_copy(&in->header_arena, row.raw);
    csv_close(csv);
}

static int open_delivery(struct ingest *in, struct error *e)
{
    uint8_t hash[SEAL_HASH_SIZE];
    int rc = file_hash(in->d->sealer, in->options->path, hash, e);

    if (rc == 0)
        rc = csv_open(in->options->path, in->options->encoding, &in->csv, e);
    if (rc == 0)
        rc = csv_header(in->csv, record_columns, in->places, warn_unknown, in, e);
    if (rc < 0)
        return error_of_file(e, in->options->path);
    read_header(in);
    rc = store_begin(in->d->store, e);
    if (rc < 0)
        return rc;
    rc = find_delivery(in, SLICE_OF(hash), e);
    if (rc == 0)
        rc = store_commit(in->d->store, e);
    if (rc < 0)
        store_rollback(in->d->store);
    return rc;
}

/* The totals first, the mark after them: a kill in between has them told twice, not taken twice. */
static int close_delivery(struct ingest *in, struct error *e)
{
    const struct ingest_totals *t = &in->totals;
    char detail[160];

    if (in->options->tell)
        in->options->tell(in->options->refusals.context, t);
    snprintf(detail, sizeof(detail), "accepted %llu duplicate %llu quarantined %llu unlinked %llu",
             (unsigned long long)t->accepted, (unsigned long long)t->duplicate,
             (unsigned long long)t->quarantined, (unsigned long long)t->unlinked);
    int rc = store_begin(in->d->store, e);
    if (rc == 0)
        rc = sql_delivery_done(in->d->store, in->delivery_id, instant_now(), e);
    if (rc == 0)
        rc = leave_row(in, detail, e);
    if (rc == 0)
        rc = store_commit(in->d->store, e);
    if (rc < 0)
        store_rollback(in->d->store);
    return rc;
}

int ingest_file(struct deployment *d, const struct edition *edition, const struct ingest_options *o,
                struct ingest_totals *ret, struct error *e)
{
    struct ingest in = {.d = d, .edition = edition, .options = o};
    int rc = open_delivery(&in, e);

    if (rc == 0 && o->progress)
        progress_begin(&in.progress, o->progress);
    while (rc == 0 && !in.end) {
        rc = read_batch(&in, e);
        if (rc == 0)
            rc = store_batch(&in, e);
    }
    if (o->progress)
        progress_end(&in.progress);
    if (rc == 0)
        rc = close_delivery(&in, e);
    csv_close(in.csv);
    arena_end(&in.header_arena);
    arena_end(&in.arena);
    *ret = in.totals;
    return rc;
}
