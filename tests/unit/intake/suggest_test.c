/* The mapping assistant against every feed that is built in: its own columns under their other names, in a file made
 * from the mapping alone, with the feed itself unknown. And against what nobody would call a header. */
#include "intake/suggest.h"
#include "people/id_number.h"

#include "base/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS 60
/* Shares of columns put to their right use. Measured: 0.992 beside the other feeds, 0.992 with no feed known, 1.000 and
 * every kind under their titles. The least that is accepted: */
#define LEAST_WITH_OTHERS 0.97
#define LEAST_ALONE 0.96
#define LEAST_KINDS 0.97 /* under their titles */

static struct arena arena;
static struct feed_library library;

static int set_up(void **state)
{
    struct source *sources;
    struct error e = {.language = LANGUAGE_EN};
    size_t count;

    if (source_read_folder(FEEDS_FOLDER, ".yaml", FEED_TEXT_MAX, ERR_MAPPING, &arena, &sources,
                           &count, &e) < 0)
        return -1;
    library.feeds = ARENA_ARRAY(&arena, count, struct feed *);
    for (size_t i = 0; i < count; i++)
        if (feed_parse(&sources[i], &arena, &library.feeds[library.count++], &e) < 0) {
            fprintf(stderr, "%s\n", e.detail);
            return -1;
        }
    return 0;
}

static int tear_down(void **state)
{
    arena_end(&arena);
    return 0;
}

/* ---- files ---- */

struct table {
    struct sheet_row rows[ROWS + 8];
    size_t count, width;
};

static void put(struct table *t, size_t row, size_t column, const char *text)
{
    struct sheet_row *r = &t->rows[row];

    if (!r->cells) {
        struct sheet_cell *cells = ARENA_ARRAY(&arena, SHEET_COLUMNS_MAX, struct sheet_cell);
        for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++)
            cells[i].text = SLICE_LITERAL("");
        r->cells = cells;
        r->line = r->number = row + 1;
    }
    ((struct sheet_cell *)(uintptr_t)r->cells)[column].text = arena_copy(&arena, slice_from(text));
    r->count = column + 1 > r->count ? column + 1 : r->count;
    t->count = row + 1 > t->count ? row + 1 : t->count;
}

static const char *id_of(size_t row, int salt, char text[19])
{
    day birth;
    int year, month, dom;

    day_from_date(1975 + salt * 3, 1, 1, &birth);
    day_to_date(birth + (day)row * 97, &year, &month, &dom);
    snprintf(text, 19, "999999%04d%02d%02d%03d", year, month, dom, (int)(row * 2 + 1) % 900);
    text[17] = id_number_check_digit(text);
    text[18] = 0;
    return text;
}

static const char *name_text(size_t row)
{
    static const char *const surnames[] = {"王", "陈", "楼", "骆", "欧阳", "吴", "傅"};
    static const char *const given[] = {"晓明", "丽", "建国", "思远", "燕"};

    return arena_printf(&arena, "%s%s", surnames[row % 7], given[row % 5]);
}

static const char *date_text(day d, size_t row)
{
    int year, month, dom;

    day_to_date(d, &year, &month, &dom);
    switch (row % 4) {
    case 0: return arena_printf(&arena, "%d/%d/%d", year, month, dom);
    case 1: return arena_printf(&arena, "%04d%02d%02d", year, month, dom);
    case 2: return arena_printf(&arena, "%d年%d月%d日", year, month, dom);
    default: return arena_printf(&arena, "%04d-%02d-%02d", year, month, dom);
    }
}

static bool alone_in(const struct feed *f, const char *column, enum record_column place)
{
    const char *alone = arena_printf(&arena, "{%s}", column);

    for (size_t i = 0; i < f->record_count; i++)
        if (slice_is(f->records[i].templates[place], alone))
            return true;
    return false;
}

