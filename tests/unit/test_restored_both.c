/* The hub is put back to an older point, and so was an office: its device goes
 * on under another origin, of which the hub may know nothing any more. */
#include "star_damage.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static bool is_recovering(struct star *star)
{
    struct hub_recovery recovery;

    hub_engine_recovery(star->hub, &recovery);
    return recovery.is_open || recovery.missing != 0;
}

static void cut_both(struct star *star)
{
    star_cut(star, NEMA);
    star_cut(star, ATAR);
}

static void join_both(struct star *star)
{
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
}

/* Put Néma's disk back to before it wrote @code to @id. */
static void go_on(struct star *star, const struct tip_id *id, uint32_t code)
{
    struct fake_store *disk = star_back_up(star, NEMA);

    OK(star_edit(star, NEMA, id, FAKE_LATEST, code));
    star_run(star);
    star_restore(star, NEMA, disk);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, id, FAKE_LATEST, code, 1);
    star_assert_settled(star);
}

/* Both offices and the hub show @code, and Néma works on. */
static void assert_whole(struct star *star, const struct tip_id *id,
                         uint32_t code)
{
    assert_false(is_recovering(star));
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, id, FAKE_LATEST, code, 1);
    }
    star_assert_settled(star);
    OK(star_edit(star, NEMA, id, FAKE_LATEST, code + 1));
    star_run(star);
    ASSERT_SHOWS(star, ATAR, id, FAKE_LATEST, code + 1, 1);
    star_assert_settled(star);
    assert_int_equal(star_status(star, NEMA).confirmed,
                     star_status(star, NEMA).saved);
    assert_int_equal(star_status(star, NEMA).decided,
                     star_status(star, NEMA).saved);
}

static void test_a_device_that_went_on_before_the_backup_is_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    go_on(star, &id, 2);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    backup = star_backup_hub(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_run(star);
    cut_both(star);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    join_both(star);
    assert_whole(star, &id, 4);
}

static void test_a_device_that_went_on_after_the_backup_is_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    go_on(star, &id, 2);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    cut_both(star);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    join_both(star);
    assert_whole(star, &id, 3);
}

/* What it had sent before it went on takes longer to come than the log that
 * tells of that. */
static void test_a_device_that_went_on_is_back_with_all_it_has(void **state)
{
    enum { COUNT = 30 };

    struct star *star = *state;
    struct tip_id ids[COUNT];
    struct fake_store *disk = star_back_up(star, NEMA);
    struct fake_store *backup = star_backup_hub(star);

    star_add_fat(star, NEMA, ids, COUNT);
    star_restore(star, NEMA, disk);
    star_run(star);
    assert_int_not_equal(star_status(star, NEMA).feed,
                         star->nodes[NEMA].identity.origin);
    cut_both(star);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    join_both(star);
    assert_false(is_recovering(star));
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    star_assert_codes(star, NEMA, ids, COUNT);
    star_assert_settled(star);
}

/* Nothing was sent between the backup and that. */
static void test_a_device_that_went_on_at_once_is_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *disk, *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    disk = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    backup = star_backup_hub(star);
    star_restore(star, NEMA, disk);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    cut_both(star);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    join_both(star);
    assert_whole(star, &id, 3);
}

/* Twice, and the hub knows of neither. */
static void test_a_device_that_went_on_twice_is_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup = star_backup_hub(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    go_on(star, &id, 2);
    go_on(star, &id, 3);
    cut_both(star);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    join_both(star);
    assert_whole(star, &id, 3);
}

/* The office that stays away is the one that went on. */
static void test_a_device_that_went_on_may_come_late(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star), born = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    go_on(star, &id, 2);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    OK(star_add(star, NEMA, &born, NONE, FAKE_LATEST, 4));
    star_run(star);
    /* Named by the birth that the hub gave it. */
    OK(star_edit(star, NEMA, &born, FAKE_LATEST, 5));
    star_run(star);
    cut_both(star);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, ATAR);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    assert_false(is_recovering(star));
    ASSERT_SHOWS(star, HUB, &born, FAKE_LATEST, 5, 1);
    ASSERT_SHOWS(star, NEMA, &born, FAKE_LATEST, 5, 1);
    /* Atar had told of all of it already: nothing stands beside. */
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 3, 1);
    }
    star_assert_settled(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    assert_whole(star, &id, 3);
}

/* The backup is older than all that could tell of it: said by a code. */
static void test_a_device_nobody_can_tell_of_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    go_on(star, &id, 2);
    star_cut(star, NEMA);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, ATAR);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_device(star, NEMA).trouble, TIP_EFEED_LOST);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_EFEED_LOST);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 2, 1);
    /* Each time it calls, whatever it says. */
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_cut(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_device(star, NEMA).trouble, TIP_EFEED_LOST);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
}

