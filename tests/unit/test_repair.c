/* Rules of repair: what an office has lost is found, sent again, and nothing of
 * its own is touched meanwhile. */
#include "fake_schema.h"
#include "star.h"
#include "star_damage.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, NONE = -1 };

#define EVERY_MS (UINT64_C(48) * 60 * 60 * 1000)

#define OK(call) assert_int_equal((call), TIP_OK)

static int setup(void **state)
{
    static struct star star;

    star_init(&star, 2);
    star_run(&star);
    *state = &star;
    return 0;
}

static int teardown(void **state)
{
    star_deinit(*state);
    return 0;
}

#define ASSERT_SHOWS(star, i, id, field, code_, count_)                     \
    do {                                                                    \
        size_t count_of_;                                                   \
        assert_int_equal(star_code((star), (i), (id), (field), &count_of_), \
                         (code_));                                          \
        assert_int_equal(count_of_, (count_));                              \
    } while (0)

static void
test_a_record_that_is_lost_comes_again_when_it_is_missed(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_lose(star, NEMA, &ids[2]);
    OK(star_edit(star, HUB, &ids[2], FAKE_LATEST + 1, 9));
    star_run(star);
    star_assert_codes(star, NEMA, ids, 5);
    ASSERT_SHOWS(star, NEMA, &ids[2], FAKE_LATEST + 1, 9, 1);
    star_assert_agrees(star, NEMA);
}

static void
test_a_record_whose_bytes_flipped_is_not_shown_and_comes_again(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_cut(star, NEMA);
    star_spoil(star, NEMA, &ids[1]);
    star_spoil(star, NEMA, &ids[3]);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST, 0, 0);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_DIFFERS);
    assert_int_equal(star_status(star, NEMA).lost_count, 2);
    assert_int_equal(star_status(star, NEMA).differs_since_ms,
                     star->nodes[NEMA].clock.now_ms);
    star_join(star, NEMA);
    star_run(star);
    star_assert_codes(star, NEMA, ids, 5);
    star_assert_agrees(star, NEMA);
}

static void test_a_store_with_flipped_bytes_opens_and_is_repaired(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_spoil(star, NEMA, &ids[0]);
    star_spoil(star, NEMA, &ids[4]);
    star_crash_node(star, NEMA);
    star_run(star);
    star_assert_codes(star, NEMA, ids, 5);
    star_assert_agrees(star, NEMA);
}

static void test_a_digest_that_was_lost_is_counted_again(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_HOLDING,
                                TIP_KEY(STAR_OFFICE_FIRST + NEMA, 0)));
    star_crash_node(star, NEMA);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST + 1, 9));
    star_run(star);
    star_assert_agrees(star, NEMA);
}

static void test_what_nobody_looked_at_is_found_in_time(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_wait(star, 1000);
    star_run(star);
    assert_true(star_status(star, NEMA).scrubbed_ms != 0);
    star_lose(star, NEMA, &ids[2]);
    star_spoil(star, NEMA, &ids[3]);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).scrub_found, 0);
    star_wait(star, EVERY_MS);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).scrub_found, 1);
    star_assert_codes(star, NEMA, ids, 5);
    star_assert_agrees(star, NEMA);
    node_engine_scrub(star->nodes[NEMA].engine);
    star_wait(star, 1000);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).scrub_found, 0);
}

/* Of its own feed; nor is one that cannot be read. Its head is noted beside. */
static void test_a_frame_that_is_gone_is_not_called_a_fork(void **state)
{
    struct star *star = *state;
    struct tip_key key = TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 1);
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    for (int i = 0; i < 2; i++) {
        star_cut(star, NEMA);
        assert_true((i == 0 ? fake_store_spoil : fake_store_lose)(
            star->nodes[NEMA].store, TIP_TABLE_FRAME_UP, key));
        star_join(star, NEMA);
        star_run(star);
        assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
        assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    }
}

