#include "node_decided.h"

#include "node_continue.h"
#include "node_engine_internal.h"
#include "node_row.h"

static void add_held(struct node_held_row *held,
                     const struct tip_decided *decided)
{
    held->total += decided->unnamed; /* Its reader saw to the number. */
    for (size_t i = 0; i < decided->run_count; i++) {
        held->runs[held->run_count++] = decided->runs[i];
        held->total += decided->runs[i].count;
    }
}

enum tip_err node_decided_note(struct node_engine *engine,
                               const struct tip_checkpoint *checkpoint)
{
    struct node_held_row *held = &engine->held;
    uint64_t bound = 0;
    bool is_said = false;

    for (size_t i = 0; i < checkpoint->decided_count; i++) {
        const struct tip_decided *decided = &checkpoint->decided[i];

        if (!node_continue_is_own(engine, decided->origin)) {
            continue;
        }
        if (decided->bound > engine->feed.framed.number) {
            return TIP_EDIVERGED; /* It was never sent. */
        }
        bound = decided->bound > bound ? decided->bound : bound;
        is_said = true;
    }
    if (!is_said) {
        return TIP_OK;
    }
    engine->feed.decided = bound;
    engine->feed_is_dirty = true;
    held->total = held->run_count = 0;
    for (size_t i = 0; i < checkpoint->decided_count; i++) {
        if (node_continue_is_own(engine, checkpoint->decided[i].origin)) {
            add_held(held, &checkpoint->decided[i]);
        }
    }
    return node_row_store_held(engine->txn, held);
}
