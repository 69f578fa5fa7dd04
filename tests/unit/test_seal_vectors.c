/*
 * Known answers of common/seal: byte for byte what a second implementation
 * (tests/data/seal/vectors.py) makes of the layouts in its README.
 */
#include <string.h>
#include <unistd.h>

#include "seal_vectors.h"
#include "tip_box.h"
#include "tip_certificate.h"
#include "tip_chain.h"
#include "tip_fingerprint.h"
#include "tip_frame_seal.h"
#include "tip_hash.h"
#include "tip_hex.h"
#include "tip_identity_value.h"
#include "tip_invite.h"
#include "tip_keys.h"
#include "tip_random.h"
#include "tip_record_wrap.h"
#include "tip_secret.h"
#include "tip_session_mac.h"
#include "tip_test.h"
#include "tip_vault.h"

enum { ROOM = 2048 };

/* A source that gives 0, 1, 2… at every call, as vectors.py does. */
static void count_up(struct tip_random *self, void *out, size_t size)
{
    uint8_t *bytes = out;

    (void)self;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)i;
    }
}

static struct tip_random counting = {.fill = count_up};

/* Fill @out, @size bytes, with first, first + 1… */
static void run_from(uint8_t first, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(first + i);
    }
}

#define RUN_FROM(first, array) run_from((first), (array), sizeof(array))

static void assert_is(const char *expected, struct tip_bytes bytes)
{
    uint8_t room[ROOM];
    struct tip_bytes wanted = tip_hex_decode(expected, room, sizeof room);

    assert_int_equal(bytes.size, wanted.size);
    assert_memory_equal(bytes.data, wanted.data, wanted.size);
}

struct fixture {
    struct tip_device_keys *a;
    struct tip_device_keys *b;
};

static struct tip_device_keys *load(const char *saved)
{
    uint8_t room[TIP_KEYS_SAVED_SIZE];
    struct tip_device_keys *keys = NULL;

    assert_int_equal(
        tip_device_keys_load(tip_hex_decode(saved, room, sizeof room), &keys),
        TIP_OK);
    return keys;
}

static int setup(void **state)
{
    static struct fixture f;

    if (tip_seal_init() != TIP_OK) {
        return -1;
    }
    f.a = load(device_a);
    f.b = load(device_b);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_device_keys_free(f->a);
    tip_device_keys_free(f->b);
    return 0;
}

static void test_makes_the_known_keys_and_fingerprints(void **state)
{
    struct fixture *f = *state;
    struct tip_device_public both[] = {*tip_device_keys_public(f->a),
                                       *tip_device_keys_public(f->b)};
    char text[TIP_FINGERPRINT_TEXT_SIZE];

    assert_is(device_a_public, tip_bytes(&both[0], sizeof both[0]));
    assert_int_equal(tip_fingerprint_format(both, 1, text), TIP_OK);
    assert_string_equal(text, fingerprint_of_a);
    assert_int_equal(tip_fingerprint_format(both, 2, text), TIP_OK);
    assert_string_equal(text, fingerprint_of_both);
}

static const struct tip_chain_id chain_up = {.direction = TIP_CHAIN_UP,
                                             .origin = 7};

static void test_makes_the_known_frame(void **state)
{
    struct tip_frame_place place = {.chain = chain_up, .first = 11};
    struct tip_operational_secret secret;
    struct tip_frame_key key;
    struct tip_bytes plain = tip_bytes_text("what the office wrote");
    uint8_t body[ROOM], table[TIP_FRAME_TABLE_SIZE];

    (void)state;
    RUN_FROM(8, place.fresh);
    RUN_FROM(32, secret.bytes);
    tip_frame_key_derive(&secret, TIP_CHAIN_DOWN, &key);
    assert_is(frame_key_down, TIP_BYTES_OF(key.bytes));
    tip_frame_key_derive(&secret, TIP_CHAIN_UP, &key);
    assert_int_equal(
        tip_frame_seal(&key, &place, tip_bytes_text("a header"), plain, body),
        TIP_OK);
    assert_is(frame_body,
              tip_bytes(body, plain.size + TIP_FRAME_SEAL_OVERHEAD));
    tip_frame_hash_table(&key, place.fresh, tip_bytes_text("what it says"),
                         table);
    assert_is(frame_table, TIP_BYTES_OF(table));
}

