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

/* What a frame was when it was made: what its chain goes by. */
struct made {
    struct tip_bytes header;
    struct tip_chain_body_hash body;
    struct tip_bytes signature;
};

static struct made made_of(const struct tip_wire_frame *parts)
{
    const struct tip_wire_past *past = &parts->past;
    struct made made = {.header = parts->header, .signature = parts->signature};

    if (!tip_wire_frame_is_redacted(parts)) {
        tip_chain_hash_body(parts->body, &made.body);
        return made;
    }
    assert(past->body_hash.size == sizeof made.body.bytes);
    memcpy(made.body.bytes, past->body_hash.data, sizeof made.body.bytes);
    made.header = past->header;
    made.signature = past->signature;
    return made;
}

static struct tip_chain_signature signature_of(struct tip_bytes bytes)
{
    struct tip_chain_signature signature;

    assert(bytes.size == sizeof signature.bytes);
    memcpy(signature.bytes, bytes.data, sizeof signature.bytes);
    return signature;
}

/* The head after a frame @made at the place of @header, and its link. */
static struct tip_chain_link link_after(const struct tip_frame_header *header,
                                        const struct tip_head *previous,
                                        const struct made *made)
{
    struct tip_chain_link link = {.chain = chain_of(header),
                                  .first = header->first,
                                  .count = header->count};
    struct tip_chain_head before;

    static_assert(sizeof before.bytes == sizeof previous->hash, "one head");
    memcpy(before.bytes, previous->hash, sizeof before.bytes);
    tip_chain_next(&before, made->header, &made->body, &link.head);
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

/* A header and a body on their way into a frame. */
struct closing {
    uint8_t header[TIP_WIRE_HEADER_BYTES_MAX];
    uint8_t body[TIP_FRAME_SEALED_BYTES_MAX];
    struct tip_wire_frame parts; /* Of both; nothing else yet. */
};

static enum tip_err seal_parts(const struct tip_frame_key *key,
                               const struct tip_frame_header *header,
                               struct tip_bytes body, struct closing *closing)
{
    struct tip_frame_place place = place_of(header);
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, closing->header, sizeof closing->header);
    err = tip_wire_header_encode(header, &buf);
    if (err != TIP_OK) {
        return err;
    }
    if (body.size > sizeof closing->body - TIP_FRAME_SEAL_OVERHEAD) {
        return TIP_ETOOBIG;
    }
    closing->parts = (struct tip_wire_frame){
        .header = tip_bytes(buf.data, buf.size),
        .body = tip_bytes(closing->body, body.size + TIP_FRAME_SEAL_OVERHEAD)};
    return tip_frame_seal(key, &place, closing->parts.header, body,
                          closing->body);
}

enum tip_err tip_envelope_close(const struct tip_device_keys *keys,
                                const struct tip_frame_key *key,
                                const struct tip_frame_header *header,
                                const struct tip_head *previous,
                                struct tip_bytes body, struct tip_buf *out,
                                struct tip_head *out_head)
{
    struct tip_chain_signature signature;
    struct tip_chain_link link;
    TIP_BUF_ROOM struct closing closing;
    struct made made;
    enum tip_err err = seal_parts(key, header, body, &closing);

    if (err != TIP_OK) {
        return err;
    }
    made = made_of(&closing.parts);
    link = link_after(header, previous, &made);
    tip_chain_sign(keys, &link, &signature);
    closing.parts.signature = TIP_BYTES_OF(signature.bytes);
    err = tip_wire_frame_join(&closing.parts, out);
    if (err == TIP_OK) {
        *out_head = head_of(header, &link);
    }
    return err;
}

/* What is left of the frame that was @made, in @parts. */
static struct tip_chain_left left_of(const struct made *made,
                                     const struct tip_wire_frame *parts)
{
    struct tip_chain_left left = {.past_header = made->header,
                                  .past_body = made->body,
                                  .past_signature =
                                      signature_of(made->signature),
                                  .header = parts->header};

    tip_chain_hash_body(parts->body, &left.body);
    return left;
}

/* Is what is left of a frame for the place the frame had? */
static bool is_same_place(const struct tip_frame_header *header,
                          const struct tip_frame_header *past)
{
    return header->origin == past->origin && header->is_down == past->is_down &&
           header->channel == past->channel &&
           header->generation == past->generation &&
           header->first == past->first && header->count == past->count &&
           header->key_epoch == past->key_epoch;
}

