/* From records and nights to alerts: whatever comes in whatever order, the threads and their causes are what a
 * slow oracle makes of everything that was told, from the first day on, each time anew.
 *
 * The oracle knows stretches: a category of a child that was told to begin, and perhaps to end. A thread begins
 * with the first telling after which a stretch that begun in it still stands; its causes are the stretches that
 * begin while it is open, each category once at a time; and it stands upon those that have not ended. */
#include "crowd.h"

#include "../people/cast.h"
#include "care/alert_inside.h"
#include "care/review.h"
#include "intake/ingest.h"

#include <string.h>

#define STEPS 90
#define THREADS 40

static uint64_t seed;

/* ---- what was told and done ------------------------------------------------------------------------- */

enum deed { TOLD, ACCEPTED, CLOSED, RELEASED };

/* One line of the log. Lines of one transaction have one number. */
struct line {
    enum deed deed;
    int group, child; /* number of the person */
    bool baseline;
    const char *category;
    day on_day;
    bool begins;
};

struct log {
    struct scene *s;
    const struct edition *edition;
    const struct care_tables *tables;
    struct line *lines;
    size_t count, capacity;
    int group;
    bool baseline;
    day clock;
    int64_t id[CROWD_SIZE];
};

static void note(struct log *l, struct line line)
{
    l->lines = arena_grow(&l->s->arena, l->lines, &l->capacity, l->count + 1, sizeof *l->lines);
    line.group = l->group;
    line.baseline = l->baseline;
    l->lines[l->count++] = line;
}

static int number_of(const struct log *l, int64_t id)
{
    int i = 0;

    while (i < CROWD_SIZE && l->id[i] != id)
        i++;
    return i;
}

static void hear(void *context, const struct verdict_change *c)
{
    struct log *l = context;
    bool held = c->before == POLICY_TRUE, holds = c->after == POLICY_TRUE;

    if (held != holds)
        note(l, (struct line){.deed = TOLD,
                              .child = number_of(l, c->child_id),
                              .category = policy_category_info(l->edition->set, c->category)->name,
                              .on_day = c->on_day,
                              .begins = holds});
}

/* ---- the oracle ----------------------------------------------------------------------------------------- */

struct stretch {
    const char *category;
    day on_day;
    bool stands;
};

struct oracle {
    const char *state; /* held, pushed, accepted, recalled, closed */
    int level;
    bool basis_withdrawn;
    struct stretch stretches[64];
    size_t count;
};

static int level_of(const struct log *l, const struct oracle *o)
{
    int level = 9;

    for (size_t i = 0; i < o->count; i++)
        if (o->stretches[i].stands) {
            int own = care_alert_rule(l->tables, o->stretches[i].category)->level;
            level = own < level ? own : level;
        }
    return level == 9 ? o->level : level;
}

static bool stands(const struct oracle *o, const char *category)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->stretches[i].stands &&
            (!category || strcmp(o->stretches[i].category, category) == 0))
            return true;
    return false;
}

/* The lines of one child in one group, the earlier day first. */
static size_t lines_of(const struct log *l, int child, int group, const struct line **ret)
{
    size_t count = 0;

    for (size_t i = 0; i < l->count; i++)
        if (l->lines[i].child == child && l->lines[i].group == group) {
            size_t k = count++;
            for (; k > 0 && ret[k - 1]->on_day > l->lines[i].on_day; k--)
                ret[k] = ret[k - 1];
            ret[k] = &l->lines[i];
        }
    return count;
}

static void tell(const struct log *l, struct oracle *o, const struct line **lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *category = lines[i]->category;
        if (!care_alert_rule(l->tables, category))
            continue;
        if (lines[i]->begins && !stands(o, category))
            o->stretches[o->count++] = (struct stretch){category, lines[i]->on_day, true};
        for (size_t k = 0; k < o->count && !lines[i]->begins; k++)
            if (strcmp(o->stretches[k].category, category) == 0)
                o->stretches[k].stands = false;
    }
}

static bool is(const struct oracle *o, const char *state) { return strcmp(o->state, state) == 0; }
static bool over(const struct oracle *o) { return is(o, "recalled") || is(o, "closed"); }

