/*
 * After the store has gone back in time.
 *
 * Nodes know commits that this store does not. So the generation rises, and
 * before anything is committed in it every office hands back the hub's frames
 * it has beyond ours, then its own. What comes is kept and acknowledged at
 * once; it takes its place in the order when all are back, or when somebody
 * does not want to wait any longer. An office that comes after that is taken
 * up alone.
 */
#include "hub_recovery.h"
#include "hub_continue.h"
#include "hub_row.h"
#include "hub_told.h"
#include "tip_clock.h"
#include "tip_ctl.h"
#include "tip_link.h"

enum { RETRY_MS = 60 * 1000, NOTE_MS = 60 * 1000 };

static uint64_t elapsed_ms(const struct hub_engine *engine)
{
    return engine->opts.clock->elapsed_ms(engine->opts.clock);
}

enum tip_err hub_recovery_load(struct hub_engine *engine)
{
    enum tip_err err = hub_row_load_recovery(engine->txn, &engine->recovery);

    engine->recovery_noted_ms = elapsed_ms(engine);
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_origin *origin = engine->origins[i];

        err = hub_row_load_return(engine->txn, origin->row.device.origin,
                                  &origin->back);
    }
    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        struct hub_channel *channel = &engine->channels[i];

        err = hub_row_load_kept(engine->txn, channel->row.channel,
                                &channel->kept);
    }
    return err;
}

enum tip_err hub_recovery_check(const struct hub_engine *engine)
{
    return engine->recovery.is_open ? TIP_ERECOVERING : TIP_OK;
}

bool hub_recovery_waits(const struct hub_engine *engine,
                        const struct hub_origin *origin)
{
    return engine->recovery.is_open || origin->back.is_due;
}

/* A device, and not one of the feeds it went on under. */
static bool is_device(const struct hub_origin *origin)
{
    return origin->row.root == origin->row.device.origin;
}

static size_t count_missing(const struct hub_engine *engine)
{
    size_t count = 0;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *origin = engine->origins[i];

        count +=
            is_device(origin) && origin->back.is_due && !origin->back.is_back
                ? 1
                : 0;
    }
    return count;
}

static uint64_t waited_ms(const struct hub_engine *engine)
{
    return engine->recovery.waited_ms + elapsed_ms(engine) -
           engine->recovery_noted_ms;
}

static bool has_waited(const struct hub_engine *engine)
{
    return engine->opts.recovery_ms != 0 &&
           waited_ms(engine) >= engine->opts.recovery_ms;
}

void hub_engine_recovery(const struct hub_engine *engine,
                         struct hub_recovery *out_recovery)
{
    const struct hub_recovery_row *row = &engine->recovery;

    *out_recovery = (struct hub_recovery){.is_open = row->is_open,
                                          .follows = row->follows,
                                          .started_ms = row->started_ms,
                                          .missing = count_missing(engine)};
    if (!row->is_open && row->started_ms != 0) {
        out_recovery->finished_ms = row->started_ms + row->waited_ms;
    }
    if (row->is_open && engine->opts.recovery_ms != 0) {
        out_recovery->ends_ms =
            engine->opts.clock->now_ms(engine->opts.clock) +
            (has_waited(engine) ? 0
                                : engine->opts.recovery_ms - waited_ms(engine));
    }
}

/* Nothing more waits for @origin. */
static enum tip_err settle(struct hub_engine *engine, struct hub_origin *origin)
{
    struct hub_channel *channel =
        hub_engine_channel(engine, origin->row.device.office);
    enum tip_err err;

    origin->back = (struct hub_return_row){.is_due = false};
    err = hub_row_remove_return(engine->txn, origin->row.device.origin);
    if (err == TIP_OK && channel != NULL) {
        channel->kept = channel->row.head.number;
        err = hub_row_store_kept(engine->txn, channel->row.channel,
                                 channel->kept);
    }
    /* What is there for it is offered from here on. */
    hub_hold_tell(engine, origin);
    return err;
}

/* @device is back, and nobody could tell of the feed it greeted for. */
static void refuse_lost(struct hub_engine *engine, struct hub_origin *device)
{
    if (is_device(device) && device->session.is_live &&
        hub_continue_member(engine, device, device->greeted) == NULL) {
        device->trouble = TIP_EFEED_LOST;
        device->refusal_due = TIP_EFEED_LOST;
        tip_hub_session_down(&device->session);
    }
}

/* @device is back, and others have more of it than it has: it greets anew, and
 * hears so. */
static void part_torn(struct hub_engine *engine, struct hub_origin *device)
{
    if (is_device(device) && hub_told_is_torn(engine, device)) {
        tip_hub_session_down(&device->session);
        tip_link_drop(engine->opts.link, device->row.device.origin);
    }
}

