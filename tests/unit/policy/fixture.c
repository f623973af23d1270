#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct slice file_text(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        abort();
    char *text = arena_take(a, 1 << 20);
    size_t n = fread(text, 1, 1 << 20, f);
    fclose(f);
    return (struct slice){text, n};
}

static int wanted(const struct dirent *d)
{
    const char *dot = strrchr(d->d_name, '.');
    return dot && strcmp(dot, ".policy") == 0;
}

static const struct policy_set *compile(struct arena *a, const struct source *sources, size_t n)
{
    const struct policy_set *set = NULL;
    struct error e = {.language = LANGUAGE_EN};
    if (policy_compile(sources, n, a, &set, &e) < 0) {
        fprintf(stderr, "%s\n%s\n", e.detail, e.hint);
        abort();
    }
    return set;
}

const struct policy_set *fixture_set(struct arena *a)
{
    struct dirent **names;
    int count = scandir(POLICY_DIRECTORY, &names, wanted, alphasort);
    if (count < 1)
        abort();
    struct source *sources = ARENA_ARRAY(a, (size_t)count, struct source);
    for (int i = 0; i < count; i++) {
        sources[i].file = arena_string(a, slice_from(names[i]->d_name));
        sources[i].text = file_text(a, arena_printf(a, "%s/%s", POLICY_DIRECTORY, sources[i].file));
        free(names[i]);
    }
    free(names);
    return compile(a, sources, (size_t)count);
}

const struct policy_set *fixture_compile(struct arena *a, const char *text)
{
    struct source source = {"test.policy", slice_from(text)};
    return compile(a, &source, 1);
}

day on(const char *date)
{
    day d = DAY_FOREVER;
    if (*date && !day_parse(slice_from(date), &d))
        abort();
    return d;
}

void fixture_begin(struct fixture *f, const char *birth)
{
    memset(f, 0, sizeof *f);
    f->family = (struct policy_family){
        .birth = on(birth), .persons = f->persons, .facts = f->facts, .kin = f->kin};
    fixture_person(f);
}

int fixture_person(struct fixture *f)
{
    f->persons[f->family.person_count] = (struct policy_person){false, true};
    return (int)f->family.person_count++;
}

void fixture_kin(struct fixture *f, int person, const char *role, const char *from, const char *to)
{
    f->kin[f->family.kin_count++] = (struct policy_kin){
        person, policy_role_by_name(slice_from(role)), *from ? on(from) : DAY_BEGINNING, on(to)};
}

struct policy_fact *fixture_fact(struct fixture *f, int person, const char *kind, const char *from,
                                 const char *to, const char *value)
{
    size_t i = f->family.fact_count++;
    for (; i > 0 && f->facts[i - 1].person > person; i--)
        f->facts[i] = f->facts[i - 1];
    f->facts[i] = (struct policy_fact){.person = person,
                                       .kind = policy_kind_by_name(slice_from(kind)),
                                       .from = on(from),
                                       .to = on(to),
                                       .value = slice_from(value),
                                       .other = -1};
    return &f->facts[i];
}

void fixture_couple(struct fixture *f, const char *birth)
{
    fixture_begin(f, birth);
    fixture_kin(f, fixture_person(f), "father", "", "");
    fixture_kin(f, fixture_person(f), "mother", "", "");
}

const char *fixture_stretch(const struct policy_set *set, const struct fixture *f,
                            const char *category, const char *date)
{
    static char text[64];
    ARENA_AUTO(a);
    struct policy_timeline all[FIXTURE_MAX];
    policy_evaluate(set, &f->family, &a, all);
    int c = policy_category_by_name(set, slice_from(category));
    if (c < 0)
        abort();
    const struct policy_stretch *s = policy_timeline_at(&all[c], on(date));
    char since[DAY_TEXT], until[DAY_TEXT];
    if (!s)
        return "";
    snprintf(text, sizeof text, "%s %s %s", s->status == POLICY_TRUE ? "holds" : "review",
             day_format(s->from, since), day_format(s->to, until));
    return text;
}

const char *fixture_status(const struct policy_set *set, const struct fixture *f,
                           const char *category, const char *date)
{
    const char *s = fixture_stretch(set, f, category, date);
    return *s == '\0' ? "" : *s == 'h' ? "holds" : "review";
}
