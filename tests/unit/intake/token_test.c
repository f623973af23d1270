/* Bearer tokens of departments' systems: told once, bound to one feed, ended. */
#include "../people/cast.h"

#include "intake/coverage.h"

#include <string.h>

static const struct feed *feed_named(struct scene *s, const char *name)
{
    struct feed_library l;

    OK(s, feed_library_read(s->d, &s->arena, &l, &s->e));
    const struct feed *f = feed_library_find(&l, slice_from(name));
    assert_non_null(f);
    return f;
}

static struct slice make(struct scene *s, const struct feed *f, int64_t now, int64_t *ret_id)
{
    struct slice token;
    int rc;

    CAST_WRITE(s, rc, feed_token_make(s->d, f, 0, now, &s->arena, ret_id, &token, &s->e));
    OK(s, rc);
    return token;
}

static void told_once(void **state)
{
    struct scene *s = cast_of(state);
    struct slice token, other;
    struct feed_token found, *list;
    size_t count;
    int64_t id, second;
    int rc;

    token = make(s, feed_named(s, "prison-admissions"), CAST_NOW, &id);
    other = make(s, feed_named(s, "deaths"), CAST_NOW, &second);
    assert_int_equal(token.n, 47);
    assert_memory_equal(token.p, "hmf_", 4);
    assert_false(slice_equal(token, other));
    OK(s, feed_token_find(s->d, token, &s->arena, &found, &s->e));
    assert_int_equal(found.id, id);
    assert_true(slice_is(found.feed, "prison-admissions"));
    assert_true(slice_is(found.department, "justice"));
    assert_int_equal(found.used_at, 0);
    CAST_WRITE(s, rc, feed_token_used(s->d, id, CAST_NOW, &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, feed_token_used(s->d, id, CAST_NOW + 1000000, &s->e)); /* within the minute */
    OK(s, rc);
    OK(s, feed_token_list(s->d, &s->arena, &list, &count, &s->e));
    assert_int_equal(count, 2);
    assert_int_equal(list[1].used_at, CAST_NOW);
    /* Nothing of the token itself is kept. */
    assert_int_equal(
        scene_count(s, "SELECT count(*) FROM feed_token WHERE length(token_hash) = 16"), 2);
    assert_int_equal(
        scene_count(s, "SELECT count(*) FROM audit WHERE event = 110 AND detail <> ''"), 2);
}

static void nobodys(void **state)
{
    struct scene *s = cast_of(state);
    struct feed_token found;
    int64_t id;
    int rc;
    struct slice token = make(s, feed_named(s, "deaths"), CAST_NOW, &id);
    char *wrong = arena_string(&s->arena, token);

    wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
    assert_int_equal(feed_token_find(s->d, slice_from(wrong), &s->arena, &found, &s->e),
                     -ERR_NOT_SIGNED_IN);
    assert_int_equal(feed_token_find(s->d, SLICE_NONE, &s->arena, &found, &s->e),
                     -ERR_NOT_SIGNED_IN);
    assert_int_equal(feed_token_find(s->d, SLICE_LITERAL("hmf_"), &s->arena, &found, &s->e),
                     -ERR_NOT_SIGNED_IN);
    CAST_WRITE(s, rc, feed_token_end(s->d, id, 0, CAST_NOW, &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, feed_token_end(s->d, id, 0, CAST_NOW, &s->e)); /* again is no error */
    OK(s, rc);
    assert_int_equal(feed_token_find(s->d, token, &s->arena, &found, &s->e), -ERR_NOT_SIGNED_IN);
    CAST_WRITE(s, rc, feed_token_used(s->d, id, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_NOT_SIGNED_IN);
    CAST_WRITE(s, rc, feed_token_end(s->d, 12345, 0, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_NOT_FOUND);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM audit WHERE event = 111"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(told_once), EACH(nobodys)};

    return cmocka_run_group_tests_name("feed tokens", tests, NULL, NULL);
}
