#include "node_room.h"

#include "node_engine_internal.h"

/* What merging one change-set takes at most: its record, what that had before
 * and its row of the outbox, in trees three pages deep. */
enum { SET_ROOM_BYTES = 3 * 3 * 4096 };

/* Might one more frame not fit beside what the open transaction holds? */
static bool is_scarce(const struct node_engine *engine)
{
    struct tip_store_usage usage =
        engine->opts.store->usage(engine->opts.store);
    uint64_t room = usage.limit_bytes > usage.used_bytes
                        ? usage.limit_bytes - usage.used_bytes
                        : 0;

    return engine->is_writing && engine->taken != 0 &&
           engine->taken + TIP_DOWN_SETS_MAX > room / SET_ROOM_BYTES;
}

/* The session is told later of what is dirty, also if it is durable by then. */
static enum tip_err flush(struct node_engine *engine)
{
    bool is_dirty[NODE_CHANNELS];
    enum tip_err err;

    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        is_dirty[i] = engine->channels[i].is_dirty;
    }
    err = node_engine_flush(engine);
    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        engine->channels[i].is_dirty = is_dirty[i];
    }
    return err;
}

enum tip_err node_room_settle(struct node_engine *engine)
{
    return is_scarce(engine) ? node_engine_flush(engine)
                             : node_engine_settle(engine);
}

enum tip_err node_room_go_on(struct node_engine *engine)
{
    enum tip_err err = is_scarce(engine) ? flush(engine) : TIP_OK;

    return err == TIP_OK ? node_engine_write(engine, TIP_TXN_WRITE_RESERVE)
                         : err;
}

void node_room_note(struct node_engine *engine,
                    const struct tip_down_body *body)
{
    for (size_t i = 0; i < body->item_count; i++) {
        engine->taken += tip_item_sets(&body->items[i]);
    }
}
