#include "screening/population_read.h"

#include "store/sql_kin.h"
#include "store/sql_person.h"
#include "store/sql_record.h"

#include <pthread.h>

/* The second thread: scans and opens the facts on a connection and in an arena of its own. */
struct fact_scan {
    struct deployment *d;
    struct collection facts;
    struct error error;
    int rc;
};

static int scan_facts(struct fact_scan *scan)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_record_scan row;
    struct error *e = &scan->error;
    int rc = sql_record_scan(scan->d->store, &rows, e);

    while (rc >= 0 && (rc = sql_record_scan_next(&rows, &row, e)) > 0)
        rc = collect_fact(&scan->facts, scan->d->sealer, row.id, row.subject_id, row.from_day,
                          row.to_day, row.other_hash, row.salt, row.fact, e);
    return rc;
}

static void *scan_facts_thread(void *context)
{
    struct fact_scan *scan = context;

    scan->rc = scan_facts(scan);
    return NULL;
}

static int scan_people(struct deployment *d, struct collection *c, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_scan person;
    struct sql_kin_scan kin;
    int rc = sql_person_scan(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_person_scan_next(&rows, &person, e)) > 0)
        if (!person.ended_at.set)
            collect_person(c, person.id, person.birth_day, person.household);
    if (rc >= 0)
        rc = sql_kin_scan(d->store, &rows, e);
    while (rc >= 0 && (rc = sql_kin_scan_next(&rows, &kin, e)) > 0)
        collect_kin(c, kin.child_id, kin.person_id, kin.role, kin.from_day, kin.to_day);
    return rc;
}

int population_read_all(struct deployment *d, struct arena *arena, struct population *ret,
                        struct error *e)
{
    DEPLOYMENT_AUTO(second);
    ARENA_AUTO(fact_arena);
    struct collection people;
    struct fact_scan scan = {.error = {.language = e->language}};
    pthread_t thread;
    int rc = deployment_fork(d, STORE_READ, &second, e);

    if (rc < 0)
        return rc;
    collection_begin(&people, arena);
    collection_begin(&scan.facts, &fact_arena);
    scan.d = second;
    if (pthread_create(&thread, NULL, scan_facts_thread, &scan) != 0)
        return error_set(e, ERR_MEMORY, NULL);
    rc = scan_people(d, &people, e);
    pthread_join(thread, NULL);
    if (rc >= 0 && scan.rc < 0) {
        *e = scan.error;
        rc = scan.rc;
    }
    if (rc >= 0)
        rc = collection_index(d, &people, &scan.facts, arena, ret, e);
    /* The values stay where they were opened: the caller's arena takes them over. */
    for (size_t i = 0; rc >= 0 && i < ret->fact_count; i++)
        ret->facts[i].value = arena_copy(arena, ret->facts[i].value);
    return rc < 0 ? rc : 0;
}
