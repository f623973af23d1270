/* For the tests of the audit trail: raw SQL on either engine, a trail of random rows, what verifying tells. */
#ifndef HUMIAO_TESTS_ACCESS_AUDIT_TRAIL_H
#define HUMIAO_TESTS_ACCESS_AUDIT_TRAIL_H

#include "place.h"

#include "access/audit.h"

/* Runs statements as a database administrator would; false where the database refuses them. */
bool trail_try(struct place *p, const char *sql);
void trail_sql(struct place *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One row of a trail; what is not needed is not given. */
int64_t trail_number(struct place *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* From now on it is this day: "2024-06-30". */
void trail_today(const char *on);

/* A row by this writer, in a transaction of its own. */
void trail_append(struct place *p, const char *writer, const struct audit_entry *entry);
void trail_link(struct place *p, const char *writer);
void trail_publish(struct place *p, const char *writer);

#define TRAIL_FINDINGS 64
struct trail_found {
    struct audit_finding list[TRAIL_FINDINGS];
    char writers[TRAIL_FINDINGS][64];
    size_t count;
    struct audit_figures figures;
};

/* Verifies; the result of audit_verify. */
int trail_verify(struct place *p, struct trail_found *ret);
void trail_whole(struct place *p); /* nothing is found, or the test fails */
void trail_print(const struct trail_found *f);

#endif
