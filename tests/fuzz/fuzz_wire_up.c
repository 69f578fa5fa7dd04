/* Rule: any bytes are an error or sets that hold together, and what was read is
 * written and read the same. Input: dictionary, count - 1, the body. */
#include "fuzz.h"
#include "tip_wire_up.h"
#include "wire_equal.h"

enum { ARENA_BYTES_MAX = 16 << 20, BODY_BYTES_MAX = 1 << 20 };

static uint8_t body_memory[BODY_BYTES_MAX];

static void write_again(struct tip_codec *codec,
                        const struct tip_frame_header *header,
                        const struct tip_up_body *body)
{
    struct tip_frame_header other = *header;
    struct tip_wire_sender sender = {.header = &other, .office = 7};
    struct tip_arena arena;
    struct tip_up_body back;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, body_memory, sizeof body_memory);
    err = tip_wire_up_encode(codec, body, &buf, &other.dictionary);
    /* What came compact may be larger the way we write it. */
    if (err == TIP_ETOOBIG) {
        return;
    }
    FUZZ_RULE(err == TIP_OK);
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    FUZZ_RULE(tip_wire_up_decode(codec, &sender,
                                 tip_bytes(body_memory, buf.size), &arena,
                                 &back) == TIP_OK);
    FUZZ_RULE(wire_equal_up(body, &back));
    tip_arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tip_codec *codec;
    struct tip_frame_header header = {.origin = 212, .first = 20000};
    struct tip_wire_sender sender = {.header = &header, .office = 7};
    struct tip_arena arena;
    struct tip_up_body body;

    if (size < 2 ||
        (codec == NULL && tip_codec_new(TIP_CODEC_LEVEL, &codec) != TIP_OK)) {
        return 0;
    }
    header.dictionary = data[0];
    header.count = 1U + data[1];
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (tip_wire_up_decode(codec, &sender, tip_bytes(data + 2, size - 2),
                           &arena, &body) == TIP_OK) {
        fuzz_reached();
        for (size_t i = 0; i < body.set_count; i++) {
            FUZZ_RULE(tip_change_set_check(&body.sets[i]) == TIP_OK);
        }
        write_again(codec, &header, &body);
    }
    tip_arena_deinit(&arena);
    return 0;
}
