/* What the tests of access/ share: a master key, a vault, a sealer. */
#ifndef HUMIAO_TESTS_ACCESS_SUPPORT_H
#define HUMIAO_TESTS_ACCESS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/seal.h"

struct bench_of_keys {
    struct arena arena;
    struct master_key master;
    struct slice blob;
    struct vault *vault;
    struct sealer *sealer;
};

static inline struct bench_of_keys keys_of(enum seal_suite suite)
{
    struct bench_of_keys k = {.arena = ARENA_EMPTY};
    struct error e = {.language = LANGUAGE_EN};
    for (size_t i = 0; i < sizeof k.master.bytes; i++)
        k.master.bytes[i] = (uint8_t)(i * 7 + 1);
    assert_int_equal(vault_create(&k.master, suite, &k.arena, &k.blob, &e), 0);
    assert_int_equal(vault_open(&k.master, k.blob, &k.vault, &e), 0);
    assert_int_equal(sealer_new(k.vault, &k.sealer, &e), 0);
    return k;
}

static inline void keys_end(struct bench_of_keys *k)
{
    k->sealer = sealer_free(k->sealer);
    k->vault = vault_close(k->vault);
    arena_end(&k->arena);
}

#endif
