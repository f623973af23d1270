/* One child's timeline: facts as bars by person, categories as bars below, and why
 * (api/timeline.yaml). */
#include "people/fact.h"
#include "screening/population.h"
#include "screening/verdict.h"
#include "server/handlers.h"
#include "server/seen.h"
#include "server/shelf.h"
#include "store/sql_heard.h"
#include "store/sql_record.h"

/* ---- as far as each department told us ---- */

struct heard {
    struct heard_from {
        struct slice department;
        int64_t at;
    } * list;
    size_t count, capacity;
};

static void hear(struct request *r, struct heard *h, struct slice department, int64_t at)
{
    for (size_t i = 0; i < h->count; i++)
        if (slice_equal(h->list[i].department, department)) {
            h->list[i].at = at > h->list[i].at ? at : h->list[i].at;
            return;
        }
    h->list = arena_grow(r->arena, h->list, &h->capacity, h->count + 1, sizeof(*h->list));
    h->list[h->count++] = (struct heard_from){arena_copy(r->arena, department), at};
}

/* Of everybody, not of this child: that a department has spoken of the child would tell. */
static int read_heard(struct request *r, struct heard *ret)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_heard_all row;
    int rc = sql_heard_all(r->d->store, &rows, r->error);

    while (rc >= 0 && (rc = sql_heard_all_next(&rows, &row, r->error)) > 0)
        hear(r, ret, row.department, row.at);
    return rc;
}

static void write_heard(struct request *r, const struct heard *h)
{
    json_array_begin(r->out);
    for (size_t i = 0; i < h->count; i++) {
        json_object_begin(r->out);
        json_name(r->out, "department");
        json_put_string(r->out, h->list[i].department);
        json_name(r->out, "until");
        json_put_day(r->out, day_of_instant(h->list[i].at));
        json_object_end(r->out);
    }
    json_array_end(r->out);
}

/* ---- facts ---- */

static const struct {
    enum data_class class;
    const struct view *view;
} bar_views[] = {{CLASS_FACT, &view_of_timeline_fact},
                 {CLASS_FACT_HEALTH, &view_of_timeline_fact_health},
                 {CLASS_FACT_HIV, &view_of_timeline_fact_hiv},
                 {CLASS_FACT_JUSTICE, &view_of_timeline_fact_justice},
                 {CLASS_FACT_HARM, &view_of_timeline_fact_harm}};
#define BAR_VIEWS (sizeof(bar_views) / sizeof(bar_views[0]))

static const struct view *bar_view(enum data_class class)
{
    for (size_t i = 0; i < BAR_VIEWS; i++)
        if (bar_views[i].class == class)
            return bar_views[i].view;
    return NULL;
}

static void write_bar(struct request *r, const struct seen *s, const struct child_fact *f)
{
    struct view_value v[FIELD_TIMELINE_FACT_COUNT] = {
        [FIELD_TIMELINE_FACT_ID] = view_number(f->record_id),
        [FIELD_TIMELINE_FACT_ABOUT] = view_text(
            f->of == KIN_NONE ? SLICE_LITERAL("self") : slice_from(kin_role_name(f->of))),
        [FIELD_TIMELINE_FACT_KIND] = view_text(slice_from(record_kind_name(f->kind))),
        [FIELD_TIMELINE_FACT_VALUE] = seen_text(f->value),
        [FIELD_TIMELINE_FACT_FROM] = seen_day(f->from),
        [FIELD_TIMELINE_FACT_TO] = seen_day(f->to),
        [FIELD_TIMELINE_FACT_DEPARTMENT] = seen_text(f->department),
        [FIELD_TIMELINE_FACT_KNOWN] = view_number(f->known_from)};

    view_write(r->out, bar_view(f->class), &s->sights, &s->mask, v);
}

/* A hidden fact is counted for whom it could be opened: to anybody else, that there is one would
 * tell. */
static bool is_counted(const struct seen *s, enum data_class class)
{
    return s->sights.way[class] >= WAY_TAP && s->sights.way[class] <= WAY_GLASS;
}

/* Writes those that are shown; who said them was heard at least then. Returns how many could be
 * opened. */
