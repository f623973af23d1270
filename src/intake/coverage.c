/* Whom a feed speaks of: said, taken back, listed; and what reach follows from it. */
#include "access/audit.h"
#include "intake/coverage_inside.h"
#include "people/relation.h"
#include "store/sql_coverage.h"
#include "store/sql_feed_heard.h"

static struct opt_int day_or_none(day d) { return d == DAY_FOREVER ? OPT_INT_NONE : opt_int(d); }
static struct opt_int id_or_none(int64_t id) { return id ? opt_int(id) : OPT_INT_NONE; }

/* ---- saying it ------------------------------------------------------------------------------ */

static int leave_row(struct deployment *d, int64_t id, const char *detail, int64_t account_id,
                     struct error *e)
{
    return audit_append(d,
                        &(struct audit_entry){.event = AUDIT_FEED_COVERED,
                                              .account_id = account_id,
                                              .object_id = id,
                                              .detail = detail},
                        e);
}

static int check(const struct feed *feed, const struct division_tree *tree, int64_t division,
                 day from, day to, struct error *e)
{
    if (!feed)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such feed"));
    if (division <= 0 || !division_exists(tree, division)) {
        error_set(e, ERR_DIVISION, N_("there is no such division"));
        return error_hint(e, N_("Twelve digits of a division that is loaded."));
    }
    if (from >= to || from <= DAY_BEGINNING)
        return error_set(e, ERR_INTERVAL, N_("coverage ends before it begins"));
    return 0;
}

static int insert(struct deployment *d, const struct coverage *c, int64_t account_id, int64_t now,
                  int64_t *ret_id, struct error *e)
{
    struct sql_coverage_last last;
    struct id_source ids = {0};
    bool found;
    int rc = sql_coverage_last(d->store, &found, &last, e);

    if (rc < 0)
        return rc;
    ids.last = found ? last.id : 0;
    rc = id_source_next(&ids, d->sealer, ret_id, e);
    return rc < 0 ? rc
                  : sql_coverage_insert(d->store, *ret_id, c->feed, c->division, c->from,
                                        day_or_none(c->to), now, id_or_none(account_id), e);
}

int coverage_put(struct deployment *d, const struct feed *feed, const struct division_tree *tree,
                 int64_t division, day from, day to, int64_t account_id, int64_t now,
                 int64_t *ret_id, struct error *e)
{
    struct sql_coverage_same same;
    bool found;
    int64_t id;
    int rc = check(feed, tree, division, from, to, e);

    if (rc < 0)
        return rc;
    struct coverage c = {
        .division = division, .feed = slice_from(feed->name), .from = from, .to = to};
    rc = sql_coverage_same(d->store, c.feed, division, from, to == DAY_FOREVER ? -1 : to, &found,
                           &same, e);
    if (rc < 0)
        return rc;
    if (found) { /* said once is said */
        *ret_id = same.id;
        return 0;
    }
    rc = insert(d, &c, account_id, now, &id, e);
    if (rc == 0)
        rc = leave_row(d, id, "said", account_id, e);
    if (rc == 0)
        *ret_id = id;
    return rc;
}

int coverage_end(struct deployment *d, int64_t id, int64_t account_id, int64_t now, struct error *e)
{
    struct sql_coverage_of_id row;
    bool found;
    int rc = sql_coverage_of_id(d->store, id, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found)
        return error_set(e, ERR_NOT_FOUND, N_("no such coverage was said"));
    if (row.ended_at.set)
        return 0;
    rc = sql_coverage_end(d->store, id, now, e);
    return rc < 0 ? rc : leave_row(d, id, "taken back", account_id, e);
}

