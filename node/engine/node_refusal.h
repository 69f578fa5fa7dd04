/*
 * A hub that has refused this device for good is asked again all the same, ever
 * more seldom: it may have been put back wrong and mended since, and nobody
 * goes to an office far away to start a program anew. So is one that was told
 * of another copy of the disk: a person there chooses. As both copies have one
 * line, who calls takes it from the other.
 *
 * Each time costs a connection and a greeting, some 4 KB: after 1, 2, 4… hours,
 * a copy after 1, 2, 4… minutes, then once a day. Plain data; reads no clock.
 * Times are elapsed.
 */
#ifndef NODE_REFUSAL_H
#define NODE_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    NODE_REFUSAL_MS = 3600 * 1000,    /* First wait; it doubles… */
    NODE_REFUSAL_COPY_MS = 60 * 1000, /* …of one of two copies; it too… */
    NODE_REFUSAL_MS_MAX = 24 * 3600 * 1000
};

/** Zero to start. */
struct node_refusal {
    uint64_t again_ms; /* When to ask again; 0: nobody refuses us. */
    uint32_t times;    /* Refused in a row. */
};

/** Note whether we are refused now, and then wait @first_ms the first time (0:
 * nobody refuses us), or a session stands. True: ask again. */
bool node_refusal_is_over(struct node_refusal *refusal, uint32_t first_ms,
                          bool stands, uint64_t now_ms);

/** Ask again at the next look. */
void node_refusal_hurry(struct node_refusal *refusal);

/** How long not to ask; 0: nobody refuses us. */
uint64_t node_refusal_rest_ms(const struct node_refusal *refusal,
                              uint64_t now_ms);

#endif /* NODE_REFUSAL_H */
