/* Rows of the table of commands: devices that are used no more. */
#ifndef HUB_RETIRE_COMMANDS_H
#define HUB_RETIRE_COMMANDS_H

#include "hub_program.h"

extern const struct tip_cli_argument hub_retire_arguments[1];
extern const struct tip_cli_example hub_retire_examples[1];

#define HUB_RETIRE_COMMANDS                                                   \
    {                                                                         \
        .name = "enrol retire",                                               \
        .summary = "Say that the device of an office is used no more.",       \
        .description =                                                        \
            "For one that was lost, broke or was replaced. It is cut off at " \
            "once; its work that is under way on a stick is still taken. "    \
            "Then "                                                           \
            "invite the office again: its next device is sent all that the "  \
            "office holds.",                                                  \
        .place = TIP_CLI_DAEMON, .arguments = hub_retire_arguments,           \
        .argument_count = TIP_CLI_COUNT(hub_retire_arguments),                \
        .examples = hub_retire_examples,                                      \
        .example_count = TIP_CLI_COUNT(hub_retire_examples),                  \
        .run = hub_run_enrol_retire                                           \
    }

#endif /* HUB_RETIRE_COMMANDS_H */
