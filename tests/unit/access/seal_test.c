/* Sealing: both suites, round trips, and everything that must not open. */
#include "support.h"

#include "access/cipher.h"

#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint8_t salt_one[SEAL_SALT_SIZE] = {1, 2, 3};
static const uint8_t salt_two[SEAL_SALT_SIZE] = {1, 2, 4};
static const struct seal_place place = {{"person.name", 11}, 42};

static enum seal_suite suite_of(void **state) { return *(const enum seal_suite *)*state; }

static void test_access_seal__what_was_sealed_opens(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    assert_int_equal(sealer_set_subject(k.sealer, salt_one, &e), 0);
    for (size_t n = 0; n < 300; n += n < 70 ? 1 : 37) {
        char plain[300];
        memset(plain, (int)n, sizeof plain);
        struct slice sealed, opened;
        assert_int_equal(
            sealer_seal_arena(k.sealer, place, (struct slice){plain, n}, &k.arena, &sealed, &e), 0);
        assert_int_equal(sealed.n, seal_size(suite_of(state), n));
        assert_true(sealed.n <= n + SEAL_OVERHEAD_MAX);
        assert_int_equal(sealer_open(k.sealer, place, sealed, &k.arena, &opened, &e), 0);
        assert_int_equal(opened.n, n);
        assert_memory_equal(opened.p, plain, n);
        assert_int_equal(opened.p[n], '\0');
    }
    keys_end(&k);
}

static void test_access_seal__two_seals_of_one_text_differ(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    struct slice a, b;
    assert_int_equal(sealer_set_subject(k.sealer, salt_one, &e), 0);
    assert_int_equal(sealer_seal_arena(k.sealer, place, SLICE_LITERAL("text"), &k.arena, &a, &e),
                     0);
    assert_int_equal(sealer_seal_arena(k.sealer, place, SLICE_LITERAL("text"), &k.arena, &b, &e),
                     0);
    assert_false(slice_equal(a, b));
    keys_end(&k);
}

static void test_access_seal__every_altered_bit_is_seen(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    struct slice sealed, opened;
    assert_int_equal(sealer_set_subject(k.sealer, salt_one, &e), 0);
    assert_int_equal(
        sealer_seal_arena(k.sealer, place, SLICE_LITERAL("a narrative"), &k.arena, &sealed, &e), 0);
    char *bytes = (char *)sealed.p;
    for (size_t bit = 0; bit < sealed.n * 8; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        char buffer[128];
        size_t n = 77;
        memset(buffer, 0, sizeof buffer);
        /* In the first byte stands the number of the key: altered, it is 0 or one that is not there. */
        int r = sealer_open_into(k.sealer, place, sealed, buffer, sizeof buffer, &n, &e);
        assert_int_equal(r, bit / 8 == 0 && bytes[0] ? -ERR_KEY_UNKNOWN : -ERR_SEAL_BROKEN);
        assert_int_equal(n,
                         77); /* nothing is returned, and nothing of the plain text left behind */
        assert_null(memmem(buffer, sizeof buffer, "narrative", 9));
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t cut = 0; cut < sealed.n; cut++)
        assert_int_equal(
            sealer_open(k.sealer, place, (struct slice){sealed.p, cut}, &k.arena, &opened, &e),
            -ERR_SEAL_BROKEN);
    assert_int_equal(sealer_open(k.sealer, place, sealed, &k.arena, &opened, &e), 0);
    keys_end(&k);
}

