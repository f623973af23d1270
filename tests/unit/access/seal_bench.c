/* What sealing costs: nanoseconds an operation, one thread, contexts reused. `seal_bench`. */
#include "access/seal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 200000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void report(enum seal_suite suite, const char *what, double began)
{
    printf("%-14s %-28s %7.0f ns\n", seal_suite_name(suite), what, (now() - began) / ROUNDS);
}

static int measure(enum seal_suite suite)
{
    ARENA_AUTO(arena);
    struct error e = {0};
    struct master_key master = {{1}};
    struct slice blob;
    struct vault *vault = NULL;
    struct sealer *s = NULL;
    if (vault_create(&master, suite, &arena, &blob, &e) < 0 ||
        vault_open(&master, blob, &vault, &e) < 0 || sealer_new(vault, &s, &e) < 0)
        return 1;
    struct seal_place place = {SLICE_LITERAL("person.address"), 1};
    uint8_t salt[SEAL_SALT_SIZE] = {0}, hash[SEAL_HASH_SIZE];
    char text[60], sealed[128], opened[128];
    size_t n = 0, plain_n = 0;
    int bad = 0;
    memset(text, 'a', sizeof text);

    double t = now();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        memcpy(salt, &i, sizeof i);
        bad |= sealer_set_subject(s, salt, &e);
    }
    report(suite, "set subject", t);
    t = now();
    for (uint32_t i = 0; i < ROUNDS; i++)
        bad |= sealer_seal(s, place, SLICE_OF(text), sealed, sizeof sealed, &n, &e);
    report(suite, "seal 60 bytes", t);
    t = now();
    for (uint32_t i = 0; i < ROUNDS; i++)
        bad |= sealer_open_into(s, place, (struct slice){sealed, n}, opened, sizeof opened,
                                &plain_n, &e);
    report(suite, "open 60 bytes", t);
    t = now();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        memcpy(salt, &i, sizeof i);
        bad |= sealer_set_subject(s, salt, &e);
        bad |= sealer_seal(s, place, SLICE_OF(text), sealed, sizeof sealed, &n, &e);
    }
    report(suite, "derive, seal 60 bytes", t);
    t = now();
    for (uint32_t i = 0; i < ROUNDS; i++)
        bad |= sealer_hash(s, HASH_ID_NUMBER, (struct slice){text, 18}, hash, &e);
    report(suite, "hash 18 bytes", t);
    t = now();
    int64_t id;
    for (uint32_t i = 0; i < ROUNDS; i++)
        bad |= sealer_random_id(s, &id, &e);
    report(suite, "random id", t);
    sealer_free(s);
    vault_close(vault);
    return bad != 0;
}

int main(void) { return measure(SUITE_INTERNATIONAL) | measure(SUITE_NATIONAL); }