/* A cell such as the column would have, from the mapping alone. */
static const char *cell_text(const struct feed *f, const struct feed_column *c, size_t row)
{
    day from, birth;
    char id[19];

    day_from_date(2019, 3, 1, &from);
    from += (day)row * 37;
    switch (c->form) {
    case FORM_ID_NUMBER:
        return arena_string(&arena,
                            slice_from(id_of(row, alone_in(f, c->name, RECORD_ID_NO) ? 0 : 5, id)));
    case FORM_DATE:
    case FORM_MONTH:
        if (alone_in(f, c->name, RECORD_BIRTH_DATE)) {
            struct id_number number;
            id_number_check(slice_from(id_of(row, 0, id)), &number);
            birth = number.birth;
            return date_text(birth, row);
        }
        if (alone_in(f, c->name, RECORD_TO) && !alone_in(f, c->name, RECORD_REVISION))
            return row % 3 ? "" : date_text(from + 200 + (day)row, row);
        return date_text(alone_in(f, c->name, RECORD_TO) ? from + 400 : from, row);
    case FORM_MOMENT: return arena_printf(&arena, "%s 08:30:00", date_text(from + 2, 3));
    case FORM_TERM: return row % 2 ? "3年6个月" : "有期徒刑二年";
    case FORM_CODE: return arena_string(&arena, c->codes[row % c->code_count].from);
    case FORM_DIVISION:
        return arena_printf(&arena, "3307820%02d2%02d", (int)row % 9 + 1, (int)row % 30 + 1);
    case FORM_ICD: return row % 2 ? "X61" : "X78.1";
    case FORM_NUMBER: return arena_printf(&arena, "%d", (int)row % 7);
    case FORM_TEXT:
    case FORM_COUNT: break;
    }
    for (size_t i = 0; i < f->record_count; i++)
        if (alone_in(f, c->name, RECORD_NAME))
            return name_text(row);
    if (alone_in(f, c->name, RECORD_VALUE))
        return arena_printf(&arena, "DB-%02d", (int)row % 9);
    if (alone_in(f, c->name, RECORD_NOTE))
        return row % 4 ? "" : "材料已核对,原件存档案室,由窗口工作人员签字确认";
    return arena_printf(&arena, "%c%04d-%05d", 'A' + (int)(row % 3), 2019 + (int)row % 6,
                        10000 + (int)row * 13);
}

static bool ends(struct slice s, const char *word)
{
    size_t n = strlen(word);

    return s.n >= n && memcmp(s.p + s.n - n, word, n) == 0;
}

static const char *ignored_text(struct slice name, size_t row)
{
    char id[19];

    if (slice_is(name, "序号"))
        return arena_printf(&arena, "%d", (int)row + 1);
    if (slice_is(name, "性别"))
        return row % 2 ? "男" : "女";
    if (ends(name, "电话"))
        return arena_printf(&arena, "138%08d", 12345678 + (int)row * 977);
    if (ends(name, "身份证号"))
        return arena_string(&arena, slice_from(id_of(row, 7, id)));
    if (ends(name, "址"))
        return arena_printf(&arena, "义乌市稠城街道诚信村%d号", (int)row + 1);
    return row % 2 ? "甲" : "乙";
}

/* Columns of the feed from 0 on, then the ignored ones. */
static struct table *file_of(const struct feed *f, size_t nth, const char *title)
{
    struct table *t = ARENA_NEW(&arena, struct table);
    size_t top = title ? 1 : 0;

    if (title)
        put(t, 0, 0, title);
    for (size_t i = 0; i < f->column_count; i++) {
        const struct feed_column *c = &f->columns[i];
        size_t at = nth < c->named_count ? nth : c->named_count - 1;
        put(t, top, i, arena_string(&arena, c->named[at]));
        for (size_t row = 0; row < ROWS; row++)
            put(t, top + 1 + row, i, cell_text(f, c, row));
    }
    for (size_t i = 0; i < f->ignored_count; i++) {
        put(t, top, f->column_count + i, arena_string(&arena, f->ignored[i]));
        for (size_t row = 0; row < ROWS; row++)
            put(t, top + 1 + row, f->column_count + i, ignored_text(f->ignored[i], row));
    }
    put(t, top + 1 + ROWS, 0, "合计");
    put(t, top + 1 + ROWS, 1, "60人");
    return t;
}

