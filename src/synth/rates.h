/* The rates of rates.def by name. */
#ifndef HUMIAO_SYNTH_RATES_H
#define HUMIAO_SYNTH_RATES_H

enum synth_rate {
#define RATE(symbol, rate, per, source) SYNTH_RATE_##symbol,
#include "synth/rates.def"
#undef RATE
    SYNTH_RATE_COUNT
};

struct synth_rate_row {
    const char *name;
    double rate;
    const char *per, *source;
};

extern const struct synth_rate_row synth_rates[SYNTH_RATE_COUNT];

/* Live births of a calendar year in ten thousands, the weight of that age group. */
unsigned synth_rates_births(int year);

#endif