static size_t write_bars(struct request *r, const struct seen *s, const struct child_fact *facts,
                         size_t count, struct heard *heard)
{
    size_t hidden = 0;

    json_array_begin(r->out);
    for (size_t i = 0; i < count; i++) {
        if (s->sights.of[facts[i].class] != SIGHT_SHOWN || !bar_view(facts[i].class)) {
            hidden += is_counted(s, facts[i].class);
            continue;
        }
        write_bar(r, s, &facts[i]);
        if (facts[i].department.n > 0)
            hear(r, heard, facts[i].department, facts[i].known_from);
    }
    json_array_end(r->out);
    return hidden;
}

/* ---- categories ---- */

static const char *truth_name(enum policy_truth truth)
{
    return truth == POLICY_TRUE ? "holds" : truth == POLICY_UNKNOWN ? "review" : "no";
}

static void write_stretch(struct request *r, const struct seen *s, size_t category,
                          const struct policy_stretch *stretch)
{
    const struct policy_info *info = policy_category_info(shelf_edition(r->shelf)->set, category);
    struct view_value v[FIELD_TIMELINE_STRETCH_COUNT] = {
        [FIELD_TIMELINE_STRETCH_CATEGORY] = view_text(slice_from(info->name)),
        [FIELD_TIMELINE_STRETCH_LABEL] = view_text(
            slice_from(policy_info_label(info, r->error->language))),
        [FIELD_TIMELINE_STRETCH_STATUS] = view_text(slice_from(truth_name(stretch->status))),
        [FIELD_TIMELINE_STRETCH_FROM] = seen_day(stretch->from),
        [FIELD_TIMELINE_STRETCH_TO] = seen_day(stretch->to)};

    view_write(r->out, &view_of_timeline_stretch, &s->sights, &s->mask, v);
}

static void write_stretches(struct request *r, const struct seen *s,
                            const struct policy_timeline *timelines, size_t count)
{
    json_array_begin(r->out);
    for (size_t c = 0; c < count; c++)
        for (size_t i = 0; i < timelines[c].count; i++)
            write_stretch(r, s, c, &timelines[c].stretches[i]);
    json_array_end(r->out);
}

/* Which classes are not shown here and could be, said whether or not there is anything of them. */
static void write_ways(struct request *r, const struct seen *s)
{
    static const enum data_class classes[] = {CLASS_BIRTH_DATE,   CLASS_CATEGORY,    CLASS_BASIS,
                                              CLASS_FACT,         CLASS_FACT_HEALTH, CLASS_FACT_HIV,
                                              CLASS_FACT_JUSTICE, CLASS_FACT_HARM};
    static const char *const ways[] = {
        [WAY_TAP] = "tap", [WAY_APPROVAL] = "approval", [WAY_GLASS] = "glass"};

    json_object_begin(r->out);
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        uint8_t way = s->sights.way[classes[i]];
        if (s->sights.of[classes[i]] == SIGHT_SHOWN || way < WAY_TAP || way > WAY_GLASS)
            continue;
        json_name(r->out, data_class_name(classes[i]));
        json_put_string(r->out, slice_from(ways[way]));
    }
    json_object_end(r->out);
}

int route_timeline_read(struct request *r)
{
    size_t count, categories = shelf_edition(r->shelf)->category_count;
    struct policy_timeline *timelines = ARENA_ARRAY(r->arena, categories, struct policy_timeline);
    struct child_fact *facts;
    struct heard heard = {0};
    struct seen s;
    int rc = seen_child(r, r->path[0], &s);

    if (rc == 0)
        rc = child_facts(r->d, s.child_id, s.child.birth, r->today, r->arena, &facts, &count,
                         r->error);
    if (rc == 0 && s.sights.of[CLASS_CATEGORY] == SIGHT_SHOWN)
        rc = verdict_read(r->d, shelf_edition(r->shelf)->set, s.child_id, r->arena, timelines,
                          r->error);
    if (rc == 0)
        rc = read_heard(r, &heard);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "today");
    json_put_day(r->out, r->today);
    json_name(r->out, "begin");
    json_put_day(r->out,
                 s.sights.of[CLASS_BIRTH_DATE] == SIGHT_SHOWN ? s.child.birth : DAY_BEGINNING);
    json_name(r->out, "facts");
    size_t hidden = write_bars(r, &s, facts, count, &heard);
    json_name(r->out, "hidden");
    json_put_integer(r->out, (int64_t)hidden);
    json_name(r->out, "categories");
    write_stretches(r, &s, timelines, categories);
    json_name(r->out, "heard");
    write_heard(r, &heard);
    json_name(r->out, "masked");
    write_ways(r, &s);
    json_object_end(r->out);
    r->audit.detail = "timeline";
    return 0;
}
