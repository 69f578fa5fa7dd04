/* What waits for the hub, and what else the node says of itself. */
#include "node_budget.h"
#include "node_engine_internal.h"
#include "tip_clock.h"
#include "tip_store.h"

enum {
    NODE_TELL_MS = 3600 * 1000,   /* How it is, while a session lasts… */
    NODE_TELL_SOON_MS = 10 * 1000 /* …and with news, but not more often. */
};

uint64_t node_engine_waiting_ms(struct node_engine *engine)
{
    struct tip_change_set set;
    uint64_t now = engine->opts.clock->now_ms(engine->opts.clock);
    uint64_t age = 0;
    size_t bytes;

    if (node_save_load(engine, engine->session.confirmed.number + 1,
                       &engine->work, &set, &bytes) == TIP_OK) {
        uint64_t saved = tip_stamp_unix_ms(set.stamp);

        age = now > saved ? now - saved : 0;
    }
    tip_arena_clear(&engine->work);
    return age;
}

uint64_t node_engine_waiting_bytes(struct node_engine *engine)
{
    enum { SAMPLE = 16 };
    uint64_t first = engine->session.confirmed.number + 1;
    uint64_t count = engine->feed.saved + 1 - first;
    uint64_t looked = 0, raw = 0;

    while (looked < SAMPLE && looked < count) {
        struct tip_change_set set;
        size_t bytes = 0;
        enum tip_err err =
            node_save_load(engine, first + looked, &engine->work, &set, &bytes);

        tip_arena_clear(&engine->work);
        if (err != TIP_OK) {
            break;
        }
        raw += bytes;
        looked++;
    }
    return looked == 0
               ? 0
               : tip_wire_cut_expect(&engine->cut, raw * count / looked);
}

void node_engine_set_health(struct node_engine *engine,
                            const struct tip_health *health)
{
    engine->health = *health;
}

struct tip_health node_health_now(struct node_engine *engine)
{
    struct tip_health health = engine->health;
    struct tip_store_usage usage =
        engine->opts.store->usage(engine->opts.store);

    health.clock_ms = engine->opts.clock->now_ms(engine->opts.clock);
    health.catalogue = engine->opts.catalogue;
    health.saved = engine->feed.saved;
    health.waiting_ms = node_engine_waiting_ms(engine);
    health.waiting_bytes = node_engine_waiting_bytes(engine);
    health.records = engine->channels[NODE_CHANNEL_OWN].holding.count;
    health.erased = engine->sweep.done;
    health.disk_used_bytes = usage.used_bytes;
    health.disk_limit_bytes = usage.limit_bytes - usage.reserve_bytes;
    health.scrub_ms = engine->scrub.base.done_ms;
    health.goodput_bps = tip_goodput_bps(&engine->session.goodput);
    return health;
}

void node_health_told(struct node_engine *engine)
{
    engine->told_ms = node_engine_now_ms(engine);
    engine->has_news = false;
}

void node_engine_tell(struct node_engine *engine)
{
    engine->has_news = true;
}

void node_health_tell(struct node_engine *engine)
{
    struct tip_message message = {.kind = TIP_MESSAGE_HEALTH};
    uint64_t age_ms = node_engine_now_ms(engine) - engine->told_ms;

    if (engine->session.state != TIP_NODE_LIVE ||
        age_ms < (engine->has_news ? NODE_TELL_SOON_MS : NODE_TELL_MS)) {
        return;
    }
    message.health = node_health_now(engine);
    if (tip_talk_send(&engine->talk, engine->opts.link, 0, &message) ==
        TIP_OK) {
        node_health_told(engine);
        node_budget_spend(engine, TIP_BUDGET_WORDS_BYTES);
    }
}

void node_clock_note(struct node_engine *engine, uint64_t hub_ms)
{
    uint64_t now_ms = engine->opts.clock->now_ms(engine->opts.clock);

    /* It looked half a round trip ago, or so. */
    engine->clock_offset_ms =
        (int64_t)(now_ms - hub_ms - engine->session.round_trip_ms / 2);
}
