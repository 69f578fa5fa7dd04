#include "node_stand_in.h"

#include <string.h>

#include "node_engine_internal.h"
#include "node_outbox.h"
#include "tip_clock.h"
#include "tip_random.h"
#include "tip_store.h"

/* Who says nothing, and why: people read both where it is held back. */
#define AUTHOR "tipnode"
#define REASON                                                       \
    "The disk of this device has lost what was saved here: look at " \
    "these records, and write it again."

bool node_stand_in_is_due(const struct node_engine *engine, uint64_t seq,
                          enum tip_err err)
{
    return seq > engine->feed.framed.number && seq <= engine->feed.saved &&
           (err == TIP_ESTORE_DAMAGED || err == TIP_EMALFORMED ||
            err == TIP_ENOTFOUND);
}

/* Read own change-set @seq; is it lost? */
static enum tip_err look(struct node_engine *engine, uint64_t seq,
                         struct tip_change_set *out_set, bool *out_is_lost)
{
    size_t bytes;
    enum tip_err err =
        node_save_load(engine, seq, &engine->work, out_set, &bytes);

    *out_is_lost = node_stand_in_is_due(engine, seq, err);
    return *out_is_lost ? TIP_OK : err;
}

/* A base may not fall from one change-set to the next, so it is that of who
 * comes next. */
static enum tip_err find_base(struct node_engine *engine, uint64_t seq,
                              uint64_t *out_base)
{
    enum tip_err err = TIP_OK;

    *out_base = node_engine_base(engine);
    while (err == TIP_OK && ++seq <= engine->feed.saved) {
        struct tip_change_set set;
        bool is_lost;

        err = look(engine, seq, &set, &is_lost);
        if (err == TIP_OK && !is_lost) {
            *out_base = set.base;
            break;
        }
    }
    return err;
}

static enum tip_err put(struct node_engine *engine, uint64_t seq,
                        const struct tip_record_ref *records, size_t count)
{
    struct tip_change_set set = {.origin = node_continue_origin(engine),
                                 .office = engine->identity.office,
                                 .seq = seq,
                                 .stamp = tip_hlc_issue(&engine->hlc),
                                 .author = tip_bytes_text(AUTHOR),
                                 .reason = tip_bytes_text(REASON),
                                 .records = records,
                                 .record_count = count};
    enum tip_err err = find_base(engine, seq, &set.base);

    return err == TIP_OK ? node_outbox_put(engine, &set) : err;
}

/* Is @set, which can be read, one that stands in, without @ref? */
static bool lacks(const struct tip_change_set *set,
                  const struct tip_record_ref *ref)
{
    bool is_named = false;

    for (size_t i = 0; i < set->record_count && !is_named; i++) {
        is_named = tip_id_equal(&set->records[i].id, &ref->id);
    }
    return !is_named && set->change_count == 0 &&
           set->record_count < TIP_CHANGE_SET_RECORDS_MAX &&
           tip_bytes_equal(set->author, tip_bytes_text(AUTHOR));
}

/* Own change-set @seq lies over @ref: if it is lost, let it say so. */
static enum tip_err name(struct node_engine *engine, uint64_t seq,
                         const struct tip_record_ref *ref)
{
    struct tip_record_ref *refs;
    struct tip_change_set set;
    bool is_lost;
    enum tip_err err;

    if (seq <= engine->feed.framed.number) {
        return TIP_OK; /* Its frame is there, and nothing waits for it. */
    }
    err = look(engine, seq, &set, &is_lost);
    if (err != TIP_OK || is_lost) {
        return err == TIP_OK ? put(engine, seq, ref, 1) : err;
    }
    if (!lacks(&set, ref)) {
        return TIP_OK;
    }
    refs = tip_arena_alloc_array(&engine->work, set.record_count + 1,
                                 sizeof *refs);
    if (refs == NULL) {
        return TIP_ENOMEM;
    }
    memcpy(refs, set.records, set.record_count * sizeof *refs);
    refs[set.record_count] = *ref;
    return put(engine, seq, refs, set.record_count + 1);
}

static enum tip_err name_all_over(struct node_engine *engine, uint32_t ordinal)
{
    struct tip_wire_record stored;
    struct tip_record_ref ref;
    enum tip_err err = tip_record_table_load(&engine->records, engine->txn,
                                             ordinal, &engine->work, &stored);

    if (err == TIP_OK) {
        ref = (struct tip_record_ref){.id = stored.record.id,
                                      .type = stored.record.type};
        for (size_t i = 0; i < stored.overlay_count && err == TIP_OK; i++) {
            err = name(engine, stored.overlay[i], &ref);
        }
    }
    tip_arena_clear(&engine->work);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* The records that lost change-set @seq lay over are lost, too. What it names
 * instead is nothing that is. */
static enum tip_err name_nothing(struct node_engine *engine, uint64_t seq)
{
    const struct node_engine_opts *opts = &engine->opts;
    uint8_t random[TIP_ID_RANDOM_SIZE];
    struct tip_record_ref ref = {.type = 1};
    struct tip_change_set set;
    bool is_lost;
    enum tip_err err = look(engine, seq, &set, &is_lost);

    if (err == TIP_OK && is_lost) {
        opts->random->fill(opts->random, random, sizeof random);
        ref.id = tip_id_make(opts->clock->now_ms(opts->clock), random);
        err = put(engine, seq, &ref, 1);
    }
    tip_arena_clear(&engine->work);
    return err;
}

static enum tip_err drop_behind(struct node_engine *engine)
{
    struct tip_key key =
        TIP_KEY(engine->identity.origin, engine->feed.saved + 1);

    for (;;) {
        struct tip_bytes value;
        enum tip_err err =
            tip_txn_seek(engine->txn, TIP_TABLE_OUTBOX, TIP_SEEK_AT_OR_AFTER,
                         key, &key, &value);

        if (err == TIP_ENOTFOUND) {
            return TIP_OK;
        }
        if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
            err = tip_txn_remove(engine->txn, TIP_TABLE_OUTBOX, key);
        }
        if (err != TIP_OK) {
            return err;
        }
    }
}

enum tip_err node_stand_in(struct node_engine *engine)
{
    enum tip_err err = TIP_OK;

    for (uint32_t i = 1; i < engine->records.next_ordinal && err == TIP_OK;
         i++) {
        err = name_all_over(engine, i);
        tip_txn_forget(engine->txn);
    }
    for (uint64_t seq = engine->feed.framed.number + 1;
         seq <= engine->feed.saved && err == TIP_OK; seq++) {
        err = name_nothing(engine, seq);
    }
    return err == TIP_OK ? drop_behind(engine) : err;
}
