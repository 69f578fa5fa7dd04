/* Records that are erased by law, through the two engines: nothing of them is
 * left anywhere, nothing of others is lost, nothing comes back. */
#include <stdio.h>

#include "erasing.h"
#include "star_damage.h"
#include "star_grep.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)
#define MONTH_MS (UINT64_C(30) * 24 * 60 * 60 * 1000)

static void test_nothing_of_it_is_left_and_the_chains_hold(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct hub_erasing erasing;

    for (int i = HUB; i <= ATAR; i++) {
        assert_true(star_grep(star, i, "Mariem") > 0);
        assert_int_equal(star_verify_chains(star, i), 0);
    }
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    for (int i = HUB; i <= ATAR; i++) {
        assert_true(star_verify_chains(star, i) > 0);
        assert_true(star_grep(star, i, "Salka") > 0);
    }
    hub_engine_erasing(star->hub, &erasing);
    assert_int_equal(erasing.done, erasing.newest);
    assert_int_equal(erasing.trouble, TIP_OK);
    assert_int_equal(star->store->purge_count, 1);
    OK(star_edit(star, NEMA, &other, FAKE_LATEST, 9));
    star_run(star);
    erasing_assert_agreement(star);
}

static void test_the_hub_knows_which_offices_have_erased_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct hub_device_status devices[2];
    struct hub_erasing erasing;

    star_cut(star, NEMA);
    erasing_begin(star, &id);
    erasing_run(star);
    hub_engine_erasing(star->hub, &erasing);
    assert_int_equal(hub_engine_devices(star->hub, devices, 2), 2);
    assert_true(devices[NEMA].erased < erasing.newest);
    assert_int_equal(devices[ATAR].erased, erasing.newest);
    star_join(star, NEMA);
    erasing_run(star);
    assert_int_equal(hub_engine_devices(star->hub, devices, 2), 2);
    assert_int_equal(devices[NEMA].erased, erasing.newest);
}

static void test_erased_then_edited_offline(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct node_erasure erasure;

    star_cut(star, NEMA);
    erasing_begin(star, &id);
    star_run(star);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 3, "Mariem again"));
    OK(star_edit(star, NEMA, &other, FAKE_LATEST, 12));
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 4, "Mariem once more"));
    star_join(star, NEMA);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    for (int i = HUB; i <= ATAR; i++) {
        size_t count;

        assert_int_equal(star_code(star, i, &other, FAKE_LATEST, &count), 12);
    }
    erasing_assert_agreement(star);
    OK(node_engine_next_erasure(star->nodes[NEMA].engine, 0, &erasure));
    assert_true(tip_id_equal(&erasure.record, &id));
    assert_true(erasure.was_here);
    assert_int_equal(erasure.lost_count, 2);
    assert_string_equal(erasure.author, "clerk");
    assert_int_equal(node_engine_next_erasure(star->nodes[NEMA].engine,
                                              erasure.commit, &erasure),
                     TIP_ENOTFOUND);
}

static void test_13_months_away(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");

    /* Framed and sent into nowhere, so cut for good; and saved after that. */
    star_cut(star, NEMA);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 3, "Mariem framed"));
    OK(node_engine_cut_all(star->nodes[NEMA].engine));
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 4, "Mariem saved"));
    erasing_begin(star, &id);
    for (int month = 0; month < 13; month++) {
        struct tip_id other = star_id(star);

        star->clock.now_ms += MONTH_MS;
        star->clock.elapsed_ms += MONTH_MS;
        star->nodes[NEMA].clock.now_ms += MONTH_MS;
        OK(star_add(star, ATAR, &other, NEMA, FAKE_LATEST, 3));
        star_run(star);
    }
    star_crash_node(star, NEMA);
    star_crash_hub(star);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

static void test_an_old_stick_does_not_bring_it_back(void **state)
{
    static uint8_t own_memory[TIP_FRAME_BYTES_MAX];
    static uint8_t ctl_memory[TIP_FRAME_BYTES_MAX];
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_channel_position have[3];
    struct tip_bytes own, ctl;
    struct tip_head feed;

    star_cut(star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    OK(erasing_write(star, ATAR, &id, FAKE_LATEST + 1, "Mariem of the stick"));
    star_run(star);
    own = erasing_export(star, have[0].channel, have[0].head.number + 1,
                         own_memory);
    erasing_begin(star, &id);
    erasing_run(star);
    ctl = erasing_export(star, TIP_CHANNEL_CTL, have[2].head.number + 1,
                         ctl_memory);
    erasing_import(star, NEMA, ctl);
    erasing_run(star); /* It has carried it out. */
    erasing_import(star, NEMA, own);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
    star_join(star, NEMA);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

static void test_nothing_can_be_written_to_it_any_more(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    uint64_t commit;

    erasing_begin(star, &id);
    erasing_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        assert_int_equal(star_edit(star, i, &id, FAKE_LATEST, 1), TIP_EERASED);
        assert_int_equal(star_add(star, i, &id, NONE, FAKE_LATEST, 1),
                         TIP_EERASED);
    }
    assert_int_equal(hub_engine_erase(star->hub, &id, ERASING_NOW_MS, &commit),
                     TIP_EERASED);
}

static void test_an_office_that_never_had_it_does_not_take_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 7));
    star_run(star);
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_assert_stub(star, ATAR, &id);
    assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 1),
                     TIP_EERASED);
}

