#include "tip_commands_save.h"

#include <stdlib.h>

enum { JSON_BYTES_MAX = 1024 * 1024 };

static void job_free(void *job)
{
    struct tip_command_save *save = job;

    if (save == NULL) {
        return;
    }
    tip_desk_answer_deinit(&save->answer);
    tip_intake_deinit(&save->from);
    free(save);
}

/* The job of @request, made at the first call. */
static enum tip_err job_of(struct tip_request *request,
                           struct tip_command_save **out_job)
{
    if (request->job == NULL) {
        struct tip_command_save *save = calloc(1, sizeof *save);

        if (save == NULL) {
            return TIP_ENOMEM;
        }
        tip_desk_answer_init(&save->answer);
        request->job = save;
        request->job_free = job_free;
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

enum tip_err tip_command_save_finish(struct tip_command_host *host,
                                     struct tip_command_save *save,
                                     struct tip_reply *reply, enum tip_err err)
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
                           const struct tip_command_save *save,
                           struct tip_reply *reply)
{
    enum tip_err err = tip_daemon_settled(host->daemon, save->ticket);

    if (err == TIP_OK) {
        say_saved(reply, &save->answer);
    }
    return err;
}

enum tip_err tip_command_save_begin(struct tip_command_host *host,
                                    struct tip_request *request,
                                    struct tip_reply *reply,
                                    struct tip_command_save **out_save,
                                    bool *out_is_done)
{
    enum tip_err err = job_of(request, out_save);

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

enum tip_err tip_command_read_change(const struct tip_request *request,
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

enum tip_err tip_command_change(void *program, struct tip_request *request,
                                struct tip_reply *reply,
                                tip_command_ask_fn *ask)
{
    struct tip_command_host *host = program;
    struct tip_command_change change = {.desk = host->desk,
                                        .request = request,
                                        .reply = reply,
                                        .who = tip_command_who(request)};
    struct tip_seen seen;
    bool is_done;
    enum tip_err err =
        tip_command_save_begin(host, request, reply, &change.save, &is_done);

    if (is_done) {
        return err;
    }
    err = tip_command_read_change(request, reply, &change.asked, &seen);
    return err == TIP_OK
               ? tip_command_save_finish(host, change.save, reply, ask(&change))
               : err;
}
