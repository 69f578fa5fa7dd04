/*
 * What people do, one line each: add a piece of work here and its function
 * anywhere. How often each is done differs from seed to seed.
 */
#ifndef SIM_WORKS_H
#define SIM_WORKS_H

#include "sim.h"

/* Function: void sim_work_<name>(struct sim *, uint32_t party)
 * How often, beside all others: from…to, drawn for each seed
 * Percent of the seeds in which nobody does it */
#define SIM_WORKS_MAP(X)        \
    X(create, 150, 150, 0)      \
    X(edit, 450, 450, 0)        \
    X(edit_two, 20, 160, 10)    \
    X(delete, 10, 80, 10)       \
    X(undelete, 10, 80, 10)     \
    X(resolve, 20, 320, 10)     \
    X(attach, 10, 100, 10)      \
    X(import, 1, 6, 10)         \
    X(trespass, 5, 40, 10)      \
    X(leave_open, 10, 1500, 33) \
    X(move, 10, 176, 33)        \
    X(answer, 20, 300, 10)      \
    X(erase, 10, 60, 33)        \
    X(twin, 5, 40, 33)          \
    X(rule, 20, 300, 33)        \
    X(revert, 3, 20, 33)

#define SIM_WORKS_WORK(name, from, to, absent) \
    void sim_work_##name(struct sim *sim, uint32_t party);
SIM_WORKS_MAP(SIM_WORKS_WORK)
#undef SIM_WORKS_WORK

/** Draw how often each is done in this seed, and let people begin. */
void sim_works_begin(struct sim *sim);

#endif /* SIM_WORKS_H */
