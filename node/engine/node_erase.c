/*
 * Records that are erased by law, as the control log says.
 *
 * The record goes at once, with its history and with what this office had
 * written to it and the hub has not decided: that is noted, without a word of
 * its content, for whoever wrote it. What frames say of it goes after that, in
 * slices (tip_sweep.h), and then the store forgets for good.
 */
#include <string.h>

#include "node_engine_internal.h"
#include "node_erase.h"
#include "node_mend.h"
#include "node_outbox.h"
#include "node_ruling.h"
#include "tip_clock.h"
#include "tip_envelope.h"
#include "tip_state_row.h"
#include "tip_store.h"
#include "tip_wire_up.h"

enum {
    SWEEP_ROWS = 32, /* A slice: some milliseconds. */
    RETRY_MS = 60 * 1000
};

/* What tip_redact.h needs of us. */
struct redactor {
    struct tip_redactor base; /* First member, so the cast below is valid. */
    struct node_engine *engine;
};

static enum tip_err is_erased(struct tip_redactor *self,
                              const struct tip_record_ref *ref, bool *out_is)
{
    struct node_engine *engine = ((struct redactor *)self)->engine;

    return tip_record_table_is_erased(&engine->records, engine->txn, ref,
                                      out_is);
}

/* The change-sets of our frame that has @seq, in @arena. */
static enum tip_err load_frame(struct node_engine *engine, uint64_t seq,
                               struct tip_arena *arena,
                               struct tip_up_body *out_body,
                               uint64_t *out_first)
{
    struct tip_frame_header header;
    const struct tip_wire_sender sender = {.header = &header,
                                           .office = engine->identity.office};
    struct tip_wire_frame parts;
    struct tip_bytes frame, copy, packed;
    uint64_t last;
    enum tip_err err = node_feed_frame(engine, seq, &frame, &last);

    if (err == TIP_OK) {
        err = tip_arena_copy(arena, frame, &copy);
    }
    if (err == TIP_OK) {
        err = tip_envelope_read(copy, &parts, &header);
    }
    if (err == TIP_OK) {
        err = tip_envelope_open(&engine->feed_key, &header, &parts, arena,
                                &packed);
    }
    if (err == TIP_OK) {
        err =
            tip_wire_up_decode(engine->codec, &sender, packed, arena, out_body);
    }
    if (err == TIP_OK) {
        *out_first = header.first;
    }
    return err;
}

/* A frame of ours is kept for good; where it is not, nobody can tell. */
static enum tip_err is_ruled(struct tip_redactor *self,
                             const struct tip_ruling *ruling, bool *out_is)
{
    struct node_engine *engine = ((struct redactor *)self)->engine;
    const uint64_t last = ruling->first_seq + ruling->count - 1;
    uint64_t seq = ruling->first_seq;
    enum tip_err err = TIP_OK;

    *out_is = false;
    while (err == TIP_OK && !*out_is && seq <= last) {
        struct tip_up_body body;
        uint64_t first;

        err = load_frame(engine, seq, self->arena, &body, &first);
        if (err == TIP_ENOTFOUND) {
            *out_is = true;
            err = TIP_OK;
        } else if (err == TIP_OK) {
            uint64_t end = first + body.set_count;

            end = end > last + 1 ? last + 1 : end;
            err = tip_redact_names(self, &body.sets[seq - first], end - seq,
                                   out_is);
            seq = end;
        }
    }
    return err;
}

static struct redactor redactor_of(struct node_engine *engine,
                                   struct tip_arena *arena)
{
    return (struct redactor){.base = {.is_erased = is_erased,
                                      .is_ruled = is_ruled,
                                      .codec = engine->codec,
                                      .keys = engine->opts.keys,
                                      .random = engine->opts.random,
                                      .arena = arena},
                             .engine = engine};
}

void node_engine_erasing(const struct node_engine *engine,
                         struct node_erasing *out_erasing)
{
    *out_erasing = (struct node_erasing){.newest = engine->sweep.through,
                                         .done = engine->sweep.done,
                                         .trouble = engine->sweep_trouble};
}

enum tip_err node_erase_is_named(struct node_engine *engine,
                                 const struct tip_change_set *set, bool *out_is)
{
    struct redactor redactor = redactor_of(engine, &engine->work);

    return tip_redact_names(&redactor.base, set, 1, out_is);
}