int coverage_list(struct deployment *d, struct arena *arena, struct coverage **ret,
                  size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_coverage_all row;
    struct coverage *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_coverage_all(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_coverage_all_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct coverage){.id = row.id,
                                          .division = row.division,
                                          .said_at = row.said_at,
                                          .feed = arena_copy(arena, row.feed),
                                          .from = (day)row.from_day,
                                          .to = row.to_day.set ? (day)row.to_day.v : DAY_FOREVER};
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

/* ---- what follows from it ------------------------------------------------------------------- */

_Static_assert(KIND_COUNT <= 64, "kinds fit a word");

/* What is known of one feed of the library. */
struct mapped {
    const struct feed *feed;
    uint64_t kinds;    /* that its rows make, as bits */
    bool said, silent; /* said: some coverage of it stands */
    int64_t heard_at;  /* 0: never */
};

struct coverage_map {
    struct mapped *feeds;
    size_t feed_count;
    struct coverage *covered;
    size_t covered_count;
};

static uint64_t bit_of(enum record_kind kind)
{
    return kind == KIND_NONE ? 0 : UINT64_C(1) << kind;
}

/* A list whose rows say their kind themselves makes every kind that its table of codes has. */
static uint64_t kinds_by_codes(const struct feed *f, const struct feed_record *r)
{
    struct feed_piece pieces[FEED_PIECES_MAX];
    size_t count = feed_pieces(r->templates[RECORD_KIND], pieces);
    uint64_t kinds = 0;

    for (size_t i = 0; i < count; i++) {
        int column = pieces[i].column ? feed_column_find(f, pieces[i].text) : -1;
        if (!pieces[i].column)
            kinds |= bit_of(record_kind_parse(pieces[i].text));
        if (column < 0)
            continue;
        const struct feed_column *c = &f->columns[column];
        for (size_t k = 0; k < c->code_count; k++)
            kinds |= bit_of(record_kind_parse(c->codes[k].to));
        kinds |= c->otherwise.n ? bit_of(record_kind_parse(c->otherwise)) : 0;
    }
    return kinds;
}

static uint64_t kinds_of(const struct feed *f)
{
    uint64_t kinds = 0;

    for (size_t i = 0; i < f->record_count; i++)
        kinds |= f->records[i].kind != KIND_NONE ? bit_of(f->records[i].kind)
                                                 : kinds_by_codes(f, &f->records[i]);
    return kinds;
}

/* A code that no table has any more (a division that was merged away): what was said stays said. */
int coverage_map_read(struct deployment *d, const struct feed_library *feeds,
                      const struct division_tree *tree, struct arena *arena,
                      struct coverage_map **ret, struct error *e)
{
    struct coverage_map *m = ARENA_NEW(arena, struct coverage_map);
    struct heard_feeds heard;
    int rc = heard_feeds_read(d, arena, &heard, e);

    (void)tree; /* a code says by itself what it lies in */
    if (rc == 0)
        rc = coverage_list(d, arena, &m->covered, &m->covered_count, e);
    if (rc < 0)
        return rc;
    m->feeds = ARENA_ARRAY(arena, feeds->count + 1, struct mapped);
    m->feed_count = feeds->count;
    for (size_t i = 0; i < feeds->count; i++) {
        const struct feed *f = feeds->feeds[i];
        struct heard_feed h = heard_feed_find(&heard, slice_from(f->name));
        m->feeds[i] = (struct mapped){
            .feed = f, .kinds = kinds_of(f), .silent = h.silent_at != 0, .heard_at = h.at};
        for (size_t k = 0; k < m->covered_count; k++)
            m->feeds[i].said |= slice_is(m->covered[k].feed, f->name);
    }
    *ret = m;
    return 0;
}

static bool covers(const struct coverage_map *m, const struct feed *f, int64_t division, day on)
{
    for (size_t i = 0; i < m->covered_count; i++) {
        const struct coverage *c = &m->covered[i];
        if (slice_is(c->feed, f->name) && on >= c->from && on < c->to && division &&
            division_covers(c->division, division))
            return true;
    }
    return false;
}

static struct reach_of reach_by(enum reach reach, const struct mapped *f)
{
    return (struct reach_of){.reach = reach,
                             .feed = slice_from(f->feed->name),
                             .department = f->feed->department,
                             .heard_at = f->heard_at,
                             .silent = f->silent};
}

/* Of several that would tell: whoever speaks of that place; of these,
 * who is not silent, then who was heard last. */
static bool better(const struct reach_of *a, const struct reach_of *b)
{
    if ((a->reach == REACH_COVERED) != (b->reach == REACH_COVERED))
        return a->reach == REACH_COVERED;
    if (a->silent != b->silent && a->heard_at && b->heard_at)
        return !a->silent;
    return a->heard_at > b->heard_at;
}

struct reach_of coverage_reach(const struct coverage_map *m, enum record_kind kind,
                               int64_t division, day on)
{
    struct reach_of best = {.reach = REACH_NOT_SAID, .feed = SLICE_NONE, .department = SLICE_NONE};
    bool any = false, said = false;

    for (size_t i = 0; i < m->feed_count; i++)
        said |= (m->feeds[i].kinds & bit_of(kind)) && m->feeds[i].said;
    for (size_t i = 0; i < m->feed_count; i++) {
        const struct mapped *f = &m->feeds[i];
        if (!(f->kinds & bit_of(kind)) || (said && !f->said))
            continue;
        enum reach reach = !said                              ? REACH_NOT_SAID
                           : covers(m, f->feed, division, on) ? REACH_COVERED
                                                              : REACH_NOT_COVERED;
        struct reach_of r = reach_by(reach, f);
        if (!any || better(&r, &best))
            best = r;
        any = true;
    }
    return best;
}

/* ---- when feeds were heard ------------------------------------------------------------------ */

int heard_feeds_read(struct deployment *d, struct arena *arena, struct heard_feeds *ret,
                     struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_feed_heard_all row;
    struct heard_feeds h = {0};
    size_t capacity = 0;
    int rc = sql_feed_heard_all(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_feed_heard_all_next(&rows, &row, e)) > 0) {
        h.list = arena_grow(arena, h.list, &capacity, h.count + 1, sizeof(*h.list));
        h.list[h.count++] = (struct heard_feed){arena_copy(arena, row.feed), row.at,
                                                row.silent_at.set ? row.silent_at.v : 0};
    }
    if (rc == 0)
        *ret = h;
    return rc;
}

struct heard_feed heard_feed_find(const struct heard_feeds *h, struct slice feed)
{
    for (size_t i = 0; i < h->count; i++)
        if (slice_equal(h->list[i].feed, feed))
            return h->list[i];
    return (struct heard_feed){.feed = feed};
}
