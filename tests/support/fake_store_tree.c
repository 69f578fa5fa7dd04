#include "fake_store_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Recursion here goes as deep as the tree: some forty levels for a million
 * keys, because priorities are hashes of the keys. The analyzer loses count of
 * references on the way.
 * NOLINTBEGIN(misc-no-recursion, clang-analyzer-unix.Malloc) */

int fake_store_key_compare(struct tip_key a, struct tip_key b)
{
    if (a.hi != b.hi) {
        return a.hi < b.hi ? -1 : 1;
    }
    if (a.lo != b.lo) {
        return a.lo < b.lo ? -1 : 1;
    }
    return 0;
}

/* The finalizer of splitmix64, once per half. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static struct fake_store_blob *blob_new(struct tip_bytes bytes)
{
    struct fake_store_blob *blob = malloc(sizeof *blob + bytes.size);

    assert(blob != NULL);
    blob->refs = 1;
    blob->is_spoilt = false;
    blob->size = bytes.size;
    if (bytes.size != 0) {
        memcpy(blob->data, bytes.data, bytes.size);
    }
    return blob;
}

static void blob_unref(struct fake_store_blob *blob)
{
    if (--blob->refs == 0) {
        free(blob);
    }
}

static struct fake_store_node *node_new(const struct fake_store_tree *tree)
{
    struct fake_store_node *node = *tree->spare_nodes;

    if (node == NULL) {
        node = malloc(sizeof *node);
        assert(node != NULL);
    } else {
        *tree->spare_nodes = node->child[0];
    }
    return node;
}

struct fake_store_node *fake_store_node_ref(struct fake_store_node *node)
{
    if (node != NULL) {
        node->refs++;
    }
    return node;
}

void fake_store_node_unref(struct fake_store_node **spare_nodes,
                           struct fake_store_node *node)
{
    if (node == NULL || --node->refs != 0) {
        return;
    }
    fake_store_node_unref(spare_nodes, node->child[0]);
    fake_store_node_unref(spare_nodes, node->child[1]);
    blob_unref(node->value);
    node->child[0] = *spare_nodes;
    *spare_nodes = node;
}

void fake_store_nodes_free(struct fake_store_node **spare_nodes)
{
    while (*spare_nodes != NULL) {
        struct fake_store_node *node = *spare_nodes;

        *spare_nodes = node->child[0];
        free(node);
    }
}

/* Turn the reference to @node into one to a node this writer may change. */
static struct fake_store_node *own(const struct fake_store_tree *tree,
                                   struct fake_store_node *node)
{
    struct fake_store_node *copy;

    if (node->version == tree->version) {
        return node;
    }
    copy = node_new(tree);
    *copy = *node;
    copy->refs = 1;
    copy->version = tree->version;
    copy->value->refs++;
    (void)fake_store_node_ref(copy->child[0]);
    (void)fake_store_node_ref(copy->child[1]);
    fake_store_node_unref(tree->spare_nodes, node);
    return copy;
}

static struct fake_store_node *leaf_new(const struct fake_store_tree *tree,
                                        struct tip_key key,
                                        struct tip_bytes value)
{
    struct fake_store_node *node = node_new(tree);

    *node = (struct fake_store_node){
        .key = key,
        .value = blob_new(value),
        .priority = mix(key.hi + mix(key.lo + 1)),
        .version = tree->version,
        .refs = 1,
    };
    return node;
}

/* Lift the child on @side above @node; both belong to this writer. */
static struct fake_store_node *lift(struct fake_store_node *node, int side)
{
    struct fake_store_node *child = node->child[side];

    node->child[side] = child->child[!side];
    child->child[!side] = node;
    return child;
}

struct fake_store_node *fake_store_tree_put(const struct fake_store_tree *tree,
                                            struct fake_store_node *root,
                                            struct tip_key key,
                                            struct tip_bytes value)
{
    int order;
    int side;

    if (root == NULL) {
        return leaf_new(tree, key, value);
    }
    root = own(tree, root);
    order = fake_store_key_compare(key, root->key);
    if (order == 0) {
        struct fake_store_blob *old = root->value;

        /* Copied first: the caller may put back what it borrowed. */
        root->value = blob_new(value);
        blob_unref(old);
        return root;
    }
    side = order > 0;
    root->child[side] =
        fake_store_tree_put(tree, root->child[side], key, value);
    return root->child[side]->priority > root->priority ? lift(root, side)
                                                        : root;
}

/* Join two trees, all keys of @low being below those of @high. */
static struct fake_store_node *join(const struct fake_store_tree *tree,
                                    struct fake_store_node *low,
                                    struct fake_store_node *high)
{
    if (low == NULL) {
        return high;
    }
    if (high == NULL) {
        return low;
    }
    if (low->priority > high->priority) {
        low = own(tree, low);
        low->child[1] = join(tree, low->child[1], high);
        return low;
    }
    high = own(tree, high);
    high->child[0] = join(tree, low, high->child[0]);
    return high;
}

struct fake_store_node *
fake_store_tree_remove(const struct fake_store_tree *tree,
                       struct fake_store_node *root, struct tip_key key)
{
    int order;

    assert(root != NULL);
    root = own(tree, root);
    order = fake_store_key_compare(key, root->key);
    if (order == 0) {
        struct fake_store_node *joined =
            join(tree, root->child[0], root->child[1]);

        root->child[0] = NULL;
        root->child[1] = NULL;
        fake_store_node_unref(tree->spare_nodes, root);
        return joined;
    }
    root->child[order > 0] =
        fake_store_tree_remove(tree, root->child[order > 0], key);
    return root;
}

const struct fake_store_node *
fake_store_tree_seek(const struct fake_store_node *root, enum tip_seek seek,
                     struct tip_key key)
{
    const struct fake_store_node *best = NULL;
    const bool after = seek == TIP_SEEK_AT_OR_AFTER;

    while (root != NULL) {
        const int order = fake_store_key_compare(key, root->key);

        if (order == 0) {
            return root;
        }
        if ((order < 0) == after) {
            best = root;
        }
        root = root->child[order > 0];
    }
    return best;
}

const struct fake_store_node *
fake_store_tree_find(const struct fake_store_node *root, struct tip_key key)
{
    while (root != NULL) {
        const int order = fake_store_key_compare(key, root->key);

        if (order == 0) {
            return root;
        }
        root = root->child[order > 0];
    }
    return NULL;
}

/* NOLINTEND(misc-no-recursion, clang-analyzer-unix.Malloc) */
