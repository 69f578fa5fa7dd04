/*
 * Enrolment as the office does it: a request from an invitation, then the
 * approval. The daemon is not running yet, so both work on the home itself.
 */
#include <stdio.h>
#include <string.h>

#include "node_program.h"
#include "tip_arena.h"
#include "tip_file.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"

/* A letter, and room for the arena's alignment. */
enum { ARENA_BYTES_MAX = 2 * TIP_ENROL_LETTER_BYTES_MAX };

/* Read the letter in the file that option or argument names. */
static enum tip_err read_letter(const char *path, struct tip_arena *arena,
                                struct tip_reply *reply,
                                struct tip_bytes *out_text)
{
    enum tip_err err = tip_file_read(
        path, TIP_FILE_ANY, TIP_ENROL_LETTER_BYTES_MAX, arena, out_text);

    if (err != TIP_OK) {
        tip_reply_explain(reply, "%s", path);
    }
    return err;
}

/* The office's key, announced by this device. */
static void announce(const struct node_state *state,
                     uint8_t out[TIP_OFFICE_KEY_SIZE])
{
    struct tip_office_key key = {.office = state->invitation.office,
                                 .epoch = state->invitation.key_epoch,
                                 .origin = state->invitation.origin};

    tip_office_key_derive(&state->identity_secret, &key.wrap);
    tip_office_key_sign(state->keys, &key, out);
}

/* Write the request that answers the invitation of @state. */
static enum tip_err write_request(const struct node_state *state,
                                  struct tip_buf *out)
{
    static const char words[] =
        "TIP Watch: request of a device to be let in.\n"
        "Give it to the administrator of the hub: tiphub enrol show FILE\n";
    const struct tip_invitation *invitation = &state->invitation;
    struct tip_enrol_request request = {
        .number = invitation->number,
        .device = *tip_device_keys_public(state->keys)};
    enum tip_err err;

    announce(state, request.office_key);
    err = tip_enrol_seal(&invitation->hub.box, TIP_INVITE_REQUEST,
                         invitation->number, &state->office_secret,
                         tip_random_sodium(), request.operational);
    if (err == TIP_OK) {
        tip_enrol_request_write(&request, &invitation->secret, words, out);
    }
    return err;
}

static void say_fingerprint(struct tip_reply *reply,
                            const struct node_state *state)
{
    const struct tip_invitation *invitation = &state->invitation;
    char fingerprint[TIP_FINGERPRINT_TEXT_SIZE];

    tip_enrol_fingerprint(&invitation->hub, tip_device_keys_public(state->keys),
                          fingerprint);
    tip_reply_integer(reply, "office", invitation->office);
    tip_reply_text(reply, "name", invitation->name);
    tip_reply_integer(reply, "origin", invitation->origin);
    tip_reply_text(reply, "hub", invitation->addresses);
    tip_reply_text(reply, "fingerprint", fingerprint);
}

/* A later invitation replaces one that was not answered. */
static enum tip_err take_invitation(struct node_state *state,
                                    struct tip_bytes letter)
{
    enum tip_err err;

    if (state->phase == NODE_ENROLLED) {
        return TIP_EENROLLED;
    }
    err = tip_invitation_read(letter, &state->invitation);
    if (err == TIP_OK) {
        state->phase = NODE_ASKED;
    }
    return err;
}

static enum tip_err ask(struct tip_home *home, struct node_state *state,
                        struct tip_bytes letter,
                        const struct tip_request *request,
                        struct tip_reply *reply)
{
    char same[TIP_CLI_SAME_SIZE];
    uint8_t memory[TIP_ENROL_LETTER_BYTES_MAX];
    struct tip_bytes text;
    struct tip_buf buf;
    enum tip_err err = take_invitation(state, letter);

    tip_buf_init(&buf, memory, sizeof memory);
    if (err == TIP_OK) {
        err = write_request(state, &buf);
    }
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &text);
    }
    /* The keys must be on the disk before anybody is told of them. */
    if (err == TIP_OK) {
        err = node_state_save(home, state);
    }
    if (err == TIP_OK) {
        tip_cli_same(request->call, same);
        say_fingerprint(reply, state);
        tip_reply_data(reply, text);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Next: give the request to the hub's administrator and "
                       "read the fingerprint to each other over the phone. "
                       "With the approval run: tipnode enrol accept FILE%s",
                       same);
    }
    return err;
}

