/* Signing in and out: what lets in, what does not, locks, second factors, limits of time, revocation. */
#include "place.h"

#include "access/audit.h"
#include "access/session.h"
#include "access/totp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static const struct slice right = {"right password", 14}, wrong = {"wrong password", 14};
static const int64_t start = INT64_C(1800000000) * SECOND;

static int64_t make(struct place *p, const char *name, enum role role)
{
    struct account_row row = {.name = slice_from(name), .role = role};
    char hash[PASSWORD_HASH_SIZE];
    int64_t id;

    GOOD(p, password_hash(right, hash, &p->e));
    GOOD(p, WRITES(p, account_put(p->d, &row, 0, &p->arena, &id, &p->e)));
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, false, 0, 0, &p->e)));
    return id;
}

static struct sign_in_result sign_in(struct place *p, const char *name, struct slice password,
                                     struct slice code, int64_t now)
{
    struct sign_in s = {slice_from(name), password, code, SLICE_LITERAL("phone"), now};
    struct sign_in_finding finding;
    struct sign_in_result result;

    GOOD(p, sign_in_check(p->d, &s, &finding, &p->e));
    GOOD(p, WRITES(p, sign_in_finish(p->d, &s, &finding, &result, &p->e)));
    return result;
}

/* ERR_NONE where the token is that of a session. */
static int found(struct place *p, const struct sign_in_result *r, int64_t now)
{
    struct session session;
    struct account account;

    return -session_find(p->d, slice_from(r->token), now, &p->arena, &session, &account, &p->e);
}

static int64_t refusals(struct place *p, const char *why)
{
    return place_count(p, arena_printf(&p->arena,
                                       "SELECT count(*) FROM audit WHERE event = %d AND "
                                       "detail = '%s'",
                                       (int)AUDIT_SIGN_IN_REFUSED, why));
}

static void a_session_begins_and_is_found_by_its_token_alone(void **state)
{
    struct place *p = place_of(state);
    struct session session;
    struct account account;
    int64_t id = make(p, "anna", ROLE_CHILD_DIRECTOR);
    struct sign_in_result r = sign_in(p, "ANNA", right, SLICE_NONE, start);
    struct sign_in_result other = sign_in(p, "anna", right, SLICE_NONE, start);

    assert_int_equal(r.refused, ERR_NONE);
    assert_false(r.must_change_password || r.must_enrol_totp || r.session.second_factor);
    assert_int_equal(strlen(r.token), SESSION_TOKEN_SIZE);
    assert_string_not_equal(r.token, r.csrf);
    assert_string_not_equal(r.token, other.token);
    GOOD(p,
         session_find(p->d, slice_from(r.token), start + 1, &p->arena, &session, &account, &p->e));
    assert_int_equal(session.id, r.session.id);
    assert_int_equal(account.id, id);
    assert_true(slice_is(session.device, "phone"));
    assert_true(session_csrf_matches(p->d, &session, slice_from(r.csrf)));
    assert_false(session_csrf_matches(p->d, &session, slice_from(other.csrf)));
    assert_false(session_csrf_matches(p->d, &session, slice_from(r.token)));
    assert_false(session_csrf_matches(p->d, &session, SLICE_NONE));
    /* One letter of it, or the other token, is another's. */
    r.token[20] = r.token[20] == 'A' ? 'B' : 'A';
    assert_int_equal(found(p, &r, start + 1), ERR_NOT_SIGNED_IN);
    memcpy(r.token, r.csrf, sizeof r.token);
    assert_int_equal(found(p, &r, start + 1), ERR_NOT_SIGNED_IN);
    r.token[0] = '\0';
    assert_int_equal(found(p, &r, start + 1), ERR_NOT_SIGNED_IN);
}

