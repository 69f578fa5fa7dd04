/* Rule: a checkpoint that is read is written and read the same; the tables of a
 * body, whatever they say, are refused or name what is there. Input: which of
 * the two, and for the tables where the first ends. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_wire_checkpoint.h"
#include "tip_wire_shapes.h"
#include "wire_equal.h"

enum { ARENA_BYTES_MAX = 16 << 20, ROW_BYTES_MAX = 1 << 16 };

static void try_checkpoint(struct tip_bytes bytes, struct tip_arena *arena)
{
    static uint8_t row[ROW_BYTES_MAX];
    struct tip_checkpoint read, back;
    struct tip_buf buf;

    if (tip_wire_checkpoint_get(bytes, arena, &read) != TIP_OK) {
        return;
    }
    tip_buf_init(&buf, row, sizeof row);
    FUZZ_RULE(tip_wire_checkpoint_bytes_max(&read) <= sizeof row);
    FUZZ_RULE(tip_wire_checkpoint_put(&buf, &read) == TIP_OK);
    FUZZ_RULE(buf.size <= tip_wire_checkpoint_bytes_max(&read));
    FUZZ_RULE(tip_wire_checkpoint_get(tip_bytes(row, buf.size), arena, &back) ==
              TIP_OK);
    FUZZ_RULE(wire_equal_checkpoint(&read, &back));
}

static void try_shapes(struct tip_bytes bytes, struct tip_arena *arena)
{
    struct tip_bytes columns = fuzz_take(&bytes, fuzz_take_u8(&bytes));
    struct tip_wire_shapes shapes;

    if (tip_wire_shapes_get(&shapes, columns, bytes, arena) != TIP_OK) {
        return;
    }
    for (size_t i = 0; i < shapes.shape_count; i++) {
        const struct tip_wire_shape *shape = &shapes.shapes[i];

        FUZZ_RULE((size_t)shape->start + shape->count <= shapes.step_count);
    }
    for (size_t i = 0; i < shapes.step_count; i++) {
        FUZZ_RULE(shapes.steps[i] < shapes.column_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_bytes rest = tip_bytes(data, size);
    struct tip_arena arena;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (fuzz_take_u8(&rest) % 2 == 0) {
        try_checkpoint(rest, &arena);
    } else {
        try_shapes(rest, &arena);
    }
    tip_arena_deinit(&arena);
    return 0;
}
