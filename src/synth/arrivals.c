#include "synth/arrivals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE_DEFAULT ((size_t)64 << 20)

/* The order of arrival: the day, then the order of telling. */
struct entry {
    uint64_t order; /* day and sequence together: see key() */
    uint32_t offset, length;
};

struct piece {
    FILE *file;
    struct entry head; /* the next line, already read into `line` */
    char *line;
    size_t capacity;
    bool ended;
};

struct synth_arrivals {
    const char *directory;
    char *text;
    struct entry *entries;
    struct piece *pieces;
    size_t limit, used, count, capacity, pieces_count;
    uint64_t sequence;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct synth_arrivals *synth_arrivals_new(const char *directory, size_t piece)
{
    struct synth_arrivals *a = must(calloc(1, sizeof(*a)));

    a->directory = directory;
    a->limit = piece ? piece : PIECE_DEFAULT;
    a->text = must(malloc(a->limit));
    return a;
}

void synth_arrivals_end(struct synth_arrivals *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->pieces_count; i++) {
        fclose(a->pieces[i].file);
        free(a->pieces[i].line);
    }
    free(a->pieces);
    free(a->entries);
    free(a->text);
    free(a);
}

/* 24 bits for the day are 45,000 years around 1970, 40 bits for the sequence a million million
 * lines. */
static uint64_t key(day on, uint64_t sequence)
{
    return ((uint64_t)(on + (1 << 23)) << 40) | sequence;
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return (x->order > y->order) - (x->order < y->order);
}

static int spill(struct synth_arrivals *a, struct error *e)
{
    int fd = open(a->directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? tmpfile() : fdopen(fd, "w+"); /* not every file system has nameless files */

    if (!f)
        return error_set_errno(e, errno, a->directory);
    qsort(a->entries, a->count, sizeof(*a->entries), compare);
    for (size_t i = 0; i < a->count; i++) {
        fwrite_unlocked(&a->entries[i], sizeof(struct entry), 1, f);
        fwrite_unlocked(a->text + a->entries[i].offset, 1, a->entries[i].length, f);
    }
    if (fflush(f) != 0 || ferror(f)) {
        int status = error_set_errno(e, errno, a->directory);
        fclose(f);
        return status;
    }
    rewind(f);
    a->pieces = must(realloc(a->pieces, (a->pieces_count + 1) * sizeof(*a->pieces)));
    a->pieces[a->pieces_count++] = (struct piece){.file = f};
    a->used = a->count = 0;
    return 0;
}

int synth_arrivals_add(struct synth_arrivals *a, day on, const char *line, size_t n,
                       struct error *e)
{
    if (a->used + n > a->limit) {
        int status = spill(a, e);
        if (status < 0)
            return status;
    }
    if (a->count == a->capacity) {
        a->capacity = a->capacity ? 2 * a->capacity : 4096;
        a->entries = must(realloc(a->entries, a->capacity * sizeof(*a->entries)));
    }
    a->entries[a->count++] = (struct entry){key(on, a->sequence++), (uint32_t)a->used, (uint32_t)n};
    memcpy(a->text + a->used, line, n);
    a->used += n;
    return 0;
}

static void advance(struct piece *p)
{
    if (fread_unlocked(&p->head, sizeof(p->head), 1, p->file) != 1) {
        p->ended = true;
        return;
    }
    if (p->head.length > p->capacity) {
        p->capacity = 2 * (size_t)p->head.length;
        p->line = must(realloc(p->line, p->capacity));
    }
    p->ended = fread_unlocked(p->line, 1, p->head.length, p->file) != p->head.length;
}

static void merge(struct synth_arrivals *a, FILE *f)
{
    for (size_t i = 0; i < a->pieces_count; i++)
        advance(&a->pieces[i]);
    for (;;) {
        struct piece *first = NULL;
        for (size_t i = 0; i < a->pieces_count; i++) {
            struct piece *p = &a->pieces[i];
            if (!p->ended && (!first || p->head.order < first->head.order))
                first = p;
        }
        if (!first)
            return;
        fwrite_unlocked(first->line, 1, first->head.length, f);
        advance(first);
    }
}

int synth_arrivals_write(struct synth_arrivals *a, FILE *f, struct error *e)
{
    int status;

    if (a->pieces_count == 0) { /* all of it is in memory */
        if (a->count)
            qsort(a->entries, a->count, sizeof(*a->entries), compare);
        for (size_t i = 0; i < a->count; i++)
            fwrite_unlocked(a->text + a->entries[i].offset, 1, a->entries[i].length, f);
        return 0;
    }
    if ((status = spill(a, e)) < 0)
        return status;
    merge(a, f);
    for (size_t i = 0; i < a->pieces_count; i++)
        if (ferror(a->pieces[i].file))
            return error_set_errno(e, EIO, a->directory);
    return 0;
}
