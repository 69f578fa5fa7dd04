/* Rules of what is no item: no reader of a frame takes it. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_down.h"
#include "tip_wire_items.h"
#include "tip_wire_sets.h"
#include "tip_wire_up.h"
#include "wire_numbers.h"

enum { ROOM = 1 << 18, ARENA_BYTES_MAX = 8 << 20 };

/* Fields of proto/body.proto. */
enum {
    BASE_GENERATION = 2,
    AUTHORS = 4,
    NAMES = 5,
    TYPES = 6,
    ID_TIMES = 8,
    COLUMNS = 9,
    RECORD_COUNTS = 15,
    BIRTH_INDEXES = 21,
    MORE_SETS = 26,
    ITEM_COUNT = 40,
    ITEM_KINDS = 41,
    ORIGINS = 42,
    SEQS = 44,
    COMMITS = 45,
    COMMIT_GENERATIONS = 46,
    VERDICTS = 47,
    ECHO_COUNTS = 48,
    STATES = 50,
    RULINGS = 51,
    CONTROLS = 52
};

static uint8_t memory[ROOM];
static struct tip_codec *codec;
static struct tip_buf buf;

static int setup(void **state)
{
    (void)state;
    return tip_codec_new(0, &codec) == TIP_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    tip_codec_free(codec);
    return 0;
}

/* A body that is not packed, of @count items; no ids, no opaque values. */
static void start_body(uint64_t count)
{
    tip_buf_init(&buf, memory, sizeof memory);
    PUT_NUMBERS(&buf, 0, 0, ITEM_COUNT << 3, count);
}

static void put_column(unsigned field, struct tip_bytes bytes)
{
    tip_buf_put_varint(&buf, (uint64_t)field << 3 | 2);
    tip_buf_put_sized(&buf, bytes);
}

/* Column @field has one number. */
static void put_one(unsigned field, uint64_t number)
{
    uint8_t bytes[10];
    struct tip_buf column;

    tip_buf_init(&column, bytes, sizeof bytes);
    tip_buf_put_varint(&column, number);
    put_column(field, tip_bytes(bytes, column.size));
}

static enum tip_err down_read(bool is_down)
{
    const struct tip_frame_header header = {.origin = 1,
                                            .is_down = is_down,
                                            .channel = is_down ? 25 : 0,
                                            .first = 1,
                                            .count = 1};
    struct tip_down_body body;
    struct tip_arena arena;
    struct tip_bytes bytes;
    enum tip_err err;

    assert_int_equal(tip_buf_finish(&buf, &bytes), TIP_OK);
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_down_decode(codec, &header, bytes, &arena, &body);
    tip_arena_deinit(&arena);
    return err;
}

/* A run of @more + 1 that begins where @commit leads from where one would. */
static void write_echo(uint64_t more, uint64_t commit)
{
    start_body(1);
    put_one(ITEM_KINDS, TIP_WIRE_KIND_ECHO);
    put_column(ORIGINS, TIP_BYTES_OF(((const uint8_t[]){1, 0})));
    put_one(SEQS, 2);
    put_one(COMMITS, commit << 1);
    put_one(COMMIT_GENERATIONS, 2);
    put_one(ECHO_COUNTS, more);
}

static void test_a_run_of_a_frame_can_be_counted(void **state)
{
    const uint64_t past = UINT64_C(1) << 32;

    (void)state;
    write_echo(UINT32_MAX - 1, 1);
    assert_int_equal(down_read(true), TIP_OK);
    write_echo(past - 1, 1);
    assert_int_equal(down_read(true), TIP_EMALFORMED);
    write_echo(past, 1);
    assert_int_equal(down_read(true), TIP_EMALFORMED);
    write_echo(UINT64_MAX, 1);
    assert_int_equal(down_read(true), TIP_EMALFORMED);
}

