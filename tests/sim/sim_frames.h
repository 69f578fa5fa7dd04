/*
 * Frames that rot on a disk: its bytes flip, or it is gone.
 *
 * An office is struck where the hub has the same bytes, and excused nothing but
 * time. What both have lost, and what the hub has, stays lost and must be told:
 * that is tried when everything else has been looked at.
 */
#ifndef SIM_FRAMES_H
#define SIM_FRAMES_H

#include "sim.h"

/** Is a frame of @party's disk still lost? */
bool sim_frames_are_lost(struct sim *sim, uint32_t party);

/** @office has another disk: what the last one had lost counts no more. */
void sim_frames_forget(struct sim_office *office);

/** What was found in all of @party's store but the records, if it is not the
 * history of records that rot took from it. */
uint64_t sim_frames_called_rotten(const struct sim *sim, uint32_t party);

/** The end of the seed: an office and the hub lose the same frame, so nobody
 * has it any more, and the hub one more. Both are told to look. */
void sim_frames_lose_for_good(struct sim *sim);

/** Do both say what they have lost for good, if anything? Else let them look
 * on. */
bool sim_frames_are_told(struct sim *sim);

/** Both start anew. */
void sim_frames_restart(struct sim *sim);

#endif /* SIM_FRAMES_H */