/* ---- what a mapping uses a column for, read from its records here once more ---- */

static const char *expected_use(const struct feed *f, const struct feed_column *c)
{
    static const struct {
        enum record_column place;
        const char *use;
    } places[] = {
        {RECORD_ID_NO, "id_no"}, {RECORD_NAME, "name"},      {RECORD_BIRTH_DATE, "birth_date"},
        {RECORD_FROM, "from"},   {RECORD_TO, "to"},          {RECORD_DIVISION, "division"},
        {RECORD_NOTE, "note"},   {RECORD_KEY, "record_key"}, {RECORD_KIND, "kind"}};
    const struct feed_record *first = &f->records[0];
    const char *alone = arena_printf(&arena, "{%s}", c->name), *other = NULL;

    if (f->record_count == 2 && slice_is(first->templates[RECORD_VALUE], alone) &&
        c->form == FORM_ID_NUMBER)
        return "other_party";
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (slice_is(first->templates[places[i].place], alone))
            return places[i].use;
        if (alone_in(f, c->name, places[i].place))
            other = places[i].use;
    }
    if (other)
        return strcmp(other, "name") == 0 ? "other_name" : other;
    for (size_t i = 0; i < f->record_count; i++) {
        struct slice value = f->records[i].templates[RECORD_VALUE],
                     key = f->records[i].templates[RECORD_KEY];
        if (value.p && strstr(arena_string(&arena, value), alone))
            return "value";
        if (key.p && strstr(arena_string(&arena, key), alone))
            return "record_key";
    }
    return f->record_count > 1 && f->records[0].kind != f->records[1].kind &&
                   &f->columns[f->records[0].when.column] == c
               ? "kind"
               : "state";
}

struct share {
    size_t right, all, ignored_right, ignored, kinds_right, kinds_wrong, kinds;
};

static void judge(const struct feed *f, const struct suggestion *s, struct share *share)
{
    for (size_t i = 0; i < f->column_count; i++) {
        const char *use = s->columns[i].use ? s->columns[i].use : "none";
        bool right = strcmp(use, expected_use(f, &f->columns[i])) == 0;
        share->all++;
        share->right += right;
        if (!right)
            print_message("%s: %.*s is %s, not %s\n", f->name, (int)s->columns[i].header.n,
                          s->columns[i].header.p, expected_use(f, &f->columns[i]), use);
    }
    for (size_t i = f->column_count; i < s->column_count; i++) {
        const struct suggest_column *c = &s->columns[i];
        bool sensitive = detect_column_sensitive(&c->contents);
        bool left_out = c->use && strcmp(c->use, "ignore") == 0;
        share->ignored++;
        share->ignored_right += !c->use || left_out;
        assert_false(sensitive && left_out); /* never in silence */
        assert_true(!sensitive || c->use || c->sensitive);
        if (c->use && !left_out)
            print_message("%s: %.*s is taken for %s\n", f->name, (int)c->header.n, c->header.p,
                          c->use);
    }
    bool one = true;
    for (size_t i = 0; i < f->record_count; i++)
        one = one && f->records[i].kind == f->records[0].kind;
    if (one) {
        share->kinds++;
        share->kinds_right += s->kind == f->records[0].kind;
        share->kinds_wrong += s->kind != f->records[0].kind && s->kind != KIND_NONE;
        if (s->kind != f->records[0].kind)
            print_message("%s: kind %s\n", f->name, record_kind_name(s->kind));
    }
}

static void without(const struct feed *f, struct feed_library *ret)
{
    ret->feeds = ARENA_ARRAY(&arena, library.count + 1, struct feed *);
    ret->count = 0;
    for (size_t i = 0; i < library.count; i++)
        if (library.feeds[i] != f)
            ret->feeds[ret->count++] = library.feeds[i];
}