/* Note that @set of ours went with the record. */
static void note_lost(struct node_erasure *erasure,
                      const struct tip_change_set *set)
{
    if (erasure->lost_count++ == 0) {
        erasure->lost_first = set->stamp;
    }
    erasure->lost_last = set->stamp;
    memset(erasure->author, 0, sizeof erasure->author);
    memcpy(erasure->author, set->author.data, set->author.size);
}

/* Take out of own change-set @seq, which nobody has decided, what it writes to
 * records that were erased. All are asked: a record that this store has lost
 * does not say any more what lay over it. */
static enum tip_err redact_own(struct node_engine *engine, uint64_t seq,
                               void *erasure)
{
    struct redactor redactor = redactor_of(engine, &engine->work);
    struct tip_change_set set, left;
    size_t bytes;
    bool is_less;
    enum tip_err err = node_save_load(engine, seq, &engine->work, &set, &bytes);

    if (err == TIP_OK) {
        err = tip_redact_set(&redactor.base, &set, &left, &is_less);
    }
    if (err != TIP_OK || !is_less) {
        return err;
    }
    note_lost(erasure, &set);
    return node_outbox_put(engine, &left);
}

enum tip_err node_erase(struct node_engine *engine,
                        const struct tip_ctl_erase *erase, uint64_t commit)
{
    struct node_erasure erasure = {.record = erase->record,
                                   .commit = commit,
                                   .decided_ms = erase->decided_ms};
    struct redactor redactor = redactor_of(engine, &engine->work);
    const struct tip_record_ref ref = {.id = erase->record};
    uint32_t ordinal;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, &ref, &ordinal);

    if (err == TIP_OK) {
        err = node_erase_record(engine, ordinal, &erasure);
    } else if (err == TIP_ENOTFOUND) {
        err = tip_record_table_add_erased(&engine->records, engine->txn, erase,
                                          commit);
        node_mend_doubt(engine); /* It may have been lost: not its history. */
    }
    tip_arena_clear(&engine->work);
    if (err == TIP_OK) {
        err = node_outbox_each(engine, redact_own, &erasure);
    }
    if (err == TIP_OK) {
        err = node_ruling_redact(engine, &redactor.base);
    }
    if (err == TIP_OK) {
        err = node_erasure_store(engine->txn, &erasure);
    }
    if (err == TIP_OK) {
        tip_sweep_begin(&engine->sweep, commit);
        engine->sweep_trouble = TIP_OK;
        engine->sweep_retry_ms = 0;
        err = tip_sweep_store(engine->txn, &engine->sweep);
    }
    return err;
}

/* Might @body say something of a record that was erased before it came? Nothing
 * that was committed after an erasure does. */
static bool is_suspect(const struct node_engine *engine,
                       const struct node_channel *channel,
                       const struct tip_down_body *body)
{
    for (size_t i = 0; i < body->item_count; i++) {
        const struct tip_item *item = &body->items[i];

        if ((item->kind == TIP_ITEM_SET || item->kind == TIP_ITEM_STATE ||
             item->kind == TIP_ITEM_RULING) &&
            item->commit < engine->sweep.through) {
            return true;
        }
    }
    return channel->row.in_erased_state;
}

/* What is left of @frame, in engine->arena. */
static enum tip_err redact_frame(struct node_engine *engine,
                                 struct node_channel *channel,
                                 struct tip_bytes frame,
                                 struct tip_bytes *out_left)
{
    struct redactor redactor = redactor_of(engine, &engine->arena);
    bool is_less;
    enum tip_err err;

    redactor.base.carry.in_erased_state = channel->row.in_erased_state;
    err = tip_redact_frame(&redactor.base, &channel->key, frame, out_left,
                           &is_less);
    channel->row.in_erased_state = redactor.base.carry.in_erased_state;
    return err;
}

enum tip_err node_erase_keep(struct node_engine *engine,
                             struct node_channel *channel, uint64_t index,
                             const struct tip_down_body *body,
                             struct tip_bytes frame)
{
    struct tip_bytes left = frame;
    enum tip_err err = TIP_OK;

