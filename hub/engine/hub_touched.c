/* A late office has commits that are void: it is sent those records whole. */
#include <stdlib.h>

#include "hub_replay.h"
#include "tip_merge.h"

enum tip_err hub_touched_note(struct hub_replay *replay, uint32_t ordinal)
{
    uint32_t *larger;

    if (replay->late == NULL || ordinal == 0) {
        return TIP_OK;
    }
    larger = hub_lost_grown(replay->touched, replay->touched_count,
                            &replay->touched_capacity, sizeof *replay->touched);
    if (larger == NULL) {
        return TIP_ENOMEM;
    }
    replay->touched = larger;
    replay->touched[replay->touched_count++] = ordinal;
    return TIP_OK;
}

enum tip_err hub_touched_note_all(struct hub_replay *replay,
                                  const struct tip_change_set *set)
{
    struct hub_arrival arrival;
    enum tip_err err = hub_judge_find(replay->engine, set, &arrival);

    for (size_t i = 0; err == TIP_OK && i < set->record_count; i++) {
        err = hub_touched_note(replay, arrival.targets.ordinals[i]);
    }
    tip_arena_clear(&replay->engine->work);
    return err;
}

static int compare_ordinals(const void *a, const void *b)
{
    const uint32_t *first = a;
    const uint32_t *second = b;

    return *first < *second ? -1 : *first > *second ? 1 : 0;
}

enum tip_err hub_touched_send(struct hub_replay *replay)
{
    struct hub_engine *engine = replay->engine;
    uint32_t office = replay->late->row.device.office;
    struct hub_channel *channel = hub_engine_channel(engine, office);
    enum tip_err err = TIP_OK;

    if (replay->touched_count > 0) {
        qsort(replay->touched, replay->touched_count, sizeof *replay->touched,
              compare_ordinals);
    }
    for (size_t i = 0; i < replay->touched_count && err == TIP_OK; i++) {
        struct tip_wire_record stored;

        if (i > 0 && replay->touched[i] == replay->touched[i - 1]) {
            continue;
        }
        err = tip_record_table_load(&engine->records, engine->txn,
                                    replay->touched[i], &engine->work, &stored);
        if (err == TIP_OK &&
            tip_merge_contains(&stored.record, TIP_FIELD_OFFICES, office)) {
            err = hub_channel_append_state(engine, channel, &stored.record,
                                           engine->order.commit);
        }
        tip_arena_clear(&engine->work);
    }
    return err;
}
