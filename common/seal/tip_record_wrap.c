#include "tip_record_wrap.h"

#include <string.h>

#include "tip_buf.h"
#include "tip_keys_internal.h"
#include "tip_primitive.h"
#include "tip_reader.h"
#include "tip_secret.h"

enum {
    VERSION = 0,
    CLEAR_SIZE = 1 + 6 * 4,
    SEALED_SIZE = TIP_RECORD_KEY_SIZE + TIP_SEALED_TO_OVERHEAD,
    UNSIGNED_SIZE = CLEAR_SIZE + SEALED_SIZE,
    /* The record is not in the wrap; it is where the wrap stands. */
    SIGNED_SIZE = TIP_ID_SIZE + UNSIGNED_SIZE,
    AAD_SIZE = TIP_ID_SIZE + CLEAR_SIZE
};

_Static_assert((int)TIP_RECORD_WRAP_SIZE ==
                   (int)UNSIGNED_SIZE + (int)TIP_SIGNATURE_SIZE,
               "wrap size");

static void put_clear(struct tip_buf *buf, const struct tip_record_wrap *wrap)
{
    tip_buf_put_u8(buf, VERSION);
    tip_buf_put_u32(buf, wrap->name.office);
    tip_buf_put_u32(buf, wrap->name.epoch);
    tip_buf_put_u32(buf, wrap->name.number);
    tip_buf_put_u32(buf, wrap->office);
    tip_buf_put_u32(buf, wrap->epoch);
    tip_buf_put_u32(buf, wrap->origin);
}

uint64_t tip_record_wrap_element(const struct tip_record_wrap *wrap)
{
    uint8_t bytes[5 * 4];
    struct tip_bytes part = TIP_BYTES_OF(bytes);
    uint8_t hash[16];
    struct tip_buf buf;
    struct tip_reader reader;

    tip_buf_init(&buf, bytes, sizeof bytes);
    tip_buf_put_u32(&buf, wrap->name.office);
    tip_buf_put_u32(&buf, wrap->name.epoch);
    tip_buf_put_u32(&buf, wrap->name.number);
    tip_buf_put_u32(&buf, wrap->office);
    tip_buf_put_u32(&buf, wrap->epoch);
    tip_primitive_hash(TIP_CONTEXT_WRAP_ELEMENT, TIP_BYTES_NONE, &part, 1, hash,
                       sizeof hash);
    tip_reader_init(&reader, TIP_BYTES_OF(hash));
    return tip_reader_get_u64(&reader);
}

/* What the sealed key is bound to, and the beginning of what is signed. */
static void make_aad(const struct tip_id *record, const uint8_t *clear,
                     uint8_t out[AAD_SIZE])
{
    memcpy(out, record->bytes, TIP_ID_SIZE);
    memcpy(out + TIP_ID_SIZE, clear, CLEAR_SIZE);
}

static struct tip_bytes signed_bytes(const struct tip_id *record,
                                     const uint8_t *wrap,
                                     uint8_t out[SIGNED_SIZE])
{
    memcpy(out, record->bytes, TIP_ID_SIZE);
    memcpy(out + TIP_ID_SIZE, wrap, UNSIGNED_SIZE);
    return tip_bytes(out, SIGNED_SIZE);
}

enum tip_err tip_record_wrap_seal(const struct tip_device_keys *keys,
                                  const struct tip_id *record,
                                  const struct tip_record_wrap *wrap,
                                  const struct tip_wrap_public *recipient,
                                  const struct tip_record_key *key,
                                  struct tip_random *random,
                                  uint8_t out[TIP_RECORD_WRAP_SIZE])
{
    uint8_t bytes[TIP_RECORD_WRAP_SIZE], to_sign[SIGNED_SIZE], aad[AAD_SIZE];
    struct tip_buf buf;
    enum tip_err err;

    if (!tip_record_key_name_is_valid(&wrap->name)) {
        return TIP_EINVAL;
    }
    tip_buf_init(&buf, bytes, CLEAR_SIZE);
    put_clear(&buf, wrap);
    make_aad(record, bytes, aad);
    err = tip_primitive_seal_to(TIP_CONTEXT_WRAP_SEAL, random, recipient->bytes,
                                TIP_BYTES_OF(aad), TIP_BYTES_OF(key->bytes),
                                bytes + CLEAR_SIZE);
    if (err != TIP_OK) {
        return err;
    }
    tip_primitive_sign(TIP_CONTEXT_WRAP_SIGN, keys->sign,
                       signed_bytes(record, bytes, to_sign),
                       bytes + UNSIGNED_SIZE);
    memcpy(out, bytes, sizeof bytes);
    return TIP_OK;
}

