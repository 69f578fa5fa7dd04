/*
 * Sealed: version | office, epoch, number (varints) | 8 random bytes |
 * ciphertext and tag. The nonce is hashed from the random bytes and all that
 * the value is bound to: 16 bytes less on a slow line than one that is sent.
 */
#include "tip_identity_value.h"

#include "tip_primitive.h"
#include "tip_random.h"
#include "tip_reader.h"

enum {
    VERSION = 0,
    FRESH_SIZE = 8,
    PADDING = 0x80, /* Then zeros. */
    /* context | version | record | field | element | name */
    AAD_SIZE = TIP_CONTEXT_SIZE + 1 + TIP_ID_SIZE + 4 + 8 + 3 * 4
};

struct envelope {
    struct tip_record_key_name name;
    struct tip_bytes fresh;  /* FRESH_SIZE bytes, borrowed. */
    struct tip_bytes sealed; /* Ciphertext and tag, borrowed. */
};

/* The size of @plain_size after padding: the next step above it, so that there
 * is always a first padding byte. */
static size_t padded_size(size_t plain_size)
{
    size_t step = plain_size < TIP_IDENTITY_STEP_LONG ? TIP_IDENTITY_STEP_SHORT
                                                      : TIP_IDENTITY_STEP_LONG;

    return (plain_size / step + 1) * step;
}

static size_t varint_size(uint32_t value)
{
    size_t size = 1;

    for (; value > 0x7f; value >>= 7) {
        size++;
    }
    return size;
}

size_t tip_identity_value_size(const struct tip_record_key_name *name,
                               size_t plain_size)
{
    return 1 + varint_size(name->office) + varint_size(name->epoch) +
           varint_size(name->number) + FRESH_SIZE + padded_size(plain_size) +
           TIP_TAG_SIZE;
}

static bool fits(const struct tip_buf *buf, size_t size)
{
    return !buf->failed && buf->capacity - buf->size >= size;
}

static void make_aad(const struct tip_record_key_name *name,
                     const struct tip_identity_cell *cell,
                     uint8_t out[AAD_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, AAD_SIZE);
    tip_buf_put(&buf, tip_bytes(tip_context_bytes(TIP_CONTEXT_IDENTITY_VALUE),
                                TIP_CONTEXT_SIZE));
    tip_buf_put_u8(&buf, VERSION);
    tip_buf_put(&buf, TIP_BYTES_OF(cell->record.bytes));
    tip_buf_put_u32(&buf, cell->field);
    tip_buf_put_u64(&buf, cell->element);
    tip_buf_put_u32(&buf, name->office);
    tip_buf_put_u32(&buf, name->epoch);
    tip_buf_put_u32(&buf, name->number);
}

static void derive_nonce(struct tip_bytes fresh, const uint8_t aad[AAD_SIZE],
                         uint8_t out[TIP_AEAD_NONCE_SIZE])
{
    const struct tip_bytes parts[] = {fresh, tip_bytes(aad, AAD_SIZE)};

    tip_primitive_hash(TIP_CONTEXT_IDENTITY_NONCE, TIP_BYTES_NONE, parts, 2,
                       out, TIP_AEAD_NONCE_SIZE);
}

static void put_padded(struct tip_buf *buf, struct tip_bytes plain)
{
    tip_buf_put(buf, plain);
    tip_buf_put_u8(buf, PADDING);
    for (size_t i = plain.size + 1; i < padded_size(plain.size); i++) {
        tip_buf_put_u8(buf, 0);
    }
}

/* Find the plain bytes in @padded. It has been authenticated, so the time this
 * takes tells a stranger nothing. */
static enum tip_err remove_padding(struct tip_bytes padded,
                                   struct tip_bytes *out_plain)
{
    size_t size = padded.size;

    while (size > 0 && padded.data[size - 1] == 0) {
        size--;
    }
    if (size == 0 || padded.data[size - 1] != PADDING ||
        padded_size(size - 1) != padded.size) {
        return TIP_EMALFORMED;
    }
    *out_plain = tip_bytes(padded.data, size - 1);
    return TIP_OK;
}

