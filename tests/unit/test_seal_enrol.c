/* Rules of enrolment: only who holds the paper gets in, both screens show the
 * same digits, and only the registrar vouches. */
#include <stdio.h>
#include <string.h>

#include "tip_box.h"
#include "tip_certificate.h"
#include "tip_fingerprint.h"
#include "tip_flip.h"
#include "tip_invite.h"
#include "tip_keys.h"
#include "tip_prng.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"
#include "tip_test.h"

struct fixture {
    struct tip_prng prng;
    struct tip_device_keys *node;
    struct tip_device_keys *hub;
    struct tip_registrar *registrar;
    struct tip_invite_secret secret;
};

static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){.prng = TIP_PRNG_SEEDED(4)};
    if (tip_seal_init() != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.node) != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.hub) != TIP_OK ||
        tip_registrar_new(&f.prng.base, &f.registrar) != TIP_OK) {
        return -1;
    }
    tip_invite_make(&f.prng.base, &f.secret);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_device_keys_free(f->node);
    tip_device_keys_free(f->hub);
    tip_registrar_free(f->registrar);
    return 0;
}

static void test_a_request_is_bound_to_paper_side_number_and_bytes(void **state)
{
    struct fixture *f = *state;
    uint8_t message[] = "all public keys";
    struct tip_invite_tag tag;
    struct tip_invite_secret other;

#define CHECKS(secret, side, number)                                        \
    tip_invite_tag_check((secret), (side), (number), TIP_BYTES_OF(message), \
                         &tag)

    tip_invite_tag_make(&f->secret, TIP_INVITE_REQUEST, 7,
                        TIP_BYTES_OF(message), &tag);
    tip_invite_make(&f->prng.base, &other);
    assert_int_equal(CHECKS(&f->secret, TIP_INVITE_REQUEST, 7), TIP_OK);
    assert_int_equal(CHECKS(&f->secret, TIP_INVITE_ANSWER, 7), TIP_EMAC);
    assert_int_equal(CHECKS(&f->secret, TIP_INVITE_REQUEST, 8), TIP_EMAC);
    assert_int_equal(CHECKS(&other, TIP_INVITE_REQUEST, 7), TIP_EMAC);
    TIP_FOR_EACH_FLIPPED_BIT(message, sizeof message)
    {
        assert_int_equal(CHECKS(&f->secret, TIP_INVITE_REQUEST, 7), TIP_EMAC);
    }
    TIP_FOR_EACH_FLIPPED_BIT(tag.bytes, sizeof tag.bytes)
    {
        assert_int_equal(CHECKS(&f->secret, TIP_INVITE_REQUEST, 7), TIP_EMAC);
    }
}

static void test_both_screens_show_the_same_digits(void **state)
{
    struct fixture *f = *state;
    struct tip_device_public here[] = {*tip_device_keys_public(f->node),
                                       *tip_device_keys_public(f->hub)};
    struct tip_device_public there[] = {here[1], here[0]};
    char one[TIP_FINGERPRINT_TEXT_SIZE], two[TIP_FINGERPRINT_TEXT_SIZE];

    assert_int_equal(tip_fingerprint_format(here, 2, one), TIP_OK);
    assert_int_equal(tip_fingerprint_format(there, 2, two), TIP_OK);
    assert_string_equal(one, two);
    assert_int_equal(strlen(one), 71);
    assert_int_equal(strspn(one, "0123456789 "), 71);
}

static void test_another_key_shows_other_digits(void **state)
{
    struct fixture *f = *state;
    struct tip_device_public device = *tip_device_keys_public(f->node);
    char right[TIP_FINGERPRINT_TEXT_SIZE], wrong[TIP_FINGERPRINT_TEXT_SIZE];

    assert_int_equal(tip_fingerprint_format(&device, 1, right), TIP_OK);
    device.curve.bytes[0] ^= 1;
    assert_int_equal(tip_fingerprint_format(&device, 1, wrong), TIP_OK);
    assert_string_not_equal(right, wrong);
    assert_int_equal(tip_fingerprint_format(&device, 0, wrong), TIP_EINVAL);
    assert_int_equal(
        tip_fingerprint_format(&device, TIP_FINGERPRINT_DEVICES_MAX + 1, wrong),
        TIP_EINVAL);
}

static void test_a_certificate_says_what_the_registrar_signed(void **state)
{
    struct fixture *f = *state;
    struct tip_certificate given = {.role = TIP_CERTIFICATE_HUB,
                                    .serial = 3,
                                    .origin = 2,
                                    .office = 1,
                                    .device = *tip_device_keys_public(f->hub)};
    const struct tip_registrar_public *registrar =
        tip_registrar_public(f->registrar);
    uint8_t bytes[TIP_CERTIFICATE_SIZE];
    struct tip_certificate found;

    tip_certificate_sign(f->registrar, &given, bytes);
    assert_int_equal(
        tip_certificate_verify(registrar, TIP_BYTES_OF(bytes), &found), TIP_OK);
    assert_int_equal(found.role, given.role);
    assert_int_equal(found.serial, given.serial);
    assert_int_equal(found.origin, given.origin);
    assert_int_equal(found.office, given.office);
    assert_memory_equal(&found.device, &given.device, sizeof found.device);
    TIP_FOR_EACH_FLIPPED_BIT(bytes, sizeof bytes)
    {
        assert_int_not_equal(
            tip_certificate_verify(registrar, TIP_BYTES_OF(bytes), &found),
            TIP_OK);
    }
    assert_int_equal(tip_certificate_verify(
                         registrar, tip_bytes(bytes, sizeof bytes - 1), &found),
                     TIP_EMALFORMED);
}