enum tip_err tip_envelope_vouch(const struct tip_device_keys *keys,
                                const struct tip_wire_frame *parts,
                                struct tip_buf *out)
{
    struct made made = made_of(parts);
    struct tip_chain_left left = left_of(&made, parts);
    struct tip_wire_frame vouched = *parts;
    struct tip_chain_signature signature;

    tip_chain_left_sign(keys, &left, &signature);
    vouched.signature = TIP_BYTES_OF(signature.bytes);
    return tip_wire_frame_join(&vouched, out);
}

enum tip_err tip_envelope_redact(const struct tip_device_keys *keys,
                                 const struct tip_frame_key *key,
                                 const struct tip_wire_frame *parts,
                                 const struct tip_frame_header *header,
                                 struct tip_bytes left, struct tip_buf *out)
{
    struct made made = made_of(parts);
    struct tip_frame_header past;
    TIP_BUF_ROOM struct closing closing;
    enum tip_err err = tip_wire_header_decode(made.header, &past);

    if (err == TIP_OK && !is_same_place(header, &past)) {
        err = TIP_EINVAL;
    }
    if (err == TIP_OK) {
        err = seal_parts(key, header, left, &closing);
    }
    if (err != TIP_OK) {
        return err;
    }
    closing.parts.past =
        (struct tip_wire_past){.header = made.header,
                               .body_hash = TIP_BYTES_OF(made.body.bytes),
                               .signature = made.signature};
    return tip_envelope_vouch(keys, &closing.parts, out);
}

bool tip_envelope_is_same(const struct tip_wire_frame *a,
                          const struct tip_wire_frame *b)
{
    struct made one = made_of(a);
    struct made other = made_of(b);

    return tip_bytes_equal(one.header, other.header) &&
           tip_bytes_equal(one.signature, other.signature) &&
           memcmp(one.body.bytes, other.body.bytes, sizeof one.body.bytes) == 0;
}

enum tip_err tip_envelope_read(struct tip_bytes frame,
                               struct tip_wire_frame *out_parts,
                               struct tip_frame_header *out_header)
{
    struct tip_frame_header past;
    enum tip_err err = tip_wire_frame_split(frame, out_parts);

    if (err == TIP_OK) {
        err = tip_wire_header_decode(out_parts->header, out_header);
    }
    if (err == TIP_OK && tip_wire_frame_is_redacted(out_parts)) {
        err = tip_wire_header_decode(out_parts->past.header, &past);
        if (err == TIP_OK && !is_same_place(out_header, &past)) {
            err = TIP_EMALFORMED;
        }
    }
    return err;
}

/* Does the frame that was @made follow @previous? */
static enum tip_err verify_made(const struct tip_sign_public *signer,
                                const struct tip_frame_header *header,
                                const struct made *made,
                                const struct tip_head *previous,
                                struct tip_head *out_head)
{
    struct tip_chain_link link = link_after(header, previous, made);
    struct tip_chain_signature signature = signature_of(made->signature);
    enum tip_err err = tip_chain_verify(signer, &link, &signature);

    if (err == TIP_OK) {
        *out_head = head_of(header, &link);
    }
    return err;
}

enum tip_err tip_envelope_verify(const struct tip_sign_public *signer,
                                 const struct tip_frame_header *header,
                                 const struct tip_wire_frame *parts,
                                 const struct tip_head *previous,
                                 struct tip_head *out_head)
{
    struct made made = made_of(parts);

    return tip_wire_frame_is_redacted(parts)
               ? TIP_ESIGNATURE
               : verify_made(signer, header, &made, previous, out_head);
}

enum tip_err tip_envelope_verify_left(const struct tip_sign_public *signer,
                                      const struct tip_sign_public *redactor,
                                      const struct tip_frame_header *header,
                                      const struct tip_wire_frame *parts,
                                      const struct tip_head *previous,
                                      struct tip_head *out_head)
{
    struct made made = made_of(parts);
    enum tip_err err = TIP_OK;

    if (tip_wire_frame_is_redacted(parts)) {
        struct tip_chain_left left = left_of(&made, parts);
        struct tip_chain_signature signature = signature_of(parts->signature);

        /* Whoever keeps a frame mostly took it out of it himself. */
        err = tip_chain_left_verify(redactor, &left, &signature);
        if (err == TIP_ESIGNATURE) {
            err = tip_chain_left_verify(signer, &left, &signature);
        }
    }
    return err == TIP_OK
               ? verify_made(signer, header, &made, previous, out_head)
               : err;
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