static void test_access_seal__elsewhere_it_does_not_open(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    struct slice sealed, opened;
    assert_int_equal(sealer_set_subject(k.sealer, salt_one, &e), 0);
    assert_int_equal(
        sealer_seal_arena(k.sealer, place, SLICE_LITERAL("text"), &k.arena, &sealed, &e), 0);
    const struct seal_place elsewhere[] = {
        {SLICE_LITERAL("person.name"), 43},
        {SLICE_LITERAL("person.name"), -42},
        {SLICE_LITERAL("person.nam"), 42},
        {SLICE_LITERAL("person.phone"), 42},
    };
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        assert_int_equal(sealer_open(k.sealer, elsewhere[i], sealed, &k.arena, &opened, &e),
                         -ERR_SEAL_BROKEN);

    /* Another person, which is also what is left when the salt was dropped. */
    assert_int_equal(sealer_set_subject(k.sealer, salt_two, &e), 0);
    assert_int_equal(sealer_open(k.sealer, place, sealed, &k.arena, &opened, &e), -ERR_SEAL_BROKEN);
    assert_int_equal(sealer_set_subject(k.sealer, salt_one, &e), 0);
    assert_int_equal(sealer_open(k.sealer, place, sealed, &k.arena, &opened, &e), 0);

    /* Another deployment with the same master key and salt. */
    struct bench_of_keys other = keys_of(suite_of(state));
    assert_int_equal(sealer_set_subject(other.sealer, salt_one, &e), 0);
    assert_int_equal(sealer_open(other.sealer, place, sealed, &k.arena, &opened, &e),
                     -ERR_SEAL_BROKEN);
    keys_end(&other);
    keys_end(&k);
}

static void test_access_seal__misuse_is_refused(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    char small[40];
    size_t n;
    struct slice text = SLICE_LITERAL("text"), sealed;
    assert_int_equal(sealer_seal_arena(k.sealer, place, text, &k.arena, &sealed, &e),
                     -ERR_INTERNAL); /* no subject */
    assert_int_equal(sealer_set_subject(k.sealer, salt_one, &e), 0);
    struct seal_place nowhere = {SLICE_LITERAL(""), 1};
    assert_int_equal(sealer_seal_arena(k.sealer, nowhere, text, &k.arena, &sealed, &e),
                     -ERR_INTERNAL);
    char long_name[SEAL_COLUMN_MAX + 1] = {0};
    struct seal_place too_long = {SLICE_OF(long_name), 1};
    assert_int_equal(sealer_seal_arena(k.sealer, too_long, text, &k.arena, &sealed, &e),
                     -ERR_INTERNAL);
    assert_int_equal(
        sealer_seal(k.sealer, place, text, small, sealer_size(k.sealer, 4) - 1, &n, &e),
        -ERR_INTERNAL);
    struct slice huge = {small, (size_t)SEAL_PLAIN_MAX + 1};
    assert_int_equal(sealer_seal_arena(k.sealer, place, huge, &k.arena, &sealed, &e),
                     -ERR_TOO_LONG);
    keys_end(&k);
}

static void test_access_seal__hashes_are_apart(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    uint8_t seen[HASH_USE_COUNT + 3][SEAL_HASH_SIZE];
    size_t n = 0;
    struct slice text = SLICE_LITERAL("999999201503010016");
    for (int use = HASH_NONE + 1; use < HASH_USE_COUNT; use++)
        assert_int_equal(sealer_hash(k.sealer, (enum hash_use)use, text, seen[n++], &e), 0);
    struct slice one[] = {SLICE_LITERAL("ab"), SLICE_LITERAL("c")};
    struct slice two[] = {SLICE_LITERAL("a"), SLICE_LITERAL("bc")};
    assert_int_equal(sealer_hash_parts(k.sealer, HASH_RECORD_KEY, one, 2, seen[n++], &e), 0);
    assert_int_equal(sealer_hash_parts(k.sealer, HASH_RECORD_KEY, two, 2, seen[n++], &e), 0);
    assert_int_equal(sealer_hash(k.sealer, HASH_RECORD_KEY, SLICE_LITERAL("abc"), seen[n++], &e),
                     0);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(seen[i], seen[j], SEAL_HASH_SIZE);

    /* The same in every sealer of the vault, whatever subject is set, and after opening again. */
    struct vault *again;
    struct sealer *other;
    uint8_t hash[SEAL_HASH_SIZE];
    assert_int_equal(vault_open(&k.master, k.blob, &again, &e), 0);
    assert_int_equal(sealer_new(again, &other, &e), 0);
    assert_int_equal(sealer_set_subject(other, salt_two, &e), 0);
    assert_int_equal(sealer_hash(other, HASH_REF, text, hash, &e), 0);
    assert_memory_equal(hash, seen[0], SEAL_HASH_SIZE);
    assert_int_equal(sealer_hash_parts(other, HASH_REF, &text, 1, hash, &e), 0);
    assert_memory_equal(hash, seen[0], SEAL_HASH_SIZE);
    assert_int_equal(sealer_hash(other, HASH_NONE, text, hash, &e), -ERR_INTERNAL);
    sealer_free(other);
    vault_close(again);
    keys_end(&k);
}

