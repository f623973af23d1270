/* Several sealing keys in one vault: added, dropped, numbered; what was sealed before keys had numbers;
 * and random lives of vaults. */
#include "support.h"

#include "../base/random.h"

#include <string.h>

static const uint8_t salt[SEAL_SALT_SIZE] = {1, 2, 3};
static const struct seal_place place = {{"person.name", 11}, 42};

static struct slice from_hex(struct arena *arena, const char *hex)
{
    size_t n = strlen(hex) / 2;
    char *bytes = arena_take(arena, n);
    for (size_t i = 0; i < n; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)strtoul(digits, NULL, 16);
    }
    return (struct slice){bytes, n};
}

/* The sealer goes over to a blob. */
static void move_to(struct bench_of_keys *k, struct slice blob)
{
    struct error e = {0};
    struct vault *vault = NULL;
    assert_int_equal(vault_open(&k->master, blob, &vault, &e), 0);
    sealer_use(k->sealer, vault, NULL);
    vault_close(k->vault);
    k->vault = vault;
    k->blob = blob;
}

static uint8_t add_key(struct bench_of_keys *k, enum seal_suite suite)
{
    struct error e = {0};
    struct slice blob;
    uint8_t number = 0;
    assert_int_equal(vault_add_key(k->vault, &k->master, suite, &k->arena, &blob, &number, &e), 0);
    assert_true(blob.n <= VAULT_BLOB_MAX);
    move_to(k, blob);
    return number;
}

static void drop_key(struct bench_of_keys *k, uint8_t number)
{
    struct error e = {0};
    struct slice blob;
    assert_int_equal(vault_drop_key(k->vault, &k->master, number, &k->arena, &blob, &e), 0);
    move_to(k, blob);
}

static struct slice seal(struct bench_of_keys *k, struct slice plain)
{
    struct error e = {0};
    struct slice sealed;
    assert_int_equal(sealer_set_subject(k->sealer, salt, &e), 0);
    assert_int_equal(sealer_seal_arena(k->sealer, place, plain, &k->arena, &sealed, &e), 0);
    return sealed;
}

static int open_text(struct bench_of_keys *k, struct slice sealed, struct slice expected)
{
    struct error e = {0};
    struct slice plain;
    int r = sealer_open(k->sealer, place, sealed, &k->arena, &plain, &e);
    if (r == 0)
        assert_true(slice_equal(plain, expected));
    return r;
}

/* A blob, a value and a hash that were made by the program when a vault held one key. */
static const struct {
    enum seal_suite suite;
    const char *blob, *sealed, *hash;
} before_numbers[] = {
    {SUITE_INTERNATIONAL,
     "484d4b560101f727c5874b45890219c91cd6de4bbc360bb770461a5be5815bef8cc6f5fedb1d9fdfd6ee4cc429031"
     "41f"
     "82f11dcc67dd172023d259ed82754520265bbc7f6af8f9edc97d8e1e057e5b81fc2d76e406c1e9782eda9c9b1398a"
     "266"
     "d01125056ae91338bc1d38446e3a9d26cf5da1cd2a70055eb51d7b7d681b4a1dd57d",
     "01a56bf9a4aaa00182e205e288e358acf463b75105f1bd1d6ba352d54fad433eea2d1d5daf1d398cf1d9a321e4178"
     "816"
     "482a4b9c",
     "5cd7c5af0701099beea17c54ac6e0a73"},
    {SUITE_NATIONAL,
     "484d4b560102030b69d057bc4b78e0f18372b4b7d3b14c4a1e4e74c223da3b9d33409bcd6729ab4fb2e4919c5526c"
     "7e9"
     "d77a703a83f54010ab30cbaa12050d380239eaa03df50885bbedc209cab86ccba20aebcefaea6d8a94c86929fc568"
     "6ec"
     "fb1e4f8c45cd84f9dbd7b307a69aa015896e773fc9c122bfc0b9c3d071a4b9da7b271d9f0a3976ada04c8de134e99"
     "cba"
     "8819d5dee798",
     "01eff6e4abe62e32a0a247997a3b5d1460cca6daebba13cf1f9d29f4089596961434a91235e808897cadabdffb70b"
     "c16"
     "eb2de5035761a86ad3996b563356a92dee7fd3774800e863",
     "aac04bb4e8006d71dceac4b3a41951fc"},
};

