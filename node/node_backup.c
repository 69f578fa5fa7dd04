/* Backups of a node: whose store it is, and where the daemon notes them. */
#include "node_program.h"
#include "tip_backup_command.h"

static enum tip_err facts(struct tip_txn *txn, struct tip_backup_head *head)
{
    struct node_state state;
    struct node_extent extent;
    enum tip_err err = node_state_load_at(txn, &state);

    if (err != TIP_OK) {
        return err;
    }
    head->device = tip_device_keys_public(state.keys)->sign;
    if (state.phase == NODE_ENROLLED) {
        head->office = state.invitation.office;
        head->origin = state.invitation.origin;
    }
    node_state_deinit(&state);
    err = node_engine_read_extent(txn, head->origin, head->office, &extent);
    if (err == TIP_OK) {
        head->generation = extent.generation;
        head->commit = extent.checkpoint;
        head->seq = extent.saved;
    }
    return err;
}

static enum tip_err unsent(struct tip_txn *txn, uint64_t *out_count)
{
    struct node_state state;
    struct node_extent extent = {.saved = 0};
    enum tip_err err = node_state_load_at(txn, &state);

    if (err != TIP_OK) {
        return err;
    }
    if (state.phase == NODE_ENROLLED) {
        err = node_engine_read_extent(txn, state.invitation.origin,
                                      state.invitation.office, &extent);
    }
    node_state_deinit(&state);
    *out_count =
        extent.saved > extent.delivered ? extent.saved - extent.delivered : 0;
    return err;
}

struct source {
    struct tip_backup_source base; /* First member, so the cast is valid. */
    struct node_engine *engine;
};

static enum tip_err write_row(const struct tip_backup_source *self,
                              struct tip_txn **out_txn)
{
    return node_engine_write_txn(((const struct source *)self)->engine,
                                 out_txn);
}

enum tip_err node_run_backup_create(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    struct node_program *node = program;
    struct source source = {.base = {.home = &node->home,
                                     .clock = &node->clock,
                                     .daemon = node->host.daemon,
                                     .facts = facts,
                                     .write = write_row},
                            .engine = node->engine};

    return tip_backup_create_step(&source.base, request, reply);
}

enum tip_err node_run_backup_restore(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    (void)program;
    return tip_backup_restore(facts, unsent, request, reply);
}
