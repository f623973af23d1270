/* For tests of feeds: the mappings of feeds/ as files, and rows written with | between the cells. */
#ifndef HUMIAO_TESTS_FEED_BENCH_H
#define HUMIAO_TESTS_FEED_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "intake/feed.h"

static inline struct feed *feed_of_text(struct arena *a, const char *text)
{
    struct error e = {.language = LANGUAGE_EN};
    struct source source = {"test.yaml", slice_from(text)};
    struct feed *f = NULL;

    if (feed_parse(&source, a, &f, &e) < 0)
        fail_msg("%s\n%s", e.detail, e.hint);
    return f;
}

static inline struct feed *feed_of_file(struct arena *a, const char *path)
{
    struct error e = {.language = LANGUAGE_EN};
    struct source source;
    struct feed *f = NULL;

    if (source_read(path, FEED_TEXT_MAX, ERR_MAPPING, a, &source, &e) < 0 ||
        feed_parse(&source, a, &f, &e) < 0)
        fail_msg("%s\n%s", e.detail, e.hint);
    return f;
}

static inline struct sheet_row bench_row(struct arena *a, const char *text)
{
    struct sheet_cell *cells = ARENA_ARRAY(a, SHEET_COLUMNS_MAX, struct sheet_cell);
    struct sheet_row row = {.cells = cells, .line = 1, .number = 1};

    for (const char *p = text;; p++) {
        size_t n = strcspn(p, "|");
        cells[row.count++].text = arena_copy(a, (struct slice){p, n});
        p += n;
        if (*p == '\0')
            return row;
    }
}

#endif
