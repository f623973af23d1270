/* Children in scope: lists, search, and the file (api/children.yaml). */
#include "screening/verdict.h"
#include "server/handlers.h"
#include "server/seen.h"
#include "server/shelf.h"

#include <stdlib.h>

/* ---- lists ---- */

static struct slice sex_text(char sex)
{
    return sex == 'M' ? SLICE_LITERAL("M") : sex == 'F' ? SLICE_LITERAL("F") : SLICE_NONE;
}

/* False: the caller may not even know that there is this child. */
static bool write_child(struct request *r, const struct child *c, enum relation relation)
{
    struct view_value v[FIELD_CHILD_COUNT] = {
        [FIELD_CHILD_ID] = view_number(c->id),
        [FIELD_CHILD_REFERENCE] = seen_text(c->ref),
        [FIELD_CHILD_NAME] = seen_text(c->name),
        [FIELD_CHILD_SEX] = view_text(sex_text(c->sex)),
        [FIELD_CHILD_BIRTH_DATE] = seen_day(c->birth),
        [FIELD_CHILD_DIVISION] = seen_number(c->residence),
        [FIELD_CHILD_RELATION] = view_text(slice_from(relation_name(relation)))};
    struct sights sights;

    sights_routine(r->clearance, r->account.role, relation, &sights);
    if (relation == RELATION_NONE || !seen_anything(&sights))
        return false;
    view_write(r->out, &view_of_child, &sights, &(struct mask_context){.today = r->today}, v);
    return true;
}

/* Writes those whom the caller may see, at most `limit`. */
static int write_children(struct request *r, const struct child *children, size_t count,
                          size_t limit, size_t *ret_written)
{
    int64_t *ids = ARENA_ARRAY(r->arena, count, int64_t);
    enum relation *relations = ARENA_ARRAY(r->arena, count, enum relation);
    size_t written = 0;

    for (size_t i = 0; i < count; i++)
        ids[i] = children[i].id;
    int rc = relation_of_all(r->d, &r->account, ids, count, r->now, relations, r->error);
    for (size_t i = 0; rc == 0 && i < count && written < limit; i++)
        written += write_child(r, &children[i], relations[i]);
    *ret_written = written;
    return rc;
}

/* A place is "RESIDENCE.ID". */
static int read_place(struct request *r, struct slice after, struct child_place *ret)
{
    int64_t place[2];
    int rc = page_place(r, after, 2, place);

    *ret = (struct child_place){place[0], place[1]};
    return rc;
}

int route_child_list(struct request *r)
{
    struct child_place after;
    struct child *children;
    size_t count, written, limit = page_limit(r->query[1]);
    int64_t division = 0;
    const char *next = NULL;
    int rc = read_place(r, r->query[0], &after);

    if (rc == 0 && r->query[2].p && !division_parse(r->query[2], &division))
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        rc = child_list(r->d, &r->account, division, after, limit, r->now, r->arena, &children,
                        &count, r->error);
    if (rc < 0)
        return rc;
    page_begin(r);
    if ((rc = write_children(r, children, count, count, &written)) < 0)
        return rc;
    if (count == limit)
        next = arena_printf(r->arena, "%lld.%lld", (long long)children[count - 1].residence,
                            (long long)children[count - 1].id);
    page_end(r, next);
    r->audit.detail = arena_printf(r->arena, "%zu", written);
    return 0;
}

/* ---- search ---- */

#define SEARCH_CHUNK 64

/* `ids` has room for NAME_LIMIT_MAX. */
static int find_names(struct request *r, struct slice query, int64_t *ids, struct name_found *ret)
{
    const struct register_reading *reading;
    int rc = shelf_hold(r->shelf, &reading, r->error);

    if (rc < 0)
        return rc;
    rc = name_index_search(reading->names, query, ids, NAME_LIMIT_MAX, ret, r->error);
    shelf_let_go(r->shelf, reading);
    return rc;
}

/* Of those found in the whole register the ones in scope, best first. The index gives NAME_LIMIT_MAX at
 * most: where it has found more than that, some in scope may be among the rest. */
