#include "synth/names.h"

#include "synth/rates.h"

#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Per 100,000 people. The first hundred and the compound ones follow the name reports of the
 * Ministry of Public Security (2019, 2020: Wang, Li, Zhang, Liu and Chen together 30.8 %; Ouyang
 * 1.112 million); shares below the first ten are rounded from memory. Then Yiwu's own, and
 * surnames that are read otherwise than the character is (单 shan, 仇 qiu, 解 xie, 查 zha, 区 ou, 朴
 * piao, 尉迟 yuchi). */
/* clang-format off */
static const struct {
    const char *text;
    unsigned weight;
} surnames[] = {
    {"王", 7250}, {"李", 7190}, {"张", 6830}, {"刘", 5400}, {"陈", 4600}, {"杨", 3150},
    {"黄", 2350}, {"赵", 2300}, {"吴", 2000}, {"周", 1950}, {"徐", 1450}, {"孙", 1400},
    {"马", 1300}, {"朱", 1250}, {"胡", 1200}, {"林", 1150}, {"郭", 1150}, {"何", 1100},
    {"高", 1050}, {"罗", 1040}, {"郑", 950}, {"梁", 870}, {"谢", 800}, {"宋", 780}, {"唐", 730},
    {"许", 700}, {"邓", 660}, {"冯", 640}, {"韩", 640}, {"曹", 600}, {"曾", 580}, {"彭", 570},
    {"肖", 540}, {"蔡", 530}, {"潘", 520}, {"田", 510}, {"董", 500}, {"袁", 490}, {"于", 480},
    {"余", 460}, {"叶", 460}, {"蒋", 460}, {"杜", 450}, {"苏", 440}, {"魏", 430}, {"程", 430},
    {"吕", 420}, {"丁", 410}, {"沈", 400}, {"任", 390}, {"姚", 390}, {"卢", 390}, {"傅", 380},
    {"钟", 380}, {"姜", 360}, {"崔", 350}, {"谭", 340}, {"廖", 330}, {"范", 320}, {"汪", 320},
    {"陆", 310}, {"金", 310}, {"石", 290}, {"戴", 290}, {"贾", 280}, {"韦", 280}, {"夏", 270},
    {"邱", 270}, {"方", 270}, {"侯", 260}, {"邹", 260}, {"熊", 250}, {"孟", 250}, {"秦", 240},
    {"白", 240}, {"江", 240}, {"闫", 230}, {"薛", 230}, {"尹", 220}, {"段", 210}, {"雷", 210},
    {"黎", 200}, {"史", 200}, {"龙", 200}, {"陶", 190}, {"贺", 190}, {"顾", 180}, {"毛", 180},
    {"郝", 180}, {"龚", 180}, {"邵", 180}, {"万", 170}, {"钱", 160}, {"严", 160}, {"覃", 160},
    {"武", 160}, {"莫", 150}, {"孔", 150}, {"向", 150}, {"汤", 150}, {"常", 150}, {"温", 130},
    {"康", 130}, {"施", 120}, {"文", 120}, {"楼", 900}, {"骆", 600}, {"虞", 200}, {"鲍", 150},
    {"俞", 150}, {"翁", 110}, {"应", 90}, {"欧阳", 79}, {"上官", 6}, {"皇甫", 5}, {"令狐", 4},
    {"诸葛", 4}, {"司徒", 4}, {"司马", 2}, {"申屠", 4}, {"夏侯", 1}, {"慕容", 1}, {"尉迟", 1}, {"长孙", 1},
    {"单", 30}, {"仇", 15}, {"解", 25}, {"查", 15}, {"盖", 8}, {"区", 12}, {"朴", 20}, {"乐", 10},
    {"翟", 40}, {"冼", 6}, {"缪", 12}, {"召", 1}, {"员", 2}, {"种", 2}, {"逄", 2}, {"华", 20},
    {"宁", 30}, {"曲", 30}, {"纪", 30}, {"折", 1}, {"繁", 1}, {"黑", 1}, {"万俟", 1},
};
/* clang-format on */

