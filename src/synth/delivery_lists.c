/* The lists that departments hand in, column by column: names, codes and oddities of the mappings in feeds/. A column has
 * one of its names, and it is not always the first. */
#include "synth/deliveries.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* clang-format off */
static const struct synth_code in_care[] = {{"valid", {"在保", "停保"}}, {"void", {"作废", "撤销"}}, {NULL, {NULL}}},
    valid_or_not[] = {{"valid", {"有效"}}, {"void", {"撤销", "作废"}}, {NULL, {NULL}}},
    rehab_states[] = {{"valid", {"执行中", "已解除"}}, {"void", {"撤销"}}, {NULL, {NULL}}},
    court_states[] = {{"valid", {"有效"}}, {"void", {"作废"}}, {NULL, {NULL}}},
    death_states[] = {{"valid", {"有效"}}, {"void", {"撤销", "恢复户口"}}, {NULL, {NULL}}},
    held_states[] = {{"valid", {"在押", "出所"}}, {"void", {"撤销"}}, {NULL, {NULL}}},
    prison_states[] = {{"valid", {"在押"}}, {"void", {"撤销", "录入错误"}}, {NULL, {NULL}}},
    lost_states[] = {{"valid", {"查找中", "未找到", "已找到"}}, {"void", {"撤销", "误报"}}, {NULL, {NULL}}},
    call_states[] = {{"valid", {"有效"}}, {"void", {"误报", "撤销"}}, {NULL, {NULL}}},
    permit_states[] = {{"valid", {"有效", "已注销"}}, {"void", {"登记错误"}}, {NULL, {NULL}}},
    dropout_states[] = {{"valid", {"未返校", "已返校"}}, {"void", {"登记错误"}}, {NULL, {NULL}}},
    leave_states[] = {{"valid", {"通过", "已复学"}}, {"void", {"撤销"}}, {NULL, {NULL}}},
    visit_states[] = {{"valid", {"有效"}}, {"void", {"退号", "作废"}}, {NULL, {NULL}}},
    illness_states[] = {{"valid", {"有效", "到期"}}, {"void", {"作废", "撤销"}}, {NULL, {NULL}}};
static const struct synth_code disabilities[] = {
    {"visual", {"视力", "视力残疾", "1"}}, {"hearing", {"听力", "听力残疾", "2"}}, {"speech", {"言语", "言语残疾", "3"}},
    {"physical", {"肢体", "肢体残疾", "4"}}, {"intellectual", {"智力", "智力残疾", "5"}},
    {"mental", {"精神", "精神残疾", "6"}}, {"multiple", {"多重", "多重残疾", "7"}}, {NULL, {NULL}}},
    levels[] = {{"1", {"一级", "1级", "1"}}, {"2", {"二级", "2级", "2"}}, {"3", {"三级", "3级", "3"}},
                {"4", {"四级", "4级", "4"}}, {NULL, {NULL}}};
static const struct synth_code measures[] = {
    {"other_custody", {"刑事拘留", "逮捕", "行政拘留", "拘役"}}, {"compulsory_rehab", {"强制隔离戒毒"}}, {NULL, {NULL}}};
static const struct synth_code judgments[] = {
    {"guardianship_revoked", {"撤销监护人资格", "撤销监护资格"}}, {"missing_declared", {"宣告失踪"}},
    {"dead", {"宣告死亡"}}, {NULL, {NULL}}};
static const struct synth_code roles[] = {
    {"victim", {"受害人", "被侵害人"}}, {"witness", {"目睹者", "在场"}}, {"concerned", {"其他"}}, {NULL, {NULL}}};
static const struct synth_code leave_reasons[] = {
    {"illness", {"因病", "疾病"}}, {"mental", {"心理原因", "精神疾病"}}, {"aversion", {"厌学"}}, {"abroad", {"出国"}},
    {"other", {"家庭原因", "其他"}}, {NULL, {NULL}}};
static const struct synth_code dropout_reasons[] = {
    {"aversion", {"厌学"}}, {"work", {"外出务工"}}, {"poverty", {"家庭困难"}}, {"disability", {"身体残疾"}},
    {"other", {"其他"}}, {NULL, {NULL}}};
