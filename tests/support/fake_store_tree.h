/*
 * The persistent ordered map under fake_store: nodes are shared between
 * snapshots and counted.
 */
#ifndef FAKE_STORE_TREE_H
#define FAKE_STORE_TREE_H

#include "tip_store.h"

/* What an entry takes beside its value, roughly as in the real store. */
enum { FAKE_STORE_ENTRY_BYTES = 64 };

/** An immutable value, counted. */
struct fake_store_blob {
    uint32_t refs;
    bool is_spoilt; /* Its bytes were altered: nobody can read it. */
    size_t size;
    uint8_t data[];
};

struct fake_store_node {
    struct tip_key key;
    struct fake_store_blob *value; /* Owned, counted. */
    struct fake_store_node *child[2];
    uint64_t priority; /* Above those of its children. */
    uint64_t version;  /* The writer that made it may change it in place. */
    uint32_t refs;
};

/** What a writer needs to change a tree. */
struct fake_store_tree {
    struct fake_store_node **spare_nodes; /* Borrowed; a list of free ones. */
    uint64_t version;                     /* Of this writer. */
};

/** Take or give back one reference; both accept NULL. */
struct fake_store_node *fake_store_node_ref(struct fake_store_node *node);
void fake_store_node_unref(struct fake_store_node **spare_nodes,
                           struct fake_store_node *node);

/** Free the list of spare nodes. */
void fake_store_nodes_free(struct fake_store_node **spare_nodes);

/** The functions below take over the reference to @root and return the new
 * root, owned. */
struct fake_store_node *fake_store_tree_put(const struct fake_store_tree *tree,
                                            struct fake_store_node *root,
                                            struct tip_key key,
                                            struct tip_bytes value);

/** @key must be there. */
struct fake_store_node *
fake_store_tree_remove(const struct fake_store_tree *tree,
                       struct fake_store_node *root, struct tip_key key);

/** The node @seek asks for, or NULL; borrowed. */
const struct fake_store_node *
fake_store_tree_seek(const struct fake_store_node *root, enum tip_seek seek,
                     struct tip_key key);

/** The node of @key, or NULL; borrowed. */
const struct fake_store_node *
fake_store_tree_find(const struct fake_store_node *root, struct tip_key key);

/** <0, 0 or >0 as in memcmp. */
int fake_store_key_compare(struct tip_key a, struct tip_key b);

#endif /* FAKE_STORE_TREE_H */
