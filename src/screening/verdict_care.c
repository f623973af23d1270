#include "screening/verdict_care.h"

#include "care/review.h"

#define REVIEW_ITEMS_MAX 64

enum policy_truth verdict_status(const struct policy_timeline *t, day d)
{
    const struct policy_stretch *s = policy_timeline_at(t, d);

    return s ? s->status : POLICY_FALSE;
}

void verdict_news_add(struct verdict_news *news, const struct verdict_work *w,
                      const struct verdict_change *change, bool boundary)
{
    bool held = change->before == POLICY_TRUE, holds = change->after == POLICY_TRUE;

    if (!w->care || held == holds)
        return;
    news->changes = arena_grow(news->arena, news->changes, &news->capacity, news->count + 1,
                               sizeof(*news->changes));
    news->changes[news->count++] = (struct alert_change){
        .category = policy_category_info(w->edition->set, change->category)->name,
        .held = held,
        .holds = holds,
        .on_day = change->on_day};
    news->boundary |= boundary;
}

/* By day, so that of two categories the earlier one comes first. */
static void sort_by_day(struct alert_change *list, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && list[k - 1].on_day > list[k].on_day; k--) {
            struct alert_change later = list[k - 1];
            list[k - 1] = list[k];
            list[k] = later;
        }
}

static int tell_alerts(struct verdict_work *w, const struct verdict_news *news, struct error *e)
{
    size_t count = 0, categories = w->edition->category_count;
    const char **holding = ARENA_ARRAY(news->arena, categories + 1, const char *);
    bool baseline = w->care->baseline;
    int rc;

    for (size_t i = 0; i < categories; i++)
        if (verdict_status(&news->now[i], news->on) == POLICY_TRUE)
            holding[count++] = policy_category_info(w->edition->set, i)->name;
    sort_by_day(news->changes, news->count);
    w->care->baseline |= news->law_alone;
    rc = alert_follow(w->care, news->child_id, news->changes, news->count, holding, count,
                      news->boundary ? ALERT_OF_BOUNDARY : ALERT_OF_RECORD, e);
    w->care->baseline = baseline;
    return rc;
}

static bool any_unknown(const struct verdict_work *w, const struct policy_timeline *list, day on)
{
    for (size_t i = 0; i < w->edition->category_count; i++)
        if (verdict_status(&list[i], on) == POLICY_UNKNOWN)
            return true;
    return false;
}

/* On whatever day: then there may be a row. */
static bool ever_unknown(const struct verdict_work *w, const struct policy_timeline *list)
{
    for (size_t i = 0; list && i < w->edition->category_count; i++)
        for (size_t k = 0; k < list[i].count; k++)
            if (list[i].stretches[k].status == POLICY_UNKNOWN)
                return true;
    return false;
}

/* `review` raises no alert: a row of the supervisor's list, with the facts that would decide as of the day on
 * which the child is judged. */
static int tell_review(struct verdict_work *w, const struct verdict_news *news, struct error *e)
{
    struct review_item items[REVIEW_ITEMS_MAX];
    enum policy_missing missing[POLICY_MISSING_COUNT];
    size_t count = 0;

    for (size_t i = 0; i < w->edition->category_count; i++) {
        if (verdict_status(&news->now[i], news->on) != POLICY_UNKNOWN)
            continue;
        const char *name = policy_category_info(w->edition->set, i)->name;
        size_t n = policy_missing_of(w->edition->set, news->family, i, news->on, news->arena,
                                     missing);
        for (size_t k = 0; k < n && count < REVIEW_ITEMS_MAX; k++)
            items[count++] = (struct review_item){slice_from(name),
                                                  slice_from(policy_missing_name(missing[k]))};
    }
    return review_put(w->care, news->child_id, items, count, e);
}

int verdict_care(struct verdict_work *w, const struct verdict_news *news, struct error *e)
{
    int rc = 0;

    if (any_unknown(w, news->now, news->on) || ever_unknown(w, news->old))
        rc = tell_review(w, news, e);
    if (rc == 0 && news->count > 0)
        rc = tell_alerts(w, news, e);
    return rc;
}

int verdict_care_same(struct verdict_work *w, const struct verdict_news *news, struct error *e)
{
    return any_unknown(w, news->now, news->on) ? tell_review(w, news, e) : 0;
}
