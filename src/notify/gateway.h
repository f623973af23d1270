/* The county's message platform (SMS, a work messenger): one HTTP POST a notice, by libcurl.
 *
 *     POST URL
 *     Authorization: Bearer TOKEN
 *     Content-Type: application/json
 *
 *     {"id": "…", "to": "19400000000", "text": "护苗：您有新的事项，请登录查看。"}
 *
 * The text is the same whatever it is about (PR-06). Any 2xx answer means that it was taken. Redirects are not
 * followed, and only the given URL is ever called: over https, or over http to this machine. */
#ifndef HUMIAO_NOTIFY_GATEWAY_H
#define HUMIAO_NOTIFY_GATEWAY_H

#include "base/error.h"
#include "base/slice.h"

#include <stdint.h>

struct gateway;

/* `token` may be NULL. ERR_USAGE for a URL that is none of the two kinds. One thread uses a gateway. */
int gateway_open(const char *url, const char *token, struct gateway **ret, struct error *e);
struct gateway *gateway_close(struct gateway *g); /* takes NULL, returns NULL */

/* Waits at most ten seconds. Returns 0 when it was taken; else the class of the failure, a word that says
 * nothing of the notice: "unreachable", "refused" (a 4xx), "failing" (any other answer). */
const char *gateway_send(struct gateway *g, int64_t notice_id, const char *phone);

#endif
