#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const oracle_names[ORACLE_CATEGORIES] = {
    "orphan",     "de_facto_unattended", "disabled_child", "hiv_child",
    "low_income", "low_income_edge",     "destitute",      "single_parent"};

const char *const oracle_kind_names[O_KINDS] = {"dead",
                                                "missing_declared",
                                                "disability",
                                                "serious_illness",
                                                "imprisoned",
                                                "compulsory_rehab",
                                                "other_custody",
                                                "lost_contact",
                                                "guardianship_revoked",
                                                "deported",
                                                "parents_not_found",
                                                "hiv",
                                                "low_income",
                                                "low_income_edge",
                                                "destitute",
                                                "divorced",
                                                "married",
                                                "school_enrolled"};

enum { NO, UNKNOWN, YES };

static int least(int a, int b) { return a < b ? a : b; }
static int most(int a, int b) { return a > b ? a : b; }

/* ---- the calendar, counted one by one -------------------------------------------------------- */

static int leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

static int month_days(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[m - 1] + (m == 2 && leap(y));
}

int oracle_day(int year, int month, int dom)
{
    int d = 0;
    for (int y = 1970; y < year; y++)
        d += 365 + leap(y);
    for (int m = 1; m < month; m++)
        d += month_days(year, m);
    return d + dom - 1;
}

void oracle_date(int day, int *year, int *month, int *dom)
{
    for (*year = 1970; day >= 365 + leap(*year); ++*year)
        day -= 365 + leap(*year);
    for (*month = 1; day >= month_days(*year, *month); ++*month)
        day -= month_days(*year, *month);
    *dom = day + 1;
}

int oracle_add(int day, int months, int days)
{
    int y, m, d;
    oracle_date(day, &y, &m, &d);
    for (; months > 0; months--)
        if (++m == 13) {
            m = 1;
            y++;
        }
    return oracle_day(y, m, d < month_days(y, m) ? d : month_days(y, m)) + days;
}

void oracle_prepare(struct oracle_family *f)
{
    f->adult = oracle_add(f->birth, 18 * 12, 0);
    for (int i = 0; i < f->kin; i++) {
        const char *r = f->row[i].role;
        f->row[i].letter = !strcmp(r, "father")            ? 'f'
                           : !strcmp(r, "mother")          ? 'm'
                           : !strcmp(r, "adoptive_father") ? 'F'
                           : !strcmp(r, "adoptive_mother") ? 'M'
                           : !strcmp(r, "guardian")        ? 'g'
                                                           : ' ';
    }
    for (int i = 0; i < f->facts; i++) {
        struct oracle_fact *x = &f->fact[i];
        x->six_months = oracle_add(x->from, 6, 0);
        x->term_end = -1;
        if (x->value[0] != 'P')
            continue;
        int months = 0, days = 0;
        for (char *p = x->value + 1; *p; p++) {
            int n = (int)strtol(p, &p, 10);
            months += *p == 'Y' ? 12 * n : *p == 'M' ? n : 0;
            days += *p == 'W' ? 7 * n : *p == 'D' ? n : 0;
        }
        x->term_end = oracle_add(x->from, months, days);
    }
}

/* ---- the parents' conditions ----------------------------------------------------------------- */

static int severe(const char *value)
{
    size_t n = strlen(value);
    char level = value[n - 1];
    return level == '1' || level == '2' || !strncmp(value, "mental/", 7) ||
           !strncmp(value, "intellectual/", 13);
}

static int custody(const struct oracle_fact *x, int d)
{
    if (x->term_end < 0 && x->to == ORACLE_OPEN)
        return d < x->from ? NO : d < x->six_months ? UNKNOWN : YES;
    int end = x->to != ORACLE_OPEN ? x->to : x->term_end;
    int long_enough = (x->term_end >= 0 ? x->term_end : x->to) >= x->six_months;
    return long_enough && x->from <= d && d < end ? YES : NO;
}

/* What one record says of its person: in A (set 1) or in B (set 0). */
static int record_says(const struct oracle_fact *x, int set_a, int d)
{
    int covers = x->from <= d && d < x->to ? YES : NO;
    switch (x->kind) {
    case O_DEAD:
    case O_MISSING: return set_a ? NO : covers;
    case O_DISABILITY: return set_a && severe(x->value) ? covers : NO;
    case O_ILLNESS:
    case O_REVOKED:
    case O_DEPORTED: return set_a ? covers : NO;
    case O_IMPRISONED:
    case O_REHAB:
    case O_CUSTODY: return set_a ? custody(x, d) : NO;
    case O_LOST:
        if (!set_a)
            return NO;
        return strcmp(x->value, "determined") == 0  ? covers
               : covers == YES && d > x->six_months ? YES
                                                    : NO;
    default: return NO;
    }
}

static int person_in(const struct oracle_family *f, int person, int set_a, int d)
{
    int truth = NO;
    if (person < 0)
        return UNKNOWN;
    for (int i = 0; i < f->facts; i++)
        if (f->fact[i].person == person)
            truth = most(truth, record_says(&f->fact[i], set_a, d));
    return truth;
}

