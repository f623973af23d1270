#include "people/kin_graph.h"
#include "people/load_file.h"
#include "people/register.h"
#include "store/sql_kin.h"

enum { CHILD_REF, PERSON_REF, RELATION, FROM, TO, COLUMN_COUNT };
static const char *const columns[COLUMN_COUNT + 1] = {"child_ref", "person_ref", "relation",
                                                      "from",      "to",         NULL};

struct relations_load {
    struct load_file f;
    struct register_map map;
    struct kin_graph graph;
    struct id_source ids;
};

struct relation {
    const struct register_entry *child, *person;
    enum kin_role role;
    day from, to;
};

static int refuse(struct error *e, int *ret_column, int column, enum error_code code,
                  const char *why, const char *hint)
{
    *ret_column = column;
    error_set(e, code, N_("column %s: %s"), columns[column], text_in(e->language, why));
    return hint ? error_hint(e, "%s", text_in(e->language, hint)) : -(int)code;
}

static const struct register_entry *find(struct relations_load *l, struct slice ref)
{
    uint8_t hash[SEAL_HASH_SIZE];
    struct register_entry *entry;

    if (ref.n == 0 || sealer_hash(l->f.d->sealer, HASH_REF, ref, hash, NULL) < 0)
        return NULL;
    entry = register_by_ref(&l->map, hash);
    return entry && !entry->ended ? entry : NULL;
}

static int check_period(const struct slice *c, struct relation *r, int *column, struct error *e)
{
    r->from = DAY_BEGINNING;
    r->to = DAY_FOREVER;
    if (c[FROM].n > 0 && !day_parse(c[FROM], &r->from))
        return refuse(e, column, FROM, ERR_DATE, N_("no such day"),
                      N_("Write it as 2024-06-30, or leave it empty for since birth."));
    if (c[TO].n > 0 && !day_parse(c[TO], &r->to))
        return refuse(e, column, TO, ERR_DATE, N_("no such day"),
                      N_("Write it as 2024-06-30, or leave it empty while it lasts."));
    if (r->to <= (r->from == DAY_BEGINNING ? r->child->birth : r->from))
        return refuse(e, column, TO, ERR_INTERVAL, N_("it is not after `from`"),
                      N_("`to` is the first day on which it no longer holds."));
    return 0;
}

static int check(struct relations_load *l, const struct slice *cells, struct relation *ret,
                 int *column, struct error *e)
{
    struct slice c[COLUMN_COUNT];

    for (int i = 0; i < COLUMN_COUNT; i++)
        c[i] = slice_trim(cells[i].p ? cells[i] : SLICE_LITERAL(""));
    ret->child = find(l, c[CHILD_REF]);
    if (!ret->child)
        return refuse(e, column, CHILD_REF, ERR_REFERENCE,
                      N_("no person of the register has this ref"),
                      N_("Load people.csv before relations.csv."));
    if (ret->child->birth == DAY_BEGINNING)
        return refuse(
            e, column, CHILD_REF, ERR_REFERENCE, N_("this child has no birth date"),
            N_("Add the birth date to people.csv; a child without one is never screened."));
    ret->person = find(l, c[PERSON_REF]);
    if (!ret->person)
        return refuse(e, column, PERSON_REF, ERR_REFERENCE,
                      N_("no person of the register has this ref"),
                      N_("Load people.csv before relations.csv."));
    ret->role = kin_role_parse(c[RELATION]);
    if (ret->role == KIN_NONE)
        return refuse(e, column, RELATION, ERR_VALUE, N_("no such relation"),
                      N_("Relations are spelt like father, adoptive_mother, guardian."));
    int rc = check_period(c, ret, column, e);
    if (rc < 0)
        return rc;
    if (ret->child == ret->person)
        return refuse(e, column, PERSON_REF, ERR_KIN_CYCLE, N_("nobody is their own relative"),
                      NULL);
    if (kin_role_is_parent(ret->role) &&
        kin_graph_is_ancestor(&l->graph, ret->child->person_id, ret->person->person_id,
                              l->f.options->full))
        return refuse(e, column, PERSON_REF, ERR_KIN_CYCLE,
                      N_("with this row a child would be the ancestor of its own parent"),
                      N_("Two rows contradict each other; this one was refused."));
    return 0;
}

static struct opt_int opt_from(day d) { return d == DAY_BEGINNING ? OPT_INT_NONE : opt_int(d); }
static struct opt_int opt_to(day d) { return d == DAY_FOREVER ? OPT_INT_NONE : opt_int(d); }

static int take(struct relations_load *l, const struct relation *r, struct error *e)
{
    struct store *store = l->f.d->store;
    int64_t child = r->child->person_id, person = r->person->person_id, id;
    struct kin_edge *edge = kin_graph_find(&l->graph, child, person, r->role, r->from);
    int rc;

    if (edge && edge->to == r->to) {
        edge->seen = true;
        l->f.totals.unchanged++;
        return 0;
    }
    if (edge && (rc = sql_kin_end(store, edge->id, l->f.now, e)) < 0)
        return rc;
    if ((rc = id_source_next(&l->ids, l->f.d->sealer, &id, e)) < 0 ||
        (rc = sql_kin_insert(store, id, child, person, r->role, opt_from(r->from), opt_to(r->to),
                             l->f.now, e)) < 0)
        return rc;
    if (edge) {
        edge->id = id;
        edge->to = r->to;
        l->f.totals.changed++;
    } else {
        edge = kin_graph_add(&l->graph, id, child, person, r->role, r->from, r->to);
        l->f.totals.added++;
    }
    edge->seen = true;
    return 0;
}

static int prepare(struct relations_load *l, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_kin_scan row;
    struct sql_kin_last last;
    bool found;
    int rc = register_read(l->f.d, &l->map, e);

    if (rc == 0)
        rc = sql_kin_last(l->f.d->store, &found, &last, e);
    if (rc < 0)
        return rc;
    l->ids.last = found ? last.id : 0;
    rc = sql_kin_scan(l->f.d->store, &rows, e);
    while (rc >= 0 && (rc = sql_kin_scan_next(&rows, &row, e)) > 0)
        kin_graph_add(&l->graph, row.id, row.child_id, row.person_id, (enum kin_role)row.role,
                      row.from_day.set ? (day)row.from_day.v : DAY_BEGINNING,
                      row.to_day.set ? (day)row.to_day.v : DAY_FOREVER);
    return rc;
}

static int end_absent(struct relations_load *l, struct error *e)
{
    int rc = 0;

    for (size_t i = 0; i < l->graph.edge_count && rc == 0; i++)
        if (!l->graph.edges[i].seen) {
            rc = sql_kin_end(l->f.d->store, l->graph.edges[i].id, l->f.now, e);
            l->f.totals.ended++;
        }
    return rc;
}

int load_relations(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                   struct error *e)
{
    struct relations_load l = {0};
    struct slice cells[COLUMN_COUNT];
    struct relation relation;
    int column = -1;
    int rc = load_file_begin(&l.f, d, o, columns, e);

    if (rc == 0)
        rc = prepare(&l, e);
    while (rc >= 0 && (rc = load_file_next(&l.f, cells, e)) > 0) {
        struct error reason = {.language = e->language};
        if (check(&l, cells, &relation, &column, &reason) < 0)
            rc = load_file_refuse(&l.f, column, &reason, e);
        else
            rc = take(&l, &relation, e);
    }
    if (rc == 0 && load_file_ends_absent(&l.f))
        rc = end_absent(&l, e);
    register_end(&l.map);
    kin_graph_end(&l.graph);
    return load_file_end(&l.f, rc, ret, e);
}
