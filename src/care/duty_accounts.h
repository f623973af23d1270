/* Work follows accounts that many at once were changed by a load: read who works where before it, and move what
 * is open after it. */
#ifndef HUMIAO_CARE_DUTY_ACCOUNTS_H
#define HUMIAO_CARE_DUTY_ACCOUNTS_H

#include "care/duty.h"

/* Who works where, by account. */
struct duty_accounts {
    struct duty_stand {
        int64_t id, division;
        enum role role; /* ROLE_NONE: of no post, or disabled */
    } * list;
    size_t count;
};

/* Reads only. */
int duty_accounts_read(struct deployment *d, struct arena *arena, struct duty_accounts *ret,
                       struct error *e);

/* Those who work elsewhere than before, who came and who went: what is open goes to whom it belongs to by now, in
 * short transactions over the deployment's own connection. What an error leaves lying, the tick takes up. */
int duty_accounts_follow(struct deployment *d, const struct care_tables *tables,
                         const struct duty_accounts *before, struct arena *arena, struct error *e);

#endif
