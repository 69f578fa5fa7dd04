#include "fake_store.h"

#include <assert.h>
#include <stdlib.h>

#include "fake_store_tree.h"

/* Of the limit, like in the real store. */
enum { RESERVE_SHARE = 20 };

struct fake_store_txn {
    struct tip_txn base; /* First member, so the cast below is valid. */
    enum tip_txn_mode mode;
    struct fake_store_node *roots[TIP_TABLE_COUNT]; /* Counted. */
    uint64_t used_bytes;
    size_t borrowed_bytes;
    bool full; /* A write was refused: it can only be aborted. */
    struct fake_store_txn *next;
};

static struct fake_store *store_of(const struct tip_txn *txn)
{
    return (struct fake_store *)txn->store;
}

static struct fake_store_txn *txn_of(struct tip_txn *txn)
{
    return (struct fake_store_txn *)txn;
}

static struct fake_store_txn *txn_new(struct fake_store *store)
{
    struct fake_store_txn *txn = store->spare_txns;

    if (txn == NULL) {
        txn = malloc(sizeof *txn);
        assert(txn != NULL);
    } else {
        store->spare_txns = txn->next;
    }
    return txn;
}

static enum tip_err fake_begin(struct tip_store *self, enum tip_txn_mode mode,
                               struct tip_txn **out_txn)
{
    struct fake_store *store = (struct fake_store *)self;
    struct fake_store_txn *txn;

    if (mode != TIP_TXN_READ && store->failed) {
        return TIP_ESTORE_FAILED;
    }
    assert(mode == TIP_TXN_READ || !store->writing);

    txn = txn_new(store);
    *txn = (struct fake_store_txn){
        .base.store = self,
        .mode = mode,
        .used_bytes = store->used_bytes,
        .next = store->open_txns,
    };
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        txn->roots[i] = fake_store_node_ref(store->roots[i]);
    }
    store->open_txns = txn;
    if (mode != TIP_TXN_READ) {
        store->writing = true;
        store->version++;
    }
    *out_txn = &txn->base;
    return TIP_OK;
}

static void txn_end(struct fake_store_txn *txn)
{
    struct fake_store *store = store_of(&txn->base);
    struct fake_store_txn **link = &store->open_txns;

    while (*link != txn) {
        assert(*link != NULL);
        link = &(*link)->next;
    }
    *link = txn->next;
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        fake_store_node_unref(&store->spare_nodes, txn->roots[i]);
    }
    if (txn->mode != TIP_TXN_READ) {
        store->writing = false;
    }
    txn->next = store->spare_txns;
    store->spare_txns = txn;
}

static void fake_abort(struct tip_txn *txn)
{
    if (txn != NULL) {
        txn_end(txn_of(txn));
    }
}

/* Make what @txn wrote the committed state. */
static void publish(struct fake_store *store, struct fake_store_txn *txn)
{
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        struct fake_store_node *old = store->roots[i];

        store->roots[i] = txn->roots[i];
        txn->roots[i] = old;
    }
    store->used_bytes = txn->used_bytes;
}

static enum tip_err fake_commit(struct tip_txn *base)
{
    struct fake_store *store = store_of(base);
    struct fake_store_txn *txn = txn_of(base);
    enum tip_err err = TIP_OK;
    bool keep = true;

    if (txn->mode == TIP_TXN_READ) {
        txn_end(txn);
        return TIP_OK;
    }
    store->commit_count++;
    if (txn->full) {
        err = TIP_ESTORE_FULL;
        keep = false;
    } else if (store->commit_count == store->fault_commit) {
        err = store->fault_err;
        keep = store->fault_fate == FAKE_STORE_KEPT;
        store->fault_commit = 0;
    }
    if (keep) {
        publish(store, txn);
    }
    store->failed = err == TIP_ESTORE_FAILED;
    txn_end(txn);
    return err;
}

static enum tip_err lend(struct fake_store_txn *txn, enum tip_table table,
                         const struct fake_store_node *node,
                         struct tip_bytes *out_value)
{
    if (node == NULL) {
        return TIP_ENOTFOUND;
    }
    if (node->value->is_spoilt) {
        store_of(&txn->base)->unread_count += table == TIP_TABLE_RECORD ? 1 : 0;
        return TIP_ESTORE_DAMAGED;
    }
    if (node->value->size >
        TIP_STORE_BORROWED_BYTES_MAX - txn->borrowed_bytes) {
        return TIP_ENOMEM;
    }
    txn->borrowed_bytes += node->value->size;
    *out_value = tip_bytes(node->value->data, node->value->size);
    return TIP_OK;
}

static enum tip_err fake_get(struct tip_txn *txn, enum tip_table table,
                             struct tip_key key, struct tip_bytes *out_value)
{
    assert(table < TIP_TABLE_COUNT);
    return lend(txn_of(txn), table,
                fake_store_tree_find(txn_of(txn)->roots[table], key),
                out_value);
}

static enum tip_err fake_seek(struct tip_txn *txn, enum tip_table table,
                              enum tip_seek seek, struct tip_key key,
                              struct tip_key *out_key,
                              struct tip_bytes *out_value)
{
    const struct fake_store_node *node;
    enum tip_err err;

    assert(table < TIP_TABLE_COUNT);
    node = fake_store_tree_seek(txn_of(txn)->roots[table], seek, key);
    err = lend(txn_of(txn), table, node, out_value);
    if (err == TIP_OK || err == TIP_ESTORE_DAMAGED) {
        *out_key = node->key;
    }
    return err;
}

/* What the store may hold after a write of @mode. */
static uint64_t room(const struct fake_store *store, enum tip_txn_mode mode)
{
    return mode == TIP_TXN_WRITE_RESERVE
               ? store->limit_bytes
               : store->limit_bytes - store->limit_bytes / RESERVE_SHARE;
}

