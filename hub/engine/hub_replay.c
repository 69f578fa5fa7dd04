/*
 * Lost commits, in their order.
 *
 * What the hub told its channels before it lost it says which change-set had
 * which commit: an echo says it of an author's own, whose content is in its
 * feed; a part of somebody else's comes with its content. So each goes to its
 * place again, or, if others have gone on since, to a new one.
 */
#include <stdlib.h>
#include <string.h>

#include "hub_erase.h"
#include "hub_refused.h"
#include "hub_replay.h"
#include "hub_row.h"
#include "hub_told.h"
#include "tip_store.h"
#include "tip_wire_header.h"

static size_t index_of(const struct hub_engine *engine, uint32_t origin)
{
    size_t i = 0;

    while (i < engine->origin_count &&
           engine->origins[i]->row.device.origin != origin) {
        i++;
    }
    return i;
}

/* Has change-set @seq its place, or is it none of this replay? */
static bool is_placed(const struct hub_replay *replay, size_t i, uint64_t seq)
{
    const struct hub_placed *placed = &replay->placed[i];
    uint64_t at = seq - placed->after - 1;

    return seq <= placed->after || at >= placed->count ||
           (placed->bits[at / 8] >> (at % 8) & 1) != 0;
}

enum tip_err hub_lost_load_own(struct hub_replay *replay,
                               const struct hub_origin *origin, uint64_t seq,
                               struct tip_change_set *out_set)
{
    struct hub_engine *engine = replay->engine;
    enum tip_err err = TIP_OK;

    if (replay->sets_origin != origin->row.device.origin ||
        seq < replay->sets.first ||
        seq - replay->sets.first >= replay->sets.count) {
        tip_arena_clear(&engine->arena);
        replay->sets_origin = 0;
        err = hub_feed_load(engine, origin, seq, &replay->sets);
    }
    if (tip_wire_is_too_new(err)) {
        return TIP_EUNSUPPORTED; /* It is to wait for a newer program. */
    }
    if (err == TIP_OK) {
        replay->sets_origin = origin->row.device.origin;
        *out_set = replay->sets.sets[seq - replay->sets.first];
    }
    return err == TIP_ENOTFOUND ? TIP_ESTORE_DAMAGED : err;
}

/* Commit @set where @lost says, or next; what names a record that is not known
 * is left. */
static enum tip_err place(struct hub_replay *replay,
                          const struct hub_lost *lost,
                          const struct tip_change_set *set, bool is_orphan,
                          bool *out_is_placed)
{
    struct hub_engine *engine = replay->engine;
    struct tip_change_set told = *set;
    struct tip_ruling ruling;
    bool is_lower = hub_lost_lower(engine, lost, &told, &ruling);
    const struct hub_place at = {
        .commit = lost->is_void ? 0 : lost->commit,
        .verdict = lost->verdict,
        .birth = lost->commit,
        /* Each author is sent its records when it is back itself. */
        .is_known = lost->is_void,
        .is_orphan = is_orphan,
        .ruling = is_lower ? &ruling : NULL};
    struct hub_arrival arrival;
    enum tip_err err = hub_judge_find(engine, set, &arrival);

    *out_is_placed = err == TIP_OK && arrival.hold == TIP_HOLD_NONE;
    if (*out_is_placed) {
        uint32_t ordinals[TIP_CHANGE_SET_RECORDS_MAX];

        memcpy(ordinals, arrival.targets.ordinals,
               set->record_count * sizeof *ordinals);
        arrival.targets.ordinals = ordinals;
        err = hub_lost_name(replay, &engine->work, &told);
        if (err == TIP_OK) {
            err = hub_commit_placed(engine, &told, &arrival.targets, &at);
        }
        for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
            err = hub_touched_note(replay, ordinals[i]);
        }
    }
    tip_arena_clear(&engine->work);
    return err;
}

/* Record @i of @arrival has what @part wrote. In one replay the first that
 * tells of it has told the most; but a late office may have more. */
static enum tip_err fill_in(struct hub_replay *replay,
                            const struct hub_arrival *arrival, size_t i,
                            const struct tip_change_set *part, uint64_t commit)
{
    enum tip_err err = hub_touched_note(replay, arrival->targets.ordinals[i]);

    return err == TIP_OK && replay->late != NULL
               ? hub_lost_fill_in(replay->engine, arrival, i, part, commit)
               : err;
}

/* Take out of @part the records that have it already, from what another office
 * handed back. */
