/* Accounts: made, changed, found, disabled; passwords; the second factor. */
#include "place.h"

#include "access/account.h"
#include "access/audit.h"
#include "access/session.h"
#include "access/totp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)

static const struct account_row anna = {.name = {"Anna.Li", 7},
                                        .display = {"安娜", 6},
                                        .phone = {"+8613800138000", 14},
                                        .role = ROLE_CHILD_DIRECTOR,
                                        .division = 999901001001};

static int64_t put(struct place *p, const struct account_row *row)
{
    int64_t id = 0;

    GOOD(p, WRITES(p, account_put(p->d, row, 0, &p->arena, &id, &p->e)));
    return id;
}

static struct account get(struct place *p, int64_t id)
{
    struct account a;

    GOOD(p, account_get(p->d, id, &p->arena, &a, &p->e));
    return a;
}

static int64_t events(struct place *p, enum audit_event event)
{
    char sql[80];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM audit WHERE event = %d", (int)event);
    return place_count(p, sql);
}

static void an_account_is_made_and_found(void **state)
{
    struct place *p = place_of(state);
    struct account a;
    int64_t id = put(p, &anna);

    GOOD(p, account_find(p->d, SLICE_LITERAL("anna.LI"), &p->arena, &a, &p->e));
    assert_int_equal(a.id, id);
    assert_int_equal(a.role, ROLE_CHILD_DIRECTOR);
    assert_int_equal(a.division, 999901001001);
    assert_true(slice_is(a.name, "Anna.Li") && slice_is(a.display, "安娜") &&
                slice_is(a.phone, "+8613800138000"));
    assert_false(a.has_password || a.has_totp || a.disabled || a.must_change);
    assert_null(a.team.p);
    assert_null(a.department.p);
    assert_int_equal(account_find(p->d, SLICE_LITERAL("bob"), &p->arena, &a, &p->e),
                     -ERR_NOT_FOUND);
    assert_int_equal(account_find(p->d, SLICE_LITERAL("no name"), &p->arena, &a, &p->e),
                     -ERR_NOT_FOUND);
    assert_int_equal(account_get(p->d, id + 1, &p->arena, &a, &p->e), -ERR_NOT_FOUND);
    assert_int_equal(events(p, AUDIT_ACCOUNT_CREATED), 1);
}

static void a_change_is_written_once_and_ends_sessions_only_with_the_post(void **state)
{
    struct place *p = place_of(state);
    struct account_row row = anna;
    int64_t id = put(p, &anna);

    assert_int_equal(put(p, &row), id);
    assert_int_equal(events(p, AUDIT_ACCOUNT_CHANGED), 0);
    row.name = SLICE_LITERAL("ANNA.LI");
    row.phone = SLICE_LITERAL("");
    assert_int_equal(put(p, &row), id);
    assert_int_equal(events(p, AUDIT_ACCOUNT_CHANGED), 1);
    assert_true(slice_is(get(p, id).name, "ANNA.LI"));
    row.role = ROLE_HELPER;
    row.department = SLICE_LITERAL("health");
    row.team = SLICE_LITERAL("0123456789abcdef");
    row.division = 0;
    row.roster_id = 77;
    assert_int_equal(put(p, &row), id);
    struct account a = get(p, id);
    assert_int_equal(a.role, ROLE_HELPER);
    assert_int_equal(a.division, 0);
    assert_int_equal(a.roster_id, 77);
    assert_true(slice_is(a.department, "health") && slice_is(a.team, "0123456789abcdef"));
    row.roster_id = 0; /* by hand: the row it came from stays known */
    row.role = ROLE_NONE;
    put(p, &row);
    assert_int_equal(get(p, id).roster_id, 77);
    assert_int_equal(get(p, id).role, ROLE_NONE);
    assert_int_equal(events(p, AUDIT_ACCOUNT_CHANGED), 3);
}

static void names_are_checked(void **state)
{
    static const char *const bad[] = {
        "",
        "with blank",
        "张三",
        "a/b",
        "a\tb",
        "a'b",
        "12345678901234567890123456789012345678901234567890123456789012345"};
    struct place *p = place_of(state);
    struct account_row row = anna;
    int64_t id;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        row.name = slice_from(bad[i]);
        assert_int_equal(WRITES(p, account_put(p->d, &row, 0, &p->arena, &id, &p->e)), -ERR_VALUE);
    }
    row.name = SLICE_LITERAL("1234567890123456789012345678901234567890123456789012345678901234");
    put(p, &row);
    row.name = SLICE_LITERAL("a.b_c-d@e");
    put(p, &row);
}

