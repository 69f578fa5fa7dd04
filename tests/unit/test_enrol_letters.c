/* Letters of enrolment: what is written is read, what is altered is refused. */
#include <stdio.h>
#include <string.h>

#include "tip_armour.h"
#include "tip_enrol.h"
#include "tip_prng.h"
#include "tip_secret.h"
#include "tip_test.h"

struct fixture {
    struct tip_prng prng;
    struct tip_device_keys *node;
    struct tip_device_keys *hub;
    struct tip_invitation invitation;
    uint8_t memory[TIP_ENROL_LETTER_BYTES_MAX];
    struct tip_buf buf;
};

static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){.prng = TIP_PRNG_SEEDED(7)};
    if (tip_seal_init() != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.node) != TIP_OK ||
        tip_device_keys_new(&f.prng.base, &f.hub) != TIP_OK) {
        return -1;
    }
    f.invitation =
        (struct tip_invitation){.number = 3,
                                .expires_ms = 1800000000000,
                                .office = 8,
                                .origin = 12,
                                .hub_origin = 1,
                                .hub = *tip_device_keys_public(f.hub),
                                .name = "Néma نعمة",
                                .addresses = "hub.example:7070, [::1]:7070"};
    tip_invite_make(&f.prng.base, &f.invitation.secret);
    tip_buf_init(&f.buf, f.memory, sizeof f.memory);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_device_keys_free(f->node);
    tip_device_keys_free(f->hub);
    return 0;
}

static struct tip_bytes written(const struct fixture *f)
{
    assert_false(f->buf.failed);
    return tip_bytes(f->buf.data, f->buf.size);
}

static void test_reads_bytes_of_every_length_back_from_armour(void **state)
{
    struct fixture *f = *state;
    uint8_t plain[100], back[100];
    struct tip_buf out;

    for (size_t size = 0; size <= sizeof plain; size++) {
        f->prng.base.fill(&f->prng.base, plain, sizeof plain);
        tip_buf_clear(&f->buf);
        tip_buf_init(&out, back, sizeof back);
        tip_armour_write("TEST", "words\n", tip_bytes(plain, size), &f->buf);
        assert_int_equal(tip_armour_read("TEST", written(f), &out), TIP_OK);
        assert_int_equal(out.size, size);
        assert_memory_equal(back, plain, size);
    }
}

static void test_reads_armour_after_mail_and_windows_had_it(void **state)
{
    static const char text[] =
        "> Bonjour,\r\n-----BEGIN TIP TEST-----\r\n"
        "  YW\r\n Jj \r\n-----END TIP TEST-----\r\n-- \r\n";
    uint8_t back[8];
    struct tip_buf out;

    (void)state;
    tip_buf_init(&out, back, sizeof back);
    assert_int_equal(tip_armour_read("TEST", tip_bytes_text(text), &out),
                     TIP_OK);
    assert_int_equal(out.size, 3);
    assert_memory_equal(back, "abc", 3);
}

static void test_refuses_armour_that_is_not_whole(void **state)
{
    static const char *const texts[] = {
        "",
        "-----BEGIN TIP TEST-----",
        "-----BEGIN TIP TEST-----\nYWJj\n",
        "-----BEGIN TIP OTHER-----\nYWJj\n-----END TIP OTHER-----\n",
        "-----BEGIN TIP TEST-----\nYWJ\n-----END TIP TEST-----\n",
        "-----BEGIN TIP TEST-----\nYW=j\n-----END TIP TEST-----\n",
        "-----BEGIN TIP TEST-----\nY===\n-----END TIP TEST-----\n",
        "-----BEGIN TIP TEST-----\nYW?j\n-----END TIP TEST-----\n"};
    uint8_t back[8];
    struct tip_buf out;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tip_buf_init(&out, back, sizeof back);
        assert_int_equal(
            tip_armour_read("TEST", tip_bytes_text(texts[i]), &out),
            TIP_EMALFORMED);
    }
}

