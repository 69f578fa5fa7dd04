/* Rules of a frame of its own feed that an office's disk lost: the head of the
 * newest stands in the feed's row too, so the session goes on and the frame
 * comes again; and what is another chain is called so all the same. */
#include <string.h>

#include "node_engine_internal.h"
#include "star_damage.h"
#include "star_offices.h"

#define EVERY_MS (UINT64_C(48) * 60 * 60 * 1000)

#define OK(call) assert_int_equal((call), TIP_OK)

enum { FEED = STAR_ORIGIN_FIRST + NEMA };

/* Flip bytes of a frame, or lose it. */
typedef bool damage(struct fake_store *store, enum tip_table table,
                    struct tip_key key);

enum { DAMAGES = 2 };

static damage *const damages[DAMAGES] = {fake_store_spoil, fake_store_lose};

static void harm(struct star *star, damage *how, uint64_t seq)
{
    OK(node_engine_flush(star->nodes[NEMA].engine));
    assert_true(
        how(star->nodes[NEMA].store, TIP_TABLE_FRAME_UP, TIP_KEY(FEED, seq)));
}

/* Let a reading of the store come that is due, and what it leads to. */
static void survey(struct star *star)
{
    star_wait(star, EVERY_MS);
    for (int i = 0; i < 30; i++) {
        star_wait(star, 1000);
        star_run(star);
    }
}

static void assert_goes_on(struct star *star, const struct tip_id *id,
                           uint32_t code)
{
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    OK(star_edit(star, NEMA, id, FAKE_LATEST, code));
    star_run(star);
    ASSERT_SHOWS(star, HUB, id, FAKE_LATEST, code, 1);
    assert_int_equal(star_status(star, NEMA).bad_messages, 0);
}

static void test_the_session_goes_on_without_the_newest_frame(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    for (size_t d = 0; d < DAMAGES; d++) {
        star_cut(star, NEMA);
        harm(star, damages[d], star_status(star, NEMA).saved);
        star_join(star, NEMA);
        star_run(star);
        assert_goes_on(star, &id, 80 + (uint32_t)d);
        survey(star);
        assert_int_equal(star_status(star, NEMA).scrub_rest.count, 0);
    }
}

/* That a frame was confirmed is not worth an fsync: after a start it is to be
 * sent, until the hub has greeted. */
static void test_a_start_does_not_fail_for_what_the_hub_has(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    for (size_t d = 0; d < DAMAGES; d++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 70 + (uint32_t)d));
        star_run(star);
        star_crash_node(star, NEMA);
        harm(star, damages[d], star_status(star, NEMA).saved);
        star->nodes[NEMA].engine->feed.confirmed.number--;
        node_talk_reset(star->nodes[NEMA].engine);
        star_cut(star, NEMA);
        star_join(star, NEMA);
        star_run(star);
        assert_goes_on(star, &id, 80 + (uint32_t)d);
    }
}

/* The newest of those that the hub has, when others wait behind it. */
static void test_the_session_goes_on_without_what_was_confirmed(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    for (size_t d = 0; d < DAMAGES; d++) {
        uint64_t confirmed = star_status(star, NEMA).confirmed;

        star_cut(star, NEMA);
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 70 + (uint32_t)d));
        OK(node_engine_cut_all(star->nodes[NEMA].engine));
        harm(star, damages[d], confirmed);
        star_join(star, NEMA);
        star_run(star);
        assert_goes_on(star, &id, 80 + (uint32_t)d);
    }
}

/* Bring the hub back to @backup; others than Néma are awaited in vain. */
static void put_back_hub(struct star *star, struct fake_store *backup)
{
    star_cut(star, NEMA);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
}

/* A hub that was put back asks for a head in the middle: what follows it proves
 * it. */
static void test_the_session_goes_on_without_a_frame_in_the_middle(void **state)
{
    for (size_t d = 0; d < DAMAGES; d++) {
        struct star *star = *state;
        struct fake_store *backup;
        struct tip_id id;

        star_add_many(star, NEMA, &id, 1);
        backup = star_backup_hub(star);
        for (uint32_t i = 0; i < 3; i++) {
            OK(star_edit(star, NEMA, &id, FAKE_LATEST, 70 + i));
            star_run(star);
        }
        put_back_hub(star, backup);
        harm(star, damages[d], 1);
        star_join(star, NEMA);
        star_run(star);
        assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
        assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
        assert_int_equal(star_status(star, NEMA).confirmed, 4);
        star_offices_teardown(state);
        star_offices_setup(state);
    }
}

