/* The hub's folder is copied and both copies run, each with one office: what
 * either gave has the same numbers, so one of them cannot take it up. */
#include "restored.h"

static void call_again(struct star *star)
{
    for (size_t i = 0; i < star->node_count; i++) {
        star_cut(star, i);
        star_join(star, i);
    }
    star_run(star);
}

/* A record of both, in which Néma writes 2 with one hub and Atar 3 with the
 * other, to which Néma comes then. */
static struct tip_id work_with_two(struct star *star)
{
    struct tip_id id = star_id(star);
    struct fake_store *copy;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    copy = star_backup_hub(star);
    star_cut(star, ATAR);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_cut(star, NEMA);
    star_restore_hub(star, copy, false);
    fake_store_free(copy);
    star_join(star, ATAR);
    OK(star_edit(star, ATAR, &id, FAKE_LATEST, 3));
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    return id;
}

static void assert_refused(struct star *star, enum tip_err why)
{
    assert_int_equal(star_status(star, NEMA).trouble, why);
    assert_int_equal(star_device(star, NEMA).trouble, why);
    assert_int_equal(star_status(star, ATAR).trouble, TIP_OK);
    assert_int_equal(star_device(star, ATAR).trouble, TIP_OK);
}

static void test_who_knows_more_is_told_so_and_keeps_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = work_with_two(star);

    assert_refused(star, TIP_EHUB_BEHIND);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 2, 1);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 3, 1);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 3, 1);
}

/* Taken up under its number it would lie where Atar's lies, unseen. */
static void test_what_contradicts_the_order_is_not_taken_up(void **state)
{
    struct star *star = *state;
    struct tip_id id = work_with_two(star);

    OK(hub_engine_recovery_begin(star->hub, 0));
    call_again(star);
    assert_refused(star, TIP_EHUB_TWICE);
    call_again(star);
    assert_refused(star, TIP_EHUB_TWICE);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 2, 1);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 3, 1);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    OK(star_edit(star, ATAR, &id, FAKE_LATEST, 4));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 4, 1);
    assert_int_equal(star_status(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
    assert_refused(star, TIP_EHUB_TWICE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_who_knows_more_is_told_so_and_keeps_it),
        STAR_TEST(test_what_contradicts_the_order_is_not_taken_up),
    };

    return cmocka_run_group_tests_name("two_hubs", tests, NULL, NULL);
}
