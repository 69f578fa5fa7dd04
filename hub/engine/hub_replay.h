/* Internal: a replay of lost commits. */
#ifndef HUB_REPLAY_H
#define HUB_REPLAY_H

#include "hub_recovery.h"

/* Something a channel was told. */
struct hub_lost {
    uint64_t commit;
    uint64_t seq;
    uint32_t origin;
    enum tip_verdict verdict;
    bool is_void; /* Its commit is: it gets the next. */
    enum tip_item_kind kind;
    uint64_t base; /* Of a part, or in a whole: how it was let in. */
    const struct hub_channel *channel;
    uint64_t frame; /* Where it stands in the channel, */
    size_t item;    /* …and in that frame; of TIP_ITEM_STATE: which whole, */
    uint64_t as_of; /* …and as of which commit that is. */
};

/* Change-sets of one origin that have their place. */
struct hub_placed {
    uint64_t after; /* Those up to here had it before. */
    uint64_t taken; /* …or were held back, in the backup. */
    uint64_t count;
    uint8_t *bits; /* Owned; one for each that follows @after. */
};

static inline void hub_lost_set_placed(struct hub_placed *placed, uint64_t seq)
{
    uint64_t at = seq - placed->after - 1;

    placed->bits[at / 8] = (uint8_t)(placed->bits[at / 8] | 1u << (at % 8));
}

/* A record that was sent whole. */
struct hub_lost_whole {
    uint8_t *bytes; /* Owned; tip_wire_record.h. */
    size_t size;
};

/* …on its way together. */
struct hub_lost_parts {
    uint8_t *bytes; /* Owned; TIP_STORE_VALUE_BYTES_MAX. NULL: none came. */
    size_t size;
};

struct hub_replay {
    struct hub_engine *engine;
    struct hub_origin *late; /* NULL: all who are back. */
    struct hub_lost *lost;   /* Owned. */
    size_t count, capacity;
    struct hub_placed *placed; /* Owned; by origin. */
    uint32_t *touched; /* Owned: records the late office is sent again. */
    size_t touched_count, touched_capacity;
    struct hub_sets sets; /* A frame, in engine->arena, */
    uint32_t sets_origin; /* …and whose; 0: none. */
    struct hub_lost_parts parts;
    struct hub_lost_whole *wholes; /* Owned. */
    size_t whole_count, whole_capacity;
    struct tip_record_ref *names; /* Owned: of new records, by id. */
    size_t name_count, name_capacity;
};

/* hub_unproven.c */

/** Let go of what devices handed back that are known to have been put back, as
 * far as it may mean something else to others. The list is made. */
TIP_MUST_USE enum tip_err hub_unproven_let_go(struct hub_replay *replay);

/* hub_lost.c */

/** Is @origin back, and is it its turn? */
bool hub_lost_is_taken_up(const struct hub_replay *replay,
                          const struct hub_origin *origin);

/** Load the item of @lost in engine->held, which is cleared before. */
TIP_MUST_USE enum tip_err hub_lost_load(struct hub_replay *replay,
                                        const struct hub_lost *lost,
                                        struct tip_item *out_item);

/** Make room for one more in an array of @size each, which has moved then.
 * NULL: no memory, and it is as it was. */
void *hub_lost_grown(void *array, size_t count, size_t *capacity, size_t size);

/** Note whose feed is to be taken up, and how much of it; TIP_ENOMEM. Then
 * release what @replay owns, in any case. */
TIP_MUST_USE enum tip_err hub_lost_begin(struct hub_replay *replay);
void hub_lost_end(struct hub_replay *replay);

/** Has record @i of @arrival what was written as @lost says, and by which
 * commit? Also if something has superseded it since. */
TIP_MUST_USE enum tip_err hub_lost_is_known(struct hub_engine *engine,
                                            const struct hub_lost *lost,
                                            const struct hub_arrival *arrival,
                                            size_t i, bool *out_is,
                                            uint64_t *out_commit);

/** List what channels were told since the backup, by commit, and note in each
 * how far it was told. */
TIP_MUST_USE enum tip_err hub_lost_list(struct hub_replay *replay);

/** Note that @lost was told; TIP_ENOMEM. */
TIP_MUST_USE enum tip_err hub_lost_add(struct hub_replay *replay,
                                       const struct hub_lost *lost);

/* hub_replay.c */

/** Borrow change-set @seq of @origin, from its feed, in engine->arena.
 * TIP_EUNSUPPORTED: it is for a newer program. */
