/* One example of each mapping that comes with the product: the row as it arrives, and the records as records.csv would
 * have them. Each mapping also prints to a text that reads as the same. */
#include "feed_bench.h"

#include <dirent.h>

#define MAN "999999198502280036"
#define WOMAN "999999198602280025"
#define CHILD "999999201503010016"

static const struct example {
    const char *feed, *header, *row, *records;
} examples[] = {
    {"prison-admissions", "序号|入监编号|姓名|公民身份号码|罪名|入监日期|刑期|刑期止日|状态",
     "1|R-7|某甲|" MAN "|盗窃|2024年3月5日|有期徒刑三年六个月|2027-09-04|在押",
     "R-7,justice,imprisoned," MAN ",某甲,,,2024-03-05,2027-09-05,P3Y6M,,1\n"},
    {"prison-admissions", "入监编号|身份证号|入监日期|刑期|状态",
     "R-7|" MAN "|20240305|拘役五个月|撤销",
     "R-7,justice,imprisoned," MAN ",,,,2024-03-05,,retracted,,1\n"},
    {"prison-releases", "入监编号|姓名|身份证号|入监日期|释放日期|释放类型",
     "R-7|某甲|" MAN "|2024-03-05|2026.11.20|减刑",
     "R-7,justice,imprisoned," MAN ",某甲,,,2024-03-05,2026-11-20,,,2\n"},
    {"divorces", "离婚证字号|男方姓名|男方身份证号|女方姓名|女方身份证号|登记日期|登记机关",
     "L9999-2024-12|某甲|" MAN "|某乙|" WOMAN "|二〇二四年六月三十日|某处",
     "L9999-2024-12-h,civil_affairs,divorced," MAN ",某甲,,,2024-06-30,," WOMAN ",,\n"
     "L9999-2024-12-w,civil_affairs,divorced," WOMAN ",某乙,,,2024-06-30,," MAN ",,\n"},
    {"marriages", "结婚证字号|男方身份证号|女方身份证号|登记日期|状态",
     "J-1|" MAN "|" WOMAN "|2024/6/30 上午9:15|作废",
     "J-1-h,civil_affairs,married," MAN ",,,,2024-06-30,,retracted,,\n"
     "J-1-w,civil_affairs,married," WOMAN ",,,,2024-06-30,,retracted,,\n"},
    {"low-income", "低保证号|户主姓名|户主身份证号|保障人口|批准日期|停发日期|保障状态",
     "D-3|某甲|" MAN "|3|2024-01-01|—|在保",
     "D-3,civil_affairs,low_income," MAN ",某甲,,,2024-01-01,,,,\n"},
    {"low-income-edge", "低边证号|户主身份证号|批准日期|停发日期|状态",
     "B-3|" MAN "|2024-01-01|2024-07-01|停保",
     "B-3,civil_affairs,low_income_edge," MAN ",,,,2024-01-01,2024-07-01,,,\n"},
    {"destitute", "特困供养证号|姓名|身份证号|批准日期", "T-3|某甲|" MAN "|45292",
     "T-3,civil_affairs,destitute," MAN ",某甲,,,2024-01-01,,,,\n"},
    {"deaths", "注销编号|死者姓名|死者身份证号|性别|死亡时间|死亡原因",
     "S-1|某甲|" MAN "|男|2024-06-30 23:59:59|疾病",
     "S-1,public_security,dead," MAN ",某甲,,,2024-06-30,,natural,,\n"},
    {"lost-contact", "回执编号|失联人员姓名|失联人员身份证号|受理日期|恢复联系日期|状态",
     "H-1|某甲|" MAN "|2024-02-01|/|查找中",
     "H-1,public_security,lost_contact," MAN ",某甲,,,2024-02-01,,reported,,\n"},
    {"domestic-violence-calls",
     "警情编号|未成年人姓名|未成年人身份证号|接警时间|未成年人角色|警情内容",
     "J110-1|某丙|" CHILD "|20240630221503|目睹者|不取",
     "J110-1,public_security,domestic_violence_call," CHILD ",某丙,,,2024-06-30,,witness,,\n"},
    {"compulsory-rehabilitation", "决定书文号|姓名|身份证号|入所日期|强戒期限|状态",
     "强戒〔2024〕1号|某甲|" MAN "|2024-06-30|两年|执行中",
     "强戒〔2024〕1号,public_security,compulsory_rehab," MAN ",某甲,,,2024-06-30,,P2Y,,\n"},
    {"detentions", "羁押编号|身份证号|措施|入所日期|期限", "K-1|" MAN "|行政拘留|2024-06-30|15",
     "K-1,public_security,other_custody," MAN ",,,,2024-06-30,,P15D,,\n"},
    {"detentions", "羁押编号|身份证号|措施|入所日期|期限",
     "K-2|" MAN "|强制隔离戒毒|2024-06-30|2年",
     "K-2,public_security,compulsory_rehab," MAN ",,,,2024-06-30,,P2Y,,\n"},
    {"detentions", "羁押编号|身份证号|措施|入所日期|期限", "K-3|" MAN "|取保候审|2024-06-30|1年",
     ""},
    {"residence-permits", "居住证编号|姓名|公民身份号码|出生日期|居住地区划代码|登记日期|注销日期",
     "Z-1|某丙|" CHILD "|2015-03-01|999901001|2024-06-30|长期",
     "Z-1,public_security,residence," CHILD ",某丙,2015-03-01,,2024-06-30,,999901001000,,\n"},
    {"school-suspensions", "学籍号|学生姓名|身份证号|学校名称|休学日期|复学日期|休学原因|审批状态",
     "G99-1|某丙|" CHILD "|某校|2024-09-01|无|心理原因|通过",
     "G99-1-2024-09-01,education,school_suspended," CHILD ",某丙,,,2024-09-01,,mental,,\n"},
    {"school-suspensions", "学籍号|身份证号|休学日期|休学原因|审批状态",
     "G99-1|" CHILD "|2024-09-01|因病|未通过", ""},
    {"school-dropouts", "学籍号|姓名|身份证号|辍学日期|返校日期|辍学原因",
     "G99-1|某丙|" CHILD "|2024-09-01|2024-10-08|外出务工",
     "G99-1-2024-09-01,education,school_dropout," CHILD ",某丙,,,2024-09-01,2024-10-08,work,,\n"},
    {"self-harm-visits", "就诊流水号|姓名|身份证号|就诊时间|诊断编码|诊断名称",
     "M-1|某丙|" CHILD "|2024/6/30 10:05|X61.x00|不取",
     "M-1,health,self_harm_visit," CHILD ",,,,2024-06-30,,X60-X84,,\n"},
    {"disability-certificates",
     "残疾人证号|姓名|身份证号|残疾类别|残疾等级|发证日期|有效期止|注销日期",
     "99999919850228003663|某甲|" MAN "|精神残疾|三级|2020-06-30|2030-06-29|",
     "99999919850228003663,disabled_federation,disability," MAN
     ",某甲,,,2020-06-30,2030-06-30,mental/3,,\n"},
    {"disability-certificates",
     "残疾人证号|姓名|身份证号|残疾类别|残疾等级|发证日期|有效期止|注销日期",
     "C-2|某甲|" MAN "|7|４级|2020-06-30|2030-06-29|2024-01-15",
     "C-2,disabled_federation,disability," MAN ",某甲,,,2020-06-30,2024-01-15,multiple/4,,\n"},
    {"court-judgments", "案号|被申请人|被申请人身份证号|裁判结果|生效日期|撤销宣告日期",
     "（2024）浙99民特1号|某甲|" MAN "|宣告死亡|2024-06-30|",
     "（2024）浙99民特1号-某甲,court,dead," MAN ",某甲,,,2024-06-30,,declared,,\n"},
    {"court-judgments", "案号|被申请人|被申请人身份证号|裁判结果|生效日期",
     "A-2|某甲|" MAN "|撤销监护人资格|2024-06-30",
     "A-2-某甲,court,guardianship_revoked," MAN ",某甲,,,2024-06-30,,,,\n"},
    {"court-judgments", "案号|被申请人|被申请人身份证号|裁判结果|生效日期",
     "A-3|某甲|" MAN "|宣告失踪|2024-06-30",
     "A-3-某甲,court,missing_declared," MAN ",某甲,,,2024-06-30,,,,\n"},
    {"court-judgments", "案号|被申请人|被申请人身份证号|裁判结果|生效日期",
     "A-4|某甲|" MAN "|驳回申请|2024-06-30", ""},
    {"serious-illness", "认定编号|姓名|身份证号|病种名称|大病目录编号|认定日期|复核日期",
     "Y-1|某甲|" MAN "|不取|12|2024-06-30|2025-06-30",
     "Y-1,medical_insurance,serious_illness," MAN ",某甲,,,2024-06-30,2025-06-30,12,,\n"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *written(struct arena *a, const struct feed_cells *records, size_t count)
{
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        for (int c = 0; c < RECORD_COLUMN_COUNT; c++)
            text = arena_printf(a, "%s%.*s%s", text, (int)records[i].cells[c].n,
                                records[i].cells[c].p, c + 1 < RECORD_COLUMN_COUNT ? "," : "\n");
    return text;
}

static void check_example(const struct example *x)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_EN};
    struct feed *f = feed_of_file(&a, arena_printf(&a, FEEDS_DIR "/%s.yaml", x->feed));
    struct sheet_row header = bench_row(&a, x->header), row = bench_row(&a, x->row);
    struct feed_cells records[FEED_RECORDS_MAX];
    struct feed_places places;
    size_t count;
    int column;

    assert_true(feed_match_header(f, &header, &a, &places));
    assert_int_equal(places.missing_count, 0);
    assert_int_equal(places.unknown_count, 0);
    if (feed_convert(f, &places, row.cells, row.count, &a, records, &count, &column, &e) < 0)
        fail_msg("%s: %s\n%s", x->feed, e.detail, e.hint);
    assert_string_equal(written(&a, records, count), x->records);
    for (size_t i = 0; i < count; i++) {
        struct record checked;
        if (record_check(records[i].cells, &a, &checked, &column, &e) < 0)
            fail_msg("%s: %s\n%s", x->feed, e.detail, e.hint);
        assert_int_equal(f->records[records[i].record].kind ? f->records[records[i].record].kind
                                                            : checked.kind,
                         checked.kind);
    }
}

