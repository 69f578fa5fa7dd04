/*
 * Frames in a file, for a stick: the very bytes that would have gone over the
 * link, sealed part by part for the other side.
 *
 *     magic 8, bundle's random 16, then parts: length u32, box
 *     plain parts, in this order: head, frames…, end
 *
 * Each box is bound to the bundle, to its place in it and to being the last, so
 * parts cannot be left out, moved or exchanged; the end carries a tag over all
 * of them that only the two devices can make. A reader learns of the end before
 * it gives a frame to anybody: read a bundle twice, once to check it all, once
 * to take it. Bytes in, bytes out; no file. proto/README.md has the bytes.
 */
#ifndef TIP_BUNDLE_H
#define TIP_BUNDLE_H

#include "tip_box.h"
#include "tip_buf.h"
#include "tip_frame.h"
#include "tip_hash.h"
#include "tip_keys.h"
#include "tip_session.h"
#include "tip_session_mac.h"

struct tip_random;

enum {
    TIP_BUNDLE_ID_SIZE = 16,
    TIP_BUNDLE_START_SIZE = 8 + TIP_BUNDLE_ID_SIZE, /* Before the parts. */
    TIP_BUNDLE_LENGTH_SIZE = 4,                     /* Before each part. */
    TIP_BUNDLE_PLAIN_BYTES_MAX = 40 * 1024, /* A frame and room for small ones.
                                             */
    TIP_BUNDLE_PART_BYTES_MAX = TIP_BUNDLE_PLAIN_BYTES_MAX + TIP_BOX_OVERHEAD
};

/** What the maker says of itself. Plain data. */
struct tip_bundle_head {
    enum tip_session_side side; /* Who made it. */
    uint32_t origin;            /* The node's. */
    uint64_t made_ms;           /* Unix, by the maker's clock. */
    uint32_t generation;        /* Of the hub, as the maker knows it. */
    struct tip_head feed; /* Of the node's feed: what the hub has of it; of a
                           * node: what it has cut. */
    /* Of a node: how far it has the channels it follows. */
    struct tip_channel_position channels[TIP_CHANNELS_MAX];
    size_t channel_count;
    struct tip_parts
        parts[TIP_CHANNELS_MAX]; /* …and, of one that differs, what
                                  * it holds: the hub repairs it. */
};

/** Caller-allocated. Secret: wipe it. */
struct tip_bundle_writer {
    struct tip_session_mac_peer peer;
    enum tip_session_side side;
    struct tip_box_public recipient;
    struct tip_random *random; /* Borrowed. */
    uint8_t id[TIP_BUNDLE_ID_SIZE];
    uint32_t index; /* Of the next part. */
    uint64_t count; /* Frames so far. */
    struct tip_hash hash;
    struct tip_buf plain; /* The part that is filled. */
    uint8_t memory[TIP_BUNDLE_PLAIN_BYTES_MAX];
};

/** Write start and head to @out, which has room for a part and the start. The
 * bundle is from @keys of @side to @recipient. TIP_EMAC, TIP_EUNSEAL:
 * @recipient is no usable key. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_bundle_begin(
    struct tip_bundle_writer *writer, const struct tip_device_keys *keys,
    const struct tip_bundle_head *head, const struct tip_box_public *recipient,
    struct tip_random *random, struct tip_buf *out);

/** Add @frame; a part that became full is written to @out. */
TIP_MUST_USE enum tip_err tip_bundle_add(struct tip_bundle_writer *writer,
                                         struct tip_bytes frame,
                                         struct tip_buf *out);

/** Write what is left and the end: two parts at most. */
TIP_MUST_USE enum tip_err tip_bundle_end(struct tip_bundle_writer *writer,
                                         struct tip_buf *out);

/* What a part is. Numbers are in the file. */
enum tip_bundle_kind {
    TIP_BUNDLE_HEAD = 1,
    TIP_BUNDLE_FRAMES = 2,
    TIP_BUNDLE_END = 3
};

/** Caller-allocated. */
struct tip_bundle_reader {
    const struct tip_device_keys *keys; /* Borrowed. */
    uint8_t id[TIP_BUNDLE_ID_SIZE];
    uint32_t index;
    uint64_t count;
    struct tip_hash hash;
    bool has_end;
    struct tip_session_tag tag;
    uint8_t memory[TIP_BUNDLE_PLAIN_BYTES_MAX]; /* Of the newest part. */
};

/** Start over with the first TIP_BUNDLE_START_SIZE bytes of a file.
 * TIP_EBUNDLE: it is no bundle. */
TIP_MUST_USE enum tip_err tip_bundle_open(struct tip_bundle_reader *reader,
                                          const struct tip_device_keys *keys,
                                          struct tip_bytes start);

/**
 * Read the next part, without its length. @out_content borrows from the reader
 * until the next call: of a head for tip_bundle_head_read(), of frames for
 * tip_bundle_next(). TIP_EBUNDLE_OTHER: it is not sealed to us; TIP_EBUNDLE: it
 * is damaged, or not where it belongs.
 */
TIP_MUST_USE enum tip_err tip_bundle_part(struct tip_bundle_reader *reader,
                                          struct tip_bytes part,
                                          enum tip_bundle_kind *out_kind,
                                          struct tip_bytes *out_content);

TIP_MUST_USE enum tip_err tip_bundle_head_read(struct tip_bytes content,
                                               struct tip_bundle_head *out);

/** Take the next frame off @rest. TIP_ENOTFOUND: there is none; TIP_EBUNDLE.
 */
TIP_MUST_USE enum tip_err tip_bundle_next(struct tip_bytes *rest,
                                          struct tip_bytes *out_frame);

/** All parts were read: is the bundle whole, and by the device of @peer, which
 * is @side? TIP_EBUNDLE. */
TIP_MUST_USE enum tip_err
tip_bundle_check(const struct tip_bundle_reader *reader,
                 enum tip_session_side side, const struct tip_box_public *peer);

#endif /* TIP_BUNDLE_H */
