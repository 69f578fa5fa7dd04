/*
 * A bounded builder of byte strings with a sticky error.
 *
 * Write as much as needed, ask once at the end: after the first write that
 * does not fit, the buffer is failed, later writes do nothing.
 */
#ifndef TIP_BUF_H
#define TIP_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

/** Before an array of kilobytes that a buffer writes into, or what holds one:
 * it begins with whatever was there, all other variables with zeros. Zeroing 32
 * KiB for a message of a hundred bytes costs more than making it. */
#if defined(__has_attribute) && __has_attribute(uninitialized)
#define TIP_BUF_ROOM __attribute__((uninitialized))
#else
#define TIP_BUF_ROOM
#endif

/** Plain data over memory of the caller; owns nothing, needs no teardown. */
struct tip_buf {
    uint8_t *data;   /* Borrowed. */
    size_t size;     /* Written so far. */
    size_t capacity; /* What @data can hold. */
    bool failed;     /* A write did not fit. */
};

/** Start empty over @capacity bytes at @data. */
void tip_buf_init(struct tip_buf *buf, void *data, size_t capacity);

/** Forget what was written, and the failure. */
void tip_buf_clear(struct tip_buf *buf);

void tip_buf_put(struct tip_buf *buf, struct tip_bytes bytes);
void tip_buf_put_u8(struct tip_buf *buf, uint8_t value);

/** Fixed width, big-endian: sorts in memory as it does as a number. */
void tip_buf_put_u32(struct tip_buf *buf, uint32_t value);
void tip_buf_put_u64(struct tip_buf *buf, uint64_t value);

/** LEB128, 1 to 10 bytes, as in protobuf. */
void tip_buf_put_varint(struct tip_buf *buf, uint64_t value);

/** Zig-zag LEB128: small magnitudes of either sign are short. */
void tip_buf_put_svarint(struct tip_buf *buf, int64_t value);

/** A varint length, then the bytes. */
void tip_buf_put_sized(struct tip_buf *buf, struct tip_bytes bytes);

/** TIP_ETOOBIG if any write did not fit; then @out_bytes is unchanged. The
 * result borrows the buffer's memory. */
TIP_MUST_USE enum tip_err tip_buf_finish(const struct tip_buf *buf,
                                         struct tip_bytes *out_bytes);

#endif /* TIP_BUF_H */
