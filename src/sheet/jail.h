/* The jail of the reader's child. Of this room only. */
#ifndef HUMIAO_SHEET_JAIL_H
#define HUMIAO_SHEET_JAIL_H

#include "base/error.h"

#include <stdint.h>

/* From here on this process may read its standard input and write its standard output, take memory up to
 * `memory` bytes and processor time up to `seconds`, and end. Whatever else it asks of the kernel kills it. There is no way
 * back. ERR_INTERNAL when the kernel does not give it: then nothing must be read. */
int jail_enter(uint64_t memory, unsigned seconds, struct error *e);

#endif
