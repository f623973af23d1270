/* What a department sends of one fact: once, or again, or first wrong and then right. Whatever the
 * way, the version in force at the end is the fact as it is in the story. */
#include "synth/record.h"

#include <stdio.h>

/* An ended fact was first known without its end. A record without revisions is told in order. */
static bool may_close_later(const struct synth_stream *s, const struct synth_record *r)
{
    return r->to != DAY_FOREVER && r->to <= s->maker->options->as_of;
}

static bool has_no_end(const struct synth_record *r)
{
    return strcmp(r->value, "natural") == 0 || strcmp(r->kind, "hiv") == 0 ||
           strcmp(r->kind, "divorced") == 0 || strcmp(r->kind, "married") == 0;
}

/* Another value that the kind allows; false where it has none to choose from. */
static bool change_value(struct synth_record *r)
{
    const char *other = NULL;

    if (strcmp(r->kind, "disability") == 0)
        other = strcmp(r->value, "physical/2") == 0 ? "physical/4" : "physical/2";
    else if (strcmp(r->kind, "lost_contact") == 0)
        other = strcmp(r->value, "reported") == 0 ? "determined" : "reported";
    else if (strcmp(r->kind, "imprisoned") == 0 || strcmp(r->kind, "other_custody") == 0)
        other = strcmp(r->value, "P4M") == 0 ? "P8Y" : "P4M";
    else if (strcmp(r->value, "natural") == 0)
        other = "declared";
    if (other)
        snprintf(r->value, sizeof(r->value), "%s", other);
    return other != NULL;
}

/* A version that is well formed and wrong. */
static struct synth_record mistake(struct synth_stream *s, const struct synth_record *right)
{
    struct synth_record wrong = *right;
    struct synth_random *r = s->random;
    day shift = synth_random_between(r, 1, 200);

    switch (synth_random_below(r, 4)) {
    case 0: synth_record_estrange(s, &wrong); return wrong;
    case 1:
        if (change_value(&wrong))
            return wrong;
        break;
    case 2:
        if (!has_no_end(right)) {
            wrong.to = right->to == DAY_FOREVER ? right->from + shift : DAY_FOREVER;
            return wrong;
        }
        break;
    }
    if (synth_random_chance(r, 0.5))
        shift = -shift;
    wrong.from += shift;
    wrong.to = day_add_days(right->to, shift);
    return wrong;
}

/* Departments number their versions, or stamp them with the time of writing. */
static void number(struct synth_record *r, bool stamped, day from, int version)
{
    char date[DAY_TEXT];

    if (stamped)
        snprintf(r->revision, sizeof(r->revision), "%sT%02d:30:00+08:00",
                 day_format(from + 3 * version, date), 9 + version);
    else
        snprintf(r->revision, sizeof(r->revision), "%d", version * 7); /* 7, 14: not by length */
}

/* Two or three numbered versions, the last one right, in any order of arrival. */
static day send_revised(struct synth_stream *s, struct synth_record *right, day first)
{
    int versions = 2 + (int)synth_random_below(s->random, 2);
    bool stamped = synth_random_chance(s->random, 0.5);
    day last = first, from = right->from;

    for (int version = 1; version <= versions; version++) {
        struct synth_record r = version == versions ? *right : mistake(s, right);
        day on = first + (day)synth_random_below(s->random, 200);
        number(&r, stamped, from, version);
        synth_record_send(s, &r, on, version == 1 ? SYNTH_ROW_NEW : SYNTH_ROW_CHANGE);
        last = on > last ? on : last;
    }
    number(right, stamped, from, versions);
    return last;
}

static day later(struct synth_stream *s, day on, int most)
{
    return on + synth_random_between(s->random, 1, most);
}

static day send_versions(struct synth_stream *s, struct synth_record *right)
{
    day on = synth_record_arrival(s, right->from);

    if (synth_record_lucky(s, SYNTH_RATE_REVISED))
        return send_revised(s, right, on);
    if (synth_record_lucky(s, SYNTH_RATE_CORRECTED)) {
        struct synth_record wrong = mistake(s, right);
        synth_record_send(s, &wrong, on, SYNTH_ROW_NEW);
        on = later(s, on, 150);
        synth_record_send(s, right, on, SYNTH_ROW_CHANGE);
    } else if (synth_record_lucky(s, SYNTH_RATE_REVIVED)) {
        synth_record_send(s, right, on, SYNTH_ROW_NEW);
        on = later(s, on, 60);
        synth_record_send(s, right, on, SYNTH_ROW_WITHDRAWAL);
        on = later(s, on, 60);
        synth_record_send(s, right, on, SYNTH_ROW_CHANGE);
    } else if (may_close_later(s, right) && synth_record_lucky(s, SYNTH_RATE_CLOSED_LATER)) {
        struct synth_record open = *right;
        open.to = DAY_FOREVER;
        synth_record_send(s, &open, on, SYNTH_ROW_NEW);
        on = later(s, on > right->to ? on : right->to, 30);
        synth_record_send(s, right, on, SYNTH_ROW_CHANGE);
    } else {
        synth_record_send(s, right, on, SYNTH_ROW_NEW);
    }
    return on;
}

static void send_fact(struct synth_stream *s, const struct synth_fact *fact)
{
    struct synth_record right = synth_record_about(s, fact->person, (enum synth_kind)fact->kind,
                                                   fact->from, fact->to, fact->value);
    day on = send_versions(s, &right);

    /* Again as it now stands: never before the last version, or it would bring an old one back. */
    while (synth_record_lucky(s, SYNTH_RATE_DUPLICATE)) {
        on += (day)synth_random_below(s->random, 40);
        synth_record_send(s, &right, on, SYNTH_ROW_DUPLICATE);
    }
}

int synth_stream_family(struct synth_stream *s, const struct synth_family *f,
                        struct synth_random *r, struct error *e)
{
    s->family = f;
    s->random = r;
    s->error = e;
    s->status = 0;
    for (int i = 0; i < f->facts_count; i++)
        send_fact(s, &f->facts[i]);
    synth_stream_daily(s);
    synth_stream_strays(s);
    return s->status;
}
