#include "sim_rules.h"

#include "sim_liar.h"

typedef void rule(struct sim *sim, uint32_t party);

#define ROW(name)         sim_rule_##name,
#define ROW_ARRIVED(name) sim_arrived_##name,

static rule *const at_turn[] = {SIM_RULES_TURN(ROW)};
static rule *const at_boot[] = {SIM_RULES_BOOT(ROW)};
static rule *const at_end[] = {SIM_RULES_END(ROW)};
static bool (*const arrived[])(struct sim *, uint32_t party) = {
    SIM_RULES_ARRIVED(ROW_ARRIVED)};

#define COUNT(rules) (sizeof(rules) / sizeof *(rules))

static void apply(rule *const *rules, size_t count, struct sim *sim,
                  uint32_t party)
{
    for (size_t i = 0; i < count; i++) {
        rules[i](sim, party);
    }
}

void sim_rules_turn(struct sim *sim, uint32_t party)
{
    apply(at_turn, COUNT(at_turn), sim, party);
}

void sim_rules_boot(struct sim *sim, uint32_t party)
{
    apply(at_boot, COUNT(at_boot), sim, party);
}

void sim_rules_end(struct sim *sim)
{
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        if (!sim_liar_is(sim, party)) {
            apply(at_end, COUNT(at_end), sim, party);
        }
    }
}

bool sim_rules_arrived(struct sim *sim)
{
    for (size_t i = 0; i < COUNT(arrived); i++) {
        for (uint32_t party = 0; party < SIM_PARTIES; party++) {
            if (!sim_liar_is(sim, party) && !arrived[i](sim, party)) {
                return false;
            }
        }
    }
    return true;
}
