#include "screening/verdict.h"

#include "access/packed.h"
#include "screening/verdict_care.h"
#include "screening/verdict_text.h"
#include "store/sql_kin.h"
#include "store/sql_person.h"
#include "store/sql_salt.h"
#include "store/sql_verdict.h"

#include <stdlib.h>

#define STEP 64

/* A child on the way: what was kept, and what the policies say now. */
struct kept {
    bool found, seen, other_edition;
    day seen_day;
    struct slice text;
    bool has_salt; /* not so after an erasure */
    uint8_t salt[SEAL_SALT_SIZE];
};

static struct seal_place verdict_place(int64_t child)
{
    return (struct seal_place){SLICE_LITERAL("verdict.sealed"), child};
}

int verdict_open(struct sealer *sealer, int64_t child_id, struct slice salt, struct slice sealed,
                 struct arena *arena, struct slice *ret, struct error *e)
{
    int rc = sealer_set_subject(sealer, (const uint8_t *)salt.p, e);

    return rc < 0 ? rc : sealer_open(sealer, verdict_place(child_id), sealed, arena, ret, e);
}

int verdict_begin(struct verdict_work *w, struct error *e)
{
    struct sql_verdict_change_last row;
    bool found;
    int rc = sql_verdict_change_last(w->d->store, &found, &row, e);

    if (rc == 0)
        w->changes.last = found ? row.id : 0;
    return rc;
}

static int tell(struct verdict_work *w, const struct verdict_change *change, struct error *e)
{
    ARENA_AUTO(scratch);
    char before[2] = {(char)('0' + change->before), 0}, after[2] = {(char)('0' + change->after), 0};
    struct slice fields[3] = {
        slice_from(policy_category_info(w->edition->set, change->category)->name),
        slice_from(before), slice_from(after)};
    struct slice sealed;
    int64_t id;
    int rc = id_source_next(&w->changes, w->d->sealer, &id, e);

    if (rc == 0)
        rc = sealer_seal_arena(w->d->sealer,
                               (struct seal_place){SLICE_LITERAL("verdict_change.sealed"), id},
                               packed_from(fields, 3, &scratch), &scratch, &sealed, e);
    if (rc == 0)
        rc = sql_verdict_change_insert(w->d->store, id, change->child_id, change->on_day,
                                       instant_now(), sealed, e);
    if (rc == 0) {
        w->told++;
        if (w->tell)
            w->tell(w->context, change);
    }
    return rc;
}

static day later(day a, day b) { return a > b ? a : b; }

/* The day up to which this child's changes have been told when the work is done: the clock's, unless a
 * tick that was stopped half-way has told more. */
static day told_until(const struct verdict_work *w, const struct kept *kept)
{
    return kept->seen ? later(kept->seen_day, w->clock) : w->clock;
}

/* Tells one category's changes: first what we have learnt, as news of the clock's day; then, in a tick,
 * each boundary since the tick before, on its own day. */
static int tell_category(struct verdict_work *w, int64_t child, size_t category,
                         const struct kept *kept, const struct policy_timeline *old,
                         const struct policy_timeline *now, struct verdict_news *news,
                         struct error *e)
{
    day end = told_until(w, kept);
    day begin = kept->seen && w->moves_clock ? later(kept->seen_day, w->ticked_before) : end;
    enum policy_truth told = kept->seen ? verdict_status(old, begin) : POLICY_FALSE;
    int rc = 0;

    for (day at = begin; rc == 0;) {
        enum policy_truth status = verdict_status(now, at);
        day on_day = at == begin ? w->clock : at;
        if (status != told) {
            struct verdict_change change = {child, category, on_day, told, status};
            rc = tell(w, &change, e);
            verdict_news_add(news, w, &change, at != begin);
        }
        told = status;
        at = policy_timeline_next(now, 1, at);
        if (at > end)
            break;
    }
    return rc;
}

static int keep(struct verdict_work *w, int64_t child, const struct kept *kept, struct slice text,
                struct error *e)
{
    ARENA_AUTO(scratch);
    struct slice sealed;
    int rc = sealer_seal_arena(w->d->sealer, verdict_place(child), text, &scratch, &sealed, e);

    if (rc == 0)
        rc = sql_verdict_put(w->d->store, child,
                             w->ticked ? opt_int(told_until(w, kept)) : OPT_INT_NONE,
                             SLICE_OF(w->edition->hash), sealed, e);
    return rc;
}

