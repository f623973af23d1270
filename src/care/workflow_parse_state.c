/* The lines of a state: whom it waits for, until when, and to whom it goes up. */
#include "care/workflow_reader.h"

int parse_audience(struct reader *p, enum workflow_audience *ret)
{
    struct token name;
    int status = reader_word(p, &name);
    if (status != 0)
        return status;
    int audience = audience_parse(name.text);
    if (audience < 0) {
        struct nearest n = nearest_to(name.text);
        for (int i = 0; i < AUDIENCE_COUNT; i++)
            nearest_try(&n, workflow_audience_name((enum workflow_audience)i));
        reader_fault(p, &name, N_("“%.*s” is nobody who is waited for or told"), NULL);
        return nearest_hint(&n, p->error,
                            N_("These are owner, supervisor, station, centre and guardian."));
    }
    *ret = (enum workflow_audience)audience;
    return 0;
}

int parse_notice(struct reader *p, const char **ret, struct place *ret_place)
{
    struct token kind;
    int status = reader_expect(p, "with");
    if (status == 0)
        status = reader_word(p, &kind);
    if (status != 0)
        return status;
    *ret = arena_string(p->arena, kind.text);
    *ret_place = kind.place;
    return 0;
}

int parse_waits(struct reader *p, const struct token *first)
{
    if (p->state->waits_place.line)
        return reader_twice(p, first, p->state->waits_place);
    p->state->waits_place = first->place;
    int status = reader_expect(p, "for");
    if (status == 0)
        status = parse_audience(p, &p->state->waits_for);
    return status != 0 ? status : reader_end(p);
}

/* ---- lengths ---- */

static int parse_unit(struct reader *p, enum unit *ret)
{
    struct token name;
    int status = reader_word(p, &name);
    if (status != 0)
        return status;
    int unit = unit_parse(name.text);
    if (unit < 0) {
        struct nearest n = nearest_to(name.text);
        for (int i = 0; i < UNIT_COUNT; i++)
            nearest_try(&n, unit_name((enum unit)i, true));
        reader_fault(p, &name, N_("“%.*s” is no unit of time"), NULL);
        return nearest_hint(&n, p->error, N_("Units are minutes, hours, days, weeks and months."));
    }
    *ret = (enum unit)unit;
    return 0;
}

static int parse_length(struct reader *p, bool nothing, struct length *ret)
{
    struct token number;
    int status = reader_number(p, &number);
    if (status == 0)
        status = parse_unit(p, &ret->unit);
    if (status != 0)
        return status;
    ret->count = number.number;
    if (ret->count == 0 && !(nothing && ret->unit >= UNIT_DAYS))
        return reader_fault(p, &number, N_("“%.*s” gives nobody time to act"),
                            N_("Give at least 1. Only a clock from the day set may say 0 days: by "
                               "the end of that day."));
    return 0;
}

/* How often: weekly, monthly, quarterly, every 2 weeks. */
static int parse_often(struct reader *p, struct length *ret)
{
    static const struct {
        const char *word;
        struct length length;
    } words[] = {{"weekly", {1, UNIT_WEEKS}},
                 {"monthly", {1, UNIT_MONTHS}},
                 {"quarterly", {3, UNIT_MONTHS}}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (reader_take(p, words[i].word)) {
            *ret = words[i].length;
            return 0;
        }
    int status = reader_expect(p, "every");
    return status != 0 ? status : parse_length(p, false, ret);
}

static int parse_level(struct reader *p, struct lengths *l, enum level *ret)
{
    struct token name;
    int status = reader_word(p, &name);
    if (status != 0)
        return status;
    *ret = level_parse(name.text);
    if (*ret == LEVEL_NONE) {
        struct nearest n = nearest_to(name.text);
        for (int i = LEVEL_NONE + 1; i < LEVEL_COUNT; i++)
            nearest_try(&n, level_name((enum level)i));
        reader_fault(p, &name, N_("there is no level “%.*s”"), NULL);
        return nearest_hint(&n, p->error, N_("Levels are extreme, high, medium and low."));
    }
    if (has(l->given, *ret))
        return reader_fault(p, &name, N_("“%.*s” stands twice in this list"), N_("Leave one."));
    l->given |= UINT32_C(1) << *ret;
    return 0;
}

/* One length a level. Whether all levels are there is told with the proofs. */
static int parse_lengths(struct reader *p, const struct token *first, bool often, bool nothing,
                         struct lengths *l)
{
    l->place = first->place;
    do {
        enum level level;
        int status = parse_level(p, l, &level);
        if (status == 0)
            status = often ? parse_often(p, &l->of[level])
                           : parse_length(p, nothing, &l->of[level]);
        if (status != 0)
            return status;
    } while (reader_comma(p));
    return reader_end(p);
}

int parse_clock(struct reader *p, const struct token *first)
{
    struct state *s = p->state;
    int status = 0;
    if (s->clock.place.line)
        return reader_twice(p, first, s->clock.place);
    if (reader_take(p, "from")) {
        status = reader_expect(p, "the");
        if (status == 0 && reader_take(p, "opening"))
            s->anchor = FROM_OPENING;
        else if (status == 0 && reader_take(p, "day")) {
            s->anchor = FROM_DAY_SET;
            status = reader_expect(p, "set");
        } else if (status == 0)
            status = reader_misplaced(p);
    }
    if (status != 0)
        return status;
    return parse_lengths(p, first, false, s->anchor == FROM_DAY_SET, &s->clock);
}

int parse_repeats(struct reader *p, const struct token *first)
{
    if (p->state->clock.place.line)
        return reader_twice(p, first, p->state->clock.place);
    p->state->repeats = true;
    return parse_lengths(p, first, true, false, &p->state->clock);
}

int parse_each(struct reader *p, const struct token *first)
{
    if (p->state->each.place.line)
        return reader_twice(p, first, p->state->each.place);
    int status = reader_expect(p, "after");
    return status != 0 ? status : parse_lengths(p, first, false, false, &p->state->each);
}

/* ---- going up ---- */

/* “to supervisor, then station, then centre”. That it only goes up is told with the proofs. */
int parse_escalates(struct reader *p, const struct token *first)
{
    struct state *s = p->state;
    if (s->up_place.line)
        return reader_twice(p, first, s->up_place);
    s->up_place = first->place;
    s->together = reader_take(p, "together");
    int status = reader_expect(p, "to");
    while (status == 0) {
        if (s->up_count == AUDIENCE_COUNT)
            return reader_misplaced(p);
        status = parse_audience(p, &s->up[s->up_count]);
        if (status != 0)
            return status;
        s->up_count++;
        if (!reader_comma(p) || !reader_take(p, "then"))
            break;
    }
    if (status == 0)
        status = parse_notice(p, &s->overdue, &s->overdue_place);
    return status != 0 ? status : reader_end(p);
}
