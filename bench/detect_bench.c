/* Finds sensitive text, to be counted and timed by bench/detect.py.
 *
 *     detect_bench spans LEXICON TEXTS        a line for each line of TEXTS: "start:end:kind ..."
 *     detect_bench speed LEXICON TEXTS RUNS   bytes, seconds and spans of each run over the file at
 *                                             once, on one core
 *
 * LEXICON holds a name ("N name") or a place ("P place") in each line. */
#include "base/day.h"
#include "detect/detect.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int fail(const char *what)
{
    fprintf(stderr, "detect_bench: %s\n", what);
    return 1;
}

/* Seconds of the processor, which other programs do not lengthen. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct detect_lexicon *read_lexicon(const char *path)
{
    FILE *f = fopen(path, "r");
    struct detect_lexicon_builder *b = detect_lexicon_begin();
    struct detect_lexicon *lexicon = NULL;
    struct error e = {.language = LANGUAGE_EN};
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    if (!f || !b)
        return NULL;
    while ((n = getline(&line, &room, f)) > 2) {
        struct slice word = {line + 2, (size_t)n - 2 - (line[n - 1] == '\n')};
        int status = line[0] == 'P' ? detect_lexicon_place(b, word, &e)
                                    : detect_lexicon_name(b, word, &e);
        if (status)
            return NULL;
    }
    free(line);
    fclose(f);
    return detect_lexicon_end(b, &lexicon, &e) ? NULL : lexicon;
}

static int find_spans(const struct detect_lexicon *lexicon, FILE *f)
{
    ARENA_AUTO(arena);
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    while ((n = getline(&line, &room, f)) > 0) {
        struct detect_span *spans;
        size_t count;
        struct slice text = {line, (size_t)n - (line[n - 1] == '\n')};
        if (detect_find(lexicon, text, &arena, &spans, &count, NULL))
            return fail("no memory");
        for (size_t i = 0; i < count; i++)
            printf("%s%u:%u:%s", i ? " " : "", spans[i].start, spans[i].end,
                   detect_kind_name(spans[i].kind));
        putchar('\n');
        arena_reset(&arena);
    }
    free(line);
    return 0;
}

static int measure_speed(const struct detect_lexicon *lexicon, FILE *f, int runs)
{
    char *text = NULL;
    size_t size = 0;
    if (fseek(f, 0, SEEK_END) || (size = (size_t)ftell(f)) == 0)
        return fail("no text");
    rewind(f);
    text = malloc(size);
    if (!text || fread(text, 1, size, f) != size)
        return fail("the text cannot be read");
    for (int run = 0; run < runs; run++) {
        ARENA_AUTO(arena);
        struct detect_span *spans;
        size_t count;
        double begin = now();
        if (detect_find(lexicon, (struct slice){text, size}, &arena, &spans, &count, NULL))
            return fail("no memory");
        printf("bytes %zu seconds %.6f spans %zu\n", size, now() - begin, count);
    }
    free(text);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return fail("usage: detect_bench spans|speed LEXICON TEXTS [RUNS]");
    double begin = now();
    struct detect_lexicon *lexicon = read_lexicon(argv[2]);
    if (!lexicon)
        return fail("the lexicon cannot be read");
    fprintf(stderr, "lexicon %.3f s\n", now() - begin);
    FILE *f = fopen(argv[3], "r");
    if (!f)
        return fail("the texts cannot be read");
    int status = slice_is(slice_from(argv[1]), "speed")
                     ? measure_speed(lexicon, f, argc > 4 ? (int)strtol(argv[4], NULL, 10) : 3)
                     : find_spans(lexicon, f);
    fclose(f);
    detect_lexicon_free(lexicon);
    return status;
}
