/* Is everything in the store of an office what it must be? */
#include "node_check.h"
#include "node_program.h"

static enum tip_err look(struct tip_inspect *check, const void *state)
{
    const struct node_state *node = state;
    struct node_identity identity = {.origin = 0};

    if (node->phase == NODE_ENROLLED) {
        identity = node_state_identity(node);
    }
    return node_check(check, &identity,
                      &tip_device_keys_public(node->keys)->sign);
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

enum tip_err node_run_scrub(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct node_program *node = program;

    (void)request;
    node_engine_scrub(node->engine);
    tip_program_say_scrubbing(
        reply, node_engine_records(node->engine)->next_ordinal - 1);
    return TIP_OK;
}
