/* Rotation of keys while everything runs: a sealing key is added, all that is sealed goes over to it in
 * small transactions, and the old keys are dropped. Also: another master key, and a look at every value.
 *
 *     rotation_begin ──> rotation_reseal ──> rotation_retire
 *
 * Each may be killed at any instruction: run again, it carries on. Servers and commands at work meanwhile
 * keep up by themselves (deployment.h). The hashing key is never changed: see docs/decisions/010. */
#ifndef HUMIAO_ACCESS_ROTATION_H
#define HUMIAO_ACCESS_ROTATION_H

#include "access/deployment.h"

#include <stdbool.h>

/* A key more, from now on the newest, in one transaction. Where a rotation is not finished, because the
 * vault still holds old keys, nothing is added and `ret_added` is false; when that one goes to another
 * suite, ERR_WRONG_STATE. `suite` SUITE_NONE: that of the newest key. */
int rotation_begin(struct deployment *d, enum seal_suite suite, bool *ret_added,
                   struct vault_key_info *ret_newest, struct error *e);

struct rotation_figures {
    uint64_t resealed;
    uint64_t broken; /* do not open: altered, or of a key that is gone. They stay as they are */
};

/* All that is sealed under other keys goes under the newest, column by column, at most 50 values and
 * about 20 ms a transaction, with a cursor in the database. Values of erased subjects stay: they cannot be
 * opened. ERR_WRONG_STATE when somebody adds another key meanwhile. `ret` is set in any case. */
int rotation_reseal(struct deployment *d,
                    void (*progress)(void *context, uint64_t done, uint64_t total), void *context,
                    struct rotation_figures *ret, struct error *e);

/* Counts, and when nothing that can be opened is under them any more, drops all keys but the newest;
 * ERR_WRONG_STATE when something is. The number of keys dropped. */
int rotation_retire(struct deployment *d, unsigned *ret_dropped, struct error *e);

/* How many values of a column stand under which key; `erased` of them nobody can open any more. */
struct rotation_count {
    const char *column; /* "table.column" */
    uint8_t number;
    uint64_t rows, erased;
};
int rotation_count(struct deployment *d,
                   void (*tell)(void *context, const struct rotation_count *c), void *context,
                   struct error *e);

/* Opens every value, and tells of each column. ERR_SEAL_BROKEN when one did not open. */
struct rotation_check {
    const char *column;
    uint64_t opened, broken, erased;
};
int rotation_check(struct deployment *d,
                   void (*progress)(void *context, uint64_t done, uint64_t total),
                   void (*tell)(void *context, const struct rotation_check *c), void *context,
                   struct error *e);

/* Another master key: a new one is written to `new_file` (one that is there is taken, such as that of a
 * run that was killed), then the data keys are wrapped by it in one transaction. The source of the old key
 * is not touched; it opens nothing any more. ERR_WRONG_STATE when the file holds the master key in use. */
int rotation_replace_master(struct deployment *d, const char *new_file, struct error *e);

#endif
