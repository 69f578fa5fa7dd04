/*
 * Who is back since the hub was restored: a device is, whatever feeds it writes
 * under, once all it said to have is here.
 */
#include <string.h>

#include "hub_continue.h"
#include "hub_recovery.h"
#include "hub_row.h"
#include "hub_torn.h"
#include "tip_clock.h"
#include "tip_envelope.h"

/* Does a device hand back what is in @channel, since a restore? */
static bool is_owed(const struct hub_engine *engine, uint32_t channel)
{
    bool is_due = engine->recovery.is_open;

    for (size_t i = 0; i < engine->origin_count && !is_due; i++) {
        const struct hub_origin *origin = engine->origins[i];

        is_due = origin->row.device.office == channel && origin->back.is_due;
    }
    return is_due;
}

uint64_t hub_recovery_taken_up(const struct hub_engine *engine,
                               const struct hub_channel *channel)
{
    return is_owed(engine, channel->row.channel) ? channel->kept
                                                 : channel->row.head.number;
}

/* How far the feeds of @device are here; seqs run on from one to the next. */
static uint64_t newest_of(const struct hub_engine *engine,
                          const struct hub_origin *device)
{
    uint64_t newest = 0;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *row = &engine->origins[i]->row;

        if (row->root == device->row.root && row->head.number > newest) {
            newest = row->head.number;
        }
    }
    return newest;
}

/* Is something that @device said to have still on its way, of a feed that was
 * closed since the backup? The control log tells before that how it goes on. */
static bool is_feed_owed(const struct hub_engine *engine,
                         const struct hub_origin *device)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *feed = engine->origins[i];
        uint64_t head = feed->row.head.number;

        if (feed->row.root == device->row.root && feed->back.is_ended &&
            head < feed->back.end && head < device->has_framed) {
            return true;
        }
    }
    return false;
}

static bool has_handed_back(struct hub_engine *engine,
                            const struct hub_origin *origin)
{
    const uint32_t channels[] = {origin->row.device.office, TIP_CHANNEL_REF,
                                 TIP_CHANNEL_CTL};

    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        const struct hub_channel *channel =
            hub_engine_channel(engine, channels[i]);

        if (channel == NULL || channel->row.head.number < origin->has[i]) {
            return false;
        }
    }
    return newest_of(engine, origin) >= origin->has_framed &&
           !is_feed_owed(engine, origin) && !hub_torn_is_owed(origin);
}

/* Note that all feeds of @device are back. */
static enum tip_err note_back(struct hub_engine *engine,
                              const struct hub_origin *device)
{
    enum tip_err err = hub_engine_write(engine);

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_origin *feed = engine->origins[i];

        if (feed->row.root == device->row.root && feed->back.is_due) {
            feed->back.is_back = true;
            err = hub_row_store_return(engine->txn, feed->row.device.origin,
                                       &feed->back);
        }
    }
    return err;
}

void hub_recovery_note(struct hub_engine *engine, struct hub_origin *origin)
{
    enum tip_err err;

    origin->back_ms = engine->opts.clock->elapsed_ms(engine->opts.clock);
    if (!origin->back.is_due || origin->back.is_back ||
        !has_handed_back(engine, origin)) {
        return;
    }
    err = note_back(engine, origin);
    if (err != TIP_OK) {
        hub_engine_fail(engine, err);
    }
}

enum tip_err hub_recovery_take(struct hub_engine *engine,
                               struct hub_origin *origin,
                               struct tip_bytes frame)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    if (err != TIP_OK) {
        return err;
    }
    err = header.is_down ? hub_handback_frame(engine, origin, frame)
                         : hub_feed_frame(engine, origin, frame);
    if (err == TIP_EHUB_TWICE) {
        tip_hub_session_down(&origin->session);
        origin->refusal_due = err;
    }
    /* Another may have handed back the same before. */
    if ((err == TIP_OK || err == TIP_EEXISTS) && origin->back.is_due) {
        hub_continue_close_reached(engine, origin);
        hub_recovery_note(engine, origin);
    }
    return err;
}

bool hub_recovery_offers(const struct hub_engine *engine,
                         const struct hub_origin *origin)
{
    return !hub_recovery_waits(engine, origin) && !hub_torn_is_owed(origin);
}

/* Has the node more of a channel than there ever was, by what is known here? A
 * hub that was restored has lost frames of the generations before, until it has
 * them back. */
static bool is_ahead(struct hub_engine *engine, struct hub_origin *origin,
                     const struct tip_hello *hello)
{
    for (size_t i = 0; i < hello->channel_count; i++) {
        const struct tip_channel_position *position = &hello->channels[i];
        const struct hub_channel *channel =
            hub_engine_channel(engine, position->channel);

        if (hub_torn_of(origin, position->channel) != NULL) {
            continue; /* It hands that back, and takes up ours. */
        }
        if ((!origin->back.is_due || position->head.number > INT64_MAX ||
             position->generation >= engine->order.generation) &&
            position->head.number >
                (channel == NULL ? 0 : channel->row.head.number)) {
            return true;
        }
    }
    return false;
}

/* The newest generation of which we have not told @origin since we run, and it
 * knows. While a recovery is open no frame is cut in ours. */
static uint32_t newest_generation(const struct hub_origin *origin,
                                  const struct tip_hello *hello)
{
    uint32_t newest =
        hello->generation == origin->welcomed ? 0 : hello->generation;

    for (size_t i = 0; i < hello->channel_count; i++) {
        uint32_t generation = hello->channels[i].generation;

        newest = generation > newest ? generation : newest;
    }
    return newest;
}

void hub_recovery_greet(struct hub_engine *engine, struct hub_origin *origin,
                        const struct tip_hello *hello)
{
    enum tip_err err =
        hub_recovery_outrun(engine, origin, newest_generation(origin, hello));

    if (err != TIP_OK) {
        hub_engine_fail(engine, err);
    }
    origin->has_framed = hello->newest.number;
    memset(origin->has, 0, sizeof origin->has);
    for (size_t i = 0; i < hello->channel_count && err == TIP_OK; i++) {
        err = hub_torn_note(engine, origin, &hello->channels[i]);
    }
    origin->is_ahead = is_ahead(engine, origin, hello);
    for (size_t i = 0; i < hello->channel_count; i++) {
        const struct tip_channel_position *position = &hello->channels[i];
        size_t at = position->channel == TIP_CHANNEL_REF   ? 1
                    : position->channel == TIP_CHANNEL_CTL ? 2
                                                           : 0;

        if (position->generation < engine->order.generation &&
            hub_torn_of(origin, position->channel) == NULL) {
            origin->has[at] = position->head.number;
        }
    }
    if (err == TIP_OK) { /* Else nobody can tell: it greets again. */
        hub_recovery_note(engine, origin);
    }
}

void hub_recovery_say(struct hub_engine *engine, struct hub_origin *origin,
                      struct tip_welcome *welcome)
{
    hub_torn_say(origin, engine->order.generation, welcome);
    for (size_t i = 0; i < origin->session.channel_count; i++) {
        const struct tip_hub_channel *sent = &origin->session.channels[i];
        const struct hub_channel *channel =
            hub_engine_channel(engine, sent->channel);
        struct tip_channel_position *said =
            &welcome->channels[welcome->channel_count];

        if (channel != NULL && sent->got > channel->row.head.number) {
            *said = (struct tip_channel_position){.channel = sent->channel,
                                                  .generation =
                                                      engine->order.generation,
                                                  .head = channel->row.head};
            welcome->channel_count++;
        }
    }
}
