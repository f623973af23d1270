/* Two people's edits of one field: shown and merged, never overwritten unseen. Against an oracle that does it
 * the slow way, with a network that delays, repeats and shuffles. */
#include "visit_cast.h"

#include "detect/detect.h"

#include <string.h>

#define NOW CAST_NOW
#define WRITERS 3
#define FIELDS 2
#define WAITING 12

static const enum sheet_field fields[FIELDS] = {FIELD_WISH, FIELD_MOOD};
static const char *const values[FIELDS][3] = {{"a book", "a ball", "to see its mother"},
                                              {"good", "fair", "poor"}};

/* ---- plain cases ---- */

static int save(struct visit_cast *t, int64_t visit, const struct account *who, int base,
                const char *value, int64_t written, const int64_t *merges, size_t merge_count)
{
    struct visit_write w = {.field = FIELD_WISH,
                            .base = base,
                            .value = slice_from(value),
                            .written_at = written,
                            .merges = merges,
                            .merge_count = merge_count};

    return CARE(t, NOW + 10 * HOURS, visit_save(&t->c, visit, who, &w, 1, &t->s->e));
}

/* "version base standing value" a line. */
static const char *shown(struct visit_cast *t, int64_t visit, bool all)
{
    struct visit v = visit_cast_get(t, visit);
    struct scene_text text = {0};
    struct visit_value *list;
    size_t count;

    OK(t->s, visit_values(t->s->d, &v, all, &t->s->arena, &list, &count, &t->s->e));
    scene_print(&text, "%s", "");
    for (size_t i = 0; i < count; i++)
        scene_print(&text, "%d %d %d %.*s\n", list[i].version, list[i].base, list[i].standing,
                    (int)list[i].value.n, list[i].value.p);
    const char *copy = arena_string(&t->s->arena, (struct slice){text.p, text.n});
    scene_text_end(&text);
    return copy;
}

static int64_t id_of(struct visit_cast *t, int version)
{
    return scene_count(
        t->s, arena_printf(&t->s->arena, "SELECT id FROM visit_field WHERE version = %d", version));
}

/* A visit that director, neighbour (who had it for a while) and supervisor may write: recorded. */
static int64_t open_sheet(struct visit_cast *t)
{
    int64_t child = cast_child(t->s, "a-child", "2015-05-10", VILLAGE);
    int64_t id = visit_cast_plan(t, child, t->director.id, NOW);
    struct care_step over = {.event = "hand_over", .to_account = t->neighbour.id};

    OK(t->s, CARE(t, NOW, visit_fire(&t->c, id, &over, &t->s->e)));
    over.to_account = t->director.id;
    OK(t->s, CARE(t, NOW + 8 * HOURS, visit_fire(&t->c, id, &over, &t->s->e)));
    OK(t->s, visit_cast_fire(t, id, &t->director, "start", 0, NOW + 8 * HOURS));
    OK(t->s, visit_cast_fire(t, id, &t->director, "check_in", 0, NOW + 8 * HOURS));
    OK(t->s, visit_cast_fire(t, id, &t->director, "record", 0, NOW + 8 * HOURS + 2));
    return id;
}

static void a_rival_is_kept_and_merged(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = open_sheet(t);

    OK(t->s, save(t, id, &t->supervisor, 0, "a book", NOW + 1, NULL, 0));
    OK(t->s, save(t, id, &t->neighbour, 0, "a ball", NOW + 2, NULL, 0));
    OK(t->s, save(t, id, &t->neighbour, 0, "a ball", NOW + 2, NULL, 0)); /* repeated */
    assert_string_equal(shown(t, id, false), "1 0 1 a book\n2 0 3 a ball\n");
    int64_t rival = id_of(t, 2);
    OK(t->s, save(t, id, &t->supervisor, 1, "a book and a ball", NOW + 3, &rival, 1));
    assert_string_equal(shown(t, id, false), "3 1 1 a book and a ball\n");
    /* The other merges in the same words, without having seen that. */
    OK(t->s, save(t, id, &t->neighbour, 1, "a book and a ball", NOW + 4, &rival, 1));
    assert_string_equal(shown(t, id, true),
                        "1 0 2 a book\n2 0 2 a ball\n3 1 1 a book and a ball\n");
}

