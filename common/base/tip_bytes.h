/* A borrowed run of bytes. Plain data: copy it, no cleanup. */
#ifndef TIP_BYTES_H
#define TIP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct tip_bytes {
    const uint8_t *data; /* Borrowed; may be NULL when size is 0. */
    size_t size;
};

#define TIP_BYTES_NONE ((struct tip_bytes){.data = NULL, .size = 0})

/** The bytes of array @array, all of them. */
#define TIP_BYTES_OF(array) \
    ((struct tip_bytes){.data = (array), .size = sizeof(array)})

/** Borrow @size bytes at @data. */
static inline struct tip_bytes tip_bytes(const void *data, size_t size)
{
    return (struct tip_bytes){.data = data, .size = size};
}

/** Borrow the text @text without its terminator. */
static inline struct tip_bytes tip_bytes_text(const char *text)
{
    return (struct tip_bytes){.data = (const uint8_t *)text,
                              .size = strlen(text)};
}

static inline bool tip_bytes_equal(struct tip_bytes a, struct tip_bytes b)
{
    return a.size == b.size &&
           (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/** Order by content, then by length; <0, 0 or >0 as in memcmp. */
static inline int tip_bytes_compare(struct tip_bytes a, struct tip_bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);

    if (order != 0 || a.size == b.size) {
        return order;
    }
    return a.size < b.size ? -1 : 1;
}

#endif /* TIP_BYTES_H */
