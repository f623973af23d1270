/* At most 50 records on their way into the store, in one transaction. Of this room only. */
#ifndef HUMIAO_INTAKE_BATCH_H
#define HUMIAO_INTAKE_BATCH_H

#include "access/deployment.h"
#include "detect/detect.h"
#include "people/quarantine.h"
#include "people/record.h"

#define BATCH_MAX 50

enum batch_outcome {
    OUTCOME_ACCEPTED,
    OUTCOME_DUPLICATE,
    OUTCOME_QUARANTINED,
    OUTCOME_UNLINKED,
    OUTCOME_WITH_ROW, /* a record of a row that was refused for another of its records: not counted */
    OUTCOME_COUNT
};

struct batch_row {
    struct csv_row csv; /* raw is in the arena; cells are not kept */
    struct record record;
    size_t
        siblings; /* how many rows of the batch behind this one are records of the same row of the file */
    bool refused;
    struct quarantine_cell cell; /* of a refusal */
    struct error reason;
    uint8_t key_hash[SEAL_HASH_SIZE], id_hash[SEAL_HASH_SIZE], content_hash[SEAL_HASH_SIZE];
    enum batch_outcome outcome;
};

/* A version of a record, stored before or by this batch. */
struct batch_version {
    int64_t id, subject_id;
    uint8_t key_hash[SEAL_HASH_SIZE], content_hash[SEAL_HASH_SIZE];
    struct opt_int revision;
    bool withdrawn, linked, in_force;
};

/* Who holds an identity number: a person of the register, or a stand-in. */
struct batch_holder {
    uint8_t id_hash[SEAL_HASH_SIZE], salt[SEAL_SALT_SIZE];
    int64_t subject_id;
    bool linked;
};

struct batch {
    struct deployment *d;
    struct arena *arena;
    struct batch_row *rows;
    size_t count;
    int64_t delivery_id, now;
    const struct detect_lexicon
        *lexicon; /* NULL: none; what is sensitive in notes is found by it */
    bool mapped;  /* rows of a mapping: columns of records.csv mean nothing in them */
    bool unkept;  /* refused rows are somebody else's to keep */
    struct id_source *records, *subjects;

    struct batch_version *versions;
    size_t version_count, version_capacity;
    struct batch_holder *holders;
    size_t holder_count, holder_capacity;

    int64_t *touched, *listed; /* subjects of the register whose facts changed */
    size_t touched_count, touched_capacity, listed_count, listed_capacity;
};

/* What record_check said of these cells: `column` is an index of them, or negative. */
void batch_row_refuse(struct batch_row *row, const struct slice cells[RECORD_COLUMN_COUNT],
                      int column, struct arena *arena);

/* Inside a write transaction: decides each row and stores what is news. Rows get their outcome. Where one record of a
 * row of the file is refused, the row is refused whole, with its first record. */
int batch_store(struct batch *b, struct error *e);

#endif
