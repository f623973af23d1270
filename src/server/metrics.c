#include "server/metrics.h"

#include "intake/delivery.h"
#include "server/route.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* Upper ends in microseconds; the last bucket has none. */
static const struct {
    int64_t end;
    const char *label;
} buckets[] = {{500, "0.0005"},  {1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},
               {10000, "0.01"},  {25000, "0.025"}, {50000, "0.05"},  {100000, "0.1"},
               {250000, "0.25"}, {1000000, "1"},   {5000000, "5"},   {INT64_MAX, "+Inf"}};

enum { BUCKETS = sizeof(buckets) / sizeof(buckets[0]), CLASSES = 6 };

struct operation {
    _Atomic uint64_t classes[CLASSES]; /* by hundreds of the status */
    _Atomic uint64_t buckets[BUCKETS];
    _Atomic uint64_t microseconds;
};

struct metrics {
    _Atomic uint64_t throttled, audited;
    size_t count; /* operations, and one for requests without a route */
    struct operation operations[];
};

int metrics_new(struct metrics **ret, struct error *e)
{
    size_t count = route_count + 1;
    struct metrics *m = calloc(1, sizeof(*m) + count * sizeof(m->operations[0]));

    if (!m)
        return error_set(e, ERR_MEMORY, NULL);
    m->count = count;
    *ret = m;
    return 0;
}

struct metrics *metrics_free(struct metrics *m)
{
    free(m);
    return NULL;
}

