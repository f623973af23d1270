/* Loading the register: upsert, history, --full, what is refused, and records that follow an identity
 * number from person to person. */
#include "scene.h"

#include "people/fact.h"
#include "people/person.h"
#include "people/quarantine.h"
#include "store/sql_person.h"
#include "store/sql_record.h"
#include "store/sql_salt.h"

#include <string.h>

static void totals_are(struct load_totals t, uint64_t added, uint64_t changed, uint64_t unchanged,
                       uint64_t ended, uint64_t refused)
{
    char got[120], want[120];

    snprintf(got, sizeof got, "added %d changed %d unchanged %d ended %d refused %d", (int)t.added,
             (int)t.changed, (int)t.unchanged, (int)t.ended, (int)t.refused);
    snprintf(want, sizeof want, "added %d changed %d unchanged %d ended %d refused %d", (int)added,
             (int)changed, (int)unchanged, (int)ended, (int)refused);
    assert_string_equal(got, want);
}

/* A row of people.csv of which only these matter. */
static const char *person_row(struct scene *s, const char *ref, const char *id_no, const char *name)
{
    return arena_printf(&s->arena, "%s,%s,%s,,,,,,,,\n", ref, id_no, name);
}

static const char *people(struct scene *s, const char *a, const char *b, const char *c)
{
    return arena_printf(&s->arena, "%s%s%s%s", PEOPLE_HEADER, a, b, c);
}

static const char *name_of(struct scene *s, const char *ref)
{
    struct sql_person_sealed_of row;
    struct person p;
    bool found;
    int64_t id = scene_person(s, ref);

    OK(s, sql_person_sealed_of(s->d->store, id, &found, &row, &s->e));
    assert_true(found);
    OK(s, person_open(s->d->sealer, (const uint8_t *)row.salt.p, id, row.sealed, &s->arena, &p,
                      &s->e));
    return arena_string(&s->arena, p.name);
}

static bool ended(struct scene *s, const char *ref)
{
    struct sql_person_by_ref row;
    uint8_t hash[SEAL_HASH_SIZE];
    bool found;

    OK(s, sealer_hash(s->d->sealer, HASH_REF, slice_from(ref), hash, &s->e));
    OK(s, sql_person_by_ref(s->d->store, SLICE_OF(hash), &found, &row, &s->e));
    assert_true(found);
    return row.ended_at.set;
}

#define VERSIONS "SELECT count(*) FROM person_version"
#define SCREEN_ALL "SELECT screen_all FROM deployment"

static void upsert_and_history(void **state)
{
    struct scene *s = scene_of(state);
    const char *first = people(s, person_row(s, "a", "", "one"), person_row(s, "b", "", "two"), "");

    totals_are(scene_load(s, load_people, false, first), 2, 0, 0, 0, 0);
    int64_t a = scene_person(s, "a");
    totals_are(scene_load(s, load_people, false, first), 0, 0, 2, 0, 0);
    assert_int_equal(scene_count(s, VERSIONS), 0);
    totals_are(
        scene_load(s, load_people, false,
                   people(s, person_row(s, "a", "", "uno"), person_row(s, "c", "", "tre"), "")),
        1, 1, 0, 0, 0);
    assert_int_equal(scene_person(s, "a"), a);
    assert_string_equal(name_of(s, "a"), "uno");
    assert_string_equal(name_of(s, "b"), "two");
    assert_int_equal(scene_count(s, VERSIONS), 1);
    assert_int_equal(scene_count(s, SCREEN_ALL) != 0, 1);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM person_version v JOIN person p ON p.id = "
                                    "v.person_id WHERE v.known_to <> p.known_from"),
                     0);
    /* Any column is news, whatever the order of the columns in the file. */
    totals_are(
        scene_load(s, load_people, false,
                   "name,ref,phone,address,residence_since,residence_division,hukou_division,"
                   "birth_date,sex,id_no\nuno,a,13800138000,,,,,,,\n"),
        0, 1, 0, 0, 0);
    assert_int_equal(scene_count(s, VERSIONS), 2);
}

