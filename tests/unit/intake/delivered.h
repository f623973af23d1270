/* A small family, two mappings of departments, and files by them: what the tests of deliveries share. */
#ifndef HUMIAO_TESTS_DELIVERED_H
#define HUMIAO_TESTS_DELIVERED_H

#include "../people/cast.h"
#include "screening/crowd.h"

#include "intake/delivery.h"
#include "intake/push.h"

#include <string.h>

#define DELIVERED_VILLAGE INT64_C(999901001001)

/* test-deaths: a row is a record; test-divorces: a row is a record of each party. */
#define DEATHS_HEADER "注销编号,身份证号,姓名,死亡日期,状态\n"
#define DIVORCES_HEADER "登记编号,男方身份证号,女方身份证号,登记日期\n"

struct delivered {
    struct scene *s;
    struct intake in;
    struct edition edition;
    const struct care_tables *tables;
    struct feed_library library;
    const struct feed *deaths, *divorces;
    struct scene_id_number father, mother, stranger;
    int64_t refused;   /* rows told */
    char column[64];   /* of the last one */
    int stop_after;    /* transactions; 0: never */
    int64_t divisions; /* told of as changed */
};

void delivered_begin(struct delivered *t, void **state);

/* The father's and the mother's deaths and those of `strangers`, behind the header. In the scene's arena. */
const char *delivered_deaths(struct delivered *t, int strangers);

/* The file by test-deaths from the command line; e holds what was wrong. */
int delivered_file(struct delivered *t, const char *text, int allow, struct delivery_totals *ret);
int delivered_path(struct delivered *t, const char *path, const struct feed *feed, int allow,
                   struct delivery_totals *ret);

/* Handed in by pieces of that many bytes, closed; the id. */
int64_t delivered_pieces(struct delivered *t, const struct feed *feed, const char *text,
                         size_t piece);

struct delivery_story delivered_story(struct delivered *t, int64_t id);

/* A test program is its own sheet reader: the first line of its main. */
#define DELIVERED_READER(argc, argv)                          \
    if ((argc) > 1 && strcmp((argv)[1], "sheet-reader") == 0) \
    return sheet_reader_main((argc), (argv))

#endif
