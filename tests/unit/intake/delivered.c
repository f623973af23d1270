#include "delivered.h"

#include "base/source.h"

static const char deaths_text[] = "feed: test-deaths\n"
                                  "title: {zh: 死亡, en: Deaths}\n"
                                  "department: public_security\n"
                                  "interval: P1W\n"
                                  "columns:\n"
                                  "  key: {named: [注销编号, nr]}\n"
                                  "  id_no: {named: [身份证号, id_no], form: id_number}\n"
                                  "  name: {named: [姓名], optional: yes}\n"
                                  "  died: {named: [死亡日期, died_on], form: date}\n"
                                  "  status: {named: [状态], form: code, codes: {有效: valid, "
                                  "撤销: void}, otherwise: valid, optional: yes}\n"
                                  "ignore: [序号]\n"
                                  "exchange: {table: deaths, cursor: [changed, nr]}\n"
                                  "records:\n"
                                  "  - kind: dead\n"
                                  "    record_key: \"{key}\"\n"
                                  "    id_no: \"{id_no}\"\n"
                                  "    name: \"{name}\"\n"
                                  "    from: \"{died}\"\n"
                                  "    value: natural\n"
                                  "    withdrawn: {status: void}\n";

static const char divorces_text[] = "feed: test-divorces\n"
                                    "title: {zh: 离婚, en: Divorces}\n"
                                    "department: civil_affairs\n"
                                    "columns:\n"
                                    "  key: {named: [登记编号]}\n"
                                    "  husband: {named: [男方身份证号], form: id_number}\n"
                                    "  wife: {named: [女方身份证号], form: id_number}\n"
                                    "  registered: {named: [登记日期], form: date}\n"
                                    "records:\n"
                                    "  - kind: divorced\n"
                                    "    record_key: \"{key}-h\"\n"
                                    "    id_no: \"{husband}\"\n"
                                    "    from: \"{registered}\"\n"
                                    "    value: \"{wife}\"\n"
                                    "  - kind: divorced\n"
                                    "    record_key: \"{key}-w\"\n"
                                    "    id_no: \"{wife}\"\n"
                                    "    from: \"{registered}\"\n"
                                    "    value: \"{husband}\"\n";

static void tell(void *context, const struct refusal *refusal)
{
    struct delivered *t = context;

    t->refused++;
    snprintf(t->column, sizeof(t->column), "%s", refusal->column ? refusal->column : "");
}

static void changed(void *context, const int64_t *divisions, size_t count, bool everywhere)
{
    struct delivered *t = context;

    t->divisions += (int64_t)count;
}

static bool stop(void *context)
{
    struct delivered *t = context;

    return t->stop_after > 0 && --t->stop_after == 0;
}

static const struct feed *parse(struct delivered *t, const char *name, const char *text, size_t at)
{
    struct feed *feed;

    OK(t->s, feed_parse(&(struct source){name, slice_from(text)}, &t->s->arena, &feed, &t->s->e));
    t->library.feeds[at] = feed;
    return feed;
}

static void load_family(struct delivered *t)
{
    struct scene *s = t->s;
    struct tick_totals totals;

    t->father = scene_id_number("1985-02-28", 1);
    t->mother = scene_id_number("1986-02-28", 2);
    t->stranger = scene_id_number("1970-01-01", 3);
    scene_load(s, load_people, false,
               arena_printf(&s->arena,
                            PEOPLE_HEADER "c1,,child,,2018-05-01,,999901001001,,,,\n"
                                          "f1,%s,father,,1985-02-28,,999901001001,,,,\n"
                                          "m1,%s,mother,,1986-02-28,,999901001001,,,,\n",
                            t->father.text, t->mother.text));
    scene_load(s, load_relations, false, RELATIONS_HEADER "c1,f1,father,,\nc1,m1,mother,,\n");
    cast_account(s, "d1", ROLE_CHILD_DIRECTOR, DELIVERED_VILLAGE, NULL, NULL, 0);
    cast_account(s, "o1", ROLE_DATA_OFFICER, 0, NULL, NULL, 0);
    OK(s, tick_run(s->d, &(struct tick_order){.edition = &t->edition, .date = crowd_day()}, &totals,
                   &s->e));
}

void delivered_begin(struct delivered *t, void **state)
{
    *t = (struct delivered){.s = scene_of(state)};
    struct scene *s = t->s;

    OK(s, edition_read(NULL, &s->arena, &t->edition, &s->e));
    OK(s, care_tables_load(NULL, &s->arena, &t->tables, &s->e));
    t->library = (struct feed_library){ARENA_ARRAY(&s->arena, 2, struct feed *), 2};
    t->deaths = parse(t, "test-deaths.yaml", deaths_text, 0);
    t->divorces = parse(t, "test-divorces.yaml", divorces_text, 1);
    load_family(t);
    t->in = (struct intake){.d = s->d,
                            .edition = &t->edition,
                            .tables = t->tables,
                            .feeds = &t->library,
                            .refusals = {tell, t},
                            .changed = changed,
                            .stop = stop,
                            .context = t};
}

const char *delivered_deaths(struct delivered *t, int strangers)
{
    struct scene_text text = {0};

    scene_print(&text, DEATHS_HEADER "d1,%s,甲,2024/1/2,有效\nd2,%s,乙,2024年1月3日,\n",
                t->father.text, t->mother.text);
    for (int i = 0; i < strangers; i++)
        scene_print(&text, "s%d,%s,丙,2024-01-04,\n", i,
                    scene_id_number("1970-01-01", (unsigned)i % 900).text);
    const char *copy = arena_string(&t->s->arena, (struct slice){text.p, text.n});
    scene_text_end(&text);
    return copy;
}

int delivered_path(struct delivered *t, const char *path, const struct feed *feed, int allow,
                   struct delivery_totals *ret)
{
    const struct delivery_file f = {
        .path = path, .feed = feed, .channel = CHANNEL_COMMAND, .allow = allow};

    error_clear(&t->s->e);
    return delivery_file(&t->in, &f, ret, &t->s->e);
}

int delivered_file(struct delivered *t, const char *text, int allow, struct delivery_totals *ret)
{
    return delivered_path(t, scene_file(t->s, text), t->deaths, allow, ret);
}

int64_t delivered_pieces(struct delivered *t, const struct feed *feed, const char *text,
                         size_t piece)
{
    struct scene *s = t->s;
    size_t n = strlen(text);
    int64_t id, same;
    int rc;

    CAST_WRITE(s, rc,
               delivery_begin(s->d, feed, SLICE_NONE, SLICE_LITERAL("名单.csv"), CHANNEL_PAGE,
                              (int64_t)n, 0, 0, CAST_NOW, &id, &s->e));
    OK(s, rc);
    int last = (int)((n - 1) / piece);
    for (int i = last; i >= 0; i--) { /* the last one first */
        size_t at = (size_t)i * piece, size = n - at < piece ? n - at : piece;
        CAST_WRITE(s, rc, delivery_piece(s->d, id, i, (struct slice){text + at, size}, &s->e));
        OK(s, rc);
    }
    CAST_WRITE(s, rc, delivery_close(s->d, id, SLICE_NONE, CAST_NOW, &same, &s->e));
    OK(s, rc);
    return same ? same : id;
}

struct delivery_story delivered_story(struct delivered *t, int64_t id)
{
    struct delivery_story story;

    OK(t->s, delivery_get(t->s->d, id, &t->s->arena, &story, &t->s->e));
    return story;
}
