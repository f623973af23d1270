/* The clearance table read the slow way: the text, line by line, for one question. */
#ifndef HUMIAO_TESTS_CLEARANCE_ORACLE_H
#define HUMIAO_TESTS_CLEARANCE_ORACLE_H

#include "access/clearance.h"

struct oracle_answer {
    int lines;                         /* how many lines name the combination */
    const char *sight, *way, *minutes; /* of the last; "" where there is none */
    unsigned line;
};

/* Answers from the text alone, which is well formed as far as words go. Not for two threads. */
struct oracle_answer oracle_ask(const char *text, const char *class, const char *role,
                                const char *relation, const char *purpose);
bool oracle_permits(const char *text, const char *role, const char *permission);
bool oracle_approves(const char *text, const char *approver, const char *asker);

/* Whether the table keeps what no table may break. */
bool oracle_is_sound(const char *text);

#endif