/* What became of the open thread by what was told. */
static void change(const struct log *l, struct oracle *o, const struct line **lines, size_t count)
{
    size_t old = o->count;
    bool news = false;

    tell(l, o, lines, count);
    for (size_t i = old; i < o->count; i++)
        news |= o->stretches[i].stands;
    o->level = level_of(l, o);
    o->basis_withdrawn = !stands(o, NULL) && is(o, "accepted");
    if (!stands(o, NULL) && !is(o, "accepted"))
        o->state = "recalled";
    else if (is(o, "held") && news && !lines[0]->baseline)
        o->state = "pushed";
}

/* All threads of a child, from scratch. */
static size_t threads_of(const struct log *l, int child, struct oracle *ret)
{
    const struct line *lines[512];
    size_t count = 0;

    for (int group = 0; group <= l->group; group++) {
        size_t n = lines_of(l, child, group, lines);
        struct oracle *o = count > 0 && !over(&ret[count - 1]) ? &ret[count - 1] : NULL;
        if (n == 0)
            continue;
        if (lines[0]->deed != TOLD) {
            assert_non_null(o);
            o->state = lines[0]->deed == ACCEPTED ? "accepted"
                       : lines[0]->deed == CLOSED ? "closed"
                                                  : "pushed";
            continue;
        }
        if (o) {
            change(l, o, lines, n);
            continue;
        }
        struct oracle *fresh = &ret[count];
        *fresh = (struct oracle){.state = lines[0]->baseline ? "held" : "pushed"};
        tell(l, fresh, lines, n);
        fresh->level = level_of(l, fresh);
        count += stands(fresh, NULL);
        assert_true(count < THREADS);
    }
    return count;
}

/* ---- what there is ----------------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *join(struct scene *s, const char **list, size_t count)
{
    const char *text = "";

    if (count > 0)
        qsort(list, count, sizeof *list, by_text);
    for (size_t i = 0; i < count; i++)
        text = arena_printf(&s->arena, "%s %s", text, list[i]);
    return text;
}

static const char *expected(struct log *l, int child)
{
    struct oracle threads[THREADS];
    size_t count = threads_of(l, child, threads);
    const char *text = "";

    for (size_t i = 0; i < count; i++) {
        const char *list[64];
        for (size_t k = 0; k < threads[i].count; k++)
            list[k] = arena_printf(&l->s->arena, "%s/%d%s", threads[i].stretches[k].category,
                                   (int)threads[i].stretches[k].on_day,
                                   threads[i].stretches[k].stands ? "" : "!");
        text = arena_printf(&l->s->arena, "%s%s %d%s:%s\n", text, threads[i].state,
                            threads[i].level,
                            threads[i].basis_withdrawn && !over(&threads[i]) ? " withdrawn" : "",
                            join(l->s, list, threads[i].count));
    }
    return text;
}

struct all {
    struct alert *list;
    size_t count;
};

static int by_id(const void *a, const void *b)
{
    const struct alert *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static struct all read_all(struct scene *s)
{
    static const enum alert_view views[] = {ALERTS_OPEN, ALERTS_HELD, ALERTS_CLOSED};
    struct all all = {.list = ARENA_ARRAY(&s->arena, 3000, struct alert)};

    for (int i = 0; i < 3; i++) {
        struct alert_filter f = {.view = views[i]};
        struct alert *page;
        size_t count;
        OK(s, alert_list(s->d, &f, (struct alert_place){0}, 1000, &s->arena, &page, &count, &s->e));
        if (count > 0)
            memcpy(all.list + all.count, page, count * sizeof *page);
        all.count += count;
    }
    if (all.count > 0)
        qsort(all.list, all.count, sizeof *all.list, by_id);
    return all;
}

static const char *found(struct log *l, const struct all *all, int child)
{
    struct scene *s = l->s;
    const char *text = "";

    for (size_t i = 0; i < all->count; i++) {
        const struct alert *a = &all->list[i];
        struct alert_cause *causes;
        const char *list[64];
        size_t count;
        if (a->child_id != l->id[child])
            continue;
        OK(s, alert_causes(s->d, a, &s->arena, &causes, &count, &s->e));
        for (size_t k = 0; k < count; k++)
            list[k] = arena_printf(&s->arena, "%.*s/%d%s", (int)causes[k].category.n,
                                   causes[k].category.p, (int)causes[k].on_day,
                                   causes[k].withdrawn_at ? "!" : "");
        text = arena_printf(&s->arena, "%s%.*s %d%s:%s\n", text, (int)a->state.n, a->state.p,
                            a->level, a->basis_withdrawn && !a->closed_at ? " withdrawn" : "",
                            join(s, list, count));
    }
    return text;
}

/* Whoever waits has a clock, and nobody else; an owner has what is open, and held alerts have none. */
static void check_rules(struct log *l, const struct all *all)
{
    int64_t waiting = 0;

    for (size_t i = 0; i < all->count; i++) {
        const struct alert *a = &all->list[i];
        bool held = slice_is(a->state, "held"), open = !a->closed_at;
        waiting += open && !held;
        assert_int_equal(a->owner_id != 0, open && !held);
        assert_int_equal(a->due_at != 0, open && !held);
    }
    assert_int_equal(scene_count(l->s, "SELECT count(*) FROM clock WHERE workflow = 'alert' AND "
                                       "stopped_at IS NULL AND fired_at IS NULL"),
                     waiting);
}

