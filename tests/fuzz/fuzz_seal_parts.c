/* Rule: what a stranger made is not believed: no certificate, announcement,
 * wrap, sealed value or saved key passes unless its bytes are right; what is
 * only read names what it says again. Input: which of them, then its bytes. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_certificate.h"
#include "tip_identity_value.h"
#include "tip_office_key.h"
#include "tip_prng.h"
#include "tip_record_wrap.h"
#include "tip_secret.h"

/* Keys that made none of the seeds: a signature is not forged by chance. */
static struct tip_device_keys *keys;
static struct tip_registrar *registrar;
static struct tip_prng prng;
static const struct tip_id record = {{9}};

static void try_certificate(struct tip_bytes bytes)
{
    struct tip_certificate read;

    FUZZ_RULE(tip_certificate_verify(tip_registrar_public(registrar), bytes,
                                     &read) != TIP_OK);
}

static void try_office_key(struct tip_bytes bytes)
{
    uint8_t signed_bytes[TIP_OFFICE_KEY_SIZE];
    struct tip_office_key read, back;

    if (tip_office_key_read(bytes, &read) != TIP_OK) {
        return;
    }
    FUZZ_RULE(tip_office_key_verify(&tip_device_keys_public(keys)->sign, bytes,
                                    &back) != TIP_OK);
    tip_office_key_sign(keys, &read, signed_bytes);
    FUZZ_RULE(tip_office_key_verify(&tip_device_keys_public(keys)->sign,
                                    TIP_BYTES_OF(signed_bytes),
                                    &back) == TIP_OK);
    FUZZ_RULE(memcmp(&read, &back, sizeof read) == 0);
}

static void try_wrap(struct tip_bytes bytes)
{
    const struct tip_sign_public *sign = &tip_device_keys_public(keys)->sign;
    static const struct tip_identity_secret secret = {{3}};
    struct tip_record_wrap read;
    struct tip_record_key key;

    if (tip_record_wrap_read(bytes, &read) == TIP_OK) {
        FUZZ_RULE(tip_record_key_name_is_valid(&read.name));
        (void)tip_record_wrap_element(&read);
    }
    FUZZ_RULE(tip_record_wrap_verify(sign, &record, bytes, &read) != TIP_OK);
    FUZZ_RULE(tip_record_wrap_open(sign, &secret, &record, bytes, &read,
                                   &key) != TIP_OK);
}

static void try_value(struct tip_bytes bytes)
{
    static uint8_t memory[1 << 16];
    const struct tip_identity_cell cell = {.record = record, .field = 4};
    const struct tip_record_key key = {{5}};
    struct tip_record_key_name name;
    struct tip_buf plain;

    if (tip_identity_value_name(bytes, &name) == TIP_OK) {
        FUZZ_RULE(tip_record_key_name_is_valid(&name));
    }
    tip_buf_init(&plain, memory, sizeof memory);
    FUZZ_RULE(tip_identity_value_open(&key, &cell, bytes, &plain) != TIP_OK);
    FUZZ_RULE(plain.size == 0);
}

static void try_saved(struct tip_bytes bytes)
{
    uint8_t saved[TIP_KEYS_SAVED_SIZE];
    struct tip_device_keys *loaded;
    struct tip_registrar *other;

    if (tip_device_keys_load(bytes, &loaded) == TIP_OK) {
        tip_device_keys_save(loaded, saved);
        FUZZ_RULE(tip_bytes_equal(bytes, TIP_BYTES_OF(saved)));
        tip_device_keys_free(loaded);
    }
    if (tip_registrar_load(bytes, &other) == TIP_OK) {
        tip_registrar_free(other);
    }
}

static bool make_keys(void)
{
    prng = TIP_PRNG_SEEDED(1000);
    return tip_seal_init() == TIP_OK &&
           tip_device_keys_new(&prng.base, &keys) == TIP_OK &&
           tip_registrar_new(&prng.base, &registrar) == TIP_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const tries[])(struct tip_bytes) = {
        try_certificate, try_office_key, try_wrap, try_value, try_saved};
    struct tip_bytes rest = tip_bytes(data, size);
    size_t which = fuzz_take_u8(&rest) % (sizeof tries / sizeof tries[0]);

    if (keys == NULL && !make_keys()) {
        return 0;
    }
    tries[which](rest);
    return 0;
}
