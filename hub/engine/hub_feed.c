/*
 * Frames of nodes in.
 *
 * Place first, then signature, then key: nothing is decrypted for somebody who
 * could not sign it. Each change-set either commits or is held back with a
 * reason; what touches a record that is held back waits behind it, everything
 * else goes on.
 */
#include <string.h>

#include "hub_continue.h"
#include "hub_erase.h"
#include "hub_quota.h"
#include "hub_recovery.h"
#include "hub_row.h"
#include "hub_told.h"
#include "tip_clock.h"
#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_store.h"
#include "tip_wire_up.h"

/* Commit or hold back one change-set, in the order of its seq. */
enum tip_err hub_feed_take(struct hub_engine *engine, struct hub_origin *origin,
                           const struct tip_change_set *set, bool is_flood)
{
    struct hub_arrival arrival;
    uint64_t known = origin->row.admission.base;
    enum tip_hold base = tip_admit_base(&origin->row.admission, set);
    enum tip_hold hold =
        base == TIP_HOLD_NONE && is_flood ? TIP_HOLD_QUOTA : base;
    enum tip_err err = hub_judge(engine, origin, set, hold, &arrival);

    if (err == TIP_OK && arrival.hold == TIP_HOLD_NONE) {
        err = hub_commit_set(engine, set, &arrival.targets);
    } else if (err == TIP_OK) {
        arrival.proven =
            base == TIP_HOLD_BASE && known < set->base ? known : set->base;
        arrival.since_ms = engine->opts.clock->now_ms(engine->opts.clock);
        err = hub_hold_back(engine, &arrival);
    }
    engine->took_erased = engine->took_erased || arrival.erased_count != 0;
    tip_arena_clear(&engine->work);
    return err;
}

/* A frame on its way in. */
struct incoming {
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head;    /* Behind it. */
    struct tip_up_body body; /* Empty if it is not read. */
    bool is_unread; /* Made by a newer program: kept for the one to come. */
};

static enum tip_err check_place(struct hub_engine *engine,
                                const struct hub_origin *origin,
                                const struct tip_frame_header *header)
{
    if (header->is_down || header->origin != origin->row.device.origin) {
        return TIP_EPROTOCOL;
    }
    if (origin->row.device.is_revoked || origin->is_frozen) {
        return TIP_EACCESS;
    }
    if (hub_clone_is_frozen(engine, origin)) {
        return TIP_ECLONE;
    }
    if (hub_told_is_torn(engine, origin)) {
        return TIP_ECLONE; /* Its number means something else to others. */
    }
    if (origin->row.is_closed &&
        header->first + header->count - 1 > origin->row.head.number) {
        return TIP_ECLONE;
    }
    if (header->key_epoch != origin->row.device.key_epoch) {
        return TIP_EUNSUPPORTED;
    }
    switch (tip_feed_place(origin->row.head.number, header)) {
    case TIP_FEED_NEXT:
        return TIP_OK;
    case TIP_FEED_GAP:
        return TIP_EAGAIN;
    case TIP_FEED_DUPLICATE:
        return TIP_EEXISTS;
    case TIP_FEED_FORK:
        break;
    }
    return TIP_EFORK;
}

static enum tip_err open_body(struct hub_engine *engine,
                              const struct hub_origin *origin,
                              struct incoming *incoming)
{
    struct tip_wire_sender sender = {.header = &incoming->header,
                                     .office = origin->row.device.office};
    struct tip_bytes packed;
    enum tip_err err =
        tip_envelope_open(&origin->key, &incoming->header, &incoming->parts,
                          &engine->arena, &packed);

    return err != TIP_OK ? err
                         : tip_wire_up_decode(engine->codec, &sender, packed,
                                              &engine->arena, &incoming->body);
}

/* Keep the frame as it came, with the head behind it. */
static enum tip_err store_frame(struct hub_engine *engine,
                                const struct incoming *incoming,
                                struct tip_bytes frame)
{
    size_t size = TIP_FRAME_ROW_PREFIX_SIZE + frame.size;
    uint8_t *row = tip_arena_alloc(&engine->arena, size);

    if (row == NULL) {
        return TIP_ENOMEM;
    }
    tip_frame_row_put_head(row, &incoming->head);
    memcpy(row + TIP_FRAME_ROW_PREFIX_SIZE, frame.data, frame.size);
    return tip_txn_put(engine->txn, TIP_TABLE_FRAME_UP,
                       TIP_KEY(incoming->header.origin, incoming->header.first),
                       tip_bytes(row, size));
}

/* What is left of a frame of which something was erased is the device's own
 * word, or ours: a device that was put back has that from us. */
static enum tip_err verify(const struct hub_engine *engine,
                           const struct hub_origin *origin,
                           const struct incoming *incoming,
                           const struct tip_head *previous,
                           struct tip_head *out_head)
{
    const struct tip_sign_public *own =
        &tip_device_keys_public(engine->opts.keys)->sign;

    return tip_envelope_verify_left(&origin->row.device.keys.sign, own,
                                    &incoming->header, &incoming->parts,
                                    previous, out_head);
}

/* Had we this very frame? Others in their place, signed, are a fork: two go on
 * from one copy of a device. */
