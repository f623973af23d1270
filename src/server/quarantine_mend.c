/* The quarantine desk: rows are mended, tried again, sent back, set aside (api/quarantine.yaml). */
#include "intake/push.h"
#include "server/handlers.h"
#include "server/intake_seen.h"
#include "server/quarantine.h"
#include "server/shelf.h"

#define TRY_MICROSECONDS 1500000 /* of one request; the page asks again */

static void write_totals(struct request *r, const struct desk_totals *t, int64_t next)
{
    json_object_begin(r->out);
    json_name(r->out, "rows");
    json_put_integer(r->out, (int64_t)t->rows);
    json_name(r->out, "accepted");
    json_put_integer(r->out, (int64_t)t->accepted);
    json_name(r->out, "duplicate");
    json_put_integer(r->out, (int64_t)t->duplicate);
    json_name(r->out, "unlinked");
    json_put_integer(r->out, (int64_t)t->unlinked);
    json_name(r->out, "refused");
    json_put_integer(r->out, (int64_t)t->still_refused);
    json_name(r->out, "next");
    if (next)
        json_put_id(r->out, next);
    else
        json_put_null(r->out);
    json_object_end(r->out);
}

/* ---- one row ---- */

struct mending {
    const struct feed_library *feeds;
    const struct desk_row *row;
    struct desk_edit *edits;
    size_t count;
};

static int mend(struct request *r, struct deployment *d, void *context)
{
    const struct mending *m = context;
    struct desk_totals totals = {0};
    struct push push = {.d = d,
                        .edition = shelf_edition(r->shelf),
                        .tables = shelf_tables(r->shelf),
                        .lexicon = request_lexicon(r),
                        .department = m->row->department,
                        .division = r->account.division,
                        .now = r->now,
                        .arena = r->arena};
    int rc = desk_mend(&push, m->feeds, m->row->id, m->edits, m->count, r->account.id, &totals,
                       r->error);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < push.changed_count; i++)
        request_changed(r, push.changed[i]);
    request_changed(r, 0); /* the desk is of no one division */
    write_totals(r, &totals, 0);
    return 0;
}

static struct desk_edit edit_of(const json_t *v)
{
    return (struct desk_edit){body_text(v, "column"), body_text(v, "value")};
}

int route_quarantine_mend(struct request *r)
{
    const json_t *edits = body_array(r->body, "edits");
    struct mending m = {.count = json_array_size(edits)};
    struct desk_row row;
    int rc = quarantine_row(r, r->path[0], &row);

    if (rc == 0)
        rc = request_feeds(r, &m.feeds);
    if (rc < 0)
        return rc;
    m.row = &row;
    m.edits = ARENA_ARRAY(r->arena, m.count, struct desk_edit);
    for (size_t i = 0; i < m.count; i++)
        m.edits[i] = edit_of(json_array_get(edits, i));
    return request_write(r, mend, &m);
}

/* ---- many rows ---- */

struct trying {
    const struct feed_library *feeds;
    const struct desk_edit *edit; /* NULL: as they stand */
    struct desk_filter filter;
    int64_t after;
};

static void tell_change(void *context, const int64_t *divisions, size_t count, bool everywhere)
{
    struct request *r = context;

    if (everywhere)
        request_changed(r, 0);
    for (size_t i = 0; !everywhere && i < count; i++)
        request_changed(r, divisions[i]);
}

static void add_totals(struct desk_totals *to, const struct desk_totals *more)
{
    to->rows += more->rows;
    to->accepted += more->accepted;
    to->duplicate += more->duplicate;
    to->unlinked += more->unlinked;
    to->still_refused += more->still_refused;
}

