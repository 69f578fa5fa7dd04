#include "tip_desk_ring.h"

#include <string.h>

#include "tip_random.h"
#include "tip_secret.h"
#include "tip_wire_value.h"

void tip_desk_ring_init(struct tip_desk_ring *ring, struct tip_desk *desk,
                        const struct tip_record *view, struct tip_arena *arena)
{
    *ring = (struct tip_desk_ring){.desk = desk, .view = view, .arena = arena};
}

void tip_desk_ring_wipe(struct tip_desk_ring *ring)
{
    tip_secret_wipe(ring->keys, sizeof ring->keys);
    ring->key_count = 0;
}

static bool is_same(const struct tip_record_key_name *a,
                    const struct tip_record_key_name *b)
{
    return a->office == b->office && a->epoch == b->epoch &&
           a->number == b->number;
}

static void keep(struct tip_desk_ring *ring, const struct tip_ring_key *key)
{
    if (ring->key_count < TIP_RING_KEYS_MAX) {
        ring->keys[ring->key_count++] = *key;
    }
}

/* A value before it is sealed: its kind in one byte, then as in a row. */
static enum tip_err read_plain(struct tip_bytes plain,
                               struct tip_value *out_value)
{
    enum tip_value_kind kind;
    struct tip_reader reader;
    struct tip_value value;

    tip_reader_init(&reader, plain);
    if (tip_wire_value_kind(tip_reader_get_u8(&reader), &kind) != TIP_OK) {
        return TIP_ESEALED;
    }
    value = tip_wire_value_get(&reader, kind);
    if (tip_reader_finish(&reader) != TIP_OK) {
        return TIP_ESEALED;
    }
    *out_value = value;
    return TIP_OK;
}

/* What is to be opened, and where it stands. */
struct opening {
    struct tip_identity_cell cell;
    struct tip_bytes sealed;
    struct tip_value *out_value;
};

static enum tip_err open_with(struct tip_desk_ring *ring,
                              const struct tip_record_key *key,
                              const struct opening *opening)
{
    uint8_t *memory = tip_arena_alloc(ring->arena, opening->sealed.size);
    struct tip_bytes plain;
    struct tip_buf buf;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, opening->sealed.size);
    if (tip_identity_value_open(key, &opening->cell, opening->sealed, &buf) !=
            TIP_OK ||
        tip_buf_finish(&buf, &plain) != TIP_OK) {
        return TIP_ESEALED;
    }
    return read_plain(plain, opening->out_value);
}

/* The salts of an own key: more than one only where two devices of the office
 * made the same key apart. */
static enum tip_err open_as_own(struct tip_desk_ring *ring,
                                struct tip_ring_key *key,
                                const struct opening *opening)
{
    struct tip_desk_keys *keys = ring->desk->keys;
    struct tip_cell cell = tip_record_cell(ring->view, TIP_FIELD_KEY_SALT,
                                           tip_record_key_element(&key->name));
    struct tip_identity_secret secret;
    enum tip_err err = TIP_ESEALED;

    if (keys->secret(keys, key->name.epoch, &secret) != TIP_OK) {
        return TIP_ESEALED;
    }
    for (size_t i = 0; i < cell.count && err == TIP_ESEALED; i++) {
        const struct tip_value *value = &cell.siblings[i].value;
        struct tip_record_salt salt;

        if (value->kind != TIP_VALUE_OPAQUE ||
            value->bytes.size != sizeof salt.bytes) {
            continue;
        }
        memcpy(salt.bytes, value->bytes.data, sizeof salt.bytes);
        tip_record_key_derive(&secret, &salt, &key->key);
        err = open_with(ring, &key->key, opening);
    }
    tip_secret_wipe(&secret, sizeof secret);
    return err;
}

/* The key of @wrapped, if it is @key's and was wrapped for us by a device that
 * may be believed. */
