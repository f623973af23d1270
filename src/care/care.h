/* Care: what is done for a child. Everything in this room happens inside a write transaction of the caller
 * (what reads only says so), by the tables under workflows/, on the one engine (workflow.h), and leaves its
 * step in the history, its clock and its notices in that same transaction.
 *
 *     a verdict changes → alert (alert.h) → owner by roster (duty.h) → visit (visit.h) → outcome → alert closed
 *     a deadline passes → clock (clock.h) → the next person up */
#ifndef HUMIAO_CARE_CARE_H
#define HUMIAO_CARE_CARE_H

#include "access/account.h"
#include "access/deployment.h"
#include "base/arena.h"
#include "base/day.h"

struct detect_lexicon;
struct care_tables; /* tables.h: workflows, levels, alert rules; read once, shared, never changed */

/* What one transaction of care needs; made by care_begin, given up when the transaction ends. */
struct care {
    struct deployment *d;
    const struct care_tables *tables;
    struct arena *arena; /* of the transaction */
    int64_t now;         /* instant that all of its steps have */
    day today; /* the day that counts: the deployment's clock for a change of verdict, else that of now */
    bool baseline; /* alerts that arise now are held back (ingest --baseline) */
    struct slice
        edition; /* hash of the policies that judge, kept with each cause; NONE: not known */
    const struct detect_lexicon *lexicon; /* by which free text is searched; NULL: none */
    int64_t delivery_id; /* which brings what changes; kept with each cause. 0: none */
    union {              /* one source: an id names an alert or a visit, never both */
        struct id_source alerts, visits;
    };
    struct id_source causes, fields, events, clocks, outbox;

    /* Divisions in which something has changed, for pages that listen; at most CARE_CHANGED_MAX, then `everywhere`. */
    int64_t changed[16];
    size_t changed_count;
    bool everywhere;
};
#define CARE_CHANGED_MAX 16

int care_begin(struct care *c, struct deployment *d, const struct care_tables *tables,
               struct arena *arena, int64_t now, day today, struct error *e);

/* Notes that something changed there; each division once. */
void care_changed(struct care *c, int64_t division);

/* Who acts: an account, or the system (NULL). */
struct care_step {
    const char *event;           /* a name of the workflow */
    const struct account *actor; /* NULL: the clock, or a change of verdict */
    struct slice reason;         /* words of the actor; NONE: none. Sealed under the child's salt */
    int64_t at;                  /* instant: when it happened by the actor's clock; 0: now */
    day planned;                 /* visit: the day it is moved to; DAY_BEGINNING: none */
    int outcome;                 /* visit: enum visit_outcome; 0: none */
    int64_t to_account;          /* handing over; 0: none */
};

/* A row of the history, of whatever workflow. */
struct care_event {
    int64_t id, object_id, account_id; /* account 0: the system */
    struct slice event, from_state, to_state;
    struct slice reason; /* opened; NONE: none */
    int64_t at;
};

/* The history of one object, oldest first. Reads only. */
int care_history(struct deployment *d, int64_t object_id, int64_t child_id, struct arena *arena,
                 struct care_event **ret, size_t *ret_count, struct error *e);

#endif
