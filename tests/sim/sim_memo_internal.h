/* Internal: what the parts of sim_memo.h share. */
#ifndef SIM_MEMO_INTERNAL_H
#define SIM_MEMO_INTERNAL_H

#include <stddef.h>

#include "sim_recall.h"

/* The functions of which results are remembered. */
enum sim_memo {
    SIM_MEMO_SIGN = 1,
    SIM_MEMO_FOLLOW,
    SIM_MEMO_OPEN,
    SIM_MEMO_EXPAND,
    SIM_MEMO_DIGEST,
    SIM_MEMO_INSPECT,
    SIM_MEMO_EXCHANGE
};

/** Is anything remembered at all, and this? */
bool sim_memo_find(const struct sim_print *print,
                   struct sim_result *out_result);

/** Remember that it went well and gave @size @bytes. */
void sim_memo_keep(const struct sim_print *print, const void *bytes,
                   size_t size);

#endif /* SIM_MEMO_INTERNAL_H */
