/* Rule: a record or dead siblings that are read are written the same bytes, and
 * a peek agrees with the whole. */
#include "fuzz.h"
#include "tip_wire_record.h"
#include "wire_equal.h"

enum { ARENA_BYTES_MAX = 64 << 20, ROW_BYTES_MAX = 1 << 20 };

static uint8_t row[ROW_BYTES_MAX];

static void try_record(struct tip_bytes bytes, struct tip_arena *arena)
{
    struct tip_wire_record_peek peek;
    struct tip_wire_record value, back;
    struct tip_buf buf;

    if (tip_wire_record_decode(bytes, arena, &value) != TIP_OK) {
        return;
    }
    fuzz_reached();
    FUZZ_RULE(tip_wire_record_peek(bytes, &peek) == TIP_OK);
    FUZZ_RULE(tip_id_equal(&peek.id, &value.record.id));
    FUZZ_RULE(peek.type == value.record.type);
    tip_buf_init(&buf, row, sizeof row);
    FUZZ_RULE(tip_wire_record_encode(&value, &buf) == TIP_OK);
    FUZZ_RULE(tip_wire_record_decode(tip_bytes(row, buf.size), arena, &back) ==
              TIP_OK);
    FUZZ_RULE(wire_equal_record(&value.record, &back.record));
}

static void try_dead(struct tip_bytes bytes, struct tip_arena *arena)
{
    struct tip_wire_dead dead, back;
    struct tip_buf buf;

    if (tip_wire_dead_decode(bytes, arena, &dead) != TIP_OK) {
        return;
    }
    fuzz_reached();
    tip_buf_init(&buf, row, sizeof row);
    FUZZ_RULE(tip_wire_dead_encode(&dead, &buf) == TIP_OK);
    FUZZ_RULE(tip_wire_dead_decode(tip_bytes(row, buf.size), arena, &back) ==
              TIP_OK);
    FUZZ_RULE(wire_equal_record(&dead.record, &back.record));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_arena arena;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    try_record(tip_bytes(data, size), &arena);
    try_dead(tip_bytes(data, size), &arena);
    tip_arena_deinit(&arena);
    return 0;
}