static const struct synth_code diagnoses[] = {
    {"X60-X84", {"X61", "X78.1", "X70", "X83.001"}}, {NULL, {NULL}}};
static const struct synth_code entries[] = {
    {"DB-03", {"DB-03"}}, {"DB-07", {"DB-07"}}, {"DB-12", {"DB-12"}}, {"", {""}}, {NULL, {NULL}}};

#define ANYTHING(name, ...) {SOURCE_ANYTHING, {name}, (const struct synth_code[]){{"", {__VA_ARGS__}}, {NULL, {NULL}}}}
#define SERIAL {SOURCE_SERIAL, {"序号"}, NULL}

static const struct synth_column low_income[] = {
    SERIAL, {SOURCE_KEY, {"低保证号", "救助证号", "保障编号"}, NULL}, {SOURCE_NAME, {"户主姓名", "申请人姓名", "姓名"}, NULL},
    {SOURCE_ID, {"户主身份证号", "申请人身份证号", "身份证号", "公民身份号码"}, NULL},
    ANYTHING("保障人口", "1", "2", "3", "4"), ANYTHING("月保障金额", "1086", "2172.50", "640"),
    {SOURCE_FROM, {"批准日期", "起始日期", "纳入日期"}, NULL}, {SOURCE_TO, {"停发日期", "退出日期", "终止日期"}, NULL},
    ANYTHING("致贫原因", "因病", "因残", "缺劳力"), {SOURCE_STATUS, {"状态", "保障状态"}, in_care}},
low_income_edge[] = {
    SERIAL, {SOURCE_NAME, {"户主姓名", "申请人姓名", "姓名"}, NULL},
    {SOURCE_ID, {"户主身份证号", "申请人身份证号", "身份证号", "公民身份号码"}, NULL},
    {SOURCE_KEY, {"低边证号", "救助证号", "保障编号"}, NULL}, {SOURCE_FROM, {"批准日期", "起始日期", "纳入日期"}, NULL},
    {SOURCE_TO, {"停发日期", "退出日期", "终止日期"}, NULL}, {SOURCE_STATUS, {"状态", "保障状态"}, in_care},
    ANYTHING("录入批次", "A1", "A2", "B1")},
destitute[] = {
    {SOURCE_KEY, {"特困供养证号", "救助证号", "保障编号"}, NULL},
    {SOURCE_ID, {"身份证号", "公民身份号码", "特困人员身份证号"}, NULL}, {SOURCE_NAME, {"姓名", "特困人员姓名"}, NULL},
    {SOURCE_FROM, {"批准日期", "起始日期", "纳入日期"}, NULL}, {SOURCE_TO, {"停发日期", "退出日期", "终止日期"}, NULL},
    {SOURCE_STATUS, {"状态", "保障状态"}, in_care}, ANYTHING("月保障金额", "1412", "1630")},
deaths[] = {
    SERIAL, {SOURCE_KEY, {"注销编号", "死亡证明编号", "业务编号"}, NULL}, {SOURCE_NAME, {"姓名", "死者姓名"}, NULL},
    {SOURCE_SEX, {"性别"}, NULL}, {SOURCE_ID, {"公民身份号码", "身份证号", "死者身份证号"}, NULL},
    {SOURCE_FROM, {"死亡日期", "死亡时间"}, NULL}, ANYTHING("死亡原因", "疾病", "意外", "其他"),
    {SOURCE_STATUS, {"状态", "业务状态"}, death_states}, ANYTHING("派出所", "稠城派出所", "北苑派出所")},
court[] = {
    SERIAL, {SOURCE_KEY, {"案号", "案件编号"}, NULL}, {SOURCE_NAME, {"被申请人", "被申请人姓名", "当事人", "姓名"}, NULL},
    {SOURCE_ID, {"被申请人身份证号", "当事人身份证号", "身份证号"}, NULL},
    {SOURCE_CODE, {"裁判结果", "判决结果", "判决事项"}, judgments},
    {SOURCE_FROM, {"生效日期", "判决生效日期", "裁判生效日期"}, NULL},
    {SOURCE_TO, {"恢复或撤销日期", "恢复监护日期", "撤销宣告日期"}, NULL}, {SOURCE_STATUS, {"状态", "文书状态"}, court_states}},
