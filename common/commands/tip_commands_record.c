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

static enum tip_err ask_edit(struct tip_command_change *change)
{
    struct tip_desk_input inputs[TIP_CLI_ARGUMENTS_MAX];
    struct tip_desk_change *asked = &change->asked;
    struct tip_command_save *save = change->save;
    enum tip_err err = read_inputs(change->request, change->reply, inputs,
                                   &asked->input_count);

    if (err != TIP_OK) {
        return err;
    }
    asked->inputs = inputs;
    return save->json.data == NULL
               ? tip_desk_edit(change->desk, &change->who, asked, &save->answer)
               : tip_desk_edit_json(change->desk, &change->who, asked,
                                    save->json, &save->answer);
}

enum tip_err tip_command_record_edit(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    return tip_command_change(program, request, reply, ask_edit);
}

static enum tip_err ask_delete(struct tip_command_change *change)
{
    return tip_desk_delete(change->desk, &change->who, &change->asked,
                           !tip_command_flag(change->request, "undo"),
                           &change->save->answer);
}

enum tip_err tip_command_record_delete(void *program,
                                       struct tip_request *request,
                                       struct tip_reply *reply)
{
    return tip_command_change(program, request, reply, ask_delete);
}

/* Let the office that is named hold the record, or no more. */
static enum tip_err ask_hold(struct tip_command_change *change, bool holds)
{
    return tip_desk_hold(
        change->desk, &change->who, &change->asked,
        tip_bytes_text(tip_cli_argument(change->request->call, 1)), holds,
        &change->save->answer);
}

static enum tip_err ask_share(struct tip_command_change *change)
{
    return ask_hold(change, true);
}

enum tip_err tip_command_record_share(void *program,
                                      struct tip_request *request,
                                      struct tip_reply *reply)
{
    return tip_command_change(program, request, reply, ask_share);
}

static enum tip_err ask_unshare(struct tip_command_change *change)
{
    return ask_hold(change, false);
}

enum tip_err tip_command_record_unshare(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    return tip_command_change(program, request, reply, ask_unshare);
}