static void test_reads_an_invitation_as_it_was_written(void **state)
{
    struct fixture *f = *state;
    struct tip_invitation back;

    tip_invitation_write(&f->invitation, "For people.\n", &f->buf);
    assert_int_equal(tip_invitation_read(written(f), &back), TIP_OK);
    assert_int_equal(back.number, 3);
    assert_int_equal(back.origin, 12);
    assert_string_equal(back.name, f->invitation.name);
    assert_string_equal(back.addresses, f->invitation.addresses);
    assert_memory_equal(&back.hub, &f->invitation.hub, sizeof back.hub);
    assert_memory_equal(&back.secret, &f->invitation.secret,
                        sizeof back.secret);
}

static void test_notices_any_wrong_letter_in_an_invitation(void **state)
{
    struct fixture *f = *state;
    struct tip_invitation back;
    size_t first;

    tip_invitation_write(&f->invitation, "", &f->buf);
    first = (size_t)(strchr((char *)f->memory, '\n') - (char *)f->memory) + 1;
    for (size_t i = first; i < f->buf.size - 30; i++) {
        uint8_t kept = f->memory[i];

        if (kept == '\n' || kept == '=') {
            continue;
        }
        f->memory[i] = kept == 'A' ? 'B' : 'A';
        if (f->memory[i + 1] != '=') { /* There two letters mean the same. */
            assert_int_equal(tip_invitation_read(written(f), &back),
                             TIP_EMALFORMED);
        }
        f->memory[i] = kept;
    }
}

static struct tip_enrol_request make_request(struct fixture *f)
{
    const struct tip_operational_secret secret = {.bytes = {9}};
    struct tip_enrol_request request = {
        .number = 3, .device = *tip_device_keys_public(f->node)};

    assert_int_equal(tip_enrol_seal(&f->invitation.hub.box, TIP_INVITE_REQUEST,
                                    3, &secret, &f->prng.base,
                                    request.operational),
                     TIP_OK);
    return request;
}

static void test_believes_a_request_only_with_its_invitation(void **state)
{
    struct fixture *f = *state;
    struct tip_enrol_request request = make_request(f), back;
    struct tip_operational_secret secret;
    struct tip_invite_secret other;
    struct tip_enrol_letter letter;

    tip_enrol_request_write(&request, &f->invitation.secret, "", &f->buf);
    assert_int_equal(tip_enrol_request_read(written(f), &letter, &back),
                     TIP_OK);
    assert_int_equal(tip_enrol_letter_check(&letter, &f->invitation.secret,
                                            TIP_INVITE_REQUEST, 3),
                     TIP_OK);
    assert_int_equal(tip_enrol_letter_check(&letter, &f->invitation.secret,
                                            TIP_INVITE_ANSWER, 3),
                     TIP_EMAC);
    assert_int_equal(tip_enrol_letter_check(&letter, &f->invitation.secret,
                                            TIP_INVITE_REQUEST, 4),
                     TIP_EMAC);
    tip_invite_make(&f->prng.base, &other);
    assert_int_equal(
        tip_enrol_letter_check(&letter, &other, TIP_INVITE_REQUEST, 3),
        TIP_EMAC);
    assert_int_equal(tip_enrol_open(f->hub, TIP_INVITE_REQUEST, 3,
                                    back.operational, &secret),
                     TIP_OK);
    assert_int_equal(secret.bytes[0], 9);
    assert_int_equal(
        tip_enrol_open(f->hub, TIP_INVITE_ANSWER, 3, back.operational, &secret),
        TIP_EUNSEAL);
}

static void test_takes_no_letter_for_one_of_another_kind(void **state)
{
    struct fixture *f = *state;
    struct tip_enrol_request request = make_request(f);
    struct tip_enrol_approval approval;
    struct tip_enrol_letter letter;

    tip_enrol_request_write(&request, &f->invitation.secret, "", &f->buf);
    assert_int_equal(tip_enrol_approval_read(written(f), &letter, &approval),
                     TIP_EMALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_reads_bytes_of_every_length_back_from_armour, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_reads_armour_after_mail_and_windows_had_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refuses_armour_that_is_not_whole,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_reads_an_invitation_as_it_was_written, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_notices_any_wrong_letter_in_an_invitation, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_believes_a_request_only_with_its_invitation, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_takes_no_letter_for_one_of_another_kind, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
