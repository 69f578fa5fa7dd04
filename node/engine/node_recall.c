/*
 * What a restored device had sent since its backup, on its way back.
 *
 * Each frame is compared with what is here, change-set by change-set, and kept
 * beside our own until the hub has answered how to go on.
 */
#include <string.h>

#include "node_engine_internal.h"
#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_wire_up.h"

/* A frame of our own on its way back. */
struct recalled {
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head; /* Behind it. */
    struct tip_up_body body;
};

/* Is it the next frame, of the feed that came last or of a later one, under
 * which another copy of this disk went on? @out_at: what it follows. */
static enum tip_err check_place(const struct node_continue *go_on,
                                const struct tip_frame_header *header,
                                struct tip_head *out_at)
{
    bool is_other = header->origin != go_on->origin;

    /* Before another feed there may be what no copy of this disk knows of. */
    if (header->is_down || header->origin < go_on->origin ||
        header->first <= go_on->at.number ||
        (!is_other && header->first != go_on->at.number + 1)) {
        return TIP_EPROTOCOL;
    }
    *out_at = go_on->at;
    if (is_other) {
        tip_envelope_start(header, out_at);
        out_at->number = header->first - 1;
    }
    return TIP_OK;
}

static enum tip_err open_frame(struct node_engine *engine,
                               struct tip_bytes frame, struct recalled *out)
{
    const struct tip_sign_public *sign =
        &tip_device_keys_public(engine->opts.keys)->sign;
    struct tip_wire_sender sender = {.header = &out->header,
                                     .office = engine->identity.office};
    struct tip_head at;
    struct tip_bytes packed;
    enum tip_err err = tip_envelope_read(frame, &out->parts, &out->header);

    if (err == TIP_OK) {
        err = check_place(&engine->go_on, &out->header, &at);
    }
    if (err == TIP_OK) {
        /* Of what was erased since, the hub vouches for what is left. */
        err = tip_envelope_verify_left(sign, &engine->identity.hub_sign,
                                       &out->header, &out->parts, &at,
                                       &out->head);
    }
    if (err == TIP_OK) {
        err = tip_envelope_open(&engine->feed_key, &out->header, &out->parts,
                                &engine->arena, &packed);
    }
    return err == TIP_OK ? tip_wire_up_decode(engine->codec, &sender, packed,
                                              &engine->arena, &out->body)
                         : err;
}

/* Do both name the same record? One may do so by its birth. */
static bool names_same(struct node_engine *engine,
                       const struct tip_record_ref *a,
                       const struct tip_record_ref *b)
{
    uint32_t x, y;

    if (!tip_id_is_none(&a->id) && !tip_id_is_none(&b->id)) {
        return tip_id_equal(&a->id, &b->id);
    }
    return tip_record_table_find(&engine->records, engine->txn, a, &x) ==
               TIP_OK &&
           tip_record_table_find(&engine->records, engine->txn, b, &y) ==
               TIP_OK &&
           x == y;
}

/* Are both of one save? */
static bool is_same_save(struct node_engine *engine,
                         const struct tip_change_set *a,
                         const struct tip_change_set *b)
{
    bool is_same = a->base == b->base && a->stamp.packed == b->stamp.packed &&
                   tip_bytes_equal(a->author, b->author) &&
                   a->record_count == b->record_count;

    for (size_t i = 0; is_same && i < a->record_count; i++) {
        is_same = names_same(engine, &a->records[i], &b->records[i]);
    }
    return is_same;
}

/* Do both write the same to their record number @record? A save writes to every
 * record it names: if one writes nothing, that was erased since. */
static bool writes_same(const struct tip_change_set *a,
                        const struct tip_change_set *b, size_t record)
{
    size_t count, other;
    const struct tip_change *x = tip_change_set_part(a, record, &count);
    const struct tip_change *y = tip_change_set_part(b, record, &other);
    bool is_same = count == other;

    if (count == 0 || other == 0) {
        return true;
    }
    for (size_t i = 0; is_same && i < count; i++) {
        is_same = x[i].field == y[i].field && x[i].element == y[i].element &&
                  tip_value_equal(&x[i].value, &y[i].value);
    }
    return is_same;
}

