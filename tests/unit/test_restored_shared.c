/* The hub is put back to before an office wrote a record and gave it to
 * another; the first stays away, or is no more. The other was sent the record
 * whole: that is all there is. */
#include "restored.h"

/* Néma writes @id, with 2 over 1, and gives it to Atar, which adds 3 for
 * review. */
static void share(struct star *star, const struct tip_id *id)
{
    OK(star_add(star, NEMA, id, NONE, FAKE_LATEST, 1));
    OK(star_edit(star, NEMA, id, FAKE_LATEST, 2));
    star_run(star);
    OK(star_member(star, NEMA, id, ATAR, true));
    star_run(star);
    OK(star_edit(star, ATAR, id, FAKE_REVIEW, 3));
    star_run(star);
}

/* The hub, put back to @backup, goes on with Atar alone. */
static void go_on_alone(struct star *star, struct fake_store *backup)
{
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, ATAR);
    star_run(star);
    if (hub_engine_recovery_finish(star->hub) != TIP_ENOT_RECOVERING) {
        star_run(star);
    }
}

static void assert_is_there(struct star *star, int i, const struct tip_id *id)
{
    ASSERT_SHOWS(star, i, id, FAKE_LATEST, 2, 1);
    ASSERT_SHOWS(star, i, id, FAKE_REVIEW, 3, 1);
}

/* Atar takes part, and its work is where it was told it is. */
static void assert_atar_is_well(struct star *star)
{
    struct node_status status = star_status(star, ATAR);

    assert_int_equal(status.trouble, TIP_OK);
    assert_int_equal(status.held_count, 0);
    assert_int_equal(status.decided, status.saved);
    assert_int_equal(status.agreement, TIP_AGREEMENT_EQUAL);
}

static void test_it_is_there_before_its_author_is(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup = star_backup_hub(star);
    size_t rows;

    share(star, &id);
    rows = history(star->store);
    go_on_alone(star, backup);
    assert_is_there(star, HUB, &id);
    assert_is_there(star, ATAR, &id);
    assert_atar_is_well(star);
    star_join(star, NEMA);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        assert_is_there(star, i, &id);
    }
    assert_int_equal(history(star->store), rows); /* 1, which 2 superseded. */
    star_assert_settled(star);
    assert_recovered(star);
}

static void test_it_is_there_though_its_author_is_no_more(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup = star_backup_hub(star);

    share(star, &id);
    star_retire(star, NEMA);
    star_run(star);
    go_on_alone(star, backup);
    assert_is_there(star, HUB, &id);
    assert_atar_is_well(star);
    star_replace(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        assert_is_there(star, i, &id);
    }
    star_assert_settled(star);
    assert_recovered(star);
}

/* Its author was put back too, and wrote something else under those numbers. */
static void test_it_is_not_taken_for_what_its_author_wrote_since(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star), other = star_id(star);
    struct fake_store *backup = star_backup_hub(star);
    struct fake_store *disk = star_back_up(star, NEMA);

    share(star, &id);
    star_cut(star, ATAR);
    star_restore(star, NEMA, disk);
    star_cut(star, NEMA);
    OK(star_add(star, NEMA, &other, NONE, FAKE_LATEST, 7));
    OK(star_edit(star, NEMA, &other, FAKE_REVIEW, 8));
    OK(star_edit(star, NEMA, &other, FAKE_LATEST, 9));
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        assert_is_there(star, i, &id);
    }
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST, 9, 1);
    ASSERT_SHOWS(star, NEMA, &other, FAKE_REVIEW, 8, 1);
    star_assert_settled(star);
    assert_recovered(star);
}

/* The hub went on without both. They come together, and whoever was given the
 * record has its turn first, when all frames are there. */
static void test_both_may_come_late(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup = star_backup_hub(star);

    OK(star_add(star, ATAR, &id, NEMA, FAKE_LATEST, 1));
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_REVIEW, 3));
    star_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    OK(hub_engine_recovery_finish(star->hub));
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        /* Late work has new commits: at worst both stand. */
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 2, 2);
        ASSERT_SHOWS(star, i, &id, FAKE_REVIEW, 3, 1);
    }
    star_assert_settled(star);
    assert_recovered(star);
    assert_atar_is_well(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_it_is_there_before_its_author_is),
        STAR_TEST(test_it_is_there_though_its_author_is_no_more),
        STAR_TEST(test_both_may_come_late),
        STAR_TEST(test_it_is_not_taken_for_what_its_author_wrote_since),
    };

    return cmocka_run_group_tests_name("restored_shared", tests, NULL, NULL);
}
