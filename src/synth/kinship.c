/* How the people of a family are bound to each other, and how that changes: registered parenthood,
 * paternity found late or disproved, divorce and remarriage, step-parents and their adoptions. */
#include "synth/family.h"

static void add_for_all(struct synth_story *s, int person, enum synth_relation relation, day from,
                        day to)
{
    struct synth_family *f = s->family;

    /* What ended before a child was born is nothing to that child. */
    for (int i = 0; i < f->children_count; i++)
        if (to > f->people[f->children[i]].birth)
            synth_kin_add(s, f->children[i], person, relation, from, to);
}

static void add_mother(struct synth_story *s)
{
    struct synth_family *f = s->family;

    for (int i = 0; i < f->children_count && f->mother >= 0; i++) {
        /* A register may spell "since birth" out; it is the same. */
        bool spelt = synth_random_chance(s->random, 0.1);
        day from = spelt ? f->people[f->children[i]].birth : DAY_BEGINNING;
        synth_kin_add(s, f->children[i], f->mother, SYNTH_MOTHER, from, DAY_FOREVER);
    }
}

static int add_adult(struct synth_story *s, char sex, int near)
{
    struct synth_family *f = s->family;
    struct synth_traits t = {.sex = sex, .style = SYNTH_HAN, .paper = true};
    int at;

    t.birth = f->people[near].birth + synth_random_between(s->random, -1500, 1500);
    if (t.birth > day_anniversary(s->as_of, -20))
        t.birth = day_anniversary(s->as_of, -20); /* who marries is of age */
    t.surname = synth_names_surname(s->random);
    at = synth_person_add(s, &t);
    synth_person_settle(s, at, &f->people[near]);
    return at;
}

static void add_father(struct synth_story *s)
{
    struct synth_family *f = s->family;
    day turn;

    if (f->father < 0)
        return;
    if (synth_story_misfortune(s, SYNTH_RATE_PATERNITY_LATE, 1)) {
        add_for_all(s, f->father, SYNTH_FATHER, synth_story_day(s, f->eldest + 1), DAY_FOREVER);
    } else if (synth_story_misfortune(s, SYNTH_RATE_PATERNITY_ENDED, 1)) {
        turn = synth_story_day(s, f->eldest + 30);
        add_for_all(s, f->father, SYNTH_FATHER, DAY_BEGINNING, turn);
        if (synth_random_chance(s->random, 0.5)) {
            int other = add_adult(s, 'M', f->father);
            synth_person_move_out(s, other);
            turn += synth_random_chance(s->random, 0.5) ? synth_random_between(s->random, 1, 300)
                                                        : 0;
            add_for_all(s, other, SYNTH_FATHER, turn, DAY_FOREVER);
        }
    } else {
        add_for_all(s, f->father, SYNTH_FATHER, DAY_BEGINNING, DAY_FOREVER);
    }
}

/* The new spouse adopts: the birth parent who stays is entered again as the other adoptive parent.
 * */
static void adopt_as_step_parent(struct synth_story *s, int stays, int step, day married)
{
    struct synth_family *f = s->family;
    bool mother = f->people[stays].sex == 'F';
    day from = synth_story_day(s, married + 60);
    day to = synth_random_chance(s->random, synth_rates[SYNTH_RATE_ADOPTION_ENDS].rate)
                 ? from + synth_random_between(s->random, 100, 2500)
                 : DAY_FOREVER;

    add_for_all(s, step, mother ? SYNTH_ADOPTIVE_FATHER : SYNTH_ADOPTIVE_MOTHER, from, to);
    add_for_all(s, stays, mother ? SYNTH_ADOPTIVE_MOTHER : SYNTH_ADOPTIVE_FATHER, from, to);
    if (synth_random_chance(s->random, 0.15))
        synth_bond_add(s, stays, step, false, from + synth_random_between(s->random, 10, 1500));
}

static void marry_another(struct synth_story *s, day divorced)
{
    struct synth_family *f = s->family;
    int stays = synth_random_chance(s->random, 0.7) ? f->mother : f->father;
    bool mother = stays == f->mother;
    int step = add_adult(s, mother ? 'M' : 'F', stays);
    day married = divorced + synth_random_between(s->random, 40, 1500);

    synth_bond_add(s, stays, step, true, married);
    add_for_all(s, step, mother ? SYNTH_STEP_FATHER : SYNTH_STEP_MOTHER, married, DAY_FOREVER);
    if (synth_story_chance(s, SYNTH_RATE_STEP_ADOPTION))
        adopt_as_step_parent(s, stays, step, married);
}

static void divorce(struct synth_story *s)
{
    struct synth_family *f = s->family;
    day on = synth_story_day(s, f->eldest + 90), again;

    synth_bond_add(s, f->father, f->mother, false, on);
    if (synth_random_chance(s->random, 0.8))
        synth_person_move_out(s, synth_random_chance(s->random, 0.7) ? f->father : f->mother);
    if (synth_story_chance(s, SYNTH_RATE_REMARRIED_TO_EACH_OTHER)) {
        again = on + synth_random_between(s->random, 31, 1200);
        synth_bond_add(s, f->mother, f->father, true, again);
        if (synth_story_chance(s, SYNTH_RATE_DIVORCED_AGAIN))
            synth_bond_add(s, f->mother, f->father, false,
                           again + synth_random_between(s->random, 31, 1200));
    } else if (synth_story_chance(s, SYNTH_RATE_STEP_PARENT)) {
        marry_another(s, on);
    }
}

/* An earlier marriage to somebody who is not of this register: it says nothing about these
 * parents. */
static void divorced_from_another(struct synth_story *s, int parent)
{
    struct synth_person *p = &s->family->people[parent];
    char other[SYNTH_ID_MAX];

    if (s->status == 0)
        s->status = synth_identities_next(s->maker->identities, p->birth + 400,
                                          p->sex == 'M' ? 'F' : 'M', other, s->error);
    if (s->status == 0)
        synth_fact_add(s, parent, SYNTH_KIND_DIVORCED, s->family->eldest - 800, DAY_FOREVER, other);
}

/* Someone who looks after the children without being a parent. */
static void add_carers(struct synth_story *s)
{
    struct synth_family *f = s->family;
    struct synth_random *r = s->random;
    day from = f->eldest + (day)synth_random_below(r, 1500);

    if (f->carer >= 0 && (f->mother < 0 || synth_random_chance(r, 0.03)))
        add_for_all(s, f->carer, SYNTH_GUARDIAN, synth_random_chance(r, 0.3) ? DAY_BEGINNING : from,
                    synth_random_chance(r, 0.3) ? from + synth_random_between(r, 1, 4000)
                                                : DAY_FOREVER);
    if (f->mother >= 0 && synth_random_chance(r, 0.002)) {
        int other = add_adult(s, 'F', f->mother);
        synth_person_move_out(s, other);
        add_for_all(s, other, synth_random_chance(r, 0.6) ? SYNTH_RELATIVE : SYNTH_FOSTER_PARENT,
                    from, DAY_FOREVER);
    }
}

void synth_kinship_tell(struct synth_story *s)
{
    struct synth_family *f = s->family;

    add_father(s);
    add_mother(s);
    if (f->father >= 0 && f->mother >= 0 && synth_story_chance(s, SYNTH_RATE_DIVORCE))
        divorce(s);
    for (int i = 0; i < 2; i++) {
        int parent = i ? f->mother : f->father;
        if (parent >= 0 && *f->people[parent].id &&
            synth_story_chance(s, SYNTH_RATE_DIVORCED_FROM_ANOTHER))
            divorced_from_another(s, parent);
    }
    add_carers(s);
}