/* The supervisor's list has whoever cannot be decided on the clock's day, and in which categories. For want of
 * what is said as of the day on which the child was judged last: a term that has become clear meanwhile may
 * still be named beside what keeps the category undecided. */
static const char *wanting(struct log *l, const struct population *all, uint32_t index,
                           struct policy_timeline *timelines)
{
    struct family family;
    const char *text = "";

    population_family(all, index, &l->s->arena, &family);
    for (size_t c = 0; c < l->edition->category_count; c++) {
        enum policy_missing missing[POLICY_MISSING_COUNT];
        const struct policy_stretch *stretch = policy_timeline_at(&timelines[c], l->clock);
        size_t n = 0;
        if (stretch && stretch->status == POLICY_UNKNOWN)
            n = policy_missing_of(l->edition->set, &family.policy, c, l->clock, &l->s->arena,
                                  missing);
        if (n > 0)
            text = arena_printf(&l->s->arena, "%s%s ", text,
                                policy_category_info(l->edition->set, c)->name);
    }
    return text;
}

static const char *listed(struct log *l, const struct review *reviews, size_t count, int64_t child)
{
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; reviews[i].child_id == child && k < reviews[i].item_count; k++) {
            const struct review_item *item = &reviews[i].items[k];
            assert_int_not_equal(policy_missing_by_name(item->missing), POLICY_MISSING_NONE);
            if (k == 0 || !slice_equal(item->category, item[-1].category))
                text = arena_printf(&l->s->arena, "%s%.*s ", text, (int)item->category.n,
                                    item->category.p);
        }
    return text;
}

static void check_reviews(struct log *l)
{
    struct scene *s = l->s;
    struct population all;
    struct review *reviews;
    size_t count, told = 0;

    OK(s, population_read_all(s->d, &s->arena, &all, &s->e));
    OK(s, review_list(s->d, INT64_C(999901000000), 0, 1000, &s->arena, &reviews, &count, &s->e));
    for (uint32_t i = 0; i < all.person_count; i++) {
        struct policy_timeline *timelines;
        if (!crowd_verdict(&all, l->edition, all.persons[i].id, &s->arena, &timelines).p)
            continue;
        const char *want = wanting(l, &all, i, timelines);
        assert_string_equal(listed(l, reviews, count, all.persons[i].id), want);
        told += *want != '\0';
    }
    assert_int_equal(count, told);
}

static void compare(struct log *l)
{
    struct all all = read_all(l->s);

    for (int child = 0; child < CROWD_SIZE; child++)
        assert_string_equal(found(l, &all, child), expected(l, child));
    check_rules(l, &all);
    check_reviews(l);
}

/* ---- what happens ---------------------------------------------------------------------------------------------- */

/* The changes of a record are heard by reading those that were written. */
static void ingest(struct log *l, struct crowd *c)
{
    struct scene_text t = {0};
    struct ingest_totals totals = {0};

    scene_print(&t, "%s", RECORDS_HEADER);
    crowd_record(c, &t);
    struct ingest_options o = {.path = scene_file(l->s, t.p),
                               .refusals = scene_sink(l->s),
                               .tables = l->tables,
                               .verdicts = hear,
                               .verdicts_context = l};
    scene_text_end(&t);
    OK(l->s, ingest_file(l->s->d, l->edition, &o, &totals, &l->s->e));
}

