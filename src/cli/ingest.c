#include "base/source.h"
#include "cli/command.h"
#include "intake/delivery.h"
#include "intake/ingest.h"
#include "server/lexicon.h"

#include <stdio.h>

#define MAPPING_MAX (1u << 16)

static void print_totals(struct invocation *in, bool resumed, const uint64_t counts[4])
{
    if (resumed)
        fprintf(stderr, "%s\n", say(in, N_("humiao: carried on where an earlier run had stopped")));
    printf("accepted %llu\nduplicate %llu\nquarantined %llu\nunlinked %llu\n",
           (unsigned long long)counts[0], (unsigned long long)counts[1],
           (unsigned long long)counts[2], (unsigned long long)counts[3]);
    fflush(stdout);
}

static int tell_safe(const struct invocation *in, unsigned long long done, int rc)
{
    if (done > 0)
        fprintf(stderr,
                say(in, N_("humiao: %llu rows are safe; run the same command again to carry on\n")),
                done);
    return rc;
}

/* ---- records.csv ------------------------------------------------------------------------------------- */

static void tell_totals(void *context, const struct ingest_totals *t)
{
    print_totals(context, t->resumed,
                 (const uint64_t[]){t->accepted, t->duplicate, t->quarantined, t->unlinked});
}

static int run_records(struct invocation *in, struct deployment *d, const struct edition *edition,
                       const struct care_tables *tables)
{
    const struct ingest_options o = {.path = in->positional[0],
                                     .encoding = invocation_value(in, "--encoding"),
                                     .progress = "ingest",
                                     .tables = tables,
                                     .baseline = invocation_value(in, "--baseline"),
                                     .refusals = {tell_refusal, in},
                                     .warn = tell_warning,
                                     .tell = tell_totals};
    struct ingest_totals t = {0};
    int rc = ingest_file(d, edition, &o, &t, in->error);

    if (rc < 0)
        return tell_safe(in, t.accepted + t.duplicate + t.quarantined + t.unlinked, rc);
    return t.quarantined ? EXIT_ROWS_REFUSED : EXIT_DONE;
}

/* ---- by a mapping --------------------------------------------------------------------------------------- */

static int tell_delivery(void *context, const struct delivery_totals *t, struct error *e)
{
    printf("rows %llu\n", (unsigned long long)t->rows);
    print_totals(context, t->resumed,
                 (const uint64_t[]){t->accepted, t->duplicate, t->quarantined, t->unlinked});
    return 0;
}

static int ended(const struct invocation *in, const struct delivery_totals *t, int rc)
{
    if (rc < 0)
        return tell_safe(in, t->accepted + t->duplicate + t->quarantined + t->unlinked, rc);
    return t->quarantined ? EXIT_ROWS_REFUSED : EXIT_DONE;
}

/* A name of the library, or a file that ends in .yaml: to try a mapping before it is saved. */
static int find_feed(const struct invocation *in, const struct feed_library *library,
                     const struct feed **ret)
{
    const char *name = invocation_value(in, "--mapping");
    size_t n = strlen(name);
    struct nearest nearest = nearest_to(slice_from(name));
    struct source text;
    struct feed *feed;

    if (n > 5 && strcmp(name + n - 5, ".yaml") == 0) {
        int rc = source_read(name, MAPPING_MAX, ERR_MAPPING, in->arena, &text, in->error);
        if (rc == 0)
            rc = feed_parse(&text, in->arena, &feed, in->error);
        if (rc == 0)
            *ret = feed;
        return rc;
    }
    if ((*ret = feed_library_find(library, slice_from(name))))
        return 0;
    for (size_t i = 0; i < library->count; i++)
        nearest_try(&nearest, library->feeds[i]->name);
    error_set(in->error, ERR_USAGE, N_("there is no mapping %s"), name);
    return nearest_hint(&nearest, in->error, N_("`humiao feed list` names them all."));
}

/* "shrunk,sensitive_column" */
static int allowed(const struct invocation *in, int *ret)
{
    const char *text = invocation_value(in, "--allow");
    const int bits[] = {HOLD_SHRUNK, HOLD_SENSITIVE_COLUMN};

    *ret = 0;
    while (text && *text) {
        size_t n = strcspn(text, ",");
        int bit = 0;
        for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
            if (slice_is((struct slice){text, n}, delivery_hold_name(bits[i])))
                bit = bits[i];
        if (!bit) {
            error_set(in->error, ERR_USAGE, N_("nothing of the name %.*s can be allowed"), (int)n,
                      text);
            return error_hint(in->error, N_("What can be allowed: shrunk, sensitive_column."));
        }
        *ret |= bit;
        text += n + (text[n] == ',');
    }
    return 0;
}

static int run_file(struct invocation *in, struct intake *intake, const struct feed *feed)
{
    struct delivery_file f = {.path = in->positional[0],
                              .encoding = invocation_value(in, "--encoding"),
                              .feed = feed,
                              .channel = CHANNEL_COMMAND,
                              .tell = tell_delivery};
    struct delivery_totals t = {0};
    int rc = allowed(in, &f.allow);

    if (rc < 0)
        return rc;
    rc = delivery_file(intake, &f, &t, in->error);
    return ended(in, &t, rc);
}

