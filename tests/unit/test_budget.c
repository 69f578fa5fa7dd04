/* Rules of tip_budget: a day is the hub's, a restart is no new day. */
#include "tip_budget.h"
#include "tip_test.h"

enum { LIMIT = 100000 };

static const uint64_t day_ms = UINT64_C(24) * 3600 * 1000;

static void test_without_a_limit_everything_is_allowed(void **state)
{
    struct tip_budget budget = {.limit_bytes = 0};

    (void)state;
    tip_budget_spend(&budget, UINT64_C(1) << 40);
    assert_true(tip_budget_allows(&budget, 0));
}

static void test_the_last_tenth_is_for_small_work(void **state)
{
    struct tip_budget budget = {.limit_bytes = LIMIT};

    (void)state;
    tip_budget_spend(&budget, LIMIT / 10 * 9 - 1);
    assert_true(tip_budget_allows(&budget, 0));
    tip_budget_spend(&budget, 1);
    assert_false(tip_budget_allows(&budget, 0));
    assert_false(tip_budget_allows(&budget, TIP_BUDGET_SMALL_BYTES + 1));
    assert_true(tip_budget_allows(&budget, TIP_BUDGET_SMALL_BYTES));
    tip_budget_spend(&budget, LIMIT / 10);
    assert_false(tip_budget_allows(&budget, 1));
}

static void test_it_goes_on_at_the_hubs_midnight(void **state)
{
    struct tip_budget budget = {.limit_bytes = LIMIT};

    (void)state;
    tip_budget_hear(&budget, 20000 * day_ms + day_ms - 5000, 1000);
    tip_budget_spend(&budget, LIMIT);
    assert_int_equal(tip_budget_rest_ms(&budget), 5000);
    tip_budget_pass(&budget, 1000 + 4999);
    assert_false(tip_budget_allows(&budget, 0));
    tip_budget_pass(&budget, 1000 + 5000);
    assert_true(tip_budget_allows(&budget, 0));
    assert_int_equal(budget.row.spent_bytes, 0);
    tip_budget_spend(&budget, LIMIT);
    tip_budget_pass(&budget, 1000 + 5001); /* Still that day. */
    assert_false(tip_budget_allows(&budget, 0));
}

/* It hears no hub: it has the rest of a day to wait, a whole one at most. */
static void test_who_hears_no_hub_waits_a_whole_day(void **state)
{
    struct tip_budget budget = {.limit_bytes = LIMIT};
    struct tip_budget again = {.limit_bytes = LIMIT};

    (void)state;
    tip_budget_pass(&budget, 5000);
    assert_int_equal(tip_budget_rest_ms(&budget), day_ms - 5000);
    tip_budget_hear(&budget, 20000 * day_ms + 1000, 6000);
    tip_budget_spend(&budget, LIMIT);
    again.row = budget.row;
    tip_budget_pass(&again, day_ms - 1);
    assert_false(tip_budget_allows(&again, 0));
    tip_budget_pass(&again, day_ms);
    assert_true(tip_budget_allows(&again, 0));
}

static void test_a_restart_is_no_new_day(void **state)
{
    struct tip_budget budget = {.limit_bytes = LIMIT};
    struct tip_budget again = {.limit_bytes = LIMIT};

    (void)state;
    tip_budget_hear(&budget, 20000 * day_ms + 1000, 0);
    tip_budget_spend(&budget, LIMIT);
    again.row = budget.row;
    tip_budget_pass(&again, 500);
    assert_false(tip_budget_allows(&again, 0));
    tip_budget_hear(&again, 20000 * day_ms + 2000, 600);
    assert_false(tip_budget_allows(&again, 0));
    tip_budget_hear(&again, 20001 * day_ms + 1, 700);
    assert_true(tip_budget_allows(&again, 0));
}

static void test_without_the_hub_a_day_is_what_the_machine_was_on(void **state)
{
    struct tip_budget budget = {.limit_bytes = LIMIT};
    struct tip_budget again = {.limit_bytes = LIMIT};

    (void)state;
    tip_budget_spend(&budget, LIMIT);
    tip_budget_pass(&budget, day_ms / 2);
    again.row = budget.row;
    tip_budget_pass(&again, day_ms / 2 - 1);
    assert_false(tip_budget_allows(&again, 0));
    tip_budget_pass(&again, day_ms / 2);
    assert_true(tip_budget_allows(&again, 0));
}

static uint32_t signs_ms(uint64_t limit_bytes, uint32_t usual_ms)
{
    return tip_budget_every_ms(limit_bytes, TIP_BUDGET_HEARTBEAT_BYTES,
                               usual_ms);
}

static void test_signs_of_life_cost_a_tenth_at_most(void **state)
{
    const uint32_t usual_ms = 300 * 1000;

    (void)state;
    /* As usual while they cost less than that. */
    assert_int_equal(signs_ms(0, usual_ms), usual_ms);
    assert_int_equal(signs_ms(1 << 20, usual_ms), usual_ms);
    for (uint64_t limit = 60000; limit < 650000; limit += 1000) {
        uint32_t ms = signs_ms(limit, usual_ms);

        assert_true(day_ms / ms * TIP_BUDGET_HEARTBEAT_BYTES <= limit / 10 ||
                    ms == TIP_BUDGET_EVERY_MS_MAX || ms == usual_ms);
        assert_int_equal(ms % 1000, 0);
    }
    assert_true(signs_ms(300000, usual_ms) > usual_ms);
    /* An hour at most, unless somebody says more. */
    assert_int_equal(signs_ms(1, usual_ms), TIP_BUDGET_EVERY_MS_MAX);
    assert_int_equal(signs_ms(1, 2 * TIP_BUDGET_EVERY_MS_MAX),
                     2 * TIP_BUDGET_EVERY_MS_MAX);
}

static void test_what_was_spent_before_the_hub_was_heard_counts(void **state)
{
    struct tip_budget budget = {.limit_bytes = LIMIT};

    (void)state;
    tip_budget_spend(&budget, LIMIT);
    tip_budget_hear(&budget, 20000 * day_ms + 1000, 3000);
    assert_false(tip_budget_allows(&budget, 0));
}

static void test_overriding_ends_with_the_day(void **state)
{
    struct tip_budget budget = {.limit_bytes = LIMIT};

    (void)state;
    tip_budget_hear(&budget, 20000 * day_ms + day_ms - 10, 0);
    tip_budget_spend(&budget, LIMIT);
    budget.is_overridden = true;
    assert_true(tip_budget_allows(&budget, 0));
    tip_budget_pass(&budget, 10);
    tip_budget_spend(&budget, LIMIT);
    assert_false(tip_budget_allows(&budget, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_limit_everything_is_allowed),
        cmocka_unit_test(test_the_last_tenth_is_for_small_work),
        cmocka_unit_test(test_it_goes_on_at_the_hubs_midnight),
        cmocka_unit_test(test_who_hears_no_hub_waits_a_whole_day),
        cmocka_unit_test(test_a_restart_is_no_new_day),
        cmocka_unit_test(test_without_the_hub_a_day_is_what_the_machine_was_on),
        cmocka_unit_test(test_signs_of_life_cost_a_tenth_at_most),
        cmocka_unit_test(test_what_was_spent_before_the_hub_was_heard_counts),
        cmocka_unit_test(test_overriding_ends_with_the_day),
    };

    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
