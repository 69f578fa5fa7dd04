/* The options every command has, and looking things up in the table. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "tip_cli.h"

#define FLAG                     \
    {                            \
        .type = TIP_SPEC_BOOLEAN \
    }

const struct tip_cli_option tip_cli_common[TIP_CLI_COMMON_COUNT] = {
    [TIP_CLI_HELP] = {.name = "help",
                      .letter = 'h',
                      .spec = FLAG,
                      .help = "Show the help of the command."},
    [TIP_CLI_VERSION] = {.name = "version",
                         .spec = FLAG,
                         .help = "Show the version."},
    [TIP_CLI_JSON] = {.name = "json", .spec = FLAG, .help = "Answer in JSON."},
    [TIP_CLI_PLAIN] = {.name = "plain",
                       .spec = FLAG,
                       .help = "Answer in tab-separated values."},
    [TIP_CLI_QUIET] = {.name = "quiet",
                       .letter = 'q',
                       .spec = FLAG,
                       .help = "Show no progress and no hints."},
    [TIP_CLI_NO_COLOR] = {.name = "no-color",
                          .spec = FLAG,
                          .help = "Use no colours, as with NO_COLOR set."},
    [TIP_CLI_NO_INPUT] = {.name = "no-input",
                          .spec = FLAG,
                          .help = "Never ask; fail where a question is due."},
    [TIP_CLI_CONFIG] = {.name = "config",
                        .spec = {.type = TIP_SPEC_PATH},
                        .value = "FILE",
                        .help = "Read this configuration file."},
    [TIP_CLI_DIR] = {.name = "dir",
                     .spec = {.type = TIP_SPEC_PATH},
                     .value = "DIR",
                     .help = "Use this data folder."},
    [TIP_CLI_TIMEOUT] = {.name = "timeout",
                         .spec = {.type = TIP_SPEC_DURATION,
                                  .min = 100,
                                  .max = INT64_C(86400000)},
                         .value = "DURATION",
                         .otherwise = "60 s",
                         .help = "Give up when the daemon is silent so long."},
};

const struct tip_cli_value *tip_cli_option(const struct tip_cli_call *call,
                                           const char *name)
{
    const struct tip_cli_command *command = call->command;
    size_t i = 0;

    while (i < command->option_count &&
           strcmp(command->options[i].name, name) != 0) {
        i++;
    }
    assert(i < command->option_count);
    return &call->options[i];
}

const char *tip_cli_argument(const struct tip_cli_call *call, size_t index)
{
    return index < call->argument_count ? call->arguments[index] : NULL;
}

void tip_cli_same(const struct tip_cli_call *call,
                  char out_words[TIP_CLI_SAME_SIZE])
{
    const char *config = call->common[TIP_CLI_CONFIG].text;
    const char *dir = call->common[TIP_CLI_DIR].text;
    int size = snprintf(out_words, TIP_CLI_SAME_SIZE, "%s%s%s%s",
                        config == NULL ? "" : " --config ",
                        config == NULL ? "" : config,
                        dir == NULL ? "" : " --dir ", dir == NULL ? "" : dir);

    if (size < 0 || size >= TIP_CLI_SAME_SIZE) {
        out_words[0] = '\0'; /* A part of a path would be another. */
    }
}

size_t tip_cli_files(const struct tip_cli_call *call, enum tip_cli_file file,
                     struct tip_cli_file_use out_files[TIP_CLI_FILES_MAX])
{
    const struct tip_cli_command *command = call->command;
    size_t count = 0;

    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].file == file && call->options[i].is_given &&
            count < TIP_CLI_FILES_MAX) {
            out_files[count++] = (struct tip_cli_file_use){
                command->options[i].name, call->options[i].text};
        }
    }
    for (size_t i = 0; i < command->argument_count; i++) {
        if (command->arguments[i].file == file && i < call->argument_count &&
            count < TIP_CLI_FILES_MAX) {
            out_files[count++] = (struct tip_cli_file_use){
                command->arguments[i].name, call->arguments[i]};
        }
    }
    return count;
}

