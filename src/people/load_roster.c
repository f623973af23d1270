/* Teams, helpers and accounts: rows with a key, each column of a declared form. They are kept as they
 * were loaded, sealed, with history; a row of accounts.csv also makes, changes or disables its account. */
#include "access/account.h"
#include "access/packed.h"
#include "access/role.h"
#include "people/division.h"
#include "people/id_number.h"
#include "people/load_file.h"
#include "people/record.h"
#include "store/sql_person.h"
#include "store/sql_roster.h"

#include <math.h>
#include <stdlib.h>

enum roster_kind { TEAM = 1, HELPER = 2, ACCOUNT = 3, ROSTER_KIND_COUNT }; /* stored numbers */

enum form {
    FORM_KEY,
    FORM_ACCOUNT,
    FORM_NAME,
    FORM_TEXT,
    FORM_USCC,
    FORM_DIVISION,
    FORM_FROM,
    FORM_TO,
    FORM_TEAM,
    FORM_SEX,
    FORM_LATITUDE,
    FORM_LONGITUDE,
    FORM_COUNT,
    FORM_NUMBER,
    FORM_ROLE,
    FORM_DEPARTMENT,
    FORM_PHONE,
    FORM_PERSON
};

static const struct column {
    enum roster_kind kind;
    const char *name;
    enum form form;
} all_columns[] = {
#define COLUMN(kind, name, form) {kind, name, form},
#include "people/roster.def"
#undef COLUMN
};

/* The columns of accounts.csv, in the order of roster.def. */
enum account_column {
    AT_ACCOUNT,
    AT_NAME,
    AT_ROLE,
    AT_DIVISION,
    AT_DEPARTMENT,
    AT_TEAM,
    AT_PHONE,
    AT_PERSON,
    AT_COUNT
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEXT_MAX 4096

struct roster_load {
    struct load_file f;
    enum roster_kind kind;
    const struct column *columns; /* of the kind */
    size_t count;
    const char *names[LOAD_COLUMNS_MAX];
    struct arena lasting;
    struct division_tree divisions;
    int64_t *seen; /* ids the file names */
    size_t seen_count, seen_capacity;
};

static const char *plain_name(const char *name) { return name + (name[0] == '?'); }

static bool number_within(struct slice s, double least, double most)
{
    char text[40], *end;

    if (s.n == 0 || s.n >= sizeof(text))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    double v = strtod(text, &end);
    return *end == '\0' && isfinite(v) && v >= least && v <= most;
}

static bool whole_number(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n <= 6;
}

/* `arena` is for a moment. */
static int hash_key(struct deployment *d, enum roster_kind kind, struct slice key,
                    struct arena *arena, uint8_t *ret, struct error *e)
{
    char number = (char)('0' + kind);
    struct slice parts[2] = {{&number, 1}, key};

