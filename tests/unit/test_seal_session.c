/* Rules of tip_session_mac: who lacks the keys cannot say anything, and what
 * was said once cannot be said again. */
#include "tip_flip.h"
#include "tip_keys.h"
#include "tip_prng.h"
#include "tip_secret.h"
#include "tip_session_mac.h"
#include "tip_test.h"

enum { MESSAGE_SIZE = 12 };

struct fixture {
    struct tip_prng prng;
    struct tip_device_keys *node_keys;
    struct tip_device_keys *hub_keys;
    struct tip_device_keys *stranger_keys;
    struct tip_session_mac_peer node_peer; /* What the node shares. */
    struct tip_session_mac_peer hub_peer;  /* What the hub shares. */
    struct tip_session_nonce node_nonce;
    struct tip_session_nonce hub_nonce;
    struct tip_session_mac node;
    struct tip_session_mac hub;
    uint8_t message[MESSAGE_SIZE];
    struct tip_session_tag tag;
    uint64_t counter;
};

static struct tip_device_keys *new_keys(struct tip_prng *prng)
{
    struct tip_device_keys *keys = NULL;

    assert_int_equal(tip_device_keys_new(&prng->base, &keys), TIP_OK);
    return keys;
}

static struct tip_session_mac_peer share(const struct tip_device_keys *own,
                                         enum tip_session_side side,
                                         const struct tip_device_keys *peer)
{
    struct tip_session_mac_peer shared;

    assert_int_equal(tip_session_mac_derive(own, side,
                                            &tip_device_keys_public(peer)->box,
                                            &shared),
                     TIP_OK);
    return shared;
}

static int setup(void **state)
{
    static struct fixture f;

    if (tip_seal_init() != TIP_OK) {
        return -1;
    }
    f = (struct fixture){.prng = TIP_PRNG_SEEDED(2)};
    f.node_keys = new_keys(&f.prng);
    f.hub_keys = new_keys(&f.prng);
    f.stranger_keys = new_keys(&f.prng);
    f.node_peer = share(f.node_keys, TIP_SESSION_NODE, f.hub_keys);
    f.hub_peer = share(f.hub_keys, TIP_SESSION_HUB, f.node_keys);
    f.prng.base.fill(&f.prng.base, &f.node_nonce, sizeof f.node_nonce);
    f.prng.base.fill(&f.prng.base, &f.hub_nonce, sizeof f.hub_nonce);
    f.prng.base.fill(&f.prng.base, f.message, sizeof f.message);
    tip_session_mac_init(&f.node, &f.node_peer, TIP_SESSION_NODE, &f.node_nonce,
                         &f.hub_nonce);
    tip_session_mac_init(&f.hub, &f.hub_peer, TIP_SESSION_HUB, &f.node_nonce,
                         &f.hub_nonce);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_device_keys_free(f->node_keys);
    tip_device_keys_free(f->hub_keys);
    tip_device_keys_free(f->stranger_keys);
    return 0;
}

/* The node says the message; f->counter and f->tag go with it. */
static void say(struct fixture *f)
{
    tip_session_mac_make(&f->node, TIP_BYTES_OF(f->message), &f->counter,
                         &f->tag);
}

static enum tip_err hear(struct fixture *f, struct tip_session_mac *at)
{
    return tip_session_mac_check(at, f->counter, TIP_BYTES_OF(f->message),
                                 &f->tag);
}

static void test_hears_what_the_peer_says(void **state)
{
    struct fixture *f = *state;

    say(f);
    assert_int_equal(hear(f, &f->hub), TIP_OK);
    tip_session_mac_make(&f->hub, TIP_BYTES_OF(f->message), &f->counter,
                         &f->tag);
    assert_int_equal(hear(f, &f->node), TIP_OK);
}

static void test_notices_any_flipped_bit_of_message_and_tag(void **state)
{
    struct fixture *f = *state;

    say(f);
    TIP_FOR_EACH_FLIPPED_BIT(f->message, sizeof f->message)
    {
        assert_int_equal(hear(f, &f->hub), TIP_EMAC);
    }
    TIP_FOR_EACH_FLIPPED_BIT(f->tag.bytes, sizeof f->tag.bytes)
    {
        assert_int_equal(hear(f, &f->hub), TIP_EMAC);
    }
    assert_int_equal(hear(f, &f->hub), TIP_OK);
}

static void test_refuses_a_message_said_twice(void **state)
{
    struct fixture *f = *state;

    say(f);
    assert_int_equal(hear(f, &f->hub), TIP_OK);
    assert_int_equal(hear(f, &f->hub), TIP_EMAC);
}

static void test_refuses_a_message_under_another_counter(void **state)
{
    struct fixture *f = *state;

    say(f);
    f->counter++;
    assert_int_equal(hear(f, &f->hub), TIP_EMAC);
}

static void test_goes_on_when_messages_were_lost(void **state)
{
    struct fixture *f = *state;

    say(f);
    say(f);
    say(f);
    assert_int_equal(hear(f, &f->hub), TIP_OK);
}

