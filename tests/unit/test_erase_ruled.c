/* Records that are erased by law, about which a person has decided: the reason
 * of the decision may speak of them. */
#include "erasing.h"
#include "star_grep.h"
#include "star_offices.h"

/* Decide about @seq of node @i for a @reason. */
static void rule_because(struct star *star, size_t i, uint64_t seq,
                         bool is_accepted, const char *reason)
{
    const struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST + (uint32_t)i,
                                      .first = seq,
                                      .last = seq,
                                      .is_accepted = is_accepted,
                                      .by = tip_bytes_text("salma"),
                                      .reason = tip_bytes_text(reason)};
    struct hub_ruled ruled;

    assert_int_equal(hub_engine_rule(star->hub, &ruling, &ruled), TIP_OK);
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    assert_int_equal(ruled.count, 1);
}

/* The reason of a decision may speak of the person, and is told to the author;
 * of another record's it stays. */
static void erase_ruled(struct star *star, bool is_accepted, bool is_told)
{
    struct tip_id id, other;
    uint64_t seq = star_held_edit(star, &other);
    struct tip_ruling ruling;
    struct tip_arena arena;
    uint64_t commit;

    rule_because(star, ATAR, seq, is_accepted, "Salka agrees");
    star_run(star);
    seq = star_held_edit(star, &id);
    if (!is_told) {
        star_cut(star, ATAR);
    }
    rule_because(star, ATAR, seq, is_accepted, "Mariem agrees");
    star_run(star);
    assert_true(star_grep(star, HUB, "Mariem") > 0);
    assert_int_equal(star_grep(star, ATAR, "Mariem") > 0, is_told);
    erasing_begin(star, &id);
    star_run(star);
    star_join(star, ATAR);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(hub_engine_find_ruling(star->hub, STAR_ORIGIN_FIRST + ATAR,
                                            seq, &arena, &ruling, &commit),
                     TIP_OK);
    assert_true(tip_bytes_equal(ruling.by, tip_bytes_text("salma")));
    assert_int_equal(ruling.reason.size, 0);
    tip_arena_deinit(&arena);
    assert_true(star_grep(star, HUB, "Salka") > 0);
    assert_true(star_grep(star, ATAR, "Salka") > 0);
}

static void test_why_it_was_refused_is_erased_with_its_record(void **state)
{
    erase_ruled(*state, false, true);
}

static void test_why_it_was_accepted_is_erased_with_its_record(void **state)
{
    erase_ruled(*state, true, true);
}

/* The office was away, and hears of the decision once the record is gone. */
static void test_why_it_was_refused_is_not_told_after_an_erasure(void **state)
{
    erase_ruled(*state, false, false);
}

/* Erased where it was told, before it is applied: by stick, the control log
 * first. */
static void test_why_it_was_refused_is_not_kept_after_an_erasure(void **state)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct star *star = *state;
    struct tip_id id;
    struct tip_channel_position have[3];
    struct tip_head feed;
    struct tip_bytes frame;
    uint64_t seq = star_held_edit(star, &id);

    star_cut(star, ATAR);
    node_engine_position(star->nodes[ATAR].engine, &feed, have, NULL);
    rule_because(star, ATAR, seq, false, "Mariem agrees");
    frame =
        erasing_export(star, have[0].channel, have[0].head.number + 1, memory);
    erasing_begin(star, &id);
    erasing_carry(star, ATAR, TIP_CHANNEL_CTL, have[2].head.number + 1);
    erasing_run(star);
    erasing_import(star, ATAR, frame);
    star_join(star, ATAR);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_why_it_was_refused_is_erased_with_its_record),
        STAR_TEST(test_why_it_was_accepted_is_erased_with_its_record),
        STAR_TEST(test_why_it_was_refused_is_not_told_after_an_erasure),
        STAR_TEST(test_why_it_was_refused_is_not_kept_after_an_erasure),
    };

    return cmocka_run_group_tests_name("erase_ruled", tests, NULL, NULL);
}
