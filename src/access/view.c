#include "access/view.h"

/* ---- what may be seen ---- */

void sights_routine(const struct clearance *c, enum role role, enum relation relation,
                    struct sights *ret)
{
    memcpy(ret->of, clearance_sights(c, role, relation, PURPOSE_ROUTINE), CLASS_COUNT);
    memcpy(ret->way, clearance_ways(c, role, relation), CLASS_COUNT);
}

/* The easiest way to see more of a class than `sight`. */
static uint8_t way_beyond(const struct clearance *c, enum role role, enum relation relation,
                          enum data_class class, uint8_t sight)
{
    uint8_t best = WAY_NONE;
    for (int i = PURPOSE_ROUTINE + 1; i < PURPOSE_COUNT; i++) {
        struct clearance_rule rule = clearance_rule(c, class, role, relation, (enum purpose)i);
        if (rule.sight > sight && (best == WAY_NONE || rule.way < best))
            best = rule.way;
    }
    return best;
}

void sights_open(const struct clearance *c, enum role role, enum relation relation,
                 enum purpose purpose, uint64_t classes, struct sights *s)
{
    const uint8_t *opened = clearance_sights(c, role, relation, purpose);
    for (int i = 0; i < CLASS_COUNT; i++)
        if ((classes >> i & 1) && opened[i] > s->of[i]) {
            s->of[i] = opened[i];
            s->way[i] = way_beyond(c, role, relation, (enum data_class)i, opened[i]);
        }
}

/* ---- writing ---- */

#define CODE_DIGITS 12

/* A division code as its twelve digits; NONE for a number that is no code. */
static struct slice code_text(int64_t code, char buffer[CODE_DIGITS])
{
    if (code < 0 || code > INT64_C(999999999999))
        return SLICE_NONE;
    for (int i = CODE_DIGITS - 1; i >= 0; i--, code /= 10)
        buffer[i] = (char)('0' + code % 10);
    return (struct slice){buffer, CODE_DIGITS};
}

static void write_shown(struct json *j, enum view_type type, const struct view_value *v)
{
    char code[CODE_DIGITS];
    if (!v->set) {
        json_put_null(j);
        return;
    }
    switch (type) {
    case VIEW_TEXT: json_put_string(j, v->text); break;
    case VIEW_ID: json_put_id(j, v->number); break;
    case VIEW_INTEGER: json_put_integer(j, v->number); break;
    case VIEW_BOOLEAN: json_put_boolean(j, v->number != 0); break;
    case VIEW_DAY: json_put_day(j, (day)v->number); break;
    case VIEW_INSTANT: json_put_instant(j, v->number); break;
    case VIEW_CODE: json_put_string(j, code_text(v->number, code)); break;
    case VIEW_RAW: json_put_raw(j, v->text); break;
    }
}

/* What remains of a value. Only text, days and codes have a form in which something does: a number
 * or JSON under a masked class is null. */
static void write_masked(struct json *j, const struct view_field *field,
                         const struct mask_context *context, const struct view_value *v)
{
    char scratch[DAY_TEXT > CODE_DIGITS ? DAY_TEXT : CODE_DIGITS], rest[MASK_SIZE];
    struct slice value = SLICE_NONE;
    if (v->set && field->type == VIEW_TEXT)
        value = v->text;
    else if (v->set && field->type == VIEW_DAY)
        value = slice_from(day_format((day)v->number, scratch));
    else if (v->set && field->type == VIEW_CODE)
        value = code_text(v->number, scratch);
    size_t n = mask_write(data_class_mask(field->class), value, context, rest);
    json_put_string(j, n ? (struct slice){rest, n} : SLICE_NONE);
}

static const char *way_name(uint8_t way)
{
    return way == WAY_TAP        ? "tap"
           : way == WAY_APPROVAL ? "approval"
           : way == WAY_GLASS    ? "glass"
                                 : "none";
}

/* A field is named whether or not it has a value: that there is one is for whoever opens it to
 * learn. A masked one is named also where no way leads to it: the code of a village, masked, is a
 * code like any other. */
static void write_ways(struct json *j, const struct view *view, const struct sights *sights)
{
    bool begun = false;
    for (size_t i = 0; i < view->count; i++) {
        const struct view_field *field = &view->fields[i];
        uint8_t sight = sights->of[field->class], way = sights->way[field->class];
        bool opens = way >= WAY_TAP && way <= WAY_GLASS;
        if (sight == SIGHT_SHOWN || (!opens && sight != SIGHT_MASKED))
            continue;
        if (!begun) {
            json_name(j, "masked");
            json_object_begin(j);
            begun = true;
        }
        json_name(j, field->name);
        json_put_string(j, slice_from(way_name(way)));
    }
    if (begun)
        json_object_end(j);
}

void view_write(struct json *j, const struct view *view, const struct sights *sights,
                const struct mask_context *context, const struct view_value *values)
{
    json_object_begin(j);
    for (size_t i = 0; i < view->count; i++) {
        const struct view_field *field = &view->fields[i];
        /* Written is what is known to be shown or masked; anything else is absent. */
        switch (sights->of[field->class]) {
        case SIGHT_SHOWN:
            json_name(j, field->name);
            write_shown(j, field->type, &values[i]);
            break;
        case SIGHT_MASKED:
            json_name(j, field->name);
            write_masked(j, field, context, &values[i]);
            break;
        default: break;
        }
    }
    write_ways(j, view, sights);
    json_object_end(j);
}
