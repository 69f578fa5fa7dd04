/*
 * Frames of the hub that it has lost, since it was restored.
 *
 * They go back before our own work, so that the hub knows what that rests on.
 */
#include "node_handback.h"

#include <assert.h>

#include "tip_store.h"

void node_handback_note(struct node_engine *engine,
                        const struct tip_welcome *welcome)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        const struct tip_channel_position *here =
            &engine->channels[i].row.position;

        engine->lost[i].next = 1;
        engine->lost[i].last = 0;
        for (size_t j = 0; j < welcome->channel_count; j++) {
            if (welcome->channels[j].channel == here->channel &&
                here->generation < welcome->generation) {
                engine->lost[i].next = welcome->channels[j].head.number + 1;
                engine->lost[i].last = here->head.number;
            }
        }
    }
}

/* The channel of which something is left; NODE_CHANNELS: none. The control log
 * first: it says what was erased, and so what may be gone of the others. */
static size_t next_channel(const struct node_engine *engine)
{
    static const size_t order[] = {NODE_CHANNEL_CTL, NODE_CHANNEL_REF,
                                   NODE_CHANNEL_OWN};

    static_assert(sizeof order / sizeof *order == NODE_CHANNELS, "all");
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (engine->lost[order[i]].next <= engine->lost[order[i]].last) {
            return order[i];
        }
    }
    return NODE_CHANNELS;
}

static enum tip_err load(struct node_engine *engine, size_t i,
                         struct tip_bytes *out_frame)
{
    struct tip_txn *txn;
    enum tip_err err = node_engine_txn(engine, &txn);

    return err == TIP_OK
               ? tip_txn_get(txn, TIP_TABLE_FRAME_DOWN,
                             TIP_KEY(engine->channels[i].row.position.channel,
                                     engine->lost[i].next),
                             out_frame)
               : err;
}

/* The disk lost it, and nothing can follow it. The other channels and own work
 * need not wait for that. */
static void give_up(struct node_engine *engine, size_t i)
{
    engine->lost[i].next = engine->lost[i].last + 1;
    engine->trouble = TIP_ESTORE_DAMAGED;
}

bool node_handback_next(struct node_engine *engine, struct tip_message *message,
                        enum tip_err *out_err)
{
    const struct tip_node_session *session = &engine->session;
    size_t i;

    if (session->state != TIP_NODE_LIVE ||
        session->sent_bytes >= session->credit_bytes) {
        return false;
    }
    message->kind = TIP_MESSAGE_FRAME;
    while ((i = next_channel(engine)) != NODE_CHANNELS) {
        *out_err = load(engine, i, &message->frame);
        if (*out_err != TIP_ENOTFOUND && *out_err != TIP_ESTORE_DAMAGED) {
            return true;
        }
        give_up(engine, i);
        *out_err = TIP_OK;
    }
    return false;
}

void node_handback_sent(struct node_engine *engine, size_t bytes)
{
    engine->lost[next_channel(engine)].next++;
    tip_node_session_gave_back(&engine->session, bytes);
}
