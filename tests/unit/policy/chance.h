/* Random families, by a seed that is printed: for the oracle and, the same, for the evaluator. */
#ifndef HUMIAO_TESTS_POLICY_CHANCE_H
#define HUMIAO_TESTS_POLICY_CHANCE_H

#include "fixture.h"
#include "oracle.h"

/* Begins a row of chances by HUMIAO_TEST_SEED, else by `seed`, and prints it. */
void chance_begin(uint64_t seed);
uint32_t dice(uint32_t sides); /* 0 to sides - 1 */

/* The number that the environment gives under that name. */
uint64_t chance_number(const char *name, uint64_t otherwise);

void chance_family(struct oracle_family *f);
void chance_hand_over(const struct oracle_family *o, struct fixture *f);
void chance_print(const struct oracle_family *o);

#endif