static enum tip_err take_out_known(struct hub_replay *replay,
                                   const struct hub_lost *lost,
                                   struct tip_change_set *part)
{
    struct hub_engine *engine = replay->engine;
    struct tip_record_ref *refs =
        tip_arena_alloc_array(&engine->held, part->record_count, sizeof *refs);
    struct tip_change *changes = tip_arena_alloc_array(
        &engine->held, part->change_count, sizeof *changes);
    struct tip_change_set rest = *part;
    struct hub_arrival arrival;
    enum tip_err err = refs == NULL || changes == NULL
                           ? TIP_ENOMEM
                           : hub_judge_find(engine, part, &arrival);

    rest.records = refs;
    rest.changes = changes;
    rest.record_count = rest.change_count = 0;
    for (size_t i = 0; err == TIP_OK && i < part->record_count; i++) {
        size_t count;
        const struct tip_change *own = tip_change_set_part(part, i, &count);
        bool is_known;
        uint64_t commit;

        err = hub_lost_is_known(engine, lost, &arrival, i, &is_known, &commit);
        if (err == TIP_OK && is_known) {
            err = fill_in(replay, &arrival, i, part, commit);
            continue;
        }
        for (size_t c = 0; c < count; c++) {
            changes[rest.change_count] = own[c];
            changes[rest.change_count++].record = (uint32_t)rest.record_count;
        }
        refs[rest.record_count++] = part->records[i];
    }
    tip_arena_clear(&engine->work);
    *part = rest;
    return err;
}

/* The author's feed has it whole. */
static enum tip_err place_own(struct hub_replay *replay,
                              const struct hub_lost *lost, size_t i)
{
    struct tip_change_set set;
    bool is_done = true;
    enum tip_err err =
        hub_lost_load_own(replay, replay->engine->origins[i], lost->seq, &set);

    tip_arena_clear(&replay->engine->held);
    if (err == TIP_EUNSUPPORTED) {
        return TIP_OK;
    }
    if (err == TIP_OK) {
        err = take_out_known(replay, lost, &set);
    }
    if (err == TIP_OK && set.record_count > 0) {
        err = place(replay, lost, &set, false, &is_done);
    }
    return err == TIP_OK && is_done ? hub_lost_let_go(replay, i, lost->seq)
                                    : err;
}

/* Only @part of @lost is known: of the hub's own work, or of that of an author
 * who has not come back, or does not have it. */
static enum tip_err place_part(struct hub_replay *replay,
                               const struct hub_lost *lost,
                               struct tip_change_set *part, bool is_orphan)
{
    bool is_done;
    enum tip_err err = take_out_known(replay, lost, part);

    return err == TIP_OK && part->record_count > 0
               ? place(replay, lost, part, is_orphan, &is_done)
               : err;
}

/* What a person decided stays decided. */
static enum tip_err place_ruled(struct hub_replay *replay,
                                const struct hub_lost *lost, size_t i)
{
    struct hub_engine *engine = replay->engine;
    struct tip_change_set set;
    struct tip_item item;
    bool is_done = true;
    enum tip_err err = hub_lost_load(replay, lost, &item);

    if (err == TIP_OK) {
        err = hub_row_store_ruling(engine->txn, &item.ruling, lost->commit);
    }
    for (uint64_t n = 0; err == TIP_OK && n < item.ruling.count; n++) {
        if (is_placed(replay, i, lost->seq + n)) {
            continue;
        }
        err =
            hub_lost_load_own(replay, engine->origins[i], lost->seq + n, &set);
        if (err == TIP_EUNSUPPORTED) {
            err = TIP_OK;
            continue;
        }
        if (err == TIP_OK && item.ruling.kind == TIP_RULING_ACCEPTED) {
            set.base = item.ruling.base;
            err = place(replay, lost, &set, false, &is_done);
        } else if (err == TIP_OK) {
            err = hub_lost_bury(engine, &set, &item.ruling, lost->commit);
        }
        if (err == TIP_OK && is_done) {
            err = hub_lost_let_go(replay, i, lost->seq + n);
        }
    }
    return err;
}

/* Is change-set @seq of @author not taken up yet, though its frame may be here
 * before its turn? */
static bool is_to_come(const struct hub_origin *author, uint64_t seq)
{
    return author == NULL || seq > author->row.head.number ||
           (author->back.is_due && seq > author->back.taken);
}

/* What somebody else than its author was told of @lost. An author who has come
 * back before has another commit now, or does not have it. */
static enum tip_err place_told(struct hub_replay *replay,
                               const struct hub_lost *lost,
                               struct hub_origin *author)
{
    struct hub_lost told = *lost;
    struct tip_change_set set;
    bool is_stray = false;
    bool is_orphan;
    enum tip_err err = hub_lost_load_set(replay, lost, &set);

