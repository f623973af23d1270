/* What the detector is to know again: the names of everybody in the register, and of its
 * divisions. */
#ifndef HUMIAO_SERVER_LEXICON_H
#define HUMIAO_SERVER_LEXICON_H

#include "access/deployment.h"
#include "detect/detect.h"
#include "people/division.h"

/* Reads and opens every name. ERR_DATABASE, ERR_SEAL_BROKEN, ERR_MEMORY. Ended by
 * detect_lexicon_free. */
int lexicon_read(struct deployment *d, const struct division_tree *divisions,
                 struct detect_lexicon **ret, struct error *e);

#endif
