#include "people/pinyin.h"

#include "pinyin_table.inc" /* written by the build */

enum { RANGES = sizeof ranges / sizeof *ranges };

size_t pinyin_set_of(uint32_t code_point)
{
    for (size_t i = 0; i < RANGES; i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return ranges[i].sets[code_point - ranges[i].first];
    return 0;
}

bool pinyin_is_han(uint32_t code_point)
{
    for (size_t i = 0; i < RANGES; i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    return false;
}

size_t pinyin_set_count(void) { return sizeof set_begins / sizeof *set_begins; }

const uint16_t *pinyin_set_at(size_t i) { return set_numbers + set_begins[i]; }

const uint16_t *pinyin_set(uint32_t code_point) { return pinyin_set_at(pinyin_set_of(code_point)); }

const char *pinyin_reading(uint16_t number) { return reading_texts[number]; }

size_t pinyin_reading_count(void) { return sizeof reading_texts / sizeof *reading_texts; }