static void test_access_vault__what_was_sealed_before_keys_had_numbers(void **state)
{
    (void)state;
    struct slice text = SLICE_LITERAL("before keys had numbers");
    for (size_t i = 0; i < 2; i++) {
        struct bench_of_keys k = keys_of(before_numbers[i].suite);
        struct error e = {0};
        struct vault_key_info keys[VAULT_KEYS_MAX];
        uint8_t hash[SEAL_HASH_SIZE];
        struct slice sealed = from_hex(&k.arena, before_numbers[i].sealed);
        /* The hashing key is another one, so the sealer must be made from this blob. */
        k.sealer = sealer_free(k.sealer);
        k.vault = vault_close(k.vault);
        k.blob = from_hex(&k.arena, before_numbers[i].blob);
        assert_int_equal(vault_open(&k.master, k.blob, &k.vault, &e), 0);
        assert_int_equal(sealer_new(k.vault, &k.sealer, &e), 0);
        assert_int_equal(vault_keys(k.vault, keys), 1);
        assert_int_equal(keys[0].number, 1);
        assert_int_equal(keys[0].suite, before_numbers[i].suite);
        assert_int_equal(sealer_set_subject(k.sealer, salt, &e), 0);
        assert_int_equal(open_text(&k, sealed, text), 0);
        for (int added = 0; added < 2; added++) { /* the second time from a blob of version 2 */
            assert_int_equal(sealer_hash(k.sealer, HASH_REF, SLICE_LITERAL("r"), hash, &e), 0);
            assert_true(slice_equal(SLICE_OF(hash), from_hex(&k.arena, before_numbers[i].hash)));
            assert_int_equal(add_key(&k, SUITE_NATIONAL), 2 + added);
            assert_int_equal(open_text(&k, sealed, text), 0);
        }
        keys_end(&k);
    }
}

static void test_access_vault__numbers(void **state)
{
    (void)state;
    struct bench_of_keys k = keys_of(SUITE_INTERNATIONAL);
    struct error e = {0};
    struct slice blob;
    uint8_t number = 77;
    for (int i = 2; i <= VAULT_KEYS_MAX; i++)
        assert_int_equal(add_key(&k, SUITE_INTERNATIONAL), i);
    assert_int_equal(
        vault_add_key(k.vault, &k.master, SUITE_NATIONAL, &k.arena, &blob, &number, &e),
        -ERR_WRONG_STATE);
    assert_int_equal(number, 77);
    assert_int_equal(vault_drop_key(k.vault, &k.master, 99, &k.arena, &blob, &e), -ERR_NOT_FOUND);
    assert_int_equal(vault_drop_key(k.vault, &k.master, VAULT_KEYS_MAX, &k.arena, &blob, &e),
                     -ERR_WRONG_STATE);
    for (uint8_t i = 2; i < VAULT_KEYS_MAX; i++)
        drop_key(&k, i);

    /* After 255 comes 1, unless it is there still. */
    struct slice first = SLICE_NONE;
    for (int i = VAULT_KEYS_MAX + 1; i <= UINT8_MAX; i++) {
        assert_int_equal(add_key(&k, SUITE_INTERNATIONAL), i);
        drop_key(&k, (uint8_t)(i - 1));
    }
    first = seal(&k, SLICE_LITERAL("text"));
    assert_int_equal((uint8_t)first.p[0], UINT8_MAX);
    assert_int_equal(add_key(&k, SUITE_INTERNATIONAL), 2);
    drop_key(&k, 1);
    assert_int_equal(add_key(&k, SUITE_NATIONAL), 3);
    drop_key(&k, 3 - 1);
    assert_int_equal(open_text(&k, first, SLICE_LITERAL("text")), 0);
    keys_end(&k);
}

/* Keys come and go; each value is kept with its text. What is there opens, under whatever suite it was
 * sealed; what is gone does not; and under another number nothing opens. */
static void test_access_vault__random_lives(void **state)
{
    enum { STEPS = 400, VALUES = 200 };
    uint64_t r = *(const uint64_t *)*state;
    struct bench_of_keys k = keys_of(SUITE_INTERNATIONAL);
    struct slice sealed[VALUES], text[VALUES];
    bool there[UINT8_MAX + 1] = {[1] = true};
    uint8_t numbers[UINT8_MAX + 1] = {1};
    size_t count = 0, keys = 1;
    for (int step = 0; step < STEPS; step++) {
        unsigned what = random_below(&r, 10);
        if (what == 0 && keys < VAULT_KEYS_MAX) {
            uint8_t added = add_key(&k, random_below(&r, 2) ? SUITE_NATIONAL : SUITE_INTERNATIONAL);
            assert_false(there[added]);
            there[added] = true;
            numbers[keys++] = added;
        } else if (what == 1 && keys > 1) {
            size_t victim = random_below(&r, (unsigned)keys - 1);
            drop_key(&k, numbers[victim]);
            there[numbers[victim]] = false;
            memmove(numbers + victim, numbers + victim + 1, --keys - victim);
        } else {
            size_t at = count < VALUES ? count++ : random_below(&r, VALUES);
            size_t n = random_below(&r, 100);
            char *bytes = arena_take(&k.arena, n + 1);
            for (size_t i = 0; i < n; i++)
                bytes[i] = (char)random_next(&r);
            text[at] = (struct slice){bytes, n};
            sealed[at] = seal(&k, text[at]);
            assert_int_equal((uint8_t)sealed[at].p[0], numbers[keys - 1]);
        }
        if (count == 0)
            continue;
        size_t at = random_below(&r, (unsigned)count);
        uint8_t number = (uint8_t)sealed[at].p[0], other = (uint8_t)(1 + random_below(&r, 255));
        assert_int_equal(open_text(&k, sealed[at], text[at]), there[number] ? 0 : -ERR_KEY_UNKNOWN);
        if (other == number)
            continue;
        ((char *)sealed[at].p)[0] = (char)other;
        assert_int_equal(open_text(&k, sealed[at], text[at]),
                         there[other] ? -ERR_SEAL_BROKEN : -ERR_KEY_UNKNOWN);
        ((char *)sealed[at].p)[0] = (char)number;
    }
    keys_end(&k);
}

