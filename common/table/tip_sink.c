#include "tip_sink.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static enum tip_err file_write(struct tip_sink *self, struct tip_bytes bytes)
{
    struct tip_sink_file *sink = (struct tip_sink_file *)self;

    if (bytes.size != 0 &&
        fwrite(bytes.data, 1, bytes.size, sink->file) != bytes.size) {
        return TIP_EIO;
    }
    return TIP_OK;
}

void tip_sink_file_init(struct tip_sink_file *sink, FILE *file)
{
    assert(file != NULL);
    *sink = (struct tip_sink_file){.base = {.write = file_write}, .file = file};
}

static enum tip_err memory_grow(struct tip_sink_memory *sink, size_t need)
{
    size_t capacity = sink->capacity == 0 ? 4096 : sink->capacity;
    uint8_t *data;

    while (capacity < need) {
        capacity *= 2; /* @need is at most half of SIZE_MAX, see init. */
    }
    data = realloc(sink->data, capacity);
    if (data == NULL) {
        return TIP_ENOMEM;
    }
    sink->data = data;
    sink->capacity = capacity;
    return TIP_OK;
}

static enum tip_err memory_write(struct tip_sink *self, struct tip_bytes bytes)
{
    struct tip_sink_memory *sink = (struct tip_sink_memory *)self;

    if (bytes.size == 0) {
        return TIP_OK;
    }
    if (bytes.size > sink->bytes_max - sink->size) {
        return TIP_ETOOBIG;
    }
    if (bytes.size > sink->capacity - sink->size) {
        enum tip_err err = memory_grow(sink, sink->size + bytes.size);

        if (err != TIP_OK) {
            return err;
        }
    }
    memcpy(sink->data + sink->size, bytes.data, bytes.size);
    sink->size += bytes.size;
    return TIP_OK;
}

void tip_sink_memory_init(struct tip_sink_memory *sink, size_t bytes_max)
{
    assert(bytes_max <= SIZE_MAX / 2);
    *sink = (struct tip_sink_memory){.base = {.write = memory_write},
                                     .bytes_max = bytes_max};
}

void tip_sink_memory_deinit(struct tip_sink_memory *sink)
{
    free(sink->data);
    sink->data = NULL;
    sink->size = 0;
    sink->capacity = 0;
}

struct tip_bytes tip_sink_memory_get(const struct tip_sink_memory *sink)
{
    return tip_bytes(sink->data, sink->size);
}
