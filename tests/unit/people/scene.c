#include "scene.h"

#include "people/fact.h"
#include "store/sql_person.h"
#include "store/sql_record.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <string.h>

/* The key lies beside the database and goes with it. */
static void use_key(struct scene *s)
{
    setenv("HUMIAO_KEY_FILE", arena_printf(&s->arena, "%s/master.key", s->database.dir), 1);
}

void scene_open(struct scene *s)
{
    use_key(s);
    OK(s, deployment_open(s->database.url, STORE_WRITE, &s->d, &s->e));
}

void scene_close(struct scene *s) { s->d = deployment_close(s->d); }

struct scene *scene_begin(enum store_engine engine)
{
    struct scene *s = calloc(1, sizeof *s);
    bool created;

    s->e.language = LANGUAGE_EN;
    if (!test_database_make(&s->database, engine)) {
        free(s);
        return NULL;
    }
    use_key(s);
    OK(s,
       deployment_create(s->database.url, SUITE_INTERNATIONAL, &s->arena, &created, NULL, &s->e));
    scene_open(s);
    return s;
}

void scene_end(struct scene *s)
{
    if (!s)
        return;
    scene_close(s);
    test_database_remove(&s->database);
    arena_end(&s->arena);
    free(s);
}

static int setup(void **state, enum store_engine engine)
{
    *state = scene_begin(engine);
    return 0;
}

int scene_setup_sqlite(void **state) { return setup(state, STORE_SQLITE); }
int scene_setup_postgresql(void **state) { return setup(state, STORE_POSTGRESQL); }

int scene_teardown(void **state)
{
    scene_end(*state);
    return 0;
}

struct scene *scene_of(void **state)
{
    if (!*state)
        skip();
    return *state;
}

int scene_ok(struct scene *s, int r, const char *call, const char *file, int line)
{
    if (r < 0) {
        print_error("%s:%d: %s: HM-%d %s (%s)\n", file, line, call, -r, s->e.detail, s->e.hint);
        _fail(file, line);
    }
    return r;
}

const char *scene_file(struct scene *s, const char *text)
{
    const char *path = arena_printf(&s->arena, "%s/%d.csv", s->database.dir, s->files++);
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(text, 1, strlen(text), f) != strlen(text) || fclose(f) != 0)
        abort();
    return path;
}

static void tell(void *context, const struct refusal *refusal)
{
    struct scene *s = context;
    size_t at = strlen(s->refusals);

    snprintf(s->refusals + at, sizeof s->refusals - at, "%llu %s HM-%d\n",
             (unsigned long long)refusal->line, refusal->column ? refusal->column : "-",
             (int)refusal->error->code);
}

void scene_warn(void *context, const char *msgid, struct slice what)
{
    struct scene *s = context;
    size_t at = strlen(s->warnings);

    (void)msgid;
    snprintf(s->warnings + at, sizeof s->warnings - at, "%.*s\n", (int)what.n,
             what.p ? what.p : "");
}

struct refusal_sink scene_sink(struct scene *s)
{
    s->refusals[0] = s->warnings[0] = '\0';
    return (struct refusal_sink){tell, s};
}

struct load_totals scene_load(struct scene *s, scene_loader *load, bool full, const char *text)
{
    struct load_totals totals = {0};
    struct load_options o = {.path = scene_file(s, text), .full = full, .warn = scene_warn};

    o.refusals = scene_sink(s);
    OK(s, load(s->d, &o, &totals, &s->e));
    return totals;
}

int64_t scene_person(struct scene *s, const char *ref)
{
    struct sql_person_by_ref row;
    uint8_t hash[SEAL_HASH_SIZE];
    bool found;

    OK(s, sealer_hash(s->d->sealer, HASH_REF, slice_from(ref), hash, &s->e));
    OK(s, sql_person_by_ref(s->d->store, SLICE_OF(hash), &found, &row, &s->e));
    return found ? row.id : 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *scene_facts(struct scene *s, int64_t person_id)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_record_in_force row;
    const char **lines = NULL;
    size_t count = 0, capacity = 0, n = 0;
    int rc = OK(s, sql_record_in_force(s->d->store, &person_id, 1, &rows, &s->e));

    while ((rc = OK(s, sql_record_in_force_next(&rows, &row, &s->e))) > 0) {
        struct fact fact;
        char from[DAY_TEXT], to[DAY_TEXT];
        OK(s, fact_open(s->d->sealer, (const uint8_t *)row.salt.p, row.id, row.fact, &s->arena,
                        &fact, &s->e));
        lines = arena_grow(&s->arena, lines, &capacity, count + 1, sizeof *lines);
        lines[count] = arena_printf(&s->arena, "%s %.*s %s %s\n", record_kind_name(fact.kind),
                                    (int)fact.value.n, fact.value.p,
                                    row.from_day.set ? day_format((day)row.from_day.v, from) : "",
                                    row.to_day.set ? day_format((day)row.to_day.v, to) : "");
        n += strlen(lines[count++]);
    }
    if (count > 0)
        qsort(lines, count, sizeof *lines, by_text);
    char *text = arena_take(&s->arena, n + 1);
    n = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(text + n, lines[i], strlen(lines[i]));
        n += strlen(lines[i]);
    }
    return text;
}

static int64_t count_sqlite(struct scene *s, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement = NULL;

    if (sqlite3_open_v2(s->database.path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int64_t n = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return n;
}

int64_t scene_count(struct scene *s, const char *sql)
{
    if (s->database.engine == STORE_SQLITE)
        return count_sqlite(s, sql);
    PGconn *connection = PQconnectdb(s->database.url);
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(connection));
    int64_t n = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    PQfinish(connection);
    return n;
}

struct scene_id_number scene_id_number(const char *birth, unsigned sequence)
{
    struct scene_id_number id;
    char digits[ID_NUMBER_SIZE + 1];

    snprintf(digits, sizeof digits, "999900%.4s%.2s%.2s%03u", birth, birth + 5, birth + 8,
             sequence % 1000);
    digits[17] = id_number_check_digit(digits);
    digits[18] = '\0';
    memcpy(id.text, digits, sizeof digits);
    return id;
}

void scene_print(struct scene_text *t, const char *format, ...)
{
    char line[1024];
    va_list arguments;

    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= sizeof line)
        abort();
    if (t->n + (size_t)n + 1 > t->capacity) {
        t->capacity = 2 * (t->n + (size_t)n + 512);
        t->p = realloc(t->p, t->capacity);
        if (!t->p)
            abort();
    }
    memcpy(t->p + t->n, line, (size_t)n + 1);
    t->n += (size_t)n;
}

void scene_text_end(struct scene_text *t)
{
    free(t->p);
    *t = (struct scene_text){0};
}
