/*
 * Internal: protobuf from bytes nobody has vouched for.
 *
 * protobuf-c follows nesting without a limit, turns a megabyte of empty fields
 * into forty and takes the last of two values. So the bytes are walked first,
 * and what it allocates comes from an arena with a cap.
 */
#ifndef TIP_WIRE_PROTO_H
#define TIP_WIRE_PROTO_H

#include <protobuf-c/protobuf-c.h>

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"

enum {
    /* Of a message with everything in it; the largest of ours has 37. */
    TIP_WIRE_FIELDS_MAX = 64,
    TIP_WIRE_DEPTH_MAX = 2 /* A Position within a Hello. */
};

/**
 * Is @bytes a message of @type? Lengths add up exactly, no groups, each single
 * field at most once, at most TIP_WIRE_FIELDS_MAX fields in all, messages at
 * most TIP_WIRE_DEPTH_MAX deep. Fields that @type does not have may be there.
 * TIP_EMALFORMED otherwise.
 */
TIP_MUST_USE enum tip_err
tip_wire_proto_scan(const ProtobufCMessageDescriptor *type,
                    struct tip_bytes bytes);

/** Scan @bytes, then unpack them into @arena; the message is valid as long as
 * that. TIP_EMALFORMED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_wire_proto_unpack(const ProtobufCMessageDescriptor *type,
                      struct tip_bytes bytes, struct tip_arena *arena,
                      ProtobufCMessage **out_message);

/** Append @message to @buf, which fails if it does not fit. */
void tip_wire_proto_pack(const ProtobufCMessage *message, struct tip_buf *buf);

/** The bytes of a field, borrowed. */
static inline struct tip_bytes tip_wire_proto_bytes(ProtobufCBinaryData data)
{
    return tip_bytes(data.data, data.len);
}

/** A field of @bytes, borrowed. protobuf-c has no const; it only reads. */
ProtobufCBinaryData tip_wire_proto_data(struct tip_bytes bytes);

#endif /* TIP_WIRE_PROTO_H */
