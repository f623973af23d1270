/* The roster as a page shows it: posts of a scope, who acts in each, and how much lies with them. */
#include "care/duty.h"

#include "care/duty_inside.h"
#include "people/relation.h"
#include "store/sql_duty.h"

#define BATCH 64 /* as many accounts as a statement takes */

/* Somebody in a post, of the roster or by account alone, as the store gives them: by division and role. */
struct person {
    struct duty duty;
    bool away;
};

struct posts {
    struct deployment *d;
    struct arena *arena;
    day on;
    int64_t now;
    struct person *people;
    size_t people_count, at; /* `at`: the first who is not in a post yet */
    struct post *list;
    size_t count, capacity;
    struct {
        int64_t division, account;
        int step;
    } up[DUTY_STEPS]; /* who acts from a step on, as last asked */
};

/* ---- people --------------------------------------------------------------------------------------- */

static int read_people(struct posts *p, int64_t first, int64_t last, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_duty_people_in row;
    size_t capacity = 0;
    int rc = sql_duty_people_in(p->d->store, first, last, p->on, &rows, e);

    while (rc >= 0 && (rc = sql_duty_people_in_next(&rows, &row, e)) > 0) {
        p->people = arena_grow(p->arena, p->people, &capacity, p->people_count + 1,
                               sizeof(*p->people));
        p->people[p->people_count++] = (struct person){
            .duty = {.id = row.id,
                     .division = row.division,
                     .account_id = row.account_id,
                     .role = (enum role)row.role,
                     .rank = (int)row.rank,
                     .from = row.from_day.set ? (day)row.from_day.v : DAY_BEGINNING,
                     .to = row.to_day.set ? (day)row.to_day.v : DAY_FOREVER},
            .away = row.away,
        };
    }
    return rc < 0 ? rc : 0;
}

/* Takes those of this post off the list; where the roster names somebody, it alone counts. */
static void gather(struct posts *p, struct post *post)
{
    size_t n = 0, first;
    bool by_roster, waits = true;

    while (p->at < p->people_count && (p->people[p->at].duty.division < post->division ||
                                       (p->people[p->at].duty.division == post->division &&
                                        p->people[p->at].duty.role < post->role)))
        p->at++; /* a post that is no step of a line: a director's of a town */
    first = p->at;
    while (p->at < p->people_count && p->people[p->at].duty.division == post->division &&
           p->people[p->at].duty.role == post->role)
        p->at++;
    struct duty *list = ARENA_ARRAY(p->arena, p->at - first, struct duty);
    by_roster = p->at > first && p->people[first].duty.id != 0;
    for (size_t i = first; i < p->at; i++) {
        const struct person *person = &p->people[i];
        if (by_roster && person->duty.id == 0)
            break;
        list[n] = person->duty;
        if (!by_roster)
            list[n].rank = (int)n + 1;
        if (n == 0)
            post->on_leave = person->away;
        if (waits && !person->away) {
            post->acting = person->duty.account_id;
            waits = false;
        }
        n++;
    }
    post->people = list;
    post->people_count = n;
    post->vacant = n == 0;
}

/* ---- who acts where nobody of the post does --------------------------------------------------------- */

static int look_up(struct posts *p, struct post *post, int step, struct error *e)
{
    struct error nobody = {.language = e ? e->language : LANGUAGE_ZH};
    int64_t division = step + 1 < DUTY_STEPS ? duty_place_at(post->division, step + 1).division : 0;
    int rc = 0;

    if (division == 0) { /* above the county there is nobody */
        post->acting_step = DUTY_STEPS;
        return 0;
    }
    if (p->up[step].division != division) {
        p->up[step].division = division;
        p->up[step].account = 0;
        p->up[step].step = DUTY_STEPS;
        rc = duty_owner(p->d, post->division, step + 1, p->on, &p->up[step].account,
                        &p->up[step].step, &nobody);
    }
    if (rc < 0 && rc != -ERR_REFERENCE) {
        if (e)
            *e = nobody;
        return rc;
    }
    post->acting = p->up[step].account;
    post->acting_step = p->up[step].step;
    return 0;
}

static int add_post(struct posts *p, int64_t division, int step, struct error *e)
{
    p->list = arena_grow(p->arena, p->list, &p->capacity, p->count + 1, sizeof(*p->list));
    struct post *post = &p->list[p->count++];

    *post = (struct post){
        .division = division, .role = duty_place_at(division, step).role, .acting_step = step};
    gather(p, post);
    return post->acting ? 0 : look_up(p, post, step, e);
}

/* ---- how much lies with them ------------------------------------------------------------------------- */

struct load {
    int64_t account_id;
    struct caseload load;
};

static struct load *find_load(struct load *list, size_t count, int64_t account_id)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle].account_id < account_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && list[low].account_id == account_id ? &list[low] : NULL;
}

static void put_alerts(struct load *list, size_t count, int64_t owner, int64_t open,
                       int64_t overdue)
{
    struct load *of = find_load(list, count, owner);

    if (of) {
        of->load.open_alerts = (int)open;
        of->load.overdue_alerts = (int)overdue;
    }
}

static void put_visits(struct load *list, size_t count, int64_t owner, int64_t open)
{
    struct load *of = find_load(list, count, owner);

    if (of)
        of->load.open_visits = (int)open;
}

/* Of a few accounts. The list is sorted. */
static int count_few(struct deployment *d, struct load *list, size_t count, int64_t now,
                     struct error *e)
{
    STORE_ROWS_AUTO struct store_rows alerts = {0};
    STORE_ROWS_AUTO struct store_rows visits = {0};
    struct sql_duty_load_alerts alert;
    struct sql_duty_load_visits visit;
    int64_t ids[BATCH];

