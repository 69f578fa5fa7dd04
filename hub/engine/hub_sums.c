#include "hub_sums.h"

#include <stdlib.h>
#include <string.h>

#include "hub_engine_internal.h"
#include "tip_secret.h"

void hub_sums_begin(struct hub_engine *engine)
{
    struct hub_sums *sums = &engine->scrub.sums;

    hub_sums_forget(engine);
    sums->items = calloc(engine->channel_count, sizeof *sums->items);
    sums->count = sums->items == NULL ? 0 : engine->channel_count;
    for (size_t i = 0; i < sums->count; i++) {
        sums->items[i].key = engine->channels[i].digest_key;
    }
}

void hub_sums_forget(struct hub_engine *engine)
{
    struct hub_sums *sums = &engine->scrub.sums;

    if (sums->count != 0) {
        tip_secret_wipe(sums->items, sums->count * sizeof *sums->items);
    }
    free(sums->items);
    *sums = (struct hub_sums){.items = NULL};
}

enum tip_err hub_sums_read(struct hub_engine *engine,
                           const struct tip_record *record)
{
    struct hub_sums *sums = &engine->scrub.sums;
    struct tip_held_record held;
    enum tip_err err = TIP_OK;

    if (sums->count != 0) {
        err = tip_holding_prepare(record, &engine->work, &held);
    }
    for (size_t i = 0; i < sums->count && err == TIP_OK; i++) {
        if (tip_holding_has(record, engine->channels[i].row.channel)) {
            tip_holding_add(&sums->items[i].holding, &sums->items[i].key,
                            &held);
        }
    }
    return err;
}

void hub_sums_change(struct hub_engine *engine, uint32_t ordinal, size_t i,
                     const struct tip_held_record *held, bool is_added)
{
    struct hub_sums *sums = &engine->scrub.sums;

    if (i < sums->count && ordinal < engine->scrub.base.next) {
        (is_added ? tip_holding_add : tip_holding_remove)(
            &sums->items[i].holding, &sums->items[i].key, held);
    }
}

/* An office that has had no device since, or has another, is not compared. */
static bool is_comparable(const struct hub_channel *channel,
                          const struct hub_sum *sum)
{
    return channel->has_key && channel->is_counted &&
           memcmp(&sum->key, &channel->digest_key, sizeof sum->key) == 0;
}

void hub_sums_end(struct hub_engine *engine)
{
    struct hub_sums *sums = &engine->scrub.sums;

    for (size_t i = 0; i < sums->count; i++) {
        struct hub_channel *channel = &engine->channels[i];
        const struct hub_sum *sum = &sums->items[i];

        if (is_comparable(channel, sum) &&
            memcmp(&sum->holding, &channel->holding, sizeof sum->holding) !=
                0) {
            channel->is_counted = false;
            tip_survey_tell(&engine->scrub.base.survey, TIP_INSPECT_HOLDING,
                            channel->row.channel, 0);
        }
    }
    hub_sums_forget(engine);
}
