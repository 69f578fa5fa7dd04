/* Is everything in the store of the hub what it must be? */
#include "hub_check.h"
#include "hub_program.h"

enum { ARENA_BYTES_MAX = 128 * 1024 * 1024 };

static enum tip_err verify(struct tip_home *home, const struct hub_state *state,
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
    err = hub_check(&check, &tip_device_keys_public(state->keys)->sign,
                    &state->ref_secret);
    end = tip_program_check_end(&check, reply);
    tip_txn_abort(check.txn);
    tip_arena_deinit(&arena);
    return err == TIP_OK ? end : err;
}

enum tip_err hub_run_verify(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct hub_state state = {.keys = NULL};
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_program_verify_store(request, reply);

    (void)program;
    if (err == TIP_OK) {
        err = hub_home_open(request->conf, reply, &home, &state);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = verify(&home, &state, reply);
    hub_state_deinit(&state);
    tip_home_close(&home);
    return err;
}
