#include "server/news.h"

#include "server/server_inside.h"
#include "server/ticker.h"
#include "store/sql_news.h"

#include <stdlib.h>

#define DIVISIONS_MAX 16 /* changes in more are told everywhere */

struct news {
    struct deployment *d; /* NULL: to be connected anew */
    struct ticker *ticker;
    int64_t heard; /* the last notice that was told */
};

static int last_notice(struct deployment *d, int64_t *ret, struct error *e)
{
    struct sql_news_last row;
    bool found;
    int rc = sql_news_last(d->store, &found, &row, e);

    if (rc == 0)
        *ret = found ? row.id : 0;
    return rc;
}

static int tell_since(struct server *s, struct news *n, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_news_since row;
    int64_t divisions[DIVISIONS_MAX];
    size_t count = 0;
    bool everywhere = false;
    int rc = sql_news_since(n->d->store, n->heard, &rows, e);

    while (rc >= 0 && (rc = sql_news_since_next(&rows, &row, e)) > 0) {
        if (!row.division.set || count == DIVISIONS_MAX)
            everywhere = true;
        else
            divisions[count++] = row.division.v;
    }
    if (rc < 0)
        return rc;
    if (everywhere)
        changes_add(s->changes, 0);
    for (size_t i = 0; !everywhere && i < count; i++)
        changes_add(s->changes, divisions[i]);
    return 0;
}

static int hear(struct server *s, struct news *n, struct error *e)
{
    int64_t last;
    int rc = 0;

    if (!n->d)
        rc = deployment_fork(s->base, STORE_READ, &n->d, e);
    if (rc == 0)
        rc = last_notice(n->d, &last, e);
    if (rc == 0 && last > n->heard && (rc = tell_since(s, n, e)) == 0)
        n->heard = last;
    return rc;
}

static void hear_again(struct server *s)
{
    struct error e = {.language = LANGUAGE_EN};

    if (hear(s, s->news, &e) < 0) {
        LOG(&s->log, LOG_ERROR, "news", log_number("code", e.code));
        s->news->d = deployment_close(s->news->d);
    }
}

int news_start(struct server *s, struct news **ret, struct error *e)
{
    struct news *n = calloc(1, sizeof(*n));
    int rc = n ? deployment_fork(s->base, STORE_READ, &n->d, e) : error_set(e, ERR_MEMORY, NULL);

    if (rc == 0)
        rc = last_notice(n->d, &n->heard, e);
    *ret = n; /* the ticker's first call comes after a second, and finds it */
    if (rc == 0)
        rc = ticker_start(1, hear_again, s, &n->ticker, e);
    if (rc < 0)
        *ret = news_stop(n);
    return rc;
}

struct news *news_stop(struct news *n)
{
    if (n) {
        ticker_stop(n->ticker);
        deployment_close(n->d);
        free(n);
    }
    return NULL;
}
