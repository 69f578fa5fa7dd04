/* The hub is put back to an older point: what offices and the hub itself did
 * since comes back, in any order, also from an office that stays away. */
#include "fake_schema.h"
#include "hub_retire.h"
#include "star.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, KIFFA = 2, NODES = 3, NONE = -1 };

/* Records of the story. */
struct tale {
    struct tip_id own[NODES];  /* Of each office, from before the backup… */
    struct tip_id late[NODES]; /* …and from after it. */
    struct tip_id shared;      /* Of Néma and Atar, from before. */
    struct tip_id given;       /* Of Néma, handed to Atar after it. */
    struct fake_store *backup;
};

static struct star the_star;
static struct tale the_tale;

static int setup(void **state)
{
    star_init(&the_star, NODES);
    star_run(&the_star);
    *state = &the_star;
    return 0;
}

static int teardown(void **state)
{
    star_deinit(*state);
    fake_store_free(the_tale.backup);
    the_tale.backup = NULL;
    return 0;
}

static uint32_t code(struct star *star, int i, const struct tip_id *id,
                     uint32_t field, size_t count)
{
    size_t found;
    uint32_t shown = star_code(star, i, id, field, &found);

    assert_int_equal(found, count);
    return shown;
}

static struct node_status status_of(struct star *star, size_t i)
{
    struct node_status status;

    node_engine_status(star->nodes[i].engine, &status);
    return status;
}

#define OK(call) assert_int_equal((call), TIP_OK)

/* Work, a backup, and more work that it does not have: an office's edits, the
 * hub's own, a record handed on and edited where it went. */
static void tell(struct star *star, struct tale *tale)
{
    for (int i = 0; i < NODES; i++) {
        tale->own[i] = star_id(star);
        OK(star_add(star, i, &tale->own[i], NONE, FAKE_LATEST, 1));
    }
    tale->shared = star_id(star);
    tale->given = star_id(star);
    OK(star_add(star, NEMA, &tale->shared, ATAR, FAKE_LATEST, 1));
    OK(star_add(star, NEMA, &tale->given, NONE, FAKE_LATEST, 1));
    star_run(star);
    tale->backup = star_backup_hub(star);
    for (int i = 0; i < NODES; i++) {
        tale->late[i] = star_id(star);
        OK(star_edit(star, i, &tale->own[i], FAKE_LATEST, 2));
        OK(star_add(star, i, &tale->late[i], NONE, FAKE_LATEST, 5));
    }
    star_run(star);
    OK(star_edit(star, HUB, &tale->own[KIFFA], FAKE_REVIEW, 6));
    OK(star_edit(star, NEMA, &tale->shared, FAKE_LATEST, 3));
    OK(star_member(star, NEMA, &tale->given, ATAR, true));
    star_run(star);
    OK(star_edit(star, ATAR, &tale->shared, FAKE_LATEST, 4));
    OK(star_edit(star, ATAR, &tale->given, FAKE_LATEST, 8));
    OK(star_edit(star, NEMA, &tale->late[NEMA], FAKE_LATEST, 9));
    star_run(star);
}

/* Everything is where it was, everywhere; nobody was made to disagree if
 * @is_clean. */
static void assert_told(struct star *star, const struct tale *tale,
                        bool is_clean)
{
    size_t count;

    for (int i = 0; i < NODES; i++) {
        assert_int_equal(
            star_code(star, HUB, &tale->own[i], FAKE_LATEST, &count), 2);
        assert_int_equal(code(star, i, &tale->own[i], FAKE_LATEST, count), 2);
        assert_true(!is_clean || count == 1);
        assert_int_equal(status_of(star, (size_t)i).trouble, TIP_OK);
        assert_int_equal(status_of(star, (size_t)i).agreement,
                         TIP_AGREEMENT_EQUAL);
        assert_int_equal(status_of(star, (size_t)i).decided,
                         status_of(star, (size_t)i).saved);
        assert_int_equal(status_of(star, (size_t)i).held_count, 0);
    }
    assert_int_equal(
        star_code(star, HUB, &tale->late[NEMA], FAKE_LATEST, &count), 9);
    assert_int_equal(
        star_code(star, HUB, &tale->late[KIFFA], FAKE_LATEST, &count), 5);
    assert_int_equal(
        star_code(star, HUB, &tale->own[KIFFA], FAKE_REVIEW, &count), 6);
    for (int i = HUB; i <= ATAR; i++) {
        assert_int_equal(star_code(star, i, &tale->shared, FAKE_LATEST, &count),
                         4);
        assert_true(!is_clean || count == 1);
        assert_int_equal(star_code(star, i, &tale->given, FAKE_LATEST, &count),
                         8);
        assert_true(!is_clean || count == 1);
    }
}

