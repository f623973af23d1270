/* Sources at a glance, one source, and what came of them all (api/feeds.yaml). */
#include "server/handlers.h"
#include "server/intake_seen.h"
#include "server/shelf.h"
#include "store/sql_server.h"

/* ---- at a glance ---- */

static struct view_value counted(int64_t n) { return n < 0 ? VIEW_NULL : view_number(n); }

static void write_glance(struct request *r, const struct sights *sights,
                         const struct source_glance *g)
{
    const struct feed *f = g->feed;
    bool delivered = g->last_id > 0;
    struct view_value v[FIELD_FEED_GLANCE_COUNT] = {
        [FIELD_FEED_GLANCE_NAME] = view_text(slice_from(f->name)),
        [FIELD_FEED_GLANCE_TITLE_ZH] = seen_text(f->title_zh),
        [FIELD_FEED_GLANCE_TITLE_EN] = seen_text(f->title_en),
        [FIELD_FEED_GLANCE_DEPARTMENT] = view_text(f->department),
        [FIELD_FEED_GLANCE_LAST] = delivered ? view_number(g->last_id) : VIEW_NULL,
        [FIELD_FEED_GLANCE_LAST_AT] = delivered ? seen_number(g->last_at) : VIEW_NULL,
        [FIELD_FEED_GLANCE_LAST_ROWS] = delivered ? counted(g->last_rows) : VIEW_NULL,
        [FIELD_FEED_GLANCE_LAST_REFUSED] = delivered ? counted(g->last_refused) : VIEW_NULL,
        [FIELD_FEED_GLANCE_LAST_UNLINKED] = delivered ? counted(g->last_unlinked) : VIEW_NULL,
        [FIELD_FEED_GLANCE_LAG_DAYS] = counted(g->lag_days),
        [FIELD_FEED_GLANCE_HEARD] = seen_number(g->heard_at),
        [FIELD_FEED_GLANCE_DUE] = seen_number(g->due_at),
        [FIELD_FEED_GLANCE_SILENT] = seen_number(g->silent_at),
        [FIELD_FEED_GLANCE_WAITING] = view_number(g->waiting),
        [FIELD_FEED_GLANCE_HELD] = view_number(g->held),
        [FIELD_FEED_GLANCE_UNLINKED] = view_number(g->unlinked),
        [FIELD_FEED_GLANCE_DIVISIONS] = view_number(g->divisions)};

    view_write(r->out, &view_of_feed_glance, sights, &(struct mask_context){.today = r->today}, v);
}

static void list_begin(struct request *r)
{
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
}

static void list_end(struct request *r)
{
    json_array_end(r->out);
    json_object_end(r->out);
}

int route_feed_list(struct request *r)
{
    const struct feed_library *feeds;
    struct source_glance *list;
    struct delivery_scope scope;
    struct slice department;
    struct sights sights;
    size_t count;
    int rc = intake_department(r, &department);

    if (rc == 0)
        rc = intake_scope(r, &scope);
    if (rc == 0)
        rc = request_feeds(r, &feeds);
    if (rc == 0)
        rc = source_glances(r->d, feeds, &scope, r->now, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    list_begin(r);
    for (size_t i = 0; i < count; i++)
        if (!department.p || slice_equal(list[i].feed->department, department))
            write_glance(r, &sights, &list[i]);
    list_end(r);
    r->audit.detail = "list";
    return 0;
}

/* ---- one source ---- */

static struct view_value columns_of(struct request *r, const struct feed *f,
                                    const struct sights *sights)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < f->column_count; i++) {
        const struct feed_column *c = &f->columns[i];
        struct view_value v[FIELD_FEED_COLUMN_COUNT] = {
            [FIELD_FEED_COLUMN_NAME] = view_text(slice_from(c->name)),
            [FIELD_FEED_COLUMN_NAMED] = intake_texts(r, c->named, c->named_count),
            [FIELD_FEED_COLUMN_FORM] = view_text(slice_from(feed_form_name(c->form))),
            [FIELD_FEED_COLUMN_OPTIONAL] = view_number(c->optional)};
        view_write(r->out, &view_of_feed_column, sights, &(struct mask_context){0}, v);
    }
    return sublist_end(r, &s);
}

static struct slice division_name(struct request *r, const struct register_reading *reading,
                                  int64_t code)
{
    const struct division *found = reading ? division_find(&reading->divisions, code) : NULL;

    return found ? arena_copy(r->arena, slice_from(found->name)) : SLICE_NONE;
}

static int coverage_of(struct request *r, const struct feed *f, const struct sights *sights,
                       struct view_value *ret)
{
    const struct register_reading *reading = request_reading(r);
    struct coverage *list;
    struct sublist s;
    size_t count;
    int rc = coverage_list(r->d, r->arena, &list, &count, r->error);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++) {
        if (!slice_is(list[i].feed, f->name))
            continue;
        struct view_value v[FIELD_FEED_COVERAGE_COUNT] = {
            [FIELD_FEED_COVERAGE_ID] = view_number(list[i].id),
            [FIELD_FEED_COVERAGE_DIVISION] = view_number(list[i].division),
            [FIELD_FEED_COVERAGE_DIVISION_NAME] = seen_text(
                division_name(r, reading, list[i].division)),
            [FIELD_FEED_COVERAGE_FROM] = seen_day(list[i].from),
            [FIELD_FEED_COVERAGE_TO] = seen_day(list[i].to)};
        view_write(r->out, &view_of_feed_coverage, sights, &(struct mask_context){0}, v);
    }
    *ret = sublist_end(r, &s);
    return 0;
}

