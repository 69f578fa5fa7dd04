/* record transfer; referral list, accept, decline. */
#include <stdlib.h>

#include "tip_commands_save.h"
#include "tip_desk_referral.h"

static enum tip_err ask_transfer(struct tip_command_change *change)
{
    return tip_desk_transfer(
        change->desk, &change->who, &change->asked,
        tip_bytes_text(tip_cli_argument(change->request->call, 1)),
        &change->save->answer);
}

enum tip_err tip_command_record_transfer(void *program,
                                         struct tip_request *request,
                                         struct tip_reply *reply)
{
    return tip_command_change(program, request, reply, ask_transfer);
}

static enum tip_err ask_accept(struct tip_command_change *change)
{
    return tip_desk_answer_referral(change->desk, &change->who, &change->asked,
                                    true, &change->save->answer);
}

enum tip_err tip_command_referral_accept(void *program,
                                         struct tip_request *request,
                                         struct tip_reply *reply)
{
    return tip_command_change(program, request, reply, ask_accept);
}

static enum tip_err ask_decline(struct tip_command_change *change)
{
    return tip_desk_answer_referral(change->desk, &change->who, &change->asked,
                                    false, &change->save->answer);
}

enum tip_err tip_command_referral_decline(void *program,
                                          struct tip_request *request,
                                          struct tip_reply *reply)
{
    return tip_command_change(program, request, reply, ask_decline);
}

void tip_command_say_referral(struct tip_reply *reply,
                              const struct tip_desk_referral *referral)
{
    tip_reply_integer(reply, "to", referral->office);
    tip_reply_bytes(reply, "to_name", referral->office_name);
    tip_reply_text(reply, "answer", tip_desk_referral_name(referral->state));
    tip_reply_boolean(reply, "transfer", referral->is_transfer);
    tip_command_say_writer(reply, &referral->word);
}

/* A list on its way out. */
struct list_job {
    struct tip_desk_walk *walk;
    bool with_accepted;
};

static void list_free(void *job)
{
    struct list_job *list = job;

    tip_desk_walk_free(list->walk);
    free(list);
}

static enum tip_err list_begin(struct tip_command_host *host,
                               struct tip_request *request)
{
    struct tip_desk_query query = {.filter_count = 0};
    struct tip_problems *problems = calloc(1, sizeof *problems);
    struct list_job *job = calloc(1, sizeof *job);
    enum tip_err err = TIP_ENOMEM;

    if (problems != NULL && job != NULL) {
        job->with_accepted = tip_command_flag(request, "all");
        err = tip_desk_walk_new(host->desk, &query, problems, &job->walk);
    }
    free(problems);
    if (err != TIP_OK) {
        free(job);
        return err;
    }
    request->job = job;
    request->job_free = list_free;
    return TIP_OK;
}

static void say_rows(struct tip_reply *reply, const struct list_job *job,
                     const struct tip_desk_sheet *sheet, uint64_t now_ms)
{
    for (size_t i = 0; i < sheet->referral_count; i++) {
        const struct tip_desk_referral *referral = &sheet->referrals[i];
        uint64_t since = referral->word.unix_ms;

        if (referral->state == TIP_DESK_ACCEPTED && !job->with_accepted) {
            continue;
        }
        tip_reply_row_begin(reply);
        tip_reply_text(reply, "id", sheet->id_text);
        tip_reply_bytes(reply, "type", sheet->type_name);
        tip_reply_duration(reply, "age_ms",
                           since < now_ms ? (int64_t)(now_ms - since) : 0);
        tip_command_say_referral(reply, referral);
        tip_reply_row_end(reply);
    }
}

enum tip_err tip_command_referral_list(void *program,
                                       struct tip_request *request,
                                       struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    const struct tip_clock *clock = host->desk->clock;
    struct list_job *job;
    enum tip_err err = TIP_OK;

    if (request->job == NULL) {
        err = list_begin(host, request);
        if (err != TIP_OK) {
            return err;
        }
        tip_reply_list_begin(reply, "referrals");
    }
    job = request->job;
    while (err == TIP_OK) {
        struct tip_desk_sheet sheet;

        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        err = tip_desk_walk_next(job->walk, &sheet);
        if (err == TIP_OK) {
            say_rows(reply, job, &sheet, clock->now_ms(clock));
        }
    }
    if (err == TIP_EAGAIN) {
        tip_daemon_again(host->daemon);
        return err;
    }
    tip_reply_list_end(reply);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}
