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
#include "tip_frame_row.h"
#include "tip_link.h"
#include "tip_random.h"

void node_continue_go_to(struct node_engine *engine, enum node_recovery step)
{
    engine->go_on.step = step;
    engine->go_on.is_due = true;
    tip_patience_restart(&engine->go_on.patience, node_engine_now_ms(engine));
}

enum tip_err node_continue_prepare(struct node_engine *engine)
{
    struct node_asked_row *row = &engine->go_on.row;
    enum tip_err err = node_engine_settle(engine);

    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err != TIP_OK) {
        return err;
    }
    engine->opts.random->fill(engine->opts.random, row->asked.token,
                              sizeof row->asked.token);
    row->is_there = true;
    node_continue_go_to(engine, NODE_RECOVERY_ASK);
    return node_row_store_asked(engine->txn, row);
}

/* The hub's copy of our feed is another one than ours, and we go on from that
 * as @err says. A fault of our own store tells nothing of it: it is called what
 * it is, and the hub greeted again when it may be over. */
static void note(struct node_engine *engine, enum tip_err err)
{
    engine->trouble = err == TIP_OK ? TIP_EFORK : err;
    if (err != TIP_OK && err != TIP_ECLONE) {
        engine->go_on.step = NODE_RECOVERY_NONE;
        engine->resume_ms = node_engine_now_ms(engine) + NODE_BEHIND_MS;
    }
}

/* The request that was made last, if none was answered since. */
static enum tip_err load_asked(struct node_engine *engine,
                               struct node_asked_row *out_row)
{
    struct tip_txn *txn;
    enum tip_err err = node_engine_txn(engine, &txn);

    return err == TIP_OK ? node_row_load_asked(txn, out_row) : err;
}

/* Can @row be what the hub, whose newest of us is @head, closed our feed for? A
 * request that was granted leaves that where it was until somebody writes. */
static bool may_be_granted(const struct node_asked_row *row,
                           const struct tip_head *head)
{
    return row->is_there && memcmp(&row->asked.head, head, sizeof *head) == 0;
}

/* Ask @row again. */
static void ask_again(struct node_engine *engine,
                      const struct node_asked_row *row)
{
    engine->go_on.row = *row;
    node_continue_go_to(engine, NODE_RECOVERY_ASK);
}

/* What came back in an attempt before this, and was asked with it, may be of
 * what the hub has not any more: it was put back too. */
static enum tip_err begin_anew(struct node_engine *engine)
{
    struct node_asked_row *row = &engine->go_on.row;
    enum tip_err err = node_engine_settle(engine);

    row->is_there = false;
    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err == TIP_OK) {
        err = node_continue_drop(engine, NODE_RECALLED, 0);
    }
    return err == TIP_OK ? node_row_store_asked(engine->txn, row) : err;
}

/* Fetch what the hub has up to @head; nothing, if all of it @is_here: then we
 * write again what lies behind it. */
static enum tip_err recall(struct node_engine *engine,
                           const struct tip_head *head, bool is_here)
{
    struct node_continue *go_on = &engine->go_on;
    const struct tip_head *at = is_here ? head : &engine->feed.confirmed;
    enum tip_err err = begin_anew(engine);

    if (err != TIP_OK) {
        return err;
    }
    go_on->at = *at;
    go_on->origin = node_continue_origin_at(engine, at->number);
    go_on->is_split = false;
    go_on->row.from = at->number + 1;
    go_on->row.asked =
        (struct tip_continue){.head = *head, .up_to = at->number};
    node_continue_go_to(engine, NODE_RECOVERY_RECALL);
    return is_here ? node_continue_prepare(engine) : TIP_OK;
}

enum tip_err node_continue_begin(struct node_engine *engine,
                                 const struct tip_welcome *welcome,
                                 bool is_on_chain)
{
    const struct tip_head *head = &welcome->durable;
    const uint64_t confirmed = engine->feed.confirmed.number;
    struct node_asked_row row = {.is_there = false};
    /* Another copy has gone on, and written nothing; or the hub, which was put
     * back, cannot take what lies behind it under our number. */
    bool is_here =
        welcome->is_closed && is_on_chain && head->number <= confirmed;
    enum tip_err err = TIP_OK;

    if ((head->number <= confirmed && !is_here) ||
        welcome->generation < engine->feed.generation ||
        engine->feed.own_count == NODE_OWN_MAX) {
        return TIP_EFORK;
    }
    if (welcome->is_closed) {
        err = load_asked(engine, &row);
    }
    if (err == TIP_OK && may_be_granted(&row, head)) {
        ask_again(engine, &row);
    } else if (err == TIP_OK) {
        err = recall(engine, head, is_here);
    }
    note(engine, err);
    return TIP_OK;
}

