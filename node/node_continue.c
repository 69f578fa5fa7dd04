/*
 * A device that was restored from a backup.
 *
 * Its copy of the feed ends where the backup was made, or goes another way from
 * there; the hub has what it had sent since. It fetches that, finds up to where
 * both say the same, and asks for an origin to go on under. Nothing of it
 * counts before the hub has answered: cut off anywhere, it begins anew, and the
 * request it made last is known by its token.
 */
#include <string.h>

#include "node_engine_internal.h"
#include "node_row.h"
#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_link.h"
#include "tip_random.h"
#include "tip_wire_up.h"

uint32_t node_continue_origin(const struct node_engine *engine)
{
    return engine->feed.own[engine->feed.own_count - 1].origin;
}

bool node_continue_is_own(const struct node_engine *engine, uint32_t origin)
{
    for (size_t i = 0; i < engine->feed.own_count; i++) {
        if (engine->feed.own[i].origin == origin) {
            return true;
        }
    }
    return false;
}

bool node_continue_wrote(const struct node_engine *engine, uint32_t origin,
                         uint64_t seq)
{
    const struct node_feed_row *feed = &engine->feed;

    for (size_t i = 0; i < feed->own_count; i++) {
        uint64_t end =
            i + 1 < feed->own_count ? feed->own[i + 1].start : UINT64_MAX;

        if (feed->own[i].origin == origin) {
            return seq > feed->own[i].start && seq <= end;
        }
    }
    return false;
}

bool node_continue_is_recalled(const struct node_engine *engine, uint64_t seq)
{
    for (size_t i = 1; i < engine->feed.own_count; i++) {
        if (seq > engine->feed.own[i].up_to &&
            seq <= engine->feed.own[i].start) {
            return true;
        }
    }
    return false;
}

struct tip_head node_continue_start(const struct node_engine *engine)
{
    struct tip_frame_header first = {.origin = node_continue_origin(engine)};
    struct tip_head head;

    tip_envelope_start(&first, &head);
    head.number = engine->feed.own[engine->feed.own_count - 1].start;
    return head;
}

static void go_to(struct node_engine *engine, enum node_recovery step)
{
    engine->go_on.step = step;
    engine->go_on.is_due = true;
    tip_patience_restart(&engine->go_on.patience, node_engine_now_ms(engine));
}

bool node_continue_begin(struct node_engine *engine,
                         const struct tip_head *head)
{
    struct node_continue *go_on = &engine->go_on;
    const struct tip_head *confirmed = &engine->feed.confirmed;

    if (head->number <= confirmed->number ||
        engine->feed.own_count == NODE_OWN_MAX) {
        return false;
    }
    go_on->at = *confirmed;
    go_on->is_split = false;
    go_on->row.is_there = false; /* In memory; the last one stays stored. */
    go_on->row.from = confirmed->number + 1;
    go_on->row.asked =
        (struct tip_continue){.head = *head, .up_to = confirmed->number};
    go_to(engine, NODE_RECOVERY_RECALL);
    return true;
}

/* The hub says that our feed is closed; if that is by our own request, ask
 * again. */
static bool again(struct node_engine *engine)
{
    struct node_asked_row row;
    struct tip_txn *txn;

    if (node_engine_txn(engine, &txn) != TIP_OK ||
        node_row_load_asked(txn, &row) != TIP_OK || !row.is_there) {
        return false;
    }
    engine->go_on.row = row;
    go_to(engine, NODE_RECOVERY_ASK);
    return true;
}

void node_continue_closed(struct node_engine *engine)
{
    tip_node_session_stop(&engine->session);
    engine->trouble = again(engine) ? TIP_EFORK : TIP_ECLONE;
}

void node_continue_stop(struct node_engine *engine)
{
    if (engine->go_on.step != NODE_RECOVERY_NONE) {
        engine->go_on.step = NODE_RECOVERY_NONE;
        node_talk_reset(engine);
    }
}

/* A frame of our own on its way back. */
struct recalled {
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head; /* Behind it. */
    struct tip_up_body body;
};

static enum tip_err open_frame(struct node_engine *engine,
                               struct tip_bytes frame, struct recalled *out)
{
    const struct tip_sign_public *sign =
        &tip_device_keys_public(engine->opts.keys)->sign;
    struct tip_wire_sender sender = {.header = &out->header,
                                     .office = engine->identity.office};
    struct tip_bytes packed;
    enum tip_err err = tip_envelope_read(frame, &out->parts, &out->header);

