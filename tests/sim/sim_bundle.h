/*
 * Files on sticks: bundles as the programs write and read them, in memory.
 */
#ifndef SIM_BUNDLE_H
#define SIM_BUNDLE_H

#include "sim.h"
#include "tip_bundle.h"

enum { SIM_BUNDLE_BYTES_MAX = 1024 * 1024 };

/** A bundle that is written. Caller-allocated; secret until it has ended. */
struct sim_bundle {
    struct tip_bundle_writer writer;
    struct tip_buf buf;
    uint8_t bytes[SIM_BUNDLE_BYTES_MAX];
};

/** Begin a bundle from @machine to @recipient. */
TIP_MUST_USE enum tip_err
sim_bundle_begin(struct sim_bundle *bundle, struct sim_machine *machine,
                 const struct tip_bundle_head *head,
                 const struct tip_box_public *recipient);

/** Is there room for another frame, and the end? */
bool sim_bundle_has_room(const struct sim_bundle *bundle);

/** Is @file whole, for @keys and by the device of @maker, which is @side? Then
 * what it says of itself is in *out_head. */
bool sim_bundle_prove(const struct tip_device_keys *keys, struct tip_bytes file,
                      enum tip_session_side side,
                      const struct tip_box_public *maker,
                      struct tip_bundle_head *out_head);

/** Takes a frame; any error but TIP_EEXISTS ends the reading. */
typedef enum tip_err sim_bundle_taker(struct sim *sim, uint32_t party,
                                      struct tip_bytes frame);

/** Have @take called for each frame of @file, which was proved. */
enum tip_err sim_bundle_take(struct sim *sim, uint32_t party,
                             const struct tip_device_keys *keys,
                             struct tip_bytes file, sim_bundle_taker *take);

/** How far @party's device is, as it said on a stick or on the line. */
uint64_t sim_bundle_known(struct sim *sim, uint32_t party, uint32_t channel);

/** The hub hears what @head, of @party, says of its channels, as its program
 * does. */
enum tip_err sim_bundle_hear(struct sim *sim, uint32_t party,
                             const struct tip_bundle_head *head);

#endif /* SIM_BUNDLE_H */
