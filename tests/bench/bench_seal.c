/*
 * What does each operation of common/seal cost? One line per operation:
 * microseconds, and how many a second of one core. An argument is the number
 * of rounds; the default takes about a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tip_chain.h"
#include "tip_frame_seal.h"
#include "tip_identity_value.h"
#include "tip_keys.h"
#include "tip_random_sodium.h"
#include "tip_record_wrap.h"
#include "tip_secret.h"
#include "tip_session_mac.h"
#include "tip_vault.h"

enum {
    ROUNDS = 1000,
    VALUE_SIZE = 300,     /* A stored record's typical state. */
    BODY_SIZE = 8 * 1024, /* A frame on a fair link. */
    MESSAGE_SIZE = 64     /* An acknowledgement. */
};

struct bench {
    struct tip_random *random;
    struct tip_device_keys *keys;
    struct tip_device_keys *peer;
    struct tip_vault *vault;
    struct tip_frame_key frame_key;
    struct tip_frame_place place;
    struct tip_chain_link link;
    struct tip_chain_signature signature;
    struct tip_record_key record_key;
    struct tip_record_key_name name;
    struct tip_identity_cell cell;
    struct tip_identity_secret identity;
    struct tip_record_wrap wrap;
    struct tip_wrap_public recipient;
    struct tip_session_mac session;
    struct tip_session_tag tag;
    uint8_t plain[BODY_SIZE];
    uint8_t frame[BODY_SIZE + TIP_FRAME_SEAL_OVERHEAD];
    uint8_t stored[VALUE_SIZE + TIP_SEALER_OVERHEAD];
    uint8_t wrapped[TIP_RECORD_WRAP_SIZE];
    uint8_t value[256];
    size_t value_size;
};

static void must(enum tip_err err)
{
    if (err != TIP_OK) {
        (void)fprintf(stderr, "bench_seal: %s\n", tip_err_text(err));
        exit(1);
    }
}

static void store_seal(struct bench *b)
{
    must(tip_sealer_seal(tip_vault_sealer(b->vault), TIP_BYTES_OF(b->tag.bytes),
                         tip_bytes(b->plain, VALUE_SIZE), b->stored));
}

static void store_open(struct bench *b)
{
    uint8_t out[VALUE_SIZE];

    must(tip_sealer_open(tip_vault_sealer(b->vault), TIP_BYTES_OF(b->tag.bytes),
                         TIP_BYTES_OF(b->stored), out));
}

static void frame_seal(struct bench *b)
{
    must(tip_frame_seal(&b->frame_key, &b->place, TIP_BYTES_NONE,
                        TIP_BYTES_OF(b->plain), b->frame));
}

static void frame_open(struct bench *b)
{
    uint8_t out[BODY_SIZE];

    must(tip_frame_open(&b->frame_key, &b->place, TIP_BYTES_NONE,
                        TIP_BYTES_OF(b->frame), out));
}

static void chain_next(struct bench *b)
{
    struct tip_chain_body_hash hash;

    tip_chain_hash_body(TIP_BYTES_OF(b->frame), &hash);
    tip_chain_next(&b->link.head, TIP_BYTES_NONE, &hash, &b->link.head);
}

static void chain_sign(struct bench *b)
{
    tip_chain_sign(b->keys, &b->link, &b->signature);
}

static void chain_verify(struct bench *b)
{
    must(tip_chain_verify(&tip_device_keys_public(b->keys)->sign, &b->link,
                          &b->signature));
}

static void identity_seal(struct bench *b)
{
    struct tip_buf buf;

    tip_buf_init(&buf, b->value, sizeof b->value);
    must(tip_identity_value_seal(&b->record_key, &b->name, &b->cell,
                                 tip_bytes(b->plain, 24), b->random, &buf));
    b->value_size = buf.size;
}