/* Put @value in the place of @old, which is what @key has, or NULL. */
static enum tip_err put_over(struct fake_store_txn *txn, enum tip_table table,
                             struct tip_key key, struct tip_bytes value,
                             const struct fake_store_node *old)
{
    struct fake_store *store = store_of(&txn->base);
    const struct fake_store_tree tree = {&store->spare_nodes, store->version};
    uint64_t used_bytes;

    assert(txn->mode != TIP_TXN_READ);
    if (value.size > TIP_STORE_VALUE_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    if (txn->full) {
        return TIP_ESTORE_FULL;
    }
    used_bytes = txn->used_bytes + value.size +
                 (old == NULL ? FAKE_STORE_ENTRY_BYTES : 0) -
                 (old == NULL ? 0 : old->value->size);
    if (used_bytes > txn->used_bytes && used_bytes > room(store, txn->mode)) {
        txn->full = true;
        return TIP_ESTORE_FULL;
    }
    store->put_count++;
    txn->roots[table] =
        fake_store_tree_put(&tree, txn->roots[table], key, value);
    txn->used_bytes = used_bytes;
    txn->borrowed_bytes = 0;
    return TIP_OK;
}

static enum tip_err fake_put(struct tip_txn *txn, enum tip_table table,
                             struct tip_key key, struct tip_bytes value)
{
    assert(table < TIP_TABLE_COUNT);
    return put_over(txn_of(txn), table, key, value,
                    fake_store_tree_find(txn_of(txn)->roots[table], key));
}

static enum tip_err fake_append(struct tip_txn *txn, enum tip_table table,
                                struct tip_key key, struct tip_bytes value)
{
    assert(table < TIP_TABLE_COUNT);
    if (fake_store_tree_seek(txn_of(txn)->roots[table], TIP_SEEK_AT_OR_AFTER,
                             key) != NULL) {
        return TIP_EINVAL;
    }
    return put_over(txn_of(txn), table, key, value, NULL);
}

static enum tip_err fake_remove(struct tip_txn *base, enum tip_table table,
                                struct tip_key key)
{
    struct fake_store *store = store_of(base);
    struct fake_store_txn *txn = txn_of(base);
    const struct fake_store_tree tree = {&store->spare_nodes, store->version};
    const struct fake_store_node *old;

    assert(txn->mode != TIP_TXN_READ);
    assert(table < TIP_TABLE_COUNT);
    old = fake_store_tree_find(txn->roots[table], key);
    if (old == NULL) {
        return TIP_ENOTFOUND;
    }
    txn->used_bytes -= FAKE_STORE_ENTRY_BYTES + old->value->size;
    txn->roots[table] = fake_store_tree_remove(&tree, txn->roots[table], key);
    txn->borrowed_bytes = 0;
    return TIP_OK;
}

static void fake_forget(struct tip_txn *txn)
{
    txn_of(txn)->borrowed_bytes = 0;
}

static struct tip_store_usage fake_usage(struct tip_store *self)
{
    const struct fake_store *store = (struct fake_store *)self;

    return (struct tip_store_usage){
        .used_bytes = store->used_bytes,
        .limit_bytes = store->limit_bytes,
        .reserve_bytes = store->limit_bytes / RESERVE_SHARE,
        .unread_count = store->unread_count,
    };
}

/* Here nothing is left of what was removed; still it fails as a store may. */
static enum tip_err fake_purge(struct tip_store *self)
{
    struct fake_store *store = (struct fake_store *)self;

    assert(!store->writing);
    if (store->open_txns != NULL) {
        return TIP_EAGAIN;
    }
    if (store->failed) {
        return TIP_ESTORE_FAILED;
    }
    store->purge_count++;
    if (store->purge_count == store->fault_purge) {
        store->fault_purge = 0;
        return TIP_ESTORE_FULL;
    }
    return TIP_OK;
}

struct fake_store *fake_store_new(uint64_t limit_bytes)
{
    struct fake_store *store = calloc(1, sizeof *store);

    assert(store != NULL);
    store->base = (struct tip_store){
        .begin = fake_begin,
        .commit = fake_commit,
        .abort = fake_abort,
        .get = fake_get,
        .put = fake_put,
        .append = fake_append,
        .remove = fake_remove,
        .seek = fake_seek,
        .forget = fake_forget,
        .usage = fake_usage,
        .purge = fake_purge,
    };
    store->limit_bytes = limit_bytes;
    return store;
}

static void end_all(struct fake_store *store)
{
    while (store->open_txns != NULL) {
        txn_end(store->open_txns);
    }
}

void fake_store_free(struct fake_store *store)
{
    if (store == NULL) {
        return;
    }
    end_all(store);
    while (store->spare_txns != NULL) {
        struct fake_store_txn *txn = store->spare_txns;

        store->spare_txns = txn->next;
        free(txn);
    }
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        fake_store_node_unref(&store->spare_nodes, store->roots[i]);
    }
    fake_store_nodes_free(&store->spare_nodes);
    free(store);
}

void fake_store_fail_commit(struct fake_store *store, uint64_t nth,
                            enum tip_err err, enum fake_store_fate fate)
{
    assert(nth > 0 && err != TIP_OK);
    store->fault_commit = store->commit_count + nth;
    store->fault_err = err;
    store->fault_fate = fate;
}

void fake_store_fail_purge(struct fake_store *store)
{
    store->fault_purge = store->purge_count + 1;
}

void fake_store_recover(struct fake_store *store)
{
    assert(store->open_txns == NULL);
    store->failed = false;
}

void fake_store_power_cut(struct fake_store *store)
{
    end_all(store);
    store->failed = false;
    store->fault_commit = 0;
    store->fault_purge = 0;
}