detentions[] = {
    SERIAL, {SOURCE_KEY, {"羁押编号", "拘留证号", "人员编号"}, NULL}, {SOURCE_NAME, {"姓名", "在押人员姓名"}, NULL},
    {SOURCE_ID, {"身份证号", "公民身份号码", "证件号码"}, NULL}, {SOURCE_CODE, {"措施", "强制措施", "羁押类型"}, measures},
    {SOURCE_FROM, {"入所日期", "羁押日期", "拘留日期"}, NULL}, {SOURCE_TERM, {"期限", "拘留期限", "刑期"}, NULL},
    {SOURCE_TO, {"出所日期", "释放日期", "解除日期"}, NULL}, {SOURCE_STATUS, {"状态", "在押状态"}, held_states}},
rehabilitation[] = {
    {SOURCE_KEY, {"决定书文号", "决定书编号", "强戒编号"}, NULL}, {SOURCE_NAME, {"姓名", "被决定人姓名"}, NULL},
    {SOURCE_ID, {"身份证号", "公民身份号码", "被决定人身份证号"}, NULL},
    {SOURCE_FROM, {"入所日期", "执行日期", "期限起日"}, NULL}, {SOURCE_TERM, {"强戒期限", "期限", "戒毒期限"}, NULL},
    {SOURCE_TO, {"出所日期", "解除日期"}, NULL}, {SOURCE_STATUS, {"状态", "执行状态"}, rehab_states},
    ANYTHING("戒毒所", "第一戒毒所", "第二戒毒所")},
disability[] = {
    SERIAL, {SOURCE_NAME, {"姓名", "持证人姓名"}, NULL}, {SOURCE_SEX, {"性别"}, NULL},
    {SOURCE_ID, {"身份证号", "公民身份号码", "持证人身份证号"}, NULL},
    {SOURCE_KEY, {"残疾人证号", "残疾证号", "证件编号"}, NULL}, {SOURCE_CODE, {"残疾类别", "残疾类型"}, disabilities},
    {SOURCE_LEVEL, {"残疾等级", "残疾级别"}, levels}, {SOURCE_FROM, {"发证日期", "批准日期", "签发日期"}, NULL},
    {SOURCE_LAST_DAY, {"有效期止", "有效期至", "有效期"}, NULL}, {SOURCE_CANCELLED, {"注销日期", "注销时间"}, NULL},
    {SOURCE_PHONE, {"联系电话"}, NULL}, ANYTHING("录入批次", "2026-1", "2026-2")},
divorces[] = {
    {SOURCE_KEY, {"离婚证字号", "登记字号", "登记编号"}, NULL}, {SOURCE_NAME, {"男方姓名", "男方"}, NULL},
    {SOURCE_ID, {"男方身份证号", "男方证件号码", "男方公民身份号码"}, NULL}, {SOURCE_OTHER_NAME, {"女方姓名", "女方"}, NULL},
    {SOURCE_OTHER_ID, {"女方身份证号", "女方证件号码", "女方公民身份号码"}, NULL},
    {SOURCE_FROM, {"登记日期", "离婚登记日期", "离婚日期"}, NULL}, {SOURCE_STATUS, {"状态", "登记状态"}, valid_or_not},
    ANYTHING("登记机关", "义乌市民政局")},
marriages[] = {
    SERIAL, {SOURCE_KEY, {"结婚证字号", "登记字号", "登记编号"}, NULL}, {SOURCE_NAME, {"男方姓名", "男方"}, NULL},
    {SOURCE_ID, {"男方身份证号", "男方证件号码", "男方公民身份号码"}, NULL}, {SOURCE_OTHER_NAME, {"女方姓名", "女方"}, NULL},
    {SOURCE_OTHER_ID, {"女方身份证号", "女方证件号码", "女方公民身份号码"}, NULL},
    {SOURCE_FROM, {"登记日期", "结婚登记日期", "结婚日期"}, NULL}, {SOURCE_STATUS, {"状态", "登记状态"}, valid_or_not}},
