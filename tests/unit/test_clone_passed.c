/*
 * Rules of two copies of one disk of which one has asked to go on and not heard
 * the answer, when the other goes on: its request was passed over.
 */
#include "cloned.h"

/* Let what runs go on until it writes under another feed; how its disk stood
 * just before, when it had asked and not heard. */
static struct fake_store *go_on(struct star *star)
{
    const uint32_t feed = star_status(star, NEMA).feed;
    struct fake_store *before = NULL;

    while (star_status(star, NEMA).feed == feed) {
        fake_store_free(before);
        before = star_back_up(star, NEMA);
        assert_true(star_step(star));
    }
    return before;
}

/* Both copies have called, and wait: the closed one is chosen, or the open one.
 * The closed one runs, the other is @out_open. */
static void settle_on(struct star *star, bool is_closed_chosen,
                      struct fake_store **out_open)
{
    struct fake_store *copy;
    struct hub_copy_status seen[4];

    (void)make_copy(star, &copy);
    swap(star, copy, out_open);
    star_run(star);
    assert_refused(star);
    assert_int_equal(copies(star, seen), 2);
    choose(star, seen[seen[0].is_open == is_closed_chosen ? 1 : 0].feed);
}

/* What was decided of its feed stays so: it goes on from the one it was given
 * and had not heard of. */
static void test_the_chosen_one_goes_on_from_what_it_was_given(void **state)
{
    struct star *star = *state;
    struct fake_store *other, *asked;
    struct hub_copy_status seen[4];
    struct tip_id id;

    settle_on(star, true, &other);
    asked = go_on(star);
    star_restore(star, NEMA, other); /* Its turn; it has nothing to hand in. */
    star_run(star);
    assert_recovered(star);
    star_restore(star, NEMA, asked);
    star_run(star);
    assert_recovered(star);
    id = add(star, NEMA, 5);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
    for (size_t i = copies(star, seen); i > 0; i--) {
        assert_false(seen[i - 1].is_frozen);
    }
}

/* It had its turn, so it says that it is a copy, and a person may choose it. */
static void test_the_other_is_told_that_it_was_passed_over(void **state)
{
    struct star *star = *state;
    const uint32_t feed = star->nodes[NEMA].identity.origin;
    struct fake_store *chosen, *asked;
    struct tip_id id;

    settle_on(star, false, &chosen);
    asked = go_on(star);
    star_restore(star, NEMA, chosen);
    star_run(star);
    assert_recovered(star);
    star_restore(star, NEMA, asked);
    id = add(star, NEMA, 9);
    star_run(star);
    assert_refused(star);
    assert_false(star_status(star, NEMA).is_recovering);
    star_cut(star, NEMA);
    star_join(star, NEMA);
    do {
        assert_false(star_status(star, NEMA).is_recovering); /* It is over. */
    } while (star_step(star));
    assert_refused(star);
    choose(star, feed);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 9, 1);
}

/* Nobody has written to the feed it goes on under, so nobody has to choose once
 * more. */
static void test_the_chosen_one_may_be_put_back_at_once(void **state)
{
    struct star *star = *state;
    struct fake_store *other, *backup;
    struct tip_id id;

    settle_on(star, true, &other);
    fake_store_free(other);
    backup = star_back_up(star, NEMA);
    star_run(star);
    assert_recovered(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    assert_recovered(star);
    id = add(star, NEMA, 5);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
}

/* The one it was put back from ran on, and is a copy now: what a person decided
 * is not for both. */
static void test_what_ran_before_is_not_chosen_any_more(void **state)
{
    struct star *star = *state;
    struct fake_store *other, *backup, *before;

    settle_on(star, true, &other);
    fake_store_free(other);
    backup = star_back_up(star, NEMA);
    star_run(star);
    assert_recovered(star);
    swap(star, backup, &before);
    star_run(star);
    assert_recovered(star);
    (void)add(star, NEMA, 5);
    star_run(star);
    assert_recovered(star);
    star_restore(star, NEMA, before);
    star_run(star);
    assert_refused(star);
    choose(star, star_status(star, NEMA).feed);
    star_run(star);
    assert_recovered(star);
}

/* Each time takes an origin; who has had all it may have is told so. */
static void test_who_was_put_back_too_often_is_told(void **state)
{
    enum { TIMES = 16 };
    struct star *star = *state;
    struct fake_store *backup = star_back_up(star, NEMA);

    (void)add(star, NEMA, 1);
    star_run(star);
    for (int i = 0; i < TIMES; i++) {
        star_restore(star, NEMA, fake_store_copy(backup));
        star_run(star);
        assert_recovered(star);
    }
    star_restore(star, NEMA, backup);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_ETOOBIG);
    assert_false(star_status(star, NEMA).is_recovering);
    assert_true(star_status(star, NEMA).again_ms != 0); /* It asks in time. */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_the_chosen_one_goes_on_from_what_it_was_given),
        STAR_TEST(test_the_other_is_told_that_it_was_passed_over),
        STAR_TEST(test_the_chosen_one_may_be_put_back_at_once),
        STAR_TEST(test_what_ran_before_is_not_chosen_any_more),
        STAR_TEST(test_who_was_put_back_too_often_is_told),
    };

    return cmocka_run_group_tests_name("clone_passed", tests, NULL, NULL);
}