static void the_rival_is_chosen(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = open_sheet(t);

    OK(t->s, save(t, id, &t->supervisor, 0, "a book", NOW + 1, NULL, 0));
    OK(t->s, save(t, id, &t->neighbour, 0, "a ball", NOW + 2, NULL, 0));
    int64_t rival = id_of(t, 2);
    OK(t->s, save(t, id, &t->neighbour, 1, "a ball", NOW + 3, &rival, 1));
    assert_string_equal(shown(t, id, false), "3 1 1 a ball\n");
    /* Back to the other: a choice too. */
    OK(t->s, save(t, id, &t->supervisor, 3, "a book", NOW + 4, NULL, 0));
    assert_string_equal(shown(t, id, false), "4 3 1 a book\n");
    OK(t->s, save(t, id, &t->supervisor, 4, "", NOW + 5, NULL, 0)); /* taken back */
    assert_string_equal(shown(t, id, false), "5 4 1 \n");
}

/* Searched as it comes in: what is found is kept with the text, and sealed with it. */
static void what_is_sensitive_is_marked(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = open_sheet(t);
    struct visit v = visit_cast_get(t, id);
    struct visit_value *list;
    struct detect_span *spans;
    size_t count;

    OK(t->s, save(t, id, &t->supervisor, 0, "电话13800138000", NOW + 1, NULL, 0));
    OK(t->s, save(t, id, &t->supervisor, 1, "无", NOW + 2, NULL, 0));
    OK(t->s, visit_values(t->s->d, &v, true, &t->s->arena, &list, &count, &t->s->e));
    assert_int_equal(count, 2);
    assert_true(slice_is(list[0].value, "电话13800138000"));
    assert_int_equal(detect_spans_read(list[0].marks, list[0].value.n, &t->s->arena, &spans), 1);
    assert_true(spans[0].kind == DETECT_PHONE && spans[0].start == 6 && spans[0].end == 17);
    assert_true(slice_is(list[1].value, "无") && list[1].marks.n > 0);
    assert_int_equal(detect_spans_read(list[1].marks, list[1].value.n, &t->s->arena, &spans), 0);
}

/* Saved every few seconds by a phone that hears no answer. */
static void nobody_is_their_own_rival(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = open_sheet(t);

    OK(t->s, save(t, id, &t->supervisor, 0, "a", NOW + 1, NULL, 0));
    OK(t->s, save(t, id, &t->supervisor, 0, "a bo", NOW + 2, NULL, 0));
    OK(t->s, save(t, id, &t->supervisor, 0, "a book", NOW + 4, NULL, 0));
    OK(t->s, save(t, id, &t->supervisor, 0, "a boo", NOW + 3, NULL, 0)); /* overtaken */
    OK(t->s, save(t, id, &t->neighbour, 0, "x", NOW + 2, NULL, 0));
    OK(t->s, save(t, id, &t->neighbour, 0, "xy", NOW + 3, NULL, 0));
    assert_string_equal(shown(t, id, true), "1 0 2 a\n2 0 2 a bo\n3 0 1 a book\n4 0 2 a boo\n"
                                            "5 0 2 x\n6 0 3 xy\n");
}

static void what_cannot_be_saved(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = open_sheet(t), none = 12345;
    struct visit_write both[2] = {{.field = FIELD_WISH, .value = SLICE_LITERAL("a book")},
                                  {.field = FIELD_CARE, .value = SLICE_LITERAL("bad")}};

    t->s->e.language = LANGUAGE_EN;
    assert_int_equal(
        CARE(t, NOW + 9 * HOURS, visit_save(&t->c, id, &t->director, both, 2, &t->s->e)),
        -ERR_VALUE);
    assert_string_equal(t->s->e.detail, "care takes one of: good, fair, poor");
    assert_string_equal(shown(t, id, true), "");
    assert_int_equal(save(t, id, &t->director, 1, "a", NOW + 1, NULL, 0), -ERR_VALUE);
    assert_int_equal(save(t, id, &t->director, -1, "a", NOW + 1, NULL, 0), -ERR_VALUE);
    assert_int_equal(save(t, id, &t->director, 0, "a", NOW + 1, &none, 1), -ERR_VALUE);
    assert_string_equal(shown(t, id, true), "");
}

