#include "server/server_inside.h"
#include "store/sql_server.h"

#define SECOND INT64_C(1000000)

static int read_deliveries(struct deployment *d, struct metrics_seen *ret, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_server_deliveries row;
    int rc = sql_server_deliveries(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_server_deliveries_next(&rows, &row, e)) > 0) {
        if (row.state > 0 && row.state < METRICS_STATES)
            ret->deliveries[row.state] = row.deliveries;
        ret->rows += row.rows;
    }
    return rc;
}

static int read_feeds(struct deployment *d, struct arena *arena, struct metrics_seen *ret,
                      struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_server_feeds_heard row;
    struct metrics_feed *list = NULL;
    size_t count = 0, capacity = 0;
    int64_t now = server_now();
    int rc = sql_server_feeds_heard(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_server_feeds_heard_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct metrics_feed){.name = arena_string(arena, row.feed),
                                              .heard_age = (now - row.at) / SECOND,
                                              .silent = row.silent_at.set};
    }
    ret->feeds = list;
    ret->feed_count = count;
    return rc;
}

void porter_figures(struct deployment *d, struct arena *arena, struct metrics_seen *ret)
{
    struct error unsaid = {.language = LANGUAGE_EN};

    if (read_deliveries(d, ret, &unsaid) == 0)
        read_feeds(d, arena, ret, &unsaid);
}
