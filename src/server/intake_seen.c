#include "server/intake_seen.h"

#include "server/shelf.h"

static bool is_liaison(const struct request *r)
{
    return r->account.role == ROLE_DEPARTMENT_LIAISON;
}

int intake_department(struct request *r, struct slice *ret)
{
    *ret = SLICE_NONE;
    if (!is_liaison(r))
        return 0;
    if (r->account.department.n == 0)
        return error_set(r->error, ERR_FORBIDDEN, N_("this account is of no department"));
    *ret = r->account.department;
    return 0;
}

/* Of the same name: a department is another one in another county. */
static int meet_department(struct request *r, struct slice department)
{
    struct slice own;
    int rc = intake_department(r, &own);

    if (rc < 0)
        return rc;
    return own.p && !slice_equal(own, department) ? error_set(r->error, ERR_NOT_FOUND, NULL) : 0;
}

int intake_scope(struct request *r, struct delivery_scope *ret)
{
    if (is_liaison(r) && r->account.division == 0)
        return error_set(r->error, ERR_FORBIDDEN, N_("this account is of no division"));
    *ret = (struct delivery_scope){.division = r->account.division,
                                   .covered_on = is_liaison(r) ? r->today : 0};
    return 0;
}

int intake_meet(struct request *r, struct deployment *d, int64_t delivery_id,
                struct slice department)
{
    struct delivery_scope scope;
    bool within;
    int rc = meet_department(r, department);

    if (rc == 0)
        rc = intake_scope(r, &scope);
    if (rc == 0)
        rc = delivery_within(d, delivery_id, &scope, &within, r->error);
    if (rc == 0 && !within)
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    return rc;
}

int intake_feed(struct request *r, struct slice name, const struct feed **ret)
{
    const struct feed_library *feeds;
    int rc = request_feeds(r, &feeds);

    if (rc < 0)
        return rc;
    const struct feed *f = feed_library_find(feeds, name);
    if (!f)
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    if ((rc = meet_department(r, f->department)) == 0)
        *ret = f;
    return rc;
}

int intake_delivery(struct request *r, struct deployment *d, struct slice id,
                    struct delivery_story *ret)
{
    struct delivery_story story;
    int64_t n;
    int rc = request_id(r, id, &n);

    if (rc == 0)
        rc = delivery_get(d, n, r->arena, &story, r->error);
    if (rc == 0)
        rc = intake_meet(r, d, n, story.department);
    if (rc == -ERR_NOT_FOUND) /* of another department or county, or nowhere: the same words */
        error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc < 0)
        return rc;
    r->audit.object_id = n;
    *ret = story;
    return 0;
}

void intake_sights(const struct request *r, struct sights *ret)
{
    enum relation relation = role_is_administrator(r->account.role) ? RELATION_NONE
                             : is_liaison(r)                        ? RELATION_DEPARTMENT
                                                                    : RELATION_AREA;

    sights_routine(r->clearance, r->account.role, relation, ret);
}

bool intake_sees_files(const struct request *r)
{
    return is_liaison(r) || r->account.role == ROLE_DATA_OFFICER;
}

/* ---- what remains of a text ---- */

struct slice intake_text(struct request *r, struct slice text)
{
    struct error unsaid = {.language = r->error->language};
    struct detect_span *spans;
    size_t count;

    if (text.n == 0)
        return text;
    if (detect_find(request_lexicon(r), text, r->arena, &spans, &count, &unsaid) < 0)
        return SLICE_LITERAL("***");
    return detect_mask(text, spans, count, UINT32_MAX, r->arena);
}

/* An unmapped column may hold anything, and a name alone in its cell is known by nothing around
 * it. */
struct slice intake_outline(struct request *r, const struct feed_column *column, struct slice text)
{
    if (text.n == 0)
        return SLICE_LITERAL("");
    return column ? feed_mask_cell(column, text, r->arena) : SLICE_LITERAL("***");
}

/* ---- words ---- */

const char *intake_code(struct request *r, enum error_code code)
{
    return arena_printf(r->arena, "HM-%04d", (int)code);
}

struct view_value intake_texts(struct request *r, const struct slice *texts, size_t count)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++)
        json_put_string(r->out, texts[i].p ? texts[i] : SLICE_LITERAL(""));
    return sublist_end(r, &s);
}

struct view_value intake_holds(struct request *r, int bits)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (int bit = 1; bit <= bits; bit <<= 1)
        if (bits & bit)
            json_put_string(r->out, slice_from(delivery_hold_name(bit)));
    return sublist_end(r, &s);
}

int intake_day(struct request *r, const char *name, struct slice text, day otherwise, day *ret)
{
    if (!text.p) {
        *ret = otherwise;
        return 0;
    }
    if (day_parse(text, ret))
        return 0;
    return schema_complain(&r->faults, r->arena, r->error, name,
                           text_in(r->error->language, N_("is no day of the calendar")));
}
