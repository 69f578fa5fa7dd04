/* People decide about what the hub holds back. */
#include "erasing.h"
#include "restored.h"
#include "star_damage.h"

enum { UNKNOWN = FAKE_LATEST + 1 };

/* The decision about own change-set @seq as node @i tells it. */
static enum tip_ruling_kind decision(struct star *star, size_t i, uint64_t seq)
{
    struct node_decision decision;
    struct tip_arena arena;
    enum tip_ruling_kind kind;

    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(
        node_engine_decision(star->nodes[i].engine, seq - 1, &arena, &decision),
        TIP_OK);
    assert_int_equal(decision.ruling.first_seq, seq);
    assert_true(tip_bytes_equal(decision.ruling.by, tip_bytes_text("salma")));
    assert_true(
        decision.ruling.reason.size == 0 || /* It was erased. */
        tip_bytes_equal(decision.ruling.reason, tip_bytes_text("asked Atar")));
    kind = decision.ruling.kind;
    tip_arena_deinit(&arena);
    return kind;
}

static void
test_what_is_accepted_stands_beside_and_overwrites_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    struct hub_ruled ruled;
    uint64_t seq = star_held_edit(star, &id);

    assert_int_equal(star_rule(star, ATAR, seq, seq, true, &ruled), TIP_OK);
    assert_int_equal(ruled.count, 1);
    star_crash_hub(star);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        size_t count;

        (void)star_code(star, i, &id, FAKE_LATEST, &count);
        assert_int_equal(count, 2);
    }
    assert_int_equal(decision(star, ATAR, seq), TIP_RULING_ACCEPTED);
    star_assert_settled(star);
    /* A person decides between the two as ever. */
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 9), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 9, 1);
    star_assert_settled(star);
}

static void
test_what_is_rejected_leaves_the_overlay_and_can_be_read(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    struct hub_ruled ruled;
    struct node_decision told;
    struct tip_arena arena;
    uint64_t seq = star_held_edit(star, &id);

    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 6, 2);
    assert_int_equal(star_rule(star, ATAR, seq, seq, false, &ruled), TIP_OK);
    star_run(star);
    star_crash_node(star, ATAR);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 7, 1);
    }
    assert_int_equal(decision(star, ATAR, seq), TIP_RULING_REFUSED);
    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(
        node_engine_decision(star->nodes[ATAR].engine, seq - 1, &arena, &told),
        TIP_OK);
    assert_int_equal(told.set.change_count, 1);
    assert_int_equal(told.set.changes[0].value.code, 6);
    assert_true(tip_id_equal(&told.set.records[0].id, &id));
    tip_arena_deinit(&arena);
    star_assert_settled(star);
    /* Written again it counts. */
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 6), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 6, 1);
}

static void test_what_waited_behind_goes_on_in_order(void **state)
{
    struct star *star = *state;
    struct tip_id ids[] = {star_id(star), star_id(star)};
    struct hub_ruled ruled;
    uint64_t seq;

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(star_add(star, NEMA, &ids[i], NONE, FAKE_LATEST, 1),
                         TIP_OK);
    }
    star_run(star);
    star->hub_schema.unknown_field = UNKNOWN;
    assert_int_equal(star_edit(star, NEMA, &ids[0], UNKNOWN, 2), TIP_OK);
    seq = star_status(star, NEMA).saved;
    assert_int_equal(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 3), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 4), TIP_OK);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).held_count, 3);
    ASSERT_SHOWS(star, HUB, &ids[0], FAKE_LATEST, 1, 1);
    /* Nobody can let in what the hub's catalogue does not know. */
    assert_int_equal(star_rule(star, NEMA, seq, seq, true, &ruled),
                     TIP_EUNACCEPTABLE);
    assert_int_equal(ruled.hold, TIP_HOLD_TOO_NEW);
    assert_int_equal(star_rule(star, NEMA, seq, seq, false, &ruled), TIP_OK);
    assert_int_equal(ruled.released, 2);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &ids[0], FAKE_LATEST, 4, 1);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST, 4, 1);
    ASSERT_SHOWS(star, NEMA, &ids[0], UNKNOWN, 0, 0);
    star_assert_settled(star);
}

