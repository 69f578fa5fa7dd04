/*
 * What a device may undo or send in a day, counted durably: with its first row,
 * in the transaction that commits or holds back what used it.
 */
#include "hub_quota.h"
#include "hub_row.h"
#include "tip_clock.h"

#define DAY_MS (UINT64_C(24) * 60 * 60 * 1000)

uint64_t hub_quota_today(struct hub_engine *engine)
{
    uint64_t day = engine->opts.clock->now_ms(engine->opts.clock) / DAY_MS;

    if (tip_calendar_note(&engine->calendar, day, engine->order.commit)) {
        engine->calendar_is_dirty = true;
    }
    return day;
}

const struct tip_quota_limits *hub_engine_quota(const struct hub_engine *engine)
{
    return &engine->opts.quota;
}

struct tip_quota_use hub_engine_quota_use(const struct hub_engine *engine,
                                          const struct tip_quota_use *use)
{
    uint64_t day = engine->opts.clock->now_ms(engine->opts.clock) / DAY_MS;

    return day > use->day ? (struct tip_quota_use){.day = day} : *use;
}

/* Whose row counts for all feeds of the device of @feed: what waits in one that
 * is closed may be judged long after another was opened. */
static struct hub_origin *counted_at(struct hub_engine *engine,
                                     const struct hub_origin *feed)
{
    return hub_engine_origin(engine, feed->row.root);
}

struct tip_quota_use hub_quota_used(struct hub_engine *engine,
                                    const struct hub_origin *origin)
{
    return counted_at(engine, origin)->row.use;
}

bool hub_quota_note(struct hub_engine *engine, struct hub_origin *origin,
                    uint64_t change_sets, uint64_t bytes)
{
    struct hub_origin *device = counted_at(engine, origin);

    device->is_dirty = true;
    return tip_quota_note(&device->row.use, &engine->opts.quota,
                          hub_quota_today(engine), change_sets, bytes);
}

bool hub_quota_is_over(struct hub_engine *engine,
                       const struct hub_origin *origin)
{
    const struct tip_quota_limits *limits = &engine->opts.quota;
    struct tip_quota_use used = hub_quota_used(engine, origin);
    struct tip_quota_use use = hub_engine_quota_use(engine, &used);

    return (limits->change_sets != 0 &&
            use.change_sets > limits->change_sets) ||
           (limits->bytes != 0 && use.bytes > limits->bytes);
}

bool hub_engine_is_over_quota(struct hub_engine *engine, uint32_t origin)
{
    const struct hub_origin *device = hub_engine_origin(engine, origin);

    return device != NULL && hub_quota_is_over(engine, device);
}

bool hub_quota_is_full(const struct hub_engine *engine,
                       const struct hub_origin *origin)
{
    uint64_t limit = engine->opts.quota.waiting;

    return limit != 0 && origin->held_count >= limit;
}

bool hub_quota_take(struct hub_engine *engine,
                    const struct hub_arrival *arrival)
{
    const struct tip_change_set *set = arrival->set;
    struct hub_origin *device = counted_at(engine, arrival->origin);
    struct tip_quota_cost cost = {.deletions = 0};
    uint64_t day = hub_quota_today(engine);
    uint64_t old =
        tip_calendar_old(&engine->calendar, engine->opts.quota.old_days);

    for (size_t i = 0; i < set->record_count; i++) {
        size_t count;
        const struct tip_change *changes = tip_change_set_part(set, i, &count);

        tip_quota_count(&arrival->targets.stored[i].record, set, changes, count,
                        old, &cost);
    }
    if (cost.deletions == 0 && cost.overwrites == 0) {
        return true;
    }
    device->is_dirty = true;
    return tip_quota_take(&device->row.use, &engine->opts.quota, day, &cost);
}
