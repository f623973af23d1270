/* The cookie of a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/cookie.h"

#define TOKEN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij0123_-4"
#define OTHER "BBCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij0123_-4"

static void test_token_of_a_header(void **state)
{
    static const struct {
        const char *header;
        bool found;
    } rows[] = {{COOKIE_NAME "=" TOKEN, true},
                {"a=b; " COOKIE_NAME "=" TOKEN "; c=d", true},
                {" " COOKIE_NAME "=" TOKEN " ;", true},
                {"", false},
                {";;;", false},
                {COOKIE_NAME, false},
                {COOKIE_NAME "=", false},
                {COOKIE_NAME "=" TOKEN "x", false},
                {COOKIE_NAME "=\"" TOKEN "\"", false},
                {"humiao=" TOKEN, false},
                {"x" COOKIE_NAME "=" TOKEN, false},
                {"__host-humiao=" TOKEN, false},
                /* Two of them: a neighbour may have planted one. */
                {COOKIE_NAME "=" TOKEN "; " COOKIE_NAME "=" OTHER, false},
                {COOKIE_NAME "=" TOKEN "; " COOKIE_NAME "=", false}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice token = cookie_token(slice_from(rows[i].header));
        if (rows[i].found)
            assert_true(slice_is(token, TOKEN));
        else
            assert_null(token.p);
    }
    assert_null(cookie_token(SLICE_NONE).p);
}

static void test_attributes(void **state)
{
    ARENA_AUTO(arena);

    assert_string_equal(cookie_give(&arena, TOKEN, 60), COOKIE_NAME
                        "=" TOKEN "; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict");
    assert_string_equal(cookie_take_away(&arena),
                        COOKIE_NAME "=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_token_of_a_header),
        cmocka_unit_test(test_attributes),
    };
    return cmocka_run_group_tests_name("server_cookie", tests, NULL, NULL);
}
