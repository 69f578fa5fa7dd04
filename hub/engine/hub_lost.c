/* What channels were told before the hub lost it. */
#include <stdlib.h>
#include <string.h>

#include "hub_replay.h"
#include "tip_store.h"
#include "tip_wire_channel.h"

void *hub_lost_grown(void *array, size_t count, size_t *capacity, size_t size)
{
    size_t more = *capacity == 0 ? 256 : *capacity * 2;
    void *larger = array;

    if (count == *capacity) {
        larger = realloc(array, more * size);
        *capacity = larger == NULL ? *capacity : more;
    }
    return larger;
}

enum tip_err hub_lost_add(struct hub_replay *replay,
                          const struct hub_lost *lost)
{
    struct hub_lost *larger = hub_lost_grown(
        replay->lost, replay->count, &replay->capacity, sizeof *replay->lost);

    if (larger == NULL) {
        return TIP_ENOMEM;
    }
    replay->lost = larger;
    replay->lost[replay->count++] = *lost;
    return TIP_OK;
}

/* Note what @item, at @place, says. */
static enum tip_err scan_item(struct hub_replay *replay,
                              const struct hub_lost *place,
                              const struct tip_item *item)
{
    struct hub_lost lost = *place;
    enum tip_err err = TIP_OK;

    lost.kind = item->kind;
    lost.commit = item->commit;
    lost.verdict = item->verdict;
    switch (item->kind) {
    case TIP_ITEM_ECHO:
        lost.origin = item->echo.origin;
        lost.verdict = item->echo.verdict;
        for (uint32_t i = 0; i < item->echo.count && err == TIP_OK; i++) {
            lost.seq = item->echo.first_seq + i;
            lost.commit = item->echo.first_commit + i;
            err = hub_lost_add(replay, &lost);
        }
        return err;
    case TIP_ITEM_SET:
        lost.origin = item->set.origin;
        lost.seq = item->set.seq;
        lost.base = item->set.base;
        err = hub_lost_note_names(replay, &item->set);
        return err == TIP_OK ? hub_lost_add(replay, &lost) : err;
    case TIP_ITEM_RULING:
        lost.origin = item->ruling.origin;
        lost.seq = item->ruling.first_seq;
        return hub_lost_add(replay, &lost);
    case TIP_ITEM_STATE:
        return hub_lost_take_part(replay, &lost, &item->state);
    case TIP_ITEM_CONTROL:
    case TIP_ITEM_ROLL:
        break; /* It follows from the others. */
    }
    return TIP_OK;
}

static uint64_t last_commit(const struct tip_item *item)
{
    return item->kind == TIP_ITEM_ECHO
               ? item->echo.first_commit + item->echo.count - 1
               : item->commit;
}

static void forget_begun(struct hub_channel *channel)
{
    channel->begun_commit = 0;
    channel->has_begun = false;
}

/* Items whose checkpoint is not here: all that was told of the commits before
 * the last of them, and some of that one. */
static void note_begun(struct hub_channel *channel,
                       const struct tip_down_body *body)
{
    for (size_t i = 0; i < body->item_count; i++) {
        uint64_t commit = last_commit(&body->items[i]);

        if (commit != channel->begun_commit) {
            channel->told =
                channel->begun_commit == 0 ? channel->told : commit - 1;
            forget_begun(channel);
            channel->begun_commit = commit;
        }
        channel->has_begun =
            channel->has_begun || body->items[i].kind != TIP_ITEM_STATE;
    }
}

/* A roll call that began or ended since. One that began is begun anew: nobody
 * knows any more what was still to be sent. */
static void note_roll(struct hub_channel *channel, const struct tip_roll *roll)
{
    hub_repair_start(channel, roll->parts);
    channel->repair.is_on = !roll->is_end;
}

/* Read what @channel was told since the backup. */
static enum tip_err scan(struct hub_replay *replay, struct hub_channel *channel)
{
    struct hub_engine *engine = replay->engine;
    enum tip_err err = TIP_OK;

