/* Intake: a file of department records becomes facts, and facts become verdicts, in one durable step.
 *
 * Rows are taken in transactions of at most 50, each with the file's cursor and with the verdicts of the
 * children it touches: a file whose reading was killed carries on where it stopped, and two readers of
 * one file share its rows. A file is done when its totals have been told: until then it is the same
 * delivery, after that it is a new one. A record is known by department, kind and key (contracts.md): the same
 * again is a duplicate, other content is a correction, `retracted` withdraws it, and the highest
 * revision is in force whatever the order of arrival. A refused row goes to quarantine, and a record
 * about somebody unknown waits; nothing is dropped. A change of verdict becomes an alert in the same step. */
#ifndef HUMIAO_INTAKE_INGEST_H
#define HUMIAO_INTAKE_INGEST_H

#include "care/tables.h"
#include "people/quarantine.h"
#include "screening/verdict.h"

/* Each row counts once: the four add up to the rows of the file. */
struct ingest_totals {
    uint64_t accepted, duplicate, quarantined, unlinked;
    uint64_t changes; /* of verdicts, told by this run */
    bool resumed;     /* the file was begun by an earlier run, whose rows are counted in */
};

struct ingest_options {
    const char *path;     /* "-" is standard input, which cannot carry on after a kill */
    const char *encoding; /* NULL: UTF-8 */
    const char *progress; /* label of the progress bar; NULL: none */
    const struct care_tables *tables;     /* NULL: verdicts alone, no care */
    const struct detect_lexicon *lexicon; /* NULL: none */
    /* Alerts that arise are held back until a wave releases them. A file that is carried on goes by how it
     * began. */
    bool baseline;
    struct refusal_sink refusals;
    void (*warn)(void *context, const char *msgid, struct slice what); /* context of `refusals` */
    /* Tells whoever waits that all rows are on disk; NULL: nobody waits. */
    void (*tell)(void *context, const struct ingest_totals *totals); /* context of `refusals` */
    /* Each change of a verdict, before the commit of its transaction; may be NULL. */
    void (*verdicts)(void *context, const struct verdict_change *change);
    void *verdicts_context;
};

int ingest_file(struct deployment *d, const struct edition *edition, const struct ingest_options *o,
                struct ingest_totals *ret, struct error *e);

#endif
