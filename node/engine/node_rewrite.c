/*
 * The work of a restored device goes on under another origin.
 *
 * Seqs run on, so what waits over records keeps its place but for its number.
 * It keeps base and stamp too: what its author had seen has not changed.
 */
#include "node_control.h"
#include "node_engine_internal.h"
#include "node_mend.h"
#include "node_outbox.h"
#include "node_row.h"
#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_wire_up.h"

/* Over record @ref lies @to instead of @from. */
static enum tip_err renumber_overlay(struct node_engine *engine,
                                     const struct tip_record_ref *ref,
                                     uint64_t from, uint64_t to)
{
    struct tip_wire_record stored;
    uint64_t *seqs;
    uint32_t ordinal;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, ref, &ordinal);

    if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->work, &stored);
    }
    if (err == TIP_ENOTFOUND || err == TIP_ESTORE_DAMAGED) {
        node_mend_doubt(engine);
        return TIP_OK; /* It will be sent, and own work laid over it. */
    }
    if (err != TIP_OK) {
        return err;
    }
    seqs = tip_arena_alloc_array(&engine->work, stored.overlay_count,
                                 sizeof *seqs);
    if (seqs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < stored.overlay_count; i++) {
        seqs[i] = stored.overlay[i] == from ? to : stored.overlay[i];
    }
    stored.overlay = seqs;
    return tip_record_table_put(&engine->records, engine->txn, ordinal, &stored,
                                stored.record.birth_commit != 0);
}

/* Write own change-set @seq, which the hub does not have, again as @to. */
static enum tip_err write_again(struct node_engine *engine, uint64_t seq,
                                uint32_t origin, uint64_t to)
{
    struct tip_change_set set;
    size_t bytes;
    enum tip_err err = node_save_load(engine, seq, &engine->work, &set, &bytes);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_ESTORE_DAMAGED : err;
    }
    set.origin = origin;
    set.seq = to;
    err = tip_txn_remove(engine->txn, TIP_TABLE_OUTBOX,
                         TIP_KEY(engine->identity.origin, seq));
    if (err == TIP_OK) {
        err = node_outbox_put(engine, &set);
    }
    for (size_t i = 0; i < set.record_count && err == TIP_OK; i++) {
        err = renumber_overlay(engine, &set.records[i], seq, to);
    }
    tip_arena_clear(&engine->work);
    return err;
}

/* The last first: each takes a seq that is free, or was given up just now. */
static enum tip_err write_all_again(struct node_engine *engine,
                                    const struct tip_continued *continued,
                                    uint64_t *out_saved)
{
    uint64_t ahead = continued->start - continued->up_to;
    enum tip_err err = TIP_OK;

    for (uint64_t seq = engine->feed.saved;
         seq > continued->up_to && err == TIP_OK; seq--) {
        err = write_again(engine, seq, continued->origin, seq + ahead);
    }
    *out_saved = engine->feed.saved + ahead;
    return err;
}

/* What was sent since the backup and is not here waits for its echo, which has
 * no content. */
static enum tip_err expect(struct node_engine *engine, struct tip_bytes frame,
                           uint64_t up_to)
{
    struct tip_wire_frame parts;
    struct tip_frame_header header;
    struct tip_wire_sender sender = {.header = &header,
                                     .office = engine->identity.office};
    struct tip_up_body body;
    struct tip_bytes packed;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    if (err == TIP_OK) {
        err = tip_envelope_open(&engine->feed_key, &header, &parts,
                                &engine->arena, &packed);
    }
    if (err == TIP_OK) {
        err = tip_wire_up_decode(engine->codec, &sender, packed, &engine->arena,
                                 &body);
    }
    for (size_t i = 0; err == TIP_OK && i < body.set_count; i++) {
        if (body.sets[i].seq > up_to) {
            err = node_outbox_put(engine, &body.sets[i]);
        }
    }
    return err;
}

