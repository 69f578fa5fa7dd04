/*
 * What bodies of frames are compressed and expanded with: contexts that are
 * costly to make, the dictionaries, and memory to work in. One for each thread
 * that encodes or decodes.
 */
#ifndef TIP_CODEC_H
#define TIP_CODEC_H

#include "tip_err.h"

enum {
    /* 5 % smaller than level 1 at two thirds of the speed, which is three times
     * what is needed; beyond 6 nothing is gained (README.md, "Measured"). */
    TIP_CODEC_LEVEL = 3,
    TIP_CODEC_LEVEL_MAX = 19
};

struct tip_codec;

/** Make one that compresses at @level, 1 to TIP_CODEC_LEVEL_MAX, or not at all
 * at 0; a reader needs to know nothing of it. TIP_EINVAL, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_codec_new(int level,
                                        struct tip_codec **out_codec);

/** Accepts NULL. */
void tip_codec_free(struct tip_codec *codec);

#endif /* TIP_CODEC_H */