struct asked {
    struct bench_of_keys *k;
    struct vault *fresh;
    int times, result;
};

static int give_vault(void *context, struct error *e)
{
    struct asked *a = context;
    a->times++;
    if (a->result < 0)
        return error_set(e, -a->result, NULL);
    sealer_use(a->k->sealer, a->fresh, a->k->vault);
    return 0;
}

static void test_access_vault__a_sealer_asks_for_an_unknown_key(void **state)
{
    (void)state;
    struct bench_of_keys k = keys_of(SUITE_INTERNATIONAL), later = keys_of(SUITE_INTERNATIONAL);
    struct error e = {0};
    struct asked asked = {.k = &k, .result = -ERR_DATABASE};
    struct slice old = seal(&k, SLICE_LITERAL("old"));
    vault_close(later.vault);
    later.vault = vault_share(k.vault);
    sealer_use(later.sealer, later.vault, NULL);
    add_key(&later, SUITE_NATIONAL);
    drop_key(&later, 1);
    struct slice fresh = seal(&later, SLICE_LITERAL("new"));

    assert_int_equal(open_text(&k, fresh, SLICE_LITERAL("new")), -ERR_KEY_UNKNOWN);
    sealer_on_unknown(k.sealer, give_vault, &asked);
    assert_int_equal(open_text(&k, fresh, SLICE_LITERAL("new")), -ERR_DATABASE);
    asked.result = 0;
    asked.fresh = k.vault;
    assert_int_equal(open_text(&k, fresh, SLICE_LITERAL("new")), -ERR_KEY_UNKNOWN);
    assert_int_equal(vault_open(&k.master, later.blob, &asked.fresh, &e), 0);
    assert_int_equal(open_text(&k, fresh, SLICE_LITERAL("new")), 0);
    assert_int_equal(asked.times, 3);
    /* What stands in an older view of the database opens, under the vault before. */
    assert_int_equal(open_text(&k, old, SLICE_LITERAL("old")), 0);
    assert_int_equal(asked.times, 3);
    assert_int_equal((uint8_t)seal(&k, SLICE_LITERAL("x")).p[0], 2);
    sealer_use(k.sealer, k.vault, NULL);
    vault_close(asked.fresh);
    keys_end(&later);
    keys_end(&k);
}

static void test_access_vault__altered_blobs(void **state)
{
    (void)state;
    struct bench_of_keys k = keys_of(SUITE_NATIONAL);
    struct error e = {0};
    struct vault *none = NULL;
    add_key(&k, SUITE_INTERNATIONAL);
    add_key(&k, SUITE_NATIONAL);
    char *bytes = (char *)k.blob.p;
    for (size_t i = 0; i < k.blob.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (char)(1 << bit);
            int r = vault_open(&k.master, k.blob, &none, &e);
            /* Salt, key check and suite look like another master key. */
            assert_true(r == -ERR_SEAL_BROKEN ||
                        (r == -ERR_KEY_WRONG && ((i >= 6 && i < 38) || i == 5)));
            bytes[i] ^= (char)(1 << bit);
        }
    for (size_t n = 0; n < k.blob.n; n++)
        assert_int_equal(vault_open(&k.master, (struct slice){k.blob.p, n}, &none, &e),
                         -ERR_SEAL_BROKEN);
    assert_null(none);
    keys_end(&k);
}

int main(void)
{
    uint64_t seed = random_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_access_vault__what_was_sealed_before_keys_had_numbers),
        cmocka_unit_test(test_access_vault__numbers),
        cmocka_unit_test_prestate(test_access_vault__random_lives, &seed),
        cmocka_unit_test(test_access_vault__a_sealer_asks_for_an_unknown_key),
        cmocka_unit_test(test_access_vault__altered_blobs),
    };
    return cmocka_run_group_tests_name("access_vault", tests, NULL, NULL);
}
