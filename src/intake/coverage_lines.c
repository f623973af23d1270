/* How far knowledge of one child reaches: by kind of fact, for the child and each legal parent. */
#include "intake/coverage.h"
#include "store/sql_coverage.h"

#define PROVINCE INT64_C(10000000000)
#define PERSONS_MAX 3 /* the child and two parents */

struct reached_person {
    enum policy_role role;
    bool registered;
    int64_t hukou, residence; /* 0: not known */
    uint64_t kinds;           /* that are asked, by policy's own numbers */
};

const char *reach_name(enum reach reach)
{
    switch (reach) {
    case REACH_COVERED: return "covered";
    case REACH_NOT_COVERED: return "not_covered";
    case REACH_NOT_SAID: break;
    }
    return "not_said";
}

static int read_place(struct deployment *d, int64_t person_id, struct reached_person *io,
                      struct error *e)
{
    struct sql_coverage_place row;
    bool found;
    int rc = sql_coverage_place(d->store, person_id, &found, &row, e);

    if (rc == 0 && found) {
        io->hukou = row.hukou.set ? row.hukou.v : 0;
        io->residence = row.residence.set ? row.residence.v : 0;
    }
    return rc;
}

/* Departments speak of those who are registered with them or live there. */
static struct reach_line reach_of(const struct coverage_map *m, enum record_kind kind,
                                  const struct reached_person *p, day on)
{
    int64_t place = p->hukou ? p->hukou : p->residence;
    struct reach_line line = {.kind = kind,
                              .role = p->role,
                              .registered = p->registered,
                              .of = coverage_reach(m, kind, place, on),
                              .province = place / PROVINCE * PROVINCE};

    if (line.of.reach == REACH_NOT_COVERED && p->hukou && p->residence) {
        struct reach_of lives = coverage_reach(m, kind, p->residence, on);
        if (lives.reach == REACH_COVERED)
            line.of = lives;
    }
    return line;
}

static size_t find_persons(const struct policy_set *set, const struct policy_asked *asked,
                           const struct population *population, const struct family *family, day on,
                           struct arena *arena, struct reached_person ret[PERSONS_MAX],
                           int64_t ids[PERSONS_MAX])
{
    struct policy_parent parents[2];
    size_t count = policy_legal_parents(set, &family->policy, on, arena, parents);

    ret[0] = (struct reached_person){.registered = true, .kinds = asked->child | asked->others};
    ids[0] = population->persons[family->persons[0]].id;
    for (size_t i = 0; i < count; i++) {
        bool known = parents[i].person != POLICY_NOBODY;
        ret[i + 1] = (struct reached_person){
            .role = parents[i].role, .registered = known, .kinds = asked->parents};
        ids[i + 1] = known ? population->persons[family->persons[parents[i].person]].id : 0;
    }
    return count + 1;
}

int coverage_lines(struct deployment *d, const struct coverage_map *m, const struct policy_set *set,
                   const struct policy_asked *asked, const struct population *population,
                   const struct family *family, day on, struct arena *arena,
                   struct reach_line **ret, size_t *ret_count, struct error *e)
{
    struct reached_person persons[PERSONS_MAX];
    int64_t ids[PERSONS_MAX];
    size_t count = find_persons(set, asked, population, family, on, arena, persons, ids), n = 0;
    int kinds = policy_kind_count(), rc = 0;
    struct reach_line *list = ARENA_ARRAY(arena, (size_t)kinds * PERSONS_MAX + 1,
                                          struct reach_line);

    for (size_t i = 0; i < count && rc == 0; i++)
        rc = ids[i] ? read_place(d, ids[i], &persons[i], e) : 0;
    for (int k = 0; k < kinds && rc == 0; k++)
        for (size_t i = 0; i < count; i++) {
            if (!(persons[i].kinds >> k & 1))
                continue;
            enum record_kind kind = record_kind_parse(slice_from(policy_kind_name(k)));
            struct reach_line line = reach_of(m, kind, &persons[i], on);
            if (line.of.reach != REACH_NOT_SAID)
                list[n++] = line;
        }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = n;
    return 0;
}