/* ---- the oracle ---- */

struct kept {
    int value, base, standing, writer; /* of values[field]; version is the index + 1 */
    int64_t written;
    int64_t id; /* once it is known */
};
struct told { /* what one writer last heard of a field */
    int in_force;
    int rivals[64];
    int rival_count;
};
struct letter { /* a write on its way */
    int field, value, base, writer;
    int64_t written;
    int merges[64];
    int merge_count;
};
struct world {
    struct kept kept[FIELDS][2048];
    int count[FIELDS];
    struct told told[WRITERS][FIELDS];
    struct letter waiting[WAITING];
    int waiting_count;
    int64_t clock;
};

static int in_force(const struct world *w, int field)
{
    for (int i = 0; i < w->count[field]; i++)
        if (w->kept[field][i].standing == 1)
            return i + 1;
    return 0;
}

static void put(struct world *w, const struct letter *l, int standing)
{
    w->kept[l->field][w->count[l->field]++] = (struct kept){l->value,  l->base,    standing,
                                                            l->writer, l->written, 0};
}

/* The rule as visit.h tells it, sentence by sentence. */
static void oracle(struct world *w, const struct letter *l)
{
    struct kept *k = w->kept[l->field];
    int n = w->count[l->field], now = in_force(w, l->field);

    for (int i = 0; i < l->merge_count; i++)
        if (k[l->merges[i] - 1].standing == 3)
            k[l->merges[i] - 1].standing = 2;
    for (int i = 0; i < n; i++)
        if (k[i].value == l->value && k[i].writer == l->writer && k[i].written == l->written &&
            k[i].base == l->base)
            return;
    if (now && k[now - 1].value == l->value)
        return;
    if (l->base == now) {
        if (now)
            k[now - 1].standing = 2;
        put(w, l, 1);
        return;
    }
    for (int i = 0; i < n; i++)
        if (k[i].standing == 3 && k[i].value == l->value)
            return;
    for (int i = 0; i < n; i++)
        if (k[i].standing != 2 && k[i].base == l->base && k[i].writer == l->writer) {
            int standing = k[i].standing;
            if (k[i].written <= l->written)
                k[i].standing = 2;
            put(w, l, k[i].written <= l->written ? standing : 2);
            return;
        }
    put(w, l, 3);
}

/* ---- both held against each other ---- */

static const struct account *writer_of(struct visit_cast *t, int writer)
{
    return writer == 0 ? &t->director : writer == 1 ? &t->neighbour : &t->supervisor;
}

static void compare(struct visit_cast *t, struct world *w, int64_t visit)
{
    struct visit v = visit_cast_get(t, visit);
    struct visit_value *list;
    size_t count, at = 0;

    OK(t->s, visit_values(t->s->d, &v, true, &t->s->arena, &list, &count, &t->s->e));
    assert_int_equal(count, w->count[0] + w->count[1]);
    for (int f = FIELDS - 1; f >= 0; f--) /* by number: mood comes before wish */
        for (int i = 0; i < w->count[f]; i++, at++) {
            struct kept *k = &w->kept[f][i];
            assert_int_equal(list[at].field, fields[f]);
            assert_int_equal(list[at].version, i + 1);
            assert_int_equal(list[at].base, k->base);
            assert_int_equal(list[at].standing, k->standing);
            assert_int_equal(list[at].account_id, writer_of(t, k->writer)->id);
            assert_true(list[at].written_at == k->written);
            assert_true(slice_is(list[at].value, values[f][k->value]));
            k->id = list[at].id;
        }
}

