/* Levels, audiences, guards and units by name. */
#include "care/workflow_inside.h"

/* ---- levels ---- */

static const char *const levels[LEVEL_COUNT] = {
    [LEVEL_NONE] = "",
#define LEVEL(symbol, number, name) [symbol] = name,
#include "care/levels.def"
#undef LEVEL
};

/* Marked here for the catalogue. */
static const char *const level_labels[LEVEL_COUNT] = {[LEVEL_NONE] = "",
                                                      [LEVEL_EXTREME] = N_("extreme"),
                                                      [LEVEL_HIGH] = N_("high"),
                                                      [LEVEL_MEDIUM] = N_("medium"),
                                                      [LEVEL_LOW] = N_("low")};

static bool is_level(enum level level) { return level > LEVEL_NONE && level < LEVEL_COUNT; }

enum level level_parse(struct slice name)
{
    for (int i = LEVEL_NONE + 1; i < LEVEL_COUNT; i++)
        if (slice_is(name, levels[i]))
            return (enum level)i;
    return LEVEL_NONE;
}

const char *level_name(enum level level) { return is_level(level) ? levels[level] : ""; }

const char *level_label(enum level level, enum language language)
{
    return is_level(level) ? text_in(language, level_labels[level]) : "";
}

/* ---- audiences ---- */

static const struct {
    const char *name;
    enum role role;
} audiences[AUDIENCE_COUNT] = {
    [AUDIENCE_OWNER] = {"owner", ROLE_NONE},
    [AUDIENCE_SUPERVISOR] = {"supervisor", ROLE_SUPERVISOR},
    [AUDIENCE_STATION] = {"station", ROLE_STATION_WORKER},
    [AUDIENCE_CENTRE] = {"centre", ROLE_CENTRE_WORKER},
    [AUDIENCE_GUARDIAN] = {"guardian", ROLE_GUARDIAN},
};

int audience_parse(struct slice name)
{
    for (int i = 0; i < AUDIENCE_COUNT; i++)
        if (slice_is(name, audiences[i].name))
            return i;
    return -1;
}

const char *workflow_audience_name(enum workflow_audience audience)
{
    return audience < AUDIENCE_COUNT ? audiences[audience].name : "";
}

enum role workflow_audience_role(enum workflow_audience audience)
{
    return audience < AUDIENCE_COUNT ? audiences[audience].role : ROLE_NONE;
}

/* ---- guards ---- */

static const struct {
    const char *name;
    bool given;
    const char *words[2]; /* by language */
} guards[GUARD_COUNT] = {
#define GUARD(symbol, name, given, zh, en) \
    [GUARD_##symbol] = {name, given, {[LANGUAGE_ZH] = (zh), [LANGUAGE_EN] = (en)}},
#include "care/workflow_guards.def"
#undef GUARD
};

_Static_assert(GUARD_COUNT <= 64, "guards are bits of 64");

int guard_parse(struct slice name)
{
    for (int i = 0; i < GUARD_COUNT; i++)
        if (slice_is(name, guards[i].name))
            return i;
    return -1;
}

bool guard_is_given(enum workflow_guard guard) { return guards[guard].given; }
const char *workflow_guard_name(enum workflow_guard guard)
{
    return guard < GUARD_COUNT ? guards[guard].name : "";
}
const char *workflow_guard_words(enum workflow_guard guard, enum language language)
{
    return guard < GUARD_COUNT ? guards[guard].words[language] : "";
}

/* ---- time ---- */

static const char *const units[UNIT_COUNT][2] = {[UNIT_MINUTES] = {"minute", "minutes"},
                                                 [UNIT_HOURS] = {"hour", "hours"},
                                                 [UNIT_DAYS] = {"day", "days"},
                                                 [UNIT_WEEKS] = {"week", "weeks"},
                                                 [UNIT_MONTHS] = {"month", "months"}};

int unit_parse(struct slice name)
{
    for (int i = 0; i < UNIT_COUNT; i++)
        if (slice_is(name, units[i][0]) || slice_is(name, units[i][1]))
            return i;
    return -1;
}

const char *unit_name(enum unit unit, bool plural) { return units[unit][plural]; }

const char *anchor_words(enum anchor anchor)
{
    return anchor == FROM_OPENING   ? "from the opening "
           : anchor == FROM_DAY_SET ? "from the day set "
                                    : "";
}
