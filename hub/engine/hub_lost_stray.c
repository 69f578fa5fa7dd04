/*
 * What a device has forgotten, and cannot have again under its number.
 *
 * It was put back, as the hub was, and went on before another office could tell
 * of it. What that one has is proven by the hub's own signature, but the number
 * means something else by now. So it is the work of a stranger: of an origin
 * that follows from the device's and that no device has. It stands beside what
 * was written since, also by the device, and comes in once, whoever else has
 * it.
 */
#include "hub_replay.h"
#include "tip_inspect.h"

/* Can the device of @author be told of @seq under that number, and go on behind
 * it? Not if it has gone on already. */
static bool has_room(const struct hub_engine *engine,
                     const struct hub_origin *author, uint64_t seq)
{
    bool has = seq > author->row.head.number;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *feed = engine->origins[i];

        has = has && (feed->row.root != author->row.root ||
                      feed->row.device.origin <= author->row.device.origin ||
                      feed->row.start >= seq);
    }
    return has;
}

enum tip_err hub_lost_is_stray(struct hub_replay *replay,
                               const struct hub_origin *author,
                               const struct hub_lost *lost,
                               const struct tip_change_set *told, bool *out_is)
{
    struct tip_change_set set;
    enum tip_err err;

    *out_is = false;
    if (author == NULL || replay->late == NULL ||
        has_room(replay->engine, author, lost->seq)) {
        return TIP_OK; /* The first replay lets go of what is not proven. */
    }
    if (lost->seq > author->row.head.number || lost->seq <= author->row.start) {
        *out_is = true;
        return TIP_OK;
    }
    err = hub_lost_load_own(replay, author, lost->seq, &set);
    if (err == TIP_OK) {
        *out_is = !tip_change_set_may_hold(&set, told);
    }
    /* What does not open cannot be compared, and must not stop who is late. */
    return tip_inspect_is_of_value(err) ? TIP_OK : err;
}

void hub_lost_make_stray(struct hub_lost *lost, struct tip_change_set *told)
{
    lost->origin |= TIP_ORIGIN_STRAY;
    told->origin = lost->origin;
}
