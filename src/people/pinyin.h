/* Pinyin: how a Chinese character is read, without tones, every reading it has in names.
 *
 * The table is written at build time by tools/pinyin_table.c from ICU's Han-Latin transliterations
 * (general and of surnames) and from pinyin_names.txt, the polyphones that occur in names. A syllable
 * with ü has one entry for each way people type it: lü is "lv", "lu" and "lyu". */
#ifndef HUMIAO_PEOPLE_PINYIN_H
#define HUMIAO_PEOPLE_PINYIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PINYIN_READING_MAX 15 /* letters of the longest reading */
#define PINYIN_SET_MAX 16     /* readings of one character */

/* Han of any plane, compatibility ideographs and U+3007 (zero) included. */
bool pinyin_is_han(uint32_t code_point);

/* The readings of a character: numbers of readings, ended by 0; just the 0 for a character without
 * one. The list lives as long as the program; characters with the same readings share it. */
const uint16_t *pinyin_set(uint32_t code_point);

/* The lists themselves, so that something can be computed once for each: list `i` of
 * `pinyin_set_count` begins at pinyin_set_at(i); pinyin_set_of(character) is its i. List 0 is empty. */
size_t pinyin_set_count(void);
const uint16_t *pinyin_set_at(size_t i);
size_t pinyin_set_of(uint32_t code_point);

/* A reading in a-z, NUL-terminated, for 0 < number < pinyin_reading_count; they are sorted. */
const char *pinyin_reading(uint16_t number);
size_t pinyin_reading_count(void);

#endif
