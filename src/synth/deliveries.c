#include "synth/delivery_row.h"
#include "synth/line.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)1 << 20)
#define LISTS_MAX 40

struct synth_deliveries {
    const struct synth_options *options;
    struct synth_arrivals *arrivals[LISTS_MAX];
};

struct synth_deliveries *synth_deliveries_new(const struct synth_options *o)
{
    struct synth_deliveries *d = calloc(1, sizeof(*d));

    if (!d || synth_list_count > LISTS_MAX)
        abort();
    d->options = o;
    for (size_t i = 0; i < synth_list_count; i++)
        d->arrivals[i] = synth_arrivals_new(o->directory, PIECE);
    return d;
}

struct synth_deliveries *synth_deliveries_end(struct synth_deliveries *d)
{
    for (size_t i = 0; d && i < synth_list_count; i++)
        synth_arrivals_end(d->arrivals[i]);
    free(d);
    return NULL;
}

/* ---- gathering ---- */

static bool is_man(const char *id) { return strlen(id) == 18 && id[16] % 2 == 1; }

static void swap(void *a, void *b, size_t n)
{
    unsigned char *x = a, *y = b;

    for (size_t i = 0; i < n; i++) {
        unsigned char keep = x[i];
        x[i] = y[i];
        y[i] = keep;
    }
}

/* A list of registrations has one row for two people, the man first: the woman's report of it is left out, unless she
 * alone is known here. False: no row. */
static bool pair(const struct synth_family *f, struct synth_notice *n)
{
    char husband[64];
    bool known = n->known;

    for (int i = 0; i < f->people_count; i++)
        if (*f->people[i].id && strcmp(f->people[i].id, n->value) == 0) {
            n->other_known = true;
            memcpy(n->other_name, f->people[i].name, sizeof(n->other_name));
        }
    if (!is_man(n->value))
        return true;
    if (n->other_known)
        return false;
    memcpy(husband, n->value, sizeof(husband));
    memcpy(n->value, n->id, sizeof(n->id));
    memcpy(n->id, husband, sizeof(n->id));
    swap(n->name, n->other_name, sizeof(n->name));
    n->known = false;
    n->other_known = known;
    return true;
}

static bool can_withdraw(const struct synth_list *l)
{
    for (size_t i = 0; i < l->column_count; i++)
        if (l->columns[i].source == SOURCE_STATUS)
            return true;
    return false;
}

int synth_deliveries_tell(struct synth_deliveries *d, const struct synth_family *f,
                          const struct synth_record *r, day on, enum synth_row row, struct error *e)
{
    struct synth_notice n;
    int lists[2], rc = 0;

    memset(&n, 0, sizeof(n));
    while (n.kind < SYNTH_KIND_COUNT && strcmp(synth_kinds[n.kind].spelling, r->kind) != 0)
        n.kind++;
    if (row == SYNTH_ROW_BAD || n.kind == SYNTH_KIND_COUNT)
        return 0;
    memcpy(n.key, r->key, sizeof(n.key));
    memcpy(n.id, r->id, sizeof(n.id));
    memcpy(n.name, r->name, sizeof(n.name));
    memcpy(n.value, r->value, sizeof(n.value));
    n.birth = r->birth;
    n.from = r->from;
    n.to = r->to;
    n.known = r->known;
    n.withdrawn = row == SYNTH_ROW_WITHDRAWAL;
    if ((n.kind == SYNTH_KIND_DIVORCED || n.kind == SYNTH_KIND_MARRIED) && !pair(f, &n))
        return 0;
    synth_lists_of(&n, d->options->as_of, lists);
    for (int i = 0; i < 2 && rc == 0; i++)
        if (lists[i] >= 0 && (!n.withdrawn || can_withdraw(&synth_lists[lists[i]])))
            rc = synth_arrivals_add(d->arrivals[lists[i]], on, (const char *)&n, sizeof(n), e);
    return rc;
}

/* ---- writing ---- */

struct writing {
    struct synth_deliveries *d;
    FILE *records, *expected;
    struct synth_versions *versions;
    char folder[PATH_MAX];
};

