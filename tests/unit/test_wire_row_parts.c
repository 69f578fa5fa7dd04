/* Rules of rows one by one: what is in them has one way to be said. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_channel.h"
#include "tip_wire_record.h"
#include "tip_wire_row.h"
#include "tip_wire_set.h"

static uint8_t row[1024];

static enum tip_err decode(struct tip_arena *arena, size_t size)
{
    struct tip_wire_record value;

    return tip_wire_record_decode(tip_bytes(row, size), arena, &value);
}

/* The row of a record with one value, of seq 1 of origin 5, in @out. */
static void encode_one(uint64_t commit, struct tip_arena *arena,
                       struct tip_buf *out)
{
    static const struct tip_id id = {{1}};
    struct tip_change change = {.field = 20,
                                .value = {.kind = TIP_VALUE_CODE, .code = 1}};
    struct tip_write write = {.origin = 5,
                              .office = 25,
                              .seq = 1,
                              .commit = commit,
                              .author = tip_bytes_text("author")};
    struct tip_wire_record value = {.overlay_count = 0};
    struct tip_record dead;

    tip_record_init(&value.record, &id, 1, 25);
    assert_int_equal(
        tip_record_apply(&value.record, &write, &change, 1, arena, &dead),
        TIP_OK);
    tip_buf_init(out, row, sizeof row);
    assert_int_equal(tip_wire_record_encode(&value, out), TIP_OK);
}

static void test_a_flag_that_nobody_knows_or_a_cut_is_refused(void **state)
{
    struct tip_arena arena;
    struct tip_buf buf;
    uint8_t *flags;

    (void)state;
    tip_arena_init(&arena, 1 << 16);
    encode_one(0, &arena, &buf);
    /* They stand before origin, office and seq. */
    flags = memmem(row, buf.size, "\x05\x19\x01", 3);
    assert_non_null(flags);
    for (unsigned bit = 3; bit < 8; bit++) {
        flags[-1] = (uint8_t)(1U << bit);
        assert_int_equal(decode(&arena, buf.size), TIP_EMALFORMED);
    }
    flags[-1] = 0;
    assert_int_equal(decode(&arena, buf.size), TIP_OK);
    for (size_t size = 0; size < buf.size; size++) {
        assert_int_not_equal(decode(&arena, size), TIP_OK);
    }
    tip_arena_deinit(&arena);
}

/* One way to say each thing: what is nothing is not said. */
static void test_a_flag_of_what_is_none_is_refused(void **state)
{
    struct tip_arena arena;
    struct tip_buf buf;
    uint8_t *commit;

    (void)state;
    tip_arena_init(&arena, 1 << 16);
    encode_one(77, &arena, &buf);
    assert_int_equal(decode(&arena, buf.size), TIP_OK);
    commit = memmem(row, buf.size, "author\0\x4d", 8);
    assert_non_null(commit);
    commit[7] = 0;
    assert_int_equal(decode(&arena, buf.size), TIP_EMALFORMED);
    tip_arena_deinit(&arena);
}

/* What is erased says by which commit: nothing else is left of it. */
static void test_what_nothing_erased_is_not_erased(void **state)
{
    struct tip_wire_record value = {.record = {.id = {{1}}, .erased = 77}};
    struct tip_arena arena;
    struct tip_buf buf;
    uint8_t *commit;

    (void)state;
    tip_arena_init(&arena, 1 << 16);
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_OK);
    assert_int_equal(decode(&arena, buf.size), TIP_OK);
    commit = memmem(row, buf.size, "\0\0\0\x4d", 4);
    assert_non_null(commit);
    commit[3] = 1;
    assert_int_equal(decode(&arena, buf.size), TIP_OK);
    commit[3] = 0;
    assert_int_equal(decode(&arena, buf.size), TIP_EMALFORMED);
    tip_buf_clear(&buf);
    value.record.type = 20;
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
    tip_arena_deinit(&arena);
}

static void test_a_set_that_is_none_is_not_kept(void **state)
{
    struct tip_record_ref ref = {.birth_commit = 7};
    struct tip_change_set set = {.origin = 5,
                                 .seq = 1,
                                 .author = tip_bytes_text("author"),
                                 .records = &ref,
                                 .record_count = 1};
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_OK);
    tip_buf_clear(&buf);
    set.seq = 0;
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_EMALFORMED);
    assert_int_equal(buf.size, 0);
}

static void test_a_set_is_kept_up_to_its_last_byte(void **state)
{
    static uint8_t large[TIP_CHANGE_SET_BYTES_MAX], out[sizeof large + 1];
    struct tip_record_ref ref = {.birth_commit = 7};
    struct tip_change change = {
        .field = 20,
        .value = {.kind = TIP_VALUE_OPAQUE,
                  .bytes = tip_bytes(large, sizeof large - 100)}};
    struct tip_change_set set = {.origin = 5,
                                 .seq = 1,
                                 .author = tip_bytes_text("author"),
                                 .records = &ref,
                                 .record_count = 1,
                                 .changes = &change,
                                 .change_count = 1};
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, out, sizeof out);
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_OK);
    change.value.bytes.size += sizeof large - buf.size;
    tip_buf_clear(&buf);
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_OK);
    assert_int_equal(buf.size, TIP_CHANGE_SET_BYTES_MAX);
    change.value.bytes.size++;
    tip_buf_clear(&buf);
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_ETOOBIG);
    change.value.bytes.size /= 2; /* Behind another. */
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_OK);
    change.value.bytes.size -= 200;
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_OK);
}