static void test_only_the_hub_sends_items(void **state)
{
    (void)state;
    write_echo(1, 1);
    assert_int_equal(down_read(true), TIP_OK);
    assert_int_equal(down_read(false), TIP_EMALFORMED);
    tip_buf_put_varint(&buf, MORE_SETS << 3);
    tip_buf_put_varint(&buf, 1);
    assert_int_equal(down_read(true), TIP_EMALFORMED);
}

static void test_a_frame_has_not_too_many_items(void **state)
{
    static uint8_t kinds[TIP_FRAME_SETS_MAX + 1];
    static uint8_t firsts[sizeof kinds] = {2}; /* From there one by one. */

    (void)state;
    for (size_t count = TIP_FRAME_SETS_MAX; count <= sizeof kinds; count++) {
        memset(kinds, TIP_WIRE_KIND_ECHO, sizeof kinds);
        start_body(count);
        put_column(ITEM_KINDS, tip_bytes(kinds, count));
        put_column(ORIGINS, TIP_BYTES_OF(((const uint8_t[]){1, 0})));
        put_column(SEQS, tip_bytes(firsts, count));
        put_column(COMMIT_GENERATIONS, tip_bytes(firsts, count));
        assert_int_equal(down_read(true),
                         count == TIP_FRAME_SETS_MAX ? TIP_OK : TIP_EMALFORMED);
    }
}

/* More origins than items, and one that was cut. */
static void test_a_frame_names_no_origin_in_vain(void **state)
{
    static const uint8_t many[] = {1, 0, 2, 0}, cut[] = {1};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        start_body(1);
        put_one(ITEM_KINDS, TIP_WIRE_KIND_ECHO);
        put_column(ORIGINS, i == 0 ? TIP_BYTES_OF(many) : TIP_BYTES_OF(cut));
        put_one(SEQS, 2);
        put_one(COMMITS, 2);
        assert_int_equal(down_read(true), TIP_EMALFORMED);
    }
}

/* The columns of one item of @kind, but for its commit. */
static void start_item(uint64_t kind)
{
    static const uint8_t part[] = {10, 6, 4, 'a', 'b', 'c', 'd'};
    static const uint8_t ruling[] = {
        TIP_RULING_REFUSED, TIP_HOLD_QUOTA, 1, 1, 1, 0, 0, 5, 1, 'a', 0};
    static const uint8_t origin[] = {1, 0}, roll[2 + TIP_ROLL_BYTES] = {1};

    start_body(1);
    put_one(ITEM_KINDS, kind);
    if (kind == TIP_WIRE_KIND_STATE) {
        put_column(STATES, TIP_BYTES_OF(part));
    } else if (kind == TIP_WIRE_KIND_RULING) {
        put_column(RULINGS, TIP_BYTES_OF(ruling));
    } else if (kind == TIP_WIRE_KIND_CONTROL) {
        put_column(CONTROLS, TIP_BYTES_OF(((const uint8_t[]){1, 'a'})));
    } else if (kind == TIP_WIRE_KIND_ROLL) {
        put_column(STATES, TIP_BYTES_OF(roll));
    } else {
        put_column(ORIGINS, TIP_BYTES_OF(origin));
        put_one(SEQS, 2);
    }
    if (kind == TIP_WIRE_KIND_SET) { /* Blanks one field of (1, 0). */
        PUT_NUMBERS(&buf, BASE_GENERATION << 3, 1);
        put_column(AUTHORS, TIP_BYTES_OF(((const uint8_t[]){1, 'a'})));
        put_one(COLUMNS, 40 << 5);
    }
}

static enum tip_err commit_read(uint64_t kind, uint64_t number,
                                uint64_t generation)
{
    start_item(kind);
    put_one(COMMITS, number << 1);
    put_one(COMMIT_GENERATIONS, generation << 1);
    return down_read(true);
}