/* …or shows that the hub has another chain: here a copy of the disk has gone
 * on, and of what this one wrote instead the first frame is lost. */
static void test_another_chain_is_called_so_in_the_middle_too(void **state)
{
    for (size_t d = 0; d < DAMAGES; d++) {
        struct star *star = *state;
        struct fake_store *backup;
        struct tip_id id;

        star_add_many(star, NEMA, &id, 1);
        backup = star_back_up(star, NEMA);
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
        star_run(star);
        star_restore(star, NEMA, backup);
        star_cut(star, NEMA);
        for (uint32_t i = 0; i < 3; i++) {
            OK(star_edit(star, NEMA, &id, FAKE_REVIEW, 4 + i));
            OK(node_engine_cut_all(star->nodes[NEMA].engine));
        }
        harm(star, damages[d], 2);
        star_join(star, NEMA);
        star_run(star);
        assert_int_not_equal(node_continue_origin(star->nodes[NEMA].engine),
                             FEED);
        assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
        for (int i = HUB; i <= NEMA; i++) {
            ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 3, 1);
            ASSERT_SHOWS(star, i, &id, FAKE_REVIEW, 6, 1);
        }
        star_offices_teardown(state);
        star_offices_setup(state);
    }
}

/* Of two in a row nobody can say it: that is damage, and no fork. */
static void test_two_lost_in_the_middle_are_not_called_a_fork(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    backup = star_backup_hub(star);
    for (uint32_t i = 0; i < 3; i++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 70 + i));
        star_run(star);
    }
    put_back_hub(star, backup);
    harm(star, fake_store_lose, 1);
    harm(star, fake_store_spoil, 2);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_ESTORE_DAMAGED);
    assert_int_not_equal(star_status(star, NEMA).session, TIP_NODE_STOPPED);
}

/* A disk that was put back has none behind its newest, which is lost too. */
static void
test_what_was_put_back_is_told_though_its_newest_is_lost(void **state)
{
    for (size_t d = 0; d < DAMAGES; d++) {
        struct star *star = *state;
        struct fake_store *backup;
        struct tip_id id;

        star_add_many(star, NEMA, &id, 1);
        backup = star_back_up(star, NEMA);
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
        star_run(star);
        star_restore(star, NEMA, backup);
        harm(star, damages[d], 1);
        star_run(star);
        assert_int_not_equal(node_continue_origin(star->nodes[NEMA].engine),
                             FEED);
        assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
        ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
        star_offices_teardown(state);
        star_offices_setup(state);
    }
}

/* A disk that was put back has written another under the number that the hub
 * has, and lost that: what it has is another chain all the same. */
static void
test_another_chain_is_called_so_though_its_frame_is_lost(void **state)
{
    for (size_t d = 0; d < DAMAGES; d++) {
        struct star *star = *state;
        struct fake_store *backup;
        struct tip_id id;

        star_add_many(star, NEMA, &id, 1);
        backup = star_back_up(star, NEMA);
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
        star_run(star);
        star_restore(star, NEMA, backup);
        star_cut(star, NEMA);
        OK(star_edit(star, NEMA, &id, FAKE_REVIEW, 4));
        OK(node_engine_cut_all(star->nodes[NEMA].engine));
        harm(star, damages[d], 2);
        star_join(star, NEMA);
        star_run(star);
        assert_int_not_equal(node_continue_origin(star->nodes[NEMA].engine),
                             FEED);
        assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
        for (int i = HUB; i <= NEMA; i++) {
            ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 3, 1);
            ASSERT_SHOWS(star, i, &id, FAKE_REVIEW, 4, 1);
        }
        star_offices_teardown(state);
        star_offices_setup(state);
    }
}

/* Two frames are cut and not sent, of which the first is lost; and one
 * change-set is not cut. */
static void lose_unsent(struct star *star, struct tip_id *id, damage *how)
{
    star_add_many(star, NEMA, id, 1);
    star_cut(star, NEMA);
    for (uint32_t i = 0; i < 2; i++) {
        OK(star_edit(star, NEMA, id, FAKE_LATEST + i, 70 + i));
        OK(node_engine_cut_all(star->nodes[NEMA].engine));
    }
    OK(star_edit(star, NEMA, id, FAKE_LATEST + 2, 72));
    harm(star, how, 2);
    OK(star_edit(star, HUB, id, FAKE_LATEST + 3, 73));
}

