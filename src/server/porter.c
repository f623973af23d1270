#include "server/porter.h"

#include "intake/coverage.h"
#include "intake/delivery.h"
#include "server/mappings.h"
#include "server/server_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND INT64_C(1000000)
#define LOOK_SECONDS 2
#define FOLDER_SECONDS 5
#define EXCHANGE_SECONDS 30
#define SILENCE_SECONDS 60
#define EXCHANGE_ROWS 20000 /* of one table, before others have their turn */
#define NICE 5
#define WRITER "porter" /* how its segments of the trail are called */

struct porter {
    struct server *server;
    struct deployment *d;                          /* NULL: to be connected anew */
    char *exchange_url;                            /* NULL: there is no exchange side */
    int64_t folder_due, exchange_due, silence_due; /* by the steady clock */
    pthread_t thread;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t come;
    bool woken, ending;
};

/* ---- what it works with ---- */

static int take_connection(struct porter *p, struct error *e)
{
    int rc = p->d ? 0 : deployment_fork(p->server->base, STORE_WRITE, &p->d, e);

    if (rc == 0)
        p->d->audit_writer = WRITER;
    return rc < 0 ? rc : deployment_refresh(p->d, e);
}

static void tell_change(void *context, const int64_t *divisions, size_t count, bool everywhere)
{
    struct porter *p = context;

    if (everywhere)
        changes_add(p->server->changes, 0);
    for (size_t i = 0; !everywhere && i < count; i++)
        changes_add(p->server->changes, divisions[i]);
}

static bool is_ending(void *context)
{
    struct porter *p = context;

    return atomic_load(&p->server->stopping);
}

/* Lends the feeds and the names of the register for one piece of work. */
struct tools {
    const struct register_reading *reading; /* NULL: it is still being read */
    const struct feed_library *feeds;
    struct intake intake;
};

static int take_tools(struct porter *p, struct tools *t, struct error *e)
{
    struct server *s = p->server;
    struct error unsaid = {.language = LANGUAGE_EN};
    int rc = mappings_hold(shelf_mappings(s->shelf), p->d, &t->feeds, e);

    if (rc < 0)
        return rc;
    t->reading = NULL;
    if (shelf_hold(s->shelf, &t->reading, &unsaid) < 0)
        t->reading = NULL;
    t->intake = (struct intake){.d = p->d,
                                .edition = shelf_edition(s->shelf),
                                .tables = shelf_tables(s->shelf),
                                .feeds = t->feeds,
                                .lexicon = t->reading ? t->reading->lexicon : NULL,
                                .changed = tell_change,
                                .stop = is_ending,
                                .context = p};
    return 0;
}

static void give_tools(struct porter *p, struct tools *t)
{
    mappings_let_go(shelf_mappings(p->server->shelf), t->feeds);
    if (t->reading)
        shelf_let_go(p->server->shelf, t->reading);
}

static void log_taken(struct porter *p, const struct delivery_totals *t)
{
    LOG(&p->server->log, LOG_INFO, "delivery", log_word("state", delivery_state_name(t->state)),
        log_number("rows", (int64_t)t->rows), log_number("accepted", (int64_t)t->accepted),
        log_number("quarantined", (int64_t)t->quarantined));
    /* Sources and deliveries are shown on pages of no one division. */
    changes_add(p->server->changes, 0);
}

/* ---- its beats ---- */

/* All that wait, one behind the other. */
static int take_deliveries(struct porter *p, struct error *e)
{
    int64_t id = 0, before = 0;
    int rc = 0;

    while (rc == 0 && !is_ending(p)) {
        struct delivery_totals totals;
        struct tools tools;
        /* One that stands where it stood is in other hands: the next beat looks again. */
        if ((rc = delivery_next(p->d, &id, e)) < 0 || id == 0 || id == before)
            return rc;
        before = id;
        if ((rc = take_tools(p, &tools, e)) < 0)
            return rc;
        rc = delivery_take(&tools.intake, id, &totals, e);
        give_tools(p, &tools);
        if (rc == 0)
            log_taken(p, &totals);
    }
    return rc;
}

static int look_into_folder(struct porter *p, struct error *e)
{
    const char *folder = p->server->configuration.feed_folder;
    struct tools tools;
    uint64_t taken = 0;
    int rc;

    if (!folder[0])
        return 0;
    if ((rc = take_tools(p, &tools, e)) < 0)
        return rc;
    rc = delivery_folder(&tools.intake, folder, server_now(), &taken, e);
    give_tools(p, &tools);
    if (taken > 0) {
        LOG(&p->server->log, LOG_INFO, "folder", log_number("files", (int64_t)taken));
        changes_add(p->server->changes, 0);
    }
    return rc;
}

/* A table that does not answer keeps no other waiting; whether it does is told by the feed's
 * silence. */
static int read_tables(struct porter *p, const struct tools *t)
{
    for (size_t i = 0; i < t->feeds->count && !is_ending(p); i++) {
        const struct feed *f = t->feeds->feeds[i];
        struct error e = {.language = LANGUAGE_EN};
        struct delivery_totals totals = {0};
        struct intake intake = t->intake;
        if (!f->exchange_table)
            continue;
        int rc = delivery_exchange(&intake, p->exchange_url, f, EXCHANGE_ROWS, &totals, &e);
        if (rc < 0)
            LOG(&p->server->log, LOG_WARNING, "exchange", log_word("feed", f->name),
                log_number("code", e.code));
        else if (totals.rows > 0)
            log_taken(p, &totals);
    }
    return 0;
}

