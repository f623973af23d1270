/* The YAML of a mapping as a small tree in which every piece knows its place. Bounded: FEED_TEXT_MAX bytes, NODES_MAX pieces,
 * DEPTH_MAX levels; anchors, aliases, tags, a second document and characters that cannot be seen are refused. Only feed*.c
 * include this. */
#ifndef HUMIAO_INTAKE_FEED_YAML_H
#define HUMIAO_INTAKE_FEED_YAML_H

#include "base/arena.h"
#include "base/source.h"

#define FEED_NODES_MAX 8192
#define FEED_DEPTH_MAX 6

enum feed_node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct feed_node {
    enum feed_node_kind kind;
    struct slice text; /* NODE_SCALAR; never NULL */
    struct feed_node *
        *items; /* NODE_LIST: count of them; NODE_MAP: key, value, key, value: 2 * count */
    size_t count;
    uint32_t line, column; /* from 1; columns count characters */
};

int feed_yaml_read(const struct source *source, struct arena *arena, struct feed_node **ret,
                   struct error *e);

/* ERR_MAPPING with the place, what is said of it and the line itself. The hint is the caller's. */
int feed_fault_at(const struct source *source, uint32_t line, uint32_t column, struct error *e,
                  const char *what, ...) __attribute__((format(printf, 5, 6)));

/* A word as it is shown in a message. */
struct slice feed_shown(struct slice word);

#endif
