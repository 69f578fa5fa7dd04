/* The commands every program has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tip_cli_main.h"
#include "tip_reply.h"
#include "tip_request.h"

const struct tip_cli_option tip_cli_config_options[3] = {
    {.name = "check",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Only check it, and name file and line of every error."},
    {.name = "print",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Print every value in force and where it comes from."},
    {.name = "example",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Print an example file with every key explained."},
};

const struct tip_cli_argument tip_cli_help_arguments[1] = {
    {.name = "COMMAND",
     .count = TIP_CLI_ANY,
     .help = "A command or the first word of several."}};

const struct tip_cli_argument tip_cli_completion_arguments[1] = {
    {.name = "SHELL",
     .spec = {.type = TIP_SPEC_CHOICE, .choices = "bash|zsh"},
     .help = "Which shell: bash or zsh."}};

const struct tip_cli_example tip_cli_config_examples[1] = {
    {"config --print", "Show the values in force and their origin."}};

const struct tip_cli_example tip_cli_completion_examples[1] = {
    {"completion bash", "Put the output into a file that your shell reads."}};

/* Text that is made whole, then passed on in pieces. */
struct page {
    char *text;
    size_t size;
    struct tip_out out;
};

static enum tip_err page_open(struct page *page)
{
    *page = (struct page){.text = NULL};
    page->out.file = open_memstream(&page->text, &page->size);
    return page->out.file == NULL ? TIP_ENOMEM : TIP_OK;
}

/* Pass the page on unless @err; frees it. */
static enum tip_err page_close(struct page *page, struct tip_reply *reply,
                               enum tip_err err)
{
    if (fclose(page->out.file) != 0 || page->out.failed) {
        err = TIP_ENOMEM;
    }
    for (size_t at = 0; err == TIP_OK && at < page->size;) {
        size_t size = page->size - at;

        if (size > TIP_REPLY_TEXT_BYTES_MAX) {
            size = TIP_REPLY_TEXT_BYTES_MAX;
        }
        tip_reply_data(reply, tip_bytes(page->text + at, size));
        at += size;
    }
    free(page->text);
    return err;
}

/* Every line of conf->problems is a warning of its own. */
static void problems_show(const struct tip_conf *conf, struct tip_reply *reply)
{
    for (const char *at = conf->problems; *at != '\0';) {
        size_t size = strcspn(at, "\n");

        tip_reply_note(reply, TIP_REPLY_WARNING, "%.*s", (int)size, at);
        at += size + (at[size] == '\n' ? 1 : 0);
    }
}

/* What config shows once the configuration is known to be right. */
static enum tip_err config_show(const struct tip_request *request,
                                const struct tip_conf *conf,
                                struct tip_reply *reply)
{
    struct page page;
    enum tip_err err;

    if (!tip_cli_option(request->call, "print")->is_given) {
        tip_reply_note(reply, TIP_REPLY_INFO, "The configuration is right.");
        return TIP_OK;
    }
    err = page_open(&page);
    if (err != TIP_OK) {
        return err;
    }
    tip_conf_print(conf, &page.out);
    return page_close(&page, reply, TIP_OK);
}

static enum tip_err example_show(const struct tip_cli_program *program,
                                 struct tip_reply *reply)
{
    struct page page;
    enum tip_err err = page_open(&page);

    if (err != TIP_OK) {
        return err;
    }
    tip_conf_print_example(program->conf, program->name, &page.out);
    return page_close(&page, reply, TIP_OK);
}

enum tip_err tip_cli_run_config(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct tip_conf conf;
    enum tip_err err;

    (void)program;
    if (tip_cli_option(request->call, "example")->is_given) {
        return example_show(request->program, reply);
    }
    tip_conf_init(&conf, request->program->conf);
    err = tip_cli_conf_load(request->program, request->call, &conf);
    if (err == TIP_OK) {
        err = config_show(request, &conf, reply);
    } else {
        problems_show(&conf, reply);
    }
    tip_conf_deinit(&conf);
    return err;
}

/* "record" and "add" as the name of a command. */
static void name_join(const struct tip_cli_call *call, char *name, size_t size)
{
    name[0] = '\0';
    for (size_t i = 0; i < call->argument_count; i++) {
        size_t used = strlen(name);

        (void)snprintf(name + used, size - used, "%s%s", i == 0 ? "" : " ",
                       call->arguments[i]);
    }
}

enum tip_err tip_cli_run_help(void *program, struct tip_request *request,
                              struct tip_reply *reply)
{
    char name[TIP_CLI_NAME_BYTES_MAX * 2];
    struct page page;
    enum tip_err err = page_open(&page);

    (void)program;
    if (err != TIP_OK) {
        return err;
    }
    name_join(request->call, name, sizeof name);
    err = tip_cli_help(request->program, name, &page.out);
    if (err == TIP_ENOTFOUND) {
        tip_reply_explain(reply, "there is no command \"%s\"", name);
    }
    return page_close(&page, reply, err);
}

enum tip_err tip_cli_run_completion(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    const char *shell = tip_cli_argument(request->call, 0);
    struct page page;
    enum tip_err err = page_open(&page);

    (void)program;
    if (err != TIP_OK) {
        return err;
    }
    if (strcmp(shell, "bash") == 0) {
        tip_cli_complete_bash(request->program, &page.out);
    } else {
        tip_cli_complete_zsh(request->program, &page.out);
    }
    return page_close(&page, reply, TIP_OK);
}

enum tip_err tip_cli_run_manual(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct page page;
    enum tip_err err = page_open(&page);

    (void)program;
    if (err != TIP_OK) {
        return err;
    }
    tip_cli_manual(request->program, &page.out);
    return page_close(&page, reply, TIP_OK);
}
