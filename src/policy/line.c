/* Truth timelines: see line.h. */
#include "policy/line.h"

void lines_begin(struct lines *l, day from, day to, struct arena *a)
{
    l->from = from;
    l->to = to;
    l->arena = a;
    l->spare = l->near;
    l->spare_count = sizeof l->near / sizeof *l->near;
    for (int32_t truth = POLICY_FALSE; truth <= POLICY_TRUE; truth++)
        l->constants[truth] = (struct step){from, truth};
}

struct line_writer line_begin(struct lines *l, size_t most)
{
    if (l->spare_count < most) {
        l->spare_count = most < 256 ? 256 : most;
        l->spare = ARENA_ARRAY(l->arena, l->spare_count, struct step);
    }
    l->spare[0] = (struct step){l->from, POLICY_FALSE};
    return (struct line_writer){l, l->spare, 1};
}

void line_put(struct line_writer *w, day at, enum policy_truth truth)
{
    struct step *last = &w->steps[w->count - 1];
    if (at >= w->lines->to || last->truth == (int32_t)truth)
        return;
    if (at > last->at) {
        w->steps[w->count++] = (struct step){at, (int32_t)truth};
        return;
    }
    /* On the same day, or before the window: the later word counts. */
    last->truth = (int32_t)truth;
    if (w->count > 1 && last[-1].truth == (int32_t)truth)
        w->count--;
}

struct line line_end(struct line_writer *w)
{
    struct lines *l = w->lines;
    if (w->count == 1)
        return line_constant(l, (enum policy_truth)w->steps[0].truth);
    l->spare += w->count;
    l->spare_count -= w->count;
    return (struct line){w->steps, w->count};
}

struct line line_span(struct lines *l, day unknown_from, day true_from, day to)
{
    struct line_writer w = line_begin(l, 4);
    if (unknown_from < to)
        line_put(&w, unknown_from, POLICY_UNKNOWN);
    if (true_from < to)
        line_put(&w, true_from, POLICY_TRUE);
    line_put(&w, to, POLICY_FALSE);
    return line_end(&w);
}

struct line line_not(struct lines *l, struct line a)
{
    if (a.count == 1)
        return line_constant(l, (enum policy_truth)(POLICY_TRUE - a.steps->truth));
    struct line_writer w = line_begin(l, a.count + 1);
    for (size_t i = 0; i < a.count; i++)
        line_put(&w, a.steps[i].at, (enum policy_truth)(POLICY_TRUE - a.steps[i].truth));
    return line_end(&w);
}

/* `and` is the lesser of the two truths, `or` the greater. */
static struct line merge(struct lines *l, struct line a, struct line b, bool greater)
{
    struct line_writer w = line_begin(l, a.count + b.count + 1);
    size_t i = 0, k = 0;
    day at = l->from;
    for (;;) {
        int32_t x = a.steps[i].truth, y = b.steps[k].truth;
        line_put(&w, at, (enum policy_truth)((x > y) == greater ? x : y));
        day next_a = i + 1 < a.count ? a.steps[i + 1].at : DAY_FOREVER;
        day next_b = k + 1 < b.count ? b.steps[k + 1].at : DAY_FOREVER;
        at = next_a < next_b ? next_a : next_b;
        if (at == DAY_FOREVER)
            return line_end(&w);
        i += next_a == at;
        k += next_b == at;
    }
}

struct line line_and(struct lines *l, struct line a, struct line b)
{
    if (line_is(a, POLICY_FALSE) || line_is(b, POLICY_TRUE))
        return a;
    if (line_is(b, POLICY_FALSE) || line_is(a, POLICY_TRUE))
        return b;
    return merge(l, a, b, false);
}

struct line line_or(struct lines *l, struct line a, struct line b)
{
    if (line_is(a, POLICY_TRUE) || line_is(b, POLICY_FALSE))
        return a;
    if (line_is(b, POLICY_TRUE) || line_is(a, POLICY_FALSE))
        return b;
    return merge(l, a, b, true);
}

enum policy_truth line_quota_truth(struct line_quota quota, size_t known, size_t unknown)
{
    if (known >= quota.min && known + unknown <= quota.max)
        return POLICY_TRUE;
    if (known + unknown < quota.min || known > quota.max)
        return POLICY_FALSE;
    return POLICY_UNKNOWN;
}

void line_put_quota(struct line_writer *w, const struct line *lines, size_t *cursors, size_t count,
                    struct line_quota quota, day from, day to)
{
    for (size_t i = 0; i < count; i++)
        for (cursors[i] = 0;
             cursors[i] + 1 < lines[i].count && lines[i].steps[cursors[i] + 1].at <= from;)
            cursors[i]++;
    for (day at = from; at < to;) {
        size_t known = 0, unknown = 0;
        day next = to;
        for (size_t i = 0; i < count; i++) {
            const struct step *s = lines[i].steps + cursors[i];
            known += s->truth == POLICY_TRUE;
            unknown += s->truth == POLICY_UNKNOWN;
            if (cursors[i] + 1 < lines[i].count && s[1].at < next)
                next = s[1].at;
        }
        line_put(w, at, line_quota_truth(quota, known, unknown));
        at = next;
        for (size_t i = 0; i < count; i++)
            cursors[i] += cursors[i] + 1 < lines[i].count &&
                          lines[i].steps[cursors[i] + 1].at <= at;
    }
}

enum policy_truth line_at(const struct lines *l, struct line a, day d, day *ret_since,
                          day *ret_until)
{
    size_t low = 0, high = a.count; /* steps[low].at <= d < steps[high].at */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (a.steps[middle].at <= d)
            low = middle;
        else
            high = middle;
    }
    *ret_since = a.steps[low].at;
    *ret_until = high < a.count ? a.steps[high].at : l->to;
    return (enum policy_truth)a.steps[low].truth;
}