static struct share all_feeds(bool others, bool titled, const char *label)
{
    struct share share = {0};
    struct error e = {.language = LANGUAGE_EN};

    for (size_t i = 0; i < library.count; i++)
        for (size_t nth = 1; nth <= 2; nth++) {
            const struct feed *f = library.feeds[i];
            struct table *t = file_of(f, nth, titled ? arena_string(&arena, f->title_zh) : NULL);
            struct feed_library known = {0};
            struct suggestion s;
            if (others)
                without(f, &known);
            assert_int_equal(suggest(&known, NULL, t->rows, t->count, f->department,
                                     SLICE_LITERAL(""), &arena, &s, &e),
                             0);
            assert_int_equal(s.header_number, titled ? 2 : 1);
            assert_int_equal(s.column_count, f->column_count + f->ignored_count);
            judge(f, &s, &share);
        }
    print_message("%s: %zu of %zu columns right (%.3f), %zu of %zu left out, %zu of %zu kinds\n",
                  label, share.right, share.all, (double)share.right / (double)share.all,
                  share.ignored_right, share.ignored, share.kinds_right, share.kinds);
    return share;
}

static void test_every_feed_beside_the_others(void **state)
{
    struct share share = all_feeds(true, false, "beside the others");

    assert_true(share.all > 100);
    assert_true((double)share.right >= LEAST_WITH_OTHERS * (double)share.all);
}

static void test_every_feed_alone(void **state)
{
    struct share share = all_feeds(false, false, "no feed known");

    assert_true((double)share.right >= LEAST_ALONE * (double)share.all);
}

static void test_every_feed_under_its_title(void **state)
{
    struct share share = all_feeds(true, true, "under their titles");

    assert_true((double)share.right >= LEAST_WITH_OTHERS * (double)share.all);
    assert_true((double)share.kinds_right >= LEAST_KINDS * (double)share.kinds);
    assert_int_equal(share.kinds_wrong, 0);
}

/* ---- one sheet, closely ---- */

static const struct feed *feed_named(const char *name)
{
    for (size_t i = 0; i < library.count; i++)
        if (strcmp(library.feeds[i]->name, name) == 0)
            return library.feeds[i];
    fail_msg("no feed %s", name);
    return NULL;
}

static const struct suggest_column *column_named(const struct suggestion *s, const char *header)
{
    for (size_t i = 0; i < s->column_count; i++)
        if (slice_is(s->columns[i].header, header))
            return &s->columns[i];
    fail_msg("no column %s", header);
    return NULL;
}

static struct suggestion suggested(struct table *t)
{
    const struct feed_library none = {0};
    struct suggestion s;
    struct error e = {.language = LANGUAGE_EN};

    assert_int_equal(suggest(&none, NULL, t->rows, t->count, SLICE_LITERAL("disabled_federation"),
                             SLICE_LITERAL("certificates-of-a-county"), &arena, &s, &e),
                     0);
    return s;
}

static void test_codes_of_disability(void **state)
{
    struct table *t = file_of(feed_named("disability-certificates"), 1, "2026年残疾人证名册");
    struct suggestion s = suggested(t);
    const struct suggest_column *kind = column_named(&s, "残疾类型"),
                                *level = column_named(&s, "残疾级别");
    size_t found = 0;

    assert_int_equal(s.header_number, 2);
    assert_int_equal(s.kind, KIND_DISABILITY);
    assert_int_equal(kind->form, FORM_CODE);
    for (size_t i = 0; i < kind->value_count; i++) {
        found += slice_is(kind->values[i].from, "视力残疾") &&
                 slice_is(kind->values[i].to, "visual");
        found += slice_is(kind->values[i].from, "多重") && slice_is(kind->values[i].to, "multiple");
    }
    for (size_t i = 0; i < level->value_count; i++)
        found += slice_is(level->values[i].from, "一级") && slice_is(level->values[i].to, "1");
    assert_int_equal(found, 3);
    assert_true(kind->reason_count > 0 && s.kind_reason_count > 0);
}

