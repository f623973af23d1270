#include "cast.h"

#include "people/fact.h"
#include "people/person.h"
#include "store/sql_kin.h"
#include "store/sql_person.h"
#include "store/sql_record.h"

#include <string.h>

static struct opt_int day_or_none(const char *text)
{
    day d;

    if (!text)
        return OPT_INT_NONE;
    if (!day_parse(slice_from(text), &d))
        abort();
    return opt_int(d);
}

static int insert_person(struct scene *s, const char *ref, const char *birth, int64_t residence,
                         int64_t *ret)
{
    uint8_t salt[SEAL_SALT_SIZE], hash[SEAL_HASH_SIZE];
    struct person p = {.ref = slice_from(ref),
                       .name = slice_from(ref),
                       .id_no = SLICE_LITERAL(""),
                       .address = SLICE_LITERAL("1 Some Lane"),
                       .phone = SLICE_LITERAL("+8613900000000"),
                       .sex = 'F'};
    struct id_source ids;
    struct slice sealed;
    int rc = subject_ids_begin(s->d, &ids, &s->e);

    if (rc == 0)
        rc = subject_new(s->d, &ids, ret, salt, &s->e);
    if (rc == 0)
        rc = person_seal(s->d->sealer, *ret, &p, &s->arena, &sealed, &s->e);
    if (rc == 0)
        rc = sealer_hash(s->d->sealer, HASH_REF, p.ref, hash, &s->e);
    if (rc == 0)
        rc = sql_person_insert(s->d->store, *ret, day_or_none(birth), SLICE_NONE, OPT_INT_NONE,
                               residence ? opt_int(residence) : OPT_INT_NONE, OPT_INT_NONE, 1,
                               &s->e);
    return rc < 0 ? rc
                  : sql_person_sealed_insert(s->d->store, *ret, SLICE_OF(hash), SLICE_NONE,
                                             SLICE_NONE, SLICE_OF(hash), sealed, &s->e);
}

int64_t cast_child(struct scene *s, const char *ref, const char *birth, int64_t residence)
{
    int64_t id = 0;
    int rc;

    CAST_WRITE(s, rc, insert_person(s, ref, birth, residence, &id));
    OK(s, rc);
    return id;
}

int64_t cast_kin(struct scene *s, int64_t child, int64_t person, enum kin_role role,
                 const char *from, const char *to)
{
    struct sql_kin_last last;
    bool found;
    int rc;

    OK(s, sql_kin_last(s->d->store, &found, &last, &s->e));
    int64_t id = found ? last.id + 1 : 1;
    CAST_WRITE(s, rc,
               sql_kin_insert(s->d->store, id, child, person, role, day_or_none(from),
                              day_or_none(to), 1, &s->e));
    OK(s, rc);
    return id;
}

static int insert_record(struct scene *s, int64_t id, int64_t person, const struct record *r,
                         struct opt_int from, struct opt_int to)
{
    struct sql_person_sealed_of row;
    struct slice fact, envelope;
    uint8_t hash[SEAL_HASH_SIZE];
    bool found;
    int rc = sql_person_sealed_of(s->d->store, person, &found, &row, &s->e);

    if (rc == 0 && !found)
        abort();
    if (rc == 0)
        rc = sealer_set_subject(s->d->sealer, (const uint8_t *)row.salt.p, &s->e);
    if (rc == 0)
        rc = fact_seal(s->d->sealer, id, r, &s->arena, &fact, &envelope, &s->e);
    if (rc == 0)
        rc = sealer_hash(s->d->sealer, HASH_RECORD_KEY, r->key, hash, &s->e);
    return rc < 0 ? rc
                  : sql_record_insert(s->d->store, id, person, 1, SLICE_OF(hash), SLICE_OF(hash),
                                      SLICE_NONE, SLICE_NONE, OPT_INT_NONE, 0, from, to, 1,
                                      OPT_INT_NONE, OPT_INT_NONE, 1, 1, fact, envelope, &s->e);
}

int64_t cast_record(struct scene *s, int64_t person, enum record_kind kind, const char *value,
                    const char *department, const char *from, const char *to)
{
    struct sql_record_last last;
    bool found;
    int rc;

    OK(s, sql_record_last(s->d->store, &found, &last, &s->e));
    int64_t id = found ? last.id + 1 : 1;
    struct record r = {.key = slice_from(arena_printf(&s->arena, "r%lld", (long long)id)),
                       .department = slice_from(department),
                       .kind = kind,
                       .value = slice_from(value),
                       .id_no = SLICE_LITERAL(""),
                       .name = SLICE_LITERAL(""),
                       .note = SLICE_LITERAL(""),
                       .division = SLICE_LITERAL(""),
                       .birth = DAY_BEGINNING};
    CAST_WRITE(s, rc, insert_record(s, id, person, &r, day_or_none(from), day_or_none(to)));
    OK(s, rc);
    return id;
}

int64_t cast_account(struct scene *s, const char *name, enum role role, int64_t division,
                     const char *department, const char *team, int64_t person)
{
    uint8_t hash[SEAL_HASH_SIZE];
    struct account_row row = {.name = slice_from(name),
                              .display = slice_from(name),
                              .department = slice_from(department),
                              .role = role,
                              .division = division,
                              .person_id = person};
    int64_t id = 0;
    int rc;

    if (team) {
        OK(s, account_team_hash(s->d, slice_from(team), hash, &s->e));
        row.team = SLICE_OF(hash);
    }
    CAST_WRITE(s, rc, account_put(s->d, &row, 0, &s->arena, &id, &s->e));
    OK(s, rc);
    return id;
}

struct account cast_account_get(struct scene *s, int64_t id)
{
    struct account a;

    OK(s, account_get(s->d, id, &s->arena, &a, &s->e));
    return a;
}
