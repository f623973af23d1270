/* The quarantine desk: what was refused, row by row and in groups, and what waits for its person
 * (api/quarantine.yaml). */
#include "intake/desk.h"
#include "server/handlers.h"
#include "server/intake_seen.h"
#include "server/quarantine.h"

static int state_parse(struct slice name)
{
#define QUARANTINE_STATE(symbol, number, word) \
    if (slice_is(name, word))                  \
        return symbol;
#include "intake/quarantine_states.def"
#undef QUARANTINE_STATE
    return 0;
}

int quarantine_filter(struct request *r, struct slice feed, struct slice delivery,
                      struct desk_filter *ret)
{
    *ret = (struct desk_filter){.feed = feed};
    int rc = intake_department(r, &ret->department);

    if (rc == 0)
        rc = intake_scope(r, &ret->scope);
    if (rc == 0 && delivery.p)
        rc = request_id(r, delivery, &ret->delivery_id);
    return rc;
}

int quarantine_row(struct request *r, struct slice id, struct desk_row *ret)
{
    const struct feed_library *feeds;
    struct desk_row row;
    int64_t n;
    int rc = request_id(r, id, &n);

    if (rc == 0)
        rc = request_feeds(r, &feeds);
    if (rc == 0)
        rc = desk_get(r->d, feeds, n, r->arena, &row, r->error);
    if (rc == 0)
        rc = intake_meet(r, r->d, row.delivery_id, row.department);
    if (rc == -ERR_NOT_FOUND)
        error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc < 0)
        return rc;
    r->audit.object_id = n;
    *ret = row;
    return 0;
}

/* ---- rows ---- */

/* Of which of our columns the cell at fault is; NULL: of none, or the row as a whole. */
static const struct feed_column *fault_column(const struct desk_row *row)
{
    for (size_t i = 0; row->column.p && i < row->count; i++)
        if (slice_equal(row->header[i], row->column))
            return row->columns[i];
    return NULL;
}

static struct view_value fault_outline(struct request *r, const struct desk_row *row)
{
    return row->value.p ? view_text(intake_outline(r, fault_column(row), row->value)) : VIEW_NULL;
}

static void write_item(struct request *r, const struct sights *sights, const struct desk_row *row)
{
    struct view_value v[FIELD_QUARANTINE_ITEM_COUNT] = {
        [FIELD_QUARANTINE_ITEM_ID] = view_number(row->id),
        [FIELD_QUARANTINE_ITEM_DELIVERY] = view_number(row->delivery_id),
        [FIELD_QUARANTINE_ITEM_FEED] = seen_text(row->feed),
        [FIELD_QUARANTINE_ITEM_DEPARTMENT] = seen_text(row->department),
        [FIELD_QUARANTINE_ITEM_LINE] = view_number((int64_t)row->line),
        [FIELD_QUARANTINE_ITEM_AT] = view_number(row->at),
        [FIELD_QUARANTINE_ITEM_SETTLED] = seen_number(row->settled_at),
        [FIELD_QUARANTINE_ITEM_STATE] = seen_name(quarantine_state_name(row->state)),
        [FIELD_QUARANTINE_ITEM_CODE] = seen_name(intake_code(r, row->error)),
        [FIELD_QUARANTINE_ITEM_COLUMN] = seen_text(row->column),
        [FIELD_QUARANTINE_ITEM_REASON] = view_text(row->reason),
        [FIELD_QUARANTINE_ITEM_REMEDY] = seen_text(row->remedy),
        [FIELD_QUARANTINE_ITEM_VALUE] = view_text(row->value),
        [FIELD_QUARANTINE_ITEM_OUTLINE] = fault_outline(r, row)};

    view_write(r->out, &view_of_quarantine_item, sights, &(struct mask_context){.today = r->today},
               v);
}

int route_quarantine_list(struct request *r)
{
    const struct feed_library *feeds;
    size_t count, limit = page_limit(r->query[5]);
    struct desk_filter filter;
    struct desk_row *list, like;
    struct sights sights;
    int64_t after;
    int rc = quarantine_filter(r, r->query[0], r->query[1], &filter);

    if (rc == 0)
        rc = page_after(r, r->query[4], &after);
    if (rc == 0 && r->query[3].p && (rc = quarantine_row(r, r->query[3], &like)) == 0)
        filter.like_id = like.id;
    if (rc == 0)
        rc = request_feeds(r, &feeds);
    if (rc < 0)
        return rc;
    filter.state = r->query[2].p ? state_parse(r->query[2]) : 0;
    rc = desk_list(r->d, feeds, &filter, after, limit, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        write_item(r, &sights, &list[i]);
    page_end(r, page_next(r, count, limit, count ? list[count - 1].id : 0));
    r->audit.detail = arena_printf(r->arena, "%zu", count);
    return 0;
}

/* ---- one row, cell by cell ---- */

static struct view_value cells_of(struct request *r, const struct sights *sights,
                                  const struct desk_row *row)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < row->count; i++) {
        const struct feed_column *c = row->columns[i];
        struct view_value v[FIELD_QUARANTINE_CELL_COUNT] = {
            [FIELD_QUARANTINE_CELL_HEADER] = view_text(row->header[i]),
            [FIELD_QUARANTINE_CELL_COLUMN] = seen_name(c ? c->name : NULL),
            [FIELD_QUARANTINE_CELL_FORM] = seen_name(c ? feed_form_name(c->form) : NULL),
            [FIELD_QUARANTINE_CELL_AT_FAULT] = view_number(
                row->column.p && slice_equal(row->header[i], row->column)),
            [FIELD_QUARANTINE_CELL_VALUE] = view_text(row->cells[i]),
            [FIELD_QUARANTINE_CELL_OUTLINE] = view_text(intake_outline(r, c, row->cells[i]))};
        view_write(r->out, &view_of_quarantine_cell, sights, &(struct mask_context){0}, v);
    }
    return sublist_end(r, &s);
}

