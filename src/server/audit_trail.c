/* The trail, for the audit administrator (api/audit.yaml). */
#include "server/handlers.h"
#include "server/seen.h"
#include "store/sql_trail.h"

#define CHUNK 500 /* rows read at once where most may not be what is looked for */
#define LOOKED_AT_MAX \
    20000 /* rows a request: a page may hold fewer than there is room for, and `next` goes on */
#define DAY INT64_C(86400000000)

/* What is looked for. */
struct search {
    int64_t before, account, child; /* 0: any */
    enum audit_event event;         /* AUDIT_NONE: any */
    int64_t from, until;            /* instants [from, until) */
};

static int complain(struct request *r, const char *name, const char *message)
{
    return schema_complain(&r->faults, r->arena, r->error, name, message);
}

static int read_day(struct request *r, size_t query, const char *name, day *ret)
{
    if (!r->query[query].p || day_parse(r->query[query], ret))
        return 0;
    return complain(r, name, text_in(r->error->language, N_("is no day of the calendar")));
}

/* Midnight in Shanghai at which the day begins. */
static int64_t instant_of_day(day d) { return (int64_t)d * DAY - 8 * INT64_C(3600000000); }

/* Rows stand in the order of writing: behind the first row of two days later there is none of
 * the day. */
static int begin_behind(struct request *r, day last, struct search *s)
{
    struct sql_trail_behind_day row;
    bool found;
    int rc = sql_trail_behind_day(r->d->store, day_add_days(last, 1), &found, &row, r->error);

    if (rc == 0 && found && row.id.set && (s->before == 0 || row.id.v < s->before))
        s->before = row.id.v;
    return rc;
}

static int read_search(struct request *r, struct search *s)
{
    day from = DAY_BEGINNING, to = DAY_FOREVER;
    int rc = page_after(r, r->query[5], &s->before);

    if (rc == 0 && r->query[0].p)
        rc = request_id(r, r->query[0], &s->account);
    if (rc == 0 && r->query[1].p)
        rc = request_id(r, r->query[1], &s->child);
    if (rc == 0)
        rc = read_day(r, 3, "from", &from);
    if (rc == 0)
        rc = read_day(r, 4, "to", &to);
    if (rc == 0 && r->query[2].p && !(s->event = audit_event_parse(r->query[2])))
        rc = complain(r, "event", text_in(r->error->language, N_("is no event of the trail")));
    if (rc < 0)
        return rc;
    s->from = from == DAY_BEGINNING ? 0 : instant_of_day(from);
    s->until = to == DAY_FOREVER ? INT64_MAX : instant_of_day(to) + DAY;
    return to == DAY_FOREVER ? 0 : begin_behind(r, to, s);
}

static bool fits(const struct search *s, const struct audit_row *row)
{
    return (s->event == AUDIT_NONE || row->event == s->event) && row->at >= s->from &&
           row->at < s->until;
}

static void write_row(struct request *r, struct names_seen *names, const struct sights *sights,
                      const struct audit_row *row)
{
    struct view_value v[FIELD_TRAIL_ROW_COUNT] = {
        [FIELD_TRAIL_ROW_ID] = view_number(row->id),
        [FIELD_TRAIL_ROW_AT] = view_number(row->at),
        [FIELD_TRAIL_ROW_EVENT] = view_text(slice_from(audit_event_name(row->event))),
        [FIELD_TRAIL_ROW_ACCOUNT] = seen_number(row->account_id),
        [FIELD_TRAIL_ROW_ACCOUNT_NAME] = view_text(
            seen_account_name(r, r->d, names, row->account_id)),
        [FIELD_TRAIL_ROW_CHILD] = seen_number(row->child_id),
        [FIELD_TRAIL_ROW_OBJECT] = seen_number(row->object_id),
        [FIELD_TRAIL_ROW_DETAIL] = seen_text(row->detail)};

    view_write(r->out, &view_of_trail_row, sights, &(struct mask_context){.today = r->today}, v);
}

/* Writes what fits until the page is full; `s->before` is the last row that was looked at, 0 at
 * the end. */
