/*
 * Records that are erased by law.
 *
 * The record goes at once, with its history, in the transaction that tells
 * everybody; what stored frames and logs say of it goes after that, in slices
 * (tip_sweep.h), and then the store forgets for good. Whatever is written to it
 * later is acknowledged, gets its place in the order, and is destroyed.
 */
#include "hub_erase.h"
#include "hub_engine_internal.h"
#include "hub_retire.h"
#include "hub_row.h"
#include "tip_clock.h"
#include "tip_contents.h"
#include "tip_ctl_log.h"
#include "tip_secret.h"

enum {
    SWEEP_ROWS = 32, /* A slice: some milliseconds. */
    RETRY_MS = 60 * 1000
};

/* What tip_redact.h needs of us. */
struct redactor {
    struct tip_redactor base; /* First member, so the cast below is valid. */
    struct hub_engine *engine;
    struct tip_frame_key old; /* Of a device that is used no more. */
};

static enum tip_err is_erased(struct tip_redactor *self,
                              const struct tip_record_ref *ref, bool *out_is)
{
    struct hub_engine *engine = ((struct redactor *)self)->engine;

    return tip_record_table_is_erased(&engine->records, engine->txn, ref,
                                      out_is);
}

static enum tip_err is_ruled(struct tip_redactor *self,
                             const struct tip_ruling *ruling, bool *out_is)
{
    return hub_erase_is_ruled(((struct redactor *)self)->engine, self, ruling,
                              out_is);
}

static enum tip_err sweep_ruling(struct tip_redactor *self, struct tip_key key)
{
    return hub_erase_sweep_ruling(((struct redactor *)self)->engine, self, key);
}

static struct redactor redactor_of(struct hub_engine *engine)
{
    return (struct redactor){
        .base = {.is_erased = is_erased,
                 .is_ruled = is_ruled,
                 .sweep_ruling = sweep_ruling,
                 .codec = engine->codec,
                 .keys = engine->opts.keys,
                 .random = engine->opts.random,
                 .arena = &engine->arena,
                 .control = engine->channels[HUB_CHANNEL_CTL].row.newest},
        .engine = engine};
}

enum tip_err hub_erase_arrival(struct hub_engine *engine,
                               struct hub_origin *origin,
                               struct tip_bytes frame,
                               struct tip_bytes *out_left)
{
    struct redactor redactor = redactor_of(engine);
    bool is_less;

    return tip_redact_frame(&redactor.base, &origin->key, frame, out_left,
                            &is_less);
}

enum tip_err hub_erase_prove(struct hub_engine *engine,
                             const struct tip_frame_key *key,
                             const struct tip_wire_frame *parts,
                             const struct tip_down_body *body)
{
    struct redactor redactor = redactor_of(engine);

    return tip_contents_prove(&redactor.base, key, parts, body);
}

static enum tip_err begin_sweep(struct hub_engine *engine, uint64_t commit)
{
    tip_sweep_begin(&engine->sweep, commit);
    return tip_sweep_store(engine->txn, &engine->sweep);
}

enum tip_err hub_erase_again(struct hub_engine *engine)
{
    return begin_sweep(engine, engine->sweep.through);
}

/* Leave of @record, which is record @ordinal, its name alone, and let figures
 * and holders' digests know. */
static enum tip_err erase_record(struct hub_engine *engine, uint32_t ordinal,
                                 const struct tip_record *record,
                                 uint64_t commit, uint64_t decided_ms)
{
    struct hub_watcher *watcher = engine->opts.watcher;
    struct tip_record left = *record;
    enum tip_err err;

    tip_record_erase(&left, commit, decided_ms);
    err = tip_record_table_erase(&engine->records, engine->txn, ordinal, &left);
    if (err == TIP_OK) {
        err = hub_holding_change(engine, ordinal, record, &left);
    }
    if (err == TIP_OK && watcher != NULL) {
        err = watcher->changed(watcher, engine->txn, record, &left);
    }
    return err;
}

