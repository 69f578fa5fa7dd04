/*
 * What is left when records were erased: of change-sets, items and frames.
 *
 * A change-set on its way up keeps its place and the names of its records, but
 * nothing that was written to those that were erased, nor its reason, which may
 * speak of them. What the hub tells loses them altogether. What a person
 * decided about a change-set to them loses its reason.
 */
#ifndef TIP_REDACT_H
#define TIP_REDACT_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_codec.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_frame_seal.h"
#include "tip_keys.h"
#include "tip_store.h"

struct tip_random;

/** What one frame or item leaves to the next of its channel: zero where a
 * channel begins. Stored by who reads a channel in slices. */
struct tip_redact_carry {
    bool in_erased_state; /* Parts of the state of an erased record are under
                             way. */
    bool owes_control;    /* Something is gone since the last checkpoint: the
                             next one presumes the erasures. */
};

/** Implementations embed this struct as their first member; all is borrowed. */
struct tip_redactor {
    /** Was the record that @ref names erased? Errors of the store. */
    enum tip_err (*is_erased)(struct tip_redactor *self,
                              const struct tip_record_ref *ref, bool *out_is);
    /** Does @ruling decide about a record that was erased? Then its reason may
     * speak of it. Where nobody can tell any more it does. */
    enum tip_err (*is_ruled)(struct tip_redactor *self,
                             const struct tip_ruling *ruling, bool *out_is);
    /** Take that out of the row of TIP_TABLE_RULING under @key. NULL: there is
     * nothing to do. */
    enum tip_err (*sweep_ruling)(struct tip_redactor *self, struct tip_key key);
    struct tip_codec *codec;
    const struct tip_device_keys *keys; /* Vouch for what is left. */
    struct tip_random *random;
    struct tip_arena *arena; /* What comes out lives there. */
    /* Entries of the control log, the erasures among them: what is left of what
     * the hub told presumes them. At a node 0: what it has left is for the hub
     * alone, which raises it again. */
    uint64_t control;
    struct tip_redact_carry carry;
};

/** Does any of @count @sets name a record that was erased? */
TIP_MUST_USE enum tip_err tip_redact_names(struct tip_redactor *redactor,
                                           const struct tip_change_set *sets,
                                           size_t count, bool *out_does);

/** What is left of @set, upwards. *out_is_less: it is not all of it. */
TIP_MUST_USE enum tip_err tip_redact_set(struct tip_redactor *redactor,
                                         const struct tip_change_set *set,
                                         struct tip_change_set *out_set,
                                         bool *out_is_less);

/** What is left of @item. *out_is_nothing: nothing is. */
TIP_MUST_USE enum tip_err tip_redact_item(struct tip_redactor *redactor,
                                          const struct tip_item *item,
                                          struct tip_item *out_item,
                                          bool *out_is_less,
                                          bool *out_is_nothing);

/**
 * What is left of @frame, which was sealed under @key, in the arena; @frame
 * itself if all of it is: then *out_is_less is false. Frames of a channel in
 * their order, for states that go on. Errors of wire and seal: it cannot be
 * read.
 */
TIP_MUST_USE enum tip_err tip_redact_frame(struct tip_redactor *redactor,
                                           const struct tip_frame_key *key,
                                           struct tip_bytes frame,
                                           struct tip_bytes *out_left,
                                           bool *out_is_less);

#endif /* TIP_REDACT_H */
