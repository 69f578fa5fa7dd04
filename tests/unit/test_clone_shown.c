/* Rules of what people are told of two copies of one disk that both run, and of
 * how often a copy that does not go on calls. */
#include "cloned.h"
#include "node_refusal.h"

#define DAY (UINT64_C(24) * 3600 * 1000)

/* The copy runs and has called, with work it had not sent; the other disk is
 * @out_mine. What the copy writes under. */
static uint32_t freeze(struct star *star, struct fake_store **out_mine)
{
    struct fake_store *copy;

    (void)make_copy(star, &copy);
    swap(star, copy, out_mine);
    star_cut(star, NEMA);
    (void)add(star, NEMA, 9);
    star_join(star, NEMA);
    star_run(star);
    assert_refused(star);
    return star_status(star, NEMA).feed;
}

/* The feed of the other one. */
static uint32_t other_than(struct star *star, uint32_t feed)
{
    struct hub_copy_status seen[4];

    assert_int_equal(copies(star, seen), 2);
    return seen[seen[0].feed == feed ? 1 : 0].feed;
}

static void test_that_there_are_two_is_shown_until_one_is_chosen(void **state)
{
    struct star *star = *state;
    struct fake_store *mine;
    uint32_t feed = freeze(star, &mine);

    assert_true(star_device(star, NEMA).is_copied);
    assert_false(star_device(star, NEMA).has_stray);
    star_crash_hub(star);
    assert_true(star_device(star, NEMA).is_copied);
    choose(star, feed);
    star_run(star);
    assert_recovered(star);
    assert_false(star_device(star, NEMA).is_copied);
    assert_false(star_device(star, NEMA).has_stray);
    fake_store_free(mine);
}

/* It sends frames at once behind its HELLO: that it is one of two is what it
 * was refused for, and nobody broke a rule. */
static void test_what_comes_behind_a_refused_hello_is_no_fault(void **state)
{
    struct star *star = *state;
    struct fake_store *mine;
    uint64_t before = star_device(star, NEMA).bad_messages;

    (void)freeze(star, &mine);
    assert_int_equal(star_device(star, NEMA).trouble, TIP_ECLONE);
    assert_int_equal(star_device(star, NEMA).bad_messages, before);
    fake_store_free(mine);
}

/* One is chosen, and the other has handed in what it had; then it calls again.
 * The chosen one runs, the other is @out_copy. */
static uint32_t let_it_stray(struct star *star, struct fake_store **out_copy)
{
    struct fake_store *mine;
    uint32_t feed;

    choose(star, other_than(star, freeze(star, &mine)));
    star_run(star);
    assert_recovered(star); /* Its turn. */
    swap(star, mine, out_copy);
    star_run(star);
    assert_recovered(star);
    assert_false(star_device(star, NEMA).has_stray);
    assert_false(star_status(star, NEMA).has_stray);
    swap(star, *out_copy, &mine);
    star_run(star);
    assert_refused(star);
    assert_true(star_device(star, NEMA).has_stray);
    feed = star_status(star, NEMA).feed;
    swap(star, mine, out_copy);
    star_run(star);
    assert_recovered(star);
    return feed;
}

static void test_a_copy_that_still_runs_is_shown_until_it_is_off(void **state)
{
    struct star *star = *state;
    struct fake_store *copy;

    (void)let_it_stray(star, &copy);
    assert_true(star_device(star, NEMA).has_stray);
    assert_true(star_status(star, NEMA).has_stray);
    assert_false(star_device(star, NEMA).is_copied);
    star_crash_hub(star);
    star_run(star);
    star_wait(star, 2 * DAY);
    assert_true(star_device(star, NEMA).has_stray);
    star_wait(star, 1);
    assert_false(star_device(star, NEMA).has_stray);
    star_crash_node(star, NEMA);
    star_run(star);
    assert_false(star_status(star, NEMA).has_stray);
    fake_store_free(copy);
}

