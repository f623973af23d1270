/* SQLite: opening, transactions, and what its errors mean. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TIMEOUT_MS = 10000,
    APPLICATION_ID = 0x484d6961, /* "HMia": what `file` and we know our databases by */
};

#define CACHE_WRITER "PRAGMA cache_size = -131072;" /* KiB */
/* Records land on pages all over the file: a longer log lets a page that is written many times go to
 * the database file once. 64 MiB of log at 4 KiB a page. */
#define CHECKPOINT_WRITER "PRAGMA wal_autocheckpoint = 16384;"
#define MAP_FILE "PRAGMA mmap_size = 1073741824;"
/* Beside others. A reader's map would be dropped and faulted in anew after every commit of the writer,
 * which costs more than reading its few pages. */
#define SHARE_READER "PRAGMA mmap_size = 0;"
/* Somebody else folds the log of a shared writer, so that no commit waits for it: see sweeper.h. Where that
 * does not keep up, the writer waits after all. 64 MiB. */
#define SHARED_LOG_MAX 16384
#define CACHE_BULK "PRAGMA cache_size = -524288;"

static struct sqlite_store *sqlite_of(struct store *s) { return (struct sqlite_store *)s; }

static int locked(struct error *e)
{
    error_set(e, ERR_DATABASE_LOCKED, N_("another program is writing to it and does not finish"));
    return error_hint(e, N_("Wait until the other command is done, or stop it, and try again."));
}

int sqlite_error(struct sqlite_store *s, int rc, const char *statement, struct error *e)
{
    const char *message = sqlite3_errmsg(s->db); /* names tables and columns, never values */
    int system = sqlite3_system_errno(s->db);
    if ((rc & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT))
        rc = SQLITE_FULL;
    switch (rc & 0xff) {
    case SQLITE_FULL:
        error_set(e, ERR_DISK_FULL, N_("the database cannot grow; nothing of this step was kept"));
        return error_hint(e, N_("Free space on the disk of the database, and run it again."));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        error_set(e, ERR_DATABASE_DAMAGED, "%s", message);
        return error_hint(e, N_("Restore the last backup: humiao restore FILE --db URL."));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return error_set(e, ERR_PERMISSION, N_("the database or its directory cannot be written"));
    case SQLITE_CANTOPEN:
        return system == EACCES || system == EPERM || system == EROFS
                   ? error_set(e, ERR_PERMISSION, N_("the database cannot be opened"))
                   : error_set(e, ERR_IO, N_("the database cannot be opened: %s"), message);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return locked(e);
    case SQLITE_NOMEM: return error_set(e, ERR_MEMORY, NULL);
    case SQLITE_IOERR: return error_set(e, ERR_IO, N_("the database's file: %s"), message);
    }
    if (statement)
        return error_set(e, ERR_DATABASE, N_("statement %s: %s"), statement, message);
    return error_set(e, ERR_DATABASE, "%s", message);
}

static int run_text(struct store *base, const char *sql, struct error *e)
{
    struct sqlite_store *s = sqlite_of(base);
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : sqlite_error(s, rc, NULL, e);
}

static int committed(void *context, sqlite3 *db, const char *name, int pages)
{
    struct sqlite_store *s = context;

    s->log_pages = (size_t)pages;
    if (pages >= SHARED_LOG_MAX)
        sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
}

static int share(struct store *base, struct error *e)
{
    if (base->mode == STORE_READ)
        return run_text(base, SHARE_READER, e);
    sqlite3_wal_hook(sqlite_of(base)->db, committed, sqlite_of(base));
    return 0;
}

static size_t log_pages(const struct store *base)
{
    return ((const struct sqlite_store *)base)->log_pages;
}

/* Another process may be at it already: then nothing is known to be done. */
static int fold_log(struct store *base, size_t *ret_left, struct error *e)
{
    struct sqlite_store *s = sqlite_of(base);
    int pages = 0, folded = 0;
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &folded);

    if (rc != SQLITE_OK && rc != SQLITE_BUSY)
        return sqlite_error(s, rc, NULL, e);
    *ret_left = pages > folded ? (size_t)(pages - folded) : 0;
    return 0;
}

static int set_timeout(struct store *base, int milliseconds, struct error *e)
{
    sqlite_of(base)->timeout = milliseconds;
    return 0;
}

static int begin(struct store *base, struct error *e)
{
    struct sqlite_store *s = sqlite_of(base);

    sqlite_turn_take(s);
    int r = run_text(base, "BEGIN IMMEDIATE", e);
    sqlite_turn_give(s);
    return r;
}

/* BEGIN alone takes no snapshot; the first read does. */
static int begin_read(struct store *s, struct error *e)
{
    int r = run_text(s, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", e);
    if (r < 0)
        sqlite3_exec(sqlite_of(s)->db, "ROLLBACK", NULL, NULL, NULL);
    return r;
}

static int commit(struct store *s, struct error *e) { return run_text(s, "COMMIT", e); }

/* After a full disk or an I/O error SQLite may have rolled back by itself: no error then either. */
static void rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(sqlite_of(s)->db))
        sqlite3_exec(sqlite_of(s)->db, "ROLLBACK", NULL, NULL, NULL);
}

static int savepoint(struct store *s, struct error *e) { return run_text(s, "SAVEPOINT job", e); }

static int release(struct store *s, struct error *e) { return run_text(s, "RELEASE job", e); }

static int rollback_savepoint(struct store *s, struct error *e)
{
    return run_text(s, "ROLLBACK TO job; RELEASE job", e);
}

/* Without automatic checkpoints the pages of a load are written to the log once, and once to the
 * database file when the load is over. */
