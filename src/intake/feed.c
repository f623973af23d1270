#include "intake/feed_inside.h"

static const char *const forms[FORM_COUNT] = {
    [FORM_TEXT] = "text",     [FORM_ID_NUMBER] = "id_number", [FORM_DATE] = "date",
    [FORM_MONTH] = "month",   [FORM_TERM] = "term",           [FORM_CODE] = "code",
    [FORM_NUMBER] = "number", [FORM_DIVISION] = "division",   [FORM_ICD] = "icd",
    [FORM_MOMENT] = "moment"};

const char *feed_form_name(enum feed_form form)
{
    return (unsigned)form < FORM_COUNT ? forms[form] : "";
}

enum feed_form feed_form_parse(struct slice name)
{
    int form = 0;

    while (form < FORM_COUNT && !slice_is(name, forms[form]))
        form++;
    return (enum feed_form)form;
}

int feed_column_find(const struct feed *f, struct slice name)
{
    for (size_t i = 0; i < f->column_count; i++)
        if (slice_is(name, f->columns[i].name))
            return (int)i;
    return -1;
}

int feed_column_of(const struct feed *f, struct slice name)
{
    ARENA_AUTO(scratch);
    struct slice folded = feed_fold(name, &scratch);

    for (size_t i = 0; i < f->column_count; i++)
        for (size_t k = 0; k < f->columns[i].named_count; k++)
            if (slice_equal(feed_fold(f->columns[i].named[k], &scratch), folded))
                return (int)i;
    for (size_t i = 0; i < f->ignored_count; i++)
        if (slice_equal(feed_fold(f->ignored[i], &scratch), folded))
            return -2;
    return -1;
}

size_t feed_pieces(struct slice template, struct feed_piece ret[FEED_PIECES_MAX])
{
    size_t count = 0, i = 0;

    while (i < template.n) {
        bool column = template.p[i] == '{';
        size_t start = column ? ++i : i;
        while (i < template.n && template.p[i] != '{' && template.p[i] != '}')
            i++;
        if (count == FEED_PIECES_MAX || i == start ||
            (i < template.n && (template.p[i] == '}') != column) || (column && i == template.n))
            return 0;
        ret[count++] = (struct feed_piece){{template.p + start, i - start}, column};
        i += column;
    }
    return count;
}
