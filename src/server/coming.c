/* What is known to happen within so many days (api/town.yaml): categories that begin, end or can
 * be decided, as the kept verdicts have it, and birthdays that change what the law says.
 *
 * A release, a certificate that lapses and a birthday are ends of facts; where they change
 * anything, a category changes with them. */
#include "screening/verdict.h"
#include "server/cared.h"
#include "server/handlers.h"
#include "server/shelf.h"
#include "store/sql_coming.h"

#include <limits.h>
#include <stdlib.h>

#define DAYS 90 /* unless said */

/* One thing that is coming. `what` and `category` order those of one child and day. */
enum coming_what { BEGINS = 1, ENDS, DECIDED, BIRTHDAY };
struct coming {
    day on;
    int64_t child_id, residence;
    int number; /* within the child's: birthdays by age, then categories by number */
    enum coming_what what;
    int category; /* or the age */
};

struct listing {
    struct request *r;
    day until;
    struct coming *list;
    size_t count, capacity;

    int64_t *children, *residences; /* of whom a category changes */
    size_t child_count, child_capacity, residence_capacity;
};

static void add(struct listing *l, const struct coming *c)
{
    l->list = arena_grow(l->r->arena, l->list, &l->capacity, l->count + 1, sizeof(*l->list));
    l->list[l->count++] = *c;
}

/* ---- who ---- */

static const int ages[] = {14, 16, 18};
#define AGES (sizeof(ages) / sizeof(ages[0]))

/* Births whose birthday of that age may lie in (today, until]: a day more at both ends, for 29
 * February. */
static day born_from(const struct listing *l, int age)
{
    return day_add_days(day_add_months(l->r->today, -12 * age), -1);
}
static day born_to(const struct listing *l, int age)
{
    return day_add_days(day_add_months(l->until, -12 * age), 1);
}

static void add_birthdays(struct listing *l, const struct sql_coming_in_area *row)
{
    for (size_t i = 0; i < AGES; i++) {
        day on = day_anniversary((day)row->birth_day, ages[i]);
        if (on > l->r->today && on <= l->until)
            add(l, &(struct coming){on, row->id, row->residence, (int)i, BIRTHDAY, ages[i]});
    }
}

static void note_child(struct listing *l, const struct sql_coming_in_area *row)
{
    size_t n = l->child_count + 1;

    l->children = arena_grow(l->r->arena, l->children, &l->child_capacity, n, sizeof(int64_t));
    l->residences = arena_grow(l->r->arena, l->residences, &l->residence_capacity, n,
                               sizeof(int64_t));
    l->residences[l->child_count] = row->residence;
    l->children[l->child_count++] = row->id;
}

static int read_area(struct listing *l, int64_t division)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_coming_in_area row;
    struct request *r = l->r;
    int rc = sql_coming_in_area(r->d->store, division, division_last(division), r->today, l->until,
                                day_add_days(day_add_months(r->today, -12 * 18), -2), r->today,
                                born_from(l, ages[0]), born_to(l, ages[0]), born_from(l, ages[1]),
                                born_to(l, ages[1]), born_from(l, ages[2]), born_to(l, ages[2]),
                                &rows, r->error);

    while (rc >= 0 && (rc = sql_coming_in_area_next(&rows, &row, r->error)) > 0) {
        if (!relation_is_minor((day)row.birth_day, r->today))
            continue;
        add_birthdays(l, &row);
        if (row.changes)
            note_child(l, &row);
    }
    return rc;
}

/* ---- what changes ---- */

static enum policy_truth truth_on(const struct policy_timeline *t, day d)
{
    const struct policy_stretch *s = policy_timeline_at(t, d);

    return s ? s->status : POLICY_FALSE;
}

/* 0: it only ceases to be certain that nothing is; nobody plans by that. */
static int what_happens(enum policy_truth before, enum policy_truth after)
{
    if (after == POLICY_TRUE)
        return BEGINS;
    if (before == POLICY_TRUE)
        return ENDS;
    return before == POLICY_UNKNOWN && after == POLICY_FALSE ? DECIDED : 0;
}

static void add_changes(struct listing *l, int64_t child, int64_t residence,
                        const struct policy_timeline *timelines, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        enum policy_truth before = truth_on(&timelines[c], l->r->today);
        for (day on = policy_timeline_next(&timelines[c], 1, l->r->today); on <= l->until;
             on = policy_timeline_next(&timelines[c], 1, on)) {
            enum policy_truth after = truth_on(&timelines[c], on);
            int what = what_happens(before, after);
            if (what)
                add(l, &(struct coming){on, child, residence, (int)(AGES + c),
                                        (enum coming_what)what, (int)c});
            before = after;
        }
    }
}