static int look_across(struct porter *p, struct error *e)
{
    struct tools tools;
    int rc;

    if (!p->exchange_url)
        return 0;
    if ((rc = take_tools(p, &tools, e)) < 0)
        return rc;
    rc = read_tables(p, &tools);
    give_tools(p, &tools);
    return rc;
}

static int look_for_silence(struct porter *p, struct error *e)
{
    const struct feed_library *feeds;
    size_t alarmed = 0;
    int rc = mappings_hold(shelf_mappings(p->server->shelf), p->d, &feeds, e);

    if (rc < 0)
        return rc;
    if ((rc = store_begin(p->d->store, e)) == 0) {
        rc = feed_silence(p->d, feeds, server_now(), &alarmed, e);
        if (rc == 0)
            rc = store_commit(p->d->store, e);
        else
            store_rollback(p->d->store);
    }
    mappings_let_go(shelf_mappings(p->server->shelf), feeds);
    if (rc == 0 && alarmed > 0) {
        LOG(&p->server->log, LOG_WARNING, "silence", log_number("feeds", (int64_t)alarmed));
        changes_add(p->server->changes, 0);
    }
    return rc;
}

static bool is_due(int64_t *due, int64_t seconds)
{
    int64_t now = guard_now();

    if (now < *due)
        return false;
    *due = now + seconds * SECOND;
    return true;
}

static int look(struct porter *p, struct error *e)
{
    int rc = take_connection(p, e);

    if (rc == 0)
        rc = take_deliveries(p, e);
    if (rc == 0 && is_due(&p->folder_due, FOLDER_SECONDS))
        rc = look_into_folder(p, e);
    if (rc == 0 && is_due(&p->exchange_due, EXCHANGE_SECONDS))
        rc = look_across(p, e);
    /* Silence is told by the clock; where that is moved from outside, so is this. */
    if (rc == 0 && p->server->configuration.clock && is_due(&p->silence_due, SILENCE_SECONDS))
        rc = look_for_silence(p, e);
    return rc;
}

static bool wait_for_next(struct porter *p)
{
    struct timespec until;
    int waited = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_SECONDS;
    pthread_mutex_lock(&p->lock);
    while (!p->ending && !p->woken && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&p->come, &p->lock, &until);
    bool ending = p->ending;
    p->woken = false;
    pthread_mutex_unlock(&p->lock);
    return !ending;
}

static void *run(void *argument)
{
    struct porter *p = argument;

    setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    while (wait_for_next(p)) {
        /* Reasons that are written down, and reports beside files, are in the language of the place. */
        struct error e = {.language = text_language_of_environment()};
        if (look(p, &e) < 0) {
            LOG(&p->server->log, LOG_ERROR, "porter", log_number("code", e.code));
            p->d = deployment_close(p->d);
        }
    }
    return NULL;
}

/* ---- start and stop ---- */

#define URL_MAX 1024

/* The address holds a password: it stands in a file that nobody else reads, never in the
 * configuration. */
static int read_url(const char *path, char **ret, struct error *e)
{
    char text[URL_MAX];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return error_set_errno(e, errno, path);
    ssize_t n = fstat(fd, &st) == 0 ? read(fd, text, sizeof(text) - 1) : -1;
    int saved = errno;
    close(fd);
    if (n < 0)
        return error_set_errno(e, saved, path);
    if (st.st_mode & (S_IRWXG | S_IRWXO)) {
        explicit_bzero(text, sizeof(text));
        return error_set(e, ERR_PERMISSION, N_("%s: others may read it; it must be 0600"), path);
    }
    text[n] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    *ret = strdup(text);
    explicit_bzero(text, sizeof(text));
    return *ret ? 0 : error_set(e, ERR_MEMORY, NULL);
}

static struct porter *porter_free(struct porter *p)
{
    deployment_close(p->d);
    if (p->exchange_url)
        explicit_bzero(p->exchange_url, strlen(p->exchange_url));
    free(p->exchange_url);
    pthread_cond_destroy(&p->come);
    pthread_mutex_destroy(&p->lock);
    free(p);
    return NULL;
}

int porter_start(struct server *s, struct porter **ret, struct error *e)
{
    struct porter *p = calloc(1, sizeof(*p));
    pthread_condattr_t steady;
    int rc = 0;

    if (!p)
        return error_set(e, ERR_MEMORY, NULL);
    p->server = s;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&p->come, &steady);
    pthread_condattr_destroy(&steady);
    if (s->configuration.exchange_url_file[0])
        rc = read_url(s->configuration.exchange_url_file, &p->exchange_url, e);
    if (rc == 0 && pthread_create(&p->thread, NULL, run, p) != 0)
        rc = error_set(e, ERR_MEMORY, NULL);
    if (rc < 0) {
        porter_free(p);
        return rc;
    }
    *ret = p;
    return 0;
}

void porter_wake(struct porter *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->woken = true;
    pthread_cond_signal(&p->come);
    pthread_mutex_unlock(&p->lock);
}

struct porter *porter_stop(struct porter *p)
{
    if (!p)
        return NULL;
    pthread_mutex_lock(&p->lock);
    p->ending = true;
    pthread_cond_signal(&p->come);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    return porter_free(p);
}
