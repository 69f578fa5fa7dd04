/* The hub is put back to before a record was erased: the erasure comes back
 * with the offices that know of it, and the record does not. */
#include "erasing.h"
#include "star_grep.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* Erase @id while office @who (NONE: nobody) is away, and put the hub back to
 * @backup, which is used up. Nobody is joined. */
static void erase_and_restore(struct star *star, const struct tip_id *id,
                              int who, struct fake_store *backup)
{
    if (who != NONE) {
        star_cut(star, (size_t)who);
    }
    erasing_begin(star, id);
    erasing_run(star);
    for (size_t i = 0; i < star->node_count; i++) {
        star_cut(star, i);
    }
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
}

static void test_an_erasure_comes_back_with_the_first_office(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");

    erase_and_restore(star, &id, NONE, star_backup_hub(star));
    assert_true(star_grep(star, HUB, "Mariem") > 0);
    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    erasing_assert_stub(star, HUB, &id);
    star_join(star, ATAR);
    star_run(star);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

/* An office greets before it hands back the control log: nobody is told to
 * erase again what that log says, and it counts as having carried it out. */
static void test_an_erasure_that_came_back_is_not_warned_of(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct hub_device_status devices[2];

    erase_and_restore(star, &id, NONE, star_backup_hub(star));
    star_join(star, NEMA);
    star_run(star);
    (void)hub_engine_devices(star->hub, devices, 2);
    assert_false(devices[NEMA].knows_erasure);
    OK(hub_engine_recovery_finish(star->hub));
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(hub_engine_devices(star->hub, devices, 2), 2);
    for (int i = NEMA; i <= ATAR; i++) {
        assert_false(devices[i].knows_erasure);
        assert_int_not_equal(devices[i].erased, 0);
    }
}

/* An office that was away when the record was erased comes back first, with
 * work on it; nobody it meets knows of the erasure yet. */
static void test_an_office_that_knew_nothing_comes_back_first(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct fake_store *backup = star_backup_hub(star);

    star_cut(star, ATAR);
    OK(erasing_write(star, ATAR, &id, FAKE_LATEST + 2, "Mariem, offline"));
    erase_and_restore(star, &id, ATAR, backup);
    star_join(star, ATAR);
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

/* The backup does not even have the record; an office that was away when it was
 * erased hands all of it back, and work on it. */
static void test_a_record_the_backup_does_not_have_stays_erased(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = erasing_somebody(star, "Mariem");

    star_cut(star, ATAR);
    OK(erasing_write(star, ATAR, &id, FAKE_LATEST + 2, "Mariem, offline"));
    erase_and_restore(star, &id, ATAR, backup);
    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

/* An office is put back to before the erasure, and had written to the record
 * after the backup. */
static void test_an_office_that_was_put_back_erases_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &other, NONE, FAKE_LATEST, 3));
    star_run(star);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 2, "Mariem, waiting"));
    backup = star_back_up(star, NEMA);
    star_run(star);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 3, "Mariem, since"));
    OK(star_edit(star, NEMA, &other, FAKE_LATEST, 4));
    star_run(star);
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    star_restore(star, NEMA, backup);
    assert_true(star_grep(star, NEMA, "Mariem") > 0);
    star_run(star);
    erasing_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    for (int i = HUB; i <= ATAR; i++) {
        erasing_assert_stub(star, i, &id);
        assert_int_equal(star_grep(star, i, "Mariem"), 0);
    }
    star_assert_settled(star);
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST, 4, 1);
}

/* What Néma saved reaches the hub by stick, and what the hub has for it comes
 * back, but for the word that its own has arrived. */