static void count_one(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void metrics_request(struct metrics *m, const struct route *route, int status, int64_t microseconds)
{
    /* None, and the route of OPTIONS, which is in no table, count as "none". */
    size_t i = ((uintptr_t)route - (uintptr_t)routes) / sizeof(*route);
    struct operation *o = &m->operations[route && i < route_count ? i : m->count - 1];
    size_t bucket = 0;

    while (microseconds > buckets[bucket].end)
        bucket++;
    count_one(&o->classes[status / 100 < CLASSES ? status / 100 : 0], 1);
    count_one(&o->buckets[bucket], 1);
    count_one(&o->microseconds, (uint64_t)microseconds);
    if (status == 429)
        count_one(&m->throttled, 1);
    if (route && route->audit != AUDIT_NONE && status < 400)
        count_one(&m->audited, 1);
}

/* ---- the text -------------------------------------------------------------------------------- */

struct page {
    struct arena *arena;
    char *p;
    size_t n, capacity;
};

__attribute__((format(printf, 2, 3))) static void add(struct page *page, const char *format, ...)
{
    char line[256];
    va_list arguments;

    va_start(arguments, format);
    int n = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (n <= 0)
        return;
    size_t size = (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1;
    page->p = arena_grow(page->arena, page->p, &page->capacity, page->n + size, 1);
    memcpy(page->p + page->n, line, size);
    page->n += size;
}

static void head(struct page *page, const char *name, const char *type, const char *help)
{
    add(page, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void figure(struct page *page, const char *name, const char *type, const char *help,
                   int64_t value)
{
    head(page, name, type, help);
    add(page, "%s %" PRId64 "\n", name, value);
}

static const char *operation_name(const struct metrics *m, size_t i)
{
    return i + 1 == m->count ? "none" : routes[i].operation;
}

static void requests(struct page *page, struct metrics *m)
{
    head(page, "humiao_requests_total", "counter", "Answered requests.");
    for (size_t i = 0; i < m->count; i++) {
        for (size_t class = 1; class < CLASSES; class ++) {
            uint64_t n = atomic_load(&m->operations[i].classes[class]);
            if (n > 0)
                add(page, "humiao_requests_total{operation=\"%s\",status=\"%zuxx\"} %" PRIu64 "\n",
                    operation_name(m, i), class, n);
        }
    }
}

static void latency(struct page *page, struct metrics *m)
{
    head(page, "humiao_request_seconds", "histogram", "From the head to the end of the answer.");
    for (size_t i = 0; i < m->count; i++) {
        const char *name = operation_name(m, i);
        uint64_t sum = 0, us = atomic_load(&m->operations[i].microseconds);
        uint64_t counts[BUCKETS];
        for (size_t b = 0; b < BUCKETS; b++)
            sum += counts[b] = atomic_load(&m->operations[i].buckets[b]);
        if (sum == 0)
            continue;
        sum = 0;
        for (size_t b = 0; b < BUCKETS; b++)
            add(page, "humiao_request_seconds_bucket{operation=\"%s\",le=\"%s\"} %" PRIu64 "\n",
                name, buckets[b].label, sum += counts[b]);
        add(page,
            "humiao_request_seconds_sum{operation=\"%s\"} %" PRIu64 ".%06" PRIu64
            "\nhumiao_request_seconds_count{operation=\"%s\"} %" PRIu64 "\n",
            name, us / 1000000, us % 1000000, name, sum);
    }
}

static void refusals(struct page *page, const struct metrics_seen *seen)
{
    head(page, "humiao_guard_refusals_total", "counter", "Requests refused before they were read.");
    for (enum guard_refusal i = 1; i < GUARD_REFUSAL_COUNT; i++)
        add(page, "humiao_guard_refusals_total{reason=\"%s\"} %" PRIu64 "\n", guard_refusal_name(i),
            seen->refusals[i]);
}

static void intake(struct page *page, const struct metrics_seen *seen)
{
    head(page, "humiao_deliveries", "gauge", "Deliveries, by where they stand.");
    for (int state = 1; state < METRICS_STATES; state++)
        add(page, "humiao_deliveries{state=\"%s\"} %" PRId64 "\n", delivery_state_name(state),
            seen->deliveries[state]);
    figure(page, "humiao_delivery_rows_total", "counter", "Rows of deliveries that were taken in.",
           seen->rows);
    head(page, "humiao_feed_heard_seconds", "gauge", "Since a feed was heard last.");
    for (size_t i = 0; i < seen->feed_count; i++)
        add(page, "humiao_feed_heard_seconds{feed=\"%s\"} %" PRId64 "\n", seen->feeds[i].name,
            seen->feeds[i].heard_age);
    head(page, "humiao_feed_silent", "gauge", "1: it is silent beyond its usual interval.");
    for (size_t i = 0; i < seen->feed_count; i++)
        add(page, "humiao_feed_silent{feed=\"%s\"} %d\n", seen->feeds[i].name,
            seen->feeds[i].silent);
}

struct slice metrics_text(struct metrics *m, const struct metrics_seen *seen, struct arena *arena)
{
    struct page page = {.arena = arena};

    requests(&page, m);
    latency(&page, m);
    refusals(&page, seen);
    intake(&page, seen);
    figure(&page, "humiao_requests_running", "gauge", "Requests being worked on.", seen->running);
    figure(&page, "humiao_connections", "gauge", "Open connections.", seen->connections);
    figure(&page, "humiao_live_pages", "gauge", "Pages that hear of changes.", seen->pages);
    figure(&page, "humiao_throttled_total", "counter", "Requests answered with 429.",
           (int64_t)atomic_load(&m->throttled));
    figure(&page, "humiao_audited_total", "counter", "Answers of routes that leave an audit row.",
           (int64_t)atomic_load(&m->audited));
    if (seen->audit_rows >= 0)
        figure(&page, "humiao_audit_rows", "gauge", "Rows of the audit trail.", seen->audit_rows);
    figure(&page, "humiao_writer_transactions_total", "counter", "Transactions of the writer.",
           (int64_t)seen->transactions);
    figure(&page, "humiao_writer_jobs_total", "counter", "Jobs in them.", (int64_t)seen->jobs);
    figure(&page, "humiao_audit_heads_age_seconds", "gauge",
           "Since the heads of the trail were published; -1: never.", seen->heads_age);
    figure(&page, "humiao_ready", "gauge", "1: /readyz says yes.", seen->ready);
    return (struct slice){page.p, page.n};
}
