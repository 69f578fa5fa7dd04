#include "sim_quota.h"

#include <string.h>

static const struct sim_budget nothing;

static uint64_t today(const struct sim *sim)
{
    const struct tip_clock *clock = &sim->hub.machine.clock.base;

    return clock->now_ms(clock) / SIM_DAY_MS;
}

/* Clocks that are set back over midnight give no new budget. */
static void turn(struct sim_budget *budget, uint64_t day)
{
    if (day != budget->day && day + 1 != budget->day) {
        *budget = (struct sim_budget){.day = day};
    }
}

void sim_quota_turn(struct sim *sim, uint32_t party)
{
    turn(&sim->hub.budgets[party], today(sim));
}

/* Does write @w take from the reader in @view what another office wrote? */
static bool overwrites(const struct sim_oracle *oracle,
                       const struct sim_view *view, uint32_t w)
{
    const struct sim_write *write = &oracle->writes[w];

    for (uint32_t x = oracle->records[write->record].newest; x != SIM_NONE;
         x = oracle->writes[x].next) {
        const struct sim_write *other = &oracle->writes[x];

        if (other->field == write->field && other->element == write->element &&
            other->value.kind != TIP_VALUE_NONE &&
            oracle->drafts[other->draft].party !=
                oracle->drafts[write->draft].party &&
            sim_oracle_is_live(oracle, view, x) &&
            sim_oracle_saw(oracle, w, x) &&
            !tip_value_equal(&other->value, &write->value)) {
            return true;
        }
    }
    return false;
}

/* What @draft, which the hub has not merged yet, would use in @view. */
static struct sim_budget cost_of(struct sim *sim, const struct sim_view *view,
                                 const struct sim_draft *draft)
{
    struct sim_oracle *oracle = &sim->oracle;
    struct sim_budget cost = nothing;

    for (uint32_t i = 0; i < draft->write_count; i++) {
        uint32_t w = draft->write_first + i;
        const struct sim_write *write = &oracle->writes[w];

        if (&oracle->drafts[oracle->records[write->record].birth] == draft ||
            sim_oracle_erased(oracle, write->record) != 0) {
            continue;
        }
        if (write->field == TIP_FIELD_DELETED) {
            cost.deletions += write->value.kind == TIP_VALUE_NONE ? 0 : 1;
        } else if (write->field >= TIP_FIELD_FIRST) {
            (void)sim_oracle_mark(oracle, view, write->record);
            cost.overwrites += overwrites(oracle, view, w) ? 1 : 0;
        }
    }
    return cost;
}

static bool fits(uint32_t used, uint32_t more, uint32_t limit)
{
    return limit == 0 || more == 0 || used + more <= limit;
}

static bool is_within(const struct sim *sim, const struct sim_budget *used,
                      const struct sim_budget *cost)
{
    return fits(used->deletions, cost->deletions, sim->weather.deletions) &&
           fits(used->overwrites, cost->overwrites, sim->weather.overwrites);
}

/* What the device that wrote @draft has used. */
static struct sim_budget *budget_of(struct sim *sim,
                                    const struct sim_draft *draft)
{
    return &sim->hub.budgets[sim_oracle_device_of(&sim->oracle, draft->origin)];
}

static void use(struct sim *sim, const struct sim_draft *draft)
{
    struct sim_budget *budget = budget_of(sim, draft);

    turn(budget, draft->cost.day);
    budget->deletions += draft->cost.deletions;
    budget->overwrites += draft->cost.overwrites;
}

bool sim_quota_take(struct sim *sim, struct sim_draft *draft)
{
    struct sim_budget cost = cost_of(sim, &sim_view_hub, draft);

    cost.day = today(sim);
    draft->cost = cost;
    if (draft->party == SIM_HUB ||
        (cost.deletions == 0 && cost.overwrites == 0)) {
        return true;
    }
    turn(budget_of(sim, draft), today(sim));
    if (!is_within(sim, budget_of(sim, draft), &cost)) {
        return false;
    }
    use(sim, draft);
    sim->totals.counts[SIM_TOTAL_COUNTED] += cost.deletions + cost.overwrites;
    return true;
}

/* All that the hub had merged when it had the first @count of the order. */
static struct sim_view view_at(const struct sim_oracle *oracle, size_t count)
{
    uint64_t commit =
        count == 0 ? 0 : oracle->drafts[oracle->order[count - 1]].commit;

    return (struct sim_view){
        .party = SIM_NONE, .checkpoint = commit, .others = commit};
}

/* It was judged at some time since the last look at what waits: a value that it
 * would have taken then may have given way to another write by now. */
bool sim_quota_is_over(struct sim *sim, const struct sim_draft *draft)
{
    const struct sim_oracle *oracle = &sim->oracle;
    size_t count = oracle->order_count;
    bool is_over = false;

    do {
        struct sim_view view = view_at(oracle, count);
        struct sim_budget cost = cost_of(sim, &view, draft);

        is_over = !is_within(sim, budget_of(sim, draft), &cost);
    } while (!is_over && count-- > sim->hub.held_order);
    return is_over;
}

void sim_quota_keep(struct sim *sim)
{
    memcpy(sim->hub.durable_budgets, sim->hub.budgets, sizeof sim->hub.budgets);
}

void sim_quota_take_back(struct sim *sim)
{
    memcpy(sim->hub.budgets, sim->hub.durable_budgets, sizeof sim->hub.budgets);
}

void sim_quota_kept(struct sim *sim, const struct sim_draft *draft)
{
    if (draft->party != SIM_HUB && !draft->is_accepted) {
        use(sim, draft);
    }
}

/* Has the hub's store of @party what it must have? That a day is over, or that
 * the clock went back over one, may have been noted on one side only, by a
 * frame of which nothing was merged: then nothing was used there since. */
static bool is_kept(const struct sim_budget *budget,
                    const struct tip_quota_use *use)
{
    if (use->day == budget->day) {
        return use->deletions == budget->deletions &&
               use->overwrites == budget->overwrites;
    }
    return (use->deletions == 0 && use->overwrites == 0) ||
           (budget->deletions == 0 && budget->overwrites == 0);
}

void sim_quota_reopened(struct sim *sim)
{
    struct hub_device_status devices[SIM_PARTIES];
    size_t count = hub_engine_devices(sim->hub.engine, devices, SIM_PARTIES);

    for (size_t i = 0; i < count; i++) {
        uint32_t device = sim_oracle_device_of(&sim->oracle, devices[i].origin);
        const struct tip_quota_use *use = &devices[i].use;

        sim_require(sim, SIM_HUB, is_kept(&sim->hub.budgets[device], use),
                    "a crash of the hub gives no budget back");
    }
    sim_quota_take_over(sim);
}

void sim_quota_take_over(struct sim *sim)
{
    struct hub_device_status devices[SIM_PARTIES];
    size_t count = hub_engine_devices(sim->hub.engine, devices, SIM_PARTIES);

    for (size_t i = 0; i < count; i++) {
        const struct tip_quota_use *use = &devices[i].use;

        sim->hub
            .budgets[sim_oracle_device_of(&sim->oracle, devices[i].origin)] =
            (struct sim_budget){.day = use->day,
                                .deletions = use->deletions,
                                .overwrites = use->overwrites};
    }
    sim_quota_keep(sim);
}
