/* Rules of identity values: only offices of the record open them, only where
 * they belong, and their length says little. */
#include <string.h>

#include "tip_flip.h"
#include "tip_identity_value.h"
#include "tip_keys.h"
#include "tip_prng.h"
#include "tip_record_wrap.h"
#include "tip_secret.h"
#include "tip_test.h"

enum { ROOM = 2 * TIP_IDENTITY_PLAIN_BYTES_MAX };

struct fixture {
    struct tip_prng prng;
    struct tip_device_keys *device;
    struct tip_device_keys *stranger;
    struct tip_identity_secret own;
    struct tip_identity_secret other;
    struct tip_office_key other_key; /* The other office's, announced. */
    struct tip_record_key key;
    struct tip_identity_cell cell;
    struct tip_record_wrap wrap;
    uint8_t room[ROOM];
    uint8_t wrapped[TIP_RECORD_WRAP_SIZE];
};

static const struct tip_record_key_name name = {
    .office = 5, .epoch = 1, .number = 0};

static int setup(void **state)
{
    static struct fixture f;
    struct tip_record_salt salt;

    f = (struct fixture){.prng = TIP_PRNG_SEEDED(3)};
    if (tip_seal_init() != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.device) != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.stranger) != TIP_OK) {
        return -1;
    }
    f.prng.base.fill(&f.prng.base, &f.own, sizeof f.own);
    f.prng.base.fill(&f.prng.base, &f.other, sizeof f.other);
    f.prng.base.fill(&f.prng.base, &salt, sizeof salt);
    f.prng.base.fill(&f.prng.base, &f.cell.record, sizeof f.cell.record);
    f.cell.field = 20;
    tip_record_key_derive(&f.own, &salt, &f.key);
    f.other_key = (struct tip_office_key){.office = 9, .epoch = 2, .origin = 4};
    tip_office_key_derive(&f.other, &f.other_key.wrap);
    f.wrap = (struct tip_record_wrap){
        .name = name, .office = 9, .epoch = 2, .origin = 3};
    if (tip_record_wrap_seal(f.device, &f.cell.record, &f.wrap,
                             &f.other_key.wrap, &f.key, &f.prng.base,
                             f.wrapped) != TIP_OK) {
        return -1;
    }
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_device_keys_free(f->device);
    tip_device_keys_free(f->stranger);
    return 0;
}

/* Seal @plain into f->room; returns the bytes, which may be altered. */
static struct tip_bytes seal(struct fixture *f, struct tip_bytes plain)
{
    struct tip_buf buf;

    tip_buf_init(&buf, f->room, sizeof f->room);
    assert_int_equal(tip_identity_value_seal(&f->key, &name, &f->cell, plain,
                                             &f->prng.base, &buf),
                     TIP_OK);
    return tip_bytes(f->room, buf.size);
}

static enum tip_err open_sealed(struct fixture *f, struct tip_bytes sealed,
                                struct tip_bytes *out_plain)
{
    static uint8_t room[ROOM];
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, room, sizeof room);
    err = tip_identity_value_open(&f->key, &f->cell, sealed, &buf);
    *out_plain = tip_bytes(room, buf.size);
    return err;
}

static void test_opens_what_was_sealed_at_every_length(void **state)
{
    struct fixture *f = *state;
    static uint8_t text[TIP_IDENTITY_PLAIN_BYTES_MAX];
    struct tip_bytes plain;

    for (size_t size = 0; size <= sizeof text;
         size += size < 600 ? 1 : (sizeof text - size > 997 ? 997 : 1)) {
        /* Ends that look like padding are no trouble. */
        memset(text, size % 2 == 0 ? 0x80 : 0x00, size);
        assert_int_equal(open_sealed(f, seal(f, tip_bytes(text, size)), &plain),
                         TIP_OK);
        assert_true(tip_bytes_equal(plain, tip_bytes(text, size)));
    }
}

static void test_notices_any_flipped_bit(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes sealed = seal(f, tip_bytes_text("Aminetou"));
    struct tip_bytes plain;

    TIP_FOR_EACH_FLIPPED_BIT(f->room, sealed.size)
    {
        assert_int_not_equal(open_sealed(f, sealed, &plain), TIP_OK);
        assert_int_equal(plain.size, 0);
    }
}

static void test_refuses_every_truncation(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes sealed = seal(f, tip_bytes_text("Aminetou"));
    struct tip_bytes plain;

    for (size_t size = 0; size < sealed.size; size++) {
        assert_int_not_equal(
            open_sealed(f, tip_bytes(sealed.data, size), &plain), TIP_OK);
    }
}

