/* Migrations: once each, whole or not at all, and never over a schema that is not known. The
 * program's own schema and every statement of it are held to both engines here, too. */
#include "fixture.h"

#include "store/engine.h"
#include "store/sql_statements.h"

static void idempotent(void **state)
{
    struct fixture *f = fixture_of(state);
    int applied = -1;
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_migrate_with(f->store, fixture_migrations, &applied, &f->e));
    assert_int_equal(applied, 0);
    OK(f, store_check_version_with(f->store, fixture_migrations, &f->e));
    assert_int_equal(fixture_count(f, f->store), 1);
}

static const struct store_migration *third(const char *sql, struct store_migration list[3])
{
    list[0] = fixture_migrations.list[0];
    list[1] = fixture_migrations.list[1];
    list[2] = (struct store_migration){3, "third", 7, sql, sql};
    return list;
}

static void one_more(void **state)
{
    struct fixture *f = fixture_of(state);
    struct store_migration list[3];
    struct store_migrations more = {third("CREATE TABLE third (id BIGINT PRIMARY KEY)", list), 3};
    int applied = 0;
    FAILS(f, ERR_DATABASE_VERSION, store_check_version_with(f->store, more, &f->e));
    OK(f, store_migrate_with(f->store, more, &applied, &f->e));
    assert_int_equal(applied, 1);
    OK(f, store_check_version_with(f->store, more, &f->e));
    /* The older program, on the newer database. */
    FAILS(f, ERR_DATABASE_VERSION, store_check_version_with(f->store, fixture_migrations, &f->e));
    FAILS(f, ERR_DATABASE_VERSION,
          store_migrate_with(f->store, fixture_migrations, &applied, &f->e));
    assert_false(store_in_transaction(f->store));
}

static void half_applied(void **state)
{
    struct fixture *f = fixture_of(state);
    struct store_migration list[3];
    struct store_migrations wrong = {
        third("CREATE TABLE third (id BIGINT PRIMARY KEY); CREATE TABLE third (id BIGINT);", list),
        3};
    FAILS(f, ERR_DATABASE, store_migrate_with(f->store, wrong, NULL, &f->e));
    OK(f, store_check_version_with(f->store, fixture_migrations, &f->e));
    struct store_migrations right = {third("CREATE TABLE third (id BIGINT PRIMARY KEY)", list), 3};
    OK(f, store_migrate_with(f->store, right, NULL, &f->e));
}

static void edited_afterwards(void **state)
{
    struct fixture *f = fixture_of(state);
    struct store_migration list[3];
    struct store_migrations edited = {third("", list), 2};
    list[0].hash++;
    FAILS(f, ERR_DATABASE_VERSION, store_check_version_with(f->store, edited, &f->e));
    FAILS(f, ERR_DATABASE_VERSION, store_migrate_with(f->store, edited, NULL, &f->e));
}

static void never_initialised(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_run(f->store, "DROP TABLE schema_migration", &f->e));
    FAILS(f, ERR_DATABASE_MISSING, store_check_version_with(f->store, fixture_migrations, &f->e));
    assert_non_null(strstr(f->e.hint, "humiao init"));
}

/* On a database without the fixture's schema. */
static void the_programs_own(void **state)
{
    struct fixture *f = fixture_of(state);
    struct test_database d;
    STORE_AUTO struct store *s = NULL;
    int applied = 0;
    assert_true(test_database_make(&d, store_engine(f->store)));
    OK(f, store_open(d.url, STORE_CREATE, &s, &f->e));
    OK(f, store_migrate(s, &applied, &f->e));
    assert_int_equal(applied, (int)sql_migrations.count);
    OK(f, store_check_version(s, &f->e));
    OK(f, store_statements_check(s, sql_statements, &f->e));
    store_close(s);
    s = NULL;
    test_database_remove(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(idempotent),        EACH(one_more),          EACH(half_applied),
        EACH(edited_afterwards), EACH(never_initialised), EACH(the_programs_own),
    };
    return cmocka_run_group_tests_name("store migrations", tests, NULL, NULL);
}