static void deliver(struct visit_cast *t, struct world *w, int64_t visit, const struct letter *l)
{
    int64_t merges[64];

    for (int i = 0; i < l->merge_count; i++)
        merges[i] = w->kept[l->field][l->merges[i] - 1].id;
    struct visit_write write = {.field = fields[l->field],
                                .base = l->base,
                                .value = slice_from(values[l->field][l->value]),
                                .written_at = l->written,
                                .merges = merges,
                                .merge_count = (size_t)l->merge_count};
    OK(t->s, CARE(t, NOW + 10 * HOURS,
                  visit_save(&t->c, visit, writer_of(t, l->writer), &write, 1, &t->s->e)));
    oracle(w, l);
    compare(t, w, visit);
    /* Nothing that anybody wrote is lost. */
    bool found = false;
    for (int i = 0; i < w->count[l->field]; i++)
        found |= w->kept[l->field][i].value == l->value;
    assert_true(found);
}

static void hear(struct world *w, int writer)
{
    for (int f = 0; f < FIELDS; f++) {
        struct told *told = &w->told[writer][f];
        *told = (struct told){.in_force = in_force(w, f)};
        for (int i = 0; i < w->count[f]; i++)
            if (w->kept[f][i].standing == 3)
                told->rivals[told->rival_count++] = i + 1;
    }
}

static struct letter letter_of(struct world *w, int writer, int field, int value, bool merging)
{
    const struct told *told = &w->told[writer][field];
    struct letter l = {.field = field,
                       .value = value,
                       .base = told->in_force,
                       .writer = writer,
                       .written = NOW + ++w->clock};

    if (merging)
        memcpy(l.merges, told->rivals, sizeof(l.merges));
    l.merge_count = merging ? told->rival_count : 0;
    return l;
}

static void anything(struct visit_cast *t, struct world *w, int64_t visit, uint64_t *seed)
{
    int writer = (int)visit_cast_random(seed, WRITERS), f = (int)visit_cast_random(seed, FIELDS);

    if (w->waiting_count == WAITING || (w->waiting_count > 0 && visit_cast_random(seed, 2))) {
        int which = (int)visit_cast_random(seed, (uint32_t)w->waiting_count);
        struct letter l = w->waiting[which];
        deliver(t, w, visit, &l);
        if (visit_cast_random(seed, 4) != 0) /* else it is sent once more, some time */
            w->waiting[which] = w->waiting[--w->waiting_count];
    } else if (visit_cast_random(seed, 3) == 0) {
        hear(w, writer);
    } else {
        w->waiting[w->waiting_count++] = letter_of(w, writer, f, (int)visit_cast_random(seed, 3),
                                                   visit_cast_random(seed, 3) == 0);
    }
}

/* Two writers hear the same, and merge alike at the same time; then both see one value and no rival. */
static void merge_all(struct visit_cast *t, struct world *w, int64_t visit)
{
    for (int f = 0; f < FIELDS; f++) {
        hear(w, 0);
        hear(w, 1);
        struct letter first = letter_of(w, 0, f, 0, true), second = letter_of(w, 1, f, 0, true);
        deliver(t, w, visit, &second);
        deliver(t, w, visit, &first);
        hear(w, 0);
        hear(w, 1);
        assert_int_equal(w->told[0][f].rival_count, 0);
        assert_int_equal(w->told[0][f].in_force, w->told[1][f].in_force);
        assert_int_equal(w->kept[f][in_force(w, f) - 1].value, 0);
    }
}

static void random_writers(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct world *w = calloc(1, sizeof(*w));
    int64_t visit = open_sheet(t);
    uint64_t seed = visit_cast_seed();
    int steps = t->s->database.engine == STORE_SQLITE ? 600 : 200;

    assert_non_null(w);
    for (int i = 0; i < steps; i++)
        anything(t, w, visit, &seed);
    merge_all(t, w, visit);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_rival_is_kept_and_merged), EACH(the_rival_is_chosen),
        EACH(nobody_is_their_own_rival),  EACH(what_is_sensitive_is_marked),
        EACH(what_cannot_be_saved),       EACH(random_writers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
