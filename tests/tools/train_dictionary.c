/*
 * Goal: train the dictionaries of common/wire on synthetic bodies.
 *
 *     train_dictionary <folder>    writes up.1 and down.2 there
 *
 * The same every time: seeds and sizes are fixed. Only what is compressed goes
 * into the samples, so no id and nothing sealed does.
 */
#include <stdio.h>
#include <zdict.h>

#include "tip_codec.h"
#include "tip_reader.h"
#include "tip_wire_down.h"
#include "tip_wire_up.h"
#include "wire_sample.h"

enum {
    DICTIONARY_BYTES = 16 * 1024,
    SAMPLE_COUNT = 3000,
    SAMPLE_BYTES_MAX = 32 * 1024 * 1024,
    TAIL_SIZE = 10,
    ARENA_BYTES_MAX = 512 * 1024 * 1024
};

/* Samples one after the other, as zstd wants them. */
struct samples {
    uint8_t *bytes;
    size_t size;
    size_t sizes[SAMPLE_COUNT];
};

/* Add the columns of a body that is not packed. */
static void add_columns(struct samples *samples, size_t index,
                        struct tip_bytes body)
{
    struct tip_reader reader;
    uint64_t ids, opaque;

    tip_reader_init(&reader, body);
    ids = tip_reader_get_varint(&reader);
    opaque = tip_reader_get_varint(&reader);
    tip_reader_get(&reader, (size_t)(ids * TAIL_SIZE + opaque));
    memcpy(samples->bytes + samples->size, reader.rest.data, reader.rest.size);
    samples->sizes[index] = reader.rest.size;
    samples->size += reader.rest.size;
}

/* One edit alone, a few, a backlog, a new record, an import: what is small
 * gains most from a dictionary, so there is more of it. */
static struct tip_up_body sample_body(struct wire_sample *sample, size_t index)
{
    switch (index % 8) {
    case 0:
        return wire_sample_records(sample, 1 + index / 8 % 4);
    case 1:
        return wire_sample_records(sample, 60);
    case 2:
    case 3:
        return wire_sample_edits(sample, 5 + index / 8 % 20);
    case 4:
        return wire_sample_edits(sample, 150);
    default:
        return wire_sample_edits(sample, 1 + index / 8 % 4);
    }
}

static enum tip_err make_sample(struct tip_codec *codec,
                                struct wire_sample *sample, size_t index,
                                bool is_down, struct samples *samples)
{
    static uint8_t memory[256 * 1024];
    struct tip_up_body up = sample_body(sample, index);
    uint32_t dictionary;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    if (is_down) {
        struct tip_down_body down = wire_sample_down(sample, &up);

        err = tip_wire_down_encode(codec, &down, &buf, &dictionary);
    } else {
        err = tip_wire_up_encode(codec, &up, &buf, &dictionary);
    }
    if (err == TIP_OK) {
        add_columns(samples, index, tip_bytes(memory, buf.size));
    }
    return err;
}

static bool write_file(const char *folder, const char *name, const void *bytes,
                       size_t size)
{
    char path[512];
    FILE *file;
    bool good;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    good = fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && good;
}

static bool train(struct tip_codec *codec, bool is_down, const char *folder)
{
    static uint8_t dictionary[DICTIONARY_BYTES];
    static struct samples samples;
    struct tip_arena arena;
    struct wire_sample sample;
    size_t size;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    samples.size = 0;
    samples.bytes = malloc(SAMPLE_BYTES_MAX);
    if (samples.bytes == NULL) {
        return false;
    }
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        sample = wire_sample(i, &arena);
        sample.base += i * 37;
        sample.now_ms += i * 3600 * 1000;
        sample.invents = i % 3 == 0;
        if (make_sample(codec, &sample, i, is_down, &samples) != TIP_OK) {
            return false;
        }
        tip_arena_clear(&arena);
    }
    tip_arena_deinit(&arena);
    size = ZDICT_trainFromBuffer(dictionary, sizeof dictionary, samples.bytes,
                                 samples.sizes, SAMPLE_COUNT);
    free(samples.bytes);
    if (ZDICT_isError(size)) {
        return false;
    }
    (void)printf("%s: %zu bytes\n", is_down ? "down.2" : "up.1", size);
    return write_file(folder, is_down ? "down.2" : "up.1", dictionary, size);
}

int main(int argc, char **argv)
{
    struct tip_codec *codec;
    bool good;

    if (argc != 2 || tip_codec_new(0, &codec) != TIP_OK) {
        (void)fputs("Usage: train_dictionary <folder>\n", stderr);
        return EXIT_FAILURE;
    }
    good = train(codec, false, argv[1]) && train(codec, true, argv[1]);
    tip_codec_free(codec);
    if (!good) {
        (void)fputs("No dictionary was made.\n", stderr);
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