static void who_is_not_let_in_is_not_told_why(void **state)
{
    struct place *p = place_of(state);
    int64_t id = make(p, "anna", ROLE_CHILD_DIRECTOR);
    struct account_row row = {.name = SLICE_LITERAL("nopassword")};
    int64_t other;

    GOOD(p, WRITES(p, account_put(p->d, &row, 0, &p->arena, &other, &p->e)));
    assert_int_equal(sign_in(p, "anna", wrong, SLICE_NONE, start).refused, ERR_SIGN_IN);
    assert_int_equal(sign_in(p, "anna", SLICE_NONE, SLICE_NONE, start).refused, ERR_SIGN_IN);
    assert_int_equal(sign_in(p, "nobody", right, SLICE_NONE, start).refused, ERR_SIGN_IN);
    assert_int_equal(sign_in(p, "no such name", right, SLICE_NONE, start).refused, ERR_SIGN_IN);
    assert_int_equal(sign_in(p, "", right, SLICE_NONE, start).refused, ERR_SIGN_IN);
    assert_int_equal(sign_in(p, "nopassword", right, SLICE_NONE, start).refused, ERR_SIGN_IN);
    GOOD(p, WRITES(p, account_disable(p->d, id, 0, &p->e)));
    assert_int_equal(sign_in(p, "anna", right, SLICE_NONE, start).refused, ERR_SIGN_IN);
    assert_int_equal(refusals(p, "password"), 3);
    assert_int_equal(refusals(p, "unknown"), 3);
    assert_int_equal(refusals(p, "disabled"), 1);
    assert_int_equal(place_count(p, "SELECT count(*) FROM session"), 0);
}

/* The second half alone: what the first half finds of a password does not depend on a lock. */
static enum error_code knock(struct place *p, struct sign_in s, struct sign_in_finding finding,
                             bool good, int64_t now)
{
    struct sign_in_result result;

    s.now = now;
    finding.password_good = good;
    GOOD(p, WRITES(p, sign_in_finish(p->d, &s, &finding, &result, &p->e)));
    return result.refused;
}

static void five_failures_lock_and_the_lock_doubles(void **state)
{
    struct place *p = place_of(state);
    struct sign_in s = {SLICE_LITERAL("anna"), right, SLICE_NONE, SLICE_NONE, start};
    struct sign_in_finding finding;
    int64_t now = start, lock = MINUTE;

    make(p, "anna", ROLE_CHILD_DIRECTOR);
    GOOD(p, sign_in_check(p->d, &s, &finding, &p->e));
    for (int i = 0; i < 4; i++)
        assert_int_equal(knock(p, s, finding, false, now), ERR_SIGN_IN);
    assert_int_equal(place_count(p, "SELECT count(*) FROM alarm"), 0);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(knock(p, s, finding, false, now), ERR_SIGN_IN);
        assert_int_equal(knock(p, s, finding, true, now + lock - 1), ERR_SIGN_IN);
        now += lock;
        lock = lock * 2 < HOUR ? lock * 2 : HOUR;
    }
    /* The fifth alarmed; the tenth came within the hour of that. */
    assert_int_equal(place_count(p, "SELECT count(*) FROM alarm"), 1);
    assert_int_equal(knock(p, s, finding, true, now), ERR_NONE);
    assert_int_equal(knock(p, s, finding, false, now), ERR_SIGN_IN);
    assert_int_equal(knock(p, s, finding, true, now), ERR_NONE);
}

static struct slice code_at(struct place *p, struct slice base32, int64_t now)
{
    struct slice secret;
    uint32_t code;

    assert_true(base32_parse(base32, &p->arena, &secret));
    assert_true(totp_code(secret, totp_step(now), TOTP_DIGITS, &code));
    return slice_from(arena_printf(&p->arena, "%06u", (unsigned)code));
}

static void a_leader_must_enrol_and_then_give_a_code_each_time(void **state)
{
    struct place *p = place_of(state);
    int64_t id = make(p, "leader", ROLE_BUREAU_LEADER), now = start;
    struct sign_in_result first = sign_in(p, "leader", right, SLICE_NONE, now), r;
    struct session session;
    struct account account;
    struct slice secret, code;

    assert_true(first.refused == ERR_NONE && first.must_enrol_totp);
    GOOD(p, WRITES(p, account_totp_begin(p->d, id, &p->arena, &secret, &p->e)));
    /* Begun is not confirmed. */
    r = sign_in(p, "leader", right, SLICE_NONE, now);
    assert_true(r.refused == ERR_NONE && r.must_enrol_totp);
    code = code_at(p, secret, now);
    GOOD(p, WRITES(p, account_totp_confirm(p->d, id, code, now, &p->e)));
    GOOD(p, session_find(p->d, slice_from(first.token), now, &p->arena, &session, &account, &p->e));
    assert_true(session_lacks_second_factor(&session, &account));
    GOOD(p, WRITES(p, session_give_code(p->d, session.id, &p->e)));
    GOOD(p, session_find(p->d, slice_from(first.token), now, &p->arena, &session, &account, &p->e));
    assert_false(session_lacks_second_factor(&session, &account));
    assert_int_equal(sign_in(p, "leader", right, SLICE_NONE, now).refused, ERR_SECOND_FACTOR);
    /* The step that confirmed is not taken again, the next one is, once. */
    assert_int_equal(sign_in(p, "leader", right, code, now).refused, ERR_SIGN_IN);
    now += 30 * SECOND;
    code = code_at(p, secret, now);
    assert_int_equal(sign_in(p, "leader", wrong, code, now).refused, ERR_SIGN_IN);
    r = sign_in(p, "leader", right, code, now);
    assert_true(r.refused == ERR_NONE && r.session.second_factor && !r.must_enrol_totp);
    assert_int_equal(sign_in(p, "leader", right, code, now).refused, ERR_SIGN_IN);
    assert_int_equal(refusals(p, "code"), 2);
    assert_int_equal(refusals(p, "code missing"), 1);
}

