/*
 * Completion scripts for bash and zsh.
 *
 * All words are in the script: pressing Tab starts no program and asks no
 * daemon, so it works on a slow machine and shows nobody's records.
 */
#include <string.h>

#include "tip_cli.h"

/* Call @put for every word that may follow @group (NULL: at the start). */
static void names_put(const struct tip_cli_program *program, const char *group,
                      struct tip_out *out)
{
    size_t size = group == NULL ? 0 : strlen(group);
    const char *last = "";
    size_t last_size = 0;

    for (size_t i = 0; i < program->command_count; i++) {
        const char *name = program->commands[i].name;

        if (group != NULL) {
            if (strncmp(name, group, size) != 0 || name[size] != ' ') {
                continue;
            }
            name += size + 1;
        }
        if (strcspn(name, " ") == last_size &&
            strncmp(name, last, last_size) == 0) {
            continue; /* The next command of the same group. */
        }
        last = name;
        last_size = strcspn(name, " ");
        tip_out_char(out, ' ');
        tip_out_bytes(out, tip_bytes(last, last_size));
    }
}

static void options_put(const struct tip_cli_option *options, size_t count,
                        struct tip_out *out)
{
    for (size_t i = 0; i < count; i++) {
        tip_out_format(out, " --%s", options[i].name);
    }
}

/* "calm|stormy" as " calm stormy". */
static void choices_put(const struct tip_spec *spec, struct tip_out *out)
{
    char choice[TIP_SPEC_SHORT_SIZE];

    for (size_t i = 0; tip_spec_choice(spec, i, choice, sizeof choice); i++) {
        tip_out_format(out, " %s", choice);
    }
}

/* One branch of "case $command in": options, and choices of arguments. */
static void command_put(const struct tip_cli_command *command,
                        struct tip_out *out)
{
    tip_out_format(out, "    \"%s\") offers=\"", command->name);
    options_put(command->options, command->option_count, out);
    for (size_t i = 0; i < command->argument_count; i++) {
        if (command->arguments[i].spec.type == TIP_SPEC_CHOICE) {
            choices_put(&command->arguments[i].spec, out);
        }
    }
    tip_out_text(out, "\" ;;\n");
}

/* One branch of "case $command $previous in": what follows an option. */
static void option_values_put(const char *command,
                              const struct tip_cli_option *options,
                              size_t count, struct tip_out *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct tip_cli_option *option = &options[i];
        bool is_file = option->spec.type == TIP_SPEC_PATH ||
                       option->file != TIP_CLI_NO_FILE;

        if (option->spec.type == TIP_SPEC_BOOLEAN) {
            continue;
        }
        tip_out_format(out, "    %s\"%s --%s\") ", *command == '*' ? "*" : "",
                       *command == '*' ? "" : command, option->name);
        if (is_file) {
            tip_out_text(out, "files=yes ;;\n");
            continue;
        }
        tip_out_text(out, "offers=\"");
        if (option->spec.type == TIP_SPEC_CHOICE) {
            choices_put(&option->spec, out);
        }
        tip_out_text(out, "\" ;;\n");
    }
}

static void groups_put(const struct tip_cli_program *program,
                       struct tip_out *out)
{
    char group[TIP_CLI_NAME_BYTES_MAX + 1] = "";

    for (size_t i = 0; i < program->command_count; i++) {
        const char *name = program->commands[i].name;
        size_t size = strcspn(name, " ");

        if (name[size] == '\0' || size >= sizeof group ||
            (strncmp(group, name, size) == 0 && group[size] == '\0')) {
            continue;
        }
        memcpy(group, name, size);
        group[size] = '\0';
        tip_out_format(out, "    \"%s\") offers=\"$offers", group);
        names_put(program, group, out);
        tip_out_text(out, "\" ;;\n");
    }
}

/* Both shells run the same body; they differ in how words come and go. It
 * wants $previous; @words are, in the shell's own words, those before the
 * cursor. */
static void body_put(const struct tip_cli_program *program, const char *words,
                     struct tip_out *out)
{
    tip_out_format(out,
                   "  local first=\"\" second=\"\" word\n"
                   "  for word in \"%s\"; do\n"
                   "    case \"$word\" in -*) continue ;; esac\n"
                   "    if [ -z \"$first\" ]; then first=\"$word\"\n"
                   "    elif [ -z \"$second\" ]; then second=\"$word\"; fi\n"
                   "  done\n",
                   words);
    tip_out_text(out, "  local offers=\"\" files=\"\" command=\"$first\"\n"
                      "  case \"$first $second\" in\n");
    for (size_t i = 0; i < program->command_count; i++) {
        if (strchr(program->commands[i].name, ' ') != NULL) {
            tip_out_format(out, "    \"%s\") command=\"$first $second\" ;;\n",
                           program->commands[i].name);
        }
    }
    tip_out_text(out, "  esac\n  case \"$command\" in\n    \"\") offers=\"");
    names_put(program, NULL, out);
    tip_out_text(out, "\" ;;\n");
    for (size_t i = 0; i < program->command_count; i++) {
        command_put(&program->commands[i], out);
    }
    tip_out_text(out, "  esac\n  case \"$command\" in\n");
    groups_put(program, out);
    tip_out_text(out, "  esac\n  offers=\"$offers");
    options_put(tip_cli_common, TIP_CLI_COMMON_COUNT, out);
    tip_out_text(out, "\"\n  case \"$command $previous\" in\n");
    for (size_t i = 0; i < program->command_count; i++) {
        option_values_put(program->commands[i].name,
                          program->commands[i].options,
                          program->commands[i].option_count, out);
    }
    option_values_put("*", tip_cli_common, TIP_CLI_COMMON_COUNT, out);
    tip_out_text(out, "  esac\n");
}

void tip_cli_complete_bash(const struct tip_cli_program *program,
                           struct tip_out *out)
{
    tip_out_format(out,
                   "# bash completion of %s\n"
                   "_%s() {\n"
                   "  local current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
                   "  local previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n",
                   program->name, program->name);
    body_put(program, "${COMP_WORDS[@]:1:COMP_CWORD-1}", out);
    tip_out_format(out,
                   "  if [ -n \"$files\" ]; then\n"
                   "    mapfile -t COMPREPLY < "
                   "<(compgen -f -- \"$current\")\n"
                   "  else\n"
                   "    mapfile -t COMPREPLY < "
                   "<(compgen -W \"$offers\" -- \"$current\")\n"
                   "  fi\n"
                   "}\n"
                   "complete -o bashdefault -o default -F _%s %s\n",
                   program->name, program->name);
}

void tip_cli_complete_zsh(const struct tip_cli_program *program,
                          struct tip_out *out)
{
    tip_out_format(out,
                   "#compdef %s\n"
                   "_%s() {\n"
                   "  local previous=\"${words[CURRENT-1]}\"\n",
                   program->name, program->name);
    body_put(program, "${(@)words[2,CURRENT-1]}", out);
    tip_out_format(out,
                   "  if [ -n \"$files\" ]; then\n"
                   "    _files\n"
                   "  else\n"
                   "    compadd -- ${=offers} || _files\n"
                   "  fi\n"
                   "}\n"
                   "_%s \"$@\"\n",
                   program->name);
}
