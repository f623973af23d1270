#include "server/shelf.h"

#include "access/audit.h"
#include "people/search.h"
#include "server/lexicon.h"
#include "server/mappings.h"
#include "store/sql_shelf.h"

#include <pthread.h>
#include <stdlib.h>

/* One reading, and how many hold it. */
struct held {
    struct register_reading reading;
    struct name_index *names;
    struct detect_lexicon *lexicon;
    struct arena arena;
    unsigned holders;
};

struct shelf {
    struct arena arena; /* of the table and the policies */
    const struct clearance *clearance;
    struct edition edition;
    const struct care_tables *tables;
    struct throttle *throttle;
    struct mappings *mappings;

    /* of the thread alone */
    struct deployment *d;
    int64_t known; /* the last row of the trail that told of a change of the register */

    pthread_t thread;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t wake;
    struct held *current; /* NULL: not read yet */
    bool asked, stopping;
};

static struct held *held_free(struct held *h)
{
    if (h) {
        name_index_free(h->names);
        detect_lexicon_free(h->lexicon);
        arena_end(&h->arena);
        free(h);
    }
    return NULL;
}

/* ---- reading ---- */

static struct held *read_register(struct deployment *d, struct error *e)
{
    struct held *h = calloc(1, sizeof(*h));

    if (!h)
        return NULL;
    h->holders = 1; /* the shelf's own hold */
    if (division_tree_read(d->store, &h->arena, &h->reading.divisions, e) < 0 ||
        search_index_build(d, &h->names, e) < 0 ||
        lexicon_read(d, &h->reading.divisions, &h->lexicon, e) < 0)
        return held_free(h);
    h->reading.names = h->names;
    h->reading.lexicon = h->lexicon;
    return h;
}

static void put_up(struct shelf *s, struct held *h)
{
    pthread_mutex_lock(&s->lock);
    struct held *old = s->current;
    s->current = h;
    bool unused = old && --old->holders == 0;
    pthread_mutex_unlock(&s->lock);
    if (unused)
        held_free(old);
}

/* A reading that fails leaves the one that is there; the next look tries again. */
static void look(struct shelf *s)
{
    struct sql_shelf_register_changed row = {.id = s->known};
    struct error e = {.language = LANGUAGE_EN};
    bool found = false;

    if (deployment_refresh(s->d, &e) < 0 ||
        sql_shelf_register_changed(s->d->store, s->known, AUDIT_REGISTER_LOADED,
                                   AUDIT_PERSON_ERASED, &found, &row, &e) < 0)
        return;
    if (s->current && !found)
        return;
    struct held *h = read_register(s->d, &e);
    if (h) {
        put_up(s, h);
        s->known = found ? row.id : s->known;
    }
}

static void *work(void *context)
{
    struct shelf *s = context;

    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (!s->asked && !s->stopping)
            pthread_cond_wait(&s->wake, &s->lock);
        if (s->stopping)
            break;
        s->asked = false;
        pthread_mutex_unlock(&s->lock);
        look(s);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- the face ---- */

int shelf_open(struct deployment *d, struct throttle *throttle, struct shelf **ret, struct error *e)
{
    struct shelf *s = calloc(1, sizeof(*s));

    if (!s)
        return error_set(e, ERR_MEMORY, NULL);
    s->throttle = throttle;
    s->asked = true;
    int rc = clearance_builtin(&s->arena, &s->clearance, e);
    if (rc == 0)
        rc = edition_read(NULL, &s->arena, &s->edition, e);
    if (rc == 0)
        rc = care_tables_load(NULL, &s->arena, &s->tables, e);
    if (rc == 0)
        rc = mappings_new(&s->mappings, e);
    if (rc == 0)
        rc = deployment_fork(d, STORE_READ, &s->d, e);
    if (rc == 0) {
        pthread_mutex_init(&s->lock, NULL);
        pthread_cond_init(&s->wake, NULL);
        if (pthread_create(&s->thread, NULL, work, s) != 0)
            rc = error_set(e, ERR_MEMORY, NULL);
    }
    if (rc < 0) {
        deployment_close(s->d);
        mappings_free(s->mappings);
        arena_end(&s->arena);
        free(s);
        return rc;
    }
    *ret = s;
    return 0;
}

struct shelf *shelf_close(struct shelf *s)
{
    if (!s)
        return NULL;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    held_free(s->current);
    mappings_free(s->mappings);
    deployment_close(s->d);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    arena_end(&s->arena);
    free(s);
    return NULL;
}

const struct clearance *shelf_clearance(const struct shelf *s) { return s->clearance; }
const struct edition *shelf_edition(const struct shelf *s) { return &s->edition; }
const struct care_tables *shelf_tables(const struct shelf *s) { return s->tables; }
struct throttle *shelf_throttle(const struct shelf *s) { return s->throttle; }
struct mappings *shelf_mappings(const struct shelf *s) { return s->mappings; }

bool shelf_ready(struct shelf *s)
{
    pthread_mutex_lock(&s->lock);
    bool ready = s->current != NULL;
    pthread_mutex_unlock(&s->lock);
    return ready;
}

int shelf_hold(struct shelf *s, const struct register_reading **ret, struct error *e)
{
    pthread_mutex_lock(&s->lock);
    struct held *h = s->current;
    if (h)
        h->holders++;
    pthread_mutex_unlock(&s->lock);
    if (!h)
        return error_set(e, ERR_STOPPING, N_("the register is still being read"));
    *ret = &h->reading;
    return 0;
}

void shelf_let_go(struct shelf *s, const struct register_reading *reading)
{
    struct held *h = (struct held *)reading; /* its first member */

    pthread_mutex_lock(&s->lock);
    bool unused = --h->holders == 0;
    pthread_mutex_unlock(&s->lock);
    if (unused)
        held_free(h);
}

void shelf_refresh(struct shelf *s)
{
    pthread_mutex_lock(&s->lock);
    s->asked = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
}
