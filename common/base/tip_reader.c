#include "tip_reader.h"

#include <string.h>

void tip_reader_init(struct tip_reader *reader, struct tip_bytes bytes)
{
    *reader = (struct tip_reader){.rest = bytes};
}

struct tip_bytes tip_reader_get(struct tip_reader *reader, size_t size)
{
    struct tip_bytes got;

    if (reader->failed || size > reader->rest.size) {
        reader->failed = true;
        return TIP_BYTES_NONE;
    }
    if (size == 0) {
        return TIP_BYTES_NONE;
    }
    got = tip_bytes(reader->rest.data, size);
    reader->rest.data += size;
    reader->rest.size -= size;
    return got;
}

void tip_reader_copy(struct tip_reader *reader, void *out, size_t size)
{
    struct tip_bytes bytes = tip_reader_get(reader, size);

    if (bytes.size != 0) {
        memcpy(out, bytes.data, bytes.size);
    }
}

/* Written out: the compiler makes one load of it. */
static uint32_t big_endian(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

uint8_t tip_reader_get_u8(struct tip_reader *reader)
{
    struct tip_bytes bytes = tip_reader_get(reader, 1);

    return bytes.size == 0 ? 0 : bytes.data[0];
}

uint32_t tip_reader_get_u32(struct tip_reader *reader)
{
    struct tip_bytes bytes = tip_reader_get(reader, 4);

    return bytes.size == 0 ? 0 : big_endian(bytes.data);
}

uint64_t tip_reader_get_u64(struct tip_reader *reader)
{
    struct tip_bytes bytes = tip_reader_get(reader, 8);

    return bytes.size == 0 ? 0
                           : (uint64_t)big_endian(bytes.data) << 32 |
                                 big_endian(bytes.data + 4);
}

uint64_t tip_reader_get_varint(struct tip_reader *reader)
{
    uint64_t value = 0;

    /* Most numbers of a record are below 128. */
    if (!reader->failed && reader->rest.size != 0 &&
        reader->rest.data[0] < 0x80) {
        value = reader->rest.data[0];
        reader->rest.data++;
        reader->rest.size--;
        return value;
    }
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = tip_reader_get_u8(reader);

        /* The tenth byte has room for one bit only. */
        if (reader->failed || (shift == 63 && byte > 1)) {
            break;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            if (byte == 0 && shift != 0) {
                break;
            }
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

int64_t tip_reader_get_svarint(struct tip_reader *reader)
{
    uint64_t coded = tip_reader_get_varint(reader);
    uint64_t value = coded >> 1;

    return (int64_t)((coded & 1) != 0 ? ~value : value);
}

struct tip_bytes tip_reader_get_sized(struct tip_reader *reader)
{
    uint64_t size = tip_reader_get_varint(reader);

    if (size > reader->rest.size) {
        reader->failed = true;
        return TIP_BYTES_NONE;
    }
    return tip_reader_get(reader, (size_t)size);
}

enum tip_err tip_reader_finish(const struct tip_reader *reader)
{
    return reader->failed || reader->rest.size != 0 ? TIP_EMALFORMED : TIP_OK;
}