int route_child_search(struct request *r)
{
    size_t written = 0, at = 0, limit = (size_t)body_integer(r->body, "limit", 20);
    int64_t *ids = ARENA_ARRAY(r->arena, NAME_LIMIT_MAX, int64_t);
    struct name_found found;
    int rc = find_names(r, body_text(r->body, "q"), ids, &found);

    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (; rc == 0 && at < found.count && written < limit; at += SEARCH_CHUNK) {
        size_t chunk = found.count - at < SEARCH_CHUNK ? found.count - at : SEARCH_CHUNK;
        size_t count, more = 0;
        struct child *children;
        rc = child_get_all(r->d, ids + at, chunk, r->today, r->arena, &children, &count, r->error);
        if (rc == 0)
            rc = write_children(r, children, count, limit - written, &more);
        written += more;
    }
    json_array_end(r->out);
    json_name(r->out, "more");
    json_put_boolean(r->out, rc == 0 && (written == limit || found.total > found.count));
    json_object_end(r->out);
    r->audit.detail = arena_printf(r->arena, "%zu", written);
    return rc;
}

/* ---- the file ---- */

static struct slice own_openings(struct request *r, const struct seen *s)
{
    struct json j, *out = r->out;

    json_begin(&j, r->arena);
    json_array_begin(&j);
    for (size_t i = 0; i < s->opening_count; i++) {
        r->out = &j; /* written where the others are, into a text of its own */
        seen_own_opening(r, &s->openings[i]);
        r->out = out;
    }
    json_array_end(&j);
    return json_text(&j);
}

int route_child_read(struct request *r)
{
    struct seen s;
    int rc = seen_child(r, r->path[0], &s);

    if (rc < 0)
        return rc;
    struct view_value v[FIELD_CHILD_FILE_COUNT] = {
        [FIELD_CHILD_FILE_ID] = view_number(s.child_id),
        [FIELD_CHILD_FILE_REFERENCE] = seen_text(s.child.ref),
        [FIELD_CHILD_FILE_NAME] = seen_text(s.child.name),
        [FIELD_CHILD_FILE_ID_NUMBER] = seen_text(s.child.id_no),
        [FIELD_CHILD_FILE_SEX] = view_text(sex_text(s.child.sex)),
        [FIELD_CHILD_FILE_BIRTH_DATE] = seen_day(s.child.birth),
        [FIELD_CHILD_FILE_DIVISION] = seen_number(s.child.residence),
        [FIELD_CHILD_FILE_HUKOU] = seen_number(s.child.hukou),
        [FIELD_CHILD_FILE_ADDRESS] = seen_text(s.child.address),
        [FIELD_CHILD_FILE_PHONE] = seen_text(s.child.phone),
        [FIELD_CHILD_FILE_RELATION] = view_text(slice_from(relation_name(s.relation))),
        [FIELD_CHILD_FILE_OPENINGS] = view_text(own_openings(r, &s))};
    view_write(r->out, &view_of_child_file, &s.sights, &s.mask, v);
    r->audit.detail = "file";
    return 0;
}

int route_child_kin(struct request *r)
{
    struct seen s;
    struct child_kin *kin;
    size_t count = 0;
    int rc = seen_child(r, r->path[0], &s);

    if (rc < 0)
        return rc;
    bool seen = s.sights.of[CLASS_KIN] != SIGHT_ABSENT ||
                s.sights.of[CLASS_KIN_PHONE] != SIGHT_ABSENT;
    if (seen && (rc = child_kin(r->d, s.child_id, s.child.birth, r->today, r->arena, &kin, &count,
                                r->error)) < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < count; i++) {
        struct view_value v[FIELD_KIN_COUNT] = {
            [FIELD_KIN_ID] = view_number(kin[i].person_id),
            [FIELD_KIN_KIN] = view_text(slice_from(kin_role_name(kin[i].role))),
            [FIELD_KIN_NAME] = seen_text(kin[i].name),
            [FIELD_KIN_PHONE] = seen_text(kin[i].phone)};
        view_write(r->out, &view_of_kin, &s.sights, &s.mask, v);
    }
    page_end(r, NULL);
    r->audit.detail = "kin";
    return 0;
}

/* ---- facts ---- */

static const struct {
    enum data_class class;
    const struct view *view;
} fact_views[] = {{CLASS_FACT, &view_of_fact},
                  {CLASS_FACT_HEALTH, &view_of_fact_health},
                  {CLASS_FACT_HIV, &view_of_fact_hiv},
                  {CLASS_FACT_JUSTICE, &view_of_fact_justice},
                  {CLASS_FACT_HARM, &view_of_fact_harm}};
