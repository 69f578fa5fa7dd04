/* Rules of tip_chain and tip_frame_seal: a frame is what its device made, at
 * the place it was made for, or it is nothing. */
#include <string.h>

#include "tip_chain.h"
#include "tip_flip.h"
#include "tip_frame_seal.h"
#include "tip_keys.h"
#include "tip_prng.h"
#include "tip_secret.h"
#include "tip_test.h"

enum { HEADER_SIZE = 20, PLAIN_SIZE = 40, SEALED_SIZE = PLAIN_SIZE + 16 };

struct fixture {
    struct tip_prng prng;
    struct tip_device_keys *keys;
    struct tip_device_keys *stranger;
    struct tip_frame_key up;
    uint8_t header[HEADER_SIZE];
    uint8_t plain[PLAIN_SIZE];
    uint8_t body[SEALED_SIZE];
    struct tip_frame_place place;
    struct tip_chain_head previous;
    struct tip_chain_link link;
    struct tip_chain_signature signature;
};

static const struct tip_operational_secret secret = {.bytes = {1, 2, 3}};

static enum tip_err open_body(struct fixture *f,
                              const struct tip_frame_key *key,
                              uint8_t out[PLAIN_SIZE])
{
    return tip_frame_open(key, &f->place, TIP_BYTES_OF(f->header),
                          TIP_BYTES_OF(f->body), out);
}

/* The head after the frame as it is now. */
static struct tip_chain_head head_now(struct fixture *f)
{
    struct tip_chain_body_hash hash;
    struct tip_chain_head head;

    tip_chain_hash_body(TIP_BYTES_OF(f->body), &hash);
    tip_chain_next(&f->previous, TIP_BYTES_OF(f->header), &hash, &head);
    return head;
}

/* What a receiver does who has the chain up to f->previous. */
static enum tip_err receive(struct fixture *f)
{
    struct tip_chain_link link = f->link;

    link.head = head_now(f);
    return tip_chain_verify(&tip_device_keys_public(f->keys)->sign, &link,
                            &f->signature);
}

static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){.prng = TIP_PRNG_SEEDED(1)};
    f.place.chain =
        (struct tip_chain_id){.direction = TIP_CHAIN_UP, .origin = 7};
    f.place.first = 11;
    f.link = (struct tip_chain_link){
        .chain = f.place.chain, .first = 11, .count = 3};
    if (tip_seal_init() != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.keys) != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.stranger) != TIP_OK) {
        return -1;
    }
    f.prng.base.fill(&f.prng.base, f.header, sizeof f.header);
    f.prng.base.fill(&f.prng.base, f.plain, sizeof f.plain);
    f.prng.base.fill(&f.prng.base, f.place.fresh, sizeof f.place.fresh);
    tip_frame_key_derive(&secret, TIP_CHAIN_UP, &f.up);
    if (tip_frame_seal(&f.up, &f.place, TIP_BYTES_OF(f.header),
                       TIP_BYTES_OF(f.plain), f.body) != TIP_OK) {
        return -1;
    }
    tip_chain_start(&f.link.chain, &f.previous);
    f.link.head = head_now(&f);
    tip_chain_sign(f.keys, &f.link, &f.signature);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_device_keys_free(f->keys);
    tip_device_keys_free(f->stranger);
    return 0;
}

static void test_takes_the_frame_the_device_made(void **state)
{
    struct fixture *f = *state;
    uint8_t plain[PLAIN_SIZE];

    assert_int_equal(receive(f), TIP_OK);
    assert_int_equal(open_body(f, &f->up, plain), TIP_OK);
    assert_memory_equal(plain, f->plain, sizeof plain);
}

static void test_notices_any_flipped_bit_of_the_frame(void **state)
{
    struct fixture *f = *state;
    uint8_t plain[PLAIN_SIZE];

    TIP_FOR_EACH_FLIPPED_BIT(f->header, sizeof f->header)
    {
        assert_int_equal(receive(f), TIP_ESIGNATURE);
        assert_int_equal(open_body(f, &f->up, plain), TIP_EUNSEAL);
    }
    TIP_FOR_EACH_FLIPPED_BIT(f->body, sizeof f->body)
    {
        assert_int_equal(receive(f), TIP_ESIGNATURE);
        assert_int_equal(open_body(f, &f->up, plain), TIP_EUNSEAL);
    }
    TIP_FOR_EACH_FLIPPED_BIT(f->signature.bytes, sizeof f->signature.bytes)
    {
        assert_int_equal(receive(f), TIP_ESIGNATURE);
    }
    assert_int_equal(receive(f), TIP_OK);
}

static void test_refuses_a_frame_after_another_predecessor(void **state)
{
    struct fixture *f = *state;

    TIP_FOR_EACH_FLIPPED_BIT(f->previous.bytes, sizeof f->previous.bytes)
    {
        assert_int_equal(receive(f), TIP_ESIGNATURE);
    }
}

#define ASSERT_BOUND_TO(f, member, other)             \
    do {                                              \
        struct tip_chain_link kept_ = (f)->link;      \
        (f)->link.member = (other);                   \
        assert_int_equal(receive(f), TIP_ESIGNATURE); \
        (f)->link = kept_;                            \
    } while (0)

static void test_refuses_a_signature_moved_to_another_place(void **state)
{
    struct fixture *f = *state;

    ASSERT_BOUND_TO(f, chain.direction, TIP_CHAIN_DOWN);
    ASSERT_BOUND_TO(f, chain.origin, 8);
    ASSERT_BOUND_TO(f, chain.channel, 1);
    ASSERT_BOUND_TO(f, chain.generation, 1);
    ASSERT_BOUND_TO(f, first, 12);
    ASSERT_BOUND_TO(f, count, 4);
    assert_int_equal(receive(f), TIP_OK);
}

