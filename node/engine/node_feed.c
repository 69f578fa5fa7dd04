#include <assert.h>
#include <string.h>

#include "node_engine_internal.h"
#include "node_mend.h"
#include "node_stand_in.h"
#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_random.h"
#include "tip_store.h"
#include "tip_wire_up.h"

/* Change-sets on their way into a frame. */
struct batch {
    struct tip_change_set *sets;
    size_t count;
    size_t raw_bytes;
    size_t target_bytes; /* What the frame aims at. */
};

/* Name the records of @set by their birth where its author had heard of one:
 * two or three bytes instead of sixteen. By what was heard since, an older copy
 * of this disk, which has @set too, would not know them again. */
static enum tip_err name_by_birth(struct node_engine *engine,
                                  struct tip_change_set *set)
{
    struct tip_record_ref *refs =
        tip_arena_alloc_array(&engine->arena, set->record_count, sizeof *refs);

    if (refs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < set->record_count; i++) {
        struct tip_wire_record_peek peek;
        struct tip_bytes value;
        uint32_t ordinal;
        enum tip_err err = tip_record_table_find(&engine->records, engine->txn,
                                                 &set->records[i], &ordinal);

        if (err == TIP_OK) {
            err = tip_txn_get(engine->txn, TIP_TABLE_RECORD,
                              TIP_KEY(ordinal, 0), &value);
        }
        if (err == TIP_OK) {
            err = tip_wire_record_peek(value, &peek);
        }
        if (err != TIP_OK && err != TIP_ENOTFOUND) {
            return err;
        }
        refs[i] =
            err != TIP_OK || peek.birth_commit == 0 ||
                    peek.birth_commit > set->base
                ? set->records[i] /* By its id; also if it was lost here. */
                : (struct tip_record_ref){.birth_commit = peek.birth_commit,
                                          .birth_index = peek.birth_index};
    }
    set->records = refs;
    return TIP_OK;
}

/* Collect change-sets after the newest frame until there is enough. */
static enum tip_err collect(struct node_engine *engine, size_t target_bytes,
                            struct batch *batch)
{
    uint64_t first = engine->feed.framed.number + 1;
    uint64_t available = engine->feed.saved - engine->feed.framed.number;
    size_t max =
        available < TIP_FRAME_SETS_AIM ? (size_t)available : TIP_FRAME_SETS_AIM;
    size_t raw_max = tip_wire_cut_guess(&engine->cut, target_bytes);

    *batch = (struct batch){
        .sets = tip_arena_alloc_array(&engine->arena, max, sizeof *batch->sets),
        .target_bytes = target_bytes};
    if (batch->sets == NULL) {
        return TIP_ENOMEM;
    }
    while (batch->count < max &&
           (batch->count == 0 || batch->raw_bytes < raw_max)) {
        struct tip_change_set *set = &batch->sets[batch->count];
        size_t bytes = 0;
        enum tip_err err = node_save_load(engine, first + batch->count,
                                          &engine->arena, set, &bytes);

        if (node_stand_in_is_due(engine, first + batch->count, err)) {
            node_mend_doubt(engine);
            return TIP_ESTORE_DAMAGED;
        }
        if (err == TIP_OK) {
            err = name_by_birth(engine, set);
        }
        if (err != TIP_OK) {
            return err;
        }
        batch->raw_bytes += bytes;
        batch->count++;
    }
    return TIP_OK;
}

static struct tip_frame_header header_of(struct node_engine *engine,
                                         const struct batch *batch)
{
    struct tip_frame_header header = {.format = TIP_FORMAT,
                                      .origin = node_continue_origin(engine),
                                      .first = engine->feed.framed.number + 1,
                                      .count = (uint32_t)batch->count,
                                      .key_epoch = engine->identity.key_epoch,
                                      .catalogue = engine->opts.catalogue};

    engine->opts.random->fill(engine->opts.random, header.salt,
                              sizeof header.salt);
    return header;
}

