/*
 * What the hub has committed, merged into records.
 *
 * Committed cells change only here.
 */
#include "node_engine_internal.h"
#include "node_mend.h"
#include "node_overtaken.h"
#include "node_roll.h"
#include "node_ruling.h"
#include "tip_merge.h"
#include "tip_store.h"

/* One committed change-set, to be applied to the records it touches. */
struct arrival {
    const struct tip_change_set *set;
    struct tip_write write;
    bool is_own;        /* Leaves the overlay. */
    bool is_incomplete; /* A record of it is gone. */
    uint32_t births;    /* Records it has created so far. */
};

enum tip_err node_apply_drop(struct tip_wire_record *stored, uint64_t seq,
                             struct tip_arena *arena)
{
    uint64_t *kept =
        tip_arena_alloc_array(arena, stored->overlay_count, sizeof *kept);
    size_t count = 0;

    if (kept == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < stored->overlay_count; i++) {
        if (stored->overlay[i] != seq) {
            kept[count++] = stored->overlay[i];
        }
    }
    stored->overlay = kept;
    stored->overlay_count = count;
    return TIP_OK;
}

/* May what @arrival, our own, writes to its record number @i have made it? Its
 * maker holds a record from the beginning. */
static bool may_be_birth(const struct node_engine *engine,
                         const struct arrival *arrival, size_t i)
{
    size_t count;
    const struct tip_change *changes =
        tip_change_set_part(arrival->set, i, &count);

    for (size_t c = 0; c < count; c++) {
        if (changes[c].field == TIP_FIELD_OFFICES &&
            changes[c].element == engine->identity.office &&
            changes[c].value.kind == TIP_VALUE_MEMBER) {
            return true;
        }
    }
    return false;
}

/* Find record number @i of @arrival, or start it if this is its creation.
 * TIP_ENOTFOUND: it was told to us before, and is gone or was left. */
static enum tip_err open_record(struct node_engine *engine,
                                const struct arrival *arrival, size_t i,
                                uint32_t *out_ordinal,
                                struct tip_wire_record *out_stored)
{
    const struct tip_record_ref *ref = &arrival->set->records[i];
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, ref, out_ordinal);

    if (err == TIP_OK) {
        return tip_record_table_load(&engine->records, engine->txn,
                                     *out_ordinal, &engine->work, out_stored);
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    /* The hub names by birth only what it has told us of before. What is our
     * own is there, unless this disk is older than it. */
    if (tip_id_is_none(&ref->id) ||
        (ref->birth_commit == 0 &&
         !(arrival->is_own &&
           node_continue_is_recalled(engine, arrival->set->seq) &&
           may_be_birth(engine, arrival, i)))) {
        return TIP_ENOTFOUND;
    }
    *out_ordinal = 0;
    *out_stored = (struct tip_wire_record){.overlay_count = 0};
    tip_record_init(&out_stored->record, &ref->id, ref->type,
                    arrival->set->office);
    return TIP_OK;
}

/* Do we have each record that own change-set @set writes to? */
static enum tip_err has_all(struct node_engine *engine,
                            const struct tip_change_set *set, bool *out_has)
{
    *out_has = true;
    for (size_t i = 0; i < set->record_count; i++) {
        uint32_t ordinal;
        enum tip_err err = tip_record_table_find(&engine->records, engine->txn,
                                                 &set->records[i], &ordinal);

        if (err != TIP_OK && err != TIP_ENOTFOUND) {
            return err;
        }
        *out_has = *out_has && err == TIP_OK;
    }
    return TIP_OK;
}

/* A record that the hub has just committed for the first time has a birth: the
 * hub says it, or it follows from the order within our own change-set. */
static void note_birth(struct arrival *arrival,
                       const struct tip_record_ref *ref,
                       struct tip_record *record)
{
    if (record->birth_commit != 0) {
        return;
    }
    if (arrival->is_own) {
        record->birth_commit = arrival->write.commit;
        record->birth_index = arrival->births++;
    } else {
        record->birth_commit = ref->birth_commit;
        record->birth_index = ref->birth_index;
    }
}

bool node_apply_has_left(const struct node_engine *engine,
                         const struct tip_wire_record *stored)
{
    uint32_t office = engine->identity.office;

    return stored->overlay_count == 0 &&
           !tip_merge_contains(&stored->record, TIP_FIELD_OFFICES, office) &&
           !tip_merge_contains(&stored->record, TIP_FIELD_OFFICES,
                               TIP_OFFICE_ALL);
}

/* To a record that was erased nothing is written. It takes its birth, if it was
 * erased before it had one: later ones of the change-set are counted by it. */
