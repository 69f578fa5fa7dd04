#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "tip_codec_internal.h"
#include "tip_dictionary.h"
#include "tip_frame.h"

enum {
    /* Working memory for the largest body: the columns at their worst case and
     * the tables that make them. */
    SCRATCH_BYTES_MAX = 16 * 1024 * 1024,
    /* Every zstd frame begins with the same four bytes: not sent. */
    MAGIC_SIZE = 4
};

static const uint8_t magic[MAGIC_SIZE] = {0x28, 0xb5, 0x2f, 0xfd};

struct tip_codec {
    ZSTD_CCtx *compressor;
    ZSTD_DCtx *expander;
    ZSTD_CDict *packers[TIP_DICTIONARY_COUNT];
    ZSTD_DDict *unpackers[TIP_DICTIONARY_COUNT];
    struct tip_arena scratch;
    bool is_plain; /* Never compresses. */
};

/* What zstd says when it fails, in our words. */
static enum tip_err err_of(size_t result)
{
    return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation
               ? TIP_ENOMEM
               : TIP_EMALFORMED;
}

static bool load_dictionary(struct tip_codec *codec, size_t number,
                            struct tip_bytes bytes, int level)
{
    codec->packers[number] = ZSTD_createCDict(bytes.data, bytes.size, level);
    codec->unpackers[number] = ZSTD_createDDict(bytes.data, bytes.size);
    return codec->packers[number] != NULL && codec->unpackers[number] != NULL;
}

/* Leave out what the header of our frame says already. */
static bool configure(ZSTD_CCtx *compressor, int level)
{
    return !ZSTD_isError(ZSTD_CCtx_setParameter(
               compressor, ZSTD_c_compressionLevel, level)) &&
           !ZSTD_isError(
               ZSTD_CCtx_setParameter(compressor, ZSTD_c_dictIDFlag, 0)) &&
           !ZSTD_isError(
               ZSTD_CCtx_setParameter(compressor, ZSTD_c_checksumFlag, 0));
}

enum tip_err tip_codec_new(int level, struct tip_codec **out_codec)
{
    struct tip_codec *codec;

    if (level < 0 || level > TIP_CODEC_LEVEL_MAX) {
        return TIP_EINVAL;
    }
    codec = calloc(1, sizeof *codec);
    if (codec == NULL) {
        return TIP_ENOMEM;
    }
    tip_arena_init(&codec->scratch, SCRATCH_BYTES_MAX);
    codec->is_plain = level == 0;
    codec->compressor = ZSTD_createCCtx();
    codec->expander = ZSTD_createDCtx();
    if (codec->compressor == NULL || codec->expander == NULL ||
        !configure(codec->compressor, level) ||
        !load_dictionary(codec, TIP_DICTIONARY_UP, tip_dictionary_up(),
                         level) ||
        !load_dictionary(codec, TIP_DICTIONARY_DOWN, tip_dictionary_down(),
                         level)) {
        tip_codec_free(codec);
        return TIP_ENOMEM;
    }
    *out_codec = codec;
    return TIP_OK;
}

void tip_codec_free(struct tip_codec *codec)
{
    if (codec == NULL) {
        return;
    }
    for (size_t i = 0; i < TIP_DICTIONARY_COUNT; i++) {
        ZSTD_freeCDict(codec->packers[i]);
        ZSTD_freeDDict(codec->unpackers[i]);
    }
    ZSTD_freeCCtx(codec->compressor);
    ZSTD_freeDCtx(codec->expander);
    tip_arena_deinit(&codec->scratch);
    free(codec);
}

struct tip_arena *tip_codec_scratch(struct tip_codec *codec)
{
    return &codec->scratch;
}

/* Compress to @out of @capacity bytes; 0 if it does not fit or fails. */
static size_t compress(struct tip_codec *codec, enum tip_dictionary dictionary,
                       struct tip_bytes plain, uint8_t *out, size_t capacity)
{
    /* What did not fit is still under way, and takes no other dictionary. */
    size_t result = ZSTD_CCtx_reset(codec->compressor, ZSTD_reset_session_only);

