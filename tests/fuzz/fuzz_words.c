/* The small parsers over any bytes: days, durations, identity numbers, codes, telephones. What they
 * accept must be in its one form when it is written again. */
#include "base/day.h"
#include "people/id_number.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static void days(struct slice s)
{
    day d;
    char text[DAY_TEXT];
    if (day_parse(s, &d))
        MUST(slice_is(s, day_format(d, text)));
    struct duration length;
    if (duration_parse(s, &length)) {
        MUST(length.years >= 0 && length.months >= 0 && length.weeks >= 0 && length.days >= 0);
        MUST(day_add_duration(DAY_FIRST, length) >= DAY_FIRST);
        MUST(day_add_duration(DAY_LAST, length) >= DAY_LAST);
    }
}

static void numbers(struct slice s)
{
    struct id_number id, again;
    if (id_number_check(s, &id) == ID_NUMBER_GOOD) {
        MUST(id_number_check(slice_from(id.text), &again) == ID_NUMBER_GOOD);
        MUST(strcmp(id.text, again.text) == 0 && id.birth == again.birth);
        MUST(id_number_check_digit(id.text) == id.text[17]);
    }
    char code[USCC_SIZE + 1], same[USCC_SIZE + 1];
    if (uscc_check(s, code) == USCC_GOOD)
        MUST(uscc_check(slice_from(code), same) == USCC_GOOD && strcmp(code, same) == 0);
    int level = division_code_level(s);
    MUST(level >= 0 && level <= 5);
    char phone[PHONE_SIZE], phone_again[PHONE_SIZE];
    if (phone_normalise(s, phone))
        MUST(phone_normalise(slice_from(phone), phone_again) && strcmp(phone, phone_again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice s = {(const char *)data, size};
    days(s);
    numbers(s);
    struct slice trimmed = slice_trim(s);
    MUST(trimmed.n <= s.n && slice_equal(slice_trim(trimmed), trimmed));
    return 0;
}
