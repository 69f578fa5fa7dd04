/*
 * The hub's own feed: its seqs go on from far above each time it was put back,
 * and some of what it had written is gone for good.
 */
#ifndef SIM_HUB_FEED_H
#define SIM_HUB_FEED_H

#include "sim_oracle.h"

/** The next save of the hub is the one behind @seq. */
void sim_hub_feed_jump(struct sim_oracle *oracle, uint64_t seq);

/** How many saves of the hub there are up to @seq; and the next seq. */
uint64_t sim_hub_feed_count(const struct sim_oracle *oracle, uint64_t seq);
uint64_t sim_hub_feed_next(const struct sim_oracle *oracle);

/** What draft @number wrote to @record, one of several, is gone for good. */
void sim_hub_feed_lose_part(struct sim_oracle *oracle, uint32_t number,
                            uint32_t record);

/** @write is gone for good; of its record the rest of its draft is not. */
void sim_hub_feed_lose_write(struct sim_oracle *oracle, uint32_t write);

#endif /* SIM_HUB_FEED_H */
