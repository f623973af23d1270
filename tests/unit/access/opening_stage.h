/* A stage for the tests of openings: a database of either engine, the table that is built in, an
 * account of each role that matters. */
#ifndef HUMIAO_TESTS_OPENING_STAGE_H
#define HUMIAO_TESTS_OPENING_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../store/test_database.h"
#include "access/audit.h"
#include "access/opening.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY_LONG (24 * HOUR)

#define BIT(class) (UINT64_C(1) << (class))
#define CHILD 1000001 /* nobody looks whether there is one: the caller has */

/* 2026-11-23 10:00 in Shanghai, a Monday. */
#define MORNING (INT64_C(1795399200) * SECOND)

enum { DIRECTOR, SUPERVISOR, CENTRE, LEADER, SECURITY, HELPER, ACCOUNTS };
static const enum role roles[ACCOUNTS] = {ROLE_CHILD_DIRECTOR,         ROLE_SUPERVISOR,
                                          ROLE_CENTRE_WORKER,          ROLE_BUREAU_LEADER,
                                          ROLE_SECURITY_ADMINISTRATOR, ROLE_HELPER};

struct stage {
    struct test_database database;
    struct deployment *d;
    struct arena arena;
    struct error e;
    const struct clearance *clearance;
    struct account accounts[ACCOUNTS];
};

#define OK(s, call) assert_ok((s), (call), #call, __LINE__)
static inline int assert_ok(struct stage *s, int r, const char *call, int line)
{
    if (r < 0) {
        print_error("%d: %s: HM-%d %s (%s)\n", line, call, -r, s->e.detail, s->e.hint);
        _fail(__FILE__, line);
    }
    return r;
}

/* A write in a transaction of its own, which is undone where it fails. */
#define WRITE(s, ret, call)                              \
    do {                                                 \
        OK(s, store_begin((s)->d->store, &(s)->e));      \
        (ret) = (call);                                  \
        if ((ret) < 0)                                   \
            store_rollback((s)->d->store);               \
        else                                             \
            OK(s, store_commit((s)->d->store, &(s)->e)); \
    } while (0)

static inline int setup(void **state, enum store_engine engine)
{
    struct stage *s = calloc(1, sizeof *s);
    bool created;
    int rc;

    s->e.language = LANGUAGE_EN;
    if (!test_database_make(&s->database, engine)) {
        free(s);
        *state = NULL;
        return 0;
    }
    setenv("HUMIAO_KEY_FILE", arena_printf(&s->arena, "%s/master.key", s->database.dir), 1);
    OK(s,
       deployment_create(s->database.url, SUITE_INTERNATIONAL, &s->arena, &created, NULL, &s->e));
    OK(s, deployment_open(s->database.url, STORE_WRITE, &s->d, &s->e));
    OK(s, clearance_builtin(&s->arena, &s->clearance, &s->e));
    for (int i = 0; i < ACCOUNTS; i++) {
        struct account_row row = {
            .name = slice_from(arena_printf(&s->arena, "account%d", i)),
            .display = SLICE_LITERAL("某某"),
            .role = roles[i],
            .division = i == SECURITY ? 0 : INT64_C(999901000000),
        };
        int64_t id = 0;
        WRITE(s, rc, account_put(s->d, &row, 0, &s->arena, &id, &s->e));
        OK(s, rc);
        OK(s, account_get(s->d, id, &s->arena, &s->accounts[i], &s->e));
    }
    *state = s;
    return 0;
}

static inline int setup_sqlite(void **state) { return setup(state, STORE_SQLITE); }
static inline int setup_postgresql(void **state) { return setup(state, STORE_POSTGRESQL); }

static inline int teardown(void **state)
{
    struct stage *s = *state;

    if (s) {
        deployment_close(s->d);
        test_database_remove(&s->database);
        arena_end(&s->arena);
        free(s);
    }
    return 0;
}

#define EACH(name)                                                    \
    {#name " (SQLite)", name, setup_sqlite, teardown, NULL},          \
    {                                                                 \
#name " (PostgreSQL)", name, setup_postgresql, teardown, NULL \
    }

static inline struct stage *stage_of(void **state)
{
    if (!*state)
        skip();
    return *state;
}

static inline struct opening_request request(const struct stage *s, int who, enum relation relation,
                                             enum purpose purpose, uint64_t classes,
                                             const char *reason, int64_t now)
{
    return (struct opening_request){.account_id = s->accounts[who].id,
                                    .child_id = CHILD,
                                    .role = roles[who],
                                    .relation = relation,
                                    .purpose = purpose,
                                    .classes = classes,
                                    .reason = slice_from(reason),
                                    .now = now};
}

static inline int ask(struct stage *s, const struct opening_request *r, struct opening *ret)
{
    int rc;

    WRITE(s, rc, opening_ask(s->d, s->clearance, r, &s->arena, ret, &s->e));
    return rc;
}

static inline int decide(struct stage *s, int64_t id, int who, bool grant, int64_t now,
                         struct opening *ret)
{
    int rc;

    WRITE(s, rc,
          opening_decide(s->d, s->clearance, id, &s->accounts[who], grant, now, &s->arena, ret,
                         &s->e));
    return rc;
}

static inline int review(struct stage *s, int64_t id, int who, bool justified, int64_t now,
                         struct opening *ret)
{
    int rc;

    WRITE(s, rc,
          opening_review(s->d, s->clearance, id, &s->accounts[who], justified, now, &s->arena, ret,
                         &s->e));
    return rc;
}

static inline int end(struct stage *s, int64_t id, int who, int64_t now)
{
    int rc;

    WRITE(s, rc, opening_end(s->d, id, s->accounts[who].id, now, &s->e));
    return rc;
}

static inline void sweep(struct stage *s, int64_t now)
{
    int rc;

    WRITE(s, rc, opening_sweep(s->d, now, &s->e));
    OK(s, rc);
}

static inline size_t in_force(struct stage *s, int who, int64_t child, int64_t now)
{
    struct opening *list;
    size_t count;

    OK(s, opening_in_force(s->d, s->accounts[who].id, child, now, &s->arena, &list, &count, &s->e));
    return count;
}

static inline size_t list_count(struct stage *s, enum opening_list which, int64_t of, int64_t now)
{
    struct opening *list;
    size_t count;

    OK(s, opening_list(s->d, which, of, 0, 100, now, &s->arena, &list, &count, &s->e));
    return count;
}

static inline size_t alarms(struct stage *s, enum alarm_kind kind)
{
    struct alarm *list;
    size_t count, n = 0;

    OK(s, alarm_list(s->d, false, 0, 1000, &s->arena, &list, &count, &s->e));
    for (size_t i = 0; i < count; i++)
        n += list[i].kind == kind;
    return n;
}

#endif
