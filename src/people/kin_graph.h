/* All kin rows in memory for the length of a load: to know a row again, and to refuse a row by which
 * somebody would become their own ancestor. */
#ifndef HUMIAO_PEOPLE_KIN_GRAPH_H
#define HUMIAO_PEOPLE_KIN_GRAPH_H

#include "base/day.h"
#include "people/kin.h"

#include <stddef.h>
#include <stdint.h>

struct kin_edge {
    int64_t id, child, person;
    day from, to;  /* DAY_BEGINNING: since birth; DAY_FOREVER: open */
    uint32_t next; /* the child's next row, index + 1 */
    uint8_t role;  /* enum kin_role */
    bool seen;     /* named by the file that is being loaded */
};

struct kin_node {
    int64_t id;       /* 0: free */
    uint32_t first;   /* the first row in which this person is the child, index + 1 */
    uint32_t visited; /* the search that came by here last */
};

struct kin_graph {
    struct kin_edge *edges;
    size_t edge_count, edge_capacity;
    struct kin_node *nodes; /* open addressing by person id */
    size_t node_slots, node_count;
    uint32_t search;
    int64_t *stack;
    size_t stack_capacity;
};

void kin_graph_end(struct kin_graph *g);

/* Adds a row; the pointer holds until the next addition. */
struct kin_edge *kin_graph_add(struct kin_graph *g, int64_t id, int64_t child, int64_t person,
                               enum kin_role role, day from, day to);

/* The row with this key (child, person, role, from), or NULL. */
struct kin_edge *kin_graph_find(struct kin_graph *g, int64_t child, int64_t person,
                                enum kin_role role, day from);

/* Whether `ancestor` is `person` or stands above them along parents by descent or adoption. Linear in
 * the rows above `person`. `only_seen`: by rows that the file has named, where the others will end. */
bool kin_graph_is_ancestor(struct kin_graph *g, int64_t ancestor, int64_t person, bool only_seen);

#endif
