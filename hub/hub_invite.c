#include "hub_invite.h"

#include <string.h>

#include "tip_buf.h"
#include "tip_reader.h"
#include "tip_secret.h"
#include "tip_state_row.h"

/* Rows of an invitation: hi is its number. */
enum { LO_INVITE = 0, LO_APPROVAL = 1 };

enum { FORMAT = 2, ROW_BYTES_MAX = 512 };

const char *hub_invite_word(const struct hub_invite *invite, uint64_t now_ms)
{
    if (invite->state == HUB_INVITE_USED) {
        return "used";
    }
    if (invite->state == HUB_INVITE_BURNT) {
        return "void";
    }
    return now_ms >= invite->expires_ms ? "expired" : "open";
}

enum tip_err hub_invite_check(const struct hub_invite *invite, uint64_t now_ms)
{
    if (invite->state == HUB_INVITE_USED) {
        return TIP_EINVITE_USED;
    }
    if (invite->state == HUB_INVITE_BURNT) {
        return TIP_EINVITE_BURNT;
    }
    return now_ms >= invite->expires_ms ? TIP_EINVITE_EXPIRED : TIP_OK;
}

static enum tip_err read_row(struct tip_bytes row, uint64_t number,
                             struct hub_invite *out_invite)
{
    struct hub_invite invite = {.number = number};
    struct tip_reader reader;
    struct tip_bytes name;
    enum tip_err err = tip_state_row_open(row, FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    invite.state = (enum hub_invite_state)tip_reader_get_u8(&reader);
    invite.made_ms = tip_reader_get_u64(&reader);
    invite.expires_ms = tip_reader_get_u64(&reader);
    invite.office = tip_reader_get_u32(&reader);
    invite.origin = tip_reader_get_u32(&reader);
    invite.key_epoch = tip_reader_get_u32(&reader);
    invite.tries = tip_reader_get_u32(&reader);
    tip_reader_copy(&reader, invite.secret.bytes, sizeof invite.secret.bytes);
    tip_reader_copy(&reader, invite.request_hash, sizeof invite.request_hash);
    name = tip_reader_get_sized(&reader);
    err = tip_state_row_finish(&reader);
    if (err != TIP_OK || name.size >= sizeof invite.name ||
        invite.state > HUB_INVITE_BURNT) {
        return TIP_ESTORE_DAMAGED;
    }
    if (name.size > 0) {
        memcpy(invite.name, name.data, name.size);
    }
    *out_invite = invite;
    tip_secret_wipe(&invite, sizeof invite);
    return TIP_OK;
}

enum tip_err hub_invite_load(struct tip_txn *txn, uint64_t number,
                             struct hub_invite *out_invite)
{
    struct tip_bytes row;
    enum tip_err err =
        tip_txn_get(txn, TIP_TABLE_INVITE, TIP_KEY(number, LO_INVITE), &row);

    if (err == TIP_ENOTFOUND) {
        return TIP_EINVITE_UNKNOWN;
    }
    return err == TIP_OK ? read_row(row, number, out_invite) : err;
}

enum tip_err hub_invite_next(struct tip_txn *txn, uint64_t number,
                             struct hub_invite *out_invite)
{
    struct tip_bytes row;
    struct tip_key key;
    enum tip_err err;

    if (number == UINT64_MAX) {
        return TIP_ENOTFOUND; // a walk past the last must not begin again
    }
    err = tip_txn_seek(txn, TIP_TABLE_INVITE, TIP_SEEK_AT_OR_AFTER,
                       TIP_KEY(number + 1, LO_INVITE), &key, &row);
    return err == TIP_OK ? read_row(row, key.hi, out_invite) : err;
}

enum tip_err hub_invite_last(struct tip_txn *txn, uint64_t *out_number)
{
    struct hub_invite invite = {.number = 0};
    enum tip_err err;

    while ((err = hub_invite_next(txn, invite.number, &invite)) == TIP_OK) {
    }
    if (err == TIP_ENOTFOUND) {
        *out_number = invite.number;
        err = TIP_OK;
    }
    tip_secret_wipe(&invite, sizeof invite);
    return err;
}

enum tip_err hub_invite_store(struct tip_txn *txn,
                              const struct hub_invite *invite)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FORMAT);
    tip_buf_put_u8(&buf, (uint8_t)invite->state);
    tip_buf_put_u64(&buf, invite->made_ms);
    tip_buf_put_u64(&buf, invite->expires_ms);
    tip_buf_put_u32(&buf, invite->office);
    tip_buf_put_u32(&buf, invite->origin);
    tip_buf_put_u32(&buf, invite->key_epoch);
    tip_buf_put_u32(&buf, invite->tries);
    tip_buf_put(&buf, TIP_BYTES_OF(invite->secret.bytes));
    tip_buf_put(&buf, TIP_BYTES_OF(invite->request_hash));
    tip_buf_put_sized(&buf, tip_bytes_text(invite->name));
    err = tip_state_row_put(txn, TIP_TABLE_INVITE,
                            TIP_KEY(invite->number, LO_INVITE), &buf);
    tip_secret_wipe(memory, sizeof memory);
    return err;
}

enum tip_err hub_invite_count_wrong(struct tip_txn *txn,
                                    struct hub_invite *invite)
{
    invite->tries++;
    if (invite->tries >= HUB_INVITE_TRIES_MAX) {
        invite->state = HUB_INVITE_BURNT;
        tip_secret_wipe(&invite->secret, sizeof invite->secret);
    }
    return hub_invite_store(txn, invite);
}

enum tip_err hub_invite_store_approval(struct tip_txn *txn, uint64_t number,
                                       struct tip_bytes letter)
{
    return tip_txn_put(txn, TIP_TABLE_INVITE, TIP_KEY(number, LO_APPROVAL),
                       letter);
}

enum tip_err hub_invite_load_approval(struct tip_txn *txn, uint64_t number,
                                      struct tip_bytes *out_letter)
{
    return tip_txn_get(txn, TIP_TABLE_INVITE, TIP_KEY(number, LO_APPROVAL),
                       out_letter);
}
