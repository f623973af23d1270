#include "crowd.h"

#include "intake/ingest.h"
#include "screening/verdict_text.h"
#include "store/sql_verdict.h"

#include <string.h>

#define GROWN (CROWD_SIZE / 2)

static unsigned below(struct crowd *c, unsigned n) { return random_below(&c->random, n); }
static bool chance(struct crowd *c, unsigned percent) { return below(c, 100) < percent; }

day crowd_day(void)
{
    day d;

    if (!day_parse(SLICE_LITERAL(CROWD_DAY), &d))
        abort();
    return d;
}

/* A day within so many days before and after the day of the crowd. */
static const char *some_day(struct crowd *c, unsigned before, unsigned after, char buffer[DAY_TEXT])
{
    return day_format(crowd_day() - (day)before + (day)below(c, before + after), buffer);
}

static void add_person(struct crowd *c, int i)
{
    char household[8] = "";

    if (i < GROWN)
        snprintf(c->birth[i], DAY_TEXT, "19%02u-%02u-%02u", 65 + below(c, 30), 1 + below(c, 12),
                 1 + below(c, 28));
    else /* some are past their eighteenth birthday, some near it, some not born yet */
        some_day(c, 19 * 365, chance(c, 20) ? 200 : 0, c->birth[i]);
    if (i >= GROWN && chance(c, 50)) /* the eighteenth birthday comes within a year */
        snprintf(c->birth[i], DAY_TEXT, "2006-%02u-%02u", 3 + below(c, 10), 1 + below(c, 28));
    c->id[i] = scene_id_number(c->birth[i], (unsigned)i);
    c->has_id[i] = chance(c, 90);
    if (chance(c, 60))
        snprintf(household, sizeof household, "h%u", below(c, 4));
    scene_print(&c->people, "p%d,%s,n%d,,%s,,%s,,,,%s\n", i, c->has_id[i] ? c->id[i].text : "", i,
                i < GROWN && chance(c, 20) && !c->has_id[i] ? "" : c->birth[i],
                i % 2 ? CROWD_VILLAGE : CROWD_OTHER_VILLAGE, household);
}

static void add_kin(struct crowd *c, int child, int person, const char *role, bool dated)
{
    char from[DAY_TEXT] = "", to[DAY_TEXT] = "";

    if (dated && chance(c, 60))
        some_day(c, 2000, 300, from);
    if (dated && chance(c, 40))
        some_day(c, 300, 500, to);
    scene_print(&c->relations, "p%d,p%d,%s,%s,%s\n", child, person, role, from, to);
}

void crowd_begin(struct crowd *c, uint64_t seed)
{
    static const char *const others[] = {"guardian",     "grandparent",     "step_father",
                                         "sibling",      "adoptive_father", "adoptive_mother",
                                         "foster_parent"};

    *c = (struct crowd){.random = seed};
    scene_print(&c->people, "%s", PEOPLE_HEADER);
    scene_print(&c->relations, "%s", RELATIONS_HEADER);
    for (int i = 0; i < CROWD_SIZE; i++)
        add_person(c, i);
    for (int i = GROWN; i < CROWD_SIZE; i++) {
        if (chance(c, 85))
            add_kin(c, i, (int)below(c, GROWN), "father", chance(c, 15));
        if (chance(c, 85))
            add_kin(c, i, (int)below(c, GROWN), "mother", chance(c, 15));
        for (unsigned n = below(c, 3); n > 0; n--)
            add_kin(c, i, (int)below(c, CROWD_SIZE), others[below(c, 7)], true);
    }
}

void crowd_end(struct crowd *c)
{
    scene_text_end(&c->people);
    scene_text_end(&c->relations);
}

void crowd_load(struct crowd *c, struct scene *s)
{
    scene_load(s, load_people, false, c->people.p);
    scene_load(s, load_relations, false, c->relations.p);
}

static const struct {
    const char *kind, *values[5];
} kinds[] = {
    {"dead", {"natural", "declared"}},
    {"missing_declared", {""}},
    {"disability", {"visual/1", "mental/3", "multiple/2", "physical/2"}},
    {"serious_illness", {""}},
    {"imprisoned", {"P6M", "P3Y", "", "P5M"}},
    {"compulsory_rehab", {"P2Y", "", "P6M"}},
    {"other_custody", {"P10D", ""}},
    {"lost_contact", {"reported", "determined"}},
    {"guardianship_revoked", {""}},
    {"deported", {""}},
    {"parents_not_found", {""}},
    {"hiv", {""}},
    {"low_income", {""}},
    {"low_income_edge", {""}},
    {"destitute", {""}},
    {"divorced", {"PARTY"}},
    {"married", {"PARTY"}},
    {"school_enrolled", {"s1", "s2"}},
    {"bullying", {"x"}},
};

