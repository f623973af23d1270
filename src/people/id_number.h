/* Identity numbers of people, organisations, divisions; telephone numbers: format and inner proof,
 * never a look-up. Pure functions. Sources: domain.md part 7 (GB 11643-1999, GB 32100-2015, GB 11714,
 * GB/T 2260 and 10114). */
#ifndef HUMIAO_PEOPLE_ID_NUMBER_H
#define HUMIAO_PEOPLE_ID_NUMBER_H

#include "base/day.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

#define ID_NUMBER_SIZE 18

enum id_number_fault {
    ID_NUMBER_GOOD = 0,
    ID_NUMBER_EMPTY,      /* nothing but blanks */
    ID_NUMBER_OBSOLETE,   /* 15 digits: the form before 1999, which no minor has */
    ID_NUMBER_LENGTH,     /* not 18 characters */
    ID_NUMBER_CHARACTER,  /* not 17 digits and a digit or X */
    ID_NUMBER_BIRTH_DATE, /* digits 7 to 14 are no day of the calendar from 1850 on */
    ID_NUMBER_CHECK_DIGIT,
    ID_NUMBER_FAULT_COUNT
};

/* What a good number says of its bearer. The division is that of first registration: nothing follows
 * for where the person lives. */
struct id_number {
    char text[ID_NUMBER_SIZE + 1]; /* normalised, NUL-terminated */
    day birth;
    char sex;         /* 'M' or 'F' */
    char division[7]; /* the first 6 digits, NUL-terminated */
};

/* Trims, turns full-width digits and letters into ASCII, small x into X. Whatever else is in there
 * stays as it is. Writes a NUL-terminated text cut at buffer_size - 1 bytes, which is enough for any
 * good number from ID_NUMBER_SIZE + 1 on; returns the length the whole would have. */
size_t id_number_normalise(struct slice raw, char *buffer, size_t buffer_size);

/* Checks a number as people write it. `ret` may be NULL; it is set only when the result is GOOD. When
 * several things are wrong the first in the order of the enum is told. */
enum id_number_fault id_number_check(struct slice raw, struct id_number *ret);

/* The reason as a sentence of the catalogue (a msgid). */
const char *id_number_fault_text(enum id_number_fault fault);

/* The same with an error: ERR_ID_NUMBER and the reason as detail, without the number itself. */
int id_number_parse(struct slice raw, struct id_number *ret, struct error *e);

/* The 18th character for 17 ASCII digits; 0 when they are not digits. */
char id_number_check_digit(const char digits[17]);

/* Whether number, birth date and sex agree. `birth` of DAY_BEGINNING and `sex` of 0 are "not said". */
bool id_number_agrees_birth(const struct id_number *id, day birth);
bool id_number_agrees_sex(const struct id_number *id, char sex);

/* Unified social credit code, 18 characters: alphabet, check character, and the organisation code
 * inside with its own (GB 11714). Small letters and full-width forms are taken as capitals. */
enum uscc_fault {
    USCC_GOOD = 0,
    USCC_EMPTY,
    USCC_LENGTH,
    USCC_CHARACTER,
    USCC_INNER_CHECK,
    USCC_CHECK_CHARACTER,
    USCC_FAULT_COUNT
};
#define USCC_SIZE 18
enum uscc_fault uscc_check(struct slice raw, char ret_text[USCC_SIZE + 1]); /* ret may be NULL */
const char *uscc_fault_text(enum uscc_fault fault);

/* A 12-digit statistical division code of the right form. Its level is the last part that is not all
 * zero: 1 province, 2 city, 3 county, 4 town, 5 village; 0 when the form is wrong. */
int division_code_level(struct slice code);

/* A telephone number in E.164 ("+8613800138000"): blanks, hyphens, dots, brackets and full-width forms
 * are taken away; +86, 0086, 86 are understood. Mobile 1[3-9] and 9 digits; landline 0, area code of 2
 * or 3 digits, 7 or 8 digits; another country's with its + and 7 to 15 digits. False for anything
 * else; short numbers and hotlines are not telephones of people. */
#define PHONE_SIZE 17
bool phone_normalise(struct slice raw, char ret[PHONE_SIZE]);

#endif