static int bulk(struct store *s, bool on, struct error *e)
{
    if (on)
        return run_text(s, CACHE_BULK "PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0;", e);
    /* A reader may hold the log; the load does not wait for it: the next checkpoint does the rest. */
    struct sqlite_store *own = sqlite_of(s);
    sqlite3_busy_timeout(own->db, 0);
    int r = run_text(s, CACHE_WRITER CHECKPOINT_WRITER MAP_FILE "PRAGMA wal_checkpoint(TRUNCATE);",
                     e);
    sqlite_wait(own);
    return r;
}

static void sqlite_close(struct store *base)
{
    struct sqlite_store *s = sqlite_of(base);
    sqlite_statements_end(s);
    sqlite3_close(s->db);
    sqlite_turn_close(s);
    free(s);
}

static const struct engine sqlite_engine = {
    .kind = STORE_SQLITE,
    .close = sqlite_close,
    .set_timeout = set_timeout,
    .share = share,
    .begin = begin,
    .begin_read = begin_read,
    .commit = commit,
    .rollback = rollback,
    .savepoint = savepoint,
    .release = release,
    .rollback_savepoint = rollback_savepoint,
    .bulk = bulk,
    .log_pages = log_pages,
    .fold_log = fold_log,
    .run = run_text,
    .check = sqlite_check,
    .exec = sqlite_exec,
    .maybe = sqlite_maybe,
    .many = sqlite_many,
    .next = sqlite_next,
    .rows_close = sqlite_rows_close,
};

/* Makes the empty file, which SQLite takes for an empty database, readable by its owner alone; the
 * log and the shared memory beside it get the same mode from SQLite. */
static int create_file(const char *path, struct error *e)
{
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return error_set_errno(e, errno, path);
    close(fd);
    return 0;
}

static int missing(const char *path, struct error *e)
{
    error_set(e, ERR_DATABASE_MISSING, "%s", path);
    return error_hint(e, N_("Create it with: humiao init --db sqlite:%s"), path);
}

static int find_file(const char *path, enum store_mode mode, struct error *e)
{
    struct stat st;
    if (stat(path, &st) < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return error_set_errno(e, errno, path);
        return mode == STORE_CREATE ? create_file(path, e) : missing(path, e);
    }
    if (!S_ISREG(st.st_mode))
        return error_set(e, ERR_DATABASE_URL, N_("%s is not a file"), path);
    return st.st_size == 0 && mode != STORE_CREATE ? missing(path, e) : 0;
}

static int pragma_int(struct sqlite_store *s, const char *sql, int *ret, struct error *e)
{
    sqlite3_stmt *st;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        *ret = sqlite3_column_int(st, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(st);
    return rc == SQLITE_OK ? 0 : sqlite_error(s, rc, NULL, e);
}

/* Another program's database is left alone. */
static int check_ours(struct sqlite_store *s, const char *path, struct error *e)
{
    int id = 0, objects = 0;
    int r = pragma_int(s, "PRAGMA application_id", &id, e);
    if (r == 0)
        r = pragma_int(s, "SELECT count(*) FROM sqlite_schema", &objects, e);
    if (r < 0 || id == APPLICATION_ID)
        return r;
    if (id != 0 || objects != 0)
        return error_set(e, ERR_DATABASE, N_("%s is the database of another program"), path);
    return s->base.mode == STORE_CREATE ? 0 : missing(path, e);
}

static int configure(struct sqlite_store *s, struct error *e)
{
    static const char every[] = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
                                "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
                                "PRAGMA cell_size_check = ON;";
    sqlite3_extended_result_codes(s->db, 1);
    s->timeout = TIMEOUT_MS;
    sqlite_wait(s);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    int r = run_text(&s->base, every, e);
    if (r < 0)
        return r;
    if (s->base.mode == STORE_READ)
        return run_text(&s->base, "PRAGMA query_only = ON; PRAGMA cache_size = -32768;" MAP_FILE,
                        e);
    return run_text(&s->base, CACHE_WRITER CHECKPOINT_WRITER MAP_FILE, e);
}

/* The journal mode is kept in the file; it and our mark are set where the database is created. */
static int mark_created(struct sqlite_store *s, struct error *e)
{
    char sql[96];
    int id = 0;
    int r = pragma_int(s, "PRAGMA application_id", &id, e);
    if (r < 0 || id == APPLICATION_ID)
        return r;
    snprintf(sql, sizeof sql, "PRAGMA journal_mode = WAL; PRAGMA application_id = %d;",
             APPLICATION_ID);
    return run_text(&s->base, sql, e);
}

int sqlite_open(const char *path, enum store_mode mode, struct store **ret, struct error *e)
{
    int r = find_file(path, mode, e);
    if (r < 0)
        return r;
    struct sqlite_store *s = calloc(1, sizeof *s);
    if (!s)
        return error_set(e, ERR_MEMORY, NULL);
    s->base = (struct store){.engine = &sqlite_engine, .mode = mode};
    s->turn = -1;
    if (mode != STORE_READ)
        sqlite_turn_open(s, path);
    /* A reader too needs the shared memory beside the file; query_only keeps it from writing. One
     * connection belongs to one thread, so SQLite's own mutexes are not needed. */
    int rc = sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        r = s->db ? sqlite_error(s, rc, NULL, e) : error_set(e, ERR_MEMORY, NULL);
    if (r == 0)
        r = configure(s, e);
    if (r == 0)
        r = check_ours(s, path, e);
    if (r == 0 && mode == STORE_CREATE)
        r = mark_created(s, e);
    if (r < 0) {
        sqlite_close(&s->base);
        return r;
    }
    *ret = &s->base;
    return 0;
}
