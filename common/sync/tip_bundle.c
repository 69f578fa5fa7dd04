#include "tip_bundle.h"

#include <string.h>

#include "tip_random.h"
#include "tip_reader.h"
#include "tip_secret.h"

enum {
    VERSION = 0,
    CONTEXT_SIZE = TIP_BUNDLE_ID_SIZE + 4 + 1,
    /* Head and end are small; so much is kept free for a frame's length. */
    FRAME_ROOM = TIP_FRAME_BYTES_MAX + 5
};

static const uint8_t magic[] = {'T', 'I', 'P', 'B', 'N', 'D', 'L', '0'};

/* What a box belongs to. */
static struct tip_bytes context_of(uint8_t memory[CONTEXT_SIZE],
                                   const uint8_t id[TIP_BUNDLE_ID_SIZE],
                                   uint32_t index, enum tip_bundle_kind kind)
{
    struct tip_buf buf;

    tip_buf_init(&buf, memory, CONTEXT_SIZE);
    tip_buf_put(&buf, tip_bytes(id, TIP_BUNDLE_ID_SIZE));
    tip_buf_put_u32(&buf, index);
    tip_buf_put_u8(&buf, kind == TIP_BUNDLE_END ? 1 : 0);
    return tip_bytes(buf.data, buf.size);
}

/* The hash so far, and one part more. */
static void hash_on(struct tip_hash *hash, struct tip_bytes plain)
{
    struct tip_hash part;
    uint8_t both[2 * TIP_HASH_SIZE];

    tip_hash_make(TIP_HASH_CONTENT, plain, &part);
    memcpy(both, hash->bytes, TIP_HASH_SIZE);
    memcpy(both + TIP_HASH_SIZE, part.bytes, TIP_HASH_SIZE);
    tip_hash_make(TIP_HASH_CONTENT, TIP_BYTES_OF(both), hash);
}

/* Seal the part that is filled, and start the next. */
static enum tip_err close_part(struct tip_bundle_writer *writer,
                               enum tip_bundle_kind kind, struct tip_buf *out)
{
    uint8_t sealed[TIP_BUNDLE_PART_BYTES_MAX];
    uint8_t memory[CONTEXT_SIZE];
    struct tip_bytes plain;
    enum tip_err err = tip_buf_finish(&writer->plain, &plain);

    if (err == TIP_OK) {
        err = tip_box_seal(&writer->recipient, TIP_BOX_BUNDLE,
                           context_of(memory, writer->id, writer->index, kind),
                           plain, writer->random, sealed);
    }
    if (err != TIP_OK) {
        return err;
    }
    tip_buf_put_u32(out, (uint32_t)(plain.size + TIP_BOX_OVERHEAD));
    tip_buf_put(out, tip_bytes(sealed, plain.size + TIP_BOX_OVERHEAD));
    writer->index++;
    tip_buf_clear(&writer->plain);
    return tip_buf_finish(out, &plain);
}

static void put_feed(struct tip_buf *buf, const struct tip_head *head)
{
    tip_buf_put_u64(buf, head->number);
    tip_buf_put(buf, TIP_BYTES_OF(head->hash));
}

static void put_channel(struct tip_buf *buf,
                        const struct tip_channel_position *channel,
                        const struct tip_parts *parts)
{
    tip_buf_put_u32(buf, channel->channel);
    tip_buf_put_u32(buf, channel->generation);
    put_feed(buf, &channel->head);
    tip_buf_put_u64(buf, channel->checkpoint);
    tip_buf_put_u8(buf, (uint8_t)channel->agreement);
    if (channel->agreement == TIP_AGREEMENT_DIFFERS) {
        tip_buf_put_u64(buf, parts->number);
        tip_buf_put(buf, TIP_BYTES_OF(parts->sums));
    }
}

static void put_head(struct tip_buf *buf, const struct tip_bundle_head *head)
{
    tip_buf_put_u8(buf, TIP_BUNDLE_HEAD);
    tip_buf_put_u8(buf, VERSION);
    tip_buf_put_u8(buf, (uint8_t)head->side);
    tip_buf_put_u32(buf, head->origin);
    tip_buf_put_u64(buf, head->made_ms);
    tip_buf_put_u32(buf, head->generation);
    put_feed(buf, &head->feed);
    tip_buf_put_u8(buf, (uint8_t)head->channel_count);
    for (size_t i = 0; i < head->channel_count; i++) {
        put_channel(buf, &head->channels[i], &head->parts[i]);
    }
}

enum tip_err tip_bundle_begin(struct tip_bundle_writer *writer,
                              const struct tip_device_keys *keys,
                              const struct tip_bundle_head *head,
                              const struct tip_box_public *recipient,
                              struct tip_random *random, struct tip_buf *out)
{
    enum tip_err err;

