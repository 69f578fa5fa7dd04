/* Is everything in the store of the hub what it must be? */
#include "hub_check.h"
#include "hub_program.h"

static enum tip_err look(struct tip_inspect *check, const void *state)
{
    const struct hub_state *hub = state;

    return hub_check(check, &tip_device_keys_public(hub->keys)->sign,
                     &hub->ref_secret);
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
    err = tip_program_verify_content(tip_store_lmdb_base(home.store), look,
                                     &state, reply);
    hub_state_deinit(&state);
    tip_home_close(&home);
    return err;
}
