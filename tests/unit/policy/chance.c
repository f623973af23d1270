#include "chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint64_t state_of_dice;

uint32_t dice(uint32_t sides)
{
    state_of_dice ^= state_of_dice << 13;
    state_of_dice ^= state_of_dice >> 7;
    state_of_dice ^= state_of_dice << 17;
    return (uint32_t)(state_of_dice >> 32) % sides;
}

uint64_t chance_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

void chance_begin(uint64_t seed)
{
    seed = chance_number("HUMIAO_TEST_SEED", seed);
    print_message("# HUMIAO_TEST_SEED=%llu\n", (unsigned long long)seed);
    state_of_dice = seed * 2654435761u + 1;
}

/* ---- random families ------------------------------------------------------------------------- */

/* Ends of months and 29 February more often than chance has it. */
static int any_day(int first_year, int years)
{
    int year = first_year + (int)dice((uint32_t)years);
    switch (dice(6)) {
    case 0: return oracle_day(year, 3, 1) - 1;
    case 1: return oracle_day(year, 1 + (int)dice(12), 1) - 1 + (int)dice(2);
    case 2: return oracle_day(year, (int)(2 + 6 * dice(2)), 28) + (int)dice(4);
    default: return oracle_day(year, 1, 1) + (int)dice(365);
    }
}

/* Often on, just before or just after what came before, so that intervals touch. */
static int near_day(const struct oracle_family *f, int first_year)
{
    if (f->facts && dice(3) == 0) {
        const struct oracle_fact *x = &f->fact[dice((uint32_t)f->facts)];
        int base = dice(2) && x->to != ORACLE_OPEN ? x->to : x->from;
        return oracle_add(base < 0 ? 0 : base, 6 * (int)dice(3), (int)dice(3) - 1);
    }
    return dice(12) == 0 ? f->birth : any_day(first_year - 2, 22);
}

static const char *any_value(enum oracle_kind kind)
{
    static const char *const terms[] = {"",     "",      "P6M", "P5M",       "P5M28D", "P5M30D",
                                        "P26W", "P183D", "P3Y", "P1Y2M3W4D", "P181D"};
    static const char *const kinds[] = {"visual",       "hearing", "speech",  "physical",
                                        "intellectual", "mental",  "multiple"};
    static char value[24];
    switch (kind) {
    case O_DEAD: return dice(2) ? "natural" : "declared";
    case O_LOST: return dice(3) ? "reported" : "determined";
    case O_IMPRISONED:
    case O_REHAB:
    case O_CUSTODY: return terms[dice(sizeof terms / sizeof *terms)];
    case O_DISABILITY:
        snprintf(value, sizeof value, "%s/%u", kinds[dice(7)], 1 + dice(4));
        return value;
    default: return "";
    }
}

static void add_fact(struct oracle_family *f, int first_year)
{
    struct oracle_fact x = {.other = -1};
    x.person = (int)dice((uint32_t)f->persons);
    x.kind = (enum oracle_kind)dice(O_KINDS);
    if (dice(3) == 0 &&
        f->persons > 2) { /* dense where it decides: the first two, with what counts */
        x.person = 1 + (int)dice(2);
        x.kind = (enum oracle_kind)dice(O_DEPORTED + 1);
    }
    if (x.kind == O_DIVORCED || x.kind == O_MARRIED) {
        x.person = f->persons > 2 && dice(4) ? 1 + (int)dice(2) : x.person;
        x.other = dice(5) == 0              ? -1
                  : dice(4) && x.person < 3 ? 3 - x.person
                                            : (int)dice((uint32_t)f->persons);
        if (x.other == x.person)
            x.other = -1;
    }
    x.from = near_day(f, first_year);
    x.to = dice(2) ? ORACLE_OPEN : x.from + 1 + (int)dice(dice(2) ? 400 : 5000);
    if (dice(50) == 0)
        x.to = x.from - (int)dice(3);
    if (x.to != ORACLE_OPEN && dice(4) == 0)
        x.to = oracle_add(x.from, 6, (int)dice(3) - 1);
    snprintf(x.value, sizeof x.value, "%s", any_value(x.kind));
    f->fact[f->facts++] = x;
}

