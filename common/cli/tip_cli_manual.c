/* The manual page in mdoc, for mandoc and groff. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tip_cli.h"
#include "tip_exit.h"
#include "tip_mdoc.h"

static void head_put(const struct tip_cli_program *program, struct tip_out *out)
{
    tip_out_format(out, ".Dd %s\n.Dt ", program->date);
    for (const char *at = program->name; *at != '\0'; at++) {
        tip_out_char(out, (char)toupper((unsigned char)*at));
    }
    tip_out_format(out,
                   " 8\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n"
                   ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar argument ...\n"
                   ".Op Ar option ...\n.Sh DESCRIPTION\n",
                   program->name, program->summary);
    tip_mdoc_text(out, program->description);
    tip_out_text(out, ".Pp\nThe commands are:\n");
}

static void option_put(const struct tip_cli_option *option, struct tip_out *out)
{
    char allowed[TIP_SPEC_SHORT_SIZE], sentence[TIP_SPEC_SHORT_SIZE * 2];

    tip_out_text(out, ".It ");
    if (option->letter != 0) {
        tip_out_format(out, "Fl %c , ", option->letter);
    }
    tip_out_text(out, "Fl \\-");
    tip_out_text(out, option->name);
    if (option->value != NULL) {
        tip_out_text(out, " Ar ");
        tip_mdoc_word(out, option->value);
    }
    tip_out_char(out, '\n');
    tip_mdoc_text(out, option->help);
    if (option->value != NULL && option->spec.type != TIP_SPEC_PATH &&
        option->spec.type != TIP_SPEC_TEXT) {
        tip_spec_describe(&option->spec, allowed, sizeof allowed);
        (void)snprintf(sentence, sizeof sentence, "Allowed: %s.", allowed);
        tip_mdoc_text(out, sentence);
    }
    if (option->otherwise != NULL) {
        tip_out_text(out, "Default:\n.Li ");
        tip_mdoc_word(out, option->otherwise);
        tip_out_text(out, " .\n");
    }
}

static void options_put(const struct tip_cli_option *options, size_t count,
                        struct tip_out *out)
{
    if (count == 0) {
        return;
    }
    tip_out_text(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < count; i++) {
        option_put(&options[i], out);
    }
    tip_out_text(out, ".El\n");
}

static void arguments_put(const struct tip_cli_command *command,
                          struct tip_out *out)
{
    if (command->argument_count == 0) {
        return;
    }
    tip_out_text(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < command->argument_count; i++) {
        tip_out_text(out, ".It Ar ");
        tip_mdoc_word(out, command->arguments[i].name);
        tip_out_char(out, '\n');
        tip_mdoc_text(out, command->arguments[i].help);
    }
    tip_out_text(out, ".El\n");
}

/* ".It Cm record add Ar TYPE Op Ar FIELD ..." */
static void command_head_put(const struct tip_cli_command *command,
                             struct tip_out *out)
{
    tip_out_text(out, ".It Cm ");
    tip_mdoc_word(out, command->name);
    for (size_t i = 0; i < command->argument_count; i++) {
        enum tip_cli_count count = command->arguments[i].count;
        bool is_optional = count == TIP_CLI_OPTIONAL || count == TIP_CLI_ANY;
        bool is_many = count == TIP_CLI_SOME || count == TIP_CLI_ANY;

        tip_out_text(out, is_optional ? " Op Ar " : " Ar ");
        tip_mdoc_word(out, command->arguments[i].name);
        tip_out_text(out, is_many ? " ..." : "");
    }
    tip_out_char(out, '\n');
}

static void commands_put(const struct tip_cli_program *program,
                         struct tip_out *out)
{
    tip_out_text(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < program->command_count; i++) {
        const struct tip_cli_command *command = &program->commands[i];

        command_head_put(command, out);
        tip_mdoc_text(out, command->summary);
        if (command->description != NULL) {
            tip_mdoc_text(out, command->description);
        }
        arguments_put(command, out);
        options_put(command->options, command->option_count, out);
    }
    tip_out_text(out, ".El\n");
}

static void exits_put(struct tip_out *out)
{
    tip_out_text(out, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
#define EXIT_PUT(name, number, meaning)      \
    tip_out_format(out, ".It %d\n", number); \
    tip_mdoc_text(out, meaning);
    TIP_EXIT_MAP(EXIT_PUT)
#undef EXIT_PUT
    tip_out_text(out, ".El\n");
}

static void example_put(const struct tip_cli_program *program,
                        const struct tip_cli_example *example,
                        struct tip_out *out)
{
    tip_mdoc_text(out, example->what);
    tip_out_format(out, ".Pp\n.Dl %s ", program->name);
    tip_mdoc_word(out, example->line);
    tip_out_text(out, "\n");
}

static void examples_put(const struct tip_cli_program *program,
                         struct tip_out *out)
{
    bool is_first = true;

    for (size_t i = 0; i < program->command_count; i++) {
        const struct tip_cli_command *command = &program->commands[i];

        for (size_t j = 0; j < command->example_count; j++) {
            tip_out_text(out, is_first ? ".Sh EXAMPLES\n" : ".Pp\n");
            example_put(program, &command->examples[j], out);
            is_first = false;
        }
    }
}

void tip_cli_manual(const struct tip_cli_program *program, struct tip_out *out)
{
    head_put(program, out);
    commands_put(program, out);
    tip_out_text(out, ".Pp\nEvery command takes these options:\n");
    options_put(tip_cli_common, TIP_CLI_COMMON_COUNT, out);
    if (program->conf->key_count > 0) {
        tip_out_text(out, ".Sh CONFIGURATION\n");
        tip_conf_print_mdoc(program->conf, out);
    }
    tip_out_text(out, ".Sh FILES\n.Bl -tag -width Ds\n.It Pa ");
    tip_mdoc_word(out, program->conf_path);
    tip_out_text(out, "\nThe configuration.\n.El\n");
    exits_put(out);
    examples_put(program, out);
}
