/* The hub's engine behind the desk of common/record. */
#ifndef HUB_DESK_H
#define HUB_DESK_H

#include "hub_engine.h"
#include "tip_desk.h"

/** Caller-allocated; borrows @engine. */
struct hub_desk {
    struct tip_desk base; /* First member, so the cast is valid. */
    struct hub_engine *engine;
};

/** What a desk needs beside the engine; all borrowed. */
struct hub_desk_opts {
    const struct tip_clock *clock;
    struct tip_random *random;
    const struct tip_catalogue *catalogue; /* May change: set base.catalogue. */
    const struct tip_schema *schema;       /* …and base.schema with it. */
};

/** base.language, office_find and office_name may be set afterwards. There are
 * no keys: the hub opens no identity. */
void hub_desk_init(struct hub_desk *desk, struct hub_engine *engine,
                   const struct hub_desk_opts *opts);

#endif /* HUB_DESK_H */
