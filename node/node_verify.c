/* Is everything in the store of an office what it must be? */
#include "node_program.h"
#include "tip_inspect.h"
#include "tip_secret.h"

enum { ARENA_BYTES_MAX = 128 * 1024 * 1024 };

/* What only an enrolled device has: chains, and what it holds. */
static enum tip_err check_sync(struct tip_inspect *check,
                               const struct node_state *state)
{
    const struct node_identity identity = node_state_identity(state);
    const uint32_t channels[] = {identity.office, TIP_CHANNEL_REF,
                                 TIP_CHANNEL_CTL};
    struct tip_digest_key key;
    enum tip_err err = tip_inspect_feed(
        check, identity.origin, 0, &tip_device_keys_public(state->keys)->sign,
        &identity.hub_sign);

    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        if (err == TIP_OK) {
            err =
                tip_inspect_channel(check, channels[i], &identity.hub_sign,
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

static enum tip_err check_all(struct tip_inspect *check,
                              const struct node_state *state)
{
    bool is_enrolled = state->phase == NODE_ENROLLED;
    enum tip_err err = tip_inspect_records(
        check, is_enrolled ? node_state_identity(state).origin : 0);

    if (err == TIP_OK) {
        err = tip_inspect_history(check);
    }
    if (err == TIP_OK) {
        err = tip_inspect_outbox(check);
    }
    return err == TIP_OK && is_enrolled ? check_sync(check, state) : err;
}

static enum tip_err verify(struct tip_home *home,
                           const struct node_state *state,
                           struct tip_reply *reply)
{
    struct tip_store *store = tip_store_lmdb_base(home->store);
    struct tip_arena arena;
    struct tip_inspect check = {.arena = &arena};
    enum tip_err err = tip_store_begin(store, TIP_TXN_READ, &check.txn);
    enum tip_err end;

    if (err != TIP_OK) {
        return err;
    }
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    tip_program_check_begin(&check, reply);
    err = check_all(&check, state);
    end = tip_program_check_end(&check, reply);
    tip_txn_abort(check.txn);
    tip_arena_deinit(&arena);
    return err == TIP_OK ? end : err;
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
    err = verify(&home, &state, reply);
    node_state_deinit(&state);
    tip_home_close(&home);
    return err;
}