    channel->told = 0;
    forget_begun(channel);
    for (uint64_t n = channel->kept + 1;
         n <= channel->row.head.number && err == TIP_OK; n++) {
        struct hub_lost place = {.channel = channel, .frame = n};
        struct tip_down_body body;

        err = hub_handback_load(engine, channel, n, &engine->arena, &body);
        for (size_t i = 0; err == TIP_OK && i < body.item_count; i++) {
            place.item = i;
            err = scan_item(replay, &place, &body.items[i]);
            if (body.items[i].kind == TIP_ITEM_ROLL) {
                note_roll(channel, &body.items[i].roll);
            }
        }
        if (err == TIP_OK && body.has_checkpoint) {
            channel->told = body.checkpoint.commit;
            forget_begun(channel);
        } else if (err == TIP_OK) {
            note_begun(channel, &body);
        }
        tip_arena_clear(&engine->arena);
    }
    return err;
}

/* Of @item, a run of echoes, the first may have been told: leave the others as
 * the channel's next. */
static enum tip_err leave_rest(struct hub_engine *engine,
                               const struct hub_channel *channel,
                               struct tip_item *item)
{
    struct tip_echo *echo = &item->echo;
    uint32_t told;

    if (item->kind != TIP_ITEM_ECHO || echo->first_commit > channel->told) {
        return TIP_OK;
    }
    told = (uint32_t)(channel->told - echo->first_commit) + 1;
    echo->first_seq += told;
    echo->first_commit += told;
    echo->count -= told;
    return hub_channel_put(engine, channel, channel->row.cut + 1, item);
}

/* What was in the log and not cut yet may have been told since. */
static enum tip_err skip_told(struct hub_engine *engine,
                              struct hub_channel *channel)
{
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && channel->row.cut < channel->row.newest) {
        struct tip_item item;
        struct tip_bytes row;
        bool is_there;

        err = tip_txn_get(engine->txn, TIP_TABLE_CHANNEL,
                          TIP_KEY(channel->row.channel, channel->row.cut + 1),
                          &row);
        is_there = err != TIP_ENOTFOUND; /* It may have been erased. */
        err = is_there ? err : TIP_OK;
        if (err == TIP_OK && is_there) {
            err = tip_wire_channel_decode(row, &engine->arena, &item);
        }
        if (err == TIP_OK && is_there && last_commit(&item) > channel->told) {
            err = leave_rest(engine, channel, &item);
            break;
        }
        channel->row.cut++;
        channel->is_dirty = true;
        tip_arena_clear(&engine->arena);
    }
    tip_arena_clear(&engine->arena);
    return err;
}

/* What an author is told has all of it and how it was let in, a part only some,
 * a record that came whole what still lived: the earlier it came, the more. */
static int rank(enum tip_item_kind kind)
{
    return kind == TIP_ITEM_SET ? 1 : kind == TIP_ITEM_STATE ? 2 : 0;
}

static int compare_lost(const void *a, const void *b)
{
    const struct hub_lost *first = a;
    const struct hub_lost *second = b;

    if (first->is_void != second->is_void) {
        return first->is_void ? 1 : -1; /* It comes behind all that stands. */
    }
    if (first->commit != second->commit) {
        return first->commit < second->commit ? -1 : 1;
    }
    if (rank(first->kind) != rank(second->kind)) {
        return rank(first->kind) - rank(second->kind);
    }
    if (first->as_of != second->as_of) {
        return first->as_of < second->as_of ? -1 : 1;
    }
    return first->channel < second->channel   ? -1
           : first->channel > second->channel ? 1
                                              : 0;
}

enum tip_err hub_lost_list(struct hub_replay *replay)
{
    struct hub_engine *engine = replay->engine;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        struct hub_channel *channel = &engine->channels[i];

        if (channel->row.channel == TIP_CHANNEL_CTL ||
            (replay->late != NULL &&
             channel->row.channel != replay->late->row.device.office)) {
            continue;
        }
        err = scan(replay, channel);
        if (err == TIP_OK) {
            err = skip_told(engine, channel);
        }
    }
    hub_lost_note_void(replay);
    if (replay->count > 0) {
        qsort(replay->lost, replay->count, sizeof *replay->lost, compare_lost);
    }
    hub_lost_sort_names(replay);
    return err;
}

