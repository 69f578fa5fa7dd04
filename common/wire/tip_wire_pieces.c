#include "tip_wire_pieces.h"

#include "tip_wire_channel.h"
#include "tip_wire_checkpoint.h"
#include "tip_wire_record.h"
#include "tip_wire_row.h"

bool tip_wire_pieces_may_go(const struct tip_down_body *body)
{
    bool may = false;

    for (size_t i = 0; i < body->item_count && !may; i++) {
        const struct tip_item *item = &body->items[i];

        may = item->kind == TIP_ITEM_SET || item->kind == TIP_ITEM_STATE ||
              (item->kind == TIP_ITEM_RULING && item->ruling.reason.size != 0);
    }
    return may;
}

/* What @item writes to its record number @record, without its reason. */
static enum tip_err put_record(const struct tip_item *item, size_t record,
                               struct tip_arena *arena, struct tip_buf *buf)
{
    struct tip_change_set set = item->set;
    size_t count;
    const struct tip_change *written =
        tip_change_set_part(&item->set, record, &count);
    struct tip_change *changes =
        tip_arena_alloc_array(arena, count, sizeof *changes);

    if (changes == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        changes[i] = written[i];
        changes[i].record = 0;
    }
    set.reason = TIP_BYTES_NONE;
    set.records = &item->set.records[record];
    set.record_count = 1;
    set.changes = changes;
    set.change_count = count;
    tip_wire_commit_put(buf, item->commit);
    tip_buf_put_u8(buf, (uint8_t)item->verdict);
    return tip_wire_set_put(buf, &set);
}

/* The reason of what has @commit. */
static void put_reason(uint64_t commit, struct tip_bytes reason,
                       struct tip_buf *buf)
{
    tip_wire_commit_put(buf, commit);
    tip_buf_put(buf, reason);
}

/* Part @part of a change-set; TIP_ENOTFOUND: it has no more. */
static enum tip_err take_set(const struct tip_item *item, size_t part,
                             struct tip_arena *arena, struct tip_buf *buf,
                             struct tip_wire_piece *out)
{
    const struct tip_change_set *set = &item->set;

    if (part < set->record_count) {
        out->kind = TIP_WIRE_PIECE_RECORD;
        out->record = set->records[part];
        return put_record(item, part, arena, buf);
    }
    if (part > set->record_count || set->reason.size == 0) {
        return TIP_ENOTFOUND;
    }
    out->kind = TIP_WIRE_PIECE_REASON;
    put_reason(item->commit, set->reason, buf);
    return TIP_OK;
}

static enum tip_err take_ruling(const struct tip_item *item, size_t part,
                                struct tip_buf *buf, struct tip_wire_piece *out)
{
    struct tip_item bare = *item;

    if (part == 0) {
        bare.ruling.reason = TIP_BYTES_NONE;
        return tip_wire_channel_encode(&bare, buf);
    }
    if (part > 1 || item->ruling.reason.size == 0) {
        return TIP_ENOTFOUND;
    }
    out->kind = TIP_WIRE_PIECE_REASON;
    put_reason(item->commit, item->ruling.reason, buf);
    return TIP_OK;
}

static enum tip_err take_state(const struct tip_item *item, struct tip_buf *buf,
                               struct tip_wire_piece *out)
{
    struct tip_wire_record_peek peek;
    enum tip_err err = TIP_OK;

    out->kind = TIP_WIRE_PIECE_REST;
    if (item->state.offset == 0) {
        out->kind = TIP_WIRE_PIECE_STATE;
        err = tip_wire_record_peek(item->state.bytes, &peek);
        out->record.id = err == TIP_OK ? peek.id : out->record.id;
    }
    return err == TIP_OK ? tip_wire_channel_encode(item, buf) : err;
}

static enum tip_err take_item(const struct tip_item *item, size_t part,
                              struct tip_arena *arena, struct tip_buf *buf,
                              struct tip_wire_piece *out)
{
    if (item->kind == TIP_ITEM_SET) {
        return take_set(item, part, arena, buf, out);
    }
    if (item->kind == TIP_ITEM_RULING) {
        return take_ruling(item, part, buf, out);
    }
    if (part != 0) {
        return TIP_ENOTFOUND;
    }
    return item->kind == TIP_ITEM_STATE ? take_state(item, buf, out)
                                        : tip_wire_channel_encode(item, buf);
}

static enum tip_err take_checkpoint(const struct tip_down_body *body,
                                    struct tip_buf *buf,
                                    struct tip_wire_piece *out)
{
    struct tip_checkpoint checkpoint = body->checkpoint;

    if (!body->has_checkpoint) {
        return TIP_ENOTFOUND;
    }
    checkpoint.control = 0;
    out->kind = TIP_WIRE_PIECE_CHECKPOINT;
    return tip_wire_checkpoint_put(buf, &checkpoint);
}

enum tip_err tip_wire_pieces_next(struct tip_wire_pieces *at,
                                  struct tip_arena *arena, struct tip_buf *buf,
                                  struct tip_wire_piece *out)
{
    const struct tip_down_body *body = at->body;
    struct tip_wire_piece piece = {.kind = TIP_WIRE_PIECE_ITEM};
    enum tip_err err = TIP_ENOTFOUND;

    tip_buf_clear(buf);
    while (at->item < body->item_count && err == TIP_ENOTFOUND) {
        err = take_item(&body->items[at->item], at->part++, arena, buf, &piece);
        if (err == TIP_ENOTFOUND) {
            at->item++;
            at->part = 0;
        }
    }
    if (err == TIP_ENOTFOUND && at->item == body->item_count && at->part == 0) {
        at->part++;
        err = take_checkpoint(body, buf, &piece);
    }
    if (err == TIP_OK) {
        err = tip_buf_finish(buf, &piece.bytes);
    }
    if (err == TIP_OK) {
        *out = piece;
    }
    return err;
}
