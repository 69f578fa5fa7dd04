#include "node_check.h"

#include "node_row.h"
#include "tip_secret.h"

static enum tip_err check_feed(struct tip_inspect *check,
                               const struct node_identity *identity,
                               const struct tip_sign_public *own)
{
    struct node_feed_row row;
    struct tip_inspect_key key = {.epoch = identity->key_epoch};
    struct tip_inspect_chain feed = {.table = TIP_TABLE_FRAME_UP,
                                     .number = identity->origin,
                                     .office = identity->office,
                                     .signer = own,
                                     .redactor = &identity->hub_sign,
                                     .keys = &key,
                                     .key_count = 1};
    enum tip_err err = node_row_load_feed(check->txn, identity->origin, &row);

    if (err != TIP_OK) {
        return err;
    }
    feed.ends_at = row.framed.number;
    tip_frame_key_derive(&identity->office_secret, TIP_CHAIN_UP, &key.key);
    err = tip_inspect_chain(check, &feed);
    tip_secret_wipe(&key, sizeof key);
    return err;
}

static enum tip_err check_channel(struct tip_inspect *check, uint32_t channel,
                                  const struct node_identity *identity,
                                  const struct tip_sign_public *own)
{
    const bool is_office = channel == identity->office;
    struct node_channel_row row;
    struct tip_inspect_key key = {.epoch = is_office ? identity->key_epoch : 0};
    struct tip_inspect_chain chain = {.table = TIP_TABLE_FRAME_DOWN,
                                      .number = channel,
                                      .signer = &identity->hub_sign,
                                      .redactor = own,
                                      .keys = &key,
                                      .key_count = 1};
    enum tip_err err = node_row_load_channel(check->txn, channel, &row);

    if (err != TIP_OK) {
        return err;
    }
    if (is_office) {
        chain.begins_behind = identity->joined;
        node_row_join(&row, identity);
    }
    chain.ends_at = row.position.head.number;
    tip_frame_key_derive(is_office ? &identity->office_secret
                                   : &identity->ref_secret,
                         TIP_CHAIN_DOWN, &key.key);
    err = tip_inspect_chain(check, &chain);
    tip_secret_wipe(&key, sizeof key);
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
    enum tip_err err = check_feed(check, identity, own);

    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        if (err == TIP_OK) {
            err = check_channel(check, channels[i], identity, own);
        }
    }
    if (err == TIP_OK) {
        err = tip_inspect_log(check);
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
        err = tip_inspect_history(check);
    }
    if (err == TIP_OK) {
        err = tip_inspect_outbox(check);
    }
    return err == TIP_OK && identity->origin != 0
               ? check_sync(check, identity, own)
               : err;
}
