/* A frame of which something was erased: its chain still holds, and what is
 * left is what whoever erased has signed, or it is nothing. */
#include "tip_envelope.h"
#include "tip_prng.h"
#include "tip_secret.h"
#include "tip_test.h"

enum { ROOM = 2048 };

struct fixture {
    struct tip_prng prng;
    struct tip_device_keys *author;
    struct tip_device_keys *redactor;
    struct tip_frame_key key;
    struct tip_frame_header header;
    struct tip_head start, head; /* Before and behind the frame. */
    uint8_t memory[ROOM], redacted_memory[ROOM];
    struct tip_bytes frame, redacted;
};

static const struct tip_operational_secret secret = {.bytes = {1, 2, 3}};

static const struct tip_sign_public *public_of(struct tip_device_keys *keys)
{
    return &tip_device_keys_public(keys)->sign;
}

static enum tip_err redact(struct fixture *f, struct tip_bytes frame,
                           const struct tip_frame_header *header,
                           const char *left, uint8_t memory[static ROOM],
                           struct tip_bytes *out_frame)
{
    struct tip_frame_header read;
    struct tip_wire_frame parts;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, ROOM);
    assert_int_equal(tip_envelope_read(frame, &parts, &read), TIP_OK);
    err = tip_envelope_redact(f->redactor, &f->key, &parts, header,
                              tip_bytes_text(left), &buf);
    return err == TIP_OK ? tip_buf_finish(&buf, out_frame) : err;
}

static int setup(void **state)
{
    static struct fixture f;
    struct tip_frame_header fresh;
    struct tip_buf buf;

    assert_int_equal(tip_seal_init(), TIP_OK);
    f = (struct fixture){
        .prng = TIP_PRNG_SEEDED(1),
        .header = {
            .origin = 12, .first = 5, .count = 3, .key_epoch = 2, .salt = {1}}};
    assert_int_equal(tip_device_keys_new(&f.prng.base, &f.author), TIP_OK);
    assert_int_equal(tip_device_keys_new(&f.prng.base, &f.redactor), TIP_OK);
    tip_frame_key_derive(&secret, TIP_CHAIN_UP, &f.key);
    tip_envelope_start(&f.header, &f.start);
    f.start.number = 4;
    tip_buf_init(&buf, f.memory, sizeof f.memory);
    assert_int_equal(tip_envelope_close(f.author, &f.key, &f.header, &f.start,
                                        tip_bytes_text("Mariem, at Atar"), &buf,
                                        &f.head),
                     TIP_OK);
    assert_int_equal(tip_buf_finish(&buf, &f.frame), TIP_OK);
    fresh = f.header;
    fresh.salt[0] = 2;
    assert_int_equal(
        redact(&f, f.frame, &fresh, "at Atar", f.redacted_memory, &f.redacted),
        TIP_OK);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_device_keys_free(f->author);
    tip_device_keys_free(f->redactor);
    return 0;
}

/* What a receiver does; *out_left is what it reads. */
static enum tip_err receive(struct fixture *f, struct tip_bytes frame,
                            struct tip_device_keys *redactor,
                            struct tip_arena *arena, struct tip_bytes *out_left,
                            struct tip_head *out_head)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    if (err == TIP_OK) {
        err =
            tip_envelope_verify_left(public_of(f->author), public_of(redactor),
                                     &header, &parts, &f->start, out_head);
    }
    return err == TIP_OK
               ? tip_envelope_open(&f->key, &header, &parts, arena, out_left)
               : err;
}

static void assert_left(struct fixture *f, struct tip_bytes frame,
                        const char *expected)
{
    struct tip_arena arena;
    struct tip_bytes left = TIP_BYTES_NONE;
    struct tip_head head = {0};

    tip_arena_init(&arena, 1 << 16);
    assert_int_equal(receive(f, frame, f->redactor, &arena, &left, &head),
                     TIP_OK);
    assert_true(tip_bytes_equal(left, tip_bytes_text(expected)));
    assert_int_equal(head.number, f->head.number);
    assert_memory_equal(head.hash, f->head.hash, sizeof head.hash);
    tip_arena_deinit(&arena);
}

static void test_the_chain_goes_on_over_a_redacted_frame(void **state)
{
    struct fixture *f = *state;

    assert_left(f, f->frame, "Mariem, at Atar");
    assert_left(f, f->redacted, "at Atar");
}