static void accounts_are_listed_in_pages(void **state)
{
    struct place *p = place_of(state);
    struct account_row row = anna;
    struct account *page;
    int64_t after = 0, last = 0;
    size_t count, all = 0;
    char name[8];

    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "n%d", i);
        row.name = slice_from(name);
        put(p, &row);
    }
    do {
        GOOD(p, account_list(p->d, after, 2, &p->arena, &page, &count, &p->e));
        for (size_t i = 0; i < count; i++) {
            assert_true(page[i].id > last);
            last = after = page[i].id;
        }
        all += count;
    } while (count == 2);
    assert_int_equal(all, 5);
}

static void a_disabled_account_is_enabled_again(void **state)
{
    struct place *p = place_of(state);
    int64_t id = put(p, &anna);

    GOOD(p, WRITES(p, account_disable(p->d, id, 0, &p->e)));
    GOOD(p, WRITES(p, account_disable(p->d, id, 0, &p->e)));
    assert_true(get(p, id).disabled);
    assert_int_equal(events(p, AUDIT_ACCOUNT_DISABLED), 1);
    GOOD(p, WRITES(p, account_enable(p->d, id, 0, &p->e)));
    assert_false(get(p, id).disabled);
    assert_int_equal(events(p, AUDIT_ACCOUNT_ENABLED), 1);
    assert_int_equal(WRITES(p, account_disable(p->d, id + 1, 0, &p->e)), -ERR_NOT_FOUND);
}

/* ---- passwords ------------------------------------------------------------------------------------ */

static void passwords_are_checked(void **state)
{
    static const struct {
        const char *password;
        bool good;
    } cases[] = {{"", false},
                 {"123456789", false},
                 {"一二三四五六七八九", false}, /* 9 characters of 27 bytes */
                 {"一二三四五六七八九十", true},
                 {"aaaaaaaaaaaa", false},
                 {"汉汉汉汉汉汉汉汉汉汉", false},
                 {"aaaaaaaaaaab", true},
                 {"my ANNA.li password", false},
                 {"my anna li password", true}};
    char long_one[130];
    struct error e = {.language = LANGUAGE_EN};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(password_check(slice_from(cases[i].password), anna.name, &e) == 0,
                         cases[i].good);
    memset(long_one, 'x', sizeof long_one);
    long_one[0] = 'y';
    assert_int_equal(password_check((struct slice){long_one, 128}, anna.name, &e), 0);
    assert_int_equal(password_check((struct slice){long_one, 129}, anna.name, &e), -ERR_PASSWORD);
    /* A name of two letters is in too many passwords to be forbidden there. */
    assert_int_equal(password_check(SLICE_LITERAL("a lion in winter"), SLICE_LITERAL("li"), &e), 0);
}

static double seconds_of_verify(const char *hash, bool *ret)
{
    struct timespec a, b;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    assert_int_equal(password_verify(hash, SLICE_LITERAL("wrong password"), ret, NULL), 0);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* The same parameters, so the same work: also with the limits of production. */
static void nobody_takes_as_long_as_somebody(void **state)
{
    char hash[PASSWORD_HASH_SIZE];
    struct error e = {.language = LANGUAGE_EN};
    bool good;

    (void)state;
    for (int light = 0; light < 2; light++) {
        setenv("HUMIAO_ARGON2", light ? "interactive" : "", 1);
        assert_int_equal(password_hash(SLICE_LITERAL("right password"), hash, &e), 0);
        assert_non_null(strstr(hash, light ? "m=65536,t=2,p=1$" : "m=262144,t=3,p=1$"));
        assert_true(password_matches(hash, SLICE_LITERAL("right password")));
        double real = seconds_of_verify(hash, &good);
        assert_false(good);
        double dummy = seconds_of_verify(NULL, &good);
        assert_false(good);
        print_message("# %s: %.3f s, nobody %.3f s\n", light ? "interactive" : "moderate", real,
                      dummy);
        assert_true(dummy > real / 2 && dummy < real * 2);
    }
}

static void made_passwords_are_good_and_differ(void **state)
{
    struct place *p = place_of(state);
    char a[PASSWORD_MADE_SIZE], b[PASSWORD_MADE_SIZE];

    GOOD(p, password_make(p->d->sealer, a, &p->e));
    GOOD(p, password_make(p->d->sealer, b, &p->e));
    assert_int_equal(strlen(a), PASSWORD_MADE_SIZE - 1);
    assert_string_not_equal(a, b);
    for (size_t i = 0; i < strlen(a); i++)
        assert_non_null(strchr(i % 5 == 4 ? "-" : "23456789abcdefghjkmnpqrstuvwxyz", a[i]));
    GOOD(p, password_check(slice_from(a), anna.name, &p->e));
}

static void a_password_is_stored(void **state)
{
    struct place *p = place_of(state);
    char hash[PASSWORD_HASH_SIZE];
    int64_t id = put(p, &anna);

    GOOD(p, password_hash(SLICE_LITERAL("right password"), hash, &p->e));
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, true, 0, 0, &p->e)));
    assert_true(get(p, id).has_password && get(p, id).must_change);
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, false, 0, id, &p->e)));
    assert_false(get(p, id).must_change);
    assert_int_equal(events(p, AUDIT_PASSWORD_SET), 2);
    assert_int_equal(WRITES(p, account_set_password(p->d, id + 1, hash, true, 0, 0, &p->e)),
                     -ERR_NOT_FOUND);
}

