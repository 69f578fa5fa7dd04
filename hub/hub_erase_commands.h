/*
 * Internal: the rows of the erase commands in the table of tiphub; the words of
 * their options are in hub_erasures.c.
 */
#ifndef HUB_ERASE_COMMANDS_H
#define HUB_ERASE_COMMANDS_H

#include "hub_erasure.h"
#include "hub_program.h"

/* hub_erasures_list.c */

/** The decision, as members of @reply or of its open row. */
void hub_erasure_say(struct tip_reply *reply,
                     const struct hub_erasure *erasure);

/* hub_erasures.c */

/** Read the decision that @request names by its number. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_erasure_named(struct hub_program *hub,
                                            struct tip_request *request,
                                            struct hub_erasure *out_erasure);

extern const struct tip_cli_option hub_erase_request_options[1];
extern const struct tip_cli_example hub_erase_request_examples[1];
extern const struct tip_cli_argument hub_erase_number_arguments[1];

#define HUB_ERASE_COMMANDS                                                    \
    {.name = "erase request",                                                 \
     .summary = "Ask for a record to be erased everywhere, for good.",        \
     .description =                                                           \
         "Somebody else must confirm it. Then nothing of the record is left " \
         "here or at any office: no value, no history, no figure.",           \
     .place = TIP_CLI_DAEMON,                                                 \
     .options = hub_erase_request_options,                                    \
     .option_count = TIP_CLI_COUNT(hub_erase_request_options),                \
     .arguments = tip_command_id_arguments,                                   \
     .argument_count = TIP_CLI_COUNT(tip_command_id_arguments),               \
     .examples = hub_erase_request_examples,                                  \
     .example_count = TIP_CLI_COUNT(hub_erase_request_examples),              \
     .run = hub_run_erase_request},                                           \
        {.name = "erase confirm",                                             \
         .summary = "Confirm an erasure that another person has asked for.",  \
         .description =                                                       \
             "It cannot be taken back. The account that asked cannot "        \
             "confirm.",                                                      \
         .place = TIP_CLI_DAEMON,                                             \
         .arguments = hub_erase_number_arguments,                             \
         .argument_count = TIP_CLI_COUNT(hub_erase_number_arguments),         \
         .run = hub_run_erase_confirm},                                       \
        {.name = "erase withdraw",                                            \
         .summary = "Give up an erasure that nobody has confirmed.",          \
         .place = TIP_CLI_DAEMON,                                             \
         .arguments = hub_erase_number_arguments,                             \
         .argument_count = TIP_CLI_COUNT(hub_erase_number_arguments),         \
         .run = hub_run_erase_withdraw},                                      \
        {.name = "erase list",                                                \
         .summary =                                                           \
             "List the erasures, and how many offices have carried each "     \
             "out.",                                                          \
         .place = TIP_CLI_DAEMON,                                             \
         .run = hub_run_erase_list},                                          \
    {                                                                         \
        .name = "erase show",                                                 \
        .summary = "Show which offices have carried an erasure out.",         \
        .place = TIP_CLI_DAEMON, .arguments = hub_erase_number_arguments,     \
        .argument_count = TIP_CLI_COUNT(hub_erase_number_arguments),          \
        .run = hub_run_erase_show                                             \
    }

#endif /* HUB_ERASE_COMMANDS_H */