static void full(void **state)
{
    struct scene *s = scene_of(state);
    const char *two = people(s, person_row(s, "a", "", "one"), person_row(s, "b", "", "two"), "");
    const char *one = people(s, person_row(s, "b", "", "two"), "", "");

    scene_load(s, load_people, false, two);
    totals_are(scene_load(s, load_people, false, one), 0, 0, 1, 0, 0);
    assert_false(ended(s, "a"));
    totals_are(scene_load(s, load_people, true, one), 0, 0, 1, 1, 0);
    assert_true(ended(s, "a"));
    assert_false(ended(s, "b"));
    totals_are(scene_load(s, load_people, true, one), 0, 0, 1, 0, 0); /* ended once */
    totals_are(scene_load(s, load_people, true, two), 0, 1, 1, 0, 0); /* and back */
    assert_false(ended(s, "a"));
    /* A refused row does not say whom it meant: nobody ends until the file is whole. */
    totals_are(
        scene_load(s, load_people, true,
                   people(s, person_row(s, "a", "123", "one"), person_row(s, "b", "", "two"), "")),
        0, 0, 1, 0, 1);
}

static void refused_rows(void **state)
{
    struct scene *s = scene_of(state);
    struct scene_id_number n = scene_id_number("1980-02-03", 1);
    char text[2048];

    snprintf(text, sizeof text,
             PEOPLE_HEADER "a,%s,one,,,,,,,,\n"
                           "b,%s,two,,,,,,,,\n"   /* holds the number of another */
                           "a,%s,three,,,,,,,,\n" /* the ref of an earlier row */
                           "a,%s,one,,,,,,,,\n"   /* the same row again does no harm */
                           "c,,four,X,,,,,,,\n"
                           "d,\"five\"x,,,,,,,,,\n"
                           "e,,six,,1980-02-30,,,,,,\n"
                           "f,,seven,,,,,,,,\n",
             n.text, n.text, n.text, n.text);
    totals_are(scene_load(s, load_people, false, text), 2, 0, 1, 0, 5);
    assert_string_equal(s->refusals, "3 id_no HM-3108\n4 ref HM-3108\n6 sex HM-3101\n7 - HM-3001\n"
                                     "8 birth_date HM-3102\n");
    assert_string_equal(name_of(s, "a"), "one");
    assert_int_equal(scene_person(s, "b"), 0);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine"), 5);
}

static void nothing_half_done(void **state)
{
    struct scene *s = scene_of(state);
    struct load_totals totals;
    struct load_options o = {.path = scene_file(s, "ref,name\na,one\n")};

    assert_int_equal(load_people(s->d, &o, &totals, &s->e), -ERR_COLUMN_MISSING);
    o.path = scene_file(s, "");
    assert_int_equal(load_people(s->d, &o, &totals, &s->e), -ERR_FILE_EMPTY);
    o.path = "/nowhere/people.csv";
    assert_int_equal(load_people(s->d, &o, &totals, &s->e), -ERR_IO);
    assert_int_equal(load_relations(s->d, &o, &totals, &s->e), -ERR_IO);
    assert_int_equal(load_divisions(s->d, &o, &totals, &s->e), -ERR_IO);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM person"), 0);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM delivery"), 0);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine"), 0);
    totals_are(scene_load(s, load_people, false, PEOPLE_HEADER), 0, 0, 0, 0, 0);
}

static void divisions(void **state)
{
    struct scene *s = scene_of(state);
    static const char tree[] = "code,name,level,parent\n"
                               "999900000000,a city,city,\n"
                               "999901000000,a county,county,999900000000\n"
                               "999901001000,a town,town,999901000000\n"
                               "9999,short,town,\n"
                               "999901002000,,town,999901000000\n"
                               "999901003000,a hamlet,hamlet,999901000000\n"
                               "999901004000,a town,town,somewhere\n";

    scene_load(s, load_people, false, PEOPLE_HEADER "x,,x,,,999901009000,,,,,\n");
    assert_true(strlen(s->warnings) > 0 || s->warnings[0] == '\n');
    totals_are(scene_load(s, load_divisions, false, tree), 3, 0, 0, 0, 4);
    assert_string_equal(s->refusals,
                        "5 code HM-3104\n6 name HM-3101\n7 level HM-3101\n8 parent HM-3104\n");
    totals_are(scene_load(s, load_people, false,
                          PEOPLE_HEADER "a,,one,,,999901001000,,,,,\nb,,two,,,,999901009000,,,,\n"),
               1, 0, 0, 0, 1);
    assert_string_equal(s->refusals, "3 residence_division HM-3104\n");
}

