/* Errors are values: a stable code, a primary text, a detail that says where, a hint that says how
 * to mend it. Functions return 0 or a negative error code and fill the error that the caller lends. */
#ifndef HUMIAO_BASE_ERROR_H
#define HUMIAO_BASE_ERROR_H

#include "base/text.h"

enum error_code {
    ERR_NONE = 0,
#define ERROR(symbol, code, http, exit, text) symbol = code,
#include "base/errors.def"
#undef ERROR
};

/* Lent by the caller, who sets only the language. Texts are cut, never overrun, and hold no
 * sensitive value: no name, number, address or narrative. */
struct error {
    enum language language;
    enum error_code code;
    char detail[512];
    char hint[256];
};

/* Sets code and detail (a printf format, translated into the error's language; NULL for none),
 * clears the hint, and returns -code. `e` may be NULL. */
int error_set(struct error *e, enum error_code code, const char *detail, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the hint: a full sentence that says how to mend it. Returns -code, for `return error_hint(…)`. */
int error_hint(struct error *e, const char *hint, ...) __attribute__((format(printf, 2, 3)));

/* Takes errno's value: ENOSPC, EDQUOT are ERR_DISK_FULL; EACCES, EPERM, EROFS ERR_PERMISSION; else
 * ERR_IO. `path` is named in the detail. */
int error_set_errno(struct error *e, int errnum, const char *path);

/* Puts the file's name before the detail, for an error of a whole file; leaves an error that names a
 * path already. Returns -code. */
int error_of_file(struct error *e, const char *path);

void error_clear(struct error *e); /* keeps the language */

const char *error_primary(const struct error *e); /* in the error's language */
int error_exit_status(enum error_code code);      /* 0 to 4, as in contracts.md */
int error_http_status(enum error_code code);

#endif
