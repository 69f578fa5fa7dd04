/* Rules of node_refusal: a hub that refuses us is asked again, ever more
 * seldom. */
#include "node_refusal.h"
#include "star_offices.h"

#define HOUR     ((uint64_t)NODE_REFUSAL_MS)
#define OK(call) assert_int_equal((call), TIP_OK)

/* Refused at @now_ms; how long until it is to be asked again, in hours. */
static uint64_t hours(struct node_refusal *refusal, uint64_t now_ms)
{
    uint64_t passed = 0;

    while (!node_refusal_is_over(refusal, NODE_REFUSAL_MS, false,
                                 now_ms + passed * HOUR)) {
        passed++;
    }
    return passed;
}

static void test_it_is_asked_ever_more_seldom(void **state)
{
    static const uint64_t expected[] = {1, 2, 4, 8, 16, 24, 24};
    struct node_refusal refusal = {.times = 0};
    uint64_t now_ms = 5000;

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(hours(&refusal, now_ms), expected[i]);
        now_ms += expected[i] * HOUR;
    }
}

/* A person is about to choose; if nobody does, it is asked as seldom. */
static void test_one_of_two_copies_asks_sooner(void **state)
{
    static const uint64_t minutes[] = {1,  2,   4,   8,   16,   32,
                                       64, 128, 256, 512, 1024, 1440};
    struct node_refusal refusal = {.times = 0};
    uint64_t now_ms = 5000;

    (void)state;
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        assert_false(node_refusal_is_over(&refusal, NODE_REFUSAL_COPY_MS, false,
                                          now_ms));
        assert_int_equal(node_refusal_rest_ms(&refusal, now_ms),
                         minutes[i] * 60 * 1000);
        now_ms += minutes[i] * 60 * 1000;
        assert_true(node_refusal_is_over(&refusal, NODE_REFUSAL_COPY_MS, false,
                                         now_ms));
    }
}

static void test_it_says_how_long_it_waits(void **state)
{
    struct node_refusal refusal = {.times = 0};

    (void)state;
    assert_int_equal(node_refusal_rest_ms(&refusal, 5000), 0);
    assert_false(node_refusal_is_over(&refusal, NODE_REFUSAL_MS, false, 5000));
    assert_int_equal(node_refusal_rest_ms(&refusal, 6000), HOUR - 1000);
}

static void test_a_session_that_stands_begins_anew(void **state)
{
    struct node_refusal refusal = {.times = 0};

    (void)state;
    assert_int_equal(hours(&refusal, 5000), 1);
    assert_int_equal(hours(&refusal, 6000), 2);
    assert_false(node_refusal_is_over(&refusal, 0, true, 7000));
    assert_int_equal(hours(&refusal, 8000), 1);
}

static void test_whoever_hurries_asks_at_once(void **state)
{
    struct node_refusal refusal = {.times = 0};

    (void)state;
    node_refusal_hurry(&refusal);
    assert_int_equal(node_refusal_rest_ms(&refusal, 0), 0);
    assert_false(node_refusal_is_over(&refusal, NODE_REFUSAL_MS, false, 5000));
    node_refusal_hurry(&refusal);
    assert_true(node_refusal_is_over(&refusal, NODE_REFUSAL_MS, false, 5001));
}

/* The hub's folder is taken for that of another time, in which Néma's device
 * had written other work; then somebody puts the right one back. */
static void test_a_hub_that_is_mended_hears_the_office_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star), other = star_id(star);
    struct fake_store *wrong = star_backup_hub(star), *right;
    struct fake_store *early = star_back_up(star, NEMA), *late;

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    right = star_backup_hub(star);
    late = star_back_up(star, NEMA);
    star_restore_hub(star, wrong, false);
    star_restore(star, NEMA, early);
    OK(star_add(star, NEMA, &other, NONE, FAKE_LATEST, 3));
    star_run(star);

    star_restore(star, NEMA, late);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_STOPPED);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_EFORK);
    assert_int_equal(star_status(star, NEMA).again_ms, HOUR);
    star_restore_hub(star, right, false);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_wait(star, HOUR - 1);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_STOPPED);
    star_wait(star, 1);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 4, 1);
    fake_store_free(wrong);
    fake_store_free(right);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_asked_ever_more_seldom),
        cmocka_unit_test(test_one_of_two_copies_asks_sooner),
        cmocka_unit_test(test_it_says_how_long_it_waits),
        cmocka_unit_test(test_a_session_that_stands_begins_anew),
        cmocka_unit_test(test_whoever_hurries_asks_at_once),
        STAR_TEST(test_a_hub_that_is_mended_hears_the_office_again),
    };

    return cmocka_run_group_tests_name("refusal", tests, NULL, NULL);
}