static void carry_but_the_receipt(struct star *star)
{
    struct node_engine *node = star->nodes[NEMA].engine;
    struct tip_channel_position at[NODE_CHANNELS];
    uint64_t last = star_status(star, NEMA).confirmed;
    struct tip_bytes frame;
    struct tip_head feed;

    OK(node_engine_export_frame(node, last + 1, &frame, &last));
    OK(hub_engine_import_frame(star->hub, STAR_ORIGIN_FIRST + NEMA, frame));
    OK(hub_engine_flush(star->hub));
    node_engine_position(node, &feed, at, NULL);
    erasing_carry(star, NEMA, at[0].channel, at[0].head.number + 1);
}

/* A frame of which something was erased since lies in the backup whole, and
 * decided, but not known to be with the hub. */
static void test_what_the_backup_has_of_it_is_known_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = star_id(star);
    struct fake_store *backup;

    star_cut(star, NEMA);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 2, "Mariem, by stick"));
    carry_but_the_receipt(star);
    assert_true(star_status(star, NEMA).decided >
                star_status(star, NEMA).confirmed);
    backup = star_back_up(star, NEMA);
    star_join(star, NEMA);
    OK(star_add(star, NEMA, &other, NONE, FAKE_LATEST, 4));
    star_run(star);
    erasing_begin(star, &id);
    erasing_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    erasing_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    for (int i = HUB; i <= ATAR; i++) {
        erasing_assert_stub(star, i, &id);
        assert_int_equal(star_grep(star, i, "Mariem"), 0);
    }
    star_assert_settled(star);
    ASSERT_SHOWS(star, NEMA, &other, FAKE_LATEST, 4, 1);
}

/* Work that waited in the backup lost its content before it was sent, with the
 * record: it is not written again, and so is nothing behind it. */
static void test_what_was_erased_before_it_was_sent_is_known_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = star_id(star);
    struct tip_channel_position at[NODE_CHANNELS];
    struct fake_store *backup;
    struct tip_head feed;

    OK(star_add(star, NEMA, &other, NONE, FAKE_LATEST, 3));
    star_run(star);
    star_cut(star, NEMA);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 2, "Mariem, waiting"));
    OK(star_edit(star, NEMA, &other, FAKE_LATEST, 4));
    backup = star_back_up(star, NEMA);
    erasing_begin(star, &id);
    node_engine_position(star->nodes[NEMA].engine, &feed, at, NULL);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (at[i].channel == TIP_CHANNEL_CTL) {
            erasing_carry(star, NEMA, at[i].channel, at[i].head.number + 1);
        }
    }
    star_join(star, NEMA);
    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    erasing_run(star);
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST, 4, 1);
    star_assert_settled(star);
    erasing_assert_gone(star, &id, "Mariem");
}

/* What came back to an office lost its content with the record; the word that
 * it was merged arrives before the control log, which says why. */
static void test_what_came_back_waits_for_what_erased_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct fake_store *backup = star_back_up(star, NEMA);
    struct tip_channel_position at[NODE_CHANNELS];
    uint32_t feed = star_status(star, NEMA).feed;
    struct tip_head head;

    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 2, "Mariem, since"));
    star_run(star);
    erasing_begin(star, &id);
    erasing_run(star);
    star_restore(star, NEMA, backup);
    while (star_status(star, NEMA).feed == feed) {
        assert_true(star_step(star));
    }
    star_cut(star, NEMA);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
    node_engine_position(star->nodes[NEMA].engine, &head, at, NULL);
    erasing_carry(star, NEMA, at[0].channel, at[0].head.number + 1);
    assert_int_equal(node_engine_seen(star->nodes[NEMA].engine).commit,
                     at[0].checkpoint);
    star_join(star, NEMA);
    star_run(star);
    erasing_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        erasing_assert_stub(star, i, &id);
        assert_int_equal(star_grep(star, i, "Mariem"), 0);
    }
    star_assert_settled(star);
}

/* The one office that knows comes back after the hub has gone on: the log that
 * it hands back proves it, and everybody erases again. */
