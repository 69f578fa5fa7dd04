/*
 * What travels: frames, their headers, and what a frame of the hub holds.
 *
 * A frame is a run of consecutive change-sets of one origin (upwards) or of
 * items of one channel (downwards), compressed, sealed and signed once. It is
 * the only unit that travels, by link or USB stick, always the same bytes.
 * Plain data that borrows; wire/ turns it into bytes, seal/ closes those.
 */
#ifndef TIP_FRAME_H
#define TIP_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_change.h"

enum {
    TIP_FRAME_BYTES_MAX = 32 * 1024,
    TIP_FRAME_BODY_BYTES_MAX = 256 * 1024, /* Decompressed. */
    TIP_FRAME_SETS_MAX = 4096,
    TIP_FRAME_SETS_AIM = 512, /* Nobody waits for more of another at once. */
    /* Of the hub: what its holder writes for so many at once, in three tables
     * three pages deep, fits into what a full store of any size keeps back; and
     * into what one of 384 MiB does. */
    TIP_DOWN_SETS_SMALL = 64,
    TIP_DOWN_SETS_MAX = 512,
    TIP_STATE_PART_BYTES_MAX = 16 * 1024, /* So that any fits a frame. */
    TIP_STATE_BYTES_MAX = 1024 * 1024,
    TIP_CTL_BYTES_MAX = 1024,
    TIP_FRAME_SALT_SIZE = 8,
    TIP_HEAD_SIZE = 32,
    TIP_CHECKPOINT_DIGEST_SIZE = 16,
    TIP_CONTENTS_SIZE = 16,
    TIP_ROLL_BYTES = 32,
    TIP_FORMAT = 0 /* May change until the issue on trust is resolved. */
};

/* A channel is what one audience receives: an office's own records under the
 * office's number, what everybody reads, or what everybody obeys
 * (tip_ctl.h), a number no office has. */
enum { TIP_CHANNEL_REF = 0, TIP_CHANNEL_CTL = INT32_MAX };

/** What stands in clear, but signed, before the body of a frame. */
struct tip_frame_header {
    uint32_t format;
    uint32_t suite; /* 0: XChaCha20-Poly1305, BLAKE2b, Ed25519. */
    uint32_t origin;
    bool is_down;        /* Of a channel of the hub; else of a feed. */
    uint32_t channel;    /* Downwards only. */
    uint32_t generation; /* Downwards only: of the hub. */
    uint64_t first;      /* Seq of the first change-set, or index. */
    uint32_t count;      /* Change-sets; downwards 1: frames are the unit. */
    uint32_t key_epoch;
    uint8_t salt[TIP_FRAME_SALT_SIZE]; /* Fresh random bytes: the nonce. */
    uint32_t dictionary;
    uint32_t catalogue; /* Version the author had. */
    /* Downwards, where something may be erased one day: a hash of the table of
     * what the body says (common/sync, tip_contents.h). */
    bool has_contents;
    uint8_t contents[TIP_CONTENTS_SIZE];
};

/** How far a chain goes: the newest number and the head there. */
struct tip_head {
    uint64_t number; /* 0: nothing yet. */
    uint8_t hash[TIP_HEAD_SIZE];
};

/* What a frame is to somebody who already has a part of the chain. */
enum tip_feed_place {
    TIP_FEED_NEXT,      /* Follows: take it. */
    TIP_FEED_DUPLICATE, /* Had before: acknowledge again. */
    TIP_FEED_GAP, /* Something between is missing: say what is expected. */
    TIP_FEED_FORK /* Overlaps: frames are never cut twice, so somebody
                   * goes on from an old copy. */
};

/** Where the frame of @header stands on a chain that reaches @have. */
enum tip_feed_place tip_feed_place(uint64_t have,
                                   const struct tip_frame_header *header);

/** Own change-sets the hub has committed: seqs and commits run in parallel. */
struct tip_echo {
    uint32_t origin;
    uint64_t first_seq;
    uint32_t count;
    uint64_t first_commit;
    enum tip_verdict verdict; /* Of each of them. */
};

/* Why a change-set waits at the hub. Numbers are on the wire: append only. */
enum tip_hold {
    TIP_HOLD_NONE = 0,
    TIP_HOLD_BEHIND = 1,    /* Behind another that touches the same records. */
    TIP_HOLD_TOO_NEW = 2,   /* The hub's catalogue does not know it yet. */
    TIP_HOLD_BASE = 3,      /* Claims to have seen what it was not given. */
    TIP_HOLD_MEMBER = 4,    /* The office did not hold the record then. */
    TIP_HOLD_VALUE = 5,     /* Breaks a rule of the catalogue. */
    TIP_HOLD_ORDER = 6,     /* Later work of the same origin is in already. */
    TIP_HOLD_CHANNEL = 7,   /* Writes what only the hub may write. */
    TIP_HOLD_REVOKED = 8,   /* Made by a device that was revoked. */
    TIP_HOLD_TOO_LARGE = 9, /* The record would be over its limits. */
    TIP_HOLD_OFFICES = 10,  /* Somebody else decided otherwise meanwhile who
                             * holds the record, or nobody would. */
    TIP_HOLD_QUOTA = 11,  /* More than its device may undo or send in a day. */
    TIP_HOLD_PROGRAM = 12 /* The hub's program is too old to read it. */
};

