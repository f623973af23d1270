#include "people/person.h"

#include "people/id_number.h"
#include "access/packed.h"
#include "people/record.h"

const char *const person_columns[PERSON_COLUMN_COUNT + 1] = {"ref",
                                                             "id_no",
                                                             "name",
                                                             "sex",
                                                             "birth_date",
                                                             "hukou_division",
                                                             "residence_division",
                                                             "residence_since",
                                                             "address",
                                                             "phone",
                                                             "?household",
                                                             NULL};

#define REF_MAX 128
#define NAME_MAX 256
#define TEXT_MAX 4096

static int refuse(struct error *e, int *ret_column, enum person_column column, enum error_code code,
                  const char *why, const char *hint)
{
    const char *name = person_columns[column];

    if (ret_column)
        *ret_column = column;
    error_set(e, code, N_("column %s: %s"), name[0] == '?' ? name + 1 : name,
              text_in(e ? e->language : LANGUAGE_EN, why));
    return hint ? error_hint(e, "%s", text_in(e ? e->language : LANGUAGE_EN, hint)) : -(int)code;
}

static int check_texts(struct slice *c, struct arena *arena, int *column, struct error *e)
{
    for (int i = 0; i < PERSON_COLUMN_COUNT; i++) {
        size_t most = i == PERSON_REF || i == PERSON_HOUSEHOLD ? REF_MAX
                      : i == PERSON_NAME                       ? NAME_MAX
                                                               : TEXT_MAX;
        if (c[i].n > most)
            return refuse(e, column, (enum person_column)i, ERR_TOO_LONG, N_("it is too long"),
                          NULL);
        c[i] = arena_copy(arena, c[i]);
    }
    if (c[PERSON_REF].n == 0)
        return refuse(e, column, PERSON_REF, ERR_VALUE, N_("it is empty"),
                      N_("Each person needs the district's own key."));
    for (int i = PERSON_REF; i <= PERSON_NAME; i++)
        if (cell_is_formula(c[i]))
            return refuse(e, column, (enum person_column)i, ERR_FORMULA_CELL,
                          N_("it begins like a formula"),
                          N_("Export the sheet as text, without formulas."));
    if (cell_is_formula(c[PERSON_ADDRESS]) || cell_is_formula(c[PERSON_HOUSEHOLD]))
        return refuse(e, column,
                      cell_is_formula(c[PERSON_ADDRESS]) ? PERSON_ADDRESS : PERSON_HOUSEHOLD,
                      ERR_FORMULA_CELL, N_("it begins like a formula"),
                      N_("Export the sheet as text, without formulas."));
    return 0;
}

static int check_identity(const struct slice *c, struct arena *arena, struct person *p, int *column,
                          struct error *e)
{
    struct id_number id;

    if (slice_is(c[PERSON_SEX], "M") || slice_is(c[PERSON_SEX], "F"))
        p->sex = c[PERSON_SEX].p[0];
    else if (c[PERSON_SEX].n > 0)
        return refuse(e, column, PERSON_SEX, ERR_VALUE, N_("write M, F or nothing"), NULL);
    if (c[PERSON_BIRTH_DATE].n > 0 && !day_parse(c[PERSON_BIRTH_DATE], &p->birth))
        return refuse(e, column, PERSON_BIRTH_DATE, ERR_DATE, N_("no such day"),
                      N_("Write it as 2015-03-01."));
    enum id_number_fault fault = id_number_check(c[PERSON_ID_NO], &id);
    if (fault == ID_NUMBER_EMPTY)
        return 0;
    if (fault != ID_NUMBER_GOOD)
        return refuse(e, column, PERSON_ID_NO, ERR_ID_NUMBER, id_number_fault_text(fault),
                      N_("Compare it with the paper; leave it empty for a child with no paper."));
    if (!id_number_agrees_birth(&id, p->birth))
        return refuse(e, column, PERSON_BIRTH_DATE, ERR_ID_NUMBER,
                      N_("it contradicts the identity number"), N_("One of the two is wrong."));
    if (!id_number_agrees_sex(&id, p->sex))
        return refuse(e, column, PERSON_SEX, ERR_ID_NUMBER,
                      N_("it contradicts the identity number"), N_("One of the two is wrong."));
    p->id_no = arena_copy(arena, slice_from(id.text));
    p->birth = id.birth;
    p->sex = id.sex;
    return 0;
}