struct worker {
    const struct vault *vault;
    int number, failures;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    struct sealer *s = NULL;
    struct error e = {0};
    w->failures = sealer_new(w->vault, &s, &e) < 0;
    for (int i = 0; i < 2000 && !w->failures; i++) {
        uint8_t salt[SEAL_SALT_SIZE] = {(uint8_t)w->number, (uint8_t)(i / 3)};
        char plain[32], sealed[96], opened[96];
        size_t n = (size_t)(i % 32), sealed_n = 0, opened_n = 0;
        memset(plain, i, sizeof plain);
        w->failures += sealer_set_subject(s, salt, &e) < 0;
        w->failures += sealer_seal(s, place, (struct slice){plain, n}, sealed, sizeof sealed,
                                   &sealed_n, &e) < 0;
        w->failures += sealer_open_into(s, place, (struct slice){sealed, sealed_n}, opened,
                                        sizeof opened, &opened_n, &e) < 0;
        w->failures += opened_n != n || memcmp(opened, plain, n) != 0;
    }
    sealer_free(s);
    return NULL;
}

static void test_access_seal__threads_share_a_vault(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    pthread_t threads[4];
    struct worker workers[4];
    for (int i = 0; i < 4; i++) {
        workers[i] = (struct worker){k.vault, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(workers[i].failures, 0);
    }
    keys_end(&k);
}

static void test_access_seal__a_child_process_has_other_random_bytes(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    uint8_t first[8], mine[32], child[32];
    int ends[2];
    assert_int_equal(sealer_random(k.sealer, first, sizeof first, &e),
                     0); /* the buffer is full now */
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int bad = sealer_random(k.sealer, child, sizeof child, &e) < 0 ||
                  write(ends[1], child, sizeof child) != sizeof child;
        _exit(bad);
    }
    int status = 1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], child, sizeof child), sizeof child);
    assert_int_equal(sealer_random(k.sealer, mine, sizeof mine, &e), 0);
    assert_memory_not_equal(mine, child, sizeof mine);
    close(ends[0]);
    close(ends[1]);
    keys_end(&k);
}

static void test_access_seal__random_ids_are_positive_and_differ(void **state)
{
    struct bench_of_keys k = keys_of(suite_of(state));
    struct error e = {0};
    int64_t last = 0, id = 0;
    uint8_t large[10000], zero[64] = {0};
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(sealer_random_id(k.sealer, &id, &e), 0);
        assert_true(id > 0 && id != last);
        last = id;
    }
    memset(large, 0, sizeof large);
    assert_int_equal(sealer_random(k.sealer, large, sizeof large, &e), 0);
    assert_memory_not_equal(large + sizeof large - sizeof zero, zero, sizeof zero);
    keys_end(&k);
}

/* Known answers: that the primitives which OpenSSL gives us are those of the standards. */

static void expect_mac(enum seal_suite suite, const void *key, size_t key_n, struct slice text,
                       const char *hex)
{
    struct mac mac;
    struct error e = {0};
    uint8_t got[CIPHER_MAC_SIZE];
    assert_int_equal(mac_new(suite, &mac, &e), 0);
    assert_int_equal(mac_set_key(&mac, key, key_n, &e), 0);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(mac_of(&mac, &text, 1, got, &e), 0);
        for (size_t i = 0; i < sizeof got; i++) {
            char digits[3];
            snprintf(digits, sizeof digits, "%02x", got[i]);
            assert_memory_equal(digits, hex + 2 * i, 2);
        }
    }
    mac_free(&mac);
}

