/* Records that must change nothing: said by mistake and withdrawn, about people elsewhere, or so
 * malformed that they belong in the quarantine. */
#include "synth/record.h"

static int anybody(struct synth_stream *s)
{
    return (int)synth_random_below(s->random, (uint32_t)s->family->people_count);
}

static day recently(struct synth_stream *s)
{
    return s->maker->options->as_of - (day)synth_random_below(s->random, 1200);
}

static struct synth_record grave(struct synth_stream *s)
{
    static const struct {
        enum synth_kind kind;
        const char *value;
    } kinds[] = {
        {SYNTH_KIND_DEAD, "natural"},
        {SYNTH_KIND_IMPRISONED, "P3Y"},
        {SYNTH_KIND_LOST_CONTACT, "determined"},
        {SYNTH_KIND_DISABILITY, "mental/2"},
        {SYNTH_KIND_LOW_INCOME, ""},
        {SYNTH_KIND_DESTITUTE, ""},
        {SYNTH_KIND_CUSTODY, ""},
        {SYNTH_KIND_REVOKED, ""},
    };
    uint32_t at = synth_random_below(s->random, 8);

    return synth_record_about(s, anybody(s), kinds[at].kind, recently(s), DAY_FOREVER,
                              kinds[at].value);
}

static void withdraw(struct synth_stream *s)
{
    struct synth_record r = grave(s), last = r;
    day on = synth_record_arrival(s, r.from), then = on + synth_random_between(s->random, 1, 90);

    if (synth_random_chance(s->random, 0.2)) { /* the withdrawal overtakes what it withdraws */
        day early = on;
        on = then;
        then = early;
        memcpy(r.revision, "1", 2);
        memcpy(last.revision, "2", 2);
    }
    synth_record_send(s, &r, on, SYNTH_ROW_NEW);
    synth_record_send(s, &last, then, SYNTH_ROW_WITHDRAWAL);
}

static void malform(struct synth_stream *s)
{
    day from = recently(s);
    struct synth_record r = synth_record_about(s, anybody(s), SYNTH_KIND_LOW_INCOME, from,
                                               DAY_FOREVER, "");

    switch (synth_random_below(s->random, 9)) {
    case 0: r.from_text = ""; break;
    case 1: r.to = from; break;
    case 2: r.to = from - 1 - (day)synth_random_below(s->random, 300); break;
    case 3: r.from_text = "2025-02-29"; break;
    case 4: r.kind = "abducted"; break;
    case 5:
        r = synth_record_about(s, anybody(s), SYNTH_KIND_DEAD, from, from + 100, "natural");
        break;
    case 6:
        r = synth_record_about(s, anybody(s), SYNTH_KIND_DEAD, from, DAY_FOREVER, "gone");
        break;
    case 7:
        r = synth_record_about(s, anybody(s), SYNTH_KIND_IMPRISONED, from, DAY_FOREVER, "P6X");
        break;
    default:
        r = synth_record_about(s, anybody(s), SYNTH_KIND_DISABILITY, from, DAY_FOREVER,
                               "physical/5");
    }
    synth_record_send(s, &r, synth_record_arrival(s, from), SYNTH_ROW_BAD);
}

void synth_stream_strays(struct synth_stream *s)
{
    if (synth_record_lucky(s, SYNTH_RATE_WITHDRAWN))
        withdraw(s);
    if (synth_record_lucky(s, SYNTH_RATE_MALFORMED))
        malform(s);
    if (synth_record_lucky(s, SYNTH_RATE_STRANGER)) {
        struct synth_record r = grave(s);
        synth_record_estrange(s, &r);
        synth_record_send(s, &r, synth_record_arrival(s, r.from), SYNTH_ROW_NEW);
    }
}
