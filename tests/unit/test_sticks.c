/* Rules of an office without a link: sticks alone bring all of it. */
#include <string.h>

#include "star_damage.h"
#include "star_offices.h"

enum { MANY = 120 };

#define OK(call) assert_int_equal((call), TIP_OK)

/* What NEMA says on a stick reaches the hub. */
static void carry_up(struct star *star)
{
    const uint32_t origin = star->nodes[NEMA].identity.origin;
    struct tip_channel_position channels[NODE_CHANNELS];
    struct tip_parts parts[NODE_CHANNELS];
    struct node_engine *node = star->nodes[NEMA].engine;
    struct tip_bytes frame;
    struct tip_head feed;
    uint64_t last = star_status(star, NEMA).confirmed;

    node_engine_position(node, &feed, channels, parts);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        OK(hub_engine_hear_channel(
            star->hub, origin, &channels[i],
            channels[i].agreement == TIP_AGREEMENT_DIFFERS ? &parts[i] : NULL));
    }
    while (node_engine_export_frame(node, last + 1, &frame, &last) == TIP_OK) {
        OK(hub_engine_import_frame(star->hub, origin, frame));
    }
    OK(hub_engine_flush(star->hub));
}

/* The next @max frames for NEMA reach it; how many there were. */
static size_t carry_down(struct star *star, size_t max)
{
    const struct node_identity *identity = &star->nodes[NEMA].identity;
    const uint32_t channels[] = {TIP_CHANNEL_CTL, TIP_CHANNEL_REF,
                                 identity->office};
    struct node_engine *node = star->nodes[NEMA].engine;
    struct tip_channel_position at[NODE_CHANNELS];
    struct tip_parts parts[NODE_CHANNELS];
    struct tip_head head;
    uint32_t generation;
    size_t count = 0;

    OK(hub_engine_feed(star->hub, identity->origin, &generation, &head));
    OK(node_engine_import_head(node, generation, &head));
    node_engine_position(node, &head, at, parts);
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        size_t c = 0;
        struct tip_bytes frame;

        while (at[c].channel != channels[i]) {
            c++;
        }
        for (uint64_t n = at[c].head.number + 1;
             count < max && hub_engine_export_frame(star->hub, channels[i], n,
                                                    &frame) == TIP_OK;
             n++) {
            OK(node_engine_import_frame(node, frame));
            count++;
        }
    }
    OK(node_engine_flush(node));
    return count;
}

static void test_repair_by_stick_alone(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;

    star_add_fat(star, NEMA, ids, MANY);
    star_cut(star, NEMA);
    star_lose(star, NEMA, &ids[3]);
    star_lose(star, NEMA, &ids[100]);
    OK(star_edit(star, NEMA, &ids[7], FAKE_LATEST + 1, 5)); /* Unsent. */
    OK(star_edit(star, HUB, &ids[3], FAKE_LATEST + 1, 6));
    assert_true(carry_down(star, SIZE_MAX) > 0);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_DIFFERS);
    carry_up(star);
    assert_int_equal(star_device(star, NEMA).agreement, TIP_AGREEMENT_DIFFERS);
    assert_true(star_device(star, NEMA).is_sent_again);
    (void)carry_down(star, SIZE_MAX);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_EQUAL);
    star_assert_codes(star, NEMA, ids, MANY);
    ASSERT_SHOWS(star, NEMA, &ids[3], FAKE_LATEST + 1, 6, 1);
    ASSERT_SHOWS(star, NEMA, &ids[7], FAKE_LATEST + 1, 5, 1);
    carry_up(star);
    star_assert_agrees(star, NEMA);
    assert_int_equal(star_device(star, NEMA).again_rounds, 0);
}

/* Names of records are read when a frame is cut: the stick is written all the
 * same, and at once. */
