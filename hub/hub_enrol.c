/*
 * Requests: looked at, approved.
 *
 * A request is judged the same way for both: against its invitation, whose
 * wrong requests are counted durably before anybody hears of them.
 */
#include <stdlib.h>
#include <string.h>

#include "hub_invite.h"
#include "hub_program.h"
#include "hub_registrar.h"
#include "hub_retire.h"
#include "tip_hash.h"
#include "tip_intake.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"

/* A letter with what mail puts around it. */
enum { REQUEST_BYTES_MAX = 2 * TIP_ENROL_LETTER_BYTES_MAX };

/* A request under judgement. Secret. */
struct enrol_job {
    struct tip_intake intake;
    struct tip_enrol_letter letter;
    struct tip_enrol_request request;
    struct hub_invite invite;
    struct tip_hash hash; /* Of the request. */
    struct tip_operational_secret office_secret;
    uint8_t approval[TIP_ENROL_LETTER_BYTES_MAX];
    size_t approval_size;
    bool is_judged;
    enum tip_err verdict;
    uint64_t ticket; /* 0: nothing was written. */
};

static void job_free(void *job)
{
    struct enrol_job *enrol = job;

    tip_intake_deinit(&enrol->intake);
    tip_secret_wipe(enrol, sizeof *enrol);
    free(enrol);
}

static enum tip_err job_begin(struct tip_request *request)
{
    if (request->job == NULL) {
        request->job = calloc(1, sizeof(struct enrol_job));
        request->job_free = job_free;
    }
    return request->job == NULL ? TIP_ENOMEM : TIP_OK;
}

/* Count a wrong request. */
static enum tip_err count_wrong(struct hub_program *hub, struct enrol_job *job)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_write_txn(hub->engine, &txn);

    if (err == TIP_OK) {
        err = hub_invite_count_wrong(txn, &job->invite);
    }
    if (err != TIP_OK) {
        return err;
    }
    job->ticket = tip_daemon_ticket(hub->host.daemon);
    return job->invite.state == HUB_INVITE_BURNT ? TIP_EINVITE_BURNT
                                                 : TIP_EINVITE_WRONG;
}

/* Is the announced key that of the office and the device invited? */
static enum tip_err check_office_key(const struct enrol_job *job)
{
    struct tip_office_key key;
    enum tip_err err = tip_office_key_verify(
        &job->request.device.sign, TIP_BYTES_OF(job->request.office_key), &key);

    if (err == TIP_OK && (key.office != job->invite.office ||
                          key.epoch != job->invite.key_epoch ||
                          key.origin != job->invite.origin)) {
        err = TIP_EINVITE_WRONG;
    }
    return err;
}

/* The very same request of an invitation that was used. */
static bool is_known(const struct enrol_job *job)
{
    return job->invite.state == HUB_INVITE_USED &&
           memcmp(job->invite.request_hash, job->hash.bytes,
                  sizeof job->hash.bytes) == 0;
}

static enum tip_err judge(struct hub_program *hub, struct tip_bytes text,
                          struct enrol_job *job)
{
    struct tip_txn *txn;
    enum tip_err err =
        tip_enrol_request_read(text, &job->letter, &job->request);

    if (err == TIP_OK) {
        err = hub_engine_txn(hub->engine, &txn);
    }
    if (err == TIP_OK) {
        err = hub_invite_load(txn, job->request.number, &job->invite);
    }
    if (err != TIP_OK) {
        return err;
    }
    tip_hash_make(TIP_HASH_CONTENT, job->letter.message, &job->hash);
    if (is_known(job)) {
        return TIP_OK;
    }
    err = hub_invite_check(&job->invite, hub->clock.now_ms(&hub->clock));
    if (err != TIP_OK) {
        return err;
    }
    err = tip_enrol_letter_check(&job->letter, &job->invite.secret,
                                 TIP_INVITE_REQUEST, job->invite.number);
    if (err == TIP_EMAC) {
        return count_wrong(hub, job);
    }
    if (err == TIP_OK) {
        err = check_office_key(job);
    }
    return err != TIP_OK
               ? err
               : tip_enrol_open(hub->state.keys, TIP_INVITE_REQUEST,
                                job->invite.number, job->request.operational,
                                &job->office_secret);
}