    if (err == TIP_OK && (out->header.is_down ||
                          out->header.origin != node_continue_origin(engine) ||
                          out->header.first != engine->go_on.at.number + 1)) {
        err = TIP_EPROTOCOL;
    }
    if (err == TIP_OK) {
        err = tip_envelope_verify(sign, &out->header, &out->parts,
                                  &engine->go_on.at, &out->head);
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

/* Do both say the same? Whoever doubts it writes again: at worst it is there
 * twice, side by side. */
static bool says_same(struct node_engine *engine,
                      const struct tip_change_set *a,
                      const struct tip_change_set *b)
{
    bool is_same = a->base == b->base && a->stamp.packed == b->stamp.packed &&
                   tip_bytes_equal(a->author, b->author) &&
                   tip_bytes_equal(a->reason, b->reason) &&
                   a->record_count == b->record_count &&
                   a->change_count == b->change_count;

    for (size_t i = 0; is_same && i < a->record_count; i++) {
        is_same = names_same(engine, &a->records[i], &b->records[i]);
    }
    for (size_t i = 0; is_same && i < a->change_count; i++) {
        const struct tip_change *x = &a->changes[i];
        const struct tip_change *y = &b->changes[i];

        is_same = x->record == y->record && x->field == y->field &&
                  x->element == y->element &&
                  tip_value_equal(&x->value, &y->value);
    }
    return is_same;
}

/* How far do @came and what is here say the same? */
static enum tip_err compare(struct node_engine *engine,
                            const struct recalled *came, struct tip_bytes frame)
{
    struct node_continue *go_on = &engine->go_on;
    struct tip_bytes own;
    uint64_t last;
    enum tip_err err = node_feed_frame(engine, came->header.first, &own, &last);

    if (err == TIP_OK && tip_bytes_equal(own, frame) && !go_on->is_split) {
        go_on->row.asked.up_to = came->head.number;
        return TIP_OK;
    }
    for (size_t i = 0; i < came->body.set_count && !go_on->is_split; i++) {
        struct tip_change_set set;
        size_t bytes;

        err = node_save_load(engine, came->header.first + i, &engine->work,
                             &set, &bytes);
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
    return tip_txn_put(
        engine->txn, TIP_TABLE_FRAME_UP,
        TIP_KEY(node_rewrite_recalled(engine), came->header.first),
        tip_bytes(row, size));
}

/* All is here: ask, by a token that is durable before it leaves. */
static enum tip_err prepare(struct node_engine *engine)
{
    struct node_continue *go_on = &engine->go_on;
    struct node_asked_row *row = &go_on->row;

    if (memcmp(go_on->at.hash, row->asked.head.hash, TIP_HEAD_SIZE) != 0) {
        return TIP_EFORK;
    }
    engine->opts.random->fill(engine->opts.random, row->asked.token,
                              sizeof row->asked.token);
    row->is_there = true;
    go_to(engine, NODE_RECOVERY_ASK);
    return node_row_store_asked(engine->txn, row);
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
        err = compare(engine, &came, frame);
    }
    if (err == TIP_OK) {
        err = keep(engine, &came, frame);
    }
    if (err == TIP_OK) {
        go_on->at = came.head;
        go_to(engine, NODE_RECOVERY_RECALL);
        if (came.head.number == go_on->row.asked.head.number) {
            err = prepare(engine);
        }
    }
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->work);
    return err;
}

static enum tip_err go_on_under(struct node_engine *engine,
                                const struct tip_continued *continued)
{
    const struct node_asked_row *row = &engine->go_on.row;
    enum tip_err err;

    if (engine->go_on.step != NODE_RECOVERY_ASK ||
        memcmp(continued->token, row->asked.token, TIP_TOKEN_SIZE) != 0 ||
        continued->up_to != row->asked.up_to ||
        continued->start != row->asked.head.number ||
        node_continue_is_own(engine, continued->origin)) {
        return TIP_EPROTOCOL;
    }
    err = node_engine_settle(engine);
    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = node_rewrite(engine, continued);
    if (err != TIP_OK) {
        engine->failure = err;
        engine->trouble = err;
        node_engine_give_up(engine);
    }
    return err;
}

enum tip_err node_continue_take(struct node_engine *engine,
                                const struct tip_continued *continued)
{
    enum tip_err err = go_on_under(engine, continued);

    if (err == TIP_OK) {
        err = node_engine_flush(engine);
    }
    if (err == TIP_OK) {
        engine->trouble = TIP_OK;
        node_continue_stop(engine);
        tip_link_drop(engine->opts.link, 0);
    }
    return err;
}

/* The message that is due; false: none. */
static bool next(struct node_engine *engine, struct tip_message *out)
{
    struct node_continue *go_on = &engine->go_on;

    if (go_on->step == NODE_RECOVERY_NONE || !go_on->is_due) {
        return false;
    }
    if (go_on->step == NODE_RECOVERY_RECALL) {
        *out = (struct tip_message){.kind = TIP_MESSAGE_RECALL,
                                    .recall = {.seq = go_on->at.number + 1}};
        return true;
    }
    *out = (struct tip_message){.kind = TIP_MESSAGE_CONTINUE,
                                .go_on = go_on->row.asked};
    return true;
}

void node_continue_pump(struct node_engine *engine)
{
    uint64_t now = node_engine_now_ms(engine);
    struct tip_message message;

    if (next(engine, &message)) {
        if (tip_talk_send(&engine->talk, engine->opts.link, 0, &message) ==
            TIP_OK) {
            engine->go_on.is_due = false;
            tip_patience_restart(&engine->go_on.patience, now);
        }
    } else if (engine->go_on.step != NODE_RECOVERY_NONE &&
               tip_patience_is_over(&engine->go_on.patience, now)) {
        tip_link_drop(engine->opts.link, 0);
    }
}
