/* One cell by its form. A refusal says why, and holds nothing of the cell. */
#include "intake/feed_inside.h"
#include "people/icd10.h"
#include "people/id_number.h"

#define NUMBER_DIGITS 15 /* that a spreadsheet keeps of a number */
#define TEXT_MAX 4096

static const char *const nothing[] = FEED_EMPTY;

static bool refuse(struct feed_fault *fault, enum error_code code, const char *why,
                   const char *hint)
{
    *fault = (struct feed_fault){code, why, hint};
    return false;
}

static bool digits_only(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static bool says_nothing(const struct feed_column *c, struct slice text)
{
    if (text.n == 0)
        return true;
    for (size_t i = 0; i < COUNT(nothing) && !c->empty; i++)
        if (slice_is(text, nothing[i]))
            return true;
    for (size_t i = 0; i < c->empty_count; i++)
        if (slice_equal(text, c->empty[i]))
            return true;
    return false;
}

/* A long number that was kept as a number: 3.30782E+17, or 18 digits of which the last are zeros now. */
static bool lost_digits(struct slice s, enum sheet_cell_kind kind)
{
    size_t digits = 0, exponent = 0;

    for (size_t i = 0; i < s.n; i++) {
        digits += s.p[i] >= '0' && s.p[i] <= '9';
        if ((s.p[i] == 'E' || s.p[i] == 'e') && i > 0)
            exponent = i;
        else if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.' &&
                 !(s.p[i] == '+' && exponent == i - 1 && i > 0))
            return false;
    }
    return (kind == CELL_NUMBER && digits > NUMBER_DIGITS) ||
           (exponent > 0 && exponent + 1 < s.n && memchr(s.p, '.', s.n) &&
            s.p[exponent + 1] == '+');
}

static bool number_lost(struct feed_fault *fault)
{
    return refuse(
        fault, ERR_ID_NUMBER, N_("the number was kept as a number and has lost its last digits"),
        N_("Format the column as text, enter the numbers anew and hand the file in again."));
}

static bool read_text(const struct sheet_cell *cell, struct arena *arena, struct slice *ret,
                      struct feed_fault *fault)
{
    struct slice s = feed_clean(cell->text, arena);

    if (s.n > TEXT_MAX)
        return refuse(fault, ERR_VALUE, N_("it is too long"),
                      N_("A cell holds at most 4096 bytes."));
    if (cell->kind == CELL_TEXT && cell_is_formula(s))
        return refuse(fault, ERR_FORMULA_CELL, N_("it begins like a formula"),
                      N_("Paste the column as values and hand the file in again."));
    if (lost_digits(s, cell->kind))
        return number_lost(fault);
    *ret = s;
    return true;
}

static bool read_id_number(const struct sheet_cell *cell, struct arena *arena, struct slice *ret,
                           struct feed_fault *fault)
{
    struct slice s = feed_unspaced(cell->text, arena);

    while (feed_take(&s, "'") || feed_take(&s, "`") || feed_take(&s, "’"))
        continue;
    if (lost_digits(s, cell->kind))
        return number_lost(fault);
    char *text = arena_take(arena, s.n + 1);
    id_number_normalise(s, text, s.n + 1);
    *ret = slice_from(text);
    return true;
}

/* As it stands first: folding every code of the table is slow, and seldom needed. */
static const struct feed_code *find_code(const struct feed_column *c, struct slice text,
                                         struct arena *arena)
{
    for (size_t i = 0; i < c->code_count; i++)
        if (slice_equal(text, c->codes[i].from))
            return &c->codes[i];
    struct slice folded = feed_fold(text, arena);
    for (size_t i = 0; i < c->code_count; i++)
        if (slice_equal(folded, feed_fold(c->codes[i].from, arena)))
            return &c->codes[i];
    return NULL;
}

static bool read_code(const struct feed_column *c, struct slice text, struct arena *arena,
                      struct slice *ret, struct feed_fault *fault)
{
    const struct feed_code *code = find_code(c, text, arena);

    if (code) {
        *ret = code->to;
        return true;
    }
    if (says_nothing(c, text)) {
        *ret = SLICE_LITERAL("");
        return true;
    }
    if (!c->otherwise.p)
        return refuse(fault, ERR_CODE, N_("the code is not in the mapping"),
                      N_("Add it to the mapping's codes, or write one that is there."));
    *ret = c->otherwise;
    return true;
}

/* Digits in groups of three, with a fraction; writes them without the commas. */
static bool take_number(struct slice text, char *to, size_t *io)
{
    size_t group = 0, commas = 0;
    bool point = false;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c >= '0' && c <= '9') {
            to[(*io)++] = c;
            group++;
        } else if (c == ',' && !point && group > 0 && (commas ? group == 3 : group <= 3)) {
            commas++;
            group = 0;
        } else if (c == '.' && !point && group > 0 && (!commas || group == 3)) {
            to[(*io)++] = c;
            point = true;
            group = 0;
        } else {
            return false;
        }
    }
    return group > 0 && (point || !commas || group == 3);
}

static bool read_number(struct slice text, struct arena *arena, struct slice *ret,
                        struct feed_fault *fault)
{
    char *to = arena_take(arena, text.n + 2);
    size_t n = 0;

