/* Internal: the rows of the clone commands in the table of tiphub. */
#ifndef HUB_CLONE_COMMANDS_H
#define HUB_CLONE_COMMANDS_H

#include "hub_program.h"

extern const struct tip_cli_argument hub_clone_arguments[1];
extern const struct tip_cli_example hub_clone_examples[1];

#define HUB_CLONE_COMMANDS                                                   \
    {.name = "clone show",                                                   \
     .summary = "Show devices of whose disk two copies have called.",        \
     .description =                                                          \
         "With what each copy has written, as evidence: the number and the " \
         "head of its feed here, and what it said to have. Until one is "    \
         "chosen nothing is taken from either nor given to them.",           \
     .place = TIP_CLI_DAEMON,                                                \
     .run = hub_run_clone_show},                                             \
    {                                                                        \
        .name = "clone choose",                                              \
        .summary = "Name the copy of a disk that goes on.",                  \
        .description =                                                       \
            "Ask at the office which machine they work with; tipnode "       \
            "status says its feed. The other copy hands in what it has not " \
            "sent when it calls next, and is told. Another choice can be "   \
            "made at any time.",                                             \
        .place = TIP_CLI_DAEMON, .arguments = hub_clone_arguments,           \
        .argument_count = TIP_CLI_COUNT(hub_clone_arguments),                \
        .examples = hub_clone_examples,                                      \
        .example_count = TIP_CLI_COUNT(hub_clone_examples),                  \
        .run = hub_run_clone_choose                                          \
    }

#endif /* HUB_CLONE_COMMANDS_H */
