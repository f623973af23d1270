/* Feeds that were to tell something by now and did not. */
#include "access/audit.h"
#include "intake/coverage_inside.h"
#include "notify/outbox.h"
#include "store/sql_delivery.h"
#include "store/sql_feed_heard.h"

#define WORKFLOW "feed" /* notices of silence are about a feed */
#define DAY_LENGTH INT64_C(86400000000)

int64_t feed_number(const char *feed)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (const char *p = feed; *p; p++)
        h = (h ^ (uint8_t)*p) * UINT64_C(0x100000001b3);
    h &= INT64_MAX;
    return h ? (int64_t)h : 1;
}

int feed_heard(struct deployment *d, const char *feed, int64_t now, struct error *e)
{
    struct sql_feed_heard_of row;
    struct slice name = slice_from(feed);
    bool found;
    int rc = sql_feed_heard_of(d->store, name, &found, &row, e);

    if (rc == 0)
        rc = sql_feed_heard_put(d->store, name, now, e);
    if (rc == 0 && found && row.silent_at.set && now > row.at)
        rc = outbox_recall_kind(d, WORKFLOW, feed_number(feed), NOTICE_FEED_SILENT, now, e);
    return rc;
}

int64_t instant_after(int64_t instant, struct duration length)
{
    day on = day_of_instant(instant);

    return instant + ((int64_t)day_add_duration(on, length) - on) * DAY_LENGTH;
}

static bool is_none(struct duration d) { return !d.years && !d.months && !d.weeks && !d.days; }

/* Midnight in Shanghai. */
static int64_t instant_of_day(day d) { return (int64_t)d * DAY_LENGTH - INT64_C(28800000000); }

/* Of a feed that was never heard: when its coverage was first said and had begun. */
static int64_t first_expected(const struct feed *f, const struct coverage *covered, size_t count)
{
    int64_t first = 0;

    for (size_t i = 0; i < count; i++) {
        const struct coverage *c = &covered[i];
        if (!slice_is(c->feed, f->name))
            continue;
        int64_t from = instant_of_day(c->from);
        int64_t at = c->said_at > from ? c->said_at : from;
        first = first == 0 || at < first ? at : first;
    }
    return first;
}

/* Coverage was said of it, and all of that is over: nothing more is expected. */
static bool is_over(const struct feed *f, const struct coverage *covered, size_t count, day today)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (!slice_is(covered[i].feed, f->name))
            continue;
        if (covered[i].to > today)
            return false;
        any = true;
    }
    return any;
}

int64_t feed_due(const struct feed *f, const struct heard_feed *heard,
                 const struct coverage *covered, size_t count, int64_t now)
{
    if (is_none(f->interval) || is_over(f, covered, count, day_of_instant(now)))
        return 0;
    int64_t since = heard->at ? heard->at : first_expected(f, covered, count);
    return since ? instant_after(since, f->interval) : 0;
}

/* ---- the alarm ------------------------------------------------------------------------------ */

static int tell_officers(struct deployment *d, const char *feed, int64_t now, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_delivery_officers officer;
    struct id_source ids = {0};
    int rc = outbox_ids_begin(d, &ids, e);

    if (rc == 0)
        rc = sql_delivery_officers(d->store, &rows, e);
    while (rc >= 0 && (rc = sql_delivery_officers_next(&rows, &officer, e)) > 0)
        rc = outbox_put(d, &ids, NOTICE_FEED_SILENT, officer.id, WORKFLOW, feed_number(feed), 0,
                        now, e);
    return rc;
}

static int raise(struct deployment *d, const char *feed, int64_t now, struct error *e)
{
    int rc = sql_feed_heard_silent(d->store, slice_from(feed), now, e);

    if (rc == 0)
        rc = audit_append(d,
                          &(struct audit_entry){.event = AUDIT_FEED_SILENT,
                                                .object_id = feed_number(feed),
                                                .detail = feed},
                          e);
    return rc < 0 ? rc : tell_officers(d, feed, now, e);
}

int feed_silence(struct deployment *d, const struct feed_library *feeds, int64_t now,
                 size_t *ret_alarmed, struct error *e)
{
    ARENA_AUTO(scratch);
    struct heard_feeds heard;
    struct coverage *covered;
    size_t count, alarmed = 0;
    int rc = heard_feeds_read(d, &scratch, &heard, e);

    if (rc == 0)
        rc = coverage_list(d, &scratch, &covered, &count, e);
    for (size_t i = 0; i < feeds->count && rc == 0; i++) {
        const struct feed *f = feeds->feeds[i];
        struct heard_feed h = heard_feed_find(&heard, slice_from(f->name));
        int64_t due = feed_due(f, &h, covered, count, now);
        if (h.silent_at || due == 0 || now <= instant_after(due, f->grace))
            continue;
        rc = raise(d, f->name, now, e);
        alarmed++;
    }
    if (rc == 0 && ret_alarmed)
        *ret_alarmed = alarmed;
    return rc;
}
