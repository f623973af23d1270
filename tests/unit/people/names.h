/* Made-up names for tests: frequent surnames and characters of given names, with what makes names
 * hard: polyphones, two-character surnames, names of other peoples, Latin names, rare characters. */
#ifndef HUMIAO_TESTS_NAMES_H
#define HUMIAO_TESTS_NAMES_H

#include "../base/random.h"

#include <string.h>

static inline const char *pick(uint64_t *state, const char *const *list, unsigned n)
{
    return list[random_below(state, n)];
}

#define PICK(state, list) pick((state), (list), sizeof(list) / sizeof *(list))

static const char *const surnames[] = {
    "王", "李", "张", "刘", "陈",   "杨",   "黄",   "赵",   "吴", "周", "徐", "孙",
    "马", "朱", "胡", "郭", "何",   "林",   "罗",   "高",   "郑", "梁", "谢", "宋",
    "唐", "许", "韩", "邓", "冯",   "曹",   "彭",   "曾",   "肖", "田", "董", "潘",
    "袁", "蔡", "蒋", "余", "于",   "杜",   "叶",   "程",   "魏", "苏", "吕", "丁",
    "任", "沈", "姚", "卢", "姜",   "崔",   "单",   "仇",   "解", "查", "盖", "区",
    "朴", "翟", "缪", "乜", "尉迟", "欧阳", "诸葛", "万俟", "單", "張", "𠮷",
};
static const char *const given[] = {
    "伟", "芳", "娜", "秀", "英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰",
    "娟", "涛", "明", "超", "兰", "霞", "平", "刚", "桂", "国", "华", "建", "文", "玉", "志",
    "红", "春", "梅", "海", "晓", "小", "子", "梓", "涵", "宇", "轩", "浩", "然", "欣", "怡",
    "诗", "雨", "泽", "晨", "思", "佳", "俊", "博", "天", "乐", "重", "长", "行", "朝", "柏",
    "女", "略", "安", "一", "儿", "恩", "〇", "爾", "𠀀", "夏", "希",
};
static const char *const whole_names[] = {
    "阿布都·热合曼", "买买提•艾力", "Maria García", "Wei Zhang", "Jean-Luc O'Neil",
    "LI Ming",       "Müller 李",   "張　偉",       "a",         "Ａｎｎａ",
    "Æsop",          "zw",          "古丽·Gul",
};

/* `spread` is how many different characters of given names: beyond the list above, any of the block. */
static inline void make_name(uint64_t *state, unsigned spread, char *to, size_t size)
{
    to[0] = '\0';
    if (random_below(state, 40) == 0) {
        snprintf(to, size, "%s", PICK(state, whole_names));
        return;
    }
    size_t n = (size_t)snprintf(to, size, "%s", PICK(state, surnames));
    unsigned length = random_below(state, 6) == 0 ? 1 : random_below(state, 30) == 0 ? 3 : 2;
    for (unsigned i = 0; i < length; i++) {
        if (spread == 0 || random_below(state, 4)) {
            n += (size_t)snprintf(to + n, size - n, "%s", PICK(state, given));
            continue;
        }
        unsigned c = 0x4E00 + random_below(state, spread) * 7 % 0x5000;
        const char bytes[] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 63)),
                              (char)(0x80 | (c & 63)), 0};
        n += (size_t)snprintf(to + n, size - n, "%s", bytes);
    }
}

#endif