static void
test_a_record_that_was_refused_is_gone_but_for_its_content(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct hub_ruled ruled;
    struct tip_record view;
    struct tip_arena arena;

    star->hub_schema.unknown_field = UNKNOWN;
    assert_int_equal(star_add(star, NEMA, &id, ATAR, UNKNOWN, 1), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 2), TIP_OK);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).held_count, 2);
    assert_int_equal(star_rule(star, NEMA, 1, 1, false, &ruled), TIP_OK);
    star_run(star);
    /* The edit now stands alone: it makes nothing that anybody would hold. */
    assert_int_equal(star_status(star, NEMA).held_count, 1);
    assert_int_equal(star_rule(star, NEMA, 1, 9, true, &ruled),
                     TIP_EUNACCEPTABLE);
    assert_int_equal(ruled.hold, TIP_HOLD_MEMBER);
    assert_int_equal(star_rule(star, NEMA, 2, 2, false, &ruled), TIP_OK);
    star_run(star);
    tip_arena_init(&arena, 1 << 20);
    for (int i = HUB; i <= ATAR; i++) {
        assert_int_equal(star_view(star, i, &id, &arena, &view), TIP_ENOTFOUND);
    }
    tip_arena_deinit(&arena);
    assert_int_equal(decision(star, NEMA, 1), TIP_RULING_REFUSED);
    assert_int_equal(decision(star, NEMA, 2), TIP_RULING_REFUSED);
    star_assert_settled(star);
    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 3), TIP_OK);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 3, 1);
    star_assert_settled(star);
}

/* A person refuses later work in a record that waits itself, and comes to be.
 */
static void
test_what_was_refused_before_its_record_is_in_its_history(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct hub_ruled ruled;

    star->hub_schema.unknown_field = UNKNOWN;
    OK(star_add(star, NEMA, &id, ATAR, UNKNOWN, 1));
    for (uint32_t code = 2; code <= 4; code++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, code));
    }
    star_run(star);
    OK(star_rule(star, NEMA, 2, 3, false, &ruled));
    star->hub_schema.unknown_field = 0;
    OK(hub_engine_release(star->hub));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 4, 1);
    assert_int_equal(history(star->store), 2);
    assert_int_equal(history(star->nodes[NEMA].store), 2);
    star_assert_settled(star);
}

static void test_a_decision_is_made_once(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    struct hub_ruled ruled;
    struct hub_held held;
    uint64_t seq = star_held_edit(star, &id);
    uint64_t commit;

    assert_int_equal(star_rule(star, ATAR, seq + 1, seq + 1, true, &ruled),
                     TIP_ENOT_HELD);
    assert_int_equal(star_rule(star, NEMA, seq, seq, true, &ruled),
                     TIP_ENOT_HELD);
    assert_int_equal(star_rule(star, ATAR, seq, seq, true, &ruled), TIP_OK);
    commit = hub_engine_seen(star->hub).commit;
    star_crash_hub(star);
    assert_int_equal(star_rule(star, ATAR, seq, seq, true, &ruled),
                     TIP_EEXISTS);
    assert_int_equal(star_rule(star, ATAR, seq, seq, false, &ruled),
                     TIP_ENOT_HELD);
    assert_int_equal(hub_engine_seen(star->hub).commit, commit);
    assert_int_equal(hub_engine_held(star->hub, &held, 1), 0);
}

static void test_a_decision_that_was_not_durable_was_not_made(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    struct hub_ruled ruled;
    struct hub_held held;
    uint64_t seq = star_held_edit(star, &id);
    struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST + ATAR,
                                .first = seq,
                                .last = seq,
                                .by = tip_bytes_text("salma"),
                                .reason = tip_bytes_text("no")};

    assert_int_equal(hub_engine_rule(star->hub, &ruling, &ruled), TIP_OK);
    star_crash_hub(star);
    star_run(star);
    assert_int_equal(hub_engine_held(star->hub, &held, 1), 1);
    assert_int_equal(held.reason, TIP_HOLD_MEMBER);
    assert_int_equal(star_status(star, ATAR).held_count, 1);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 6, 2);
}

static void
test_a_decision_needs_a_reason_and_somebody_who_made_it(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    struct hub_ruled ruled;
    uint64_t seq = star_held_edit(star, &id);
    struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST + ATAR,
                                .first = seq,
                                .last = seq,
                                .by = tip_bytes_text("salma")};

    assert_int_equal(hub_engine_rule(star->hub, &ruling, &ruled), TIP_EREASON);
    ruling.by = TIP_BYTES_NONE;
    ruling.reason = tip_bytes_text("why not");
    assert_int_equal(hub_engine_rule(star->hub, &ruling, &ruled), TIP_EINVAL);
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    assert_int_equal(star_status(star, ATAR).held_count, 1);
}

static void test_many_are_decided_in_slices_and_told_in_runs(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct hub_ruled ruled = {.is_more = true};
    uint64_t count = 0, before;

    star->hub_schema.unknown_field = UNKNOWN;
    assert_int_equal(star_add(star, NEMA, &id, NONE, UNKNOWN, 1), TIP_OK);
    for (uint32_t i = 0; i < 600; i++) {
        assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, i % 5 + 1),
                         TIP_OK);
    }
    star_run(star);
    assert_int_equal(star_status(star, NEMA).held_count, 601);
    before = star->bytes_down;
    while (ruled.is_more) {
        assert_int_equal(star_rule(star, NEMA, 1, 601, false, &ruled), TIP_OK);
        count += ruled.count;
        star_run(star);
    }
    assert_int_equal(count, 601);
    assert_true(star->bytes_down - before < 2048);
    star_assert_settled(star);
    assert_int_equal(decision(star, NEMA, 601), TIP_RULING_REFUSED);
}

