#include "store/migrate.h"

#include "store/engine.h"
#include "store/sql_statements.h"

#include <stddef.h>

/* The table of migrations has statements of its own, since every program has it, whatever its
 * schema. Their indices lie behind those of the named statements. */
enum { OWN_INDEX = 1000 };

struct applied {
    int64_t number, hash;
};

static const struct store_column applied_columns[] = {
    {"number", STORE_INT, false, offsetof(struct applied, number)},
    {"hash", STORE_INT, false, offsetof(struct applied, hash)},
};
static const struct store_statement list_applied = {
    .name = "schema_migration_list",
    .sqlite = "SELECT number, hash FROM schema_migration ORDER BY number",
    .postgresql = "SELECT number, hash FROM schema_migration ORDER BY number",
    .index = OWN_INDEX,
    .column_count = 2,
    .row_size = sizeof(struct applied),
    .columns = applied_columns,
};

struct presence {
    int64_t tables;
};

static const struct store_column presence_columns[] = {
    {"tables", STORE_INT, false, offsetof(struct presence, tables)},
};
static const struct store_statement find_table = {
    .name = "schema_migration_exists",
    .sqlite =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
    .postgresql = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_migration')",
    .index = OWN_INDEX + 1,
    .column_count = 1,
    .row_size = sizeof(struct presence),
    .columns = presence_columns,
};

static const uint8_t record_types[] = {STORE_INT, STORE_TEXT, STORE_INT};
static const struct store_statement record_applied = {
    .name = "schema_migration_insert",
    .sqlite = "INSERT INTO schema_migration (number, name, hash) VALUES (?1, ?2, ?3)",
    .postgresql = "INSERT INTO schema_migration (number, name, hash) VALUES ($1, $2, $3)",
    .index = OWN_INDEX + 2,
    .param_count = 3,
    .param_types = record_types,
};

static int never_initialised(struct error *e)
{
    error_set(e, ERR_DATABASE_MISSING, N_("the database was never initialised"));
    return error_hint(e, N_("Initialise it with: humiao init --db URL"));
}

/* Compares what the database says was applied with what this program has; how many agree. */
static int count_applied(struct store *s, struct store_migrations m, size_t *ret, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct applied a;
    size_t count = 0;
    int r = store_many(s, &list_applied, NULL, &rows, e);
    while (r == 0 && (r = store_rows_next(&rows, &a, e)) == 1) {
        if (count >= m.count || a.number != m.list[count].number) {
            error_set(e, ERR_DATABASE_VERSION,
                      N_("its schema has number %lld, this program knows %zu"), (long long)a.number,
                      m.count);
            return error_hint(e,
                              N_("Use the newer humiao that has made or changed this database."));
        }
        if ((uint64_t)a.hash != m.list[count].hash) {
            error_set(e, ERR_DATABASE_VERSION,
                      N_("its schema number %lld differs from this program's"),
                      (long long)a.number);
            return error_hint(e, N_("Use the humiao that has made this database."));
        }
        count++;
        r = 0;
    }
    if (r == 0)
        *ret = count;
    return r;
}

static int has_table(struct store *s, bool *ret, struct error *e)
{
    struct presence presence;
    bool found;
    int r = store_maybe(s, &find_table, NULL, &found, &presence, e);
    if (r == 0)
        *ret = found && presence.tables > 0;
    return r;
}

static int create_table(struct store *s, struct error *e)
{
    bool there = false;
    int r = has_table(s, &there, e);
    if (r < 0 || there)
        return r;
    r = store_begin(s, e);
    if (r < 0)
        return r;
    r = store_run(s,
                  "CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY,"
                  " name TEXT NOT NULL, hash BIGINT NOT NULL)",
                  e);
    if (r == 0)
        return store_commit(s, e);
    store_rollback(s);
    return r;
}

static int apply(struct store *s, const struct store_migration *m, struct error *e)
{
    struct store_value params[] = {
        store_value_int(m->number),
        store_value_text(slice_from(m->name)),
        store_value_int((int64_t)m->hash),
    };
    int r = store_run(s, store_engine(s) == STORE_SQLITE ? m->sqlite : m->postgresql, e);
    return r == 0 ? store_exec(s, &record_applied, params, e) : r;
}

/* One transaction a migration: what others have applied meanwhile is seen, for no other writer
 * runs. *ret_done when nothing is left to apply. */
static int step(struct store *s, struct store_migrations m, bool *ret_done, struct error *e)
{
    size_t applied = 0;
    int r = store_begin(s, e);
    if (r < 0)
        return r;
    r = count_applied(s, m, &applied, e);
    *ret_done = applied == m.count;
    if (r == 0 && !*ret_done)
        r = apply(s, &m.list[applied], e);
    if (r == 0 && !*ret_done)
        return store_commit(s, e);
    store_rollback(s);
    return r;
}

int store_migrate_with(struct store *s, struct store_migrations m, int *ret_applied,
                       struct error *e)
{
    int applied = 0;
    bool done = false;
    int r = create_table(s, e);
    while (r == 0 && (r = step(s, m, &done, e)) == 0 && !done)
        applied++;
    if (r == 0 && ret_applied)
        *ret_applied = applied;
    return r;
}

int store_check_version_with(struct store *s, struct store_migrations m, struct error *e)
{
    bool there = false;
    size_t applied;
    int r = has_table(s, &there, e);
    if (r < 0)
        return r;
    if (!there)
        return never_initialised(e);
    r = count_applied(s, m, &applied, e);
    if (r < 0 || applied == m.count)
        return r;
    if (applied == 0)
        return never_initialised(e);
    error_set(e, ERR_DATABASE_VERSION, N_("its schema has number %zu, this program needs %zu"),
              applied, m.count);
    return error_hint(e, N_("Bring it up to date with: humiao init --db URL"));
}

int store_migrate(struct store *s, int *ret_applied, struct error *e)
{
    return store_migrate_with(s, sql_migrations, ret_applied, e);
}

int store_check_version(struct store *s, struct error *e)
{
    return store_check_version_with(s, sql_migrations, e);
}
