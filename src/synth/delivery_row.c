/* One row of a list: what its cells say, and which records the mapping must make of it. */
#include "synth/delivery_row.h"

#include <stdio.h>
#include <string.h>

/* A draw that stays the same for a record however often it is sent. */
static uint32_t stable(const char *key, uint32_t bound)
{
    uint32_t h = 2166136261u;

    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 16777619u;
    return bound ? (h ^ h >> 15) % bound : 0;
}

static const struct synth_column *column_of(const struct synth_list *l, enum synth_source source)
{
    for (size_t i = 0; i < l->column_count; i++)
        if (l->columns[i].source == source)
            return &l->columns[i];
    return NULL;
}

static const struct synth_code *code_named(const struct synth_code *codes, const char *code)
{
    for (; codes->code; codes++)
        if (strcmp(codes->code, code) == 0)
            return codes;
    return NULL;
}

/* What the story says in the column's codes: a kind, a value, or, of what the story does not know, a draw. */
static const struct synth_code *code_for(const struct synth_column *c, const struct synth_notice *n)
{
    const struct synth_code *found = code_named(c->codes, synth_kinds[n->kind].spelling);
    char first[80];
    uint32_t count = 0;

    snprintf(first, sizeof(first), "%.*s", (int)strcspn(n->value, "/"), n->value);
    if (!found)
        found = code_named(c->codes, first);
    if (!found)
        found = code_named(c->codes, "concerned");
    while (c->codes[count].code)
        count++;
    return found ? found : &c->codes[stable(n->key, count)];
}

static const char *text_of(struct synth_random *r, const struct synth_code *code)
{
    uint32_t count = 0;

    while (count < 4 && code->texts[count])
        count++;
    return code->texts[synth_random_below(r, count)];
}

static bool all_digits(const char *text)
{
    return *text && strspn(text, "0123456789.") == strlen(text) && strlen(text) < 15;
}

static void fill(struct synth_cell *ret, const char *text)
{
    memset(ret, 0, sizeof(*ret));
    snprintf(ret->text, sizeof(ret->text), "%s", text);
}

/* A workbook keeps figures as numbers as often as not. */
static void fill_figure(struct synth_row_maker *m, struct synth_cell *ret, const char *text)
{
    fill(ret, text);
    if (m->book && all_digits(text) && synth_random_chance(m->random, 0.5))
        ret->form = CELL_IS_NUMBER;
}

static void fill_name(struct synth_row_maker *m, struct synth_cell *ret, const char *name)
{
    fill(ret, name);
    if (*name && synth_random_chance(m->random, 0.05))
        snprintf(ret->text, sizeof(ret->text), "　%s ", name);
}

static void fill_day(struct synth_row_maker *m, struct synth_cell *ret, day d)
{
    synth_text_date(m->random, d, m->book, ret);
}

static void fill_phone(struct synth_row_maker *m, struct synth_cell *ret)
{
    char text[16];

    snprintf(text, sizeof(text), "194%08u", 80000000 + synth_random_below(m->random, 9999999));
    fill(ret, text);
}

static void fill_cell(struct synth_row_maker *m, const struct synth_column *c,
                      const struct synth_notice *n, bool cancelled, struct synth_cell *ret)
{
    const char *slash = strchr(n->value, '/');
    bool ended = n->to != DAY_FOREVER;
    char number[24];

    memset(ret, 0, sizeof(*ret));
    switch (c->source) {
    case SOURCE_SERIAL:
        snprintf(number, sizeof(number), "%llu", (unsigned long long)++m->serial);
        fill_figure(m, ret, number);
        break;
    case SOURCE_KEY: fill(ret, n->key); break;
    case SOURCE_ID: synth_text_id(m->random, n->id, ret); break;
    case SOURCE_OTHER_ID: synth_text_id(m->random, n->value, ret); break;
    case SOURCE_NAME: fill_name(m, ret, n->name); break;
    case SOURCE_OTHER_NAME: fill_name(m, ret, n->other_name); break;
    case SOURCE_BIRTH: fill_day(m, ret, n->birth); break;
    case SOURCE_FROM: fill_day(m, ret, n->from); break;
    case SOURCE_TO: fill_day(m, ret, n->to); break;
    case SOURCE_LAST_DAY: fill_day(m, ret, ended && !cancelled ? n->to - 1 : DAY_FOREVER); break;
    case SOURCE_CANCELLED: fill_day(m, ret, cancelled ? n->to : DAY_FOREVER); break;
    case SOURCE_DUE: fill_day(m, ret, ended && n->to > m->as_of ? n->to - 1 : DAY_FOREVER); break;
    case SOURCE_TERM: synth_text_term(m->random, n->value, ret); break;
    case SOURCE_DIVISION: fill_figure(m, ret, n->value); break;
    case SOURCE_ICD:
    case SOURCE_CODE: fill_figure(m, ret, text_of(m->random, code_for(c, n))); break;
    case SOURCE_LEVEL:
        fill_figure(m, ret, text_of(m->random, code_named(c->codes, slash ? slash + 1 : "4")));
        break;
    case SOURCE_STATUS: fill(ret, text_of(m->random, &c->codes[n->withdrawn ? 1 : 0])); break;
    case SOURCE_SEX: fill(ret, strlen(n->id) == 18 && n->id[16] % 2 ? "男" : "女"); break;
    case SOURCE_PHONE: fill_phone(m, ret); break;
    case SOURCE_ANYTHING: fill_figure(m, ret, text_of(m->random, c->codes)); break;
    }
}

