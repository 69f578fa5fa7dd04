/* Invitations: made, listed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub_invite.h"
#include "hub_program.h"
#include "hub_retire.h"
#include "tip_conf.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"

/* An invitation on its way to the disk, then to its file. Secret. */
struct invite_job {
    struct hub_invite invite;
    struct tip_invitation invitation;
    uint64_t ticket;
};

static void job_free(void *job)
{
    tip_secret_wipe(job, sizeof(struct invite_job));
    free(job);
}

/* A number and an origin that were never given. */
static enum tip_err give_numbers(const struct hub_program *hub,
                                 struct tip_txn *txn, struct hub_invite *invite)
{
    enum tip_err err = hub_invite_last(txn, &invite->number);

    invite->number++;
    return err == TIP_OK ? hub_engine_new_origin(hub->engine, &invite->origin)
                         : err;
}

/* What the office gets. */
static enum tip_err describe(const struct hub_program *hub,
                             const char *addresses, struct invite_job *job)
{
    const struct hub_invite *invite = &job->invite;
    struct tip_invitation *out = &job->invitation;
    int size;

    *out =
        (struct tip_invitation){.number = invite->number,
                                .expires_ms = invite->expires_ms,
                                .office = invite->office,
                                .origin = invite->origin,
                                .key_epoch = invite->key_epoch,
                                .hub_origin = HUB_ORIGIN,
                                .secret = invite->secret,
                                .hub = *tip_device_keys_public(hub->state.keys),
                                .registrar = hub->state.registrar};
    memcpy(out->name, invite->name, sizeof out->name);
    size = snprintf(out->addresses, sizeof out->addresses, "%s", addresses);
    return size < 0 || (size_t)size >= sizeof out->addresses ? TIP_ETOOBIG
                                                             : TIP_OK;
}

static enum tip_err fill_invite(const struct hub_program *hub,
                                const struct tip_cli_call *call,
                                struct hub_invite *invite)
{
    const struct tip_cli_value *office = tip_cli_option(call, "office");
    const struct tip_cli_value *name = tip_cli_option(call, "name");
    int size;

    if (!office->is_given || !name->is_given) {
        return TIP_EUSAGE;
    }
    if (hub_engine_in_use(hub->engine, (uint32_t)office->number) != NULL) {
        return TIP_EOFFICE_TAKEN;
    }
    invite->office = (uint32_t)office->number;
    invite->key_epoch = hub_engine_next_epoch(hub->engine, invite->office);
    invite->made_ms = hub->clock.now_ms(&hub->clock);
    invite->expires_ms =
        invite->made_ms + (uint64_t)tip_cli_option(call, "expires")->number;
    tip_invite_make(tip_random_sodium(), &invite->secret);
    size = snprintf(invite->name, sizeof invite->name, "%s", name->text);
    return size < 0 || (size_t)size >= sizeof invite->name ? TIP_ETOOBIG
                                                           : TIP_OK;
}

static enum tip_err make_invite(struct hub_program *hub,
                                const struct tip_cli_call *call,
                                struct invite_job *job)
{
    const char *given = tip_cli_option(call, "address")->text;
    const char *addresses =
        given != NULL
            ? given
            : tip_conf_text(tip_daemon_conf(hub->host.daemon), HUB_CONF_PUBLIC);
    struct tip_txn *txn;
    enum tip_err err = *addresses == '\0'
                           ? TIP_ENO_ADDRESS
                           : fill_invite(hub, call, &job->invite);

    if (err == TIP_OK) {
        err = hub_engine_write_txn(hub->engine, &txn);
    }
    if (err == TIP_OK) {
        err = give_numbers(hub, txn, &job->invite);
    }
    if (err == TIP_OK) {
        err = describe(hub, addresses, job);
    }
    if (err == TIP_OK) {
        err = hub_invite_store(txn, &job->invite);
    }
    if (err == TIP_OK) {
        job->ticket = tip_daemon_ticket(hub->host.daemon);
    }
    return err;
}

static enum tip_err say_invite(struct tip_reply *reply,
                               const struct invite_job *job)
{
    uint8_t memory[TIP_ENROL_LETTER_BYTES_MAX];
    char words[512];
    struct tip_bytes letter;
    struct tip_buf buf;
    enum tip_err err;

    (void)snprintf(words, sizeof words,
                   "TIP Watch: invitation %" PRIu64 " for office %" PRIu32
                   ", %s.\nIt works once. Whoever holds it can ask to be that "
                   "office: keep it secret.\nAt the office: tipnode enrol "
                   "request --invite FILE --to REQUEST\n",
                   job->invite.number, job->invite.office, job->invite.name);
    tip_buf_init(&buf, memory, sizeof memory);
    tip_invitation_write(&job->invitation, words, &buf);
    err = tip_buf_finish(&buf, &letter);
    if (err == TIP_OK) {
        tip_reply_integer(reply, "invitation", (int64_t)job->invite.number);
        tip_reply_integer(reply, "office", job->invite.office);
        tip_reply_text(reply, "name", job->invite.name);
        tip_reply_time(reply, "expires", (int64_t)job->invite.expires_ms);
        tip_reply_data(reply, letter);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Next: bring it to the office unseen by others; it "
                       "answers with a request: tiphub enrol show FILE");
    }
    tip_secret_wipe(memory, sizeof memory);
    return err;
}

enum tip_err hub_run_enrol_invite(void *program, struct tip_request *request,
                                  struct tip_reply *reply)
{
    struct hub_program *hub = program;
    const bool is_first = request->job == NULL;
    struct invite_job *job = tip_request_job(request, sizeof *job, job_free);
    enum tip_err err = job == NULL ? TIP_ENOMEM : TIP_OK;

    if (err == TIP_OK && is_first) {
        err = make_invite(hub, request->call, job);
    }
    if (err == TIP_EUSAGE) {
        tip_reply_explain(reply, "--office and --name are needed");
    }
    if (err == TIP_OK) {
        err = tip_daemon_settled(hub->host.daemon, job->ticket);
    }
    return err == TIP_OK ? say_invite(reply, job) : err;
}

static void say_row(struct tip_reply *reply, const struct hub_invite *invite,
                    uint64_t now_ms)
{
    tip_reply_row_begin(reply);
    tip_reply_integer(reply, "invitation", (int64_t)invite->number);
    tip_reply_integer(reply, "office", invite->office);
    tip_reply_text(reply, "name", invite->name);
    tip_reply_text(reply, "state", hub_invite_word(invite, now_ms));
    tip_reply_time(reply, "made", (int64_t)invite->made_ms);
    tip_reply_time(reply, "expires", (int64_t)invite->expires_ms);
    tip_reply_integer(reply, "wrong_requests", invite->tries);
    tip_reply_row_end(reply);
}

enum tip_err hub_run_enrol_list(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct hub_program *hub = program;
    uint64_t now_ms = hub->clock.now_ms(&hub->clock);
    uint64_t *after = request->job;
    struct hub_invite invite;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    if (err == TIP_OK && after == NULL) {
        after = calloc(1, sizeof *after);
        if (after == NULL) {
            return TIP_ENOMEM;
        }
        request->job = after;
        request->job_free = free;
        tip_reply_list_begin(reply, "invitations");
    }
    while (err == TIP_OK) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        err = hub_invite_next(txn, *after, &invite);
        if (err == TIP_OK) {
            *after = invite.number;
            say_row(reply, &invite, now_ms);
            tip_secret_wipe(&invite, sizeof invite);
        }
    }
    if (err == TIP_ENOTFOUND) {
        tip_reply_list_end(reply);
        return TIP_OK;
    }
    return err;
}
