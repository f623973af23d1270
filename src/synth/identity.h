/* Identity numbers of people who do not exist: GB 11643 with valid check characters, in the
 * unassigned divisions 9999xx, each given once. */
#ifndef HUMIAO_SYNTH_IDENTITY_H
#define HUMIAO_SYNTH_IDENTITY_H

#include "base/day.h"
#include "base/error.h"

#define SYNTH_ID_MAX 19 /* bytes, with the NUL */

struct synth_identities; /* how many numbers each sex and birthday has had: about 400 KB */

struct synth_identities *synth_identities_new(void); /* aborts when memory runs out */
void synth_identities_end(struct synth_identities *ids);

/* The next number for a birthday (1900 to 2099) and a sex ('M' or 'F'). Division 999999 comes
 * first; it holds 499 of a kind, then 999998 follows, down to 999900.
 * Errors: ERR_USAGE (all hundred are full: too many children were asked for). */
int synth_identities_next(struct synth_identities *ids, day birth, char sex, char ret[SYNTH_ID_MAX],
                          struct error *e);

/* The check character of the first 17 (GB 11643, ISO 7064 MOD 11-2). */
char synth_identity_check(const char *first17);

#define SYNTH_PHONE_MAX 12

/* A number in 194, a range given to no operator, so that a message sent by mistake reaches nobody.
 * Different for the first hundred million people. */
void synth_identity_phone(uint64_t person, char ret[SYNTH_PHONE_MAX]);

#endif
