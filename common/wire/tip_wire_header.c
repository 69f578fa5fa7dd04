#include "tip_wire_header.h"

#include <string.h>

#include "frame.pb-c.h"
#include "tip_reader.h"
#include "tip_wire_proto.h"

/* Tags of message Frame: field number and "sized". */
enum {
    TAG_HEADER = 0x0a,
    TAG_BODY = 0x12,
    TAG_SIGNATURE = 0x1a,
    TAG_PAST = 0x22
};

enum {
    /* Room to unpack a header: the struct and what it cannot know. */
    UNPACK_BYTES_MAX = 16 * 1024
};

/* What holds of every header, whoever made it. */
static bool is_sound(const struct tip_frame_header *header)
{
    bool is_up_clean = header->channel == 0 && header->generation == 0;

    return header->origin != 0 && header->first != 0 && header->count != 0 &&
           header->count <= TIP_FRAME_SETS_MAX &&
           header->first <= UINT64_MAX - header->count &&
           (header->is_down ? header->count == 1
                            : is_up_clean && !header->has_contents);
}

static bool is_known(const struct tip_frame_header *header)
{
    return header->format == TIP_FORMAT && header->suite == 0;
}

/* The eight bytes of a fixed64 on the wire are @salt as it stands. */
static uint64_t salt_to_number(const uint8_t salt[TIP_FRAME_SALT_SIZE])
{
    uint64_t number = 0;

    for (unsigned i = 0; i < TIP_FRAME_SALT_SIZE; i++) {
        number |= (uint64_t)salt[i] << (8 * i);
    }
    return number;
}

static void salt_of_number(uint64_t number, uint8_t salt[TIP_FRAME_SALT_SIZE])
{
    for (unsigned i = 0; i < TIP_FRAME_SALT_SIZE; i++) {
        salt[i] = (uint8_t)(number >> (8 * i));
    }
}

static void set_u32(protobuf_c_boolean *has, uint32_t *field, uint32_t value)
{
    *has = value != 0;
    *field = value;
}

enum tip_err tip_wire_header_encode(const struct tip_frame_header *header,
                                    struct tip_buf *buf)
{
    Tip__Header out = TIP__HEADER__INIT;
    uint8_t contents[TIP_CONTENTS_SIZE]; /* protobuf-c wants it writable. */
    struct tip_bytes done;

    if (!is_sound(header) || !is_known(header)) {
        return TIP_EINVAL;
    }
    memcpy(contents, header->contents, sizeof contents);
    set_u32(&out.has_format, &out.format, header->format);
    set_u32(&out.has_suite, &out.suite, header->suite);
    set_u32(&out.has_origin, &out.origin, header->origin);
    out.has_first = true;
    out.first = header->first;
    set_u32(&out.has_more, &out.more, header->count - 1);
    set_u32(&out.has_key_epoch, &out.key_epoch, header->key_epoch);
    out.has_salt = true;
    out.salt = salt_to_number(header->salt);
    set_u32(&out.has_dictionary, &out.dictionary, header->dictionary);
    set_u32(&out.has_catalogue, &out.catalogue, header->catalogue);
    out.has_channel = header->is_down;
    out.channel = header->channel;
    set_u32(&out.has_generation, &out.generation, header->generation);
    out.has_contents = header->has_contents;
    out.contents.data = contents;
    out.contents.len = sizeof contents;
    tip_wire_proto_pack(&out.base, buf);
    return tip_buf_finish(buf, &done);
}

static struct tip_frame_header header_of(const Tip__Header *in)
{
    struct tip_frame_header header = {
        .format = in->format,
        .suite = in->suite,
        .origin = in->origin,
        .is_down = in->has_channel,
        .channel = in->channel,
        .generation = in->generation,
        .first = in->first,
        /* 0 if it overflows, which is not sound. */
        .count = in->more + 1,
        .key_epoch = in->key_epoch,
        .dictionary = in->dictionary,
        .catalogue = in->catalogue,
    };

    salt_of_number(in->salt, header.salt);
    header.has_contents = in->has_contents;
    if (in->has_contents && in->contents.len == sizeof header.contents) {
        memcpy(header.contents, in->contents.data, sizeof header.contents);
    }
    return header;
}

enum tip_err tip_wire_header_decode(struct tip_bytes bytes,
                                    struct tip_frame_header *out_header)
{
    struct tip_arena arena;
    ProtobufCMessage *message;
    enum tip_err err;

