/*
 * Words to a call.
 *
 * Common options may stand anywhere, those of a command behind its name. "--"
 * ends the options. Nothing is abbreviated: a script that relied on a prefix
 * would break with the next option.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tip_cli.h"
#include "tip_suggest.h"
#include "tip_utf8.h"

struct words {
    const struct tip_cli_program *program;
    const char *const *words;
    size_t count;
    size_t next;
    struct tip_cli_call *call;
};

__attribute__((format(printf, 2, 3))) static enum tip_err
problem(struct tip_cli_call *call, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(call->problem, sizeof call->problem, format, args);
    va_end(args);
    return TIP_EUSAGE;
}

/* Words are shown again in messages, and travel to the daemon's log. */
static enum tip_err words_check(const struct words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        struct tip_bytes word = tip_bytes_text(words->words[i]);

        if (!tip_utf8_valid(word, TIP_UTF8_LF | TIP_UTF8_TAB)) {
            return problem(words->call, "Word %zu is not UTF-8 text.", i + 1);
        }
        if (word.size > TIP_SPEC_TEXT_BYTES_MAX && word.data[0] != '-') {
            return problem(words->call, "Word %zu is longer than %d bytes.",
                           i + 1, TIP_SPEC_TEXT_BYTES_MAX);
        }
    }
    return TIP_OK;
}

/* " Did you mean X?", or nothing. @word must outlive the use of the result. */
static const char *guess(const struct tip_suggest *suggest, const char *dashes,
                         char *memory, size_t size)
{
    memory[0] = '\0';
    if (suggest->best != NULL) {
        (void)snprintf(memory, size, " Did you mean %s%s?", dashes,
                       suggest->best);
    }
    return memory;
}

static enum tip_err command_unknown(struct words *words, const char *name)
{
    const struct tip_cli_program *program = words->program;
    struct tip_suggest suggest = {.word = name};
    char first[TIP_CLI_NAME_BYTES_MAX + 1];
    char memory[TIP_CLI_NAME_BYTES_MAX * 2];

    for (size_t i = 0; i < program->command_count; i++) {
        const char *known = program->commands[i].name;

        tip_suggest_offer(&suggest, known);
        if (suggest.best == NULL && strchr(name, ' ') == NULL) {
            struct tip_suggest group = {.word = name};

            (void)snprintf(first, sizeof first, "%.*s",
                           (int)strcspn(known, " "), known);
            tip_suggest_offer(&group, first);
            suggest.best = group.best != NULL ? known : NULL;
            suggest.best_distance = group.best_distance;
        }
    }
    return problem(words->call, "There is no command \"%s\".%s See %s --help.",
                   name, guess(&suggest, "", memory, sizeof memory),
                   program->name);
}

/* "record" alone: say which commands there are. */
static enum tip_err group_incomplete(struct words *words, const char *group)
{
    size_t size = strlen(group), used;
    struct tip_cli_call *call = words->call;

    (void)problem(call, "%s needs one of:", group);
    for (size_t i = 0; i < words->program->command_count; i++) {
        const char *name = words->program->commands[i].name;

        if (strncmp(name, group, size) == 0 && name[size] == ' ') {
            used = strlen(call->problem);
            (void)snprintf(call->problem + used, sizeof call->problem - used,
                           " %s", name + size + 1);
        }
    }
    used = strlen(call->problem);
    (void)snprintf(call->problem + used, sizeof call->problem - used, ".");
    return TIP_EUSAGE;
}

/* Take @word as the second word of a command, behind call->group. */
static enum tip_err second_take(struct words *words, const char *word)
{
    struct tip_cli_call *call = words->call;
    char name[TIP_CLI_NAME_BYTES_MAX * 2 + 2];

    if (strlen(word) > TIP_CLI_NAME_BYTES_MAX) {
        return problem(call, "That is too long for a command.");
    }
    (void)snprintf(name, sizeof name, "%s %s", call->group, word);
    call->command = tip_cli_command_find(words->program, name);
    return call->command != NULL ? TIP_OK : command_unknown(words, name);
}

/* Take a word as the name of the command, or as the first of its two. */
static enum tip_err command_take(struct words *words, const char *word)
{
    struct tip_cli_call *call = words->call;

