/* The guard: a table of what it passes and refuses, and the property that it does not matter in which
 * pieces the bytes come. */
#include "server/guard.h"
#include "unit/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>

#define H "Host: a\r\n"
#define BODY_MAX 1000

struct example {
    const char *name;
    const char *text;
    enum guard_refusal verdict;
    enum guard_phase phase; /* where it is passed */
};

static const struct example examples[] = {
    {"get", "GET / HTTP/1.1\r\n" H "\r\n", GUARD_FINE, GUARD_COMPLETE},
    {"query", "GET /a?b=c&d=%20 HTTP/1.1\r\n" H "\r\n", GUARD_FINE, GUARD_COMPLETE},
    {"body", "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc", GUARD_FINE, GUARD_COMPLETE},
    {"body to come", "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nab", GUARD_FINE, GUARD_BODY},
    {"body with line ends", "PUT / HTTP/1.1\r\n" H "Content-Length: 4\r\n\r\n\n\r\n\r", GUARD_FINE,
     GUARD_COMPLETE},
    {"no blank before the value", "POST / HTTP/1.1\r\nHost:a\r\nContent-Length:0\r\n\r\n",
     GUARD_FINE, GUARD_COMPLETE},
    {"blanks around the value", "POST / HTTP/1.1\r\nHost: \ta \r\nContent-Length:  0\t\r\n\r\n",
     GUARD_FINE, GUARD_COMPLETE},
    {"names in any case", "POST / HTTP/1.1\r\nhOsT: a\r\ncontent-LENGTH: 0\r\n\r\n", GUARD_FINE,
     GUARD_COMPLETE},
    {"address", "GET / HTTP/1.1\r\nHost: [::1]:8480\r\n\r\n", GUARD_FINE, GUARD_COMPLETE},
    {"text beyond ASCII", "GET / HTTP/1.1\r\n" H "X: \xe5\xae\xb6\r\n\r\n", GUARD_FINE,
     GUARD_COMPLETE},
    {"expect", "PUT / HTTP/1.1\r\n" H "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n",
     GUARD_FINE, GUARD_BODY},
    {"delete", "DELETE / HTTP/1.1\r\n" H "\r\n", GUARD_FINE, GUARD_COMPLETE},
    {"half a head", "GET / HTTP/1.1\r\nHost", GUARD_FINE, GUARD_HEAD},

    {"two lengths", "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
     GUARD_LENGTH, 0},
    {"two lengths alike",
     "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", GUARD_LENGTH, 0},
    {"list of lengths", "POST / HTTP/1.1\r\n" H "Content-Length: 3, 3\r\n\r\nabc", GUARD_LENGTH, 0},
    {"chunked", "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     GUARD_ENCODING, 0},
    {"length with chunked",
     "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
     GUARD_ENCODING, 0},
    {"identity", "POST / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n", GUARD_ENCODING, 0},
    {"two hosts", "GET / HTTP/1.1\r\n" H "Host: b\r\n\r\n", GUARD_HOST, 0},
    {"two hosts alike", "GET / HTTP/1.1\r\n" H H "\r\n", GUARD_HOST, 0},
    {"no host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", GUARD_HOST, 0},
    {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", GUARD_HOST, 0},
    {"host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", GUARD_HOST, 0},
    {"host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", GUARD_HOST, 0},
    {"two words of host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", GUARD_HOST, 0},
    {"blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", GUARD_NAME, 0},
    {"tab before the colon", "POST / HTTP/1.1\r\n" H "Content-Length\t: 3\r\n\r\nabc", GUARD_NAME,
     0},
    {"no name", "GET / HTTP/1.1\r\n" H ": x\r\n\r\n", GUARD_NAME, 0},
    {"no colon", "GET / HTTP/1.1\r\n" H "abc\r\n\r\n", GUARD_NAME, 0},
    {"name beyond ASCII", "GET / HTTP/1.1\r\n" H "\xc3\xa4: x\r\n\r\n", GUARD_NAME, 0},
    {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", GUARD_LINE_END, 0},
    {"bare line feed in a header", "GET / HTTP/1.1\r\n" H "X: y\nZ: w\r\n\r\n", GUARD_LINE_END, 0},
    {"bare line feed after a name", "GET / HTTP/1.1\r\n" H "X\n: y\r\n\r\n", GUARD_LINE_END, 0},
    {"bare carriage return", "GET / HTTP/1.1\r\n" H "X: y\rZ: w\r\n\r\n", GUARD_LINE_END, 0},
    {"carriage return at the end", "GET / HTTP/1.1\r\n" H "\rX: y\r\n\r\n", GUARD_LINE_END, 0},
    {"two carriage returns", "GET / HTTP/1.1\r\r\n" H "\r\n", GUARD_LINE_END, 0},
    {"folded", "GET / HTTP/1.1\r\n" H "X: y\r\n z\r\n\r\n", GUARD_FOLD, 0},
    {"folded with a tab", "GET / HTTP/1.1\r\n" H "X: y\r\n\tz\r\n\r\n", GUARD_FOLD, 0},
    {"blank before the first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", GUARD_FOLD, 0},
    {"control in a value", "GET / HTTP/1.1\r\n" H "X: \x01\r\n\r\n", GUARD_VALUE, 0},
    {"escape in a value", "GET / HTTP/1.1\r\n" H "X: \x1b[0m\r\n\r\n", GUARD_VALUE, 0},
    {"delete in a value", "GET / HTTP/1.1\r\n" H "X: \x7f\r\n\r\n", GUARD_VALUE, 0},
    {"plus in a length", "POST / HTTP/1.1\r\n" H "Content-Length: +3\r\n\r\nabc", GUARD_LENGTH, 0},
    {"minus in a length", "POST / HTTP/1.1\r\n" H "Content-Length: -3\r\n\r\nabc", GUARD_LENGTH, 0},
    {"hexadecimal length", "POST / HTTP/1.1\r\n" H "Content-Length: 0x3\r\n\r\nabc", GUARD_LENGTH,
     0},
    {"fraction of a length", "POST / HTTP/1.1\r\n" H "Content-Length: 3.0\r\n\r\nabc", GUARD_LENGTH,
     0},
    {"two words of length", "POST / HTTP/1.1\r\n" H "Content-Length: 3 4\r\n\r\nabc", GUARD_LENGTH,
     0},
    {"empty length", "POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n", GUARD_LENGTH, 0},
    {"blank length", "POST / HTTP/1.1\r\n" H "Content-Length:  \r\n\r\n", GUARD_LENGTH, 0},
    {"length without end", "POST / HTTP/1.1\r\n" H "Content-Length: 18446744073709551617\r\n\r\n",
     GUARD_LENGTH, 0},
    {"large length", "POST / HTTP/1.1\r\n" H "Content-Length: 1001\r\n\r\n", GUARD_BODY_LARGE, 0},
    {"very large length", "POST / HTTP/1.1\r\n" H "Content-Length: 9999999999999999999\r\n\r\n",
     GUARD_BODY_LARGE, 0},
    {"no length", "POST / HTTP/1.1\r\n" H "\r\n", GUARD_LENGTH_MISSING, 0},
    {"get with a body", "GET / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc", GUARD_LENGTH, 0},
    {"expectation", "PUT / HTTP/1.1\r\n" H "Expect: 200-ok\r\nContent-Length: 1\r\n\r\n",
     GUARD_EXPECT, 0},
    {"two cookies", "GET / HTTP/1.1\r\n" H "Cookie: a=b\r\nCookie: a=c\r\n\r\n", GUARD_TWICE, 0},
    {"old version", "GET / HTTP/1.0\r\n" H "\r\n", GUARD_VERSION, 0},
    {"new version", "GET / HTTP/2.0\r\n" H "\r\n", GUARD_VERSION, 0},
    {"version in small letters", "GET / http/1.1\r\n" H "\r\n", GUARD_VERSION, 0},
    {"version with a tail", "GET / HTTP/1.1 \r\n" H "\r\n", GUARD_VERSION, 0},
    {"no version", "GET /\r\n" H "\r\n", GUARD_REQUEST_LINE, 0},
    {"two blanks", "GET  / HTTP/1.1\r\n" H "\r\n", GUARD_TARGET, 0},
    {"tab", "GET\t/ HTTP/1.1\r\n" H "\r\n", GUARD_REQUEST_LINE, 0},
    {"empty line first", "\r\nGET / HTTP/1.1\r\n" H "\r\n", GUARD_REQUEST_LINE, 0},
    {"method in small letters", "get / HTTP/1.1\r\n" H "\r\n", GUARD_REQUEST_LINE, 0},
    {"trace", "TRACE / HTTP/1.1\r\n" H "\r\n", GUARD_METHOD, 0},
    {"connect", "CONNECT a:1 HTTP/1.1\r\n" H "\r\n", GUARD_METHOD, 0},
    {"absolute form", "GET http://a/ HTTP/1.1\r\n" H "\r\n", GUARD_TARGET, 0},
    {"asterisk form", "OPTIONS * HTTP/1.1\r\n" H "\r\n", GUARD_TARGET, 0},
    {"fragment", "GET /a#b HTTP/1.1\r\n" H "\r\n", GUARD_TARGET, 0},
    {"target beyond ASCII", "GET /\xe5\xae\xb6 HTTP/1.1\r\n" H "\r\n", GUARD_TARGET, 0},
    {"TLS", "\x16\x03\x01\x02", GUARD_REQUEST_LINE, 0},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", GUARD_METHOD, 0},
    {"next request", "GET / HTTP/1.1\r\n" H "\r\nGET / HTTP/1.1\r\n" H "\r\n", GUARD_PIPELINE, 0},
    {"bytes after a body", "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabcd", GUARD_PIPELINE,
     0},
    {"request hidden in a body",
     "POST / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\nGET /x HTTP/1.1\r\n" H "\r\n",
     GUARD_PIPELINE, 0},
};

static void test_guard__table(void **state)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        const struct example *x = &examples[i];
        struct guard g;
        guard_begin(&g, BODY_MAX);
        enum guard_refusal verdict = guard_feed(&g, x->text, strlen(x->text), 1);
        if (verdict != x->verdict)
            fail_msg("%s: %s", x->name, guard_refusal_name(verdict));
        assert_int_equal(g.phase, verdict == GUARD_FINE ? x->phase : GUARD_REFUSED);
    }
}

static void test_guard__nul_in_a_value(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n";
    struct guard g;
    guard_begin(&g, BODY_MAX);
    assert_int_equal(guard_feed(&g, text, sizeof(text) - 1, 1), GUARD_VALUE);
}

/* ---- sizes --------------------------------------------------------------------------------------------- */

static enum guard_refusal feed_text(struct guard *g, const char *text)
{
    return guard_feed(g, text, strlen(text), 1);
}

static void test_guard__target_is_bounded(void **state)
{
    static char target[GUARD_TARGET_MAX + 2];
    struct guard g;
    memset(target, '/', sizeof(target));
    for (size_t over = 0; over < 2; over++) {
        guard_begin(&g, BODY_MAX);
        assert_int_equal(feed_text(&g, "GET "), GUARD_FINE);
        assert_int_equal(guard_feed(&g, target, GUARD_TARGET_MAX + over, 1),
                         over ? GUARD_TARGET_LONG : GUARD_FINE);
    }
}

static void test_guard__headers_are_counted(void **state)
{
    struct guard g;
    guard_begin(&g, BODY_MAX);
    assert_int_equal(feed_text(&g, "GET / HTTP/1.1\r\n" H), GUARD_FINE);
    for (int i = 1; i < GUARD_HEADERS_MAX; i++)
        assert_int_equal(feed_text(&g, "X: y\r\n"), GUARD_FINE);
    assert_int_equal(feed_text(&g, "X: y\r\n"), GUARD_HEADERS_MANY);
}

static void test_guard__head_is_bounded(void **state)
{
    static char value[GUARD_HEAD_MAX];
    struct guard g;
    memset(value, 'x', sizeof(value));
    guard_begin(&g, BODY_MAX);
    assert_int_equal(feed_text(&g, "GET / HTTP/1.1\r\n" H "X: "), GUARD_FINE);
    assert_int_equal(guard_feed(&g, value, sizeof(value), 1), GUARD_HEAD_LARGE);
}

/* ---- time ---------------------------------------------------------------------------------------------- */

static void test_guard__slow_head(void **state)
{
    struct guard g;
    guard_begin(&g, BODY_MAX);
    assert_true(guard_deadline(&g) == INT64_MAX);
    assert_int_equal(guard_feed(&g, "G", 1, 5), GUARD_FINE);
    assert_true(guard_deadline(&g) == 5 + GUARD_HEAD_TIME);
    assert_int_equal(guard_feed(&g, "E", 1, 5 + GUARD_HEAD_TIME), GUARD_FINE);
    assert_int_equal(guard_feed(&g, "T", 1, 6 + GUARD_HEAD_TIME), GUARD_SLOW_HEAD);
    assert_int_equal(guard_feed(&g, " ", 1, 7), GUARD_SLOW_HEAD);
}

static void test_guard__slow_body(void **state)
{
    struct guard g;
    char bytes[GUARD_BODY_RATE] = {0};
    guard_begin(&g, 1 << 20);
    assert_int_equal(feed_text(&g, "PUT / HTTP/1.1\r\n" H "Content-Length: 100000\r\n\r\n"),
                     GUARD_FINE);
    assert_true(guard_deadline(&g) == 1 + GUARD_BODY_GRACE);
    assert_int_equal(guard_feed(&g, bytes, sizeof(bytes), 2), GUARD_FINE);
    assert_true(guard_deadline(&g) == 1 + GUARD_BODY_GRACE + 1000000);
    assert_int_equal(guard_check_time(&g, 2 + GUARD_BODY_GRACE + 1000000), GUARD_SLOW_BODY);
}

/* ---- more than one request -------------------------------------------------------------------------------- */

static void test_guard__answered_request_makes_room_for_the_next(void **state)
{
    struct guard g;
    guard_begin(&g, BODY_MAX);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(feed_text(&g, "POST / HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\nab"),
                         GUARD_FINE);
        assert_int_equal(g.phase, GUARD_COMPLETE);
        guard_answered(&g);
        assert_int_equal(g.phase, GUARD_IDLE);
    }
    assert_int_equal(feed_text(&g, "GARBAGE\r\n"), GUARD_REQUEST_LINE);
    guard_answered(&g);
    assert_int_equal(g.phase, GUARD_REFUSED);
}