static void test_opens_nothing_moved_to_another_cell(void **state)
{
    struct fixture *f = *state;
    const struct tip_identity_cell home = f->cell;
    struct tip_bytes sealed = seal(f, tip_bytes_text("Aminetou"));
    struct tip_bytes plain;

    f->cell.field++;
    assert_int_equal(open_sealed(f, sealed, &plain), TIP_EUNSEAL);
    f->cell = home;
    f->cell.element++;
    assert_int_equal(open_sealed(f, sealed, &plain), TIP_EUNSEAL);
    f->cell = home;
    f->cell.record.bytes[0] ^= 1;
    assert_int_equal(open_sealed(f, sealed, &plain), TIP_EUNSEAL);
    f->cell = home;
    assert_int_equal(open_sealed(f, sealed, &plain), TIP_OK);
}

static void test_opens_nothing_with_the_key_of_another_salt(void **state)
{
    struct fixture *f = *state;
    const struct tip_record_salt salt = {.bytes = {1}};
    struct tip_bytes sealed = seal(f, tip_bytes_text("Aminetou"));
    struct tip_bytes plain;

    tip_record_key_derive(&f->own, &salt, &f->key);
    assert_int_equal(open_sealed(f, sealed, &plain), TIP_EUNSEAL);
}

static void test_seals_the_same_value_to_other_bytes_each_time(void **state)
{
    struct fixture *f = *state;
    uint8_t first[128];
    struct tip_bytes sealed = seal(f, tip_bytes_text("Aminetou"));

    memcpy(first, sealed.data, sealed.size);
    sealed = seal(f, tip_bytes_text("Aminetou"));
    assert_memory_not_equal(first, sealed.data, sealed.size);
}

static void test_hides_the_length_of_names_and_answers(void **state)
{
    struct fixture *f = *state;
    size_t shortest = seal(f, tip_bytes_text("")).size;

    assert_int_equal(seal(f, tip_bytes_text("no")).size, shortest);
    assert_int_equal(seal(f, tip_bytes_text("Fatimetou Mint Mohamed")).size,
                     shortest);
    assert_int_equal(tip_identity_value_size(&name, 31), shortest);
    assert_int_equal(tip_identity_value_size(&name, 32), shortest + 32);
    assert_int_equal(tip_identity_value_size(&name, 255), shortest + 224);
    assert_int_equal(tip_identity_value_size(&name, 256), shortest + 480);
    assert_int_equal(tip_identity_value_size(&name, 511), shortest + 480);
}

static void test_names_the_key_a_value_needs(void **state)
{
    struct fixture *f = *state;
    struct tip_record_key_name found;

    assert_int_equal(
        tip_identity_value_name(seal(f, tip_bytes_text("Aminetou")), &found),
        TIP_OK);
    assert_memory_equal(&found, &name, sizeof found);
}

static void test_a_key_name_and_its_element_tell_the_same(void **state)
{
    const struct tip_record_key_name largest = {TIP_RECORD_KEY_OFFICE_MAX,
                                                TIP_RECORD_KEY_EPOCH_MAX,
                                                TIP_RECORD_KEY_NUMBER_MAX};
    struct tip_record_key_name back;

    (void)state;
    back = tip_record_key_name(tip_record_key_element(&largest));
    assert_memory_equal(&back, &largest, sizeof back);
    back = tip_record_key_name(tip_record_key_element(&name));
    assert_memory_equal(&back, &name, sizeof back);
}

static void test_refuses_what_does_not_fit(void **state)
{
    struct fixture *f = *state;
    static uint8_t large[TIP_IDENTITY_PLAIN_BYTES_MAX + 1];
    const struct tip_record_key_name wrong = {TIP_RECORD_KEY_OFFICE_MAX + 1, 0,
                                              0};
    struct tip_buf buf;

    tip_buf_init(&buf, f->room, tip_identity_value_size(&name, 3) - 1);
    assert_int_equal(tip_identity_value_seal(&f->key, &name, &f->cell,
                                             tip_bytes(large, 3), &f->prng.base,
                                             &buf),
                     TIP_ETOOBIG);
    assert_int_equal(buf.size, 0);
    tip_buf_init(&buf, f->room, sizeof f->room);
    assert_int_equal(tip_identity_value_seal(&f->key, &name, &f->cell,
                                             TIP_BYTES_OF(large), &f->prng.base,
                                             &buf),
                     TIP_ETOOBIG);
    assert_int_equal(tip_identity_value_seal(&f->key, &wrong, &f->cell,
                                             tip_bytes(large, 3), &f->prng.base,
                                             &buf),
                     TIP_EINVAL);
}

static enum tip_err open_wrap(struct fixture *f,
                              const struct tip_identity_secret *secret,
                              struct tip_record_key *out_key)
{
    struct tip_record_wrap wrap;

    return tip_record_wrap_open(&tip_device_keys_public(f->device)->sign,
                                secret, &f->cell.record,
                                TIP_BYTES_OF(f->wrapped), &wrap, out_key);
}

static void test_the_recipient_opens_a_wrap(void **state)
{
    struct fixture *f = *state;
    struct tip_record_wrap wrap;
    struct tip_record_key key;

    assert_int_equal(open_wrap(f, &f->other, &key), TIP_OK);
    assert_memory_equal(&key, &f->key, sizeof key);
    assert_int_equal(tip_record_wrap_read(TIP_BYTES_OF(f->wrapped), &wrap),
                     TIP_OK);
    assert_memory_equal(&wrap, &f->wrap, sizeof wrap);
}