static const char *const boys[] = {
    "伟", "强", "磊", "洋", "勇", "军", "杰", "涛", "超", "明", "刚", "平", "辉", "鹏",
    "华", "飞", "鑫", "波", "斌", "宇", "浩", "凯", "健", "俊", "帆", "帅", "旭", "宁",
    "龙", "林", "欢", "阳", "建", "国", "子", "轩", "梓", "睿", "泽", "奕", "辰", "沐",
    "宸", "博", "文", "昊", "然", "天", "佑", "嘉", "豪", "思", "远", "逸", "晨", "乐",
    "行", "重", "朝", "亦", "一", "诺", "皓", "铭", "煜", "祺", "承", "翰",
};

static const char *const girls[] = {
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "秀", "兰", "英", "玲", "桂", "丹",
    "萍", "红", "玉", "婷", "雪", "燕", "倩", "琳", "莉", "慧", "欣", "怡", "洁", "颖",
    "梅", "琴", "云", "蕾", "梦", "佳", "涵", "梓", "诗", "雨", "子", "萱", "语", "桐",
    "一", "诺", "依", "可", "心", "若", "汐", "欣", "妍", "芸", "熙", "沐", "宸", "艺",
    "彤", "嘉", "琪", "思", "琦", "悦", "瑶", "曦", "乐", "长", "朵", "茜",
};

/* Three of them stand beyond the BMP: four bytes in UTF-8, a pair in UTF-16. */
static const char *const rare[] = {"喆", "堃", "犇", "骉", "淼", "旻", "彧",   "翀", "玥",  "珺",
                                   "芃", "祎", "媖", "垚", "㛃", "䶮", "𬭎", "𫖯", "𬱖"};

static const char *const minority[2][8] = {
    {"阿卜杜拉", "买买提", "艾合买提", "吐尔逊", "扎西", "多吉", "巴特尔", "玉素甫"},
    {"古丽娜尔", "阿依古丽", "迪丽努尔", "热依拉", "卓玛", "央金", "其其格", "帕提古丽"},
};

static const char *const foreign[2][8] = {
    {"MOHAMMED SALEH", "RAJESH KUMAR SHARMA", "NGUYEN VAN HUNG", "IBRAHIM DIALLO", "KIM MINJUN",
     "IVAN PETROV", "JOSÉ ANTONIO PÉREZ", "AHMAD REZA KARIMI"},
    {"NGUYEN THI LAN", "PRIYA SHARMA", "ANNA PETROVA", "FATIMA SALEH", "SIRI CHAIYA", "MARÍA LÓPEZ",
     "AYŞE YILMAZ", "LE THI HOA"},
};

size_t synth_names_surname(struct synth_random *r)
{
    uint32_t total = 0, at;
    size_t i = 0;

    for (size_t j = 0; j < COUNT(surnames); j++)
        total += surnames[j].weight;
    at = synth_random_below(r, total);
    while (at >= surnames[i].weight)
        at -= surnames[i++].weight;
    return i;
}

const char *synth_names_surname_text(size_t surname) { return surnames[surname].text; }

static const char *given(struct synth_random *r, char sex)
{
    if (synth_random_chance(r, synth_rates[SYNTH_RATE_RARE_CHARACTER].rate))
        return rare[synth_random_below(r, COUNT(rare))];
    if (sex == 'M')
        return boys[synth_random_below(r, COUNT(boys))];
    return girls[synth_random_below(r, COUNT(girls))];
}

void synth_names_make(struct synth_random *r, enum synth_style style, size_t surname, char sex,
                      const char *after, char ret[SYNTH_NAME_MAX])
{
    int woman = sex == 'F';
    uint32_t at = synth_random_below(r, 8);

    if (style == SYNTH_FOREIGN)
        snprintf(ret, SYNTH_NAME_MAX, "%s", foreign[woman][at]);
    else if (style == SYNTH_MINORITY)
        snprintf(ret, SYNTH_NAME_MAX, "%s·%s", minority[woman][at],
                 after ? after : minority[0][synth_random_below(r, 8)]);
    else
        snprintf(ret, SYNTH_NAME_MAX, "%s%s%s", surnames[surname].text, given(r, sex),
                 synth_random_chance(r, 0.85) ? given(r, sex) : "");
}