/* Others have their turn between its transactions; what takes longer is asked for again. */
static int try_them(struct request *r, struct deployment *d, void *context)
{
    struct trying *t = context;
    struct desk_totals totals = {0};
    struct intake in = {.d = d,
                        .edition = shelf_edition(r->shelf),
                        .tables = shelf_tables(r->shelf),
                        .feeds = t->feeds,
                        .lexicon = request_lexicon(r),
                        .changed = tell_change,
                        .context = r};
    int64_t until = instant_now() + TRY_MICROSECONDS;
    bool more = true;

    while (more && instant_now() < until) {
        struct desk_totals some = {0};
        int rc = desk_retry(&in, &t->filter, t->edit, r->account.id, &t->after, &more, &some,
                            r->error);
        if (rc < 0)
            return rc;
        add_totals(&totals, &some);
    }
    request_changed(r, 0);
    write_totals(r, &totals, more ? t->after : 0);
    return 0;
}

static int read_after(struct request *r, int64_t *ret)
{
    struct slice after = body_text(r->body, "after");

    *ret = 0;
    return after.p ? request_id(r, after, ret) : 0;
}

int route_quarantine_mend_alike(struct request *r)
{
    struct desk_edit edit = edit_of(r->body);
    struct trying t = {.edit = &edit};
    struct desk_row row;
    int rc = quarantine_row(r, r->path[0], &row);

    if (rc == 0)
        rc = request_feeds(r, &t.feeds);
    if (rc == 0)
        rc = quarantine_filter(r, SLICE_NONE, SLICE_NONE, &t.filter);
    if (rc == 0)
        rc = read_after(r, &t.after);
    if (rc < 0)
        return rc;
    t.filter.like_id = row.id;
    return request_beside(r, try_them, &t);
}

int route_quarantine_retry(struct request *r)
{
    struct trying t = {.edit = NULL};
    int rc = quarantine_filter(r, body_text(r->body, "feed"), body_text(r->body, "delivery"),
                               &t.filter);

    if (rc == 0)
        rc = request_feeds(r, &t.feeds);
    if (rc == 0)
        rc = read_after(r, &t.after);
    return rc < 0 ? rc : request_beside(r, try_them, &t);
}

/* ---- sent back ---- */

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct returning {
    const struct feed_library *feeds;
    struct desk_filter filter;
    struct slice book;
    size_t rows;
};

static int give_back(struct request *r, struct deployment *d, void *context)
{
    struct returning *t = context;
    int rc = store_begin(d->store, r->error);

    if (rc < 0)
        return rc;
    rc = desk_return(d, t->feeds, &t->filter, r->account.id, r->now, r->arena, &t->book, &t->rows,
                     r->error);
    if (rc == 0 && t->rows == 0)
        rc = error_set(r->error, ERR_NOT_FOUND, N_("no refused row waits here"));
    if (rc == 0)
        return store_commit(d->store, r->error);
    store_rollback(d->store);
    return rc;
}

/* The sheet holds cells as they came: whoever sees them masked does not get them by this door. */
static int may_have_cells(struct request *r)
{
    struct sights sights;

    intake_sights(r, &sights);
    if (sights.of[CLASS_CELL] == SIGHT_SHOWN)
        return 0;
    error_set(r->error, ERR_FORBIDDEN, N_("the sheet holds cells as they came"));
    return error_hint(r->error, N_("The department's liaison fetches it."));
}

int route_quarantine_return(struct request *r)
{
    struct returning t = {.rows = 0};
    int rc = may_have_cells(r);

    if (rc == 0)
        rc = quarantine_filter(r, body_text(r->body, "feed"), body_text(r->body, "delivery"),
                               &t.filter);
    if (rc == 0)
        rc = request_feeds(r, &t.feeds);
    if (rc == 0)
        rc = request_beside(r, give_back, &t);
    if (rc < 0)
        return rc;
    r->content_type = XLSX_TYPE;
    r->raw = t.book;
    request_changed(r, 0);
    return 0;
}

/* ---- set aside ---- */

static int set_aside(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    int rc = desk_set_aside(d, *id, body_text(r->body, "reason"), r->account.id, r->now, r->error);

    if (rc < 0)
        return rc;
    r->status = 204;
    request_changed(r, 0);
    return 0;
}

int route_quarantine_set_aside(struct request *r)
{
    struct desk_row row;
    int rc = quarantine_row(r, r->path[0], &row);

    return rc < 0 ? rc : request_write(r, set_aside, &row.id);
}
