/* Records that are erased by law: what is left of frames that were cut before,
 * and what those presume. */
#include <stdio.h>

#include "erasing.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* A record of Néma's, so large that its parts fill frames. */
static struct tip_id add_large(struct star *star, const char *name)
{
    static char text[16 * 1024];
    struct tip_id id = star_id(star);

    for (size_t i = 0; i + 8 < sizeof text; i += 7) {
        (void)snprintf(text + i, 8, "%.4s%03u", name,
                       (unsigned)tip_prng_below(&star->prng, 1000));
    }
    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 7));
    for (uint32_t field = 1; field <= 6; field++) {
        OK(erasing_write(star, NEMA, &id, FAKE_LATEST + field, text));
        star_run(star);
    }
    return id;
}

/* A record that was sent whole, in so many parts that they fill frames. */
static void test_a_record_sent_in_parts_goes_part_by_part(void **state)
{
    struct star *star = *state;
    struct tip_id id = add_large(star, "Mariem");

    OK(star_member(star, NEMA, &id, ATAR, true));
    star_run(star);
    OK(star_member(star, ATAR, &id, ATAR, false));
    star_run(star);
    OK(star_member(star, NEMA, &id, ATAR, true)); /* On its way. */
    OK(node_engine_pump(star->nodes[NEMA].engine));
    OK(hub_engine_pump(star->hub));
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mari");
    erasing_assert_agreement(star);
}

/* The hub cut two frames, then took out of the first what was erased. */
static void test_what_is_left_of_a_frame_waits_for_the_erasure(void **state)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct tip_channel_position have[3], has[3];
    struct tip_head feed;

    star_cut(star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    OK(erasing_write(star, ATAR, &id, FAKE_LATEST + 1, "Mariem, cut"));
    star_run(star);
    (void)erasing_export(star, have[0].channel, have[0].head.number + 1,
                         memory);
    OK(star_edit(star, ATAR, &other, FAKE_LATEST, 9));
    star_run(star);
    (void)erasing_export(star, have[0].channel, have[0].head.number + 2,
                         memory);
    erasing_begin(star, &id);
    erasing_run(star);
    for (uint64_t i = 1; i <= 2; i++) {
        erasing_carry(star, NEMA, have[0].channel, have[0].head.number + i);
    }
    node_engine_position(star->nodes[NEMA].engine, &feed, has, NULL);
    assert_int_equal(has[0].checkpoint, have[0].checkpoint);
    erasing_carry(star, NEMA, TIP_CHANNEL_CTL, have[2].head.number + 1);
    node_engine_position(star->nodes[NEMA].engine, &feed, has, NULL);
    assert_true(has[0].checkpoint > have[0].checkpoint);
    erasing_run(star);
    star_join(star, NEMA);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

/* The frame that says "you have everything up to here" has lost nothing itself:
 * the one before it has. */
static void test_a_checkpoint_behind_what_is_left_waits_for_it(void **state)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct star *star = *state;
    struct tip_id id = add_large(star, "Mariem");
    struct tip_id other = add_large(star, "Salka");
    struct tip_channel_position have[3], has[3];
    struct tip_head feed;

    star_cut(star, ATAR);
    node_engine_position(star->nodes[ATAR].engine, &feed, have, NULL);
    OK(star_member(star, NEMA, &id, ATAR, true));
    OK(star_member(star, NEMA, &other, ATAR, true));
    star_run(star);
    for (uint64_t i = 1; i <= 3; i++) {
        (void)erasing_export(star, have[0].channel, have[0].head.number + i,
                             memory);
    }
    erasing_begin(star, &id);
    erasing_run(star);
    for (uint64_t i = 1; i <= 3; i++) {
        erasing_carry(star, ATAR, have[0].channel, have[0].head.number + i);
    }
    node_engine_position(star->nodes[ATAR].engine, &feed, has, NULL);
    assert_int_equal(has[0].checkpoint, have[0].checkpoint);
    star_join(star, ATAR);
    star_run(star);
    OK(star_edit(star, NEMA, &other, FAKE_LATEST, 9));
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mari");
    erasing_assert_agreement(star);
}

/* Some parts of it came before the erasure, and the rest never does. The node
 * has not gone through its frames yet when it hears that this was all. */
