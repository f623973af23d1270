/* What a field costs on its way out: nanoseconds for shown, masked by each form, and absent,
 * through view_write as the server calls it; beside it the same object built and dumped by
 * jansson. Single thread; processor time, the median of many short passes, so that what else the
 * machine does is not counted. Prints a table; exit status 1 when a field costs more than 200
 * ns. */
#include "access/view.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define OBJECTS 512 /* children, as a page and more */
#define REPEAT 12   /* fields of the kind in one object */
#define PASSES 301  /* each over all objects */
#define TREE_PASSES 61
#define BOUND 200.0 /* ns */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static unsigned random_below(uint64_t *state, unsigned limit)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*state >> 33) % limit;
}

static const char *const surnames[] = {"陈",        "王", "李", "张", "欧阳", "诸葛", "买买提·",
                                       "阿依古丽·", "𠮷", "骆", "楼", "虞",   "司马", "吴"};
static const char *const given[] = {"小明", "子涵", "浩然", "欣怡", "吐尔逊",
                                    "明",   "𡘙辰", "梓萱", "雨桐", "一诺"};
static const char *const streets[] = {"稠城街道通惠门社区长春", "北苑街道雪峰西路秋实",
                                      "江东街道下王村", "佛堂镇双林路", "上溪镇四通西路"};

enum kind {
    KIND_NAME,
    KIND_ID_NUMBER,
    KIND_PHONE,
    KIND_ADDRESS,
    KIND_BIRTH,
    KIND_DIVISION,
    KIND_TEXT,
    KIND_COUNT
};

