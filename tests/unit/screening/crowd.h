/* Small random districts: people, kin and records that matter to the policies, as texts to load. */
#ifndef HUMIAO_TESTS_CROWD_H
#define HUMIAO_TESTS_CROWD_H

#include "../base/random.h"
#include "people/scene.h"
#include "screening/edition.h"
#include "screening/population.h"
#include "screening/tick.h"

#define CROWD_SIZE 18 /* persons: ref p0 to p17, the first half grown up */

/* Where they live. */
#define CROWD_TOWN "999901001000"
#define CROWD_VILLAGE "999901001001"
#define CROWD_OTHER_VILLAGE "999901001002"

struct crowd {
    uint64_t random;
    struct scene_text people, relations;
    char birth[CROWD_SIZE][DAY_TEXT];
    struct scene_id_number id[CROWD_SIZE];
    bool has_id[CROWD_SIZE];
    int records; /* made so far */
};

/* Days around which everything happens: a clock begins at CROWD_DAY. */
#define CROWD_DAY "2024-03-01"
day crowd_day(void);

void crowd_begin(struct crowd *c, uint64_t seed);
void crowd_end(struct crowd *c);
void crowd_load(struct crowd *c, struct scene *s);

/* One row of records.csv, with the columns of RECORDS_HEADER: news, a correction, a withdrawal. Not
 * every row is a good one. */
void crowd_record(struct crowd *c, struct scene_text *t);

/* Takes the rows in; `t` is without the header. */
void crowd_ingest(struct scene *s, const struct edition *edition, const char *rows);

/* Changes as they are told: "ref category day before after" a line. */
struct crowd_changes {
    struct scene *s;
    const struct edition *edition;
    const char *ref[CROWD_SIZE];
    int64_t id[CROWD_SIZE];
    const char **lines;
    size_t count, capacity;
};
void crowd_listen(struct crowd_changes *c, struct scene *s, const struct edition *edition);
void crowd_tell(void *context, const struct verdict_change *change);
const char *crowd_changes_text(struct crowd_changes *c); /* sorted; in the scene's arena */

struct tick_totals crowd_tick(struct scene *s, const struct edition *edition, day date,
                              struct crowd_changes *c);

/* What the policies say of a person now, evaluated from the population; NONE: not in it, no birth. */
struct slice crowd_verdict(const struct population *p, const struct edition *edition, int64_t id,
                           struct arena *arena, struct policy_timeline **ret_timelines);

/* What is kept. NONE: nothing. */
struct slice crowd_kept(struct scene *s, int64_t id);

#endif
