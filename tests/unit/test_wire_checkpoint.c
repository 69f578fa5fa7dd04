/* Rules of what a checkpoint says of work that is held back. */
#include "tip_test.h"
#include "tip_wire_checkpoint.h"

enum { ROOM = 4096 };

struct box {
    uint8_t memory[ROOM];
    struct tip_buf buf;
    struct tip_arena arena;
};

static void box_init(struct box *box)
{
    tip_buf_init(&box->buf, box->memory, sizeof box->memory);
    tip_arena_init(&box->arena, 1 << 20);
}

static enum tip_err put(struct box *box, uint64_t bound, uint64_t unnamed,
                        const struct tip_held_run *runs, size_t run_count)
{
    const struct tip_decided decided = {.origin = 300,
                                        .bound = bound,
                                        .runs = runs,
                                        .run_count = run_count,
                                        .unnamed = unnamed};
    const struct tip_checkpoint checkpoint = {
        .commit = 9, .control = 70, .decided = &decided, .decided_count = 1};

    box_init(box);
    return tip_wire_checkpoint_put(&box->buf, &checkpoint);
}

static enum tip_err get(struct box *box, struct tip_checkpoint *out_checkpoint)
{
    return tip_wire_checkpoint_get(tip_bytes(box->buf.data, box->buf.size),
                                   &box->arena, out_checkpoint);
}

/* The numbers of a run as a peer may send them, one origin, nothing else. */
static enum tip_err get_raw(const uint64_t *numbers, size_t count)
{
    struct tip_checkpoint checkpoint;
    struct box box;
    enum tip_err err;

    box_init(&box);
    for (size_t i = 0; i < count; i++) {
        tip_buf_put_varint(&box.buf, numbers[i]);
    }
    err = get(&box, &checkpoint);
    tip_arena_deinit(&box.arena);
    return err;
}

static void test_runs_are_read_as_they_were_said(void **state)
{
    const struct tip_held_run runs[] = {
        {.first = 1, .count = 1, .reason = TIP_HOLD_TOO_NEW},
        {.first = 2, .count = 4999, .reason = TIP_HOLD_BEHIND},
        {.first = 7000, .count = 1, .reason = TIP_HOLD_VALUE}};
    struct tip_checkpoint said;
    struct box box;

    (void)state;
    assert_int_equal(put(&box, 7100, 100, runs, 3), TIP_OK);
    assert_true(box.buf.size <= 25);
    assert_int_equal(get(&box, &said), TIP_OK);
    assert_int_equal(said.control, 70);
    assert_int_equal(said.decided_count, 1);
    assert_int_equal(said.decided[0].run_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(said.decided[0].runs[i].first, runs[i].first);
        assert_int_equal(said.decided[0].runs[i].count, runs[i].count);
        assert_int_equal(said.decided[0].runs[i].reason, runs[i].reason);
    }
    assert_int_equal(said.decided[0].unnamed, 100);
    tip_arena_deinit(&box.arena);
}

static void test_what_is_not_in_order_or_in_bounds_is_not_said(void **state)
{
    const struct tip_held_run late = {10, 2, TIP_HOLD_VALUE};
    const struct tip_held_run none = {10, 0, TIP_HOLD_VALUE};
    const struct tip_held_run early[] = {{10, 2, TIP_HOLD_VALUE},
                                         {11, 1, TIP_HOLD_VALUE}};
    const struct tip_held_run vague = {10, 1, TIP_HOLD_NONE};
    struct box box;

    (void)state;
    assert_int_equal(put(&box, 11, 0, &late, 1), TIP_OK);
    assert_int_equal(put(&box, 10, 0, &late, 1), TIP_EINVAL);
    assert_int_equal(put(&box, 11, 1, &late, 1), TIP_EINVAL);
    assert_int_equal(put(&box, 99, 0, &none, 1), TIP_EINVAL);
    assert_int_equal(put(&box, 99, 0, early, 2), TIP_EINVAL);
    assert_int_equal(put(&box, 99, 0, &vague, 1), TIP_EINVAL);
}