/* DESIGN 6: "digest with unsent work". */
static void test_repair_with_unsent_work_keeps_all_of_it(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3], made;

    star_add_many(star, NEMA, ids, 3);
    star_cut(star, NEMA);
    made = star_id(star);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 1, 7));
    OK(star_add(star, NEMA, &made, NONE, FAKE_LATEST, 8));
    OK(star_edit(star, NEMA, &made, FAKE_LATEST + 1, 9));
    star_spoil(star, NEMA, &ids[1]);
    star_spoil(star, NEMA, &made);
    star_crash_node(star, NEMA);
    OK(star_edit(star, HUB, &ids[1], FAKE_LATEST + 2, 6));
    star_run(star);
    for (int i = HUB; i <= NEMA; i++) {
        ASSERT_SHOWS(star, i, &ids[1], FAKE_LATEST, 2, 1);
        ASSERT_SHOWS(star, i, &ids[1], FAKE_LATEST + 1, 7, 1);
        ASSERT_SHOWS(star, i, &ids[1], FAKE_LATEST + 2, 6, 1);
        ASSERT_SHOWS(star, i, &made, FAKE_LATEST, 8, 1);
        ASSERT_SHOWS(star, i, &made, FAKE_LATEST + 1, 9, 1);
    }
    assert_int_equal(star_status(star, NEMA).decided, 6);
    star_assert_agrees(star, NEMA);
}

static void test_unsent_work_lies_over_what_comes_again(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3];

    star_add_many(star, NEMA, ids, 3);
    /* The hub holds this back, so it stays in the overlay. */
    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 5, 4));
    star_run(star);
    assert_int_equal(star_status(star, NEMA).held_count, 1);
    star_spoil(star, NEMA, &ids[1]);
    star_crash_node(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST, 2, 1);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST + 5, 4, 1);
    star_assert_agrees(star, NEMA);
    star->hub_schema.unknown_field = 0;
    OK(hub_engine_release(star->hub));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST + 5, 4, 1);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST + 5, 4, 1);
    star_assert_agrees(star, NEMA);
}

/* More than the hub sends again in one go. */
enum { MANY = 600 };

static void test_unsent_work_lies_over_what_comes_again_twice(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    const struct tip_id *youngest = &ids[MANY - 1];

    star_add_many(star, NEMA, ids, MANY);
    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    OK(star_edit(star, NEMA, youngest, FAKE_LATEST + 5, 4));
    star_run(star);
    star_cut(star, NEMA);
    star_lose(star, NEMA, youngest);
    /* The second begins before a checkpoint, and finds what the first brought.
     */
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    star_join(star, NEMA);
    while (star_device(star, NEMA).again_sent == 0) {
        assert_true(star_step(star));
    }
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, youngest, FAKE_LATEST, MANY, 1);
    ASSERT_SHOWS(star, NEMA, youngest, FAKE_LATEST + 5, 4, 1);
    star_assert_agrees(star, NEMA);
}

static void test_what_the_hub_does_not_have_an_office_hold_goes(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3], other = star_id(star);

    star_add_many(star, NEMA, ids, 3);
    star_forge(star, NEMA, &ids[0], &other);
    star_crash_node(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &other, FAKE_LATEST, 0, 0);
    star_assert_codes(star, NEMA, ids, 3);
    star_assert_agrees(star, NEMA);
}

static void test_a_form_opened_on_a_wrong_copy_is_shown_again(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3], other;
    struct tip_change change = {.field = FAKE_LATEST,
                                .value = {.kind = TIP_VALUE_CODE, .code = 5}};
    struct tip_draft_record record = {.changes = &change, .change_count = 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("clerk")};
    struct tip_saved saved;

    star_add_many(star, NEMA, ids, 3);
    other = star_id(star);
    record.id = ids[0];
    record.seen = node_engine_seen(star->nodes[NEMA].engine);
    star_forge(star, NEMA, &ids[0],
               &other); /* Something of what was shown is wrong. */
    star_crash_node(star, NEMA);
    star_run(star);
    assert_int_equal(node_engine_save(star->nodes[NEMA].engine, &draft, &saved),
                     TIP_ECHANGED);
    record.seen = node_engine_seen(star->nodes[NEMA].engine);
    OK(node_engine_save(star->nodes[NEMA].engine, &draft, &saved));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_record_that_is_lost_comes_again_when_it_is_missed),
        TEST(test_a_record_whose_bytes_flipped_is_not_shown_and_comes_again),
        TEST(test_a_store_with_flipped_bytes_opens_and_is_repaired),
        TEST(test_a_digest_that_was_lost_is_counted_again),
        TEST(test_what_nobody_looked_at_is_found_in_time),
        TEST(test_a_frame_that_is_gone_is_not_called_a_fork),
        TEST(test_repair_with_unsent_work_keeps_all_of_it),
        TEST(test_unsent_work_lies_over_what_comes_again),
        TEST(test_unsent_work_lies_over_what_comes_again_twice),
        TEST(test_what_the_hub_does_not_have_an_office_hold_goes),
        TEST(test_a_form_opened_on_a_wrong_copy_is_shown_again),
    };

    return cmocka_run_group_tests_name("repair", tests, NULL, NULL);
}
