/*
 * A store that has lost something: what is still there, and asking for the
 * rest.
 *
 * A record that cannot be read, or is gone, is noticed when it is looked for.
 * Then all records are read: what cannot be is taken away, never shown, and
 * what this office holds is counted anew. The count differs from the hub's, and
 * the hub sends again what differs. Own work is in the outbox, and is laid over
 * what comes.
 */
#include "node_mend.h"

#include <string.h>

#include "node_erase.h"
#include "node_outbox.h"
#include "node_roll.h"
#include "node_stand_in.h"
#include "tip_clock.h"
#include "tip_store.h"

void node_mend_doubt(struct node_engine *engine)
{
    engine->is_in_doubt = true;
}

/* How often somebody, here or in the desk, met a record that was altered. */
static uint64_t unread_count(const struct node_engine *engine)
{
    return engine->opts.store->usage(engine->opts.store).unread_count;
}

/* Count record @ordinal where it belongs, or take away what cannot be read. */
static enum tip_err weigh(struct node_engine *engine, uint32_t ordinal)
{
    struct tip_wire_record stored;
    struct tip_record nothing;
    enum tip_err err = tip_record_table_load(&engine->records, engine->txn,
                                             ordinal, &engine->work, &stored);

    if (err == TIP_OK) {
        tip_record_init(&nothing, &stored.record.id, stored.record.type,
                        stored.record.maker);
        err = node_holding_change(engine, 0, &nothing, &stored.record);
    } else if (err == TIP_ESTORE_DAMAGED || err == TIP_ENOTFOUND) {
        engine->lost_count += err == TIP_ESTORE_DAMAGED ? 1 : 0;
        err = tip_record_table_remove(engine->txn, ordinal);
    }
    tip_arena_clear(&engine->work);
    tip_txn_forget(engine->txn);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

void node_mend_note(struct node_engine *engine, struct node_channel *channel,
                    enum tip_agreement agreement)
{
    struct node_channel_row *row = &channel->row;

    if (agreement == TIP_AGREEMENT_DIFFERS &&
        row->position.agreement != TIP_AGREEMENT_DIFFERS) {
        node_mend_doubt(engine); /* Say what is here, not what was kept. */
    }
    row->position.agreement = agreement;
    channel->is_dirty = true;
    if (agreement != TIP_AGREEMENT_DIFFERS) {
        row->differs_since_ms = 0;
        channel->asks = 0;
        node_roll_agree(channel);
    } else if (row->differs_since_ms == 0) {
        row->differs_since_ms = engine->opts.clock->now_ms(engine->opts.clock);
    }
}

enum tip_err node_mend(struct node_engine *engine)
{
    struct tip_holding was[NODE_CHANNELS];
    enum tip_err err = TIP_OK;

    node_scrub_forget(engine);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        was[i] = engine->channels[i].holding;
        engine->channels[i].holding = (struct tip_holding){.count = 0};
        engine->channels[i].holding_is_dirty = true;
    }
    for (uint32_t i = 1; i < engine->records.next_ordinal && err == TIP_OK;
         i++) {
        err = weigh(engine, i);
    }
    if (err == TIP_OK) {
        err = node_erase_again(engine);
    }
    if (err == TIP_OK) {
        err = node_stand_in(engine);
    }
    for (size_t i = 0; i < NODE_CHANNELS && err == TIP_OK; i++) {
        struct node_channel *channel = &engine->channels[i];

        if (memcmp(&was[i], &channel->holding, sizeof was[i]) != 0) {
            node_mend_note(engine, channel, TIP_AGREEMENT_DIFFERS);
        }
    }
    engine->is_mended = err == TIP_OK;
    engine->unread_seen = unread_count(engine);
    return err;
}

bool node_mend_is_due(const struct node_engine *engine)
{
    return engine->is_in_doubt || unread_count(engine) != engine->unread_seen;
}

enum tip_err node_mend_if_due(struct node_engine *engine)
{
    enum tip_err err;

