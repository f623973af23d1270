#include "people/search.h"

#include "cli/command.h"
#include "cli/rows.h"
#include "people/id_number.h"
#include "people/person.h"
#include "store/sql_person.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LIMIT_DEFAULT 20

static const char *const columns[] = {"ref", "name", "sex", "phone", NULL};

enum mode { BY_NAME, BY_PINYIN, BY_ID, BY_PHONE, BY_EXACT, BY_COUNT };
static const char *const modes[BY_COUNT] = {"name", "pinyin", "id", "phone", "exact"};

struct finder {
    struct invocation *in;
    struct deployment *d;
    struct name_index *index;
    size_t limit;
    int64_t ids[NAME_LIMIT_MAX];
    size_t count, total;
};

static int64_t microseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool mode_parse(const char *word, enum mode *ret)
{
    for (int m = 0; m < BY_COUNT; m++)
        if (strcmp(word, modes[m]) == 0) {
            *ret = (enum mode)m;
            return true;
        }
    return false;
}

static int need_index(struct finder *f)
{
    int64_t began = microseconds();
    int rc = f->index ? 0 : search_index_build(f->d, &f->index, f->in->error);

    if (rc == 0 && invocation_value(f->in, "--timing"))
        fprintf(stderr, say(f->in, N_("humiao: ready in %lld ms\n")),
                (long long)(microseconds() - began) / 1000);
    return rc;
}

static int find(struct finder *f, enum mode mode, struct slice query)
{
    struct name_found found = {0};
    int rc = 0;

    f->count = f->total = 0;
    switch (mode) {
    case BY_ID:
        rc = search_by_id_number(f->d, query, f->ids, f->limit, &f->count, f->in->error);
        f->total = f->count;
        return rc;
    case BY_PHONE:
        rc = search_by_phone(f->d, query, f->ids, f->limit, &f->count, f->in->error);
        f->total = f->count;
        return rc;
    case BY_EXACT: found = name_index_exact(f->index, query, f->ids, f->limit); break;
    default: rc = name_index_search(f->index, query, f->ids, f->limit, &found, f->in->error);
    }
    f->count = found.count;
    f->total = found.total;
    return rc;
}

static int print_found(struct finder *f)
{
    struct rows_writer w;
    int rc = rows_begin(&w, f->in, columns);

    for (size_t i = 0; i < f->count && rc == 0; i++) {
        struct sql_person_sealed_of row;
        struct person p;
        bool found;
        rc = sql_person_sealed_of(f->d->store, f->ids[i], &found, &row, f->in->error);
        if (rc == 0 && found)
            rc = person_open(f->d->sealer, (const uint8_t *)row.salt.p, f->ids[i], row.sealed,
                             f->in->arena, &p, f->in->error);
        if (rc < 0 || !found)
            continue;
        struct slice cells[] = {p.ref, p.name, {&p.sex, p.sex ? 1 : 0}, p.phone};
        rows_add(&w, cells);
    }
    if (rc < 0)
        return rc;
    rows_end(&w);
    if (f->total > f->count)
        fprintf(stderr, say(f->in, N_("humiao: %zu of %zu found; --limit shows more\n")), f->count,
                f->total);
    return EXIT_DONE;
}

/* Lines MODE<TAB>QUERY; each answered by mode, microseconds and how many were found. */
static int answer_lines(struct finder *f)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t n;
    int rc = need_index(f);

    while (rc == 0 && (n = getline(&line, &capacity, stdin)) > 0) {
        enum mode mode;
        char *tab = strchr(line, '\t');
        if (line[n - 1] == '\n')
            line[n - 1] = '\0';
        if (!tab || (*tab = '\0', !mode_parse(line, &mode))) {
            rc = error_set(f->in->error, ERR_USAGE, N_("lines are MODE, a tab, and the query"));
            break;
        }
        int64_t began = microseconds();
        rc = find(f, mode, slice_from(tab + 1));
        printf("%s\t%lld\t%zu\n", modes[mode], (long long)(microseconds() - began), f->total);
    }
    free(line);
    return rc < 0 ? rc : EXIT_DONE;
}

/* Without --by a number that can be an identity or telephone number is looked for as such. */
static enum mode mode_of(const char *query)
{
    char phone[PHONE_SIZE];

    return id_number_check(slice_from(query), NULL) == ID_NUMBER_GOOD ? BY_ID
           : phone_normalise(slice_from(query), phone)                ? BY_PHONE
                                                                      : BY_NAME;
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct finder f = {.in = in, .limit = LIMIT_DEFAULT};
    const char *by = invocation_value(in, "--by"), *limit = invocation_value(in, "--limit");
    enum mode mode = BY_NAME;
    int rc;

    if (by && !mode_parse(by, &mode)) {
        error_set(in->error, ERR_USAGE, N_("nobody can be searched by %s"), by);
        return error_hint(in->error, N_("Search by name, pinyin, exact, id or phone."));
    }
    if (limit && (f.limit = strtoul(limit, NULL, 10), f.limit < 1 || f.limit > NAME_LIMIT_MAX))
        return error_set(in->error, ERR_USAGE, N_("--limit is between 1 and %d"), NAME_LIMIT_MAX);
    if ((rc = invocation_open(in, STORE_READ, &d)) < 0)
        return rc;
    f.d = d;
    if (strcmp(in->positional[0], "-") == 0)
        rc = answer_lines(&f);
    else if (!by && (mode = mode_of(in->positional[0])) != BY_NAME)
        rc = find(&f, mode, slice_from(in->positional[0]));
    else if (mode == BY_ID || mode == BY_PHONE || (rc = need_index(&f)) == 0)
        rc = find(&f, mode, slice_from(in->positional[0]));
    if (rc == 0 && strcmp(in->positional[0], "-") != 0)
        rc = print_found(&f);
    name_index_free(f.index);
    return rc;
}

static const struct option options[] = {
    OPTION_DB,
    {"--by", "MODE",
     N_("name (characters or pinyin), pinyin, exact, id, phone; what the query looks like if not "
        "given")},
    {"--limit", "N", N_("how many to show; 20 if not given")},
    {"--timing", NULL, N_("with -: tell how long the index took")},
    OPTION_FORMAT,
    OPTION_END};

extern const struct command command_search;
const struct command command_search = {
    "search",
    TASK_REGISTER,
    "QUERY|- --db URL [--by name|pinyin|exact|id|phone]",
    N_("Find people by name, pinyin, identity number or telephone."),
    options,
    1,
    1,
    run};