static enum tip_err check_duplicate(struct hub_engine *engine,
                                    const struct hub_origin *origin,
                                    const struct incoming *incoming)
{
    const struct tip_frame_header *header = &incoming->header;
    struct tip_frame_header kept_header;
    struct tip_wire_frame kept_parts;
    struct tip_head previous, own;
    struct tip_bytes kept;
    struct tip_txn *txn;
    uint64_t first;
    enum tip_err err = hub_engine_txn(engine, &txn);

    previous = hub_offices_start(&origin->row);
    if (err == TIP_OK && header->first > previous.number + 1) {
        err = tip_frame_row_find(txn, header->origin, header->first - 1, &first,
                                 &previous, &kept);
    }
    if (err == TIP_OK) {
        err = tip_frame_row_find(txn, header->origin, header->first, &first,
                                 &own, &kept);
    }
    if (err == TIP_OK) {
        err = tip_envelope_read(kept, &kept_parts, &kept_header);
    }
    if (err == TIP_OK && tip_envelope_is_same(&kept_parts, &incoming->parts)) {
        return TIP_EEXISTS;
    }
    if (err == TIP_OK) {
        err = verify(engine, origin, incoming, &previous, &own);
    }
    return err == TIP_OK ? TIP_EFORK : err;
}

enum tip_err hub_feed_hold_unread(struct hub_engine *engine,
                                  struct hub_origin *origin, uint64_t seq)
{
    const struct hub_held_row row = {
        .origin = origin->row.device.origin,
        .seq = seq,
        .reason = TIP_HOLD_PROGRAM,
        .proven = origin->row.admission.given,
        .since_ms = engine->opts.clock->now_ms(engine->opts.clock)};
    enum tip_err err = hub_row_store_held(engine->txn, &engine->work, &row);

    if (err == TIP_OK) {
        err = hub_hold_note(engine, &row);
    }
    tip_arena_clear(&engine->work);
    hub_hold_tell(engine, origin);
    return err;
}

/* Take a frame that is believed; an error loses the transaction. */
static enum tip_err take_frame(struct hub_engine *engine,
                               struct hub_origin *origin,
                               const struct incoming *incoming,
                               struct tip_bytes frame)
{
    bool waits = hub_recovery_waits(engine, origin);
    size_t count = waits ? 0 : incoming->body.set_count;
    uint32_t unread =
        waits || !incoming->is_unread ? 0 : incoming->header.count;
    /* What it hands back was in its budget before. */
    bool fits = waits || hub_quota_note(engine, origin, count, frame.size);
    enum tip_err err = TIP_OK;

    engine->took_erased = false;

    for (uint32_t i = 0; i < unread && err == TIP_OK; i++) {
        err = hub_feed_hold_unread(engine, origin, incoming->header.first + i);
    }
    for (size_t i = 0; i < count && err == TIP_OK; i++) {
        err = hub_feed_take(engine, origin, &incoming->body.sets[i], !fits);
    }
    if (err == TIP_OK && engine->took_erased) {
        err = hub_erase_arrival(engine, origin, frame, &frame);
    }
    if (err == TIP_OK) {
        err = store_frame(engine, incoming, frame);
    }
    if (err == TIP_OK) {
        origin->row.head = incoming->head;
        origin->is_dirty = true;
        return TIP_OK;
    }
    engine->failure = err;
    origin->is_frozen = !tip_store_is_at_fault(err);
    return err;
}

enum tip_err hub_feed_frame(struct hub_engine *engine,
                            struct hub_origin *device, struct tip_bytes frame)
{
    struct hub_origin *origin = NULL;
    struct incoming incoming = {.is_unread = false};
    enum tip_err err =
        tip_envelope_read(frame, &incoming.parts, &incoming.header);

    if (err == TIP_OK) {
        origin = hub_continue_member(engine, device, incoming.header.origin);
        err = origin == NULL ? TIP_EPROTOCOL : TIP_OK;
    }
    if (err == TIP_OK) {
        err = check_place(engine, origin, &incoming.header);
    }
    if (err == TIP_EEXISTS) {
        err = check_duplicate(engine, origin, &incoming);
    }
    if (err == TIP_OK) {
        err = verify(engine, origin, &incoming, &origin->row.head,
                     &incoming.head);
    }
    if (err == TIP_OK && hub_quota_is_full(engine, origin)) {
        err = TIP_EQUOTA;
    }
    if (err == TIP_OK) {
        err = open_body(engine, origin, &incoming);
        if (tip_wire_is_too_new(err)) {
            incoming.is_unread = true;
            incoming.body = (struct tip_up_body){.set_count = 0};
            err = TIP_OK;
        }
    }
    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    if (err == TIP_OK) {
        err = take_frame(engine, origin, &incoming, frame);
    }
    tip_arena_clear(&engine->arena);
    return err;
}

enum tip_err hub_feed_load(struct hub_engine *engine,
                           const struct hub_origin *origin, uint64_t seq,
                           struct hub_sets *out_sets)
{
    struct incoming stored;
    struct tip_bytes frame, copy;
    uint64_t first = 0;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_frame_row_find(txn, origin->row.device.origin, seq, &first,
                                 &stored.head, &frame);
    }
    if (err == TIP_OK) {
        err = tip_arena_copy(&engine->arena, frame, &copy);
    }
    if (err == TIP_OK) {
        err = tip_envelope_read(copy, &stored.parts, &stored.header);
    }
    if (err == TIP_OK) {
        err = open_body(engine, origin, &stored);
    }
    if (err == TIP_OK) {
        *out_sets = (struct hub_sets){.sets = stored.body.sets,
                                      .count = stored.body.set_count,
                                      .first = first};
    }
    return err;
}
