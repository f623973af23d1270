/* A mapping suggested for a file: why, on standard error; the mapping itself, or a preview of what it makes, on standard
 * output. */
#include "cli/feed_suggest.h"

#include "base/csv.h"
#include "intake/suggest.h"
#include "sheet/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PREVIEW_MAX 100

struct sample {
    struct sheet_row *rows;
    size_t count, capacity, refused;
};

static void keep_row(struct invocation *in, struct sample *s, const struct sheet_row *row)
{
    struct sheet_cell *cells = ARENA_ARRAY(in->arena, row->count + 1, struct sheet_cell);

    for (size_t i = 0; i < row->count; i++)
        cells[i] = (struct sheet_cell){arena_copy(in->arena, row->cells[i].text),
                                       row->cells[i].kind};
    s->rows = arena_grow(in->arena, s->rows, &s->capacity, s->count + 1, sizeof(*s->rows));
    s->rows[s->count] = *row;
    s->rows[s->count].raw = SLICE_NONE;
    s->rows[s->count++].cells = cells;
}

/* The first rows; one that cannot be read is passed over here, and would be refused in a delivery. */
static int read_rows(struct invocation *in, struct sheet *sheet, struct sample *ret)
{
    struct sheet_row row;
    int rc = 0;

    while (ret->count < SUGGEST_SAMPLE && (rc = sheet_next(sheet, &row, in->error)) != 0) {
        if (rc == -ERR_CSV || rc == -ERR_ENCODING || rc == -ERR_TOO_LONG)
            ret->refused++;
        else if (rc < 0)
            return rc;
        else
            keep_row(in, ret, &row);
    }
    return 0;
}

static int read_sample(struct invocation *in, const char *path, struct sample *ret)
{
    struct sheet_options options = {.encoding = invocation_value(in, "--encoding")};
    struct sheet *sheet;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int rc = fd < 0 ? error_set_errno(in->error, errno, path)
                    : sheet_open(fd, &options, &sheet, in->error);

    if (rc == 0) {
        rc = read_rows(in, sheet, ret);
        sheet_close(sheet);
    }
    if (fd >= 0)
        close(fd);
    return rc < 0 ? error_of_file(in->error, path) : 0;
}

/* The feeds of the database that is named, else those built in. */
static int read_feeds(struct invocation *in, struct feed_library *ret)
{
    struct deployment *d = NULL;
    int rc = 0;

    if (invocation_value(in, "--db") || getenv("HUMIAO_DB"))
        rc = invocation_open(in, STORE_READ, &d);
    if (rc == 0)
        rc = feed_library_read(d, in->arena, ret, in->error);
    deployment_close(d);
    return rc;
}

/* ---- why ---- */

/* A text of a stranger as a terminal may show it: not endless, and without what would move its cursor. */
static const char *shown(struct invocation *in, struct slice name, size_t most)
{
    char *text;

    if (name.n > most) {
        size_t n = most;
        while (n > 0 && ((unsigned char)name.p[n] & 0xc0) == 0x80)
            n--;
        text = arena_printf(in->arena, "%.*s…", (int)n, name.p);
    } else {
        text = arena_string(in->arena, name);
    }
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
    return text;
}

static void tell_reasons(struct invocation *in, const struct suggest_reason *reasons, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "    %s\n",
                shown(in,
                      slice_from(suggest_reason_text(&reasons[i], in->error->language, in->arena)),
                      200));
}
static void tell(struct invocation *in, const struct suggestion *s, size_t refused)
{
    if (s->like)
        fprintf(stderr, say(in, N_("like the source %s (%.0f%%)\n")), s->like->name,
                100 * s->likeness);
    fprintf(stderr, say(in, N_("the names of the columns stand in row %llu\n")),
            (unsigned long long)s->header_number);
    fprintf(stderr, say(in, N_("kind of record: %s\n")),
            s->kind == KIND_NONE ? say(in, N_("not known, or said row by row"))
                                 : record_kind_name(s->kind));
    tell_reasons(in, s->kind_reasons, s->kind_reason_count);
    for (size_t i = 0; i < s->column_count; i++) {
        const struct suggest_column *c = &s->columns[i];
        fprintf(stderr, "%s: %s", shown(in, c->header, 60),
                c->use ? c->use : say(in, N_("not known")));
        if (c->use)
            fprintf(stderr, " (%.0f%%)", 100 * c->sureness);
        if (c->sensitive)
            fprintf(stderr, " [%s]", detect_kind_name(c->contents.kind));
        fputc('\n', stderr);
        tell_reasons(in, c->reasons, c->reason_count);
    }
    if (refused)
        fprintf(stderr, say(in, N_("%zu rows could not be read\n")), refused);
}