static void test_a_redacted_frame_may_be_redacted_again(void **state)
{
    struct fixture *f = *state;
    struct tip_frame_header fresh = f->header;
    uint8_t memory[ROOM];
    struct tip_bytes again = TIP_BYTES_NONE;

    fresh.salt[0] = 3;
    assert_int_equal(redact(f, f->redacted, &fresh, ".", memory, &again),
                     TIP_OK);
    assert_left(f, again, ".");
}

static void test_it_is_the_same_frame_whatever_is_left_of_it(void **state)
{
    struct fixture *f = *state;
    struct tip_frame_header header;
    struct tip_wire_frame frame, redacted, other;
    uint8_t memory[ROOM];
    struct tip_head head;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_envelope_close(f->author, &f->key, &f->header,
                                        &f->start, tip_bytes_text("at Atar"),
                                        &buf, &head),
                     TIP_OK);
    assert_int_equal(tip_envelope_read(f->frame, &frame, &header), TIP_OK);
    assert_int_equal(tip_envelope_read(f->redacted, &redacted, &header),
                     TIP_OK);
    assert_int_equal(
        tip_envelope_read(tip_bytes(memory, buf.size), &other, &header),
        TIP_OK);
    assert_true(tip_envelope_is_same(&frame, &redacted));
    assert_true(tip_envelope_is_same(&redacted, &redacted));
    assert_false(tip_envelope_is_same(&other, &redacted));
    assert_false(tip_envelope_is_same(&other, &frame));
}

static void test_what_nobody_vouches_for_is_not_believed(void **state)
{
    struct fixture *f = *state;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_arena arena;
    struct tip_bytes left = TIP_BYTES_NONE;
    struct tip_head head;

    tip_arena_init(&arena, 1 << 16);
    assert_int_equal(receive(f, f->redacted, f->author, &arena, &left, &head),
                     TIP_ESIGNATURE);
    assert_int_equal(tip_envelope_read(f->redacted, &parts, &header), TIP_OK);
    assert_int_equal(tip_envelope_verify(public_of(f->author), &header, &parts,
                                         &f->start, &head),
                     TIP_ESIGNATURE);
    tip_arena_deinit(&arena);
}

static void test_who_takes_it_in_may_vouch_for_it(void **state)
{
    struct fixture *f = *state;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_arena arena;
    uint8_t memory[ROOM];
    struct tip_bytes vouched, left = TIP_BYTES_NONE;
    struct tip_head head;
    struct tip_buf buf;

    tip_arena_init(&arena, 1 << 16);
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_envelope_read(f->redacted, &parts, &header), TIP_OK);
    assert_int_equal(tip_envelope_vouch(f->author, &parts, &buf), TIP_OK);
    assert_int_equal(tip_buf_finish(&buf, &vouched), TIP_OK);
    assert_left(f, vouched, "at Atar");
    assert_int_equal(receive(f, vouched, f->author, &arena, &left, &head),
                     TIP_OK);
    tip_arena_deinit(&arena);
}

static void test_a_changed_bit_anywhere_is_noticed(void **state)
{
    struct fixture *f = *state;
    struct tip_arena arena;

    tip_arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < f->redacted.size * 8; i++) {
        struct tip_bytes left = TIP_BYTES_NONE;
        struct tip_head head;

        f->redacted_memory[i / 8] ^= (uint8_t)(1U << i % 8);
        assert_int_not_equal(
            receive(f, f->redacted, f->redactor, &arena, &left, &head), TIP_OK);
        f->redacted_memory[i / 8] ^= (uint8_t)(1U << i % 8);
        tip_arena_clear(&arena);
    }
    tip_arena_deinit(&arena);
}

static void test_what_is_left_stays_in_its_place(void **state)
{
    struct fixture *f = *state;
    struct tip_frame_header other = f->header;
    uint8_t memory[ROOM];
    struct tip_bytes frame;

    other.first++;
    assert_int_equal(redact(f, f->frame, &other, "", memory, &frame),
                     TIP_EINVAL);
    other = f->header;
    other.count--;
    assert_int_equal(redact(f, f->frame, &other, "", memory, &frame),
                     TIP_EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_chain_goes_on_over_a_redacted_frame),
        TEST(test_a_redacted_frame_may_be_redacted_again),
        TEST(test_it_is_the_same_frame_whatever_is_left_of_it),
        TEST(test_what_nobody_vouches_for_is_not_believed),
        TEST(test_who_takes_it_in_may_vouch_for_it),
        TEST(test_a_changed_bit_anywhere_is_noticed),
        TEST(test_what_is_left_stays_in_its_place),
    };

    return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