static void relations(void **state)
{
    struct scene *s = scene_of(state);

    scene_load(s, load_people, false,
               PEOPLE_HEADER "c,,child,,2015-03-01,,,,,,\nf,,father,,1985-03-01,,,,,,\n"
                             "m,,mother,,,,,,,,\ng,,grandfather,,1955-01-01,,,,,,\n");
    totals_are(scene_load(s, load_relations, false,
                          RELATIONS_HEADER "c,f,father,,\nc,m,mother,2015-03-01,\nf,g,father,,\n"),
               3, 0, 0, 0, 0);
    totals_are(scene_load(s, load_relations, false,
                          RELATIONS_HEADER "c,f,father,,\nc,m,mother,2015-03-01,2020-01-01\n"
                                           "c,f,guardian,,\n"),
               1, 1, 1, 0, 0);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM kin"), 5);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM kin WHERE known_to IS NULL"), 4);
    totals_are(scene_load(s, load_relations, false,
                          RELATIONS_HEADER "g,c,father,,\n"   /* a cycle over two steps */
                                           "c,c,sibling,,\n"  /* nobody is their own */
                                           "g,c,relative,,\n" /* but a relative is no ancestor */
                                           "x,f,father,,\nc,x,father,,\n"
                                           "m,g,father,,\n" /* a child with no birth date */
                                           "c,f,aunt,,\n"
                                           "c,f,father,2016-02-30,\n"
                                           "c,f,father,,2015-03-01\n" /* ends on the day of birth */
                                           "c,f,father,2016-01-01,2016-01-01\n"),
               1, 0, 0, 0, 9);
    assert_string_equal(s->refusals,
                        "2 person_ref HM-3106\n3 person_ref HM-3106\n5 child_ref HM-3105\n"
                        "6 person_ref HM-3105\n7 child_ref HM-3105\n8 relation HM-3101\n"
                        "9 from HM-3102\n10 to HM-3107\n11 to HM-3107\n");
    totals_are(scene_load(s, load_relations, true, RELATIONS_HEADER "c,f,father,,\n"), 0, 0, 1, 4,
               0);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM kin WHERE known_to IS NULL"), 1);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM kin"), 6);
}

/* A relation that was entered the wrong way round is mended by the whole file. */
static void relations_turned_round(void **state)
{
    struct scene *s = scene_of(state);

    scene_load(s, load_people, false,
               PEOPLE_HEADER "c,,child,,2015-03-01,,,,,,\nf,,father,,1985-03-01,,,,,,\n");
    scene_load(s, load_relations, false, RELATIONS_HEADER "f,c,father,,\n");
    totals_are(scene_load(s, load_relations, true, RELATIONS_HEADER "c,f,father,,\n"), 1, 0, 0, 1,
               0);
}

/* ---- records follow the number ----------------------------------------------------------------------- */

/* A record of somebody who has this number, as intake stores it: about the person of the register, or
 * about a stand-in. */