static void night(struct log *l, day date, enum tick_alerts alerts)
{
    struct tick_totals totals;

    l->clock = date;
    OK(l->s, tick_run(l->s->d,
                      &(struct tick_order){.edition = l->edition,
                                           .tables = l->tables,
                                           .alerts = alerts,
                                           .date = date,
                                           .tell = hear,
                                           .context = l},
                      &totals, &l->s->e));
}

static void act(struct log *l, uint64_t *r, int64_t now, const struct account *directors,
                const struct account *supervisor)
{
    struct scene *s = l->s;
    struct all all = read_all(s);
    struct care care;

    if (all.count == 0)
        return;
    const struct alert *a = &all.list[random_below(r, (unsigned)all.count)];
    struct care_step step = {.reason = SLICE_LITERAL("as told")};
    enum deed deed;
    if (slice_is(a->state, "pushed")) {
        step.event = "accept";
        step.actor = &directors[a->owner_id == directors[1].id];
        deed = ACCEPTED;
    } else if (slice_is(a->state, "accepted") && a->basis_withdrawn) {
        step.event = "close_withdrawn";
        step.actor = supervisor;
        deed = CLOSED;
    } else if (slice_is(a->state, "held")) {
        step.event = "release";
        deed = RELEASED;
    } else
        return;
    OK(s, store_begin(s->d->store, &s->e));
    OK(s, care_begin(&care, s->d, l->tables, &s->arena, now, day_of_instant(now), &s->e));
    OK(s, alert_fire(&care, a->id, &step, &s->e));
    OK(s, store_commit(s->d->store, &s->e));
    note(l, (struct line){.deed = deed, .child = number_of(l, a->child_id)});
}

static void any_order(void **state)
{
    struct scene *s = scene_of(state);
    uint64_t r = seed;
    struct crowd c;
    struct edition edition;
    struct log l = {.s = s, .edition = &edition};
    struct account directors[2], supervisor;
    day today = crowd_day();

    OK(s, edition_read(NULL, &s->arena, &edition, &s->e));
    OK(s, care_tables_load(NULL, &s->arena, &l.tables, &s->e));
    crowd_begin(&c, seed);
    crowd_load(&c, s);
    for (int i = 0; i < CROWD_SIZE; i++)
        l.id[i] = scene_person(s, arena_printf(&s->arena, "p%d", i));
    for (int i = 0; i < 2; i++)
        directors[i] = cast_account_get(s, cast_account(s, i ? "d2" : "d1", ROLE_CHILD_DIRECTOR,
                                                        INT64_C(999901001001) + i, NULL, NULL, 0));
    supervisor = cast_account_get(
        s, cast_account(s, "s1", ROLE_SUPERVISOR, INT64_C(999901001000), NULL, NULL, 0));
    for (int i = 0; i < 30; i++) /* before the clock: nothing is told */
        ingest(&l, &c);
    assert_int_equal(l.count, 0);
    l.baseline = true;
    night(&l, today, TICK_ALERTS_BY_RULE);
    l.baseline = false;
    compare(&l);
    for (int i = 0; i < STEPS; i++) {
        l.group++;
        switch (random_below(&r, 8)) {
        case 0:
            today += 1 + (day)random_below(&r, 120);
            l.baseline = random_below(&r, 4) == 0;
            night(&l, today, l.baseline ? TICK_ALERTS_HELD : TICK_ALERTS_BY_RULE);
            l.baseline = false;
            break;
        case 1:
        case 2:
        case 3: act(&l, &r, instant_now(), directors, &supervisor); break;
        default: ingest(&l, &c);
        }
        compare(&l);
    }
    printf("# %lld alerts, %lld recalled, %lld of a boundary, %lld joined\n",
           (long long)scene_count(s, "SELECT count(*) FROM alert"),
           (long long)scene_count(s, "SELECT count(*) FROM alert WHERE state = 'recalled'"),
           (long long)scene_count(s, "SELECT count(*) FROM alert WHERE origin = 2"),
           (long long)scene_count(s, "SELECT count(*) FROM care_event WHERE event = 'join'"));
    crowd_end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(any_order)};

    seed = random_seed();
    return cmocka_run_group_tests_name("alerts by the oracle", tests, NULL, NULL);
}
