/* The rows of a district's files that are not records: people, relations, truth, accounts,
 * manifest. */
#ifndef HUMIAO_SYNTH_DISTRICT_H
#define HUMIAO_SYNTH_DISTRICT_H

#include "synth/family.h"
#include "synth/files.h"

void synth_district_headers(struct synth_files *files);

/* The welfare institution: the first person of people.csv, to which foundlings are related. */
void synth_district_institution(struct synth_maker *m, struct synth_files *files);

void synth_district_family(const struct synth_family *f, day as_of, struct synth_files *files,
                           struct synth_totals *totals);

/* One child director for each community, one supervisor for each town. */
void synth_district_accounts(const struct synth_places *p, uint64_t seed, FILE *out,
                             struct synth_totals *totals);

/* What was asked for, what was made of it, and every rate with its source. */
void synth_district_manifest(const struct synth_options *o, const struct synth_totals *t,
                             FILE *out);

#endif
