/* Rule: whatever a stick holds, its parts are refused or their frames lie
 * within what was read; and what a stranger sealed is never a whole bundle.
 * Input: 0 and a file; or 1 and plain parts (kind, length, bytes), which are
 * sealed to the reader here so that the inside is reached. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_bundle.h"
#include "tip_prng.h"
#include "tip_secret.h"

enum {
    PARTS_MAX = 8,
    PLAIN_BYTES_MAX = TIP_BUNDLE_PLAIN_BYTES_MAX + 1, /* One byte too much. */
    CONTEXT_SIZE = TIP_BUNDLE_ID_SIZE + 4 + 1
};

static struct tip_device_keys *keys;
static struct tip_prng prng;

static void try_content(enum tip_bundle_kind kind, struct tip_bytes content)
{
    struct tip_bundle_head head;
    struct tip_bytes frame;

    if (kind == TIP_BUNDLE_HEAD) {
        if (tip_bundle_head_read(content, &head) == TIP_OK) {
            FUZZ_RULE(head.channel_count <= TIP_CHANNELS_MAX);
        }
        return;
    }
    while (kind == TIP_BUNDLE_FRAMES &&
           tip_bundle_next(&content, &frame) == TIP_OK) {
        FUZZ_RULE(frame.size <= TIP_FRAME_BYTES_MAX);
        FUZZ_RULE(frame.data + frame.size <= content.data + content.size ||
                  content.size == 0);
    }
}

static bool read_part(struct tip_bundle_reader *reader, struct tip_bytes part)
{
    enum tip_bundle_kind kind;
    struct tip_bytes content;

    if (tip_bundle_part(reader, part, &kind, &content) != TIP_OK) {
        return false;
    }
    try_content(kind, content);
    return true;
}

static void try_file(struct tip_bundle_reader *reader, struct tip_bytes rest)
{
    while (rest.size >= TIP_BUNDLE_LENGTH_SIZE) {
        struct tip_bytes length = fuzz_take(&rest, TIP_BUNDLE_LENGTH_SIZE);
        size_t size = (size_t)length.data[2] << 8 | length.data[3];

        if (!read_part(reader, fuzz_take(&rest, size))) {
            return;
        }
    }
}

/* Seal @plain as the part the reader expects next. */
static bool read_sealed(struct tip_bundle_reader *reader,
                        struct tip_bytes plain)
{
    static uint8_t box[PLAIN_BYTES_MAX + TIP_BOX_OVERHEAD];
    uint8_t memory[CONTEXT_SIZE];
    struct tip_buf context;

    tip_buf_init(&context, memory, sizeof memory);
    tip_buf_put(&context, TIP_BYTES_OF(reader->id));
    tip_buf_put_u32(&context, reader->index);
    tip_buf_put_u8(&context, plain.data[0] == TIP_BUNDLE_END ? 1 : 0);
    FUZZ_RULE(tip_box_seal(&tip_device_keys_public(keys)->box, TIP_BOX_BUNDLE,
                           tip_bytes(memory, context.size), plain, &prng.base,
                           box) == TIP_OK);
    return read_part(reader, tip_bytes(box, plain.size + TIP_BOX_OVERHEAD));
}

static void try_parts(struct tip_bundle_reader *reader, struct tip_bytes rest)
{
    for (int i = 0; i < PARTS_MAX && rest.size > 2; i++) {
        size_t size = 1U + fuzz_take_u16(&rest) % PLAIN_BYTES_MAX;

        if (!read_sealed(reader, fuzz_take(&rest, size))) {
            return;
        }
    }
}

static bool make_keys(void)
{
    prng = TIP_PRNG_SEEDED(1);
    return tip_seal_init() == TIP_OK &&
           tip_device_keys_new(&prng.base, &keys) == TIP_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tip_bundle_reader reader;
    struct tip_bytes rest = tip_bytes(data, size);
    bool is_plain = fuzz_take_u8(&rest) % 2 != 0;

    if (keys == NULL && !make_keys()) {
        return 0;
    }
    if (tip_bundle_open(&reader, keys,
                        fuzz_take(&rest, TIP_BUNDLE_START_SIZE)) != TIP_OK) {
        return 0;
    }
    fuzz_reached();
    if (is_plain) {
        try_parts(&reader, rest);
    } else {
        try_file(&reader, rest);
    }
    /* Nobody here has made its tag. */
    FUZZ_RULE(tip_bundle_check(&reader, TIP_SESSION_NODE,
                               &tip_device_keys_public(keys)->box) ==
              TIP_EBUNDLE);
    return 0;
}
