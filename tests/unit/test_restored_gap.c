/* A device that was put back together with the hub, and once more: numbers of
 * its feed that only other offices know of leave a gap in it. */
#include "cloned.h"

/* Put both back to before Néma wrote @code to @id of both; Atar knows it. */
static void put_both_back(struct star *star, struct fake_store *disk,
                          struct fake_store *backup)
{
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    star_restore(star, NEMA, fake_store_copy(disk));
    star_cut(star, NEMA);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
}

static void assert_all_show(struct star *star, const struct tip_id *id,
                            uint32_t code)
{
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, id, FAKE_LATEST, code, 1);
    }
    assert_recovered(star);
}

static void test_it_may_be_put_back_to_before_the_gap(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *disk = star_back_up(star, NEMA);
    struct fake_store *backup = star_backup_hub(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    put_both_back(star, disk, backup);
    assert_all_show(star, &id, 1);
    star_restore(star, NEMA, fake_store_copy(disk)); /* Unused. */
    star_run(star);
    assert_all_show(star, &id, 1);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, fake_store_copy(disk)); /* Written to. */
    star_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_ECLONE);
    choose(star, star->nodes[NEMA].identity.origin);
    star_run(star);
    assert_all_show(star, &id, 2);
    fake_store_free(disk);
    fake_store_free(backup);
}

/* All that was ever saved goes on a stick, also what lies behind the gap. */
static void test_a_stick_of_all_goes_over_the_gap(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *disk = star_back_up(star, NEMA);
    struct fake_store *backup = star_backup_hub(star);
    struct node_engine *node;
    struct tip_bytes frame;
    uint64_t last = 0;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    put_both_back(star, disk, backup);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    node = star->nodes[NEMA].engine;
    while (last < star_status(star, NEMA).saved) {
        enum tip_err err;

        OK(node_engine_export_frame(node, last + 1, &frame, &last));
        err = hub_engine_import_frame(star->hub,
                                      star->nodes[NEMA].identity.origin, frame);
        assert_true(err == TIP_OK || err == TIP_EEXISTS);
    }
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 2, 1);
    star_join(star, NEMA);
    star_run(star);
    assert_all_show(star, &id, 2);
    fake_store_free(disk);
    fake_store_free(backup);
}

/* Then the hub alone is put back once more to before the gap: there is no frame
 * to send from there, and the log says where the feed behind begins. */
static void put_hub_back_once_more(struct star *star, bool is_written,
                                   bool is_late)
{
    struct tip_id id = star_id(star);
    struct fake_store *disk = star_back_up(star, NEMA);
    struct fake_store *backup = star_backup_hub(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    put_both_back(star, disk, backup);
    assert_all_show(star, &id, 1);
    if (is_written) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
        star_run(star);
    }
    if (is_late) {
        star_cut(star, NEMA);
    }
    star_restore_hub(star, backup, true);
    star_run(star);
    if (is_late) {
        OK(hub_engine_recovery_finish(star->hub));
        star_run(star);
        star_join(star, NEMA);
        star_run(star);
    }
    assert_all_show(star, &id, is_written ? 2 : 1);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    assert_all_show(star, &id, 3);
    fake_store_free(disk);
    fake_store_free(backup);
}

static void test_the_hub_may_be_put_back_to_before_the_gap(void **state)
{
    put_hub_back_once_more(*state, false, false);
}

static void test_what_lies_behind_the_gap_comes_back(void **state)
{
    put_hub_back_once_more(*state, true, false);
}

static void test_what_lies_behind_the_gap_may_come_late(void **state)
{
    put_hub_back_once_more(*state, true, true);
}

/* Néma is on its way back, and has what it had sent, when the hub is put back
 * too: then only Atar has that, and it comes from there. */
static void test_what_had_come_back_may_be_gone_from_the_hub(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *disk, *backup;

    OK(star_add(star, ATAR, &id, NEMA, FAKE_LATEST, 1));
    star_run(star);
    disk = star_back_up(star, NEMA);
    backup = star_backup_hub(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, disk);
    for (size_t i = 0; i < 5; i++) {
        assert_true(star_step(star));
    }
    assert_true(star_status(star, NEMA).is_recovering);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_run(star);
    assert_all_show(star, &id, 2);
}

/* It had gone on after the backups, which the control log tells. */
static void test_a_feed_it_does_not_know_any_more_is_passed_over(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *disk = star_back_up(star, NEMA);
    struct fake_store *backup = star_backup_hub(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_restore(star, NEMA, fake_store_copy(disk));
    star_run(star);
    assert_all_show(star, &id, 1);
    put_both_back(star, disk, backup);
    assert_all_show(star, &id, 1);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    assert_all_show(star, &id, 2);
    fake_store_free(disk);
    fake_store_free(backup);
}

/* Néma is back, with all it has, before Atar tells of the feed it writes under.
 */
static void test_a_feed_may_be_told_of_after_its_device_is_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *disk = star_back_up(star, NEMA);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    star_restore(star, NEMA, disk);
    while (star_status(star, NEMA).feed == star->nodes[NEMA].identity.origin ||
           !star_step(star)) {
        star_step(star);
    }
    star_cut(star, NEMA);
    star_run(star);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    assert_all_show(star, &id, 2);
}

/* What Néma has for the hub goes there by stick; the hub tells Atar of it, and
 * Néma of nothing. */
static void carry(struct star *star)
{
    uint64_t last = star_status(star, NEMA).confirmed;
    struct tip_bytes frame;

    while (node_engine_export_frame(star->nodes[NEMA].engine, last + 1, &frame,
                                    &last) == TIP_OK) {
        OK(hub_engine_import_frame(star->hub, STAR_ORIGIN_FIRST + NEMA, frame));
    }
    star_run(star);
}

/* Of what Atar hands back, Néma, which comes late, was told the beginning. */
static void test_who_comes_late_is_told_what_it_has_not_heard(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup = star_backup_hub(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    carry(star);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 3, 1);
    star_join(star, NEMA);
    star_run(star);
    assert_all_show(star, &id, 3);
}

/* Atar was told of what Néma wrote, by a stick, and Néma was not; it comes
 * late. A part of it only Néma holds. */
static void
test_late_work_that_others_handed_back_is_not_taken_twice(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star), own = star_id(star);
    struct fake_store *backup = star_backup_hub(star);

    star_cut(star, NEMA);
    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    OK(star_add(star, NEMA, &own, NONE, FAKE_LATEST, 2));
    OK(star_edit(star, NEMA, &id, FAKE_REVIEW, 3));
    carry(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_REVIEW, 3, 1);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 3, 1);
    star_join(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &own, FAKE_LATEST, 2, 1);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_run(star);
    assert_all_show(star, &id, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_it_may_be_put_back_to_before_the_gap),
        STAR_TEST(test_a_stick_of_all_goes_over_the_gap),
        STAR_TEST(test_the_hub_may_be_put_back_to_before_the_gap),
        STAR_TEST(test_what_lies_behind_the_gap_comes_back),
        STAR_TEST(test_what_lies_behind_the_gap_may_come_late),
        STAR_TEST(test_what_had_come_back_may_be_gone_from_the_hub),
        STAR_TEST(test_a_feed_it_does_not_know_any_more_is_passed_over),
        STAR_TEST(test_a_feed_may_be_told_of_after_its_device_is_back),
        STAR_TEST(test_who_comes_late_is_told_what_it_has_not_heard),
        STAR_TEST(test_late_work_that_others_handed_back_is_not_taken_twice),
    };

    return cmocka_run_group_tests_name("restored_gap", tests, NULL, NULL);
}
