#include "node_outbox.h"

#include "node_engine_internal.h"
#include "tip_store.h"
#include "tip_wire_set.h"

enum tip_err node_outbox_put(struct node_engine *engine,
                             const struct tip_change_set *set)
{
    struct tip_bytes row;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, engine->row, sizeof engine->row);
    err = tip_wire_set_encode(set, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &row);
    }
    return err == TIP_OK
               ? tip_txn_put(engine->txn, TIP_TABLE_OUTBOX,
                             TIP_KEY(engine->identity.origin, set->seq), row)
               : err;
}

enum tip_err node_outbox_each(struct node_engine *engine,
                              enum tip_err (*visit)(struct node_engine *engine,
                                                    uint64_t seq,
                                                    void *context),
                              void *context)
{
    const uint64_t origin = engine->identity.origin;
    struct tip_key key = TIP_KEY(origin, 0);

    for (;;) {
        struct tip_bytes value;
        enum tip_err err =
            tip_txn_seek(engine->txn, TIP_TABLE_OUTBOX, TIP_SEEK_AT_OR_AFTER,
                         key, &key, &value);

        if (err == TIP_ENOTFOUND || (err == TIP_OK && key.hi != origin)) {
            return TIP_OK;
        }
        if (err == TIP_OK) {
            err = visit(engine, key.lo, context);
            tip_arena_clear(&engine->work);
        }
        if (err != TIP_OK) {
            return err;
        }
        key = tip_key_next(key);
    }
}