static void test_no_other_office_opens_a_wrap(void **state)
{
    struct fixture *f = *state;
    struct tip_record_key key;

    assert_int_equal(open_wrap(f, &f->own, &key), TIP_EUNSEAL);
}

static void test_a_wrap_is_bound_to_its_record(void **state)
{
    struct fixture *f = *state;
    struct tip_record_key key;

    f->cell.record.bytes[3] ^= 1;
    assert_int_equal(open_wrap(f, &f->other, &key), TIP_ESIGNATURE);
}

static void test_notices_any_flipped_bit_of_a_wrap(void **state)
{
    struct fixture *f = *state;
    struct tip_record_key key;

    TIP_FOR_EACH_FLIPPED_BIT(f->wrapped, sizeof f->wrapped)
    {
        assert_int_not_equal(open_wrap(f, &f->other, &key), TIP_OK);
    }
    assert_int_equal(open_wrap(f, &f->other, &key), TIP_OK);
}

static void test_refuses_a_wrap_that_another_device_signed(void **state)
{
    struct fixture *f = *state;
    struct tip_record_wrap wrap;

    assert_int_equal(tip_record_wrap_verify(
                         &tip_device_keys_public(f->stranger)->sign,
                         &f->cell.record, TIP_BYTES_OF(f->wrapped), &wrap),
                     TIP_ESIGNATURE);
}

static void
test_wraps_of_another_key_or_recipient_have_another_place(void **state)
{
    struct fixture *f = *state;
    struct tip_record_wrap other = f->wrap;
    uint64_t element = tip_record_wrap_element(&f->wrap);

    other.origin++;
    assert_true(tip_record_wrap_element(&other) == element);
    other.office++;
    assert_true(tip_record_wrap_element(&other) != element);
    other = f->wrap;
    other.epoch++;
    assert_true(tip_record_wrap_element(&other) != element);
    other = f->wrap;
    other.name.number++;
    assert_true(tip_record_wrap_element(&other) != element);
}

static void test_refuses_to_wrap_to_a_key_that_shares_nothing(void **state)
{
    struct fixture *f = *state;
    const struct tip_wrap_public zero = {.bytes = {0}};

    assert_int_equal(tip_record_wrap_seal(f->device, &f->cell.record, &f->wrap,
                                          &zero, &f->key, &f->prng.base,
                                          f->wrapped),
                     TIP_EUNSEAL);
}

static void test_an_announcement_is_its_signers_alone(void **state)
{
    struct fixture *f = *state;
    const struct tip_sign_public *signer =
        &tip_device_keys_public(f->device)->sign;
    uint8_t bytes[TIP_OFFICE_KEY_SIZE];
    struct tip_office_key key;

    tip_office_key_sign(f->device, &f->other_key, bytes);
    assert_int_equal(tip_office_key_verify(signer, TIP_BYTES_OF(bytes), &key),
                     TIP_OK);
    assert_memory_equal(&key, &f->other_key, sizeof key);
    TIP_FOR_EACH_FLIPPED_BIT(bytes, sizeof bytes)
    {
        assert_int_not_equal(
            tip_office_key_verify(signer, TIP_BYTES_OF(bytes), &key), TIP_OK);
    }
    signer = &tip_device_keys_public(f->stranger)->sign;
    assert_int_equal(tip_office_key_verify(signer, TIP_BYTES_OF(bytes), &key),
                     TIP_ESIGNATURE);
}

#define TEST(rule) cmocka_unit_test_setup_teardown(rule, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_opens_what_was_sealed_at_every_length),
        TEST(test_notices_any_flipped_bit),
        TEST(test_refuses_every_truncation),
        TEST(test_opens_nothing_moved_to_another_cell),
        TEST(test_opens_nothing_with_the_key_of_another_salt),
        TEST(test_seals_the_same_value_to_other_bytes_each_time),
        TEST(test_hides_the_length_of_names_and_answers),
        TEST(test_names_the_key_a_value_needs),
        TEST(test_a_key_name_and_its_element_tell_the_same),
        TEST(test_refuses_what_does_not_fit),
        TEST(test_the_recipient_opens_a_wrap),
        TEST(test_no_other_office_opens_a_wrap),
        TEST(test_a_wrap_is_bound_to_its_record),
        TEST(test_notices_any_flipped_bit_of_a_wrap),
        TEST(test_refuses_a_wrap_that_another_device_signed),
        TEST(test_wraps_of_another_key_or_recipient_have_another_place),
        TEST(test_refuses_to_wrap_to_a_key_that_shares_nothing),
        TEST(test_an_announcement_is_its_signers_alone),
    };

    return cmocka_run_group_tests_name("seal_record", tests, NULL, NULL);
}
