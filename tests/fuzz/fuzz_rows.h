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

static inline void fuzz_rows_close(struct fake_store *store,
                                   struct tip_txn *txn)
{
    tip_txn_abort(txn);
    fake_store_free(store);
}

#endif /* FUZZ_ROWS_H */
