/* What the kind of record asks of its value, and what that makes of the columns. */
#include "intake/suggest_inside.h"

#include <string.h>

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
static const enum value_form forms[KIND_COUNT] = {
#define KIND(symbol, spelling, value, household) [KIND_##symbol] = value,
#include "people/kinds.def"
#undef KIND
};

static struct weighed *used(struct suggesting *s, enum suggest_use use)
{
    for (size_t i = 0; i < s->column_count; i++)
        if (s->columns[i].use == use)
            return &s->columns[i];
    return NULL;
}

static void drop(struct weighed *c)
{
    suggest_say(c, USE_NONE, N_("this kind of record has no place for it"), 0, 0, SLICE_NONE);
    c->use = c->contents.kind == DETECT_NONE ? USE_IGNORE : USE_NONE;
    c->sensitive = detect_column_sensitive(&c->contents);
    c->form = FORM_TEXT;
}

/* 刑期（月）, 期限（天）: the unit of bare numbers stands in the name. */
struct slice suggest_unit(const struct weighed *c)
{
    static const struct {
        const char *word, *unit;
    } units[] = {{"月", "month"},    {"天", "day"},  {"日", "day"},   {"年", "year"},
                 {"month", "month"}, {"day", "day"}, {"year", "year"}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (memmem(c->header.p, c->header.n, units[i].word, strlen(units[i].word)))
            return slice_from(units[i].unit);
    return SLICE_NONE;
}

static void settle_value(const struct suggesting *s, struct weighed *c)
{
    size_t most = c->profile.cells;

    switch (forms[s->kind]) {
    case VALUE_NONE: drop(c); break;
    case VALUE_TERM:
        if (2 * (c->profile.terms + c->profile.numbers) < most || 2 * c->profile.dates > most)
            drop(c);
        else
            c->form = FORM_TERM;
        break;
    case VALUE_DIVISION: c->form = FORM_DIVISION; break;
    case VALUE_ICD: c->form = 2 * c->profile.icd >= most ? FORM_ICD : FORM_TEXT; break;
    case VALUE_PARTY: drop(c); break;
    case VALUE_DISABILITY:
    case VALUE_INSTRUMENT:
    case VALUE_DEATH:
    case VALUE_CONTACT: /* words of their own, and no others */
        if (most > 0 && c->group_kind != s->kind)
            drop(c);
        break;
    case VALUE_ANY: break;
    }
}

static bool ends_in(struct slice s, const char *word)
{
    size_t n = strlen(word);

    return s.n >= n && memcmp(s.p + s.n - n, word, n) == 0;
}

/* 有效期至, 刑期止日, 截止日期: the day that is written is the last on which it holds. 终止日期 is the day of the end. */
static bool names_last_day(struct slice folded)
{
    static const char *const within[] = {"有效期", "刑期止",  "截止",
                                         "刑满日", "lastday", "validto"};
    static const char *const last[] = {"至", "止日", "期止"};

    for (size_t i = 0; i < sizeof within / sizeof within[0]; i++)
        if (memmem(folded.p, folded.n, within[i], strlen(within[i])))
            return true;
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++)
        if (ends_in(folded, last[i]) && !ends_in(folded, "终止日"))
            return true;
    return false;
}

static void settle_end(struct weighed *c)
{
    c->last_day = c->form == FORM_DATE && names_last_day(c->folded);
    if (c->last_day)
        suggest_say(c, USE_TO, N_("its name says the last day, so a record ends on the day after"),
                    0, 0, SLICE_NONE);
}

void suggest_settle(struct suggesting *s)
{
    struct weighed *division = used(s, USE_DIVISION);

    for (size_t i = 0; i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        if (c->use == USE_VALUE && s->kind != KIND_NONE)
            settle_value(s, c);
        if (c->use == USE_TO && forms[s->kind] == VALUE_DEATH && s->kind != KIND_NONE)
            drop(c); /* a death has no end */
        if (c->use == USE_TO)
            settle_end(c);
        if ((c->use == USE_OTHER_PARTY || c->use == USE_OTHER_NAME) && s->kind != KIND_NONE &&
            forms[s->kind] != VALUE_PARTY)
            drop(c);
    }
    if (forms[s->kind] == VALUE_DIVISION && division && !used(s, USE_VALUE)) {
        division->use = USE_VALUE;
        suggest_say(division, USE_VALUE, N_("this kind of record says the place as its value"), 0,
                    0, SLICE_NONE);
    }
}

/* A value that stands for all rows where no column gives one; NULL: none does. */
const char *suggest_constant(enum record_kind kind)
{
    return forms[kind] == VALUE_DEATH     ? "natural"
           : forms[kind] == VALUE_CONTACT ? "reported"
                                          : NULL;
}