static enum tip_err unwrap(struct tip_desk_ring *ring, struct tip_bytes wrapped,
                           struct tip_ring_key *key)
{
    struct tip_desk_keys *keys = ring->desk->keys;
    struct tip_identity_secret secret;
    struct tip_sign_public signer;
    struct tip_record_wrap wrap;
    enum tip_err err;

    if (tip_record_wrap_read(wrapped, &wrap) != TIP_OK ||
        !is_same(&wrap.name, &key->name) || wrap.office != keys->office ||
        keys->signer == NULL ||
        keys->signer(keys, wrap.origin, &signer) != TIP_OK ||
        keys->secret(keys, wrap.epoch, &secret) != TIP_OK) {
        return TIP_ESEALED;
    }
    err = tip_record_wrap_open(&signer, &secret, &ring->view->id, wrapped,
                               &wrap, &key->key);
    tip_secret_wipe(&secret, sizeof secret);
    return err == TIP_OK ? TIP_OK : TIP_ESEALED;
}

static enum tip_err open_as_shared(struct tip_desk_ring *ring,
                                   struct tip_ring_key *key,
                                   const struct opening *opening)
{
    struct tip_cell cell = tip_record_field(ring->view, TIP_FIELD_KEY_WRAP);
    enum tip_err err = TIP_ESEALED;

    for (size_t i = 0; i < cell.count && err == TIP_ESEALED; i++) {
        const struct tip_value *value = &cell.siblings[i].value;

        if (value->kind == TIP_VALUE_OPAQUE) {
            err = unwrap(ring, value->bytes, key);
        }
        if (err == TIP_OK) {
            err = open_with(ring, &key->key, opening);
        }
    }
    return err;
}

enum tip_err tip_desk_ring_open(struct tip_desk_ring *ring, uint32_t field,
                                uint64_t element, struct tip_bytes sealed,
                                struct tip_value *out_value)
{
    struct opening opening = {
        .cell = {.record = ring->view->id, .field = field, .element = element},
        .sealed = sealed,
        .out_value = out_value};
    struct tip_ring_key key;
    enum tip_err err;

    if (ring->desk->keys == NULL ||
        tip_identity_value_name(sealed, &key.name) != TIP_OK) {
        return TIP_ESEALED;
    }
    for (size_t i = 0; i < ring->key_count; i++) {
        if (is_same(&ring->keys[i].name, &key.name) &&
            open_with(ring, &ring->keys[i].key, &opening) == TIP_OK) {
            return TIP_OK;
        }
    }
    err = key.name.office == ring->desk->keys->office
              ? open_as_own(ring, &key, &opening)
              : open_as_shared(ring, &key, &opening);
    if (err == TIP_OK) {
        keep(ring, &key);
    }
    tip_secret_wipe(&key, sizeof key);
    return err;
}

/* The newest own key of this epoch whose salt lies with the record. */
static bool find_own(const struct tip_desk_ring *ring,
                     struct tip_record_key_name *out_name,
                     struct tip_record_salt *out_salt)
{
    const struct tip_desk_keys *keys = ring->desk->keys;
    struct tip_cell salts = tip_record_field(ring->view, TIP_FIELD_KEY_SALT);
    bool found = false;

    for (size_t i = 0; i < salts.count; i++) {
        const struct tip_sibling *salt = &salts.siblings[i];
        struct tip_record_key_name name = tip_record_key_name(salt->element);

        if (name.office == keys->office && name.epoch == keys->epoch &&
            salt->value.kind == TIP_VALUE_OPAQUE &&
            salt->value.bytes.size == sizeof out_salt->bytes &&
            (!found || name.number >= out_name->number)) {
            memcpy(out_salt->bytes, salt->value.bytes.data,
                   sizeof out_salt->bytes);
            *out_name = name;
            found = true;
        }
    }
    return found;
}

