/*
 * What a machine does with its engine: the offices and the hub.
 */
#ifndef SIM_PARTY_H
#define SIM_PARTY_H

#include "sim.h"

/* sim_office.c */

void sim_office_init(struct sim *sim, uint32_t party);
void sim_office_open(struct sim *sim, struct sim_office *office);
void sim_office_close(struct sim_office *office);
void sim_office_receive(struct sim *sim, struct sim_office *office,
                        struct sim_packet *packet);
void sim_office_flushed(struct sim *sim, struct sim_office *office,
                        enum tip_err err);

/* sim_hub.c */

void sim_hub_init(struct sim *sim);
void sim_hub_open(struct sim *sim);
void sim_hub_enrol(struct sim *sim);
/** How far the feed of each device is, as the hub says; 0: it knows none. */
void sim_hub_seqs(struct sim *sim, uint64_t out_seqs[SIM_DEVICES]);
void sim_hub_receive(struct sim *sim, uint32_t party,
                     struct sim_packet *packet);
/** The hub hears @message of @party; then everything must stand right. */
void sim_hub_hear(struct sim *sim, uint32_t party, struct tip_bytes message);

/** The same for a frame of @device that came on a stick. */
enum tip_err sim_hub_import(struct sim *sim, uint32_t device,
                            struct tip_bytes frame);
void sim_hub_flushed(struct sim *sim, enum tip_err err);

/* sim_held.c */

/** The hub has taken in or lost something: whatever waits there waits for a
 * reason the oracle knows, all else is merged. */
void sim_held_note(struct sim *sim);

/** Is everything of @device that is at the hub merged, or does it wait? */
bool sim_held_is_judged(struct sim *sim, uint32_t device);

/** Whatever of @party (SIM_NONE: of anybody) still waits behind another does so
 * for cause. */
void sim_held_check_behind(struct sim *sim, uint32_t party);

/** @draft, which waited, waits no more. */
void sim_held_let_go(struct sim *sim, struct sim_draft *draft);

/** What waits is durable; is it? Or what is not is gone; and how that turned
 * out. */
void sim_held_keep(struct sim *sim);
bool sim_held_is_kept(struct sim *sim);
void sim_held_take_back(struct sim *sim);
void sim_held_reopened(struct sim *sim);

/** Whatever waits at a hub that was put back waits rightly: it was judged while
 * it took back what it had lost, when nobody looked. */
void sim_held_take_over(struct sim *sim);

/* sim_watch.c */

void sim_watch_init(struct sim *sim);

/** The hub was opened anew with @commit as the newest in its store. */
void sim_watch_reopened(struct sim *sim, uint64_t commit);

#endif /* SIM_PARTY_H */