static void path_of(const struct writing *w, const struct synth_list *l, const char *ending,
                    char ret[PATH_MAX])
{
    bool book = l->shape == SHAPE_XLSX || l->shape == SHAPE_XLSX_TEXT;

    if (snprintf(ret, PATH_MAX, "%s/%s.%s%s", w->folder, l->feed, book ? "xlsx" : "csv", ending) >=
        PATH_MAX)
        ret[0] = 0;
}

static void write_record(const struct synth_made *m, FILE *out)
{
    static const char *const departments[SYNTH_DEPARTMENT_COUNT] = {
#define DEPARTMENT(symbol, spelling, key) spelling,
#include "synth/departments.def"
#undef DEPARTMENT
    };
    struct synth_line l;

    synth_line_begin(&l);
    synth_line_cell(&l, m->key);
    synth_line_cell(&l, departments[m->department]);
    synth_line_cell(&l, m->kind);
    synth_line_cell(&l, m->id);
    synth_line_cell(&l, m->name);
    synth_line_day(&l, m->birth);
    synth_line_cell(&l, "");
    synth_line_day(&l, m->from);
    synth_line_day(&l, m->to);
    synth_line_cell(&l, m->withdrawn ? "retracted" : m->value);
    synth_line_cell(&l, "");
    synth_line_cell(&l, m->revision);
    synth_line_write(&l, out);
}

static void write_head(struct synth_sheet *s, struct synth_row_maker *m, day as_of)
{
    const struct synth_list *l = m->list;
    struct synth_cell cells[LISTS_MAX];
    char title[128], date[DAY_TEXT], made[128];
    const char *lines[] = {title, made};

    day_format(as_of, date);
    snprintf(title, sizeof(title), "%s（截至%s）", l->title, date);
    snprintf(made, sizeof(made), "填报单位：义乌市　　填报日期：%s", date);
    if (l->titled)
        synth_sheet_titles(s, lines, m->book ? 2 : 1, l->column_count);
    memset(cells, 0, sizeof(cells));
    for (size_t i = 0; i < l->column_count; i++) {
        uint32_t names = 0;
        while (names < 4 && l->columns[i].names[names])
            names++;
        snprintf(cells[i].text, SYNTH_CELL_MAX, "%s",
                 l->columns[i].names[synth_random_below(m->random, names)]);
    }
    synth_sheet_row(s, cells, l->column_count, true);
}

static void write_sum(struct synth_sheet *s, const struct synth_list *l, uint64_t rows)
{
    struct synth_cell cells[LISTS_MAX];

    memset(cells, 0, sizeof(cells));
    snprintf(cells[0].text, SYNTH_CELL_MAX, "合计");
    snprintf(cells[l->column_count - 1].text, SYNTH_CELL_MAX, "%llu人", (unsigned long long)rows);
    synth_sheet_row(s, cells, l->column_count, false);
}

static void write_row(struct writing *w, struct synth_sheet *s, struct synth_row_maker *m,
                      const struct synth_notice *n, struct synth_outcome *counts)
{
    struct synth_cell cells[LISTS_MAX];
    struct synth_made made[2];
    size_t count = synth_row_records(m, n, made);

    synth_row_cells(m, n, cells);
    counts->rows++;
    if (synth_random_chance(m->random, SYNTH_DELIVERY_ERRORS)) {
        synth_row_spoil(m, n, cells);
        counts->quarantined++;
    } else if (synth_versions_take(w->versions, made, count, counts)) {
        for (size_t i = 0; i < count; i++)
            write_record(&made[i], w->records);
    }
    synth_sheet_row(s, cells, m->list->column_count, false);
}

/* The notices of one list in the order of their arrival, as a file to read. */
static int gathered(struct synth_arrivals *a, const char *folder, FILE **ret, struct error *e)
{
    FILE *f = tmpfile();
    int rc;

    if (!f)
        return error_set_errno(e, errno, folder);
    rc = synth_arrivals_write(a, f, e);
    if (rc == 0 && (fflush(f) != 0 || fseek(f, 0, SEEK_SET) != 0))
        rc = error_set_errno(e, errno, folder);
    if (rc < 0)
        fclose(f);
    else
        *ret = f;
    return rc;
}

