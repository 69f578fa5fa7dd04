/*
 * Two offices at a hub, the first of which is put back to a backup. Included by
 * the tests of what comes of that.
 */
#ifndef RESTORED_H
#define RESTORED_H

#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static inline struct tip_id add(struct star *star, int i, uint32_t code)
{
    struct tip_id id = star_id(star);

    OK(star_add(star, i, &id, NONE, FAKE_LATEST, code));
    return id;
}

/* How many rows of history are in @store. */
static inline size_t history(struct fake_store *store)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    struct tip_txn *txn;
    size_t count = 0;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    while (tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER, key, &key,
                        &value) == TIP_OK) {
        count++;
        key = tip_key_next(key);
    }
    tip_txn_abort(txn);
    return count;
}

/* Put the hub back to @backup, which is used up; both offices are to come back.
 */
static inline void begin_hub_back(struct star *star, struct fake_store *backup)
{
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_join(star, ATAR);
}

/* All is well: the node takes part, nothing waits, both agree. */
static inline void assert_recovered(struct star *star)
{
    struct node_status status = star_status(star, NEMA);

    assert_int_equal(status.trouble, TIP_OK);
    assert_int_equal(status.session, TIP_NODE_LIVE);
    assert_int_equal(status.confirmed, status.saved);
    assert_int_equal(status.decided, status.saved);
    assert_int_equal(status.agreement, TIP_AGREEMENT_EQUAL);
    assert_int_equal(status.held_count, 0);
    assert_int_equal(star_device(star, NEMA).trouble, TIP_OK);
}

#endif /* RESTORED_H */
