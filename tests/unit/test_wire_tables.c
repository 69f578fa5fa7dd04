/* Rules of the tables of a body: what was said is found again, however much
 * there is, and nobody can make that slow. */
#include <string.h>

#include "tip_prng.h"
#include "tip_test.h"
#include "tip_wire_ids.h"
#include "tip_wire_shapes.h"

enum {
    ARENA_BYTES_MAX = 8 << 20,
    FIELD = 20,
    SHAPE_FIELDS = 12,
    CROWD = 40,
    IDS_FOUND = 16, /* Of those that crowd together. */
    COLUMNS_FOUND = 32,
    SHAPES_FOUND = 32
};

static struct tip_arena arena;

static int setup(void **state)
{
    (void)state;
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tip_arena_deinit(&arena);
    return 0;
}

static struct tip_wire_ids ids_for(size_t count)
{
    struct tip_wire_ids ids;

    assert_int_equal(tip_wire_ids_init(&ids, count, true, &arena), TIP_OK);
    return ids;
}

static void test_an_id_is_found_again_among_a_thousand(void **state)
{
    enum { COUNT = 1000 };
    struct tip_prng prng = TIP_PRNG_SEEDED(5);
    struct tip_wire_ids ids = ids_for((size_t)2 * COUNT);
    static struct tip_id known[COUNT];
    size_t lost = 0;

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < sizeof known[i].bytes; j++) {
            known[i].bytes[j] = (uint8_t)tip_prng_below(&prng, 256);
        }
        assert_int_equal(tip_wire_ids_find(&ids, &known[i]), 0);
    }
    for (size_t i = 0; i < COUNT; i++) {
        size_t count = ids.count;
        size_t back = tip_wire_ids_find(&ids, &known[i]);

        lost += back == 0;
        assert_true(back == 0 || back == count - i);
    }
    assert_in_range(lost, 0, COUNT / 100);
}

/* A device may choose ids that differ in their time alone. */
static void test_ids_that_crowd_together_are_said_again(void **state)
{
    struct tip_wire_ids ids = ids_for((size_t)2 * CROWD);
    struct tip_id id = {{0}};
    size_t found = 0;

    (void)state;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < CROWD; i++) {
            id.bytes[0] = (uint8_t)i;
            found += tip_wire_ids_find(&ids, &id) != 0;
        }
    }
    assert_int_equal(found, IDS_FOUND);
}

static struct tip_wire_shapes shapes_for(size_t parts, size_t changes)
{
    struct tip_wire_shapes shapes;

    assert_int_equal(tip_wire_shapes_init(&shapes, parts, changes, &arena),
                     TIP_OK);
    return shapes;
}

/* The shape of the fields whose bits are set in @number. */
static uint32_t find_shape(struct tip_wire_shapes *shapes, uint32_t number)
{
    struct tip_change changes[32];
    size_t count = 0;

    for (uint32_t i = 0; number >> i != 0; i++) {
        if ((number >> i & 1) != 0) {
            changes[count++] = (struct tip_change){.field = FIELD + i};
        }
    }
    return tip_wire_shapes_find(shapes, changes, count);
}

static void test_each_shape_is_found_again_among_thousands(void **state)
{
    enum { COUNT = 1 << SHAPE_FIELDS };
    struct tip_wire_shapes shapes =
        shapes_for((size_t)2 * COUNT, (size_t)COUNT * SHAPE_FIELDS);

    (void)state;
    for (size_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_int_equal(find_shape(&shapes, i), i);
        }
    }
    assert_int_equal(shapes.shape_count, COUNT);
    assert_int_equal(shapes.column_count, SHAPE_FIELDS);
}

/* Where @slots, empty but for those of @before, has its entry; it is taken out
 * again. */
static size_t take_entry(uint32_t *slots, size_t count, size_t before)
{
    size_t at = 0;

    while (at < count && slots[at] <= before) {
        at++;
    }
    assert_true(at < count);
    slots[at] = 0;
    return at;
}

static void test_columns_that_crowd_together_are_said_again(void **state)
{
    struct tip_wire_shapes shapes =
        shapes_for((size_t)2 * CROWD, (size_t)2 * CROWD);
    uint32_t crowd[CROWD];
    size_t count = 0;
    size_t wanted = 0;

    (void)state;
    for (uint32_t field = 1; count < CROWD; field++) {
        struct tip_change change = {.field = field};
        size_t at;

        (void)tip_wire_shapes_find(&shapes, &change, 1);
        at = take_entry(shapes.column_slots, shapes.column_slot_count, 0);
        (void)take_entry(shapes.shape_slots, shapes.shape_slot_count, 0);
        shapes.column_count = shapes.shape_count = shapes.step_count = 0;
        wanted = field == 1 ? at : wanted;
        if (at == wanted) {
            crowd[count++] = field;
        }
    }
    for (int i = 0; i < 2 * CROWD; i++) {
        struct tip_change change = {.field = crowd[i % CROWD]};

        (void)tip_wire_shapes_find(&shapes, &change, 1);
    }
    assert_int_equal(shapes.column_count, 2 * CROWD - COLUMNS_FOUND);
}

static void test_shapes_that_crowd_together_are_said_again(void **state)
{
    enum { FIELDS = 14, ALL = (1 << FIELDS) - 1 };
    struct tip_wire_shapes shapes =
        shapes_for((size_t)2 * CROWD, (size_t)3 * CROWD * FIELDS);
    uint32_t crowd[CROWD];
    size_t count = 0;
    size_t wanted;

    (void)state;
    (void)find_shape(&shapes, ALL); /* From now on each column has a number. */
    wanted = take_entry(shapes.shape_slots, shapes.shape_slot_count, 0);
    for (uint32_t number = 1; count < CROWD && number < ALL; number++) {
        shapes.shape_count = shapes.step_count = 0;
        (void)find_shape(&shapes, number);
        if (take_entry(shapes.shape_slots, shapes.shape_slot_count, 0) ==
            wanted) {
            crowd[count++] = number;
        }
    }
    assert_in_range(count, SHAPES_FOUND + 1, CROWD);
    shapes.shape_count = shapes.step_count = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        (void)find_shape(&shapes, crowd[i % count]);
    }
    assert_int_equal(shapes.shape_count, 2 * count - SHAPES_FOUND);
}

static void test_tables_that_do_not_fit_are_not_begun(void **state)
{
    size_t done = 0;

    (void)state;
    for (size_t room = 0; done == 0; room += 16) {
        struct tip_wire_shapes shapes;
        struct tip_arena small;

        tip_arena_init(&small, room);
        if (tip_wire_shapes_init(&shapes, 3, 9, &small) == TIP_OK) {
            done = room;
            assert_non_null(shapes.columns);
            assert_non_null(shapes.shapes);
            assert_non_null(shapes.steps);
            assert_non_null(shapes.column_slots);
            assert_non_null(shapes.shape_slots);
        }
        tip_arena_deinit(&small);
    }
    assert_int_not_equal(done, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_id_is_found_again_among_a_thousand),
        TEST(test_ids_that_crowd_together_are_said_again),
        TEST(test_each_shape_is_found_again_among_thousands),
        TEST(test_columns_that_crowd_together_are_said_again),
        TEST(test_shapes_that_crowd_together_are_said_again),
        TEST(test_tables_that_do_not_fit_are_not_begun),
    };

    return cmocka_run_group_tests_name("wire_tables", tests, NULL, NULL);
}
