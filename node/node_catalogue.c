/* The catalogue in use, and the desk that stands on it. */
#include "node_program.h"
#include "tip_desk_catalogue.h"
#include "tip_random_sodium.h"

/* Until the hub's catalogue arrives there is one without a single type. */
static const struct tip_catalogue no_catalogue = {.version = 0};

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

const struct tip_schema *node_catalogue_begin(struct node_program *node)
{
    tip_catalogue_schema_init(&node->schema, &no_catalogue);
    return &node->schema.base;
}

void node_desk_begin(struct node_program *node)
{
    const struct node_identity identity = node_state_identity(&node->state);
    struct node_desk_opts opts = {
        .identity = &identity,
        .name = tip_bytes_text(node->state.invitation.name),
        .clock = &node->clock,
        .random = tip_random_sodium(),
        .catalogue = node->schema.catalogue,
        .schema = &node->schema.base,
        .keys = &node->keys.base};

    node->keys = (struct node_keys){.base = {.office = identity.office,
                                             .epoch = identity.key_epoch,
                                             .origin = identity.origin,
                                             .device = node->state.keys,
                                             .secret = own_secret},
                                    .secret = &node->state.identity_secret};
    node_desk_init(&node->node_desk, node->engine, &opts);
    node->host.desk = &node->node_desk.base;
}

enum tip_err node_catalogue_refresh(struct node_program *node)
{
    struct tip_catalogue *latest;
    enum tip_err err = tip_desk_catalogue_latest(node->host.desk, &latest);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    if (latest->version == node->schema.catalogue->version) {
        tip_catalogue_free(latest);
        return TIP_OK;
    }
    err = tip_shelf_add(&node->shelf, latest);
    if (err != TIP_OK) {
        return err;
    }
    tip_catalogue_schema_init(&node->schema, latest);
    node->host.desk->catalogue = latest;
    node_engine_set_schema(node->engine, &node->schema.base, latest->version);
    tip_daemon_say("catalogue version %u is in use", latest->version);
    return TIP_OK;
}
