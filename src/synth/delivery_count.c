/* What must come of a row when it is taken in: the contract's word on keys, corrections, duplicates and
 * withdrawals, worked out over the little that a generated record is. */
#include "synth/deliveries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct version {
    uint64_t key, content;
    day revised;
    bool in_force;
    struct version *next;
};
#define BUCKETS 65536
struct synth_versions {
    struct version *of[BUCKETS];
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct synth_versions *synth_versions_new(void)
{
    return must(calloc(1, sizeof(struct synth_versions)));
}

void synth_versions_end(struct synth_versions *v)
{
    for (size_t i = 0; v && i < BUCKETS; i++)
        while (v->of[i]) {
            struct version *next = v->of[i]->next;
            free(v->of[i]);
            v->of[i] = next;
        }
    free(v);
}

static uint64_t hash(uint64_t h, const char *text)
{
    for (; *text; text++) /* FNV-1a */
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return (h ^ 0xff) * 1099511628211u;
}

static uint64_t key_of(const struct synth_made *m)
{
    char department[4];

    snprintf(department, sizeof(department), "%d", (int)m->department);
    return hash(hash(hash(14695981039346656037u, department), m->kind), m->key);
}

static uint64_t content_of(const struct synth_made *m)
{
    char days[64];

    snprintf(days, sizeof(days), "%d %d %d", m->birth, m->from, m->to);
    return hash(hash(hash(hash(14695981039346656037u, m->id), m->name), days),
                m->withdrawn ? "retracted" : m->value);
}

enum decision { NEWS, LATE, DUPLICATE, NEVER_SEEN };

static enum decision decide(struct synth_versions *v, const struct synth_made *m, uint64_t key,
                            uint64_t content, struct version **ret_current)
{
    struct version *current = NULL;
    bool before = false;

    for (struct version *o = v->of[key % BUCKETS]; o; o = o->next) {
        if (o->key != key)
            continue;
        if (o->in_force)
            current = o;
        before = before || (o->revised == m->revised && o->content == content);
    }
    *ret_current = current;
    if (!current)
        return m->withdrawn && m->revised == DAY_BEGINNING ? NEVER_SEEN : NEWS;
    if (m->revised == DAY_BEGINNING || current->revised == m->revised)
        return current->content == content ? DUPLICATE : NEWS;
    if (current->revised == DAY_BEGINNING || m->revised > current->revised)
        return NEWS;
    return before ? DUPLICATE : LATE;
}

bool synth_versions_take(struct synth_versions *v, const struct synth_made *made, size_t count,
                         struct synth_outcome *counts)
{
    struct version *current;

    for (size_t i = 0; i < count; i++)
        if (decide(v, &made[i], key_of(&made[i]), content_of(&made[i]), &current) == NEVER_SEEN) {
            counts->quarantined++;
            return false;
        }
    for (size_t i = 0; i < count; i++) {
        const struct synth_made *m = &made[i];
        uint64_t key = key_of(m), content = content_of(m);
        enum decision decision = decide(v, m, key, content, &current);
        if (decision == DUPLICATE) {
            counts->duplicate++;
            continue;
        }
        struct version *news = must(calloc(1, sizeof(*news)));
        *news = (struct version){key, content, m->revised, decision == NEWS, v->of[key % BUCKETS]};
        v->of[key % BUCKETS] = news;
        if (decision == NEWS && current)
            current->in_force = false;
        if (m->known || m->withdrawn)
            counts->accepted++;
        else
            counts->unlinked++;
    }
    return true;
}
