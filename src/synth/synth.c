#include "synth/synth.h"

#include "base/progress.h"
#include "synth/deliveries.h"
#include "synth/district.h"
#include "synth/record.h"

struct synth_options synth_options_default(void)
{
    struct synth_options o = {
        .county = SYNTH_COUNTY_DEFAULT,
        .records_per_child = SYNTH_RECORDS_PER_CHILD_DEFAULT,
        .misfortune = 1,
    };

    day_parse(SLICE_LITERAL(SYNTH_AS_OF_DEFAULT), &o.as_of);
    return o;
}

static int check(const struct synth_options *o, struct error *e)
{
    day first, last;

    day_from_date(1990, 1, 1, &first);
    day_from_date(2090, 1, 1, &last);
    if (!o->divisions || !o->directory)
        return error_set(e, ERR_USAGE, N_("a file of divisions and a directory are needed"));
    if (o->children < 1 || o->children > SYNTH_CHILDREN_MAX)
        return error_set(e, ERR_USAGE, N_("the number of children is to be from 1 to %u"),
                         SYNTH_CHILDREN_MAX);
    if (o->as_of < first || o->as_of >= last)
        return error_set(e, ERR_USAGE, N_("the as-of date is to be from 1990 to 2089"));
    if (!(o->records_per_child >= 0 && o->records_per_child <= 20))
        return error_set(e, ERR_USAGE, N_("records per child are to be from 0 to 20"));
    if (!(o->misfortune >= 0 && o->misfortune <= 20))
        return error_set(e, ERR_USAGE, N_("the factor of misfortune is to be from 0 to 20"));
    return 0;
}

static int tell(struct synth_maker *m, struct synth_stream *stream, struct synth_files *files,
                struct synth_totals *totals, struct error *e)
{
    const struct synth_options *o = m->options;
    struct synth_family family;
    struct synth_random r;
    struct progress progress;
    int status = 0;

    progress_begin(&progress, text_in(e ? e->language : LANGUAGE_EN, N_("families")));
    while (status == 0 && totals->children < o->children) {
        uint64_t left = o->children - totals->children;
        synth_random_seed(&r, o->seed, totals->families);
        status = synth_family_make(m, &r, left < SYNTH_MINORS_MAX ? (int)left : SYNTH_MINORS_MAX,
                                   &family, e);
        if (status == 0)
            status = synth_stream_family(stream, &family, &r, e);
        if (status == 0)
            synth_district_family(&family, o->as_of, files, totals);
        progress_show(&progress, totals->children, o->children);
    }
    if (status == 0)
        status = synth_arrivals_write(stream->arrivals, files->open[SYNTH_FILE_RECORDS], e);
    progress_end(&progress);
    return status;
}

static int write_district(struct synth_maker *m, struct synth_files *files,
                          struct synth_totals *ret, struct error *e)
{
    const struct synth_options *o = m->options;
    struct synth_totals totals = {.people = 1}; /* the institution */
    struct synth_stream stream = {.maker = m, .totals = &totals};
    int status;

    stream.arrivals = synth_arrivals_new(o->directory, 0);
    if (o->deliveries)
        stream.deliveries = synth_deliveries_new(o);
    synth_district_headers(files);
    synth_district_institution(m, files);
    synth_places_write(m->places, files->open[SYNTH_FILE_DIVISIONS]);
    synth_district_accounts(m->places, o->seed, files->open[SYNTH_FILE_ACCOUNTS], &totals);
    status = tell(m, &stream, files, &totals, e);
    synth_arrivals_end(stream.arrivals);
    if (status == 0) {
        synth_district_manifest(o, &totals, files->open[SYNTH_FILE_MANIFEST]);
        status = synth_files_finish(files, e);
    }
    if (status == 0 && stream.deliveries)
        status = synth_deliveries_write(stream.deliveries, e);
    synth_deliveries_end(stream.deliveries);
    if (status == 0)
        *ret = totals;
    return status;
}

int synth_write(const struct synth_options *given, struct synth_totals *ret, struct error *e)
{
    struct synth_options o = *given;
    struct synth_maker maker = {.options = &o};
    struct synth_places places;
    struct synth_files files;
    int status = check(&o, e);

    if (status < 0)
        return status;
    if (!o.county)
        o.county = SYNTH_COUNTY_DEFAULT;
    if ((status = synth_places_read(o.divisions, o.county, o.seed, &places, e)) < 0)
        return status;
    status = synth_files_open(o.directory, &files, e);
    if (status == 0) {
        maker.places = &places;
        maker.identities = synth_identities_new();
        status = write_district(&maker, &files, ret, e);
        synth_identities_end(maker.identities);
        if (status < 0)
            synth_files_abandon(&files);
    }
    synth_places_end(&places);
    return status;
}
