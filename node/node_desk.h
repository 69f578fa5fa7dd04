/* The node's engine behind the desk of common/record. */
#ifndef NODE_DESK_H
#define NODE_DESK_H

#include "node_engine.h"
#include "tip_desk.h"

/** Caller-allocated; borrows @engine. */
struct node_desk {
    struct tip_desk base; /* First member, so the cast is valid. */
    struct node_engine *engine;
    struct tip_bytes name; /* Of the office; borrowed. */
};

/** What a desk needs beside the engine; all borrowed. */
struct node_desk_opts {
    const struct node_identity *identity;
    struct tip_bytes name; /* Of the office; may be empty. */
    const struct tip_clock *clock;
    struct tip_random *random;
    const struct tip_catalogue *catalogue; /* May change: set base.catalogue. */
    const struct tip_schema *schema;       /* …and base.schema with it. */
    struct tip_desk_keys *keys;            /* NULL: identities stay sealed. */
};

/** base.language and office_find may be set afterwards. */
void node_desk_init(struct node_desk *desk, struct node_engine *engine,
                    const struct node_desk_opts *opts);

#endif /* NODE_DESK_H */
