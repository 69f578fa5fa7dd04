/* record add, edit, delete, show, list, history. */
#include <stdlib.h>
#include <string.h>

#include "tip_commands_say.h"
#include "tip_intake.h"

enum { JSON_BYTES_MAX = 1024 * 1024 };

/* A save on its way: what was asked is collected, saved once, and answered
 * when its batch is durable. */
struct save_job {
    struct tip_desk_answer answer;
    uint64_t ticket; /* 0: not saved yet. */
    struct tip_intake from;
    struct tip_bytes json; /* What --from brought, in @from. */
};

static void save_job_free(void *job)
{
    struct save_job *save = job;

    if (save == NULL) {
        return;
    }
    tip_desk_answer_deinit(&save->answer);
    tip_intake_deinit(&save->from);
    free(save);
}

/* The job of @request, made at the first call. */
static enum tip_err save_job(struct tip_request *request,
                             struct save_job **out_job)
{
    if (request->job == NULL) {
        struct save_job *save = calloc(1, sizeof *save);

        if (save == NULL) {
            return TIP_ENOMEM;
        }
        tip_desk_answer_init(&save->answer);
        request->job = save;
        request->job_free = save_job_free;
    }
    *out_job = request->job;
    return TIP_OK;
}

/* Both values of what somebody wrote meanwhile, and where to go on. */
static void say_changed(struct tip_reply *reply,
                        const struct tip_desk_answer *answer)
{
    tip_reply_text(reply, "version", answer->sheet.seen_text);
    tip_reply_list_begin(reply, "changed");
    for (size_t i = 0; i < answer->changed_count; i++) {
        const struct tip_desk_line *line = answer->changed[i];

        for (size_t v = 0; v < line->value_count; v++) {
            tip_reply_row_begin(reply);
            tip_reply_bytes(reply, "field", line->name);
            tip_reply_bytes(reply, "value",
                            line->values[v].is_sealed
                                ? tip_bytes_text("(sealed)")
                                : line->values[v].text);
            tip_reply_boolean(reply, "new", line->values[v].is_new);
            tip_command_say_writer(reply, &line->values[v]);
            tip_reply_row_end(reply);
        }
    }
    tip_reply_list_end(reply);
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "Save again with --seen %s if it still holds.",
                   answer->sheet.seen_text);
}

/* What the desk answered to a save that was refused. */
static enum tip_err say_refusal(struct tip_reply *reply, enum tip_err err,
                                const struct tip_desk_answer *answer)
{
    if (err == TIP_ECHANGED) {
        say_changed(reply, answer);
    }
    tip_command_say_problems(reply, &answer->problems);
    return err;
}

