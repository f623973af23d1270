#include "server/visit_marks.h"

#include "care/sheet.h"
#include "server/marked.h"

int visit_sheet_read(struct request *r, struct deployment *d, const struct visit *v,
                     struct visit_sheet *ret)
{
    return visit_values(d, v, true, r->arena, &ret->values, &ret->count, r->error);
}

/* Whoever settled two rivals by one of them has written it down again, and was not the first. */
static bool first_wrote(const struct visit_sheet *s, const struct visit_value *x,
                        int64_t account_id)
{
    const struct visit_value *first = x;

    for (size_t i = 0; i < s->count; i++)
        if (s->values[i].field == x->field && s->values[i].version < first->version &&
            slice_equal(s->values[i].value, x->value))
            first = &s->values[i];
    return first->account_id == account_id;
}

int visit_value_seen(struct request *r, const struct cared *of, const struct visit_sheet *s,
                     const struct visit_value *x, struct slice *ret)
{
    *ret = x->value;
    if (sheet_field_type(x->field) != SHEET_TEXT || first_wrote(s, x, r->account.id))
        return 0;
    return marked_text(r, &of->sights, x->value, x->marks, ret);
}

int visit_writes_unmask(struct request *r, struct deployment *d, const struct visit *v,
                        const struct cared *of, struct visit_write *writes, size_t count)
{
    struct slice seen;
    struct visit_sheet s;
    int rc = visit_sheet_read(r, d, v, &s);

    for (size_t i = 0; i < count && rc == 0; i++)
        for (size_t k = 0; k < s.count && rc == 0; k++) {
            const struct visit_value *x = &s.values[k];
            if (x->field != writes[i].field || x->standing == VISIT_VALUE_REPLACED)
                continue;
            rc = visit_value_seen(r, of, &s, x, &seen);
            if (rc == 0 && slice_equal(slice_trim(writes[i].value), seen))
                writes[i].value = x->value;
        }
    return rc;
}
