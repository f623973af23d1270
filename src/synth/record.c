#include "synth/record.h"

#include "synth/deliveries.h"
#include "synth/line.h"

static const char *const spellings[SYNTH_DEPARTMENT_COUNT] = {
#define DEPARTMENT(symbol, spelling, key) spelling,
#include "synth/departments.def"
#undef DEPARTMENT
};

/* A switch, so that the compiler sees each format beside its arguments. */
static void write_key(enum synth_department department, int year, uint32_t number, char *ret,
                      size_t size)
{
    switch (department) {
#define DEPARTMENT(symbol, spelling, key)       \
    case SYNTH_DEPARTMENT_##symbol:             \
        snprintf(ret, size, key, year, number); \
        break;
#include "synth/departments.def"
#undef DEPARTMENT
    case SYNTH_DEPARTMENT_COUNT: break;
    }
}

/* Some departments write the last character small, some the digits full-width. */
static void miswrite(struct synth_stream *s, char id[64])
{
    char plain[SYNTH_ID_MAX];
    size_t n = strlen(id), at = 0;

    if (n != 18 || !synth_record_lucky(s, SYNTH_RATE_ID_MISWRITTEN))
        return;
    if (id[17] == 'X') {
        id[17] = 'x';
        return;
    }
    memcpy(plain, id, n + 1);
    for (size_t i = 0; i < n; i++) { /* U+FF10 to U+FF19 */
        id[at++] = (char)0xef;
        id[at++] = (char)0xbc;
        id[at++] = (char)(0x90 + plain[i] - '0');
    }
    id[at] = 0;
}

struct synth_record synth_record_about(struct synth_stream *s, int person, enum synth_kind kind,
                                       day from, day to, const char *value)
{
    static const char *const notes[] = {"",        "", "", "", "", "已核实", "据村委会报告,待复核",
                                        "\"补录\""};
    const struct synth_person *p = &s->family->people[person];
    enum synth_department department = synth_kinds[kind].department;
    struct synth_record r;
    int year, month, dom;

    memset(&r, 0, sizeof(r));
    day_to_date(from, &year, &month, &dom);
    write_key(department, year, ++s->keys[department], r.key, sizeof(r.key));
    r.department = spellings[department];
    r.kind = synth_kinds[kind].spelling;
    memcpy(r.id, p->id, sizeof(p->id));
    miswrite(s, r.id);
    memcpy(r.name, p->name, sizeof(p->name));
    r.birth = synth_random_chance(s->random, 0.9) ? p->birth : SYNTH_NO_DAY;
    memcpy(r.division, p->residence->code, sizeof(r.division));
    r.from = from;
    r.to = to;
    snprintf(r.value, sizeof(r.value), "%s", value);
    r.note = notes[synth_random_below(s->random, 8)];
    r.known = *p->id != 0;
    return r;
}

static void count(struct synth_totals *t, const struct synth_record *r, enum synth_row row)
{
    t->records++;
    t->changes += row == SYNTH_ROW_CHANGE;
    t->withdrawals += row == SYNTH_ROW_WITHDRAWAL;
    t->duplicates += row == SYNTH_ROW_DUPLICATE;
    t->malformed += row == SYNTH_ROW_BAD;
    t->unlinked += !r->known && row != SYNTH_ROW_DUPLICATE && row != SYNTH_ROW_BAD;
}

void synth_record_send(struct synth_stream *s, const struct synth_record *r, day on,
                       enum synth_row row)
{
    struct synth_line l;

    synth_line_begin(&l);
    synth_line_cell(&l, r->key);
    synth_line_cell(&l, r->department);
    synth_line_cell(&l, r->kind);
    synth_line_cell(&l, r->id);
    synth_line_cell(&l, r->name);
    synth_line_day(&l, r->birth);
    synth_line_cell(&l, r->division);
    if (r->from_text)
        synth_line_cell(&l, r->from_text);
    else
        synth_line_day(&l, r->from);
    synth_line_day(&l, r->to);
    synth_line_cell(&l, row == SYNTH_ROW_WITHDRAWAL ? "retracted" : r->value);
    synth_line_cell(&l, r->note);
    synth_line_cell(&l, r->revision);
    synth_line_end(&l);
    count(s->totals, r, row);
    if (s->status == 0 && s->deliveries)
        s->status = synth_deliveries_tell(s->deliveries, s->family, r, on, row, s->error);
    if (s->status == 0)
        s->status = synth_arrivals_add(s->arrivals, on, l.text, l.n, s->error);
}

void synth_record_estrange(struct synth_stream *s, struct synth_record *r)
{
    struct synth_random *random = s->random;
    char sex = synth_random_chance(random, 0.5) ? 'M' : 'F';

    r->birth = s->maker->options->as_of - synth_random_between(random, 7000, 22000);
    if (s->status == 0)
        s->status = synth_identities_next(s->maker->identities, r->birth, sex, r->id, s->error);
    synth_names_make(random, SYNTH_HAN, synth_names_surname(random), sex, NULL, r->name);
    r->known = false;
}

day synth_record_arrival(struct synth_stream *s, day from)
{
    day as_of = s->maker->options->as_of;

    if (from > as_of) /* known beforehand */
        return as_of - (day)synth_random_below(s->random, 60);
    return from + (day)synth_random_below(s->random, 45);
}

int synth_record_lucky(struct synth_stream *s, enum synth_rate rate)
{
    return synth_random_chance(s->random, synth_rates[rate].rate);
}