static void test_access_cipher__hmac_known_answers(void **state)
{
    (void)state;
    /* RFC 4231, test case 2. */
    expect_mac(SUITE_INTERNATIONAL, "Jefe", 4, SLICE_LITERAL("what do ya want for nothing?"),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    /* HMAC-SM3, the second example of GM/T 0042. */
    uint8_t key[37];
    char text[50];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(i + 1);
    memset(text, 0xCD, sizeof text);
    expect_mac(SUITE_NATIONAL, key, sizeof key, SLICE_OF(text),
               "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae");
}

static void test_access_cipher__sm4_known_answer(void **state)
{
    (void)state;
    /* GB/T 32907-2016, appendix A.1: one block; as a counter block it is the key stream. */
    static const uint8_t block[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
                                      0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10};
    static const uint8_t answer[16] = {0x68, 0x1E, 0xDF, 0x34, 0xD2, 0x06, 0x96, 0x5E,
                                       0x86, 0xB3, 0xE9, 0x4F, 0x53, 0x6E, 0x42, 0x46};
    struct aead aead;
    struct error e = {0};
    uint8_t buffer[16 + 16 + 32];
    char zero[16] = {0};
    assert_int_equal(aead_new(SUITE_NATIONAL, &aead, &e), 0);
    memcpy(aead.key, block, sizeof block);
    memcpy(buffer, block, sizeof block);
    assert_int_equal(mac_set_key(&aead.tag, block, sizeof block, &e), 0);
    assert_int_equal(aead_seal(&aead, SLICE_LITERAL("place"), SLICE_OF(zero), buffer, &e), 0);
    assert_memory_equal(buffer + 16, answer, sizeof answer);
    aead_free(&aead);
}

static void test_access_cipher__aes_gcm_known_answer(void **state)
{
    (void)state;
    /* The GCM specification's test case 14: key, nonce and one block of zeros, no associated data. */
    static const uint8_t answer[32] = {0xCE, 0xA7, 0x40, 0x3D, 0x4D, 0x60, 0x6B, 0x6E,
                                       0x07, 0x4E, 0xC5, 0xD3, 0xBA, 0xF3, 0x9D, 0x18,
                                       0xD0, 0xD1, 0xC8, 0xA7, 0x99, 0x99, 0x6B, 0xF0,
                                       0x26, 0x5B, 0x98, 0xB5, 0xD4, 0x8A, 0xB9, 0x19};
    struct aead aead;
    struct error e = {0};
    uint8_t buffer[12 + 16 + 16] = {0};
    char zero[16] = {0};
    assert_int_equal(aead_new(SUITE_INTERNATIONAL, &aead, &e), 0);
    assert_int_equal(aead_seal(&aead, SLICE_LITERAL(""), SLICE_OF(zero), buffer, &e), 0);
    assert_memory_equal(buffer + 12, answer, sizeof answer);
    aead_free(&aead);
}

static enum seal_suite international = SUITE_INTERNATIONAL, national = SUITE_NATIONAL;

#define BOTH_SUITES(name)                                       \
    {#name ".international", name, NULL, NULL, &international}, \
    {                                                           \
#name ".national", name, NULL, NULL, &national          \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH_SUITES(test_access_seal__what_was_sealed_opens),
        BOTH_SUITES(test_access_seal__two_seals_of_one_text_differ),
        BOTH_SUITES(test_access_seal__every_altered_bit_is_seen),
        BOTH_SUITES(test_access_seal__elsewhere_it_does_not_open),
        BOTH_SUITES(test_access_seal__misuse_is_refused),
        BOTH_SUITES(test_access_seal__hashes_are_apart),
        BOTH_SUITES(test_access_seal__threads_share_a_vault),
        BOTH_SUITES(test_access_seal__a_child_process_has_other_random_bytes),
        BOTH_SUITES(test_access_seal__random_ids_are_positive_and_differ),
        cmocka_unit_test(test_access_cipher__hmac_known_answers),
        cmocka_unit_test(test_access_cipher__sm4_known_answer),
        cmocka_unit_test(test_access_cipher__aes_gcm_known_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