static enum tip_err find(struct hub_engine *engine, const struct tip_id *id,
                         uint32_t *out_ordinal)
{
    const struct tip_record_ref ref = {.id = *id};
    bool is_erased_already;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, &ref, out_ordinal);

    if (err == TIP_OK) {
        err = tip_record_table_is_erased(&engine->records, engine->txn, &ref,
                                         &is_erased_already);
    }
    return err == TIP_OK && is_erased_already ? TIP_EERASED : err;
}

/* The record is there: erase it; an error loses the transaction. */
static enum tip_err erase(struct hub_engine *engine, uint32_t ordinal,
                          uint64_t decided_ms)
{
    struct tip_ctl control = {.kind = TIP_CTL_ERASE};
    struct tip_wire_record stored;
    enum tip_err err = tip_record_table_load(&engine->records, engine->txn,
                                             ordinal, &engine->work, &stored);

    if (err == TIP_OK) {
        control.erase =
            (struct tip_ctl_erase){.record = stored.record.id,
                                   .decided_ms = decided_ms,
                                   .birth_commit = stored.record.birth_commit,
                                   .birth_index = stored.record.birth_index};
        err = hub_control_append(engine, &control);
    }
    if (err == TIP_OK) {
        err = erase_record(engine, ordinal, &stored.record,
                           engine->order.commit, decided_ms);
    }
    tip_arena_clear(&engine->work);
    return err == TIP_OK ? begin_sweep(engine, engine->order.commit) : err;
}

/* Nobody here knows the record: say that it was erased, or what comes back
 * later would bring it. */
static enum tip_err erase_unknown(struct hub_engine *engine,
                                  const struct tip_ctl_erase *erase)
{
    const struct tip_ctl control = {.kind = TIP_CTL_ERASE, .erase = *erase};
    enum tip_err err = hub_control_append(engine, &control);

    if (err == TIP_OK) {
        err = tip_record_table_add_erased(&engine->records, engine->txn, erase,
                                          engine->order.commit);
    }
    return err == TIP_OK ? begin_sweep(engine, engine->order.commit) : err;
}

enum tip_err hub_erase_again_for_all(struct hub_engine *engine,
                                     const struct tip_ctl_erase *control)
{
    uint32_t ordinal;
    enum tip_err err = find(engine, &control->record, &ordinal);

    if (err == TIP_OK) {
        err = erase(engine, ordinal, control->decided_ms);
    } else if (err == TIP_ENOTFOUND) {
        err = erase_unknown(engine, control);
    }
    return err == TIP_EERASED ? TIP_OK : err;
}

/* Is there an erasure of @commit in the control log? There is one of 0. An
 * error says nothing of it. */
static enum tip_err find_entry(struct hub_engine *engine, uint64_t commit,
                               bool *out_is_known)
{
    bool is_known = commit == 0;
    uint64_t count = 0;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_ctl_log_count(txn, &count);
    }
    for (; err == TIP_OK && count != 0 && !is_known; count--) {
        struct tip_ctl_entry entry;

        err = tip_ctl_log_get(txn, count, &engine->work, &entry);
        is_known = err == TIP_OK && entry.is_known && entry.commit == commit &&
                   entry.control.kind == TIP_CTL_ERASE;
        tip_arena_clear(&engine->work);
    }
    *out_is_known = is_known;
    return err;
}

void hub_erase_hear(struct hub_engine *engine, struct hub_origin *origin,
                    uint64_t commit)
{
    bool is_known = false;

    if (commit != origin->row.erased &&
        find_entry(engine, commit, &is_known) != TIP_OK) {
        return; /* Neither its word nor ours can be checked. */
    }
    origin->said.knows_erasure = commit != origin->row.erased && !is_known;
    if (is_known) {
        origin->row.erased = commit;
    }
}

void hub_erase_hear_again(struct hub_engine *engine)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *origin = engine->origins[i];

        if (origin->said.knows_erasure) {
            hub_erase_hear(engine, origin, origin->said.health.erased);
            origin->is_dirty = true;
            origin->said_is_dirty = true;
        }
    }
}

