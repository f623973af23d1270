#include "fixture.h"

static int setup(void **state, enum store_engine engine)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->e.language = LANGUAGE_EN;
    if (!test_database_make(&f->database, engine)) {
        free(f);
        *state = NULL;
        return 0;
    }
    OK(f, store_open(f->database.url, STORE_CREATE, &f->store, &f->e));
    OK(f, store_migrate_with(f->store, fixture_migrations, NULL, &f->e));
    *state = f;
    return 0;
}

int fixture_setup_sqlite(void **state) { return setup(state, STORE_SQLITE); }

int fixture_setup_postgresql(void **state) { return setup(state, STORE_POSTGRESQL); }

int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    if (!f)
        return 0;
    store_close(f->store);
    test_database_remove(&f->database);
    free(f);
    return 0;
}

struct fixture *fixture_of(void **state)
{
    if (!*state)
        skip();
    return *state;
}

int fixture_ok(struct fixture *f, int r, const char *call, const char *file, int line)
{
    if (r < 0) {
        print_error("%s:%d: %s: HM-%d %s (%s)\n", file, line, call, -r, f->e.detail, f->e.hint);
        _fail(file, line);
    }
    return r;
}

void fixture_fails(struct fixture *f, enum error_code code, int r, const char *call,
                   const char *file, int line)
{
    if (r != -(int)code || f->e.code != code) {
        print_error("%s:%d: %s: returned %d, error %d, not %d: %s\n", file, line, call, r,
                    (int)f->e.code, (int)code, f->e.detail);
        _fail(file, line);
    }
}

int64_t fixture_count(struct fixture *f, struct store *s)
{
    struct fixture_thing_count row;
    bool found = false;
    OK(f, fixture_thing_count(s, &found, &row, &f->e));
    assert_true(found);
    return row.count;
}

int fixture_insert(struct store *s, int64_t id, struct error *e)
{
    return fixture_thing_insert(s, id, OPT_INT_NONE, OPT_INT_NONE, SLICE_NONE, SLICE_NONE, e);
}
