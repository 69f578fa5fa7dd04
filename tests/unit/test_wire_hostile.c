/* Rules of what a peer may send to hurt us: nothing of it costs much. */
#include <string.h>
#include <zstd.h>

#include "tip_test.h"
#include "tip_wire_down.h"
#include "tip_wire_header.h"
#include "tip_wire_up.h"

enum { ARENA_BYTES_MAX = 8 << 20, BODY_BYTES_MAX = 1 << 20, UP = 1 };

static uint8_t body_memory[BODY_BYTES_MAX];
static struct tip_codec *codec;

static int setup(void **state)
{
    (void)state;
    return tip_codec_new(TIP_CODEC_LEVEL, &codec) == TIP_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    tip_codec_free(codec);
    return 0;
}

/* Read @bytes as a body of @count sets; says what it cost as well. */
static enum tip_err receive(struct tip_bytes bytes, uint32_t dictionary,
                            uint32_t count, size_t *out_kept)
{
    struct tip_frame_header header = {
        .origin = 1, .first = 1, .count = count, .dictionary = dictionary};
    struct tip_wire_sender sender = {.header = &header, .office = 1};
    struct tip_arena arena;
    struct tip_up_body body;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_up_decode(codec, &sender, bytes, &arena, &body);
    *out_kept = arena.used_bytes;
    tip_arena_deinit(&arena);
    return err;
}

/* A body that is not packed and begins without ids and opaque values. */
static struct tip_buf start_body(void)
{
    struct tip_buf buf;

    tip_buf_init(&buf, body_memory, sizeof body_memory);
    tip_buf_put_varint(&buf, 0);
    tip_buf_put_varint(&buf, 0);
    return buf;
}

/* Field @number of a body: @size times @byte. */
static void put_field(struct tip_buf *buf, unsigned number, uint8_t byte,
                      size_t size)
{
    tip_buf_put_varint(buf, (uint64_t)number << 3 | 2);
    tip_buf_put_varint(buf, size);
    for (size_t i = 0; i < size; i++) {
        tip_buf_put_u8(buf, byte);
    }
}

static struct tip_bytes body_of(const struct tip_buf *buf)
{
    assert_false(buf->failed);
    return tip_bytes(buf->data, buf->size);
}

/* @plain_size zeros, packed as a body would be. */
static struct tip_bytes bomb(size_t plain_size, bool tells_size)
{
    static uint8_t packed[BODY_BYTES_MAX];
    ZSTD_CCtx *context = ZSTD_createCCtx();
    uint8_t *plain = test_calloc(1, plain_size);
    struct tip_buf buf = start_body();
    size_t size;

    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, tells_size);
    size = ZSTD_compress2(context, packed, sizeof packed, plain, plain_size);
    assert_false(ZSTD_isError(size));
    tip_buf_put(&buf, tip_bytes(packed + 4, size - 4));
    ZSTD_freeCCtx(context);
    test_free(plain);
    return body_of(&buf);
}

static void
test_a_body_that_would_expand_past_the_limit_is_refused(void **state)
{
    size_t kept;

    (void)state;
    assert_int_equal(receive(bomb(64 << 20, true), UP, 1, &kept), TIP_ETOOBIG);
    assert_int_equal(kept, 0);
    assert_int_equal(
        receive(bomb(TIP_FRAME_BODY_BYTES_MAX + 1, true), UP, 1, &kept),
        TIP_ETOOBIG);
}

static void test_a_body_that_does_not_say_its_size_is_refused(void **state)
{
    size_t kept;

    (void)state;
    assert_int_equal(receive(bomb(64 << 20, false), UP, 1, &kept),
                     TIP_EMALFORMED);
}

static void test_a_body_that_lies_about_its_size_is_refused(void **state)
{
    struct tip_bytes bytes = bomb(4096, true);
    size_t kept;

    (void)state;
    /* Two bytes of prefix, one of zstd's header, then the size less 256. */
    body_memory[3] ^= 0x55;
    assert_int_equal(receive(bytes, UP, 1, &kept), TIP_EMALFORMED);
}

static void test_bytes_behind_what_is_packed_are_refused(void **state)
{
    struct tip_bytes bytes = bomb(100, true);
    size_t kept;

    (void)state;
    body_memory[bytes.size++] = 0;
    assert_int_equal(receive(bytes, UP, 1, &kept), TIP_EMALFORMED);
}

static void test_an_unknown_dictionary_asks_for_an_upgrade(void **state)
{
    size_t kept;

    (void)state;
    assert_int_equal(receive(bomb(100, true), 3, 1, &kept), TIP_EDICTIONARY);
    assert_int_equal(receive(bomb(100, true), UINT32_MAX, 1, &kept),
                     TIP_EDICTIONARY);
}

