#include "access/totp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#define STEP_MICROSECONDS 30000000
#define TOLERANCE 1 /* steps: clocks of phones differ */

int64_t totp_step(int64_t instant) { return instant / STEP_MICROSECONDS; }

bool totp_code(struct slice secret, int64_t step, int digits, uint32_t *ret)
{
    static const uint32_t powers[] = {1000000, 10000000, 100000000};
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (digits < 6 || digits > 8 ||
        !HMAC(EVP_sha1(), secret.p, (int)secret.n, counter, sizeof(counter), mac, &n) || n != 20)
        return false;
    size_t at = mac[19] & 15;
    uint32_t truncated = (uint32_t)(mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 |
                         (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    *ret = truncated % powers[digits - 6];
    return true;
}

static bool code_parse(struct slice code, uint32_t *ret)
{
    uint32_t value = 0;
    int digits = 0;

    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] == ' ')
            continue;
        if (code.p[i] < '0' || code.p[i] > '9' || ++digits > TOTP_DIGITS)
            return false;
        value = value * 10 + (uint32_t)(code.p[i] - '0');
    }
    *ret = value;
    return digits == TOTP_DIGITS;
}

bool totp_matches(struct slice secret, struct slice code, int64_t now, int64_t last_step,
                  int64_t *ret_step)
{
    int64_t middle = totp_step(now);
    uint32_t given, right;
    bool matches = false;

    if (!code_parse(code, &given))
        return false;
    /* All steps are tried: the time does not tell which one it was. */
    for (int64_t step = middle - TOLERANCE; step <= middle + TOLERANCE; step++)
        if (totp_code(secret, step, TOTP_DIGITS, &right) &&
            CRYPTO_memcmp(&given, &right, sizeof(given)) == 0 && step > last_step && !matches) {
            matches = true;
            *ret_step = step;
        }
    return matches;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

struct slice base32_from(struct slice bytes, struct arena *arena)
{
    size_t size = (bytes.n * 8 + 4) / 5, n = 0;
    char *text = arena_take(arena, size + 1);
    uint32_t held = 0;
    int bits = 0;

    for (size_t i = 0; i < bytes.n; i++) {
        held = held << 8 | (uint8_t)bytes.p[i];
        for (bits += 8; bits >= 5; bits -= 5)
            text[n++] = alphabet[held >> (bits - 5) & 31];
        held &= (1u << bits) - 1;
    }
    if (bits > 0)
        text[n++] = alphabet[held << (5 - bits) & 31];
    return (struct slice){text, n};
}

bool base32_parse(struct slice text, struct arena *arena, struct slice *ret)
{
    char *bytes = arena_take(arena, text.n * 5 / 8 + 1);
    uint32_t held = 0;
    size_t n = 0;
    int bits = 0;

    while (text.n > 0 && text.p[text.n - 1] == '=')
        text.n--;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        const char *place = c ? strchr(alphabet, c) : NULL;
        if (!place)
            return false;
        held = held << 5 | (uint32_t)(place - alphabet);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes[n++] = (char)(held >> bits);
        }
        held &= (1u << bits) - 1;
    }
    *ret = (struct slice){bytes, n};
    return bits < 5 && held == 0;
}