    if (is_suspect(engine, channel, body)) {
        err = redact_frame(engine, channel, frame, &left);
    }
    return err == TIP_OK
               ? tip_txn_put(engine->txn, TIP_TABLE_FRAME_DOWN,
                             TIP_KEY(channel->row.position.channel, index),
                             left)
               : err;
}

/* The newest that was noted; its key says so, whatever has become of it. */
static enum tip_err sweep_again(struct node_engine *engine, struct tip_txn *txn)
{
    struct tip_bytes row;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_ERASURE, TIP_SEEK_AT_OR_BEFORE,
                     TIP_KEY(UINT64_MAX, 0), &key, &row);

    if (err != TIP_OK && (err != TIP_ESTORE_DAMAGED || key.hi == UINT64_MAX)) {
        return err;
    }
    engine->sweep = (struct tip_sweep){.phase = TIP_SWEEP_IDLE};
    if (key.hi != 0) {
        tip_sweep_begin(&engine->sweep, key.hi);
    }
    engine->remade |= NODE_REMADE_SWEEP;
    return TIP_OK;
}

enum tip_err node_erase_load(struct node_engine *engine, struct tip_txn *txn)
{
    enum tip_err err = tip_sweep_load(txn, &engine->sweep);

    return err == TIP_ESTORE_DAMAGED ? sweep_again(engine, txn) : err;
}

static const struct tip_frame_key *key_of(struct tip_redactor *redactor,
                                          enum tip_table table, uint64_t hi,
                                          uint32_t epoch)
{
    struct node_engine *engine = ((struct redactor *)redactor)->engine;
    struct node_channel *channel;

    (void)epoch; /* It has one. */

    if (table == TIP_TABLE_FRAME_UP) {
        return &engine->feed_key;
    }
    channel =
        hi > UINT32_MAX ? NULL : node_engine_channel(engine, (uint32_t)hi);
    return channel == NULL ? NULL : &channel->key;
}

/* Let go of the open transaction: nothing else is in it. */
static void drop(struct node_engine *engine)
{
    tip_txn_abort(engine->txn);
    engine->txn = NULL;
    engine->is_writing = false;
}

static enum tip_err sweep(struct node_engine *engine)
{
    struct redactor redactor = redactor_of(engine, &engine->arena);
    struct tip_sweep next = engine->sweep;
    enum tip_err err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);

    if (err == TIP_OK) {
        err = tip_sweep_step(&next, engine->txn, &redactor.base, key_of,
                             SWEEP_ROWS);
    }
    if (err == TIP_OK) {
        err = tip_sweep_store(engine->txn, &next);
    }
    if (err != TIP_OK) {
        drop(engine);
        return err;
    }
    engine->sweep = next;
    return node_engine_flush(engine);
}

/* Nothing is left but in what the store has thrown away. */
static enum tip_err purge(struct node_engine *engine)
{
    const struct tip_sweep done = {.phase = TIP_SWEEP_IDLE,
                                   .through = engine->sweep.through,
                                   .done = engine->sweep.through};
    enum tip_err err;

    drop(engine);
    err = tip_store_purge(engine->opts.store);
    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = tip_sweep_store(engine->txn, &done);
    if (err != TIP_OK) {
        drop(engine);
        return err;
    }
    engine->sweep = done;
    err = node_engine_flush(engine);
    if (err == TIP_OK) {
        node_talk_greet_again(engine); /* Nouakchott is to know. */
    }
    return err;
}

enum tip_err node_erase_work(struct node_engine *engine)
{
    uint64_t now = node_engine_now_ms(engine);
    enum tip_err err;

    if (engine->sweep.phase == TIP_SWEEP_IDLE || now < engine->sweep_retry_ms) {
        return TIP_OK;
    }
    err = node_engine_flush(engine);
    if (err != TIP_OK) {
        return err;
    }
    err = engine->sweep.phase == TIP_SWEEP_READING ? sweep(engine)
                                                   : purge(engine);
    if (err == TIP_EAGAIN) {
        return TIP_OK; /* Somebody reads: in a moment. */
    }
    engine->sweep_trouble = err;
    engine->sweep_retry_ms = err == TIP_OK ? 0 : now + RETRY_MS;
    return err == TIP_ESTORE_FAILED ? err : TIP_OK;
}
