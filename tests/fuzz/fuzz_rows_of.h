/* Which rows are looked at by both ends' targets and made as their seeds. */
#ifndef FUZZ_ROWS_OF_H
#define FUZZ_ROWS_OF_H

#include "fuzz_rows.h"
#include "tip_sweep.h"

enum { FUZZ_ORIGIN = 10, FUZZ_SEQ = 7, FUZZ_CHANNEL = 2 };

static inline void fuzz_rows_try_sweep(struct tip_txn *txn)
{
    struct tip_sweep row, back;

    if (!fuzz_rows_is_read(tip_sweep_load(txn, &row))) {
        return;
    }
    FUZZ_RULE(row.phase <= TIP_SWEEP_PURGING);
    FUZZ_RULE(tip_sweep_store(txn, &row) == TIP_OK);
    FUZZ_RULE(tip_sweep_load(txn, &back) == TIP_OK);
    FUZZ_RULE(row.through == back.through && row.done == back.done);
}

#endif /* FUZZ_ROWS_OF_H */
