/* Levels: how urgent something is, extreme to low: the table levels.def. Pure. */
#ifndef HUMIAO_CARE_LEVEL_H
#define HUMIAO_CARE_LEVEL_H

#include "base/slice.h"
#include "base/text.h"

enum level {
    LEVEL_NONE = 0,
#define LEVEL(symbol, number, name) symbol = number,
#include "care/levels.def"
#undef LEVEL
    LEVEL_COUNT
};

enum level level_parse(struct slice name); /* LEVEL_NONE: no such level */
const char *level_name(enum level level);  /* "" for LEVEL_NONE */
const char *level_label(enum level level, enum language language);

#endif
