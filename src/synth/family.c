/* Who belongs to a family: its shape, its children and their ages, parents, grandparents, home. */
#include "synth/family.h"

#include <stdlib.h>

enum shape { TWO_PARENTS, MOTHER_ONLY, NOBODY_REGISTERED, FOUNDLING, ADOPTED };

static enum shape draw_shape(struct synth_story *s)
{
    if (synth_story_chance(s, SYNTH_RATE_FATHER_NOT_REGISTERED))
        return MOTHER_ONLY;
    if (synth_story_chance(s, SYNTH_RATE_PARENTS_NOT_REGISTERED))
        return NOBODY_REGISTERED;
    if (synth_story_misfortune(s, SYNTH_RATE_FOUNDLING, 1))
        return FOUNDLING;
    return synth_story_misfortune(s, SYNTH_RATE_ADOPTED, 1) ? ADOPTED : TWO_PARENTS;
}

/* An age by the births of that year, a day within it. One in five hundred is put on a boundary: 18
 * tomorrow or the day after, born today, born on a 29 February. */
static day draw_any_birth(struct synth_story *s)
{
    struct synth_random *r = s->random;
    uint32_t weights[18];
    int year, month, dom;
    size_t age;
    day leap;

    day_to_date(s->as_of, &year, &month, &dom);
    for (int i = 0; i < 18; i++)
        weights[i] = synth_rates_births(year - i);
    age = synth_random_weighted(r, weights, 18);
    switch (synth_random_below(r, 2000)) {
    case 0: return day_anniversary(s->as_of, -18) + 1;
    case 1: return day_anniversary(s->as_of, -18) + 2;
    case 2: return s->as_of;
    case 3:
        if (day_from_date((year - 1 - (int)age) / 4 * 4, 2, 29, &leap) && leap <= s->as_of &&
            day_anniversary(leap, 18) > s->as_of)
            return leap;
        break;
    }
    return synth_random_between(r, day_anniversary(s->as_of, -(int)age - 1) + 1,
                                day_anniversary(s->as_of, -(int)age));
}

/* A minor's birthday: somebody born on 29 February is of age on the 28th of a common year. */
static day draw_birth(struct synth_story *s)
{
    day d = draw_any_birth(s);

    while (day_anniversary(d, 18) <= s->as_of)
        d++;
    return d < s->as_of ? d : s->as_of;
}

static int compare_days(const void *a, const void *b)
{
    day x = *(const day *)a, y = *(const day *)b;

    return (x > y) - (x < y);
}

/* Birthdays of the minors, eldest first; brothers and sisters at least ten months apart, or twins.
 * */
static int draw_births(struct synth_story *s, int most, day *births)
{
    static const uint32_t sizes[SYNTH_MINORS_MAX] = {55, 37, 7, 1};
    struct synth_random *r = s->random;
    int wanted = 1 + (int)synth_random_weighted(r, sizes, SYNTH_MINORS_MAX), n = 0;

    births[n++] = draw_birth(s);
    while (n < wanted && n < most) {
        bool twin = synth_story_chance(s, SYNTH_RATE_TWINS);
        day d = twin ? births[n - 1] : births[n - 1] - synth_random_between(r, 300, 2600);
        if (s->as_of >= day_anniversary(d, 18))
            break;
        births[n++] = d;
    }
    qsort(births, (size_t)n, sizeof(*births), compare_days);
    return n;
}

/* The home: a community, perhaps come from elsewhere, as a person to copy it from. */
static struct synth_person draw_home(struct synth_story *s)
{
    struct synth_random *r = s->random;
    struct synth_person home = {.since = SYNTH_NO_DAY};

    home.residence = synth_places_home(s->maker->places, r);
    home.hukou = home.residence;
    home.house = 1 + synth_random_below(r, 300);
    home.room = synth_random_chance(r, 0.6) ? 101 + synth_random_below(r, 20) * 100 : 0;
    if (!synth_story_chance(s, SYNTH_RATE_NO_HOUSEHOLD))
        home.household = ++s->maker->households;
    if (synth_story_chance(s, SYNTH_RATE_MIGRANT)) {
        home.hukou = synth_places_elsewhere(s->maker->places, r);
        home.since = s->as_of - (day)synth_random_below(r, 5000);
    } else if (synth_random_chance(r, 0.3)) {
        home.since = s->as_of - (day)synth_random_below(r, 9000);
    }
    return home;
}

static day years_before(struct synth_story *s, day d, int least, int most)
{
    return day_add_days(day_anniversary(d, -synth_random_between(s->random, least, most)),
                        -(int64_t)synth_random_below(s->random, 365));
}

static int add_parent(struct synth_story *s, char sex, day birth, enum synth_style style,
                      bool paper)
{
    struct synth_traits t = {sex, birth, style, synth_names_surname(s->random), NULL, paper};

    return synth_person_add(s, &t);
}

static void add_parents(struct synth_story *s, enum shape shape, const struct synth_person *home)
{
    struct synth_family *f = s->family;
    bool minority = synth_story_chance(s, SYNTH_RATE_MINORITY_NAME);
    bool foreign = synth_story_chance(s, SYNTH_RATE_FOREIGN_PARENT);
    bool foreign_father = synth_random_chance(s->random, 0.7);
    enum synth_style usual = minority ? SYNTH_MINORITY : SYNTH_HAN;
    day mother = years_before(s, f->eldest, 20, 36);

    f->father = f->mother = f->carer = -1;
    if (shape == NOBODY_REGISTERED || shape == FOUNDLING)
        return;
    if (shape == TWO_PARENTS) {
        bool stranger = foreign && foreign_father;
        day birth = mother - synth_random_between(s->random, -700, 2500);
        f->father = add_parent(s, 'M', birth, stranger ? SYNTH_FOREIGN : usual, !stranger);
        synth_person_settle(s, f->father, home);
    }
    if (shape == ADOPTED && synth_random_chance(s->random, 0.5))
        return; /* the birth parents are not known here */
    foreign = foreign && !foreign_father;
    f->mother = add_parent(s, 'F', mother, foreign ? SYNTH_FOREIGN : usual, !foreign);
    synth_person_settle(s, f->mother, home);
}

