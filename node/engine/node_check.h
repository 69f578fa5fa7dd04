/*
 * Is what the engine keeps in its store what it must be?
 */
#ifndef NODE_CHECK_H
#define NODE_CHECK_H

#include "node_engine.h"
#include "tip_inspect.h"

/** Check records, their history, the outbox, the feed, signed by @own, every
 * channel and what the office holds. Of an office that is not enrolled, whose
 * origin is 0, there is only the first. What is found is told by @check. */
TIP_MUST_USE enum tip_err node_check(struct tip_inspect *check,
                                     const struct node_identity *identity,
                                     const struct tip_sign_public *own);

/** What is known of one chain from elsewhere. Secret: wipe it. */
struct node_chain {
    struct tip_inspect_chain chain; /* Borrows key, the identity and own. */
    struct tip_inspect_key key;
};

/** Say what is known of the chain @number in @table of a device; @out_chain may
 * not be moved. TIP_ENOTFOUND: it has no such chain. Errors of the store. */
TIP_MUST_USE enum tip_err node_check_know(struct tip_txn *txn,
                                          const struct node_identity *identity,
                                          const struct tip_sign_public *own,
                                          enum tip_table table, uint32_t number,
                                          struct node_chain *out_chain);

#endif /* NODE_CHECK_H */
