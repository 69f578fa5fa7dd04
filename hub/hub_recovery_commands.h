/* Rows of the table of commands: what to do after the hub was put back. */
#ifndef HUB_RECOVERY_COMMANDS_H
#define HUB_RECOVERY_COMMANDS_H

#include "hub_program.h"

#define HUB_RECOVERY_COMMANDS                                                  \
    {.name = "recovery show",                                                  \
     .summary = "Show what is missing since the hub was restored.",            \
     .place = TIP_CLI_DAEMON,                                                  \
     .run = hub_run_recovery_show},                                            \
        {.name = "recovery begin",                                             \
         .summary = "Declare that this hub has gone back to an older point.",  \
         .description = "For a folder that was put back from a copy; backup "  \
                        "restore says it "                                     \
                        "by itself. The generation rises, so that no commit "  \
                        "is given twice, "                                     \
                        "and offices hand back what the hub has lost.",        \
         .place = TIP_CLI_DAEMON,                                              \
         .run = hub_run_recovery_begin},                                       \
    {                                                                          \
        .name = "recovery finish",                                             \
        .summary = "Wait no longer for offices that are not back.",            \
        .description =                                                         \
            "What came back keeps its place. An office that comes later "      \
            "loses "                                                           \
            "nothing; its work gets new places, so some of it may have to be " \
            "decided again.",                                                  \
        .place = TIP_CLI_DAEMON, .run = hub_run_recovery_finish                \
    }

#endif /* HUB_RECOVERY_COMMANDS_H */