static enum tip_err pass_erased(struct node_engine *engine,
                                struct arrival *arrival,
                                const struct tip_record_ref *ref,
                                uint32_t ordinal,
                                struct tip_wire_record *stored)
{
    if (stored->record.birth_commit != 0) {
        return TIP_OK;
    }
    note_birth(arrival, ref, &stored->record);
    return tip_record_table_put(&engine->records, engine->txn, ordinal, stored,
                                false);
}

/* Merge what @arrival writes to its record number @i. */
static enum tip_err apply_record(struct node_engine *engine,
                                 struct arrival *arrival, size_t i)
{
    const struct tip_record_ref *ref = &arrival->set->records[i];
    struct tip_wire_record stored;
    struct tip_record before, dead;
    const struct tip_change *changes;
    uint32_t ordinal;
    size_t count;
    bool had_birth;
    enum tip_err err = open_record(engine, arrival, i, &ordinal, &stored);

    if (err == TIP_ENOTFOUND) {
        if (!node_roll_is_of_all(engine)) {
            node_mend_doubt(engine);
        }
        return TIP_OK; /* It will be sent, with this. */
    }
    if (err != TIP_OK) {
        return err;
    }
    if (stored.record.erased != 0) {
        return pass_erased(engine, arrival, ref, ordinal, &stored);
    }
    before = stored.record;
    had_birth = before.birth_commit != 0;
    if (!had_birth && arrival->is_incomplete) {
        /* Whose birth is whose cannot be told any more. */
        return tip_record_table_remove(engine->txn, ordinal);
    }
    note_birth(arrival, ref, &stored.record);
    changes = tip_change_set_part(arrival->set, i, &count);
    err = tip_record_apply(&stored.record, &arrival->write, changes, count,
                           &engine->work, &dead);
    if (err == TIP_OK) {
        err = node_holding_change(engine, ordinal, &before, &stored.record);
    }
    if (err == TIP_OK && arrival->is_own) {
        err = node_apply_drop(&stored, arrival->set->seq, &engine->work);
    }
    if (err == TIP_OK && ordinal == 0) {
        err = tip_record_table_add(&engine->records, engine->txn, &stored,
                                   &ordinal);
    } else if (err == TIP_OK) {
        err = tip_record_table_put(&engine->records, engine->txn, ordinal,
                                   &stored, had_birth);
    }
    if (err == TIP_OK) {
        err = tip_record_table_bury(&engine->records, engine->txn, ordinal,
                                    &dead, &arrival->write);
    }
    if (err == TIP_OK && arrival->is_own) {
        err = node_overtaken_bury(engine, ordinal, &stored, &arrival->write);
    }
    if (err == TIP_OK && before.birth_commit != 0 &&
        node_apply_has_left(engine, &stored)) {
        err = tip_record_table_remove(engine->txn, ordinal);
    }
    if (stored.record.type == TIP_TYPE_CATALOGUE) {
        engine->has_catalogue_news = true;
    }
    return err;
}

/* Merge one committed change-set: of another origin, or our own come back. */
static enum tip_err apply_set(struct node_engine *engine,
                              const struct tip_change_set *set, uint64_t commit,
                              enum tip_verdict verdict, bool is_own)
{
    struct arrival arrival = {.set = set,
                              .write = tip_write_of(set, commit, verdict),
                              .is_own = is_own};
    enum tip_err err = TIP_OK;

    if (is_own && !node_continue_is_recalled(engine, set->seq)) {
        bool has = true;

        err = has_all(engine, set, &has);
        arrival.is_incomplete = !has;
    }
    for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
        err = apply_record(engine, &arrival, i);
    }
    if (err == TIP_OK && verdict == TIP_VERDICT_GOOD) {
        /* Seen by our own clock it may still be far ahead: then it is ours
         * that is slow, and the stamp changes nothing. */
        (void)(tip_hlc_observe(&engine->hlc, set->stamp) == TIP_OK);
    }
    return err;
}

/* Our change-set @seq has commit @commit: from the outbox to committed state.
 * @ruling: it was accepted with another base; NULL: as we wrote it. */
static enum tip_err apply_own(struct node_engine *engine, uint64_t seq,
                              uint64_t commit, enum tip_verdict verdict,
                              const struct tip_ruling *ruling)
{
    struct tip_change_set set;
    size_t bytes;
    enum tip_err err;

    if (seq > engine->feed.framed.number) {
        return TIP_EDIVERGED; /* It was never sent, and would never be. */
    }
    err = node_save_load(engine, seq, &engine->work, &set, &bytes);
    if (err == TIP_ENOTFOUND) {
        return TIP_EDIVERGED; /* It was told twice, or never saved. */
    }
    if (err == TIP_OK && ruling != NULL) {
        err = ruling->base < set.base ? TIP_OK : TIP_EDIVERGED;
        set.base = ruling->base;
    }
    if (err == TIP_OK) {
        err = apply_set(engine, &set, commit, verdict, true);
    }
    if (err == TIP_OK) {
        err = tip_txn_remove(engine->txn, TIP_TABLE_OUTBOX,
                             TIP_KEY(engine->identity.origin, seq));
    }
    tip_arena_clear(&engine->work);
    return err;
}

