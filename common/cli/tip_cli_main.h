/*
 * A program's main(): from the words to the exit code.
 *
 *     int main(int argc, char **argv)
 *     {
 *         return tip_cli_main(&node_program, argc, argv);
 *     }
 */
#ifndef TIP_CLI_MAIN_H
#define TIP_CLI_MAIN_H

#include "tip_cli.h"
#include "tip_conf.h"
#include "tip_err.h"

enum { TIP_CLI_PATH_SIZE = 1024 };

/** Do what the command line says; returns the exit code. */
int tip_cli_main(const struct tip_cli_program *program, int argc, char **argv);

/**
 * Read the configuration of @call into @conf, which must be initialised: the
 * file of --config; or the one in the folder of --dir; or the program's own,
 * if there is one. --dir then overrides the folder. On an error
 * conf->problems says more.
 */
TIP_MUST_USE enum tip_err
tip_cli_conf_load(const struct tip_cli_program *program,
                  const struct tip_cli_call *call, struct tip_conf *conf);

/* The commands every program has; put TIP_CLI_BUILTINS last in its table. */
tip_cli_run_fn tip_cli_run_config, tip_cli_run_help, tip_cli_run_completion,
    tip_cli_run_manual;

extern const struct tip_cli_option tip_cli_config_options[3];
extern const struct tip_cli_argument tip_cli_help_arguments[1];
extern const struct tip_cli_argument tip_cli_completion_arguments[1];
extern const struct tip_cli_example tip_cli_config_examples[1];
extern const struct tip_cli_example tip_cli_completion_examples[1];

#define TIP_CLI_BUILTINS                                                \
    {.name = "config",                                                  \
     .summary = "Check or show the configuration.",                     \
     .description = "Without an option it is checked.",                 \
     .options = tip_cli_config_options,                                 \
     .option_count = TIP_CLI_COUNT(tip_cli_config_options),             \
     .examples = tip_cli_config_examples,                               \
     .example_count = TIP_CLI_COUNT(tip_cli_config_examples),           \
     .run = tip_cli_run_config,                                         \
     .is_without_conf = true},                                          \
        {.name = "completion",                                          \
         .summary = "Print the completion script of a shell.",          \
         .arguments = tip_cli_completion_arguments,                     \
         .argument_count = TIP_CLI_COUNT(tip_cli_completion_arguments), \
         .examples = tip_cli_completion_examples,                       \
         .example_count = TIP_CLI_COUNT(tip_cli_completion_examples),   \
         .run = tip_cli_run_completion,                                 \
         .is_without_conf = true},                                      \
        {.name = "manual",                                              \
         .summary = "Print the manual page in mdoc.",                   \
         .run = tip_cli_run_manual,                                     \
         .is_without_conf = true},                                      \
    {                                                                   \
        .name = "help", .summary = "Show the help of a command.",       \
        .arguments = tip_cli_help_arguments,                            \
        .argument_count = TIP_CLI_COUNT(tip_cli_help_arguments),        \
        .run = tip_cli_run_help, .is_without_conf = true                \
    }

#endif /* TIP_CLI_MAIN_H */
