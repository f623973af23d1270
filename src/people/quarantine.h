/* Quarantine: a refused row is kept as it stood, sealed, with its reason; nothing is dropped. */
#ifndef HUMIAO_PEOPLE_QUARANTINE_H
#define HUMIAO_PEOPLE_QUARANTINE_H

#include "access/subject.h"
#include "base/csv.h"

/* Where refused rows are told as they are met. `column` is the name of the column, or NULL. */
struct refusal {
    const char *file;
    uint64_t line;
    const char *column;
    const struct error *error;
};
struct refusal_sink {
    void (*tell)(void *context, const struct refusal *refusal);
    void *context;
};

/* Keeps the row inside the caller's transaction, and tells the sink when the row is safe to tell: the
 * caller may still roll back, and says so then. `ids` is the source of subject ids. */
int quarantine_keep(struct deployment *d, struct id_source *ids, int64_t delivery_id,
                    const struct csv_row *row, const char *column, const struct error *reason,
                    struct error *e);

#endif