static void test_refuses_the_certificate_of_another_registrar(void **state)
{
    struct fixture *f = *state;
    struct tip_certificate given = {.role = TIP_CERTIFICATE_NODE};
    struct tip_registrar *hub_made = NULL;
    uint8_t bytes[TIP_CERTIFICATE_SIZE];

    assert_int_equal(tip_registrar_new(&f->prng.base, &hub_made), TIP_OK);
    tip_certificate_sign(hub_made, &given, bytes);
    assert_int_equal(tip_certificate_verify(tip_registrar_public(f->registrar),
                                            TIP_BYTES_OF(bytes), &given),
                     TIP_ESIGNATURE);
    tip_registrar_free(hub_made);
}

static void test_keys_are_the_same_after_a_restart(void **state)
{
    struct fixture *f = *state;
    uint8_t saved[TIP_KEYS_SAVED_SIZE];
    struct tip_device_keys *again = NULL;

    tip_device_keys_save(f->node, saved);
    assert_int_equal(tip_device_keys_load(TIP_BYTES_OF(saved), &again), TIP_OK);
    assert_memory_equal(tip_device_keys_public(again),
                        tip_device_keys_public(f->node),
                        sizeof(struct tip_device_public));
    assert_memory_equal(tip_device_keys_curve(again),
                        tip_device_keys_curve(f->node),
                        sizeof(struct tip_curve_secret));
    tip_device_keys_free(again);
    saved[0] = 9;
    assert_int_equal(tip_device_keys_load(TIP_BYTES_OF(saved), &again),
                     TIP_EMALFORMED);
    assert_int_equal(tip_device_keys_load(tip_bytes(saved, 5), &again),
                     TIP_EMALFORMED);
}

static void test_the_registrar_is_the_same_after_a_restart(void **state)
{
    struct fixture *f = *state;
    uint8_t saved[TIP_REGISTRAR_SAVED_SIZE];
    struct tip_registrar *again = NULL;

    tip_registrar_save(f->registrar, saved);
    assert_int_equal(tip_registrar_load(TIP_BYTES_OF(saved), &again), TIP_OK);
    assert_memory_equal(tip_registrar_public(again),
                        tip_registrar_public(f->registrar),
                        sizeof(struct tip_registrar_public));
    tip_registrar_free(again);
    assert_int_equal(tip_registrar_load(tip_bytes(saved, 5), &again),
                     TIP_EMALFORMED);
}

static void test_a_box_opens_for_its_device_purpose_and_context(void **state)
{
    struct fixture *f = *state;
    uint8_t secret[32] = {7}, opened[32];
    uint8_t sealed[sizeof secret + TIP_BOX_OVERHEAD];
    struct tip_bytes here = tip_bytes_text("office 9, epoch 2");
    struct tip_bytes there = tip_bytes_text("office 9, epoch 3");

#define OPENS(keys, purpose, context) \
    tip_box_open((keys), (purpose), (context), TIP_BYTES_OF(sealed), opened)

    assert_int_equal(tip_box_seal(&tip_device_keys_public(f->node)->box,
                                  TIP_BOX_IDENTITY, here, TIP_BYTES_OF(secret),
                                  &f->prng.base, sealed),
                     TIP_OK);
    assert_int_equal(OPENS(f->node, TIP_BOX_IDENTITY, here), TIP_OK);
    assert_memory_equal(opened, secret, sizeof opened);
    assert_int_equal(OPENS(f->hub, TIP_BOX_IDENTITY, here), TIP_EUNSEAL);
    assert_int_equal(OPENS(f->node, TIP_BOX_OPERATIONAL, here), TIP_EUNSEAL);
    assert_int_equal(OPENS(f->node, TIP_BOX_IDENTITY, there), TIP_EUNSEAL);
    TIP_FOR_EACH_FLIPPED_BIT(sealed, sizeof sealed)
    {
        assert_int_equal(OPENS(f->node, TIP_BOX_IDENTITY, here), TIP_EUNSEAL);
    }
    assert_int_equal(tip_box_open(f->node, TIP_BOX_IDENTITY, here,
                                  tip_bytes(sealed, TIP_BOX_OVERHEAD - 1),
                                  opened),
                     TIP_EMALFORMED);
}

static void test_the_kernel_gives_other_bytes_each_time(void **state)
{
    struct tip_random *random = tip_random_sodium();
    uint8_t one[32], two[32];

    (void)state;
    random->fill(random, one, sizeof one);
    random->fill(random, two, sizeof two);
    assert_memory_not_equal(one, two, sizeof one);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_request_is_bound_to_paper_side_number_and_bytes),
        TEST(test_both_screens_show_the_same_digits),
        TEST(test_another_key_shows_other_digits),
        TEST(test_a_certificate_says_what_the_registrar_signed),
        TEST(test_refuses_the_certificate_of_another_registrar),
        TEST(test_keys_are_the_same_after_a_restart),
        TEST(test_the_registrar_is_the_same_after_a_restart),
        TEST(test_a_box_opens_for_its_device_purpose_and_context),
        TEST(test_the_kernel_gives_other_bytes_each_time),
    };

    return cmocka_run_group_tests_name("seal_enrol", tests, NULL, NULL);
}