calls[] = {
    {SOURCE_KEY, {"警情编号", "接警编号", "接警单号"}, NULL}, {SOURCE_FROM, {"接警时间", "报警时间", "接警日期"}, NULL},
    {SOURCE_NAME, {"未成年人姓名", "受害人姓名"}, NULL},
    {SOURCE_ID, {"未成年人身份证号", "受害人身份证号", "公民身份号码"}, NULL},
    {SOURCE_CODE, {"未成年人角色", "角色", "人员类别"}, roles}, {SOURCE_STATUS, {"状态", "警情状态"}, call_states},
    {SOURCE_PHONE, {"报警人电话"}, NULL}},
lost[] = {
    SERIAL, {SOURCE_KEY, {"回执编号", "受理编号", "报警编号"}, NULL},
    {SOURCE_NAME, {"失联人员姓名", "被查找人姓名", "姓名"}, NULL},
    {SOURCE_ID, {"失联人员身份证号", "被查找人身份证号", "身份证号", "公民身份号码"}, NULL},
    {SOURCE_FROM, {"受理日期", "报警日期", "受理时间"}, NULL}, {SOURCE_TO, {"恢复联系日期", "查找到日期", "找到日期"}, NULL},
    {SOURCE_STATUS, {"状态", "处理状态"}, lost_states}, ANYTHING("受理单位", "稠江派出所", "江东派出所")},
admissions[] = {
    SERIAL, {SOURCE_KEY, {"入监编号", "罪犯编号", "rjbh"}, NULL}, {SOURCE_NAME, {"姓名", "罪犯姓名", "xm"}, NULL},
    {SOURCE_ID, {"身份证号", "公民身份号码", "证件号码", "sfzh"}, NULL}, {SOURCE_FROM, {"入监日期", "收监日期", "rjrq"}, NULL},
    {SOURCE_TERM, {"刑期", "原判刑期", "xq"}, NULL}, {SOURCE_DUE, {"刑期止日", "刑满日期", "xqzr"}, NULL},
    ANYTHING("监狱名称", "第一监狱", "第二监狱"), {SOURCE_STATUS, {"状态", "在押状态", "zt"}, prison_states}},
releases[] = {
    SERIAL, {SOURCE_KEY, {"入监编号", "罪犯编号", "rjbh"}, NULL}, {SOURCE_NAME, {"姓名", "罪犯姓名", "xm"}, NULL},
    {SOURCE_ID, {"身份证号", "公民身份号码", "证件号码", "sfzh"}, NULL}, {SOURCE_FROM, {"入监日期", "收监日期", "rjrq"}, NULL},
    {SOURCE_TO, {"释放日期", "出监日期", "实际释放日期", "sfrq"}, NULL}, {SOURCE_TERM, {"刑期", "原判刑期", "xq"}, NULL},
    ANYTHING("释放类型", "刑满释放", "假释")},
permits[] = {
    {SOURCE_KEY, {"居住证编号", "居住登记编号", "登记编号"}, NULL}, {SOURCE_NAME, {"姓名", "登记人姓名"}, NULL},
    {SOURCE_SEX, {"性别"}, NULL}, {SOURCE_BIRTH, {"出生日期", "出生年月日"}, NULL},
    {SOURCE_ID, {"公民身份号码", "身份证号", "证件号码"}, NULL},
    {SOURCE_DIVISION, {"居住地区划代码", "现住地区划代码", "居住地行政区划"}, NULL},
    {SOURCE_FROM, {"登记日期", "居住起始日期", "来本地日期"}, NULL}, {SOURCE_TO, {"注销日期", "离开日期"}, NULL},
    {SOURCE_STATUS, {"状态", "登记状态"}, permit_states}, {SOURCE_PHONE, {"联系电话"}, NULL}},
