/* A synthetic district: households, parents, misfortunes, the departments' records of them, and the
 * truth about every child, made from a seed.
 *
 * The generator decides what happens to a family and so knows which category a child is in, since
 * when and until when, without asking any policy. Other rooms are held to its truth; for that
 * reason this room uses base/ alone. No person in it exists: identity numbers stand in the
 * unassigned divisions 9999xx, telephone numbers in the unassigned range 194. */
#ifndef HUMIAO_SYNTH_SYNTH_H
#define HUMIAO_SYNTH_SYNTH_H

#include "base/day.h"
#include "base/error.h"

#include <stdbool.h>

#define SYNTH_AS_OF_DEFAULT "2026-06-30"
#define SYNTH_COUNTY_DEFAULT "330782000000" /* Yiwu */
#define SYNTH_RECORDS_PER_CHILD_DEFAULT 0.8
#define SYNTH_DELIVERY_ERRORS 0.01 /* of the rows of a delivery: local, unconfirmed */
#define SYNTH_CHILDREN_MAX 20000000u

struct synth_options {
    const char *divisions; /* divisions.csv with the home county down to its villages */
    const char *directory; /* where the files go; made when it is not there */
    uint64_t children;     /* how many minors on the as-of date, 1 to SYNTH_CHILDREN_MAX */
    uint64_t seed;
    day as_of;                /* the day of the truth; the story is told around it */
    const char *county;       /* NULL: SYNTH_COUNTY_DEFAULT */
    double records_per_child; /* 0 to 20; school and similar records fill up to about this many */
    bool deliveries;          /* also the folder deliveries/: see deliveries.h */
    double misfortune;        /* 1: the rates of rates.def; 5: five times as often, and so on */
};

/* Options with the defaults above, misfortune 1; the caller sets divisions, directory, children,
 * seed. */
struct synth_options synth_options_default(void);

struct synth_totals {
    uint64_t families, children, people, relations, accounts;
    uint64_t records;       /* rows of records.csv, of which: */
    uint64_t duplicates;    /* the same content again */
    uint64_t changes;       /* new content under a key already used, withdrawals left out */
    uint64_t withdrawals;   /* value `retracted` */
    uint64_t unlinked;      /* about somebody who is not in people.csv, duplicates left out */
    uint64_t malformed;     /* meant for the quarantine */
    uint64_t holds, review; /* rows of truth.csv */
};

/* Writes divisions.csv (the part that is used), people.csv, relations.csv, records.csv,
 * accounts.csv, truth.csv and manifest.json into the directory. The same options give the same
 * bytes; with `deliveries`, a folder of that name too, written last, and the others stay what they were. The files appear under their names once all are whole; after an error none has changed.
 * Errors: ERR_USAGE (an option out of its range), ERR_DIVISION (the county is not in the file, or
 * has no villages), the errors of csv.h about the divisions, ERR_IO, ERR_PERMISSION,
 * ERR_DISK_FULL. */
int synth_write(const struct synth_options *o, struct synth_totals *ret, struct error *e);

#endif