/* It names the record by its birth in all its frames, and has it no more. */
static void test_an_office_that_has_left_it_keeps_nothing_either(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");

    OK(star_member(star, ATAR, &id, ATAR, false));
    erasing_run(star);
    assert_true(star_grep(star, ATAR, "Mariem") > 0);
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

/* What comes whole has own work laid over it again; what is erased has not. */
static void test_unsent_work_is_not_laid_over_what_is_erased(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = star_id(star);
    struct tip_channel_position have[3];
    struct tip_head feed;

    star_cut(star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 3, "Mariem, unsent"));
    OK(star_add(star, ATAR, &other, NONE, FAKE_LATEST, 7));
    OK(star_member(star, ATAR, &other, NEMA, true));
    star_run(star);
    erasing_begin(star, &id);
    erasing_carry(star, NEMA, TIP_CHANNEL_CTL, have[2].head.number + 1);
    erasing_carry(star, NEMA, have[0].channel, have[0].head.number + 1);
    star_join(star, NEMA);
    star_run(star);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
}

/* Its disk has lost the record, and with it what says that unsent work of this
 * office lies over it. */
static void test_unsent_work_on_a_record_that_was_lost_goes_too(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_channel_position have[3];
    struct node_status status;
    struct tip_head feed;

    star_cut(star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 3, "Mariem, unsent"));
    star_spoil(star, NEMA, &id);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 0, 0);
    star_run(star);
    node_engine_status(star->nodes[NEMA].engine, &status);
    assert_int_equal(status.lost_count, 1);
    erasing_begin(star, &id);
    erasing_carry(star, NEMA, TIP_CHANNEL_CTL, have[2].head.number + 1);
    star_join(star, NEMA);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
}

static void test_history_goes_though_its_record_is_lost(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_channel_position have[3];
    struct tip_head feed;

    star_cut(star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    star_lose(star, NEMA, &id);
    star_crash_node(star, NEMA);
    erasing_begin(star, &id);
    erasing_carry(star, NEMA, TIP_CHANNEL_CTL, have[2].head.number + 1);
    star_join(star, NEMA);
    star_run(star);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
}

/* What an office holds has changed, and not by its own channel. */
static void test_power_goes_when_it_was_carried_out(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct tip_channel_position have[3];
    struct node_status status;
    struct tip_head feed;

    star_cut(star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    erasing_begin(star, &id);
    erasing_carry(star, NEMA, TIP_CHANNEL_CTL, have[2].head.number + 1);
    star_crash_node(star, NEMA);
    star_cut(star, NEMA);
    OK(star_edit(star, ATAR, &other, FAKE_LATEST, 9));
    star_run(star);
    erasing_carry(star, NEMA, have[0].channel, have[0].head.number + 1);
    node_engine_status(star->nodes[NEMA].engine, &status);
    assert_int_equal(status.differs_since_ms, 0);
}

static void test_what_was_held_back_for_it_waits_no_more(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");

    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 5, "Mariem, too new"));
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 6, "Mariem, behind"));
    star_run(star);
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

static void test_a_power_cut_anywhere_does_not_stop_it(void **state)
{
    struct star *star = *state;

    (void)state;
    for (uint64_t nth = 1; nth <= 12; nth++) {
        struct tip_id id = erasing_somebody(star, "Mariem");

        erasing_begin(star, &id);
        fake_store_fail_commit(star->store, nth, TIP_ESTORE_FAILED,
                               nth % 2 == 0 ? FAKE_STORE_KEPT
                                            : FAKE_STORE_LOST);
        fake_store_fail_commit(star->nodes[NEMA].store, nth, TIP_ESTORE_FAILED,
                               nth % 2 == 0 ? FAKE_STORE_LOST
                                            : FAKE_STORE_KEPT);
        for (int i = 0; i < 20; i++) {
            (void)(hub_engine_pump(star->hub) == TIP_OK);
            (void)(node_engine_pump(star->nodes[NEMA].engine) == TIP_OK);
        }
        star_crash_hub(star);
        star_crash_node(star, NEMA);
        erasing_run(star);
        erasing_assert_gone(star, &id, "Mariem");
    }
    erasing_assert_agreement(star);
}

static void test_a_store_without_room_says_so_and_goes_on_later(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct hub_erasing erasing;

    fake_store_fail_purge(star->store);
    erasing_begin(star, &id);
    for (int i = 0; i < 20; i++) {
        star_run(star);
    }
    hub_engine_erasing(star->hub, &erasing);
    assert_int_equal(erasing.trouble, TIP_ESTORE_FULL);
    assert_true(erasing.done < erasing.newest);
    erasing_run(star);
    hub_engine_erasing(star->hub, &erasing);
    assert_int_equal(erasing.trouble, TIP_OK);
    assert_int_equal(erasing.done, erasing.newest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_nothing_of_it_is_left_and_the_chains_hold),
        STAR_TEST(test_the_hub_knows_which_offices_have_erased_it),
        STAR_TEST(test_erased_then_edited_offline),
        STAR_TEST(test_13_months_away),
        STAR_TEST(test_an_old_stick_does_not_bring_it_back),
        STAR_TEST(test_nothing_can_be_written_to_it_any_more),
        STAR_TEST(test_an_office_that_never_had_it_does_not_take_it),
        STAR_TEST(test_an_office_that_has_left_it_keeps_nothing_either),
        STAR_TEST(test_unsent_work_is_not_laid_over_what_is_erased),
        STAR_TEST(test_history_goes_though_its_record_is_lost),
        STAR_TEST(test_unsent_work_on_a_record_that_was_lost_goes_too),
        STAR_TEST(test_power_goes_when_it_was_carried_out),
        STAR_TEST(test_what_was_held_back_for_it_waits_no_more),
        STAR_TEST(test_a_power_cut_anywhere_does_not_stop_it),
        STAR_TEST(test_a_store_without_room_says_so_and_goes_on_later),
    };

    return cmocka_run_group_tests_name("erase", tests, NULL, NULL);
}
