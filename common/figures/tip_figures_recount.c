/* Every record, from the store into the tables. */
#include "tip_arena.h"
#include "tip_figures_internal.h"
#include "tip_wire_record.h"

/* What a decoded record takes: 80 times its bytes at most. */
enum { ARENA_BYTES_MAX = 80 * TIP_STORE_VALUE_BYTES_MAX };

static enum tip_err count_stored(struct tip_figures *figures,
                                 struct tip_bytes value,
                                 struct tip_arena *arena)
{
    struct tip_wire_record_peek peek;
    struct tip_wire_record stored;
    enum tip_err err = tip_wire_record_peek(value, &peek);

    if (err != TIP_OK || tip_figures_find_type(figures, peek.type) == NULL) {
        return err;
    }
    tip_arena_clear(arena);
    err = tip_wire_record_decode(value, arena, &stored);
    if (err != TIP_OK) {
        return err;
    }
    stored.record.lineage = figures->lineage;
    return tip_figures_changed(figures, NULL, &stored.record);
}

enum tip_err tip_figures_recount(struct tip_figures *figures,
                                 struct tip_txn *txn)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_arena arena;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    for (;;) {
        struct tip_bytes value;

        err = tip_txn_seek(txn, TIP_TABLE_RECORD, TIP_SEEK_AT_OR_AFTER, key,
                           &key, &value);
        if (err == TIP_OK) {
            err = count_stored(figures, value, &arena);
        }
        if (err != TIP_OK) {
            break;
        }
        tip_txn_forget(txn);
        key = TIP_KEY(key.hi + 1, 0);
    }
    tip_arena_deinit(&arena);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}