/* Who replaces somebody's password could sign in as them: the security administrator is told, each time.
 * The first password of an account, and one's own, are nothing unusual. */
static void replacing_a_password_alarms(void **state)
{
    struct place *p = place_of(state);
    char hash[PASSWORD_HASH_SIZE];
    int64_t id = put(p, &anna);

    GOOD(p, password_hash(SLICE_LITERAL("right password"), hash, &p->e));
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, true, 0, 7, &p->e)));
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, false, 0, id, &p->e)));
    assert_int_equal(place_count(p, "SELECT count(*) FROM alarm"), 0);
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, true, 0, 7, &p->e)));
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, true, 0, 7, &p->e)));
    assert_int_equal(place_count(p, "SELECT count(*) FROM alarm WHERE kind = 7"), 2);
}

/* ---- the second factor ---------------------------------------------------------------------------- */

static struct slice code_of(struct place *p, struct slice base32, int64_t now)
{
    struct slice secret;
    uint32_t code;

    assert_true(base32_parse(base32, &p->arena, &secret));
    assert_int_equal(secret.n, TOTP_SECRET_SIZE);
    assert_true(totp_code(secret, totp_step(now), TOTP_DIGITS, &code));
    return slice_from(arena_printf(&p->arena, "%06u", (unsigned)code));
}

static int confirm(struct place *p, int64_t id, struct slice code, int64_t now)
{
    return WRITES(p, account_totp_confirm(p->d, id, code, now, &p->e));
}

static void a_second_factor_counts_once_it_is_confirmed(void **state)
{
    struct place *p = place_of(state);
    struct slice first, second;
    int64_t id = put(p, &anna), now = INT64_C(1700000000) * SECOND;

    assert_int_equal(confirm(p, id, SLICE_LITERAL("123456"), now), -ERR_WRONG_STATE);
    GOOD(p, WRITES(p, account_totp_begin(p->d, id, &p->arena, &first, &p->e)));
    GOOD(p, WRITES(p, account_totp_begin(p->d, id, &p->arena, &second, &p->e)));
    assert_false(slice_equal(first, second));
    assert_false(get(p, id).has_totp);
    assert_int_equal(confirm(p, id, code_of(p, first, now), now), -ERR_SIGN_IN);
    GOOD(p, confirm(p, id, code_of(p, second, now), now));
    assert_true(get(p, id).has_totp);
    assert_int_equal(confirm(p, id, code_of(p, second, now), now), -ERR_WRONG_STATE);
    assert_int_equal(WRITES(p, account_totp_begin(p->d, id, &p->arena, &first, &p->e)),
                     -ERR_WRONG_STATE);
    GOOD(p, WRITES(p, account_totp_clear(p->d, id, 0, &p->e)));
    assert_false(get(p, id).has_totp);
    assert_int_equal(events(p, AUDIT_TOTP_CLEARED), 1);
    assert_int_equal(events(p, AUDIT_TOTP_SET), 3);
}

static void the_uri_is_as_authenticators_want_it(void **state)
{
    ARENA_AUTO(arena);

    (void)state;
    assert_true(slice_is(
        account_totp_uri(SLICE_LITERAL("anna.li"), SLICE_LITERAL("MZXW6YTB"), &arena),
        "otpauth://totp/Humiao:anna.li?secret=MZXW6YTB&issuer=Humiao&algorithm=SHA1&digits=6&"
        "period=30"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_ENGINE(an_account_is_made_and_found),
        EACH_ENGINE(a_change_is_written_once_and_ends_sessions_only_with_the_post),
        EACH_ENGINE(names_are_checked),
        EACH_ENGINE(accounts_are_listed_in_pages),
        EACH_ENGINE(a_disabled_account_is_enabled_again),
        cmocka_unit_test(passwords_are_checked),
        cmocka_unit_test(nobody_takes_as_long_as_somebody),
        EACH_ENGINE(made_passwords_are_good_and_differ),
        EACH_ENGINE(a_password_is_stored),
        EACH_ENGINE(replacing_a_password_alarms),
        EACH_ENGINE(a_second_factor_counts_once_it_is_confirmed),
        cmocka_unit_test(the_uri_is_as_authenticators_want_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