static const struct {
    const char *label;
    enum data_class class;
    enum view_type type;
} kinds[KIND_COUNT] = {
    [KIND_NAME] = {"name", CLASS_NAME, VIEW_TEXT},
    [KIND_ID_NUMBER] = {"identity number", CLASS_ID_NUMBER, VIEW_TEXT},
    [KIND_PHONE] = {"telephone", CLASS_PHONE, VIEW_TEXT},
    [KIND_ADDRESS] = {"address", CLASS_ADDRESS, VIEW_TEXT},
    [KIND_BIRTH] = {"birth date", CLASS_BIRTH_DATE, VIEW_DAY},
    [KIND_DIVISION] = {"division", CLASS_DIVISION, VIEW_CODE},
    [KIND_TEXT] = {"narrative", CLASS_NARRATIVE, VIEW_TEXT},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct view_value value_of(enum kind kind, uint64_t *seed, struct arena *a)
{
    const char *text = "";
    switch (kind) {
    case KIND_NAME:
        text = arena_printf(a, "%s%s", surnames[random_below(seed, COUNT(surnames))],
                            given[random_below(seed, COUNT(given))]);
        break;
    case KIND_ID_NUMBER:
        text = arena_printf(a, "999999%04u%02u%02u%03u%c", 2009 + random_below(seed, 17),
                            1 + random_below(seed, 12), 1 + random_below(seed, 28),
                            random_below(seed, 1000), "0123456789X"[random_below(seed, 11)]);
        break;
    case KIND_PHONE:
        text = random_below(seed, 8) ? arena_printf(a, "1%u%09u", 3 + random_below(seed, 7),
                                                    random_below(seed, 999999999))
                                     : arena_printf(a, "0579-8%07u", random_below(seed, 9999999));
        break;
    case KIND_ADDRESS:
        text = arena_printf(a, "%s%u号%u幢%u单元%u室", streets[random_below(seed, COUNT(streets))],
                            1 + random_below(seed, 400), 1 + random_below(seed, 30),
                            1 + random_below(seed, 4), 101 + random_below(seed, 1800));
        break;
    case KIND_BIRTH: return view_number(14300 + random_below(seed, 6500));
    case KIND_DIVISION:
        return view_number(330782001000 + random_below(seed, 15) * 1000 + random_below(seed, 99));
    case KIND_TEXT:
    case KIND_COUNT:
        text = "入户走访时孩子独自在家，父亲去年外出务工后未归，由祖母照看；已联系学校老师，下周再"
               "访。";
        break;
    }
    return view_text(slice_from(text));
}

struct bench {
    struct view view;
    struct view_field fields[REPEAT];
    char names[REPEAT][16];
    struct view_value values[OBJECTS][REPEAT];
    struct mask_context context;
    struct arena arena, out;
    size_t bytes; /* written last */
};

static void set_up(struct bench *b, enum kind kind)
{
    uint64_t seed = 7;
    arena_reset(&b->arena);
    b->view = (struct view){"bench", b->fields, REPEAT};
    for (size_t i = 0; i < REPEAT; i++) {
        snprintf(b->names[i], sizeof b->names[i], "field_%02zu", i);
        b->fields[i] = (struct view_field){b->names[i], kinds[kind].class, kinds[kind].type};
    }
    for (size_t o = 0; o < OBJECTS; o++)
        for (size_t i = 0; i < REPEAT; i++)
            b->values[o][i] = value_of(kind, &seed, &b->arena);
}

static void by_view(struct bench *b, const struct sights *sights)
{
    struct json j;
    arena_reset(&b->out);
    json_begin(&j, &b->out);
    json_array_begin(&j);
    for (size_t o = 0; o < OBJECTS; o++)
        view_write(&j, &b->view, sights, &b->context, b->values[o]);
    json_array_end(&j);
    b->bytes = json_text(&j).n;
}

/* The same text by a tree: each masked value is made by the same mask. */
static void by_tree(struct bench *b, const struct sights *sights)
{
    json_t *list = json_array();
    for (size_t o = 0; o < OBJECTS; o++) {
        json_t *object = json_object();
        for (size_t i = 0; i < REPEAT; i++) {
            const struct view_field *f = &b->fields[i];
            const struct view_value *v = &b->values[o][i];
            char scratch[32], rest[MASK_SIZE];
            struct slice text = v->text;
            if (f->type == VIEW_DAY)
                text = slice_from(day_format((day)v->number, scratch));
            else if (f->type == VIEW_CODE)
                text = (struct slice){
                    scratch, (size_t)snprintf(scratch, sizeof scratch, "%012" PRId64, v->number)};
            if (sights->of[f->class] == SIGHT_ABSENT)
                continue;
            if (sights->of[f->class] == SIGHT_MASKED) {
                size_t n = mask_write(data_class_mask(f->class), text, &b->context, rest);
                text = n ? (struct slice){rest, n} : SLICE_NONE;
            }
            json_object_set_new(object, f->name,
                                text.p ? json_stringn(text.p, text.n) : json_null());
        }
        json_array_append_new(list, object);
    }
    char *text = json_dumps(list, JSON_COMPACT);
    b->bytes = strlen(text);
    free(text);
    json_decref(list);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure(struct bench *b, void (*run)(struct bench *, const struct sights *),
                      const struct sights *sights, int passes)
{
    double took[PASSES];
    for (int i = -2; i < passes; i++) { /* two to warm up */
        double began = now();
        run(b, sights);
        if (i >= 0)
            took[i] = (now() - began) / ((double)OBJECTS * REPEAT);
    }
    qsort(took, (size_t)passes, sizeof took[0], by_size);
    return took[passes / 2];
}

int main(void)
{
    static struct bench b;
    struct sights absent = {{0}, {0}}, masked = absent, openable, shown = absent;
    memset(masked.of, SIGHT_MASKED, sizeof masked.of);
    openable = masked;
    memset(openable.way, WAY_TAP, sizeof openable.way);
    memset(shown.of, SIGHT_SHOWN, sizeof shown.of);
    b.context = (struct mask_context){SLICE_LITERAL("稠城街道"), 20781};
    const struct {
        const char *label;
        void (*run)(struct bench *, const struct sights *);
        const struct sights *sights;
        int passes;
        bool ours;
    } ways[] = {{"shown", by_view, &shown, PASSES, true},
                {"masked", by_view, &masked, PASSES, true},
                {"masked, with a way to open", by_view, &openable, PASSES, true},
                {"absent", by_view, &absent, PASSES, true},
                {"shown, by jansson", by_tree, &shown, TREE_PASSES, false},
                {"masked, by jansson", by_tree, &masked, TREE_PASSES, false}};
    double worst = 0;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        set_up(&b, (enum kind)kind);
        for (size_t i = 0; i < COUNT(ways); i++) {
            double ns = measure(&b, ways[i].run, ways[i].sights, ways[i].passes);
            printf("%s, %-*s %7.1f ns\n", kinds[kind].label, 44 - (int)strlen(kinds[kind].label),
                   ways[i].label, ns);
            worst = ways[i].ours && ns > worst ? ns : worst;
        }
    }
    arena_end(&b.arena);
    arena_end(&b.out);
    return worst <= BOUND ? 0 : 1;
}
