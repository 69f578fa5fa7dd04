/* Rules of what the hub is told at once of an office. */
#include "node_news.h"
#include "tip_test.h"

#define HOUR_MS  UINT64_C(3600000)
#define START_MS UINT64_C(1795000000000)

static struct node_news news;

static struct tip_health well(uint64_t elapsed_ms)
{
    return (struct tip_health){.clock_ms = START_MS + elapsed_ms,
                               .backup_ms = 7,
                               .disk_used_bytes = 500,
                               .disk_limit_bytes = 1000};
}

static int setup(void **state)
{
    struct tip_health health = well(0);

    (void)state;
    news = (struct node_news){.noted_ms = 0};
    return node_news_note(&news, &health, 0) ? 0 : -1;
}

static void test_what_is_as_it_was_is_no_news(void **state)
{
    struct tip_health now = well(HOUR_MS);

    (void)state;
    assert_false(node_news_note(&news, &now, HOUR_MS));
}

/* @now is news, once. */
static void assert_news(struct tip_health now)
{
    assert_true(node_news_note(&news, &now, 1000));
    assert_false(node_news_note(&news, &now, 1000));
}

static void test_a_backup_is_news(void **state)
{
    struct tip_health now = well(1000);

    (void)state;
    now.backup_ms = 8;
    assert_news(now);
    now.verified_ms = 8;
    assert_news(now);
}

static void test_what_was_erased_and_is_kept_is_news(void **state)
{
    struct tip_health now = well(1000);

    (void)state;
    now.keeps_erased = true;
    assert_news(now);
    now.keeps_erased = false;
    assert_news(now);
}

static void test_what_is_wrong_here_is_news_and_that_it_is_over(void **state)
{
    struct tip_health now = well(1000);

    (void)state;
    now.troubles = tip_trouble_bit(TIP_TROUBLE_ROTTEN);
    assert_news(now);
    now.troubles |= tip_trouble_bit(TIP_TROUBLE_LOST);
    assert_news(now);
    now.troubles = 0;
    assert_news(now);
}

static void test_a_tenth_of_the_disk_is_news_and_a_border_is_none(void **state)
{
    struct tip_health now = well(1000);

    (void)state;
    now.disk_used_bytes = 600;
    assert_false(node_news_note(&news, &now, 1000));
    now.disk_used_bytes = 601;
    assert_news(now);
    now.disk_used_bytes = 599;
    assert_false(node_news_note(&news, &now, 1000));
    now.disk_used_bytes = 500;
    assert_news(now);
}

static void
test_a_clock_that_was_set_is_news_and_one_that_runs_is_none(void **state)
{
    (void)state;
    for (int way = -1; way <= 1; way += 2) {
        struct tip_health now = well(1000);

        now.clock_ms += (uint64_t)(way * 60000);
        assert_false(node_news_note(&news, &now, 1000));
        now.clock_ms += (uint64_t)way;
        assert_news(now);
        assert_int_equal(setup(state), 0);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_as_it_was_is_no_news),
        TEST(test_a_backup_is_news),
        TEST(test_what_was_erased_and_is_kept_is_news),
        TEST(test_what_is_wrong_here_is_news_and_that_it_is_over),
        TEST(test_a_tenth_of_the_disk_is_news_and_a_border_is_none),
        TEST(test_a_clock_that_was_set_is_news_and_one_that_runs_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
