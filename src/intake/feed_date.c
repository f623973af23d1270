/* Days as departments write them. What could be read in two ways is refused. */
#include "intake/feed_inside.h"

#define EXCEL_EPOCH (-25569) /* 1899-12-30, from 1970 */
#define YEAR_FIRST 1850      /* as for identity numbers */
#define DAY_SECONDS 86400

/* A date on its way: what is left of the text, and what was read. */
struct dating {
    struct slice rest;
    enum feed_form form;
    struct feed_fault *fault;
    int year, month, dom;
};

static bool refuse(struct dating *d, const char *why, const char *hint)
{
    *d->fault = (struct feed_fault){ERR_DATE, why, hint};
    return false;
}

static bool unreadable(struct dating *d)
{
    return refuse(d, N_("this is no date that can be read"), N_("Write it as 2024-06-30."));
}

static bool no_such_day(struct dating *d)
{
    return refuse(d, N_("there is no such day"), N_("Look the day up and write it as 2024-06-30."));
}

static bool short_year(struct dating *d)
{
    return refuse(
        d, N_("the year has not four digits"),
        N_("Write the year with four digits, as in 2024-06-30; the century is never guessed."));
}

static bool day_first(struct dating *d)
{
    return refuse(d, N_("the year does not come first"),
                  N_("Write year, month, day, as in 2024-06-30; the order is never guessed."));
}

static bool finish(struct dating *d, struct feed_moment *ret)
{
    struct feed_moment m = {.second = 0};

    if (d->year < YEAR_FIRST)
        return d->year < 100 ? short_year(d) : no_such_day(d);
    if (!day_from_date(d->year, d->month, d->form == FORM_MONTH && d->dom == 0 ? 1 : d->dom,
                       &m.day))
        return no_such_day(d);
    if (!feed_time_read(d->rest, &m))
        return unreadable(d);
    if (d->form == FORM_MONTH) {
        int year, month, dom;
        day_to_date(m.day, &year, &month, &dom);
        day_from_date(year, month, 1, &m.day);
    }
    *ret = m;
    return true;
}

/* ---- digits alone: 20240630, 202406, 20240630083000, 45473 ---- */

static int number_of(const char *p, size_t n)
{
    int v = 0;

    for (size_t i = 0; i < n; i++)
        v = v * 10 + (p[i] - '0');
    return v;
}

static bool serial(struct dating *d, struct slice text, size_t digits, struct feed_moment *ret)
{
    struct slice fraction = {text.p + digits, text.n - digits};
    double part = 0, scale = 1;

    if (feed_take(&fraction, "."))
        for (size_t i = 0; i < fraction.n && fraction.p[i] >= '0' && fraction.p[i] <= '9'; i++)
            part += (fraction.p[i] - '0') * (scale /= 10);
    int seconds = (int)(part * DAY_SECONDS + 0.5);
    struct feed_moment m = {EXCEL_EPOCH + number_of(text.p, digits) + seconds / DAY_SECONDS,
                            seconds % DAY_SECONDS};
    if (d->form == FORM_MONTH) {
        day_to_date(m.day, &d->year, &d->month, &d->dom);
        day_from_date(d->year, d->month, 1, &m.day);
    }
    *ret = m;
    return true;
}

static bool compact(struct dating *d, struct slice text, size_t digits, struct feed_moment *ret)
{
    struct slice time = {text.p + digits, text.n - digits};

    d->year = number_of(text.p, 4);
    d->month = number_of(text.p + 4, 2);
    d->dom = digits >= 8 ? number_of(text.p + 6, 2) : 0;
    if (digits != 14) {
        d->rest = time;
        return finish(d, ret);
    }
    int hour = number_of(text.p + 8, 2), minute = number_of(text.p + 10, 2),
        second = number_of(text.p + 12, 2);
    d->rest = SLICE_LITERAL("");
    if (time.n > 0 || hour > 23 || minute > 59 || second > 59)
        return unreadable(d);
    if (!finish(d, ret))
        return false;
    ret->second = hour * 3600 + minute * 60 + second;
    return true;
}

static bool digits_alone(struct dating *d, struct slice text, size_t digits,
                         enum sheet_cell_kind kind, struct feed_moment *ret)
{
    bool whole = digits == text.n;
    bool number = kind == CELL_NUMBER && !whole && text.p[digits] == '.';

