/* The policy compiler over any text. A set that compiles must print a text that compiles to the same
 * set, and must give for one family the same timelines. */
#include "policy/policy.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

/* A child with a father who is imprisoned and a mother whom nobody can reach. */
static struct policy_family family_of(const struct policy_person persons[3],
                                      const struct policy_fact facts[3],
                                      const struct policy_kin kin[2])
{
    return (struct policy_family){16000, persons, 3, facts, 3, kin, 2};
}

static void evaluate(const struct policy_set *set, const struct policy_set *again, struct arena *a)
{
    const struct policy_person persons[3] = {{true, false}, {true, false}, {false, true}};
    const struct policy_fact facts[3] = {
        {0, policy_kind_by_name(SLICE_LITERAL("disability")), 17000, DAY_FOREVER,
         SLICE_LITERAL("mental/2"), -1, NULL},
        {1, policy_kind_by_name(SLICE_LITERAL("imprisoned")), 18000, DAY_FOREVER,
         SLICE_LITERAL("P3Y"), -1, NULL},
        {2, policy_kind_by_name(SLICE_LITERAL("lost_contact")), 18100, 19000,
         SLICE_LITERAL("reported"), -1, NULL},
    };
    const struct policy_kin kin[2] = {
        {1, policy_role_by_name(SLICE_LITERAL("father")), DAY_BEGINNING, DAY_FOREVER},
        {2, policy_role_by_name(SLICE_LITERAL("mother")), DAY_BEGINNING, DAY_FOREVER},
    };
    struct policy_family family = family_of(persons, facts, kin);
    size_t count = policy_category_count(set);
    MUST(policy_category_count(again) == count);
    struct policy_timeline *one = ARENA_ARRAY(a, count, struct policy_timeline);
    struct policy_timeline *two = ARENA_ARRAY(a, count, struct policy_timeline);
    policy_evaluate(set, &family, a, one);
    policy_evaluate(again, &family, a, two);
    for (size_t i = 0; i < count; i++) {
        MUST(one[i].count == two[i].count);
        for (size_t k = 0; k < one[i].count; k++) {
            MUST(one[i].stretches[k].from < one[i].stretches[k].to);
            MUST(one[i].stretches[k].from == two[i].stretches[k].from);
            MUST(one[i].stretches[k].to == two[i].stretches[k].to);
            MUST(one[i].stretches[k].status == two[i].stretches[k].status);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_ZH};
    struct source source = {"fuzz.policy", {(const char *)data, size}};
    const struct policy_set *set, *again;
    int status = policy_compile(&source, 1, &a, &set, &e);
    if (status != 0) {
        MUST(status == -ERR_POLICY && e.detail[0] != '\0');
        return 0;
    }
    struct source printed = {"printed.policy", policy_set_print(set, &a)};
    MUST(policy_compile(&printed, 1, &a, &again, &e) == 0);
    MUST(slice_equal(policy_set_print(again, &a), printed.text));
    evaluate(set, again, &a);
    return 0;
}
