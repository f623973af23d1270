/* The commands, in the order in which help lists them. */
#include "cli/command.h"

extern const struct command command_init, command_load, command_ingest, command_screen,
    command_explain, command_timeline, command_tick, command_alerts, command_simulate,
    command_search, command_feed, command_policy, command_workflow, command_access, command_account,
    command_keys, command_audit, command_serve, command_synth, command_erase, command_help,
    command_version;

const struct command *const commands[] = {&command_init,
                                          &command_load,
                                          &command_ingest,
                                          &command_screen,
                                          &command_explain,
                                          &command_timeline,
                                          &command_tick,
                                          &command_alerts,
                                          &command_simulate,
                                          &command_feed,
                                          &command_search,
                                          &command_erase,
                                          &command_policy,
                                          &command_workflow,
                                          &command_access,
                                          &command_account,
                                          &command_keys,
                                          &command_audit,
                                          &command_serve,
                                          &command_synth,
                                          &command_help,
                                          &command_version,
                                          NULL};