/* Nothing more waits for whoever is back; NULL: all are meant, else @device. */
static enum tip_err settle_back(struct hub_engine *engine,
                                const struct hub_origin *device)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_origin *feed = engine->origins[i];

        if (feed->back.is_back &&
            (device == NULL || feed->row.root == device->row.root)) {
            refuse_lost(engine, feed);
            err = settle(engine, feed);
            part_torn(engine, feed);
        }
    }
    return err;
}

/* What one office handed back late others may have forgotten. */
static void part_all_torn(struct hub_engine *engine)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        part_torn(engine, engine->origins[i]);
    }
}

static enum tip_err finish_one(struct hub_engine *engine,
                               struct hub_origin *origin)
{
    enum tip_err err = hub_engine_write(engine);

    if (err == TIP_OK) {
        err = hub_replay(engine, origin);
    }
    if (err == TIP_OK) {
        err = settle_back(engine, origin);
    }
    if (err == TIP_OK) {
        part_all_torn(engine);
    } else {
        hub_engine_fail(engine, err);
    }
    return err;
}

/* Say that commits after @row->follows which were not handed back are void. */
static enum tip_err announce(struct hub_engine *engine)
{
    const struct tip_ctl control = {
        .kind = TIP_CTL_GENERATION,
        .generation = {.generation = engine->order.generation,
                       .follows = engine->recovery.follows}};

    return hub_control_append(engine, &control);
}

/* By the clock, which may have been set back. */
static uint64_t since_start_ms(const struct hub_engine *engine)
{
    const uint64_t now_ms = engine->opts.clock->now_ms(engine->opts.clock);
    const uint64_t started_ms = engine->recovery.started_ms;

    return now_ms > started_ms ? now_ms - started_ms : 0;
}

enum tip_err hub_engine_recovery_finish(struct hub_engine *engine)
{
    enum tip_err err = engine->recovery.is_open ? hub_engine_write(engine)
                                                : TIP_ENOT_RECOVERING;

    if (err != TIP_OK) {
        return err;
    }
    err = hub_replay(engine, NULL);
    engine->recovery.is_open = false;
    engine->recovery.waited_ms = since_start_ms(engine);
    if (err == TIP_OK) {
        err = settle_back(engine, NULL);
    }
    if (err == TIP_OK) {
        err = hub_row_store_recovery(engine->txn, &engine->recovery);
    }
    if (err == TIP_OK) {
        err = announce(engine);
    }
    if (err != TIP_OK) {
        hub_engine_fail(engine, err);
    }
    return err;
}

/* A restart must not let everybody wait anew. */
static enum tip_err note_waited(struct hub_engine *engine)
{
    const uint64_t waited = waited_ms(engine);
    enum tip_err err;

    if (waited - engine->recovery.waited_ms < NOTE_MS) {
        return TIP_OK;
    }
    err = hub_engine_write(engine);
    if (err != TIP_OK) {
        return err;
    }
    engine->recovery.waited_ms = waited;
    engine->recovery_noted_ms = elapsed_ms(engine);
    err = hub_row_store_recovery(engine->txn, &engine->recovery);
    if (err != TIP_OK) {
        hub_engine_fail(engine, err);
    }
    return err;
}

/* Something on the way back was lost: let the node begin again. */
static void hurry(struct hub_engine *engine, struct hub_origin *origin)
{
    if (origin->back.is_due && !origin->back.is_back &&
        origin->session.is_live &&
        elapsed_ms(engine) - origin->back_ms > TIP_SESSION_STALL_MS) {
        tip_hub_session_down(&origin->session);
        tip_link_drop(engine->opts.link, origin->row.device.origin);
    }
}

static enum tip_err pump(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;

    if (engine->recovery.is_open) {
        return count_missing(engine) == 0 || has_waited(engine)
                   ? hub_engine_recovery_finish(engine)
                   : note_waited(engine);
    }
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        if (is_device(engine->origins[i]) && engine->origins[i]->back.is_back) {
            err = finish_one(engine, engine->origins[i]);
        }
    }
    return err;
}

enum tip_err hub_recovery_pump(struct hub_engine *engine)
{
    enum tip_err err;

    for (size_t i = 0; i < engine->origin_count; i++) {
        if (engine->opts.link != NULL) {
            hurry(engine, engine->origins[i]);
        }
    }
    if (elapsed_ms(engine) < engine->recovery_retry_ms) {
        return TIP_OK;
    }
    err = pump(engine);
    if (err == TIP_OK) {
        err = hub_engine_flush(engine);
    }
    /* It would fail again at once, and everybody would wait for it. */
    engine->recovery_retry_ms =
        err == TIP_OK ? 0 : elapsed_ms(engine) + RETRY_MS;
    return err;
}