static void test_work_on_a_record_that_rots_goes_on_a_stick(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 1, 7));
    OK(star_edit(star, NEMA, &ids[2], FAKE_LATEST + 1, 8));
    star_spoil(star, NEMA, &ids[1]);
    carry_up(star);
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST + 1, 7, 1);
    ASSERT_SHOWS(star, HUB, &ids[2], FAKE_LATEST + 1, 8, 1);
    assert_int_equal(star_status(star, NEMA).lost_count, 1);
    (void)carry_down(star, SIZE_MAX);
    carry_up(star);
    (void)carry_down(star, SIZE_MAX);
    star_assert_codes(star, NEMA, ids, 5);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST + 1, 7, 1);
    carry_up(star);
    star_assert_agrees(star, NEMA);
}

static void test_bootstrap_by_stick_alone(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    struct tip_id own = star_id(star);
    uint64_t came;

    star_add_fat(star, NEMA, ids, MANY);
    star_retire(star, NEMA);
    star_replace(star, NEMA);
    assert_true(carry_down(star, 6) == 6);
    came = star_status(star, NEMA).again_came;
    assert_in_range(came, 1, MANY - 1);
    star_crash_node(star, NEMA);
    star_cut(star, NEMA); /* Before a word went over the link. */
    assert_int_equal(star_status(star, NEMA).again_came, came);
    OK(star_add(star, NEMA, &own, NONE, FAKE_LATEST, 9));
    carry_up(star);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST + 1, 4));
    star_crash_hub(star);
    while (carry_down(star, 3) > 0) {
        assert_int_not_equal(star_status(star, NEMA).agreement,
                             TIP_AGREEMENT_DIFFERS);
    }
    carry_up(star);
    star_assert_codes(star, NEMA, ids, MANY);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST + 1, 4, 1);
    ASSERT_SHOWS(star, HUB, &own, FAKE_LATEST, 9, 1);
    star_assert_agrees(star, NEMA);
}

/* Have the hub cut all it has for NEMA, as for a stick that is under way. */
static void cut_all(struct star *star)
{
    const uint32_t office = star->nodes[NEMA].identity.office;
    struct tip_bytes frame;
    uint64_t n = 1;

    while (hub_engine_export_frame(star->hub, office, n, &frame) == TIP_OK) {
        n++;
    }
    OK(hub_engine_flush(star->hub));
}

/* All of it is on a stick that NEMA has read a part of: it does not ask for it
 * once more. */
static void test_what_is_on_its_way_is_not_asked_for_again(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    uint32_t office = star->nodes[NEMA].identity.office;

    star_add_fat(star, NEMA, ids, MANY);
    star_cut(star, NEMA);
    star_lose(star, NEMA, &ids[3]);
    OK(star_edit(star, HUB, &ids[3], FAKE_LATEST + 1, 6));
    (void)carry_down(star, SIZE_MAX);
    OK(hub_engine_send_again(star->hub, office));
    cut_all(star);
    assert_true(carry_down(star, 2) == 2);
    assert_true(star_status(star, NEMA).is_sent_again);
    carry_up(star);
    assert_false(star_device(star, NEMA).is_sent_again);
    (void)carry_down(star, SIZE_MAX);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_EQUAL);
    star_assert_codes(star, NEMA, ids, MANY);
}

/* NEMA misses @id and finds out by what the hub has to tell of it. */
static void miss(struct star *star, const struct tip_id *id, uint32_t code)
{
    star_lose(star, NEMA, id);
    OK(star_edit(star, HUB, id, FAKE_LATEST + 1, code));
    (void)carry_down(star, SIZE_MAX);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_DIFFERS);
}

/* Sticks that were written before the answer to the first arrived say nothing
 * about whether it helped; the hub gives up after three that did not. */
static void test_older_sticks_do_not_use_up_repair(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;

    star_add_fat(star, NEMA, ids, MANY);
    star_cut(star, NEMA);
    miss(star, &ids[3], 6);
    for (int i = 0; i < HUB_REPAIR_ROUNDS_MAX; i++) {
        carry_up(star);
        cut_all(star);
        star_crash_hub(star); /* It would not begin again so soon. */
    }
    assert_int_equal(star_device(star, NEMA).again_rounds, 1);
    (void)carry_down(star, SIZE_MAX);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_EQUAL);
    miss(star, &ids[100], 7); /* Before the hub has heard that it helped. */
    carry_up(star);
    (void)carry_down(star, SIZE_MAX);
    star_assert_codes(star, NEMA, ids, MANY);
    carry_up(star);
    star_assert_agrees(star, NEMA);
}