    if (feed_take(&text, "-"))
        to[n++] = '-';
    else
        feed_take(&text, "+");
    if (text.n > 32 || !take_number(text, to, &n))
        return refuse(fault, ERR_VALUE, N_("this is no number"),
                      N_("Write digits, such as 12 or 12.5."));
    *ret = (struct slice){to, n};
    return true;
}

static bool read_division(struct slice text, struct arena *arena, struct slice *ret,
                          struct feed_fault *fault)
{
    if (digits_only(text) && (text.n == 6 || text.n == 9 || text.n == 12)) {
        *ret = slice_from(
            arena_printf(arena, "%.*s%.*s", (int)text.n, text.p, (int)(12 - text.n), "000000"));
        if (division_code_level(*ret) > 0)
            return true;
    }
    return refuse(fault, ERR_DIVISION, N_("a division is a code of 6, 9 or 12 digits"),
                  N_("Names of places are not guessed: write the code."));
}

/* Codes of clinics are longer than the standard's: F32.900x001. What follows the three characters is never kept. */
static bool read_icd(struct slice text, struct arena *arena, struct slice *ret,
                     struct feed_fault *fault)
{
    bool good = text.n >= 3 && text.n <= 24 && digits_only((struct slice){text.p + 1, 2});

    for (size_t i = 3; i < text.n && good; i++)
        good = text.p[i] != '\0' && strchr("0123456789.xX+*", text.p[i]);
    struct slice block = good ? icd10_block_of((struct slice){text.p, 3}) : SLICE_NONE;
    if (!good || block.p == text.p)
        return refuse(fault, ERR_CODE, N_("this is no code of ICD-10"),
                      N_("Write one code alone, such as X61."));
    *ret = arena_copy(arena, block);
    return true;
}

static bool read_date(const struct feed_column *c, struct slice text, enum sheet_cell_kind kind,
                      struct arena *arena, struct slice *ret, struct feed_fault *fault)
{
    struct feed_moment m;
    char written[DAY_TEXT];

    if (!feed_date_read(text, kind, c->form, &m, fault))
        return false;
    day_format(c->last_day ? day_add_days(m.day, 1) : m.day, written);
    if (c->form == FORM_MOMENT)
        *ret = slice_from(arena_printf(arena, "%sT%02d:%02d:%02d+08:00", written, m.second / 3600,
                                       m.second / 60 % 60, m.second % 60));
    else
        *ret = arena_copy(arena, slice_from(written));
    return true;
}

static bool read_form(const struct feed_column *c, const struct sheet_cell *cell, struct slice text,
                      struct arena *arena, struct slice *ret, struct feed_fault *fault)
{
    switch (c->form) {
    case FORM_ID_NUMBER: return read_id_number(cell, arena, ret, fault);
    case FORM_DATE:
    case FORM_MONTH:
    case FORM_MOMENT: return read_date(c, text, cell->kind, arena, ret, fault);
    case FORM_TERM: return feed_term_read(text, c->unit, arena, ret, fault);
    case FORM_CODE: return read_code(c, text, arena, ret, fault);
    case FORM_NUMBER: return read_number(text, arena, ret, fault);
    case FORM_DIVISION: return read_division(feed_unspaced(text, arena), arena, ret, fault);
    case FORM_ICD: return read_icd(feed_unspaced(text, arena), arena, ret, fault);
    case FORM_TEXT:
    case FORM_COUNT: break;
    }
    return read_text(cell, arena, ret, fault);
}

/* A sheet saved as CSV has them as text; a list whose keys are all #N/A would be one record. */
static bool is_error(struct slice text)
{
    static const char *const errors[] = {"#N/A",   "#REF!", "#VALUE!", "#DIV/0!",
                                         "#NAME?", "#NUM!", "#NULL!",  "#GETTING_DATA"};

    for (size_t i = 0; i < COUNT(errors) && text.n > 0 && text.p[0] == '#'; i++)
        if (slice_is(text, errors[i]))
            return true;
    return false;
}

static bool read_cell(const struct feed_column *c, const struct sheet_cell *cell,
                      struct arena *arena, struct slice *ret, struct feed_fault *fault)
{
    struct slice text = feed_narrow(cell->text, arena);

    if (cell->kind == CELL_FORMULA || (text.n > 0 && text.p[0] == '=' && cell->kind == CELL_TEXT))
        return refuse(fault, ERR_FORMULA_CELL, N_("the cell holds a formula"),
                      N_("Paste the column as values and hand the file in again."));
    if (cell->kind == CELL_ERROR || is_error(text))
        return refuse(fault, ERR_VALUE, N_("the cell holds an error of the spreadsheet"),
                      N_("Mend the formula behind it, paste the column as values and hand the file "
                         "in again."));
    if (c->form != FORM_CODE && says_nothing(c, text)) {
        *ret = SLICE_LITERAL("");
        return true;
    }
    return read_form(c, cell, text, arena, ret, fault);
}

int feed_read_cell(const struct feed_column *c, const struct sheet_cell *cell, struct arena *arena,
                   struct slice *ret, struct error *e)
{
    struct feed_fault fault = {ERR_NONE, NULL, NULL};
    enum language language = e ? e->language : LANGUAGE_EN;

    if (read_cell(c, cell, arena, ret, &fault))
        return 0;
    error_set(e, fault.code, "%s", text_in(language, fault.why));
    return e ? error_hint(e, "%s", text_in(language, fault.hint)) : -(int)fault.code;
}
