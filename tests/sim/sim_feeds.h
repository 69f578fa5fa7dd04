/*
 * What each device has written: the oracle's map from (device, seq) and from
 * (origin, seq) to a draft.
 *
 * When a device is put back to a backup, what it has and what the hub has of it
 * go two ways from there: the feed is split, and one number means two drafts,
 * one to the device and one to everybody else. Once the hub has told how far it
 * is, and under which origin the device goes on, both are one again: what the
 * hub has, and behind that what the device has besides.
 */
#ifndef SIM_FEEDS_H
#define SIM_FEEDS_H

#include "sim_oracle.h"

/** Nobody has written anything; each party has one origin. */
void sim_feeds_clear(struct sim_oracle *oracle);

void sim_feeds_deinit(struct sim_oracle *oracle);

/** @party, whose feed is whole, is put back to a copy of its disk that has its
 * saves up to @seq. */
void sim_feeds_restore(struct sim_oracle *oracle, uint32_t party, uint64_t seq);

/** Draft @number is gone for good; it keeps its place in its feed. */
void sim_feeds_lose(struct sim_oracle *oracle, uint32_t number);

bool sim_feeds_is_split(const struct sim_oracle *oracle, uint32_t party);

/** Of @party's split feed the hub has @count saves, and hears of no more from
 * before: what is on no disk now is lost. How much of it had been acknowledged?
 */
uint64_t sim_feeds_settle(struct sim_oracle *oracle, uint32_t party,
                          uint64_t count);

/** Up to which save do @party's device and the hub, which has @count, agree? */
uint64_t sim_feeds_agreed(const struct sim_oracle *oracle, uint32_t party,
                          uint64_t count);

/** @party goes on under @origin, behind the @start saves the hub has; its feed
 * is whole again. */
void sim_feeds_go_on(struct sim_oracle *oracle, uint32_t party, uint32_t origin,
                     uint64_t start);

#endif /* SIM_FEEDS_H */
