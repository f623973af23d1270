/* How departments write days, numbers and terms: each clerk in a way of their own. */
#include "synth/deliveries.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const numerals[] = {"〇", "一", "二", "三", "四", "五",
                                       "六", "七", "八", "九", "十"};

/* Appends to a cell's text. */
__attribute__((format(printf, 2, 3))) static void say(char text[SYNTH_CELL_MAX], const char *format,
                                                      ...)
{
    size_t n = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + n, SYNTH_CELL_MAX - n, format, arguments);
    va_end(arguments);
}

/* 0 to 99: 〇, 十, 十一, 二十, 二十一 */
static void say_number(char text[SYNTH_CELL_MAX], int n)
{
    if (n >= 20)
        say(text, "%s", numerals[n / 10 % 10]);
    if (n >= 10)
        say(text, "十");
    if (n % 10 || n == 0)
        say(text, "%s", numerals[n % 10]);
}

static void chinese_date(int year, int month, int dom, char text[SYNTH_CELL_MAX])
{
    for (int scale = 1000; scale > 0; scale /= 10)
        say(text, "%s", numerals[year / scale % 10]);
    say(text, "年");
    say_number(text, month);
    say(text, "月");
    say_number(text, dom);
    say(text, "日");
}

/* In full width: U+FF10 and on. */
static void widen(char text[SYNTH_CELL_MAX])
{
    char plain[SYNTH_CELL_MAX], *to = text;

    memcpy(plain, text, SYNTH_CELL_MAX);
    if (strlen(plain) * 3 >= SYNTH_CELL_MAX)
        return;
    for (const char *p = plain; *p; p++) {
        if (*p < '0' || *p > '9') {
            *to++ = *p;
            continue;
        }
        *to++ = (char)0xef;
        *to++ = (char)0xbc;
        *to++ = (char)(0x90 + *p - '0');
    }
    *to = 0;
}

void synth_text_date(struct synth_random *r, day d, bool book, struct synth_cell *ret)
{
    int year, month, dom, n = book ? 10 : 8;
    size_t room = sizeof(ret->text);

    memset(ret, 0, sizeof(*ret));
    if (d == DAY_FOREVER || d == DAY_BEGINNING)
        return;
    day_to_date(d, &year, &month, &dom);
    switch (synth_random_below(r, (uint32_t)n)) {
    case 0: snprintf(ret->text, room, "%d/%d/%d", year, month, dom); break;
    case 1: snprintf(ret->text, room, "%04d%02d%02d", year, month, dom); break;
    case 2: snprintf(ret->text, room, "%d.%d.%d", year, month, dom); break;
    case 3: snprintf(ret->text, room, "%d年%d月%d日", year, month, dom); break;
    case 4: chinese_date(year, month, dom, ret->text); break;
    case 5:
        snprintf(ret->text, room, "%04d-%02d-%02d", year, month, dom);
        widen(ret->text);
        break;
    case 6:
        snprintf(ret->text, room, "%04d-%02d-%02d %02u:%02u:00", year, month, dom,
                 synth_random_below(r, 24), synth_random_below(r, 60));
        break;
    case 7: snprintf(ret->text, room, "%04d-%02d-%02d", year, month, dom); break;
    default: /* a workbook has days of its own: a number, shown as a date or not */
        snprintf(ret->text, room, "%04d-%02d-%02d", year, month, dom);
        ret->form = synth_random_chance(r, 0.7) ? CELL_IS_DATE : CELL_IS_SERIAL;
        ret->date = d;
    }
}

void synth_text_plain_id(const char *id, char ret[64])
{
    size_t n = 0;

    for (const unsigned char *p = (const unsigned char *)id; *p && n < 63; p++) {
        if (p[0] == 0xef && p[1] == 0xbc && p[2] >= 0x90 && p[2] <= 0x99) {
            ret[n++] = (char)('0' + p[2] - 0x90);
            p += 2;
        } else {
            ret[n++] = *p == 'x' ? 'X' : (char)*p;
        }
    }
    ret[n] = 0;
}

void synth_text_id(struct synth_random *r, const char *id, struct synth_cell *ret)
{
    memset(ret, 0, sizeof(*ret));
    snprintf(ret->text, sizeof(ret->text), "%s", id);
    if (strlen(id) != 18)
        return;
    switch (synth_random_below(r, 12)) {
    case 0: widen(ret->text); break;
    case 1: snprintf(ret->text, sizeof(ret->text), " %s ", id); break;
    case 2: snprintf(ret->text, sizeof(ret->text), "%s　", id); break;
    case 3: /* small, where the number ends with it */
        if (id[17] == 'X')
            ret->text[17] = 'x';
        break;
    default: break;
    }
}

/* The count before a letter of an ISO 8601 duration; 0 where the letter is not there. */
static int part(const char *term, char letter)
{
    int n = 0;

    for (const char *p = term; *p; p++) {
        if (*p >= '0' && *p <= '9')
            n = n * 10 + (*p - '0');
        else if (*p == letter)
            return n;
        else
            n = 0;
    }
    return 0;
}

void synth_text_term(struct synth_random *r, const char *term, struct synth_cell *ret)
{
    int years = part(term, 'Y'), months = part(term, 'M'), days = part(term, 'D');

    memset(ret, 0, sizeof(*ret));
    if (*term == 0)
        return;
    if (part(term, 'W') || synth_random_chance(r, 0.15)) {
        snprintf(ret->text, sizeof(ret->text), "%s", term);
        return;
    }
    if (days == 0 && years < 100 && months < 12 && synth_random_chance(r, 0.4)) {
        if (years && synth_random_chance(r, 0.5))
            say(ret->text, "有期徒刑");
        if (years) {
            say_number(ret->text, years);
            say(ret->text, "年");
        }
        if (months) {
            say_number(ret->text, months);
            say(ret->text, "个月");
        }
        return;
    }
    if (years)
        say(ret->text, "%d年", years);
    if (months)
        say(ret->text, "%d个月", months);
    if (days)
        say(ret->text, "%d天", days);
}
