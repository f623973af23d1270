/* Foundlings, and children adopted by one or two people; adoptions that end. */
#include "synth/family.h"

static int add_adopter(struct synth_story *s, int child, char sex, bool moves)
{
    struct synth_family *f = s->family;
    struct synth_traits t = {.sex = sex, .style = SYNTH_HAN, .paper = true};
    int at;

    t.birth = f->people[child].birth - synth_random_between(s->random, 30 * 365, 46 * 365);
    t.surname = synth_names_surname(s->random);
    at = synth_person_add(s, &t);
    synth_person_settle(s, at, &f->people[child]);
    if (!f->people[at].hukou)
        f->people[at].hukou = f->people[at].residence;
    if (moves)
        synth_person_move_out(s, at);
    return at;
}

static day draw_ending(struct synth_story *s, day from)
{
    if (!synth_story_chance(s, SYNTH_RATE_ADOPTION_ENDS))
        return DAY_FOREVER;
    return synth_story_end(s, from, 1, 3000);
}

/* Adopts all the children of the family from one day on; of two adopters, one may end it alone. */
static void adopt(struct synth_story *s, day from)
{
    struct synth_family *f = s->family;
    bool alone = synth_story_chance(s, SYNTH_RATE_ONE_ADOPTER);
    bool woman = synth_random_chance(s->random, 0.6);
    bool moves = synth_random_chance(s->random, 0.1);
    day to = draw_ending(s, from),
        other_to = synth_random_chance(s->random, 0.9) ? to : draw_ending(s, from);
    int father = -1, mother = -1;

    if (!alone || !woman)
        father = add_adopter(s, f->children[0], 'M', moves);
    if (!alone || woman)
        mother = add_adopter(s, f->children[0], 'F', moves);
    for (int i = 0; i < f->children_count; i++) {
        if (father >= 0)
            synth_kin_add(s, f->children[i], father, SYNTH_ADOPTIVE_FATHER, from, to);
        if (mother >= 0)
            synth_kin_add(s, f->children[i], mother, SYNTH_ADOPTIVE_MOTHER, from, other_to);
    }
    if (father >= 0 && mother >= 0 && synth_random_chance(s->random, 0.1))
        synth_bond_add(s, father, mother, false, from + synth_random_between(s->random, 50, 3000));
}

static void find(struct synth_story *s)
{
    struct synth_family *f = s->family;
    int child = f->children[0];
    day found = synth_story_day(s, f->people[child].birth + 60);
    bool adopted = synth_story_chance(s, SYNTH_RATE_FOUNDLING_ADOPTED);
    day adoption = found + synth_random_between(s->random, 90, 2500), to = DAY_FOREVER;

    /* The record of the search may be ended by the adoption, or stay; the adoption counts either
     * way. */
    if (adopted && synth_random_chance(s->random, 0.5))
        to = adoption;
    else if (!adopted)
        to = synth_story_end(s, found, 0.15, 2000); /* found after all */
    synth_fact_add(s, child, SYNTH_KIND_NOT_FOUND, found, to, "");
    synth_kin_add(s, child, SYNTH_THE_INSTITUTION, SYNTH_INSTITUTION, f->people[child].birth,
                  adopted ? adoption : DAY_FOREVER);
    if (adopted)
        adopt(s, adoption);
}

void synth_adoption_tell(struct synth_story *s, bool foundling)
{
    if (foundling)
        find(s);
    else
        adopt(s, synth_story_day(s, s->family->eldest + 30));
}