static void test_an_item_of_a_frame_has_a_place_that_can_be(void **state)
{
    const uint64_t numbers = UINT64_C(1) << TIP_COMMIT_NUMBER_BITS;
    const uint64_t generations = UINT64_C(1) << (64 - TIP_COMMIT_NUMBER_BITS);

    (void)state;
    for (uint64_t kind = TIP_WIRE_KIND_SET; kind <= TIP_WIRE_KIND_ROLL;
         kind++) {
        assert_int_equal(commit_read(kind, 7, 2), TIP_OK);
        assert_int_equal(commit_read(kind, numbers - 1, 2), TIP_OK);
        assert_int_equal(commit_read(kind, 7, generations - 1), TIP_OK);
        assert_int_equal(commit_read(kind, 7, generations), TIP_EMALFORMED);
        assert_int_equal(commit_read(kind, numbers, 0), TIP_EMALFORMED);
        assert_int_equal(commit_read(kind, numbers, 2), TIP_EMALFORMED);
        assert_int_equal(commit_read(kind, 0, 0), TIP_EMALFORMED);
    }
}

static void test_a_verdict_of_a_later_version_asks_for_an_upgrade(void **state)
{
    static const uint64_t kinds[] = {TIP_WIRE_KIND_SET, TIP_WIRE_KIND_ECHO,
                                     TIP_WIRE_KIND_RULING};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_int_equal(commit_read(kinds[i], 7, 2), TIP_OK);
        put_one(VERDICTS, TIP_VERDICT_FUTURE);
        assert_int_equal(down_read(true), TIP_OK);
        assert_int_equal(commit_read(kinds[i], 7, 2), TIP_OK);
        put_one(VERDICTS, TIP_VERDICT_FUTURE + 1);
        assert_int_equal(down_read(true), TIP_EUNSUPPORTED);
    }
}

/* Read what was written as a body of @sets change-sets of a node. */
static enum tip_err up_read(bool is_down, uint32_t sets)
{
    const struct tip_frame_header header = {
        .origin = 1, .is_down = is_down, .first = 1, .count = sets};
    const struct tip_wire_sender sender = {.header = &header, .office = 1};
    struct tip_up_body body;
    struct tip_arena arena;
    enum tip_err err;

    assert_false(buf.failed);
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_up_decode(codec, &sender, tip_bytes(memory, buf.size),
                             &arena, &body);
    tip_arena_deinit(&arena);
    return err;
}

/* @sets change-sets with as many records as there may be, each an erased one:
 * it is named and nothing is written to it. */
static enum tip_err records_read(uint32_t sets)
{
    enum { EACH = TIP_CHANGE_SET_RECORDS_MAX };
    static uint8_t counts[2 * 17], indexes[2 * 17 * EACH];
    struct tip_buf count, index;

    tip_buf_init(&count, counts, sizeof counts);
    tip_buf_init(&index, indexes, sizeof indexes);
    for (uint32_t i = 0; i < sets; i++) {
        tip_buf_put_varint(&count, EACH - 1);
        for (uint32_t j = 0; j < EACH; j++) {
            tip_buf_put_varint(&index, j);
        }
    }
    tip_buf_init(&buf, memory, sizeof memory);
    PUT_NUMBERS(&buf, 0, 0, MORE_SETS << 3, sets - 1, BASE_GENERATION << 3, 1);
    put_column(AUTHORS, TIP_BYTES_OF(((const uint8_t[]){1, 'a'})));
    put_column(RECORD_COUNTS, tip_bytes(counts, count.size));
    put_column(BIRTH_INDEXES, tip_bytes(indexes, index.size));
    return up_read(false, sets);
}

/* One change-set of a record that is named, with @number in column @extra if
 * that is not 0. */
static enum tip_err set_read(bool is_down, unsigned extra, uint64_t number)
{

    tip_buf_init(&buf, memory, sizeof memory);
    PUT_NUMBERS(&buf, 0, 0, BASE_GENERATION << 3, 1);
    put_column(AUTHORS, TIP_BYTES_OF(((const uint8_t[]){1, 'a'})));
    if (extra == ITEM_COUNT) {
        PUT_NUMBERS(&buf, ITEM_COUNT << 3, number);
    } else if (extra != 0) {
        put_one(extra, number);
    }
    return up_read(is_down, 1);
}