enum tip_err tip_record_wrap_read(struct tip_bytes bytes,
                                  struct tip_record_wrap *out_wrap)
{
    struct tip_record_wrap wrap;
    struct tip_reader reader;

    if (bytes.size != TIP_RECORD_WRAP_SIZE || bytes.data[0] != VERSION) {
        return TIP_EMALFORMED;
    }
    tip_reader_init(&reader, tip_bytes(bytes.data + 1, bytes.size - 1));
    wrap.name.office = tip_reader_get_u32(&reader);
    wrap.name.epoch = tip_reader_get_u32(&reader);
    wrap.name.number = tip_reader_get_u32(&reader);
    wrap.office = tip_reader_get_u32(&reader);
    wrap.epoch = tip_reader_get_u32(&reader);
    wrap.origin = tip_reader_get_u32(&reader);
    if (!tip_record_key_name_is_valid(&wrap.name)) {
        return TIP_EMALFORMED;
    }
    *out_wrap = wrap;
    return TIP_OK;
}

enum tip_err tip_record_wrap_verify(const struct tip_sign_public *signer,
                                    const struct tip_id *record,
                                    struct tip_bytes bytes,
                                    struct tip_record_wrap *out_wrap)
{
    uint8_t was_signed[SIGNED_SIZE];
    struct tip_record_wrap wrap;
    enum tip_err err = tip_record_wrap_read(bytes, &wrap);

    if (err == TIP_OK) {
        err = tip_primitive_verify(TIP_CONTEXT_WRAP_SIGN, signer->bytes,
                                   signed_bytes(record, bytes.data, was_signed),
                                   bytes.data + UNSIGNED_SIZE);
    }
    if (err == TIP_OK) {
        *out_wrap = wrap;
    }
    return err;
}

/* Open the sealed key of a verified wrap at @bytes. */
static enum tip_err open_key(const struct tip_identity_secret *secret,
                             const struct tip_id *record, const uint8_t *bytes,
                             struct tip_record_key *out_key)
{
    uint8_t half[TIP_KEY_SIZE], aad[AAD_SIZE];
    struct tip_wrap_public own;
    struct tip_record_key key;
    enum tip_err err;

    tip_primitive_derive(TIP_CONTEXT_WRAP_SECRET, secret->bytes, TIP_BYTES_NONE,
                         half);
    tip_primitive_exchange_public(half, own.bytes);
    make_aad(record, bytes, aad);
    err = tip_primitive_open_from(
        TIP_CONTEXT_WRAP_SEAL, half, own.bytes, TIP_BYTES_OF(aad),
        tip_bytes(bytes + CLEAR_SIZE, SEALED_SIZE), key.bytes);
    if (err == TIP_OK) {
        *out_key = key;
    }
    tip_secret_wipe(half, sizeof half);
    tip_secret_wipe(&key, sizeof key);
    return err;
}

enum tip_err tip_record_wrap_open(const struct tip_sign_public *signer,
                                  const struct tip_identity_secret *secret,
                                  const struct tip_id *record,
                                  struct tip_bytes bytes,
                                  struct tip_record_wrap *out_wrap,
                                  struct tip_record_key *out_key)
{
    struct tip_record_wrap wrap;
    enum tip_err err = tip_record_wrap_verify(signer, record, bytes, &wrap);

    if (err == TIP_OK) {
        err = open_key(secret, record, bytes.data, out_key);
    }
    if (err == TIP_OK) {
        *out_wrap = wrap;
    }
    return err;
}
