#include "care/forget.h"

#include "cli/command.h"

#include <stdio.h>

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    int64_t person;
    int rc;

    if (!invocation_value(in, "--for-ever")) {
        error_set(in->error, ERR_USAGE, N_("what is erased cannot be brought back"));
        return error_hint(in->error, N_("Say so with --for-ever."));
    }
    rc = invocation_open(in, STORE_WRITE, &d);
    if (rc == 0)
        rc = person_id_of_ref(in, d, in->positional[0], &person);
    if (rc == 0)
        rc = care_person_erase(d, person, in->error);
    if (rc < 0)
        return rc;
    invocation_publish(in, d);
    puts(say(in, N_("erased; backups made before still hold the key until they are dropped too")));
    return EXIT_DONE;
}

static const struct option options[] = {
    OPTION_DB,
    {"--for-ever", NULL, N_("yes, what is sealed about this person shall never open again")},
    OPTION_END};

extern const struct command command_erase;
const struct command command_erase = {
    "erase",
    TASK_REGISTER,
    "PERSON_REF --db URL --for-ever",
    N_("Erase a person: the key of all that was sealed about them is dropped."),
    options,
    1,
    1,
    run};
