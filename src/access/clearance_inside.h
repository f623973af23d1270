/* The compiled table and the rows it is made from: for clearance*.c alone. */
#ifndef HUMIAO_ACCESS_CLEARANCE_INSIDE_H
#define HUMIAO_ACCESS_CLEARANCE_INSIDE_H

#include "access/clearance.h"

#define CLEARANCE_NAME_MAX 64      /* bytes of a permission's name */
#define CLEARANCE_MINUTES_MAX 1440 /* a day */

struct clearance {
    struct clearance_rule rules[ROLE_COUNT][RELATION_COUNT][PURPOSE_COUNT][CLASS_COUNT];
    uint8_t sights[ROLE_COUNT][RELATION_COUNT][PURPOSE_COUNT][CLASS_COUNT];
    uint8_t ways[ROLE_COUNT][RELATION_COUNT]
                [CLASS_COUNT];      /* the easiest that shows more than routine */
    uint32_t approvers[ROLE_COUNT]; /* bits of the roles that approve this one's */
    size_t permission_count;
    const char **permissions;
    uint32_t *permitted; /* a set of roles each */
};

/* A word of the table, and the column in which it begins, from 1. */
struct word {
    struct slice text;
    uint32_t column;
};

/* One line below a class: sets of roles, relations and purposes as bits. */
struct clearance_row {
    enum data_class class;
    uint32_t roles, relations, purposes;
    struct clearance_rule rule;
    struct word role_word, relation_word, purpose_word, sight_word, way_word;
};

struct permission_row {
    struct slice name;
    uint32_t roles;
};

/* What is read, before it is filled into the compiled table. */
struct table {
    const char *name; /* stands in errors */
    struct arena *arena;
    struct error *error;
    struct clearance *compiled; /* approvers are filled in at once */
    struct clearance_row *rows;
    size_t row_count, row_capacity;
    struct permission_row *permissions;
    size_t permission_count, permission_capacity;
};

#define ROLES_ALL ((UINT32_C(1) << ROLE_COUNT) - 2) /* without ROLE_NONE */
#define RELATIONS_ALL ((UINT32_C(1) << RELATION_COUNT) - 1)

static inline bool has(uint32_t set, int member) { return set >> member & 1; }

/* Sets ERR_CLEARANCE with name:line:column; `what` is a sentence of the catalogue. Returns its
 * code. */
int table_fault(struct table *t, uint32_t line, uint32_t column, const char *what, ...)
    __attribute__((format(printf, 4, 5)));

/* A word for a message: clipped, and whole characters. */
struct slice word_shown(struct slice word);

/* ---- what no edition may break: clearance_check.c ---- */

int check_row(struct table *t, const struct clearance_row *row);
/* A role about to be added to a permission. */
int check_permission_role(struct table *t, const struct permission_row *p, enum role role,
                          uint32_t line, uint32_t column);
/* Roles about to approve what others ask; `approver_word` is where they are named. */
int check_approval(struct table *t, uint32_t askers, uint32_t approvers, uint32_t line,
                   struct word approver_word);
/* What only the whole table shows; the compiled rules stand. */
int check_whole(struct table *t);

/* ---- reading: clearance_parse.c ---- */

/* Fills rows, permissions and approvers, holding each to its checks. */
int table_read(struct table *t, struct slice text);

#endif
