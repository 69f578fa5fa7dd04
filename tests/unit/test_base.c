/* Rules of common/base: bounds hold, numbers round trip, ids parse. */
#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_err.h"
#include "tip_id.h"
#include "tip_reader.h"
#include "tip_test.h"

static void test_every_error_has_a_name_and_a_sentence(void **state)
{
    (void)state;
#define CHECK(name, number, sentence)                  \
    assert_string_equal(tip_err_name(name), #name);    \
    assert_string_equal(tip_err_text(name), sentence); \
    assert_int_equal((sentence)[sizeof(sentence) - 2], '.');
    TIP_ERR_MAP(CHECK)
#undef CHECK
}

static void test_arena_refuses_past_its_cap_and_recovers(void **state)
{
    struct tip_arena arena;

    (void)state;
    tip_arena_init(&arena, 100);
    assert_non_null(tip_arena_alloc(&arena, 64));
    assert_null(tip_arena_alloc(&arena, 64));
    assert_null(tip_arena_alloc(&arena, SIZE_MAX));
    assert_null(tip_arena_alloc_array(&arena, SIZE_MAX / 2, 4));
    tip_arena_clear(&arena);
    assert_non_null(tip_arena_alloc(&arena, 64));
    tip_arena_deinit(&arena);
}

static void test_arena_memory_is_zero_again_after_clear(void **state)
{
    struct tip_arena arena;
    uint8_t *memory;

    (void)state;
    tip_arena_init(&arena, 1 << 20);
    memory = tip_arena_alloc(&arena, 40000);
    memset(memory, 0xff, 40000);
    tip_arena_clear(&arena);
    memory = tip_arena_alloc(&arena, 40000);
    for (size_t i = 0; i < 40000; i++) {
        assert_int_equal(memory[i], 0);
    }
    tip_arena_deinit(&arena);
}

static void test_numbers_round_trip(void **state)
{
    static const uint64_t numbers[] = {0,   1,          127,       128,
                                       300, UINT32_MAX, INT64_MAX, UINT64_MAX};
    uint8_t memory[64];

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct tip_buf buf;
        struct tip_bytes bytes;
        struct tip_reader reader;

        tip_buf_init(&buf, memory, sizeof memory);
        tip_buf_put_varint(&buf, numbers[i]);
        tip_buf_put_svarint(&buf, (int64_t)numbers[i]);
        tip_buf_put_svarint(&buf, -(int64_t)(numbers[i] / 2));
        tip_buf_put_u64(&buf, numbers[i]);
        tip_buf_put_sized(&buf, tip_bytes_text("abc"));
        assert_int_equal(tip_buf_finish(&buf, &bytes), TIP_OK);

        tip_reader_init(&reader, bytes);
        assert_int_equal(tip_reader_get_varint(&reader), numbers[i]);
        assert_int_equal(tip_reader_get_svarint(&reader), (int64_t)numbers[i]);
        assert_int_equal(tip_reader_get_svarint(&reader),
                         -(int64_t)(numbers[i] / 2));
        assert_int_equal(tip_reader_get_u64(&reader), numbers[i]);
        assert_true(tip_bytes_equal(tip_reader_get_sized(&reader),
                                    tip_bytes_text("abc")));
        assert_int_equal(tip_reader_finish(&reader), TIP_OK);
    }
}

/* Assert that @text is refused as a varint. */
static void assert_no_varint(const char *text, size_t size)
{
    struct tip_reader reader;

    tip_reader_init(&reader, tip_bytes(text, size));
    assert_int_equal(tip_reader_get_varint(&reader), 0);
    assert_int_equal(tip_reader_finish(&reader), TIP_EMALFORMED);
}

static void test_varint_refuses_other_forms_of_a_number(void **state)
{
    (void)state;
    assert_no_varint("\x80", 1);
    assert_no_varint("\x80\x00", 2);
    assert_no_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);
    assert_no_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x80\x01", 11);
}

