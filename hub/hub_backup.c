/* Backups of the hub: whose store it is, and where the daemon notes them. */
#include "hub_program.h"
#include "tip_backup_command.h"

static enum tip_err facts(struct tip_txn *txn, struct tip_backup_head *head)
{
    struct hub_state state;
    struct hub_order order;
    enum tip_err err = hub_state_load_at(txn, &state);

    if (err != TIP_OK) {
        return err;
    }
    head->device = tip_device_keys_public(state.keys)->sign;
    hub_state_deinit(&state);
    err = hub_engine_read_order(txn, &order);
    if (err == TIP_OK) {
        head->office = HUB_OFFICE;
        head->origin = HUB_ORIGIN;
        head->generation = order.generation;
        head->commit = order.commit;
        head->seq = order.seq;
    }
    return err;
}

struct source {
    struct tip_backup_source base; /* First member, so the cast is valid. */
    struct hub_engine *engine;
};

static enum tip_err write_row(const struct tip_backup_source *self,
                              struct tip_txn **out_txn)
{
    return hub_engine_write_txn(((const struct source *)self)->engine, out_txn);
}

enum tip_err hub_run_backup_create(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct source source = {.base = {.home = &hub->home,
                                     .clock = &hub->clock,
                                     .daemon = hub->host.daemon,
                                     .facts = facts,
                                     .write = write_row},
                            .engine = hub->engine};

    return tip_backup_create_step(&source.base, request, reply);
}

enum tip_err hub_run_backup_restore(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    (void)program;
    return tip_backup_restore(facts, NULL, request, reply);
}
