/* What befalls the people of a family: each misfortune with its dates, as its department will
 * write it and as it counts. What counts is written down here, where it is decided; nothing is
 * derived again. */
#include "synth/family.h"

#include <stdio.h>

static const struct interval never = {DAY_BEGINNING, DAY_BEGINNING};

/* --- disability, illness ------------------------------------------------- */

static bool draw_certificate(struct synth_story *s, char value[40])
{
    static const char *const kinds[] = {"physical",     "visual", "hearing", "speech",
                                        "intellectual", "mental", "multiple"};
    static const uint32_t weights[] = {50, 12, 14, 3, 9, 9, 3};
    uint32_t kind = (uint32_t)synth_random_weighted(s->random, weights, 7);
    uint32_t level = 1 + synth_random_below(s->random, 4);

    snprintf(value, 40, "%s/%u", kinds[kind], level);
    /* severe: the first two levels, and every level of intellectual and mental */
    return level <= 2 || kind == 4 || kind == 5;
}

/* A certificate; one that expires may be followed, without a gap or after one, by another grade. */
static void disable(struct synth_story *s, int person, enum synth_meaning meaning, day lo)
{
    day from = synth_story_day(s, lo), to = synth_story_end(s, from, 0.3, 3000);

    for (int certificate = 0; certificate < 3; certificate++) {
        char value[40];
        bool severe = draw_certificate(s, value);
        struct synth_fact *f = synth_fact_add(s, person, SYNTH_KIND_DISABILITY, from, to, value);
        f->meaning = meaning;
        if (meaning == SYNTH_MEANS_UNABLE && !severe)
            f->holds = never;
        if (to == DAY_FOREVER || synth_random_chance(s->random, 0.4))
            break;
        from = synth_random_chance(s->random, 0.7) ? to
                                                   : to + synth_random_between(s->random, 1, 200);
        to = synth_story_end(s, from, 0.4, 3000);
    }
}

static void fall_ill(struct synth_story *s, int person, day lo)
{
    static const char *const illnesses[] = {"恶性肿瘤", "终末期肾病", "重症精神病", "血友病", ""};
    day from = synth_story_day(s, lo);

    synth_fact_add(s, person, SYNTH_KIND_ILLNESS, from, synth_story_end(s, from, 0.5, 1100),
                   illnesses[synth_random_below(s->random, 5)]);
}

/* --- custody: the term counts, not the time that has passed -------------- */

/* Terms on both sides of six months. `months` and `days` are what the text says. */
static const struct {
    const char *text;
    int months, days;
} terms[] = {
    {"P6M", 6, 0},    {"P5M", 5, 0},     {"P5M29D", 5, 29}, {"P3M", 3, 0},        {"P1Y", 12, 0},
    {"P2Y", 24, 0},   {"P3Y", 36, 0},    {"P10Y", 120, 0},  {"P1Y6M", 18, 0},     {"P26W", 0, 182},
    {"P27W", 0, 189}, {"P180D", 0, 180}, {"P184D", 0, 184}, {"P2Y6M10D", 30, 10}, {"P7M15D", 7, 15},
};

static void take_into_custody(struct synth_story *s, int person, enum synth_kind kind, day lo)
{
    struct synth_random *r = s->random;
    day from = synth_story_day(s, lo), half = day_add_months(from, 6), to = DAY_FOREVER, due;
    uint32_t known = synth_random_below(r, 10), at = synth_random_below(r, 15);
    const char *value = "";
    bool counts = true;
    struct synth_fact *f;

    if (known < 6) { /* a term, with or without the day of release */
        value = terms[at].text;
        due = day_add_days(day_add_months(from, terms[at].months), terms[at].days);
        counts = due >= half;
        if (known < 2)
            to = from + synth_random_between(r, 20, due - from);
    } else if (known < 8) { /* only the days of admission and release */
        to = synth_random_chance(r, 0.3) ? half + synth_random_between(r, -1, 1)
                                         : from + synth_random_between(r, 10, 1500);
        counts = to >= half;
    }
    f = synth_fact_add(s, person, kind, from, to, value);
    if (!*s->family->people[person].id)
        return;
    if (!counts)
        f->holds = never;
    else if (known < 6 && to == DAY_FOREVER)
        f->holds.to = due; /* the term runs out by itself */
    else if (known >= 8) { /* neither: six months must pass before anybody can say */
        f->unknown = (struct interval){from, half};
        f->holds.from = half;
    }
}