    if (bytes.size > TIP_WIRE_HEADER_BYTES_MAX) {
        return TIP_EMALFORMED;
    }
    tip_arena_init(&arena, UNPACK_BYTES_MAX);
    err = tip_wire_proto_unpack(&tip__header__descriptor, bytes, &arena,
                                &message);
    if (err == TIP_OK) {
        const Tip__Header *in = (const Tip__Header *)message;
        struct tip_frame_header header = header_of(in);

        if (!is_known(&header)) {
            err = TIP_EUNSUPPORTED;
        } else if (!is_sound(&header) || !in->has_salt ||
                   (in->has_contents &&
                    in->contents.len != TIP_CONTENTS_SIZE)) {
            err = TIP_EMALFORMED;
        } else {
            *out_header = header;
        }
    }
    tip_arena_deinit(&arena);
    return err;
}

static void put_part(struct tip_buf *buf, uint8_t tag, struct tip_bytes bytes)
{
    tip_buf_put_u8(buf, tag);
    tip_buf_put_sized(buf, bytes);
}

static bool is_sound_frame(const struct tip_wire_frame *frame)
{
    const struct tip_wire_past *past = &frame->past;

    if (frame->header.size == 0 ||
        frame->header.size > TIP_WIRE_HEADER_BYTES_MAX ||
        frame->body.size == 0 ||
        frame->signature.size != TIP_WIRE_SIGNATURE_SIZE) {
        return false;
    }
    return !tip_wire_frame_is_redacted(frame) ||
           (past->header.size <= TIP_WIRE_HEADER_BYTES_MAX &&
            past->body_hash.size == TIP_WIRE_BODY_HASH_SIZE &&
            past->signature.size == TIP_WIRE_SIGNATURE_SIZE);
}

static void put_past(struct tip_buf *buf, const struct tip_wire_past *past)
{
    uint8_t memory[TIP_WIRE_PAST_BYTES_MAX];
    struct tip_buf inner;

    tip_buf_init(&inner, memory, sizeof memory);
    tip_buf_put_sized(&inner, past->header);
    tip_buf_put(&inner, past->body_hash);
    tip_buf_put(&inner, past->signature);
    put_part(buf, TAG_PAST, tip_bytes(inner.data, inner.size));
}

enum tip_err tip_wire_frame_join(const struct tip_wire_frame *frame,
                                 struct tip_buf *buf)
{
    bool is_redacted = tip_wire_frame_is_redacted(frame);
    size_t max =
        is_redacted ? TIP_FRAME_BYTES_MAX : TIP_WIRE_FRAME_CUT_BYTES_MAX;
    size_t before = buf->size;
    struct tip_bytes done;
    enum tip_err err;

    if (!is_sound_frame(frame)) {
        return TIP_EINVAL;
    }
    put_part(buf, TAG_HEADER, frame->header);
    put_part(buf, TAG_BODY, frame->body);
    put_part(buf, TAG_SIGNATURE, frame->signature);
    if (is_redacted) {
        put_past(buf, &frame->past);
    }
    err = tip_buf_finish(buf, &done);
    if (err == TIP_OK && buf->size - before > max) {
        err = TIP_ETOOBIG;
    }
    if (err != TIP_OK) {
        buf->size = before;
    }
    return err;
}

static struct tip_bytes get_part(struct tip_reader *reader, uint8_t tag)
{
    if (tip_reader_get_u8(reader) != tag) {
        reader->failed = true;
    }
    return tip_reader_get_sized(reader);
}

static bool get_past(struct tip_bytes bytes, struct tip_wire_past *past)
{
    struct tip_reader reader;

    tip_reader_init(&reader, bytes);
    past->header = tip_reader_get_sized(&reader);
    past->body_hash = tip_reader_get(&reader, TIP_WIRE_BODY_HASH_SIZE);
    past->signature = tip_reader_get(&reader, TIP_WIRE_SIGNATURE_SIZE);
    return tip_reader_finish(&reader) == TIP_OK && past->header.size != 0;
}

enum tip_err tip_wire_frame_split(struct tip_bytes bytes,
                                  struct tip_wire_frame *out_frame)
{
    struct tip_wire_frame frame = {.past = {.header = TIP_BYTES_NONE}};
    struct tip_reader reader;

    if (bytes.size > TIP_FRAME_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    tip_reader_init(&reader, bytes);
    frame.header = get_part(&reader, TAG_HEADER);
    frame.body = get_part(&reader, TAG_BODY);
    frame.signature = get_part(&reader, TAG_SIGNATURE);
    if (!reader.failed && reader.rest.size != 0 &&
        !get_past(get_part(&reader, TAG_PAST), &frame.past)) {
        return TIP_EMALFORMED;
    }
    if (tip_reader_finish(&reader) != TIP_OK || !is_sound_frame(&frame)) {
        return TIP_EMALFORMED;
    }
    *out_frame = frame;
    return TIP_OK;
}