enum tip_err node_continue_drop(struct node_engine *engine, uint32_t feed,
                                uint64_t from)
{
    for (;;) {
        struct tip_bytes row;
        struct tip_key key;
        enum tip_err err =
            tip_txn_seek(engine->txn, TIP_TABLE_FRAME_UP, TIP_SEEK_AT_OR_AFTER,
                         TIP_KEY(feed, from), &key, &row);

        if (err != TIP_OK && err != TIP_ESTORE_DAMAGED) {
            return err == TIP_ENOTFOUND ? TIP_OK : err;
        }
        if (key.hi != feed) {
            return TIP_OK; /* One that cannot be read goes too. */
        }
        err = tip_txn_remove(engine->txn, TIP_TABLE_FRAME_UP, key);
        if (err != TIP_OK) {
            return err;
        }
    }
}

/* If another copy of this disk wrote @frame under a feed of its own: from here
 * on those seqs are that one's. */
static enum tip_err note_copy(struct node_engine *engine,
                              struct tip_bytes frame)
{
    struct node_feed_row *feed = &engine->feed;
    struct tip_wire_frame parts;
    struct tip_frame_header header;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    if (err != TIP_OK || node_continue_is_own(engine, header.origin)) {
        return err;
    }
    if (feed->own_count + 1 >= NODE_OWN_MAX) {
        return TIP_ETOOBIG; /* Our own is still to come. */
    }
    feed->own[feed->own_count++] = (struct node_own){.origin = header.origin,
                                                     .start = header.first - 1,
                                                     .up_to = header.first - 1};
    return TIP_OK;
}

/* Put the frames that came back in their place. */
static enum tip_err place_frames(struct node_engine *engine, uint64_t from,
                                 uint64_t up_to)
{
    struct tip_key key = TIP_KEY(NODE_RECALLED, 0);
    /* Our own from there on are not those the hub has. */
    enum tip_err err =
        node_continue_drop(engine, engine->identity.origin, from);

    while (err == TIP_OK) {
        struct tip_bytes row, copy, frame;
        struct tip_head head;

        err = tip_txn_seek(engine->txn, TIP_TABLE_FRAME_UP,
                           TIP_SEEK_AT_OR_AFTER, key, &key, &row);
        if (err == TIP_ENOTFOUND || key.hi != NODE_RECALLED) {
            return TIP_OK; /* Our own may be unreadable. */
        }
        if (err != TIP_OK) {
            return err;
        }
        err = tip_arena_copy(&engine->arena, row, &copy);
        if (err == TIP_OK && key.lo >= from) {
            err = tip_frame_row_read(copy, &head, &frame);
            if (err == TIP_OK) {
                err = note_copy(engine, frame);
            }
            if (err == TIP_OK) {
                err = expect(engine, frame, up_to);
            }
            if (err == TIP_OK) {
                err =
                    tip_txn_put(engine->txn, TIP_TABLE_FRAME_UP,
                                TIP_KEY(engine->identity.origin, key.lo), copy);
            }
        }
        if (err == TIP_OK) {
            err = tip_txn_remove(engine->txn, TIP_TABLE_FRAME_UP, key);
        }
        key = tip_key_next(key);
        tip_arena_clear(&engine->arena);
    }
    return err;
}

enum tip_err node_rewrite(struct node_engine *engine,
                          const struct tip_continued *continued)
{
    struct node_asked_row *asked = &engine->go_on.row;
    struct node_feed_row *feed = &engine->feed;
    uint32_t before = node_continue_origin(engine);
    uint64_t saved;
    enum tip_err err = write_all_again(engine, continued, &saved);

    if (err == TIP_OK) {
        err = place_frames(engine, asked->from, continued->up_to);
    }
    asked->is_there = false;
    if (err == TIP_OK) {
        err = node_row_store_asked(engine->txn, asked);
    }
    if (err != TIP_OK) {
        return err;
    }
    feed->own[feed->own_count++] =
        (struct node_own){.origin = continued->origin,
                          .continues = before,
                          .start = continued->start,
                          .up_to = continued->up_to};
    feed->saved = saved;
    feed->framed = node_continue_start(engine);
    feed->confirmed = feed->framed;
    engine->feed_is_dirty = true;
    return node_control_lineage(engine, engine->txn);
}
