/* Records of ordinary life, which bear on no category of the ground floor: school, moves, work away
 * from home, and the events that later issues' risk models read. */
#include "synth/record.h"

#include <stdio.h>

/* What everything but school gives by itself, measured at the rates of rates.def. */
#define RECORDS_WITHOUT_SCHOOL 0.45

static void send_once(struct synth_stream *s, int person, enum synth_kind kind, day from, day to,
                      const char *value)
{
    struct synth_record r = synth_record_about(s, person, kind, from, to, value);
    day on = synth_record_arrival(s, from);

    synth_record_send(s, &r, on, SYNTH_ROW_NEW);
    while (synth_record_lucky(s, SYNTH_RATE_DUPLICATE)) {
        on += (day)synth_random_below(s->random, 40);
        synth_record_send(s, &r, on, SYNTH_ROW_DUPLICATE);
    }
}

/* A day of the child's life so far. */
static day lived(struct synth_stream *s, int child)
{
    return synth_random_between(s->random, s->family->people[child].birth,
                                s->maker->options->as_of);
}

static void go_to_school(struct synth_stream *s, int child)
{
    static const char *const kinds[] = {"幼儿园", "小学", "初级中学", "高级中学"};
    struct synth_random *r = s->random;
    const struct synth_person *p = &s->family->people[child];
    day from = lived(s, child), to;
    int year, month, dom, born, age, stage;
    char value[80];

    day_to_date(p->birth, &born, &month, &dom);
    day_to_date(from, &year, &month, &dom);
    age = year - born;
    stage = age < 6 ? 0 : age < 12 ? 1 : age < 15 ? 2 : 3;
    day_from_date(year, 9, 1, &from);
    to = synth_random_chance(r, 0.3) ? day_add_months(from, 10 + 12 * (int)synth_random_below(r, 4))
                                     : DAY_FOREVER;
    snprintf(value, sizeof(value), "义乌市第%u%s", 1 + synth_random_below(r, 40), kinds[stage]);
    if (age >= 12 && synth_random_chance(r, 0.03))
        send_once(s, child, synth_random_chance(r, 0.7) ? SYNTH_KIND_SUSPENDED : SYNTH_KIND_DROPOUT,
                  from, to, "illness");
    else if (age >= 7 && synth_random_chance(r, 0.05))
        send_once(s, child, SYNTH_KIND_ABSENT, from, from + 1 + (day)synth_random_below(r, 10),
                  "unexplained");
    else
        send_once(s, child, SYNTH_KIND_ENROLLED, from, to, value);
}

static void have_event(struct synth_stream *s, int child)
{
    static const struct {
        enum synth_kind kind;
        const char *value;
    } events[] = {
        {SYNTH_KIND_SELF_HARM, "X60-X84"},    {SYNTH_KIND_SLEEP_DISORDER, "G47"},
        {SYNTH_KIND_PSYCHIATRIC, "F32"},      {SYNTH_KIND_INJURY, "T74"},
        {SYNTH_KIND_VIOLENCE_CALL, "victim"}, {SYNTH_KIND_ABUSE_REPORT, "neglect"},
        {SYNTH_KIND_BULLYING, "victim"},      {SYNTH_KIND_SCREENING, "PHQ-A/2"},
        {SYNTH_KIND_SCREENING, "GAD-7/1"},    {SYNTH_KIND_RUNAWAY, ""},
    };
    uint32_t at = synth_random_below(s->random, 10);
    day on = lived(s, child);
    struct synth_record r, twin;

    if (events[at].kind != SYNTH_KIND_RUNAWAY) {
        send_once(s, child, events[at].kind, on, DAY_FOREVER, events[at].value);
        return;
    }
    /* Two departments report the same night under one key: two records all the same. */
    r = synth_record_about(s, child, SYNTH_KIND_RUNAWAY, on, DAY_FOREVER, "");
    twin = synth_record_about(s, child, SYNTH_KIND_VAGRANT, on, DAY_FOREVER, "");
    memcpy(twin.key, r.key, sizeof(twin.key));
    synth_record_send(s, &r, synth_record_arrival(s, on), SYNTH_ROW_NEW);
    synth_record_send(s, &twin, synth_record_arrival(s, on), SYNTH_ROW_NEW);
}

static void move(struct synth_stream *s, int person)
{
    const struct synth_places *places = s->maker->places;
    day from = s->maker->options->as_of - (day)synth_random_below(s->random, 2500);
    const struct synth_place *to = synth_random_chance(s->random, 0.8)
                                       ? synth_places_home(places, s->random)
                                       : synth_places_elsewhere(places, s->random);

    if (from <= s->family->people[person].birth)
        return;
    send_once(s, person, SYNTH_KIND_RESIDENCE, from,
              synth_random_chance(s->random, 0.2)
                  ? from + 1 + (day)synth_random_below(s->random, 900)
                  : DAY_FOREVER,
              to->code);
}

static void work_away(struct synth_stream *s, int person)
{
    day from = s->maker->options->as_of - (day)synth_random_below(s->random, 1500);

    send_once(s, person, SYNTH_KIND_OUT_FOR_WORK, from,
              synth_random_chance(s->random, 0.5)
                  ? from + 30 + (day)synth_random_below(s->random, 700)
                  : DAY_FOREVER,
              synth_places_elsewhere(s->maker->places, s->random)->code);
}

void synth_stream_daily(struct synth_stream *s)
{
    const struct synth_family *f = s->family;
    double wanted = s->maker->options->records_per_child - RECORDS_WITHOUT_SCHOOL;

    for (int i = 0; i < f->minors_count; i++) {
        int child = f->children[i];
        double more = wanted;
        if (!*f->people[child].id)
            continue;
        for (; more > 0 && synth_random_chance(s->random, more); more -= 1)
            go_to_school(s, child);
        if (synth_record_lucky(s, SYNTH_RATE_RISK_EVENT))
            have_event(s, child);
    }
    for (int person = 0; person < f->people_count; person++) {
        if (f->people[person].birth == SYNTH_NO_DAY || !*f->people[person].id)
            continue;
        if (synth_record_lucky(s, SYNTH_RATE_RESIDENCE_MOVE))
            move(s, person);
        if ((person == f->father || person == f->mother) &&
            synth_record_lucky(s, SYNTH_RATE_OUT_FOR_WORK))
            work_away(s, person);
    }
}
