#include "hub_told.h"

#include "hub_continue.h"
#include "hub_recovery.h"

const struct hub_origin *hub_told_feed(const struct hub_engine *engine,
                                       const struct hub_origin *device,
                                       uint64_t seq)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *member = engine->origins[i];

        if (member->row.root == device->row.root && member->row.start < seq &&
            member->row.head.number >= seq) {
            return member;
        }
    }
    return device; /* There is none: it is not found there. */
}

struct tip_head hub_told_head(struct hub_engine *engine,
                              const struct hub_origin *device)
{
    const struct hub_origin *feed = hub_continue_feed(engine, device);

    return feed->row.head.number == feed->row.start
               ? hub_told_feed(engine, feed, feed->row.start)->row.head
               : feed->row.head;
}

/* How far the feeds of @device are here, and at others. */
static void measure(const struct hub_engine *engine,
                    const struct hub_origin *device, uint64_t *out_here,
                    uint64_t *out_told)
{
    *out_here = *out_told = 0;
    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *row = &engine->origins[i]->row;

        if (row->root == device->row.root) {
            *out_here =
                row->head.number > *out_here ? row->head.number : *out_here;
            *out_told = row->told > *out_told ? row->told : *out_told;
        }
    }
}

uint64_t hub_told_newest(const struct hub_engine *engine,
                         const struct hub_origin *device)
{
    uint64_t here, told;

    measure(engine, device, &here, &told);
    return here > told ? here : told;
}

bool hub_told_note(struct hub_origin *feed, uint64_t seq)
{
    if (feed == NULL) {
        return false;
    }
    if (seq > feed->row.told) {
        feed->row.told = seq;
        feed->is_dirty = true;
    }
    return feed->back.is_back || !feed->back.is_due;
}

bool hub_told_is_torn(const struct hub_engine *engine,
                      const struct hub_origin *device)
{
    uint64_t here, told;

    measure(engine, device, &here, &told);
    return told > here && !hub_recovery_waits(engine, device);
}
