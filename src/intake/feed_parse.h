/* Inside the reading of a mapping. Only feed_parse*.c include this. */
#ifndef HUMIAO_INTAKE_FEED_PARSE_H
#define HUMIAO_INTAKE_FEED_PARSE_H

#include "intake/feed_inside.h"
#include "intake/feed_yaml.h"

struct feed_reader {
    const struct source *source;
    struct arena *arena;
    struct error *error; /* never NULL */
    struct feed *feed;
};

/* Sets the error at the node; the hint (a msgid) may be NULL. */
int feed_refuse(const struct feed_reader *r, const struct feed_node *at, const char *hint,
                const char *what, ...) __attribute__((format(printf, 4, 5)));

/* The values of a map's keys, by place in `names` (NULL: not there). Unknown and repeated keys are faults; the first `needed`
 * must be there. At most 16 names. */
int feed_take_keys(const struct feed_reader *r, const struct feed_node *map,
                   const char *const *names, size_t count, size_t needed, struct feed_node **ret);

/* One text of at most `max` bytes; an empty one is a fault unless `empty`. */
int feed_take_text(const struct feed_reader *r, const struct feed_node *node, size_t max,
                   bool empty, struct slice *ret);

/* A list of texts, or one text alone. */
int feed_take_list(const struct feed_reader *r, const struct feed_node *node, size_t max,
                   bool empty, const struct slice **ret, size_t *ret_count);

int feed_take_yes(const struct feed_reader *r, const struct feed_node *node, bool *ret);

int feed_take_columns(struct feed_reader *r, const struct feed_node *map);
int feed_take_records(struct feed_reader *r, const struct feed_node *list);

#endif
