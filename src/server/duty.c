/* Who is on duty: posts, deputies, leave, training (api/duty.yaml). Who works there stands in
 * staff.c. */
#include "care/duty.h"
#include "server/cared.h"
#include "server/handlers.h"
#include "server/staff.h"

static int complain(struct request *r, const char *pointer, const char *message)
{
    return schema_complain(&r->faults, r->arena, r->error, pointer, message);
}

/* A day of the body; `otherwise` where it is not given. */
static int read_day(struct request *r, const char *name, day otherwise, day *ret)
{
    struct slice text = body_text(r->body, name);

    *ret = otherwise;
    if (!text.p || day_parse(text, ret))
        return 0;
    return complain(r, arena_printf(r->arena, "/%s", name),
                    text_in(r->error->language, N_("is no day of the calendar")));
}

/* ---- posts ---- */

static struct view_value people_of(struct request *r, struct deployment *d,
                                   struct names_seen *names, const struct sights *sights,
                                   const struct post *post)
{
    struct mask_context mask = {.today = r->today};
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < post->people_count; i++) {
        const struct duty *x = &post->people[i];
        struct view_value v[FIELD_POST_PERSON_COUNT] = {
            [FIELD_POST_PERSON_ID] = seen_number(x->id),
            [FIELD_POST_PERSON_ACCOUNT] = view_number(x->account_id),
            [FIELD_POST_PERSON_NAME] = view_text(seen_account_name(r, d, names, x->account_id)),
            [FIELD_POST_PERSON_RANK] = view_number(x->rank),
            [FIELD_POST_PERSON_FROM] = x->id ? seen_day(x->from) : VIEW_NULL,
            [FIELD_POST_PERSON_TO] = x->id ? seen_day(x->to) : VIEW_NULL};
        view_write(r->out, &view_of_post_person, sights, &mask, v);
    }
    return sublist_end(r, &s);
}

static void write_post(struct request *r, struct deployment *d, struct names_seen *names,
                       const struct post *p)
{
    struct sights sights;

    seen_nobody(r, &sights);
    struct view_value v[FIELD_POST_COUNT] = {
        [FIELD_POST_DIVISION] = view_number(p->division),
        [FIELD_POST_ROLE] = view_text(slice_from(role_name(p->role))),
        [FIELD_POST_PEOPLE] = people_of(r, d, names, &sights, p),
        [FIELD_POST_ACTING] = view_text(seen_account_name(r, d, names, p->acting)),
        [FIELD_POST_ACTING_STEP] = view_number(p->acting_step),
        [FIELD_POST_VACANT] = view_number(p->vacant),
        [FIELD_POST_ON_LEAVE] = view_number(p->on_leave),
        [FIELD_POST_OPEN_ALERTS] = view_number(p->open_alerts),
        [FIELD_POST_OVERDUE_ALERTS] = view_number(p->overdue_alerts),
        [FIELD_POST_OPEN_VISITS] = view_number(p->open_visits)};
    view_write(r->out, &view_of_post, &sights, &(struct mask_context){.today = r->today}, v);
}

int route_duty_list(struct request *r)
{
    size_t count, limit = page_limit(r->query[2]);
    struct names_seen names = {0};
    struct post *posts;
    int64_t division, after;
    int rc = cared_scope(r, r->query[0], &division);

    if (rc == 0)
        rc = page_after(r, r->query[1], &after);
    if (rc == 0)
        rc = duty_posts(r->d, division, after, limit, r->today, r->now, r->arena, &posts, &count,
                        r->error);
    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        write_post(r, r->d, &names, &posts[i]);
    /* The posts of one division come together: a page may hold one more than was asked for. */
    page_end(r, count >= limit
                    ? arena_printf(r->arena, "%lld", (long long)posts[count - 1].division)
                    : NULL);
    return 0;
}

/* Of what was written last: the post as it stands now. */
static int write_one_post(struct request *r, struct deployment *d, int64_t division, enum role role)
{
    struct names_seen names = {0};
    struct post *posts;
    size_t count;
    int rc = duty_posts(d, division, 0, 4, r->today, r->now, r->arena, &posts, &count, r->error);

    for (size_t i = 0; rc == 0 && i < count; i++)
        if (posts[i].division == division && posts[i].role == role) {
            write_post(r, d, &names, &posts[i]);
            return 0;
        }
    return rc < 0 ? rc : error_set(r->error, ERR_NOT_FOUND, NULL);
}

/* Its row of the trail, and the pages that show it. */
static int finish(struct request *r, struct deployment *d, struct care *c, int64_t id,
                  const char *detail)
{
    struct audit_entry entry = {.event = AUDIT_DUTY_CHANGED,
                                .account_id = r->account.id,
                                .object_id = id,
                                .detail = detail};

    request_changed(r, r->account.division);
    return cared_end(r, d, c, &entry);
}

/* ---- giving and ending a post ---- */

struct giving {
    int64_t division, account_id;
    enum role role;
    day from;
};

static int give(struct request *r, struct deployment *d, void *context)
{
    const struct giving *g = context;
    struct account account;
    struct care c;
    int64_t id;
    int rc = staff_find(r, d, g->account_id, &account);

    if (rc == -ERR_NOT_FOUND)
        return complain(r, "/account",
                        text_in(r->error->language, N_("is nobody who works in your division")));
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = duty_give(&c, g->division, g->role, g->account_id,
                       (int)body_integer(r->body, "rank", 1), g->from, r->account.id, &id,
                       r->error);
    if (rc == 0)
        rc = finish(r, d, &c, id, "given");
    if (rc < 0)
        return rc;
    r->status = 201;
    return write_one_post(r, d, g->division, g->role);
}

