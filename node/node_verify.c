/* Is everything in the store of an office what it must be? */
#include "node_check.h"
#include "node_program.h"
#include "node_seals.h"

/* Whose store it is, and what was seen of identities. */
struct look {
    const struct node_state *state;
    struct tip_desk_seals seals;
};

static enum tip_err look(struct tip_inspect *check, void *context)
{
    struct look *look = context;
    struct node_identity identity = {.origin = 0};
    struct node_keys keys;
    enum tip_err err;

    if (look->state->phase == NODE_ENROLLED) {
        identity = node_state_identity(look->state);
    }
    err = node_check(check, &identity,
                     &tip_device_keys_public(look->state->keys)->sign);
    if (err == TIP_OK && identity.origin != 0) {
        node_keys_init(&keys, look->state);
        err = node_seals_check(check, &keys.base, &look->seals);
    }
    return err;
}

static void say_seals(struct tip_reply *reply,
                      const struct tip_desk_seals *seals)
{
    tip_reply_integer(reply, "identities_opened", (int64_t)seals->opened);
    tip_reply_integer(reply, "identities_sealed", (int64_t)seals->sealed);
    tip_reply_integer(reply, "identities_broken", (int64_t)seals->broken);
}

static void say_next(struct tip_reply *reply)
{
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "What Nouakchott has of it comes again, and what can be "
                   "made again is, once tipnode runs: start it, let it call, "
                   "stop it, and verify again. If it does not start, or more "
                   "is named then, restore the newest backup that verifies "
                   "onto a sound disk (tipnode backup restore), and start: "
                   "Nouakchott hands back what came after it. Keep the old "
                   "disk: what had not reached Nouakchott is on it alone.");
}

static enum tip_err verify(struct tip_request *request, struct tip_reply *reply)
{
    struct node_state state = {.keys = NULL};
    struct look looking = {.state = &state};
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_program_verify_store(request, reply);

    if (err == TIP_OK) {
        err = node_home_open(request->conf, reply, &home, &state);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = tip_program_verify_content(tip_store_lmdb_base(home.store), look,
                                     &looking, reply);
    say_seals(reply, &looking.seals);
    node_state_deinit(&state);
    tip_home_close(&home);
    return err;
}

enum tip_err node_run_verify(void *program, struct tip_request *request,
                             struct tip_reply *reply)
{
    enum tip_err err = verify(request, reply);

    (void)program;
    if (err == TIP_ESTORE_DAMAGED) {
        say_next(reply);
    }
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
