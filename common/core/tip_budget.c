#include "tip_budget.h"

#define DAY_MS (UINT64_C(24) * 3600 * 1000)

static void begin_day(struct tip_budget *budget, uint64_t day)
{
    budget->row = (struct tip_budget_row){.day = day};
    budget->is_overridden = false;
}

void tip_budget_pass(struct tip_budget *budget, uint64_t now_ms)
{
    uint64_t passed_ms = now_ms - budget->now_ms;

    budget->now_ms = now_ms;
    if (budget->hub_ms != 0) {
        budget->hub_ms += passed_ms;
        if (budget->hub_ms / DAY_MS != budget->row.day) {
            begin_day(budget, budget->hub_ms / DAY_MS);
        }
        return;
    }
    budget->row.passed_ms += passed_ms;
    if (budget->row.passed_ms >= DAY_MS) {
        begin_day(budget, 0);
    }
}

void tip_budget_hear(struct tip_budget *budget, uint64_t hub_ms,
                     uint64_t now_ms)
{
    uint64_t day = hub_ms / DAY_MS;

    tip_budget_pass(budget, now_ms);
    budget->hub_ms = hub_ms;
    /* What was spent before the day was known belongs to it. */
    if (budget->row.day == 0) {
        budget->row.day = day;
        budget->row.passed_ms = 0;
    } else if (budget->row.day != day) {
        begin_day(budget, day);
    }
}

void tip_budget_spend(struct tip_budget *budget, uint64_t bytes)
{
    budget->row.spent_bytes += bytes;
}

bool tip_budget_allows(const struct tip_budget *budget, uint64_t waiting_bytes)
{
    uint64_t reserve = budget->limit_bytes / TIP_BUDGET_RESERVE_PARTS;
    uint64_t spent = budget->row.spent_bytes;
    bool is_small =
        waiting_bytes > 0 && waiting_bytes <= TIP_BUDGET_SMALL_BYTES;

    if (budget->limit_bytes == 0 || budget->is_overridden) {
        return true;
    }
    return spent < budget->limit_bytes - (is_small ? 0 : reserve);
}

uint32_t tip_budget_every_ms(uint64_t limit_bytes, uint32_t bytes,
                             uint32_t usual_ms)
{
    uint64_t a_day = limit_bytes / TIP_BUDGET_IDLE_PARTS / bytes;
    uint64_t ms = a_day == 0 ? DAY_MS : DAY_MS / 1000 / a_day * 1000;

    if (ms > TIP_BUDGET_EVERY_MS_MAX) {
        ms = TIP_BUDGET_EVERY_MS_MAX;
    }
    return limit_bytes == 0 || ms <= usual_ms ? usual_ms : (uint32_t)ms;
}

uint64_t tip_budget_rest_ms(const struct tip_budget *budget)
{
    return budget->hub_ms != 0 ? DAY_MS - budget->hub_ms % DAY_MS
                               : DAY_MS - budget->row.passed_ms;
}
