/* The workflows in force: the first edition is compiled into the program from workflows/, a folder stands in
 * for it on trial. This is the shell of the engine: it reads files. */
#ifndef HUMIAO_CARE_WORKFLOW_SET_H
#define HUMIAO_CARE_WORKFLOW_SET_H

#include "care/workflow.h"

#define WORKFLOW_EDITION_SIZE 16

struct workflow_edition {
    const struct workflow *workflow;
    uint8_t hash
        [WORKFLOW_EDITION_SIZE]; /* the first half of SHA-256 over the canonical text; what stands
                                          * in the column `edition` */
};

struct workflow_set {
    const struct workflow_edition *list; /* by name */
    size_t count;
};

/* `directory` NULL: the workflows that are built in. Reads *.workflow in name order. ERR_IO,
 * ERR_PERMISSION, ERR_WORKFLOW: also where two have one name, or one has not the name of its file.
 * Lives in the arena. */
int workflow_set_read(const char *directory, struct arena *arena, struct workflow_set *ret,
                      struct error *e);

const struct workflow_edition *workflow_set_find(const struct workflow_set *set,
                                                 struct slice name); /* NULL: none */

#endif
