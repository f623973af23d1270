/* Makes one district for the tests: TREE DIRECTORY CHILDREN SEED AS_OF MISFORTUNE [deliveries]. */
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct synth_options o = synth_options_default();
    struct error e = {.language = LANGUAGE_EN};
    struct synth_totals totals;

    if (argc < 7 || !day_parse(slice_from(argv[5]), &o.as_of))
        return 2;
    o.divisions = argv[1];
    o.directory = argv[2];
    o.children = strtoull(argv[3], NULL, 10);
    o.seed = strtoull(argv[4], NULL, 10);
    o.misfortune = strtod(argv[6], NULL);
    o.deliveries = argc > 7;
    if (synth_write(&o, &totals, &e) < 0) {
        fprintf(stderr, "%s: %s\n", error_primary(&e), e.detail);
        return 3;
    }
    return 0;
}