static void test_what_was_half_told_is_let_go_with_the_erasure(void **state)
{
    struct star *star = *state;
    struct tip_id id = add_large(star, "Mariem");
    struct tip_id other = add_large(star, "Salka");
    struct tip_channel_position have[3], has[3];
    struct tip_head feed;

    star_cut(star, ATAR);
    node_engine_position(star->nodes[ATAR].engine, &feed, have, NULL);
    OK(star_member(star, NEMA, &id, ATAR, true));
    star_run(star);
    erasing_carry(star, ATAR, have[0].channel, have[0].head.number + 1);
    node_engine_position(star->nodes[ATAR].engine, &feed, has, NULL);
    assert_int_equal(has[0].checkpoint, have[0].checkpoint);
    OK(star_member(star, NEMA, &other, ATAR, true));
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_carry(star, ATAR, TIP_CHANNEL_CTL, have[2].head.number + 1);
    for (uint64_t i = 2; has[0].checkpoint == have[0].checkpoint; i++) {
        erasing_carry(star, ATAR, have[0].channel, have[0].head.number + i);
        node_engine_position(star->nodes[ATAR].engine, &feed, has, NULL);
    }
    erasing_run(star);
    star_join(star, ATAR);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mari");
    erasing_assert_agreement(star);
}

/* An office comes back while the hub still goes through what is stored, and its
 * frames are cut from a log in which the record may stand. */
static void test_a_frame_that_is_cut_meanwhile_says_nothing_of_it(void **state)
{
    struct star *star = *state;

    for (uint32_t slices = 0; slices < 12; slices++) {
        struct tip_id id = erasing_somebody(star, "Mariem");

        star_cut(star, NEMA);
        for (uint32_t i = 0; i < 40; i++) {
            OK(star_edit(star, HUB, &id, FAKE_LATEST, i % 7 + 1));
        }
        OK(erasing_write(star, HUB, &id, FAKE_LATEST + 2, "Mariem, uncut"));
        star_run(star);
        erasing_begin(star, &id);
        for (uint32_t i = 0; i < slices; i++) {
            OK(hub_engine_pump(star->hub));
        }
        star_join(star, NEMA);
        erasing_run(star);
        erasing_assert_gone(star, &id, "Mariem");
    }
}

/* Let the hub read all of its store; how much of it is called rotten. */
static uint64_t count_rotten(struct star *star)
{
    uint64_t began = star->clock.now_ms;

    star_wait(star, UINT64_C(48) * 60 * 60 * 1000);
    erasing_run(star);
    assert_true(hub_engine_scrubbed(star->hub).done_ms > began);
    return hub_engine_scrubbed(star->hub).rest.count;
}

/* Of a frame without a checkpoint the hub, put back, gets what the office has
 * left, and takes no more out of it. It is its own again: the hub's survey and
 * the office, put back too, believe it. */
static void test_what_an_office_has_left_is_the_hubs_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = add_large(star, "Mariem");
    struct fake_store *office = star_back_up(star, ATAR);
    struct fake_store *hub = star_backup_hub(star);

    OK(star_member(star, NEMA, &id, ATAR, true));
    star_run(star);
    erasing_begin(star, &id);
    erasing_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, hub, true);
    fake_store_free(hub);
    star_join(star, NEMA);
    star_join(star, ATAR);
    erasing_run(star);
    assert_int_equal(count_rotten(star), 0);
    star_restore(star, ATAR, office);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mari");
    erasing_assert_agreement(star);
}

/* Else what still waits or comes late could bring the record back. */
static void test_the_name_is_kept_though_a_disk_lost_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    const struct tip_record_ref ref = {.id = id};
    struct star_node *atar = &star->nodes[ATAR];
    struct tip_txn *txn;
    uint32_t ordinal;

    erasing_begin(star, &id);
    erasing_run(star);
    OK(node_engine_txn(atar->engine, &txn));
    OK(tip_record_table_find(node_engine_records(atar->engine), txn, &ref,
                             &ordinal));
    assert_true(
        fake_store_spoil(atar->store, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0)));
    star_crash_node(star, ATAR);
    erasing_run(star);
    erasing_assert_stub(star, ATAR, &id);
    assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 1),
                     TIP_EERASED);
    erasing_assert_gone(star, &id, "Mariem");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_record_sent_in_parts_goes_part_by_part),
        STAR_TEST(test_what_is_left_of_a_frame_waits_for_the_erasure),
        STAR_TEST(test_a_checkpoint_behind_what_is_left_waits_for_it),
        STAR_TEST(test_what_was_half_told_is_let_go_with_the_erasure),
        STAR_TEST(test_a_frame_that_is_cut_meanwhile_says_nothing_of_it),
        STAR_TEST(test_what_an_office_has_left_is_the_hubs_again),
        STAR_TEST(test_the_name_is_kept_though_a_disk_lost_it),
    };

    return cmocka_run_group_tests_name("erase_frames", tests, NULL, NULL);
}
