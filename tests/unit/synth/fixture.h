/* A small division tree and families put together by hand. */
#ifndef HUMIAO_TESTS_SYNTH_FIXTURE_H
#define HUMIAO_TESTS_SYNTH_FIXTURE_H

#include "synth/family.h"

/* Writes divisions.csv of one county with three communities, and counties elsewhere, into a new
 * directory under the temporary one; returns its path, to be given to fixture_remove. */
char *fixture_directory(void);
void fixture_remove(char *directory);
char *fixture_path(const char *directory, const char *name);                   /* to be freed */
char *fixture_read(const char *directory, const char *name, size_t *ret_size); /* to be freed */

/* 2010-01-31 */
day fixture_day(const char *text);

/* A family of one child born on that day (person 0), a father (1) and a mother (2), all with papers
 * and of one household; without any kin row. */
void fixture_family(struct synth_family *f, const char *birth);
void fixture_kin(struct synth_family *f, int person, enum synth_relation relation, const char *from,
                 const char *to);
/* A fact that means what its kind means over [from, to). */
struct synth_fact *fixture_fact(struct synth_family *f, int person, enum synth_kind kind,
                                const char *from, const char *to);

#endif
