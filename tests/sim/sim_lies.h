/*
 * What somebody says to the hub who has the keys of an office, one line each:
 * add a lie here and its function anywhere.
 */
#ifndef SIM_LIES_H
#define SIM_LIES_H

#include "sim.h"

/* Function: bool sim_lie_<name>(struct sim *): true, it could be told
 * How often, beside all others; each is unknown to a third of the seeds
 * Of which total it counts */
#define SIM_LIES_MAP(X)             \
    X(work, 30, WORK)               \
    X(base, 6, BASE)                \
    X(others, 6, OTHERS)            \
    X(directive, 2, OTHERS)         \
    X(word, 6, WORDS)               \
    X(birth, 4, WORDS)              \
    X(unborn, 2, NAMES)             \
    X(twice, 2, NAMES)              \
    X(nothing, 2, NAMES)            \
    X(large, 2, LARGE)              \
    X(value, 5, VALUES)             \
    X(flood, 2, FLOODS)             \
    X(fork, 4, FORKS)               \
    X(replay, 4, REPLAYS)           \
    X(gap, 3, GAPS)                 \
    X(noise, 2, BODIES)             \
    X(mutation, 4, BODIES)          \
    X(elsewhere, 5, ELSEWHERE)      \
    X(false_greeting, 6, GREETINGS) \
    X(receipt, 3, RECEIPTS)         \
    X(parts, 2, RECEIPTS)           \
    X(other_word, 3, RECEIPTS)

#define SIM_LIES_LIE(name, often, total) bool sim_lie_##name(struct sim *sim);
SIM_LIES_MAP(SIM_LIES_LIE)
#undef SIM_LIES_LIE

/** Draw which lies this seed knows. */
void sim_lies_draw(struct sim *sim);

/** Tell one. */
void sim_lies_tell(struct sim *sim);

/** The greeting an honest program would say. */
void sim_lies_greeting(struct sim *sim, struct tip_message *out_message);

#endif /* SIM_LIES_H */