/* The way back takes three answers: by sticks alone nothing goes either way,
 * and what to do is said; nothing is lost by having tried. */
static void test_a_device_that_was_put_back_is_told_to_connect(void **state)
{
    struct star *star = *state;
    const uint32_t origin = star->nodes[NEMA].identity.origin;
    struct tip_id id = star_id(star);
    struct fake_store *backup;
    struct tip_bytes frame;
    struct tip_head head;
    uint32_t generation;
    uint64_t last;

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    backup = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, backup);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_REVIEW, 3));
    OK(hub_engine_feed(star->hub, origin, &generation, &head));
    assert_int_equal(
        node_engine_import_head(star->nodes[NEMA].engine, generation, &head),
        TIP_EFORK);
    OK(node_engine_export_frame(star->nodes[NEMA].engine, head.number, &frame,
                                &last));
    assert_int_equal(hub_engine_import_frame(star->hub, origin, frame),
                     TIP_EFORK);
    assert_non_null(strstr(tip_err_text(TIP_EFORK), "connect it"));
    ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 0, 0);
    star_join(star, NEMA);
    star_run(star);
    for (int i = HUB; i <= NEMA; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 2, 1);
        ASSERT_SHOWS(star, i, &id, FAKE_REVIEW, 3, 1);
    }
    star_assert_settled(star);
}

/* Not before the office has greeted a hub that was restored can it tell what of
 * a stick follows what it has. */
static void test_a_stick_of_a_restored_hub_asks_to_connect_once(void **state)
{
    struct star *star = *state;
    const uint32_t origin = star->nodes[NEMA].identity.origin;
    struct node_engine *node = star->nodes[NEMA].engine;
    struct tip_id id = star_id(star);
    struct fake_store *backup;
    struct tip_head head;
    uint32_t generation;

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    star_cut(star, NEMA);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    OK(hub_engine_feed(star->hub, origin, &generation, &head));
    assert_false(star_status(star, NEMA).hub_is_restored);
    assert_int_equal(node_engine_import_head(node, generation, &head),
                     TIP_EBUNDLE_RESTORED);
    assert_int_equal(node_engine_import_head(node, generation - 2, &head),
                     TIP_EBUNDLE_RESTORED); /* An old one. */
    assert_true(star_status(star, NEMA).hub_is_restored);
    assert_non_null(strstr(tip_err_text(TIP_EBUNDLE_RESTORED), "connect"));
    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_feed(star->hub, origin, &generation, &head));
    OK(node_engine_import_head(node, generation, &head));
    assert_false(star_status(star, NEMA).hub_is_restored);
}

/* The line is up, and stays so, while a stick is read. */
static void test_a_stick_does_not_silence_a_line_that_is_up(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2] = {star_id(star), star_id(star)};

    OK(star_add(star, HUB, &ids[0], NEMA, FAKE_LATEST, 1));
    assert_true(carry_down(star, SIZE_MAX) > 0);
    OK(star_add(star, NEMA, &ids[1], NONE, FAKE_LATEST, 2));
    star_run(star);
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    assert_int_equal(star_status(star, NEMA).confirmed, 1);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST, 2, 1);
    star_assert_agrees(star, NEMA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_repair_by_stick_alone),
        STAR_TEST(test_work_on_a_record_that_rots_goes_on_a_stick),
        STAR_TEST(test_bootstrap_by_stick_alone),
        STAR_TEST(test_what_is_on_its_way_is_not_asked_for_again),
        STAR_TEST(test_older_sticks_do_not_use_up_repair),
        STAR_TEST(test_a_stick_does_not_silence_a_line_that_is_up),
        STAR_TEST(test_a_device_that_was_put_back_is_told_to_connect),
        STAR_TEST(test_a_stick_of_a_restored_hub_asks_to_connect_once),
    };

    return cmocka_run_group_tests_name("sticks", tests, NULL, NULL);
}
