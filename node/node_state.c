#include "node_state.h"

#include "tip_random.h"
#include "tip_reader.h"
#include "tip_secret.h"
#include "tip_state_row.h"

enum { FORMAT = 2, STATE_BYTES_MAX = 16 * 1024 };

enum tip_err node_state_make(struct tip_random *random,
                             struct node_state *out_state)
{
    struct node_state state = {.phase = NODE_MADE};
    enum tip_err err = tip_device_keys_new(random, &state.keys);

    if (err != TIP_OK) {
        return err;
    }
    random->fill(random, state.office_secret.bytes,
                 sizeof state.office_secret.bytes);
    random->fill(random, state.identity_secret.bytes,
                 sizeof state.identity_secret.bytes);
    *out_state = state;
    tip_secret_wipe(&state, sizeof state);
    return TIP_OK;
}

void node_state_deinit(struct node_state *state)
{
    tip_device_keys_free(state->keys);
    tip_secret_wipe(state, sizeof *state);
}

/* The invitation is kept as it came: as a letter. */
static void put_invitation(struct tip_buf *buf,
                           const struct tip_invitation *invitation)
{
    uint8_t memory[TIP_ENROL_LETTER_BYTES_MAX];
    struct tip_buf letter;

    tip_buf_init(&letter, memory, sizeof memory);
    tip_invitation_write(invitation, "", &letter);
    tip_buf_put_sized(buf, tip_bytes(letter.data, letter.size));
    tip_secret_wipe(memory, sizeof memory);
}

static void put_state(struct tip_buf *buf, const struct node_state *state)
{
    uint8_t keys[TIP_KEYS_SAVED_SIZE];

    tip_device_keys_save(state->keys, keys);
    tip_buf_put_u8(buf, FORMAT);
    tip_buf_put_u8(buf, (uint8_t)state->phase);
    tip_buf_put(buf, TIP_BYTES_OF(keys));
    tip_buf_put(buf, TIP_BYTES_OF(state->office_secret.bytes));
    tip_buf_put(buf, TIP_BYTES_OF(state->identity_secret.bytes));
    if (state->phase >= NODE_ASKED) {
        put_invitation(buf, &state->invitation);
    }
    if (state->phase >= NODE_ENROLLED) {
        tip_state_row_put_head(buf, &state->joined);
        tip_buf_put_u32(buf, state->joined_generation);
        tip_buf_put(buf, TIP_BYTES_OF(state->ref_secret.bytes));
        tip_buf_put(buf, TIP_BYTES_OF(state->device_certificate));
        tip_buf_put(buf, TIP_BYTES_OF(state->hub_certificate));
    }
    tip_secret_wipe(keys, sizeof keys);
}

enum tip_err node_state_save(struct tip_home *home,
                             const struct node_state *state)
{
    uint8_t memory[STATE_BYTES_MAX];
    struct tip_bytes bytes;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    put_state(&buf, state);
    err = tip_buf_finish(&buf, &bytes);
    if (err == TIP_OK) {
        err = tip_home_save(home, bytes);
    }
    tip_secret_wipe(memory, sizeof memory);
    return err;
}

static enum tip_err get_state(struct tip_reader *reader,
                              struct node_state *state)
{
    uint8_t phase = tip_reader_get_u8(reader);
    struct tip_bytes keys = tip_reader_get(reader, TIP_KEYS_SAVED_SIZE);
    enum tip_err err = TIP_OK;

    state->phase = (enum node_phase)phase;
    tip_reader_copy(reader, state->office_secret.bytes,
                    sizeof state->office_secret.bytes);
    tip_reader_copy(reader, state->identity_secret.bytes,
                    sizeof state->identity_secret.bytes);
    if (phase >= NODE_ASKED) {
        err = tip_invitation_read(tip_reader_get_sized(reader),
                                  &state->invitation);
    }
    if (phase >= NODE_ENROLLED) {
        state->joined = tip_state_row_get_head(reader);
        state->joined_generation = tip_reader_get_u32(reader);
        tip_reader_copy(reader, state->ref_secret.bytes,
                        sizeof state->ref_secret.bytes);
        tip_reader_copy(reader, state->device_certificate,
                        TIP_CERTIFICATE_SIZE);
        tip_reader_copy(reader, state->hub_certificate, TIP_CERTIFICATE_SIZE);
    }
    if (err == TIP_OK) {
        err = tip_reader_finish(reader);
    }
    return err == TIP_OK && phase <= NODE_ENROLLED
               ? tip_device_keys_load(keys, &state->keys)
               : TIP_ESTORE_DAMAGED;
}

enum tip_err node_state_load_at(struct tip_txn *txn,
                                struct node_state *out_state)
{
    struct node_state state = {.phase = NODE_MADE};
    uint8_t memory[STATE_BYTES_MAX];
    struct tip_reader reader;
    size_t size;
    enum tip_err err = tip_home_load_at(txn, memory, sizeof memory, &size);

    if (err == TIP_OK) {
        err = tip_state_row_open(tip_bytes(memory, size), FORMAT, &reader);
    }
    if (err == TIP_OK) {
        err = get_state(&reader, &state);
    }
    if (err == TIP_OK) {
        *out_state = state;
    }
    tip_secret_wipe(memory, sizeof memory);
    tip_secret_wipe(&state, sizeof state);
    return err;
}

enum tip_err node_state_load(struct tip_home *home,
                             struct node_state *out_state)
{
    struct tip_txn *txn;
    enum tip_err err =
        tip_store_begin(tip_store_lmdb_base(home->store), TIP_TXN_READ, &txn);

    if (err == TIP_OK) {
        err = node_state_load_at(txn, out_state);
        tip_txn_abort(txn);
    }
    return err;
}

struct node_identity node_state_identity(const struct node_state *state)
{
    const struct tip_invitation *invitation = &state->invitation;

    return (struct node_identity){.origin = invitation->origin,
                                  .office = invitation->office,
                                  .key_epoch = invitation->key_epoch,
                                  .office_secret = state->office_secret,
                                  .ref_secret = state->ref_secret,
                                  .hub_origin = invitation->hub_origin,
                                  .hub_sign = invitation->hub.sign,
                                  .hub_box = invitation->hub.box,
                                  .joined = state->joined,
                                  .joined_generation =
                                      state->joined_generation};
}
