/*
 * Is what the engine keeps in its store what it must be?
 */
#ifndef HUB_CHECK_H
#define HUB_CHECK_H

#include "hub_engine.h"
#include "tip_inspect.h"

/** What the hub is to those who read what it wrote. Borrowed. */
struct hub_check_self {
    const struct tip_sign_public *sign;
    const struct tip_operational_secret *ref_secret;
};

/** Check records, their history, every device's feed and every channel, and
 * what each office holds. What is found is told by @check. */
TIP_MUST_USE enum tip_err hub_check(struct tip_inspect *check,
                                    const struct hub_check_self *self);

/** What is known of one chain from elsewhere. Secret: wipe it. */
struct hub_chain {
    struct tip_inspect_chain chain; /* Borrows what follows, and the self. */
    struct tip_inspect_key keys[HUB_ORIGINS_MAX];
    struct tip_sign_public signer; /* Of a feed. */
};

/** Say what is known of the chain @number in @table; @out_chain may not be
 * moved. TIP_ENOTFOUND: there is no such device. Errors of the store. */
TIP_MUST_USE enum tip_err hub_check_know(struct tip_txn *txn,
                                         const struct hub_check_self *self,
                                         enum tip_table table, uint32_t number,
                                         struct hub_chain *out_chain);

/** Does the row of @table at @key decode, if the engine has a decoder of its
 * own for it? Uses @arena. */
TIP_MUST_USE enum tip_err hub_check_row(struct tip_txn *txn,
                                        enum tip_table table,
                                        struct tip_key key,
                                        struct tip_arena *arena);

#endif /* HUB_CHECK_H */
