/* The guard: what an HTTP/1.1 request must look like before libmicrohttpd sees one byte of it.
 *
 * A pure parser that is fed the bytes of one connection as they come, in any pieces, and passes or
 * refuses them; it changes nothing and keeps no text. It knows one reading of a request and refuses
 * all that another program might read otherwise (RFC 9112 section 11.2): request smuggling needs two
 * readings. Chunked bodies are not taken, so that a body's end is a number that stands in the head.
 *
 *     IDLE ──byte──> HEAD ──empty line──> BODY ──last byte──> COMPLETE ──guard_answered──> IDLE
 *                      └──────── no body ────────────────────────┘
 *
 * guard_socket.h puts it between the sockets and libmicrohttpd; live.c uses it as it is. */
#ifndef HUMIAO_SERVER_GUARD_H
#define HUMIAO_SERVER_GUARD_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#define GUARD_TARGET_MAX 4096
#define GUARD_HEAD_MAX 16384
#define GUARD_HEADERS_MAX 64
#define GUARD_HEAD_TIME 10000000 /* microseconds from the first byte of a head to its end */
#define GUARD_BODY_GRACE 10000000
#define GUARD_BODY_RATE 4096 /* bytes a second, after the grace */

enum guard_refusal {
    GUARD_FINE = 0,
#define GUARD(symbol, name, status, reason, error, text) symbol,
#include "server/guard.def"
#undef GUARD
    GUARD_REFUSAL_COUNT
};

enum guard_phase { GUARD_IDLE = 0, GUARD_HEAD, GUARD_BODY, GUARD_COMPLETE, GUARD_REFUSED };

#define GUARD_WORD_MAX 24

struct guard {
    enum guard_phase phase;
    enum guard_refusal refusal;
    uint64_t body_max; /* larger bodies are refused by their Content-Length */

    /* the parser's own */
    uint8_t state, header, method;
    uint8_t word_size;
    char word[GUARD_WORD_MAX]; /* of the method, a header's name, a short value */
    uint32_t seen;             /* a bit a header that may be there once */
    uint32_t head_size, line_size, headers;
    bool padded; /* blanks came behind a value that takes none inside */
    uint64_t length, body_read;
    int64_t began, body_began; /* microseconds of a steady clock */
};

void guard_begin(struct guard *g, uint64_t body_max);

/* Takes the next bytes. GUARD_FINE, or why it refuses; after that it refuses everything. `now` is in
 * microseconds of a steady clock. */
enum guard_refusal guard_feed(struct guard *g, const void *bytes, size_t n, int64_t now);

/* The answer has left: the next request may begin. Before that any byte is a refusal. */
void guard_answered(struct guard *g);

/* When the request is late if nothing more comes; INT64_MAX while nothing is waited for. */
int64_t guard_deadline(const struct guard *g);

/* GUARD_SLOW_HEAD or GUARD_SLOW_BODY, refused from now on, when the deadline is over. */
enum guard_refusal guard_check_time(struct guard *g, int64_t now);

/* The whole answer to a refused request, a problem document with its head. Returns its size. */
#define GUARD_ANSWER_MAX 1024
size_t guard_answer(enum guard_refusal refusal, char buffer[GUARD_ANSWER_MAX]);

const char *guard_refusal_name(enum guard_refusal refusal);
int guard_refusal_status(enum guard_refusal refusal);

#endif