static int write_list(struct writing *w, size_t at, struct error *e)
{
    const struct synth_options *o = w->d->options;
    const struct synth_list *l = &synth_lists[at];
    struct synth_random random;
    struct synth_row_maker maker = {.list = l,
                                    .random = &random,
                                    .as_of = o->as_of,
                                    .book = l->shape == SHAPE_XLSX,
                                    .strict = strcmp(l->feed, "detentions") == 0 ||
                                              strcmp(l->feed, "court-judgments") == 0 ||
                                              strcmp(l->feed, "disability-certificates") == 0};
    struct synth_outcome counts = {0};
    struct synth_notice n;
    struct synth_sheet *s = NULL;
    char path[PATH_MAX];
    FILE *in = NULL;
    int rc = gathered(w->d->arrivals[at], w->folder, &in, e);

    if (rc < 0)
        return rc;
    path_of(w, l, ".part", path);
    synth_random_seed(&random, o->seed, UINT64_MAX - 100 - at);
    rc = synth_sheet_open(path, l, &s, e);
    if (rc == 0) {
        write_head(s, &maker, o->as_of);
        while (fread(&n, sizeof(n), 1, in) == 1)
            write_row(w, s, &maker, &n, &counts);
        if (l->totalled)
            write_sum(s, l, counts.rows);
        rc = synth_sheet_close(s, e);
    }
    fclose(in);
    path_of(w, l, "", path);
    fprintf(w->expected, "%s,%s,%llu,%llu,%llu,%llu,%llu\n", l->feed, strrchr(path, '/') + 1,
            (unsigned long long)counts.rows, (unsigned long long)counts.accepted,
            (unsigned long long)counts.duplicate, (unsigned long long)counts.quarantined,
            (unsigned long long)counts.unlinked);
    return rc;
}

static int open_beside(const struct writing *w, const char *name, FILE **ret, struct error *e)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof(path), "%s/%s.part", w->folder, name) >= (int)sizeof(path))
        return error_set(e, ERR_USAGE, N_("the name of the directory is too long"));
    *ret = fopen(path, "we");
    return *ret ? 0 : error_set_errno(e, errno, path);
}

static int rename_part(const char *path, struct error *e)
{
    char part[PATH_MAX + 8];

    snprintf(part, sizeof(part), "%s.part", path);
    return rename(part, path) == 0 ? 0 : error_set_errno(e, errno, path);
}

/* Under their names only when all are whole. */
static int finish(struct writing *w, struct error *e)
{
    static const char *const beside[] = {"records.csv", "expected.csv"};
    FILE *const files[] = {w->records, w->expected};
    char path[PATH_MAX];
    int rc = 0;

    for (size_t i = 0; i < 2; i++)
        if (fflush(files[i]) != 0 || ferror(files[i]))
            return error_set_errno(e, EIO, w->folder);
    for (size_t i = 0; i < synth_list_count && rc == 0; i++) {
        path_of(w, &synth_lists[i], "", path);
        rc = rename_part(path, e);
    }
    for (size_t i = 0; i < 2 && rc == 0; i++) {
        snprintf(path, sizeof(path), "%.4000s/%s", w->folder, beside[i]);
        rc = rename_part(path, e);
    }
    return rc;
}

int synth_deliveries_write(struct synth_deliveries *d, struct error *e)
{
    struct writing w = {.d = d};
    int rc = 0;

    if (snprintf(w.folder, sizeof(w.folder), "%s/deliveries", d->options->directory) >=
        PATH_MAX - 64)
        return error_set(e, ERR_USAGE, N_("the name of the directory is too long"));
    if (mkdir(w.folder, 0777) != 0 && errno != EEXIST)
        return error_set_errno(e, errno, w.folder);
    if ((rc = open_beside(&w, "records.csv", &w.records, e)) == 0 &&
        (rc = open_beside(&w, "expected.csv", &w.expected, e)) == 0) {
        fputs(SYNTH_RECORDS_HEADER, w.records);
        fputs("feed,file,rows,accepted,duplicate,quarantined,unlinked\n", w.expected);
        w.versions = synth_versions_new();
        for (size_t i = 0; i < synth_list_count && rc == 0; i++)
            rc = write_list(&w, i, e);
        synth_versions_end(w.versions);
        if (rc == 0)
            rc = finish(&w, e);
    }
    if (w.records)
        fclose(w.records);
    if (w.expected)
        fclose(w.expected);
    return rc;
}
