/* The chokepoint: every value about a person that leaves the process as JSON passes view_write.
 *
 * A view declares its fields and the class of each (from api/, where x-class stands beside the
 * schema). The caller lends the values and the sights of this role, relation and purpose; a field
 * that is absent is not written, a masked one is written as what remains of it (null where nothing
 * does). The member "masked" names each field that is masked, or is absent and could be opened, with
 * the easiest way, whether or not it has a value: {"name": "tap", "birth_date": "none", "basis":
 * "approval"}. Where there is none it is left out. */
#ifndef HUMIAO_ACCESS_VIEW_H
#define HUMIAO_ACCESS_VIEW_H

#include "access/clearance.h"
#include "base/json.h"

enum view_type {
    VIEW_TEXT,
    VIEW_ID,
    VIEW_INTEGER,
    VIEW_BOOLEAN,
    VIEW_DAY,
    VIEW_INSTANT,
    VIEW_CODE,
    VIEW_RAW
};

struct view_field {
    const char *name;
    enum data_class class;
    enum view_type type; /* CODE: a 12-digit division code, as text. RAW: JSON of nested views */
};

struct view {
    const char *name;
    const struct view_field *fields;
    size_t count;
};

/* One value: text for TEXT and RAW, number for the rest. `set` false: null. */
struct view_value {
    bool set;
    struct slice text;
    int64_t number;
};

static inline struct view_value view_text(struct slice s)
{
    return (struct view_value){.set = s.p != NULL, .text = s};
}
static inline struct view_value view_number(int64_t v)
{
    return (struct view_value){.set = true, .number = v};
}
#define VIEW_NULL ((struct view_value){.set = false})

/* What an account may see of one child at this moment. */
struct sights {
    uint8_t of[CLASS_COUNT];  /* enum sight */
    uint8_t way[CLASS_COUNT]; /* enum opening_way: how a masked or absent class could be shown */
};

/* Sights of the routine, with the ways of all purposes that would show more (the easiest one). */
void sights_routine(const struct clearance *c, enum role role, enum relation relation,
                    struct sights *ret);

/* Raises the classes of an opening that is in force (bits of `classes`) to what its
 * purpose shows. */
void sights_open(const struct clearance *c, enum role role, enum relation relation,
                 enum purpose purpose, uint64_t classes, struct sights *s);

/* Writes one object, `view->count` values in the order of the fields. */
void view_write(struct json *j, const struct view *view, const struct sights *sights,
                const struct mask_context *context, const struct view_value *values);

#endif
