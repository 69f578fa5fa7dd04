#include "tip_id.h"

#include <string.h>

/* Where the hyphens stand in 8-4-4-4-12. */
static bool is_hyphen_at(size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

struct tip_id tip_id_make(uint64_t unix_ms,
                          const uint8_t random[TIP_ID_RANDOM_SIZE])
{
    struct tip_id id;

    for (size_t i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(unix_ms >> (40 - 8 * i));
    }
    memcpy(id.bytes + 6, random, TIP_ID_RANDOM_SIZE);
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x70); /* Version 7. */
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80); /* RFC variant. */
    return id;
}

int tip_id_compare(const struct tip_id *a, const struct tip_id *b)
{
    return memcmp(a->bytes, b->bytes, TIP_ID_SIZE);
}

bool tip_id_equal(const struct tip_id *a, const struct tip_id *b)
{
    return tip_id_compare(a, b) == 0;
}

bool tip_id_is_none(const struct tip_id *id)
{
    static const struct tip_id none;

    return tip_id_equal(id, &none);
}

void tip_id_format(const struct tip_id *id, char out_text[TIP_ID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    for (size_t i = 0; i < TIP_ID_SIZE; i++) {
        if (is_hyphen_at(at)) {
            out_text[at++] = '-';
        }
        out_text[at++] = digits[id->bytes[i] >> 4];
        out_text[at++] = digits[id->bytes[i] & 0x0f];
    }
    out_text[at] = '\0';
}

/* The value of a hexadecimal digit, or -1. */
static int digit_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

enum tip_err tip_id_parse(struct tip_bytes text, struct tip_id *out_id)
{
    struct tip_id id = {{0}};
    size_t nibble = 0;

    if (text.size != TIP_ID_TEXT_SIZE - 1) {
        return TIP_EINVAL;
    }
    for (size_t at = 0; at < text.size; at++) {
        int value = digit_value(text.data[at]);

        if (is_hyphen_at(at)) {
            if (text.data[at] != '-') {
                return TIP_EINVAL;
            }
            continue;
        }
        if (value < 0) {
            return TIP_EINVAL;
        }
        id.bytes[nibble / 2] =
            (uint8_t)(id.bytes[nibble / 2] << 4 | (uint8_t)value);
        nibble++;
    }
    *out_id = id;
    return TIP_OK;
}
