/*
 * Internal: what a hub that was restored does until it has all again.
 *
 * hub_generation.c   how it begins
 * hub_recovery.c what waits until offices are back, and the end of it
 * hub_return.c   who is back
 * hub_reopen.c   feeds that the control log tells of
 * hub_handback.c frames of the hub that it has lost
 * hub_torn.c     …and that come after it has gone on
 * hub_lost.c     what channels were told; hub_lost_held.c: of what was held;
 *                hub_lost_whole.c: by a record that came whole,
 *                hub_lost_dead.c: …and had been written over by then;
 *                hub_lost_names.c: what new records are called;
 *                hub_lost_void.c: told before an earlier restore;
 *                hub_lost_stray.c: forgotten, and the number given again
 * hub_replay.c   lost commits, in their order; hub_touched.c: sent again
 * hub_unproven.c, hub_told.c: of a device that was put back too
 */
#ifndef HUB_RECOVERY_H
#define HUB_RECOVERY_H

#include "hub_engine_internal.h"
#include "tip_session.h"

/* hub_commit.c */

/** A place in the order that is not simply the next. */
struct hub_place {
    uint64_t commit; /* 0: the next. */
    enum tip_verdict verdict;
    /* By which its new records are named, unless it names them; 0: as it is
     * committed. */
    uint64_t birth;
    bool is_known;  /* The author has it: it is not told. */
    bool is_orphan; /* …or does not, and is told the whole of it. */
    const struct tip_ruling *ruling; /* It is told this; NULL: its place. */
};

/** As hub_commit_set(), at @place, which somebody was told of before a restore;
 * targets->ordinals then has new records, too. */
TIP_MUST_USE enum tip_err hub_commit_placed(struct hub_engine *engine,
                                            const struct tip_change_set *set,
                                            struct hub_targets *targets,
                                            const struct hub_place *place);

/* hub_judge.c */

/** Only find the records of @set; hold is TIP_HOLD_BASE if one is named by a
 * birth that is not known. */
TIP_MUST_USE enum tip_err hub_judge_find(struct hub_engine *engine,
                                         const struct tip_change_set *set,
                                         struct hub_arrival *out_arrival);

/* hub_cut.c */

/** Let devices of @channel's office claim to have seen @commit. */
void hub_cut_note_given(struct hub_engine *engine, uint32_t channel,
                        uint64_t commit);

/* hub_feed.c */

/** Commit or hold back one change-set, in the order of its seq; @is_flood: it
 * is beyond its device's budget. Clears engine->work. An error loses the
 * transaction. */
TIP_MUST_USE enum tip_err hub_feed_take(struct hub_engine *engine,
                                        struct hub_origin *origin,
                                        const struct tip_change_set *set,
                                        bool is_flood);

/** Hold back change-set @seq of @origin, which a newer program can read, and
 * behind it all that follows. Clears engine->work. */
TIP_MUST_USE enum tip_err hub_feed_hold_unread(struct hub_engine *engine,
                                               struct hub_origin *origin,
                                               uint64_t seq);

/* hub_recovery.c */

/** Read what a restore left to be done. */
TIP_MUST_USE enum tip_err hub_recovery_load(struct hub_engine *engine);

/** May a commit be given now? TIP_ERECOVERING. */
TIP_MUST_USE enum tip_err hub_recovery_check(const struct hub_engine *engine);

/** Does @origin's work wait, because it has not handed back all? */
bool hub_recovery_waits(const struct hub_engine *engine,
                        const struct hub_origin *origin);

/** Finish what can be finished now. */
TIP_MUST_USE enum tip_err hub_recovery_pump(struct hub_engine *engine);

/* hub_generation.c */

/** @device has a frame of @generation, or heard of a later one than ours, which
 * this store never gave: the same backup was put back before. Rise above it, or
 * what was given then would be given again. Nothing unless a recovery is open,
 * nor for a claim far above where it began; in the open transaction. */
TIP_MUST_USE enum tip_err hub_recovery_outrun(struct hub_engine *engine,
                                              const struct hub_origin *device,
                                              uint32_t generation);

/* hub_return.c */

/** The newest frame of @channel of which the records have what it says: those
 * behind it were handed back, and are still to be taken up. */
uint64_t hub_recovery_taken_up(const struct hub_engine *engine,
                               const struct hub_channel *channel);

/** @origin has handed something back: is it back now? */
void hub_recovery_note(struct hub_engine *engine, struct hub_origin *origin);

/** A frame came from @origin: of the hub, handed back, or of its own. Results
 * of hub_feed_frame(). */
TIP_MUST_USE enum tip_err hub_recovery_take(struct hub_engine *engine,
                                            struct hub_origin *origin,
                                            struct tip_bytes frame);

/** May @origin be sent our frames: is nothing more handed back? */
bool hub_recovery_offers(const struct hub_engine *engine,
                         const struct hub_origin *origin);

/** @origin has said what it has; if that is more than there ever was, by what
 * is known here, is_ahead is true. */
void hub_recovery_greet(struct hub_engine *engine, struct hub_origin *origin,
                        const struct tip_hello *hello);

/** Say in @welcome how far channels are here of which the node has more. */
void hub_recovery_say(struct hub_engine *engine, struct hub_origin *origin,
                      struct tip_welcome *welcome);

/* hub_handback.c */

/** A frame of the hub itself came from @origin. Results of hub_feed_frame(). */
TIP_MUST_USE enum tip_err hub_handback_frame(struct hub_engine *engine,
                                             struct hub_origin *origin,
                                             struct tip_bytes frame);

/** Read frame @index of @channel in @arena. */
TIP_MUST_USE enum tip_err hub_handback_load(struct hub_engine *engine,
                                            const struct hub_channel *channel,
                                            uint64_t index,
                                            struct tip_arena *arena,
                                            struct tip_down_body *out_body);

/* hub_replay.c */

/**
 * Take up what was handed back: by all who are back, with the commits it had;
 * or by @late alone, after others have gone on, with new ones, and then its
 * office is sent the records again. In the open transaction; an error loses
 * it.
 */
TIP_MUST_USE enum tip_err hub_replay(struct hub_engine *engine,
                                     struct hub_origin *late);

#endif /* HUB_RECOVERY_H */