enum tip_err node_run_enrol_request(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    const char *path = tip_cli_option(request->call, "invite")->text;
    struct tip_home home = {.vault = NULL};
    struct node_state state = {.keys = NULL};
    struct tip_arena arena;
    struct tip_bytes letter;
    enum tip_err err;

    (void)program;
    if (path == NULL) {
        tip_reply_explain(reply, "--invite is missing");
        return TIP_EUSAGE;
    }
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = read_letter(path, &arena, reply, &letter);
    if (err == TIP_OK) {
        err = node_home_open(request->conf, reply, &home, &state);
    }
    if (err == TIP_OK) {
        err = ask(&home, &state, letter, request, reply);
    }
    if (err == TIP_EMALFORMED) {
        tip_reply_explain(reply, "%s is no invitation", path);
    }
    node_state_deinit(&state);
    tip_home_close(&home);
    tip_arena_deinit(&arena);
    return err;
}

/* Do the certificates speak of this device and of the hub that invited it? */
static enum tip_err
check_certificates(const struct node_state *state,
                   const struct tip_enrol_approval *approval)
{
    const struct tip_invitation *invitation = &state->invitation;
    const struct tip_device_public *own = tip_device_keys_public(state->keys);
    struct tip_certificate device, hub;
    enum tip_err err = tip_certificate_verify(
        &invitation->registrar, TIP_BYTES_OF(approval->device), &device);

    if (err == TIP_OK) {
        err = tip_certificate_verify(&invitation->registrar,
                                     TIP_BYTES_OF(approval->hub), &hub);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (device.role != TIP_CERTIFICATE_NODE ||
        hub.role != TIP_CERTIFICATE_HUB ||
        device.origin != invitation->origin ||
        device.office != invitation->office ||
        hub.origin != invitation->hub_origin ||
        memcmp(&device.device, own, sizeof *own) != 0 ||
        memcmp(&hub.device, &invitation->hub, sizeof hub.device) != 0) {
        return TIP_EAPPROVAL;
    }
    return TIP_OK;
}

/* Believe @text, an approval of the request of @state. */
static enum tip_err take_approval(struct node_state *state,
                                  struct tip_bytes text)
{
    const struct tip_invitation *invitation = &state->invitation;
    struct tip_enrol_approval approval;
    struct tip_enrol_letter letter;
    enum tip_err err = tip_enrol_approval_read(text, &letter, &approval);

    if (err == TIP_OK && (approval.number != invitation->number ||
                          approval.key_epoch != invitation->key_epoch)) {
        err = TIP_EAPPROVAL;
    }
    if (err == TIP_OK) {
        err = tip_enrol_letter_check(&letter, &invitation->secret,
                                     TIP_INVITE_ANSWER, invitation->number);
    }
    if (err == TIP_EMAC) {
        err = TIP_EAPPROVAL;
    }
    if (err == TIP_OK) {
        err = check_certificates(state, &approval);
    }
    if (err == TIP_OK) {
        err = tip_enrol_open(state->keys, TIP_INVITE_ANSWER, invitation->number,
                             approval.ref, &state->ref_secret);
    }
    if (err == TIP_OK) {
        state->joined = approval.joined;
        state->joined_generation = approval.generation;
        memcpy(state->device_certificate, approval.device,
               TIP_CERTIFICATE_SIZE);
        memcpy(state->hub_certificate, approval.hub, TIP_CERTIFICATE_SIZE);
        state->phase = NODE_ENROLLED;
        tip_secret_wipe(&state->invitation.secret,
                        sizeof state->invitation.secret);
    }
    return err;
}

static enum tip_err accept_approval(struct tip_home *home,
                                    struct node_state *state,
                                    struct tip_bytes text)
{
    enum tip_err err;

    if (state->phase == NODE_ENROLLED) {
        return TIP_EENROLLED;
    }
    if (state->phase != NODE_ASKED) {
        return TIP_ENOT_ENROLLED;
    }
    err = take_approval(state, text);
    return err == TIP_OK ? node_state_save(home, state) : err;
}

enum tip_err node_run_enrol_accept(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    const char *path = tip_cli_argument(request->call, 0);
    struct tip_home home = {.vault = NULL};
    struct node_state state = {.keys = NULL};
    struct tip_arena arena;
    struct tip_bytes text;
    enum tip_err err;

    (void)program;
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = read_letter(path, &arena, reply, &text);
    if (err == TIP_OK) {
        err = node_home_open(request->conf, reply, &home, &state);
    }
    if (err == TIP_OK) {
        err = accept_approval(&home, &state, text);
    }
    if (err == TIP_EMALFORMED) {
        tip_reply_explain(reply, "%s is no approval", path);
    }
    if (err == TIP_OK) {
        char same[TIP_CLI_SAME_SIZE];

        tip_cli_same(request->call, same);
        say_fingerprint(reply, &state);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "This device is enrolled. Next: tipnode serve%s", same);
    }
    node_state_deinit(&state);
    tip_home_close(&home);
    tip_arena_deinit(&arena);
    return err;
}
