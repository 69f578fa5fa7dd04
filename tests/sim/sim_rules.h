/*
 * What must be true and when it is looked at, one line each: add a rule here
 * and its function anywhere. Rules that are seen broken where something happens
 * (a save, a merge, a message) stay there; README.md lists them all.
 */
#ifndef SIM_RULES_H
#define SIM_RULES_H

#include "sim.h"

/* void sim_rule_<name>(struct sim *, uint32_t party): after every turn of
 * @party's machine… */
#define SIM_RULES_TURN(X) \
    X(states)             \
    X(some_record)

/* …after it booted… */
#define SIM_RULES_BOOT(X) X(all_records)

/* …and for each party, the hub first, once everything has arrived. */
#define SIM_RULES_END(X) \
    X(complete)          \
    X(retired)           \
    X(all_records)       \
    X(chain)             \
    X(agreement)         \
    X(survey)            \
    X(control)           \
    X(history)           \
    X(erased)            \
    X(figures)           \
    X(nonces)

/* bool sim_arrived_<name>(struct sim *, uint32_t party): has everything? */
#define SIM_RULES_ARRIVED(X) \
    X(recovery)              \
    X(changes)               \
    X(upgrade)               \
    X(repair)                \
    X(frames)                \
    X(directives)            \
    X(control)               \
    X(erasures)

#define SIM_RULES_RULE(name) \
    void sim_rule_##name(struct sim *sim, uint32_t party);
SIM_RULES_TURN(SIM_RULES_RULE)
SIM_RULES_END(SIM_RULES_RULE)
#undef SIM_RULES_RULE

#define SIM_RULES_HAS(name) \
    bool sim_arrived_##name(struct sim *sim, uint32_t party);
SIM_RULES_ARRIVED(SIM_RULES_HAS)
#undef SIM_RULES_HAS

void sim_rules_turn(struct sim *sim, uint32_t party);
void sim_rules_boot(struct sim *sim, uint32_t party);
void sim_rules_end(struct sim *sim);

/** Has everything arrived everywhere? */
bool sim_rules_arrived(struct sim *sim);

#endif /* SIM_RULES_H */