    *writer = (struct tip_bundle_writer){
        .side = head->side, .recipient = *recipient, .random = random};
    tip_buf_init(&writer->plain, writer->memory, sizeof writer->memory);
    random->fill(random, writer->id, sizeof writer->id);
    memcpy(writer->hash.bytes, writer->id, sizeof writer->id);
    err = tip_session_mac_derive(keys, head->side, recipient, &writer->peer);
    if (err != TIP_OK) {
        return err;
    }
    tip_buf_put(out, TIP_BYTES_OF(magic));
    tip_buf_put(out, TIP_BYTES_OF(writer->id));
    put_head(&writer->plain, head);
    hash_on(&writer->hash, tip_bytes(writer->memory, writer->plain.size));
    return close_part(writer, TIP_BUNDLE_HEAD, out);
}

/* Close the frames that were collected, if there are any. */
static enum tip_err close_frames(struct tip_bundle_writer *writer,
                                 struct tip_buf *out)
{
    if (writer->plain.size == 0) {
        return TIP_OK;
    }
    hash_on(&writer->hash, tip_bytes(writer->memory, writer->plain.size));
    return close_part(writer, TIP_BUNDLE_FRAMES, out);
}

enum tip_err tip_bundle_add(struct tip_bundle_writer *writer,
                            struct tip_bytes frame, struct tip_buf *out)
{
    enum tip_err err = TIP_OK;

    if (frame.size > TIP_FRAME_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    if (writer->plain.capacity - writer->plain.size < FRAME_ROOM) {
        err = close_frames(writer, out);
    }
    if (writer->plain.size == 0) {
        tip_buf_put_u8(&writer->plain, TIP_BUNDLE_FRAMES);
    }
    tip_buf_put_sized(&writer->plain, frame);
    writer->count++;
    return err;
}

enum tip_err tip_bundle_end(struct tip_bundle_writer *writer,
                            struct tip_buf *out)
{
    struct tip_session_tag tag;
    enum tip_err err = close_frames(writer, out);

    if (err != TIP_OK) {
        return err;
    }
    tip_buf_put_u8(&writer->plain, TIP_BUNDLE_END);
    tip_buf_put_u64(&writer->plain, writer->count);
    hash_on(&writer->hash, tip_bytes(writer->memory, writer->plain.size));
    tip_session_mac_bundle(&writer->peer, writer->side, &writer->hash, &tag);
    tip_buf_put(&writer->plain, TIP_BYTES_OF(tag.bytes));
    err = close_part(writer, TIP_BUNDLE_END, out);
    tip_secret_wipe(writer, sizeof *writer);
    return err;
}

enum tip_err tip_bundle_open(struct tip_bundle_reader *reader,
                             const struct tip_device_keys *keys,
                             struct tip_bytes start)
{
    if (start.size != TIP_BUNDLE_START_SIZE ||
        memcmp(start.data, magic, sizeof magic) != 0) {
        return TIP_EBUNDLE;
    }
    *reader = (struct tip_bundle_reader){.keys = keys};
    memcpy(reader->id, start.data + sizeof magic, sizeof reader->id);
    memcpy(reader->hash.bytes, reader->id, sizeof reader->id);
    return TIP_OK;
}

/* Open the box of @part, as the end or as another; its plain size, 0: no. */
static size_t open_box(struct tip_bundle_reader *reader, struct tip_bytes part,
                       enum tip_bundle_kind kind)
{
    uint8_t memory[CONTEXT_SIZE];
    enum tip_err err =
        tip_box_open(reader->keys, TIP_BOX_BUNDLE,
                     context_of(memory, reader->id, reader->index, kind), part,
                     reader->memory);

    return err == TIP_OK ? part.size - TIP_BOX_OVERHEAD : 0;
}

/* The end: how many frames there are, and the tag. */
static enum tip_err take_end(struct tip_bundle_reader *reader,
                             struct tip_bytes plain)
{
    size_t said = plain.size - sizeof reader->tag.bytes;
    struct tip_reader end;

    if (plain.size != 1 + 8 + sizeof reader->tag.bytes) {
        return TIP_EBUNDLE;
    }
    tip_reader_init(&end, tip_bytes(plain.data + 1, 8));
    if (tip_reader_get_u64(&end) != reader->count) {
        return TIP_EBUNDLE;
    }
    hash_on(&reader->hash, tip_bytes(plain.data, said));
    memcpy(reader->tag.bytes, plain.data + said, sizeof reader->tag.bytes);
    reader->has_end = true;
    return TIP_OK;
}

/* Every frame whole; count them. */
static enum tip_err count_frames(struct tip_bundle_reader *reader,
                                 struct tip_bytes frames)
{
    struct tip_bytes frame;
    enum tip_err err;