static void give_record(struct scene *s, const char *key, const char *id_no, const char *value)
{
    struct id_source subjects, records = {0};
    struct sql_record_last last;
    struct sql_person_by_id_hashes person;
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct record r = {.key = slice_from(key),
                       .department = SLICE_LITERAL("health"),
                       .kind = KIND_SERIOUS_ILLNESS,
                       .id_no = slice_from(id_no),
                       .value = slice_from(value),
                       .name = SLICE_LITERAL("n"),
                       .note = SLICE_LITERAL("the note"),
                       .division = SLICE_LITERAL(""),
                       .birth = DAY_BEGINNING};
    uint8_t id_hash[SEAL_HASH_SIZE], key_hash[SEAL_HASH_SIZE], salt[SEAL_SALT_SIZE];
    struct slice fact, envelope, one = SLICE_OF(id_hash);
    int64_t id, subject;
    bool found;

    OK(s, store_begin(s->d->store, &s->e));
    OK(s, subject_ids_begin(s->d, &subjects, &s->e));
    OK(s, sql_record_last(s->d->store, &found, &last, &s->e));
    records.last = found ? last.id : 0;
    OK(s, sealer_hash(s->d->sealer, HASH_ID_NUMBER, r.id_no, id_hash, &s->e));
    OK(s, sealer_hash(s->d->sealer, HASH_RECORD_KEY, r.key, key_hash, &s->e));
    OK(s, sql_person_by_id_hashes(s->d->store, &one, 1, &rows, &s->e));
    bool linked = OK(s, sql_person_by_id_hashes_next(&rows, &person, &s->e)) > 0;
    if (linked) {
        subject = person.person_id;
        OK(s, sealer_set_subject(s->d->sealer, (const uint8_t *)person.salt.p, &s->e));
    } else {
        OK(s, subject_new(s->d, &subjects, &subject, salt, &s->e));
    }
    OK(s, id_source_next(&records, s->d->sealer, &id, &s->e));
    OK(s, fact_seal(s->d->sealer, id, &r, &s->arena, &fact, &envelope, &s->e));
    OK(s,
       sql_record_insert(s->d->store, id, subject, linked, SLICE_OF(key_hash), SLICE_OF(key_hash),
                         one, SLICE_NONE, OPT_INT_NONE, false, opt_int(19000), OPT_INT_NONE, 1,
                         OPT_INT_NONE, OPT_INT_NONE, 1, 2, fact, envelope, &s->e));
    OK(s, store_commit(s->d->store, &s->e));
}

#define ILL(value) "serious_illness " value " 2022-01-08 \n"
#define WAITING "SELECT count(*) FROM record WHERE linked = 0"

static void records_follow(void **state)
{
    struct scene *s = scene_of(state);
    struct scene_id_number one = scene_id_number("1980-02-03", 1),
                           two = scene_id_number("1980-02-03", 3);

    give_record(s, "k1", one.text, "first");
    give_record(s, "k2", one.text, "second");
    give_record(s, "k3", two.text, "third");
    assert_int_equal(scene_count(s, WAITING), 3);
    scene_load(s, load_people, false, people(s, person_row(s, "a", one.text, "one"), "", ""));
    int64_t a = scene_person(s, "a");
    assert_string_equal(scene_facts(s, a), ILL("first") ILL("second"));
    assert_int_equal(scene_count(s, WAITING), 1);

    /* Another number: the old records wait, those of the new one come. */
    scene_load(s, load_people, false, people(s, person_row(s, "a", two.text, "one"), "", ""));
    assert_string_equal(scene_facts(s, a), ILL("third"));
    assert_int_equal(scene_count(s, WAITING), 2);
    give_record(s, "k4", two.text, "fourth");
    give_record(s, "k5", one.text, "fifth"); /* on a stand-in of its own */
    assert_string_equal(scene_facts(s, a), ILL("fourth") ILL("third"));

    /* Somebody else has the first number: what waited is about that person. */
    scene_load(s, load_people, false, people(s, person_row(s, "b", one.text, "two"), "", ""));
    int64_t b = scene_person(s, "b");
    assert_string_equal(scene_facts(s, b), ILL("fifth") ILL("first") ILL("second"));
    assert_string_equal(scene_facts(s, a), ILL("fourth") ILL("third"));

    /* None at all, then back. */
    scene_load(s, load_people, false, people(s, person_row(s, "a", "", "one"), "", ""));
    assert_string_equal(scene_facts(s, a), "");
    assert_int_equal(scene_count(s, WAITING), 2);
    scene_load(s, load_people, false, people(s, person_row(s, "a", two.text, "one"), "", ""));
    assert_string_equal(scene_facts(s, a), ILL("fourth") ILL("third"));

    /* Handed on within one file. */
    scene_load(s, load_people, false,
               people(s, person_row(s, "a", "", "one"), person_row(s, "b", two.text, "two"),
                      person_row(s, "c", one.text, "three")));
    assert_string_equal(s->refusals, "");
    assert_string_equal(scene_facts(s, a), "");
    assert_string_equal(scene_facts(s, b), ILL("fourth") ILL("third"));
    assert_string_equal(scene_facts(s, scene_person(s, "c")),
                        ILL("fifth") ILL("first") ILL("second"));
    assert_int_equal(scene_count(s, WAITING), 0);
}

