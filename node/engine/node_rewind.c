#include "node_rewind.h"

#include "node_control.h"
#include "tip_envelope.h"
#include "tip_store.h"
#include "tip_wire_down.h"

/* Number of the followed channel @channel, if it can be gone back on. */
static size_t index_of(const struct node_engine *engine, uint32_t channel)
{
    size_t i = 0;

    while (i < NODE_CHANNELS &&
           engine->channels[i].row.position.channel != channel) {
        i++;
    }
    return i == NODE_CHANNEL_OWN ? NODE_CHANNELS : i;
}

/* Has the hub asked for our frames from @header->first on at the latest, and
 * got all of them? */
static bool is_due(const struct node_engine *engine, size_t i,
                   const struct tip_frame_header *header)
{
    const struct tip_channel_position *position =
        &engine->channels[i].row.position;

    return header->first <= position->head.number &&
           header->generation > position->generation &&
           header->generation <= engine->feed.generation &&
           engine->lost[i].last == position->head.number &&
           engine->lost[i].next == position->head.number + 1;
}

/* What frame after frame says of where a channel is. */
struct place {
    struct tip_channel_position position;
    uint64_t entries; /* Of the control log. */
};

/* Of what was erased since, the hub or we vouch for what is left. */
static enum tip_err verify(struct node_engine *engine,
                           const struct tip_frame_header *header,
                           const struct tip_wire_frame *parts,
                           struct tip_head *head)
{
    const struct tip_sign_public *hub = &engine->identity.hub_sign;
    const struct tip_sign_public *own =
        &tip_device_keys_public(engine->opts.keys)->sign;
    struct tip_head next;
    enum tip_err err =
        tip_envelope_verify_left(hub, own, header, parts, head, &next);

    if (err == TIP_ESIGNATURE) {
        err = tip_envelope_verify_left(hub, hub, header, parts, head, &next);
    }
    if (err == TIP_OK) {
        *head = next;
    }
    return err;
}

/* Pass over frame @index of @channel. */
static enum tip_err pass(struct node_engine *engine,
                         const struct node_channel *channel, uint64_t index,
                         struct place *place)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_down_body body = {.item_count = 0};
    struct tip_bytes frame, copy, packed;
    enum tip_err err =
        tip_txn_get(engine->txn, TIP_TABLE_FRAME_DOWN,
                    TIP_KEY(place->position.channel, index), &frame);

    if (err == TIP_OK) {
        err = tip_arena_copy(&engine->work, frame, &copy);
    }
    if (err == TIP_OK) {
        err = tip_envelope_read(copy, &parts, &header);
    }
    if (err == TIP_OK && index == 1) {
        tip_envelope_start(&header, &place->position.head);
    }
    if (err == TIP_OK) {
        err = verify(engine, &header, &parts, &place->position.head);
    }
    if (err == TIP_OK) {
        err = tip_envelope_open(&channel->key, &header, &parts, &engine->work,
                                &packed);
    }
    if (err == TIP_OK) {
        err = tip_wire_down_decode(engine->codec, &header, packed,
                                   &engine->work, &body);
    }
    if (err == TIP_OK) {
        place->position.generation = header.generation;
        place->entries += body.item_count;
        if (body.has_checkpoint) {
            place->position.checkpoint = body.checkpoint.commit;
        }
    }
    tip_arena_clear(&engine->work);
    return err;
}

/* Where @channel was behind its frame @index. */
static enum tip_err find_place(struct node_engine *engine,
                               const struct node_channel *channel,
                               uint64_t index, struct place *out_place)
{
    struct place place = {
        .position = {.channel = channel->row.position.channel,
                     .agreement = channel->row.position.agreement}};
    enum tip_err err = TIP_OK;

    for (uint64_t i = 1; i <= index && err == TIP_OK; i++) {
        err = pass(engine, channel, i, &place);
    }
    *out_place = place;
    return err;
}

static enum tip_err remove_rows(struct node_engine *engine,
                                enum tip_table table, uint64_t hi,
                                uint64_t first, uint64_t last)
{
    enum tip_err err = TIP_OK;

    for (uint64_t i = first; i <= last && err == TIP_OK; i++) {
        err = tip_txn_remove(engine->txn, table, TIP_KEY(hi, i));
        err = err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    return err;
}

static enum tip_err go_back(struct node_engine *engine, size_t i,
                            uint64_t index)
{
    struct node_channel *channel = &engine->channels[i];
    const uint32_t number = channel->row.position.channel;
    struct place place;
    enum tip_err err = find_place(engine, channel, index, &place);

    if (err == TIP_OK) {
        err = remove_rows(engine, TIP_TABLE_FRAME_DOWN, number, index + 1,
                          channel->row.position.head.number);
    }
    if (err == TIP_OK && i == NODE_CHANNEL_CTL) {
        err = remove_rows(engine, TIP_TABLE_CHANNEL, number, place.entries + 1,
                          engine->control_count);
        engine->control_count = place.entries;
    }
    if (err == TIP_OK && i == NODE_CHANNEL_CTL) {
        err = node_control_lineage(engine, engine->txn);
    }
    channel->row.position = place.position;
    channel->row.applied = index;
    channel->row.in_erased_state = false;
    channel->unread = 0;
    channel->is_dirty = true;
    return err;
}

enum tip_err node_rewind(struct node_engine *engine,
                         const struct tip_frame_header *header)
{
    size_t i =
        header->is_down ? index_of(engine, header->channel) : NODE_CHANNELS;
    enum tip_err err;

    if (i == NODE_CHANNELS || !is_due(engine, i, header)) {
        return TIP_OK;
    }
    err = node_engine_settle(engine);
    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err == TIP_OK) {
        err = go_back(engine, i, header->first - 1);
        if (err != TIP_OK) {
            engine->failure = err;
            node_engine_give_up(engine);
        }
    }
    return err;
}
