/* One-time codes by the clock (RFC 6238 over RFC 4226: SHA-1, steps of 30 s, 6 digits), and base32
 * (RFC 4648) for the secret. Pure functions. */
#ifndef HUMIAO_ACCESS_TOTP_H
#define HUMIAO_ACCESS_TOTP_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

#define TOTP_SECRET_SIZE 20
#define TOTP_DIGITS 6

/* The step of an instant (microseconds since 1970). */
int64_t totp_step(int64_t instant);

/* The code of that step, of 6 to 8 digits. False when the cryptographic library refuses. */
bool totp_code(struct slice secret, int64_t step, int digits, uint32_t *ret);

/* Whether `code` (6 digits, blanks between them pass) is that of the step of `now`, the one before or
 * the one after, and later than `last_step`: no step is taken twice. */
bool totp_matches(struct slice secret, struct slice code, int64_t now, int64_t last_step,
                  int64_t *ret_step);

/* Without padding, as authenticators want it. In the arena. */
struct slice base32_from(struct slice bytes, struct arena *arena);

/* Small letters and blanks pass, padding at the end too; false for anything else. */
bool base32_parse(struct slice text, struct arena *arena, struct slice *ret);

#endif
