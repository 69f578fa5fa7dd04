/* Rules of the two engines together, one at a time, over a line that works. */
#include "star_offices.h"

static void test_a_record_saved_at_a_node_reaches_the_hub(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 7), TIP_OK);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 0, 0);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 0, 0);
    assert_int_equal(star_status(star, NEMA).confirmed, 1);
    assert_int_equal(star_status(star, NEMA).decided, 1);
    assert_int_equal(star_status(star, NEMA).bad_messages, 0);
}

static void test_an_edit_at_the_hub_reaches_the_node(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_REVIEW, 7), TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_REVIEW, 8), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_REVIEW, 8, 1);
}

static void test_a_record_of_two_offices_is_told_to_both(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_REVIEW, 7), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_REVIEW, 7, 1);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_REVIEW, 9), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_REVIEW, 9, 1);
}

static void test_edits_made_apart_stand_side_by_side_everywhere(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_REVIEW, 1), TIP_OK);
    star_run(star);
    star_cut(star, NEMA);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_REVIEW, 2), TIP_OK);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_REVIEW, 3), TIP_OK);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_REVIEW, 4), TIP_OK);
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        size_t count;

        (void)star_code(star, i, &id, FAKE_REVIEW, &count);
        assert_int_equal(count, 3);
    }
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_REVIEW, 3), TIP_OK);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_REVIEW, 3, 1);
    }
}

static void test_an_edit_of_what_has_changed_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct tip_change change = {.field = FAKE_REVIEW,
                                .value = {.kind = TIP_VALUE_CODE, .code = 5}};
    struct tip_draft_record record = {
        .id = id, .changes = &change, .change_count = 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("clerk")};
    struct tip_saved saved;

    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_REVIEW, 1), TIP_OK);
    star_run(star);
    record.seen = node_engine_seen(star->nodes[NEMA].engine);
    record.id = id;
    assert_int_equal(star_edit(star, HUB, &id, FAKE_REVIEW, 2), TIP_OK);
    star_run(star);
    assert_int_equal(node_engine_save(star->nodes[NEMA].engine, &draft, &saved),
                     TIP_ECHANGED);
    record.seen = node_engine_seen(star->nodes[NEMA].engine);
    assert_int_equal(node_engine_save(star->nodes[NEMA].engine, &draft, &saved),
                     TIP_OK);
    assert_int_equal(node_engine_flush(star->nodes[NEMA].engine), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 5, 1);
}

static void
test_what_was_flushed_survives_a_crash_and_arrives_once(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    star_cut(star, NEMA);
    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 7), TIP_OK);
    star_crash_node(star, NEMA);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
    star_run(star);
    star_crash_hub(star);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
    star_crash_node(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
    assert_int_equal(star_status(star, NEMA).confirmed, 1);
}

static void test_later_work_on_a_held_record_waits_behind_it(void **state)
{
    struct star *star = *state;
    struct tip_id parked = star_id(star), free = star_id(star);
    struct hub_held held[4];

    /* The hub's catalogue is too old for one field. */
    assert_int_equal(star_add(star, NEMA, &parked, NONE, FAKE_LATEST, 1),
                     TIP_OK);
    assert_int_equal(star_add(star, NEMA, &free, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    star->hub_schema.unknown_field = FAKE_LATEST + 1;
    assert_int_equal(star_edit(star, NEMA, &parked, FAKE_LATEST + 1, 2),
                     TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &parked, FAKE_LATEST, 3), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &free, FAKE_LATEST, 4), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &parked, FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, HUB, &free, FAKE_LATEST, 4, 1);
    ASSERT_SHOWS(star, NEMA, &parked, FAKE_LATEST, 3, 1);
    assert_int_equal(hub_engine_held(star->hub, held, 4), 2);
    assert_int_equal(held[0].reason, TIP_HOLD_TOO_NEW);
    assert_int_equal(held[1].reason, TIP_HOLD_BEHIND);
    assert_int_equal(star_status(star, NEMA).held_count, 2);

    star_crash_hub(star);
    star->hub_schema.unknown_field = 0;
    assert_int_equal(hub_engine_release(star->hub), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &parked, FAKE_LATEST, 3, 1);
    ASSERT_SHOWS(star, HUB, &parked, FAKE_LATEST + 1, 2, 1);
    assert_int_equal(hub_engine_held(star->hub, held, 4), 0);
    assert_int_equal(star_status(star, NEMA).held_count, 0);
}