static void add_kin(struct oracle_family *f, int first_year)
{
    static const char *const roles[] = {
        "father", "mother", "adoptive_father", "adoptive_mother", "guardian",
        "father", "mother", "step_father",     "grandparent",     "guardian"};
    struct oracle_kin k = {.from = ORACLE_BIRTH, .to = ORACLE_OPEN};
    k.person = f->persons > 1 ? 1 + (int)dice((uint32_t)f->persons - 1) : 0;
    snprintf(k.role, sizeof k.role, "%s", roles[dice(10)]);
    if (dice(3))
        k.from = near_day(f, first_year);
    int from = k.from == ORACLE_BIRTH ? f->birth : k.from;
    if (dice(3))
        k.to = from + 1 + (int)dice(4000);
    f->row[f->kin++] = k;
}

void chance_family(struct oracle_family *f)
{
    memset(f, 0, sizeof *f);
    int first_year = 1995 + (int)dice(25);
    f->birth = dice(4) == 0 ? oracle_day(first_year / 4 * 4, 2, 29) : any_day(first_year, 2);
    f->persons = dice(20) == 0 ? 20 : 1 + (int)dice(6);
    for (int i = 0; i < f->persons; i++)
        f->household[i] = dice(2) ? 0 : 1 + (int)dice(2);
    if (f->persons > 1 && dice(6))
        f->row[f->kin++] = (struct oracle_kin){1, "father", ORACLE_BIRTH, ORACLE_OPEN, 0};
    if (f->persons > 2 && dice(6))
        f->row[f->kin++] = (struct oracle_kin){2, "mother", ORACLE_BIRTH, ORACLE_OPEN, 0};
    int facts = dice(10) == 0 ? 30 : (int)dice(9);
    for (int i = 0; i < facts; i++)
        add_fact(f, first_year);
    int kin = dice(10) == 0 ? 25 : dice(2) ? (int)dice(5) : 0;
    for (int i = 0; i < kin; i++)
        add_kin(f, first_year);
    oracle_prepare(f);
}

/* ---- the same family for the evaluator ------------------------------------------------------- */

void chance_hand_over(const struct oracle_family *o, struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->family = (struct policy_family){
        .birth = o->birth, .persons = f->persons, .facts = f->facts, .kin = f->kin};
    for (int i = 0; i < o->persons; i++)
        fixture_person(f);
    for (int i = 0; i < o->persons; i++) {
        f->persons[i].household_empty = o->household[i] == 0;
        f->persons[i].same_household = o->household[i] && o->household[i] == o->household[0];
    }
    for (int i = 0; i < o->facts; i++) {
        const struct oracle_fact *x = &o->fact[i];
        struct policy_fact *fact = fixture_fact(f, x->person, oracle_kind_names[x->kind],
                                                "2000-01-01", "", x->value);
        fact->from = x->from;
        fact->to = x->to == ORACLE_OPEN ? DAY_FOREVER : x->to;
        fact->other = x->other;
    }
    for (int i = 0; i < o->kin; i++) {
        fixture_kin(f, o->row[i].person, o->row[i].role, "", "");
        f->kin[i].from = o->row[i].from == ORACLE_BIRTH ? DAY_BEGINNING : o->row[i].from;
        f->kin[i].to = o->row[i].to == ORACLE_OPEN ? DAY_FOREVER : o->row[i].to;
    }
}

void chance_print(const struct oracle_family *o)
{
    char a[DAY_TEXT], b[DAY_TEXT];
    print_message("birth %s, %d persons\n", day_format(o->birth, a), o->persons);
    for (int i = 0; i < o->kin; i++)
        print_message("  kin %d %s %s %s\n", o->row[i].person, o->row[i].role,
                      o->row[i].from == ORACLE_BIRTH ? "birth" : day_format(o->row[i].from, a),
                      o->row[i].to == ORACLE_OPEN ? "" : day_format(o->row[i].to, b));
    for (int i = 0; i < o->facts; i++)
        print_message(
            "  fact %d %s '%s' %s %s other %d\n", o->fact[i].person,
            oracle_kind_names[o->fact[i].kind], o->fact[i].value, day_format(o->fact[i].from, a),
            o->fact[i].to == ORACLE_OPEN ? "" : day_format(o->fact[i].to, b), o->fact[i].other);
}