    /* Case does not tell two accounts apart, so it does not tell two rows apart. */
    if (kind == ACCOUNT) {
        char *lower = arena_string(arena, key);
        for (size_t i = 0; i < key.n; i++)
            lower[i] = (char)(lower[i] >= 'A' && lower[i] <= 'Z' ? lower[i] + 32 : lower[i]);
        parts[1].p = lower;
    }
    return sealer_hash_parts(d->sealer, HASH_CONTENT, parts, 2, ret, e);
}

int team_known(struct deployment *d, struct slice team_id, bool *ret, struct error *e)
{
    ARENA_AUTO(scratch);
    uint8_t hash[SEAL_HASH_SIZE];
    struct sql_roster_by_key row;
    int rc = hash_key(d, TEAM, team_id, &scratch, hash, e);

    return rc < 0 ? rc : sql_roster_by_key(d->store, SLICE_OF(hash), ret, &row, e);
}

/* The person in the register under this ref, 0 for nobody. */
static int person_of(struct roster_load *l, struct slice ref, int64_t *ret, struct error *e)
{
    uint8_t hash[SEAL_HASH_SIZE];
    struct sql_person_by_ref row;
    bool found;
    int rc = sealer_hash(l->f.d->sealer, HASH_REF, ref, hash, e);

    if (rc == 0)
        rc = sql_person_by_ref(l->f.d->store, SLICE_OF(hash), &found, &row, e);
    if (rc == 0)
        *ret = found && !row.ended_at.set ? row.id : 0;
    return rc;
}

/* NULL: the cell is of its form; else the reason. Empty cells are allowed but for key, name and role. */
static const char *fault_of(const struct roster_load *l, enum form form, struct slice cell)
{
    char phone[PHONE_SIZE];
    int64_t code;
    day d;

    if (cell.n == 0)
        return form == FORM_KEY || form == FORM_ACCOUNT || form == FORM_NAME || form == FORM_ROLE
                   ? N_("it is empty")
                   : NULL;
    if (cell.n > TEXT_MAX)
        return N_("it is too long");
    if (form != FORM_PHONE && form != FORM_LATITUDE && form != FORM_LONGITUDE &&
        form != FORM_NUMBER && cell_is_formula(cell))
        return N_("it begins like a formula");
    switch (form) {
    case FORM_USCC: {
        enum uscc_fault fault = uscc_check(cell, NULL);
        return fault == USCC_GOOD ? NULL : uscc_fault_text(fault);
    }
    case FORM_DIVISION:
        if (!division_parse(cell, &code))
            return N_("a division is a code of 12 digits");
        return division_exists(&l->divisions, code) ? NULL : N_("no such division");
    case FORM_FROM:
    case FORM_TO: return day_parse(cell, &d) ? NULL : N_("no such day");
    case FORM_SEX:
        return slice_is(cell, "M") || slice_is(cell, "F") ? NULL : N_("write M, F or nothing");
    case FORM_LATITUDE:
        return number_within(cell, -90, 90) ? NULL : N_("it is no number in its range");
    case FORM_LONGITUDE:
        return number_within(cell, -180, 180) ? NULL : N_("it is no number in its range");
    case FORM_NUMBER:
        return number_within(cell, 0, 1e6) ? NULL : N_("it is no number in its range");
    case FORM_COUNT: return whole_number(cell) ? NULL : N_("it is no whole number");
    case FORM_ROLE: return role_parse(cell) ? NULL : N_("no such role");
    case FORM_ACCOUNT:
        return account_name_valid(cell)
                   ? NULL
                   : N_("an account's name is 1 to 64 letters of ASCII, digits, . _ - or @");
    case FORM_DEPARTMENT: return department_known(cell) ? NULL : N_("no such department");
    case FORM_PHONE: return phone_normalise(cell, phone) ? NULL : N_("it is no telephone number");
    default: return NULL;
    }
}

/* What only the store, or another column, can tell. Sets a fault, or leaves it NULL. */
static int look_up(struct roster_load *l, enum form form, const struct slice *cells,
                   struct slice cell, const char **ret_fault, struct error *e)
{
    int64_t person = 0;
    int rc = 0;

    if (form == FORM_TEAM && cell.n) {
        bool known;
        rc = team_known(l->f.d, cell, &known, e);
        if (rc == 0 && !known)
            *ret_fault = N_("no such team; load teams.csv first");
    } else if (form == FORM_PERSON) {
        bool guardian = role_parse(cells[AT_ROLE]) == ROLE_GUARDIAN;
        if (guardian && !cell.n)
            *ret_fault = N_("a guardian's account needs the ref of the guardian in people.csv");
        else if (!guardian && cell.n)
            *ret_fault = N_("only a guardian's account names a person");
        else if (cell.n && (rc = person_of(l, cell, &person, e)) == 0 && !person)
            *ret_fault = N_("nobody in the register has this ref; load people.csv first");
    }
    return rc < 0 ? rc : 0;
}

/* 0 good, 1 refused (with the reason), negative when the store fails. */
static int check(struct roster_load *l, struct slice *cells, int *column, struct error *reason,
                 struct error *e)
{
    day from = DAY_BEGINNING, to = DAY_FOREVER;

