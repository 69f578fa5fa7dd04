/*
 * What goes wrong, one line each: add a fault here and its function anywhere.
 *
 * Each seed draws which faults it knows and how often they strike, so that some
 * seeds are without one and others full of it.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "sim.h"

/* Function: void sim_strike_<name>(struct sim *, uint32_t party)
 * Days between two at one party: on average from…to, drawn for each seed
 * Percent of the seeds that do not know it
 * Whom it strikes: ALL, OFFICES, or the HUB
 * Whose numbers it draws from: SIM_STREAM_<stream>
 * Whether runs have it in which nothing may depend on sizes (README.md) */
#define SIM_FAULTS_MAP(X)                              \
    X(flaps, 2, 16, 20, OFFICES, LINES, true)          \
    X(new_line, 2, 16, 20, OFFICES, LINES, true)       \
    X(partition, 2, 13, 10, OFFICES, LINES, true)      \
    X(half_partition, 4, 32, 20, OFFICES, LINES, true) \
    X(silence, 8, 64, 20, OFFICES, LINES, true)        \
    X(black_hole, 5, 40, 40, OFFICES, LINES, false)    \
    X(stick, 1, 12, 40, OFFICES, LINES, false)         \
    X(swizzle, 5, 40, 40, HUB, LINES, true)            \
    X(stopped, 5, 40, 30, ALL, CRASHES, true)          \
    X(clock_1970, 7, 70, 25, ALL, CLOCKS, true)        \
    X(clock_2099, 7, 70, 25, ALL, CLOCKS, true)        \
    X(clock_2000, 7, 70, 25, ALL, CLOCKS, true)        \
    X(clock_hour, 7, 70, 25, ALL, CLOCKS, true)        \
    X(clock_strobe, 7, 70, 25, ALL, CLOCKS, true)      \
    X(clock_forward, 7, 70, 25, ALL, CLOCKS, true)     \
    X(clock_back, 7, 70, 25, ALL, CLOCKS, true)        \
    X(clock_frozen, 7, 70, 25, ALL, CLOCKS, true)      \
    X(clock_drift, 7, 70, 25, ALL, CLOCKS, true)       \
    X(clock_set_right, 7, 70, 0, ALL, CLOCKS, true)    \
    X(disk_full_once, 5, 60, 25, ALL, DISKS, true)     \
    X(fsync_once, 15, 90, 25, ALL, DISKS, true)        \
    X(disk_full, 15, 120, 25, ALL, DISKS, false)       \
    X(disk_failed, 15, 120, 25, ALL, DISKS, false)     \
    X(rot, 10, 90, 50, OFFICES, DISKS, false)          \
    X(hub_rot, 10, 60, 50, HUB, DISKS, false)          \
    X(restored, 100, 300, 60, OFFICES, DISKS, true)    \
    X(put_back, 10, 40, 45, HUB, DISKS, false)         \
    X(clone, 150, 450, 70, OFFICES, DISKS, true)       \
    X(retired, 60, 240, 60, OFFICES, AGES, false)      \
    X(frame_rot, 15, 120, 50, OFFICES, DISKS, false)

/* void sim_heal_<name>(struct sim *, uint32_t party): for each party, in this
 * order, when the storm is over. */
#define SIM_HEALS_MAP(X) \
    X(disk)              \
    X(crash)             \
    X(rot)               \
    X(line)

#define SIM_FAULTS_STRIKE(name, from, to, absent, whom, stream, blind) \
    void sim_strike_##name(struct sim *sim, uint32_t party);
SIM_FAULTS_MAP(SIM_FAULTS_STRIKE)
#undef SIM_FAULTS_STRIKE

#define SIM_HEALS_HEAL(name) \
    void sim_heal_##name(struct sim *sim, uint32_t party);
SIM_HEALS_MAP(SIM_HEALS_HEAL)
#undef SIM_HEALS_HEAL

/** Draw which faults this seed knows, and let the first of each come. */
void sim_faults_begin(struct sim *sim);

/** The storm is over: repair everything. */
void sim_faults_heal(struct sim *sim);

#endif /* SIM_FAULTS_H */
