/* Names as they occur: surnames by their frequency, compound and many-voiced ones among them, given
 * names by sex, rare characters beyond the BMP, names with `·`, and foreign names. */
#ifndef HUMIAO_SYNTH_NAMES_H
#define HUMIAO_SYNTH_NAMES_H

#include "synth/random.h"

#define SYNTH_NAME_MAX 80 /* bytes, with the NUL */

enum synth_style { SYNTH_HAN, SYNTH_MINORITY, SYNTH_FOREIGN };

/* An index into the surnames, and the surname itself. */
size_t synth_names_surname(struct synth_random *r);
const char *synth_names_surname_text(size_t surname);

/* Writes a whole name. `surname` is used by SYNTH_HAN alone; `after` (may be NULL) by
 * SYNTH_MINORITY: the father's given name, which follows the dot. */
void synth_names_make(struct synth_random *r, enum synth_style style, size_t surname, char sex,
                      const char *after, char ret[SYNTH_NAME_MAX]);

#endif
