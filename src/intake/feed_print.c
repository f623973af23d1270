/* A feed as the text of a mapping, in one order and one spelling. */
#include "intake/feed_inside.h"

#include <stdio.h>

struct printer {
    struct arena *arena;
    char *text;
    size_t n, capacity;
};

static void put(struct printer *p, struct slice s)
{
    p->text = arena_grow(p->arena, p->text, &p->capacity, p->n + s.n + 1, 1);
    memcpy(p->text + p->n, s.p, s.n);
    p->n += s.n;
}

static void say(struct printer *p, const char *words) { put(p, slice_from(words)); }

/* Whether the text may stand without quotation marks, wherever it is. */
static bool plain(struct slice s)
{
    if (s.n == 0 || s.p[0] == ' ' || s.p[s.n - 1] == ' ' || s.p[0] == '-' || s.p[0] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
            !(c >= 'A' && c <= 'Z') && !strchr("_.-/() ", c))
            return false;
    }
    return true;
}

static void put_text(struct printer *p, struct slice s)
{
    if (plain(s)) {
        put(p, s);
        return;
    }
    say(p, "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            say(p, "\\");
        put(p, (struct slice){s.p + i, 1});
    }
    say(p, "\"");
}

static void put_list(struct printer *p, const struct slice *list, size_t count)
{
    say(p, "[");
    for (size_t i = 0; i < count; i++) {
        say(p, i ? ", " : "");
        put_text(p, list[i]);
    }
    say(p, "]");
}

static void put_line(struct printer *p, const char *key, struct slice text)
{
    if (!text.p)
        return;
    say(p, key);
    say(p, ": ");
    put_text(p, text);
    say(p, "\n");
}

static void put_length(struct printer *p, const char *key, struct duration d)
{
    char text[64];
    size_t n = 1;
    const struct {
        int32_t value;
        char letter;
    } parts[] = {{d.years, 'Y'}, {d.months, 'M'}, {d.weeks, 'W'}, {d.days, 'D'}};

    text[0] = 'P';
    for (size_t i = 0; i < COUNT(parts); i++)
        if (parts[i].value > 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%d%c", (int)parts[i].value,
                                  parts[i].letter);
    if (n > 1)
        put_line(p, key, (struct slice){text, n});
}

static void put_column(struct printer *p, const struct feed_column *c)
{
    say(p, "  ");
    say(p, c->name);
    say(p, ": {named: ");
    put_list(p, c->named, c->named_count);
    if (c->form != FORM_TEXT) {
        say(p, ", form: ");
        say(p, feed_form_name(c->form));
    }
    if (c->form == FORM_TERM && c->unit.n > 0) {
        say(p, ", unit: ");
        put_text(p, c->unit);
    }
    if (c->form == FORM_CODE) {
        say(p, ", codes: {");
        for (size_t i = 0; i < c->code_count; i++) {
            say(p, i ? ", " : "");
            put_text(p, c->codes[i].from);
            say(p, ": ");
            put_text(p, c->codes[i].to);
        }
        say(p, "}");
        if (c->otherwise.p) {
            say(p, ", otherwise: ");
            put_text(p, c->otherwise);
        }
    }
    say(p, c->optional ? ", optional: yes" : "");
    say(p, c->last_day ? ", last_day: yes" : "");
    say(p, "}\n");
}

static void put_condition(struct printer *p, const struct feed *f, const char *key,
                          const struct feed_condition *c)
{
    if (c->column < 0 || c->count == 0)
        return;
    say(p, "    ");
    say(p, key);
    say(p, ": {");
    say(p, f->columns[c->column].name);
    say(p, ": ");
    if (c->count == 1)
        put_text(p, c->values[0]);
    else
        put_list(p, c->values, c->count);
    say(p, "}\n");
}

static void put_record(struct printer *p, const struct feed *f, const struct feed_record *r)
{
    static const enum record_column order[] = {
        RECORD_KEY,  RECORD_ID_NO, RECORD_NAME,  RECORD_BIRTH_DATE, RECORD_DIVISION,
        RECORD_FROM, RECORD_TO,    RECORD_VALUE, RECORD_NOTE,       RECORD_REVISION};

    put_line(p, "  - kind",
             r->kind != KIND_NONE ? slice_from(record_kind_name(r->kind))
                                  : r->templates[RECORD_KIND]);
    for (size_t i = 0; i < COUNT(order); i++) {
        const char *name = record_columns[order[i]];
        put_line(p, arena_printf(p->arena, "    %s", name[0] == '?' ? name + 1 : name),
                 r->templates[order[i]]);
    }
    put_condition(p, f, r->when.negated ? "unless" : "when", &r->when);
    put_condition(p, f, "withdrawn", &r->withdrawn);
}

static void put_exchange(struct printer *p, const struct feed *f)
{
    if (!f->exchange_table)
        return;
    say(p, "exchange: {table: ");
    put_text(p, slice_from(f->exchange_table));
    say(p, ", cursor: [");
    for (size_t i = 0; i < COUNT(f->exchange_cursor) && f->exchange_cursor[i]; i++) {
        say(p, i ? ", " : "");
        put_text(p, slice_from(f->exchange_cursor[i]));
    }
    say(p, "]}\n");
}

static void put_named_list(struct printer *p, const char *key, const struct slice *list,
                           size_t count)
{
    say(p, key);
    put_list(p, list, count);
    say(p, "\n");
}

struct slice feed_print(const struct feed *f, struct arena *arena)
{
    struct printer p = {.arena = arena};

    put_line(&p, "feed", slice_from(f->name));
    say(&p, "title: {zh: ");
    put_text(&p, f->title_zh);
    say(&p, ", en: ");
    put_text(&p, f->title_en);
    say(&p, "}\n");
    put_line(&p, "department", f->department);
    put_length(&p, "interval", f->interval);
    put_length(&p, "grace", f->grace);
    put_line(&p, "sheet", slice_from(f->sheet));
    if (f->empty)
        put_named_list(&p, "empty: ", f->empty, f->empty_count);
    say(&p, "columns:\n");
    for (size_t i = 0; i < f->column_count; i++)
        put_column(&p, &f->columns[i]);
    if (f->ignored_count > 0)
        put_named_list(&p, "ignore: ", f->ignored, f->ignored_count);
    say(&p, "records:\n");
    for (size_t i = 0; i < f->record_count; i++)
        put_record(&p, f, &f->records[i]);
    put_exchange(&p, f);
    return (struct slice){p.text, p.n};
}