/* Make @batch a frame in @out. TIP_ETOOBIG: more than one frame holds. */
static enum tip_err close_batch(struct node_engine *engine,
                                const struct batch *batch, struct tip_buf *out,
                                struct tip_head *out_head)
{
    struct tip_frame_header header = header_of(engine, batch);
    struct tip_up_body body = {.sets = batch->sets, .set_count = batch->count};
    TIP_BUF_ROOM uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_bytes packed;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    err = tip_wire_up_encode(engine->codec, &body, &buf, &header.dictionary);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &packed);
    }
    if (err == TIP_OK) {
        err = tip_envelope_close(engine->opts.keys, &engine->feed_key, &header,
                                 &engine->feed.framed, packed, out, out_head);
    }
    return err;
}

/* Close as many change-sets of @batch as fit the size aimed at. */
static enum tip_err close_fitting(struct node_engine *engine,
                                  struct batch *batch, struct tip_buf *out,
                                  struct tip_head *out_head)
{
    size_t start = out->size;

    for (;;) {
        enum tip_err err = close_batch(engine, batch, out, out_head);
        size_t size = out->size - start;
        bool fits = err == TIP_OK && size <= batch->target_bytes;

        if (err == TIP_OK) {
            tip_wire_cut_learn(&engine->cut, batch->raw_bytes, size);
        }
        if (fits || batch->count == 1 ||
            (err != TIP_OK && err != TIP_ETOOBIG)) {
            return err;
        }
        out->size = start;
        out->failed = false;
        batch->raw_bytes = batch->raw_bytes / 4 * 3;
        batch->count = batch->count * 3 / 4;
    }
}

static enum tip_err cut(struct node_engine *engine, size_t target_bytes)
{
    size_t capacity = TIP_FRAME_ROW_PREFIX_SIZE + TIP_FRAME_BYTES_MAX;
    uint64_t first = engine->feed.framed.number + 1;
    struct tip_bytes row;
    struct tip_head head;
    struct batch batch;
    struct tip_buf buf;
    uint8_t *memory;
    enum tip_err err = collect(engine, target_bytes, &batch);

    if (err != TIP_OK) {
        return err;
    }
    memory = tip_arena_alloc(&engine->arena, capacity);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, capacity);
    buf.size =
        TIP_FRAME_ROW_PREFIX_SIZE; /* Known only once the frame is closed. */
    err = close_fitting(engine, &batch, &buf, &head);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &row);
    }
    if (err == TIP_OK) {
        tip_frame_row_put_head(memory, &head);
        err = tip_txn_append(engine->txn, TIP_TABLE_FRAME_UP,
                             TIP_KEY(engine->identity.origin, first), row);
    }
    if (err == TIP_OK) {
        engine->feed.framed = head;
        engine->feed_is_dirty = true;
    }
    return err;
}

enum tip_err node_feed_cut(struct node_engine *engine, uint64_t seq,
                           size_t target_bytes)
{
    enum tip_err err = TIP_OK;

    assert(seq <= engine->feed.framed.number + 1);
    if (seq <= engine->feed.framed.number) {
        return TIP_OK;
    }
    err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    if (err == TIP_OK) {
        err = cut(engine, target_bytes);
        engine->failure = err;
    }
    tip_arena_clear(&engine->arena);
    return err;
}

enum tip_err node_engine_cut_all(struct node_engine *engine)
{
    enum tip_err err = node_engine_flush(engine);

    while (err == TIP_OK && engine->feed.framed.number < engine->feed.saved) {
        err = node_feed_cut(engine, engine->feed.framed.number + 1,
                            TIP_FRAME_BYTES_MAX);
    }
    return err == TIP_OK ? node_engine_flush(engine) : err;
}

enum tip_err node_feed_frame(struct node_engine *engine, uint64_t seq,
                             struct tip_bytes *out_frame, uint64_t *out_last)
{
    struct tip_head head;
    struct tip_txn *txn;
    uint64_t first;
    enum tip_err err = node_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_frame_row_find(txn, engine->identity.origin, seq, &first,
                                 &head, out_frame);
    }
    if (err == TIP_OK) {
        *out_last = head.number;
    }
    return err;
}

