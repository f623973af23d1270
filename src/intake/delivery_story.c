/* Deliveries as pages show them, and the first rows of one for the mapping assistant. */
#include "intake/delivery_inside.h"
#include "people/relation.h"
#include "store/sql_delivery.h"

#include <unistd.h>

static struct slice text_or_none(struct slice s) { return s.n ? s : SLICE_NONE; }

static void from_row(const struct sql_delivery_stories *row, struct arena *arena,
                     struct delivery_story *ret)
{
    *ret = (struct delivery_story){.id = row->id,
                                   .began_at = row->began_at,
                                   .finished_at = row->finished_at.set ? row->finished_at.v : 0,
                                   .account_id = row->account_id.set ? row->account_id.v : 0,
                                   .size = row->size.set ? row->size.v : 0,
                                   .feed = arena_copy(arena, row->feed),
                                   .department = arena_copy(arena, row->department),
                                   .channel = (int)row->channel,
                                   .state = (int)row->state,
                                   .held = (int)row->held,
                                   .allowed = (int)row->allowed,
                                   .row_count = row->row_count.set ? row->row_count.v : -1,
                                   .rows_done = row->rows_done,
                                   .accepted = row->accepted,
                                   .duplicate = row->duplicate,
                                   .quarantined = row->quarantined,
                                   .unlinked = row->unlinked,
                                   .changes = row->changes,
                                   .waiting = row->waiting,
                                   .alerts = row->alerts};
}

static int open_texts(struct deployment *d, const struct sql_delivery_stories *row,
                      struct arena *arena, struct delivery_story *ret, struct error *e)
{
    struct delivery_entry entry = {.id = row->id,
                                   .subject_id = row->subject_id.set ? row->subject_id.v : 0};
    int rc = delivery_entry_open(d, arena_copy(arena, row->sealed), arena, &entry, e);

    if (rc < 0)
        return rc;
    ret->file_name = text_or_none(entry.file_name);
    ret->header = text_or_none(entry.header);
    ret->reason = text_or_none(row->state == DELIVERY_HELD ? entry.holds : entry.reason);
    return 0;
}

static int read_stories(struct deployment *d, const struct delivery_filter *f, int64_t before,
                        size_t limit, struct arena *arena, struct delivery_story **ret,
                        size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_delivery_stories row;
    struct delivery_story *list = ARENA_ARRAY(arena, limit + 1, struct delivery_story);
    size_t count = 0;
    int rc = sql_delivery_stories(
        d->store, before ? before : INT64_MAX, f->feed.p ? f->feed : SLICE_LITERAL(""),
        f->department.p ? f->department : SLICE_LITERAL(""), f->state, (int64_t)limit,
        f->scope.division, division_last(f->scope.division), f->scope.covered_on, &rows, e);

    while (rc >= 0 && (rc = sql_delivery_stories_next(&rows, &row, e)) > 0 && count < limit) {
        from_row(&row, arena, &list[count]);
        if ((rc = open_texts(d, &row, arena, &list[count], e)) == 0)
            count++;
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int delivery_list(struct deployment *d, const struct delivery_filter *f, int64_t before,
                  size_t limit, struct arena *arena, struct delivery_story **ret, size_t *ret_count,
                  struct error *e)
{
    return read_stories(d, f, before, limit, arena, ret, ret_count, e);
}

int delivery_get(struct deployment *d, int64_t id, struct arena *arena, struct delivery_story *ret,
                 struct error *e)
{
    const struct delivery_filter any = {0};
    struct delivery_story *list;
    size_t count = 0;
    int rc = id < 1 || id == INT64_MAX ? 0
                                       : read_stories(d, &any, id + 1, 1, arena, &list, &count, e);

    if (rc < 0)
        return rc;
    if (count == 0 || list[0].id != id)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such delivery"));
    *ret = list[0];
    return 0;
}

int delivery_within(struct deployment *d, int64_t id, const struct delivery_scope *scope, bool *ret,
                    struct error *e)
{
    const struct delivery_scope all = {0};
    const struct delivery_scope *s = scope ? scope : &all;
    struct sql_delivery_within row;

    return sql_delivery_within(d->store, id, s->division, division_last(s->division), s->covered_on,
                               ret, &row, e);
}

/* ---- the first rows ----------------------------------------------------------------------------------- */

static void copy_row(const struct sheet_row *row, struct arena *arena, struct sheet_row *ret)
{
    struct sheet_cell *cells = ARENA_ARRAY(arena, row->count + 1, struct sheet_cell);

    for (size_t i = 0; i < row->count; i++) {
        cells[i] = row->cells[i];
        cells[i].text = arena_copy(arena, row->cells[i].text);
    }
    *ret = *row;
    ret->cells = cells;
    ret->raw = arena_copy(arena, row->raw);
}

static void copy_nature(const struct sheet_nature *n, struct arena *arena, struct sheet_nature *ret)
{
    const char **names = ARENA_ARRAY(arena, n->sheet_count + 1, const char *);

    for (size_t i = 0; i < n->sheet_count; i++)
        names[i] = arena_string(arena, slice_from(n->sheets[i]));
    *ret = (struct sheet_nature){
        .format = arena_string(arena, slice_from(n->format ? n->format : "")),
        .encoding = arena_string(arena, slice_from(n->encoding ? n->encoding : "")),
        .sheet = arena_string(arena, slice_from(n->sheet ? n->sheet : "")),
        .sheets = names,
        .sheet_count = n->sheet_count};
}

static int read_rows(struct sheet *s, size_t limit, struct arena *arena, struct sheet_row *list,
                     size_t *ret_count, struct sheet_nature *ret_nature, struct error *e)
{
    size_t count = 0;
    int rc = 1;

    while (rc != 0 && count < limit) {
        struct sheet_row row;
        rc = sheet_next(s, &row, e);
        if (rc == -ERR_CSV || rc == -ERR_ENCODING || rc == -ERR_TOO_LONG)
            continue; /* that row is none to learn from */
        if (rc < 0)
            return rc;
        if (rc > 0)
            copy_row(&row, arena, &list[count++]);
    }
    copy_nature(sheet_nature(s), arena, ret_nature);
    *ret_count = count;
    return 0;
}

int delivery_sample(struct deployment *d, const char *reader, int64_t id, size_t limit,
                    struct arena *arena, struct sheet_row **ret, size_t *ret_count,
                    struct sheet_nature *ret_nature, struct error *e)
{
    struct sheet_options options = {.program = reader};
    struct sheet_row *list = ARENA_ARRAY(arena, limit + 1, struct sheet_row);
    struct delivery_bytes b = {.fd = -1};
    struct delivery_entry entry;
    struct sheet *s = NULL;
    int rc = delivery_entry_read(d, id, arena, &entry, e);

    if (rc == 0 && entry.state != DELIVERY_UNMAPPED && entry.state != DELIVERY_HELD &&
        entry.state != DELIVERY_WAITING)
        rc = error_set(e, ERR_WRONG_STATE, N_("the file of this delivery is not kept any more"));
    if (rc == 0)
        rc = delivery_open_pieces(d, &entry, &b, e);
    if (rc == 0)
        rc = lseek(b.fd, 0, SEEK_SET) < 0 ? error_set(e, ERR_IO, NULL)
                                          : sheet_open(b.fd, &options, &s, e);
    if (rc == 0)
        rc = read_rows(s, limit, arena, list, ret_count, ret_nature, e);
    sheet_close(s);
    delivery_bytes_close(&b);
    if (rc == 0)
        *ret = list;
    return rc;
}
