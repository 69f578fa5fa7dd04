/* Rules of what is no item in a store: no reader takes it. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_channel.h"
#include "tip_wire_record.h"
#include "tip_wire_row.h"
#include "wire_numbers.h"

enum { ARENA_BYTES_MAX = 1 << 20 };

/* Flags of a record at rest. */
enum { DEAD_OVERLAY = 1 << 1, DEAD_ERASED = 1 << 3 };

static uint8_t memory[8 * 1024];
static char letters[TIP_REASON_BYTES_MAX + 1];
static struct tip_buf buf;

static int setup(void **state)
{
    (void)state;
    memset(letters, 'a', sizeof letters);
    return 0;
}

/* Begin a row of an item of @kind. */
static void start_row(enum tip_item_kind kind, uint64_t commit)
{
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, TIP_WIRE_ROW_ITEM);
    tip_buf_put_u8(&buf, (uint8_t)kind);
    tip_wire_commit_put(&buf, commit);
    tip_buf_put_u8(&buf, TIP_VERDICT_GOOD);
}

static enum tip_err row_read(void)
{
    struct tip_arena arena;
    struct tip_item item;
    struct tip_bytes row;
    enum tip_err err;

    assert_int_equal(tip_buf_finish(&buf, &row), TIP_OK);
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_channel_decode(row, &arena, &item);
    tip_arena_deinit(&arena);
    return err;
}

static void test_a_row_without_a_place_is_refused_before_its_rest(void **state)
{
    (void)state;
    for (int kind = TIP_ITEM_ECHO; kind <= TIP_ITEM_ROLL; kind++) {
        start_row((enum tip_item_kind)kind, 0);
        assert_int_equal(row_read(), TIP_EMALFORMED);
    }
}

static void test_a_row_of_no_kind_is_refused(void **state)
{
    static const uint8_t rest[2 + TIP_ROLL_BYTES] = {1}; /* Of a roll. */

    (void)state;
    start_row(TIP_ITEM_ROLL, 7);
    tip_buf_put(&buf, TIP_BYTES_OF(rest));
    assert_int_equal(row_read(), TIP_OK);
    start_row((enum tip_item_kind)(TIP_ITEM_ECHO - 1), 7);
    tip_buf_put(&buf, TIP_BYTES_OF(rest));
    assert_int_equal(row_read(), TIP_EMALFORMED);
    start_row((enum tip_item_kind)(TIP_ITEM_ROLL + 1), 7);
    assert_int_equal(row_read(), TIP_EUNSUPPORTED);
}

static enum tip_err echo_read(uint64_t origin, uint64_t first, uint64_t count)
{
    start_row(TIP_ITEM_ECHO, 7);
    PUT_NUMBERS(&buf, origin, first, count);
    return row_read();
}

static void test_a_run_of_a_row_can_be(void **state)
{
    (void)state;
    assert_int_equal(echo_read(1, 1, 1), TIP_OK);
    assert_int_equal(echo_read(0, 1, 1), TIP_EMALFORMED);
    assert_int_equal(echo_read(1, 0, 1), TIP_EMALFORMED);
    assert_int_equal(echo_read(1, 1, 0), TIP_EMALFORMED);
    assert_int_equal(echo_read(UINT64_C(1) << 32 | 1, 1, 1), TIP_EMALFORMED);
    assert_int_equal(echo_read(1, 1, UINT64_C(1) << 32 | 1), TIP_EMALFORMED);
}

static enum tip_err state_read(uint64_t total, uint64_t offset, size_t size)
{
    start_row(TIP_ITEM_STATE, 7);
    PUT_NUMBERS(&buf, total, offset);
    tip_buf_put_sized(&buf, tip_bytes(letters, size));
    return row_read();
}

static void test_a_part_of_a_row_lies_within_its_state(void **state)
{
    (void)state;
    assert_int_equal(state_read(10, 6, 4), TIP_OK);
    assert_int_equal(state_read(10, 6, 5), TIP_EMALFORMED);
    assert_int_equal(state_read(10, 6, 0), TIP_EMALFORMED);
    assert_int_equal(state_read(10, 11, 1), TIP_EMALFORMED);
    assert_int_equal(state_read(TIP_STATE_BYTES_MAX + 1, 6, 4), TIP_EMALFORMED);
}

static enum tip_err control_read(size_t size)
{
    start_row(TIP_ITEM_CONTROL, 7);
    tip_buf_put_sized(&buf, tip_bytes(letters, size));
    return row_read();
}

static void test_an_entry_of_a_row_has_bytes_but_few(void **state)
{
    (void)state;
    assert_int_equal(control_read(0), TIP_EMALFORMED);
    assert_int_equal(control_read(1), TIP_OK);
    assert_int_equal(control_read(TIP_CTL_BYTES_MAX), TIP_OK);
    assert_int_equal(control_read(TIP_CTL_BYTES_MAX + 1), TIP_EMALFORMED);
}

