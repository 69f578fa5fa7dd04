/* Is everything in the store of an office what it must be? */
#include "node_program.h"
#include "tip_inspect.h"
#include "tip_secret.h"

/* What only an enrolled device has: chains, and what it holds. */
static enum tip_err check_sync(struct tip_inspect *check,
                               const struct node_state *state)
{
    const struct node_identity identity = node_state_identity(state);
    const uint32_t channels[] = {identity.office, TIP_CHANNEL_REF,
                                 TIP_CHANNEL_CTL};
    const struct tip_head first = {.number = 0};
    struct tip_digest_key key;
    enum tip_err err = tip_inspect_feed(
        check, identity.origin, 0, &tip_device_keys_public(state->keys)->sign,
        &identity.hub_sign);

    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        const struct tip_head *begins_behind =
            channels[i] == identity.office ? &identity.joined : &first;

        if (err == TIP_OK) {
            err = tip_inspect_channel(
                check, channels[i], begins_behind, &identity.hub_sign,
                &tip_device_keys_public(state->keys)->sign);
        }
    }
    if (err == TIP_OK) {
        tip_digest_key_derive(&identity.office_secret, &key);
        err = tip_inspect_holding(check, identity.office, &key);
    }
    if (err == TIP_OK) {
        tip_digest_key_derive(&identity.ref_secret, &key);
        err = tip_inspect_holding(check, TIP_CHANNEL_REF, &key);
    }
    tip_secret_wipe(&key, sizeof key);
    return err;
}

static enum tip_err look(struct tip_inspect *check, const void *state)
{
    const struct node_state *node = state;
    bool is_enrolled = node->phase == NODE_ENROLLED;
    enum tip_err err = tip_inspect_records(
        check, is_enrolled ? node_state_identity(node).origin : 0);

    if (err == TIP_OK) {
        err = tip_inspect_history(check);
    }
    if (err == TIP_OK) {
        err = tip_inspect_outbox(check);
    }
    return err == TIP_OK && is_enrolled ? check_sync(check, node) : err;
}

enum tip_err node_run_verify(void *program, struct tip_request *request,
                             struct tip_reply *reply)
{
    struct node_state state = {.keys = NULL};
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_program_verify_store(request, reply);

    (void)program;
    if (err == TIP_OK) {
        err = node_home_open(request->conf, reply, &home, &state);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = tip_program_verify_content(tip_store_lmdb_base(home.store), look,
                                     &state, reply);
    node_state_deinit(&state);
    tip_home_close(&home);
    return err;
}