static void say_request(struct tip_reply *reply, const struct hub_program *hub,
                        const struct enrol_job *job)
{
    char fingerprint[TIP_FINGERPRINT_TEXT_SIZE];

    tip_enrol_fingerprint(tip_device_keys_public(hub->state.keys),
                          &job->request.device, fingerprint);
    tip_reply_integer(reply, "invitation", (int64_t)job->invite.number);
    tip_reply_integer(reply, "office", job->invite.office);
    tip_reply_text(reply, "name", job->invite.name);
    tip_reply_integer(reply, "origin", job->invite.origin);
    tip_reply_text(
        reply, "state",
        hub_invite_word(&job->invite, hub->clock.now_ms(&hub->clock)));
    tip_reply_text(reply, "fingerprint", fingerprint);
}

/* Read the file and judge it, once; then wait until that is durable. */
static enum tip_err settle_judgement(struct hub_program *hub,
                                     struct tip_request *request,
                                     struct tip_reply *reply)
{
    struct enrol_job *job = request->job;
    struct tip_bytes text;
    enum tip_err err;

    if (!job->is_judged) {
        err = tip_intake_take(&job->intake, request, REQUEST_BYTES_MAX, &text);
        if (err != TIP_OK) {
            return err;
        }
        job->verdict = judge(hub, text, job);
        job->is_judged = true;
        if (job->verdict == TIP_EMALFORMED) {
            tip_reply_explain(reply, "%s is no request",
                              tip_cli_argument(request->call, 0));
        }
    }
    if (job->verdict == TIP_OK) {
        return TIP_OK;
    }
    err = job->ticket == 0 ? TIP_OK
                           : tip_daemon_settled(hub->host.daemon, job->ticket);
    if (err == TIP_OK && job->ticket != 0) {
        tip_reply_explain(reply, "wrong request %u of %u",
                          (unsigned)job->invite.tries,
                          (unsigned)HUB_INVITE_TRIES_MAX);
    }
    return err == TIP_OK ? job->verdict : err;
}

enum tip_err hub_run_enrol_show(void *program, struct tip_request *request,
                                struct tip_reply *reply)
{
    struct hub_program *hub = program;
    enum tip_err err = job_begin(request);

    if (err == TIP_OK) {
        err = settle_judgement(hub, request, reply);
    }
    if (err == TIP_OK) {
        say_request(reply, hub, request->job);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Next: have the office read its fingerprint over the "
                       "phone. If every digit is the same: tiphub enrol "
                       "approve FILE --to APPROVAL");
    }
    return err;
}

/* Certify the device with the registrar's key, which is here for this alone. */
static enum tip_err certify(struct hub_program *hub,
                            const struct enrol_job *job,
                            uint8_t out[TIP_CERTIFICATE_SIZE])
{
    const struct tip_certificate certificate = {
        .role = TIP_CERTIFICATE_NODE,
        .serial = job->invite.number + 1, /* 1 is the hub's. */
        .origin = job->invite.origin,
        .office = job->invite.office,
        .device = job->request.device};
    char path[TIP_HOME_PATH_SIZE];
    struct tip_registrar *registrar = NULL;
    enum tip_err err =
        hub_registrar_path(tip_daemon_conf(hub->host.daemon), path);

    if (err == TIP_OK) {
        err = hub_registrar_open(path, hub->home.vault, &registrar);
    }
    if (err == TIP_OK &&
        memcmp(tip_registrar_public(registrar), &hub->state.registrar,
               sizeof hub->state.registrar) != 0) {
        err = TIP_EREGISTRAR;
    }
    if (err == TIP_OK) {
        tip_certificate_sign(registrar, &certificate, out);
    }
    tip_registrar_free(registrar);
    return err;
}

/* Write the letter that lets the device in. */
static enum tip_err answer(struct hub_program *hub, struct enrol_job *job,
                           const uint8_t certificate[TIP_CERTIFICATE_SIZE])
{
    static const char words[] = "TIP Watch: approval of a device.\n"
                                "At the office: tipnode enrol accept FILE\n";
    struct tip_enrol_approval approval = {.number = job->invite.number,
                                          .key_epoch = job->invite.key_epoch};
    struct tip_bytes text;
    struct tip_buf buf;
    enum tip_err err =
        hub_engine_joined(hub->engine, job->invite.origin, &approval.generation,
                          &approval.joined);

    if (err == TIP_OK) {
        err = tip_enrol_seal(&job->request.device.box, TIP_INVITE_ANSWER,
                             job->invite.number, &hub->state.ref_secret,
                             tip_random_sodium(), approval.ref);
    }
    if (err != TIP_OK) {
        return err;
    }
    memcpy(approval.device, certificate, TIP_CERTIFICATE_SIZE);
    memcpy(approval.hub, hub->state.certificate, TIP_CERTIFICATE_SIZE);
    tip_buf_init(&buf, job->approval, sizeof job->approval);
    tip_enrol_approval_write(&approval, &job->invite.secret, words, &buf);
    err = tip_buf_finish(&buf, &text);
    job->approval_size = buf.size;
    return err;
}