static void test_makes_the_known_chain(void **state)
{
    struct fixture *f = *state;
    const struct tip_chain_id down = {.direction = TIP_CHAIN_DOWN,
                                      .origin = 1,
                                      .channel = 5,
                                      .generation = 3};
    struct tip_chain_link link = {.chain = chain_up, .first = 11, .count = 3};
    struct tip_chain_head head;
    struct tip_chain_body_hash hash;
    struct tip_chain_signature signature;
    struct tip_chain_left left;
    uint8_t body[ROOM];

    tip_chain_start(&down, &head);
    assert_is(chain_start_down, TIP_BYTES_OF(head.bytes));
    tip_chain_start(&chain_up, &head);
    assert_is(chain_start_up, TIP_BYTES_OF(head.bytes));
    tip_chain_hash_body(tip_hex_decode(frame_body, body, sizeof body), &hash);
    tip_chain_next(&head, tip_bytes_text("a header"), &hash, &link.head);
    assert_is(chain_head, TIP_BYTES_OF(link.head.bytes));
    tip_chain_sign(f->a, &link, &signature);
    assert_is(chain_signature, TIP_BYTES_OF(signature.bytes));
    left = (struct tip_chain_left){.past_header = tip_bytes_text("a header"),
                                   .past_body = hash,
                                   .past_signature = signature,
                                   .header = tip_bytes_text("another")};
    tip_chain_hash_body(tip_bytes_text("left of it"), &left.body);
    tip_chain_left_sign(f->b, &left, &signature);
    assert_is(chain_left_signature, TIP_BYTES_OF(signature.bytes));
}

static void test_makes_the_known_session_tags(void **state)
{
    struct fixture *f = *state;
    struct tip_session_nonce node_nonce, hub_nonce;
    struct tip_session_mac_peer peer;
    struct tip_session_mac node, hub;
    struct tip_session_tag tag;
    struct tip_hash whole;
    uint64_t counter;

    RUN_FROM(16, node_nonce.bytes);
    RUN_FROM(48, hub_nonce.bytes);
    assert_int_equal(tip_session_mac_derive(f->a, TIP_SESSION_NODE,
                                            &tip_device_keys_public(f->b)->box,
                                            &peer),
                     TIP_OK);
    tip_session_mac_hello(&peer, &node_nonce, tip_bytes_text("hello"), &tag);
    assert_is(session_hello, TIP_BYTES_OF(tag.bytes));
    RUN_FROM(0, whole.bytes);
    tip_session_mac_bundle(&peer, TIP_SESSION_HUB, &whole, &tag);
    assert_is(bundle_hub, TIP_BYTES_OF(tag.bytes));
    assert_int_equal(
        tip_session_mac_check_bundle(&peer, TIP_SESSION_HUB, &whole, &tag),
        TIP_OK);
    assert_int_equal(
        tip_session_mac_check_bundle(&peer, TIP_SESSION_NODE, &whole, &tag),
        TIP_EMAC);
    tip_session_mac_init(&node, &peer, TIP_SESSION_NODE, &node_nonce,
                         &hub_nonce);
    tip_session_mac_make(&node, tip_bytes_text("ack"), &counter, &tag);
    assert_is(session_node_1, TIP_BYTES_OF(tag.bytes));
    tip_session_mac_init(&hub, &peer, TIP_SESSION_HUB, &node_nonce, &hub_nonce);
    tip_session_mac_make(&hub, tip_bytes_text("first"), &counter, &tag);
    tip_session_mac_make(&hub, tip_bytes_text("ack"), &counter, &tag);
    assert_is(session_hub_2, TIP_BYTES_OF(tag.bytes));
}

static const struct tip_record_key_name key_name = {300, 2, 1};

static struct tip_record_key make_record_key(void)
{
    struct tip_identity_secret identity;
    struct tip_record_salt salt;
    struct tip_record_key key;

    RUN_FROM(64, identity.bytes);
    RUN_FROM(96, salt.bytes);
    tip_record_key_derive(&identity, &salt, &key);
    return key;
}

static void test_makes_the_known_identity_value(void **state)
{
    struct tip_identity_cell cell = {.field = 21, .element = 9};
    struct tip_record_key key = make_record_key();
    uint8_t plain[64], room[ROOM];
    struct tip_buf buf;

    (void)state;
    RUN_FROM(112, cell.record.bytes);
    assert_is(record_key, TIP_BYTES_OF(key.bytes));
    tip_buf_init(&buf, room, sizeof room);
    assert_int_equal(tip_identity_value_seal(
                         &key, &key_name, &cell,
                         tip_hex_decode(identity_plain, plain, sizeof plain),
                         &counting, &buf),
                     TIP_OK);
    assert_is(identity_value, tip_bytes(room, buf.size));
}

static void test_makes_the_known_announcement_and_wrap(void **state)
{
    struct fixture *f = *state;
    const struct tip_record_wrap wrapped = {
        .name = key_name, .office = 301, .epoch = 4, .origin = 7};
    struct tip_office_key key = {.office = 301, .epoch = 4, .origin = 7};
    struct tip_record_key content = make_record_key();
    struct tip_identity_secret other;
    uint8_t announced[TIP_OFFICE_KEY_SIZE], sealed[TIP_RECORD_WRAP_SIZE];
    uint8_t element[8];
    struct tip_id record;
    struct tip_buf buf;

    RUN_FROM(128, other.bytes);
    RUN_FROM(112, record.bytes);
    tip_office_key_derive(&other, &key.wrap);
    assert_is(wrap_public, TIP_BYTES_OF(key.wrap.bytes));
    tip_office_key_sign(f->a, &key, announced);
    assert_is(office_key, TIP_BYTES_OF(announced));
    assert_int_equal(tip_record_wrap_seal(f->a, &record, &wrapped, &key.wrap,
                                          &content, &counting, sealed),
                     TIP_OK);
    assert_is(wrap, TIP_BYTES_OF(sealed));
    tip_buf_init(&buf, element, sizeof element);
    tip_buf_put_u64(&buf, tip_record_wrap_element(&wrapped));
    assert_is(wrap_element, TIP_BYTES_OF(element));
}