static void wrong_codes_lock_though_the_password_is_right(void **state)
{
    struct place *p = place_of(state);
    int64_t id = make(p, "anna", ROLE_CHILD_DIRECTOR);
    struct slice secret;

    GOOD(p, WRITES(p, account_totp_begin(p->d, id, &p->arena, &secret, &p->e)));
    GOOD(p, WRITES(p, account_totp_confirm(p->d, id, code_at(p, secret, start), start, &p->e)));
    for (int i = 0; i < 5; i++) {
        assert_int_equal(sign_in(p, "anna", right, SLICE_LITERAL("12"), start).refused,
                         ERR_SIGN_IN);
        /* A password alone does not forgive. */
        sign_in(p, "anna", right, SLICE_NONE, start);
    }
    assert_int_equal(
        sign_in(p, "anna", right, code_at(p, secret, start + MINUTE / 2), start).refused,
        ERR_SIGN_IN);
}

static void sessions_end_by_time(void **state)
{
    struct place *p = place_of(state);
    struct sign_in_result director, leader;
    int64_t now = start;

    make(p, "anna", ROLE_CHILD_DIRECTOR);
    make(p, "leader", ROLE_SECURITY_ADMINISTRATOR);
    director = sign_in(p, "anna", right, SLICE_NONE, now);
    leader = sign_in(p, "leader", right, SLICE_NONE, now);
    assert_int_equal(found(p, &leader, start + 30 * MINUTE - 1), ERR_NONE);
    assert_int_equal(found(p, &leader, start + 30 * MINUTE), ERR_NOT_SIGNED_IN);
    assert_int_equal(found(p, &director, start + 12 * HOUR - 1), ERR_NONE);
    assert_int_equal(found(p, &director, start + 12 * HOUR), ERR_NOT_SIGNED_IN);
    /* Used all the time, they end in the end. */
    for (; now < start + 12 * HOUR; now += 20 * MINUTE) {
        assert_int_equal(found(p, &leader, now), ERR_NONE);
        GOOD(p, WRITES(p, session_touch(p->d, leader.session.id, now, &p->e)));
    }
    assert_int_equal(found(p, &leader, start + 12 * HOUR), ERR_NOT_SIGNED_IN);
    for (now = start; now < start + 7 * 24 * HOUR; now += 11 * HOUR)
        GOOD(p, WRITES(p, session_touch(p->d, director.session.id, now, &p->e)));
    assert_int_equal(found(p, &director, start + 7 * 24 * HOUR - 1), ERR_NONE);
    assert_int_equal(found(p, &director, start + 7 * 24 * HOUR), ERR_NOT_SIGNED_IN);
    assert_false(session_touch_due(&director.session, start + MINUTE));
    assert_true(session_touch_due(&director.session, start + MINUTE + 1));
    GOOD(p, WRITES(p, session_sweep(p->d, start + 40 * 24 * HOUR, &p->e)));
    assert_int_equal(place_count(p, "SELECT count(*) FROM session"), 0);
}

static size_t listed(struct place *p, int64_t id)
{
    struct session *all;
    size_t count;

    GOOD(p, session_list(p->d, id, start, &p->arena, &all, &count, &p->e));
    return count;
}