/* The invitation is used up; its approval is kept. */
static enum tip_err use_up(struct hub_program *hub, struct enrol_job *job)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_write_txn(hub->engine, &txn);

    job->invite.state = HUB_INVITE_USED;
    memcpy(job->invite.request_hash, job->hash.bytes, sizeof job->hash.bytes);
    tip_secret_wipe(&job->invite.secret, sizeof job->invite.secret);
    if (err == TIP_OK) {
        err = hub_invite_store(txn, &job->invite);
    }
    return err == TIP_OK ? hub_invite_store_approval(
                               txn, job->invite.number,
                               tip_bytes(job->approval, job->approval_size))
                         : err;
}

/* Does this CURVE key belong to a device? */
static enum tip_err check_free(const struct hub_program *hub,
                               const struct enrol_job *job)
{
    const struct hub_device *device;

    for (size_t i = 0; (device = hub_engine_device(hub->engine, i)) != NULL;
         i++) {
        if (memcmp(&device->keys, &job->request.device, sizeof device->keys) ==
            0) {
            return TIP_EEXISTS;
        }
    }
    return job->invite.key_epoch ==
                   hub_engine_next_epoch(hub->engine, job->invite.office)
               ? TIP_OK
               : TIP_EOFFICE_TAKEN;
}

/* The device is enrolled: keep what goes with it, or nothing at all. */
static enum tip_err let_in(struct hub_program *hub, struct enrol_job *job,
                           const struct hub_device *device,
                           const uint8_t certificate[TIP_CERTIFICATE_SIZE])
{
    enum tip_err err = answer(hub, job, certificate);

    if (err == TIP_OK) {
        err = hub_office_store(hub->engine, device->office, device->origin,
                               job->invite.name,
                               tip_bytes(certificate, TIP_CERTIFICATE_SIZE),
                               TIP_BYTES_OF(job->request.office_key));
    }
    if (err == TIP_OK) {
        err = use_up(hub, job);
    }
    if (err != TIP_OK) {
        hub_engine_fail(hub->engine, err);
    }
    job->ticket = tip_daemon_ticket(hub->host.daemon);
    return err;
}

static enum tip_err enrol(struct hub_program *hub, struct enrol_job *job)
{
    const struct hub_device device = {.origin = job->invite.origin,
                                      .office = job->invite.office,
                                      .keys = job->request.device,
                                      .key_epoch = job->invite.key_epoch,
                                      .office_secret = job->office_secret};
    uint8_t certificate[TIP_CERTIFICATE_SIZE];
    enum tip_err err = check_free(hub, job);

    if (err == TIP_OK) {
        err = certify(hub, job, certificate);
    }
    if (err == TIP_OK) {
        err = hub_engine_enrol(hub->engine, &device);
    }
    return err == TIP_OK ? let_in(hub, job, &device, certificate) : err;
}

/* Give the kept approval again. */
static enum tip_err repeat(struct hub_program *hub, struct enrol_job *job)
{
    struct tip_bytes letter;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    if (err == TIP_OK) {
        err = hub_invite_load_approval(txn, job->invite.number, &letter);
    }
    if (err == TIP_OK && letter.size > sizeof job->approval) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        memcpy(job->approval, letter.data, letter.size);
        job->approval_size = letter.size;
    }
    return err;
}

enum tip_err hub_run_enrol_approve(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct enrol_job *job;
    enum tip_err err = job_begin(request);

    if (err == TIP_OK) {
        err = settle_judgement(hub, request, reply);
    }
    if (err != TIP_OK) {
        return err;
    }
    job = request->job;
    if (job->approval_size == 0) {
        err = is_known(job) ? repeat(hub, job) : enrol(hub, job);
    }
    if (err == TIP_OK && job->ticket != 0) {
        err = tip_daemon_settled(hub->host.daemon, job->ticket);
    }
    /* Admitted only once the disk knows it. */
    if (err == TIP_OK && job->ticket != 0) {
        err = tip_link_zmq_allow(hub->link, job->invite.origin,
                                 job->request.device.curve.bytes);
    }
    if (err != TIP_OK) {
        return err;
    }
    say_request(reply, hub, job);
    tip_reply_data(reply, tip_bytes(job->approval, job->approval_size));
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "The device is let in. Next: bring the approval to the "
                   "office: tipnode enrol accept FILE. Take the registrar's "
                   "file off this machine.");
    return TIP_OK;
}
