/* The tables that care goes by: the first edition is compiled in, a folder can stand in for it on trial. */
#ifndef HUMIAO_CARE_TABLES_H
#define HUMIAO_CARE_TABLES_H

#include "base/arena.h"
#include "base/error.h"
#include "care/workflow.h"

/* workflows/levels.table: what a level asks for. All values local, unconfirmed (domain.md part 4). */
struct level_rule {
    int level;
    int escort; /* visit.h: alone, in pairs, with police; of the level, so that it tells nothing */
    int routine_per_alert; /* how many routine visits are dealt beside one of an alert */
    int check_in_minutes;  /* after "I am starting" */
    int repeat_days;       /* of a watch */
};

/* policies/alerts.table: what follows from a category that begins to hold. */
struct alert_rule {
    const char *category;
    int level;
    const char *const *needs; /* names of needs.def */
    size_t need_count;
};

struct care_tables; /* care_tables_load gives it; lives in the arena */

/* `dir` NULL: those compiled in; else a folder with *.workflow, levels.table and alerts.table. ERR_WORKFLOW with
 * file:line:column, the line, and how to mend it; ERR_IO, ERR_PERMISSION. Categories are names to this
 * room: whether the policies have them is told by care_alert_rules. */
int care_tables_load(const char *dir, struct arena *arena, const struct care_tables **ret,
                     struct error *e);
const struct workflow *care_workflow(const struct care_tables *t,
                                     const char *name); /* NULL: none */
const struct level_rule *care_level(const struct care_tables *t, int level);
const struct alert_rule *care_alert_rule(const struct care_tables *t,
                                         const char *category); /* NULL: raises none */

/* All rules, in the order of the table. */
const struct alert_rule *care_alert_rules(const struct care_tables *t, size_t *ret_count);
/* The hash of a workflow's canonical text, which stands in the columns `edition`. */
struct slice care_edition(const struct care_tables *t, const char *workflow);
/* The hash of all that these tables say. */
struct slice care_tables_edition(const struct care_tables *t);

#endif
