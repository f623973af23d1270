/* What is read out of headers: languages, cookies, origins, addresses. Pure. */
#ifndef HUMIAO_SERVER_HEAD_H
#define HUMIAO_SERVER_HEAD_H

#include "base/slice.h"
#include "base/text.h"

#include <stdint.h>

/* The language that Accept-Language prefers; Chinese when it names neither. */
enum language head_language(struct slice accept);

/* Whether an Origin is http or https on the host that Host names, on any port. */
bool head_same_host(struct slice origin, struct slice host);

#endif
