/* What a disk does to a store behind its back. */
#include <assert.h>

#include "fake_store.h"
#include "fake_store_tree.h"

bool fake_store_spoil(struct fake_store *store, enum tip_table table,
                      struct tip_key key)
{
    const struct fake_store_node *node =
        fake_store_tree_find(store->roots[table], key);

    if (node != NULL) {
        node->value->is_spoilt = true;
    }
    return node != NULL;
}

bool fake_store_lose(struct fake_store *store, enum tip_table table,
                     struct tip_key key)
{
    const struct fake_store_tree tree = {&store->spare_nodes, ++store->version};
    const struct fake_store_node *node =
        fake_store_tree_find(store->roots[table], key);

    assert(!store->writing);
    if (node == NULL) {
        return false;
    }
    store->used_bytes -= FAKE_STORE_ENTRY_BYTES + node->value->size;
    store->roots[table] =
        fake_store_tree_remove(&tree, store->roots[table], key);
    return true;
}
