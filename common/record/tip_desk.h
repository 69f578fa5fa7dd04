/*
 * The desk: where people's reading and writing of records comes together,
 * whatever way it came in: command line, HTTP, import.
 *
 * A desk stands before an engine and knows its catalogue, who this office is
 * and, at a node, the keys of identity values. Node and hub each fill in
 * struct tip_desk; everything else in tip_desk_*.h is the same for both.
 *
 * One thread, the engine's. What is saved is durable, and may be confirmed to
 * a person, after tip_desk_flush(); the daemon's loop does that for many saves
 * at once.
 */
#ifndef TIP_DESK_H
#define TIP_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_catalogue.h"
#include "tip_draft.h"
#include "tip_keys.h"
#include "tip_record_key.h"
#include "tip_record_table.h"

struct tip_clock;
struct tip_random;

/* How far a change has come, least first. Never said better than it is. */
enum tip_desk_state {
    TIP_DESK_SAVED = 0,  /* Here, durable after flush. */
    TIP_DESK_SENT = 1,   /* On its way; nobody has confirmed it. */
    TIP_DESK_HELD = 2,   /* At the hub, which holds it back for now. */
    TIP_DESK_AT_HUB = 3, /* Durable at the hub. */
    TIP_DESK_MERGED = 4, /* In the national order. */
    TIP_DESK_REFUSED = 5 /* Refused by a person there; only in a history. */
};

/** "saved", "sent", "held", "at_hub", "merged", "refused": stable names for
 * programs. */
const char *tip_desk_state_name(enum tip_desk_state state);

/* What TIP_OFFICE_HUB is called when a writer is named. */
#define TIP_DESK_OFFICE_HUB "the hub"

/** The number that stands for everybody, where an office may be named. */
#define TIP_DESK_OFFICE_ALL "all"

/**
 * The keys of identity values, where they are. Implementations embed this
 * struct as their first member.
 */
struct tip_desk_keys {
    uint32_t office;                      /* Own. */
    uint32_t epoch;                       /* In which new keys are made. */
    uint32_t origin;                      /* Own device, which signs wraps. */
    const struct tip_device_keys *device; /* Borrowed. */

    /** The own identity secret of @epoch. TIP_ENOTFOUND. */
    enum tip_err (*secret)(struct tip_desk_keys *self, uint32_t epoch,
                           struct tip_identity_secret *out_secret);

    /** The certified public half of another @office, newest epoch.
     * TIP_ENOTFOUND: there is none that may be trusted, so nothing is shared
     * with it. NULL: nobody is known. */
    enum tip_err (*recipient)(struct tip_desk_keys *self, uint32_t office,
                              uint32_t *out_epoch,
                              struct tip_wrap_public *out_wrap);

    /** The certified signature key of device @origin. TIP_ENOTFOUND. NULL:
     * nobody is known. */
    enum tip_err (*signer)(struct tip_desk_keys *self, uint32_t origin,
                           struct tip_sign_public *out_sign);
};

/** Implementations embed this struct as their first member; all is borrowed
 * and outlives the desk's use. */
struct tip_desk {
    /** As in node_engine.h and hub_engine.h. */
    enum tip_err (*txn)(struct tip_desk *self, struct tip_txn **out_txn);
    const struct tip_record_table *(*records)(struct tip_desk *self);
    enum tip_err (*view)(struct tip_desk *self, uint32_t ordinal,
                         struct tip_arena *arena,
                         struct tip_wire_record *out_stored,
                         struct tip_record *out_view);
    struct tip_seen (*seen)(struct tip_desk *self);
    enum tip_err (*save)(struct tip_desk *self, const struct tip_draft *draft,
                         struct tip_saved *out_saved);
    enum tip_err (*flush)(struct tip_desk *self);

    /** Where own change-set @seq, which has no commit yet, is. */
    enum tip_desk_state (*state)(struct tip_desk *self, uint64_t seq);

    /** Is something of @record, which has its commit, on this machine alone? In
     * no backup either: it would go with the disk. NULL: what has a commit is
     * at the hub, and so elsewhere. */
    bool (*is_alone)(struct tip_desk *self, const struct tip_record *record);

    /** The number of the office called @name, and the name of @office (empty:
     * none). Numbers are understood without them. NULL: no names are known. */
    enum tip_err (*office_find)(struct tip_desk *self, struct tip_bytes name,
                                uint32_t *out_office);
    struct tip_bytes (*office_name)(struct tip_desk *self, uint32_t office);

    uint32_t office; /* Own. */
    uint32_t origin; /* Own. */
    bool is_hub;
    const struct tip_catalogue *catalogue;
    const struct tip_schema *schema; /* The one the engine has. */
    size_t language;                 /* Of labels and sentences. */
    const struct tip_clock *clock;
    struct tip_random *random;
    struct tip_desk_keys *keys; /* NULL: none, as at the hub. */
};

/** Make durable what was saved. Errors as the engine's flush. */
TIP_MUST_USE enum tip_err tip_desk_flush(struct tip_desk *desk);

/** Days since 1970-01-01, by the desk's clock. */
int32_t tip_desk_today(const struct tip_desk *desk);

/** Read an office: a number, a name, or at the hub TIP_DESK_OFFICE_ALL.
 * TIP_EOFFICE: there is none. */
TIP_MUST_USE enum tip_err tip_desk_office(struct tip_desk *desk,
                                          struct tip_bytes text,
                                          uint32_t *out_office);

/*
 * The token of a point that was seen: "COMMIT.SEQ", shown with each record and
 * brought back with an edit.
 */
enum { TIP_SEEN_TEXT_SIZE = 56 };

void tip_seen_format(struct tip_seen seen, char out_text[TIP_SEEN_TEXT_SIZE]);
TIP_MUST_USE enum tip_err tip_seen_parse(struct tip_bytes text,
                                         struct tip_seen *out_seen);

#endif /* TIP_DESK_H */
