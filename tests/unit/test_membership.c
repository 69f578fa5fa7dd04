/* Who holds a record: offices come, leave and come again, with work of theirs
 * on its way. */
#include "star_offices.h"

enum { BIG = 2000 };

static void test_an_office_that_is_added_gets_the_whole_record(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);

    assert_false(star_has(star, ATAR, &id));
    assert_int_equal(star_member(star, NEMA, &id, ATAR, true), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_REVIEW, 7, 2);
    star_assert_agreed(star);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_REVIEW, 9), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_REVIEW, 9, 1);
    ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 9, 1);
    star_assert_agreed(star);
}

static void test_a_record_larger_than_a_frame_comes_whole(void **state)
{
    struct star *star = *state;
    static uint8_t bytes[BIG];
    struct tip_id id = star_edited_apart(star);

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * i >> 3 ^ i * 7);
    }
    for (uint32_t element = 1; element <= 90; element++) {
        bytes[element] ^= (uint8_t)element;
        assert_int_equal(
            star_write(star, NEMA, &id,
                       &(struct tip_change){
                           .field = FAKE_SET,
                           .element = element,
                           .value = {.kind = TIP_VALUE_OPAQUE,
                                     .bytes = tip_bytes(bytes, sizeof bytes)}}),
            TIP_OK);
        star_run(star);
    }
    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_LATEST, 5), TIP_OK);
    star_crash_hub(star);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 5, 1);
    star_assert_agreed(star);
}

static void test_work_under_way_when_an_office_is_added_is_kept(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);

    star_cut(star, ATAR);
    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 2), TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_LATEST, 3), TIP_OK);
    star_crash_hub(star);
    star_join(star, ATAR);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 3, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
    star_assert_agreed(star);
}

static void test_an_office_that_leaves_keeps_no_copy(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);

    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    star_run(star);
    assert_int_equal(star_member(star, NEMA, &id, NEMA, false), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 4), TIP_EACCESS);
    star_run(star);
    assert_false(star_has(star, NEMA, &id));
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 4), TIP_ENOTFOUND);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 5), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
    star_assert_agreed(star);
}

static void
test_work_of_an_office_that_did_not_know_it_was_removed_counts(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);

    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    star_run(star);
    star_cut(star, ATAR);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 6), TIP_OK);
    assert_int_equal(star_member(star, HUB, &id, ATAR, false), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 7), TIP_OK);
    star_run(star);
    assert_true(star_has(star, ATAR, &id));
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(star_status(star, ATAR).held_count, 0);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 6, 2);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 6, 2);
    assert_false(star_has(star, ATAR, &id));
    star_assert_agreed(star);
}

static void test_an_office_may_come_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);

    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
        star_run(star);
        assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 10 + i),
                         TIP_OK);
        star_run(star);
        ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 10 + i, 1);
        assert_int_equal(star_member(star, HUB, &id, ATAR, false), TIP_OK);
        star_run(star);
        assert_false(star_has(star, ATAR, &id));
        star_crash_node(star, ATAR);
        star_run(star);
        star_assert_agreed(star);
    }
}

static void test_added_and_removed_at_once_waits_for_a_person(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);
    struct hub_held held[4];

    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    star_run(star);
    assert_int_equal(star_member(star, HUB, &id, ATAR, false), TIP_OK);
    star_run(star);
    star_cut(star, NEMA);
    assert_int_equal(star_member(star, NEMA, &id, ATAR, true), TIP_OK);
    /* The hub adds it and takes it out again, which Néma does not know. */
    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    assert_int_equal(star_member(star, HUB, &id, ATAR, false), TIP_OK);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(hub_engine_held(star->hub, held, 4), 1);
    assert_int_equal(held[0].reason, TIP_HOLD_OFFICES);
    assert_false(star_has(star, ATAR, &id));
}

static void test_a_record_is_never_without_a_holder(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);

    assert_int_equal(star_member(star, NEMA, &id, NEMA, false), TIP_EOFFICES);
    assert_int_equal(star_member(star, HUB, &id, NEMA, false), TIP_EOFFICES);
    assert_int_equal(star_member(star, NEMA, &id, ATAR, true), TIP_OK);
    star_run(star);
    /* Nobody but the hub takes out others. */
    assert_int_equal(star_member(star, ATAR, &id, NEMA, false), TIP_EACCESS);
    /* Both leave, neither knows of the other. */
    assert_int_equal(star_member(star, NEMA, &id, NEMA, false), TIP_OK);
    assert_int_equal(star_member(star, ATAR, &id, ATAR, false), TIP_OK);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).held_count +
                         star_status(star, ATAR).held_count,
                     1);
    assert_true(star_has(star, HUB, &id));
    assert_true(star_has(star, NEMA, &id) || star_has(star, ATAR, &id));
}

static void test_a_record_made_and_left_before_the_hub_heard_of_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    star_cut(star, NEMA);
    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1), TIP_OK);
    assert_int_equal(star_member(star, NEMA, &id, NEMA, false), TIP_OK);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).held_count, 0);
    assert_false(star_has(star, NEMA, &id));
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 1, 1);
    star_assert_agreed(star);
}

static void test_a_record_of_everybody_is_handed_to_nobody(void **state)
{
    const struct tip_change change = {
        .field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = 1}};
    struct star *star = *state;
    struct tip_id id;

    (void)star_edited_apart(star);
    id = star_publish(star, &change);
    star_run(star);
    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_EACCESS);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 1, 1);
    star_assert_agreed(star);
}

/* Work of Atar that is held back keeps its copy, which is told nothing. */
static void
test_a_form_from_before_an_office_came_again_is_shown_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star), other = star_id(star);
    struct tip_change change = {.field = FAKE_REVIEW,
                                .value = {.kind = TIP_VALUE_CODE, .code = 5}};
    struct tip_draft_record record = {
        .id = id, .changes = &change, .change_count = 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("mariem")};
    struct tip_saved saved;

    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    star_run(star);
    star_cut(star, ATAR);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 6), TIP_OK);
    assert_int_equal(star_member(star, HUB, &id, ATAR, false), TIP_OK);
    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(star_status(star, ATAR).held_count, 1);
    assert_int_equal(star_member(star, HUB, &id, ATAR, false), TIP_OK);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_REVIEW, 9), TIP_OK);
    assert_int_equal(star_add(star, ATAR, &other, NONE, FAKE_LATEST, 1),
                     TIP_OK);
    star_run(star);
    record.seen = node_engine_seen(star->nodes[ATAR].engine);
    assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
    star_run(star);
    assert_int_equal(node_engine_save(star->nodes[ATAR].engine, &draft, &saved),
                     TIP_ECHANGED);
    ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 9, 1);
    star_assert_agreed(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_an_office_that_is_added_gets_the_whole_record),
        STAR_TEST(test_a_record_larger_than_a_frame_comes_whole),
        STAR_TEST(test_work_under_way_when_an_office_is_added_is_kept),
        STAR_TEST(test_an_office_that_leaves_keeps_no_copy),
        STAR_TEST(
            test_work_of_an_office_that_did_not_know_it_was_removed_counts),
        STAR_TEST(test_an_office_may_come_again),
        STAR_TEST(test_added_and_removed_at_once_waits_for_a_person),
        STAR_TEST(test_a_record_is_never_without_a_holder),
        STAR_TEST(test_a_record_made_and_left_before_the_hub_heard_of_it),
        STAR_TEST(test_a_record_of_everybody_is_handed_to_nobody),
        STAR_TEST(test_a_form_from_before_an_office_came_again_is_shown_again),
    };

    return cmocka_run_group_tests_name("membership", tests, NULL, NULL);
}
