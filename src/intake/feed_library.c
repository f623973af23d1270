/* Which feeds there are: those built in, and over them what was saved here. */
#include "access/audit.h"
#include "intake/builtin_feeds.h" /* made by the build from feeds/ */
#include "intake/feed_inside.h"
#include "store/sql_feed_edition.h"

#include <stdio.h>

/* ---- reading ---- */

static void keep(struct feed_library *l, struct feed *f, struct arena *arena, size_t *capacity)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->feeds[i]->name, f->name) == 0) {
            l->feeds[i] = f;
            return;
        }
    l->feeds = arena_grow(arena, l->feeds, capacity, l->count + 1, sizeof(*l->feeds));
    size_t at = l->count++;
    for (; at > 0 && strcmp(l->feeds[at - 1]->name, f->name) > 0; at--)
        l->feeds[at] = l->feeds[at - 1];
    l->feeds[at] = f;
}

static int take(struct feed_library *l, const struct source *source, struct arena *arena,
                size_t *capacity, struct error *e)
{
    struct feed *f;
    int rc = feed_parse(source, arena, &f, e);

    if (rc == 0)
        keep(l, f, arena, capacity);
    return rc;
}

static int read_saved(struct deployment *d, struct feed_library *l, struct arena *arena,
                      size_t *capacity, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_feed_edition_newest row;
    int rc = sql_feed_edition_newest(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_feed_edition_newest_next(&rows, &row, e)) > 0) {
        struct source source = {arena_printf(arena, "%.*s.yaml", (int)row.name.n, row.name.p),
                                arena_copy(arena, row.text)};
        if ((rc = take(l, &source, arena, capacity, e)) < 0)
            break;
    }
    return rc;
}

int feed_library_read(struct deployment *d, struct arena *arena, struct feed_library *ret,
                      struct error *e)
{
    struct feed_library l = {.count = 0};
    size_t capacity = 0;
    int rc = 0;

    for (size_t i = 0; i < COUNT(builtin_feeds) && rc == 0; i++) {
        struct source source = {builtin_feeds[i].file,
                                {(const char *)builtin_feeds[i].text, builtin_feeds[i].size}};
        rc = take(&l, &source, arena, &capacity, e);
    }
    if (rc == 0 && d)
        rc = read_saved(d, &l, arena, &capacity, e);
    if (rc == 0)
        *ret = l;
    return rc;
}

const struct feed *feed_library_find(const struct feed_library *l, struct slice name)
{
    for (size_t i = 0; i < l->count; i++)
        if (slice_is(name, l->feeds[i]->name))
            return l->feeds[i];
    return NULL;
}

/* ---- saving ---- */

static int check_owner(struct deployment *d, const struct feed *f, struct arena *arena,
                       struct error *e)
{
    struct feed_library l;
    int rc = feed_library_read(d, arena, &l, e);

    if (rc < 0)
        return rc;
    const struct feed *before = feed_library_find(&l, slice_from(f->name));
    if (!before || slice_equal(before->department, f->department))
        return 0;
    error_set(e, ERR_CONFLICT, N_("the feed %s belongs to the department %.*s"), f->name,
              (int)before->department.n, before->department.p);
    return error_hint(
        e, N_("Give the new mapping another name; records of two departments are never one."));
}

int feed_save(struct deployment *d, struct slice text, int64_t account_id, int64_t now,
              int64_t *ret_id, struct error *e)
{
    ARENA_AUTO(scratch);
    struct source source = {"mapping.yaml", text};
    struct sql_feed_edition_last last;
    struct id_source ids = {0};
    struct feed *f;
    bool found;
    int64_t id;
    int rc = feed_parse(&source, &scratch, &f, e);

    if (rc == 0)
        rc = check_owner(d, f, &scratch, e);
    if (rc == 0 && (rc = sql_feed_edition_last(d->store, &found, &last, e)) == 0) {
        ids.last = found ? last.id : 0;
        rc = id_source_next(&ids, d->sealer, &id, e);
    }
    if (rc == 0)
        rc = sql_feed_edition_insert(d->store, id, slice_from(f->name), SLICE_OF(f->hash), f->text,
                                     now, account_id ? opt_int(account_id) : (struct opt_int){0},
                                     e);
    if (rc == 0)
        rc = audit_append(d,
                          &(struct audit_entry){.event = AUDIT_FEED_MAPPED,
                                                .account_id = account_id,
                                                .object_id = id},
                          e);
    if (rc == 0 && ret_id)
        *ret_id = id;
    return rc;
}