const struct tip_cli_command *
tip_cli_command_find(const struct tip_cli_program *program, const char *name)
{
    for (size_t i = 0; i < program->command_count; i++) {
        if (strcmp(program->commands[i].name, name) == 0) {
            return &program->commands[i];
        }
    }
    return NULL;
}

bool tip_cli_is_group(const struct tip_cli_program *program, const char *group,
                      size_t size)
{
    for (size_t i = 0; i < program->command_count; i++) {
        const char *name = program->commands[i].name;

        if (strncmp(name, group, size) == 0 && name[size] == ' ') {
            return true;
        }
    }
    return false;
}

/* NULL is none: an array longer than its words ends in empty rows. */
static bool is_sentence(const char *text)
{
    size_t size = text == NULL ? 0 : strlen(text);

    return size > 1 && text[size - 1] == '.';
}

/* Whether @name or @letter is one of the first @count of @options. */
static bool is_taken(const struct tip_cli_option *options, size_t count,
                     const struct tip_cli_option *option)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].name, option->name) == 0 ||
            (option->letter != 0 && options[i].letter == option->letter)) {
            return true;
        }
    }
    return false;
}

static const char *option_check(const struct tip_cli_command *command,
                                size_t index)
{
    const struct tip_cli_option *option = &command->options[index];
    int64_t number;

    if (!is_sentence(option->help)) {
        return "The help of an option is not a sentence.";
    }
    if (is_taken(command->options, index, option) ||
        is_taken(tip_cli_common, TIP_CLI_COMMON_COUNT, option)) {
        return "A name or letter of an option is taken.";
    }
    if ((option->value == NULL) != (option->spec.type == TIP_SPEC_BOOLEAN)) {
        return "An option does not say what its value is called.";
    }
    if (option->otherwise != NULL &&
        tip_spec_parse(&option->spec, option->otherwise, &number) != TIP_OK) {
        return "What an option is otherwise is not what it allows.";
    }
    return NULL;
}

static const char *arguments_check(const struct tip_cli_command *command)
{
    for (size_t i = 0; i < command->argument_count; i++) {
        const struct tip_cli_argument *argument = &command->arguments[i];

        if (!is_sentence(argument->help)) {
            return "The help of an argument is not a sentence.";
        }
        if (i + 1 < command->argument_count && argument->count != TIP_CLI_ONE &&
            (argument->count != TIP_CLI_OPTIONAL ||
             argument[1].count != TIP_CLI_OPTIONAL)) {
            return "Only the last arguments may come more or less than once.";
        }
        if (argument->file != TIP_CLI_NO_FILE &&
            (argument->count == TIP_CLI_SOME ||
             argument->count == TIP_CLI_ANY)) {
            return "An argument that is a file comes once at most.";
        }
    }
    return NULL;
}

static const char *command_check(const struct tip_cli_program *program,
                                 const struct tip_cli_command *command)
{
    const char *fault = arguments_check(command);

    if (strlen(command->name) > TIP_CLI_NAME_BYTES_MAX ||
        command->option_count > TIP_CLI_OPTIONS_MAX) {
        return "A command has too long a name or too many options.";
    }
    if (!is_sentence(command->summary) || command->run == NULL) {
        return "A command has no summary with a full stop, or does nothing.";
    }
    if (tip_cli_command_find(program, command->name) != command) {
        return "A command is in the table twice.";
    }
    if (tip_cli_is_group(program, command->name, strlen(command->name))) {
        return "A command has the name of a group.";
    }
    for (size_t i = 0; i < command->option_count && fault == NULL; i++) {
        fault = option_check(command, i);
    }
    return fault;
}

const char *tip_cli_check(const struct tip_cli_program *program)
{
    const char *fault = tip_conf_table_check(program->conf);

    for (size_t i = 0; i < program->command_count && fault == NULL; i++) {
        fault = command_check(program, &program->commands[i]);
    }
    return fault;
}
