/* Records of a department, pushed as they arise (api/records.yaml). */
#include "intake/push.h"
#include "server/handlers.h"
#include "server/seen.h"
#include "server/shelf.h"

static const struct {
    const char *member;
    int column;
} members[] = {{"record_key", RECORD_KEY},
               {"kind", RECORD_KIND},
               {"id_no", RECORD_ID_NO},
               {"name", RECORD_NAME},
               {"birth_date", RECORD_BIRTH_DATE},
               {"division", RECORD_DIVISION},
               {"from", RECORD_FROM},
               {"to", RECORD_TO},
               {"value", RECORD_VALUE},
               {"note", RECORD_NOTE},
               {"revision", RECORD_REVISION}};

struct pushing {
    struct push_record *records;
    size_t count;
};

static void read_records(struct request *r, struct pushing *p)
{
    const json_t *list = body_array(r->body, "records");

    p->count = json_array_size(list);
    p->records = ARENA_ARRAY(r->arena, p->count, struct push_record);
    for (size_t i = 0; i < p->count; i++) {
        p->records[i].reason.language = r->error->language;
        for (size_t m = 0; m < sizeof(members) / sizeof(members[0]); m++)
            p->records[i].cells[members[m].column] = body_text(json_array_get(list, i),
                                                               members[m].member);
    }
}

/* The column and how to mend it; never the value. */
static void write_refusal(struct request *r, size_t index, const struct push_record *x)
{
    const struct error *e = &x->reason;

    json_object_begin(r->out);
    json_name(r->out, "index");
    json_put_integer(r->out, (int64_t)index);
    json_name(r->out, "column");
    json_put_string(r->out, slice_from(x->column));
    json_name(r->out, "message");
    json_put_string(r->out, slice_from(e->detail[0] ? e->detail : error_primary(e)));
    json_name(r->out, "hint");
    json_put_string(r->out, e->hint[0] ? slice_from(e->hint) : SLICE_NONE);
    json_object_end(r->out);
}

static void write_outcome(struct request *r, const struct push *push, const struct pushing *p)
{
    static const char *const names[] = {[PUSH_ACCEPTED] = "accepted",
                                        [PUSH_DUPLICATE] = "duplicate",
                                        [PUSH_QUARANTINED] = "quarantined",
                                        [PUSH_UNLINKED] = "unlinked"};

    json_object_begin(r->out);
    for (int i = 0; i < PUSH_OUTCOMES; i++) {
        json_name(r->out, names[i]);
        json_put_integer(r->out, (int64_t)push->counts[i]);
    }
    json_name(r->out, "refusals");
    json_array_begin(r->out);
    for (size_t i = 0; i < p->count; i++)
        if (p->records[i].outcome == PUSH_QUARANTINED)
            write_refusal(r, i, &p->records[i]);
    json_array_end(r->out);
    json_object_end(r->out);
}

static int push(struct request *r, struct deployment *d, void *context)
{
    struct pushing *p = context;
    struct push push = {.d = d,
                        .edition = shelf_edition(r->shelf),
                        .tables = shelf_tables(r->shelf),
                        .lexicon = request_lexicon(r),
                        .department = r->account.department,
                        .division = r->account.division,
                        .now = r->now,
                        .arena = r->arena};
    int rc = intake_push(&push, p->records, p->count, r->error);

    if (rc < 0)
        return rc;
    struct audit_entry entry = {
        .event = AUDIT_RECORDS_INGESTED,
        .account_id = r->account.id,
        .object_id = push.delivery_id,
        .detail = arena_printf(r->arena, "%llu %llu %llu %llu",
                               (unsigned long long)push.counts[PUSH_ACCEPTED],
                               (unsigned long long)push.counts[PUSH_DUPLICATE],
                               (unsigned long long)push.counts[PUSH_QUARANTINED],
                               (unsigned long long)push.counts[PUSH_UNLINKED])};
    if ((rc = audit_append(d, &entry, r->error)) < 0)
        return rc;
    for (size_t i = 0; i < push.changed_count; i++)
        request_changed(r, push.changed[i]);
    if (push.everywhere)
        request_changed(r, 0);
    write_outcome(r, &push, p);
    return 0;
}

int route_record_push(struct request *r)
{
    struct pushing p;

    if (r->account.department.n == 0)
        return error_set(r->error, ERR_FORBIDDEN, N_("this account is of no department"));
    read_records(r, &p);
    return request_write(r, push, &p);
}