/* The chosen one takes the line back before the other, in its turn, has sent
 * anything under the feed it was given. */
static void test_a_copy_is_kept_while_it_has_work_that_is_not_here(void **state)
{
    struct star *star = *state;
    struct fake_store *mine, *copy;
    uint32_t feed = freeze(star, &mine);

    choose(star, other_than(star, feed));
    while (star_status(star, NEMA).feed == feed) {
        assert_true(star_step(star));
    }
    swap(star, mine, &copy);
    star_run(star);
    assert_recovered(star);
    assert_int_equal(star_device(star, NEMA).copy_unsent, 0);
    swap(star, copy, &mine);
    star_run(star);
    assert_refused(star);
    assert_int_equal(star_device(star, NEMA).copy_unsent, 1);
    star_crash_hub(star);
    swap(star, mine, &copy);
    star_wait(star, 3 * DAY);
    star_run(star);
    assert_recovered(star);
    assert_int_equal(star_device(star, NEMA).copy_unsent, 1);
    swap(star, copy, &mine); /* It is chosen, and the other is stopped. */
    star_run(star);
    choose(star, star_status(star, NEMA).feed);
    star_run(star);
    assert_recovered(star);
    assert_int_equal(star_device(star, NEMA).copy_unsent, 0);
    fake_store_free(mine);
}

static void test_another_choice_says_no_more_that_it_strays(void **state)
{
    struct star *star = *state;
    struct fake_store *copy, *mine;

    choose(star, let_it_stray(star, &copy));
    assert_false(star_device(star, NEMA).has_stray);
    swap(star, copy, &mine);
    star_run(star);
    assert_recovered(star);
    assert_false(star_device(star, NEMA).has_stray);
    fake_store_free(mine);
}

/* When a copy called last. */
static uint64_t called_ms(struct star *star, uint32_t feed)
{
    struct hub_copy_status seen[4];

    assert_int_equal(copies(star, seen), 2);
    return seen[seen[0].feed == feed ? 0 : 1].called_ms;
}

/* Its line is taken from it by the other copy: it does not take it back. */
static void test_a_copy_calls_ever_more_seldom(void **state)
{
    struct star *star = *state;
    struct fake_store *mine;
    uint32_t feed = freeze(star, &mine);

    for (uint32_t i = 0; i < 6; i++) {
        uint64_t wait_ms = (uint64_t)NODE_REFUSAL_COPY_MS << i;
        uint64_t before_ms = called_ms(star, feed);

        assert_int_equal(star_status(star, NEMA).again_ms, wait_ms);
        star_wait(star, wait_ms - 1);
        star_cut(star, NEMA);
        star_join(star, NEMA);
        star_run(star);
        assert_refused(star);
        assert_int_equal(called_ms(star, feed), before_ms);
        star_wait(star, 1);
        star_run(star);
        assert_refused(star);
        assert_int_equal(called_ms(star, feed), before_ms + wait_ms);
    }
    choose(star, feed);
    node_engine_ask_again(star->nodes[NEMA].engine);
    assert_true(star_status(star, NEMA).is_asked_again);
    star_run(star); /* At once, because it was told to. */
    assert_recovered(star);
    assert_false(star_status(star, NEMA).is_asked_again);
    fake_store_free(mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_that_there_are_two_is_shown_until_one_is_chosen),
        STAR_TEST(test_what_comes_behind_a_refused_hello_is_no_fault),
        STAR_TEST(test_a_copy_that_still_runs_is_shown_until_it_is_off),
        STAR_TEST(test_a_copy_is_kept_while_it_has_work_that_is_not_here),
        STAR_TEST(test_another_choice_says_no_more_that_it_strays),
        STAR_TEST(test_a_copy_calls_ever_more_seldom),
    };

    return cmocka_run_group_tests_name("clone shown", tests, NULL, NULL);
}
