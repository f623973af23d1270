#include "people/record.h"

#include "people/icd10.h"
#include "people/id_number.h"

#include <stdio.h>

enum value_form {
    VALUE_NONE,
    VALUE_ANY,
    VALUE_DEATH,
    VALUE_DISABILITY,
    VALUE_TERM,
    VALUE_CONTACT,
    VALUE_PARTY,
    VALUE_DIVISION,
    VALUE_ICD,
    VALUE_INSTRUMENT
};

static const struct kind {
    const char *name;
    enum value_form value;
    bool household;
} kinds[KIND_COUNT] = {
#define KIND(symbol, spelling, value, household) [KIND_##symbol] = {#spelling, value, household},
#include "people/kinds.def"
#undef KIND
};

const char *const record_columns[RECORD_COLUMN_COUNT + 1] = {
    "record_key", "department", "kind",  "id_no", "name",      "birth_date", "division",
    "from",       "to",         "value", "note",  "?revision", NULL};

static const char *const departments[] = {"civil_affairs",
                                          "public_security",
                                          "education",
                                          "health",
                                          "justice",
                                          "court",
                                          "procuratorate",
                                          "disabled_federation",
                                          "womens_federation",
                                          "medical_insurance",
                                          "human_resources",
                                          "youth_league",
                                          "town"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* An identity number, or the number of another paper. */
#define PAPER_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz()-/"
#define KEY_MAX 256
#define TEXT_MAX 4096

static bool one_of(struct slice s, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(s, names[i]))
            return true;
    return false;
}

bool department_known(struct slice s) { return one_of(s, departments, COUNT(departments)); }

enum record_kind record_kind_parse(struct slice s)
{
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++)
        if (slice_is(s, kinds[k].name))
            return (enum record_kind)k;
    return KIND_NONE;
}

const char *record_kind_name(enum record_kind kind)
{
    return kind > KIND_NONE && kind < KIND_COUNT ? kinds[kind].name : "";
}

bool record_kind_is_of_household(enum record_kind kind) { return kinds[kind].household; }

bool cell_is_formula(struct slice s) { return s.n > 0 && strchr("=+-@\t\r", s.p[0]) != NULL; }

/* Revisions: an integer, or an RFC 3339 time, which becomes microseconds since 1970. */
static bool parse_integer(struct slice s, int64_t *ret)
{
    size_t i = s.n > 0 && s.p[0] == '-' ? 1 : 0;
    int64_t v = 0;

    if (s.n == i || s.n - i > 18)
        return false;
    for (size_t j = i; j < s.n; j++) {
        if (s.p[j] < '0' || s.p[j] > '9')
            return false;
        v = v * 10 + (s.p[j] - '0');
    }
    *ret = i ? -v : v;
    return true;
}

static bool two_digits(const char *p, int max, int *ret)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *ret = (p[0] - '0') * 10 + (p[1] - '0');
    return *ret <= max;
}

