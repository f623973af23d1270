/* Loading the register: divisions.csv, people.csv, relations.csv; and who helps: teams.csv,
 * helpers.csv, accounts.csv.
 *
 * A load is one transaction: either the whole file is in, but for the rows that were refused, or
 * nothing is. It is an upsert: a row that says the same as before changes nothing, a row that says
 * something else makes the old a version of the past, and with `full` what the file does not name
 * ends. A load asks the next tick to look at every child. */
#ifndef HUMIAO_PEOPLE_LOAD_H
#define HUMIAO_PEOPLE_LOAD_H

#include "people/quarantine.h"

struct load_options {
    const char *path;     /* "-" is standard input */
    const char *encoding; /* NULL: UTF-8 */
    bool full;
    const char *kind;     /* one word, for the audit trail; NULL: "file" */
    const char *progress; /* label of the progress bar; NULL: none */
    struct refusal_sink refusals;
    void (*warn)(void *context, const char *msgid, struct slice what); /* context of `refusals` */
};

struct load_totals {
    uint64_t added, changed, unchanged, ended, refused;
};

int load_divisions(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                   struct error *e);
int load_people(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                struct error *e);
int load_relations(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                   struct error *e);

/* Teams before helpers and accounts, which name them. A row of accounts.csv makes
 * or changes its account, in the same transaction; it has no password and cannot sign in until it is
 * given one. One that --full ends can sign in no more. */
int load_teams(struct deployment *d, const struct load_options *o, struct load_totals *ret,
               struct error *e);
int load_helpers(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                 struct error *e);
int load_accounts(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                  struct error *e);

/* Whether a team of this id is in the register now. */
int team_known(struct deployment *d, struct slice team_id, bool *ret, struct error *e);

#endif
