#include "hub_torn.h"

#include "hub_erase.h"
#include "hub_recovery.h"
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

static const struct tip_sign_public *own_key(const struct hub_engine *engine)
{
    return &tip_device_keys_public(engine->opts.keys)->sign;
}

/* Our frame @index of @channel. */
static enum tip_err load(struct hub_engine *engine, uint32_t channel,
                         uint64_t index, struct tip_frame_header *out_header,
                         struct tip_wire_frame *out_parts)
{
    struct tip_bytes frame;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_txn_get(txn, TIP_TABLE_FRAME_DOWN, TIP_KEY(channel, index),
                          &frame);
    }
    return err == TIP_OK ? tip_envelope_read(frame, out_parts, out_header)
                         : err;
}

/* The newest of our frames of @channel that is of @generation or before. */
static enum tip_err find_common(struct hub_engine *engine,
                                const struct hub_channel *channel,
                                uint32_t generation, uint64_t *out_common)
{
    uint64_t common = channel->row.head.number;
    enum tip_err err = TIP_OK;

    for (; common > 0; common--) {
        struct tip_frame_header header;
        struct tip_wire_frame parts;

        err = load(engine, channel->row.channel, common, &header, &parts);
        if (err != TIP_OK || header.generation <= generation) {
            break;
        }
    }
    *out_common = common;
    return err;
}

/* The head of our chain behind frame @index of @channel. */
static enum tip_err head_behind(struct hub_engine *engine, uint32_t channel,
                                uint64_t index, struct tip_head *out_head)
{
    enum tip_err err = TIP_OK;

    *out_head = (struct tip_head){.number = 0};
    for (uint64_t i = 1; i <= index && err == TIP_OK; i++) {
        struct tip_frame_header header;
        struct tip_wire_frame parts;

        err = load(engine, channel, i, &header, &parts);
        if (err == TIP_OK && i == 1) {
            tip_envelope_start(&header, out_head);
        }
        if (err == TIP_OK) {
            err = tip_envelope_verify(own_key(engine), &header, &parts,
                                      out_head, out_head);
        }
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
    err = find_common(engine, channel, position->generation, &torn.common);
    if (err != TIP_OK || torn.last <= torn.common) {
        return err;
    }
    err = head_behind(engine, position->channel, torn.common, &torn.at);
    if (err == TIP_OK) {
        device->torn[i] = torn;
        channel->row.has_news = true; /* A frame of ours is to follow. */
        channel->is_dirty = true;
    }
    return err;
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
    return err;
}

enum tip_err hub_torn_frame(struct hub_engine *engine,
                            struct hub_origin *device,
                            const struct tip_frame_header *header,
                            const struct tip_wire_frame *parts)
{
    struct hub_torn *torn = hub_torn_of(device, header->channel);
    struct tip_head previous = torn->at;
    struct tip_head head;
    enum tip_err err;

    if (header->first <= torn->at.number) {
        return TIP_EEXISTS;
    }
    if (header->first != torn->at.number + 1 ||
        header->generation >= engine->order.generation) {
        return TIP_EPROTOCOL;
    }
    if (previous.number == 0) {
        tip_envelope_start(header, &previous);
    }
    err =
        tip_envelope_verify_left(own_key(engine), &device->row.device.keys.sign,
                                 header, parts, &previous, &head);
    if (err == TIP_OK && header->channel == TIP_CHANNEL_CTL) {
        err =
            obey_all(engine, &engine->channels[HUB_CHANNEL_CTL], header, parts);
    }
    if (err == TIP_OK) {
        torn->at = head;
    }
    return err;
}