static void test_a_field_past_the_last_number_is_none(void **state)
{
    const struct tip_wire_cell cell = {.field = 1};
    struct tip_wire_cursor cursor = {.field = 0};
    struct tip_wire_cell back;
    struct tip_reader reader;
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_cell_put(&buf, &cursor, &cell), TIP_OK);
    cursor.field = UINT32_MAX - 1;
    tip_reader_init(&reader, tip_bytes(row, buf.size));
    assert_int_equal(tip_wire_cell_get(&reader, &cursor, &back), TIP_OK);
    assert_int_equal(back.field, UINT32_MAX);
    tip_reader_init(&reader, tip_bytes(row, buf.size));
    assert_int_equal(tip_wire_cell_get(&reader, &cursor, &back),
                     TIP_EMALFORMED);
}

/* A record is named in one way. */
static void test_a_name_of_a_row_is_all_there_or_not_at_all(void **state)
{
    struct tip_record_ref ref = {.id = {{1}}, .type = 20};
    struct tip_change_set back, set = {.origin = 5,
                                       .seq = 1,
                                       .author = tip_bytes_text("author"),
                                       .records = &ref,
                                       .record_count = 1};
    struct tip_arena arena;
    struct tip_buf buf;
    uint8_t *flags;

    (void)state;
    tip_arena_init(&arena, 1 << 16);
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_OK);
    flags = (uint8_t *)memmem(row, buf.size, &ref.id, sizeof ref.id) - 1;
    for (unsigned bit = 2; bit < 8; bit++) {
        *flags ^= (uint8_t)(1U << bit);
        assert_int_equal(
            tip_wire_set_decode(tip_bytes(row, buf.size), &arena, &back),
            TIP_EMALFORMED);
        *flags ^= (uint8_t)(1U << bit);
    }
    assert_int_equal(
        tip_wire_set_decode(tip_bytes(row, buf.size), &arena, &back), TIP_OK);
    *flags = 3; /* And a birth that is none, behind the type. */
    memmove(flags + 21, flags + 18, buf.size - (size_t)(flags + 18 - row));
    memset(flags + 18, 0, 3);
    assert_int_equal(
        tip_wire_set_decode(tip_bytes(row, buf.size + 3), &arena, &back),
        TIP_EMALFORMED);
    tip_arena_deinit(&arena);
}

/* What is looked at of a row that nobody reads whole. */
static void test_a_glance_at_a_row_is_as_strict(void **state)
{
    struct tip_wire_record_peek peek = {.type = 99};
    struct tip_arena arena;
    struct tip_buf buf;

    (void)state;
    tip_arena_init(&arena, 1 << 16);
    encode_one(77, &arena, &buf);
    for (size_t size = 0; size < 18; size++) { /* Up to type and maker. */
        assert_int_equal(tip_wire_record_peek(tip_bytes(row, size), &peek),
                         TIP_EMALFORMED);
    }
    assert_int_equal(peek.type, 99);
    assert_int_equal(tip_wire_record_peek(tip_bytes(row, buf.size), &peek),
                     TIP_OK);
    assert_int_equal(peek.type, 1);
    row[0] = TIP_WIRE_ROW_SET;
    assert_int_equal(tip_wire_record_peek(tip_bytes(row, buf.size), &peek),
                     TIP_EMALFORMED);
    tip_arena_deinit(&arena);
}

static void test_a_record_of_too_much_is_not_said(void **state)
{
    static struct tip_write writes[TIP_RECORD_WRITES_MAX + 1];
    static struct tip_sibling siblings[TIP_RECORD_SIBLINGS_MAX + 1];
    static uint8_t memory[4 << 20];
    struct tip_wire_record value = {
        .record = {
            .id = {{1}}, .type = 20, .writes = writes, .siblings = siblings}};
    struct tip_buf buf;

    (void)state;
    for (size_t i = 0; i <= TIP_RECORD_WRITES_MAX; i++) {
        writes[i] = (struct tip_write){
            .origin = 5, .seq = 1 + i, .author = tip_bytes_text("author")};
        siblings[i] = (struct tip_sibling){.field = 20, .element = i};
    }
    tip_buf_init(&buf, memory, sizeof memory);
    value.record.write_count = TIP_RECORD_WRITES_MAX + 1;
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
    value.record.write_count = TIP_RECORD_WRITES_MAX;
    value.record.sibling_count = TIP_RECORD_SIBLINGS_MAX + 1;
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
    value.record.sibling_count = TIP_RECORD_SIBLINGS_MAX;
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_OK);
}

