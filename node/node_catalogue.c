/* The catalogue in use, and the desk that stands on it. */
#include "node_program.h"
#include "tip_random_sodium.h"

static enum tip_err own_secret(struct tip_desk_keys *self, uint32_t epoch,
                               struct tip_identity_secret *out_secret)
{
    struct node_keys *keys = (struct node_keys *)self;

    if (epoch != self->epoch) {
        return TIP_ENOTFOUND;
    }
    *out_secret = *keys->secret;
    return TIP_OK;
}

void node_keys_init(struct node_keys *keys, const struct node_state *state)
{
    const struct node_identity identity = node_state_identity(state);

    *keys = (struct node_keys){.base = {.office = identity.office,
                                        .epoch = identity.key_epoch,
                                        .origin = identity.origin,
                                        .device = state->keys,
                                        .secret = own_secret},
                               .secret = &state->identity_secret};
}

void node_desk_begin(struct node_program *node)
{
    const struct node_identity identity = node_state_identity(&node->state);
    struct node_desk_opts opts = {
        .identity = &identity,
        .name = tip_bytes_text(node->state.invitation.name),
        .clock = &node->clock,
        .random = tip_random_sodium(),
        .catalogue = node->shelf.schema.catalogue,
        .schema = &node->shelf.schema.base,
        .keys = &node->keys.base};

    node_keys_init(&node->keys, &node->state);
    node_desk_init(&node->node_desk, node->engine, &opts);
    node->host.desk = &node->node_desk.base;
}

enum tip_err node_catalogue_refresh(struct node_program *node)
{
    const struct tip_catalogue *latest;
    enum tip_err err = tip_shelf_fetch(&node->shelf, node->host.desk, &latest);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    tip_shelf_use(&node->shelf, node->host.desk, latest);
    node_engine_set_schema(node->engine, &node->shelf.schema.base,
                           latest->version);
    return TIP_OK;
}
