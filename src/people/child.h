/* Children as pages show them: lists of a scope, one child, its kin, what departments said of it.
 *
 * Everything here is opened and unmasked: it goes to view_write (access/view.h) and nowhere else.
 * All of it lies in the arena. `today` is the day that is lived; a child is whom the register holds
 * now, with a birth date, under 18 on that day. */
#ifndef HUMIAO_PEOPLE_CHILD_H
#define HUMIAO_PEOPLE_CHILD_H

#include "access/account.h"
#include "people/fact_class.h"
#include "people/kin.h"

struct child {
    int64_t id;
    struct slice ref, name, id_no, address, phone; /* empty: not given */
    char sex;                                      /* 'M', 'F' or 0 */
    day birth;
    int64_t residence, hukou; /* 0: not given */
};

/* Where a page begins: behind this child in the order of (residence, id). Zeros: from the start. */
struct child_place {
    int64_t residence, id;
};

/* A page of the children whom an account works for, by (residence, id), at most `limit`:
 *   - a guardian: the children to whom its person is legal parent or guardian (relation.h);
 *   - a helper: those for whom it has a task; an organisation's manager: those for whom its team has;
 *   - an administrator: none;
 *   - everybody else: those who live in the account's division, and those elsewhere for whom it has a
 *     task. A department liaison's page holds children whom its department never spoke of: the relation
 *     tells them apart.
 * `division` (0: all of these) narrows it to those who live there; ERR_FORBIDDEN where somebody who works
 * by division names one outside their own.
 * `now` decides which tasks are in force, its day who is a minor. */
int child_list(struct deployment *d, const struct account *a, int64_t division,
               struct child_place after, size_t limit, int64_t now, struct arena *arena,
               struct child **ret, size_t *ret_count, struct error *e);

/* Of a division's subtree, whoever asks. */
int child_list_of_division(struct deployment *d, int64_t division, struct child_place after,
                           size_t limit, day today, struct arena *arena, struct child **ret,
                           size_t *ret_count, struct error *e);

/* One child. ERR_NOT_FOUND: no child of the register on that day. The caller has computed the
 * relation. */
int child_get(struct deployment *d, int64_t child_id, day today, struct arena *arena,
              struct child *ret, struct error *e);

/* These children, in the order of the ids; those who are none are left out. */
int child_get_all(struct deployment *d, const int64_t *ids, size_t count, day today,
                  struct arena *arena, struct child **ret, size_t *ret_count, struct error *e);

/* A person who is kin of the child on the day. */
struct child_kin {
    int64_t person_id;
    enum kin_role role;
    bool legal;                    /* a legal parent on that day */
    day from, to;                  /* DAY_BEGINNING: since birth; DAY_FOREVER: open */
    struct slice ref, name, phone; /* empty: not given, or the person was erased */
};

/* Kin rows in force on the day, in the order of entry. */
int child_kin(struct deployment *d, int64_t child_id, day birth, day today, struct arena *arena,
              struct child_kin **ret, size_t *ret_count, struct error *e);

/* What a department said of the child or of a legal parent. */
struct child_fact {
    int64_t record_id, subject_id;
    enum kin_role of; /* KIN_NONE: the child itself; else the legal parent's role */
    enum record_kind kind;
    enum data_class class; /* fact_class */
    struct slice value;    /* NONE where fact_value_is_private */
    struct slice department;
    day from, to;       /* DAY_BEGINNING, DAY_FOREVER where open */
    int64_t known_from; /* instant: when we learnt it */
};

/* Records in force about the child and those who are its legal parents on the day, whenever they
 * hold: those of the past too. The child's first, by the day from which they hold. */
int child_facts(struct deployment *d, int64_t child_id, day birth, day today, struct arena *arena,
                struct child_fact **ret, size_t *ret_count, struct error *e);

#endif