int route_quarantine_read(struct request *r)
{
    struct desk_row row;
    struct sights sights;
    int rc = quarantine_row(r, r->path[0], &row);

    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    struct view_value v[FIELD_QUARANTINE_FILE_COUNT] = {
        [FIELD_QUARANTINE_FILE_ID] = view_number(row.id),
        [FIELD_QUARANTINE_FILE_DELIVERY] = view_number(row.delivery_id),
        [FIELD_QUARANTINE_FILE_FEED] = seen_text(row.feed),
        [FIELD_QUARANTINE_FILE_DEPARTMENT] = seen_text(row.department),
        [FIELD_QUARANTINE_FILE_LINE] = view_number((int64_t)row.line),
        [FIELD_QUARANTINE_FILE_AT] = view_number(row.at),
        [FIELD_QUARANTINE_FILE_SETTLED] = seen_number(row.settled_at),
        [FIELD_QUARANTINE_FILE_STATE] = seen_name(quarantine_state_name(row.state)),
        [FIELD_QUARANTINE_FILE_CODE] = seen_name(intake_code(r, row.error)),
        [FIELD_QUARANTINE_FILE_COLUMN] = seen_text(row.column),
        [FIELD_QUARANTINE_FILE_REASON] = view_text(row.reason),
        [FIELD_QUARANTINE_FILE_REMEDY] = seen_text(row.remedy),
        [FIELD_QUARANTINE_FILE_CELLS] = cells_of(r, &sights, &row)};
    view_write(r->out, &view_of_quarantine_file, &sights, &(struct mask_context){.today = r->today},
               v);
    r->audit.detail = "1";
    return 0;
}

/* ---- groups ---- */

#define GROUPS_MAX 100

static int write_group(struct request *r, const struct feed_library *feeds,
                       const struct sights *sights, const struct desk_group *g)
{
    struct desk_row row;
    int rc = desk_get(r->d, feeds, g->example_id, r->arena, &row, r->error);

    if (rc < 0)
        return rc;
    struct view_value v[FIELD_QUARANTINE_SET_COUNT] = {
        [FIELD_QUARANTINE_SET_FEED] = seen_text(g->feed),
        [FIELD_QUARANTINE_SET_DEPARTMENT] = seen_text(g->department),
        [FIELD_QUARANTINE_SET_COLUMN] = seen_text(row.column),
        [FIELD_QUARANTINE_SET_CODE] = seen_name(intake_code(r, g->error)),
        [FIELD_QUARANTINE_SET_REASON] = view_text(row.reason),
        [FIELD_QUARANTINE_SET_REMEDY] = seen_text(row.remedy),
        [FIELD_QUARANTINE_SET_ROWS] = view_number(g->rows),
        [FIELD_QUARANTINE_SET_EXAMPLE] = view_number(g->example_id),
        [FIELD_QUARANTINE_SET_OLDEST] = view_number(g->oldest_at),
        [FIELD_QUARANTINE_SET_VALUE] = view_text(row.value),
        [FIELD_QUARANTINE_SET_OUTLINE] = fault_outline(r, &row)};
    view_write(r->out, &view_of_quarantine_set, sights, &(struct mask_context){.today = r->today},
               v);
    return 0;
}

int route_quarantine_group(struct request *r)
{
    const struct feed_library *feeds;
    struct desk_filter filter;
    struct desk_group *list;
    struct sights sights;
    size_t count;
    int rc = quarantine_filter(r, r->query[0], r->query[1], &filter);

    if (rc == 0)
        rc = request_feeds(r, &feeds);
    if (rc == 0)
        rc = desk_groups(r->d, feeds, &filter, GROUPS_MAX, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = write_group(r, feeds, &sights, &list[i]);
    json_array_end(r->out);
    json_object_end(r->out);
    r->audit.detail = arena_printf(r->arena, "groups %zu", count);
    return rc;
}

/* ---- records that wait for their person ---- */

int route_unlinked_list(struct request *r)
{
    struct desk_unlinked *list;
    struct delivery_scope scope;
    struct slice department;
    struct sights sights;
    size_t count;
    int rc = intake_department(r, &department);

    if (rc == 0)
        rc = intake_scope(r, &scope);
    if (rc == 0)
        rc = desk_unlinked_list(r->d, &scope, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = 0; i < count; i++) {
        if (department.p && !slice_equal(list[i].department, department))
            continue;
        struct view_value v[FIELD_UNLINKED_COUNT] = {
            [FIELD_UNLINKED_FEED] = seen_text(list[i].feed),
            [FIELD_UNLINKED_DEPARTMENT] = seen_text(list[i].department),
            [FIELD_UNLINKED_RECORDS] = view_number(list[i].records),
            [FIELD_UNLINKED_WITHOUT_NUMBER] = view_number(list[i].without_number),
            [FIELD_UNLINKED_OLDEST] = seen_number(list[i].oldest_at)};
        view_write(r->out, &view_of_unlinked, &sights, &(struct mask_context){0}, v);
    }
    json_array_end(r->out);
    json_object_end(r->out);
    r->audit.detail = "unlinked";
    return 0;
}
