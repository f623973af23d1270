/* How a masked value looks (domain.md part 6). Pure: text in, text out, no allocation. */
#ifndef HUMIAO_ACCESS_MASK_H
#define HUMIAO_ACCESS_MASK_H

#include "base/day.h"
#include "base/slice.h"

enum mask_form {
    MASK_HIDDEN,    /* nothing remains: the value is null */
    MASK_NAME,      /* 陈**, always two stars; 欧阳**; 买** of 买买提·… */
    MASK_ID_NUMBER, /* 330***********: the middle holds the birth date, the end tells the sex */
    MASK_PHONE,     /* 138****5678; a landline keeps its area code: 0579-****** */
    MASK_ADDRESS,   /* the township, the rest *** */
    MASK_AGE_BAND,  /* 0-2, 3-5, 6-11, 12-15, 16-17, 18+ */
    MASK_TOWN,      /* a 12-digit division code, cut to its town: 330782001000 */
    MASK_COUNTY,    /* 330782000000 */
    MASK_FORM_COUNT
};

/* What some forms need beside the value. */
struct mask_context {
    struct slice town; /* the residence's township, for MASK_ADDRESS; NONE: "***" alone */
    day today;         /* for MASK_AGE_BAND */
};

#define MASK_SIZE 128

/* Writes what remains of `value` (UTF-8; an identity number normalised, a birth date YYYY-MM-DD) to
 * `buffer`. Returns its length, 0 where nothing remains. What cannot be masked by its form (a name
 * that is no UTF-8, a date that is none) is hidden. Never writes more than MASK_SIZE bytes. */
size_t mask_write(enum mask_form form, struct slice value, const struct mask_context *context,
                  char buffer[MASK_SIZE]);

#endif