/* ---- what it makes ---- */

static void print_cells(const struct slice *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putchar(',');
        csv_write_cell(stdout, cells[i].p ? cells[i] : SLICE_LITERAL(""), true);
    }
    putchar('\n');
}

/* One record, or the reason why there is none, with its row. */
static void print_record(struct invocation *in, uint64_t line, const struct feed_cells *made,
                         const struct error *e)
{
    struct slice cells[RECORD_COLUMN_COUNT + 2] = {{NULL, 0}};

    cells[0] = slice_from(arena_printf(in->arena, "%llu", (unsigned long long)line));
    if (made)
        memcpy(cells + 1, made->cells, sizeof(made->cells));
    if (e && e->code != ERR_NONE)
        cells[RECORD_COLUMN_COUNT + 1] = slice_from(
            arena_printf(in->arena, "%s: %s", error_primary(e), e->detail));
    print_cells(cells, RECORD_COLUMN_COUNT + 2);
}

static void preview_row(struct invocation *in, const struct feed *f,
                        const struct feed_places *places, const struct sheet_row *row)
{
    struct feed_cells made[FEED_RECORDS_MAX];
    struct error e = {.language = in->error->language};
    size_t count = 0;

    if (feed_convert(f, places, row->cells, row->count, in->arena, made, &count, NULL, &e) < 0) {
        print_record(in, row->line, NULL, &e);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct record r;
        error_clear(&e);
        record_check(made[i].cells, in->arena, &r, NULL, &e);
        print_record(in, row->line, &made[i], &e);
    }
}

static int preview(struct invocation *in, const struct suggestion *s, const struct sample *sample,
                   size_t most)
{
    const struct source source = {"suggestion", s->mapping};
    struct slice head[RECORD_COLUMN_COUNT + 2];
    struct feed_places places;
    struct feed *f;
    int rc = feed_parse(&source, in->arena, &f, in->error);
    size_t at = 0;

    if (rc < 0)
        return rc;
    while (at < sample->count && sample->rows[at].number != s->header_number)
        at++;
    if (at == sample->count || !feed_match_header(f, &sample->rows[at], in->arena, &places))
        return error_set(in->error, ERR_MAPPING,
                         N_("the suggestion does not find its own columns"));
    head[0] = SLICE_LITERAL("line");
    for (int i = 0; i < RECORD_COLUMN_COUNT; i++)
        head[i + 1] = slice_from(record_columns[i] + (record_columns[i][0] == '?'));
    head[RECORD_COLUMN_COUNT + 1] = SLICE_LITERAL("error");
    print_cells(head, RECORD_COLUMN_COUNT + 2);
    for (size_t row = at + 1; row < sample->count && row <= at + most; row++)
        preview_row(in, f, &places, &sample->rows[row]);
    return EXIT_DONE;
}

static int rows_wanted(const struct invocation *in, size_t *ret)
{
    const char *text = invocation_value(in, "--preview");
    char *end;
    unsigned long n;

    *ret = 0;
    if (!text)
        return 0;
    n = strtoul(text, &end, 10);
    if (end == text || *end || n == 0 || n > PREVIEW_MAX)
        return error_set(in->error, ERR_USAGE, N_("a preview has 1 to %d rows"), PREVIEW_MAX);
    *ret = n;
    return 0;
}

static struct slice text_or_none(const struct invocation *in, const char *option)
{
    const char *text = invocation_value(in, option);

    return text ? slice_from(text) : SLICE_LITERAL("");
}

int feed_suggest(struct invocation *in)
{
    struct slice department = text_or_none(in, "--department");
    struct feed_library feeds;
    struct sample sample = {0};
    struct suggestion s;
    size_t most;
    int rc;

    if (in->positional_count < 2) {
        error_set(in->error, ERR_USAGE, N_("%s needs a file"), "feed suggest");
        return error_hint(in->error, N_("See: humiao %s --help"), "feed");
    }
    if (department.n && !department_known(department))
        return error_set(in->error, ERR_USAGE, N_("there is no department %s"), department.p);
    if ((rc = rows_wanted(in, &most)) < 0 || (rc = read_feeds(in, &feeds)) < 0 ||
        (rc = read_sample(in, in->positional[1], &sample)) < 0)
        return rc;
    rc = suggest(&feeds, NULL, sample.rows, sample.count, department, text_or_none(in, "--name"),
                 in->arena, &s, in->error);
    if (rc < 0)
        return error_of_file(in->error, in->positional[1]);
    tell(in, &s, sample.refused);
    if (most)
        return preview(in, &s, &sample, most);
    fwrite(s.mapping.p, 1, s.mapping.n, stdout);
    return EXIT_DONE;
}