    if (digits == 5 && (whole || number) && text.p[0] != '0')
        return serial(d, text, digits, ret);
    if (digits == 8 || digits == 14)
        return compact(d, text, digits, ret);
    if (digits == 6 && whole && d->form == FORM_MONTH)
        return compact(d, text, digits, ret);
    return digits == 6 && whole
               ? refuse(d, N_("the day is missing, or the year has not four digits"),
                        N_("Write the whole day, as in 2024-06-30."))
               : unreadable(d);
}

/* ---- parts: 2024-6-30, 2024年6月30日, 二〇二四年六月三十日 ---- */

static bool take_part(struct dating *d, struct feed_numeral *ret)
{
    size_t n;

    feed_take_blanks(&d->rest);
    n = feed_numeral(d->rest, ret);
    d->rest = (struct slice){d->rest.p + n, d->rest.n - n};
    if (n > 0)
        feed_take_blanks(&d->rest);
    return n > 0;
}

static bool whole_day(struct dating *d, struct feed_moment *ret)
{
    if (d->dom == 0 && d->form != FORM_MONTH)
        return refuse(d, N_("the day is missing"), N_("Write the whole day, as in 2024-06-30."));
    return finish(d, ret);
}

/* After the year's 年. Blanks before what follows the day are gone: a time may stand there at once. */
static bool chinese_parts(struct dating *d, struct feed_moment *ret)
{
    struct feed_numeral part;

    if (!take_part(d, &part) || part.figures > 2 || !feed_take(&d->rest, "月"))
        return unreadable(d);
    d->month = part.value;
    if (d->form == FORM_MONTH && (feed_take(&d->rest, "份") || d->rest.n == 0))
        return whole_day(d, ret);
    if (d->rest.n > 0) {
        if (!take_part(d, &part) || part.figures > 2)
            return unreadable(d);
        if (part.value == 0)
            return no_such_day(d);
        d->dom = part.value;
        if (!feed_take(&d->rest, "日"))
            feed_take(&d->rest, "号");
    }
    return whole_day(d, ret);
}

/* Whether digits of four come last: 31/12/2024. */
static bool year_last(struct slice text)
{
    size_t n = text.n;

    while (n > 0 && text.p[n - 1] >= '0' && text.p[n - 1] <= '9')
        n--;
    return text.n - n == 4;
}

static bool separated_parts(struct dating *d, const char *separator, struct feed_moment *ret)
{
    struct feed_numeral part;

    if (!take_part(d, &part) || part.figures > 2 || part.chinese)
        return unreadable(d);
    d->month = part.value;
    if (d->rest.n == 0 && d->form == FORM_MONTH)
        return whole_day(d, ret);
    if (d->rest.n > 0) {
        if (!feed_take(&d->rest, separator))
            return unreadable(d);
        feed_take_blanks(&d->rest);
        size_t n = feed_numeral(d->rest, &part);
        if (n == 0 || part.figures > 2 || part.chinese)
            return unreadable(d);
        d->rest = (struct slice){d->rest.p + n, d->rest.n - n};
        if (part.value == 0)
            return no_such_day(d);
        d->dom = part.value;
    }
    return whole_day(d, ret);
}

static bool in_parts(struct dating *d, struct slice text, struct feed_moment *ret)
{
    static const char *const separators[] = {"-", "/", "."};
    struct feed_numeral year;

    if (!take_part(d, &year) || year.figures == 0)
        return unreadable(d);
    d->year = year.value;
    bool chinese = feed_take(&d->rest, "年");
    if (year.figures != 4) {
        if (!chinese && year.figures <= 2 && year_last(text))
            return day_first(d);
        return year.figures < 4 ? short_year(d) : unreadable(d);
    }
    if (chinese)
        return chinese_parts(d, ret);
    for (size_t i = 0; i < COUNT(separators) && !year.chinese; i++)
        if (feed_take(&d->rest, separators[i]))
            return separated_parts(d, separators[i], ret);
    return unreadable(d);
}

bool feed_date_read(struct slice text, enum sheet_cell_kind kind, enum feed_form form,
                    struct feed_moment *ret, struct feed_fault *fault)
{
    struct dating d = {.rest = text, .form = form, .fault = fault};
    size_t digits = 0;

    if (text.n > 64)
        return unreadable(&d);
    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
        digits++;
    /* 2024.1 as a number may have been 2024.10. */
    if (digits == 4 && kind == CELL_NUMBER)
        return unreadable(&d);
    return digits >= 5 ? digits_alone(&d, text, digits, kind, ret) : in_parts(&d, text, ret);
}