/* A ruling whose number @place is @value, and whose texts have these sizes. */
static enum tip_err ruling_read(size_t place, uint64_t value, size_t by,
                                size_t reason)
{
    /* Kind, hold, origin, first, count, base in two, time. */
    uint64_t numbers[] = {TIP_RULING_REFUSED, TIP_HOLD_QUOTA, 1, 1, 1, 0, 0, 5};

    numbers[place] = value;
    start_row(TIP_ITEM_RULING, 7);
    put_numbers(&buf, numbers, sizeof numbers / sizeof *numbers);
    tip_buf_put_sized(&buf, tip_bytes(letters, by));
    tip_buf_put_sized(&buf, tip_bytes(letters, reason));
    return row_read();
}

static void test_a_ruling_of_a_row_says_who_why_and_about_what(void **state)
{
    (void)state;
    assert_int_equal(ruling_read(2, 1, 1, 0), TIP_OK);
    assert_int_equal(ruling_read(0, 0, 1, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(0, TIP_RULING_REFUSED + 1, 1, 0),
                     TIP_EUNSUPPORTED);
    assert_int_equal(ruling_read(1, TIP_HOLD_NONE, 1, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(1, TIP_HOLD_NUMBER_MAX, 1, 0), TIP_OK);
    assert_int_equal(ruling_read(1, TIP_HOLD_NUMBER_MAX + 1, 1, 0),
                     TIP_EUNSUPPORTED);
    assert_int_equal(ruling_read(2, 0, 1, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(2, UINT64_C(1) << 32 | 1, 1, 0),
                     TIP_EMALFORMED);
    assert_int_equal(ruling_read(3, 0, 1, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(4, 0, 1, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(4, UINT64_MAX, 1, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(6, 1, 1, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(2, 1, 0, 0), TIP_EMALFORMED);
    assert_int_equal(ruling_read(2, 1, TIP_AUTHOR_BYTES_MAX + 1, 0),
                     TIP_EMALFORMED);
    assert_int_equal(ruling_read(2, 1, 1, TIP_REASON_BYTES_MAX), TIP_OK);
    assert_int_equal(ruling_read(2, 1, 1, TIP_REASON_BYTES_MAX + 1),
                     TIP_EMALFORMED);
}

/* A row of the dead without cells, refused by @by. */
static enum tip_err dead_read(uint8_t flags, const char *by)
{
    static const struct tip_id id = {{1}};
    struct tip_wire_dead dead;
    struct tip_arena arena;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, TIP_WIRE_ROW_DEAD);
    PUT_NUMBERS(&buf, 5, 1, 0, 7, flags);
    tip_wire_id_put(&buf, &id);
    PUT_NUMBERS(&buf, 20, 25);
    if ((flags & DEAD_ERASED) != 0) {
        PUT_NUMBERS(&buf, 0, 9, 1);
    }
    if ((flags & DEAD_OVERLAY) != 0) {
        PUT_NUMBERS(&buf, 0);
    }
    PUT_NUMBERS(&buf, 0, 0);
    tip_buf_put_sized(&buf, tip_bytes_text(by));
    tip_buf_put_sized(&buf, tip_bytes_text("why"));
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_dead_decode(tip_bytes(memory, buf.size), &arena, &dead);
    tip_arena_deinit(&arena);
    return err;
}

/* What is dead waits for nobody, and of what was erased nothing is dead. */
static void test_the_dead_are_neither_unsent_nor_erased(void **state)
{
    (void)state;
    assert_int_equal(dead_read(0, "salma"), TIP_OK);
    assert_int_equal(dead_read(DEAD_OVERLAY, "salma"), TIP_EMALFORMED);
    assert_int_equal(dead_read(DEAD_ERASED, "salma"), TIP_EMALFORMED);
    assert_int_equal(dead_read(0, "\xff"), TIP_EMALFORMED);
    assert_int_equal(dead_read(0, ""), TIP_EMALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_without_a_place_is_refused_before_its_rest),
        cmocka_unit_test(test_a_row_of_no_kind_is_refused),
        cmocka_unit_test(test_a_run_of_a_row_can_be),
        cmocka_unit_test(test_a_part_of_a_row_lies_within_its_state),
        cmocka_unit_test(test_an_entry_of_a_row_has_bytes_but_few),
        cmocka_unit_test(test_the_dead_are_neither_unsent_nor_erased),
        cmocka_unit_test(test_a_ruling_of_a_row_says_who_why_and_about_what),
    };

    return cmocka_run_group_tests_name("wire_row_items", tests, setup, NULL);
}
