/* Verdicts as they are kept: for each child every stretch of every category, past and scheduled, sealed;
 * and the changes of status that have come to pass, each told once.
 *
 * The clock of a deployment is the day of its last tick. A record's children are evaluated in the
 * transaction that stores it, as of that day; a tick moves the clock on and tells each boundary that
 * lies in between, on its day. Before the first tick nothing is told: the first one tells what holds.
 *
 * Whatever is told of a child goes to care in the same transaction, all at once: an alert that rises, joins, or
 * loses what it stood upon (care/alert.h), and the supervisor's list of what cannot be decided. */
#ifndef HUMIAO_SCREENING_VERDICT_H
#define HUMIAO_SCREENING_VERDICT_H

#include "care/care.h"
#include "screening/edition.h"
#include "screening/population.h"

struct verdict_change {
    int64_t child_id;
    size_t category;
    day on_day; /* of the boundary; of a change that we have learnt: the clock's day */
    enum policy_truth before, after;
};

/* What the work on verdicts needs; one a transaction batch. */
struct verdict_work {
    struct deployment *d;
    const struct edition *edition;
    bool ticked;       /* is there a clock yet? */
    day clock;         /* before the first tick: today, which only tells who is grown up */
    bool moves_clock;  /* a tick: due boundaries are set even where nothing changed */
    day ticked_before; /* of a tick: the day of the tick before; DAY_BEGINNING at the first */
    struct id_source changes;
    uint64_t told;                                                    /* changes written */
    void (*tell)(void *context, const struct verdict_change *change); /* may be NULL */
    void *context;
    struct care *care; /* of the same transaction; NULL: verdicts alone */
    bool other_law;    /* a tick by another edition than the one before */
    /* A tick by rule: what another edition of the policies alone brings is held back, as a first load is,
     * for nothing has happened to these children. */
    bool learns_law;
};

/* Prepares the work inside a write transaction. */
int verdict_begin(struct verdict_work *w, struct error *e);

/* Evaluates these children (adults and unknown ids are passed over) and stores what is new. */
int verdict_children(struct verdict_work *w, const int64_t *children, size_t count,
                     struct error *e);

/* Opens the text of a kept verdict, as verdict_text writes it. */
int verdict_open(struct sealer *sealer, int64_t child_id, struct slice salt, struct slice sealed,
                 struct arena *arena, struct slice *ret, struct error *e);

/* Whom records are about. */
struct verdict_subjects {
    const int64_t *ids;
    size_t count;
    const int64_t *listed; /* those of them whom a household list names */
    size_t listed_count;
};

/* Children whose situation such records can touch: the subjects, children to whom they are kin, and
 * whoever shares a listed one's household. Ids, each once, go to the arena. */
int verdict_children_of(struct deployment *d, const struct verdict_subjects *of,
                        struct arena *arena, int64_t **ret, size_t *ret_count, struct error *e);

/* The kept verdict of one child: `ret` has room for every category of the set and is zeroed by the caller;
 * it stays so where none is kept, as before the first tick. ERR_DATABASE_DAMAGED, ERR_SEAL_BROKEN. */
int verdict_read(struct deployment *d, const struct policy_set *set, int64_t child,
                 struct arena *arena, struct policy_timeline *ret, struct error *e);

#endif