static int judge_at(struct verdict_work *w, const struct population *p, uint32_t index,
                    const struct kept *kept, struct arena *arena, struct error *e)
{
    size_t categories = w->edition->category_count;
    struct policy_timeline *now = ARENA_ARRAY(arena, categories, struct policy_timeline);
    struct policy_timeline *old = ARENA_ARRAY(arena, categories, struct policy_timeline);
    int64_t child = p->persons[index].id;
    uint64_t told = w->told;
    struct family family;
    struct verdict_news news = {.child_id = child,
                                .arena = arena,
                                .family = &family.policy,
                                .now = now,
                                .old = kept->seen ? old : NULL,
                                .on = told_until(w, kept)};
    int rc = 0;

    population_family(p, index, arena, &family);
    policy_evaluate(w->edition->set, &family.policy, arena, now);
    if (kept->found && !verdict_text_read(kept->text, w->edition->set, arena, old))
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    struct slice text = verdict_text(w->edition->set, now, arena);
    bool same = kept->found ? slice_equal(text, kept->text) : text.n == 0;

    if (same && !w->moves_clock && !kept->other_edition) /* but other facts may be wanting now */
        return w->ticked && w->care ? verdict_care_same(w, &news, e) : 0;
    for (size_t c = 0; c < categories && rc == 0 && w->ticked; c++)
        rc = tell_category(w, child, c, kept, &old[c], &now[c], &news, e);
    if (rc == 0 && (!same || w->told > told || kept->other_edition ||
                    (kept->found && !kept->seen && w->ticked)))
        rc = keep(w, child, kept, text, e);
    if (rc == 0 && w->ticked) {
        day next = policy_timeline_next(now, categories, told_until(w, kept));
        rc = sql_person_set_due(w->d->store, child,
                                next == DAY_FOREVER ? OPT_INT_NONE : opt_int(next), e);
    }
    if (rc == 0 && w->ticked && w->care && (!same || w->told > told)) {
        news.law_alone = w->learns_law && (kept->found ? kept->other_edition : w->other_law);
        rc = verdict_care(w, &news, e);
    }
    return rc;
}

/* A child whom a first tick has seen, though it was stopped half-way, is judged as of that tick's day. */
static int judge(struct verdict_work *w, const struct population *p, uint32_t index,
                 const struct kept *kept, struct arena *arena, struct error *e)
{
    bool ticked = w->ticked;
    day clock = w->clock;

    if (!ticked && kept->seen) {
        w->ticked = true;
        w->clock = kept->seen_day;
    }
    int rc = judge_at(w, p, index, kept, arena, e);
    w->ticked = ticked;
    w->clock = clock;
    return rc;
}

static int read_kept(struct verdict_work *w, const int64_t *children, size_t count,
                     struct arena *arena, struct kept *ret, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_verdict_in row;
    int rc = sql_verdict_in(w->d->store, children, count, &rows, e);

    while (rc >= 0 && (rc = sql_verdict_in_next(&rows, &row, e)) > 0)
        for (size_t i = 0; i < count; i++) {
            if (children[i] != row.child_id)
                continue;
            ret[i].found = true;
            ret[i].seen = row.seen_day.set;
            ret[i].seen_day = (day)row.seen_day.v;
            ret[i].other_edition = !slice_equal(row.edition, SLICE_OF(w->edition->hash));
            rc = verdict_open(w->d->sealer, row.child_id, row.salt, row.sealed, arena, &ret[i].text,
                              e);
            if (rc < 0)
                return rc;
        }
    return rc;
}

/* Leaves those who matter: minors on the clock's day, and grown-ups of whom a verdict is kept. Others
 * hold no category any more, and before the first tick everybody will be looked at anyway. */
static int leave_minors(struct verdict_work *w, int64_t *children, struct kept *kept, size_t *count,
                        struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_in row;
    bool minor[STEP] = {false};
    size_t left = 0;
    int rc = sql_person_in(w->d->store, children, *count, &rows, e);

    while (rc >= 0 && (rc = sql_person_in_next(&rows, &row, e)) > 0)
        for (size_t i = 0; i < *count; i++)
            if (children[i] == row.id)
                minor[i] = row.birth_day.set &&
                           w->clock < day_anniversary((day)row.birth_day.v, 18);
    for (size_t i = 0; i < *count && rc >= 0; i++) {
        if (!minor[i] && !kept[i].found) {
            if (w->moves_clock)
                rc = sql_person_set_due(w->d->store, children[i], OPT_INT_NONE, e);
            continue;
        }
        children[left] = children[i];
        kept[left++] = kept[i];
    }
    *count = left;
    return rc;
}

static int read_salts(struct verdict_work *w, const int64_t *children, size_t count,
                      struct kept *kept, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_salt_in row;
    int rc = sql_salt_in(w->d->store, children, count, &rows, e);

    while (rc >= 0 && (rc = sql_salt_in_next(&rows, &row, e)) > 0)
        for (size_t i = 0; i < count; i++)
            if (children[i] == row.subject_id) {
                memcpy(kept[i].salt, row.salt.p, SEAL_SALT_SIZE);
                kept[i].has_salt = true;
            }
    return rc;
}

