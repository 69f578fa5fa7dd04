/* Rules of two copies of one disk that both run. */
#include "cloned.h"

static void test_a_copy_that_calls_freezes_both_and_is_kept(void **state)
{
    struct star *star = *state;
    struct fake_store *copy, *mine;
    struct tip_id id = make_copy(star, &copy);
    struct hub_copy_status seen[4];
    uint32_t old = star->nodes[NEMA].identity.origin;

    assert_int_equal(copies(star, seen), 0);
    swap(star, copy, &mine);
    star_cut(star, NEMA);
    (void)add(star, NEMA, 9);
    star->clock.now_ms = 0; /* It has called, whatever clock the hub has. */
    star_join(star, NEMA);
    star_run(star);
    assert_refused(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 1, 1); /* Nothing is applied. */
    star_crash_hub(star);
    assert_int_equal(copies(star, seen), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(seen[i].is_frozen);
        assert_int_equal(seen[i].origin, old);
        assert_int_equal(seen[i].may, HUB_COPY_UNKNOWN);
        assert_int_equal(seen[i].is_open, seen[i].feed != old);
        assert_int_equal(seen[i].called_ms != 0, seen[i].feed == old);
        assert_int_equal(seen[i].newest.number, seen[i].feed == old ? 1 : 0);
    }
    swap(star, mine, &copy); /* The other too waits for what is decided. */
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_run(star);
    assert_refused(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 3, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 4, 1); /* It is kept here. */
    fake_store_free(copy);
}

/* Both had unsent work; whoever is chosen, all of it arrives. */
static void go_through(struct star *star, bool chooses_copy)
{
    struct fake_store *copy, *mine;
    struct tip_id id = make_copy(star, &copy);
    struct hub_copy_status seen[4];
    struct tip_id there, here;

    swap(star, copy, &mine);
    star_cut(star, NEMA);
    there = add(star, NEMA, 9);
    star_join(star, NEMA);
    star_run(star);
    assert_refused(star);
    swap(star, mine, &copy);
    star_cut(star, NEMA);
    here = add(star, NEMA, 8);
    star_join(star, NEMA);
    star_run(star);
    assert_refused(star);
    assert_int_equal(copies(star, seen), 2);
    choose(star, seen[seen[0].is_open == chooses_copy ? 1 : 0].feed);
    star_run(star);
    assert_recovered(star); /* The open one just goes on. */
    swap(star, copy, &mine);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &there, FAKE_LATEST, 9, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
    ASSERT_SHOWS(star, NEMA, &here, FAKE_LATEST, 8, 1);
    swap(star, mine, &copy);
    star_run(star);
    if (chooses_copy) {
        assert_recovered(star); /* Its turn. */
        swap(star, copy, &mine);
        star_run(star);
    }
    assert_recovered(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 5));
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 5, 1);
    }
    ASSERT_SHOWS(star, NEMA, &there, FAKE_LATEST, 9, 1);
    ASSERT_SHOWS(star, NEMA, &here, FAKE_LATEST, 8, 1);
    assert_int_equal(star_status(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
    /* The other had its turn: it is told, and stops nobody any more. */
    swap(star, chooses_copy ? mine : copy, &mine);
    star_run(star);
    assert_refused(star);
    swap(star, mine, &copy);
    star_run(star);
    assert_recovered(star);
    fake_store_free(copy);
}

static void test_the_open_one_is_chosen_and_the_other_hands_in(void **state)
{
    go_through(*state, false);
}

static void test_the_closed_one_is_chosen_and_the_other_hands_in(void **state)
{
    go_through(*state, true);
}

static void test_a_second_restore_from_one_backup_can_go_on(void **state)
{
    struct star *star = *state;
    struct fake_store *copy;
    struct tip_id id = make_copy(star, &copy);

    star_restore(star, NEMA, copy); /* What ran is gone. */
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 6));
    star_join(star, NEMA);
    star_run(star);
    assert_refused(star);
    choose(star, star->nodes[NEMA].identity.origin);
    star_run(star);
    assert_recovered(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 6, 2); /* Beside 3. */
    }
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 7));
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 7, 1);
    }
    assert_recovered(star);
}

/* Nobody has written to the feed that the first restore went on under, so
 * nobody has to choose. */
static void test_a_second_restore_at_once_goes_on(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_back_up(star, NEMA);
    struct hub_copy_status seen[4];
    struct tip_id id = add(star, NEMA, 1);

    star_run(star);
    for (int i = 0; i < 3; i++) {
        star_restore(star, NEMA, fake_store_copy(backup));
        star_run(star);
        assert_recovered(star);
        ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 1, 1);
    }
    assert_int_equal(copies(star, seen), 0);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 2, 1);
    star_restore(star, NEMA, backup);
    star_run(star);
    assert_refused(star); /* Now somebody has. */
    assert_int_equal(copies(star, seen), 2);
}

/* It was made while the device asked to go on: that request was answered, and
 * nobody has written since. */
static void test_a_backup_of_the_way_back_can_be_put_back(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_back_up(star, NEMA);
    struct fake_store *midway = NULL;
    struct tip_id id = add(star, NEMA, 1);

    star_run(star);
    star_restore(star, NEMA, backup);
    while (star_status(star, NEMA).feed == star->nodes[NEMA].identity.origin) {
        fake_store_free(midway);
        midway = star_back_up(star, NEMA);
        assert_true(star_step(star));
    }
    star_run(star);
    assert_recovered(star);
    star_restore(star, NEMA, fake_store_copy(midway));
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 1, 1);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, midway);
    star_run(star);
    assert_refused(star); /* Now somebody has. */
}