static bool is_same(const struct tip_head *a, const struct tip_head *b)
{
    return a->number == b->number &&
           memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

/* Does one of our feeds begin at @head? */
static bool is_start(const struct node_engine *engine,
                     const struct tip_head *head)
{
    for (size_t i = 0; i < engine->feed.own_count; i++) {
        struct tip_head start = node_continue_start_of(engine, i);

        if (is_same(&start, head)) {
            return true;
        }
    }
    return false;
}

/* The head at @number of the feed, if it stands in the feed's row too; NULL. A
 * feed begins at the number at which another ends, so that one is no proof. */
static const struct tip_head *noted_at(const struct node_engine *engine,
                                       uint64_t number)
{
    const struct node_feed_row *feed = &engine->feed;

    if (number <= node_continue_start_number(engine)) {
        return NULL;
    }
    if (number == feed->framed.number) {
        return &feed->framed;
    }
    return number == feed->confirmed.number ? &feed->confirmed : NULL;
}

/* As node_feed_is_on_chain(), by the frame that ends at @head. */
static enum tip_err look_up(struct node_engine *engine, struct tip_txn *txn,
                            const struct tip_head *head, bool *out_is)
{
    struct tip_bytes frame;
    struct tip_head own;
    uint64_t first;
    enum tip_err err = tip_frame_row_find(txn, engine->identity.origin,
                                          head->number, &first, &own, &frame);

    *out_is = err == TIP_OK && is_same(&own, head);
    return err;
}

/* The same, by the frame of its feed behind it: what the device signed follows
 * one head only. TIP_ENOTFOUND, TIP_ESTORE_DAMAGED: that says nothing. */
static enum tip_err follow(struct node_engine *engine,
                           const struct tip_head *head, bool *out_is)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head behind;
    struct tip_bytes frame;
    uint64_t last;
    enum tip_err err = node_feed_frame(engine, head->number + 1, &frame, &last);

    if (err == TIP_OK &&
        (tip_envelope_read(frame, &parts, &header) != TIP_OK ||
         header.first != head->number + 1 ||
         header.origin != node_continue_origin_at(engine, head->number))) {
        err = TIP_ENOTFOUND;
    }
    if (err != TIP_OK) {
        return err;
    }
    err = tip_envelope_verify_left(
        &tip_device_keys_public(engine->opts.keys)->sign,
        &engine->identity.hub_sign, &header, &parts, head, &behind);
    *out_is = err == TIP_OK;
    return err == TIP_ESIGNATURE ? TIP_OK : err;
}

/* As node_feed_is_on_chain(), where the frame that ends at @head cannot be read
 * because of @why. One that was there and is gone is no other chain. */
static enum tip_err do_without(struct node_engine *engine,
                               const struct tip_head *head, enum tip_err why,
                               bool *out_is)
{
    enum tip_err err = follow(engine, head, out_is);

    if (err != TIP_ENOTFOUND && err != TIP_ESTORE_DAMAGED) {
        return err;
    }
    return why == TIP_ENOTFOUND &&
                   head->number <= node_continue_start_number(engine)
               ? TIP_OK
               : TIP_ESTORE_DAMAGED;
}

enum tip_err node_feed_is_on_chain(struct node_engine *engine,
                                   const struct tip_head *head, bool *out_is)
{
    const struct tip_head *noted = noted_at(engine, head->number);
    struct tip_txn *txn;
    enum tip_err err;

    *out_is = noted != NULL ? is_same(noted, head) : is_start(engine, head);
    if (noted != NULL || *out_is || head->number > engine->feed.framed.number) {
        return TIP_OK; /* No frame of ours was ever behind the newest. */
    }
    err = node_engine_txn(engine, &txn);
    if (err == TIP_OK) {
        err = look_up(engine, txn, head, out_is);
    }
    return err == TIP_ENOTFOUND || err == TIP_ESTORE_DAMAGED
               ? do_without(engine, head, err, out_is)
               : err;
}
