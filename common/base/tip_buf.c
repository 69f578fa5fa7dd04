#include "tip_buf.h"

#include <string.h>

void tip_buf_init(struct tip_buf *buf, void *data, size_t capacity)
{
    *buf = (struct tip_buf){.data = data, .capacity = capacity};
}

void tip_buf_clear(struct tip_buf *buf)
{
    buf->size = 0;
    buf->failed = false;
}

void tip_buf_put(struct tip_buf *buf, struct tip_bytes bytes)
{
    if (buf->failed || bytes.size > buf->capacity - buf->size) {
        buf->failed = true;
        return;
    }
    if (bytes.size != 0) {
        memcpy(buf->data + buf->size, bytes.data, bytes.size);
        buf->size += bytes.size;
    }
}

/* Take room for @size more bytes; NULL, and failed, if there is none. */
static uint8_t *take(struct tip_buf *buf, size_t size)
{
    if (buf->failed || size > buf->capacity - buf->size) {
        buf->failed = true;
        return NULL;
    }
    buf->size += size;
    return buf->data + buf->size - size;
}

void tip_buf_put_u8(struct tip_buf *buf, uint8_t value)
{
    uint8_t *at = take(buf, 1);

    if (at != NULL) {
        *at = value;
    }
}

/* Written out: the compiler makes one store of it. */
static void big_endian(uint32_t value, uint8_t out[4])
{
    out[0] = (uint8_t)(value >> 24);
    out[1] = (uint8_t)(value >> 16);
    out[2] = (uint8_t)(value >> 8);
    out[3] = (uint8_t)value;
}

void tip_buf_put_u32(struct tip_buf *buf, uint32_t value)
{
    uint8_t *at = take(buf, 4);

    if (at != NULL) {
        big_endian(value, at);
    }
}

void tip_buf_put_u64(struct tip_buf *buf, uint64_t value)
{
    uint8_t *at = take(buf, 8);

    if (at != NULL) {
        big_endian((uint32_t)(value >> 32), at);
        big_endian((uint32_t)value, at + 4);
    }
}

void tip_buf_put_varint(struct tip_buf *buf, uint64_t value)
{
    uint8_t bytes[10];
    size_t size = 0;

    /* Most numbers of a record are below 128. */
    if (value < 0x80 && !buf->failed && buf->size < buf->capacity) {
        buf->data[buf->size++] = (uint8_t)value;
        return;
    }
    while (value >= 0x80) {
        bytes[size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = (uint8_t)value;
    tip_buf_put(buf, tip_bytes(bytes, size));
}

void tip_buf_put_svarint(struct tip_buf *buf, int64_t value)
{
    uint64_t doubled = (uint64_t)value << 1;

    tip_buf_put_varint(buf, value < 0 ? ~doubled : doubled);
}

void tip_buf_put_sized(struct tip_buf *buf, struct tip_bytes bytes)
{
    tip_buf_put_varint(buf, bytes.size);
    tip_buf_put(buf, bytes);
}

enum tip_err tip_buf_finish(const struct tip_buf *buf,
                            struct tip_bytes *out_bytes)
{
    if (buf->failed) {
        return TIP_ETOOBIG;
    }
    *out_bytes = tip_bytes(buf->data, buf->size);
    return TIP_OK;
}