static void test_an_erasure_only_a_late_office_knows_is_obeyed(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct fake_store *backup = star_backup_hub(star);
    struct hub_device_status devices[2];

    erase_and_restore(star, &id, ATAR, backup);
    star_join(star, ATAR);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    assert_true(star_grep(star, HUB, "Mariem") > 0);
    star_join(star, NEMA);
    star_run(star);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    star_assert_settled(star);
    assert_int_equal(hub_engine_devices(star->hub, devices, 2), 2);
    assert_false(devices[NEMA].knows_erasure);
    assert_int_equal(devices[NEMA].erased, devices[ATAR].erased);
    assert_int_equal(devices[NEMA].trouble, TIP_OK);
}

/* …and of a record that the backup does not have: what another late office
 * hands back then brings nothing of it. */
static void test_an_erasure_of_an_unknown_record_is_obeyed(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = erasing_somebody(star, "Mariem");

    star_cut(star, ATAR);
    OK(erasing_write(star, ATAR, &id, FAKE_LATEST + 2, "Mariem, offline"));
    erase_and_restore(star, &id, ATAR, backup);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    erasing_assert_stub(star, HUB, &id);
    star_join(star, ATAR);
    star_run(star);
    erasing_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        erasing_assert_stub(star, i, &id);
        assert_int_equal(star_grep(star, i, "Mariem"), 0);
    }
    star_assert_settled(star);
}

static void assert_nothing_waits(struct star *star)
{
    struct hub_held held;

    assert_int_equal(hub_engine_held(star->hub, &held, 1), 0);
}

/* Work waited for its record alone, in the backup too; its author was not told
 * that it has nothing to wait for any more. */
static void test_what_waited_for_it_alone_is_let_go_again(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id id;

    (void)star_held_edit(star, &id);
    backup = star_backup_hub(star);
    erase_and_restore(star, &id, ATAR, backup);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    erasing_run(star);
    erasing_assert_stub(star, HUB, &id);
    assert_nothing_waits(star);
    star_assert_settled(star);
}

/* …and its device is used no more: it does not come back. */
static void test_what_waited_of_a_retired_device_is_let_go(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id id;

    (void)star_held_edit(star, &id);
    star_retire(star, ATAR);
    backup = star_backup_hub(star);
    erase_and_restore(star, &id, ATAR, backup);
    star_join(star, NEMA);
    star_run(star);
    erasing_run(star);
    erasing_assert_stub(star, HUB, &id);
    assert_nothing_waits(star);
}

/* …and the one office that knows comes back after the hub has gone on. */
static void test_what_waited_is_let_go_when_a_late_office_tells(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id id;

    (void)star_held_edit(star, &id);
    backup = star_backup_hub(star);
    erase_and_restore(star, &id, ATAR, backup);
    star_join(star, ATAR);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    assert_int_equal(star_status(star, ATAR).held_count, 1);
    star_join(star, NEMA);
    star_run(star);
    erasing_run(star);
    erasing_assert_stub(star, HUB, &id);
    assert_nothing_waits(star);
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_an_erasure_comes_back_with_the_first_office),
        STAR_TEST(test_an_erasure_that_came_back_is_not_warned_of),
        STAR_TEST(test_an_office_that_knew_nothing_comes_back_first),
        STAR_TEST(test_what_the_backup_has_of_it_is_known_again),
        STAR_TEST(test_an_office_that_was_put_back_erases_again),
        STAR_TEST(test_what_was_erased_before_it_was_sent_is_known_again),
        STAR_TEST(test_what_came_back_waits_for_what_erased_it),
        STAR_TEST(test_an_erasure_only_a_late_office_knows_is_obeyed),
        STAR_TEST(test_an_erasure_of_an_unknown_record_is_obeyed),
        STAR_TEST(test_a_record_the_backup_does_not_have_stays_erased),
        STAR_TEST(test_what_waited_for_it_alone_is_let_go_again),
        STAR_TEST(test_what_waited_of_a_retired_device_is_let_go),
        STAR_TEST(test_what_waited_is_let_go_when_a_late_office_tells),
    };

    return cmocka_run_group_tests_name("erase_restored", tests, NULL, NULL);
}
