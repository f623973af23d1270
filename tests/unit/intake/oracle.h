/* The rules of contracts.md for records.csv, read a second time, plain and slow: what is in force is
 * searched among all versions that ever came. And random rows for it. */
#ifndef HUMIAO_TESTS_INTAKE_ORACLE_H
#define HUMIAO_TESTS_INTAKE_ORACLE_H

#include "../base/random.h"
#include "people/scene.h"

#define ORACLE_PEOPLE 8 /* the last ones come to the register late */
#define ORACLE_KEYS 24
#define ORACLE_VERSIONS 4000

struct oracle_row {
    int key, who; /* who -1: no number */
    bool bad, withdrawn, revised;
    int64_t revision;
    char content[64], fact[64], text[200];
};

struct oracle_version {
    int key, who;
    bool withdrawn, revised;
    int64_t revision;
    char content[64], fact[64];
};

struct oracle {
    struct scene_id_number id[ORACLE_PEOPLE];
    bool known[ORACLE_PEOPLE];
    struct oracle_version version[ORACLE_VERSIONS];
    int versions;
    int accepted, duplicate, quarantined, unlinked;
};

void oracle_begin(struct oracle *o);
void oracle_load(struct oracle *o, struct scene *s,
                 int count); /* the first `count` are in the register */

/* `settled`: rows whose repetition, in the same order, changes nothing. */
struct oracle_row oracle_row_random(const struct oracle *o, uint64_t *r, bool settled, int number);
void oracle_take(struct oracle *o, const struct oracle_row *row);

/* A key whose version in force says something of a person of the register; -1: none does. */
int oracle_key_in_force(const struct oracle *o);

/* The facts in force about a person, as scene_facts gives them. */
const char *oracle_facts(const struct oracle *o, int who, struct arena *arena);

/* Each person known: what the deployment holds is what the oracle says. */
void oracle_compare(const struct oracle *o, struct scene *s);

#endif