void synth_row_cells(struct synth_row_maker *m, const struct synth_notice *n,
                     struct synth_cell *ret)
{
    bool cancelled = n->to != DAY_FOREVER && synth_random_chance(m->random, 0.4);

    for (size_t i = 0; i < m->list->column_count; i++)
        fill_cell(m, &m->list->columns[i], n, cancelled, &ret[i]);
}

/* ---- the records ---- */

static void value_of(const struct synth_list *l, const struct synth_notice *n,
                     struct synth_made *ret)
{
    const struct synth_column *code = column_of(l, SOURCE_CODE), *icd = column_of(l, SOURCE_ICD);
    const char *value = n->value;

    if (l->constant)
        value = l->constant;
    else if (icd)
        value = icd->codes->code;
    else if (code && !column_of(l, SOURCE_LEVEL) && l->department != SYNTH_DEPARTMENT_COURT &&
             !column_of(l, SOURCE_TERM))
        value = code_for(code, n)->code;
    snprintf(ret->value, sizeof(ret->value), "%s", value);
}

static void key_of(const struct synth_list *l, const struct synth_notice *n, bool second,
                   struct synth_made *ret)
{
    char date[DAY_TEXT];

    switch (l->recipe) {
    case RECIPE_KEY: snprintf(ret->key, sizeof(ret->key), "%s", n->key); break;
    case RECIPE_KEY_NAME: snprintf(ret->key, sizeof(ret->key), "%s-%s", n->key, n->name); break;
    case RECIPE_KEY_DAY:
        snprintf(ret->key, sizeof(ret->key), "%s-%s", n->key, day_format(n->from, date));
        break;
    case RECIPE_PARTIES:
        snprintf(ret->key, sizeof(ret->key), "%s-%c", n->key, second ? 'w' : 'h');
        break;
    }
}

static day end_of(const struct synth_row_maker *m, const struct synth_notice *n)
{
    const struct synth_list *l = m->list;

    if (column_of(l, SOURCE_DUE))
        return n->to > m->as_of ? n->to : DAY_FOREVER;
    return column_of(l, SOURCE_TO) || column_of(l, SOURCE_CANCELLED) ? n->to : DAY_FOREVER;
}

static void swap_parties(struct synth_made *r, const struct synth_notice *n)
{
    synth_text_plain_id(n->id, r->value);
    synth_text_plain_id(n->value, r->id);
    snprintf(r->name, sizeof(r->name), "%s", n->other_name);
    r->known = n->other_known;
}

size_t synth_row_records(const struct synth_row_maker *m, const struct synth_notice *n,
                         struct synth_made ret[2])
{
    const struct synth_list *l = m->list;
    struct synth_made r;

    memset(&r, 0, sizeof(r));
    r.kind = synth_kinds[n->kind].spelling;
    r.department = l->department;
    synth_text_plain_id(n->id, r.id);
    if (column_of(l, SOURCE_NAME))
        memcpy(r.name, n->name, sizeof(r.name));
    r.birth = column_of(l, SOURCE_BIRTH) ? n->birth : SYNTH_NO_DAY;
    r.from = n->from;
    r.to = end_of(m, n);
    r.known = n->known;
    r.withdrawn = n->withdrawn;
    r.revised = l->revised ? l->revised : DAY_BEGINNING;
    if (l->revised)
        snprintf(r.revision, sizeof(r.revision), "%d", l->revised);
    value_of(l, n, &r);
    key_of(l, n, false, &r);
    ret[0] = r;
    if (l->recipe != RECIPE_PARTIES)
        return 1;
    synth_text_plain_id(n->value, ret[0].value);
    key_of(l, n, true, &r);
    swap_parties(&r, n);
    ret[1] = r;
    return 2;
}

/* ---- what is wrong with one row in a hundred ---- */

static void spoil_id(struct synth_cell *cell, const char *id)
{
    char plain[64];

    synth_text_plain_id(id, plain);
    plain[17] = plain[17] == 'X' || plain[17] == '9' ? '0' : (char)(plain[17] + 1);
    fill(cell, plain);
}

void synth_row_spoil(struct synth_row_maker *m, const struct synth_notice *n,
                     struct synth_cell *cells)
{
    static const char *const no_days[] = {"2024/2/30", "20231301", "二〇二三年二月三十日",
                                          "2025-06-31"};
    enum synth_source at[] = {SOURCE_ID, SOURCE_FROM, SOURCE_CODE, SOURCE_KEY, SOURCE_KEY};
    uint32_t how = synth_random_below(m->random, 5);
    const struct synth_column *c = column_of(m->list, at[how]);
    char plain[64];

    synth_text_plain_id(n->id, plain);
    if ((how == 0 && strlen(plain) != 18) || (how == 2 && !(c && m->strict)))
        c = column_of(m->list, at[how = 1]);
    struct synth_cell *cell = &cells[c - m->list->columns];
    switch (how) {
    case 0: spoil_id(cell, n->id); break;
    case 1: fill(cell, no_days[synth_random_below(m->random, 4)]); break;
    case 2: fill(cell, "待定"); break;
    case 3: fill(cell, ""); break;
    default: fill(cell, "=A1&\"-1\""); cell->form = m->book ? CELL_IS_FORMULA : CELL_IS_TEXT;
    }
}