static enum tip_err apply_echo(struct node_engine *engine,
                               const struct tip_echo *echo)
{
    enum tip_err err = TIP_OK;

    if (!node_continue_wrote(engine, echo->origin, echo->first_seq) ||
        !node_continue_wrote(engine, echo->origin,
                             echo->first_seq + echo->count - 1)) {
        return TIP_EDIVERGED;
    }
    for (uint32_t i = 0; i < echo->count && err == TIP_OK; i++) {
        err = apply_own(engine, echo->first_seq + i, echo->first_commit + i,
                        echo->verdict, NULL);
    }
    return err;
}

/* A person at the hub has decided about what it held back of ours. */
static enum tip_err apply_ruling(struct node_engine *engine,
                                 const struct tip_item *item)
{
    const struct tip_ruling *ruling = &item->ruling;
    enum tip_err err;

    if (!node_continue_wrote(engine, ruling->origin, ruling->first_seq)) {
        return TIP_EDIVERGED;
    }
    if (ruling->kind == TIP_RULING_REFUSED) {
        return node_ruling_refuse(engine, item);
    }
    err = node_ruling_keep(engine, item, ruling->first_seq);
    return err == TIP_OK ? apply_own(engine, ruling->first_seq, item->commit,
                                     item->verdict, ruling)
                         : err;
}

/* Is @set ours, and no copy of this disk knows of it any more? Both, the hub
 * and we, were put back; somebody else had it. */
static bool is_forgotten(struct node_engine *engine,
                         const struct tip_change_set *set)
{
    struct tip_bytes row;

    return node_continue_wrote(engine, set->origin, set->seq) &&
           node_continue_is_recalled(engine, set->seq) &&
           tip_txn_get(engine->txn, TIP_TABLE_OUTBOX,
                       TIP_KEY(engine->identity.origin, set->seq),
                       &row) == TIP_ENOTFOUND;
}

/* Does @item come from the hub's log between two checkpoints? Of ourselves it
 * tells the place only, if we have the rest. */
static bool is_plausible(struct node_engine *engine,
                         const struct tip_item *item, uint64_t after,
                         uint64_t checkpoint)
{
    bool is_echo = item->kind == TIP_ITEM_ECHO;
    bool is_set = item->kind == TIP_ITEM_SET;
    /* What is sent again is as it was at our checkpoint, or later. */
    bool is_again = item->kind == TIP_ITEM_STATE || item->kind == TIP_ITEM_ROLL;
    uint64_t first = is_echo ? item->echo.first_commit : item->commit;
    uint64_t more = is_echo ? item->echo.count - 1 : 0;

    return item->kind != TIP_ITEM_CONTROL &&
           (is_again ? first >= after : first > after) && first <= checkpoint &&
           more <= checkpoint - first &&
           (!is_set || !node_continue_is_own(engine, item->set.origin) ||
            is_forgotten(engine, &item->set));
}

static enum tip_err apply_item(struct node_engine *engine,
                               struct node_channel *channel,
                               const struct tip_item *item)
{
    enum tip_err err;

    switch (item->kind) {
    case TIP_ITEM_ECHO:
        return apply_echo(engine, &item->echo);
    case TIP_ITEM_STATE:
        return node_whole_take(engine, channel, item);
    case TIP_ITEM_ROLL:
        return node_roll_take(engine, channel, item);
    case TIP_ITEM_RULING:
        return apply_ruling(engine, item);
    case TIP_ITEM_CONTROL:
        return TIP_EDIVERGED;
    case TIP_ITEM_SET:
        break;
    }
    err = apply_set(engine, &item->set, item->commit, item->verdict, false);
    tip_arena_clear(&engine->work);
    return err;
}

enum tip_err node_apply_items(struct node_engine *engine,
                              struct node_channel *channel,
                              const struct tip_down_body *body,
                              uint64_t checkpoint)
{
    uint64_t after = channel->row.position.checkpoint;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < body->item_count && err == TIP_OK; i++) {
        const struct tip_item *item = &body->items[i];

        err = is_plausible(engine, item, after, checkpoint)
                  ? apply_item(engine, channel, item)
                  : TIP_EDIVERGED;
    }
    return err;
}
