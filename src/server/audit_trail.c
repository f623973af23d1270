/* The trail, for the audit administrator (api/audit.yaml). */
#include "server/handlers.h"
#include "server/seen.h"

int route_audit_list(struct request *r)
{
    struct names_seen names = {0};
    struct audit_row *rows;
    struct sights sights;
    size_t count, limit = page_limit(r->query[3]);
    int64_t before = 0, account = 0, child = 0;
    int rc = page_after(r, r->query[2], &before);

    if (rc == 0 && r->query[0].p)
        rc = request_id(r, r->query[0], &account);
    if (rc == 0 && r->query[1].p)
        rc = request_id(r, r->query[1], &child);
    if (rc == 0)
        rc = audit_list(r->d, before, account, child, limit, r->arena, &rows, &count, r->error);
    if (rc < 0)
        return rc;
    seen_nobody(r, &sights);
    page_begin(r);
    for (size_t i = 0; i < count; i++) {
        const struct audit_row *row = &rows[i];
        struct view_value v[FIELD_TRAIL_ROW_COUNT] = {
            [FIELD_TRAIL_ROW_ID] = view_number(row->id),
            [FIELD_TRAIL_ROW_AT] = view_number(row->at),
            [FIELD_TRAIL_ROW_EVENT] = view_text(slice_from(audit_event_name(row->event))),
            [FIELD_TRAIL_ROW_ACCOUNT] = seen_number(row->account_id),
            [FIELD_TRAIL_ROW_ACCOUNT_NAME] = view_text(
                seen_account_name(r, r->d, &names, row->account_id)),
            [FIELD_TRAIL_ROW_CHILD] = seen_number(row->child_id),
            [FIELD_TRAIL_ROW_OBJECT] = seen_number(row->object_id),
            [FIELD_TRAIL_ROW_DETAIL] = seen_text(row->detail)};
        view_write(r->out, &view_of_trail_row, &sights, &(struct mask_context){.today = r->today},
                   v);
    }
    page_end(r, page_next(r, count, limit, count ? rows[count - 1].id : 0));
    r->audit.detail = arena_printf(r->arena, "%zu", count);
    return 0;
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