    if (!node_mend_is_due(engine)) {
        return TIP_OK;
    }
    err = node_engine_settle(engine);
    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err == TIP_OK) {
        err = node_mend(engine);
        engine->failure = err;
    }
    return err == TIP_OK ? node_engine_flush(engine) : err;
}

enum tip_err node_mend_after(struct node_engine *engine, enum tip_err err)
{
    if (err != TIP_ESTORE_DAMAGED || !node_mend_is_due(engine)) {
        return err;
    }
    node_engine_give_up(engine);
    return node_mend_if_due(engine);
}

/* Lay own change-set @seq over record @id again, if it is here without. */
static enum tip_err lay_over(struct node_engine *engine, uint64_t seq,
                             const struct tip_id *id)
{
    const struct tip_record_ref ref = {.id = *id};
    struct tip_wire_record stored;
    uint64_t *seqs;
    uint32_t ordinal;
    size_t at = 0;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, &ref, &ordinal);

    if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->work, &stored);
    }
    if (err != TIP_OK || stored.record.erased != 0) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    while (at < stored.overlay_count && stored.overlay[at] < seq) {
        at++;
    }
    if (stored.overlay_count == TIP_WIRE_OVERLAY_MAX ||
        (at < stored.overlay_count && stored.overlay[at] == seq)) {
        return TIP_OK;
    }
    seqs = tip_arena_alloc_array(&engine->work, stored.overlay_count + 1,
                                 sizeof *seqs);
    if (seqs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i <= stored.overlay_count; i++) {
        seqs[i] = i < at ? stored.overlay[i]
                         : (i == at ? seq : stored.overlay[i - 1]);
    }
    stored.overlay = seqs;
    stored.overlay_count++;
    return tip_record_table_put(&engine->records, engine->txn, ordinal, &stored,
                                stored.record.birth_commit != 0);
}

static enum tip_err lay_set_over(struct node_engine *engine, uint64_t seq,
                                 void *context)
{
    struct tip_change_set set;
    size_t bytes;
    enum tip_err err;

    (void)context;
    if (node_continue_is_recalled(engine, seq)) {
        /* This disk has not seen it: it comes with its echo. */
        return TIP_OK;
    }
    err = node_save_load(engine, seq, &engine->work, &set, &bytes);
    for (size_t i = 0; err == TIP_OK && i < set.record_count; i++) {
        err = lay_over(engine, seq, &set.records[i].id);
    }
    return err;
}

enum tip_err node_mend_overlays(struct node_engine *engine)
{
    return node_outbox_each(engine, lay_set_over, NULL);
}

/* How long to wait with asking once more, after so many times. */
static uint64_t pause_ms(uint32_t asks)
{
    return (uint64_t)NODE_ASK_MS
           << (asks - 1 < NODE_ASKS_MAX ? asks - 1 : NODE_ASKS_MAX);
}

static struct node_channel *next_to_ask(struct node_engine *engine,
                                        struct tip_parts *out_parts)
{
    uint64_t now = node_engine_now_ms(engine);

    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        struct node_channel *channel = &engine->channels[i];

        if (!node_holding_may_ask(channel) ||
            (channel->asks != 0 &&
             now - channel->asked_ms < pause_ms(channel->asks))) {
            continue;
        }
        node_holding_put_parts(channel, out_parts);
        return channel;
    }
    return NULL;
}

static void note_asked(struct node_engine *engine, struct node_channel *channel)
{
    channel->asked_ms = node_engine_now_ms(engine);
    channel->asks++;
}

void node_mend_tell(struct node_engine *engine)
{
    struct tip_message message = {.kind = TIP_MESSAGE_PARTS};
    struct node_channel *channel;

    while (engine->session.state == TIP_NODE_LIVE &&
           (channel = next_to_ask(engine, &message.parts)) != NULL &&
           tip_talk_send(&engine->talk, engine->opts.link, 0, &message) ==
               TIP_OK) {
        note_asked(engine, channel);
    }
}
