#include "synth/identity.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST_DAY (-25567) /* 1900-01-01 */
#define LAST_DAY 47482     /* 2100-01-01 */
#define PER_DIVISION 499   /* 001, 003 … 997 for men, 002 … 998 for women */
#define DIVISIONS 100

struct synth_identities {
    uint16_t given[LAST_DAY - FIRST_DAY][2];
};

struct synth_identities *synth_identities_new(void)
{
    struct synth_identities *ids = calloc(1, sizeof(*ids));

    if (!ids)
        abort();
    return ids;
}

void synth_identities_end(struct synth_identities *ids) { free(ids); }

char synth_identity_check(const char *first17)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 17; i++)
        sum += weights[i] * (first17[i] - '0');
    return "10X98765432"[sum % 11];
}

static char *digits(char *at, int number, int width)
{
    for (int i = width - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + width;
}

int synth_identities_next(struct synth_identities *ids, day birth, char sex, char ret[SYNTH_ID_MAX],
                          struct error *e)
{
    int year, month, dom, woman = sex == 'F', n;
    char *at = ret;

    if (birth < FIRST_DAY || birth >= LAST_DAY)
        return error_set(e, ERR_USAGE, N_("the as-of date lies too far from today's century"));
    n = ids->given[birth - FIRST_DAY][woman]++;
    if (n >= PER_DIVISION * DIVISIONS)
        return error_set(e, ERR_USAGE,
                         N_("there are not enough identity numbers for so many children"));
    day_to_date(birth, &year, &month, &dom);
    at = digits(at, 999999 - n / PER_DIVISION, 6);
    at = digits(at, year, 4);
    at = digits(at, month, 2);
    at = digits(at, dom, 2);
    /* 211 and 499 have no common factor: neighbours in the file are not neighbours in number */
    at = digits(at, (n % PER_DIVISION * 211 % PER_DIVISION) * 2 + (woman ? 2 : 1), 3);
    *at = synth_identity_check(ret);
    at[1] = 0;
    return 0;
}

void synth_identity_phone(uint64_t person, char ret[SYNTH_PHONE_MAX])
{
    /* 61,803,399 shares no factor with 100,000,000: a walk through all numbers of the range */
    uint64_t number = person % 100000000 * 61803399 % 100000000;

    snprintf(ret, SYNTH_PHONE_MAX, "194%08llu", (unsigned long long)number);
}