static bool parse_offset(struct slice s, int *ret_minutes)
{
    int hours, minutes;

    if (s.n == 1 && (s.p[0] == 'Z' || s.p[0] == 'z')) {
        *ret_minutes = 0;
        return true;
    }
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' ||
        !two_digits(s.p + 1, 23, &hours) || !two_digits(s.p + 4, 59, &minutes))
        return false;
    *ret_minutes = (s.p[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

static bool parse_instant(struct slice s, int64_t *ret)
{
    int hour, minute, second, offset;
    int64_t micros = 0, scale = 100000;
    size_t i = 19;
    day d;

    if (s.n < 20 || !day_parse((struct slice){s.p, 10}, &d) ||
        (s.p[10] != 'T' && s.p[10] != 't' && s.p[10] != ' ') || s.p[13] != ':' || s.p[16] != ':' ||
        !two_digits(s.p + 11, 23, &hour) || !two_digits(s.p + 14, 59, &minute) ||
        !two_digits(s.p + 17, 60, &second))
        return false;
    if (s.p[i] == '.' && i + 1 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '9')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, scale /= 10)
            micros += (s.p[i] - '0') * scale;
    if (!parse_offset((struct slice){s.p + i, s.n - i}, &offset))
        return false;
    *ret = (((int64_t)d * 24 + hour) * 60 + minute - offset) * 60000000 + second * 1000000LL +
           micros;
    return true;
}

static int refuse(struct error *e, int *ret_column, enum record_column column, enum error_code code,
                  const char *why, const char *hint)
{
    const char *name = record_columns[column];

    if (ret_column)
        *ret_column = column;
    error_set(e, code, N_("column %s: %s"), name[0] == '?' ? name + 1 : name,
              text_in(e ? e->language : LANGUAGE_EN, why));
    return hint ? error_hint(e, "%s", text_in(e ? e->language : LANGUAGE_EN, hint)) : -(int)code;
}

/* Reads the value as its kind demands; `ret` may be rewritten. NULL: it is good; else the reason. */
static const char *check_disability(struct slice v)
{
    static const char *const forms[] = {"visual",       "hearing", "speech",  "physical",
                                        "intellectual", "mental",  "multiple"};
    const char *slash = memchr(v.p, '/', v.n);

    if (!slash || !one_of((struct slice){v.p, (size_t)(slash - v.p)}, forms, COUNT(forms)) ||
        slash + 2 != v.p + v.n || slash[1] < '1' || slash[1] > '4')
        return N_("a disability is written KIND/LEVEL, such as mental/3");
    return NULL;
}

static const char *check_party(struct slice v, struct arena *arena, struct slice *ret)
{
    char text[64];
    size_t n = id_number_normalise(v, text, sizeof(text));

    if (n < 5 || n >= sizeof(text) || strspn(text, PAPER_CHARACTERS) != n)
        return N_("the other party's identity number is needed");
    if (n == ID_NUMBER_SIZE && id_number_check(v, NULL) == ID_NUMBER_CHECK_DIGIT)
        return N_("the check digit of the other party's identity number does not fit");
    *ret = arena_copy(arena, (struct slice){text, n});
    return NULL;
}

static const char *check_value(enum record_kind kind, struct slice v, struct arena *arena,
                               struct slice *ret)
{
    struct duration term;

    switch (kinds[kind].value) {
    case VALUE_NONE:
        return v.n == 0 ? NULL : N_("this kind of record has no value; leave it empty");
    case VALUE_DEATH:
        return slice_is(v, "natural") || slice_is(v, "declared") ? NULL
                                                                 : N_("write natural or declared");
    case VALUE_DISABILITY: return check_disability(v);
    case VALUE_TERM:
        return v.n == 0 || duration_parse(v, &term)
                   ? NULL
                   : N_("a term is an ISO 8601 duration, such as P6M or P3Y, or empty");
    case VALUE_CONTACT:
        return slice_is(v, "reported") || slice_is(v, "determined")
                   ? NULL
                   : N_("write reported or determined");
    case VALUE_PARTY: return check_party(v, arena, ret);
    case VALUE_DIVISION:
        return division_code_level(v) > 0 ? NULL : N_("a division is a code of 12 digits");
    case VALUE_ICD: *ret = icd10_block_of(v); return NULL;
    case VALUE_INSTRUMENT:
        return v.n > 2 && memchr(v.p + 1, '/', v.n - 2)
                   ? NULL
                   : N_("a result is written INSTRUMENT/LEVEL");
    case VALUE_ANY: break;
    }
    return NULL;
}

static int check_person(const struct slice *c, struct arena *arena, struct record *r, int *column,
                        struct error *e)
{
    char text[64];
    struct id_number id;
    size_t n = id_number_normalise(c[RECORD_ID_NO], text, sizeof(text));

    if (n >= sizeof(text))
        return refuse(e, column, RECORD_ID_NO, ERR_TOO_LONG, N_("it is too long"), NULL);
    r->id_no = arena_copy(arena, (struct slice){text, n});
    if (c[RECORD_BIRTH_DATE].n > 0 && !day_parse(c[RECORD_BIRTH_DATE], &r->birth))
        return refuse(e, column, RECORD_BIRTH_DATE, ERR_DATE, N_("no such day"),
                      N_("Write it as 2015-03-01, or leave it empty."));
    enum id_number_fault fault = id_number_check(r->id_no, &id);
    if (fault == ID_NUMBER_CHECK_DIGIT || fault == ID_NUMBER_BIRTH_DATE)
        return refuse(e, column, RECORD_ID_NO, ERR_ID_NUMBER, id_number_fault_text(fault),
                      N_("Ask the department for the number as it stands on the paper."));
    if (fault == ID_NUMBER_GOOD && !id_number_agrees_birth(&id, r->birth))
        return refuse(e, column, RECORD_BIRTH_DATE, ERR_ID_NUMBER,
                      N_("it contradicts the identity number"),
                      N_("One of the two is wrong: mend it, or leave the birth date empty."));
    if (c[RECORD_DIVISION].n > 0 && division_code_level(c[RECORD_DIVISION]) == 0)
        return refuse(e, column, RECORD_DIVISION, ERR_DIVISION,
                      N_("a division is a code of 12 digits"), NULL);
    return 0;
}

static int check_period(const struct slice *c, struct record *r, int *column, struct error *e)
{
    r->to = DAY_FOREVER;
    if (c[RECORD_FROM].n == 0)
        return refuse(e, column, RECORD_FROM, ERR_DATE,
                      N_("the day from which it holds is missing"),
                      N_("A record needs its first day."));
    if (!day_parse(c[RECORD_FROM], &r->from))
        return refuse(e, column, RECORD_FROM, ERR_DATE, N_("no such day"),
                      N_("Write it as 2024-06-30."));
    if (c[RECORD_TO].n > 0 && !day_parse(c[RECORD_TO], &r->to))
        return refuse(e, column, RECORD_TO, ERR_DATE, N_("no such day"),
                      N_("Write it as 2024-06-30, or leave it empty while it holds."));
    if (r->to <= r->from)
        return refuse(e, column, RECORD_TO, ERR_INTERVAL, N_("it is not after `from`"),
                      N_("`to` is the first day on which it no longer holds."));
    if (r->kind == KIND_DEAD && slice_is(r->value, "natural") && r->to != DAY_FOREVER)
        return refuse(e, column, RECORD_TO, ERR_VALUE, N_("a natural death has no end"),
                      N_("Only a declaration of death can be revoked."));
    return 0;
}

static int check_identity(const struct slice *c, struct record *r, int *column, struct error *e)
{
    if (c[RECORD_KEY].n == 0)
        return refuse(e, column, RECORD_KEY, ERR_VALUE, N_("it is empty"),
                      N_("Each record needs the number under which the department keeps it."));
    if (c[RECORD_KEY].n > KEY_MAX)
        return refuse(e, column, RECORD_KEY, ERR_TOO_LONG, N_("it is too long"), NULL);
    if (cell_is_formula(c[RECORD_KEY]))
        return refuse(e, column, RECORD_KEY, ERR_FORMULA_CELL, N_("it begins like a formula"),
                      NULL);
    if (!department_known(c[RECORD_DEPARTMENT]))
        return refuse(e, column, RECORD_DEPARTMENT, ERR_VALUE, N_("no such department"),
                      N_("Departments are spelt like civil_affairs, public_security, justice."));
    r->kind = record_kind_parse(c[RECORD_KIND]);
    if (r->kind == KIND_NONE)
        return refuse(e, column, RECORD_KIND, ERR_VALUE, N_("no such kind of record"),
                      N_("`humiao help kinds` lists them."));
    if (cell_is_formula(c[RECORD_NAME]))
        return refuse(e, column, RECORD_NAME, ERR_FORMULA_CELL, N_("it begins like a formula"),
                      NULL);
    if (c[RECORD_REVISION].n > 0) {
        r->revised = parse_integer(c[RECORD_REVISION], &r->revision) ||
                     parse_instant(c[RECORD_REVISION], &r->revision);
        if (!r->revised)
            return refuse(e, column, RECORD_REVISION, ERR_VALUE,
                          N_("it is neither an integer nor a time"),
                          N_("Write 3, or 2024-06-30T08:00:00+08:00."));
    }
    return 0;
}

/* All columns but the key of a withdrawal, which are compared and not checked. */
static struct slice withdrawal_text(const struct slice *c, struct arena *arena)
{
    return slice_from(arena_printf(arena, "%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s",
                                   c[RECORD_ID_NO].p, c[RECORD_NAME].p, c[RECORD_BIRTH_DATE].p,
                                   c[RECORD_DIVISION].p, c[RECORD_FROM].p, c[RECORD_TO].p,
                                   c[RECORD_VALUE].p, c[RECORD_NOTE].p));
}

int record_check(const struct slice cells[RECORD_COLUMN_COUNT], struct arena *arena,
                 struct record *ret, int *ret_column, struct error *e)
{
    struct slice c[RECORD_COLUMN_COUNT];
    struct record r = {.birth = DAY_BEGINNING, .from = DAY_BEGINNING, .to = DAY_FOREVER};
    const char *why;
    int rc;

    for (int i = 0; i < RECORD_COLUMN_COUNT; i++) {
        c[i] = slice_trim(cells[i].p ? cells[i] : SLICE_LITERAL(""));
        if (c[i].n > TEXT_MAX)
            return refuse(e, ret_column, (enum record_column)i, ERR_TOO_LONG, N_("it is too long"),
                          NULL);
        c[i] = arena_copy(arena, c[i]);
    }
    if ((rc = check_identity(c, &r, ret_column, e)) < 0)
        return rc;
    r.key = c[RECORD_KEY];
    r.department = c[RECORD_DEPARTMENT];
    r.name = c[RECORD_NAME];
    r.note = c[RECORD_NOTE];
    r.division = c[RECORD_DIVISION];
    r.value = c[RECORD_VALUE];
    r.id_no = SLICE_LITERAL("");
    r.withdrawn = slice_is(r.value, "retracted");
    if (r.withdrawn) {
        r.withdrawal = withdrawal_text(c, arena);
    } else {
        if ((rc = check_person(c, arena, &r, ret_column, e)) < 0)
            return rc;
        if ((why = check_value(r.kind, c[RECORD_VALUE], arena, &r.value)))
            return refuse(e, ret_column, RECORD_VALUE, ERR_VALUE, why, NULL);
        if ((rc = check_period(c, &r, ret_column, e)) < 0)
            return rc;
    }
    *ret = r;
    return 0;
}
