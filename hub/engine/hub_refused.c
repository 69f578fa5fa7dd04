/*
 * An office makes a record and works on in it; all of that may wait. A person
 * can refuse some of the later work before the record is let in, or goes on by
 * itself: then there is no history yet that could say so.
 */
#include "hub_refused.h"

#include "hub_row.h"
#include "tip_store.h"
#include "tip_wire_header.h"

/* A decision that is looked at. */
struct refusal {
    struct hub_engine *engine;
    const struct hub_origin *origin;
    struct tip_ruling ruling; /* In engine->held. */
    uint64_t commit;
    struct hub_sets frame; /* One of its change-sets, in engine->arena. */
};

/* Record @i of @set, if it is there and has nothing of this. Whoever names it
 * by its birth was told that it is there. */
static enum tip_err bury_in(const struct refusal *refusal,
                            const struct tip_change_set *set, size_t i)
{
    struct hub_engine *engine = refusal->engine;
    const struct tip_record_ref *ref = &set->records[i];
    uint32_t ordinal;
    bool is_there = false;
    enum tip_err err = tip_id_is_none(&ref->id)
                           ? TIP_ENOTFOUND
                           : tip_record_table_find(&engine->records,
                                                   engine->txn, ref, &ordinal);

    if (err == TIP_OK) {
        err = tip_record_table_has_refused(engine->txn, ordinal, set->origin,
                                           set->seq, &is_there);
    }
    if (err == TIP_OK && !is_there) {
        err = tip_record_table_refuse(&engine->records, engine->txn, ordinal,
                                      set, i, &refusal->ruling, refusal->commit,
                                      &engine->work);
    }
    tip_arena_clear(&engine->work);
    tip_txn_forget(engine->txn);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err bury_set(struct refusal *refusal, uint64_t seq)
{
    struct hub_engine *engine = refusal->engine;
    struct hub_sets *frame = &refusal->frame;
    const struct tip_change_set *set;
    enum tip_err err = TIP_OK;

    if (seq - frame->first >= frame->count) {
        tip_arena_clear(&engine->arena);
        *frame = (struct hub_sets){.count = 0};
        err = hub_feed_load(engine, refusal->origin, seq, frame);
    }
    if (err != TIP_OK) {
        /* What is not here, or cannot be read yet, cannot be shown. */
        return err == TIP_ENOTFOUND || tip_wire_is_too_new(err) ? TIP_OK : err;
    }
    set = &frame->sets[seq - frame->first];
    for (size_t i = 0; err == TIP_OK && i < set->record_count; i++) {
        err = bury_in(refusal, set, i);
    }
    return err;
}

/* All that was refused of one feed behind @seq. */
static enum tip_err follow_feed(struct hub_engine *engine,
                                const struct hub_origin *origin, uint64_t seq)
{
    const uint32_t number = origin->row.device.origin;
    struct refusal refusal = {.engine = engine, .origin = origin};
    const struct tip_ruling *ruling = &refusal.ruling;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK) {
        tip_arena_clear(&engine->held);
        err = hub_row_next_ruling(engine->txn, number, seq, &engine->held,
                                  &refusal.ruling, &refusal.commit);
        for (uint64_t n = 0; err == TIP_OK && n < ruling->count &&
                             ruling->kind == TIP_RULING_REFUSED;
             n++) {
            err = bury_set(&refusal, ruling->first_seq + n);
        }
        seq = ruling->first_seq;
    }
    tip_arena_clear(&engine->held);
    tip_arena_clear(&engine->arena);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err hub_refused_follow(struct hub_engine *engine,
                                const struct hub_origin *origin, uint64_t seq)
{
    enum tip_err err = TIP_OK;

    /* Numbers run on across the feeds of a device. */
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        if (engine->origins[i]->row.root == origin->row.root) {
            err = follow_feed(engine, engine->origins[i], seq);
        }
    }
    return err;
}