/* Both run; neither had written when the other went on. Whoever is chosen goes
 * on from a feed that nobody has written to, and the other hands in. */
static void test_a_feed_nobody_wrote_to_can_be_passed_over(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_back_up(star, NEMA);
    struct fake_store *first, *second = fake_store_copy(backup);
    struct hub_copy_status seen[4];
    struct tip_id id = add(star, NEMA, 1);
    struct tip_id there, here;

    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    assert_recovered(star);
    swap(star, second, &first);
    star_run(star);
    assert_recovered(star);
    star_cut(star, NEMA);
    there = add(star, NEMA, 9);
    swap(star, first, &second);
    star_cut(star, NEMA);
    here = add(star, NEMA, 8);
    star_join(star, NEMA);
    star_run(star);
    assert_refused(star);
    assert_int_equal(copies(star, seen), 2);
    choose(star, seen[seen[0].is_open ? 1 : 0].feed);
    star_run(star);
    assert_recovered(star);
    swap(star, second, &first);
    star_run(star);
    assert_recovered(star);
    fake_store_free(first);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, HUB, &here, FAKE_LATEST, 8, 1);
    ASSERT_SHOWS(star, HUB, &there, FAKE_LATEST, 9, 1);
}

/* Neither has anything to hand in, so neither writes to the feed it gets. */
static void test_who_has_written_nothing_goes_on_again_and_again(void **state)
{
    struct star *star = *state;
    struct fake_store *copy, *mine;
    struct tip_id id = make_copy(star, &copy);
    uint32_t feed = star->nodes[NEMA].identity.origin;

    swap(star, copy, &mine);
    star_run(star);
    assert_refused(star);
    choose(star, feed);
    star_run(star);
    assert_recovered(star);
    swap(star, mine, &copy);
    star_run(star);
    assert_recovered(star);
    swap(star, copy, &mine);
    star_run(star);
    assert_recovered(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 5));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
    fake_store_free(mine);
}

/* Its turn comes while its disk is full: that is what it says, and when there
 * is room it takes its turn. */
static void test_a_full_store_is_not_called_a_fork(void **state)
{
    struct star *star = *state;
    struct fake_store *copy, *mine;
    struct tip_id id = make_copy(star, &copy);
    struct hub_copy_status seen[4];
    struct tip_id here;
    uint64_t limit;

    swap(star, copy, &mine);
    star_run(star);
    assert_refused(star);
    swap(star, mine, &copy);
    star_cut(star, NEMA);
    here = add(star, NEMA, 8);
    star_join(star, NEMA);
    star_run(star);
    assert_refused(star);
    assert_int_equal(copies(star, seen), 2);
    choose(star, seen[seen[0].is_open ? 1 : 0].feed);
    star_run(star);
    swap(star, copy, &mine);
    star_run(star);
    assert_recovered(star);
    swap(star, mine, &copy);
    limit = star->nodes[NEMA].store->limit_bytes;
    star->nodes[NEMA].store->limit_bytes = 0;
    star_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_ESTORE_FULL);
    star->nodes[NEMA].store->limit_bytes = limit;
    star_wait(star, UINT64_C(60) * 1000);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &here, FAKE_LATEST, 8, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
    fake_store_free(copy);
}

static void test_power_may_go_while_a_copy_goes_on(void **state)
{
    struct star *star = *state;

    for (uint32_t cut = 0; cut < 6; cut++) {
        struct fake_store *copy;
        struct tip_id id, there;
        struct hub_copy_status seen[16];
        uint32_t feed = star_status(star, NEMA).feed;

        id = make_copy(star, &copy);
        star_restore(star, NEMA, copy);
        there = add(star, NEMA, 9);
        star_run(star);
        if (star_status(star, NEMA).trouble == TIP_ECLONE) {
            choose(star, feed);
        }
        for (uint32_t i = 0; i < cut; i++) {
            star_step(star);
        }
        if (cut % 2 == 0) {
            star_crash_node(star, NEMA);
        } else {
            star_crash_hub(star);
        }
        star_run(star);
        assert_recovered(star);
        ASSERT_SHOWS(star, HUB, &there, FAKE_LATEST, 9, 1);
        ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
        assert_true(hub_engine_copies(star->hub, seen, 16) >= 2);
    }
}

static void test_nobody_is_chosen_of_one(void **state)
{
    struct star *star = *state;
    uint32_t origin = star->nodes[NEMA].identity.origin;

    assert_int_equal(hub_engine_copy_choose(star->hub, origin), TIP_ENOTFOUND);
    assert_int_equal(hub_engine_copy_choose(star->hub, 999), TIP_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_copy_that_calls_freezes_both_and_is_kept),
        STAR_TEST(test_the_open_one_is_chosen_and_the_other_hands_in),
        STAR_TEST(test_the_closed_one_is_chosen_and_the_other_hands_in),
        STAR_TEST(test_a_second_restore_from_one_backup_can_go_on),
        STAR_TEST(test_a_second_restore_at_once_goes_on),
        STAR_TEST(test_a_backup_of_the_way_back_can_be_put_back),
        STAR_TEST(test_a_feed_nobody_wrote_to_can_be_passed_over),
        STAR_TEST(test_who_has_written_nothing_goes_on_again_and_again),
        STAR_TEST(test_a_full_store_is_not_called_a_fork),
        STAR_TEST(test_power_may_go_while_a_copy_goes_on),
        STAR_TEST(test_nobody_is_chosen_of_one),
    };

    return cmocka_run_group_tests_name("clone", tests, NULL, NULL);
}
