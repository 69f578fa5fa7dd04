#include "tip_envelope.h"

#include <assert.h>
#include <string.h>

static struct tip_chain_id chain_of(const struct tip_frame_header *header)
{
    return (struct tip_chain_id){
        .direction = header->is_down ? TIP_CHAIN_DOWN : TIP_CHAIN_UP,
        .origin = header->origin,
        .channel = header->is_down ? header->channel : 0,
        .generation = header->is_down ? header->generation : 0};
}

static struct tip_frame_place place_of(const struct tip_frame_header *header)
{
    struct tip_frame_place place = {.chain = chain_of(header),
                                    .first = header->first};

    static_assert(sizeof place.fresh == sizeof header->salt, "one salt");
    memcpy(place.fresh, header->salt, sizeof place.fresh);
    return place;
}

static uint64_t last_of(const struct tip_frame_header *header)
{
    return header->first + header->count - 1;
}

/* The head after a frame of @header_bytes and @body, and its link. */
static struct tip_chain_link link_after(const struct tip_frame_header *header,
                                        const struct tip_head *previous,
                                        struct tip_bytes header_bytes,
                                        struct tip_bytes body)
{
    struct tip_chain_link link = {.chain = chain_of(header),
                                  .first = header->first,
                                  .count = header->count};
    struct tip_chain_head before;
    struct tip_chain_body_hash body_hash;

    static_assert(sizeof before.bytes == sizeof previous->hash, "one head");
    memcpy(before.bytes, previous->hash, sizeof before.bytes);
    tip_chain_hash_body(body, &body_hash);
    tip_chain_next(&before, header_bytes, &body_hash, &link.head);
    return link;
}

static struct tip_head head_of(const struct tip_frame_header *header,
                               const struct tip_chain_link *link)
{
    struct tip_head head = {.number = last_of(header)};

    memcpy(head.hash, link->head.bytes, sizeof head.hash);
    return head;
}

void tip_envelope_start(const struct tip_frame_header *header,
                        struct tip_head *out_head)
{
    struct tip_chain_id chain = chain_of(header);
    struct tip_chain_head head;

    tip_chain_start(&chain, &head);
    *out_head = (struct tip_head){.number = 0};
    memcpy(out_head->hash, head.bytes, sizeof out_head->hash);
}

enum tip_err tip_envelope_close(const struct tip_device_keys *keys,
                                const struct tip_frame_key *key,
                                const struct tip_frame_header *header,
                                const struct tip_head *previous,
                                struct tip_bytes body, struct tip_buf *out,
                                struct tip_head *out_head)
{
    uint8_t header_memory[TIP_WIRE_HEADER_BYTES_MAX];
    uint8_t sealed[TIP_FRAME_SEALED_BYTES_MAX];
    struct tip_frame_place place = place_of(header);
    struct tip_chain_signature signature;
    struct tip_chain_link link;
    struct tip_wire_frame parts;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, header_memory, sizeof header_memory);
    err = tip_wire_header_encode(header, &buf);
    if (err != TIP_OK) {
        return err;
    }
    if (body.size > sizeof sealed - TIP_FRAME_SEAL_OVERHEAD) {
        return TIP_ETOOBIG;
    }
    parts.header = tip_bytes(buf.data, buf.size);
    err = tip_frame_seal(key, &place, parts.header, body, sealed);
    if (err != TIP_OK) {
        return err;
    }
    parts.body = tip_bytes(sealed, body.size + TIP_FRAME_SEAL_OVERHEAD);
    link = link_after(header, previous, parts.header, parts.body);
    tip_chain_sign(keys, &link, &signature);
    parts.signature = TIP_BYTES_OF(signature.bytes);
    err = tip_wire_frame_join(&parts, out);
    if (err == TIP_OK) {
        *out_head = head_of(header, &link);
    }
    return err;
}

enum tip_err tip_envelope_read(struct tip_bytes frame,
                               struct tip_wire_frame *out_parts,
                               struct tip_frame_header *out_header)
{
    enum tip_err err = tip_wire_frame_split(frame, out_parts);

    return err != TIP_OK
               ? err
               : tip_wire_header_decode(out_parts->header, out_header);
}

enum tip_err tip_envelope_verify(const struct tip_sign_public *signer,
                                 const struct tip_frame_header *header,
                                 const struct tip_wire_frame *parts,
                                 const struct tip_head *previous,
                                 struct tip_head *out_head)
{
    struct tip_chain_link link =
        link_after(header, previous, parts->header, parts->body);
    struct tip_chain_signature signature;
    enum tip_err err;

    assert(parts->signature.size == sizeof signature.bytes);
    memcpy(signature.bytes, parts->signature.data, sizeof signature.bytes);
    err = tip_chain_verify(signer, &link, &signature);
    if (err == TIP_OK) {
        *out_head = head_of(header, &link);
    }
    return err;
}

enum tip_err tip_envelope_open(const struct tip_frame_key *key,
                               const struct tip_frame_header *header,
                               const struct tip_wire_frame *parts,
                               struct tip_arena *arena,
                               struct tip_bytes *out_body)
{
    struct tip_frame_place place = place_of(header);
    uint8_t *plain;
    enum tip_err err;

    if (parts->body.size < TIP_FRAME_SEAL_OVERHEAD) {
        return TIP_EMALFORMED;
    }
    plain = tip_arena_alloc(arena, parts->body.size);
    if (plain == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_frame_open(key, &place, parts->header, parts->body, plain);
    if (err == TIP_OK) {
        *out_body =
            tip_bytes(plain, parts->body.size - TIP_FRAME_SEAL_OVERHEAD);
    }
    return err;
}
