/* Administrative divisions (api/divisions.yaml). */
#include "server/handlers.h"
#include "server/seen.h"
#include "server/shelf.h"

static const char *const level_names[] = {"", "province", "city", "county", "town", "village"};

static void write_division(struct request *r, const struct division *division)
{
    struct view_value v[FIELD_DIVISION_COUNT] = {
        [FIELD_DIVISION_CODE] = view_number(division->code),
        [FIELD_DIVISION_NAME] = view_text(slice_from(division->name)),
        [FIELD_DIVISION_LEVEL] = view_text(slice_from(level_names[division->level]))};
    struct sights sights;

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_division, &sights, &(struct mask_context){.today = r->today}, v);
}

/* The first place in the sorted tree that is behind the code. */
static size_t place_behind(const struct division_tree *tree, int64_t code)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tree->divisions[middle].code <= code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int write_tree(struct request *r, const struct division_tree *tree, int64_t code)
{
    const struct division *division = division_find(tree, code);

    if (!division)
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    json_object_begin(r->out);
    json_name(r->out, "division");
    write_division(r, division);
    json_name(r->out, "items");
    json_array_begin(r->out);
    int64_t last = division_last(code);
    for (size_t i = place_behind(tree, code); i < tree->count && tree->divisions[i].code <= last;) {
        const struct division *child = &tree->divisions[i];
        write_division(r, child);
        /* Behind its whole subtree, which is not shown. */
        i = place_behind(tree, division_last(child->code));
    }
    json_array_end(r->out);
    json_name(r->out, "next");
    json_put_null(r->out);
    json_object_end(r->out);
    return 0;
}

int route_division_read(struct request *r)
{
    const struct register_reading *reading;
    int64_t code;

    if (!division_parse(r->path[0], &code))
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    int rc = shelf_hold(r->shelf, &reading, r->error);
    if (rc < 0)
        return rc;
    rc = write_tree(r, &reading->divisions, code);
    shelf_let_go(r->shelf, reading);
    return rc;
}
