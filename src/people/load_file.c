#include "people/load_file.h"

#include "access/audit.h"
#include "store/sql_delivery.h"
#include "store/sql_deployment.h"

#include <stdio.h>

struct warning {
    const struct load_options *options;
};

static void warn_unknown(void *context, struct slice name)
{
    const struct load_options *o = ((struct warning *)context)->options;

    if (o->warn)
        o->warn(o->refusals.context, N_("column %s is not known and is passed over"), name);
}

static int begin_delivery(struct load_file *f, struct error *e)
{
    struct id_source ids = {0};
    struct sql_delivery_last last;
    uint8_t hash[SEAL_HASH_SIZE];
    bool found;
    int rc = sql_delivery_last(f->d->store, &found, &last, e);

    if (rc < 0)
        return rc;
    ids.last = found ? last.id : 0;
    if ((rc = id_source_next(&ids, f->d->sealer, &f->delivery_id, e)) < 0 ||
        (rc = sealer_hash(f->d->sealer, HASH_FILE, slice_from(f->options->path), hash, e)) < 0)
        return rc;
    return sql_delivery_insert(f->d->store, f->delivery_id, SLICE_OF(hash), f->now, 0, e);
}

int load_file_begin(struct load_file *f, struct deployment *d, const struct load_options *o,
                    const char *const *columns, struct error *e)
{
    struct warning warning = {o};
    int rc;

    *f = (struct load_file){.d = d, .options = o, .columns = columns, .now = instant_now()};
    if (csv_open(o->path, o->encoding, &f->csv, e) < 0 ||
        csv_header(f->csv, columns, f->places, warn_unknown, &warning, e) < 0)
        return error_of_file(e, o->path);
    if ((rc = store_bulk_begin(d->store, e)) < 0 ||
        (rc = subject_ids_begin(d, &f->subjects, e)) < 0 || (rc = begin_delivery(f, e)) < 0)
        return rc;
    if (o->progress)
        progress_begin(&f->progress, o->progress);
    return 0;
}

int load_file_next(struct load_file *f, struct slice *ret_cells, struct error *e)
{
    for (;;) {
        struct error reason = {.language = e ? e->language : LANGUAGE_EN};
        int rc = csv_next(f->csv, &f->row, &reason);

        if (rc == 0)
            return 0;
        if (f->options->progress)
            progress_show(&f->progress, csv_consumed(f->csv), csv_size(f->csv));
        if (rc == -ERR_CSV || rc == -ERR_ENCODING) {
            if ((rc = load_file_refuse(f, -1, &reason, e)) < 0)
                return rc;
            continue;
        }
        if (rc < 0) {
            *e = reason;
            return rc;
        }
        arena_reset(&f->arena);
        for (size_t i = 0; f->columns[i]; i++) {
            int place = f->places[i];
            ret_cells[i] = place >= 0 && (size_t)place < f->row.count ? f->row.cells[place]
                                                                      : SLICE_NONE;
        }
        return 1;
    }
}

int load_file_refuse(struct load_file *f, int column, const struct error *reason, struct error *e)
{
    const char *name = column < 0 ? NULL : f->columns[column];

    if (name && name[0] == '?')
        name++;
    struct refusal refusal = {f->options->path, f->row.line, name, reason};
    if (f->options->refusals.tell)
        f->options->refusals.tell(f->options->refusals.context, &refusal);
    f->totals.refused++;
    return quarantine_keep(f->d, &f->subjects, f->delivery_id, &f->row, name, reason, e);
}

bool load_file_ends_absent(const struct load_file *f)
{
    const struct load_options *o = f->options;

    if (o->full && f->totals.refused && o->warn)
        o->warn(
            o->refusals.context,
            N_("nothing is ended, because rows were refused; mend them and load the whole again%s"),
            SLICE_LITERAL(""));
    return o->full && f->totals.refused == 0;
}

static int leave_row(struct load_file *f, struct error *e)
{
    const struct load_totals *t = &f->totals;
    char detail[192];
    const struct audit_entry entry = {
        .event = AUDIT_REGISTER_LOADED, .object_id = f->delivery_id, .detail = detail};

    snprintf(detail, sizeof(detail),
             "%s%s added %llu changed %llu unchanged %llu ended %llu refused %llu",
             f->options->kind ? f->options->kind : "file", f->options->full ? " full" : "",
             (unsigned long long)t->added, (unsigned long long)t->changed,
             (unsigned long long)t->unchanged, (unsigned long long)t->ended,
             (unsigned long long)t->refused);
    return audit_append(f->d, &entry, e);
}

static int commit(struct load_file *f, struct error *e)
{
    const struct load_totals *t = &f->totals;
    int rc = sql_delivery_advance(f->d->store, f->delivery_id, (int64_t)csv_consumed(f->csv),
                                  (int64_t)(t->added + t->changed), (int64_t)t->unchanged,
                                  (int64_t)t->refused, 0, opt_int(f->now), e);

    if (rc == 0 && t->added + t->changed + t->ended > 0)
        rc = sql_deployment_screen_all(f->d->store, e);
    if (rc == 0)
        rc = leave_row(f, e);
    return rc < 0 ? rc : store_commit(f->d->store, e);
}

int load_file_end(struct load_file *f, int rc, struct load_totals *ret, struct error *e)
{
    if (f->options->progress)
        progress_end(&f->progress);
    if (rc >= 0)
        rc = commit(f, e);
    if (rc < 0)
        store_rollback(f->d->store);
    csv_close(f->csv);
    arena_end(&f->arena);
    if (rc >= 0)
        *ret = f->totals;
    return rc < 0 ? rc : 0;
}
