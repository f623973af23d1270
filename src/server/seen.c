#include "server/seen.h"

#include "server/shelf.h"

#include <errno.h>
#include <stdlib.h>

bool seen_anything(const struct sights *sights)
{
    for (int c = 0; c < CLASS_COUNT; c++)
        if (class_is_of_a_child((enum data_class)c) &&
            (sights->of[c] != SIGHT_ABSENT || sights->way[c] >= WAY_TAP))
            return true;
    return false;
}

int seen_relation(struct request *r, struct deployment *d, int64_t child_id, enum relation *ret)
{
    enum relation relation;
    struct sights sights;
    int rc = relation_of(d, &r->account, child_id, r->now, &relation, r->error);

    if (rc < 0)
        return rc;
    sights_routine(r->clearance, r->account.role, relation, &sights);
    if (relation == RELATION_NONE || !seen_anything(&sights))
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    *ret = relation;
    return 0;
}

int seen_child(struct request *r, struct slice id, struct seen *ret)
{
    struct opening *openings;
    struct seen s = {.relation = RELATION_NONE};
    int rc = request_id(r, id, &s.child_id);

    if (rc == 0)
        rc = seen_relation(r, r->d, s.child_id, &s.relation);
    if (rc == 0)
        rc = opening_in_force(r->d, r->account.id, s.child_id, r->now, r->arena, &openings,
                              &s.opening_count, r->error);
    if (rc == 0)
        rc = child_get(r->d, s.child_id, r->today, r->arena, &s.child, r->error);
    if (rc < 0)
        return rc;
    s.openings = openings;
    sights_routine(r->clearance, r->account.role, s.relation, &s.sights);
    for (size_t i = 0; i < s.opening_count; i++)
        sights_open(r->clearance, r->account.role, s.relation, openings[i].purpose,
                    openings[i].classes, &s.sights);
    s.mask = (struct mask_context){seen_town(r, s.child.residence), r->today};
    r->audit.child_id = s.child_id;
    r->audit.object_id = s.opening_count ? openings[0].id : 0;
    *ret = s;
    return 0;
}

void seen_nobody(const struct request *r, struct sights *ret)
{
    sights_routine(r->clearance, r->account.role, RELATION_NONE, ret);
}

struct slice seen_town(struct request *r, int64_t residence)
{
    const struct register_reading *reading;
    struct error unsaid = {.language = r->error->language};
    struct slice name = SLICE_NONE;

    if (!residence || shelf_hold(r->shelf, &reading, &unsaid) < 0)
        return name;
    const struct division *town = division_find(&reading->divisions, residence / 1000 * 1000);
    if (town)
        name = arena_copy(r->arena, slice_from(town->name));
    shelf_let_go(r->shelf, reading);
    return name;
}

struct slice seen_account_name(struct request *r, struct deployment *d, struct names_seen *names,
                               int64_t account_id)
{
    struct error unsaid = {.language = r->error->language};
    struct account account;

    if (!account_id)
        return SLICE_NONE;
    for (size_t i = 0; i < names->count; i++)
        if (names->accounts[i].id == account_id)
            return names->accounts[i].display;
    if (account_get(d, account_id, r->arena, &account, &unsaid) < 0)
        account = (struct account){.id = account_id, .display = SLICE_NONE};
    else if (account.display.n == 0) /* nobody's name was given: the one that is typed */
        account.display = account.name;
    names->accounts = arena_grow(r->arena, names->accounts, &names->capacity, names->count + 1,
                                 sizeof(account));
    names->accounts[names->count++] = account;
    return account.display;
}

struct slice seen_classes(struct request *r, uint64_t classes)
{
    struct json j;

    json_begin(&j, r->arena);
    json_array_begin(&j);
    for (int c = 0; c < CLASS_COUNT; c++)
        if (classes >> c & 1)
            json_put_string(&j, slice_from(data_class_name((enum data_class)c)));
    json_array_end(&j);
    return json_text(&j);
}

/* ---- pages ---- */

void page_begin(struct request *r)
{
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
}

void page_end(struct request *r, const char *next)
{
    json_array_end(r->out);
    json_name(r->out, "next");
    json_put_string(r->out, slice_from(next));
    json_object_end(r->out);
}

static int no_place(struct request *r)
{
    return schema_complain(&r->faults, r->arena, r->error, "after",
                           text_in(r->error->language, N_("is no `next` of a page before")));
}

int page_place(struct request *r, struct slice after, size_t count, int64_t *ret)
{
    memset(ret, 0, count * sizeof(*ret));
    if (!after.p)
        return 0;
    const char *at = arena_string(r->arena, after);
    for (size_t i = 0; i < count; i++) {
        char *end;
        errno = 0;
        if (*at < '0' || *at > '9')
            return no_place(r);
        ret[i] = strtoll(at, &end, 10);
        if (errno || *end != (i + 1 < count ? '.' : '\0'))
            return no_place(r);
        at = end + 1;
    }
    return 0;
}

int page_after(struct request *r, struct slice after, int64_t *ret)
{
    *ret = 0;
    if (!after.p || request_id(r, after, ret) == 0)
        return 0;
    return no_place(r);
}

size_t page_limit(struct slice limit)
{
    return limit.p ? (size_t)strtoul(limit.p, NULL, 10) : PAGE_LIMIT;
}

const char *page_next(struct request *r, size_t count, size_t limit, int64_t last_id)
{
    return count == limit ? arena_printf(r->arena, "%lld", (long long)last_id) : NULL;
}