    for (size_t i = 0; i < l->count; i++) {
        enum form form = l->columns[i].form;
        cells[i] = slice_trim(cells[i].p ? cells[i] : SLICE_LITERAL(""));
        const char *fault = fault_of(l, form, cells[i]);
        *column = (int)i;
        if (!fault) {
            int rc = look_up(l, form, cells, cells[i], &fault, e);
            if (rc < 0)
                return rc;
        }
        if (form == FORM_FROM)
            day_parse(cells[i], &from);
        if (!fault && form == FORM_TO && day_parse(cells[i], &to) && to <= from)
            fault = N_("it is not after `from`");
        if (fault) {
            error_set(reason, ERR_VALUE, N_("column %s: %s"), plain_name(l->names[i]),
                      text_in(reason->language, fault));
            return 1;
        }
    }
    return 0;
}

static int remember(struct roster_load *l, int64_t id)
{
    l->seen = arena_grow(&l->lasting, l->seen, &l->seen_capacity, l->seen_count + 1,
                         sizeof(*l->seen));
    l->seen[l->seen_count++] = id;
    return 0;
}

/* The cells that count: an optional one at the end that is empty does not, so that a file without the
 * column says the same as one with it. */
static size_t cells_said(const struct roster_load *l, const struct slice *cells)
{
    size_t count = l->count;

    while (count > 0 && l->names[count - 1][0] == '?' && cells[count - 1].n == 0)
        count--;
    return count;
}

/* The account of a row, made or changed; one that comes back after its row had ended can sign in again. */
static int put_account(struct roster_load *l, const struct slice *cells, int64_t roster_id,
                       bool back, struct error *e)
{
    struct deployment *d = l->f.d;
    uint8_t team[SEAL_HASH_SIZE];
    int64_t id = 0;
    struct account_row row = {.name = cells[AT_ACCOUNT],
                              .display = cells[AT_NAME],
                              .phone = cells[AT_PHONE],
                              .department = cells[AT_DEPARTMENT],
                              .role = role_parse(cells[AT_ROLE]),
                              .roster_id = roster_id};
    int rc = 0;

    division_parse(cells[AT_DIVISION], &row.division);
    if (cells[AT_TEAM].n) {
        rc = account_team_hash(d, cells[AT_TEAM], team, e);
        row.team = SLICE_OF(team);
    }
    if (rc == 0 && cells[AT_PERSON].n)
        rc = person_of(l, cells[AT_PERSON], &row.person_id, e);
    if (rc == 0)
        rc = account_put(d, &row, 0, &l->f.arena, &id, e);
    if (rc == 0 && back)
        rc = account_enable(d, id, 0, e);
    if (id > l->f.subjects.last) /* it is a subject too: ids go on after it */
        l->f.subjects.last = id;
    return rc;
}

/* A row that says what it said: its account is left as somebody may have changed it since, and made
 * where there is none yet. */
static int keep(struct roster_load *l, const struct slice *cells, int64_t id, struct error *e)
{
    bool found = true;
    int rc = l->kind == ACCOUNT ? account_of_roster(l->f.d, id, &found, e) : 0;

    if (rc == 0 && !found)
        rc = put_account(l, cells, id, false, e);
    l->f.totals.unchanged++;
    return rc < 0 ? rc : remember(l, id);
}

static int take(struct roster_load *l, const struct slice *cells, struct error *e)
{
    struct deployment *d = l->f.d;
    uint8_t key[SEAL_HASH_SIZE], content[SEAL_HASH_SIZE], salt[SEAL_SALT_SIZE];
    size_t count = cells_said(l, cells);
    struct sql_roster_by_key old;
    struct slice sealed;
    int64_t id;
    bool found;
    int rc = hash_key(d, l->kind, cells[0], &l->f.arena, key, e);

    if (rc == 0)
        rc = sealer_hash_parts(d->sealer, HASH_CONTENT, cells, count, content, e);
    if (rc == 0)
        rc = sql_roster_by_key(d->store, SLICE_OF(key), &found, &old, e);
    if (rc < 0)
        return rc;
    if (found && slice_equal(old.content_hash, SLICE_OF(content)))
        return keep(l, cells, old.id, e);
    if (found && (rc = sql_roster_end(d->store, old.id, l->f.now, e)) < 0)
        return rc;
    if ((rc = subject_new(d, &l->f.subjects, &id, salt, e)) < 0 ||
        (rc = sealer_seal_arena(d->sealer, (struct seal_place){SLICE_LITERAL("roster.sealed"), id},
                                packed_from(cells, count, &l->f.arena), &l->f.arena, &sealed, e)) <
            0 ||
        (rc = sql_roster_insert(d->store, id, l->kind, SLICE_OF(key), SLICE_OF(content), l->f.now,
                                sealed, e)) < 0)
        return rc;
    if (l->kind == ACCOUNT && (rc = put_account(l, cells, id, !found, e)) < 0)
        return rc;
    if (found)
        l->f.totals.changed++;
    else
        l->f.totals.added++;
    return remember(l, id);
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int end_absent(struct roster_load *l, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_roster_ids row;
    int rc = sql_roster_ids(l->f.d->store, l->kind, &rows, e);

    if (l->seen_count > 0)
        qsort(l->seen, l->seen_count, sizeof(*l->seen), compare_ids);
    while (rc >= 0 && (rc = sql_roster_ids_next(&rows, &row, e)) > 0)
        if (l->seen_count == 0 ||
            !bsearch(&row.id, l->seen, l->seen_count, sizeof(*l->seen), compare_ids)) {
            if ((rc = sql_roster_end(l->f.d->store, row.id, l->f.now, e)) < 0 ||
                (l->kind == ACCOUNT && (rc = account_disable_roster(l->f.d, row.id, e)) < 0))
                return rc;
            l->f.totals.ended++;
        }
    return rc;
}

static int load(struct deployment *d, enum roster_kind kind, const struct load_options *o,
                struct load_totals *ret, struct error *e)
{
    struct roster_load l = {.kind = kind};
    struct slice cells[LOAD_COLUMNS_MAX];
    int column = -1;

    for (size_t i = 0; i < COUNT(all_columns); i++)
        if (all_columns[i].kind == kind) {
            if (l.count == 0)
                l.columns = &all_columns[i];
            l.names[l.count++] = all_columns[i].name;
        }
    int rc = load_file_begin(&l.f, d, o, l.names, e);
    if (rc == 0)
        rc = division_tree_read(d->store, &l.lasting, &l.divisions, e);
    while (rc >= 0 && (rc = load_file_next(&l.f, cells, e)) > 0) {
        struct error reason = {.language = e->language};
        rc = check(&l, cells, &column, &reason, e);
        if (rc == 0)
            rc = take(&l, cells, e);
        else if (rc > 0)
            rc = load_file_refuse(&l.f, column, &reason, e);
    }
    if (rc == 0 && load_file_ends_absent(&l.f))
        rc = end_absent(&l, e);
    arena_end(&l.lasting);
    return load_file_end(&l.f, rc, ret, e);
}

int load_teams(struct deployment *d, const struct load_options *o, struct load_totals *ret,
               struct error *e)
{
    return load(d, TEAM, o, ret, e);
}

int load_helpers(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                 struct error *e)
{
    return load(d, HELPER, o, ret, e);
}

int load_accounts(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                  struct error *e)
{
    return load(d, ACCOUNT, o, ret, e);
}
