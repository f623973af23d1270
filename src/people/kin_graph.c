#include "people/kin_graph.h"

#include <stdlib.h>
#include <string.h>

static void *grown(void *old, size_t *capacity, size_t size)
{
    size_t larger = *capacity ? *capacity * 2 : 256;
    void *fresh = reallocarray(old, larger, size);

    if (!fresh)
        abort(); /* nothing acknowledged is lost: the transaction is not committed */
    *capacity = larger;
    return fresh;
}

static size_t home_of(int64_t id, size_t slots)
{
    return (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & (slots - 1);
}

static struct kin_node *node_slot(struct kin_node *nodes, size_t slots, int64_t id)
{
    size_t i = home_of(id, slots);

    while (nodes[i].id && nodes[i].id != id)
        i = (i + 1) & (slots - 1);
    return &nodes[i];
}

static struct kin_node *node_of(struct kin_graph *g, int64_t id)
{
    return g->node_slots ? node_slot(g->nodes, g->node_slots, id) : NULL;
}

static struct kin_node *node_make(struct kin_graph *g, int64_t id)
{
    if (g->node_count * 2 >= g->node_slots) {
        size_t larger = g->node_slots ? g->node_slots * 2 : 1024;
        struct kin_node *fresh = calloc(larger, sizeof(*fresh));
        if (!fresh)
            abort();
        for (size_t i = 0; i < g->node_slots; i++)
            if (g->nodes[i].id)
                *node_slot(fresh, larger, g->nodes[i].id) = g->nodes[i];
        free(g->nodes);
        g->nodes = fresh;
        g->node_slots = larger;
    }
    struct kin_node *node = node_slot(g->nodes, g->node_slots, id);
    if (!node->id) {
        node->id = id;
        g->node_count++;
    }
    return node;
}

struct kin_edge *kin_graph_add(struct kin_graph *g, int64_t id, int64_t child, int64_t person,
                               enum kin_role role, day from, day to)
{
    struct kin_node *node = node_make(g, child);

    if (g->edge_count == g->edge_capacity)
        g->edges = grown(g->edges, &g->edge_capacity, sizeof(*g->edges));
    struct kin_edge *edge = &g->edges[g->edge_count++];
    *edge = (struct kin_edge){.id = id,
                              .child = child,
                              .person = person,
                              .from = from,
                              .to = to,
                              .next = node->first,
                              .role = (uint8_t)role};
    node->first = (uint32_t)g->edge_count;
    return edge;
}

struct kin_edge *kin_graph_find(struct kin_graph *g, int64_t child, int64_t person,
                                enum kin_role role, day from)
{
    struct kin_node *node = node_of(g, child);

    for (uint32_t i = node ? node->first : 0; i; i = g->edges[i - 1].next) {
        struct kin_edge *edge = &g->edges[i - 1];
        if (edge->person == person && edge->role == role && edge->from == from)
            return edge;
    }
    return NULL;
}

static void push(struct kin_graph *g, size_t *depth, int64_t id)
{
    if (*depth == g->stack_capacity)
        g->stack = grown(g->stack, &g->stack_capacity, sizeof(*g->stack));
    g->stack[(*depth)++] = id;
}

bool kin_graph_is_ancestor(struct kin_graph *g, int64_t ancestor, int64_t person, bool only_seen)
{
    size_t depth = 0;

    g->search++;
    push(g, &depth, person);
    while (depth > 0) {
        int64_t id = g->stack[--depth];
        if (id == ancestor)
            return true;
        struct kin_node *node = node_of(g, id);
        if (!node || !node->id || node->visited == g->search)
            continue;
        node->visited = g->search;
        for (uint32_t i = node->first; i; i = g->edges[i - 1].next)
            if (kin_role_is_parent((enum kin_role)g->edges[i - 1].role) &&
                (g->edges[i - 1].seen || !only_seen))
                push(g, &depth, g->edges[i - 1].person);
    }
    return false;
}

void kin_graph_end(struct kin_graph *g)
{
    free(g->edges);
    free(g->nodes);
    free(g->stack);
    *g = (struct kin_graph){0};
}
