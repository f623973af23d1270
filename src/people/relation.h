/* What ties an account to a child: computed here, decided upon by access/ (clearance.h).
 *
 * Only minors of the register have ties: a parent is no child though the register holds both, and
 * guardianship ends at 18 (Civil Code art. 17, 39). Administrators have none (roles.def).
 *
 *     area        the register's residence of the child lies in the account's division
 *     department  of a department liaison: area, and a record in force of that department about the
 *                 child or a legal parent of today
 *     team        somebody of the account's team has a task for the child
 *     assigned    the account has
 *     guardian    of a guardian's account, which has this tie or none: its person is a legal parent
 *                 of today or has a `guardian` row today (Civil Code art. 27, 29 to 31), and the
 *                 court has not revoked the person's guardianship (art. 36)
 *
 * Legal parents are those of contracts.md: a birth parent is none while an adoption is in force
 * (Civil Code art. 1111). Not guardians by their row alone: step-parents (art. 1072 asks that they
 * bring the child up, which the register does not say), relatives without a `guardian` row, and
 * foster parents, whom the civil affairs department entrusts with care and not with guardianship
 * (Measures for Family Foster Care, 2014, art. 2): they are given a task instead.
 *
 * `now` is an instant; kin rows and facts count on its day in Shanghai. A `residence` record does
 * not move the child here, as it does not in screening: the register's residence counts. */
#ifndef HUMIAO_PEOPLE_RELATION_H
#define HUMIAO_PEOPLE_RELATION_H

#include "access/account.h"
#include "access/clearance.h"
#include "people/assignment.h"
#include "people/kin.h"

/* A relation and what it rests upon. */
struct relation_tie {
    enum relation relation;
    int64_t residence;         /* of the child; 0: not known, or no child of the register */
    bool minor;                /* the register holds this child, who is under 18 */
    enum assignment_task task; /* TEAM, ASSIGNED: of the one that lasts longest */
    int64_t task_until;        /* instant */
    enum kin_role kin;         /* GUARDIAN: the row; also where it was revoked */
    day kin_from, kin_to;      /* DAY_BEGINNING: since birth; DAY_FOREVER: open */
    bool revoked;              /* guardianship_revoked is in force on the account's person */
};

/* The strongest tie; RELATION_NONE is an answer too. */
int relation_of(struct deployment *d, const struct account *a, int64_t child_id, int64_t now,
                enum relation *ret, struct error *e);

/* The same for `count` children with one query a kind for 64 of them; `ret` has room for all. */
int relation_of_all(struct deployment *d, const struct account *a, const int64_t *children,
                    size_t count, int64_t now, enum relation *ret, struct error *e);

/* The same with what it rests upon: for `humiao access explain`. */
int relation_explain(struct deployment *d, const struct account *a, int64_t child_id, int64_t now,
                     struct relation_tie *ret, struct error *e);

/* Whether a 12-digit division code is the outer one or lies in it. A code ends in zeros below its
 * level: province 2 digits, city 4, county 6, town 9, village 12. 0 covers nothing. */
bool division_covers(int64_t outer, int64_t inner);

/* The last code of the subtree: of 330782000000 it is 330782999999. */
int64_t division_last(int64_t outer);

/* Whether a person of that birth is under 18 on the day. False when the birth is not known. */
bool relation_is_minor(day birth, day today);

/* Of a child's kin rows, those that make a legal parent on the day: sets `ret_legal` for each of
 * them. The rows are in the order of entry. */
struct kin_row {
    int64_t id, child_id, person_id;
    enum kin_role role;
    day from, to;
};
void relation_legal_parents(const struct kin_row *rows, size_t count, day birth, day today,
                            bool *ret_legal);

/* The kin rows of at most 64 children, by child, in the order of entry. */
int relation_kin_rows(struct deployment *d, const int64_t *children, size_t child_count,
                      struct arena *arena, struct kin_row **ret, size_t *ret_count,
                      struct error *e);

#endif
