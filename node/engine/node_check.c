#include "node_check.h"

#include "node_row.h"
#include "tip_secret.h"

static enum tip_err know_feed(struct tip_txn *txn,
                              const struct node_identity *identity,
                              const struct tip_sign_public *own,
                              struct node_chain *chain)
{
    struct node_feed_row row;
    enum tip_err err = node_row_load_feed(txn, identity->origin, &row);

    if (err == TIP_OK) {
        chain->chain.office = identity->office;
        chain->chain.signer = own;
        chain->chain.redactor = &identity->hub_sign;
        chain->chain.ends_at = row.framed.number;
        chain->key.epoch = identity->key_epoch;
        tip_frame_key_derive(&identity->office_secret, TIP_CHAIN_UP,
                             &chain->key.key);
    }
    return err;
}

static enum tip_err know_channel(struct tip_txn *txn,
                                 const struct node_identity *identity,
                                 const struct tip_sign_public *own,
                                 struct node_chain *chain)
{
    const bool is_office = chain->chain.number == identity->office;
    struct node_channel_row row;
    enum tip_err err = node_row_load_channel(txn, chain->chain.number, &row);

    if (err != TIP_OK) {
        return err;
    }
    if (is_office) {
        chain->chain.begins_behind = identity->joined;
        node_row_join(&row, identity);
    }
    chain->chain.signer = &identity->hub_sign;
    chain->chain.redactor = own;
    chain->chain.ends_at = row.position.head.number;
    chain->key.epoch = is_office ? identity->key_epoch : 0;
    tip_frame_key_derive(is_office ? &identity->office_secret
                                   : &identity->ref_secret,
                         TIP_CHAIN_DOWN, &chain->key.key);
    return TIP_OK;
}

static bool is_followed(const struct node_identity *identity, uint32_t channel)
{
    return channel == identity->office || channel == TIP_CHANNEL_REF ||
           channel == TIP_CHANNEL_CTL;
}

enum tip_err node_check_know(struct tip_txn *txn,
                             const struct node_identity *identity,
                             const struct tip_sign_public *own,
                             enum tip_table table, uint32_t number,
                             struct node_chain *out_chain)
{
    const bool is_feed = table == TIP_TABLE_FRAME_UP;

    if (identity->origin == 0 || !(is_feed ? number == identity->origin
                                           : is_followed(identity, number))) {
        return TIP_ENOTFOUND;
    }
    *out_chain = (struct node_chain){.chain = {.table = table,
                                               .number = number,
                                               .keys = &out_chain->key,
                                               .key_count = 1}};
    return is_feed ? know_feed(txn, identity, own, out_chain)
                   : know_channel(txn, identity, own, out_chain);
}

static enum tip_err check_chain(struct tip_inspect *check,
                                const struct node_identity *identity,
                                const struct tip_sign_public *own,
                                enum tip_table table, uint32_t number)
{
    struct node_chain chain;
    enum tip_err err =
        node_check_know(check->txn, identity, own, table, number, &chain);

    if (err == TIP_OK) {
        err = tip_inspect_chain(check, &chain.chain);
        tip_secret_wipe(&chain, sizeof chain);
    }
    return err;
}

/* What only an enrolled device has: chains, and what it holds. */
static enum tip_err check_sync(struct tip_inspect *check,
                               const struct node_identity *identity,
                               const struct tip_sign_public *own)
{
    const uint32_t channels[] = {identity->office, TIP_CHANNEL_REF,
                                 TIP_CHANNEL_CTL};
    struct tip_digest_key key;
    enum tip_err err =
        check_chain(check, identity, own, TIP_TABLE_FRAME_UP, identity->origin);

    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        if (err == TIP_OK) {
            err = check_chain(check, identity, own, TIP_TABLE_FRAME_DOWN,
                              channels[i]);
        }
    }
    if (err == TIP_OK) {
        err = tip_inspect_rows(check, TIP_TABLE_CHANNEL, NULL);
    }
    if (err == TIP_OK) {
        err = tip_inspect_rows(check, TIP_TABLE_HOLDING, NULL);
    }
    if (err == TIP_OK) {
        tip_digest_key_derive(&identity->office_secret, &key);
        err = tip_inspect_holding(check, identity->office, &key);
    }
    if (err == TIP_OK) {
        tip_digest_key_derive(&identity->ref_secret, &key);
        err = tip_inspect_holding(check, TIP_CHANNEL_REF, &key);
    }
    tip_secret_wipe(&key, sizeof key);
    return err;
}

enum tip_err node_check(struct tip_inspect *check,
                        const struct node_identity *identity,
                        const struct tip_sign_public *own)
{
    enum tip_err err = tip_inspect_records(check, identity->origin, true);

    if (err == TIP_OK) {
        err = tip_inspect_rows(check, TIP_TABLE_HISTORY, NULL);
    }
    if (err == TIP_OK) {
        err = tip_inspect_rows(check, TIP_TABLE_OUTBOX, NULL);
    }
    return err == TIP_OK && identity->origin != 0
               ? check_sync(check, identity, own)
               : err;
}
