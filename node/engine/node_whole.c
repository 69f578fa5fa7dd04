/*
 * Records that come whole: new to this office, or sent again.
 *
 * What comes replaces the committed cells, never the work of this office that
 * is not decided yet.
 */
#include <string.h>

#include "node_engine_internal.h"
#include "node_roll.h"
#include "tip_merge.h"
#include "tip_wire_record.h"

void node_whole_begin(struct node_engine *engine)
{
    engine->whole = (struct node_whole){.size = 0};
}

void node_whole_enter(struct node_engine *engine, uint32_t generation,
                      bool is_redacted)
{
    struct node_whole *whole = &engine->whole;
    bool is_after_restore =
        whole->generation != 0 && whole->generation != generation;

    /* The rest of a record that was half told when it was erased never comes,
     * and what did come stands here until it is swept. */
    whole->may_gap = whole->may_gap || is_redacted || is_after_restore ||
                     engine->sweep.phase == TIP_SWEEP_READING;
    whole->generation = generation;
}

static bool is_open(const struct node_whole *whole)
{
    return whole->size != whole->total;
}

bool node_whole_is_open(const struct node_engine *engine)
{
    return is_open(&engine->whole) && !engine->whole.may_gap;
}

/* Put @part behind the parts that came before it. */
static enum tip_err collect(struct node_engine *engine,
                            const struct tip_state_part *part)
{
    struct node_whole *whole = &engine->whole;

    if (part->offset == 0 && (!is_open(whole) || whole->may_gap)) {
        *whole = (struct node_whole){.total = part->total,
                                     .generation = whole->generation,
                                     .may_gap = whole->may_gap,
                                     .has_anew = whole->has_anew};
        whole->bytes = tip_arena_alloc(&engine->arena, whole->total);
        if (whole->bytes == NULL) {
            return TIP_ENOMEM;
        }
    }
    if (part->offset != whole->size || part->total != whole->total ||
        part->bytes.size > whole->total - whole->size) {
        return whole->may_gap ? TIP_EAGAIN : TIP_EDIVERGED;
    }
    memcpy(whole->bytes + whole->size, part->bytes.data, part->bytes.size);
    whole->size += (uint32_t)part->bytes.size;
    return TIP_OK;
}

/* Is @came a record of @channel as the hub may have it at @commit? */
static bool is_plausible(const struct node_channel *channel,
                         const struct tip_wire_record *came, uint64_t commit)
{
    const struct tip_record *record = &came->record;

    if (came->overlay_count != 0 || record->birth_commit == 0 ||
        record->birth_commit > commit ||
        !tip_holding_has(record, channel->row.position.channel)) {
        return false;
    }
    for (size_t i = 0; i < record->write_count; i++) {
        if (record->writes[i].commit == 0 ||
            record->writes[i].commit > commit) {
            return false;
        }
    }
    return true;
}

/* Did the copy that is replaced say something else? Then whoever has a form
 * open on it has seen what was not so. */
static enum tip_err compare(struct node_engine *engine,
                            struct node_channel *channel,
                            const struct tip_record *was,
                            const struct tip_record *is)
{
    struct tip_held_record before, after;
    enum tip_err err = tip_holding_prepare(was, &engine->work, &before);

    if (err == TIP_OK) {
        err = tip_holding_prepare(is, &engine->work, &after);
    }
    if (err == TIP_OK && !tip_bytes_equal(before.bytes, after.bytes)) {
        channel->row.mends++;
    }
    return err;
}

static enum tip_err put(struct node_engine *engine,
                        struct node_channel *channel,
                        const struct tip_wire_record *came)
{
    const struct tip_record_ref ref = {.id = came->record.id,
                                       .type = came->record.type};
    struct tip_wire_record stored = {.overlay_count = 0};
    struct tip_record before;
    uint32_t ordinal = 0;
    bool is_anew;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, &ref, &ordinal);

    if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->work, &stored);
    } else if (err == TIP_ENOTFOUND) {
        tip_record_init(&stored.record, &ref.id, ref.type, came->record.maker);
        err = TIP_OK;
    }
    if (err == TIP_OK && stored.record.erased != 0) {
        return TIP_OK;
    }
    before = stored.record;
    stored.record = came->record;
    is_anew = ordinal == 0;
    if (err == TIP_OK) {
        err = node_holding_change(engine, ordinal, &before, &stored.record);
    }
    if (err == TIP_OK && !is_anew && channel->roll.is_open) {
        err = compare(engine, channel, &before, &stored.record);
    }
    if (err == TIP_OK) {
        err = is_anew
                  ? tip_record_table_add(&engine->records, engine->txn, &stored,
                                         &ordinal)
                  : tip_record_table_put(&engine->records, engine->txn, ordinal,
                                         &stored, before.birth_commit != 0);
    }
    engine->has_catalogue_news =
        engine->has_catalogue_news || stored.record.type == TIP_TYPE_CATALOGUE;
    engine->whole.has_anew = engine->whole.has_anew || is_anew;
    return err == TIP_OK ? node_roll_note(channel, ordinal) : err;
}

enum tip_err node_whole_take(struct node_engine *engine,
                             struct node_channel *channel,
                             const struct tip_item *item)
{
    struct tip_wire_record came;
    enum tip_err err = collect(engine, &item->state);

    if (err == TIP_EAGAIN) {
        return TIP_OK; /* What it belonged to was erased, or lost. */
    }
    if (err != TIP_OK || is_open(&engine->whole)) {
        return err;
    }
    err = tip_wire_record_decode(
        tip_bytes(engine->whole.bytes, engine->whole.size), &engine->work,
        &came);
    if (err == TIP_OK && !is_plausible(channel, &came, item->commit)) {
        err = TIP_EDIVERGED;
    }
    if (err == TIP_OK) {
        err = put(engine, channel, &came);
    }
    for (size_t i = 0; err == TIP_OK && i < came.record.write_count; i++) {
        if (came.record.writes[i].verdict == TIP_VERDICT_GOOD) {
            /* As in node_apply.c: a clock that is slow changes nothing. */
            (void)(tip_hlc_observe(&engine->hlc, came.record.writes[i].stamp) ==
                   TIP_OK);
        }
    }
    tip_arena_clear(&engine->work);
    return err;
}