enum {
    TIP_HOLD_COUNT = 13,
    /* A reader takes any number up to this and says that it does not know it:
     * why something waits changes nothing at the node. */
    TIP_HOLD_NUMBER_MAX = 255
};

/** Does it go on by itself, once what it waits for is done? Anything else waits
 * until a person has decided. */
static inline bool tip_hold_is_parked(enum tip_hold reason)
{
    return reason == TIP_HOLD_BEHIND || reason == TIP_HOLD_TOO_NEW ||
           reason == TIP_HOLD_PROGRAM;
}

/** Change-sets in a row that wait at the hub for one reason. */
struct tip_held_run {
    uint64_t first; /* Seq. */
    uint64_t count;
    enum tip_hold reason;
};

/** What of one origin is decided: all up to @bound, but what is held back. */
struct tip_decided {
    uint32_t origin;
    uint64_t bound;
    const struct tip_held_run *runs; /* By seq. */
    size_t run_count;
    uint64_t unnamed; /* Held back past the last run; which is not said. */
};

/** "Of this channel you have everything up to @commit." */
struct tip_checkpoint {
    uint64_t commit;
    /* Entries of channel CTL that must be applied before it. */
    uint64_t control;
    const struct tip_decided *decided; /* One per origin of the office. */
    size_t decided_count;
    /* Of all records of the channel as they are at @commit (tip_holding.h);
     * only where the channel has been told everything. */
    bool has_digest;
    uint8_t digest[TIP_CHECKPOINT_DIGEST_SIZE];
};

/* Numbers are on the wire: append only. */
enum tip_item_kind {
    TIP_ITEM_ECHO = 1,
    TIP_ITEM_SET = 2,
    TIP_ITEM_STATE = 3,
    TIP_ITEM_RULING = 4,
    TIP_ITEM_CONTROL = 5, /* Of channel CTL, where nothing else is told. */
    TIP_ITEM_ROLL = 6
};

/* Numbers are on the wire and on disk: append only. */
enum tip_ruling_kind { TIP_RULING_ACCEPTED = 1, TIP_RULING_REFUSED = 2 };

/** What a person decided about own change-sets that were held back. */
struct tip_ruling {
    enum tip_ruling_kind kind;
    enum tip_hold hold; /* What spoke against the first of them. */
    uint32_t origin;
    uint64_t first_seq;
    uint64_t count;          /* In a row; 1 if accepted. */
    uint64_t base;           /* Accepted: the one it was committed with. */
    uint64_t unix_ms;        /* When, by the hub's clock. */
    struct tip_bytes by;     /* Who decided; text, not empty. */
    struct tip_bytes reason; /* Text, not empty. */
};

/** A part of a record's whole state at a commit, as tip_wire_record_encode()
 * writes it. Parts come in order; with the last of them it replaces whatever
 * the audience had of the record. */
struct tip_state_part {
    uint32_t total;         /* Bytes of all parts. */
    uint32_t offset;        /* Of this one. */
    struct tip_bytes bytes; /* At most TIP_STATE_PART_BYTES_MAX. */
};

/** Is there more of the state to come after @part? */
static inline bool tip_state_part_is_open(const struct tip_state_part *part)
{
    return part->offset + part->bytes.size < part->total;
}

/** A roll call: records are sent again. Between its beginning and its end the
 * audience is sent every record that it holds and whose id ends in a byte that
 * is in @parts; what it had of those before and is not sent it holds no more.
 */
struct tip_roll {
    bool is_end;
    uint64_t count; /* How many records come, about; at the beginning. */
    uint8_t parts[TIP_ROLL_BYTES]; /* One bit for each last byte. */
};

static inline bool tip_roll_has(const uint8_t parts[TIP_ROLL_BYTES],
                                uint32_t part)
{
    return (parts[part / 8] >> part % 8 & 1) != 0;
}

/** One thing a channel tells its audience. */
struct tip_item {
    enum tip_item_kind kind;
    struct tip_echo echo;
    struct tip_change_set set; /* The part for this audience. */
    struct tip_state_part state;
    struct tip_ruling ruling;
    struct tip_bytes control; /* tip_ctl.h; TIP_CTL_BYTES_MAX. */
    struct tip_roll roll;
    /* Of @set, @control, or that a ruling gave; that @state or @roll is as of.
     */
    uint64_t commit;
    enum tip_verdict verdict; /* Of @set, or of what was accepted. */
};

/** How many change-sets a holder merges when it takes in @item, at least one.
 */
static inline size_t tip_item_sets(const struct tip_item *item)
{
    return item->kind == TIP_ITEM_ECHO ? item->echo.count : 1;
}

/** The content of a frame of the hub. */
struct tip_down_body {
    const struct tip_item *items;
    size_t item_count;
    bool has_checkpoint; /* All items so far become visible at once. */
    struct tip_checkpoint checkpoint;
    /* Of what is left of a frame: what is gone (common/sync, tip_contents.h).
     * Empty where nothing is. */
    struct tip_bytes gone;
};

/** The content of a frame of a node. */
struct tip_up_body {
    const struct tip_change_set *sets; /* Origin and seq from the header. */
    size_t set_count;
};

#endif /* TIP_FRAME_H */
