#include "tip_import_key.h"

#include <stdlib.h>
#include <string.h>

#include "tip_buf.h"
#include "tip_random.h"
#include "tip_secret.h"

enum { HEAD_BYTES = 8 /* Type and office. */ };

/* A key may be the number of an identity card, which can be guessed from its
 * hash. So the digest is keyed with a secret of the office; the salt keeps that
 * key apart from those of records, whose salts are random. */
static enum tip_err make_secret(struct tip_desk *desk,
                                struct tip_digest_key *out_secret)
{
    static const struct tip_record_salt salt = {"ids of imports."};
    struct tip_identity_secret identity;
    struct tip_record_key key;
    struct tip_hash hash;
    enum tip_err err;

    if (desk->keys == NULL) {
        tip_hash_make(TIP_HASH_CONTENT,
                      tip_bytes(salt.bytes, sizeof salt.bytes), &hash);
        memcpy(out_secret->bytes, hash.bytes, sizeof out_secret->bytes);
        return TIP_OK;
    }
    err = desk->keys->secret(desk->keys, desk->keys->epoch, &identity);
    if (err != TIP_OK) {
        return err;
    }
    tip_record_key_derive(&identity, &salt, &key);
    memcpy(out_secret->bytes, key.bytes, sizeof out_secret->bytes);
    tip_secret_wipe(&identity, sizeof identity);
    tip_secret_wipe(&key, sizeof key);
    return TIP_OK;
}

enum tip_err tip_import_keys_init(struct tip_import_keys *keys,
                                  struct tip_desk *desk)
{
    uint64_t secret;

    *keys = (struct tip_import_keys){.office = desk->office};
    desk->random->fill(desk->random, &secret, sizeof secret);
    tip_index_init(&keys->index, secret);
    return make_secret(desk, &keys->secret);
}

void tip_import_keys_deinit(struct tip_import_keys *keys)
{
    tip_index_deinit(&keys->index);
    free(keys->ids);
    tip_secret_wipe(keys, sizeof *keys);
}

struct tip_id tip_import_keys_id(const struct tip_import_keys *keys,
                                 uint32_t type, struct tip_bytes key)
{
    uint8_t words[HEAD_BYTES + TIP_HASH_SIZE];
    struct tip_digest digest;
    struct tip_hash hash;
    struct tip_buf buf;
    struct tip_id id;

    tip_hash_make(TIP_HASH_CONTENT, key, &hash);
    tip_buf_init(&buf, words, sizeof words);
    tip_buf_put_u32(&buf, type);
    tip_buf_put_u32(&buf, keys->office);
    tip_buf_put(&buf, TIP_BYTES_OF(hash.bytes));
    tip_digest_make(&keys->secret, TIP_BYTES_OF(words), &digest);
    memcpy(id.bytes, digest.bytes, sizeof id.bytes);
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x80); /* UUID, version 8. */
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

static enum tip_err grow(struct tip_import_keys *keys)
{
    size_t capacity = keys->capacity == 0 ? 1024 : 2 * keys->capacity;
    struct tip_id *grown;

    if (keys->count < keys->capacity) {
        return TIP_OK;
    }
    grown = realloc(keys->ids, capacity * sizeof *grown);
    if (grown == NULL) {
        return TIP_ENOMEM;
    }
    keys->ids = grown;
    keys->capacity = capacity;
    return TIP_OK;
}

enum tip_err tip_import_keys_note(struct tip_import_keys *keys,
                                  const struct tip_id *id)
{
    uint32_t tag =
        tip_index_tag(&keys->index, tip_bytes(id->bytes, sizeof id->bytes));
    struct tip_index_walk walk = tip_index_find(&keys->index, tag);
    uint32_t number;
    enum tip_err err;

    while (tip_index_next(&keys->index, &walk, &number)) {
        if (tip_id_equal(&keys->ids[number], id)) {
            return TIP_EEXISTS;
        }
    }
    err = grow(keys);
    if (err == TIP_OK) {
        err = tip_index_add(&keys->index, tag, (uint32_t)keys->count);
    }
    if (err == TIP_OK) {
        keys->ids[keys->count++] = *id;
    }
    return err;
}

void tip_import_keys_clear(struct tip_import_keys *keys)
{
    uint64_t secret = keys->index.secret;

    tip_index_deinit(&keys->index);
    tip_index_init(&keys->index, secret);
    keys->count = 0;
}
