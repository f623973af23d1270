/* One-time codes: the vectors of RFC 6238 appendix B and of RFC 4648 part 10, and what is tolerated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/totp.h"

#include <stdio.h>

#define SECOND INT64_C(1000000)

static const struct slice secret = {"12345678901234567890", 20};

static void codes_are_those_of_the_rfc(void **state)
{
    static const struct {
        int64_t seconds;
        uint32_t code;
    } vectors[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                   {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};

    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        uint32_t code;
        int64_t step = totp_step(vectors[i].seconds * SECOND);
        assert_true(totp_code(secret, step, 8, &code));
        assert_int_equal(code, vectors[i].code);
        assert_true(totp_code(secret, step, 6, &code));
        assert_int_equal(code, vectors[i].code % 1000000);
    }
}

/* RFC 4226 appendix D: the same codes by counter. */
static void codes_by_counter_are_those_of_the_rfc(void **state)
{
    static const uint32_t codes[] = {755224, 287082, 359152, 969429, 338314,
                                     254676, 287922, 162583, 399871, 520489};

    (void)state;
    for (int64_t step = 0; step < 10; step++) {
        uint32_t code;
        assert_true(totp_code(secret, step, 6, &code));
        assert_int_equal(code, codes[step]);
    }
}

static struct slice code_text(int64_t step, char ret[8])
{
    uint32_t code;

    assert_true(totp_code(secret, step, 6, &code));
    snprintf(ret, 8, "%06u", (unsigned)code);
    return slice_from(ret);
}

static void one_step_is_tolerated_and_none_is_taken_twice(void **state)
{
    int64_t now = INT64_C(1700000000) * SECOND, step = totp_step(now), got = 0;
    char text[8];

    (void)state;
    for (int64_t off = -3; off <= 3; off++) {
        bool good = totp_matches(secret, code_text(step + off, text), now, 0, &got);
        assert_int_equal(good, off >= -1 && off <= 1);
        if (good)
            assert_int_equal(got, step + off);
    }
    assert_true(totp_matches(secret, code_text(step, text), now, step - 1, &got));
    assert_false(totp_matches(secret, code_text(step, text), now, step, &got));
    assert_false(totp_matches(secret, code_text(step - 1, text), now, step, &got));
    assert_true(totp_matches(secret, code_text(step + 1, text), now, step, &got));
}

static void what_is_no_code_does_not_match(void **state)
{
    static const char *const texts[] = {"",       "1",       "12345",  "1234567", "12345a",
                                        "-12345", "+12345",  "12345.", "０１２",  "000000000000",
                                        " ",      "1234 567"};
    int64_t got;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(totp_matches(secret, slice_from(texts[i]), 59 * SECOND, -1, &got));
    /* 59 s: 94287082, so 287082; people write it in two groups. */
    assert_true(totp_matches(secret, slice_from("287 082"), 59 * SECOND, -1, &got));
    assert_false(totp_matches(secret, SLICE_NONE, 59 * SECOND, -1, &got));
}

static void base32_is_that_of_the_rfc(void **state)
{
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "MY"},
                                             {"fo", "MZXQ"},
                                             {"foo", "MZXW6"},
                                             {"foob", "MZXW6YQ"},
                                             {"fooba", "MZXW6YTB"},
                                             {"foobar", "MZXW6YTBOI"}};
    static const char *const bad[] = {"M", "MZX", "MZXW6Y", "M1", "M8", "MZ=Q", "MZ-Q", "MZ"};
    ARENA_AUTO(arena);
    struct slice got;

    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        assert_true(slice_is(base32_from(slice_from(vectors[i][0]), &arena), vectors[i][1]));
        assert_true(base32_parse(slice_from(vectors[i][1]), &arena, &got));
        assert_true(slice_is(got, vectors[i][0]));
    }
    assert_true(base32_parse(slice_from("mzxw 6ytb oi======"), &arena, &got));
    assert_true(slice_is(got, "foobar"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(base32_parse(slice_from(bad[i]), &arena, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(codes_by_counter_are_those_of_the_rfc),
        cmocka_unit_test(one_step_is_tolerated_and_none_is_taken_twice),
        cmocka_unit_test(what_is_no_code_does_not_match),
        cmocka_unit_test(base32_is_that_of_the_rfc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
