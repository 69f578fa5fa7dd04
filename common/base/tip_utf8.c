#include "tip_utf8.h"

#include <stdint.h>

static bool ascii_is_text(uint8_t byte, unsigned allow)
{
    switch (byte) {
    case '\n':
        return (allow & TIP_UTF8_LF) != 0;
    case '\t':
        return (allow & TIP_UTF8_TAB) != 0;
    case '\r':
        return (allow & TIP_UTF8_CR) != 0;
    default:
        return byte >= 0x20 && byte != 0x7f;
    }
}

static bool in_range(uint8_t byte, uint8_t low, uint8_t high)
{
    return byte >= low && byte <= high;
}

/* Table 3-7: the second byte alone tells overlong forms, surrogates and code
 * points above U+10FFFF; after C2 it also tells the C1 controls. */
static bool second_is_good(uint8_t lead, uint8_t second)
{
    switch (lead) {
    case 0xc2:
    case 0xe0:
        return in_range(second, 0xa0, 0xbf);
    case 0xed:
        return in_range(second, 0x80, 0x9f);
    case 0xf0:
        return in_range(second, 0x90, 0xbf);
    case 0xf4:
        return in_range(second, 0x80, 0x8f);
    default:
        return in_range(second, 0x80, 0xbf);
    }
}

static size_t length_of(uint8_t lead)
{
    if (in_range(lead, 0xc2, 0xdf)) {
        return 2;
    }
    if (in_range(lead, 0xe0, 0xef)) {
        return 3;
    }
    return in_range(lead, 0xf0, 0xf4) ? 4 : 0;
}

/* Bytes of the character at @at, 0 if there is none. */
static size_t character_size(struct tip_bytes text, size_t at)
{
    size_t size = length_of(text.data[at]);

    if (size == 0 || size > text.size - at ||
        !second_is_good(text.data[at], text.data[at + 1])) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if (!in_range(text.data[at + i], 0x80, 0xbf)) {
            return 0;
        }
    }
    return size;
}

size_t tip_utf8_bad_at(struct tip_bytes text, unsigned allow)
{
    size_t at = 0;

    while (at < text.size) {
        size_t size;

        if (text.data[at] < 0x80) {
            size = ascii_is_text(text.data[at], allow) ? 1 : 0;
        } else {
            size = character_size(text, at);
        }
        if (size == 0) {
            return at;
        }
        at += size;
    }
    return at;
}

bool tip_utf8_valid(struct tip_bytes text, unsigned allow)
{
    return tip_utf8_bad_at(text, allow) == text.size;
}
