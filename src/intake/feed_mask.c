/* A cell as it is shown to whoever may not see it. Cells of refused rows may hold anything: what a form does not know for
 * certain goes through the detector, or is hidden. */
#include "access/mask.h"
#include "detect/detect.h"
#include "intake/feed_inside.h"
#include "people/id_number.h"

#define ALL_KINDS ((1u << DETECT_KIND_COUNT) - 1)
#define HIDDEN SLICE_LITERAL("***")

static struct slice by_form(enum mask_form form, struct slice text, struct arena *arena)
{
    char buffer[MASK_SIZE];
    size_t n = mask_write(form, text, &(struct mask_context){0}, buffer);

    return n > 0 ? arena_copy(arena, (struct slice){buffer, n}) : HIDDEN;
}

static bool digits(struct slice s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* Through the detector; also a longer number that begins with an identity number, as certificates have it. */
static struct slice by_contents(struct slice text, struct arena *arena)
{
    struct detect_span *spans;
    size_t count;
    struct slice head = {text.p, ID_NUMBER_SIZE};

    if (text.n > ID_NUMBER_SIZE && id_number_check(head, NULL) == ID_NUMBER_GOOD)
        return by_form(MASK_ID_NUMBER, head, arena);
    if (detect_find(NULL, text, arena, &spans, &count, NULL) < 0)
        return HIDDEN;
    return detect_mask(text, spans, count, ALL_KINDS, arena);
}

static struct slice mask_date(const struct feed_column *c, struct slice text, struct arena *arena)
{
    struct feed_moment m;
    struct feed_fault fault;
    char written[DAY_TEXT];

    if (feed_date_read(text, CELL_TEXT, c->form, &m, &fault))
        day_format(m.day, written);
    else if (digits(text, 4) && !digits(text, 5))
        memcpy(written, text.p, 4);
    else
        return HIDDEN;
    return slice_from(arena_printf(arena, "%.4s-**-**", written));
}

static bool holds_names(const struct feed_column *c)
{
    static const char tail[] = "姓名";

    if (strstr(c->name, "name"))
        return true;
    for (size_t i = 0; i < c->named_count; i++) {
        struct slice s = c->named[i];
        if (s.n >= sizeof tail - 1 &&
            memcmp(s.p + s.n - (sizeof tail - 1), tail, sizeof tail - 1) == 0)
            return true;
    }
    return false;
}

static bool known_code(const struct feed_column *c, struct slice text, struct arena *arena)
{
    struct slice folded = feed_fold(text, arena);

    for (size_t i = 0; i < c->code_count; i++)
        if (slice_equal(feed_fold(c->codes[i].from, arena), folded))
            return true;
    return false;
}

struct slice feed_mask_cell(const struct feed_column *c, struct slice text, struct arena *arena)
{
    struct slice narrow = feed_narrow(text, arena), unspaced = feed_unspaced(text, arena);

    if (narrow.n == 0)
        return SLICE_LITERAL("");
    if (!c)
        return HIDDEN;
    switch (c->form) {
    case FORM_ID_NUMBER:
        return digits(unspaced, 3) ? by_form(MASK_ID_NUMBER, unspaced, arena) : HIDDEN;
    case FORM_DATE:
    case FORM_MONTH:
    case FORM_MOMENT: return mask_date(c, narrow, arena);
    case FORM_ICD: return HIDDEN;
    case FORM_CODE: return known_code(c, text, arena) ? narrow : by_contents(narrow, arena);
    case FORM_TEXT:
        return holds_names(c) ? by_form(MASK_NAME, unspaced, arena) : by_contents(narrow, arena);
    case FORM_TERM:
    case FORM_NUMBER:
    case FORM_DIVISION:
    case FORM_COUNT: break;
    }
    return by_contents(narrow, arena);
}
