/* Inside access/: what the files of openings share. */
#ifndef HUMIAO_ACCESS_OPENING_INSIDE_H
#define HUMIAO_ACCESS_OPENING_INSIDE_H

#include "access/opening.h"

/* A request that nobody decides for so long lapses: 24 h, in microseconds. */
#define OPENING_ANSWER_TIME INT64_C(86400000000)

/* Where the sealed reason stands; its subject is the account that asked. */
struct seal_place opening_reason_place(int64_t id);

/* What an account has asked or opened by the store, with states as of `now`. */
int opening_current(struct deployment *d, int64_t account_id, int64_t now, struct arena *arena,
                    struct opening **ret, size_t *ret_count, struct error *e);

/* An opening has just become open: raises the alarms that it deserves. `at`: that moment. */
int opening_alarms(struct deployment *d, const struct opening *o, int64_t at, struct error *e);

#endif
