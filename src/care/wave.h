/* Baseline waves: what a first load would alert all at once is held back, and released by a supervisor's standing
 * order, highest level first, at most N a director in any seven days. */
#ifndef HUMIAO_CARE_WAVE_H
#define HUMIAO_CARE_WAVE_H

#include "care/care.h"

struct wave {
    int64_t id, division, account_id;
    int per_week;
    day from;
    int64_t at, paused_at, ended_at; /* 0: not */
};
/* An order over a division stands in for the one before over the same; where several cover a village, the narrowest
 * counts, and a paused one releases nothing. ERR_VALUE: per_week outside 1 to 100. Pausing and ending an order that
 * has ended is ERR_WRONG_STATE. */
int wave_order(struct care *c, int64_t division, int per_week, day from, int64_t by,
               int64_t *ret_id, struct error *e);
int wave_pause(struct care *c, int64_t wave_id, bool paused, struct error *e);
int wave_end(struct care *c, int64_t wave_id, struct error *e);
int wave_get(struct deployment *d, int64_t wave_id, struct wave *ret, struct error *e);
/* Orders in the division's subtree, ended ones too, and those above that cover it; newest first. Reads only. */
int wave_list(struct deployment *d, int64_t division, struct arena *arena, struct wave **ret,
              size_t *ret_count, struct error *e);
/* How many are held, by level (index 1 to 4). */
int wave_held(struct deployment *d, int64_t division, int64_t ret[5], struct error *e);
/* Releases what the orders allow on the day, to whoever acts for the village: at most N in this day and the six
 * before, counted by who acted when they were released; where one acts for villages under several orders, the
 * smallest N counts. What nobody would get stays held; at most `limit` alerts a call, `ret_released` 0 when done. Of the tick, and
 * at once when an order is given. */
int wave_release(struct care *c, day on, size_t limit, size_t *ret_released, struct error *e);

#endif
