/* Rows of records.csv: from what happened in a family to what departments send, with their
 * mistakes. */
#ifndef HUMIAO_SYNTH_RECORD_H
#define HUMIAO_SYNTH_RECORD_H

#include "synth/arrivals.h"
#include "synth/family.h"

struct synth_record {
    char key[80], id[64], name[SYNTH_NAME_MAX], value[80], revision[40];
    const char *department, *kind, *note;
    const char *from_text; /* instead of `from`, for a row that is meant to be refused */
    char division[13];
    day birth, from, to;
    bool known; /* its person is in people.csv and can be found */
};

/* The stream of all families' records. */
struct synth_deliveries; /* deliveries.h */

struct synth_stream {
    struct synth_arrivals *arrivals;
    struct synth_deliveries *deliveries; /* NULL: none are made */
    struct synth_maker *maker;
    struct synth_random *random; /* of the family being told */
    const struct synth_family *family;
    struct synth_totals *totals;
    uint32_t keys[SYNTH_DEPARTMENT_COUNT]; /* how many each department has given */
    int status;
    struct error *error;
};

#define SYNTH_RECORDS_HEADER \
    "record_key,department,kind,id_no,name,birth_date,division,from,to,value,note,revision\n"

/* Sends everything that departments have to say about one family. */
int synth_stream_family(struct synth_stream *s, const struct synth_family *f,
                        struct synth_random *r, struct error *e);

/* Below: what the files of this room share. */

/* A record about a person, with a new key of the kind's department. */
struct synth_record synth_record_about(struct synth_stream *s, int person, enum synth_kind kind,
                                       day from, day to, const char *value);
enum synth_row {
    SYNTH_ROW_NEW,
    SYNTH_ROW_CHANGE,
    SYNTH_ROW_WITHDRAWAL,
    SYNTH_ROW_DUPLICATE,
    SYNTH_ROW_BAD
};
void synth_record_send(struct synth_stream *s, const struct synth_record *r, day on,
                       enum synth_row row);
/* Makes it about somebody elsewhere. */
void synth_record_estrange(struct synth_stream *s, struct synth_record *r);
/* A day on which a record of something that began on `from` may arrive. */
day synth_record_arrival(struct synth_stream *s, day from);
int synth_record_lucky(struct synth_stream *s, enum synth_rate rate); /* draws from the table */

void synth_stream_daily(struct synth_stream *s); /* daily.c: school, moves, work, events */
void synth_stream_strays(
    struct synth_stream *s); /* strays.c: withdrawn, malformed, about strangers */

#endif
