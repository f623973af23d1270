/* Who plays in the tests of relations, tasks and children: persons, kin, records and accounts,
 * written by the statements themselves, each a row a call. */
#ifndef HUMIAO_TESTS_CAST_H
#define HUMIAO_TESTS_CAST_H

#include "scene.h"

#include "access/account.h"
#include "people/kin.h"

/* 2026-11-23 10:00 in Shanghai. */
#define CAST_NOW INT64_C(1795399200000000)
#define CAST_DAY INT64_C(86400000000)
#define CAST_TODAY "2026-11-23"

#define cast_of(state) scene_of(state)

/* A write in a transaction of its own, which is undone where it fails. */
#define CAST_WRITE(s, ret, call)                           \
    do {                                                   \
        OK((s), store_begin((s)->d->store, &(s)->e));      \
        (ret) = (call);                                    \
        if ((ret) < 0)                                     \
            store_rollback((s)->d->store);                 \
        else                                               \
            OK((s), store_commit((s)->d->store, &(s)->e)); \
    } while (0)

/* A person of the register under that ref; `birth` NULL or residence 0: not given. Its name is the
 * ref. */
int64_t cast_child(struct scene *s, const char *ref, const char *birth, int64_t residence);

/* A kin row in force; `from` or `to` NULL: open. */
int64_t cast_kin(struct scene *s, int64_t child, int64_t person, enum kin_role role,
                 const char *from, const char *to);

/* A record in force about the person, said by the department. Its id. */
int64_t cast_record(struct scene *s, int64_t person, enum record_kind kind, const char *value,
                    const char *department, const char *from, const char *to);

/* An account; `department` and `team` may be NULL. */
int64_t cast_account(struct scene *s, const char *name, enum role role, int64_t division,
                     const char *department, const char *team, int64_t person);

struct account cast_account_get(struct scene *s, int64_t id);

#endif