static void say_saved(struct tip_reply *reply,
                      const struct tip_desk_answer *answer)
{
    tip_reply_boolean(reply, "unchanged", answer->is_unchanged);
    tip_reply_text(reply, "version", answer->seen_text);
    tip_reply_list_begin(reply, "records");
    for (size_t i = 0; i < answer->id_count; i++) {
        char text[TIP_ID_TEXT_SIZE];

        tip_id_format(&answer->ids[i], text);
        tip_reply_row_begin(reply);
        tip_reply_text(reply, "id", text);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

/* After the desk was asked: refuse, or wait for the disk, then answer. */
static enum tip_err finish_save(struct tip_command_host *host,
                                struct save_job *save, struct tip_reply *reply,
                                enum tip_err err)
{
    if (err != TIP_OK) {
        return say_refusal(reply, err, &save->answer);
    }
    if (!save->answer.is_unchanged) {
        save->ticket = tip_daemon_ticket(host->daemon);
        return TIP_EAGAIN;
    }
    say_saved(reply, &save->answer);
    return TIP_OK;
}

/* A save that waits for the disk. */
static enum tip_err settle(struct tip_command_host *host,
                           const struct save_job *save, struct tip_reply *reply)
{
    enum tip_err err = tip_daemon_settled(host->daemon, save->ticket);

    if (err == TIP_OK) {
        say_saved(reply, &save->answer);
    }
    return err;
}

/* Whatever a save needs before the desk is asked. TIP_EAGAIN: wait; done says
 * that the answer, good or bad, is out already. */
static enum tip_err begin_save(struct tip_command_host *host,
                               struct tip_request *request,
                               struct tip_reply *reply,
                               struct save_job **out_save, bool *out_is_done)
{
    enum tip_err err = save_job(request, out_save);

    *out_is_done = true;
    if (err != TIP_OK) {
        return err;
    }
    if ((*out_save)->ticket != 0) {
        return settle(host, *out_save, reply);
    }
    err = tip_intake_take(&(*out_save)->from, request, JSON_BYTES_MAX,
                          &(*out_save)->json);
    *out_is_done = err != TIP_OK;
    return err;
}

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
    struct save_job *save;
    bool is_done;
    enum tip_err err = begin_save(host, request, reply, &save, &is_done);

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
    return finish_save(host, save, reply, err);
}

/* What edit, delete and resolve begin with. */
static enum tip_err read_change(const struct tip_request *request,
                                struct tip_reply *reply,
                                struct tip_desk_change *out_change,
                                struct tip_seen *out_seen)
{
    bool is_given;
    enum tip_err err = tip_command_id(request, 0, reply, &out_change->id);

    if (err == TIP_OK) {
        err = tip_command_seen(request, reply, out_seen, &is_given);
    }
    if (err == TIP_OK && is_given) {
        out_change->seen = out_seen;
    }
    return err;
}

enum tip_err tip_command_record_edit(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_desk_input inputs[TIP_CLI_ARGUMENTS_MAX];
    struct tip_desk_change asked = {.inputs = inputs};
    struct tip_seen seen;
    struct save_job *save;
    bool is_done;
    enum tip_err err = begin_save(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    err = read_change(request, reply, &asked, &seen);
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
    return finish_save(host, save, reply, err);
}

enum tip_err tip_command_record_delete(void *program,
                                       struct tip_request *request,
                                       struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_desk_change asked = {.input_count = 0};
    struct tip_seen seen;
    struct save_job *save;
    bool is_done;
    enum tip_err err = begin_save(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    err = read_change(request, reply, &asked, &seen);
    if (err != TIP_OK) {
        return err;
    }
    err = tip_desk_delete(host->desk, &who, &asked,
                          !tip_command_flag(request, "undo"), &save->answer);
    return finish_save(host, save, reply, err);
}

/* A letter means a value only in the version that was shown: another value
 * that has come since may have moved it. */
static enum tip_err read_letter(struct tip_bytes take,
                                const struct tip_seen *seen,
                                struct tip_reply *reply, char *out_letter)
{
    if (seen == NULL) {
        tip_reply_explain(reply, "--take needs --seen, with the version that "
                                 "conflicts show gave");
        return TIP_EUSAGE;
    }
    memcpy(out_letter, take.data, 1);
    return TIP_OK;
}

enum tip_err tip_command_conflicts_resolve(void *program,
                                           struct tip_request *request,
                                           struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_bytes take = tip_command_option(request, "take");
    struct tip_desk_change change = {.input_count = 0};
    struct tip_desk_decision asked = {
        .field = tip_command_option(request, "field"),
        .value = tip_command_option(request, "value")};
    struct tip_seen seen;
    struct save_job *save;
    bool is_done;
    enum tip_err err = begin_save(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    if ((take.size == 0) == !tip_command_flag(request, "value") ||
        take.size > 1) {
        tip_reply_explain(reply, "either --take LETTER or --value VALUE");
        return TIP_EUSAGE;
    }
    err = read_change(request, reply, &change, &seen);
    if (err == TIP_OK && take.size == 1) {
        err = read_letter(take, change.seen, reply, &asked.take);
    }
    if (err != TIP_OK) {
        return err;
    }
    asked.id = change.id;
    asked.seen = change.seen;
    err = tip_desk_resolve(host->desk, &who, &asked, &save->answer);
    return finish_save(host, save, reply, err);
}

/* The command that decides the first conflict of @sheet as it was shown. */
static void say_how_to_decide(const struct tip_request *request,
                              struct tip_reply *reply,
                              const struct tip_desk_sheet *sheet)
{
    for (size_t i = 0; i < sheet->line_count; i++) {
        const struct tip_desk_line *line = &sheet->lines[i];

        if (line->is_conflict) {
            tip_reply_note(reply, TIP_REPLY_INFO,
                           "Decide: %s conflicts resolve %s --field %.*s "
                           "--seen %s --take LETTER --reason TEXT",
                           request->program->name, sheet->id_text,
                           TIP_SHOWN(line->name), sheet->seen_text);
            return;
        }
    }
}

static enum tip_err show(struct tip_command_host *host,
                         struct tip_request *request, struct tip_reply *reply,
                         bool conflicts_only)
{
    struct tip_desk_sheet sheet;
    struct tip_arena arena;
    struct tip_id id;
    enum tip_err err = tip_command_id(request, 0, reply, &id);

    if (err != TIP_OK) {
        return err;
    }
    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    err = tip_desk_show(host->desk, &id, &arena, &sheet);
    if (err == TIP_OK) {
        tip_command_say_sheet(reply, &sheet, conflicts_only);
    }
    if (err == TIP_OK && sheet.is_conflict) {
        say_how_to_decide(request, reply, &sheet);
        tip_reply_exit(reply, TIP_EXIT_CONFLICT);
    }
    tip_arena_deinit(&arena);
    return err;
}

enum tip_err tip_command_record_show(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    return show(program, request, reply, false);
}

enum tip_err tip_command_conflicts_show(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    return show(program, request, reply, true);
}
