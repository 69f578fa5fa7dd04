/*
 * Has this office changed since the hub was told how it is, in something that
 * an administrator would act on? Then it is told at once, not within the hour.
 *
 * That is up to the program, not to the engine: clocks and sizes decide nothing
 * in there. Plain data; reads no clock.
 */
#ifndef NODE_NEWS_H
#define NODE_NEWS_H

#include "tip_session.h"

enum {
    NODE_NEWS_DISK_PARTS = 10, /* A distance, so that a use about a border is
                                * not told again and again. */
    NODE_NEWS_CLOCK_MS = 60 * 1000
};

/** Zero to start. */
struct node_news {
    struct tip_health noted;
    uint64_t noted_ms; /* By the stopwatch. */
};

/** It is as @now, at @elapsed_ms of the stopwatch. True: that is news, and what
 * the next are compared with. */
bool node_news_note(struct node_news *news, const struct tip_health *now,
                    uint64_t elapsed_ms);

#endif /* NODE_NEWS_H */
