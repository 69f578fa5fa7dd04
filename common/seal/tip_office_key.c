#include "tip_office_key.h"

#include <string.h>

#include "tip_buf.h"
#include "tip_keys_internal.h"
#include "tip_primitive.h"
#include "tip_reader.h"
#include "tip_secret.h"

enum { VERSION = 0, SIGNED_SIZE = TIP_OFFICE_KEY_SIZE - TIP_SIGNATURE_SIZE };

void tip_office_key_derive(const struct tip_identity_secret *secret,
                           struct tip_wrap_public *out_wrap)
{
    uint8_t half[TIP_KEY_SIZE];

    tip_primitive_derive(TIP_CONTEXT_WRAP_SECRET, secret->bytes, TIP_BYTES_NONE,
                         half);
    tip_primitive_exchange_public(half, out_wrap->bytes);
    tip_secret_wipe(half, sizeof half);
}

void tip_office_key_sign(const struct tip_device_keys *keys,
                         const struct tip_office_key *key,
                         uint8_t out[TIP_OFFICE_KEY_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, SIGNED_SIZE);
    tip_buf_put_u8(&buf, VERSION);
    tip_buf_put_u32(&buf, key->office);
    tip_buf_put_u32(&buf, key->epoch);
    tip_buf_put_u32(&buf, key->origin);
    tip_buf_put(&buf, TIP_BYTES_OF(key->wrap.bytes));
    tip_primitive_sign(TIP_CONTEXT_OFFICE_SIGN, keys->sign,
                       tip_bytes(out, SIGNED_SIZE), out + SIGNED_SIZE);
}

enum tip_err tip_office_key_read(struct tip_bytes bytes,
                                 struct tip_office_key *out_key)
{
    struct tip_office_key key;
    struct tip_reader reader;

    if (bytes.size != TIP_OFFICE_KEY_SIZE || bytes.data[0] != VERSION) {
        return TIP_EMALFORMED;
    }
    tip_reader_init(&reader, tip_bytes(bytes.data + 1, bytes.size - 1));
    key.office = tip_reader_get_u32(&reader);
    key.epoch = tip_reader_get_u32(&reader);
    key.origin = tip_reader_get_u32(&reader);
    memcpy(key.wrap.bytes, reader.rest.data, sizeof key.wrap.bytes);
    *out_key = key;
    return TIP_OK;
}

enum tip_err tip_office_key_verify(const struct tip_sign_public *signer,
                                   struct tip_bytes bytes,
                                   struct tip_office_key *out_key)
{
    struct tip_office_key key;
    enum tip_err err = tip_office_key_read(bytes, &key);

    if (err == TIP_OK) {
        err = tip_primitive_verify(TIP_CONTEXT_OFFICE_SIGN, signer->bytes,
                                   tip_bytes(bytes.data, SIGNED_SIZE),
                                   bytes.data + SIGNED_SIZE);
    }
    if (err == TIP_OK) {
        *out_key = key;
    }
    return err;
}