static void cut_all(struct star *star)
{
    for (size_t i = 0; i < NODES; i++) {
        star_cut(star, i);
    }
}

static struct hub_recovery recovery_of(struct star *star)
{
    struct hub_recovery recovery;

    hub_engine_recovery(star->hub, &recovery);
    return recovery;
}

static void
test_hub_restored_has_all_again_with_the_commits_it_had(void **state)
{
    static const size_t orders[][NODES] = {
        {0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}};
    struct star *star = *state;
    struct tale *tale = &the_tale;
    uint64_t reached;

    tell(star, tale);
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        reached = status_of(star, NEMA).checkpoint;
        cut_all(star);
        star_restore_hub(star, tale->backup, true);
        for (size_t i = 0; i < NODES; i++) {
            assert_true(recovery_of(star).is_open);
            star_join(star, orders[o][i]);
            star_run(star);
        }
        assert_false(recovery_of(star).is_open);
        assert_told(star, tale, true);
        /* New commits lie behind all that were ever given. */
        assert_true(tip_commit_generation(status_of(star, NEMA).checkpoint) >
                    tip_commit_generation(reached));
        if (o + 1 < sizeof orders / sizeof *orders) {
            fake_store_free(tale->backup);
            star_deinit(star);
            star_init(star, NODES);
            star_run(star);
            tell(star, tale);
        }
    }
}