int route_duty_give(struct request *r)
{
    struct giving g = {.role = role_parse(body_text(r->body, "role"))};
    int rc = cared_scope(r, body_text(r->body, "division"), &g.division);

    if (rc == 0)
        rc = read_day(r, "from", r->today, &g.from);
    if (rc == 0 && request_id(r, body_text(r->body, "account"), &g.account_id) < 0)
        rc = complain(r, "/account", text_in(r->error->language, N_("is no id")));
    return rc < 0 ? rc : request_write(r, give, &g);
}

static int end_post(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    struct duty duty;
    struct care c;
    int rc = duty_get(d, *id, &duty, r->error);

    if (rc == 0 && !division_covers(r->account.division, duty.division))
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = duty_end(&c, *id, r->today, r->account.id, r->error);
    if (rc == 0)
        rc = finish(r, d, &c, *id, "ended");
    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_duty_end(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : request_write(r, end_post, &id);
}

/* ---- leave ---- */

void write_absence(struct request *r, const struct absence *a, struct slice name)
{
    struct view_value v[FIELD_ABSENCE_COUNT] = {[FIELD_ABSENCE_ID] = view_number(a->id),
                                                [FIELD_ABSENCE_ACCOUNT] = view_text(name),
                                                [FIELD_ABSENCE_FROM] = seen_day(a->from),
                                                [FIELD_ABSENCE_TO] = seen_day(a->to)};
    struct sights sights;

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_absence, &sights, &(struct mask_context){.today = r->today}, v);
}

struct dated {
    int64_t account_id;
    day from, to;
};

/* The account and two days of the body. */
static int read_dated(struct request *r, const char *from, const char *to, struct dated *ret)
{
    int rc = read_day(r, from, r->today, &ret->from);

    if (rc == 0)
        rc = read_day(r, to, DAY_FOREVER, &ret->to);
    if (rc == 0 && request_id(r, body_text(r->body, "account"), &ret->account_id) < 0)
        rc = complain(r, "/account", text_in(r->error->language, N_("is no id")));
    return rc;
}

static int add_absence(struct request *r, struct deployment *d, void *context)
{
    const struct dated *x = context;
    struct account account;
    struct absence absence;
    struct care c;
    int64_t id;
    int rc = staff_find(r, d, x->account_id, &account);

    if (rc == -ERR_NOT_FOUND)
        return complain(r, "/account",
                        text_in(r->error->language, N_("is nobody who works in your division")));
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = absence_add(&c, x->account_id, x->from, x->to, r->account.id, &id, r->error);
    if (rc == 0)
        rc = finish(r, d, &c, id, "leave");
    if (rc == 0)
        rc = absence_get(d, id, &absence, r->error);
    if (rc < 0)
        return rc;
    r->status = 201;
    write_absence(r, &absence, account.display.n ? account.display : account.name);
    return 0;
}

int route_absence_add(struct request *r)
{
    struct dated x;
    int rc = read_dated(r, "from", "to", &x);

    return rc < 0 ? rc : request_write(r, add_absence, &x);
}

static int cancel_absence(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    struct absence absence;
    struct account account;
    struct care c;
    int rc = absence_get(d, *id, &absence, r->error);

    if (rc == 0)
        rc = staff_find(r, d, absence.account_id, &account);
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = absence_cancel(&c, *id, r->account.id, r->error);
    if (rc == 0)
        rc = finish(r, d, &c, *id, "leave off");
    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_absence_cancel(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : request_write(r, cancel_absence, &id);
}

/* ---- training ---- */

void write_training(struct request *r, const struct training *t)
{
    struct view_value v[FIELD_TRAINING_COUNT] = {[FIELD_TRAINING_ID] = view_number(t->id),
                                                 [FIELD_TRAINING_COURSE] = seen_text(t->course),
                                                 [FIELD_TRAINING_DAY] = seen_day(t->on),
                                                 [FIELD_TRAINING_VALID_TO] = seen_day(t->valid_to)};
    struct sights sights;

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_training, &sights, &(struct mask_context){.today = r->today}, v);
}

static int add_training(struct request *r, struct deployment *d, void *context)
{
    const struct dated *x = context;
    struct training training = {.on = x->from, .valid_to = x->to};
    struct account account;
    struct care c;
    int rc = staff_find(r, d, x->account_id, &account);

    training.course = body_text(r->body, "course");
    if (rc == -ERR_NOT_FOUND)
        return complain(r, "/account",
                        text_in(r->error->language, N_("is nobody who works in your division")));
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = training_add(&c, x->account_id, x->from, x->to, training.course, r->account.id,
                          &training.id, r->error);
    if (rc == 0)
        rc = finish(r, d, &c, training.id, "training");
    if (rc < 0)
        return rc;
    r->status = 201;
    write_training(r, &training);
    return 0;
}

int route_training_add(struct request *r)
{
    struct dated x;
    int rc = read_dated(r, "day", "valid_to", &x);

    return rc < 0 ? rc : request_write(r, add_training, &x);
}
