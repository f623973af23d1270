/* The clearance table from any text. One that is refused says where; one that is taken keeps what
 * no table may break, whatever it says, and so does what leaves through a view. */
#include "access/view.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static void check_rule(const struct clearance *c, enum data_class class, enum role role,
                       enum relation relation, enum purpose purpose)
{
    struct clearance_rule rule = clearance_rule(c, class, role, relation, purpose);
    struct clearance_rule routine = clearance_rule(c, class, role, relation, PURPOSE_ROUTINE);
    MUST(clearance_sights(c, role, relation, purpose)[class] == rule.sight);
    MUST((rule.line == 0) == (rule.sight == SIGHT_ABSENT));
    if (rule.line == 0)
        return;
    MUST((purpose == PURPOSE_ROUTINE) == (rule.way == WAY_FREE));
    MUST((purpose == PURPOSE_EMERGENCY) == (rule.way == WAY_GLASS));
    MUST((rule.way == WAY_FREE) == (rule.minutes == 0));
    MUST(rule.way == WAY_FREE || rule.sight > routine.sight);
    if (!class_is_of_a_child(class))
        return;
    MUST(!role_is_administrator(role));
    MUST(relation != RELATION_NONE);
}

static void check_role(const struct clearance *c, enum role role)
{
    size_t count;
    const char *const *permissions = clearance_permissions(c, &count);
    MUST(!clearance_approves(c, role, role));
    for (int other = ROLE_NONE + 1; other < ROLE_COUNT; other++) {
        MUST(!clearance_approves(c, role, (enum role)other) || !role_is_administrator(role));
        if (other == (int)role || !role_is_administrator(role) ||
            !role_is_administrator((enum role)other))
            continue;
        for (size_t i = 0; i < count; i++) {
            struct slice name = slice_from(permissions[i]);
            bool shared = clearance_permits(c, role, name) &&
                          clearance_permits(c, (enum role)other, name);
            MUST(!shared || clearance_permits(c, ROLE_HELPER, name)); /* everybody's */
        }
    }
}

static void check_view(const struct clearance *c, struct arena *a)
{
    static const struct view_field fields[] = {{"name", CLASS_NAME, VIEW_TEXT},
                                               {"reporter", CLASS_REPORTER, VIEW_TEXT}};
    static const struct view view = {"fuzz", fields, 2};
    const struct view_value values[] = {view_text(SLICE_LITERAL("陈小明")),
                                        view_text(SLICE_LITERAL("a neighbour"))};
    struct mask_context context = {SLICE_NONE, 20000};
    struct sights sights;
    struct json j;
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int relation = 0; relation < RELATION_COUNT; relation++) {
            sights_routine(c, (enum role)role, (enum relation)relation, &sights);
            sights_open(c, (enum role)role, (enum relation)relation, PURPOSE_CASEWORK, UINT64_MAX,
                        &sights);
            json_begin(&j, a);
            view_write(&j, &view, &sights, &context, values);
            struct slice text = json_text(&j);
            MUST((memmem(text.p, text.n, "小明", 6) != NULL) ==
                 (sights.of[CLASS_NAME] == SIGHT_SHOWN));
            MUST((memmem(text.p, text.n, "neighbour", 9) != NULL) ==
                 (sights.of[CLASS_REPORTER] == SIGHT_SHOWN));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(a);
    struct error e = {.language = size % 2 ? LANGUAGE_ZH : LANGUAGE_EN};
    const struct clearance *c;
    int status = clearance_compile((struct slice){(const char *)data, size}, "fuzz", &a, &c, &e);
    if (status != 0) {
        MUST(status == -ERR_CLEARANCE && e.detail[0] != '\0' && e.hint[0] != '\0');
        return 0;
    }
    for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
        check_role(c, (enum role)role);
        for (int relation = 0; relation < RELATION_COUNT; relation++)
            for (int purpose = PURPOSE_ROUTINE; purpose < PURPOSE_COUNT; purpose++)
                for (int class = 0; class < CLASS_COUNT; class ++)
                    check_rule(c, (enum data_class) class, (enum role)role, (enum relation)relation,
                               (enum purpose)purpose);
    }
    check_view(c, &a);
    return 0;
}
