/* Holes named in the design: what was on a screen while work waited at the hub.
 */
#include "star_offices.h"

enum { UNKNOWN = FAKE_LATEST + 1 };

/* What stood under a change that is refused, or is let in beside it, was not on
 * the screen of whoever wrote that change, nor is it in the form. */
static void test_a_form_left_open_over_a_decision_is_shown_again(void **state)
{
    struct star *star = *state;
    struct hub_ruled ruled;
    struct tip_id id;
    struct tip_change change = {.field = FAKE_LATEST,
                                .value = {.kind = TIP_VALUE_CODE, .code = 5}};
    struct tip_draft_record record = {.changes = &change, .change_count = 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("mariem")};
    struct tip_saved saved;

    for (int round = 0; round < 2; round++) {
        uint64_t seq = star_held_edit(star, &id);

        record.id = id;
        record.seen = node_engine_seen(star->nodes[ATAR].engine);
        assert_int_equal(star_rule(star, ATAR, seq, seq, round == 1, &ruled),
                         TIP_OK);
        star_run(star);
        star_crash_node(star, ATAR);
        star_run(star);
        assert_int_equal(
            node_engine_save(star->nodes[ATAR].engine, &draft, &saved),
            TIP_ECHANGED);
        record.seen = node_engine_seen(star->nodes[ATAR].engine);
        assert_int_equal(
            node_engine_save(star->nodes[ATAR].engine, &draft, &saved), TIP_OK);
        assert_int_equal(node_engine_flush(star->nodes[ATAR].engine), TIP_OK);
        star_run(star);
        ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
        star_assert_settled(star);
    }
}

/* Parked for an old catalogue, the field written by others meanwhile, then
 * released: it stands beside what it had not seen. */
static void test_parked_then_overwritten_overwrites_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    size_t count;

    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    star->hub_schema.unknown_field = UNKNOWN;
    assert_int_equal(star_edit(star, NEMA, &id, UNKNOWN, 2), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 3), TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 4), TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_LATEST, 5), TIP_OK);
    star_run(star);
    star->hub_schema.unknown_field = 0;
    assert_int_equal(hub_engine_release(star->hub), TIP_OK);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        (void)star_code(star, i, &id, FAKE_LATEST, &count);
        assert_int_equal(count, 2);
        ASSERT_SHOWS(star, i, &id, UNKNOWN, 2, 1);
    }
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_form_left_open_over_a_decision_is_shown_again),
        STAR_TEST(test_parked_then_overwritten_overwrites_nothing),
    };

    return cmocka_run_group_tests_name("holes", tests, NULL, NULL);
}