enum tip_err tip_identity_value_seal(const struct tip_record_key *key,
                                     const struct tip_record_key_name *name,
                                     const struct tip_identity_cell *cell,
                                     struct tip_bytes plain,
                                     struct tip_random *random,
                                     struct tip_buf *out)
{
    uint8_t fresh[FRESH_SIZE], aad[AAD_SIZE], nonce[TIP_AEAD_NONCE_SIZE];
    uint8_t *padded;

    if (!tip_record_key_name_is_valid(name)) {
        return TIP_EINVAL;
    }
    if (plain.size > TIP_IDENTITY_PLAIN_BYTES_MAX ||
        !fits(out, tip_identity_value_size(name, plain.size))) {
        return TIP_ETOOBIG;
    }
    random->fill(random, fresh, sizeof fresh);
    make_aad(name, cell, aad);
    derive_nonce(TIP_BYTES_OF(fresh), aad, nonce);
    tip_buf_put_u8(out, VERSION);
    tip_buf_put_varint(out, name->office);
    tip_buf_put_varint(out, name->epoch);
    tip_buf_put_varint(out, name->number);
    tip_buf_put(out, TIP_BYTES_OF(fresh));
    padded = out->data + out->size;
    put_padded(out, plain);
    tip_primitive_encrypt(key->bytes, nonce, TIP_BYTES_OF(aad),
                          tip_bytes(padded, padded_size(plain.size)), padded);
    out->size += TIP_TAG_SIZE;
    return TIP_OK;
}

/* A number of a key name; one that is too large stays so. */
static uint32_t get_number(struct tip_reader *reader)
{
    uint64_t number = tip_reader_get_varint(reader);

    return number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

static enum tip_err read_envelope(struct tip_bytes bytes,
                                  struct envelope *out_envelope)
{
    struct envelope envelope;
    struct tip_reader reader;
    uint8_t version;

    tip_reader_init(&reader, bytes);
    version = tip_reader_get_u8(&reader);
    envelope.name.office = get_number(&reader);
    envelope.name.epoch = get_number(&reader);
    envelope.name.number = get_number(&reader);
    envelope.fresh = tip_reader_get(&reader, FRESH_SIZE);
    envelope.sealed = tip_reader_get(&reader, reader.rest.size);
    if (tip_reader_finish(&reader) != TIP_OK || version != VERSION ||
        !tip_record_key_name_is_valid(&envelope.name) ||
        envelope.sealed.size < TIP_IDENTITY_STEP_SHORT + TIP_TAG_SIZE) {
        return TIP_EMALFORMED;
    }
    *out_envelope = envelope;
    return TIP_OK;
}

enum tip_err tip_identity_value_name(struct tip_bytes sealed,
                                     struct tip_record_key_name *out_name)
{
    struct envelope envelope;
    enum tip_err err = read_envelope(sealed, &envelope);

    if (err == TIP_OK) {
        *out_name = envelope.name;
    }
    return err;
}

enum tip_err tip_identity_value_open(const struct tip_record_key *key,
                                     const struct tip_identity_cell *cell,
                                     struct tip_bytes sealed,
                                     struct tip_buf *out)
{
    uint8_t aad[AAD_SIZE], nonce[TIP_AEAD_NONCE_SIZE];
    struct envelope envelope;
    struct tip_bytes plain;
    uint8_t *room = out->data + out->size;
    enum tip_err err = read_envelope(sealed, &envelope);

    if (err != TIP_OK) {
        return err;
    }
    if (!fits(out, envelope.sealed.size)) {
        return TIP_ETOOBIG;
    }
    make_aad(&envelope.name, cell, aad);
    derive_nonce(envelope.fresh, aad, nonce);
    err = tip_primitive_decrypt(key->bytes, nonce, TIP_BYTES_OF(aad),
                                envelope.sealed, room);
    if (err == TIP_OK) {
        err = remove_padding(
            tip_bytes(room, envelope.sealed.size - TIP_TAG_SIZE), &plain);
    }
    if (err == TIP_OK) {
        out->size += plain.size;
    }
    return err;
}
