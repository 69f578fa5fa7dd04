#include "tip_wire_proto.h"

#include <stdbool.h>
#include <stdint.h>

#include "tip_reader.h"

/* Wire types of protobuf; 3 and 4 are groups, which we never had. */
enum wire_type {
    WIRE_VARINT = 0,
    WIRE_FIXED64 = 1,
    WIRE_SIZED = 2,
    WIRE_FIXED32 = 5
};

/* One message that is being walked. */
struct level {
    const ProtobufCMessageDescriptor *type;
    struct tip_reader reader;
    uint64_t seen; /* Bit per field of @type: it was there. */
};

/* Walks a message without recursion. */
struct scan {
    struct level levels[TIP_WIRE_DEPTH_MAX];
    size_t depth;
    size_t field_count;
};

static struct level *top(struct scan *scan)
{
    return &scan->levels[scan->depth - 1];
}

static bool push(struct scan *scan, const ProtobufCMessageDescriptor *type,
                 struct tip_bytes bytes)
{
    if (scan->depth == TIP_WIRE_DEPTH_MAX) {
        return false;
    }
    scan->levels[scan->depth++] = (struct level){.type = type};
    tip_reader_init(&top(scan)->reader, bytes);
    return true;
}

/* The field of @level numbered @number; NULL if it has none. */
static const ProtobufCFieldDescriptor *find_field(const struct level *level,
                                                  uint64_t number)
{
    return protobuf_c_message_descriptor_get_field(level->type,
                                                   (unsigned)number);
}

/* Take note of a field; false if it stands there for the second time. */
static bool mark(struct level *level, const ProtobufCFieldDescriptor *field)
{
    uint64_t bit = UINT64_C(1) << (field - level->type->fields);
    bool is_again =
        field->label != PROTOBUF_C_LABEL_REPEATED && (level->seen & bit) != 0;

    level->seen |= bit;
    return !is_again;
}

/* Step over a value; @out_value is what a sized one holds. */
static bool skip_value(struct tip_reader *reader, uint64_t wire_type,
                       struct tip_bytes *out_value)
{
    switch (wire_type) {
    case WIRE_VARINT:
        tip_reader_get_varint(reader);
        break;
    case WIRE_FIXED64:
        tip_reader_get(reader, 8);
        break;
    case WIRE_SIZED:
        *out_value = tip_reader_get_sized(reader);
        break;
    case WIRE_FIXED32:
        tip_reader_get(reader, 4);
        break;
    default:
        return false;
    }
    return !reader->failed;
}

/* Walk one field of the innermost message. */
static bool scan_field(struct scan *scan)
{
    struct level *level = top(scan);
    uint64_t tag = tip_reader_get_varint(&level->reader);
    uint64_t number = tag >> 3;
    struct tip_bytes value = TIP_BYTES_NONE;
    const ProtobufCFieldDescriptor *field;

    if (level->reader.failed || number == 0 || tag > UINT32_MAX ||
        ++scan->field_count > TIP_WIRE_FIELDS_MAX ||
        !skip_value(&level->reader, tag & 7, &value)) {
        return false;
    }
    field = find_field(level, number);
    if (field == NULL) {
        return true;
    }
    if (!mark(level, field)) {
        return false;
    }
    if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
        return true;
    }
    return (tag & 7) == WIRE_SIZED && push(scan, field->descriptor, value);
}

enum tip_err tip_wire_proto_scan(const ProtobufCMessageDescriptor *type,
                                 struct tip_bytes bytes)
{
    struct scan scan = {.depth = 0};

    if (!push(&scan, type, bytes)) {
        return TIP_EMALFORMED;
    }
    while (scan.depth > 0) {
        if (top(&scan)->reader.rest.size == 0) {
            scan.depth--;
        } else if (!scan_field(&scan)) {
            return TIP_EMALFORMED;
        }
    }
    return TIP_OK;
}

/* What protobuf-c allocates from; it does not say why it gives up. */
struct room {
    struct tip_arena *arena;
    bool is_full;
};

static void *room_alloc(void *data, size_t size)
{
    struct room *room = data;
    void *memory = tip_arena_alloc(room->arena, size);

    room->is_full |= memory == NULL;
    return memory;
}

static void room_free(void *data, void *memory)
{
    (void)data;
    (void)memory;
}

enum tip_err tip_wire_proto_unpack(const ProtobufCMessageDescriptor *type,
                                   struct tip_bytes bytes,
                                   struct tip_arena *arena,
                                   ProtobufCMessage **out_message)
{
    struct room room = {.arena = arena};
    ProtobufCAllocator allocator = {
        .alloc = room_alloc, .free = room_free, .allocator_data = &room};
    enum tip_err err = tip_wire_proto_scan(type, bytes);
    ProtobufCMessage *message;

    if (err != TIP_OK) {
        return err;
    }
    message =
        protobuf_c_message_unpack(type, &allocator, bytes.size, bytes.data);
    if (message == NULL) {
        return room.is_full ? TIP_ENOMEM : TIP_EMALFORMED;
    }
    *out_message = message;
    return TIP_OK;
}

void tip_wire_proto_pack(const ProtobufCMessage *message, struct tip_buf *buf)
{
    size_t size = protobuf_c_message_get_packed_size(message);

    if (buf->failed || size > buf->capacity - buf->size) {
        buf->failed = true;
        return;
    }
    buf->size += protobuf_c_message_pack(message, buf->data + buf->size);
}

ProtobufCBinaryData tip_wire_proto_data(struct tip_bytes bytes)
{
    union {
        const uint8_t *in;
        uint8_t *out;
    } data = {.in = bytes.data};

    return (ProtobufCBinaryData){.len = bytes.size, .data = data.out};
}