TIP_MUST_USE enum tip_err hub_lost_load_own(struct hub_replay *replay,
                                            const struct hub_origin *origin,
                                            uint64_t seq,
                                            struct tip_change_set *out_set);

/* hub_lost_stray.c */

/** Has the device of @author (NULL: none is known) forgotten @lost, of which
 * somebody was @told, and gone on since? */
TIP_MUST_USE enum tip_err hub_lost_is_stray(struct hub_replay *replay,
                                            const struct hub_origin *author,
                                            const struct hub_lost *lost,
                                            const struct tip_change_set *told,
                                            bool *out_is);

/** Such is under an origin that no device has; the same again each time. */
void hub_lost_make_stray(struct hub_lost *lost, struct tip_change_set *told);

/* hub_lost_names.c */

/** Note that somebody was told of the new record @ref, or of those of @set.
 * Once all are noted: sort them. */
TIP_MUST_USE enum tip_err hub_lost_note_name(struct hub_replay *replay,
                                             const struct tip_record_ref *ref);
TIP_MUST_USE enum tip_err hub_lost_note_names(struct hub_replay *replay,
                                              const struct tip_change_set *set);
void hub_lost_sort_names(struct hub_replay *replay);

/** Have @set name its new records, in @arena, as they are known to somebody,
 * and no other. */
TIP_MUST_USE enum tip_err hub_lost_name(const struct hub_replay *replay,
                                        struct tip_arena *arena,
                                        struct tip_change_set *set);

/* hub_lost_void.c */

/** Let what was told of one change-set at several commits be told at the
 * newest, and note what is void. In another order. */
void hub_lost_note_void(struct hub_replay *replay);

/* hub_lost_whole.c */

/** The next part of a record that was sent whole: with the last of them, list
 * what was written in it and the backup does not have. */
TIP_MUST_USE enum tip_err hub_lost_take_part(struct hub_replay *replay,
                                             const struct hub_lost *place,
                                             const struct tip_state_part *part);

/** What was told of the change-set of @lost, in engine->held: its part, or what
 * a TIP_ITEM_STATE still had of it. */
TIP_MUST_USE enum tip_err hub_lost_load_set(struct hub_replay *replay,
                                            const struct hub_lost *lost,
                                            struct tip_change_set *out_set);

/* hub_lost_dead.c */

/** Record @i of @arrival has some of what @set wrote to it, at @commit. What it
 * does not have was superseded before that was told: into its history. Uses
 * engine->work. */
TIP_MUST_USE enum tip_err
hub_lost_fill_in(struct hub_engine *engine, const struct hub_arrival *arrival,
                 size_t i, const struct tip_change_set *set, uint64_t commit);

/* hub_lost_held.c */

/** The first change-set of origin number @i that is held back; 0: none is. */
TIP_MUST_USE enum tip_err hub_lost_first_held(struct hub_replay *replay,
                                              size_t i, uint64_t *out_seq);

/** All of origin number @i that was here and is not held back has its place. */
TIP_MUST_USE enum tip_err hub_lost_note_held(struct hub_replay *replay,
                                             size_t i);

/** Change-set @seq of origin number @i has its place, and waits no more. */
TIP_MUST_USE enum tip_err hub_lost_let_go(struct hub_replay *replay, size_t i,
                                          uint64_t seq);

/** Was @set told to others as let in with a lower base? It gets that, and its
 * author, who was not told, is told @out_ruling, which says no more than that:
 * who decided is lost. */
bool hub_lost_lower(const struct hub_engine *engine,
                    const struct hub_lost *lost, struct tip_change_set *set,
                    struct tip_ruling *out_ruling);

/** What was told has its place: judge again what waited behind some of it, or
 * for a record that was erased since. */
TIP_MUST_USE enum tip_err hub_lost_release(struct hub_replay *replay);

/** Put @set, refused by @ruling at @commit, into the history of its records. */
TIP_MUST_USE enum tip_err hub_lost_bury(struct hub_engine *engine,
                                        const struct tip_change_set *set,
                                        const struct tip_ruling *ruling,
                                        uint64_t commit);

/* hub_touched.c */

/** The late office has had, or has, something void in record @ordinal. */
TIP_MUST_USE enum tip_err hub_touched_note(struct hub_replay *replay,
                                           uint32_t ordinal);

/** …or in all of @set's. */
TIP_MUST_USE enum tip_err
hub_touched_note_all(struct hub_replay *replay,
                     const struct tip_change_set *set);

/** Send it those records whole, as far as it holds them. */
TIP_MUST_USE enum tip_err hub_touched_send(struct hub_replay *replay);

#endif /* HUB_REPLAY_H */
