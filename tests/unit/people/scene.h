/* A deployment of its own for one test, on either engine, with files loaded from texts. For the rooms
 * from people upwards: #include "people/scene.h". */
#ifndef HUMIAO_TESTS_SCENE_H
#define HUMIAO_TESTS_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "access/deployment.h"
#include "people/id_number.h"
#include "people/load.h"
#include "people/record.h"
#include "store/test_database.h"

struct scene {
    struct test_database database;
    struct deployment *d;
    struct arena arena;
    struct error e;
    int files;           /* written so far */
    char refusals[4096]; /* of the last load or ingest: "LINE COLUMN HM-CODE" a line */
    char warnings[512];  /* the same: what was warned of */
};

/* A test runs on both engines: EACH(name) in the list of tests. */
#define EACH(name)                                                                \
    {#name " (SQLite)", name, scene_setup_sqlite, scene_teardown, NULL},          \
    {                                                                             \
#name " (PostgreSQL)", name, scene_setup_postgresql, scene_teardown, NULL \
    }
int scene_setup_sqlite(void **state);
int scene_setup_postgresql(void **state);
int scene_teardown(void **state);

/* Where a test begins: skips it when its engine is not there. */
struct scene *scene_of(void **state);

/* A further deployment beside the test's own; ended by scene_end. */
struct scene *scene_begin(enum store_engine engine);
void scene_end(struct scene *s);

/* Opens the deployment anew, after a fork or for another mode. */
void scene_open(struct scene *s);
void scene_close(struct scene *s);

/* r must not be negative; else the error is shown. */
#define OK(s, call) scene_ok((s), (call), #call, __FILE__, __LINE__)
int scene_ok(struct scene *s, int r, const char *call, const char *file, int line);

/* A file of that text in the scene's directory; the path is in the arena. */
const char *scene_file(struct scene *s, const char *text);

typedef int scene_loader(struct deployment *, const struct load_options *, struct load_totals *,
                         struct error *);
/* Loads a text and gives the totals; `refusals` and `warnings` are filled. */
struct load_totals scene_load(struct scene *s, scene_loader *load, bool full, const char *text);
struct refusal_sink scene_sink(struct scene *s);
void scene_warn(void *context, const char *msgid, struct slice what);

/* The id of whom the register knows under this ref; 0: nobody. */
int64_t scene_person(struct scene *s, const char *ref);

/* The facts in force about the person, opened: "kind value from to" a line, sorted. In the arena. */
const char *scene_facts(struct scene *s, int64_t person_id);

/* One number by SQL, on a connection of its own: of what is committed. */
int64_t scene_count(struct scene *s, const char *sql);

/* A good identity number of division 999900 for that birth date (YYYY-MM-DD), sequence 0 to 999: odd
 * ones are men's. */
struct scene_id_number {
    char text[ID_NUMBER_SIZE + 1];
};
struct scene_id_number scene_id_number(const char *birth, unsigned sequence);

/* A text that grows. */
struct scene_text {
    char *p;
    size_t n, capacity;
};
void scene_print(struct scene_text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void scene_text_end(struct scene_text *t);

/* The first lines of the files. */
#define PEOPLE_HEADER                                                                          \
    "ref,id_no,name,sex,birth_date,hukou_division,residence_division,residence_since,address," \
    "phone,"                                                                                   \
    "household\n"
#define RELATIONS_HEADER "child_ref,person_ref,relation,from,to\n"
#define RECORDS_HEADER \
    "record_key,department,kind,id_no,name,birth_date,division,from,to,value,note,revision\n"

#endif