    if (call->group != NULL) {
        return second_take(words, word);
    }
    if (strlen(word) > TIP_CLI_NAME_BYTES_MAX) {
        return problem(call, "That is too long for a command.");
    }
    call->command = tip_cli_command_find(words->program, word);
    if (call->command != NULL) {
        return TIP_OK;
    }
    if (tip_cli_is_group(words->program, word, strlen(word))) {
        call->group = word;
        return TIP_OK;
    }
    return command_unknown(words, word);
}

/* An option of the table and the place of its value. */
struct found {
    const struct tip_cli_option *option;
    struct tip_cli_value *value;
};

/* Find by name (@size bytes), or by letter when @name is NULL. */
static struct found option_find(struct words *words, const char *name,
                                size_t size, char letter)
{
    const struct tip_cli_command *command = words->call->command;
    size_t own = command == NULL ? 0 : command->option_count;

    for (size_t i = 0; i < own + TIP_CLI_COMMON_COUNT; i++) {
        const struct tip_cli_option *option =
            i < own ? &command->options[i] : &tip_cli_common[i - own];
        bool is_it = name == NULL ? option->letter == letter
                                  : strlen(option->name) == size &&
                                        memcmp(option->name, name, size) == 0;

        if (is_it) {
            return (struct found){option, i < own
                                              ? &words->call->options[i]
                                              : &words->call->common[i - own]};
        }
    }
    return (struct found){NULL, NULL};
}

static enum tip_err option_unknown(struct words *words, const char *word)
{
    const struct tip_cli_command *command = words->call->command;
    struct tip_suggest suggest;
    char typed[TIP_CLI_NAME_BYTES_MAX * 2];
    char memory[TIP_CLI_NAME_BYTES_MAX * 2];

    (void)snprintf(typed, sizeof typed, "%.*s", (int)strcspn(word, "="), word);
    suggest = (struct tip_suggest){.word = typed + strspn(typed, "-")};
    for (size_t i = 0; command != NULL && i < command->option_count; i++) {
        tip_suggest_offer(&suggest, command->options[i].name);
    }
    for (size_t i = 0; i < TIP_CLI_COMMON_COUNT; i++) {
        tip_suggest_offer(&suggest, tip_cli_common[i].name);
    }
    return problem(words->call, "There is no option %s.%s", typed,
                   guess(&suggest, "--", memory, sizeof memory));
}

/* Read @text as the value of what was found. */
static enum tip_err value_take(struct words *words, struct found found,
                               const char *text)
{
    char allowed[TIP_SPEC_SHORT_SIZE];

    if (found.value->is_given) {
        return problem(words->call, "--%s is given twice.", found.option->name);
    }
    if (tip_spec_parse(&found.option->spec, text, &found.value->number) !=
        TIP_OK) {
        tip_spec_describe(&found.option->spec, allowed, sizeof allowed);
        return problem(words->call, "--%s must be %s.", found.option->name,
                       allowed);
    }
    found.value->text = text;
    found.value->is_given = true;
    return TIP_OK;
}

/* Take an option whose value, if it has one, is at @attached or next. */
static enum tip_err option_take(struct words *words, struct found found,
                                const char *attached)
{
    bool is_flag = found.option->spec.type == TIP_SPEC_BOOLEAN;

    if (is_flag && attached != NULL) {
        return problem(words->call, "--%s takes no value.", found.option->name);
    }
    if (is_flag) {
        found.value->is_given = false; /* Twice on is on. */
        return value_take(words, found, "yes");
    }
    if (attached == NULL && words->next == words->count) {
        return problem(words->call, "--%s needs %s.", found.option->name,
                       found.option->value);
    }
    return value_take(words, found,
                      attached != NULL ? attached
                                       : words->words[words->next++]);
}

static enum tip_err long_take(struct words *words, const char *word)
{
    const char *name = word + 2;
    size_t size = strcspn(name, "=");
    struct found found = option_find(words, name, size, 0);

    if (found.option == NULL) {
        return option_unknown(words, word);
    }
    return option_take(words, found,
                       name[size] == '=' ? name + size + 1 : NULL);
}