static void
test_hub_restored_goes_on_without_an_office_that_stays_away(void **state)
{
    struct star *star = *state;
    struct tale *tale = &the_tale;

    tell(star, tale);
    cut_all(star);
    star_restore_hub(star, tale->backup, true);
    star_join(star, NEMA);
    star_join(star, KIFFA);
    star_run(star);
    assert_int_equal(recovery_of(star).missing, 1);
    /* Nothing is decided before that is settled, also not at the hub. */
    assert_int_equal(star_edit(star, HUB, &tale->own[NEMA], FAKE_REVIEW, 1),
                     TIP_ERECOVERING);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    OK(star_edit(star, NEMA, &tale->late[NEMA], FAKE_REVIEW, 3));
    OK(star_edit(star, HUB, &tale->own[ATAR], FAKE_REVIEW, 4));
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(recovery_of(star).missing, 0);
    assert_told(star, tale, false);
    /* And it works on. */
    OK(star_edit(star, ATAR, &tale->given, FAKE_REVIEW, 7));
    OK(star_edit(star, ATAR, &tale->late[ATAR], FAKE_LATEST, 7));
    star_run(star);
    assert_int_equal(code(star, NEMA, &tale->given, FAKE_REVIEW, 1), 7);
    assert_int_equal(code(star, HUB, &tale->late[ATAR], FAKE_LATEST, 1), 7);
    assert_int_equal(status_of(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
}

/* A stick is filled for an office that is not back: what it will hand back must
 * follow what is here. */
static void
test_hub_restored_puts_nothing_on_a_stick_for_who_is_away(void **state)
{
    struct star *star = *state;
    struct tale *tale = &the_tale;
    const uint32_t office = star->nodes[ATAR].identity.office;
    struct tip_bytes frame;
    uint64_t index = 1;

    tell(star, tale);
    cut_all(star);
    star_restore_hub(star, tale->backup, true);
    star_join(star, NEMA);
    star_join(star, KIFFA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    OK(star_edit(star, HUB, &tale->own[ATAR], FAKE_REVIEW, 4));
    while (hub_engine_export_frame(star->hub, office, index, &frame) ==
           TIP_OK) {
        index++;
    }
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(recovery_of(star).missing, 0);
    assert_told(star, tale, false);
    assert_int_equal(code(star, ATAR, &tale->own[ATAR], FAKE_REVIEW, 1), 4);
    assert_int_equal(status_of(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
}

static void
test_hub_restored_from_a_copy_is_noticed_and_can_be_said(void **state)
{
    struct star *star = *state;
    struct tale *tale = &the_tale;
    struct hub_device_status devices[NODES];

    tell(star, tale);
    cut_all(star);
    star_restore_hub(star, tale->backup, false);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(status_of(star, NEMA).trouble, TIP_EHUB_BEHIND);
    assert_int_equal(hub_engine_devices(star->hub, devices, NODES), NODES);
    assert_true(devices[NEMA].is_ahead && !devices[ATAR].is_ahead);
    assert_false(recovery_of(star).is_open);
    OK(hub_engine_recovery_begin(star->hub, 0));
    cut_all(star);
    for (size_t i = 0; i < NODES; i++) {
        star_join(star, i);
    }
    star_run(star);
    assert_told(star, tale, true);
}

static void
test_hub_restored_does_not_wait_longer_than_it_was_told(void **state)
{
    struct star *star = *state;
    struct tale *tale = &the_tale;

    tell(star, tale);
    cut_all(star);
    star_restore_hub(star, tale->backup, true);
    star_crash_hub(star);
    assert_true(recovery_of(star).is_open);
    assert_int_equal(recovery_of(star).missing, NODES);
    assert_int_equal(recovery_of(star).finished_ms, 0);
    star_wait(star, 12345);
    OK(hub_engine_recovery_finish(star->hub));
    OK(hub_engine_flush(star->hub));
    star_crash_hub(star);
    assert_int_equal(hub_engine_recovery_finish(star->hub),
                     TIP_ENOT_RECOVERING);
    assert_int_equal(recovery_of(star).finished_ms, star->clock.now_ms);
    for (size_t i = 0; i < NODES; i++) {
        star_join(star, i);
        star_run(star);
    }
    assert_told(star, tale, false);
}

/* For so long it runs, whatever its clock is set to, and however often it is
 * started again. */
static void test_hub_restored_waits_as_long_as_it_runs(void **state)
{
    static const uint64_t minute_ms = 60000;
    struct star *star = *state;
    struct tale *tale = &the_tale;
    uint64_t left_ms;

    tell(star, tale);
    cut_all(star);
    star->recovery_ms = 60 * minute_ms;
    star_restore_hub(star, tale->backup, true);
    star->clock.now_ms += 525600 * minute_ms;
    star_run(star);
    assert_true(recovery_of(star).is_open);
    for (int i = 0; i < 59; i++) {
        star_wait(star, minute_ms);
        star_run(star);
    }
    assert_true(recovery_of(star).is_open);
    star_crash_hub(star);
    left_ms = recovery_of(star).ends_ms - star->clock.now_ms;
    assert_int_equal(left_ms, minute_ms);
    star->clock.now_ms = TIP_STAMP_EPOCH_MS;
    star_run(star);
    assert_true(recovery_of(star).is_open);
    star_wait(star, minute_ms);
    star_run(star);
    assert_false(recovery_of(star).is_open);
}

/* Given after the backup, and so forgotten: still nobody else's. */
static void test_hub_restored_gives_no_origin_twice(void **state)
{
    struct star *star = *state;
    struct tale *tale = &the_tale;
    uint32_t forgotten, fresh;

    tale->backup = star_backup_hub(star);
    OK(hub_engine_new_origin(star->hub, &forgotten));
    OK(hub_engine_flush(star->hub));
    star_restore_hub(star, tale->backup, true);
    OK(hub_engine_new_origin(star->hub, &fresh));
    assert_true(fresh > forgotten);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, setup, teardown)

static void test_hub_restored_does_not_wait_for_a_retired_device(void **state)
{
    struct star *star = *state;
    struct tale *tale = &the_tale;

    tell(star, tale);
    star_retire(star, KIFFA);
    star_run(star);
    cut_all(star);
    star_restore_hub(star, tale->backup, true);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(recovery_of(star).missing, 0);
    assert_false(recovery_of(star).is_open);
    assert_true(hub_engine_in_use(star->hub, STAR_OFFICE_FIRST + KIFFA) ==
                NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hub_restored_has_all_again_with_the_commits_it_had),
        TEST(test_hub_restored_goes_on_without_an_office_that_stays_away),
        TEST(test_hub_restored_puts_nothing_on_a_stick_for_who_is_away),
        TEST(test_hub_restored_from_a_copy_is_noticed_and_can_be_said),
        TEST(test_hub_restored_does_not_wait_longer_than_it_was_told),
        TEST(test_hub_restored_waits_as_long_as_it_runs),
        TEST(test_hub_restored_gives_no_origin_twice),
        cmocka_unit_test_setup_teardown(
            test_hub_restored_does_not_wait_for_a_retired_device, setup,
            teardown),
    };

    return cmocka_run_group_tests_name("hub_restored", tests, NULL, NULL);
}