dropouts[] = {
    SERIAL, ANYTHING("学校名称", "义乌市第3初级中学", "义乌市第8初级中学"), {SOURCE_NAME, {"姓名", "学生姓名"}, NULL},
    {SOURCE_ID, {"身份证号", "学生身份证号", "身份证件号"}, NULL}, {SOURCE_KEY, {"学籍号", "全国学籍号", "学籍辅号"}, NULL},
    {SOURCE_FROM, {"辍学日期", "失学日期", "离校日期"}, NULL}, {SOURCE_CODE, {"辍学原因", "原因类别"}, dropout_reasons},
    {SOURCE_TO, {"返校日期", "复学日期"}, NULL}, {SOURCE_STATUS, {"状态", "劝返状态"}, dropout_states}},
suspensions[] = {
    SERIAL, {SOURCE_KEY, {"学籍号", "全国学籍号", "学籍辅号"}, NULL}, {SOURCE_NAME, {"姓名", "学生姓名"}, NULL},
    {SOURCE_ID, {"身份证号", "学生身份证号", "身份证件号"}, NULL}, ANYTHING("年级", "七年级", "八年级", "九年级"),
    {SOURCE_FROM, {"休学日期", "休学开始日期", "休学起始日期"}, NULL}, {SOURCE_TO, {"复学日期", "实际复学日期"}, NULL},
    {SOURCE_CODE, {"休学原因", "休学原因类别", "原因类别"}, leave_reasons},
    {SOURCE_STATUS, {"状态", "审批状态"}, leave_states}},
self_harm[] = {
    {SOURCE_KEY, {"就诊流水号", "就诊编号", "门诊号"}, NULL}, {SOURCE_ID, {"身份证号", "患者身份证号", "证件号码"}, NULL},
    {SOURCE_FROM, {"就诊日期", "就诊时间"}, NULL}, {SOURCE_ICD, {"诊断编码", "主要诊断编码", "ICD编码", "外部原因编码"}, diagnoses},
    {SOURCE_STATUS, {"状态", "就诊状态"}, visit_states}, ANYTHING("科室", "急诊科", "精神科")},
illness[] = {
    SERIAL, {SOURCE_KEY, {"认定编号", "待遇认定编号", "备案编号"}, NULL}, {SOURCE_NAME, {"姓名", "参保人姓名"}, NULL},
    {SOURCE_ID, {"身份证号", "参保人身份证号", "公民身份号码"}, NULL},
    {SOURCE_FROM, {"认定日期", "待遇开始日期", "备案日期"}, NULL}, {SOURCE_TO, {"复核日期", "待遇终止日期", "待遇截止日期"}, NULL},
    {SOURCE_CODE, {"大病目录编号", "病种目录编号"}, entries}, {SOURCE_STATUS, {"状态", "认定状态"}, illness_states},
    ANYTHING("总费用", "83650.20", "121004", "56012.7")};

#define LIST(feed, title, department, shape, titled, totalled, recipe, constant, revised, columns) \
    {feed, title, SYNTH_DEPARTMENT_##department, SHAPE_##shape, titled, totalled, RECIPE_##recipe, constant, revised, \
     columns, COUNT(columns)}
