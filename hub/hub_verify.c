/* Is everything in the store of the hub what it must be? */
#include "hub_check.h"
#include "hub_check_figures.h"
#include "hub_program.h"
#include "tip_random_sodium.h"

static enum tip_err look(struct tip_inspect *check, void *state)
{
    const struct hub_state *hub = state;
    const struct hub_check_self self = {
        .sign = &tip_device_keys_public(hub->keys)->sign,
        .ref_secret = &hub->ref_secret};
    enum tip_err err = hub_check(check, &self);

    if (err == TIP_OK) {
        err = hub_check_rows(check);
    }
    return err == TIP_OK ? hub_check_figures(check, tip_random_sodium()) : err;
}

static void say_next(struct tip_reply *reply)
{
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "Records that are gone or cannot be read are made again "
                   "from what the hub sent, and what was counted of what "
                   "offices hold (table 14) from the records, when it starts: "
                   "start it, stop it, "
                   "and verify again. If it does not start, or more is named "
                   "then, restore the newest backup that verifies (tiphub "
                   "backup restore): the offices hand back what came after "
                   "it. Where only figures differ, keep tiphub indicators "
                   "verify and run tiphub indicators recount.");
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
    if (err == TIP_OK) {
        err = tip_program_verify_content(tip_store_lmdb_base(home.store), look,
                                         &state, reply);
        hub_state_deinit(&state);
        tip_home_close(&home);
    }
    if (err == TIP_ESTORE_DAMAGED) {
        say_next(reply);
    }
    return err;
}

enum tip_err hub_run_scrub(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    struct hub_program *hub = program;

    (void)request;
    hub_engine_scrub(hub->engine);
    tip_program_say_scrubbing(reply, hub_engine_scrubbed(hub->engine).end - 1);
    return TIP_OK;
}