static void test_a_full_store_refuses_and_loses_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id first = star_id(star), second = star_id(star);

    assert_int_equal(star_add(star, NEMA, &first, NONE, FAKE_LATEST, 1),
                     TIP_OK);
    fake_store_fail_commit(star->nodes[NEMA].store, 1, TIP_ESTORE_FULL,
                           FAKE_STORE_LOST);
    assert_int_equal(star_add(star, NEMA, &second, NONE, FAKE_LATEST, 2),
                     TIP_ESTORE_FULL);
    ASSERT_SHOWS(star, NEMA, &second, FAKE_LATEST, 0, 0);
    assert_int_equal(star_add(star, NEMA, &second, NONE, FAKE_LATEST, 3),
                     TIP_OK);
    fake_store_fail_commit(star->store, 1, TIP_ESTORE_FULL, FAKE_STORE_LOST);
    star_join(star, NEMA); /* It is quiet for a second after a loss. */
    star_run(star);
    star_join(star, NEMA); /* It greets again when no answer comes. */
    star_run(star);
    ASSERT_SHOWS(star, HUB, &first, FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, HUB, &second, FAKE_LATEST, 3, 1);
}

static void test_a_full_hub_says_so_to_the_office(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    uint64_t limit = star->store->limit_bytes;

    star->store->limit_bytes = 1;
    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    star_run(star); /* It says so after what it did not keep. */
    assert_int_equal(star_status(star, NEMA).hindrance, TIP_EHUB_FULL);
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    assert_int_equal(star_status(star, ATAR).hindrance, TIP_OK);
    star_cut(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).hindrance, TIP_EHUB_FULL);
    star->store->limit_bytes = limit;
    star_cut(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 1, 1);
    assert_int_equal(star_status(star, NEMA).hindrance, TIP_OK);
}

static void test_the_hub_is_told_when_a_catalogue_has_arrived(void **state)
{
    struct star *star = *state;
    struct hub_device_status devices[2];
    struct tip_id id = star_id(star);

    node_engine_set_schema(star->nodes[NEMA].engine, &star->schema, 5);
    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 7), TIP_OK);
    star_run(star);
    assert_int_equal(hub_engine_devices(star->hub, devices, 2), 2);
    assert_int_equal(devices[NEMA].health.catalogue, 5);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
    assert_int_equal(star_status(star, NEMA).bad_messages, 0);
}

static void test_office_and_hub_agree_on_what_the_office_holds(void **state)
{
    struct star *star = *state;
    struct tip_id own = star_id(star), shared = star_id(star);

    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_UNKNOWN);
    assert_int_equal(star_add(star, NEMA, &own, NONE, FAKE_LATEST, 1), TIP_OK);
    assert_int_equal(star_add(star, ATAR, &shared, NEMA, FAKE_LATEST, 2),
                     TIP_OK);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_EQUAL);
    assert_int_equal(star_edit(star, HUB, &shared, FAKE_LATEST, 3), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &own, FAKE_LATEST, 4), TIP_OK);
    star_run(star);
    star_crash_hub(star);
    star_crash_node(star, NEMA);
    assert_int_equal(star_edit(star, HUB, &own, FAKE_LATEST, 5), TIP_OK);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_EQUAL);
    assert_int_equal(star_status(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
    /* Néma said so in its greeting after the crash. */
    assert_int_equal(star_device(star, NEMA).records, 2);
    assert_int_equal(star_device(star, NEMA).health.records, 2);
    assert_int_equal(star_status(star, NEMA).records, 2);
}

static void test_a_message_of_an_unknown_kind_is_passed_over(void **state)
{
    static const uint8_t unknown[40] = {100, 1, 2, 3};
    struct star *star = *state;
    struct tip_id id = star_id(star);

    node_engine_receive(star->nodes[NEMA].engine, TIP_BYTES_OF(unknown));
    hub_engine_receive(star->hub, STAR_ORIGIN_FIRST, TIP_BYTES_OF(unknown));
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    assert_int_equal(star_status(star, NEMA).bad_messages, 1);
    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 8), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 8, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_record_saved_at_a_node_reaches_the_hub),
        STAR_TEST(test_an_edit_at_the_hub_reaches_the_node),
        STAR_TEST(test_a_record_of_two_offices_is_told_to_both),
        STAR_TEST(test_edits_made_apart_stand_side_by_side_everywhere),
        STAR_TEST(test_an_edit_of_what_has_changed_is_refused),
        STAR_TEST(test_what_was_flushed_survives_a_crash_and_arrives_once),
        STAR_TEST(test_later_work_on_a_held_record_waits_behind_it),
        STAR_TEST(test_a_full_store_refuses_and_loses_nothing),
        STAR_TEST(test_a_full_hub_says_so_to_the_office),
        STAR_TEST(test_the_hub_is_told_when_a_catalogue_has_arrived),
        STAR_TEST(test_office_and_hub_agree_on_what_the_office_holds),
        STAR_TEST(test_a_message_of_an_unknown_kind_is_passed_over),
    };

    return cmocka_run_group_tests_name("engines", tests, NULL, NULL);
}