    if (!ZSTD_isError(result)) {
        result =
            ZSTD_CCtx_refCDict(codec->compressor, codec->packers[dictionary]);
    }
    if (!ZSTD_isError(result)) {
        result = ZSTD_compress2(codec->compressor, out, capacity, plain.data,
                                plain.size);
    }
    return ZSTD_isError(result) ? 0 : result;
}

enum tip_err tip_codec_pack(struct tip_codec *codec,
                            enum tip_dictionary dictionary,
                            struct tip_bytes plain, struct tip_buf *buf,
                            enum tip_dictionary *out_used)
{
    uint8_t *out = buf->data + buf->size;
    size_t size = 0;
    struct tip_bytes done;
    enum tip_err err;

    if (plain.size > TIP_FRAME_BODY_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    if (!codec->is_plain && !buf->failed) {
        size =
            compress(codec, dictionary, plain, out, buf->capacity - buf->size);
    }
    if (size > MAGIC_SIZE && size - MAGIC_SIZE < plain.size) {
        memmove(out, out + MAGIC_SIZE, size - MAGIC_SIZE);
        buf->size += size - MAGIC_SIZE;
        *out_used = dictionary;
        return TIP_OK;
    }
    tip_buf_put(buf, plain);
    err = tip_buf_finish(buf, &done);
    if (err == TIP_OK) {
        *out_used = TIP_DICTIONARY_PLAIN;
    }
    return err;
}

/* Put the magic back; NULL when memory is out. */
static uint8_t *restore_frame(struct tip_arena *arena, struct tip_bytes packed)
{
    uint8_t *frame = tip_arena_alloc(arena, MAGIC_SIZE + packed.size);

    if (frame != NULL) {
        memcpy(frame, magic, MAGIC_SIZE);
        if (packed.size != 0) {
            memcpy(frame + MAGIC_SIZE, packed.data, packed.size);
        }
    }
    return frame;
}

/* One frame and nothing behind it, of a size we are ready for? */
static enum tip_err measure(const uint8_t *frame, size_t size, size_t *out_size)
{
    unsigned long long plain_size = ZSTD_getFrameContentSize(frame, size);
    size_t frame_size = ZSTD_findFrameCompressedSize(frame, size);

    if (plain_size == ZSTD_CONTENTSIZE_ERROR ||
        plain_size == ZSTD_CONTENTSIZE_UNKNOWN || frame_size != size) {
        return TIP_EMALFORMED;
    }
    if (plain_size > TIP_FRAME_BODY_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    *out_size = (size_t)plain_size;
    return TIP_OK;
}

enum tip_err tip_codec_unpack(struct tip_codec *codec, uint32_t dictionary,
                              struct tip_bytes packed,
                              struct tip_bytes *out_plain)
{
    size_t frame_size = MAGIC_SIZE + packed.size;
    size_t size, result;
    uint8_t *frame, *plain;
    enum tip_err err;

    if (dictionary >= TIP_DICTIONARY_COUNT) {
        return TIP_EDICTIONARY;
    }
    if (packed.size > TIP_FRAME_BODY_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    if (dictionary == TIP_DICTIONARY_PLAIN) {
        *out_plain = packed;
        return TIP_OK;
    }
    frame = restore_frame(&codec->scratch, packed);
    if (frame == NULL) {
        return TIP_ENOMEM;
    }
    err = measure(frame, frame_size, &size);
    if (err != TIP_OK) {
        return err;
    }
    plain = tip_arena_alloc(&codec->scratch, size);
    if (plain == NULL) {
        return TIP_ENOMEM;
    }
    result =
        ZSTD_decompress_usingDDict(codec->expander, plain, size, frame,
                                   frame_size, codec->unpackers[dictionary]);
    if (ZSTD_isError(result) || result != size) {
        return err_of(result);
    }
    *out_plain = tip_bytes(plain, size);
    return TIP_OK;
}