static void test_a_node_says_nothing_that_the_hub_says(void **state)
{
    (void)state;
    assert_int_equal(set_read(false, 0, 0), TIP_OK);
    assert_int_equal(set_read(true, 0, 0), TIP_EMALFORMED);
    for (unsigned column = ITEM_COUNT; column <= CONTROLS; column++) {
        assert_int_equal(set_read(false, column, 1), TIP_EMALFORMED);
    }
}

/* And of whatever else stands before the columns. */
static void test_a_body_has_all_the_ids_it_counts(void **state)
{
    (void)state;
    assert_int_equal(set_read(false, 0, 0), TIP_OK);
    memory[0] = 100;
    assert_int_equal(up_read(false, 1), TIP_EMALFORMED);
    memory[0] = 0;
    memory[1] = 100;
    assert_int_equal(up_read(false, 1), TIP_EMALFORMED);
}

static void test_a_column_is_of_a_field_that_can_be(void **state)
{
    const uint64_t last = UINT32_MAX; /* Twice, for the sign, and its kind. */

    (void)state;
    assert_int_equal(set_read(false, COLUMNS, UINT64_C(1) << 6), TIP_OK);
    assert_int_equal(set_read(false, COLUMNS, last << 6), TIP_OK);
    assert_int_equal(set_read(false, COLUMNS, (last + 1) << 6), TIP_EMALFORMED);
    assert_int_equal(set_read(false, COLUMNS, 1 << 1), TIP_EMALFORMED);
}

/* A record that is named by an id of @time, with a stamp of 0. */
static enum tip_err id_read(uint64_t time)
{
    static const uint8_t tail[TIP_WIRE_ID_TAIL_SIZE] = {1};
    const uint64_t epoch = tip_stamp_unix_ms((struct tip_stamp){0});

    tip_buf_init(&buf, memory, sizeof memory);
    PUT_NUMBERS(&buf, 1, 0);
    tip_buf_put(&buf, TIP_BYTES_OF(tail));
    put_column(AUTHORS, TIP_BYTES_OF(((const uint8_t[]){1, 'a'})));
    put_one(NAMES, TIP_WIRE_NAME_ID);
    put_one(TYPES, 20 << 1);
    put_one(ID_TIMES, (time - epoch) << 1);
    return up_read(false, 1);
}

static void test_an_id_has_a_time_of_48_bits(void **state)
{
    (void)state;
    assert_int_equal(id_read((UINT64_C(1) << 48) - 1), TIP_OK);
    assert_int_equal(id_read(UINT64_C(1) << 48), TIP_EMALFORMED);
}

static void test_records_without_content_are_counted_all_the_same(void **state)
{
    const uint32_t most =
        TIP_WIRE_BODY_RECORDS_MAX / TIP_CHANGE_SET_RECORDS_MAX;

    (void)state;
    assert_int_equal(records_read(most), TIP_OK);
    assert_int_equal(records_read(most + 1), TIP_EMALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_of_a_frame_can_be_counted),
        cmocka_unit_test(test_only_the_hub_sends_items),
        cmocka_unit_test(test_a_frame_has_not_too_many_items),
        cmocka_unit_test(test_a_frame_names_no_origin_in_vain),
        cmocka_unit_test(test_an_item_of_a_frame_has_a_place_that_can_be),
        cmocka_unit_test(test_a_verdict_of_a_later_version_asks_for_an_upgrade),
        cmocka_unit_test(test_a_node_says_nothing_that_the_hub_says),
        cmocka_unit_test(test_a_body_has_all_the_ids_it_counts),
        cmocka_unit_test(test_a_column_is_of_a_field_that_can_be),
        cmocka_unit_test(test_an_id_has_a_time_of_48_bits),
        cmocka_unit_test(test_records_without_content_are_counted_all_the_same),
    };

    return cmocka_run_group_tests_name("wire_items", tests, setup, teardown);
}