/* Who has left the register lets go of the number when another comes with it. */
static void number_of_who_left(void **state)
{
    struct scene *s = scene_of(state);
    struct scene_id_number one = scene_id_number("1980-02-03", 1);

    scene_load(s, load_people, false,
               people(s, person_row(s, "a", one.text, "one"), person_row(s, "b", "", "two"), ""));
    give_record(s, "k1", one.text, "first");
    int64_t a = scene_person(s, "a"), b = scene_person(s, "b");
    scene_load(s, load_people, true, people(s, person_row(s, "b", "", "two"), "", ""));
    assert_string_equal(scene_facts(s, a), ILL("first"));
    totals_are(
        scene_load(s, load_people, false, people(s, person_row(s, "b", one.text, "two"), "", "")),
        0, 1, 0, 0, 0);
    assert_string_equal(scene_facts(s, a), "");
    assert_string_equal(scene_facts(s, b), ILL("first"));
    /* The one who left comes back with the number that is another's now. */
    totals_are(
        scene_load(s, load_people, false, people(s, person_row(s, "a", one.text, "one"), "", "")),
        0, 0, 0, 0, 1);
    totals_are(scene_load(s, load_people, false, people(s, person_row(s, "a", "", "one"), "", "")),
               0, 1, 0, 0, 0);
    assert_string_equal(scene_facts(s, b), ILL("first"));
}

/* The envelope moves with the fact. */
static void envelope_moves(void **state)
{
    struct scene *s = scene_of(state);
    struct scene_id_number one = scene_id_number("1980-02-03", 1);
    struct sql_record_last last;
    struct sql_record_envelope row;
    struct fact_envelope envelope;
    bool found;

    give_record(s, "k1", one.text, "first");
    scene_load(s, load_people, false, people(s, person_row(s, "a", one.text, "one"), "", ""));
    OK(s, sql_record_last(s->d->store, &found, &last, &s->e));
    int64_t a = scene_person(s, "a");
    OK(s, sql_record_envelope(s->d->store, last.id, &found, &row, &s->e));
    assert_int_equal(row.subject_id, a);
    OK(s, fact_open_envelope(s->d->sealer, (const uint8_t *)row.salt.p, last.id, row.envelope,
                             &s->arena, &envelope, &s->e));
    assert_true(slice_is(envelope.key, "k1") && slice_is(envelope.department, "health"));
    assert_true(slice_is(envelope.note, "the note") && slice_is(envelope.id_no, one.text));
}

/* Who was erased is not brought back by a file, and does not keep the rest of it out. */
static void erased_person(void **state)
{
    struct scene *s = scene_of(state);
    struct load_totals totals = {0};
    struct load_options o = {.path = scene_file(s, people(s, person_row(s, "a", "", "changed"),
                                                          person_row(s, "b", "", "new"), "")),
                             .refusals = scene_sink(s)};

    scene_load(s, load_people, false, people(s, person_row(s, "a", "", "one"), "", ""));
    OK(s, sql_salt_drop(s->d->store, scene_person(s, "a"), &s->e));
    o.refusals = scene_sink(s);
    OK(s, load_people(s->d, &o, &totals, &s->e));
    totals_are(totals, 1, 0, 0, 0, 1);
    assert_string_equal(name_of(s, "b"), "new");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(upsert_and_history),     EACH(full),           EACH(refused_rows),
        EACH(nothing_half_done),      EACH(divisions),      EACH(relations),
        EACH(relations_turned_round), EACH(records_follow), EACH(number_of_who_left),
        EACH(envelope_moves),         EACH(erased_person),
    };
    return cmocka_run_group_tests_name("loading the register", tests, NULL, NULL);
}
