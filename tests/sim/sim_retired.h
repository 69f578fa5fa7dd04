/*
 * Devices that are lost: what they had not sent is gone, but for a stick that
 * turns up days later. The hub says that they are used no more, and the office
 * gets another, which begins with nothing in the middle of its channel.
 */
#ifndef SIM_RETIRED_H
#define SIM_RETIRED_H

#include "sim.h"

/** How often the hub, and @party's disk, have been put back or changed: what a
 * stick says of when it was written. */
uint32_t sim_retired_age(const struct sim *sim, uint32_t party);

/** Is a stick of the hub of age @age for the device that @party has now? */
bool sim_retired_is_for(const struct sim *sim, uint32_t party, uint32_t age);

/** The keys of the device of @party that wrote a stick of age @age. NULL: what
 * is on it was written by a later self of a disk that was put back. */
const struct tip_device_keys *sim_retired_maker(const struct sim *sim,
                                                uint32_t party, uint32_t age,
                                                uint32_t *out_device);

void sim_retired_drop(struct sim_office *office);

/* sim_stick.c */

/** People at @party write a stick, which somebody carries to the hub. False:
 * power went, or the disk is full. */
bool sim_stick_write(struct sim *sim, uint32_t party);

#endif /* SIM_RETIRED_H */