void crowd_record(struct crowd *c, struct scene_text *t)
{
    static const char *const departments[] = {"civil_affairs", "justice"};
    unsigned k = below(c, sizeof kinds / sizeof *kinds), count = 0;
    const char *value;
    char from[DAY_TEXT], to[DAY_TEXT] = "", revision[8] = "";
    int who = (int)below(c, CROWD_SIZE);

    while (count < 5 && kinds[k].values[count])
        count++;
    value = kinds[k].values[below(c, count)];
    if (strcmp(value, "PARTY") == 0)
        value = c->id[below(c, GROWN)].text;
    if (chance(c, 12))
        value = "retracted";
    some_day(c, 900, 200, from);
    if (chance(c, 40) && strcmp(value, "natural") != 0)
        some_day(c, 200, 600, to);
    if (chance(c, 15))
        snprintf(revision, sizeof revision, "%u", below(c, 5));
    scene_print(t, "k%u,%s,%s,%s,,,,%s,%s,%s,,%s\n", below(c, 5), departments[below(c, 2)],
                kinds[k].kind, chance(c, 5) ? "" : c->id[who].text, from, to, value, revision);
    c->records++;
}

void crowd_ingest(struct scene *s, const struct edition *edition, const char *rows)
{
    struct scene_text t = {0};
    struct ingest_totals totals = {0};

    scene_print(&t, "%s", RECORDS_HEADER);
    for (const char *line = rows; *line;) {
        size_t n = strcspn(line, "\n") + 1;
        scene_print(&t, "%.*s", (int)n, line);
        line += n;
    }
    struct ingest_options o = {.path = scene_file(s, t.p), .refusals = scene_sink(s)};
    scene_text_end(&t);
    OK(s, ingest_file(s->d, edition, &o, &totals, &s->e));
}

void crowd_listen(struct crowd_changes *c, struct scene *s, const struct edition *edition)
{
    *c = (struct crowd_changes){.s = s, .edition = edition};
    for (int i = 0; i < CROWD_SIZE; i++) {
        c->ref[i] = arena_printf(&s->arena, "p%d", i);
        c->id[i] = scene_person(s, c->ref[i]);
    }
}

void crowd_tell(void *context, const struct verdict_change *change)
{
    struct crowd_changes *c = context;
    char on[DAY_TEXT];
    int who = 0;

    while (who < CROWD_SIZE && c->id[who] != change->child_id)
        who++;
    c->lines = arena_grow(&c->s->arena, c->lines, &c->capacity, c->count + 1, sizeof *c->lines);
    c->lines[c->count++] = arena_printf(
        &c->s->arena, "%s %s %s %d %d\n", who < CROWD_SIZE ? c->ref[who] : "?",
        policy_category_info(c->edition->set, change->category)->name,
        day_format(change->on_day, on), change->before, change->after);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *crowd_changes_text(struct crowd_changes *c)
{
    size_t n = 0;

    if (c->count > 0)
        qsort(c->lines, c->count, sizeof *c->lines, by_text);
    for (size_t i = 0; i < c->count; i++)
        n += strlen(c->lines[i]);
    char *text = arena_take(&c->s->arena, n + 1);
    n = 0;
    for (size_t i = 0; i < c->count; i++) {
        memcpy(text + n, c->lines[i], strlen(c->lines[i]));
        n += strlen(c->lines[i]);
    }
    return text;
}

struct tick_totals crowd_tick(struct scene *s, const struct edition *edition, day date,
                              struct crowd_changes *c)
{
    struct tick_totals totals = {0};

    OK(s,
       tick_run(s->d,
                &(struct tick_order){
                    .edition = edition, .date = date, .tell = c ? crowd_tell : NULL, .context = c},
                &totals, &s->e));
    return totals;
}

struct slice crowd_verdict(const struct population *p, const struct edition *edition, int64_t id,
                           struct arena *arena, struct policy_timeline **ret_timelines)
{
    struct policy_timeline *timelines = ARENA_ARRAY(arena, edition->category_count,
                                                    struct policy_timeline);
    uint32_t index = population_find(p, id);
    struct family family;

    if (ret_timelines)
        *ret_timelines = timelines;
    if (index == POPULATION_NOBODY || p->persons[index].birth == DAY_BEGINNING)
        return SLICE_NONE;
    population_family(p, index, arena, &family);
    policy_evaluate(edition->set, &family.policy, arena, timelines);
    return verdict_text(edition->set, timelines, arena);
}

struct slice crowd_kept(struct scene *s, int64_t id)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_verdict_in row;
    struct slice text = SLICE_NONE;

    OK(s, sql_verdict_in(s->d->store, &id, 1, &rows, &s->e));
    if (OK(s, sql_verdict_in_next(&rows, &row, &s->e)) == 0)
        return text;
    OK(s, sealer_set_subject(s->d->sealer, (const uint8_t *)row.salt.p, &s->e));
    OK(s, sealer_open(s->d->sealer, (struct seal_place){SLICE_LITERAL("verdict.sealed"), id},
                      row.sealed, &s->arena, &text, &s->e));
    return text;
}
