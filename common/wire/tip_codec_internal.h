/* Internal: compression with the shipped dictionaries. */
#ifndef TIP_CODEC_INTERNAL_H
#define TIP_CODEC_INTERNAL_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_codec.h"

/* How columns are packed. Numbers are in headers of frames: append only, and
 * no dictionary that was ever shipped changes. */
enum tip_dictionary {
    TIP_DICTIONARY_PLAIN = 0, /* Not compressed: shorter than with zstd. */
    TIP_DICTIONARY_UP = 1,    /* zstd and dictionary/up.1. */
    TIP_DICTIONARY_DOWN = 2   /* zstd and dictionary/down.2. */
};

enum { TIP_DICTIONARY_COUNT = 3 };

/** The working memory of @codec. Each public function starts by clearing it. */
struct tip_arena *tip_codec_scratch(struct tip_codec *codec);

/** Append @plain to @buf, compressed with @dictionary if that is shorter;
 * @out_used says what was done. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_codec_pack(struct tip_codec *codec,
                                         enum tip_dictionary dictionary,
                                         struct tip_bytes plain,
                                         struct tip_buf *buf,
                                         enum tip_dictionary *out_used);

/**
 * Expand @packed into the working memory; plain bytes are borrowed where they
 * are.
 * TIP_ETOOBIG: more than TIP_FRAME_BODY_BYTES_MAX. TIP_EDICTIONARY: a
 * dictionary this version does not have. TIP_EMALFORMED: not one whole run of
 * zstd that says truly how long it is. TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_codec_unpack(struct tip_codec *codec,
                                           uint32_t dictionary,
                                           struct tip_bytes packed,
                                           struct tip_bytes *out_plain);

#endif /* TIP_CODEC_INTERNAL_H */
