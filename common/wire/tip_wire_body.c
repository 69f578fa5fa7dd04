#include "tip_wire_body.h"

#include "body.pb-c.h"
#include "tip_frame.h"
#include "tip_reader.h"
#include "tip_wire_proto.h"

/* A column in which every number is 0 is left out; what is no such column is
 * bytes, and zeros of it say something. */
static bool is_left_out(enum tip_wire_column column, struct tip_bytes bytes)
{
    if (column == TIP_WIRE_CHECKPOINT || column == TIP_WIRE_GONE) {
        return bytes.size == 0;
    }
    for (size_t i = 0; i < bytes.size; i++) {
        if (bytes.data[i] != 0) {
            return false;
        }
    }
    return true;
}

static void fill_message(Tip__Body *out, const struct tip_wire_body *body)
{
#define FILL(name, field)                                              \
    out->has_##field =                                                 \
        !is_left_out(TIP_WIRE_##name, body->columns[TIP_WIRE_##name]); \
    out->field = tip_wire_proto_data(body->columns[TIP_WIRE_##name]);
    TIP_WIRE_COLUMN_MAP(FILL)
#undef FILL
    out->has_base_generation = body->base_generation != 0;
    out->base_generation = body->base_generation;
    out->has_base_number = body->base_number != 0;
    out->base_number = body->base_number;
    out->has_more_sets = body->more_sets != 0;
    out->more_sets = body->more_sets;
    out->has_item_count = body->item_count != 0;
    out->item_count = body->item_count;
}

enum tip_err tip_wire_body_encode(struct tip_codec *codec,
                                  enum tip_dictionary dictionary,
                                  const struct tip_wire_body *body,
                                  struct tip_buf *buf,
                                  enum tip_dictionary *out_used)
{
    Tip__Body message = TIP__BODY__INIT;
    struct tip_bytes plain;
    struct tip_buf columns;
    uint8_t *memory;
    size_t size;
    enum tip_err err;

    fill_message(&message, body);
    size = tip__body__get_packed_size(&message);
    if (size > TIP_FRAME_BODY_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    memory = tip_arena_alloc(tip_codec_scratch(codec), size);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&columns, memory, size);
    tip_wire_proto_pack(&message.base, &columns);
    err = tip_buf_finish(&columns, &plain);
    if (err != TIP_OK) {
        return err;
    }
    tip_buf_put_varint(buf, body->id_tails.size / TIP_WIRE_ID_TAIL_SIZE);
    tip_buf_put_varint(buf, body->opaque.size);
    tip_buf_put(buf, body->id_tails);
    tip_buf_put(buf, body->opaque);
    return tip_codec_pack(codec, dictionary, plain, buf, out_used);
}

static void take_message(const Tip__Body *in, struct tip_wire_body *out)
{
#define TAKE(name, field)                                                \
    if (in->has_##field) {                                               \
        out->columns[TIP_WIRE_##name] = tip_wire_proto_bytes(in->field); \
    }
    TIP_WIRE_COLUMN_MAP(TAKE)
#undef TAKE
    out->base_generation = in->base_generation;
    out->base_number = in->base_number;
    out->more_sets = in->more_sets;
    out->item_count = in->item_count;
}

static struct tip_bytes get_run(struct tip_reader *reader, uint64_t count,
                                size_t size)
{
    if (count > reader->rest.size / size) {
        reader->failed = true;
        return TIP_BYTES_NONE;
    }
    return tip_reader_get(reader, (size_t)count * size);
}

enum tip_err tip_wire_body_decode(struct tip_codec *codec, uint32_t dictionary,
                                  struct tip_bytes bytes,
                                  struct tip_wire_body *out_body)
{
    struct tip_wire_body body = {.base_number = 0};
    struct tip_reader reader;
    uint64_t id_count, opaque_size;
    struct tip_bytes plain;
    ProtobufCMessage *message;
    enum tip_err err;

    tip_reader_init(&reader, bytes);
    id_count = tip_reader_get_varint(&reader);
    opaque_size = tip_reader_get_varint(&reader);
    body.id_tails = get_run(&reader, id_count, TIP_WIRE_ID_TAIL_SIZE);
    body.opaque = get_run(&reader, opaque_size, 1);
    if (reader.failed) {
        return TIP_EMALFORMED;
    }
    err = tip_codec_unpack(codec, dictionary, reader.rest, &plain);
    if (err == TIP_OK) {
        err = tip_wire_proto_unpack(&tip__body__descriptor, plain,
                                    tip_codec_scratch(codec), &message);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (((const Tip__Body *)message)->needs != 0) {
        return TIP_EUNSUPPORTED;
    }
    take_message((const Tip__Body *)message, &body);
    *out_body = body;
    return TIP_OK;
}
