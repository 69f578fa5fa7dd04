/*
 * What bodies of frames are compressed and expanded with: contexts that are
 * costly to make, the dictionaries, and memory to work in. One for each thread
 * that encodes or decodes.
 */
#ifndef TIP_CODEC_H
#define TIP_CODEC_H

#include "tip_err.h"

enum {
    /* Level 3 makes the bodies 4 % smaller than level 1 at the same speed;
     * level 9 another 3 % at a third of it (README.md, "Measured"). */
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
