/* A store that holds whatever an input says: rows of table, key and bytes. */
#ifndef FUZZ_ROWS_H
#define FUZZ_ROWS_H

#include "fake_store.h"
#include "fuzz.h"
#include "fuzz_part.h"

enum { FUZZ_ROWS_MAX = 8, FUZZ_ROWS_STORE_BYTES = 8 << 20 };

/** Open the store of @rest for reading; a row is table, hi, lo, size, bytes. */
static inline struct fake_store *fuzz_rows_open(struct tip_bytes rest,
                                                struct tip_txn **out_txn)
{
    struct fake_store *store = fake_store_new(FUZZ_ROWS_STORE_BYTES);

    FUZZ_RULE(tip_store_begin(&store->base, TIP_TXN_WRITE, out_txn) == TIP_OK);
    for (int i = 0; i < FUZZ_ROWS_MAX && rest.size > 0; i++) {
        enum tip_table table =
            (enum tip_table)(fuzz_take_u8(&rest) % TIP_TABLE_COUNT);
        uint64_t hi = fuzz_take_u64(&rest);
        uint64_t lo = fuzz_take_u64(&rest);
        struct tip_bytes value = fuzz_take(&rest, fuzz_take_u16(&rest));

        FUZZ_RULE(tip_txn_put(*out_txn, table, TIP_KEY(hi, lo), value) ==
                  TIP_OK);
    }
    FUZZ_RULE(tip_txn_commit(*out_txn) == TIP_OK);
    FUZZ_RULE(tip_store_begin(&store->base, TIP_TXN_WRITE, out_txn) == TIP_OK);
    return store;
}

/** The opposite, for whoever makes seeds: all that is in @txn. */
static inline void fuzz_rows_write(struct tip_txn *txn, struct tip_buf *buf)
{
    for (enum tip_table table = 0; table < TIP_TABLE_COUNT; table++) {
        struct tip_key key = TIP_KEY(0, 0);
        struct tip_bytes value;

        while (tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER, key, &key,
                            &value) == TIP_OK) {
            tip_buf_put_u8(buf, (uint8_t)table);
            fuzz_put_u64(buf, key.hi);
            fuzz_put_u64(buf, key.lo);
            tip_buf_put_u8(buf, (uint8_t)(value.size >> 8));
            tip_buf_put_u8(buf, (uint8_t)value.size);
            tip_buf_put(buf, value);
            key = tip_key_next(key);
        }
    }
}

static bool fuzz_rows_refused; /* A row of this store. */

/** Was a row read, as @err says? */
static inline bool fuzz_rows_is_read(enum tip_err err)
{
    fuzz_rows_refused =
        fuzz_rows_refused || (err != TIP_OK && err != TIP_ENOTFOUND);
    return err == TIP_OK;
}

static inline void fuzz_rows_close(struct fake_store *store,
                                   struct tip_txn *txn)
{
    tip_txn_abort(txn);
    fake_store_free(store);
    if (!fuzz_rows_refused) {
        fuzz_reached();
    }
    fuzz_rows_refused = false;
}

#endif /* FUZZ_ROWS_H */