/* Do both say the same? Of either something may have been erased, also before
 * it was sent; the reason goes then too. Whoever doubts it writes again: at
 * worst it is there twice, side by side. */
static bool says_same(struct node_engine *engine,
                      const struct tip_change_set *a,
                      const struct tip_change_set *b)
{
    bool is_same = is_same_save(engine, a, b) &&
                   (a->reason.size == 0 || b->reason.size == 0 ||
                    tip_bytes_equal(a->reason, b->reason));

    for (size_t i = 0; is_same && i < a->record_count; i++) {
        is_same = writes_same(a, b, i);
    }
    return is_same;
}

/* Is the frame that @came is of our chain? Of either something may have been
 * erased since; or the disk lost it. */
static bool is_here(struct node_engine *engine, const struct recalled *came)
{
    bool is_on_chain;

    return node_feed_is_on_chain(engine, &came->head, &is_on_chain) == TIP_OK &&
           is_on_chain;
}

/* How far do @came and what is here say the same? */
static enum tip_err compare(struct node_engine *engine,
                            const struct recalled *came)
{
    struct node_continue *go_on = &engine->go_on;

    /* What another copy wrote under its own feed is not of this disk. */
    go_on->is_split =
        go_on->is_split ||
        !node_continue_wrote(engine, came->header.origin, came->header.first);
    if (!go_on->is_split && is_here(engine, came)) {
        go_on->row.asked.up_to = came->head.number;
        return TIP_OK;
    }
    for (size_t i = 0; i < came->body.set_count && !go_on->is_split; i++) {
        struct tip_change_set set;
        size_t bytes;
        enum tip_err err = node_save_load(engine, came->header.first + i,
                                          &engine->work, &set, &bytes);

        if (err != TIP_OK && err != TIP_ENOTFOUND) {
            return err;
        }
        if (err == TIP_OK && says_same(engine, &came->body.sets[i], &set)) {
            go_on->row.asked.up_to = came->header.first + i;
        } else {
            go_on->is_split = true;
        }
        tip_arena_clear(&engine->work);
    }
    return TIP_OK;
}

static enum tip_err keep(struct node_engine *engine,
                         const struct recalled *came, struct tip_bytes frame)
{
    size_t size = TIP_FRAME_ROW_PREFIX_SIZE + frame.size;
    uint8_t *row = tip_arena_alloc(&engine->arena, size);
    enum tip_err err = row == NULL
                           ? TIP_ENOMEM
                           : node_engine_write(engine, TIP_TXN_WRITE_RESERVE);

    if (err != TIP_OK) {
        return err;
    }
    tip_frame_row_put_head(row, &came->head);
    memcpy(row + TIP_FRAME_ROW_PREFIX_SIZE, frame.data, frame.size);
    return tip_txn_put(engine->txn, TIP_TABLE_FRAME_UP,
                       TIP_KEY(NODE_RECALLED, came->header.first),
                       tip_bytes(row, size));
}

enum tip_err node_continue_frame(struct node_engine *engine,
                                 struct tip_bytes frame)
{
    struct node_continue *go_on = &engine->go_on;
    struct recalled came;
    enum tip_err err = go_on->step == NODE_RECOVERY_RECALL
                           ? open_frame(engine, frame, &came)
                           : TIP_EPROTOCOL;

    if (err == TIP_OK) {
        err = node_engine_settle(engine);
    }
    if (err == TIP_OK) {
        err = compare(engine, &came);
    }
    if (err == TIP_OK) {
        err = keep(engine, &came, frame);
    }
    if (err == TIP_OK) {
        go_on->at = came.head;
        go_on->origin = came.header.origin;
        node_continue_go_to(engine, NODE_RECOVERY_RECALL);
        if (came.head.number == go_on->row.asked.head.number) {
            err = memcmp(came.head.hash, go_on->row.asked.head.hash,
                         TIP_HEAD_SIZE) == 0
                      ? node_continue_prepare(engine)
                      : TIP_EFORK;
        }
    }
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->work);
    return err;
}