static int check_place(const struct slice *c, const struct division_tree *divisions,
                       struct person *p, int *column, struct error *e)
{
    const enum person_column places[2] = {PERSON_HUKOU, PERSON_RESIDENCE};
    int64_t *codes[2] = {&p->hukou, &p->residence};

    for (int i = 0; i < 2; i++) {
        if (c[places[i]].n == 0)
            continue;
        if (!division_parse(c[places[i]], codes[i]))
            return refuse(e, column, places[i], ERR_DIVISION,
                          N_("a division is a code of 12 digits"), NULL);
        if (!division_exists(divisions, *codes[i]))
            return refuse(e, column, places[i], ERR_DIVISION, N_("no such division"),
                          N_("Codes change yearly: look it up in the tree that was loaded."));
    }
    if (c[PERSON_RESIDENCE_SINCE].n > 0 &&
        !day_parse(c[PERSON_RESIDENCE_SINCE], &p->residence_since))
        return refuse(e, column, PERSON_RESIDENCE_SINCE, ERR_DATE, N_("no such day"),
                      N_("Write it as 2015-03-01."));
    return 0;
}

/* A number that is no telephone number is kept as it stands: a child is not left out for it. */
static struct slice phone_of(struct slice raw, struct arena *arena)
{
    char text[PHONE_SIZE];

    return phone_normalise(raw, text) ? arena_copy(arena, slice_from(text)) : raw;
}

int person_check(const struct slice cells[PERSON_COLUMN_COUNT],
                 const struct division_tree *divisions, struct arena *arena, struct person *ret,
                 int *ret_column, struct error *e)
{
    struct slice c[PERSON_COLUMN_COUNT];
    struct person p = {.birth = DAY_BEGINNING, .residence_since = DAY_BEGINNING};
    int rc;

    for (int i = 0; i < PERSON_COLUMN_COUNT; i++)
        c[i] = slice_trim(cells[i].p ? cells[i] : SLICE_LITERAL(""));
    if ((rc = check_texts(c, arena, ret_column, e)) < 0)
        return rc;
    p.ref = c[PERSON_REF];
    p.name = c[PERSON_NAME];
    p.address = c[PERSON_ADDRESS];
    p.household = c[PERSON_HOUSEHOLD];
    p.phone = phone_of(c[PERSON_PHONE], arena);
    if ((rc = check_identity(c, arena, &p, ret_column, e)) < 0 ||
        (rc = check_place(c, divisions, &p, ret_column, e)) < 0)
        return rc;
    *ret = p;
    return 0;
}

static struct seal_place place_of(int64_t person_id)
{
    return (struct seal_place){SLICE_LITERAL("person_sealed.sealed"), person_id};
}

enum { FIELD_REF, FIELD_NAME, FIELD_ID_NO, FIELD_SEX, FIELD_ADDRESS, FIELD_PHONE, FIELD_COUNT };

int person_seal(struct sealer *sealer, int64_t person_id, const struct person *person,
                struct arena *arena, struct slice *ret, struct error *e)
{
    struct slice fields[FIELD_COUNT] = {
        [FIELD_REF] = person->ref,         [FIELD_NAME] = person->name,
        [FIELD_ID_NO] = person->id_no,     [FIELD_SEX] = {&person->sex, person->sex ? 1 : 0},
        [FIELD_ADDRESS] = person->address, [FIELD_PHONE] = person->phone};

    return sealer_seal_arena(sealer, place_of(person_id), packed_from(fields, FIELD_COUNT, arena),
                             arena, ret, e);
}

int person_open(struct sealer *sealer, const uint8_t salt[SEAL_SALT_SIZE], int64_t person_id,
                struct slice sealed, struct arena *arena, struct person *ret, struct error *e)
{
    struct slice plain, f[FIELD_COUNT];
    int rc = sealer_set_subject(sealer, salt, e);

    if (rc == 0)
        rc = sealer_open(sealer, place_of(person_id), sealed, arena, &plain, e);
    if (rc < 0)
        return rc;
    if (!packed_read(plain, f, FIELD_COUNT))
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    *ret = (struct person){.ref = f[FIELD_REF],
                           .name = f[FIELD_NAME],
                           .id_no = f[FIELD_ID_NO],
                           .address = f[FIELD_ADDRESS],
                           .phone = f[FIELD_PHONE],
                           .sex = f[FIELD_SEX].n ? f[FIELD_SEX].p[0] : 0,
                           .birth = DAY_BEGINNING,
                           .residence_since = DAY_BEGINNING};
    return 0;
}
