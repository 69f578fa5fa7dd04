/* Help on the screen: examples before lists, nothing wider than 80 columns. */
#include <stdio.h>
#include <string.h>

#include "tip_cli.h"
#include "tip_exit.h"

enum { LEFT_WIDTH = 24, LINE_WIDTH = 79 };

/* Write @text from column @column on, broken at blanks, indented. */
static void wrapped_put(struct tip_out *out, const char *text, size_t column,
                        size_t indent)
{
    bool is_first = true;

    for (const char *at = text; *at != '\0';) {
        size_t size = strcspn(at, " ");

        if (!is_first && column + 1 + size > LINE_WIDTH) {
            tip_out_char(out, '\n');
            tip_out_repeat(out, " ", indent);
            column = indent;
        } else if (!is_first) {
            tip_out_char(out, ' ');
            column++;
        }
        tip_out_bytes(out, tip_bytes(at, size));
        column += size;
        is_first = false;
        at += size;
        at += strspn(at, " ");
    }
    tip_out_char(out, '\n');
}

/* "  left            what it is" */
static void row_put(struct tip_out *out, const char *left, const char *right)
{
    size_t size = strlen(left) + 2;

    tip_out_format(out, "  %s", left);
    if (size + 2 > LEFT_WIDTH) {
        tip_out_char(out, '\n');
        size = 0;
    }
    tip_out_repeat(out, " ", LEFT_WIDTH - size);
    wrapped_put(out, right, LEFT_WIDTH, LEFT_WIDTH);
}

static const char *argument_form(enum tip_cli_count count)
{
    switch (count) {
    case TIP_CLI_ONE:
        break;
    case TIP_CLI_OPTIONAL:
        return " [%s]";
    case TIP_CLI_SOME:
        return " %s...";
    case TIP_CLI_ANY:
        return " [%s]...";
    }
    return " %s";
}

void tip_cli_usage(const struct tip_cli_command *command, struct tip_out *out)
{
    tip_out_text(out, command->name);
    for (size_t i = 0; i < command->argument_count; i++) {
        const char *form = argument_form(command->arguments[i].count);
        size_t before = strcspn(form, "%");

        tip_out_bytes(out, tip_bytes(form, before));
        tip_out_text(out, command->arguments[i].name);
        tip_out_text(out, form + before + 2);
    }
    tip_out_text(out, " [OPTION]...");
}

static void option_put(const struct tip_cli_option *option, struct tip_out *out)
{
    char left[TIP_CLI_NAME_BYTES_MAX * 2], letter[] = "-x, ";
    char right[512], allowed[TIP_SPEC_SHORT_SIZE] = "";

    letter[1] = option->letter;
    (void)snprintf(left, sizeof left, "%s--%s%s%s",
                   option->letter != 0 ? letter : "    ", option->name,
                   option->value != NULL ? " " : "",
                   option->value != NULL ? option->value : "");
    if (option->spec.type != TIP_SPEC_BOOLEAN &&
        option->spec.type != TIP_SPEC_TEXT &&
        option->spec.type != TIP_SPEC_PATH) {
        tip_spec_describe(&option->spec, allowed, sizeof allowed);
    }
    (void)snprintf(right, sizeof right, "%s%s%s%s%s%s%s", option->help,
                   *allowed != '\0' ? " Allowed: " : "", allowed,
                   *allowed != '\0' ? "." : "",
                   option->otherwise != NULL ? " Default: " : "",
                   option->otherwise != NULL ? option->otherwise : "",
                   option->otherwise != NULL ? "." : "");
    row_put(out, left, right);
}

static void examples_put(const struct tip_cli_program *program,
                         const struct tip_cli_command *command,
                         struct tip_out *out)
{
    if (command->example_count > 0) {
        tip_out_text(out, "\nExamples:\n");
    }
    for (size_t i = 0; i < command->example_count; i++) {
        tip_out_format(out, "  $ %s %s\n      ", program->name,
                       command->examples[i].line);
        wrapped_put(out, command->examples[i].what, 6, 6);
    }
}

static void command_put(const struct tip_cli_program *program,
                        const struct tip_cli_command *command,
                        struct tip_out *out)
{
    tip_out_format(out, "Usage: %s ", program->name);
    tip_cli_usage(command, out);
    tip_out_text(out, "\n\n");
    wrapped_put(out, command->summary, 0, 0);
    if (command->description != NULL) {
        wrapped_put(out, command->description, 0, 0);
    }
    examples_put(program, command, out);
    if (command->argument_count > 0) {
        tip_out_text(out, "\nArguments:\n");
    }
    for (size_t i = 0; i < command->argument_count; i++) {
        row_put(out, command->arguments[i].name, command->arguments[i].help);
    }
    if (command->option_count > 0) {
        tip_out_text(out, "\nOptions:\n");
    }
    for (size_t i = 0; i < command->option_count; i++) {
        option_put(&command->options[i], out);
    }
    tip_out_text(out, "\nCommon options:\n");
    for (size_t i = 0; i < TIP_CLI_COMMON_COUNT; i++) {
        option_put(&tip_cli_common[i], out);
    }
}

/* The commands of a group, or all with @group NULL. */
static void commands_put(const struct tip_cli_program *program,
                         const char *group, struct tip_out *out)
{
    size_t size = group == NULL ? 0 : strlen(group);

    tip_out_text(out, "Commands:\n");
    for (size_t i = 0; i < program->command_count; i++) {
        const struct tip_cli_command *command = &program->commands[i];

        if (group == NULL ||
            (strncmp(command->name, group, size) == 0 &&
             (command->name[size] == ' ' || command->name[size] == '\0'))) {
            row_put(out, command->name, command->summary);
        }
    }
}

static void exits_put(struct tip_out *out)
{
    static const struct {
        const char *number;
        const char *meaning;
    } exits[] = {
#define EXIT_ROW(name, number, meaning) {#number, meaning},
        TIP_EXIT_MAP(EXIT_ROW)
#undef EXIT_ROW
    };

    tip_out_text(out, "\nExit codes:\n");
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++) {
        tip_out_format(out, "  %-4s%s\n", exits[i].number, exits[i].meaning);
    }
}

static void program_put(const struct tip_cli_program *program,
                        struct tip_out *out)
{
    tip_out_format(out,
                   "%s: %s\n\nUsage: %s COMMAND [ARGUMENT]... "
                   "[OPTION]...\n\n",
                   program->name, program->summary, program->name);
    commands_put(program, NULL, out);
    tip_out_text(out, "\nCommon options:\n");
    for (size_t i = 0; i < TIP_CLI_COMMON_COUNT; i++) {
        option_put(&tip_cli_common[i], out);
    }
    exits_put(out);
    tip_out_format(out, "\nMore about a command: %s help COMMAND\n",
                   program->name);
}

enum tip_err tip_cli_help(const struct tip_cli_program *program,
                          const char *name, struct tip_out *out)
{
    const struct tip_cli_command *command;

    if (name == NULL || *name == '\0') {
        program_put(program, out);
        return TIP_OK;
    }
    command = tip_cli_command_find(program, name);
    if (command != NULL) {
        command_put(program, command, out);
        return TIP_OK;
    }
    if (!tip_cli_is_group(program, name, strlen(name))) {
        return TIP_ENOTFOUND;
    }
    tip_out_format(out, "Usage: %s %s COMMAND [ARGUMENT]... [OPTION]...\n\n",
                   program->name, name);
    commands_put(program, name, out);
    return TIP_OK;
}
