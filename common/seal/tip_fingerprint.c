#include "tip_fingerprint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tip_primitive.h"

enum { GROUPS = 12, GROUP_DIGITS = 5, GROUP_BYTES = 5, HASH_SIZE = 64 };

_Static_assert(sizeof(struct tip_device_public) == (size_t)3 * TIP_PUBLIC_SIZE,
               "devices are hashed as they lie in memory");

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct tip_device_public));
}

/* Five bytes as five digits; 2^40 is so many times 10^5 that no digit is
 * noticeably likelier than another. */
static void format_group(const uint8_t bytes[GROUP_BYTES],
                         char out_digits[GROUP_DIGITS])
{
    uint64_t number = 0;

    for (int i = 0; i < GROUP_BYTES; i++) {
        number = number << 8 | bytes[i];
    }
    for (int i = GROUP_DIGITS - 1; i >= 0; i--) {
        out_digits[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

enum tip_err tip_fingerprint_format(const struct tip_device_public *devices,
                                    size_t count,
                                    char out_text[TIP_FINGERPRINT_TEXT_SIZE])
{
    struct tip_device_public sorted[TIP_FINGERPRINT_DEVICES_MAX];
    uint8_t hash[HASH_SIZE];
    struct tip_bytes all;

    if (count == 0 || count > TIP_FINGERPRINT_DEVICES_MAX) {
        return TIP_EINVAL;
    }
    memcpy(sorted, devices, count * sizeof sorted[0]);
    qsort(sorted, count, sizeof sorted[0], compare);
    all = tip_bytes(sorted, count * sizeof sorted[0]);
    tip_primitive_hash(TIP_CONTEXT_FINGERPRINT, TIP_BYTES_NONE, &all, 1, hash,
                       sizeof hash);
    memset(out_text, ' ', TIP_FINGERPRINT_TEXT_SIZE);
    for (size_t i = 0; i < GROUPS; i++) {
        format_group(hash + i * GROUP_BYTES, out_text + i * (GROUP_DIGITS + 1));
    }
    out_text[TIP_FINGERPRINT_TEXT_SIZE - 1] = '\0';
    return TIP_OK;
}
