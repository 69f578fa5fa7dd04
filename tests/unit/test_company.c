/* On a far line a new save waits a moment for others; nowhere else. */
#include "node_company.h"
#include "tip_test.h"

enum { FAR_MS = 800, FAR_WAIT_MS = 100 };

static struct node_company company;
static struct node_status status;

static int setup(void **state)
{
    (void)state;
    company = (struct node_company){.offered = 7};
    status = (struct node_status){
        .session = TIP_NODE_LIVE, .saved = 7, .round_trip_ms = FAR_MS};
    return 0;
}

static uint64_t wait_at(uint64_t now_ms)
{
    return node_company_wait_ms(&company, &status, now_ms);
}

static void test_a_new_save_waits_an_eighth_of_the_round_trip(void **state)
{
    (void)state;
    status.saved = 8;
    assert_int_equal(wait_at(5000), FAR_WAIT_MS);
    assert_int_equal(wait_at(5000 + FAR_WAIT_MS), 0);
}

static void test_company_does_not_make_the_first_wait_longer(void **state)
{
    (void)state;
    status.saved = 8;
    assert_int_equal(wait_at(5000), FAR_WAIT_MS);
    status.saved = 9;
    assert_int_equal(wait_at(5060), FAR_WAIT_MS - 60);
    assert_int_equal(wait_at(5100), 0);
}

static void test_the_next_save_waits_anew(void **state)
{
    (void)state;
    status.saved = 8;
    assert_int_equal(wait_at(5000), FAR_WAIT_MS);
    assert_int_equal(wait_at(5100), 0);
    status.saved = 9;
    assert_int_equal(wait_at(5110), FAR_WAIT_MS);
}

static void test_nothing_waits_when_nothing_was_saved(void **state)
{
    (void)state;
    assert_int_equal(wait_at(5000), 0);
}

static void test_nothing_waits_in_a_building(void **state)
{
    (void)state;
    status.saved = 8;
    status.round_trip_ms = NODE_COMPANY_SHARE - 1;
    assert_int_equal(wait_at(5000), 0);
}

static void test_a_busy_hub_is_not_a_far_one(void **state)
{
    (void)state;
    status.saved = 8;
    status.round_trip_ms = UINT64_MAX;
    assert_int_equal(wait_at(5000), NODE_COMPANY_MS_MAX);
}

static void test_nothing_waits_before_the_hub_has_answered(void **state)
{
    (void)state;
    status.saved = 8;
    status.session = TIP_NODE_GREETING;
    assert_int_equal(wait_at(5000), 0);
    status.session = TIP_NODE_LIVE;
    assert_int_equal(wait_at(5001), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(
            test_a_new_save_waits_an_eighth_of_the_round_trip, setup),
        cmocka_unit_test_setup(test_company_does_not_make_the_first_wait_longer,
                               setup),
        cmocka_unit_test_setup(test_the_next_save_waits_anew, setup),
        cmocka_unit_test_setup(test_nothing_waits_when_nothing_was_saved,
                               setup),
        cmocka_unit_test_setup(test_nothing_waits_in_a_building, setup),
        cmocka_unit_test_setup(test_a_busy_hub_is_not_a_far_one, setup),
        cmocka_unit_test_setup(test_nothing_waits_before_the_hub_has_answered,
                               setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