static int judge_step(struct verdict_work *w, const int64_t *wanted, size_t count, struct error *e)
{
    ARENA_AUTO(arena);
    struct population population;
    struct kept kept[STEP] = {0};
    int64_t children[STEP];
    int rc;

    memcpy(children, wanted, count * sizeof(*children));
    rc = read_kept(w, children, count, &arena, kept, e);
    if (rc >= 0)
        rc = leave_minors(w, children, kept, &count, e);
    if (rc >= 0)
        rc = population_read(w->d, children, count, &arena, &population, e);
    if (rc >= 0)
        rc = read_salts(w, children, count, kept, e);
    for (size_t i = 0; i < count && rc >= 0; i++) {
        uint32_t index = population_find(&population, children[i]);
        if (index == POPULATION_NOBODY || population.persons[index].birth == DAY_BEGINNING) {
            /* Left the register, or no birth date: nothing will fall due. */
            if (w->moves_clock)
                rc = sql_person_set_due(w->d->store, children[i], OPT_INT_NONE, e);
            continue;
        }
        if (!kept[i].has_salt) { /* erased */
            if (w->moves_clock)
                rc = sql_person_set_due(w->d->store, children[i], OPT_INT_NONE, e);
            continue;
        }
        rc = sealer_set_subject(w->d->sealer, kept[i].salt, e);
        if (rc == 0)
            rc = judge(w, &population, index, &kept[i], &arena, e);
    }
    return rc < 0 ? rc : 0;
}

int verdict_children(struct verdict_work *w, const int64_t *children, size_t count, struct error *e)
{
    int rc = 0;

    for (size_t at = 0; at < count && rc == 0; at += STEP)
        rc = judge_step(w, children + at, count - at < STEP ? count - at : STEP, e);
    return rc;
}

/* ---- whose verdicts can change ------------------------------------------------------------------ */

struct found_ids {
    int64_t *ids;
    size_t count, capacity;
    struct arena *arena;
};

static void add(struct found_ids *l, int64_t id)
{
    l->ids = arena_grow(l->arena, l->ids, &l->capacity, l->count + 1, sizeof(*l->ids));
    l->ids[l->count++] = id;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int add_household(struct deployment *d, const int64_t *subjects, size_t count,
                         struct found_ids *l, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_in person;
    struct sql_person_in_households member;
    struct slice households[STEP];
    size_t n = 0;
    int rc = sql_person_in(d->store, subjects, count, &rows, e);

    while (rc >= 0 && (rc = sql_person_in_next(&rows, &person, e)) > 0)
        if (person.household.p)
            households[n++] = arena_copy(l->arena, person.household);
    if (rc < 0 || n == 0)
        return rc;
    rc = sql_person_in_households(d->store, households, n, &rows, e);
    while (rc >= 0 && (rc = sql_person_in_households_next(&rows, &member, e)) > 0)
        add(l, member.id);
    return rc;
}

int verdict_children_of(struct deployment *d, const struct verdict_subjects *of,
                        struct arena *arena, int64_t **ret, size_t *ret_count, struct error *e)
{
    struct found_ids l = {.arena = arena};
    int rc = 0;

    for (size_t at = 0; at < of->count && rc >= 0; at += STEP) {
        STORE_ROWS_AUTO struct store_rows rows = {0};
        struct sql_kin_children_of row;
        size_t n = of->count - at < STEP ? of->count - at : STEP;
        for (size_t i = 0; i < n; i++)
            add(&l, of->ids[at + i]);
        rc = sql_kin_children_of(d->store, of->ids + at, n, &rows, e);
        while (rc >= 0 && (rc = sql_kin_children_of_next(&rows, &row, e)) > 0)
            add(&l, row.child_id);
    }
    for (size_t at = 0; at < of->listed_count && rc >= 0; at += STEP)
        rc = add_household(d, of->listed + at,
                           of->listed_count - at < STEP ? of->listed_count - at : STEP, &l, e);
    if (rc < 0)
        return rc;
    size_t kept = 0;
    if (l.count > 0)
        qsort(l.ids, l.count, sizeof(*l.ids), compare_ids);
    for (size_t i = 0; i < l.count; i++)
        if (kept == 0 || l.ids[kept - 1] != l.ids[i])
            l.ids[kept++] = l.ids[i];
    *ret = l.ids;
    *ret_count = kept;
    return 0;
}

int verdict_read(struct deployment *d, const struct policy_set *set, int64_t child,
                 struct arena *arena, struct policy_timeline *ret, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_verdict_in row;
    struct slice text;
    int rc = sql_verdict_in(d->store, &child, 1, &rows, e);

    if (rc < 0 || (rc = sql_verdict_in_next(&rows, &row, e)) <= 0)
        return rc;
    rc = verdict_open(d->sealer, child, row.salt, row.sealed, arena, &text, e);
    if (rc == 0 && !verdict_text_read(text, set, arena, ret))
        rc = error_set(e, ERR_DATABASE_DAMAGED, NULL);
    return rc;
}