static void test_feed__examples(void **state)
{
    for (size_t i = 0; i < COUNT(examples); i++)
        check_example(&examples[i]);
}

static void test_feed__each_prints_as_itself_and_has_an_example(void **state)
{
    DIR *directory = opendir(FEEDS_DIR);
    int seen = 0;

    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        ARENA_AUTO(a);
        if (!strstr(entry->d_name, ".yaml"))
            continue;
        struct feed *f = feed_of_file(&a, arena_printf(&a, FEEDS_DIR "/%s", entry->d_name));
        struct slice text = feed_print(f, &a);
        struct feed *again = feed_of_text(&a, arena_string(&a, text));
        struct slice printed = feed_print(again, &a);
        assert_string_equal(arena_string(&a, printed), arena_string(&a, text));
        assert_int_equal(again->column_count, f->column_count);
        assert_int_equal(again->record_count, f->record_count);
        assert_string_equal(arena_printf(&a, "%s.yaml", f->name), entry->d_name);
        bool shown = false;
        for (size_t i = 0; i < COUNT(examples); i++)
            shown = shown || strcmp(examples[i].feed, f->name) == 0;
        if (!shown)
            fail_msg("%s has no example", f->name);
        seen++;
    }
    closedir(directory);
    assert_true(seen >= 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed__examples),
        cmocka_unit_test(test_feed__each_prints_as_itself_and_has_an_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
