#include "hub_torn.h"

#include "hub_erase.h"
#include "hub_recovery.h"
#include "hub_row.h"
#include "tip_ctl.h"
#include "tip_envelope.h"
#include "tip_store.h"
#include "tip_wire_ctl.h"

static size_t index_of(uint32_t channel)
{
    return channel == TIP_CHANNEL_REF   ? HUB_CHANNEL_REF
           : channel == TIP_CHANNEL_CTL ? HUB_CHANNEL_CTL
                                        : HUB_CHANNELS_FIXED;
}

struct hub_torn *hub_torn_of(struct hub_origin *device, uint32_t channel)
{
    size_t i = index_of(channel);

    return i == HUB_CHANNELS_FIXED || device->torn[i].last == 0
               ? NULL
               : &device->torn[i];
}

bool hub_torn_is_owed(const struct hub_origin *device)
{
    bool is_owed = false;

    for (size_t i = 0; i < HUB_CHANNELS_FIXED; i++) {
        is_owed = is_owed || device->torn[i].at.number < device->torn[i].last;
    }
    return is_owed;
}

enum tip_err hub_torn_note_border(struct hub_engine *engine,
                                  const struct hub_channel *channel,
                                  uint32_t generation)
{
    return index_of(channel->row.channel) == HUB_CHANNELS_FIXED
               ? TIP_OK
               : hub_row_note_border(engine->txn, channel->row.channel,
                                     generation, &channel->row.head);
}

/* How far @channel is shared with whoever has nothing later than @generation:
 * our own rows say so, or each greeting would cost a look at all frames. */
static enum tip_err find_common(struct hub_engine *engine,
                                const struct hub_channel *channel,
                                uint32_t generation, struct tip_head *out_head)
{
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = hub_row_load_border(txn, channel->row.channel, generation,
                                  out_head);
    }
    if (err == TIP_ENOTFOUND) {
        *out_head = channel->row.head;
        err = TIP_OK;
    }
    return err;
}

enum tip_err hub_torn_note(struct hub_engine *engine, struct hub_origin *device,
                           const struct tip_channel_position *position)
{
    size_t i = index_of(position->channel);
    struct hub_channel *channel;
    struct hub_torn torn = {.last = position->head.number};
    enum tip_err err;

    if (i == HUB_CHANNELS_FIXED) {
        return TIP_OK;
    }
    device->torn[i] = (struct hub_torn){.last = 0};
    if (engine->recovery.is_open || torn.last == 0 ||
        position->generation >= engine->order.generation) {
        return TIP_OK;
    }
    channel = &engine->channels[i];
    err = find_common(engine, channel, position->generation, &torn.at);
    torn.common = torn.at.number;
    if (err != TIP_OK || torn.last <= torn.common) {
        return err;
    }
    device->torn[i] = torn;
    if (torn.common == channel->row.head.number) {
        channel->row.has_news = true; /* A frame of ours is to follow. */
        channel->is_dirty = true;
    }
    return TIP_OK;
}

void hub_torn_say(struct hub_origin *device, uint32_t generation,
                  struct tip_welcome *welcome)
{
    for (size_t i = 0; i < device->session.channel_count; i++) {
        struct tip_hub_channel *sent = &device->session.channels[i];
        const struct hub_torn *torn = hub_torn_of(device, sent->channel);

        if (torn == NULL) {
            continue;
        }
        sent->next = torn->common + 1;
        sent->sent = sent->got = torn->common;
        welcome->channels[welcome->channel_count++] =
            (struct tip_channel_position){.channel = sent->channel,
                                          .generation = generation,
                                          .head = {.number = torn->at.number}};
    }
}

/* What somebody erased and only this office was told of. */
static enum tip_err obey(struct hub_engine *engine, const struct tip_item *item)
{
    struct tip_ctl control;
    enum tip_err err = item->kind == TIP_ITEM_CONTROL
                           ? tip_wire_ctl_decode(item->control, &control)
                           : TIP_EUNSUPPORTED;

    if (err == TIP_OK && control.kind == TIP_CTL_ERASE) {
        return hub_erase_again_for_all(engine, &control.erase);
    }
    return err == TIP_EUNSUPPORTED ? TIP_OK : err;
}

static enum tip_err obey_all(struct hub_engine *engine,
                             const struct hub_channel *channel,
                             const struct tip_frame_header *header,
                             const struct tip_wire_frame *parts)
{
    const uint64_t erased = engine->sweep.through;
    struct tip_down_body body;
    enum tip_err err =
        hub_handback_open(engine, channel, header, parts, &engine->held, &body);

    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    for (size_t i = 0; err == TIP_OK && i < body.item_count; i++) {
        err = obey(engine, &body.items[i]);
        if (err != TIP_OK) {
            hub_engine_fail(engine, err);
        }
    }
    tip_arena_clear(&engine->held);
    return err == TIP_OK && engine->sweep.through != erased
               ? hub_engine_release(engine) /* What waited for that alone. */
               : err;
}

enum tip_err hub_torn_frame(struct hub_engine *engine,
                            struct hub_origin *device,
                            const struct tip_frame_header *header,
                            const struct tip_wire_frame *parts)
{
    struct hub_torn *torn = hub_torn_of(device, header->channel);
    struct tip_head previous = torn->at;
    struct tip_head head;
    bool is_proven; /* Of REF nothing is taken from it. */
    enum tip_err err;

    if (header->first <= torn->at.number) {
        return TIP_EEXISTS;
    }
    if (header->first != torn->at.number + 1 ||
        header->generation >= engine->order.generation) {
        return TIP_EPROTOCOL;
    }
    err = hub_handback_verify(engine, device, header, parts, &previous, &head,
                              &is_proven);
    if (err == TIP_OK && header->channel == TIP_CHANNEL_CTL) {
        err =
            obey_all(engine, &engine->channels[HUB_CHANNEL_CTL], header, parts);
    }
    if (err == TIP_OK) {
        torn->at = head;
    }
    return err;
}