    if (err == TIP_OK) {
        err = hub_lost_is_stray(replay, author, lost, &set, &is_stray);
    }
    if (err == TIP_OK && is_stray) {
        hub_lost_make_stray(&told, &set);
        return place_part(replay, &told, &set, true);
    }
    if (err == TIP_OK && !is_to_come(author, lost->seq)) {
        return hub_touched_note_all(replay, &set);
    }
    is_orphan = (author == NULL || lost->seq > author->row.head.number) &&
                hub_told_note(author, lost->seq);
    return err == TIP_OK ? place_part(replay, &told, &set, is_orphan) : err;
}

static enum tip_err place_lost(struct hub_replay *replay,
                               const struct hub_lost *lost)
{
    struct hub_engine *engine = replay->engine;
    size_t i = index_of(engine, lost->origin);
    struct hub_origin *author =
        i == engine->origin_count ? NULL : engine->origins[i];
    const struct hub_placed *placed = &replay->placed[i];
    bool is_here = author != NULL && placed->count > 0 &&
                   lost->seq <= placed->after + placed->count;

    if (is_here && is_placed(replay, i, lost->seq)) {
        return TIP_OK;
    }
    if (is_here) {
        return lost->kind == TIP_ITEM_RULING ? place_ruled(replay, lost, i)
                                             : place_own(replay, lost, i);
    }
    if (lost->kind != TIP_ITEM_SET && lost->kind != TIP_ITEM_STATE) {
        return TIP_OK;
    }
    return place_told(replay, lost, author);
}

/* Judge @set of @origin as if it came now; but what another office handed back
 * of it before its author was back has its place, and the author was told. */
static enum tip_err take_one(struct hub_replay *replay,
                             struct hub_origin *origin,
                             struct tip_change_set *set)
{
    const struct hub_lost lost = {
        .origin = set->origin, .seq = set->seq, .is_void = true};
    struct tip_change_set rest = *set;
    bool is_done;
    enum tip_err err = TIP_OK;

    tip_arena_clear(&replay->engine->held);
    if (replay->late != NULL) {
        err = take_out_known(replay, &lost, &rest);
    }
    if (err != TIP_OK || rest.record_count == 0) {
        return err;
    }
    return rest.record_count == set->record_count
               ? hub_feed_take(replay->engine, origin, set, false)
               : place(replay, &lost, &rest, false, &is_done);
}

/* What nobody was told a commit of is judged as if it came now. */
static enum tip_err take_rest(struct hub_replay *replay, size_t i)
{
    struct hub_engine *engine = replay->engine;
    struct hub_origin *origin = engine->origins[i];
    const struct hub_placed *placed = &replay->placed[i];
    enum tip_err err = TIP_OK;

    for (uint64_t n = 1; n <= placed->count && err == TIP_OK; n++) {
        struct tip_change_set set;

        if (placed->after + n <= placed->taken ||
            is_placed(replay, i, placed->after + n)) {
            continue; /* It was taken in before, and may still wait. */
        }
        err = hub_lost_load_own(replay, origin, placed->after + n, &set);
        if (err == TIP_OK) {
            err = take_one(replay, origin, &set);
        } else if (err == TIP_EUNSUPPORTED) {
            err = hub_feed_hold_unread(engine, origin, placed->after + n);
        }
    }
    return err;
}

/* What was decided before a record had its place again. */
static enum tip_err follow_refused(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        const struct hub_origin *origin = engine->origins[i];

        if (origin->row.root == origin->row.device.origin) {
            err = hub_refused_follow(engine, origin, 0);
        }
    }
    return err;
}

enum tip_err hub_replay(struct hub_engine *engine, struct hub_origin *late)
{
    struct hub_replay replay = {.engine = engine, .late = late};
    enum tip_err err = hub_channel_settle_all(engine);

    if (err == TIP_OK) {
        err = hub_lost_list(&replay);
    }
    if (err == TIP_OK) {
        err = hub_unproven_let_go(&replay);
    }
    if (err == TIP_OK) {
        err = hub_lost_begin(&replay);
    }
    for (size_t i = 0; i < replay.count && err == TIP_OK; i++) {
        err = place_lost(&replay, &replay.lost[i]);
    }
    if (err == TIP_OK) {
        err = hub_lost_release(&replay);
    }
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        err = take_rest(&replay, i);
    }
    if (err == TIP_OK) {
        err = follow_refused(engine);
    }
    if (err == TIP_OK && late != NULL) {
        err = hub_touched_send(&replay);
    }
    /* Frames were kept before anybody looked whom they speak of. */
    if (err == TIP_OK && engine->sweep.through != 0) {
        err = hub_erase_again(engine);
    }
    if (err == TIP_OK) {
        hub_erase_hear_again(engine);
    }
    hub_lost_end(&replay);
    return err;
}