/* What Néma wrote since both backups only Atar has. It comes back as it was,
 * and Néma goes on behind its number, or two would mean something else by it.
 */
static void test_what_only_another_office_has_comes_back(void **state)
{
    struct star *star = *state;
    struct tip_id kept = star_id(star), id = star_id(star);
    struct fake_store *disk, *backup;

    OK(star_add(star, NEMA, &kept, ATAR, FAKE_LATEST, 7));
    star_run(star);
    disk = star_back_up(star, NEMA);
    backup = star_backup_hub(star);
    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    OK(star_edit(star, NEMA, &kept, FAKE_LATEST, 8));
    star_run(star);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_restore(star, NEMA, disk);
    join_both(star);
    ASSERT_SHOWS(star, NEMA, &kept, FAKE_LATEST, 8, 1);
    assert_int_not_equal(star_status(star, NEMA).feed,
                         star->nodes[NEMA].identity.origin);
    assert_int_equal(star_status(star, NEMA).decided,
                     star_status(star, NEMA).saved);
    assert_whole(star, &id, 1);
    star_crash_hub(star);
    star_crash_node(star, NEMA);
    star_run(star);
    assert_whole(star, &id, 2);
}

/* Néma wrote offline before it met anybody: under numbers that mean something
 * else to Atar, by a clock that was put back too. */
static void forget_and_write(struct star *star, uint32_t saves)
{
    struct tip_id kept = star_id(star), ids[4], news[4];
    struct fake_store *disk, *backup;

    OK(star_add(star, NEMA, &kept, ATAR, FAKE_LATEST, 7));
    star_run(star);
    disk = star_back_up(star, NEMA);
    backup = star_backup_hub(star);
    for (uint32_t i = 0; i < 2; i++) {
        ids[i] = star_id(star);
        OK(star_add(star, NEMA, &ids[i], ATAR, FAKE_LATEST, 1 + i));
    }
    OK(star_edit(star, NEMA, &kept, FAKE_LATEST, 8));
    star_run(star);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_restore(star, NEMA, disk);
    star_cut(star, NEMA);
    for (uint32_t i = 0; i < saves; i++) {
        news[i] = star_id(star);
        OK(star_add(star, NEMA, &news[i], NONE, FAKE_LATEST, 11 + i));
    }
    OK(star_edit(star, NEMA, &kept, FAKE_LATEST, 9));
    join_both(star);
    assert_false(is_recovering(star));
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &ids[0], FAKE_LATEST, 1, 1);
        ASSERT_SHOWS(star, i, &ids[1], FAKE_LATEST, 2, 1);
        ASSERT_SHOWS(star, i, &kept, FAKE_LATEST,
                     star_code(star, HUB, &kept, FAKE_LATEST, &(size_t){0}), 2);
    }
    for (uint32_t i = 0; i < saves; i++) {
        ASSERT_SHOWS(star, HUB, &news[i], FAKE_LATEST, 11 + i, 1);
        ASSERT_SHOWS(star, NEMA, &news[i], FAKE_LATEST, 11 + i, 1);
    }
    star_assert_settled(star);
    OK(star_edit(star, NEMA, &kept, FAKE_LATEST, 10));
    star_run(star);
    assert_whole(star, &kept, 10);
}

static void test_less_than_was_forgotten_stands_beside_it(void **state)
{
    forget_and_write(*state, 0);
}

static void test_as_much_as_was_forgotten_stands_beside_it(void **state)
{
    forget_and_write(*state, 2);
}

static void test_more_than_was_forgotten_stands_beside_it(void **state)
{
    forget_and_write(*state, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_device_that_went_on_before_the_backup_is_back),
        STAR_TEST(test_a_device_that_went_on_after_the_backup_is_back),
        STAR_TEST(test_a_device_that_went_on_is_back_with_all_it_has),
        STAR_TEST(test_a_device_that_went_on_at_once_is_back),
        STAR_TEST(test_a_device_that_went_on_twice_is_back),
        STAR_TEST(test_a_device_that_went_on_may_come_late),
        STAR_TEST(test_a_device_nobody_can_tell_of_is_refused),
        STAR_TEST(test_what_only_another_office_has_comes_back),
        STAR_TEST(test_less_than_was_forgotten_stands_beside_it),
        STAR_TEST(test_as_much_as_was_forgotten_stands_beside_it),
        STAR_TEST(test_more_than_was_forgotten_stands_beside_it),
    };

    return cmocka_run_group_tests_name("restored_both", tests, NULL, NULL);
}