static void test_reader_copies_all_or_nothing(void **state)
{
    struct tip_reader reader;
    char two[] = "--";

    (void)state;
    tip_reader_init(&reader, tip_bytes_text("xyz"));
    tip_reader_copy(&reader, two, 2);
    assert_string_equal(two, "xy");
    tip_reader_copy(&reader, two, 2);
    assert_string_equal(two, "xy");
    assert_int_equal(tip_reader_finish(&reader), TIP_EMALFORMED);
}

static void test_reader_error_is_sticky(void **state)
{
    struct tip_reader reader;

    (void)state;
    tip_reader_init(&reader, tip_bytes_text("\x05xy"));
    assert_int_equal(tip_reader_get_sized(&reader).size, 0);
    assert_int_equal(tip_reader_get_u8(&reader), 0);
    assert_int_equal(tip_reader_finish(&reader), TIP_EMALFORMED);
}

static void test_buffer_says_when_it_was_too_small(void **state)
{
    uint8_t memory[4];
    struct tip_buf buf;
    struct tip_bytes bytes = TIP_BYTES_NONE;

    (void)state;
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u32(&buf, 1);
    assert_int_equal(tip_buf_finish(&buf, &bytes), TIP_OK);
    tip_buf_put_u8(&buf, 1);
    assert_int_equal(tip_buf_finish(&buf, &bytes), TIP_ETOOBIG);
    tip_buf_clear(&buf);
    tip_buf_put_u64(&buf, UINT64_MAX);
    tip_buf_put_u32(&buf, 2); /* It would fit, and comes too late. */
    assert_int_equal(tip_buf_finish(&buf, &bytes), TIP_ETOOBIG);
    assert_memory_equal(memory, "\0\0\0\1", sizeof memory);
    tip_buf_clear(&buf);
    tip_buf_put_u8(&buf, 1);
    assert_int_equal(tip_buf_finish(&buf, &bytes), TIP_OK);
    assert_int_equal(bytes.size, 1);
}

static void test_id_keeps_its_time_and_its_version(void **state)
{
    static const uint8_t random[TIP_ID_RANDOM_SIZE] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct tip_id id = tip_id_make(UINT64_C(0x0123456789ab), random), parsed;
    char text[TIP_ID_TEXT_SIZE];

    (void)state;
    tip_id_format(&id, text);
    assert_string_equal(text, "01234567-89ab-7fff-bfff-ffffffffffff");
    assert_int_equal(tip_id_parse(tip_bytes_text(text), &parsed), TIP_OK);
    assert_true(tip_id_equal(&id, &parsed));
    assert_false(tip_id_is_none(&id));
}

static void test_id_refuses_what_is_not_one(void **state)
{
    static const char *const bad[] = {"", "01234567-89ab-7fff-bfff-fffffffffff",
                                      "0123456789ab-7fff-bfff-ffffffffffff00",
                                      "01234567-89ab-7fff-bfff-fffffffffffg",
                                      "01234567-89ab-7fff-bfff-ffffffffffff0"};
    struct tip_id id;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(tip_id_parse(tip_bytes_text(bad[i]), &id), TIP_EINVAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_error_has_a_name_and_a_sentence),
        cmocka_unit_test(test_arena_refuses_past_its_cap_and_recovers),
        cmocka_unit_test(test_arena_memory_is_zero_again_after_clear),
        cmocka_unit_test(test_numbers_round_trip),
        cmocka_unit_test(test_varint_refuses_other_forms_of_a_number),
        cmocka_unit_test(test_reader_copies_all_or_nothing),
        cmocka_unit_test(test_reader_error_is_sticky),
        cmocka_unit_test(test_buffer_says_when_it_was_too_small),
        cmocka_unit_test(test_id_keeps_its_time_and_its_version),
        cmocka_unit_test(test_id_refuses_what_is_not_one),
    };

    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
