/*
 * Reads what tip_buf wrote, from bytes nobody has vouched for.
 *
 * The error is sticky: after the first read past the end or of a malformed
 * number every read returns zero or nothing. Ask tip_reader_finish() before
 * believing any of it.
 */
#ifndef TIP_READER_H
#define TIP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

/** Plain data over borrowed bytes; needs no teardown. */
struct tip_reader {
    struct tip_bytes rest; /* Borrowed; not read yet. */
    bool failed;
};

/** Start at the first of @bytes. */
void tip_reader_init(struct tip_reader *reader, struct tip_bytes bytes);

/** The next @size bytes, borrowed; none when they are not there. */
struct tip_bytes tip_reader_get(struct tip_reader *reader, size_t size);

/** Copy the next @size bytes to @out; it stays as it is when they are not
 * there. */
void tip_reader_copy(struct tip_reader *reader, void *out, size_t size);

uint8_t tip_reader_get_u8(struct tip_reader *reader);
uint32_t tip_reader_get_u32(struct tip_reader *reader);
uint64_t tip_reader_get_u64(struct tip_reader *reader);

/** Fails on more than 64 bits and on a longer form than needed, so that equal
 * numbers are equal bytes. */
uint64_t tip_reader_get_varint(struct tip_reader *reader);
int64_t tip_reader_get_svarint(struct tip_reader *reader);
struct tip_bytes tip_reader_get_sized(struct tip_reader *reader);

/** TIP_EMALFORMED if a read failed or bytes are left over. */
TIP_MUST_USE enum tip_err tip_reader_finish(const struct tip_reader *reader);

#endif /* TIP_READER_H */
