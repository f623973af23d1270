#include "screening/verdict_text.h"

#include <stdio.h>

#define LINE_MAX_SIZE 160

struct slice verdict_text(const struct policy_set *set, const struct policy_timeline *timelines,
                          struct arena *arena)
{
    size_t categories = policy_category_count(set), lines = 0, at = 0;

    for (size_t c = 0; c < categories; c++)
        lines += timelines[c].count;
    char *text = arena_take(arena, lines * LINE_MAX_SIZE + 1);
    for (size_t c = 0; c < categories; c++)
        for (size_t i = 0; i < timelines[c].count; i++) {
            const struct policy_stretch *s = &timelines[c].stretches[i];
            at += (size_t)snprintf(text + at, LINE_MAX_SIZE, "%.100s %d %d %d\n",
                                   policy_category_info(set, c)->name, s->status, s->from, s->to);
        }
    return (struct slice){text, at};
}

bool verdict_text_read(struct slice text, const struct policy_set *set, struct arena *arena,
                       struct policy_timeline *ret)
{
    struct policy_stretch *stretches = NULL;
    size_t capacity = 0;
    int current = -1;

    for (const char *p = text.p, *end = text.p + text.n; p < end;) {
        char name[101];
        int status, from, to, used;
        if (sscanf(p, "%100s %d %d %d\n%n", name, &status, &from, &to, &used) != 4)
            return false;
        p += used;
        int category = policy_category_by_name(set, slice_from(name));
        if (category < 0)
            continue;
        if (category != current) {
            current = category;
            stretches = NULL;
            capacity = 0;
        }
        struct policy_timeline *t = &ret[category];
        stretches = arena_grow(arena, stretches, &capacity, t->count + 1, sizeof(*stretches));
        stretches[t->count++] = (struct policy_stretch){from, to, (enum policy_truth)status};
        t->stretches = stretches;
    }
    return true;
}
