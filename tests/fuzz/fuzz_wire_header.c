/* Rule: a header that is read is written and read the same; a frame that is
 * taken apart is put together the same. */
#include "fuzz.h"
#include "tip_wire_header.h"
#include "wire_equal.h"

static void try_frame(struct tip_bytes bytes)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_wire_frame frame;
    struct tip_buf buf;

    if (tip_wire_frame_split(bytes, &frame) != TIP_OK) {
        return;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_wire_frame_join(&frame, &buf) == TIP_OK);
    FUZZ_RULE(tip_bytes_equal(tip_bytes(memory, buf.size), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t memory[TIP_WIRE_HEADER_BYTES_MAX];
    struct tip_frame_header header, back;
    struct tip_buf buf;

    try_frame(tip_bytes(data, size));
    if (tip_wire_header_decode(tip_bytes(data, size), &header) != TIP_OK) {
        return 0;
    }
    fuzz_reached();
    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_wire_header_encode(&header, &buf) == TIP_OK);
    FUZZ_RULE(tip_wire_header_decode(tip_bytes(memory, buf.size), &back) ==
              TIP_OK);
    FUZZ_RULE(wire_equal_header(&header, &back));
    return 0;
}
