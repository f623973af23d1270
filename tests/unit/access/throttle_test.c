/* Buckets of tokens: against a plain model, full beyond their number, and from many threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../base/random.h"
#include "access/throttle.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>

#define SECOND INT64_C(1000000)

static const struct throttle_rate slow = {1, 5, 12 * SECOND}, quick = {2, 20, SECOND / 10};

static struct throttle *made(size_t buckets)
{
    struct throttle *t = NULL;

    assert_int_equal(throttle_new(buckets, &t, NULL), 0);
    return t;
}

static struct slice who(int64_t *number)
{
    return (struct slice){(const char *)number, sizeof *number};
}

static void a_burst_passes_then_one_an_interval(void **state)
{
    struct throttle *t = made(100);
    int64_t a = 1, b = 2, now = 1700000000 * SECOND, wait = 0;

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_true(throttle_take(t, slow, who(&a), now, &wait));
    assert_false(throttle_take(t, slow, who(&a), now, &wait));
    assert_int_equal(wait, 12 * SECOND);
    assert_false(throttle_take(t, slow, who(&a), now + wait - 1, &wait));
    assert_int_equal(wait, 1);
    assert_true(throttle_take(t, slow, who(&a), now + 12 * SECOND, &wait));
    assert_false(throttle_take(t, slow, who(&a), now + 12 * SECOND, NULL));
    /* Others, and other classes, are not touched. */
    assert_true(throttle_take(t, slow, who(&b), now, &wait));
    assert_true(throttle_take(t, quick, who(&a), now, &wait));
    throttle_forgive(t, slow, who(&a));
    for (int i = 0; i < 5; i++)
        assert_true(throttle_take(t, slow, who(&a), now, &wait));
    assert_false(throttle_take(t, slow, who(&a), now, &wait));
    throttle_free(t);
}

/* The model: tokens as a number that grows with time. Times are whole intervals' halves, so that no
 * rounding is met. */
static void it_behaves_like_the_model(void **state)
{
    enum { PEOPLE = 6, STEPS = 20000 };
    const struct throttle_rate rate = {7, 4, 1000};
    struct {
        double tokens;
        int64_t at;
    } model[PEOPLE];
    struct throttle *t = made(64);
    uint64_t seed = random_seed();
    int64_t now = 1;

    (void)state;
    for (int i = 0; i < PEOPLE; i++) {
        model[i].tokens = 4;
        model[i].at = now;
    }
    for (int i = 0; i < STEPS; i++) {
        int64_t n = (int64_t)(random_next(&seed) % PEOPLE);
        now += (int64_t)(random_next(&seed) % 4) * 125;
        model[n].tokens = fmin(4, model[n].tokens + (double)(now - model[n].at) / 1000);
        model[n].at = now;
        bool expected = model[n].tokens >= 1;
        if (expected)
            model[n].tokens -= 1;
        assert_int_equal(throttle_take(t, rate, who(&n), now, NULL), expected);
    }
    throttle_free(t);
}

/* However many strangers come, whoever has spent all stays remembered; nothing grows. */
static void strangers_do_not_wash_out_the_guilty(void **state)
{
    struct throttle *t = made(1024);
    int64_t guilty = -1, now = 1700000000 * SECOND;

    (void)state;
    while (throttle_take(t, slow, who(&guilty), now, NULL))
        ;
    for (int64_t i = 0; i < 200000; i++)
        throttle_take(t, slow, who(&i), now, NULL);
    assert_false(throttle_take(t, slow, who(&guilty), now, NULL));
    throttle_free(t);
}

struct crowd {
    struct throttle *t;
    int64_t passed;
};

static void *push(void *context)
{
    struct crowd *c = context;
    int64_t one = 1;

    for (int i = 0; i < 10000; i++)
        c->passed += throttle_take(c->t, (struct throttle_rate){3, 500, SECOND}, who(&one), 1,
                                   NULL);
    return NULL;
}

static void threads_share_one_bucket(void **state)
{
    struct throttle *t = made(64);
    struct crowd crowds[4];
    pthread_t threads[4];
    int64_t passed = 0;

    (void)state;
    for (int i = 0; i < 4; i++) {
        crowds[i] = (struct crowd){t, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, push, &crowds[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        passed += crowds[i].passed;
    }
    assert_int_equal(passed, 500);
    throttle_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_then_one_an_interval),
        cmocka_unit_test(it_behaves_like_the_model),
        cmocka_unit_test(strangers_do_not_wash_out_the_guilty),
        cmocka_unit_test(threads_share_one_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
