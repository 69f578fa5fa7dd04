/* Bytes of known answers, written as hexadecimal text. */
#ifndef TIP_HEX_H
#define TIP_HEX_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"

static inline unsigned tip_hex_digit(char digit)
{
    assert((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'));
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/** Decode @text into the @capacity bytes at @out and borrow what was written.
 * Ends the test when it is not hexadecimal or does not fit. */
static inline struct tip_bytes tip_hex_decode(const char *text, uint8_t *out,
                                              size_t capacity)
{
    size_t size = 0;

    for (; text[2 * size] != '\0'; size++) {
        assert(size < capacity);
        out[size] = (uint8_t)(tip_hex_digit(text[2 * size]) << 4 |
                              tip_hex_digit(text[2 * size + 1]));
    }
    return tip_bytes(out, size);
}

#endif /* TIP_HEX_H */
