#include "people/fact.h"
#include "people/load_file.h"
#include "people/person.h"
#include "people/register.h"
#include "store/sql_person.h"
#include "store/sql_record.h"
#include "store/sql_salt.h"

struct people_load {
    struct load_file f;
    struct arena lasting; /* the divisions */
    struct division_tree divisions;
    struct register_map map;
    bool unlinked; /* are there records that wait for somebody? */
};

/* Keyed hashes of one row. A hash of what is not given is NONE. */
struct row_hashes {
    uint8_t ref[SEAL_HASH_SIZE], id[SEAL_HASH_SIZE], phone[SEAL_HASH_SIZE],
        household[SEAL_HASH_SIZE], content[SEAL_HASH_SIZE];
};

static struct slice hash_or_none(const uint8_t *hash, struct slice of)
{
    return of.n ? (struct slice){(const char *)hash, SEAL_HASH_SIZE} : SLICE_NONE;
}

static int hash_row(struct sealer *s, const struct person *p, struct row_hashes *ret,
                    struct error *e)
{
    char birth[DAY_TEXT], since[DAY_TEXT], places[2 * sizeof(int64_t)];
    struct slice content[] = {p->id_no,         p->name,
                              {&p->sex, 1},     slice_from(day_format(p->birth, birth)),
                              SLICE_OF(places), slice_from(day_format(p->residence_since, since)),
                              p->address,       p->phone,
                              p->household};
    int rc = sealer_hash(s, HASH_REF, p->ref, ret->ref, e);

    memcpy(places, &p->hukou, sizeof(int64_t));
    memcpy(places + sizeof(int64_t), &p->residence, sizeof(int64_t));
    if (rc == 0 && p->id_no.n)
        rc = sealer_hash(s, HASH_ID_NUMBER, p->id_no, ret->id, e);
    if (rc == 0 && p->phone.n)
        rc = sealer_hash(s, HASH_PHONE, p->phone, ret->phone, e);
    if (rc == 0 && p->household.n)
        rc = sealer_hash(s, HASH_HOUSEHOLD, p->household, ret->household, e);
    if (rc == 0)
        rc = sealer_hash_parts(s, HASH_CONTENT, content, sizeof(content) / sizeof(content[0]),
                               ret->content, e);
    return rc;
}

static struct opt_int day_or_none(day d) { return d == DAY_BEGINNING ? OPT_INT_NONE : opt_int(d); }
static struct opt_int code_or_none(int64_t code) { return code ? opt_int(code) : OPT_INT_NONE; }

static int insert_person(struct people_load *l, const struct person *p, const struct row_hashes *h,
                         struct error *e)
{
    struct deployment *d = l->f.d;
    uint8_t salt[SEAL_SALT_SIZE];
    struct slice sealed;
    int64_t id;
    int rc = subject_new(d, &l->f.subjects, &id, salt, e);

    if (rc == 0)
        rc = person_seal(d->sealer, id, p, &l->f.arena, &sealed, e);
    if (rc == 0)
        rc = sql_person_insert(d->store, id, day_or_none(p->birth),
                               hash_or_none(h->household, p->household), code_or_none(p->hukou),
                               code_or_none(p->residence), day_or_none(p->residence_since),
                               l->f.now, e);
    if (rc == 0)
        rc = sql_person_sealed_insert(d->store, id, SLICE_OF(h->ref), hash_or_none(h->id, p->id_no),
                                      hash_or_none(h->phone, p->phone), SLICE_OF(h->content),
                                      sealed, e);
    if (rc == 0 && p->id_no.n && l->unlinked)
        rc = fact_link(d, h->id, id, salt, e);
    if (rc < 0)
        return rc;
    struct register_entry *entry = register_add(&l->map, h->ref, id);
    memcpy(entry->content, h->content, sizeof(entry->content));
    entry->seen = true;
    register_set_id(&l->map, entry, p->id_no.n ? h->id : NULL);
    l->f.totals.added++;
    return 0;
}

/* The person's identity number changed: records follow the number. */
static int follow_id_number(struct people_load *l, struct register_entry *entry,
                            const struct person *p, const struct row_hashes *h, const uint8_t *salt,
                            struct error *e)
{
    struct deployment *d = l->f.d;
    bool had = entry->has_id, has = p->id_no.n > 0;
    int rc = 0;

    if (had == has && (!has || memcmp(entry->id_hash, h->id, SEAL_HASH_SIZE) == 0))
        return 0;
    if (had) {
        uint8_t stand_in_salt[SEAL_SALT_SIZE];
        int64_t stand_in;
        rc = subject_new(d, &l->f.subjects, &stand_in, stand_in_salt, e);
        if (rc == 0)
            rc = fact_unlink(d, entry->id_hash, entry->person_id, salt, stand_in, stand_in_salt, e);
        l->unlinked = true;
    }
    if (rc == 0 && has)
        rc = fact_link(d, h->id, entry->person_id, salt, e);
    if (rc == 0)
        register_set_id(&l->map, entry, has ? h->id : NULL);
    return rc;
}

