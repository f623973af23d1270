/* Names, addresses and terms in sentences. */
#include "marked_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const words[] = {"王建国",
                                    "陈伟",
                                    "张晓明",
                                    "李娜",
                                    "高峰",
                                    "方法",
                                    "欧阳志远",
                                    "买买提·艾山",
                                    "Maria Lopez",
                                    "江明",
                                    "于红斌",
                                    "王宅",
                                    "+稠城街道",
                                    "+诚信村",
                                    "+江明街道",
                                    "+楼王社区居民委员会",
                                    "+前洪村村民委员会",
                                    NULL};

static int make(void **state)
{
    *state = lexicon_of(words);
    return 0;
}

static int end(void **state)
{
    detect_lexicon_free(*state);
    return 0;
}

static void test_registered_names(void **state)
{
    assert_marked(*state, "走访[name|王建国]家，孩子由爷爷[name|陈伟]照顾。");
    assert_marked(*state, "[name|张晓明]、[name|李娜]和[name|高峰]三人");
    assert_marked(*state, "学生[name|高峰]说：");
    assert_marked(*state, "由[name|于红斌]负责");
    assert_marked(*state, "[name|欧阳志远]的母亲[name|买买提·艾山]，[name|买买提•艾山]");
    assert_marked(*state, "met [name|Maria Lopez], [name|maria lopez].");
}

static void test_words_that_look_like_names(void **state)
{
    assert_marked(*state, "请错开早高峰，高峰时段车辆较多，提高峰值。");
    assert_marked(*state, "工作方法要改进，这个方法很好。");
    assert_marked(*state, "安全第一，程序马上更新，黄金时间，张贴通知，常住人口，和平时一样。");
    assert_marked(NULL, "学生安全、家长要履行职责，老师时常叮嘱，孩子马上回来。");
}

static void test_names_given_away(void **state)
{
    assert_marked(NULL, "姓名：[name|柳若琪]，性别");
    assert_marked(NULL, "孩子叫[name|贾一鸣]，今年8岁");
    assert_marked(NULL, "[name|沈佳怡]同学情绪低落");
    assert_marked(NULL, "母亲[name|诸葛云]离家");
    assert_marked(NULL, "监护人：[name|赵丽]");
    assert_marked(NULL, "王女士来电，李老师说。");
}

static void test_addresses(void **state)
{
    assert_marked(*state, "住[address|稠城街道诚信村45号]。");
    assert_marked(*state, "在[address|幸福路12号3幢201室]门口");
    assert_marked(*state, "地址：[address|浙江省义乌市江明街道工人西路188弄7号2单元503室]");
    assert_marked(*state, "家住[address|楼王社区3组]，到[address|前洪村十二号]");
    assert_marked(*state, "[name|陈伟]住[address|阳光花园12幢3单元1502室]，");
    assert_marked(*state, "坐在[address|王宅路12号]楼下");
    assert_marked(*state, "住在[address|幸福路１２号]");
    assert_marked(*state, "稠城街道、诚信村和江明街道都要报告。");
    assert_marked(*state, "街道3号文件，5月12号，地铁2号线，12路公交，思路12号");
}

static void test_terms(void **state)
{
    assert_marked(
        *state,
        "父亲[name|王建国]因[offence|吸毒]被强制，孩子疑似[health|抑郁症]，遭[abuse|家暴]。");
    assert_marked(*state, "残疾人联合会宣传反家暴");
    assert_marked(
        NULL, "The boy has [health|Epilepsy]; [abuse|sexual abuse] and [offence|drug use] by kin.");
    assert_marked(NULL, "a therapist stroked the cat, a grape drape");
}

static void test_bounds(void **state)
{
    struct detect_span *spans;
    size_t count = 7;
    ARENA_AUTO(arena);
    assert_int_equal(detect_find(NULL, (struct slice){"", 0}, &arena, &spans, &count, NULL), 0);
    assert_int_equal(count, 0);
    assert_marked(*state, "");
    assert_marked(*state, "王");
    assert_marked(*state, "\xE7\x8E");
    assert_marked(*state, "\xE7\x8E\x8B\xE5\xBB");
    assert_marked(*state, "\xF0\x9F\x98\x80[name|王建国]");
}

/* Nothing is read again and again: 600 kB of each take no time that is noticed. */
static void test_repetition(void **state)
{
    static const char *const pieces[] = {"1号",    "1东", "陈伟1号", "1-",   "路1号", "一号",
                                         "高峰、", "1 ",  "姓名：",  "村1A", "街道"};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t n = strlen(pieces[i]), count, size = 600000 / n * n;
        ARENA_AUTO(arena);
        char *text = arena_take(&arena, size);
        struct detect_span *spans;
        for (size_t at = 0; at < size; at += n)
            memcpy(text + at, pieces[i], n);
        clock_t begin = clock();
        assert_int_equal(
            detect_find(*state, (struct slice){text, size}, &arena, &spans, &count, NULL), 0);
        assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
    }
}

/* Any bytes: spans are in order, apart, and within; masks leave the rest as it was. */
static void test_any_bytes(void **state)
{
    const char *text = getenv("HUMIAO_TEST_SEED");
    unsigned seed = text ? (unsigned)strtoul(text, NULL, 10) : (unsigned)time(NULL);
    static const char *const pieces[] = {"王",   "建国", "号",     "路",   "12",  "138", "9999",
                                         "2012", "0",    " ",      "-",    "+86", "（",  "\xFF",
                                         "\xE7", "陈伟", "姓名：", "村",   "X",   "l",   "abuse",
                                         "自杀", "１",   "街道",   "同学", "\n"};
    print_message("# seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        ARENA_AUTO(arena);
        char buffer[512];
        size_t n = 0, count, at = 0;
        struct detect_span *spans;
        for (int i = rand_r(&seed) % 40; i > 0; i--) {
            const char *piece = pieces[(size_t)rand_r(&seed) % (sizeof pieces / sizeof pieces[0])];
            memcpy(buffer + n, piece, strlen(piece));
            n += strlen(piece);
        }
        assert_int_equal(
            detect_find(*state, (struct slice){buffer, n}, &arena, &spans, &count, NULL), 0);
        for (size_t i = 0; i < count; i++) {
            assert_true(spans[i].start >= at && spans[i].end > spans[i].start && spans[i].end <= n);
            assert_true(((unsigned char)buffer[spans[i].start] & 0xC0) != 0x80);
            assert_true(spans[i].end == n || ((unsigned char)buffer[spans[i].end] & 0xC0) != 0x80);
            at = spans[i].end;
        }
        struct slice masked = detect_mask((struct slice){buffer, n}, spans, count, 0, &arena);
        assert_true(masked.n == n && memcmp(masked.p, buffer, n) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registered_names),
        cmocka_unit_test(test_words_that_look_like_names),
        cmocka_unit_test(test_names_given_away),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_repetition),
    };
    return cmocka_run_group_tests(tests, make, end);
}
