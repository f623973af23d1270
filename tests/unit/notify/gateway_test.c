/* Which addresses a notice may go to: over TLS, or nowhere but this machine. What is sent is tested over HTTP
 * (tests/api/test_today.py). */
#include "notify/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void over_tls_or_not_at_all(void **state)
{
    static const struct {
        const char *url;
        bool taken;
    } cases[] = {{"https://notices.example.cn/v1", true},
                 {"http://127.0.0.1:9000/", true},
                 {"http://[::1]:9000/", true},
                 {"http://localhost:9000/", true},
                 {"http://notices.example.cn/", false},
                 {"http://127.0.0.1:x@elsewhere.example/", false},
                 {"https://user@notices.example.cn/", false},
                 {"http://127.0.0.1.example.cn:80/", false},
                 {"file:///etc/passwd", false},
                 {"ftp://127.0.0.1:21/", false},
                 {"", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct error e = {.language = LANGUAGE_EN};
        struct gateway *g = NULL;
        int rc = gateway_open(cases[i].url, NULL, &g, &e);
        print_message("# %s\n", cases[i].url);
        assert_int_equal(rc, cases[i].taken ? 0 : -ERR_USAGE);
        gateway_close(g);
        error_clear(&e);
    }
}

/* Nobody listens there: a class of failure, and no word more. */
static void nobody_answers(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    struct gateway *g = NULL;

    (void)state;
    assert_int_equal(gateway_open("http://127.0.0.1:1/", "token", &g, &e), 0);
    assert_string_equal(gateway_send(g, 1, "19400000000"), "unreachable");
    gateway_close(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_tls_or_not_at_all),
        cmocka_unit_test(nobody_answers),
    };
    return cmocka_run_group_tests_name("gateway", tests, NULL, NULL);
}
