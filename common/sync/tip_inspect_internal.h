/* Internal: what the parts of tip_inspect.h share. */
#ifndef TIP_INSPECT_INTERNAL_H
#define TIP_INSPECT_INTERNAL_H

#include "tip_codec.h"
#include "tip_inspect.h"

/** The next entry of @table from *@key on; what cannot be opened is told and
 * passed over. *@key is that of the entry. TIP_ENOTFOUND: no more. */
TIP_MUST_USE enum tip_err tip_inspect_next(struct tip_inspect *check,
                                           enum tip_table table,
                                           struct tip_key *key,
                                           struct tip_bytes *out_value);

/** One chain, as far as it is computed. */
struct tip_inspect_walk {
    const struct tip_inspect_chain *chain; /* Borrowed, as… */
    struct tip_codec *codec;               /* …these are. */
    struct tip_arena *arena;               /* For one frame at a time. */
    uint32_t origin;                       /* Of the newest frame of a feed. */
    struct tip_head head;
};

/** The same for a frame as it travels, whatever its number. */
TIP_MUST_USE enum tip_err tip_inspect_frame(struct tip_inspect_walk *walk,
                                            struct tip_bytes frame);

/** Does the frame in @row, the one numbered @number, follow? Then @walk goes on
 * behind it. TIP_ESIGNATURE: it does not, or nobody may have made it; others:
 * it cannot be read. */
TIP_MUST_USE enum tip_err tip_inspect_follow(struct tip_inspect_walk *walk,
                                             uint64_t number,
                                             struct tip_bytes row);

/** Tell that the frame at @key failed with @err. */
void tip_inspect_tell_frame(struct tip_inspect *check, struct tip_key key,
                            enum tip_err err);

/** There are no more frames: tell if there should be. */
void tip_inspect_end(struct tip_inspect *check,
                     const struct tip_inspect_walk *walk);

#endif /* TIP_INSPECT_INTERNAL_H */