static int has(const struct oracle_family *f, int person, enum oracle_kind kind, int d)
{
    for (int i = 0; i < f->facts; i++)
        if (f->fact[i].person == person && f->fact[i].kind == kind && f->fact[i].from <= d &&
            d < f->fact[i].to)
            return YES;
    return NO;
}

/* ---- kin ------------------------------------------------------------------------------------- */

/* Who has the role on the day: the later `from` counts, and of equal ones the later row; -1
 * nobody. */
static int holder(const struct oracle_family *f, char letter, int d)
{
    int who = -1, since = 0;
    for (int i = 0; i < f->kin; i++) {
        const struct oracle_kin *k = &f->row[i];
        int from = k->from == ORACLE_BIRTH ? f->birth : k->from;
        if (k->letter != letter || d < from || d >= k->to)
            continue;
        if (who < 0 || from >= since) {
            who = k->person;
            since = from;
        }
    }
    return who;
}

struct oracle_parents oracle_legal_parents(const struct oracle_family *f, int d)
{
    struct oracle_parents l = {0, {-1, -1}, 0};
    int father = holder(f, 'F', d), mother = holder(f, 'M', d);
    l.adopted = father >= 0 || mother >= 0;
    if (father >= 0)
        l.who[l.count++] = father;
    if (mother >= 0)
        l.who[l.count++] = mother;
    if (!l.adopted) {
        l.who[l.count++] = holder(f, 'f', d);
        l.who[l.count++] = holder(f, 'm', d);
    }
    return l;
}

int oracle_is_guardian(const struct oracle_family *f, int person, int d)
{
    for (int i = 0; i < f->kin; i++)
        if (f->row[i].person == person && f->row[i].letter == 'g' && d < f->row[i].to &&
            d >= (f->row[i].from == ORACLE_BIRTH ? f->birth : f->row[i].from))
            return 1;
    return 0;
}

int oracle_in_household(const struct oracle_family *f, int person, int d)
{
    struct oracle_parents l = oracle_legal_parents(f, d);
    int same = f->household[0] && f->household[person] == f->household[0];
    int responsible = l.who[0] == person || l.who[1] == person || oracle_is_guardian(f, person, d);
    return person == 0 || same || (!f->household[person] && responsible);
}

/* ---- the categories -------------------------------------------------------------------------- */

static int orphan(const struct oracle_family *f, int d)
{
    struct oracle_parents l = oracle_legal_parents(f, d);
    int all = YES;
    for (int i = 0; i < l.count; i++)
        all = least(all, person_in(f, l.who[i], 0, d));
    return most(all, least(has(f, 0, O_NOT_FOUND, d), l.adopted ? NO : YES));
}

static int de_facto(const struct oracle_family *f, int d)
{
    struct oracle_parents l = oracle_legal_parents(f, d);
    int all = YES, one = NO;
    for (int i = 0; i < l.count; i++) {
        int a = person_in(f, l.who[i], 1, d), b = person_in(f, l.who[i], 0, d);
        all = least(all, most(a, b));
        one = most(one, a);
    }
    return least(least(all, one), YES - orphan(f, d));
}

static int listed(const struct oracle_family *f, enum oracle_kind kind, int d)
{
    for (int p = 0; p < f->persons; p++)
        if (oracle_in_household(f, p, d) && has(f, p, kind, d))
            return YES;
    return NO;
}

static int divorced(const struct oracle_family *f, const struct oracle_parents *l, int d)
{
    if (l->count < 2)
        return NO;
    if (l->who[0] < 0 || l->who[1] < 0)
        return UNKNOWN;
    int divorce = -1, marriage = -1;
    for (int i = 0; i < f->facts; i++) {
        const struct oracle_fact *x = &f->fact[i];
        int pair = (x->person == l->who[0] && x->other == l->who[1]) ||
                   (x->person == l->who[1] && x->other == l->who[0]);
        if (!pair || d < x->from || d >= x->to)
            continue;
        if (x->kind == O_DIVORCED)
            divorce = most(divorce, x->from);
        if (x->kind == O_MARRIED)
            marriage = most(marriage, x->from);
    }
    return divorce >= 0 && marriage <= divorce ? YES : NO;
}

static int single_parent(const struct oracle_family *f, int d)
{
    struct oracle_parents l = oracle_legal_parents(f, d);
    int gone = 0, unknown = 0;
    for (int i = 0; i < l.count; i++) {
        int b = person_in(f, l.who[i], 0, d);
        gone += b == YES;
        unknown += b == UNKNOWN;
    }
    int exactly = gone > 1 ? NO : unknown == 0 ? gone == 1 ? YES : NO : UNKNOWN;
    return most(divorced(f, &l, d), exactly);
}

int oracle_status(const struct oracle_family *f, int category, int d)
{
    if (d < f->birth || d >= f->adult)
        return NO;
    switch (category) {
    case 0: return orphan(f, d);
    case 1: return de_facto(f, d);
    case 2: return has(f, 0, O_DISABILITY, d);
    case 3: return has(f, 0, O_HIV, d);
    case 4: return listed(f, O_LOW, d);
    case 5: return listed(f, O_EDGE, d);
    case 6: return listed(f, O_DESTITUTE, d);
    default: return single_parent(f, d);
    }
}
