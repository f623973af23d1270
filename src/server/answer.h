/* Answers: problem documents (RFC 9457) and the headers that every answer carries. */
#ifndef HUMIAO_SERVER_ANSWER_H
#define HUMIAO_SERVER_ANSWER_H

#include "base/json.h"
#include "server/schema.h"

/* Writes {type, title, status, code, detail, hint, request, errors}; title, detail and hint in the
 * error's language. `faults` may be NULL. An error of the product itself (5xx) tells its code and title
 * only: its detail is for the log of whoever runs it. */
void answer_problem(struct json *j, const struct error *e, const char *request_id,
                    const struct schema_faults *faults);

struct answer_header {
    const char *name, *value;
};

/* Those that every answer carries; ends with a NULL name. */
extern const struct answer_header answer_headers[];

#endif