static void test_refuses_the_signature_of_another_device(void **state)
{
    struct fixture *f = *state;

    tip_chain_sign(f->stranger, &f->link, &f->signature);
    assert_int_equal(receive(f), TIP_ESIGNATURE);
}

#define ASSERT_SEALED_TO(f, member, other)                             \
    do {                                                               \
        struct tip_frame_place kept_ = (f)->place;                     \
        uint8_t plain_[PLAIN_SIZE];                                    \
        (f)->place.member = (other);                                   \
        assert_int_equal(open_body(f, &(f)->up, plain_), TIP_EUNSEAL); \
        (f)->place = kept_;                                            \
    } while (0)

static void test_opens_no_body_moved_to_another_place(void **state)
{
    struct fixture *f = *state;

    ASSERT_SEALED_TO(f, chain.direction, TIP_CHAIN_DOWN);
    ASSERT_SEALED_TO(f, chain.origin, 8);
    ASSERT_SEALED_TO(f, chain.channel, 1);
    ASSERT_SEALED_TO(f, chain.generation, 1);
    ASSERT_SEALED_TO(f, first, 12);
    ASSERT_SEALED_TO(f, fresh[0], (uint8_t)~f->place.fresh[0]);
}

static void test_opens_nothing_with_the_key_of_the_other_direction(void **state)
{
    struct fixture *f = *state;
    struct tip_frame_key down;
    uint8_t plain[PLAIN_SIZE];

    tip_frame_key_derive(&secret, TIP_CHAIN_DOWN, &down);
    assert_int_equal(open_body(f, &down, plain), TIP_EUNSEAL);
}

static void test_seals_and_opens_in_place(void **state)
{
    struct fixture *f = *state;
    uint8_t room[SEALED_SIZE];

    memcpy(room, f->plain, sizeof f->plain);
    assert_int_equal(tip_frame_seal(&f->up, &f->place, TIP_BYTES_OF(f->header),
                                    tip_bytes(room, PLAIN_SIZE), room),
                     TIP_OK);
    assert_memory_equal(room, f->body, sizeof room);
    assert_int_equal(tip_frame_open(&f->up, &f->place, TIP_BYTES_OF(f->header),
                                    TIP_BYTES_OF(room), room),
                     TIP_OK);
    assert_memory_equal(room, f->plain, PLAIN_SIZE);
}

static void test_refuses_a_body_that_is_too_short_or_too_long(void **state)
{
    struct fixture *f = *state;
    static uint8_t large[TIP_FRAME_SEALED_BYTES_MAX + 1];
    struct tip_bytes header = TIP_BYTES_OF(f->header);

    assert_int_equal(tip_frame_open(&f->up, &f->place, header,
                                    tip_bytes(f->body, 15), large),
                     TIP_EMALFORMED);
    assert_int_equal(
        tip_frame_open(&f->up, &f->place, header, TIP_BYTES_OF(large), large),
        TIP_EMALFORMED);
    assert_int_equal(tip_frame_seal(&f->up, &f->place, header,
                                    tip_bytes(large, sizeof large - 16), large),
                     TIP_ETOOBIG);
    assert_int_equal(tip_frame_seal(&f->up, &f->place, header,
                                    tip_bytes(large, sizeof large - 17), large),
                     TIP_OK);
}

static void test_goes_on_from_a_body_that_was_erased(void **state)
{
    struct fixture *f = *state;
    struct tip_chain_body_hash kept;

    tip_chain_hash_body(TIP_BYTES_OF(f->body), &kept);
    memset(f->body, 0, sizeof f->body);
    tip_chain_next(&f->previous, TIP_BYTES_OF(f->header), &kept, &f->link.head);
    assert_int_equal(tip_chain_verify(&tip_device_keys_public(f->keys)->sign,
                                      &f->link, &f->signature),
                     TIP_OK);
}

static void test_starts_each_chain_from_another_head(void **state)
{
    const struct tip_chain_id chains[] = {
        {.direction = TIP_CHAIN_UP, .origin = 1},
        {.direction = TIP_CHAIN_UP, .origin = 2},
        {.direction = TIP_CHAIN_DOWN, .origin = 1},
        {.direction = TIP_CHAIN_DOWN, .origin = 1, .channel = 1},
        {.direction = TIP_CHAIN_DOWN, .origin = 1, .generation = 1},
    };
    enum { COUNT = sizeof chains / sizeof chains[0] };
    struct tip_chain_head heads[COUNT];

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        tip_chain_start(&chains[i], &heads[i]);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(&heads[i], &heads[j], sizeof heads[i]);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_takes_the_frame_the_device_made),
        TEST(test_notices_any_flipped_bit_of_the_frame),
        TEST(test_refuses_a_frame_after_another_predecessor),
        TEST(test_refuses_a_signature_moved_to_another_place),
        TEST(test_refuses_the_signature_of_another_device),
        TEST(test_opens_no_body_moved_to_another_place),
        TEST(test_opens_nothing_with_the_key_of_the_other_direction),
        TEST(test_seals_and_opens_in_place),
        TEST(test_refuses_a_body_that_is_too_short_or_too_long),
        TEST(test_goes_on_from_a_body_that_was_erased),
        TEST(test_starts_each_chain_from_another_head),
    };

    return cmocka_run_group_tests_name("seal_chain", tests, NULL, NULL);
}