const struct synth_list synth_lists[] = {
    LIST("low-income", "最低生活保障家庭名册", CIVIL_AFFAIRS, XLSX, true, true, KEY, "", 0, low_income),
    LIST("low-income-edge", "低保边缘家庭名册", CIVIL_AFFAIRS, GB18030, true, false, KEY, "", 0, low_income_edge),
    LIST("destitute", "特困人员名册", CIVIL_AFFAIRS, UTF8, false, false, KEY, "", 0, destitute),
    LIST("deaths", "死亡注销户口名单", PUBLIC_SECURITY, GB18030, false, true, KEY, "natural", 0, deaths),
    LIST("court-judgments", "涉监护判决情况表", COURT, XLSX_TEXT, true, false, KEY_NAME, NULL, 0, court),
    LIST("detentions", "在押人员名单", PUBLIC_SECURITY, XLSX, false, false, KEY, NULL, 0, detentions),
    LIST("compulsory-rehabilitation", "强制隔离戒毒名单", PUBLIC_SECURITY, UTF8, true, false, KEY, NULL, 0, rehabilitation),
    LIST("disability-certificates", "残疾人证办理情况表", DISABLED_FEDERATION, XLSX, true, true, KEY, NULL, 0, disability),
    LIST("divorces", "离婚登记", CIVIL_AFFAIRS, XLSX, false, false, PARTIES, NULL, 0, divorces),
    LIST("marriages", "结婚登记", CIVIL_AFFAIRS, GB18030, false, false, PARTIES, NULL, 0, marriages),
    LIST("domestic-violence-calls", "涉未成年人警情", PUBLIC_SECURITY, UTF8, false, false, KEY, NULL, 0, calls),
    LIST("lost-contact", "失联人员查找回执登记", PUBLIC_SECURITY, XLSX_TEXT, true, true, KEY, "reported", 0, lost),
    LIST("prison-admissions", "入监人员名单", JUSTICE, XLSX, true, false, KEY, NULL, 1, admissions),
    LIST("prison-releases", "刑满释放人员名单", JUSTICE, GB18030, true, true, KEY, NULL, 2, releases),
    LIST("residence-permits", "居住登记", PUBLIC_SECURITY, XLSX, false, false, KEY, NULL, 0, permits),
    LIST("school-dropouts", "控辍保学台账", EDUCATION, XLSX, true, false, KEY_DAY, NULL, 0, dropouts),
    LIST("school-suspensions", "休学学生名单", EDUCATION, UTF8, true, true, KEY_DAY, NULL, 0, suspensions),
    LIST("self-harm-visits", "自伤就诊", HEALTH, GB18030, false, false, KEY, NULL, 0, self_harm),
    LIST("serious-illness", "大病保障人员名单", MEDICAL_INSURANCE, XLSX, true, true, KEY, NULL, 0, illness),
};
/* clang-format on */
const size_t synth_list_count = COUNT(synth_lists);

static int list_named(const char *feed)
{
    for (size_t i = 0; i < synth_list_count; i++)
        if (strcmp(synth_lists[i].feed, feed) == 0)
            return (int)i;
    return -1;
}

void synth_lists_of(const struct synth_notice *n, day as_of, int ret[2])
{
    const char *feed = "", *other = "";

    switch ((enum synth_kind)n->kind) {
    case SYNTH_KIND_DEAD:
        feed = strcmp(n->value, "declared") == 0 ? "court-judgments" : "deaths";
        break;
    case SYNTH_KIND_MISSING:
    case SYNTH_KIND_REVOKED: feed = "court-judgments"; break;
    case SYNTH_KIND_DISABILITY: feed = "disability-certificates"; break;
    case SYNTH_KIND_ILLNESS: feed = "serious-illness"; break;
    case SYNTH_KIND_IMPRISONED:
        feed = "prison-admissions";
        other = n->to <= as_of ? "prison-releases" : "";
        break;
    case SYNTH_KIND_REHAB: feed = "compulsory-rehabilitation"; break;
    case SYNTH_KIND_CUSTODY: feed = "detentions"; break;
    case SYNTH_KIND_LOST_CONTACT: feed = "lost-contact"; break;
    case SYNTH_KIND_LOW_INCOME: feed = "low-income"; break;
    case SYNTH_KIND_LOW_INCOME_EDGE: feed = "low-income-edge"; break;
    case SYNTH_KIND_DESTITUTE: feed = "destitute"; break;
    case SYNTH_KIND_DIVORCED: feed = "divorces"; break;
    case SYNTH_KIND_MARRIED: feed = "marriages"; break;
    case SYNTH_KIND_RESIDENCE: feed = "residence-permits"; break;
    case SYNTH_KIND_SUSPENDED: feed = "school-suspensions"; break;
    case SYNTH_KIND_DROPOUT: feed = "school-dropouts"; break;
    case SYNTH_KIND_SELF_HARM: feed = "self-harm-visits"; break;
    case SYNTH_KIND_VIOLENCE_CALL: feed = "domestic-violence-calls"; break;
    default: break;
    }
    ret[0] = list_named(feed);
    ret[1] = list_named(other);
}