static void test_runs_that_reach_past_their_bound_are_refused(void **state)
{
    /* Generation, number, entries of CTL, one origin: its number, bound, one
     * run: step, more, reason; how many more. */
    const uint64_t good[] = {1, 9, 0, 1, 300, 12, 1, 10, 2, TIP_HOLD_VALUE, 0};
    const uint64_t far[] = {1, 9, 0, 1, 300, 12, 1, 13, 0, TIP_HOLD_VALUE, 0};
    const uint64_t still[] = {1, 9, 0, 1, 300, 12, 1, 0, 2, TIP_HOLD_VALUE, 0};
    const uint64_t longer[] = {1, 9, 0, 1, 300, 12, 1, 10, 3, TIP_HOLD_VALUE,
                               0};
    const uint64_t wraps[] = {
        1, 9, 0, 1, 300, 12, 1, 10, UINT64_MAX, TIP_HOLD_VALUE, 0};
    const uint64_t more[] = {1, 9, 0, 1, 300, 12, 1, 10, 1, TIP_HOLD_VALUE, 2};
    const uint64_t last[] = {1, 9, 0, 1, 300, 12, 1, 10, 1, TIP_HOLD_NUMBER_MAX,
                             0};
    const uint64_t reason[] = {
        1, 9, 0, 1, 300, 12, 1, 10, 1, TIP_HOLD_NUMBER_MAX + 1, 0};

    (void)state;
    assert_int_equal(get_raw(good, 11), TIP_OK);
    assert_int_equal(get_raw(far, 11), TIP_EMALFORMED);
    assert_int_equal(get_raw(still, 11), TIP_EMALFORMED);
    assert_int_equal(get_raw(longer, 11), TIP_EMALFORMED);
    assert_int_equal(get_raw(wraps, 11), TIP_EMALFORMED);
    assert_int_equal(get_raw(more, 11), TIP_EMALFORMED);
    assert_int_equal(get_raw(good, 10), TIP_EMALFORMED);
    assert_int_equal(get_raw(last, 11), TIP_OK);
    assert_int_equal(get_raw(reason, 11), TIP_EUNSUPPORTED);
}

/* As large as all its numbers can make it. */
static void test_the_room_it_needs_is_known(void **state)
{
    const struct tip_held_run run = {UINT64_MAX / 2, UINT64_MAX / 4,
                                     TIP_HOLD_VALUE};
    const struct tip_decided decided = {.origin = UINT32_MAX,
                                        .bound = UINT64_MAX,
                                        .runs = &run,
                                        .run_count = 1,
                                        .unnamed = UINT64_MAX / 8};
    const struct tip_checkpoint checkpoint = {.commit = UINT64_MAX,
                                              .control = UINT64_MAX,
                                              .decided = &decided,
                                              .decided_count = 1,
                                              .has_digest = true};
    size_t room = tip_wire_checkpoint_bytes_max(&checkpoint);
    struct box box;

    (void)state;
    box_init(&box);
    assert_int_equal(tip_wire_checkpoint_put(&box.buf, &checkpoint), TIP_OK);
    assert_in_range(box.buf.size, room / 2, room);
    tip_arena_deinit(&box.arena);
}

static void test_it_speaks_of_so_many_origins_and_no_more(void **state)
{
    static struct tip_decided decided[TIP_WIRE_DECIDED_MAX + 1];
    struct tip_checkpoint checkpoint = {.commit = 9, .decided = decided};
    struct tip_checkpoint said;
    static struct box box;

    (void)state;
    for (uint32_t i = 0; i <= TIP_WIRE_DECIDED_MAX; i++) {
        decided[i] = (struct tip_decided){.origin = i + 1, .bound = 1};
    }
    box_init(&box);
    checkpoint.decided_count = TIP_WIRE_DECIDED_MAX;
    assert_int_equal(tip_wire_checkpoint_put(&box.buf, &checkpoint), TIP_OK);
    assert_int_equal(get(&box, &said), TIP_OK);
    assert_int_equal(said.decided_count, TIP_WIRE_DECIDED_MAX);
    checkpoint.decided_count++;
    assert_int_equal(tip_wire_checkpoint_put(&box.buf, &checkpoint),
                     TIP_EINVAL);
    tip_arena_deinit(&box.arena);
}

/* Of all origins together. */
static void test_it_names_so_much_that_is_held_and_no_more(void **state)
{
    static struct tip_held_run runs[TIP_WIRE_HELD_MAX];
    struct tip_decided decided[] = {
        {.origin = 1, .bound = TIP_WIRE_HELD_MAX, .runs = runs},
        {.origin = 2, .bound = 1, .runs = runs, .run_count = 1}};
    const struct tip_checkpoint checkpoint = {
        .commit = 9, .decided = decided, .decided_count = 2};
    struct tip_checkpoint said;
    struct box box;

    (void)state;
    for (size_t i = 0; i < TIP_WIRE_HELD_MAX; i++) {
        runs[i] = (struct tip_held_run){1 + i, 1, TIP_HOLD_VALUE};
    }
    box_init(&box);
    decided[0].run_count = TIP_WIRE_HELD_MAX - 1;
    assert_int_equal(tip_wire_checkpoint_put(&box.buf, &checkpoint), TIP_OK);
    assert_int_equal(get(&box, &said), TIP_OK);
    assert_int_equal(said.decided[0].run_count, TIP_WIRE_HELD_MAX - 1);
    decided[0].run_count++;
    assert_int_equal(tip_wire_checkpoint_put(&box.buf, &checkpoint),
                     TIP_EINVAL);
    tip_arena_deinit(&box.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_are_read_as_they_were_said),
        cmocka_unit_test(test_what_is_not_in_order_or_in_bounds_is_not_said),
        cmocka_unit_test(test_the_room_it_needs_is_known),
        cmocka_unit_test(test_it_speaks_of_so_many_origins_and_no_more),
        cmocka_unit_test(test_it_names_so_much_that_is_held_and_no_more),
        cmocka_unit_test(test_runs_that_reach_past_their_bound_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
