/* record add, edit, delete, share, unshare. */
#include "tip_commands_save.h"

/* What a save shall write. A field that is put twice is a slip of the hand:
 * taking the last would lose the first without a word. */
static enum tip_err read_inputs(const struct tip_request *request,
                                struct tip_reply *reply,
                                struct tip_desk_input *out_inputs,
                                size_t *out_count)
{
    enum tip_err err = tip_command_inputs(request, 1, reply, out_inputs,
                                          TIP_CLI_ARGUMENTS_MAX, out_count);

    for (size_t i = 0; err == TIP_OK && i < *out_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (out_inputs[i].op == TIP_DESK_PUT &&
                tip_bytes_equal(out_inputs[i].field, out_inputs[j].field)) {
                tip_reply_explain(reply, "%.*s is given twice",
                                  TIP_SHOWN(out_inputs[i].field));
                return TIP_EUSAGE;
            }
        }
    }
    return err;
}

enum tip_err tip_command_record_add(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_desk_input inputs[TIP_CLI_ARGUMENTS_MAX];
    struct tip_bytes offices[TIP_COMMAND_WORDS_MAX];
    struct tip_desk_new asked = {
        .type = tip_bytes_text(tip_cli_argument(request->call, 0)),
        .inputs = inputs,
        .offices = offices};
    struct tip_command_save *save;
    bool is_done;
    enum tip_err err =
        tip_command_save_begin(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    asked.office_count =
        tip_command_words(tip_command_option(request, "office"), offices);
    err = read_inputs(request, reply, inputs, &asked.input_count);
    if (err != TIP_OK) {
        return err;
    }
    err = save->json.data == NULL
              ? tip_desk_add(host->desk, &who, &asked, &save->answer)
              : tip_desk_add_json(host->desk, &who, &asked, save->json,
                                  &save->answer);
    return tip_command_save_finish(host, save, reply, err);
}

enum tip_err tip_command_record_edit(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_desk_input inputs[TIP_CLI_ARGUMENTS_MAX];
    struct tip_desk_change asked = {.inputs = inputs};
    struct tip_seen seen;
    struct tip_command_save *save;
    bool is_done;
    enum tip_err err =
        tip_command_save_begin(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    err = tip_command_read_change(request, reply, &asked, &seen);
    if (err == TIP_OK) {
        err = read_inputs(request, reply, inputs, &asked.input_count);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = save->json.data == NULL
              ? tip_desk_edit(host->desk, &who, &asked, &save->answer)
              : tip_desk_edit_json(host->desk, &who, &asked, save->json,
                                   &save->answer);
    return tip_command_save_finish(host, save, reply, err);
}

enum tip_err tip_command_record_delete(void *program,
                                       struct tip_request *request,
                                       struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_desk_change asked = {.input_count = 0};
    struct tip_seen seen;
    struct tip_command_save *save;
    bool is_done;
    enum tip_err err =
        tip_command_save_begin(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    err = tip_command_read_change(request, reply, &asked, &seen);
    if (err != TIP_OK) {
        return err;
    }
    err = tip_desk_delete(host->desk, &who, &asked,
                          !tip_command_flag(request, "undo"), &save->answer);
    return tip_command_save_finish(host, save, reply, err);
}

/* Let the office that is named hold the record, or no more. */
static enum tip_err hold(void *program, struct tip_request *request,
                         struct tip_reply *reply, bool holds)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_desk_change asked = {.input_count = 0};
    struct tip_seen seen;
    struct tip_command_save *save;
    bool is_done;
    enum tip_err err =
        tip_command_save_begin(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    err = tip_command_read_change(request, reply, &asked, &seen);
    if (err != TIP_OK) {
        return err;
    }
    err = tip_desk_hold(host->desk, &who, &asked,
                        tip_bytes_text(tip_cli_argument(request->call, 1)),
                        holds, &save->answer);
    return tip_command_save_finish(host, save, reply, err);
}

enum tip_err tip_command_record_share(void *program,
                                      struct tip_request *request,
                                      struct tip_reply *reply)
{
    return hold(program, request, reply, true);
}

enum tip_err tip_command_record_unshare(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    return hold(program, request, reply, false);
}
