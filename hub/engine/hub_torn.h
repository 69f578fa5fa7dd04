/*
 * Internal: an office that comes back after a restored hub has gone on, and has
 * more of the control log or of REF than all who came before it.
 *
 * Nothing can follow those frames any more. They are handed back beside our
 * chain and proven by our own signature; erasures among them are decided anew,
 * for everybody. Then the node takes up our chain where both still were one,
 * and drops what it had behind that.
 */
#ifndef HUB_TORN_H
#define HUB_TORN_H

#include "hub_engine_internal.h"
#include "tip_wire_header.h"

/** A frame of @generation is about to follow the newest of @channel: where a
 * generation begins is noted, in the open transaction. */
TIP_MUST_USE enum tip_err
hub_torn_note_border(struct hub_engine *engine,
                     const struct hub_channel *channel, uint32_t generation);

/** @device said that it has @position: has that channel gone on without some of
 * it? Also if all of that is back: the device may not have taken up our chain
 * yet. It may lie: whatever it says costs one row, and once for all of them a
 * frame. An error is the store's. */
TIP_MUST_USE enum tip_err
hub_torn_note(struct hub_engine *engine, struct hub_origin *device,
              const struct tip_channel_position *position);

/** What is known of @channel, if it is torn; else NULL. */
struct hub_torn *hub_torn_of(struct hub_origin *device, uint32_t channel);

/** Is anything of it still to be handed back? */
bool hub_torn_is_owed(const struct hub_origin *device);

/** Let the session with @device go on from where both were one, and say so in
 * @welcome. */
void hub_torn_say(struct hub_origin *device, uint32_t generation,
                  struct tip_welcome *welcome);

/** A frame of ours with @header and @parts came, of a channel that is torn.
 * Results of hub_feed_frame(). */
TIP_MUST_USE enum tip_err hub_torn_frame(struct hub_engine *engine,
                                         struct hub_origin *device,
                                         const struct tip_frame_header *header,
                                         const struct tip_wire_frame *parts);

/* hub_handback.c */

/** Check that @parts, handed back by the device of @origin, follow @previous in
 * a channel and are ours; give the head behind. *out_is_proven: so is all they
 * say. Of what is left of a frame of which something was erased that may be
 * that device's word until it is proven (tip_contents.h); not in the control
 * log: nothing is ever taken out of that, and it is obeyed. TIP_ESIGNATURE. */
TIP_MUST_USE enum tip_err hub_handback_verify(
    const struct hub_engine *engine, const struct hub_origin *origin,
    const struct tip_frame_header *header, const struct tip_wire_frame *parts,
    const struct tip_head *previous, struct tip_head *out_head,
    bool *out_is_proven);

/** Open the body of one of our frames in @arena. */
TIP_MUST_USE enum tip_err
hub_handback_open(struct hub_engine *engine, const struct hub_channel *channel,
                  const struct tip_frame_header *header,
                  const struct tip_wire_frame *parts, struct tip_arena *arena,
                  struct tip_down_body *out_body);

#endif /* HUB_TORN_H */
