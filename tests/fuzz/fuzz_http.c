/* The guard over any bytes. The first byte says in which pieces the rest comes; whole or in pieces the
 * verdict is the same, and what is passed as complete reads in one way only. */
#include "server/guard.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

#define BODY_MAX 65536

static struct guard fed(const uint8_t *p, size_t n, size_t piece)
{
    struct guard g;
    guard_begin(&g, BODY_MAX);
    for (size_t at = 0; at < n; at += piece) {
        size_t here = piece < n - at ? piece : n - at;
        guard_feed(&g, p + at, here, 1);
    }
    return g;
}

static size_t count(const uint8_t *p, size_t n, char c)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += p[i] == (uint8_t)c;
    return found;
}

/* What every reader of HTTP would agree to. */
static void check_complete(const uint8_t *p, size_t n)
{
    const uint8_t *end = memmem(p, n, "\r\n\r\n", 4);
    MUST(end);
    size_t head = (size_t)(end - p) + 4;
    MUST(head <= GUARD_HEAD_MAX);
    MUST(!memchr(p, 0, head));
    MUST(count(p, head, '\r') == count(p, head, '\n'));
    for (size_t i = 0; i < head; i++)
        MUST(p[i] != '\n' || p[i - 1] == '\r');
    const uint8_t *line = memchr(p, '\n', head);
    MUST(line - p >= 15 && memcmp(line - 10, " HTTP/1.1\r", 10) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t piece = 1 + data[0] % 32, n = size - 1;
    const uint8_t *p = data + 1;
    struct guard whole = fed(p, n, n), pieces = fed(p, n, piece);
    MUST(whole.phase == pieces.phase && whole.refusal == pieces.refusal);
    MUST(whole.body_read == pieces.body_read && whole.head_size == pieces.head_size);
    MUST((whole.phase == GUARD_REFUSED) == (whole.refusal != GUARD_FINE));
    if (whole.phase == GUARD_COMPLETE) {
        check_complete(p, n);
        MUST(whole.head_size + whole.body_read == n);
    }
    if (whole.phase == GUARD_REFUSED) {
        char answer[GUARD_ANSWER_MAX];
        MUST(guard_answer(whole.refusal, answer) < sizeof(answer));
    }
    return 0;
}
