/* Inside access/: random bytes by way of a buffer of one page, which the kernel empties in a child
 * process, so that two processes never use the same bytes. */
#ifndef HUMIAO_ACCESS_RANDOM_H
#define HUMIAO_ACCESS_RANDOM_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct random_page;

struct random_page *random_page_new(struct error *e);
struct random_page *random_page_free(struct random_page *page); /* takes NULL, returns NULL */
int random_take(struct random_page *page, void *ret, size_t n, struct error *e);

#endif
