/*
 * A restore begins a generation, in which nothing was ever given: neither
 * before the backup nor since, as far as anybody can know.
 */
#include "hub_recovery.h"
#include "hub_retire.h"
#include "hub_row.h"
#include "tip_clock.h"
#include "tip_link.h"

enum {
    /* New numbers of the hub's own change-sets: none that was lost may come
     * back and find its number taken. */
    SEQ_SHIFT = 40,
    /* More origins than are given in a generation: none is given twice. */
    ORIGINS_SKIPPED = 10000,
    /* A prime: so two restores are told apart, by their ids, that count as the
     * same because a home was lost… */
    GENERATIONS_SPREAD = 31,
    /* …and one from the next, with room for who begins by hand. */
    GENERATIONS_APART = 64,
    /* More often than one backup is put back: who claims more may lie. */
    GENERATIONS_SKIPPED = 16 * GENERATIONS_APART
};

/* What comes behind this is to be taken up when the recovery is finished; and
 * what came since an earlier restore and was not. */
static enum tip_err keep_channels(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        struct hub_channel *channel = &engine->channels[i];

        channel->kept = hub_recovery_taken_up(engine, channel);
        err = hub_row_store_kept(engine->txn, channel->row.channel,
                                 channel->kept);
    }
    return err;
}

static enum tip_err begin_all(struct hub_engine *engine)
{
    enum tip_err err = keep_channels(engine);

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_origin *origin = engine->origins[i];

        tip_hub_session_down(&origin->session);
        if (hub_device_is_out(&origin->row.device)) {
            continue; /* It does not call any more. */
        }
        /* One that was not back from an earlier restore either goes on from
         * there: nothing of it was taken up since. */
        if (!origin->back.is_due) {
            origin->back.taken = origin->row.head.number;
        }
        origin->back.is_due = true;
        origin->back.is_back = false;
        err = hub_row_store_return(engine->txn, origin->row.device.origin,
                                   &origin->back);
    }
    return err;
}

/* Go on in @generation, in which nothing was ever given. */
static void rise(struct hub_engine *engine, uint32_t generation)
{
    struct hub_order_row *order = &engine->order;
    const uint64_t seq = (uint64_t)generation << SEQ_SHIFT;

    order->origin += (generation - order->generation) * ORIGINS_SKIPPED;
    order->generation = generation;
    order->commit = tip_commit_make(generation, 0);
    order->seq = order->seq > seq ? order->seq : seq;
    engine->order_is_dirty = true;
}

/* Let all but @device greet us anew. */
static void hang_up(struct hub_engine *engine, const struct hub_origin *device)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *other = engine->origins[i];

        if (other != device && other->session.is_live) {
            tip_hub_session_down(&other->session);
            tip_link_drop(engine->opts.link, other->row.device.origin);
        }
    }
}

enum tip_err hub_recovery_outrun(struct hub_engine *engine,
                                 const struct hub_origin *device,
                                 uint32_t generation)
{
    /* From where the recovery began, or who calls again and again could use
     * all generations up. */
    const uint32_t from = tip_commit_generation(engine->recovery.follows);
    enum tip_err err;

    if (!engine->recovery.is_open || generation < engine->order.generation ||
        generation - from > GENERATIONS_SKIPPED) {
        return TIP_OK;
    }
    err = hub_engine_write(engine);
    if (err == TIP_OK) {
        rise(engine, generation + 1);
        hang_up(engine, device);
    }
    return err;
}

/* The generation after restore @id; 0: after none. The same backup may have
 * been put back before, which it does not know: the home has counted that,
 * unless it was lost too. Whoever heard of that generation may come after we go
 * on. */
static uint32_t generation_after(const struct hub_engine *engine, uint64_t id)
{
    const uint32_t count = engine->opts.restored_count;
    const uint32_t before = engine->recovery.count;
    const uint32_t next = engine->order.generation + 1;

    return id == 0
               ? next
               : next + (uint32_t)(id % GENERATIONS_SPREAD) +
                     (count > before ? count - before : 0) * GENERATIONS_APART;
}

enum tip_err hub_engine_recovery_begin(struct hub_engine *engine, uint64_t id)
{
    const uint32_t generation = generation_after(engine, id);
    const uint64_t follows = engine->recovery.is_open ? engine->recovery.follows
                                                      : engine->order.commit;
    enum tip_err err = hub_engine_flush(engine);

    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = begin_all(engine);
    engine->recovery = (struct hub_recovery_row){
        .id = id == 0 ? engine->recovery.id : id,
        .count = id == 0 ? engine->recovery.count : engine->opts.restored_count,
        .is_open = engine->origin_count > 0,
        .follows = follows,
        .started_ms = engine->opts.clock->now_ms(engine->opts.clock)};
    engine->recovery_noted_ms =
        engine->opts.clock->elapsed_ms(engine->opts.clock);
    rise(engine, generation);
    if (err == TIP_OK) {
        err = hub_row_store_recovery(engine->txn, &engine->recovery);
    }
    if (err != TIP_OK) {
        hub_engine_fail(engine, err);
    }
    return hub_engine_flush(engine);
}
