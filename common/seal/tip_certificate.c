#include "tip_certificate.h"

#include <string.h>

#include "tip_buf.h"
#include "tip_primitive.h"
#include "tip_random.h"
#include "tip_reader.h"
#include "tip_secret.h"

enum {
    VERSION = 0,
    SAVED_VERSION = 0,
    SIGNED_SIZE = TIP_CERTIFICATE_SIZE - TIP_SIGNATURE_SIZE
};

struct tip_registrar {
    struct tip_registrar_public public_key;
    uint8_t seed[TIP_KEY_SIZE]; /* What @sign is made from. */
    uint8_t sign[TIP_SIGN_SECRET_SIZE];
};

/* The registrar of @seed, which is copied. */
static enum tip_err make_registrar(const uint8_t seed[TIP_KEY_SIZE],
                                   struct tip_registrar **out)
{
    struct tip_registrar *registrar = tip_secret_new(sizeof *registrar);

    if (registrar == NULL) {
        return TIP_ENOMEM;
    }
    memcpy(registrar->seed, seed, sizeof registrar->seed);
    tip_primitive_sign_pair(seed, registrar->public_key.bytes, registrar->sign);
    tip_secret_protect(registrar);
    *out = registrar;
    return TIP_OK;
}

enum tip_err tip_registrar_new(struct tip_random *random,
                               struct tip_registrar **out)
{
    uint8_t seed[TIP_KEY_SIZE];
    enum tip_err err;

    random->fill(random, seed, sizeof seed);
    err = make_registrar(seed, out);
    tip_secret_wipe(seed, sizeof seed);
    return err;
}

void tip_registrar_free(struct tip_registrar *registrar)
{
    tip_secret_free(registrar);
}

void tip_registrar_save(const struct tip_registrar *registrar,
                        uint8_t out[TIP_REGISTRAR_SAVED_SIZE])
{
    out[0] = SAVED_VERSION;
    memcpy(out + 1, registrar->seed, sizeof registrar->seed);
}

enum tip_err tip_registrar_load(struct tip_bytes saved,
                                struct tip_registrar **out)
{
    if (saved.size != TIP_REGISTRAR_SAVED_SIZE ||
        saved.data[0] != SAVED_VERSION) {
        return TIP_EMALFORMED;
    }
    return make_registrar(saved.data + 1, out);
}

const struct tip_registrar_public *
tip_registrar_public(const struct tip_registrar *registrar)
{
    return &registrar->public_key;
}

void tip_certificate_sign(const struct tip_registrar *registrar,
                          const struct tip_certificate *certificate,
                          uint8_t out[TIP_CERTIFICATE_SIZE])
{
    struct tip_buf buf;

    tip_buf_init(&buf, out, SIGNED_SIZE);
    tip_buf_put_u8(&buf, VERSION);
    tip_buf_put_u8(&buf, (uint8_t)certificate->role);
    tip_buf_put_u64(&buf, certificate->serial);
    tip_buf_put_u32(&buf, certificate->origin);
    tip_buf_put_u32(&buf, certificate->office);
    tip_buf_put(&buf, TIP_BYTES_OF(certificate->device.sign.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(certificate->device.box.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(certificate->device.curve.bytes));
    tip_primitive_sign(TIP_CONTEXT_CERTIFICATE, registrar->sign,
                       tip_bytes(out, SIGNED_SIZE), out + SIGNED_SIZE);
}

/* Read @bytes, whose size and version have been checked. */
static struct tip_certificate read_certificate(struct tip_bytes bytes)
{
    struct tip_certificate certificate;
    struct tip_reader reader;

    tip_reader_init(&reader, tip_bytes(bytes.data + 1, SIGNED_SIZE - 1));
    certificate.role = tip_reader_get_u8(&reader) == TIP_CERTIFICATE_HUB
                           ? TIP_CERTIFICATE_HUB
                           : TIP_CERTIFICATE_NODE;
    certificate.serial = tip_reader_get_u64(&reader);
    certificate.origin = tip_reader_get_u32(&reader);
    certificate.office = tip_reader_get_u32(&reader);
    tip_reader_copy(&reader, certificate.device.sign.bytes, TIP_PUBLIC_SIZE);
    tip_reader_copy(&reader, certificate.device.box.bytes, TIP_PUBLIC_SIZE);
    tip_reader_copy(&reader, certificate.device.curve.bytes, TIP_PUBLIC_SIZE);
    return certificate;
}

enum tip_err
tip_certificate_verify(const struct tip_registrar_public *registrar,
                       struct tip_bytes bytes,
                       struct tip_certificate *out_certificate)
{
    enum tip_err err;

    if (bytes.size != TIP_CERTIFICATE_SIZE || bytes.data[0] != VERSION ||
        (bytes.data[1] != TIP_CERTIFICATE_NODE &&
         bytes.data[1] != TIP_CERTIFICATE_HUB)) {
        return TIP_EMALFORMED;
    }
    err = tip_primitive_verify(TIP_CONTEXT_CERTIFICATE, registrar->bytes,
                               tip_bytes(bytes.data, SIGNED_SIZE),
                               bytes.data + SIGNED_SIZE);
    if (err == TIP_OK) {
        *out_certificate = read_certificate(bytes);
    }
    return err;
}