    while ((err = tip_bundle_next(&frames, &frame)) == TIP_OK) {
        reader->count++;
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err tip_bundle_part(struct tip_bundle_reader *reader,
                             struct tip_bytes part,
                             enum tip_bundle_kind *out_kind,
                             struct tip_bytes *out_content)
{
    struct tip_bytes plain = tip_bytes(reader->memory, 0);
    enum tip_bundle_kind kind;

    if (reader->has_end || part.size <= TIP_BOX_OVERHEAD ||
        part.size > TIP_BUNDLE_PART_BYTES_MAX) {
        return TIP_EBUNDLE;
    }
    plain.size = open_box(reader, part, TIP_BUNDLE_FRAMES);
    if (plain.size == 0) {
        plain.size = open_box(reader, part, TIP_BUNDLE_END);
        kind = TIP_BUNDLE_END;
    } else {
        kind = reader->index == 0 ? TIP_BUNDLE_HEAD : TIP_BUNDLE_FRAMES;
    }
    if (plain.size == 0) {
        return reader->index == 0 ? TIP_EBUNDLE_OTHER : TIP_EBUNDLE;
    }
    if (plain.data[0] != kind) {
        return TIP_EBUNDLE;
    }
    reader->index++;
    *out_kind = kind;
    *out_content = tip_bytes(plain.data + 1, plain.size - 1);
    if (kind == TIP_BUNDLE_END) {
        return take_end(reader, plain);
    }
    hash_on(&reader->hash, plain);
    return kind == TIP_BUNDLE_FRAMES ? count_frames(reader, *out_content)
                                     : TIP_OK;
}

static void get_feed(struct tip_reader *reader, struct tip_head *out_head)
{
    out_head->number = tip_reader_get_u64(reader);
    tip_reader_copy(reader, out_head->hash, sizeof out_head->hash);
}

static bool get_channel(struct tip_reader *reader,
                        struct tip_channel_position *out_channel,
                        struct tip_parts *out_parts)
{
    uint8_t agreement;

    out_channel->channel = tip_reader_get_u32(reader);
    out_channel->generation = tip_reader_get_u32(reader);
    get_feed(reader, &out_channel->head);
    out_channel->checkpoint = tip_reader_get_u64(reader);
    agreement = tip_reader_get_u8(reader);
    if (agreement > TIP_AGREEMENT_DIFFERS) {
        return false;
    }
    out_channel->agreement = (enum tip_agreement)agreement;
    if (agreement == TIP_AGREEMENT_DIFFERS) {
        out_parts->channel = out_channel->channel;
        out_parts->number = tip_reader_get_u64(reader);
        tip_reader_copy(reader, out_parts->sums, sizeof out_parts->sums);
    }
    return true;
}

enum tip_err tip_bundle_head_read(struct tip_bytes content,
                                  struct tip_bundle_head *out)
{
    struct tip_bundle_head head = {.origin = 0};
    struct tip_reader reader;
    uint8_t version, side;

    tip_reader_init(&reader, content);
    version = tip_reader_get_u8(&reader);
    side = tip_reader_get_u8(&reader);
    head.side = side == TIP_SESSION_NODE ? TIP_SESSION_NODE : TIP_SESSION_HUB;
    head.origin = tip_reader_get_u32(&reader);
    head.made_ms = tip_reader_get_u64(&reader);
    head.generation = tip_reader_get_u32(&reader);
    get_feed(&reader, &head.feed);
    head.channel_count = tip_reader_get_u8(&reader);
    if (version != VERSION || side != head.side ||
        head.channel_count > TIP_CHANNELS_MAX) {
        return TIP_EBUNDLE;
    }
    for (size_t i = 0; i < head.channel_count; i++) {
        if (!get_channel(&reader, &head.channels[i], &head.parts[i])) {
            return TIP_EBUNDLE;
        }
    }
    if (tip_reader_finish(&reader) != TIP_OK) {
        return TIP_EBUNDLE;
    }
    *out = head;
    return TIP_OK;
}

enum tip_err tip_bundle_next(struct tip_bytes *rest,
                             struct tip_bytes *out_frame)
{
    struct tip_reader reader;
    struct tip_bytes frame;

    if (rest->size == 0) {
        return TIP_ENOTFOUND;
    }
    tip_reader_init(&reader, *rest);
    frame = tip_reader_get_sized(&reader);
    if (reader.failed || frame.size == 0 || frame.size > TIP_FRAME_BYTES_MAX) {
        return TIP_EBUNDLE;
    }
    *rest = reader.rest;
    *out_frame = frame;
    return TIP_OK;
}

enum tip_err tip_bundle_check(const struct tip_bundle_reader *reader,
                              enum tip_session_side side,
                              const struct tip_box_public *peer)
{
    enum tip_session_side own =
        side == TIP_SESSION_NODE ? TIP_SESSION_HUB : TIP_SESSION_NODE;
    struct tip_session_mac_peer shared;
    enum tip_err err = tip_session_mac_derive(reader->keys, own, peer, &shared);

    if (err == TIP_OK && reader->has_end) {
        err = tip_session_mac_check_bundle(&shared, side, &reader->hash,
                                           &reader->tag);
        tip_secret_wipe(&shared, sizeof shared);
    }
    return err == TIP_OK && reader->has_end ? TIP_OK : TIP_EBUNDLE;
}
