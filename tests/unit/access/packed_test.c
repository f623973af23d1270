/* Texts packed and read back: whole, damaged, and of an older edition. */
#include "access/packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static struct slice run_of(size_t n, struct arena *arena)
{
    char *p = arena_take(arena, n + 1);

    memset(p, 'x', n);
    return (struct slice){p, n};
}

static void read_back(void **state)
{
    static const size_t sizes[] = {0, 1, 65534, 65535, 65536, 200000};

    for (size_t i = 0; i < 6; i++) {
        ARENA_AUTO(arena);
        struct slice texts[] = {SLICE_LITERAL("before"), run_of(sizes[i], &arena),
                                SLICE_LITERAL("behind")};
        struct slice again[4];
        assert_true(packed_read(packed_from(texts, 3, &arena), again, 4));
        for (int j = 0; j < 3; j++)
            assert_true(slice_equal(texts[j], again[j]));
        assert_int_equal(again[3].n, 0);
    }
}

static void damaged(void **state)
{
    ARENA_AUTO(arena);
    struct slice texts[] = {SLICE_LITERAL("a"), run_of(70000, &arena)}, again[2];
    struct slice whole = packed_from(texts, 2, &arena);

    /* Beyond that a cut long text looks like one of an older edition; what is sealed cannot be cut. */
    for (size_t n = 4; n < 65535; n += 997)
        assert_false(packed_read((struct slice){whole.p, n}, again, 2));
}

/* Texts were cut at 65,535 bytes once: they still open. */
static void of_an_older_edition(void **state)
{
    ARENA_AUTO(arena);
    char *bytes = arena_take(&arena, 2 + 65535);
    struct slice again[1];

    memset(bytes, 'x', 2 + 65535);
    memset(bytes, 0xFF, 2);
    assert_true(packed_read((struct slice){bytes, 2 + 65535}, again, 1));
    assert_int_equal(again[0].n, 65535);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(read_back), cmocka_unit_test(damaged),
                                       cmocka_unit_test(of_an_older_edition)};

    return cmocka_run_group_tests_name("access_packed", tests, NULL, NULL);
}