    for (size_t i = 0; i < count; i++)
        ids[i] = list[i].account_id;
    int rc = sql_duty_load_alerts(d->store, now, ids, count, &alerts, e);
    while (rc >= 0 && (rc = sql_duty_load_alerts_next(&alerts, &alert, e)) > 0)
        put_alerts(list, count, alert.owner_id, alert.open, alert.overdue);
    if (rc >= 0)
        rc = sql_duty_load_visits(d->store, ids, count, &visits, e);
    while (rc >= 0 && (rc = sql_duty_load_visits_next(&visits, &visit, e)) > 0)
        put_visits(list, count, visit.owner_id, visit.open);
    return rc < 0 ? rc : 0;
}

/* Of a whole county's: one pass over all that is open. */
static int count_many(struct deployment *d, struct load *list, size_t count, int64_t now,
                      struct error *e)
{
    STORE_ROWS_AUTO struct store_rows alerts = {0};
    STORE_ROWS_AUTO struct store_rows visits = {0};
    struct sql_duty_load_alerts_of alert;
    struct sql_duty_load_visits_of visit;
    int64_t first = list[0].account_id, last = list[count - 1].account_id;
    int rc = sql_duty_load_alerts_of(d->store, now, first, last, &alerts, e);

    while (rc >= 0 && (rc = sql_duty_load_alerts_of_next(&alerts, &alert, e)) > 0)
        put_alerts(list, count, alert.owner_id, alert.open, alert.overdue);
    if (rc >= 0)
        rc = sql_duty_load_visits_of(d->store, first, last, &visits, e);
    while (rc >= 0 && (rc = sql_duty_load_visits_of_next(&visits, &visit, e)) > 0)
        put_visits(list, count, visit.owner_id, visit.open);
    return rc < 0 ? rc : 0;
}

static int by_account(const void *a, const void *b)
{
    int64_t x = ((const struct load *)a)->account_id, y = ((const struct load *)b)->account_id;

    return x < y ? -1 : x > y;
}

/* Each account once, however many posts it acts in. */
static int count_all(struct posts *p, struct error *e)
{
    struct load *loads = ARENA_ARRAY(p->arena, p->count, struct load);
    size_t n = 0, kept = 0;
    int rc = 0;

    for (size_t i = 0; i < p->count; i++)
        if (p->list[i].acting)
            loads[n++].account_id = p->list[i].acting;
    if (n > 0)
        qsort(loads, n, sizeof(*loads), by_account);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || loads[i].account_id != loads[kept - 1].account_id)
            loads[kept++] = loads[i];
    if (kept > 0)
        rc = (kept <= BATCH ? count_few : count_many)(p->d, loads, kept, p->now, e);
    for (size_t i = 0; i < p->count && rc == 0; i++) {
        const struct load *load = find_load(loads, kept, p->list[i].acting);
        if (!load)
            continue;
        p->list[i].open_alerts = load->load.open_alerts;
        p->list[i].overdue_alerts = load->load.overdue_alerts;
        p->list[i].open_visits = load->load.open_visits;
    }
    return rc;
}

int duty_caseload(struct deployment *d, int64_t account_id, int64_t now, struct caseload *ret,
                  struct error *e)
{
    struct load one = {.account_id = account_id};
    int rc = count_few(d, &one, 1, now, e);

    if (rc == 0)
        *ret = one.load;
    return rc;
}

/* ---- the page ---------------------------------------------------------------------------------------- */

static int read_divisions(struct posts *p, int64_t after, int64_t last, size_t limit, int64_t **ret,
                          size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_duty_divisions row;
    int64_t *list = ARENA_ARRAY(p->arena, limit, int64_t);
    size_t n = 0;
    int rc = sql_duty_divisions(p->d->store, after, last, (int64_t)limit, &rows, e);

    while (rc >= 0 && (rc = sql_duty_divisions_next(&rows, &row, e)) > 0)
        list[n++] = row.code;
    *ret = list;
    *ret_count = n;
    return rc < 0 ? rc : 0;
}

/* The posts of one division, by the level that its code is of. */
static int add_division(struct posts *p, int64_t division, struct error *e)
{
    int64_t open = division_last(division) - division;
    int rc = 0;

    if (open == 0)
        return add_post(p, division, 0, e);
    if (open == 999999)
        return add_post(p, division, 3, e);
    if (open == 999)
        rc = add_post(p, division, 1, e);
    return rc < 0 || open != 999 ? rc : add_post(p, division, 2, e);
}

int duty_posts(struct deployment *d, int64_t division, int64_t after_division, size_t limit, day on,
               int64_t now, struct arena *arena, struct post **ret, size_t *ret_count,
               struct error *e)
{
    struct posts p = {.d = d, .arena = arena, .on = on, .now = now};
    int64_t last = division ? division_last(division) : INT64_MAX;
    int64_t after = after_division >= division ? after_division : division - 1;
    int64_t *divisions;
    size_t count;
    int rc = read_divisions(&p, after, last, limit, &divisions, &count, e);

    if (rc == 0 && count > 0)
        rc = read_people(&p, divisions[0], divisions[count - 1], e);
    for (size_t i = 0; i < count && rc == 0 && p.count < limit; i++)
        rc = add_division(&p, divisions[i], e);
    if (rc == 0)
        rc = count_all(&p, e);
    if (rc < 0)
        return rc;
    *ret = p.list;
    *ret_count = p.count;
    return 0;
}
