/* Rule: as fuzz_wire_up, for bodies of the hub. Input: dictionary, the body. */
#include "fuzz.h"
#include "tip_wire_down.h"
#include "wire_equal.h"

enum { ARENA_BYTES_MAX = 16 << 20, BODY_BYTES_MAX = 1 << 20 };

static uint8_t body_memory[BODY_BYTES_MAX];

static void write_again(struct tip_codec *codec,
                        const struct tip_frame_header *header,
                        const struct tip_down_body *body)
{
    struct tip_frame_header other = *header;
    struct tip_arena arena;
    struct tip_down_body back;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, body_memory, sizeof body_memory);
    err = tip_wire_down_encode(codec, body, &buf, &other.dictionary);
    if (err == TIP_ETOOBIG) {
        return;
    }
    FUZZ_RULE(err == TIP_OK);
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    FUZZ_RULE(tip_wire_down_decode(codec, &other,
                                   tip_bytes(body_memory, buf.size), &arena,
                                   &back) == TIP_OK);
    FUZZ_RULE(wire_equal_down(body, &back));
    tip_arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tip_codec *codec;
    struct tip_frame_header header = {
        .origin = 1, .is_down = true, .first = 1, .count = 1};
    struct tip_arena arena;
    struct tip_down_body body;

    if (size < 1 ||
        (codec == NULL && tip_codec_new(TIP_CODEC_LEVEL, &codec) != TIP_OK)) {
        return 0;
    }
    header.dictionary = data[0];
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (tip_wire_down_decode(codec, &header, tip_bytes(data + 1, size - 1),
                             &arena, &body) == TIP_OK) {
        fuzz_reached();
        write_again(codec, &header, &body);
    }
    tip_arena_deinit(&arena);
    return 0;
}