static void test_what_was_lost_before_it_was_sent_is_written_again(void **state)
{
    for (size_t d = 0; d < DAMAGES; d++) {
        struct star *star = *state;
        struct tip_id id;

        lose_unsent(star, &id, damages[d]);
        star_join(star, NEMA);
        star_run(star);
        for (uint32_t i = 0; i < 4; i++) {
            ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST + i, 70 + i, 1);
            ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST + i, 70 + i, 1);
        }
        assert_goes_on(star, &id, 80);
        assert_int_equal(star_status(star, NEMA).decided,
                         star_status(star, NEMA).saved);
        star_assert_agrees(star, NEMA);
        survey(star);
        assert_int_equal(star_status(star, NEMA).scrub_rest.count, 0);
        star_offices_teardown(state);
        star_offices_setup(state);
    }
}

/* What it held is not here either: nothing of our feed can follow it, and that
 * is told; but what the hub has for us comes. */
static void test_what_the_hub_sends_comes_though_ours_is_lost(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    lose_unsent(star, &id, fake_store_lose);
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_OUTBOX,
                                TIP_KEY(FEED, 2)));
    assert_true(fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_OUTBOX,
                                 TIP_KEY(FEED, 4)));
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_ESTORE_DAMAGED);
    assert_int_equal(star_status(star, NEMA).destroyed.count, 2);
    assert_int_equal(star_status(star, NEMA).destroyed.first, 2);
    assert_int_equal(star_status(star, NEMA).destroyed.last, 4);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST + 2, 0, 0);
    assert_int_equal(star_status(star, NEMA).bad_messages, 0);
    assert_int_equal(star_device(star, NEMA).agreement, TIP_AGREEMENT_EQUAL);
}

/* The frame is on its way by a stick when what it held is written again. */
static void test_a_stick_with_what_was_lost_brings_nothing_twice(void **state)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct star *star = *state;
    struct tip_bytes frame;
    struct tip_id id;
    uint64_t last;

    star_add_many(star, NEMA, &id, 1);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 70));
    OK(node_engine_export_frame(star->nodes[NEMA].engine, 2, &frame, &last));
    memcpy(memory, frame.data, frame.size);
    frame.data = memory;
    harm(star, fake_store_lose, 2);
    star_join(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 70, 1);
    assert_int_equal(hub_engine_import_frame(star->hub, FEED, frame),
                     TIP_ECLONE);
    assert_goes_on(star, &id, 80);
    star_assert_agrees(star, NEMA);
}

/* A stick that says nothing of it would be taken for whole, or for one that has
 * a gap. */
static void test_a_stick_is_not_written_without_what_is_lost(void **state)
{
    struct star *star = *state;
    struct node_engine *nema = star->nodes[NEMA].engine;
    struct tip_bytes frame;
    struct tip_id id;
    uint64_t last;

    star_add_many(star, NEMA, &id, 1);
    star_cut(star, NEMA);
    for (uint32_t i = 0; i < 4; i++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 70 + i));
        OK(node_engine_cut_all(nema));
    }
    for (uint64_t seq = 2; seq <= 5; seq++) {
        OK(node_engine_export_frame(nema, seq, &frame, &last));
        assert_int_equal(last, seq);
        harm(star, damages[seq % 2], seq);
        assert_int_equal(node_engine_export_frame(nema, seq, &frame, &last),
                         TIP_ESTORE_DAMAGED);
    }
    assert_int_equal(node_engine_export_frame(nema, 6, &frame, &last),
                     TIP_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_the_session_goes_on_without_the_newest_frame),
        STAR_TEST(test_a_start_does_not_fail_for_what_the_hub_has),
        STAR_TEST(test_the_session_goes_on_without_what_was_confirmed),
        STAR_TEST(test_the_session_goes_on_without_a_frame_in_the_middle),
        STAR_TEST(test_another_chain_is_called_so_in_the_middle_too),
        STAR_TEST(test_two_lost_in_the_middle_are_not_called_a_fork),
        STAR_TEST(test_what_was_put_back_is_told_though_its_newest_is_lost),
        STAR_TEST(test_another_chain_is_called_so_though_its_frame_is_lost),
        STAR_TEST(test_what_was_lost_before_it_was_sent_is_written_again),
        STAR_TEST(test_what_the_hub_sends_comes_though_ours_is_lost),
        STAR_TEST(test_a_stick_with_what_was_lost_brings_nothing_twice),
        STAR_TEST(test_a_stick_is_not_written_without_what_is_lost),
    };

    return cmocka_run_group_tests_name("newest_lost", tests, NULL, NULL);
}