/* Lists in words that stand neither in a feed nor, as they are, in the assistant's own: it goes by their contents. */
static void test_lists_in_other_words(void **state)
{
    static const struct {
        const char *header, *use;
    } columns[] = {{"序", "ignore"},
                   {"证件类型", NULL},
                   {"服刑人员姓名", "name"},
                   {"证照编号", "id_no"},
                   {"收押日", "from"},
                   {"判处刑罚", "value"},
                   {"预计释放", "to"},
                   {"罪犯档案编号", "record_key"},
                   {"管教", NULL}};
    struct table *t = ARENA_NEW(&arena, struct table);
    day from;
    char id[19];

    day_from_date(2019, 3, 1, &from);
    for (size_t i = 0; i < 9; i++)
        put(t, 0, i, columns[i].header);
    for (size_t row = 1; row <= ROWS; row++) {
        put(t, row, 0, arena_printf(&arena, "%zu", row));
        put(t, row, 1, "居民身份证");
        put(t, row, 2, name_text(row));
        put(t, row, 3, id_of(row, 0, id));
        put(t, row, 4, date_text(from + (day)row * 11, row));
        put(t, row, 5, row % 3 ? "有期徒刑2年6个月" : "10个月");
        put(t, row, 6, date_text(from + 900 + (day)row * 11, row + 1));
        put(t, row, 7,
            arena_printf(&arena, "C%05zu", 10000 + row * 7)); /* like a diagnosis, and none */
        put(t, row, 8, name_text(row + 3));
    }
    struct suggestion s = suggested(t);
    assert_int_equal(s.kind, KIND_IMPRISONED);
    for (size_t i = 0; i < 9; i++) {
        if (!columns[i].use)
            assert_null(s.columns[i].use);
        else if (!s.columns[i].use || strcmp(s.columns[i].use, columns[i].use) != 0)
            fail_msg("%s is %s", columns[i].header, s.columns[i].use ? s.columns[i].use : "none");
    }
    assert_int_equal(s.columns[5].form, FORM_TERM);
    assert_true(s.columns[8].sensitive); /* names, of whomever */
}

static void test_reasons_are_sentences(void **state)
{
    struct suggest_reason r = {"{hits} of {cells} cells are like “{what}”", 97, 100,
                               SLICE_LITERAL("身份证号")};

    assert_string_equal(suggest_reason_text(&r, LANGUAGE_EN, &arena),
                        "97 of 100 cells are like “身份证号”");
    r.what = SLICE_NONE;
    assert_string_equal(suggest_reason_text(&r, LANGUAGE_EN, &arena),
                        "97 of 100 cells are like “”");
}

/* Who, from when, until when, what. */
static void agree(const struct slice *a, const struct slice *b, size_t *alike, size_t *compared)
{
    const enum record_column columns[] = {RECORD_ID_NO, RECORD_FROM, RECORD_TO, RECORD_VALUE,
                                          RECORD_NAME};

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        struct slice x = a[columns[i]], y = b[columns[i]];
        ++*compared;
        *alike += slice_equal(x.p ? x : SLICE_LITERAL(""), y.p ? y : SLICE_LITERAL(""));
    }
}

