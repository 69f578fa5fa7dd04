#include "tip_keys.h"

#include "tip_buf.h"
#include "tip_keys_internal.h"
#include "tip_random.h"
#include "tip_reader.h"
#include "tip_secret.h"

enum { SAVED_VERSION = 0 };

/* Complete @keys, whose secrets are set. */
static void derive_halves(struct tip_device_keys *keys)
{
    tip_primitive_sign_pair(keys->seed, keys->publics.sign.bytes, keys->sign);
    tip_primitive_exchange_public(keys->box, keys->publics.box.bytes);
    tip_primitive_exchange_public(keys->curve.bytes, keys->publics.curve.bytes);
    tip_secret_protect(keys);
}

enum tip_err tip_device_keys_new(struct tip_random *random,
                                 struct tip_device_keys **out_keys)
{
    struct tip_device_keys *keys = tip_secret_new(sizeof *keys);

    if (keys == NULL) {
        return TIP_ENOMEM;
    }
    random->fill(random, keys->seed, sizeof keys->seed);
    random->fill(random, keys->box, sizeof keys->box);
    random->fill(random, keys->curve.bytes, sizeof keys->curve.bytes);
    derive_halves(keys);
    *out_keys = keys;
    return TIP_OK;
}

void tip_device_keys_free(struct tip_device_keys *keys)
{
    tip_secret_free(keys);
}

void tip_device_keys_save(const struct tip_device_keys *keys,
                          uint8_t out[TIP_KEYS_SAVED_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, TIP_KEYS_SAVED_SIZE);
    tip_buf_put_u8(&buf, SAVED_VERSION);
    tip_buf_put(&buf, TIP_BYTES_OF(keys->seed));
    tip_buf_put(&buf, TIP_BYTES_OF(keys->box));
    tip_buf_put(&buf, TIP_BYTES_OF(keys->curve.bytes));
}

enum tip_err tip_device_keys_load(struct tip_bytes saved,
                                  struct tip_device_keys **out_keys)
{
    struct tip_device_keys *keys;
    struct tip_reader reader;

    if (saved.size != TIP_KEYS_SAVED_SIZE || saved.data[0] != SAVED_VERSION) {
        return TIP_EMALFORMED;
    }
    keys = tip_secret_new(sizeof *keys);
    if (keys == NULL) {
        return TIP_ENOMEM;
    }
    tip_reader_init(&reader, tip_bytes(saved.data + 1, saved.size - 1));
    tip_reader_copy(&reader, keys->seed, sizeof keys->seed);
    tip_reader_copy(&reader, keys->box, sizeof keys->box);
    tip_reader_copy(&reader, keys->curve.bytes, sizeof keys->curve.bytes);
    derive_halves(keys);
    *out_keys = keys;
    return TIP_OK;
}

const struct tip_device_public *
tip_device_keys_public(const struct tip_device_keys *keys)
{
    return &keys->publics;
}

const struct tip_curve_secret *
tip_device_keys_curve(const struct tip_device_keys *keys)
{
    return &keys->curve;
}
