#include "care/duty_accounts.h"

#define PAGE 500
#define STEP \
    50 /* accounts, or pieces of work, a transaction: nobody else waits longer than for those */

static struct duty_stand stand_of(const struct account *a)
{
    bool works = !a->disabled && a->role >= ROLE_CHILD_DIRECTOR && a->role <= ROLE_CENTRE_WORKER;

    return (struct duty_stand){a->id, a->division, works ? a->role : ROLE_NONE};
}

int duty_accounts_read(struct deployment *d, struct arena *arena, struct duty_accounts *ret,
                       struct error *e)
{
    struct duty_accounts all = {0};
    size_t capacity = 0, count = PAGE;
    int64_t after = 0;

    while (count == PAGE) {
        ARENA_AUTO(page);
        struct account *list;
        int rc = account_list(d, after, PAGE, &page, &list, &count, e);
        if (rc < 0)
            return rc;
        all.list = arena_grow(arena, all.list, &capacity, all.count + count, sizeof(*all.list));
        for (size_t i = 0; i < count; i++)
            all.list[all.count++] = stand_of(&list[i]);
        if (count > 0)
            after = list[count - 1].id;
    }
    *ret = all;
    return 0;
}

/* Both are by id, and no account is ever gone. */
static void changed(const struct duty_accounts *before, struct duty_accounts *now)
{
    size_t kept = 0;

    for (size_t i = 0, k = 0; i < now->count; i++) {
        struct duty_stand was = {.id = now->list[i].id};
        while (k < before->count && before->list[k].id < was.id)
            k++;
        if (k < before->count && before->list[k].id == was.id)
            was = before->list[k];
        if (was.role != now->list[i].role ||
            (was.role != ROLE_NONE && was.division != now->list[i].division))
            now->list[kept++] = now->list[i];
    }
    now->count = kept;
}

/* From the account at `*at` on, which moves behind those that are done. */
static int turn_some(struct care *c, const struct duty_accounts *who, size_t *at, struct error *e)
{
    size_t last = *at + STEP < who->count ? *at + STEP : who->count, left = STEP;

    while (*at < last && left > 0) {
        size_t moved;
        int rc = duty_account_gone_some(c, who->list[*at].id, left, &moved, e);
        if (rc < 0)
            return rc;
        left -= moved;
        *at += left > 0;
    }
    return 0;
}

int duty_accounts_follow(struct deployment *d, const struct care_tables *tables,
                         const struct duty_accounts *before, struct arena *arena, struct error *e)
{
    struct duty_accounts who;
    int rc = duty_accounts_read(d, arena, &who, e);

    if (rc < 0)
        return rc;
    changed(before, &who);
    for (size_t at = 0; at < who.count && rc == 0;) {
        ARENA_AUTO(scratch);
        struct care c;
        rc = store_begin(d->store, e);
        if (rc == 0)
            rc = care_begin(&c, d, tables, &scratch, instant_now(), day_today(), e);
        if (rc == 0)
            rc = turn_some(&c, &who, &at, e);
        if (rc == 0)
            rc = store_commit(d->store, e);
        if (rc < 0)
            store_rollback(d->store);
    }
    return rc;
}