static void test_refuses_an_overtaken_message(void **state)
{
    struct fixture *f = *state;
    struct tip_session_tag first;

    say(f);
    first = f->tag;
    say(f);
    assert_int_equal(hear(f, &f->hub), TIP_OK);
    f->counter = 1;
    f->tag = first;
    assert_int_equal(hear(f, &f->hub), TIP_EMAC);
}

static void test_a_forged_counter_does_not_close_the_session(void **state)
{
    struct fixture *f = *state;

    say(f);
    f->counter = UINT64_MAX;
    assert_int_equal(hear(f, &f->hub), TIP_EMAC);
    say(f);
    assert_int_equal(hear(f, &f->hub), TIP_OK);
}

static void test_refuses_its_own_words_sent_back(void **state)
{
    struct fixture *f = *state;

    say(f);
    assert_int_equal(hear(f, &f->node), TIP_EMAC);
}

static void test_refuses_words_of_another_session(void **state)
{
    struct fixture *f = *state;
    struct tip_session_mac other;

    say(f);
    f->hub_nonce.bytes[0] ^= 1;
    tip_session_mac_init(&other, &f->hub_peer, TIP_SESSION_HUB, &f->node_nonce,
                         &f->hub_nonce);
    assert_int_equal(hear(f, &other), TIP_EMAC);
    f->hub_nonce.bytes[0] ^= 1;
    f->node_nonce.bytes[0] ^= 1;
    tip_session_mac_init(&other, &f->hub_peer, TIP_SESSION_HUB, &f->node_nonce,
                         &f->hub_nonce);
    assert_int_equal(hear(f, &other), TIP_EMAC);
}

static void test_who_lacks_the_box_keys_cannot_speak(void **state)
{
    struct fixture *f = *state;
    struct tip_session_mac_peer guess =
        share(f->stranger_keys, TIP_SESSION_NODE, f->hub_keys);

    tip_session_mac_init(&f->node, &guess, TIP_SESSION_NODE, &f->node_nonce,
                         &f->hub_nonce);
    say(f);
    assert_int_equal(hear(f, &f->hub), TIP_EMAC);
}

static void test_a_node_does_not_pass_for_the_hub(void **state)
{
    struct fixture *f = *state;
    struct tip_session_mac_peer wrong =
        share(f->node_keys, TIP_SESSION_HUB, f->hub_keys);

    assert_memory_not_equal(&wrong, &f->hub_peer, sizeof wrong);
}

static void test_hello_is_bound_to_device_nonce_and_message(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes message = TIP_BYTES_OF(f->message);

#define HEARS_HELLO(peer) \
    tip_session_mac_check_hello((peer), &f->node_nonce, message, &f->tag)

    tip_session_mac_hello(&f->node_peer, &f->node_nonce, message, &f->tag);
    assert_int_equal(HEARS_HELLO(&f->hub_peer), TIP_OK);
    TIP_FOR_EACH_FLIPPED_BIT(f->node_nonce.bytes, sizeof f->node_nonce.bytes)
    {
        assert_int_equal(HEARS_HELLO(&f->hub_peer), TIP_EMAC);
    }
    TIP_FOR_EACH_FLIPPED_BIT(f->message, sizeof f->message)
    {
        assert_int_equal(HEARS_HELLO(&f->hub_peer), TIP_EMAC);
    }
    TIP_FOR_EACH_FLIPPED_BIT(f->tag.bytes, sizeof f->tag.bytes)
    {
        assert_int_equal(HEARS_HELLO(&f->hub_peer), TIP_EMAC);
    }
    f->hub_peer = share(f->hub_keys, TIP_SESSION_HUB, f->stranger_keys);
    assert_int_equal(HEARS_HELLO(&f->hub_peer), TIP_EMAC);
}

static void test_refuses_a_public_key_that_shares_nothing(void **state)
{
    struct fixture *f = *state;
    const struct tip_box_public zero = {.bytes = {0}};
    struct tip_session_mac_peer peer;

    assert_int_equal(
        tip_session_mac_derive(f->hub_keys, TIP_SESSION_HUB, &zero, &peer),
        TIP_EMAC);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hears_what_the_peer_says),
        TEST(test_notices_any_flipped_bit_of_message_and_tag),
        TEST(test_refuses_a_message_said_twice),
        TEST(test_refuses_a_message_under_another_counter),
        TEST(test_goes_on_when_messages_were_lost),
        TEST(test_refuses_an_overtaken_message),
        TEST(test_a_forged_counter_does_not_close_the_session),
        TEST(test_refuses_its_own_words_sent_back),
        TEST(test_refuses_words_of_another_session),
        TEST(test_who_lacks_the_box_keys_cannot_speak),
        TEST(test_a_node_does_not_pass_for_the_hub),
        TEST(test_hello_is_bound_to_device_nonce_and_message),
        TEST(test_refuses_a_public_key_that_shares_nothing),
    };

    return cmocka_run_group_tests_name("seal_session", tests, NULL, NULL);
}