static int run_exchange(struct invocation *in, struct intake *intake, const struct feed *feed)
{
    struct delivery_totals t = {0};
    int rc = delivery_exchange(intake, invocation_value(in, "--exchange"), feed, UINT64_MAX, &t,
                               in->error);

    if (rc == 0)
        tell_delivery(in, &t, in->error);
    return ended(in, &t, rc);
}

static int run_folder(struct invocation *in, struct intake *intake)
{
    uint64_t taken = 0;
    int rc = delivery_folder(intake, invocation_value(in, "--folder"), instant_now(), &taken,
                             in->error);

    printf("files %llu\n", (unsigned long long)taken);
    return rc < 0 ? rc : EXIT_DONE;
}

/* Which of them, with all that they need. */
static int run_channel(struct invocation *in, struct intake *intake)
{
    const struct feed *feed = NULL;

    if (invocation_value(in, "--folder"))
        return run_folder(in, intake);
    int rc = find_feed(in, intake->feeds, &feed);
    if (rc < 0)
        return rc;
    return invocation_value(in, "--exchange") ? run_exchange(in, intake, feed)
                                              : run_file(in, intake, feed);
}

static int run_mapped(struct invocation *in, struct deployment *d, const struct edition *edition,
                      const struct care_tables *tables)
{
    struct division_tree divisions;
    struct detect_lexicon *lexicon = NULL;
    struct feed_library library;
    struct intake intake = {.d = d,
                            .edition = edition,
                            .tables = tables,
                            .feeds = &library,
                            .baseline = invocation_value(in, "--baseline"),
                            .refusals = {tell_refusal, in},
                            .progress = invocation_value(in, "--folder") ? NULL : "ingest",
                            .context = in};
    int rc = feed_library_read(d, in->arena, &library, in->error);

    if (rc == 0)
        rc = division_tree_read(d->store, in->arena, &divisions, in->error);
    if (rc == 0)
        rc = lexicon_read(d, &divisions, &lexicon, in->error);
    intake.lexicon = lexicon;
    if (rc == 0)
        rc = run_channel(in, &intake);
    detect_lexicon_free(lexicon);
    return rc;
}

/* ---- which of them ------------------------------------------------------------------------------------- */

static int check_usage(const struct invocation *in)
{
    bool file = in->positional_count > 0, mapping = invocation_value(in, "--mapping");
    bool folder = invocation_value(in, "--folder"), exchange = invocation_value(in, "--exchange");

    if ((int)file + folder + exchange != 1)
        return error_set(in->error, ERR_USAGE,
                         N_("one of FILE, --folder and --exchange is needed"));
    if (exchange && !mapping)
        return error_set(in->error, ERR_USAGE, N_("--exchange needs --mapping"));
    if (folder && mapping) {
        error_set(in->error, ERR_USAGE, N_("--folder goes without --mapping"));
        return error_hint(in->error,
                          N_("In a watched folder, each source has a folder of its own name."));
    }
    if (invocation_value(in, "--allow") && !(file && mapping))
        return error_set(in->error, ERR_USAGE, N_("--allow goes with FILE and --mapping"));
    return 0;
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    const struct care_tables *tables;
    struct edition edition;
    int rc = check_usage(in);

    if (rc == 0)
        rc = edition_read(NULL, in->arena, &edition, in->error);
    if (rc == 0)
        rc = care_tables_load(NULL, in->arena, &tables, in->error);
    if (rc == 0)
        rc = invocation_open(in, STORE_WRITE, &d);
    if (rc < 0)
        return rc;
    rc = in->positional_count > 0 && !invocation_value(in, "--mapping")
             ? run_records(in, d, &edition, tables)
             : run_mapped(in, d, &edition, tables);
    invocation_publish(in, d);
    return rc;
}

static const struct option options[] = {
    OPTION_DB,
    {"--mapping", "NAME|FILE", N_("the file is a department's own: read it by this mapping")},
    {"--encoding", "NAME",
     N_("the file's encoding, such as gb18030; if not given, UTF-8, or what a department's own "
        "file seems to be")},
    {"--allow", "LIST", N_("take it although it is `shrunk` or has a `sensitive_column`")},
    {"--folder", "DIR",
     N_("take in what lies in DIR/SOURCE/, and move it to done, held or rejected")},
    {"--exchange", "URL",
     N_("take in the new rows of the mapping's table in this PostgreSQL database")},
    {"--baseline", NULL, N_("hold back every alert that arises, until a supervisor releases it")},
    OPTION_END};

extern const struct command command_ingest;
const struct command command_ingest = {
    "ingest",
    TASK_RECORDS,
    "FILE [--mapping NAME] | --folder DIR | --exchange URL --mapping NAME",
    N_("Take in department records: records.csv, or a department's own file by its mapping."),
    options,
    0,
    1,
    run};