static void test_guard__answers_are_whole(void **state)
{
    for (enum guard_refusal i = 1; i < GUARD_REFUSAL_COUNT; i++) {
        char answer[GUARD_ANSWER_MAX];
        size_t n = guard_answer(i, answer);
        assert_true(n < sizeof(answer) && n == strlen(answer));
        const char *body = strstr(answer, "\r\n\r\n");
        const char *length = strstr(answer, "Content-Length: ");
        assert_non_null(body);
        assert_int_equal(strtoul(length + 16, NULL, 10), strlen(body + 4));
        assert_in_range(guard_refusal_status(i), 400, 499);
    }
}

/* ---- pieces ------------------------------------------------------------------------------------------------ */

struct verdict {
    enum guard_refusal refusal;
    enum guard_phase phase;
    uint64_t body;
};

static struct verdict in_pieces(const char *text, size_t n, uint64_t *random, size_t most)
{
    struct guard g;
    guard_begin(&g, BODY_MAX);
    for (size_t at = 0; at < n;) {
        size_t piece = most ? 1 + random_below(random, (unsigned)most) : n;
        piece = piece > n - at ? n - at : piece;
        char *exact = malloc(piece); /* AddressSanitizer sees a byte too far */
        memcpy(exact, text + at, piece);
        guard_feed(&g, exact, piece, 1);
        free(exact);
        at += piece;
    }
    return (struct verdict){g.refusal, g.phase, g.body_read};
}