/* The newest write of a record always lives: what is behind it is not there. */
enum tip_err hub_lost_is_known(struct hub_engine *engine,
                               const struct hub_lost *lost,
                               const struct hub_arrival *arrival, size_t i,
                               bool *out_is, uint64_t *out_commit)
{
    const struct tip_record *record = &arrival->targets.stored[i].record;
    uint64_t newest = 0;

    *out_is = false;
    for (size_t w = 0; w < record->write_count && !*out_is; w++) {
        const struct tip_write *write = &record->writes[w];

        *out_is = write->origin == lost->origin && write->seq == lost->seq;
        *out_commit = write->commit;
        newest = write->commit > newest ? write->commit : newest;
    }
    return *out_is || newest < lost->commit
               ? TIP_OK
               : tip_record_table_has_dead(
                     engine->txn, arrival->targets.ordinals[i], lost->origin,
                     lost->seq, NULL, out_is, out_commit);
}

/* The feed of origin number @i is to be taken up, to @end: what was not here at
 * the backup, or was held back. */
static enum tip_err begin_feed(struct hub_replay *replay, size_t i,
                               uint64_t end)
{
    const struct hub_origin *origin = replay->engine->origins[i];
    struct hub_placed *placed = &replay->placed[i];
    uint64_t held;
    enum tip_err err;

    placed->taken = origin->back.is_due ? origin->back.taken : end;
    err = hub_lost_first_held(replay, i, &held);
    if (err != TIP_OK) {
        return err;
    }
    placed->after = held == 0 ? placed->taken : held - 1;
    placed->count = end - placed->after;
    placed->bits = calloc(placed->count / 8 + 1, 1);
    return placed->bits == NULL ? TIP_ENOMEM : hub_lost_note_held(replay, i);
}

enum tip_err hub_lost_load(struct hub_replay *replay,
                           const struct hub_lost *lost,
                           struct tip_item *out_item)
{
    struct hub_engine *engine = replay->engine;
    struct tip_down_body body;
    enum tip_err err;

    tip_arena_clear(&engine->held);
    err = hub_handback_load(engine, lost->channel, lost->frame, &engine->held,
                            &body);
    if (err == TIP_OK) {
        *out_item = body.items[lost->item];
    }
    return err;
}

bool hub_lost_is_taken_up(const struct hub_replay *replay,
                          const struct hub_origin *origin)
{
    return origin->back.is_back &&
           (replay->late == NULL || replay->late->row.root == origin->row.root);
}

enum tip_err hub_lost_begin(struct hub_replay *replay)
{
    struct hub_engine *engine = replay->engine;
    enum tip_err err = TIP_OK;

    replay->placed = calloc(engine->origin_count + 1, sizeof *replay->placed);
    if (replay->placed == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        const struct hub_origin *origin = engine->origins[i];

        replay->placed[i].after = origin->row.head.number;
        if (hub_lost_is_taken_up(replay, origin)) {
            err = begin_feed(replay, i, origin->row.head.number);
        } else if (replay->late == NULL) {
            /* Of what it has in the backup others may know what was decided. */
            err = begin_feed(replay, i,
                             origin->back.is_due ? origin->back.taken
                                                 : origin->row.head.number);
        }
    }
    return err;
}

void hub_lost_end(struct hub_replay *replay)
{
    struct hub_engine *engine = replay->engine;

    for (size_t i = 0; i < engine->channel_count; i++) {
        forget_begun(&engine->channels[i]);
    }
    for (size_t i = 0; replay->placed != NULL && i < engine->origin_count;
         i++) {
        free(replay->placed[i].bits);
    }
    for (size_t i = 0; i < replay->whole_count; i++) {
        free(replay->wholes[i].bytes);
    }
    free(replay->wholes);
    free(replay->names);
    free(replay->parts.bytes);
    free(replay->placed);
    free(replay->lost);
    free(replay->touched);
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->held);
}
