/* The small words in which a family's story is told: people, kin, facts, bonds and days. */
#include "synth/family.h"

#include <stdio.h>

const struct synth_kind_row synth_kinds[SYNTH_KIND_COUNT] = {
#define KIND(symbol, spelling, department, meaning) \
    {spelling, SYNTH_DEPARTMENT_##department, SYNTH_MEANS_##meaning},
#include "synth/kinds.def"
#undef KIND
};

const char *const synth_relations[SYNTH_RELATION_COUNT] = {
    "father",      "mother",  "adoptive_father", "adoptive_mother", "step_father",   "step_mother",
    "grandparent", "sibling", "relative",        "guardian",        "foster_parent", "institution",
};

int synth_person_add(struct synth_story *s, const struct synth_traits *traits)
{
    struct synth_family *f = s->family;
    int at = f->people_count++;
    struct synth_person *p = &f->people[at];

    memset(p, 0, sizeof(*p));
    p->number = s->maker->people++;
    p->sex = traits->sex;
    p->birth = traits->birth;
    p->style = traits->style;
    p->surname = traits->surname;
    p->since = SYNTH_NO_DAY;
    synth_names_make(s->random, p->style, p->surname, p->sex, traits->after, p->name);
    if (p->birth == SYNTH_NO_DAY || p->birth <= day_anniversary(s->as_of, -18))
        synth_identity_phone(p->number, p->phone);
    if (traits->paper && s->status == 0)
        s->status = synth_identities_next(s->maker->identities, p->birth, p->sex, p->id, s->error);
    return at;
}

void synth_person_settle(struct synth_story *s, int person, const struct synth_person *like)
{
    struct synth_person *p = &s->family->people[person];

    p->hukou = *p->id ? like->hukou : NULL;
    p->residence = like->residence;
    p->since = like->since;
    p->house = like->house;
    p->room = like->room;
    p->household = like->household;
    if (p->birth != SYNTH_NO_DAY && p->since < p->birth)
        p->since = p->birth;
}

void synth_person_move_out(struct synth_story *s, int person)
{
    struct synth_person *p = &s->family->people[person];

    p->residence = synth_places_home(s->maker->places, s->random);
    p->house = 1 + synth_random_below(s->random, 300);
    p->room = 0;
    p->household = synth_random_chance(s->random, 0.7) ? ++s->maker->households : 0;
}

void synth_kin_add(struct synth_story *s, int child, int person, enum synth_relation relation,
                   day from, day to)
{
    struct synth_family *f = s->family;

    if (f->kin_count < SYNTH_KIN_MAX)
        f->kin[f->kin_count++] = (struct synth_kin){(uint8_t)child, (uint8_t)person,
                                                    (uint8_t)relation, from, to};
}

struct synth_fact *synth_fact_add(struct synth_story *s, int person, enum synth_kind kind, day from,
                                  day to, const char *value)
{
    static const struct interval never = {DAY_BEGINNING, DAY_BEGINNING};
    struct synth_family *f = s->family;
    struct synth_fact *fact;

    if (f->facts_count == SYNTH_FACTS_MAX) {
        s->status = error_set(s->error, ERR_USAGE,
                              N_("so much misfortune does not fit in a family"));
        f->facts_count--;
    }
    fact = &f->facts[f->facts_count++];
    *fact = (struct synth_fact){
        .person = (uint8_t)person,
        .kind = (uint8_t)kind,
        .from = from,
        .to = to,
        .meaning = synth_kinds[kind].meaning,
        .holds = *f->people[person].id ? (struct interval){from, to} : never,
        .unknown = never,
    };
    snprintf(fact->value, sizeof(fact->value), "%s", value);
    return fact;
}

void synth_bond_add(struct synth_story *s, int a, int b, bool married, day on)
{
    struct synth_family *f = s->family;
    enum synth_kind kind = married ? SYNTH_KIND_MARRIED : SYNTH_KIND_DIVORCED;
    bool first = synth_random_chance(s->random, 0.7);

    if (!*f->people[a].id || !*f->people[b].id || f->bonds_count == SYNTH_BONDS_MAX)
        return;
    f->bonds[f->bonds_count++] = (struct synth_bond){(uint8_t)a, (uint8_t)b, married, on};
    /* One of the two is enough for the truth; often both are reported. */
    if (first)
        synth_fact_add(s, a, kind, on, DAY_FOREVER, f->people[b].id);
    if (!first || synth_random_chance(s->random, 0.5))
        synth_fact_add(s, b, kind, on, DAY_FOREVER, f->people[a].id);
}

/* A day near which one verdict gives way to another. */
static day edge(struct synth_story *s)
{
    struct synth_random *r = s->random;
    const struct synth_family *f = s->family;
    day about, birth = s->as_of;
    int year, month, dom;

    if (f->minors_count)
        birth = f->people[f->children[synth_random_below(r, (uint32_t)f->minors_count)]].birth;
    switch (synth_random_below(r, 6)) {
    case 0: about = s->as_of; break;
    case 1: about = day_add_months(s->as_of, -6); break;
    case 2: about = birth; break;
    case 3: about = day_anniversary(birth, 18); break;
    case 4:
        day_to_date(s->as_of - (int32_t)synth_random_below(r, 2000), &year, &month, &dom);
        day_from_date(year, month, 1, &about);
        return about - (int32_t)synth_random_below(r, 2); /* the first or the last of a month */
    default: about = day_add_months(day_anniversary(birth, 18), -6);
    }
    return about + synth_random_between(r, -1, 1);
}

day synth_story_day(struct synth_story *s, day lo)
{
    struct synth_random *r = s->random;
    day d;

    if (synth_story_chance(s, SYNTH_RATE_EDGE_DATE))
        d = edge(s);
    else if (synth_story_chance(s, SYNTH_RATE_AFTER_AS_OF))
        d = s->as_of + synth_random_between(r, 1, 400);
    else
        d = synth_random_between(r, lo, s->as_of);
    return d < lo ? lo : d;
}

day synth_story_end(struct synth_story *s, day from, double p, int longest)
{
    struct synth_random *r = s->random;

    if (!synth_random_chance(r, p))
        return DAY_FOREVER;
    if (synth_story_chance(s, SYNTH_RATE_EDGE_DATE)) {
        day d = edge(s);
        if (d > from)
            return d;
    }
    return from + synth_random_between(r, 1, longest);
}

bool synth_story_chance(struct synth_story *s, enum synth_rate rate)
{
    return synth_random_chance(s->random, synth_rates[rate].rate);
}

bool synth_story_misfortune(struct synth_story *s, enum synth_rate rate, double factor)
{
    return synth_random_chance(s->random,
                               synth_rates[rate].rate * factor * s->maker->options->misfortune);
}
