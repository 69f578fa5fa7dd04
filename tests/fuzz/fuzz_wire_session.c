/* Rule: a message that is read is written and read the same. */
#include "fuzz.h"
#include "tip_wire_session.h"
#include "wire_equal.h"

enum { ARENA_BYTES_MAX = 1 << 16 };

static void write_again(const struct tip_message *message)
{
    static uint8_t memory[1 + TIP_FRAME_BYTES_MAX];
    struct tip_message back;
    struct tip_arena arena;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_wire_message_encode(message, &buf) == TIP_OK);
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    FUZZ_RULE(tip_wire_message_decode(tip_bytes(memory, buf.size), &arena,
                                      &back) == TIP_OK);
    FUZZ_RULE(wire_equal_message(message, &back));
    tip_arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_wire_message parts;
    struct tip_message message;
    struct tip_arena arena;

    if (tip_wire_message_split(tip_bytes(data, size), &parts) != TIP_OK) {
        return 0;
    }
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (tip_wire_message_decode(parts.said, &arena, &message) == TIP_OK) {
        fuzz_reached();
        write_again(&message);
    }
    tip_arena_deinit(&arena);
    return 0;
}