/* Like the father's; the mother's in one of thirteen, or where he has none to give. */
static struct synth_traits childs_traits(struct synth_story *s, day birth)
{
    struct synth_family *f = s->family;
    const struct synth_person *father = f->father >= 0 ? &f->people[f->father] : NULL;
    const struct synth_person *mother = f->mother >= 0 ? &f->people[f->mother] : NULL;
    struct synth_traits t = {.birth = birth, .style = SYNTH_HAN};
    bool hers = synth_story_chance(s, SYNTH_RATE_MOTHERS_SURNAME);

    t.sex = synth_random_chance(s->random, 0.527) ? 'M' : 'F'; /* MPS name report 2020 */
    t.paper = !synth_story_chance(s, SYNTH_RATE_NO_PAPER_CHILD);
    if (father && father->style == SYNTH_MINORITY) {
        t.style = SYNTH_MINORITY;
        t.after = NULL;
    } else if (father && father->style == SYNTH_HAN && !(hers && mother)) {
        t.surname = father->surname;
    } else if (mother && mother->style == SYNTH_HAN) {
        t.surname = mother->surname;
    } else {
        t.surname = synth_names_surname(s->random);
    }
    return t;
}

static void add_children(struct synth_story *s, const day *births, int n,
                         const struct synth_person *home)
{
    struct synth_family *f = s->family;

    for (int i = 0; i <= n; i++) {
        struct synth_traits t;
        int child;
        if (i == n) { /* perhaps a grown-up brother or sister */
            day birth = day_anniversary(s->as_of, -18) - (day)synth_random_below(s->random, 700);
            if (f->mother < 0 || birth < day_anniversary(f->people[f->mother].birth, 18) ||
                birth > f->eldest - 300 || !synth_story_chance(s, SYNTH_RATE_ADULT_SIBLING))
                break;
            t = childs_traits(s, birth);
        } else {
            t = childs_traits(s, births[i]);
        }
        child = synth_person_add(s, &t);
        synth_person_settle(s, child, home);
        f->children[f->children_count++] = child;
    }
    f->minors_count = n;
}

static void add_grandparent(struct synth_story *s, int parent, char sex,
                            const struct synth_person *home)
{
    struct synth_family *f = s->family;
    const struct synth_person *p = parent >= 0 ? &f->people[parent] : NULL;
    struct synth_traits t = {.sex = sex, .style = SYNTH_HAN};
    int at;

    t.paper = !synth_story_chance(s, SYNTH_RATE_NO_PAPER_GRANDPARENT);
    t.birth = years_before(s, p ? p->birth : f->eldest - 9500, 21, 33);
    if (!t.paper && synth_random_chance(s->random, 0.7))
        t.birth = SYNTH_NO_DAY; /* nobody wrote it down */
    t.surname = p && sex == 'M' && p->style == SYNTH_HAN ? p->surname
                                                         : synth_names_surname(s->random);
    at = synth_person_add(s, &t);
    synth_person_settle(s, at, home);
    if (synth_random_chance(s->random, 0.4))
        synth_person_move_out(s, at);
    for (int i = 0; i < f->children_count; i++)
        synth_kin_add(s, f->children[i], at, SYNTH_GRANDPARENT, DAY_BEGINNING, DAY_FOREVER);
    f->carer = at;
}

static void add_grandparents(struct synth_story *s, enum shape shape,
                             const struct synth_person *home)
{
    const int parents[4] = {s->family->father, s->family->father, s->family->mother,
                            s->family->mother};

    if (shape == FOUNDLING)
        return;
    for (int i = 0; i < 4; i++)
        if (synth_story_chance(s, SYNTH_RATE_GRANDPARENT) || (i == 1 && shape == NOBODY_REGISTERED))
            add_grandparent(s, parents[i], i % 2 ? 'F' : 'M', home);
}

static void add_siblings(struct synth_story *s)
{
    struct synth_family *f = s->family;

    for (int i = 0; i < f->children_count; i++)
        for (int j = 0; j < f->children_count; j++)
            if (i != j)
                synth_kin_add(s, f->children[i], f->children[j], SYNTH_SIBLING, DAY_BEGINNING,
                              DAY_FOREVER);
}

int synth_family_make(struct synth_maker *m, struct synth_random *r, int most,
                      struct synth_family *ret, struct error *e)
{
    struct synth_story s = {ret, m, r, m->options->as_of, 0, e};
    struct synth_person home;
    day births[SYNTH_MINORS_MAX];
    enum shape shape = draw_shape(&s);
    int n;

    ret->people_count = ret->kin_count = ret->facts_count = ret->bonds_count = 0;
    ret->children_count = ret->minors_count = 0;
    n = draw_births(&s, shape == FOUNDLING ? 1 : most, births);
    ret->eldest = births[0];
    home = draw_home(&s);
    add_parents(&s, shape, &home);
    add_children(&s, births, n, &home);
    add_grandparents(&s, shape, &home);
    add_siblings(&s);
    synth_kinship_tell(&s);
    if (shape == FOUNDLING || shape == ADOPTED)
        synth_adoption_tell(&s, shape == FOUNDLING);
    synth_fate_tell(&s);
    return s.status;
}