/* An example with some of its bytes changed: near to what is good, where mistakes live. */
static size_t mutate(char *text, size_t n, uint64_t *random)
{
    static const char likely[] = "\r\n\t :/#,+-0918AZaz\x01\x7f\xff";
    for (uint64_t k = random_below(random, 4); k > 0 && n > 0; k--) {
        size_t at = random_below(random, (unsigned)n);
        if (random_below(random, 4) == 0) {
            memmove(text + at, text + at + 1, n - at - 1);
            n--;
        } else {
            text[at] = likely[random_below(random, sizeof(likely) - 1)];
        }
    }
    return n;
}

static void test_guard__pieces_do_not_matter(void **state)
{
    uint64_t random = random_seed();
    for (int i = 0; i < 20000; i++) {
        char text[512];
        const char *source =
            examples[random_below(&random, sizeof(examples) / sizeof(examples[0]))].text;
        size_t n = strlen(source);
        memcpy(text, source, n);
        n = mutate(text, n, &random);
        struct verdict whole = in_pieces(text, n, &random, 0);
        struct verdict pieces = in_pieces(text, n, &random, 1 + random_below(&random, 9));
        assert_int_equal(whole.refusal, pieces.refusal);
        assert_int_equal(whole.phase, pieces.phase);
        assert_true(whole.body == pieces.body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guard__table),
        cmocka_unit_test(test_guard__nul_in_a_value),
        cmocka_unit_test(test_guard__target_is_bounded),
        cmocka_unit_test(test_guard__headers_are_counted),
        cmocka_unit_test(test_guard__head_is_bounded),
        cmocka_unit_test(test_guard__slow_head),
        cmocka_unit_test(test_guard__slow_body),
        cmocka_unit_test(test_guard__answered_request_makes_room_for_the_next),
        cmocka_unit_test(test_guard__answers_are_whole),
        cmocka_unit_test(test_guard__pieces_do_not_matter),
    };
    return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
