/*
 * What a device handed back that was put back itself.
 *
 * Its disk begins again where its backup ends, and may give numbers again that
 * others know for something else. Its feed is a chain: where what others were
 * told of it is in it, all before that is common; what lies behind nobody can
 * prove, and is let go. The device has it, and writes it again (hub_told.h).
 */
#include "hub_replay.h"
#include "hub_row.h"
#include "hub_told.h"
#include "tip_frame_row.h"
#include "tip_store.h"
#include "tip_wire_header.h"

/* Is @lost, of which the content was told, in the feed of @author as it says?
 * What no program here can read is. */
static enum tip_err is_in_feed(struct hub_replay *replay,
                               const struct hub_lost *lost,
                               const struct hub_origin *author, bool *out_is)
{
    struct hub_engine *engine = replay->engine;
    struct tip_change_set told;
    struct hub_sets sets;
    enum tip_err err = hub_lost_load_set(replay, lost, &told);

    *out_is = true;
    if (err == TIP_OK) {
        err = hub_feed_load(engine, author, lost->seq, &sets);
        if (err == TIP_OK) {
            *out_is = tip_change_set_may_hold(
                &sets.sets[lost->seq - sets.first], &told);
        }
        err = tip_wire_is_too_new(err) ? TIP_OK : err;
    }
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->held);
    return err;
}

/* Was @lost told with its content: by itself, or in a record sent whole? */
static bool has_content(const struct hub_lost *lost)
{
    return lost->kind == TIP_ITEM_SET || lost->kind == TIP_ITEM_STATE;
}

/* The last change-set of @author that was told with its content, behind @after
 * and before @before; NULL: none. */
static const struct hub_lost *last_told(const struct hub_replay *replay,
                                        const struct hub_origin *author,
                                        uint64_t after, uint64_t before)
{
    const struct hub_lost *last = NULL;

    for (size_t i = 0; i < replay->count; i++) {
        const struct hub_lost *lost = &replay->lost[i];

        if (lost->origin == author->row.device.origin && has_content(lost) &&
            lost->seq > after && lost->seq < before &&
            (last == NULL || lost->seq > last->seq)) {
            last = lost;
        }
    }
    return last;
}

/* Up to where the author's own channel speaks of it: its disk has had that. */
static uint64_t echoed(const struct hub_replay *replay,
                       const struct hub_origin *author)
{
    const uint64_t head = author->row.head.number;
    uint64_t newest = author->back.taken;

    for (size_t i = 0; i < replay->count; i++) {
        const struct hub_lost *lost = &replay->lost[i];

        if (lost->origin == author->row.device.origin && !has_content(lost) &&
            lost->seq > newest && lost->seq <= head) {
            newest = lost->seq;
        }
    }
    return newest;
}

/* Do others know something else of @author than it handed back? Up to
 * @out_proven they do not. */
static enum tip_err prove(struct hub_replay *replay,
                          const struct hub_origin *author, uint64_t *out_proven,
                          bool *out_is_torn)
{
    uint64_t proven = echoed(replay, author);
    uint64_t before = author->row.head.number + 1;
    bool is_torn = last_told(replay, author, before - 1, UINT64_MAX) != NULL;
    enum tip_err err = TIP_OK;

    for (;;) {
        const struct hub_lost *lost = last_told(replay, author, proven, before);
        bool is_in = false;

        if (lost == NULL || err != TIP_OK) {
            break;
        }
        err = is_in_feed(replay, lost, author, &is_in);
        if (is_in) {
            proven = lost->seq;
        } else {
            is_torn = true;
            before = lost->seq;
        }
    }
    *out_proven = proven;
    *out_is_torn = is_torn;
    return err;
}

/* The head of @author's feed before its frame that has @seq. */
static enum tip_err head_before(struct hub_engine *engine,
                                const struct hub_origin *author, uint64_t seq,
                                struct tip_head *out_head)
{
    const uint32_t origin = author->row.device.origin;
    struct tip_bytes frame;
    struct tip_head head;
    uint64_t first;
    enum tip_err err =
        tip_frame_row_find(engine->txn, origin, seq, &first, &head, &frame);

    *out_head = hub_offices_start(&author->row);
    if (err == TIP_OK && first - 1 != author->row.start) {
        err = tip_frame_row_find(engine->txn, origin, first - 1, &first,
                                 out_head, &frame);
    }
    return err;
}

/* Let go of the frames of @author behind @proven, and of one that begins before
 * it. */
static enum tip_err let_go(struct hub_engine *engine, struct hub_origin *author,
                           uint64_t proven)
{
    const uint32_t origin = author->row.device.origin;
    struct tip_head head;
    enum tip_err err = head_before(engine, author, proven + 1, &head);

    while (err == TIP_OK) {
        struct tip_bytes row;
        struct tip_key key;

        err =
            tip_txn_seek(engine->txn, TIP_TABLE_FRAME_UP, TIP_SEEK_AT_OR_AFTER,
                         TIP_KEY(origin, head.number + 1), &key, &row);
        if (err == TIP_OK && key.hi != origin) {
            err = TIP_ENOTFOUND;
        }
        if (err == TIP_OK) {
            err = tip_txn_remove(engine->txn, TIP_TABLE_FRAME_UP, key);
        }
    }
    if (err == TIP_ENOTFOUND) {
        author->row.head = head;
        author->is_dirty = true;
        err = TIP_OK;
    }
    return err;
}

enum tip_err hub_unproven_let_go(struct hub_replay *replay)
{
    struct hub_engine *engine = replay->engine;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_origin *author = engine->origins[i];
        uint64_t proven;
        bool is_torn;

        if (!hub_lost_is_taken_up(replay, author)) {
            continue;
        }
        err = prove(replay, author, &proven, &is_torn);
        if (err == TIP_OK && is_torn && proven < author->row.head.number) {
            err = let_go(engine, author, proven);
        }
    }
    return err;
}