#define FACT_VIEWS (sizeof(fact_views) / sizeof(fact_views[0]))

static void write_fact(struct request *r, const struct seen *s, const struct child_fact *f)
{
    struct view_value v[FIELD_FACT_COUNT] = {
        [FIELD_FACT_ID] = view_number(f->record_id),
        [FIELD_FACT_ABOUT] = view_text(f->of == KIN_NONE ? SLICE_LITERAL("self")
                                                         : slice_from(kin_role_name(f->of))),
        [FIELD_FACT_KIND] = view_text(slice_from(record_kind_name(f->kind))),
        [FIELD_FACT_VALUE] = seen_text(f->value),
        [FIELD_FACT_FROM] = seen_day(f->from),
        [FIELD_FACT_TO] = seen_day(f->to)};

    /* A fact that may not be seen is not written at all: that there is one would tell. */
    for (size_t i = 0; i < FACT_VIEWS; i++)
        if (fact_views[i].class == f->class && s->sights.of[f->class] == SIGHT_SHOWN)
            view_write(r->out, fact_views[i].view, &s->sights, &s->mask, v);
}

/* Which classes could be opened: said whether or not there is a fact of them. */
static void write_ways(struct request *r, const struct seen *s)
{
    static const char *const ways[] = {
        [WAY_TAP] = "tap", [WAY_APPROVAL] = "approval", [WAY_GLASS] = "glass"};

    json_name(r->out, "masked");
    json_object_begin(r->out);
    for (size_t i = 0; i < FACT_VIEWS; i++) {
        enum data_class class = fact_views[i].class;
        if (s->sights.of[class] == SIGHT_SHOWN || s->sights.way[class] < WAY_TAP)
            continue;
        json_name(r->out, data_class_name(class));
        json_put_string(r->out, slice_from(ways[s->sights.way[class]]));
    }
    json_object_end(r->out);
}

int route_child_facts(struct request *r)
{
    struct seen s;
    struct child_fact *facts;
    size_t count;
    int rc = seen_child(r, r->path[0], &s);

    if (rc == 0)
        rc = child_facts(r->d, s.child_id, s.child.birth, r->today, r->arena, &facts, &count,
                         r->error);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = 0; i < count; i++)
        write_fact(r, &s, &facts[i]);
    json_array_end(r->out);
    json_name(r->out, "next");
    json_put_null(r->out);
    write_ways(r, &s);
    json_object_end(r->out);
    r->audit.detail = "facts";
    return 0;
}

/* ---- categories ---- */

static void write_category(struct request *r, const struct seen *s, size_t category,
                           const struct policy_stretch *stretch)
{
    const struct policy_set *set = shelf_edition(r->shelf)->set;
    struct view_value v[FIELD_CATEGORY_COUNT] = {
        [FIELD_CATEGORY_CATEGORY] = view_text(
            slice_from(policy_category_info(set, category)->name)),
        [FIELD_CATEGORY_STATUS] = view_text(
            stretch->status == POLICY_TRUE ? SLICE_LITERAL("holds") : SLICE_LITERAL("review")),
        [FIELD_CATEGORY_SINCE] = seen_day(stretch->from),
        [FIELD_CATEGORY_UNTIL] = seen_day(stretch->to)};

    view_write(r->out, &view_of_category, &s->sights, &s->mask, v);
}

int route_child_categories(struct request *r)
{
    size_t count = shelf_edition(r->shelf)->category_count;
    struct policy_timeline *timelines = ARENA_ARRAY(r->arena, count, struct policy_timeline);
    struct seen s;
    int rc = seen_child(r, r->path[0], &s);

    if (rc == 0 && s.sights.of[CLASS_CATEGORY] == SIGHT_SHOWN)
        rc = verdict_read(r->d, shelf_edition(r->shelf)->set, s.child_id, r->arena, timelines,
                          r->error);
    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < count; i++) {
        const struct policy_stretch *stretch = policy_timeline_at(&timelines[i], r->today);
        if (stretch)
            write_category(r, &s, i, stretch);
    }
    page_end(r, NULL);
    r->audit.detail = "categories";
    return 0;
}