enum tip_err tip_desk_ring_use(struct tip_desk_ring *ring,
                               struct tip_ring_use *out_use)
{
    struct tip_desk_keys *keys = ring->desk->keys;
    struct tip_ring_use use = {.own.name = {.office = keys->office,
                                            .epoch = keys->epoch,
                                            .number = 1}};
    struct tip_random *random = ring->desk->random;
    struct tip_identity_secret secret;
    enum tip_err err;

    if (!find_own(ring, &use.own.name, &use.salt)) {
        random->fill(random, use.salt.bytes, sizeof use.salt.bytes);
        use.is_new = true;
    }
    err = keys->secret(keys, keys->epoch, &secret);
    if (err != TIP_OK) {
        return err;
    }
    tip_record_key_derive(&secret, &use.salt, &use.own.key);
    tip_secret_wipe(&secret, sizeof secret);
    *out_use = use;
    tip_secret_wipe(&use, sizeof use);
    return TIP_OK;
}

enum tip_err tip_desk_ring_seal(struct tip_desk_ring *ring,
                                const struct tip_ring_use *use, uint32_t field,
                                const struct tip_value *value,
                                struct tip_value *out_sealed)
{
    struct tip_identity_cell cell = {.record = ring->view->id, .field = field};
    size_t content =
        value->kind == TIP_VALUE_TEXT ? value->bytes.size : TIP_ID_SIZE;
    size_t plain_max = 1 + 10 + 10 + content; /* Kind, two numbers, content. */
    size_t sealed_max = tip_identity_value_size(&use->own.name, plain_max);
    uint8_t *plain = tip_arena_alloc(ring->arena, plain_max);
    uint8_t *sealed = tip_arena_alloc(ring->arena, sealed_max);
    struct tip_bytes bytes;
    struct tip_buf buf;
    enum tip_err err;

    if (plain == NULL || sealed == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, plain, plain_max);
    tip_buf_put_u8(&buf, (uint8_t)value->kind);
    tip_wire_value_put(&buf, value);
    err = tip_buf_finish(&buf, &bytes);
    if (err == TIP_OK) {
        tip_buf_init(&buf, sealed, sealed_max);
        err = tip_identity_value_seal(&use->own.key, &use->own.name, &cell,
                                      bytes, ring->desk->random, &buf);
    }
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &bytes);
    }
    if (err == TIP_OK) {
        *out_sealed =
            (struct tip_value){.kind = TIP_VALUE_OPAQUE, .bytes = bytes};
    }
    return err;
}

enum tip_err tip_desk_ring_wrap(struct tip_desk_ring *ring,
                                const struct tip_ring_use *use, uint32_t office,
                                struct tip_change *out_change)
{
    struct tip_desk_keys *keys = ring->desk->keys;
    struct tip_record_wrap wrap = {
        .name = use->own.name, .office = office, .origin = keys->origin};
    struct tip_wrap_public recipient;
    uint64_t element;
    uint8_t *bytes;
    enum tip_err err;

    if (keys->recipient == NULL ||
        keys->recipient(keys, office, &wrap.epoch, &recipient) != TIP_OK) {
        return TIP_ENOTFOUND;
    }
    element = tip_record_wrap_element(&wrap);
    if (tip_merge_contains(ring->view, TIP_FIELD_KEY_WRAP, element)) {
        return TIP_EEXISTS;
    }
    bytes = tip_arena_alloc(ring->arena, TIP_RECORD_WRAP_SIZE);
    if (bytes == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_record_wrap_seal(keys->device, &ring->view->id, &wrap, &recipient,
                               &use->own.key, ring->desk->random, bytes);
    if (err == TIP_OK) {
        *out_change = (struct tip_change){
            .field = TIP_FIELD_KEY_WRAP,
            .element = element,
            .value = {.kind = TIP_VALUE_OPAQUE,
                      .bytes = tip_bytes(bytes, TIP_RECORD_WRAP_SIZE)}};
    }
    return err;
}
