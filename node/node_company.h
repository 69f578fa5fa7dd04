/*
 * On a far line a new save waits a moment for others, so that they travel in
 * one frame.
 *
 * A frame of one edit costs some 570 bytes on the line until it is merged; one
 * of a hundred costs twice that. The wait is an eighth of the round trip, which
 * nobody notices beside it, and nothing at all in a building. What waited
 * before the line was up, and what is left when a frame is full, does not wait
 * again. Plain data; reads no clock.
 */
#ifndef NODE_COMPANY_H
#define NODE_COMPANY_H

#include "node_engine.h"

enum {
    NODE_COMPANY_SHARE = 8,   /* Of the round trip. */
    NODE_COMPANY_MS_MAX = 100 /* A busy hub is not a far one. */
};

/** Zero to start. */
struct node_company {
    uint64_t offered;  /* Newest seq when the engine was last let send. */
    uint64_t until_ms; /* Elapsed; 0: nothing waits. */
};

/** How long the engine should not send yet; 0: let it. */
uint64_t node_company_wait_ms(struct node_company *company,
                              const struct node_status *status,
                              uint64_t now_ms);

#endif /* NODE_COMPANY_H */