static void test_a_need_we_do_not_know_asks_for_an_upgrade(void **state)
{
    struct tip_buf buf = start_body();
    size_t kept;

    (void)state;
    tip_buf_put_varint(&buf, 27 << 3);
    tip_buf_put_varint(&buf, 1);
    assert_int_equal(receive(body_of(&buf), 0, 1, &kept), TIP_EUNSUPPORTED);
}

static void test_thousands_of_fields_are_refused_before_unpacking(void **state)
{
    struct tip_buf buf = start_body();
    size_t kept;

    (void)state;
    for (size_t i = 0; i < 50000; i++) {
        put_field(&buf, 100, 0, 0);
    }
    assert_int_equal(receive(body_of(&buf), 0, 1, &kept), TIP_EMALFORMED);
    assert_int_equal(kept, 0);
}

static void test_groups_are_refused(void **state)
{
    struct tip_buf buf = start_body();
    size_t kept;

    (void)state;
    for (size_t i = 0; i < 60; i++) {
        tip_buf_put_varint(&buf, 100 << 3 | 3);
    }
    assert_int_equal(receive(body_of(&buf), 0, 1, &kept), TIP_EMALFORMED);
}

/* A body of one author, one column and @more_sets + 1 sets, whose shape has
 * @change_count changes without any content. */
static enum tip_err receive_empty_changes(uint32_t more_sets,
                                          size_t change_count)
{
    struct tip_buf buf = start_body();
    size_t kept;
    enum tip_err err;

    tip_buf_put_varint(&buf, 26 << 3);
    tip_buf_put_varint(&buf, more_sets);
    tip_buf_put_varint(&buf, 4 << 3 | 2);
    tip_buf_put_varint(&buf, 2);
    tip_buf_put_sized(&buf, tip_bytes_text("a"));
    tip_buf_put_varint(&buf, 9 << 3 | 2);
    tip_buf_put_varint(&buf, change_count);
    for (size_t i = 0; i < change_count; i++) {
        tip_buf_put_varint(&buf, 2 << 5); /* The next field, kind none. */
    }
    tip_buf_put_varint(&buf, 23 << 3 | 2);
    tip_buf_put_varint(&buf, change_count + 2);
    tip_buf_put_u8(&buf, (uint8_t)(change_count | 0x80));
    tip_buf_put_u8(&buf, (uint8_t)(change_count >> 7));
    for (size_t i = 0; i < change_count; i++) {
        tip_buf_put_u8(&buf, 0);
    }
    tip_buf_put_varint(&buf, 2 << 3);
    tip_buf_put_varint(&buf, 1);
    tip_buf_put_varint(&buf, 7 << 3 | 2); /* Births of the first record. */
    tip_buf_put_varint(&buf, more_sets + 1);
    for (size_t i = 0; i <= more_sets; i++) {
        tip_buf_put_u8(&buf, 0);
    }
    err = receive(body_of(&buf), 0, more_sets + 1, &kept);
    assert_true(kept <= ARENA_BYTES_MAX);
    return err;
}

static void test_changes_without_content_are_counted_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(receive_empty_changes(15, 4000), TIP_OK);
    assert_int_equal(receive_empty_changes(4095, 4000), TIP_EMALFORMED);
}

static void test_a_count_that_is_not_the_headers_is_refused(void **state)
{
    struct tip_buf buf = start_body();
    size_t kept;

    (void)state;
    tip_buf_put_varint(&buf, 26 << 3);
    tip_buf_put_varint(&buf, UINT32_MAX);
    assert_int_equal(receive(body_of(&buf), 0, 1, &kept), TIP_EMALFORMED);
}

static void test_lengths_past_the_end_are_refused(void **state)
{
    static const uint8_t ids[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0x01, 0};
    static const uint8_t field[] = {0, 0, 0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f};
    size_t kept;

    (void)state;
    assert_int_equal(receive(TIP_BYTES_OF(ids), 0, 1, &kept), TIP_EMALFORMED);
    assert_int_equal(receive(TIP_BYTES_OF(field), 0, 1, &kept), TIP_EMALFORMED);
    assert_int_equal(receive(TIP_BYTES_NONE, 0, 1, &kept), TIP_EMALFORMED);
}

static void test_what_only_the_hub_says_is_refused_from_a_node(void **state)
{
    struct tip_buf buf = start_body();
    size_t kept;

    (void)state;
    put_field(&buf, 49, 1, 3);
    assert_int_equal(receive(body_of(&buf), 0, 1, &kept), TIP_EMALFORMED);
}

/* Write @item as a body that is not packed; returns its size. */
static size_t write_item(const struct tip_item *item, uint8_t *memory)
{
    struct tip_down_body body = {.items = item, .item_count = 1};
    struct tip_codec *plain;
    uint32_t dictionary;
    struct tip_buf buf;

    assert_int_equal(tip_codec_new(0, &plain), TIP_OK);
    tip_buf_init(&buf, memory, BODY_BYTES_MAX);
    assert_int_equal(tip_wire_down_encode(plain, &body, &buf, &dictionary),
                     TIP_OK);
    assert_int_equal(dictionary, 0);
    tip_codec_free(plain);
    return buf.size;
}

