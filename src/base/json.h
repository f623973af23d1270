/* JSON out: written as it is computed, into an arena; no tree.
 *
 * Commas and quotes are the writer's business; that members have names and arrays have none is the
 * caller's. Bytes that are not UTF-8 become U+FFFD, control characters are escaped, so that what
 * comes out is JSON (RFC 8259) whatever went in. */
#ifndef HUMIAO_BASE_JSON_H
#define HUMIAO_BASE_JSON_H

#include "base/arena.h"
#include "base/day.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 32

struct json {
    struct arena *arena;
    char *p;
    size_t n, capacity;
    int depth;
    bool comma;      /* something stands before the next value */
    bool after_name; /* a member's name stands before it */
};

void json_begin(struct json *j, struct arena *arena);
struct slice json_text(const struct json *j); /* what was written, with a NUL behind it */

void json_object_begin(struct json *j); /* { */
void json_object_end(struct json *j);
void json_array_begin(struct json *j); /* [ */
void json_array_end(struct json *j);
void json_name(struct json *j, const char *name); /* plain ASCII without quotes; our own names */

void json_put_string(struct json *j, struct slice s); /* SLICE_NONE: null */
void json_put_integer(struct json *j, int64_t v);
void json_put_boolean(struct json *j, bool v);
void json_put_null(struct json *j);
void json_put_day(struct json *j, day d); /* "2024-06-30"; the two ends of time: null */

/* RFC 3339 in Asia/Shanghai with offset, to the second: "2024-06-30T08:00:00+08:00". */
void json_put_instant(struct json *j, int64_t microseconds);

/* Ids are strings in JSON, since JavaScript's numbers end at 2^53. */
void json_put_id(struct json *j, int64_t id);

/* Already JSON: copied as it is; nothing: null. */
void json_put_raw(struct json *j, struct slice text);

#endif