static int write_rows(struct request *r, struct search *s, size_t limit, size_t *ret_written)
{
    bool all = s->event == AUDIT_NONE && s->from == 0 && s->until == INT64_MAX;
    size_t chunk = all ? limit : CHUNK, n = chunk, written = 0;
    struct names_seen names = {0};
    struct audit_row *rows;
    struct sights sights;
    int rc = 0;

    seen_nobody(r, &sights);
    for (size_t seen = 0; rc == 0 && n == chunk && written < limit && seen < LOOKED_AT_MAX;
         seen += n) {
        rc = audit_list(r->d, s->before, s->account, s->child, chunk, r->arena, &rows, &n,
                        r->error);
        for (size_t i = 0; rc == 0 && i < n && written < limit; i++) {
            s->before = rows[i].id;
            if (rows[i].at < s->from - DAY) { /* older than what is looked for, whoever wrote it */
                n = 0;
                break;
            }
            if (fits(s, &rows[i])) {
                write_row(r, &names, &sights, &rows[i]);
                written++;
            }
        }
    }
    if (n < chunk && written < limit)
        s->before = 0;
    *ret_written = written;
    return rc;
}

int route_audit_list(struct request *r)
{
    size_t written = 0;
    struct search s = {0};
    int rc = read_search(r, &s);

    if (rc < 0)
        return rc;
    page_begin(r);
    rc = write_rows(r, &s, page_limit(r->query[6]), &written);
    page_end(r, s.before ? arena_printf(r->arena, "%lld", (long long)s.before) : NULL);
    r->audit.detail = arena_printf(r->arena, "%zu", written);
    return rc;
}

/* ---- verification ---- */

static const char *const fault_names[] = {
    [FAULT_ALTERED] = "altered", [FAULT_REMOVED] = "removed", [FAULT_INSERTED] = "inserted",
    [FAULT_SWAPPED] = "swapped", [FAULT_TAIL] = "tail",       [FAULT_SEGMENT] = "segment",
    [FAULT_HEADS] = "heads"};

#define FINDINGS_MAX 100 /* the first ones; the command line tells them all */

struct telling {
    struct request *r;
    struct sights sights;
    struct json findings;
    size_t count;
};

static void tell(void *context, const struct audit_finding *f)
{
    struct telling *t = context;
    struct view_value v[FIELD_FINDING_COUNT] = {
        [FIELD_FINDING_FAULT] = view_text(slice_from(fault_names[f->fault])),
        [FIELD_FINDING_WRITER] = seen_text(slice_from(f->writer)),
        [FIELD_FINDING_DAY] = seen_day(f->day),
        [FIELD_FINDING_ROW] = seen_number(f->seq),
        [FIELD_FINDING_MISSING] = seen_number(f->missing)};

    if (t->count++ < FINDINGS_MAX)
        view_write(&t->findings, &view_of_finding, &t->sights,
                   &(struct mask_context){.today = t->r->today}, v);
}

static void write_figure(struct request *r, const char *name, uint64_t figure)
{
    json_name(r->out, name);
    json_put_integer(r->out, (int64_t)figure);
}

int route_audit_verify(struct request *r)
{
    struct telling t = {.r = r};
    struct audit_figures figures = {0};

    json_begin(&t.findings, r->arena);
    json_array_begin(&t.findings);
    seen_nobody(r, &t.sights);
    int rc = audit_verify(r->d, tell, &t, &figures, r->error);
    if (rc < 0 && rc != -ERR_AUDIT_BROKEN)
        return rc;
    json_array_end(&t.findings);
    error_clear(r->error); /* what was found is the answer */
    json_object_begin(r->out);
    json_name(r->out, "whole");
    json_put_boolean(r->out, rc == 0);
    write_figure(r, "segments", figures.segments);
    write_figure(r, "rows", figures.rows);
    write_figure(r, "heads", figures.heads);
    json_name(r->out, "findings");
    json_put_raw(r->out, json_text(&t.findings));
    json_object_end(r->out);
    r->audit.detail = rc == 0 ? "whole" : "broken";
    return 0;
}
