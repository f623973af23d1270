/* One batch of records on its way in: stored, judged, the feed heard, the delivery's counts moved on. */
#include "intake/coverage.h"
#include "intake/delivery_inside.h"
#include "intake/feed_inside.h"
#include "intake/refusal_text.h"
#include "store/sql_delivery.h"
#include "store/sql_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TURN_MS \
    20 /* no longer does a transaction keep others waiting, as far as it can be helped */
#define RECORDS_LEAST 4 /* in one transaction, however slow */

struct slice delivery_csv_row(const struct slice *texts, size_t count, struct arena *arena)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    if (!f)
        abort();
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putc(',', f);
        csv_write_cell(f, texts[i], false);
    }
    fclose(f);
    struct slice copy = arena_copy(arena, (struct slice){text, n});
    free(text);
    return copy;
}

static int begin_ids(struct deployment *d, struct id_source *records, struct id_source *subjects,
                     struct error *e)
{
    struct sql_record_last last;
    bool found;
    int rc = sql_record_last(d->store, &found, &last, e);

    if (rc < 0)
        return rc;
    records->last = found ? last.id : 0;
    return subject_ids_begin(d, subjects, e);
}

int delivery_store(struct delivery_store *s, struct error *e)
{
    struct id_source records = {0}, subjects = {0};
    struct batch b = {.d = s->d,
                      .arena = s->arena,
                      .rows = s->rows,
                      .count = s->count,
                      .delivery_id = s->delivery_id,
                      .now = s->now,
                      .lexicon = s->lexicon,
                      .mapped = s->feed != NULL,
                      .unkept = s->unkept,
                      .records = &records,
                      .subjects = &subjects};
    struct judgement j = {.edition = s->edition, .tables = s->tables, .baseline = s->baseline};
    int rc = begin_ids(s->d, &records, &subjects, e);

    if (rc == 0)
        rc = batch_store(&b, e);
    if (rc == 0)
        rc = batch_judge(&b, &j, e);
    if (rc == 0 && s->feed)
        rc = feed_heard(s->d, s->feed, s->now, e);
    if (rc < 0)
        return rc;
    memset(s->counts, 0, sizeof(s->counts));
    for (size_t i = 0; i < b.count; i++)
        s->counts[b.rows[i].outcome]++;
    s->changes = j.told;
    s->changed = j.changed;
    s->changed_count = j.changed_count;
    s->everywhere = j.everywhere;
    return 0;
}

int64_t delivery_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void delivery_pace(size_t *limit, int64_t took)
{
    if (took > TURN_MS)
        *limit = *limit / 2 < RECORDS_LEAST ? RECORDS_LEAST : *limit / 2;
    else if (took < TURN_MS / 2)
        *limit = *limit * 2 > BATCH_MAX ? BATCH_MAX : *limit * 2;
}

void delivery_refusals(const struct intake *in, const char *name, struct delivery_batch *b)
{
    for (size_t i = 0; i < b->count && in->refusals.tell; i++) {
        const struct batch_row *row = &b->rows[i];
        if (row->outcome != OUTCOME_QUARANTINED)
            continue;
        const char *column = row->cell.named.n
                                 ? arena_string(&b->arena, feed_clean(row->cell.named, &b->arena))
                                 : NULL;
        const struct error told = refusal_of_column(&row->reason, column);
        in->refusals.tell(in->refusals.context,
                          &(struct refusal){name, row->csv.line, column, &told});
    }
}

int delivery_advance(struct deployment *d, struct delivery_entry *entry,
                     const struct delivery_store *s, uint64_t rows_done, struct error *e)
{
    entry->rows_done = (int64_t)rows_done;
    entry->accepted += (int64_t)s->counts[OUTCOME_ACCEPTED];
    entry->duplicate += (int64_t)s->counts[OUTCOME_DUPLICATE];
    entry->quarantined += (int64_t)s->counts[OUTCOME_QUARANTINED];
    entry->unlinked += (int64_t)s->counts[OUTCOME_UNLINKED];
    entry->changes += (int64_t)s->changes;
    return sql_delivery_progress(
        d->store, entry->id, entry->rows_done,
        entry->row_count < 0 ? OPT_INT_NONE : opt_int(entry->row_count), entry->accepted,
        entry->duplicate, entry->quarantined, entry->unlinked, entry->changes,
        entry->finished_at ? opt_int(entry->finished_at) : OPT_INT_NONE, e);
}

/* Records as they are pushed have the identity that they always had: three parts. */
static int hash_of_day(struct deployment *d, struct slice department, int64_t division,
                       const char *feed, int channel, struct slice header, int64_t now,
                       uint8_t ret[SEAL_HASH_SIZE], struct error *e)
{
    char on[DAY_TEXT], from[24];
    struct slice parts[] = {slice_from(delivery_channel_name(channel)),
                            department,
                            slice_from(day_format(day_of_instant(now), on)),
                            slice_from(feed),
                            header,
                            SLICE_NONE};

    snprintf(from, sizeof(from), "%lld", (long long)division);
    parts[5] = slice_from(from);
    return sealer_hash_parts(d->sealer, HASH_FILE, parts, division ? 6 : feed ? 5 : 3, ret, e);
}

int delivery_of_day(struct deployment *d, struct slice department, int64_t division,
                    const char *feed, int channel, struct slice header, int64_t now,
                    struct delivery_entry *ret, struct error *e)
{
    struct sql_delivery_of_hash row;
    struct delivery_entry entry = {.began_at = now,
                                   .told_at = now, /* told as it comes: nothing to carry on */
                                   .row_count = -1,
                                   .channel = channel,
                                   .state = DELIVERY_DONE,
                                   .division = division,
                                   .department = department,
                                   .feed = slice_from(feed),
                                   .file_name = feed ? SLICE_LITERAL("") : SLICE_NONE,
                                   .header = header};
    bool found;
    int rc = hash_of_day(d, department, division, feed, channel, header, now, entry.file_hash, e);

    if (rc == 0)
        rc = sql_delivery_of_hash(d->store, SLICE_OF(entry.file_hash), &found, &row, e);
    if (rc == 0 && !found)
        rc = delivery_entry_put(d, &entry, e);
    if (rc < 0)
        return rc;
    if (found) {
        entry.id = row.id;
        entry.rows_done = row.next_offset;
        entry.accepted = row.accepted;
        entry.duplicate = row.duplicate;
        entry.quarantined = row.quarantined;
        entry.unlinked = row.unlinked;
        entry.changes = row.changes;
    }
    entry.finished_at = now;
    *ret = entry;
    return 0;
}
