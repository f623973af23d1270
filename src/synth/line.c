#include "synth/line.h"

static void put(struct synth_line *l, char c)
{
    if (l->n < SYNTH_LINE_MAX - 1)
        l->text[l->n++] = c;
}

static void separate(struct synth_line *l)
{
    if (l->begun)
        put(l, ',');
    l->begun = true;
}

void synth_line_cell(struct synth_line *l, const char *text)
{
    separate(l);
    if (!strpbrk(text, ",\"\n\r")) {
        for (; *text; text++)
            put(l, *text);
        return;
    }
    put(l, '"');
    for (; *text; text++) {
        if (*text == '"')
            put(l, '"');
        put(l, *text);
    }
    put(l, '"');
}

static void put_digits(struct synth_line *l, uint64_t number, int width)
{
    char digits[20];

    for (int i = width - 1; i >= 0; i--, number /= 10)
        digits[i] = (char)('0' + number % 10);
    for (int i = 0; i < width; i++)
        put(l, digits[i]);
}

void synth_line_day(struct synth_line *l, day d)
{
    int year, month, dom;

    separate(l);
    if (d == DAY_FOREVER || d == DAY_BEGINNING)
        return;
    day_to_date(d, &year, &month, &dom);
    put_digits(l, (uint64_t)year, 4);
    put(l, '-');
    put_digits(l, (uint64_t)month, 2);
    put(l, '-');
    put_digits(l, (uint64_t)dom, 2);
}

void synth_line_ref(struct synth_line *l, char letter, uint64_t number)
{
    separate(l);
    put(l, letter);
    put_digits(l, number, 9);
}

void synth_line_end(struct synth_line *l) { l->text[l->n++] = '\n'; }

void synth_line_write(struct synth_line *l, FILE *f)
{
    synth_line_end(l);
    fwrite_unlocked(l->text, 1, l->n, f);
}
