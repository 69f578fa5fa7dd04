#include "tip_hole.h"

#include <string.h>

#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_inspect_internal.h"

uint64_t tip_hole_first(const struct tip_hole *hole)
{
    return hole->head.number + 1;
}

static bool is_of_place(const struct tip_hole *hole, struct tip_bytes frame)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;

    return tip_envelope_read(frame, &parts, &header) == TIP_OK &&
           header.first == tip_hole_first(hole) &&
           header.is_down == (hole->table == TIP_TABLE_FRAME_DOWN) &&
           (!header.is_down || header.channel == hole->number);
}

/* Does what lies behind @walk follow? There the next may be lost too. */
static enum tip_err meet(struct tip_inspect_walk *walk,
                         const struct tip_hole_view *view)
{
    const struct tip_head *newest = view->newest;
    const struct tip_key next =
        TIP_KEY(walk->chain->number, walk->head.number + 1);
    struct tip_bytes value, copy;
    enum tip_err err;

    if (walk->head.number >= newest->number) {
        return memcmp(&walk->head, newest, sizeof *newest) == 0
                   ? TIP_OK
                   : TIP_ESIGNATURE;
    }
    err = tip_txn_get(view->txn, walk->chain->table, next, &value);
    if (err == TIP_OK) {
        err = tip_arena_copy(view->arena, value, &copy);
    }
    if (err == TIP_OK) {
        err = tip_inspect_follow(walk, next.lo, copy);
    }
    return err != TIP_ESIGNATURE &&
                   (err == TIP_ENOTFOUND || tip_inspect_is_of_value(err))
               ? TIP_OK
               : err;
}

/* @frame, behind which the chain is at @head, as it is stored. */
static enum tip_err make_row(const struct tip_hole *hole,
                             const struct tip_head *head,
                             struct tip_arena *arena, struct tip_bytes frame,
                             struct tip_bytes *out_row)
{
    uint8_t *row;

    if (hole->table == TIP_TABLE_FRAME_DOWN) {
        *out_row = frame;
        return TIP_OK;
    }
    row = tip_arena_alloc(arena, TIP_FRAME_ROW_PREFIX_SIZE + frame.size);
    if (row == NULL) {
        return TIP_ENOMEM;
    }
    tip_frame_row_put_head(row, head);
    memcpy(row + TIP_FRAME_ROW_PREFIX_SIZE, frame.data, frame.size);
    *out_row = tip_bytes(row, TIP_FRAME_ROW_PREFIX_SIZE + frame.size);
    return TIP_OK;
}

enum tip_err tip_hole_fill(const struct tip_hole *hole,
                           const struct tip_hole_view *view,
                           struct tip_bytes frame, struct tip_bytes *out_row)
{
    struct tip_inspect_walk walk = {.chain = view->chain,
                                    .codec = view->codec,
                                    .arena = view->arena,
                                    .origin = hole->origin,
                                    .head = hole->head};
    struct tip_head head;
    enum tip_err err = is_of_place(hole, frame)
                           ? tip_inspect_frame(&walk, frame)
                           : TIP_ESIGNATURE;

    if (err == TIP_OK) {
        head = walk.head;
        err = meet(&walk, view);
    }
    return err == TIP_OK ? make_row(hole, &head, view->arena, frame, out_row)
                         : err;
}
