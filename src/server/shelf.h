/* The shelf: what all handlers read and none changes: divisions, policies, the name index, the throttle.
 *
 * Made at start by the server. Divisions and names come from the register and are read anew in a thread
 * of their own when it was loaded again; whoever uses them holds a reading, which stays whole meanwhile. */
#ifndef HUMIAO_SERVER_SHELF_H
#define HUMIAO_SERVER_SHELF_H

#include "access/clearance.h"
#include "access/deployment.h"
#include "care/tables.h"
#include "detect/detect.h"
#include "people/division.h"
#include "people/name_index.h"
#include "screening/edition.h"

struct mappings;
struct throttle;
struct shelf;

/* Takes the built-in clearance table, policies and tables of care, and begins to read the register.
 * `d` is forked for the thread; `throttle` is the caller's and outlives the shelf. */
int shelf_open(struct deployment *d, struct throttle *throttle, struct shelf **ret,
               struct error *e);
struct shelf *shelf_close(struct shelf *s); /* takes NULL, returns NULL; waits for its thread */

const struct clearance *shelf_clearance(const struct shelf *s);
const struct edition *shelf_edition(const struct shelf *s);
const struct care_tables *shelf_tables(const struct shelf *s);
struct throttle *shelf_throttle(const struct shelf *s);
struct mappings *shelf_mappings(const struct shelf *s);

/* Whether the first reading is there: for readyz. Searches by name need it; others do not. */
bool shelf_ready(struct shelf *s);

/* One reading of the register. ERR_STOPPING while the first is not there yet. */
struct register_reading {
    struct division_tree divisions;
    const struct name_index *names;
    const struct detect_lexicon *lexicon; /* names and places, to be known again in what comes in */
};
int shelf_hold(struct shelf *s, const struct register_reading **ret, struct error *e);
void shelf_let_go(struct shelf *s, const struct register_reading *reading);

/* Looks whether the register was loaded since, and if so reads it anew, in its thread. Each minute by the
 * server. Returns at once. */
void shelf_refresh(struct shelf *s);

#endif