/* The suggestion reads its own file, and makes of it what the feed's own mapping makes. */
static void test_mapping_is_one(void **state)
{
    const char *const names[] = {
        "disability-certificates", "divorces", "prison-admissions", "low-income",
        "residence-permits",       "deaths",   "lost-contact"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct feed *f = feed_named(names[i]);
        struct table *t = file_of(f, 0, arena_string(&arena, f->title_zh));
        struct suggestion s = suggested(t);
        struct source source = {"suggested.yaml", s.mapping};
        struct feed_places places, own;
        struct feed_cells cells[FEED_RECORDS_MAX], wanted[FEED_RECORDS_MAX];
        struct feed *again;
        struct error e = {.language = LANGUAGE_EN};
        size_t made = 0, alike = 0, compared = 0, count, wanted_count;
        if (feed_parse(&source, &arena, &again, &e) < 0)
            fail_msg("%s: %s\n%.*s", names[i], e.detail, (int)s.mapping.n, s.mapping.p);
        assert_true(feed_match_header(again, &t->rows[1], &arena, &places));
        assert_int_equal(places.missing_count, 0);
        assert_true(feed_match_header(f, &t->rows[1], &arena, &own));
        for (size_t row = 2; row < 2 + ROWS; row++) {
            struct record r;
            if (feed_convert(again, &places, t->rows[row].cells, t->rows[row].count, &arena, cells,
                             &count, NULL, &e) < 0)
                continue;
            for (size_t c = 0; c < count; c++)
                made += record_check(cells[c].cells, &arena, &r, NULL, &e) == 0;
            if (feed_convert(f, &own, t->rows[row].cells, t->rows[row].count, &arena, wanted,
                             &wanted_count, NULL, &e) == 0 &&
                wanted_count > 0 && count > 0)
                agree(wanted[0].cells, cells[0].cells, &alike, &compared);
        }
        if (compared < ROWS || alike * 20 < compared * 19)
            fail_msg("%s: %zu of %zu cells alike\n%.*s", names[i], alike, compared,
                     (int)s.mapping.n, s.mapping.p);
        if (made < ROWS * 9 / 10)
            fail_msg("%s: %zu records, %s\n%.*s", names[i], made, e.detail, (int)s.mapping.n,
                     s.mapping.p);
    }
}

/* ---- renamed overnight ---- */

static void test_renamed_column_is_found(void **state)
{
    const struct feed *f = feed_named("low-income");
    struct table *t = file_of(f, 0, NULL);
    struct feed_places places;
    struct error e = {.language = LANGUAGE_EN};
    int *columns;

    put(t, 0, 1, "户主公民身份证号码");
    put(t, 0, 3, "救助批准年月日");
    assert_true(feed_match_header(f, &t->rows[0], &arena, &places));
    assert_int_equal(places.missing_count, 2);
    assert_int_equal(suggest_renamed(f, &places, t->rows, t->count, &arena, &columns, &e), 0);
    assert_int_equal(columns[1], 1);
    assert_int_equal(columns[3], 3);
    for (size_t i = 0; i < f->column_count; i++)
        assert_true(i == 1 || i == 3 || columns[i] == -1);
}

static void test_nothing_like_it_is_none(void **state)
{
    const struct feed *f = feed_named("low-income");
    struct table *t = file_of(f, 0, NULL);
    struct feed_places places;
    struct error e = {.language = LANGUAGE_EN};
    int *columns;

    put(t, 0, 1, "备用栏");
    for (size_t row = 1; row <= ROWS; row++)
        put(t, row, 1, "见附件");
    assert_true(feed_match_header(f, &t->rows[0], &arena, &places));
    assert_int_equal(suggest_renamed(f, &places, t->rows, t->count, &arena, &columns, &e), 0);
    assert_int_equal(columns[1], -1);
}

/* ---- what nobody would call a header ---- */

static void test_two_rows_of_names(void **state)
{
    struct table *t = ARENA_NEW(&arena, struct table);
    const struct feed_library none = {0};
    struct suggestion s;
    struct error e = {.language = LANGUAGE_EN};

    put(t, 0, 0, "登记编号");
    put(t, 0, 1, "男方");
    put(t, 0, 3, "登记日期");
    put(t, 1, 1, "姓名");
    put(t, 1, 2, "身份证号");
    for (size_t row = 2; row < 20; row++) {
        char id[19];
        put(t, row, 0, arena_printf(&arena, "LH%05zu", row));
        put(t, row, 1, name_text(row));
        put(t, row, 2, id_of(row, 0, id));
        put(t, row, 3, "2024-06-30");
    }
    assert_int_equal(suggest(&none, NULL, t->rows, t->count, SLICE_LITERAL(""), SLICE_LITERAL(""),
                             &arena, &s, &e),
                     -ERR_SHEET);
    assert_non_null(strstr(e.detail, "two rows, 1 and 2"));
    assert_true(e.hint[0] != 0);
}