static void test_makes_the_known_box(void **state)
{
    struct fixture *f = *state;
    struct tip_operational_secret secret;
    uint8_t sealed[sizeof secret.bytes + TIP_BOX_OVERHEAD];

    RUN_FROM(32, secret.bytes);
    assert_int_equal(
        tip_box_seal(&tip_device_keys_public(f->b)->box, TIP_BOX_OPERATIONAL,
                     tip_bytes_text("office 301, epoch 4"),
                     TIP_BYTES_OF(secret.bytes), &counting, sealed),
        TIP_OK);
    assert_is(box, TIP_BYTES_OF(sealed));
}

static void test_makes_the_known_invitation(void **state)
{
    struct tip_invite_secret secret;
    struct tip_invite_tag tag;

    (void)state;
    RUN_FROM(160, secret.bytes);
    tip_invite_tag_make(&secret, TIP_INVITE_REQUEST, 12,
                        tip_bytes_text("request"), &tag);
    assert_is(invite_request, TIP_BYTES_OF(tag.bytes));
    tip_invite_tag_make(&secret, TIP_INVITE_ANSWER, 12,
                        tip_bytes_text("answer"), &tag);
    assert_is(invite_answer, TIP_BYTES_OF(tag.bytes));
}

static void test_makes_the_known_certificate(void **state)
{
    struct fixture *f = *state;
    struct tip_certificate content = {.role = TIP_CERTIFICATE_NODE,
                                      .serial = 1000,
                                      .origin = 7,
                                      .office = 301,
                                      .device = *tip_device_keys_public(f->a)};
    uint8_t saved[TIP_REGISTRAR_SAVED_SIZE], bytes[TIP_CERTIFICATE_SIZE];
    struct tip_registrar *loaded = NULL;

    assert_int_equal(
        tip_registrar_load(tip_hex_decode(registrar, saved, sizeof saved),
                           &loaded),
        TIP_OK);
    tip_certificate_sign(loaded, &content, bytes);
    assert_is(certificate, TIP_BYTES_OF(bytes));
    tip_registrar_free(loaded);
}

static void test_makes_the_known_hashes(void **state)
{
    struct tip_digest_key key;
    struct tip_digest short_one;
    struct tip_hash hash;

    (void)state;
    tip_hash_make(TIP_HASH_CONTENT, tip_bytes_text("abc"), &hash);
    assert_is(hash_content, TIP_BYTES_OF(hash.bytes));
    tip_hash_make(TIP_HASH_CATALOGUE, tip_bytes_text("abc"), &hash);
    assert_is(hash_catalogue, TIP_BYTES_OF(hash.bytes));
    tip_hash_make(TIP_HASH_VALUE, tip_bytes_text("abc"), &hash);
    assert_is(hash_value, TIP_BYTES_OF(hash.bytes));
    tip_hash_make(TIP_HASH_PIECE, tip_bytes_text("abc"), &hash);
    assert_is(hash_piece, TIP_BYTES_OF(hash.bytes));
    RUN_FROM(0, key.bytes);
    tip_digest_make(&key, tip_bytes_text("abc"), &short_one);
    assert_is(digest, TIP_BYTES_OF(short_one.bytes));
}

static void test_opens_the_known_stored_value(void **state)
{
    char path[] = "/tmp/tip_seal_XXXXXX";
    int fd = mkstemp(path);
    struct tip_vault *vault = NULL;
    uint8_t room[ROOM], plain[ROOM];

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, key_file, strlen(key_file)), strlen(key_file));
    assert_int_equal(close(fd), 0);
    assert_int_equal(tip_vault_open_file(path, &vault), TIP_OK);
    assert_int_equal(
        tip_sealer_open(tip_vault_sealer(vault), tip_bytes_text("its key"),
                        tip_hex_decode(stored_value, room, sizeof room), plain),
        TIP_OK);
    assert_memory_equal(plain, "stored", strlen("stored"));
    tip_vault_close(vault);
    assert_int_equal(unlink(path), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_makes_the_known_keys_and_fingerprints),
        TEST(test_makes_the_known_frame),
        TEST(test_makes_the_known_chain),
        TEST(test_makes_the_known_session_tags),
        TEST(test_makes_the_known_identity_value),
        TEST(test_makes_the_known_announcement_and_wrap),
        TEST(test_makes_the_known_box),
        TEST(test_makes_the_known_invitation),
        TEST(test_makes_the_known_certificate),
        TEST(test_makes_the_known_hashes),
        TEST(test_opens_the_known_stored_value),
    };

    return cmocka_run_group_tests_name("seal_vectors", tests, NULL, NULL);
}
