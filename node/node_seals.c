#include "node_seals.h"

#include "tip_wire_record.h"
#include "tip_wire_set.h"

/* What is tried: one record after the other. */
struct trial {
    struct tip_inspect *check;
    struct tip_desk_keys *keys;
    struct tip_desk_seals *seals;
    struct tip_record view; /* What is committed and what waits over it. */
};

static enum tip_err copy_of(struct trial *trial, enum tip_table table,
                            struct tip_key key, struct tip_bytes *out_copy)
{
    struct tip_bytes value;
    enum tip_err err = tip_txn_get(trial->check->txn, table, key, &value);

    return err == TIP_OK ? tip_arena_copy(trial->check->arena, value, out_copy)
                         : err;
}

/* Put own change-set @seq over the view, as far as it touches that record. */
static enum tip_err lay_over(struct trial *trial, uint64_t seq)
{
    struct tip_arena *arena = trial->check->arena;
    struct tip_change_set set;
    struct tip_record dead;
    struct tip_bytes copy;
    enum tip_err err = copy_of(trial, TIP_TABLE_OUTBOX,
                               TIP_KEY(trial->keys->origin, seq), &copy);

    if (err == TIP_OK) {
        err = tip_wire_set_decode(copy, arena, &set);
    }
    for (size_t i = 0; err == TIP_OK && i < set.record_count; i++) {
        if (tip_id_equal(&set.records[i].id, &trial->view.id)) {
            struct tip_write write = tip_write_of(&set, 0, TIP_VERDICT_GOOD);
            size_t count;
            const struct tip_change *changes =
                tip_change_set_part(&set, i, &count);

            err = tip_record_apply(&trial->view, &write, changes, count, arena,
                                   &dead);
        }
    }
    return err;
}

static enum tip_err read_record(struct trial *trial, uint64_t ordinal)
{
    struct tip_wire_record stored;
    struct tip_bytes copy;
    enum tip_err err =
        copy_of(trial, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0), &copy);

    if (err == TIP_OK) {
        err = tip_wire_record_decode(copy, trial->check->arena, &stored);
    }
    if (err == TIP_OK) {
        trial->view = stored.record;
    }
    for (size_t i = 0; err == TIP_OK && i < stored.overlay_count; i++) {
        err = lay_over(trial, stored.overlay[i]);
    }
    return err;
}

static enum tip_err try_history(struct trial *trial, uint64_t ordinal)
{
    struct tip_key key = TIP_KEY(ordinal, 0);
    struct tip_wire_dead dead;
    struct tip_bytes value;
    enum tip_err err;

    while ((err = tip_txn_seek(trial->check->txn, TIP_TABLE_HISTORY,
                               TIP_SEEK_AT_OR_AFTER, key, &key, &value)) ==
               TIP_OK &&
           key.hi == ordinal) {
        err = tip_wire_dead_decode(value, trial->check->arena, &dead);
        if (err == TIP_OK) {
            err = tip_desk_seals_try(trial->keys, &trial->view, &dead.record,
                                     trial->check->arena, trial->seals);
        }
        if (err != TIP_OK) {
            return err;
        }
        key = tip_key_next(key);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err try_record(struct trial *trial, uint64_t ordinal)
{
    const uint64_t broken = trial->seals->broken;
    enum tip_err err = read_record(trial, ordinal);

    if (err == TIP_OK) {
        err = tip_desk_seals_try(trial->keys, &trial->view, &trial->view,
                                 trial->check->arena, trial->seals);
    }
    if (err == TIP_OK) {
        err = try_history(trial, ordinal);
    }
    if (trial->seals->broken != broken) {
        tip_inspect_tell(trial->check, TIP_INSPECT_IDENTITY, ordinal,
                         trial->seals->broken - broken);
    }
    tip_arena_clear(trial->check->arena);
    tip_txn_forget(trial->check->txn);
    return err == TIP_ENOTFOUND || tip_inspect_is_of_value(err) ? TIP_OK : err;
}

enum tip_err node_seals_check(struct tip_inspect *check,
                              struct tip_desk_keys *keys,
                              struct tip_desk_seals *out_seals)
{
    struct tip_desk_seals seals = {.opened = 0};
    struct trial trial = {.check = check, .keys = keys, .seals = &seals};
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK) {
        err = tip_txn_seek(check->txn, TIP_TABLE_RECORD, TIP_SEEK_AT_OR_AFTER,
                           key, &key, &value);
        if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
            err = try_record(&trial, key.hi);
            key = TIP_KEY(key.hi + 1, 0);
        }
    }
    if (err == TIP_ENOTFOUND) {
        *out_seals = seals;
        err = TIP_OK;
    }
    return err;
}