/* Added and removed at once: the person's word on who holds it is carried out,
 * whichever way. */
static void test_a_decision_on_who_holds_a_record_is_carried_out(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct hub_ruled ruled;
    size_t count;

    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    for (int round = 0; round < 2; round++) {
        /* Atar leaves; the hub takes it out and puts it in again. */
        star_cut(star, ATAR);
        assert_int_equal(star_member(star, ATAR, &id, ATAR, false), TIP_OK);
        assert_int_equal(star_member(star, HUB, &id, ATAR, false), TIP_OK);
        assert_int_equal(star_member(star, HUB, &id, ATAR, true), TIP_OK);
        star_join(star, ATAR);
        star_run(star);
        assert_int_equal(star_status(star, ATAR).held_count, 1);
        assert_int_equal(star_rule(star, ATAR, star_status(star, ATAR).saved,
                                   star_status(star, ATAR).saved, round == 1,
                                   &ruled),
                         TIP_OK);
        star_run(star);
        assert_int_equal(star_code(star, ATAR, &id, FAKE_LATEST, &count),
                         round == 0 ? 1 : 0);
        star_assert_settled(star);
    }
}

/* The record whose page was lost comes again, without what was refused. */
static void test_a_refusal_of_work_in_a_lost_record_stops_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    struct hub_ruled ruled;
    uint64_t seq = star_held_edit(star, &id);

    star_lose(star, ATAR, &id);
    assert_int_equal(star_rule(star, ATAR, seq, seq, false, &ruled), TIP_OK);
    star_run(star);
    assert_int_equal(star_status(star, ATAR).trouble, TIP_OK);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 7, 1);
    assert_int_equal(decision(star, ATAR, seq), TIP_RULING_REFUSED);
    star_assert_settled(star);
}

/* Néma writes in @id what the hub's catalogue does not know; gives its seq. */
static uint64_t write_too_new(struct star *star, const struct tip_id *id)
{
    star->hub_schema.unknown_field = UNKNOWN;
    assert_int_equal(erasing_write(star, NEMA, id, UNKNOWN, "Mariem, too new"),
                     TIP_OK);
    star_run(star);
    return star_status(star, NEMA).saved;
}

/* What is kept of a refused change-set is content too. */
static void test_what_was_refused_is_erased_with_its_record(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct hub_ruled ruled;
    uint64_t seq;

    seq = write_too_new(star, &id);
    assert_int_equal(star_rule(star, NEMA, seq, seq, false, &ruled), TIP_OK);
    star_run(star);
    assert_int_equal(decision(star, NEMA, seq), TIP_RULING_REFUSED);
    erasing_begin(star, &id);
    erasing_run(star);
    assert_int_equal(decision(star, NEMA, seq), TIP_RULING_REFUSED);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

/* The control log is ahead of the office's own channel: the name stays. */
static void
test_a_refusal_that_comes_after_an_erasure_takes_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_channel_position have[3];
    struct hub_ruled ruled;
    struct tip_head feed;
    uint64_t seq;

    seq = write_too_new(star, &id);
    star_cut(star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    assert_int_equal(star_rule(star, NEMA, seq, seq, false, &ruled), TIP_OK);
    erasing_begin(star, &id);
    erasing_carry(star, NEMA, TIP_CHANNEL_CTL, have[2].head.number + 1);
    erasing_assert_stub(star, NEMA, &id);
    erasing_run(star);
    star_join(star, NEMA);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    erasing_assert_agreement(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_is_accepted_stands_beside_and_overwrites_nothing),
        STAR_TEST(test_what_is_rejected_leaves_the_overlay_and_can_be_read),
        STAR_TEST(test_what_waited_behind_goes_on_in_order),
        STAR_TEST(test_a_record_that_was_refused_is_gone_but_for_its_content),
        STAR_TEST(test_what_was_refused_before_its_record_is_in_its_history),
        STAR_TEST(test_a_decision_is_made_once),
        STAR_TEST(test_a_decision_that_was_not_durable_was_not_made),
        STAR_TEST(test_a_decision_needs_a_reason_and_somebody_who_made_it),
        STAR_TEST(test_many_are_decided_in_slices_and_told_in_runs),
        STAR_TEST(test_a_decision_on_who_holds_a_record_is_carried_out),
        STAR_TEST(test_a_refusal_of_work_in_a_lost_record_stops_nothing),
        STAR_TEST(test_what_was_refused_is_erased_with_its_record),
        STAR_TEST(test_a_refusal_that_comes_after_an_erasure_takes_nothing),
    };

    return cmocka_run_group_tests_name("rulings", tests, NULL, NULL);
}
