#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char divisions[] = "code,name,level,parent\n"
                                "330000000000,浙江省,province,\n"
                                "330100000000,杭州市,city,330000000000\n"
                                "330700000000,金华市,city,330000000000\n"
                                "330109000000,萧山区,county,330100000000\n"
                                "330782000000,义乌市,county,330700000000\n"
                                "330109001000,城厢街道,town,330109000000\n"
                                "330782001000,稠城街道,town,330782000000\n"
                                "330782100000,佛堂镇,town,330782000000\n"
                                "330109001001,甲社区居委会,village,330109001000\n"
                                "330782001001,江滨社区居委会,village,330782001000\n"
                                "330782001002,胜利社区居委会,village,330782001000\n"
                                "330782100200,倍磊村委会,village,330782100000\n"
                                "340000000000,安徽省,province,\n"
                                "340100000000,合肥市,city,340000000000\n"
                                "340102000000,瑶海区,county,340100000000\n";

char *fixture_path(const char *directory, const char *name)
{
    char *path;

    assert_true(asprintf(&path, "%s/%s", directory, name) > 0);
    return path;
}

char *fixture_directory(void)
{
    const char *place = getenv("TMPDIR");
    char *directory = fixture_path(place ? place : "/tmp", "humiao-synth-XXXXXX"), *path;
    FILE *f;

    assert_non_null(mkdtemp(directory));
    path = fixture_path(directory, "tree.csv");
    f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(divisions, 1, sizeof(divisions) - 1, f), sizeof(divisions) - 1);
    assert_int_equal(fclose(f), 0);
    free(path);
    return directory;
}

void fixture_remove(char *directory)
{
    static const char *const names[] = {"tree.csv",      "divisions.csv", "people.csv",
                                        "relations.csv", "records.csv",   "accounts.csv",
                                        "truth.csv",     "manifest.json", NULL};

    for (int i = 0; names[i]; i++) {
        char *path = fixture_path(directory, names[i]);
        unlink(path);
        free(path);
    }
    assert_int_equal(rmdir(directory), 0); /* nothing else was left there */
    free(directory);
}

char *fixture_read(const char *directory, const char *name, size_t *ret_size)
{
    char *path = fixture_path(directory, name), *text;
    FILE *f = fopen(path, "r");
    long size;

    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    size = ftell(f);
    rewind(f);
    text = malloc((size_t)size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, f), size);
    text[size] = 0;
    fclose(f);
    free(path);
    *ret_size = (size_t)size;
    return text;
}

day fixture_day(const char *text)
{
    day d;

    assert_true(day_parse(slice_from(text), &d));
    return d;
}

void fixture_family(struct synth_family *f, const char *birth)
{
    memset(f, 0, sizeof(*f));
    f->people_count = 3;
    for (int i = 0; i < 3; i++) {
        f->people[i].birth = fixture_day(i ? "1980-01-01" : birth);
        f->people[i].household = 1;
        memcpy(f->people[i].id, "999999", 7);
    }
    f->children_count = f->minors_count = 1;
    f->father = 1;
    f->mother = 2;
    f->eldest = f->people[0].birth;
}

static day or_open(const char *text, day open) { return text ? fixture_day(text) : open; }

void fixture_kin(struct synth_family *f, int person, enum synth_relation relation, const char *from,
                 const char *to)
{
    f->kin[f->kin_count++] = (struct synth_kin){0, (uint8_t)person, (uint8_t)relation,
                                                or_open(from, DAY_BEGINNING),
                                                or_open(to, DAY_FOREVER)};
}

struct synth_fact *fixture_fact(struct synth_family *f, int person, enum synth_kind kind,
                                const char *from, const char *to)
{
    struct synth_fact *fact = &f->facts[f->facts_count++];
    day begin = fixture_day(from), end = or_open(to, DAY_FOREVER);

    *fact = (struct synth_fact){.person = (uint8_t)person,
                                .kind = (uint8_t)kind,
                                .from = begin,
                                .to = end,
                                .meaning = synth_kinds[kind].meaning,
                                .holds = {begin, end}};
    return fact;
}