struct edition_row {
    int64_t id, saved_at, account_id;
};

static int read_editions(struct request *r, const struct feed *f, struct edition_row **ret,
                         size_t *ret_count)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_server_feed_editions row;
    struct edition_row *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_server_feed_editions(r->d->store, slice_from(f->name), &rows, r->error);

    while (rc >= 0 && (rc = sql_server_feed_editions_next(&rows, &row, r->error)) > 0) {
        list = arena_grow(r->arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct edition_row){row.id, row.saved_at,
                                             row.account_id.set ? row.account_id.v : 0};
    }
    *ret = list;
    *ret_count = count;
    return rc;
}

static int editions_of(struct request *r, const struct feed *f, const struct sights *sights,
                       struct view_value *ret)
{
    struct names_seen names = {0};
    struct edition_row *list;
    struct sublist s;
    size_t count;
    int rc = read_editions(r, f, &list, &count);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++) {
        struct view_value v[FIELD_FEED_EDITION_COUNT] = {
            [FIELD_FEED_EDITION_ID] = view_number(list[i].id),
            [FIELD_FEED_EDITION_SAVED] = view_number(list[i].saved_at),
            [FIELD_FEED_EDITION_BY] = view_text(
                seen_account_name(r, r->d, &names, list[i].account_id))};
        view_write(r->out, &view_of_feed_edition, sights, &(struct mask_context){0}, v);
    }
    *ret = sublist_end(r, &s);
    return 0;
}

int route_feed_read(struct request *r)
{
    struct view_value coverage, editions;
    const struct feed *f;
    struct sights sights;
    int rc = intake_feed(r, r->path[0], &f);

    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    rc = coverage_of(r, f, &sights, &coverage);
    if (rc == 0)
        rc = editions_of(r, f, &sights, &editions);
    if (rc < 0)
        return rc;
    struct view_value v[FIELD_FEED_FILE_COUNT] = {
        [FIELD_FEED_FILE_NAME] = view_text(slice_from(f->name)),
        [FIELD_FEED_FILE_TITLE_ZH] = seen_text(f->title_zh),
        [FIELD_FEED_FILE_TITLE_EN] = seen_text(f->title_en),
        [FIELD_FEED_FILE_DEPARTMENT] = view_text(f->department),
        [FIELD_FEED_FILE_MAPPING] = view_text(f->text),
        [FIELD_FEED_FILE_EXCHANGE] = seen_name(f->exchange_table),
        [FIELD_FEED_FILE_COLUMNS] = columns_of(r, f, &sights),
        [FIELD_FEED_FILE_COVERAGE] = coverage,
        [FIELD_FEED_FILE_EDITIONS] = editions};
    view_write(r->out, &view_of_feed_file, &sights, &(struct mask_context){.today = r->today}, v);
    r->audit.detail = f->name;
    return 0;
}

/* ---- yield ---- */

#define YEAR_DAYS 365

static void write_yield(struct request *r, const struct sights *sights, const struct yield *y)
{
    struct view_value v[FIELD_YIELD_COUNT] = {
        [FIELD_YIELD_NAME] = view_text(y->name),
        [FIELD_YIELD_OF] = view_text(slice_from(y->policy ? "category" : "feed")),
        [FIELD_YIELD_ALERTS] = view_number(y->alerts),
        [FIELD_YIELD_VISITS] = view_number(y->visits),
        [FIELD_YIELD_VERIFIED] = view_number(y->verified),
        [FIELD_YIELD_FALSE_ALARM] = view_number(y->false_alarm),
        [FIELD_YIELD_REFUSED] = view_number(y->refused)};

    view_write(r->out, &view_of_yield, sights, &(struct mask_context){0}, v);
}

/* A liaison's are the own department's sources; what came of a category is told to nobody of a
 * department. */
static bool yield_seen(const struct yield *y, struct slice department,
                       const struct feed_library *feeds)
{
    const struct feed *f = y->policy ? NULL : feed_library_find(feeds, y->name);

    return !department.p || (f && slice_equal(f->department, department));
}

int route_yield_list(struct request *r)
{
    const struct feed_library *feeds;
    struct slice department;
    struct sights sights;
    struct yield *list;
    size_t count;
    day from;
    int rc = intake_department(r, &department);

    if (rc == 0)
        rc = intake_day(r, "from", r->query[0], r->today - YEAR_DAYS, &from);
    if (rc == 0)
        rc = request_feeds(r, &feeds);
    if (rc == 0)
        rc = yield_read(r->d, from, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    list_begin(r);
    for (int policy = 0; policy <= 1; policy++)
        for (size_t i = 0; i < count; i++)
            if (list[i].policy == policy && yield_seen(&list[i], department, feeds))
                write_yield(r, &sights, &list[i]);
    list_end(r);
    r->audit.detail = "yields";
    return 0;
}