static void test_no_header(void **state)
{
    struct table *t = ARENA_NEW(&arena, struct table);
    const struct feed_library none = {0};
    struct suggestion s;
    struct error e = {.language = LANGUAGE_EN};

    assert_int_equal(
        suggest(&none, NULL, t->rows, 0, SLICE_LITERAL(""), SLICE_LITERAL(""), &arena, &s, &e),
        -ERR_SHEET);
    for (size_t row = 0; row < 9; row++) {
        put(t, row, 0, arena_printf(&arena, "%zu", row));
        put(t, row, 1, "2024-06-30");
    }
    assert_int_equal(suggest(&none, NULL, t->rows, t->count, SLICE_LITERAL(""), SLICE_LITERAL(""),
                             &arena, &s, &e),
                     -ERR_SHEET);
}

static void test_hostile_headers(void **state)
{
    struct table *t = file_of(feed_named("low-income"), 0, NULL);
    size_t at = t->rows[0].count;
    char *wide = arena_take(&arena, 30001), id[19];
    struct suggestion s;

    for (size_t i = 0; i < 10000; i++)
        memcpy(wide + 3 * i, "身", 3);
    put(t, 0, at, wide);
    put(t, 0, at + 1, "身份证号\x01\x1b[31m\x07");
    put(t, 0, at + 2, "状态");                  /* a twin */
    put(t, 0, at + 3, "{id_no}: \"}\n- &a *a"); /* of another language */
    put(t, 0, at + 4, "\xff\xfe\xc0");          /* no UTF-8 */
    for (size_t row = 1; row <= ROWS; row++)
        for (size_t i = 0; i < 6; i++) /* the last has no name at all */
            put(t, row, at + i, i % 2 ? id_of(row, 9, id) : "甲");
    s = suggested(t);
    for (size_t i = at; i < at + 6; i++) {
        const struct suggest_column *c = &s.columns[i];
        assert_true(!c->use || strcmp(c->use, "ignore") == 0 || i == at + 4 || i == at + 2);
        assert_true((i - at) % 2 == 0 || (c->sensitive && !c->use));
        assert_true(i != at + 2 || !c->use);
    }
    assert_string_equal(column_named(&s, "户主身份证号")->use, "id_no");
}

static void test_sensitive_column_waits_for_somebody(void **state)
{
    struct table *t = file_of(feed_named("low-income"), 0, NULL);
    size_t at = t->rows[0].count;
    struct suggestion s;

    put(t, 0, at, "联系电话");
    put(t, 0, at + 1, "监护人证件");
    for (size_t row = 1; row <= ROWS; row++) {
        char id[19];
        put(t, row, at, arena_printf(&arena, "139%08d", 12345678 + (int)row * 31));
        put(t, row, at + 1, row == 30 ? id_of(row, 9, id) : "");
    }
    s = suggested(t);
    for (size_t i = at; i < at + 2; i++) {
        assert_null(s.columns[i].use);
        assert_true(s.columns[i].sensitive);
        assert_true(s.columns[i].reason_count > 0);
        assert_null(memmem(s.mapping.p, s.mapping.n, s.columns[i].header.p, s.columns[i].header.n));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_feed_beside_the_others),
        cmocka_unit_test(test_every_feed_alone),
        cmocka_unit_test(test_every_feed_under_its_title),
        cmocka_unit_test(test_codes_of_disability),
        cmocka_unit_test(test_lists_in_other_words),
        cmocka_unit_test(test_reasons_are_sentences),
        cmocka_unit_test(test_mapping_is_one),
        cmocka_unit_test(test_renamed_column_is_found),
        cmocka_unit_test(test_nothing_like_it_is_none),
        cmocka_unit_test(test_two_rows_of_names),
        cmocka_unit_test(test_no_header),
        cmocka_unit_test(test_hostile_headers),
        cmocka_unit_test(test_sensitive_column_waits_for_somebody),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