static void sessions_are_listed_and_revoked(void **state)
{
    struct place *p = place_of(state);
    int64_t id = make(p, "anna", ROLE_CHILD_DIRECTOR), other = make(p, "bob", ROLE_HELPER);
    struct sign_in_result r[3];

    for (int i = 0; i < 3; i++)
        r[i] = sign_in(p, "anna", right, SLICE_NONE, start);
    assert_int_equal(listed(p, id), 3);
    assert_int_equal(listed(p, other), 0);
    assert_int_equal(WRITES(p, session_revoke(p->d, other, r[0].session.id, other, &p->e)),
                     -ERR_NOT_FOUND);
    GOOD(p, WRITES(p, session_revoke(p->d, id, r[0].session.id, id, &p->e)));
    assert_int_equal(WRITES(p, session_revoke(p->d, id, r[0].session.id, id, &p->e)),
                     -ERR_NOT_FOUND);
    assert_int_equal(found(p, &r[0], start), ERR_NOT_SIGNED_IN);
    assert_int_equal(found(p, &r[1], start), ERR_NONE);
    GOOD(p, WRITES(p, session_revoke_all(p->d, id, r[1].session.id, other, &p->e)));
    assert_int_equal(found(p, &r[1], start), ERR_NONE);
    assert_int_equal(found(p, &r[2], start), ERR_NOT_SIGNED_IN);
    assert_int_equal(listed(p, id), 1);
}

/* What takes an account's power away takes its sessions too. */
static void changes_of_the_account_end_its_sessions(void **state)
{
    struct place *p = place_of(state);
    struct account_row row = {.name = SLICE_LITERAL("anna"), .role = ROLE_CHILD_DIRECTOR};
    char hash[PASSWORD_HASH_SIZE];
    int64_t id = make(p, "anna", ROLE_CHILD_DIRECTOR);
    struct sign_in_result r = sign_in(p, "anna", right, SLICE_NONE, start), kept;

    row.display = SLICE_LITERAL("a new name");
    GOOD(p, WRITES(p, account_put(p->d, &row, 0, &p->arena, &id, &p->e)));
    assert_int_equal(found(p, &r, start), ERR_NONE);
    row.division = 999901001001;
    GOOD(p, WRITES(p, account_put(p->d, &row, 0, &p->arena, &id, &p->e)));
    assert_int_equal(found(p, &r, start), ERR_NOT_SIGNED_IN);

    r = sign_in(p, "anna", right, SLICE_NONE, start);
    kept = sign_in(p, "anna", right, SLICE_NONE, start);
    GOOD(p, password_hash(right, hash, &p->e));
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, false, kept.session.id, id, &p->e)));
    assert_int_equal(found(p, &r, start), ERR_NOT_SIGNED_IN);
    assert_int_equal(found(p, &kept, start), ERR_NONE);

    GOOD(p, WRITES(p, account_disable(p->d, id, 0, &p->e)));
    assert_int_equal(found(p, &kept, start), ERR_NOT_SIGNED_IN);
    GOOD(p, WRITES(p, account_enable(p->d, id, 0, &p->e)));
    assert_int_equal(found(p, &kept, start), ERR_NOT_SIGNED_IN);
}

static void a_password_that_was_changed_meanwhile_lets_nobody_in(void **state)
{
    struct place *p = place_of(state);
    struct sign_in s = {SLICE_LITERAL("anna"), right, SLICE_NONE, SLICE_LITERAL("a fingerprint"),
                        start};
    struct sign_in_finding finding;
    struct sign_in_result result;
    char hash[PASSWORD_HASH_SIZE];
    int64_t id = make(p, "anna", ROLE_CHILD_DIRECTOR);

    GOOD(p, password_hash(wrong, hash, &p->e));
    GOOD(p, sign_in_check(p->d, &s, &finding, &p->e));
    assert_true(finding.password_good);
    GOOD(p, WRITES(p, account_set_password(p->d, id, hash, true, 0, id, &p->e)));
    GOOD(p, WRITES(p, sign_in_finish(p->d, &s, &finding, &result, &p->e)));
    assert_int_equal(result.refused, ERR_SIGN_IN);
    s.password = wrong;
    GOOD(p, sign_in_check(p->d, &s, &finding, &p->e));
    GOOD(p, WRITES(p, sign_in_finish(p->d, &s, &finding, &result, &p->e)));
    assert_true(result.refused == ERR_NONE && result.must_change_password);
    assert_true(slice_is(result.session.device, "other"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_ENGINE(a_session_begins_and_is_found_by_its_token_alone),
        EACH_ENGINE(who_is_not_let_in_is_not_told_why),
        EACH_ENGINE(five_failures_lock_and_the_lock_doubles),
        EACH_ENGINE(a_leader_must_enrol_and_then_give_a_code_each_time),
        EACH_ENGINE(wrong_codes_lock_though_the_password_is_right),
        EACH_ENGINE(sessions_end_by_time),
        EACH_ENGINE(sessions_are_listed_and_revoked),
        EACH_ENGINE(changes_of_the_account_end_its_sessions),
        EACH_ENGINE(a_password_that_was_changed_meanwhile_lets_nobody_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