static void identity_open(struct bench *b)
{
    uint8_t room[256];
    struct tip_buf buf;

    tip_buf_init(&buf, room, sizeof room);
    must(tip_identity_value_open(&b->record_key, &b->cell,
                                 tip_bytes(b->value, b->value_size), &buf));
}

static void wrap_seal(struct bench *b)
{
    must(tip_record_wrap_seal(b->keys, &b->cell.record, &b->wrap, &b->recipient,
                              &b->record_key, b->random, b->wrapped));
}

static void wrap_open(struct bench *b)
{
    struct tip_record_wrap wrap;
    struct tip_record_key key;

    must(tip_record_wrap_open(&tip_device_keys_public(b->keys)->sign,
                              &b->identity, &b->cell.record,
                              TIP_BYTES_OF(b->wrapped), &wrap, &key));
}

static void session_mac(struct bench *b)
{
    uint64_t counter;

    tip_session_mac_make(&b->session, tip_bytes(b->plain, MESSAGE_SIZE),
                         &counter, &b->tag);
}

static void session_derive(struct bench *b)
{
    struct tip_session_mac_peer peer;

    must(tip_session_mac_derive(b->keys, TIP_SESSION_NODE,
                                &tip_device_keys_public(b->peer)->box, &peer));
}

/* In this order: what opens follows what seals. */
static const struct {
    const char *name;
    void (*run)(struct bench *b);
    unsigned times; /* As often as this in a round. */
} operations[] = {
    {"store: seal a value of 300 B", store_seal, 100},
    {"store: open it", store_open, 100},
    {"frame: seal a body of 8 KiB", frame_seal, 10},
    {"frame: open it", frame_open, 10},
    {"chain: next head over 8 KiB", chain_next, 10},
    {"chain: sign", chain_sign, 1},
    {"chain: verify", chain_verify, 1},
    {"identity value: seal 24 B", identity_seal, 10},
    {"identity value: open it", identity_open, 10},
    {"wrap: seal", wrap_seal, 1},
    {"wrap: verify and open", wrap_open, 1},
    {"session: tag of 64 B", session_mac, 100},
    {"session: secret with a peer", session_derive, 1},
};

static void open_vault(struct bench *b)
{
    char folder[] = "/tmp/tip_bench_XXXXXX";
    char path[64];

    if (mkdtemp(folder) == NULL) {
        must(TIP_EIO);
    }
    (void)snprintf(path, sizeof path, "%s/vault.key", folder);
    must(tip_vault_create_file(path, b->random));
    must(tip_vault_open_file(path, &b->vault));
    (void)unlink(path);
    (void)rmdir(folder);
}

static void prepare(struct bench *b)
{
    const struct tip_operational_secret secret = {.bytes = {1}};

    must(tip_seal_init());
    b->random = tip_random_sodium();
    must(tip_device_keys_new(b->random, &b->keys));
    must(tip_device_keys_new(b->random, &b->peer));
    tip_office_key_derive(&b->identity, &b->recipient);
    tip_frame_key_derive(&secret, TIP_CHAIN_UP, &b->frame_key);
    open_vault(b);
}

static double seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void measure(struct bench *b, size_t operation, unsigned long rounds)
{
    unsigned long count = rounds * operations[operation].times;
    double start = seconds_now();
    double each;

    for (unsigned long i = 0; i < count; i++) {
        operations[operation].run(b);
    }
    each = (seconds_now() - start) / (double)count;
    (void)printf("%-32s %9.2f us %12.0f /s\n", operations[operation].name,
                 each * 1e6, 1 / each);
}

int main(int argc, char **argv)
{
    static struct bench b;
    unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : ROUNDS;

    if (rounds == 0) {
        (void)fprintf(stderr, "usage: bench_seal [ROUNDS]\n");
        return 2;
    }
    prepare(&b);
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        measure(&b, i, rounds);
    }
    tip_vault_close(b.vault);
    tip_device_keys_free(b.keys);
    tip_device_keys_free(b.peer);
    return 0;
}
