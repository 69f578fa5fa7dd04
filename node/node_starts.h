/*
 * How often this node was started in a day, and how often without having been
 * stopped in order: a short ring in one row of TIP_TABLE_META. By the office's
 * own clock, as nothing but a warning hangs on it.
 */
#ifndef NODE_STARTS_H
#define NODE_STARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"
#include "tip_home.h"

enum { NODE_STARTS_MAX = 32 };

/** Plain data. */
struct node_starts {
    struct {
        uint64_t at_ms;       /* Unix. */
        bool was_cut;         /* The run before it did not end in order. */
    } items[NODE_STARTS_MAX]; /* Oldest first. */
    size_t count;
    bool is_running; /* Not stopped in order since the last of them. */
};

/** A start at @now_ms; the oldest gives way. */
void node_starts_add(struct node_starts *starts, uint64_t now_ms);

/** Of the day before @now_ms. */
void node_starts_count(const struct node_starts *starts, uint64_t now_ms,
                       uint32_t *out_starts, uint32_t *out_cuts);

/** Read them from @home, while no engine is open on it; none if none were
 * kept. Write them durably. Errors of the store. */
TIP_MUST_USE enum tip_err node_starts_load(struct tip_home *home,
                                           struct node_starts *out_starts);
TIP_MUST_USE enum tip_err node_starts_save(struct tip_home *home,
                                           const struct node_starts *starts);

#endif /* NODE_STARTS_H */