static void test_a_value_of_no_write_is_not_said(void **state)
{
    struct tip_write write = {
        .origin = 5, .seq = 1, .author = tip_bytes_text("author")};
    struct tip_sibling sibling = {.field = 20};
    const struct tip_wire_record value = {.record = {.id = {{1}},
                                                     .type = 20,
                                                     .writes = &write,
                                                     .write_count = 1,
                                                     .siblings = &sibling,
                                                     .sibling_count = 1}};
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_OK);
    tip_buf_clear(&buf);
    write.reason = tip_bytes_text("\xff");
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
    write.reason = TIP_BYTES_NONE;
    write.verdict = (enum tip_verdict)(TIP_VERDICT_FUTURE + 1);
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
    write.verdict = TIP_VERDICT_GOOD;
    sibling.write = 1;
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
    assert_int_equal(buf.size, 0);
}

static void test_a_number_out_of_range_is_none(void **state)
{
    static const uint8_t past[] = {0xff, 0xff, 0xff, 0xff, 0x10};
    struct tip_reader reader;

    (void)state;
    tip_reader_init(&reader, TIP_BYTES_OF(past));
    assert_int_equal(tip_wire_u32_get(&reader), 0);
    assert_true(reader.failed);
    tip_reader_init(&reader, TIP_BYTES_OF(past));
    assert_int_equal(tip_wire_count_get(&reader, 1, 100), 0);
    assert_true(reader.failed);
}

static void test_a_commit_out_of_range_is_none(void **state)
{
    static const uint8_t past[] = {0,    0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0x01};
    struct tip_reader reader;

    (void)state;
    tip_reader_init(&reader, TIP_BYTES_OF(past));
    assert_int_equal(tip_wire_commit_get(&reader), 0);
    assert_true(reader.failed);
}

/* Whether a stamp is of the future is said by the run, not by its item. */
static void test_an_item_that_is_a_run_has_no_verdict_of_its_own(void **state)
{
    struct tip_item back, item = {.kind = TIP_ITEM_ECHO,
                                  .echo = {.origin = 5,
                                           .first_seq = 1,
                                           .count = 2,
                                           .first_commit = 7,
                                           .verdict = TIP_VERDICT_FUTURE}};
    struct tip_arena arena;
    struct tip_buf buf;

    (void)state;
    tip_arena_init(&arena, 1 << 16);
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_channel_encode(&item, &buf), TIP_OK);
    assert_int_equal(
        tip_wire_channel_decode(tip_bytes(row, buf.size), &arena, &back),
        TIP_OK);
    assert_int_equal(back.echo.verdict, TIP_VERDICT_FUTURE);
    assert_int_equal(back.verdict, TIP_VERDICT_GOOD);
    assert_int_equal(back.commit, 0);
    tip_arena_deinit(&arena);
}

static enum tip_err dead_said(struct tip_bytes refused_by,
                              struct tip_bytes reason)
{
    struct tip_wire_dead dead = {.origin = 1,
                                 .seq = 1,
                                 .commit = 1,
                                 .refused_by = refused_by,
                                 .reason = reason};
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, row, sizeof row);
    err = tip_wire_dead_encode(&dead, &buf);
    assert_true((err == TIP_OK) == (buf.size != 0));
    return err;
}

static void test_who_refused_says_who_and_why(void **state)
{
    struct tip_bytes good = tip_bytes_text("salma");
    struct tip_bytes bad = tip_bytes_text("\xff");

    (void)state;
    assert_int_equal(dead_said(good, good), TIP_OK);
    assert_int_equal(dead_said(bad, good), TIP_EINVAL);
    assert_int_equal(dead_said(good, bad), TIP_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_flag_that_nobody_knows_or_a_cut_is_refused),
        cmocka_unit_test(test_a_flag_of_what_is_none_is_refused),
        cmocka_unit_test(test_what_nothing_erased_is_not_erased),
        cmocka_unit_test(test_a_set_that_is_none_is_not_kept),
        cmocka_unit_test(test_a_set_is_kept_up_to_its_last_byte),
        cmocka_unit_test(test_a_field_past_the_last_number_is_none),
        cmocka_unit_test(test_a_name_of_a_row_is_all_there_or_not_at_all),
        cmocka_unit_test(test_a_glance_at_a_row_is_as_strict),
        cmocka_unit_test(test_a_record_of_too_much_is_not_said),
        cmocka_unit_test(test_a_value_of_no_write_is_not_said),
        cmocka_unit_test(test_a_number_out_of_range_is_none),
        cmocka_unit_test(test_a_commit_out_of_range_is_none),
        cmocka_unit_test(test_an_item_that_is_a_run_has_no_verdict_of_its_own),
        cmocka_unit_test(test_who_refused_says_who_and_why),
    };

    return cmocka_run_group_tests_name("wire_row_parts", tests, NULL, NULL);
}