/* Own save @seq is nowhere any more. */
static void note_destroyed(struct node_destroyed *destroyed, uint64_t seq)
{
    if (destroyed->count++ == 0) {
        destroyed->first = seq;
    }
    destroyed->last = seq;
}

/* Is all that the hub does not have in the outbox? */
static enum tip_err look_through(struct node_engine *engine)
{
    enum tip_err err = TIP_OK;

    engine->destroyed.count = 0;
    for (uint64_t seq = engine->feed.confirmed.number + 1;
         seq <= engine->feed.saved && err == TIP_OK; seq++) {
        struct tip_change_set set;
        size_t bytes;

        err = node_save_load(engine, seq, &engine->work, &set, &bytes);
        tip_arena_clear(&engine->work);
        if (err == TIP_ENOTFOUND || err == TIP_EMALFORMED ||
            err == TIP_ESTORE_DAMAGED) {
            note_destroyed(&engine->destroyed, seq);
            err = TIP_OK;
        }
    }
    return err == TIP_OK && engine->destroyed.count > 0 ? TIP_ESTORE_DAMAGED
                                                        : err;
}

/* The head the hub has of us. Of a feed it has nothing of that is the one at
 * which the feed before ended, which the frame there says. */
static enum tip_err find_followed(struct node_engine *engine,
                                  struct tip_head *out_head)
{
    const uint64_t number = engine->feed.confirmed.number;
    struct tip_txn *txn;
    struct tip_bytes frame;
    uint64_t first;
    enum tip_err err;

    *out_head = engine->feed.confirmed;
    if (engine->feed.own_count == 1 ||
        number > node_continue_start_number(engine)) {
        return TIP_OK;
    }
    err = node_engine_txn(engine, &txn);
    if (err == TIP_OK) {
        err = tip_frame_row_find(txn, engine->identity.origin, number, &first,
                                 out_head, &frame);
    }
    return err == TIP_ENOTFOUND ? TIP_ESTORE_DAMAGED : err;
}

enum tip_err node_continue_without(struct node_engine *engine)
{
    struct tip_head head;
    enum tip_err err = engine->feed.own_count < NODE_OWN_MAX
                           ? look_through(engine)
                           : TIP_ESTORE_DAMAGED;

    if (err == TIP_OK) {
        err = find_followed(engine, &head);
    }
    if (err == TIP_OK) {
        tip_node_session_stop(&engine->session);
        err = recall(engine, &head, true);
        note(engine, err);
    }
    return err;
}

void node_continue_closed(struct node_engine *engine,
                          const struct tip_head *head)
{
    struct node_asked_row row;
    enum tip_err err = load_asked(engine, &row);

    tip_node_session_stop(&engine->session);
    if (err == TIP_OK && may_be_granted(&row, head)) {
        ask_again(engine, &row);
    } else if (err == TIP_OK) {
        err = TIP_ECLONE;
    }
    note(engine, err);
}

void node_continue_stop(struct node_engine *engine)
{
    if (engine->go_on.step != NODE_RECOVERY_NONE) {
        engine->go_on.step = NODE_RECOVERY_NONE;
        node_talk_reset(engine);
    }
}

enum tip_err node_continue_refused(struct node_engine *engine,
                                   enum tip_err reason)
{
    struct node_asked_row *row = &engine->go_on.row;
    enum tip_err err;

    engine->trouble = reason;
    if (engine->go_on.step != NODE_RECOVERY_ASK) {
        return TIP_OK;
    }
    engine->go_on.step = NODE_RECOVERY_NONE;
    err = node_engine_settle(engine);
    if (err == TIP_OK) {
        err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
    }
    if (err == TIP_OK) {
        row->is_there = false;
        err = node_row_store_asked(engine->txn, row);
    }
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
        continued->start < row->asked.head.number ||
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
