/*
 * What this office holds, as a digest of its own, compared with the hub's at
 * each checkpoint that carries one.
 */
#include <string.h>

#include "node_mend.h"
#include "tip_state_row.h"
#include "tip_store.h"

enum { HOLDING_FORMAT = 1, ROW_BYTES = 1 + TIP_HOLDING_BYTES };

enum tip_err node_holding_load(struct node_engine *engine, struct tip_txn *txn,
                               struct node_channel *channel)
{
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_HOLDING, TIP_KEY(channel->row.position.channel, 0),
        HOLDING_FORMAT, &reader);

    channel->holding = (struct tip_holding){.count = 0};
    if (err == TIP_ESTORE_DAMAGED ||
        (err == TIP_ENOTFOUND && channel->row.applied != 0)) {
        node_mend_doubt(engine);
        return TIP_OK;
    }
    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    tip_holding_get(&reader, &channel->holding);
    if (tip_state_row_finish(&reader) != TIP_OK) {
        channel->holding = (struct tip_holding){.count = 0};
        node_mend_doubt(engine);
    }
    return TIP_OK;
}

enum tip_err node_holding_store(struct tip_txn *txn,
                                const struct node_channel *channel)
{
    TIP_BUF_ROOM uint8_t memory[ROW_BYTES];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, HOLDING_FORMAT);
    tip_holding_put(&buf, &channel->holding);
    return tip_state_row_put(txn, TIP_TABLE_HOLDING,
                             TIP_KEY(channel->row.position.channel, 0), &buf);
}

/* Add @record, which is record @ordinal, where it counts, or take it away. */
static enum tip_err account(struct node_engine *engine, uint32_t ordinal,
                            const struct tip_record *record, bool is_added)
{
    struct tip_held_record held;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        struct node_channel *channel = &engine->channels[i];

        if (!tip_holding_has(record, channel->row.position.channel)) {
            continue;
        }
        err = tip_holding_prepare(record, &engine->work, &held);
        if (err == TIP_OK) {
            (is_added ? tip_holding_add : tip_holding_remove)(
                &channel->holding, &channel->digest_key, &held);
            channel->holding_is_dirty = true;
            node_scrub_change(engine, ordinal, i, &held, is_added);
        }
    }
    return err;
}

enum tip_err node_holding_change(struct node_engine *engine, uint32_t ordinal,
                                 const struct tip_record *before,
                                 const struct tip_record *after)
{
    enum tip_err err = account(engine, ordinal, before, false);

    return err == TIP_OK ? account(engine, ordinal, after, true) : err;
}

void node_holding_compare(struct node_engine *engine,
                          struct node_channel *channel,
                          const struct tip_checkpoint *checkpoint)
{
    struct tip_digest own;

    if (!checkpoint->has_digest) {
        return; /* More is on its way. */
    }
    if (checkpoint->commit < engine->sweep.through) {
        return; /* It counts a record that we have erased already. */
    }
    own = tip_holding_digest(&channel->holding);
    node_mend_note(engine, channel,
                   memcmp(own.bytes, checkpoint->digest, sizeof own.bytes) == 0
                       ? TIP_AGREEMENT_EQUAL
                       : TIP_AGREEMENT_DIFFERS);
}

bool node_holding_may_ask(const struct node_channel *channel)
{
    return channel->row.position.agreement == TIP_AGREEMENT_DIFFERS &&
           !channel->is_frozen &&
           (!channel->roll.is_open || channel->roll.is_lost);
}

void node_holding_put_parts(const struct node_channel *channel,
                            struct tip_parts *out_parts)
{
    out_parts->channel = channel->row.position.channel;
    out_parts->number = channel->row.applied;
    tip_holding_say(&channel->holding, out_parts->sums);
}
