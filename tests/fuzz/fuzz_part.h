/* How a target takes an input apart: it eats from the front of a byte string,
 * and what is not there reads as zero, so that every string means something. */
#ifndef FUZZ_PART_H
#define FUZZ_PART_H

#include "tip_buf.h"
#include "tip_bytes.h"

enum { FUZZ_PART_END = 0x1e }; /* "Record separator": stands in no seed text. */

/** The next @size bytes, or what is left. */
static inline struct tip_bytes fuzz_take(struct tip_bytes *rest, size_t size)
{
    struct tip_bytes taken =
        tip_bytes(rest->data, size < rest->size ? size : rest->size);

    if (taken.size > 0) {
        *rest = tip_bytes(rest->data + taken.size, rest->size - taken.size);
    }
    return taken;
}

static inline uint8_t fuzz_take_u8(struct tip_bytes *rest)
{
    struct tip_bytes taken = fuzz_take(rest, 1);

    return taken.size == 0 ? 0 : taken.data[0];
}

static inline uint16_t fuzz_take_u16(struct tip_bytes *rest)
{
    uint8_t high = fuzz_take_u8(rest);

    return (uint16_t)(high << 8 | fuzz_take_u8(rest));
}

/** A number of few bytes that reaches both ends of 64 bits: one byte says how
 * many follow and whether they count from the top. */
static inline uint64_t fuzz_take_u64(struct tip_bytes *rest)
{
    uint8_t head = fuzz_take_u8(rest);
    uint64_t number = 0;

    if (head < 0xe0) {
        return head;
    }
    for (unsigned i = 0; i <= (head & 7U); i++) {
        number = number << 8 | fuzz_take_u8(rest);
    }
    return (head & 8U) != 0 ? UINT64_MAX - number : number;
}

/** The opposite of fuzz_take_u64(), for whoever makes seeds. */
static inline void fuzz_put_u64(struct tip_buf *buf, uint64_t number)
{
    if (number < 0xe0) {
        tip_buf_put_u8(buf, (uint8_t)number);
        return;
    }
    tip_buf_put_u8(buf, 0xe7);
    for (int shift = 56; shift >= 0; shift -= 8) {
        tip_buf_put_u8(buf, (uint8_t)(number >> shift));
    }
}

/** What stands before the next FUZZ_PART_END, which is eaten too. */
static inline struct tip_bytes fuzz_take_part(struct tip_bytes *rest)
{
    const uint8_t *end =
        rest->size == 0 ? NULL : memchr(rest->data, FUZZ_PART_END, rest->size);
    struct tip_bytes part =
        fuzz_take(rest, end == NULL ? rest->size : (size_t)(end - rest->data));

    (void)fuzz_take_u8(rest);
    return part;
}

#endif /* FUZZ_PART_H */
