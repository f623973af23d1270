/* Records from memory, as a department's system pushes them: the same batch, the same decisions as of a file
 * (ingest.h), in one transaction of the caller, with an outcome for each.
 *
 * What is pushed by one department (of one division) of one feed, by one channel on one day, is one delivery, so that each record has a place (delivery and
 * running number) and single records do not leave a row each. Costs a handful of look-ups by key, whatever the
 * size of the database. */
#ifndef HUMIAO_INTAKE_PUSH_H
#define HUMIAO_INTAKE_PUSH_H

#include "care/tables.h"
#include "detect/detect.h"
#include "people/record.h"
#include "screening/edition.h"

#define PUSH_MAX 50 /* records at once */

enum push_outcome { PUSH_ACCEPTED, PUSH_DUPLICATE, PUSH_QUARANTINED, PUSH_UNLINKED, PUSH_OUTCOMES };

struct push_record {
    struct slice
        cells[RECORD_COLUMN_COUNT]; /* as text; NONE: not given. The department is the caller's */
    /* What came of it. */
    enum push_outcome outcome;
    const char *column;  /* of a refusal, in quarantine; may be NULL */
    struct error reason; /* of a refusal; its language is the caller's to set */
};

struct push {
    struct deployment *d; /* in a write transaction */
    const struct edition *edition;
    const struct care_tables *tables; /* NULL: no care */
    struct slice department;          /* whose records these are, whatever their cells say */
    int64_t division;                 /* of the account that hands them in; 0: a program */
    int64_t now;                      /* instant */
    struct arena *arena;
    const struct detect_lexicon
        *lexicon;     /* NULL: none; what is sensitive is found without names of the register */
    const char *feed; /* whose rows these are (delivery_push sets it); NULL: records as such */
    int channel;      /* enum delivery_channel; 0: CHANNEL_PUSH */
    bool unkept;      /* refused rows are the caller's to keep: none goes into quarantine */
    /* What came of it all. */
    int64_t delivery_id;
    uint64_t counts[PUSH_OUTCOMES];
    uint64_t changes;       /* of verdicts */
    const int64_t *changed; /* divisions in which something changed for care */
    size_t changed_count;
    bool everywhere; /* in too many to name */
};

/* Takes 1 to PUSH_MAX records, all of them or none. The audit row is the caller's (records.ingested, object: the
 * delivery). ERR_TOO_MANY beyond PUSH_MAX; ERR_VALUE for no department. */
int intake_push(struct push *p, struct push_record *records, size_t count, struct error *e);

#endif