/* "-qn": letters of options without values; "-o FILE", "-oFILE". */
static enum tip_err letters_take(struct words *words, const char *word)
{
    for (const char *at = word + 1; *at != '\0'; at++) {
        struct found found = option_find(words, NULL, 0, *at);
        enum tip_err err;

        if (found.option == NULL) {
            return option_unknown(words, word);
        }
        if (found.option->spec.type != TIP_SPEC_BOOLEAN) {
            return option_take(words, found, at[1] == '\0' ? NULL : at + 1);
        }
        err = option_take(words, found, NULL);
        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}

/* The row of argument number @index: the last one may stand for many. */
static const struct tip_cli_argument *
argument_row(const struct tip_cli_command *command, size_t index)
{
    size_t last = command->argument_count - 1;

    if (command->argument_count == 0) {
        return NULL;
    }
    if (index <= last) {
        return &command->arguments[index];
    }
    return command->arguments[last].count == TIP_CLI_SOME ||
                   command->arguments[last].count == TIP_CLI_ANY
               ? &command->arguments[last]
               : NULL;
}

static enum tip_err argument_take(struct words *words, const char *word)
{
    struct tip_cli_call *call = words->call;
    const struct tip_cli_argument *row =
        argument_row(call->command, call->argument_count);
    char allowed[TIP_SPEC_SHORT_SIZE];
    int64_t number;

    if (row == NULL || call->argument_count == TIP_CLI_ARGUMENTS_MAX) {
        return problem(call, "%s takes no more than %zu arguments.",
                       call->command->name, call->argument_count);
    }
    if (tip_spec_parse(&row->spec, word, &number) != TIP_OK) {
        tip_spec_describe(&row->spec, allowed, sizeof allowed);
        return problem(call, "%s must be %s.", row->name, allowed);
    }
    call->arguments[call->argument_count++] = word;
    return TIP_OK;
}

static enum tip_err word_take(struct words *words, bool *options_ended)
{
    const char *word = words->words[words->next++];

    if (!*options_ended && strcmp(word, "--") == 0) {
        *options_ended = true;
        return TIP_OK;
    }
    if (!*options_ended && strncmp(word, "--", 2) == 0) {
        return long_take(words, word);
    }
    if (!*options_ended && word[0] == '-' && word[1] != '\0') {
        return letters_take(words, word);
    }
    if (words->call->command == NULL) {
        return command_take(words, word);
    }
    return argument_take(words, word);
}

/* After the last word: what is missing, what was not given. */
static enum tip_err call_complete(struct tip_cli_call *call)
{
    const struct tip_cli_command *command = call->command;

    for (size_t i = call->argument_count; i < command->argument_count; i++) {
        enum tip_cli_count count = command->arguments[i].count;

        if (count == TIP_CLI_ONE || count == TIP_CLI_SOME) {
            return problem(call, "%s needs %s. See %s --help.", command->name,
                           command->arguments[i].name, command->name);
        }
    }
    if (call->common[TIP_CLI_JSON].is_given &&
        call->common[TIP_CLI_PLAIN].is_given) {
        return problem(call, "Choose one of --json and --plain.");
    }
    return TIP_OK;
}

/* Values for what was not given, in the table's own words. */
static enum tip_err defaults_fill(const struct tip_cli_option *options,
                                  size_t count, struct tip_cli_value *values)
{
    for (size_t i = 0; i < count; i++) {
        enum tip_err err;

        if (values[i].is_given || options[i].otherwise == NULL) {
            continue;
        }
        values[i].text = options[i].otherwise;
        err =
            tip_spec_parse(&options[i].spec, values[i].text, &values[i].number);
        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}

enum tip_err tip_cli_parse(const struct tip_cli_program *program,
                           const char *const *words, size_t count,
                           struct tip_cli_call *call)
{
    struct words reading = {program, words, count, 0, call};
    bool options_ended = false;
    enum tip_err err;

    *call = (struct tip_cli_call){.command = NULL};
    err = words_check(&reading);
    while (err == TIP_OK && reading.next < reading.count) {
        err = word_take(&reading, &options_ended);
    }
    if (err == TIP_OK) {
        err = defaults_fill(tip_cli_common, TIP_CLI_COMMON_COUNT, call->common);
    }
    if (err != TIP_OK || call->common[TIP_CLI_HELP].is_given ||
        call->common[TIP_CLI_VERSION].is_given) {
        return err;
    }
    if (call->command == NULL && call->group != NULL) {
        return group_incomplete(&reading, call->group);
    }
    if (call->command == NULL) {
        return problem(call, "A command is missing. See %s --help.",
                       program->name);
    }
    err = defaults_fill(call->command->options, call->command->option_count,
                        call->options);
    return err == TIP_OK ? call_complete(call) : err;
}