enum tip_err hub_erase_obey(struct hub_engine *engine,
                            const struct tip_ctl_erase *erase, uint64_t commit)
{
    const struct tip_record_ref ref = {.id = erase->record};
    struct tip_wire_record stored;
    uint32_t ordinal;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, &ref, &ordinal);

    if (err == TIP_ENOTFOUND) {
        err = tip_record_table_add_erased(&engine->records, engine->txn, erase,
                                          commit);
    } else if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->work, &stored);
        if (err == TIP_OK && stored.record.erased == 0) {
            err = erase_record(engine, ordinal, &stored.record, commit,
                               erase->decided_ms);
        }
    }
    tip_arena_clear(&engine->work);
    return err == TIP_OK ? begin_sweep(engine, commit) : err;
}

enum tip_err hub_engine_erase(struct hub_engine *engine,
                              const struct tip_id *id, uint64_t decided_ms,
                              uint64_t *out_commit)
{
    uint32_t ordinal;
    enum tip_err err = hub_engine_flush(engine);

    if (err == TIP_OK) {
        err = hub_engine_write_reserve(engine);
    }
    if (err == TIP_OK) {
        err = find(engine, id, &ordinal);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = erase(engine, ordinal, decided_ms);
    if (err != TIP_OK) {
        engine->failure = err;
        return err;
    }
    *out_commit = engine->order.commit;
    engine->sweep_trouble = TIP_OK;
    engine->sweep_retry_ms = 0;
    /* What was held back for that record alone has nothing to wait for. */
    return hub_engine_release(engine);
}

void hub_engine_erasing(const struct hub_engine *engine,
                        struct hub_erasing *out_erasing)
{
    *out_erasing = (struct hub_erasing){.newest = engine->sweep.through,
                                        .done = engine->sweep.done,
                                        .trouble = engine->sweep_trouble};
}

static const struct tip_frame_key *key_of(struct tip_redactor *redactor,
                                          enum tip_table table, uint64_t hi,
                                          uint32_t epoch)
{
    struct redactor *self = (struct redactor *)redactor;
    struct hub_engine *engine = self->engine;
    struct hub_channel *channel;
    struct hub_origin *origin;

    if (hi > UINT32_MAX) {
        return NULL;
    }
    if (table == TIP_TABLE_FRAME_UP) {
        origin = hub_engine_origin(engine, (uint32_t)hi);
        return origin == NULL ? NULL : &origin->key;
    }
    channel = hub_engine_channel(engine, (uint32_t)hi);
    return channel == NULL
               ? NULL
               : hub_retire_down_key(engine, channel, epoch, &self->old);
}

static enum tip_err sweep(struct hub_engine *engine)
{
    struct redactor redactor = redactor_of(engine);
    struct tip_sweep next = engine->sweep;
    enum tip_err err = hub_engine_write_reserve(engine);

    if (err == TIP_OK) {
        err = tip_sweep_step(&next, engine->txn, &redactor.base, key_of,
                             SWEEP_ROWS);
    }
    if (err == TIP_OK) {
        err = tip_sweep_store(engine->txn, &next);
    }
    tip_secret_wipe(&redactor.old, sizeof redactor.old);
    if (err != TIP_OK) {
        hub_engine_drop(engine); /* Nothing else is in it. */
        return err;
    }
    engine->sweep = next;
    return hub_engine_flush(engine);
}

/* Nothing is left but in what the store has thrown away. */
static enum tip_err purge(struct hub_engine *engine)
{
    const struct tip_sweep done = {.phase = TIP_SWEEP_IDLE,
                                   .through = engine->sweep.through,
                                   .done = engine->sweep.through};
    enum tip_err err;

    hub_engine_drop(engine);
    err = tip_store_purge(engine->opts.store);
    if (err == TIP_OK) {
        err = hub_engine_write_reserve(engine);
    }
    if (err == TIP_OK) {
        err = tip_sweep_store(engine->txn, &done);
        if (err != TIP_OK) {
            hub_engine_drop(engine);
            return err;
        }
        engine->sweep = done;
        err = hub_engine_flush(engine);
    }
    return err;
}

enum tip_err hub_erase_work(struct hub_engine *engine)
{
    uint64_t now = engine->opts.clock->elapsed_ms(engine->opts.clock);
    enum tip_err err;

    if (engine->sweep.phase == TIP_SWEEP_IDLE || now < engine->sweep_retry_ms) {
        return TIP_OK;
    }
    err = hub_engine_flush(engine);
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
