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

const struct hub_origin *hub_told_feed_behind(const struct hub_engine *engine,
                                              const struct hub_origin *device,
                                              uint64_t seq)
{
    const struct hub_origin *next = NULL;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *member = engine->origins[i];

        if (member->row.root == device->row.root && member->row.start >= seq &&
            member->row.head.number > member->row.start &&
            (next == NULL || member->row.start < next->row.start)) {
            next = member;
        }
    }
    return next;
}

struct tip_head hub_told_head(struct hub_engine *engine,
                              const struct hub_origin *device)
{
    const struct hub_origin *newest =
        hub_engine_origin(engine, device->row.root);

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *member = engine->origins[i];

        if (member->row.root == device->row.root &&
            member->row.head.number > member->row.start &&
            member->row.head.number > newest->row.head.number) {
            newest = member;
        }
    }
    return newest->row.head;
}

uint64_t hub_told_newest(const struct hub_engine *engine,
                         const struct hub_origin *device)
{
    uint64_t newest = 0;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *row = &engine->origins[i]->row;

        if (row->root == device->row.root) {
            newest = row->head.number > newest ? row->head.number : newest;
            newest = row->told > newest ? row->told : newest;
        }
    }
    return newest;
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
    bool is_torn = false;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *row = &engine->origins[i]->row;

        is_torn = is_torn || (row->root == device->row.root &&
                              !row->is_closed && row->told > row->head.number);
    }
    return is_torn && !hub_recovery_waits(engine, device);
}