static enum tip_err receive_item(size_t size)
{
    const struct tip_frame_header header = {
        .origin = 1, .is_down = true, .channel = 25, .first = 1, .count = 1};
    struct tip_arena arena;
    struct tip_down_body body;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_down_decode(codec, &header, tip_bytes(body_memory, size),
                               &arena, &body);
    tip_arena_deinit(&arena);
    return err;
}

static void test_a_run_longer_than_can_be_counted_is_refused(void **state)
{
    struct tip_item item = {.kind = TIP_ITEM_ECHO,
                            .echo = {.origin = 1,
                                     .first_seq = 1,
                                     .count = UINT32_MAX,
                                     .first_commit = 1}};
    size_t size = write_item(&item, body_memory);
    uint8_t *count = memmem(body_memory, size, "\xfe\xff\xff\xff\x0f", 5);

    (void)state;
    assert_non_null(count); /* One less is written. */
    assert_int_equal(receive_item(size), TIP_OK);
    *count = 0xff;
    assert_int_equal(receive_item(size), TIP_EMALFORMED);
}

/* Say @item of commit 1, then of commit 0, which nobody would write. */
static void assert_has_a_place(struct tip_item item)
{
    static uint8_t second[BODY_BYTES_MAX];
    size_t at = 0;
    size_t size;

    item.commit = 1;
    size = write_item(&item, body_memory);
    item.commit = 2;
    assert_int_equal(write_item(&item, second), size);
    while (body_memory[at] == second[at]) {
        at++;
    }
    assert_int_equal(receive_item(size), TIP_OK);
    /* As much below the first as the second is above. */
    body_memory[at] = (uint8_t)(2 * body_memory[at] - second[at]);
    assert_int_equal(receive_item(size), TIP_EMALFORMED);
}

static void test_what_has_no_place_in_the_order_is_refused(void **state)
{
    (void)state;
    assert_has_a_place((struct tip_item){
        .kind = TIP_ITEM_STATE,
        .state = {.total = 10, .offset = 6, .bytes = tip_bytes_text("abcd")}});
    assert_has_a_place(
        (struct tip_item){.kind = TIP_ITEM_ROLL, .roll.is_end = true});
}

static void test_an_arena_that_is_too_small_says_so(void **state)
{
    struct tip_record_ref ref = {.birth_commit = 1};
    struct tip_change change = {.field = 20, .value.kind = TIP_VALUE_NONE};
    struct tip_change_set set = {.origin = 1,
                                 .seq = 1,
                                 .author = tip_bytes_text("a"),
                                 .records = &ref,
                                 .record_count = 1,
                                 .changes = &change,
                                 .change_count = 1};
    struct tip_up_body body = {.sets = &set, .set_count = 1};
    struct tip_frame_header header = {.origin = 1, .first = 1, .count = 1};
    struct tip_wire_sender sender = {.header = &header};
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &header.dictionary),
                     TIP_OK);
    for (size_t room = 0; room < 2000; room += 16) {
        struct tip_arena arena;
        struct tip_up_body back;
        enum tip_err err;

        tip_arena_init(&arena, room);
        err = tip_wire_up_decode(codec, &sender, body_of(&buf), &arena, &back);
        assert_true(err == TIP_OK || err == TIP_ENOMEM);
        tip_arena_deinit(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_a_body_that_would_expand_past_the_limit_is_refused),
        cmocka_unit_test(test_a_body_that_does_not_say_its_size_is_refused),
        cmocka_unit_test(test_a_body_that_lies_about_its_size_is_refused),
        cmocka_unit_test(test_bytes_behind_what_is_packed_are_refused),
        cmocka_unit_test(test_an_unknown_dictionary_asks_for_an_upgrade),
        cmocka_unit_test(test_a_need_we_do_not_know_asks_for_an_upgrade),
        cmocka_unit_test(test_thousands_of_fields_are_refused_before_unpacking),
        cmocka_unit_test(test_groups_are_refused),
        cmocka_unit_test(test_changes_without_content_are_counted_all_the_same),
        cmocka_unit_test(test_a_count_that_is_not_the_headers_is_refused),
        cmocka_unit_test(test_lengths_past_the_end_are_refused),
        cmocka_unit_test(test_what_only_the_hub_says_is_refused_from_a_node),
        cmocka_unit_test(test_a_run_longer_than_can_be_counted_is_refused),
        cmocka_unit_test(test_what_has_no_place_in_the_order_is_refused),
        cmocka_unit_test(test_an_arena_that_is_too_small_says_so),
    };

    return cmocka_run_group_tests_name("wire_hostile", tests, setup, teardown);
}
