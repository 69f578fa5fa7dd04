/* Rule: a change-set or an item that is read is written and read the same. */
#include "fuzz.h"
#include "tip_wire_channel.h"
#include "tip_wire_set.h"
#include "wire_equal.h"

enum { ARENA_BYTES_MAX = 64 << 20, ROW_BYTES_MAX = 1 << 20 };

static uint8_t row[ROW_BYTES_MAX];

static void try_set(struct tip_bytes bytes, struct tip_arena *arena)
{
    struct tip_change_set set, back;
    struct tip_buf buf;
    enum tip_err err;

    if (tip_wire_set_decode(bytes, arena, &set) != TIP_OK) {
        return;
    }
    fuzz_reached();
    tip_buf_init(&buf, row, sizeof row);
    err = tip_wire_set_encode(&set, &buf);
    /* What is read from a store may be larger than what we would save. */
    if (err == TIP_ETOOBIG) {
        return;
    }
    FUZZ_RULE(err == TIP_OK);
    FUZZ_RULE(tip_wire_set_decode(tip_bytes(row, buf.size), arena, &back) ==
              TIP_OK);
    FUZZ_RULE(wire_equal_set(&set, &back));
}

static void try_item(struct tip_bytes bytes, struct tip_arena *arena)
{
    struct tip_item item, back;
    struct tip_buf buf;

    if (tip_wire_channel_decode(bytes, arena, &item) != TIP_OK) {
        return;
    }
    fuzz_reached();
    tip_buf_init(&buf, row, sizeof row);
    FUZZ_RULE(tip_wire_channel_encode(&item, &buf) == TIP_OK);
    FUZZ_RULE(tip_wire_channel_decode(tip_bytes(row, buf.size), arena, &back) ==
              TIP_OK);
    FUZZ_RULE(wire_equal_item(&item, &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_arena arena;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    try_set(tip_bytes(data, size), &arena);
    try_item(tip_bytes(data, size), &arena);
    tip_arena_deinit(&arena);
    return 0;
}
