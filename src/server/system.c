/* How the server fares, and its own description (api/system.yaml). */
#include "server/handlers.h"
#include "server/seen.h"
#include "server/shelf.h"

int route_system_openapi(struct request *r)
{
    r->raw = route_openapi();
    return 0;
}

int route_system_read(struct request *r)
{
    const struct register_reading *reading;
    struct error unsaid = {.language = r->error->language};
    struct sights sights;
    int64_t divisions = 0;
    bool ready = shelf_hold(r->shelf, &reading, &unsaid) == 0;

    if (ready) {
        divisions = (int64_t)reading->divisions.count;
        shelf_let_go(r->shelf, reading);
    }
    struct view_value v[FIELD_SYSTEM_COUNT] = {
        [FIELD_SYSTEM_VERSION] = view_text(SLICE_LITERAL(HUMIAO_VERSION)),
        [FIELD_SYSTEM_DATABASE] = view_text(store_engine(r->d->store) == STORE_SQLITE
                                                ? SLICE_LITERAL("sqlite")
                                                : SLICE_LITERAL("postgresql")),
        [FIELD_SYSTEM_SUITE] = view_text(slice_from(seal_suite_name(vault_suite(r->d->vault)))),
        [FIELD_SYSTEM_LAST_TICK] = r->d->ticked ? seen_day(r->d->last_tick) : VIEW_NULL,
        [FIELD_SYSTEM_NAMES_READY] = view_number(ready),
        [FIELD_SYSTEM_DIVISIONS] = ready ? view_number(divisions) : VIEW_NULL};

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_system, &sights, &(struct mask_context){.today = r->today}, v);
    return 0;
}
