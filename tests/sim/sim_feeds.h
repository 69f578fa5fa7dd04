/*
 * What each device has written: the oracle's map from (device, seq) and from
 * (origin, seq) to a draft.
 *
 * When a device is put back to a backup, what it has and what the hub has of it
 * go two ways from there: the feed is split, and one number means two drafts,
 * one to the device and one to everybody else. Once the hub has told how far it
 * is, and under which origin the device goes on, both are one again: what the
 * hub has, and behind that what the device has besides. Of two copies of a disk
 * one runs, the other is parked; to the one, what the other sent is as foreign.
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

/** Another copy of @party's disk is made, which has its saves up to @seq and is
 * off. It runs instead. */
void sim_feeds_copy(struct sim_oracle *oracle, uint32_t party, uint64_t seq);
void sim_feeds_swap(struct sim_oracle *oracle, uint32_t party);

/** It is thrown away. False: the hub, which has @count saves of @party, has not
 * all that it acknowledged. The same asked of the copy that runs. */
bool sim_feeds_scrap(struct sim_oracle *oracle, uint32_t party, uint64_t count);
bool sim_feeds_is_all_sent(const struct sim_oracle *oracle, uint32_t party,
                           uint64_t count);

/** Is there another copy of @party's disk? Has that draft @number; has the hub
 * it in its first @count of @party? */
bool sim_feeds_has_parked(const struct sim_oracle *oracle, uint32_t party);
bool sim_feeds_is_parked(const struct sim_oracle *oracle, uint32_t party,
                         uint32_t number);
bool sim_feeds_is_sent(const struct sim_oracle *oracle, uint32_t party,
                       uint64_t count, uint32_t number);

/** What @party has behind its save @seq is none of its earlier work any more.
 */
void sim_feeds_begin_again(struct sim_oracle *oracle, uint32_t party,
                           uint64_t seq);

bool sim_feeds_is_split(const struct sim_oracle *oracle, uint32_t party);

/** Of @party's split feed the hub has @count saves, and hears of no more from
 * before: what is on no disk now is lost. How much of it had been acknowledged?
 */
uint64_t sim_feeds_settle(struct sim_oracle *oracle, uint32_t party,
                          uint64_t count);

/** Up to which save do @party's device and the hub, which has @count, agree? */
uint64_t sim_feeds_agreed(const struct sim_oracle *oracle, uint32_t party,
                          uint64_t count);

/** Has another copy of @party's disk sent some of the hub's first @start saves
 * under an origin of its own? */
bool sim_feeds_has_foreign(const struct sim_oracle *oracle, uint32_t party,
                           uint64_t start);

/** @party goes on under @origin, behind the @start saves the hub has; its feed
 * is whole again. */
void sim_feeds_go_on(struct sim_oracle *oracle, uint32_t party, uint32_t origin,
                     uint64_t start);

#endif /* SIM_FEEDS_H */