static int change_person(struct people_load *l, struct register_entry *entry,
                         const struct person *p, const struct row_hashes *h, struct error *e)
{
    struct deployment *d = l->f.d;
    uint8_t salt[SEAL_SALT_SIZE];
    struct sql_salt_of salt_row;
    struct slice sealed;
    bool found;
    int64_t id = entry->person_id;
    int rc = sql_salt_of(d->store, id, &found, &salt_row, e);

    if (rc < 0)
        return rc;
    if (!found) {
        struct error reason = {.language = e->language};
        error_set(&reason, ERR_ERASED, NULL);
        error_hint(&reason, N_("Take the row out, or give the person a new ref."));
        return load_file_refuse(&l->f, PERSON_REF, &reason, e);
    }
    memcpy(salt, salt_row.salt.p, sizeof(salt));
    if ((rc = follow_id_number(l, entry, p, h, salt, e)) < 0 ||
        (rc = sealer_set_subject(d->sealer, salt, e)) < 0 ||
        (rc = person_seal(d->sealer, id, p, &l->f.arena, &sealed, e)) < 0 ||
        (rc = sql_person_keep_version(d->store, id, l->f.now, e)) < 0)
        return rc;
    rc = sql_person_update(d->store, id, day_or_none(p->birth),
                           hash_or_none(h->household, p->household), code_or_none(p->hukou),
                           code_or_none(p->residence), day_or_none(p->residence_since), l->f.now,
                           e);
    if (rc == 0)
        rc = sql_person_sealed_update(d->store, id, hash_or_none(h->id, p->id_no),
                                      hash_or_none(h->phone, p->phone), SLICE_OF(h->content),
                                      sealed, e);
    memcpy(entry->content, h->content, sizeof(entry->content));
    entry->ended = false;
    entry->seen = true;
    l->f.totals.changed++;
    return rc;
}

/* Somebody who has left the register held the number: it is free again, and its records wait. */
static int release_number(struct people_load *l, struct register_entry *holder, struct error *e)
{
    struct deployment *d = l->f.d;
    uint8_t salt[SEAL_SALT_SIZE], stand_in_salt[SEAL_SALT_SIZE];
    struct sql_salt_of row;
    int64_t stand_in;
    bool found;
    int rc = sql_salt_of(d->store, holder->person_id, &found, &row, e);

    if (rc == 0 && found) {
        memcpy(salt, row.salt.p, sizeof(salt));
        rc = subject_new(d, &l->f.subjects, &stand_in, stand_in_salt, e);
        if (rc == 0)
            rc = fact_unlink(d, holder->id_hash, holder->person_id, salt, stand_in, stand_in_salt,
                             e);
    }
    if (rc == 0)
        rc = sql_person_release_id_number(d->store, holder->person_id, e);
    if (rc == 0)
        register_set_id(&l->map, holder, NULL);
    l->unlinked = true;
    return rc;
}

/* One good row: is it new, changed, the same, or in conflict with another? */
static int take_person(struct people_load *l, const struct person *p, struct error *e)
{
    struct error reason = {.language = e->language};
    struct row_hashes h = {0};
    int rc = hash_row(l->f.d->sealer, p, &h, e);

    if (rc < 0)
        return rc;
    struct register_entry *entry = register_by_ref(&l->map, h.ref);
    bool same = entry && !entry->ended &&
                memcmp(entry->content, h.content, sizeof(entry->content)) == 0;
    if (same) {
        entry->seen = true;
        l->f.totals.unchanged++;
        return 0;
    }
    if (entry && entry->seen) {
        error_set(&reason, ERR_CONFLICT, N_("an earlier row of this file has the same ref"));
        error_hint(&reason, N_("A ref names one person; keep the right row."));
        return load_file_refuse(&l->f, PERSON_REF, &reason, e);
    }
    struct register_entry *holder = p->id_no.n ? register_by_id(&l->map, h.id) : NULL;
    if (holder && holder != entry && holder->ended) {
        if ((rc = release_number(l, holder, e)) < 0)
            return rc;
    } else if (holder && holder != entry) {
        error_set(&reason, ERR_CONFLICT, N_("another person holds this identity number"));
        error_hint(&reason, N_("One of the two refs is wrong, or both are one person."));
        return load_file_refuse(&l->f, PERSON_ID_NO, &reason, e);
    }
    return entry ? change_person(l, entry, p, &h, e) : insert_person(l, p, &h, e);
}

static int end_absent(struct people_load *l, struct error *e)
{
    int rc = 0;

    for (size_t i = 0; i < l->map.count && rc == 0; i++)
        if (!l->map.entries[i].seen && !l->map.entries[i].ended) {
            rc = sql_person_end(l->f.d->store, l->map.entries[i].person_id, l->f.now, e);
            l->f.totals.ended++;
        }
    return rc;
}

static int prepare(struct people_load *l, struct error *e)
{
    struct sql_record_any_unlinked unlinked;
    int rc = division_tree_read(l->f.d->store, &l->lasting, &l->divisions, e);

    if (rc == 0)
        rc = register_read(l->f.d, &l->map, e);
    if (rc == 0)
        rc = sql_record_any_unlinked(l->f.d->store, &l->unlinked, &unlinked, e);
    if (rc == 0 && l->divisions.count == 0 && l->f.options->warn)
        l->f.options->warn(l->f.options->refusals.context,
                           N_("no divisions are loaded: codes are checked for their form only%s"),
                           SLICE_LITERAL(""));
    return rc;
}

int load_people(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                struct error *e)
{
    struct people_load l = {0};
    struct slice cells[PERSON_COLUMN_COUNT];
    struct person person;
    int column = -1;
    int rc = load_file_begin(&l.f, d, o, person_columns, e);

    if (rc == 0)
        rc = prepare(&l, e);
    while (rc >= 0 && (rc = load_file_next(&l.f, cells, e)) > 0) {
        struct error reason = {.language = e->language};
        if (person_check(cells, &l.divisions, &l.f.arena, &person, &column, &reason) < 0)
            rc = load_file_refuse(&l.f, column, &reason, e);
        else
            rc = take_person(&l, &person, e);
    }
    if (rc == 0 && load_file_ends_absent(&l.f))
        rc = end_absent(&l, e);
    register_end(&l.map);
    arena_end(&l.lasting);
    return load_file_end(&l.f, rc, ret, e);
}
