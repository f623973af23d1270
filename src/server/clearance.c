/* The clearance table, and why it decides as it does (api/access.yaml). */
#include "access/clearance.h"

#include "server/handlers.h"
#include "server/seen.h"

int route_clearance_read(struct request *r)
{
    r->content_type = "text/plain; charset=utf-8";
    r->raw = clearance_builtin_text();
    return 0;
}

static const char *const sight_names[] = {
    [SIGHT_ABSENT] = "absent", [SIGHT_MASKED] = "masked", [SIGHT_SHOWN] = "shown"};
static const char *const way_names[] = {[WAY_NONE] = "none",
                                        [WAY_FREE] = "free",
                                        [WAY_TAP] = "tap",
                                        [WAY_APPROVAL] = "approval",
                                        [WAY_GLASS] = "glass"};

static void put_text(struct json *j, const char *name, const char *text)
{
    json_name(j, name);
    json_put_string(j, slice_from(text));
}

static struct slice rules_text(struct request *r, enum data_class class, enum role role,
                               enum relation relation)
{
    struct json j;

    json_begin(&j, r->arena);
    json_array_begin(&j);
    for (int p = PURPOSE_ROUTINE; p < PURPOSE_COUNT; p++) {
        struct clearance_rule rule = clearance_rule(r->clearance, class, role, relation,
                                                    (enum purpose)p);
        json_object_begin(&j);
        put_text(&j, "purpose", purpose_name((enum purpose)p));
        put_text(&j, "sight", sight_names[rule.sight]);
        put_text(&j, "way", way_names[rule.way]);
        json_name(&j, "minutes");
        json_put_integer(&j, rule.minutes);
        json_name(&j, "line");
        json_put_integer(&j, rule.line);
        json_object_end(&j);
    }
    json_array_end(&j);
    return json_text(&j);
}

int route_clearance_explain(struct request *r)
{
    struct account account;
    enum relation relation;
    struct sights sights;
    int64_t account_id, child_id;
    int class = data_class_parse(r->query[2]);
    int rc = request_id(r, r->query[0], &account_id);

    if (rc == 0)
        rc = request_id(r, r->query[1], &child_id);
    if (rc == 0 && class < 0)
        rc = schema_complain(&r->faults, r->arena, r->error, "class",
                             text_in(r->error->language, N_("is no data class")));
    if (rc == 0)
        rc = account_get(r->d, account_id, r->arena, &account, r->error);
    if (rc == 0)
        rc = relation_of(r->d, &account, child_id, r->now, &relation, r->error);
    if (rc < 0)
        return rc;
    struct view_value v[FIELD_EXPLANATION_COUNT] = {
        [FIELD_EXPLANATION_ROLE] = seen_text(slice_from(role_name(account.role))),
        [FIELD_EXPLANATION_RELATION] = view_text(slice_from(relation_name(relation))),
        [FIELD_EXPLANATION_CLASS] = view_text(r->query[2]),
        [FIELD_EXPLANATION_RULES] = view_text(
            rules_text(r, (enum data_class) class, account.role, relation))};
    seen_nobody(r, &sights);
    view_write(r->out, &view_of_explanation, &sights, &(struct mask_context){.today = r->today}, v);
    return 0;
}