static int read_verdicts(struct listing *l)
{
    const struct edition *edition = shelf_edition(l->r->shelf);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < l->child_count; i++) {
        ARENA_AUTO(scratch); /* the timelines of one child at a time */
        struct policy_timeline *timelines = ARENA_ARRAY(&scratch, edition->category_count,
                                                        struct policy_timeline);
        rc = verdict_read(l->r->d, edition->set, l->children[i], &scratch, timelines, l->r->error);
        if (rc == 0)
            add_changes(l, l->children[i], l->residences[i], timelines, edition->category_count);
    }
    return rc;
}

/* ---- the page ---- */

static int by_day(const void *a, const void *b)
{
    const struct coming *x = a, *y = b;

    if (x->on != y->on)
        return x->on < y->on ? -1 : 1;
    if (x->child_id != y->child_id)
        return x->child_id < y->child_id ? -1 : 1;
    return x->number != y->number ? x->number - y->number : (int)x->what - (int)y->what;
}

/* A place is "DAY.CHILD.NUMBER", and behind it the page begins. */
static int read_place(struct request *r, struct slice after, struct coming *ret)
{
    int64_t place[3];
    int rc = page_place(r, after, 3, place);

    *ret = (struct coming){.on = DAY_BEGINNING};
    if (rc < 0 || !after.p)
        return rc;
    /* Behind the last day that can be said there is nothing, as there is behind the last number. */
    *ret = (struct coming){.on = place[0] < DAY_LAST ? (day)place[0] : DAY_LAST,
                           .child_id = place[1],
                           .number = place[2] < INT_MAX ? (int)place[2] : INT_MAX,
                           .what = BIRTHDAY};
    return 0;
}

static const char *what_name(const struct request *r, const struct coming *c)
{
    switch (c->what) {
    case BEGINS: return "begins";
    case ENDS: return "ends";
    case DECIDED: return "decided";
    case BIRTHDAY: break;
    }
    return arena_printf(r->arena, "birthday_%d", c->category);
}

static void write_coming(struct request *r, const struct coming *c, const struct cared *of)
{
    const struct policy_info *info = c->what == BIRTHDAY
                                         ? NULL
                                         : policy_category_info(shelf_edition(r->shelf)->set,
                                                                (size_t)c->category);
    struct view_value v[FIELD_COMING_COUNT] = {
        [FIELD_COMING_CHILD] = view_number(c->child_id),
        [FIELD_COMING_NAME] = seen_text(of->child.name),
        [FIELD_COMING_DIVISION] = seen_number(c->residence),
        [FIELD_COMING_DAY] = view_number(c->on),
        [FIELD_COMING_WHAT] = seen_name(what_name(r, c)),
        [FIELD_COMING_CATEGORY] = info ? seen_name(info->name) : VIEW_NULL};

    view_write(r->out, &view_of_coming, &of->sights, &(struct mask_context){.today = r->today}, v);
}

static int write_page(struct request *r, const struct coming *list, size_t count, size_t limit)
{
    struct cared *of;
    size_t written = 0, n = count < limit ? count : limit;
    const char *next = NULL;

    of = ARENA_ARRAY(r->arena, n, struct cared);
    for (size_t i = 0; i < n; i++)
        of[i] = (struct cared){.child_id = list[i].child_id, .division = list[i].residence};
    int rc = cared_see(r, r->d, of, n);
    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < n; i++) {
        if (of[i].relation == RELATION_NONE)
            continue;
        write_coming(r, &list[i], &of[i]);
        written++;
    }
    if (count > limit)
        next = arena_printf(r->arena, "%lld.%lld.%d", (long long)list[n - 1].on,
                            (long long)list[n - 1].child_id, list[n - 1].number);
    page_end(r, next);
    r->audit.detail = arena_printf(r->arena, "%zu", written);
    return 0;
}

int route_coming_list(struct request *r)
{
    struct listing l = {.r = r};
    struct coming after = {.on = DAY_BEGINNING};
    int64_t division;
    size_t first = 0;
    int rc = cared_scope(r, r->query[0], &division);

    if (rc == 0)
        rc = read_place(r, r->query[2], &after);
    if (rc < 0)
        return rc;
    l.until = day_add_days(r->today, r->query[1].p ? strtol(r->query[1].p, NULL, 10) : DAYS);
    if ((rc = read_area(&l, division)) < 0 || (rc = read_verdicts(&l)) < 0)
        return rc;
    if (l.count > 0)
        qsort(l.list, l.count, sizeof(*l.list), by_day);
    while (first < l.count && by_day(&l.list[first], &after) <= 0)
        first++;
    return write_page(r, l.list ? l.list + first : NULL, l.count - first, page_limit(r->query[3]));
}