/* --- gone, lost, revoked ------------------------------------------------- */

static void die(struct synth_story *s, int person, day lo)
{
    day from = synth_story_day(s, lo);

    if (synth_random_chance(s->random, 0.95))
        synth_fact_add(s, person, SYNTH_KIND_DEAD, from, DAY_FOREVER, "natural");
    else
        synth_fact_add(s, person, SYNTH_KIND_DEAD, from, synth_story_end(s, from, 0.3, 1500),
                       "declared");
}

static void vanish(struct synth_story *s, int person, day lo)
{
    day from = synth_story_day(s, lo);

    synth_fact_add(s, person, SYNTH_KIND_MISSING, from, synth_story_end(s, from, 0.3, 1500), "");
}

static void lose_contact(struct synth_story *s, int person, day lo)
{
    day from = synth_story_day(s, lo), to = synth_story_end(s, from, 0.4, 1200), half;
    bool registered = *s->family->people[person].id;
    struct synth_fact *f;

    if (synth_random_chance(s->random, 0.3)) {
        synth_fact_add(s, person, SYNTH_KIND_LOST_CONTACT, from, to, "determined");
        return;
    }
    f = synth_fact_add(s, person, SYNTH_KIND_LOST_CONTACT, from, to, "reported");
    half = day_add_months(from, 6);
    if (registered)
        f->holds = half + 1 < to ? (struct interval){half + 1, to} : never;
    if (half > to || synth_random_chance(s->random, 0.7))
        return;
    from = half - synth_random_between(s->random, -60, 60); /* and then the county decides */
    if (from < to)
        synth_fact_add(s, person, SYNTH_KIND_LOST_CONTACT, from, to, "determined");
}

static void plain(struct synth_story *s, int person, enum synth_kind kind, day lo, double ends)
{
    day from = synth_story_day(s, lo);

    synth_fact_add(s, person, kind, from, synth_story_end(s, from, ends, 1500), "");
}

void synth_fate_strike(struct synth_story *s, int person, enum synth_kind kind)
{
    day lo = s->family->eldest - 200;

    switch (kind) {
    case SYNTH_KIND_DEAD: die(s, person, lo); break;
    case SYNTH_KIND_MISSING: vanish(s, person, lo); break;
    case SYNTH_KIND_DISABILITY: disable(s, person, SYNTH_MEANS_UNABLE, lo); break;
    case SYNTH_KIND_ILLNESS: fall_ill(s, person, lo); break;
    case SYNTH_KIND_LOST_CONTACT: lose_contact(s, person, lo); break;
    case SYNTH_KIND_REVOKED: plain(s, person, kind, lo, 0.3); break;
    case SYNTH_KIND_DEPORTED: plain(s, person, kind, lo, 0.3); break;
    default: take_into_custody(s, person, kind, lo);
    }
}

/* --- who is struck ------------------------------------------------------- */

/* Weight among families in which both parents are struck: MCA press conference of January 2021 on
 * 253,000 children: one parent dead and the other lost, severely disabled or missing 45 %, both
 * severely disabled 27 %, a parent in prison 8 %; the rest local, unconfirmed. */
static const struct {
    enum synth_kind kind;
    enum synth_rate rate;
    uint32_t weight;
} fates[] = {
    {SYNTH_KIND_DEAD, SYNTH_RATE_PARENT_DIES, 30},
    {SYNTH_KIND_MISSING, SYNTH_RATE_PARENT_MISSING, 6},
    {SYNTH_KIND_DISABILITY, SYNTH_RATE_PARENT_DISABLED, 30},
    {SYNTH_KIND_ILLNESS, SYNTH_RATE_PARENT_ILL, 8},
    {SYNTH_KIND_IMPRISONED, SYNTH_RATE_PARENT_IMPRISONED, 12},
    {SYNTH_KIND_REHAB, SYNTH_RATE_PARENT_REHAB, 6},
    {SYNTH_KIND_CUSTODY, SYNTH_RATE_PARENT_CUSTODY, 6},
    {SYNTH_KIND_LOST_CONTACT, SYNTH_RATE_PARENT_LOST, 20},
    {SYNTH_KIND_REVOKED, SYNTH_RATE_PARENT_REVOKED, 3},
    {SYNTH_KIND_DEPORTED, SYNTH_RATE_PARENT_DEPORTED, 2},
};
#define FATES (sizeof(fates) / sizeof(fates[0]))

