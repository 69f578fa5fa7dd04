#include "hub_state.h"

#include "hub_engine.h"
#include "tip_buf.h"
#include "tip_random.h"
#include "tip_reader.h"
#include "tip_secret.h"
#include "tip_state_row.h"

enum { FORMAT = 1, STATE_BYTES_MAX = 1024, SERIAL_HUB = 1 };

enum tip_err hub_state_make(struct tip_random *random,
                            const struct tip_registrar *registrar,
                            struct hub_state *out_state)
{
    struct hub_state state = {.keys = NULL};
    struct tip_certificate certificate = {.role = TIP_CERTIFICATE_HUB,
                                          .serial = SERIAL_HUB,
                                          .origin = HUB_ORIGIN,
                                          .office = HUB_OFFICE};
    enum tip_err err = tip_device_keys_new(random, &state.keys);

    if (err != TIP_OK) {
        return err;
    }
    random->fill(random, state.ref_secret.bytes, sizeof state.ref_secret.bytes);
    state.registrar = *tip_registrar_public(registrar);
    certificate.device = *tip_device_keys_public(state.keys);
    tip_certificate_sign(registrar, &certificate, state.certificate);
    *out_state = state;
    tip_secret_wipe(&state, sizeof state);
    return TIP_OK;
}

void hub_state_deinit(struct hub_state *state)
{
    tip_device_keys_free(state->keys);
    tip_secret_wipe(state, sizeof *state);
}

enum tip_err hub_state_save(struct tip_home *home,
                            const struct hub_state *state)
{
    uint8_t keys[TIP_KEYS_SAVED_SIZE];
    uint8_t memory[STATE_BYTES_MAX];
    struct tip_bytes bytes;
    struct tip_buf buf;
    enum tip_err err;

    tip_device_keys_save(state->keys, keys);
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FORMAT);
    tip_buf_put(&buf, TIP_BYTES_OF(keys));
    tip_buf_put(&buf, TIP_BYTES_OF(state->ref_secret.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(state->registrar.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(state->certificate));
    err = tip_buf_finish(&buf, &bytes);
    if (err == TIP_OK) {
        err = tip_home_save(home, bytes);
    }
    tip_secret_wipe(keys, sizeof keys);
    tip_secret_wipe(memory, sizeof memory);
    return err;
}

static enum tip_err get_state(struct tip_bytes row, struct hub_state *state)
{
    struct tip_reader reader;
    struct tip_bytes keys;
    enum tip_err err = tip_state_row_open(row, FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    keys = tip_reader_get(&reader, TIP_KEYS_SAVED_SIZE);
    tip_reader_copy(&reader, state->ref_secret.bytes,
                    sizeof state->ref_secret.bytes);
    tip_reader_copy(&reader, state->registrar.bytes,
                    sizeof state->registrar.bytes);
    tip_reader_copy(&reader, state->certificate, sizeof state->certificate);
    err = tip_state_row_finish(&reader);
    return err == TIP_OK ? tip_device_keys_load(keys, &state->keys) : err;
}

enum tip_err hub_state_load_at(struct tip_txn *txn, struct hub_state *out_state)
{
    struct hub_state state = {.keys = NULL};
    uint8_t memory[STATE_BYTES_MAX];
    size_t size;
    enum tip_err err = tip_home_load_at(txn, memory, sizeof memory, &size);

    if (err == TIP_OK) {
        err = get_state(tip_bytes(memory, size), &state);
    }
    if (err == TIP_OK) {
        *out_state = state;
    }
    tip_secret_wipe(memory, sizeof memory);
    tip_secret_wipe(&state, sizeof state);
    return err;
}

enum tip_err hub_state_load(struct tip_home *home, struct hub_state *out_state)
{
    struct tip_txn *txn;
    enum tip_err err =
        tip_store_begin(tip_store_lmdb_base(home->store), TIP_TXN_READ, &txn);

    if (err == TIP_OK) {
        err = hub_state_load_at(txn, out_state);
        tip_txn_abort(txn);
    }
    return err;
}