static void strike_any(struct synth_story *s, int person)
{
    uint32_t weights[FATES];

    for (size_t i = 0; i < FATES; i++)
        weights[i] = fates[i].weight;
    synth_fate_strike(s, person, fates[synth_random_weighted(s->random, weights, FATES)].kind);
}

static bool is_parent(const struct synth_family *f, int person)
{
    for (int i = 0; i < f->kin_count; i++)
        if (f->kin[i].person == person && f->kin[i].relation <= SYNTH_ADOPTIVE_MOTHER)
            return true;
    return false;
}

static void tell_parents(struct synth_story *s)
{
    struct synth_family *f = s->family;
    bool stricken = synth_story_misfortune(s, SYNTH_RATE_STRICKEN, 1);
    double factor = 1;

    for (int person = 0; person < f->people_count; person++) {
        int before = f->facts_count;
        if (!is_parent(f, person))
            continue;
        if (stricken)
            strike_any(s, person);
        for (size_t i = 0; i < FATES; i++)
            if (synth_story_misfortune(s, fates[i].rate, factor))
                synth_fate_strike(s, person, fates[i].kind);
        if (f->facts_count > before)
            factor = synth_rates[SYNTH_RATE_SHARED_FATE].rate;
    }
}

static void tell_children(struct synth_story *s)
{
    struct synth_family *f = s->family;

    for (int i = 0; i < f->minors_count; i++) {
        int child = f->children[i];
        day birth = f->people[child].birth;
        if (synth_story_misfortune(s, SYNTH_RATE_CHILD_DISABLED, 1))
            disable(s, child, SYNTH_MEANS_DISABLED, birth);
        if (synth_story_misfortune(s, SYNTH_RATE_CHILD_HIV, 1))
            synth_fact_add(s, child, SYNTH_KIND_HIV, synth_story_day(s, birth), DAY_FOREVER, "");
    }
}

/* --- the lists ----------------------------------------------------------- */

/* Listed year by year: the next year follows at once, or after a gap, or not; a family that earns
 * more may go over to the edge list on the day it leaves the first. */
static void list(struct synth_story *s, enum synth_kind kind)
{
    struct synth_family *f = s->family;
    int person = (int)synth_random_below(s->random, (uint32_t)f->people_count);
    day from = synth_story_day(s, s->as_of - 4000), to;

    for (int year = 0; year < 4; year++) {
        to = synth_random_chance(s->random, 0.6) ? day_add_months(from, 12)
                                                 : synth_story_end(s, from, 0.5, 1500);
        synth_fact_add(s, person, kind, from, to, "");
        if (to == DAY_FOREVER || synth_random_chance(s->random, 0.25))
            return;
        from = to +
               (synth_random_chance(s->random, 0.8) ? 0 : synth_random_between(s->random, 1, 400));
        if (kind != SYNTH_KIND_DESTITUTE && synth_random_chance(s->random, 0.15))
            kind = kind == SYNTH_KIND_LOW_INCOME ? SYNTH_KIND_LOW_INCOME_EDGE
                                                 : SYNTH_KIND_LOW_INCOME;
    }
}

void synth_fate_tell(struct synth_story *s)
{
    tell_parents(s);
    tell_children(s);
    if (synth_story_misfortune(s, SYNTH_RATE_LOW_INCOME, 1))
        list(s, SYNTH_KIND_LOW_INCOME);
    if (synth_story_misfortune(s, SYNTH_RATE_LOW_INCOME_EDGE, 1))
        list(s, SYNTH_KIND_LOW_INCOME_EDGE);
    if (synth_story_misfortune(s, SYNTH_RATE_DESTITUTE, 1))
        list(s, SYNTH_KIND_DESTITUTE);
}
