/* Rules of rows: change-sets, records and the dead as they lie in a store. */
#include "tip_merge.h"
#include "tip_test.h"
#include "tip_wire_channel.h"
#include "tip_wire_record.h"
#include "tip_wire_set.h"
#include "wire_equal.h"
#include "wire_random.h"

enum { ROW_BYTES_MAX = 1 << 20, ARENA_BYTES_MAX = 1 << 26 };

static uint8_t row[ROW_BYTES_MAX];

/* Decode every mutilation of @bytes in @decode, which must survive. */
static void mutilate(struct tip_property *property, struct tip_bytes bytes,
                     enum tip_err (*decode)(struct tip_bytes bytes))
{
    for (size_t i = 0; i < 40 && bytes.size != 0; i++) {
        size_t at = (size_t)tip_property_below(property, bytes.size);
        uint8_t kept = row[at];

        row[at] = (uint8_t)tip_property_next(property);
        (void)decode(bytes);
        (void)decode(tip_bytes(bytes.data, at));
        row[at] = kept;
    }
}

static enum tip_err decode_set(struct tip_bytes bytes)
{
    struct tip_arena arena;
    struct tip_change_set set;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_set_decode(bytes, &arena, &set);
    if (err == TIP_OK) {
        assert_int_equal(tip_change_set_check(&set), TIP_OK);
    }
    tip_arena_deinit(&arena);
    return err;
}

static const char *set_returns(struct tip_property *property)
{
    struct tip_arena arena;
    struct wire_random random;
    struct tip_change_set set, back;
    struct tip_buf buf;
    const char *broken = NULL;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    random = wire_random(property, &arena);
    set = wire_random_set(&random);
    tip_buf_init(&buf, row, sizeof row);
    if (tip_wire_set_encode(&set, &buf) != TIP_OK) {
        broken = "a sound set was not written";
    } else if (tip_wire_set_decode(tip_bytes(row, buf.size), &arena, &back) !=
                   TIP_OK ||
               !wire_equal_set(&set, &back)) {
        broken = "a set came back different";
    } else {
        mutilate(property, tip_bytes(row, buf.size), decode_set);
    }
    tip_arena_deinit(&arena);
    return broken;
}

static void test_a_set_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_true(tip_property_holds("set", 500, set_returns));
}

static enum tip_err decode_record(struct tip_bytes bytes)
{
    struct tip_arena arena;
    struct tip_wire_record value;
    struct tip_wire_record_peek peek;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_record_decode(bytes, &arena, &value);
    if (err == TIP_OK) {
        assert_int_equal(tip_wire_record_peek(bytes, &peek), TIP_OK);
        for (size_t i = 0; i < value.record.sibling_count; i++) {
            assert_true(value.record.siblings[i].write <
                        value.record.write_count);
        }
    }
    tip_arena_deinit(&arena);
    return err;
}

static bool has_parallel(const struct tip_record *record)
{
    for (size_t i = 1; i < record->sibling_count; i++) {
        const struct tip_sibling *sibling = &record->siblings[i];

        if (tip_record_cell(record, sibling->field, sibling->element).count >
            1) {
            return true;
        }
    }
    return false;
}

static bool peek_agrees(const struct tip_wire_record *value,
                        struct tip_bytes bytes)
{
    struct tip_wire_record_peek peek;

    return tip_wire_record_peek(bytes, &peek) == TIP_OK &&
           tip_id_equal(&peek.id, &value->record.id) &&
           peek.birth_commit == value->record.birth_commit &&
           peek.birth_index == value->record.birth_index &&
           peek.type == value->record.type &&
           peek.maker == value->record.maker &&
           peek.has_overlay == (value->overlay_count != 0) &&
           peek.is_contested ==
               (has_parallel(&value->record) ||
                tip_merge_presence(&value->record) == TIP_DELETED_EDITED);
}

static const char *record_returns(struct tip_property *property)
{
    uint64_t overlay[4] = {0};
    struct tip_arena arena;
    struct wire_random random;
    struct tip_wire_record value, back;
    struct tip_buf buf;
    const char *broken = NULL;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    random = wire_random(property, &arena);
    random.change_max = 8;
    value = (struct tip_wire_record){
        .record = wire_random_record(&random),
        .overlay = overlay,
        .overlay_count = (size_t)tip_property_below(property, 5)};
    for (size_t i = 0; i < value.overlay_count; i++) {
        overlay[i] = (i == 0 ? 0 : overlay[i - 1]) + 1 +
                     tip_property_number(property, 40);
    }
    tip_buf_init(&buf, row, sizeof row);
    if (tip_wire_record_encode(&value, &buf) != TIP_OK) {
        broken = "a sound record was not written";
    } else if (tip_wire_record_decode(tip_bytes(row, buf.size), &arena,
                                      &back) != TIP_OK ||
               !wire_equal_record(&value.record, &back.record) ||
               back.overlay_count != value.overlay_count ||
               !tip_bytes_equal(
                   tip_bytes(overlay, value.overlay_count * sizeof *overlay),
                   tip_bytes(back.overlay,
                             back.overlay_count * sizeof *overlay))) {
        broken = "a record came back different";
    } else if (!peek_agrees(&value, tip_bytes(row, buf.size))) {
        broken = "a peek says something else";
    } else {
        mutilate(property, tip_bytes(row, buf.size), decode_record);
    }
    tip_arena_deinit(&arena);
    return broken;
}

static void test_a_record_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_true(tip_property_holds("record", 500, record_returns));
}

static enum tip_err decode_dead(struct tip_bytes bytes)
{
    struct tip_arena arena;
    struct tip_wire_dead dead;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_dead_decode(bytes, &arena, &dead);
    tip_arena_deinit(&arena);
    return err;
}

static const char *dead_returns(struct tip_property *property)
{
    struct tip_arena arena;
    struct wire_random random;
    struct tip_wire_dead dead, back;
    struct tip_buf buf;
    const char *broken = NULL;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    random = wire_random(property, &arena);
    dead = (struct tip_wire_dead){
        .origin = (uint32_t)tip_property_number(property, 32),
        .seq = tip_property_number(property, 64),
        .commit = wire_random_commit(&random),
        .record = wire_random_record(&random)};
    tip_buf_init(&buf, row, sizeof row);
    if (tip_wire_dead_encode(&dead, &buf) != TIP_OK) {
        broken = "the dead were not written";
    } else if (tip_wire_dead_decode(tip_bytes(row, buf.size), &arena, &back) !=
                   TIP_OK ||
               !wire_equal_record(&dead.record, &back.record) ||
               back.origin != dead.origin || back.seq != dead.seq ||
               back.commit != dead.commit) {
        broken = "the dead came back different";
    } else {
        mutilate(property, tip_bytes(row, buf.size), decode_dead);
    }
    tip_arena_deinit(&arena);
    return broken;
}

static void test_the_dead_come_back_as_they_were(void **state)
{
    (void)state;
    assert_true(tip_property_holds("dead", 300, dead_returns));
}

static enum tip_err decode_item(struct tip_bytes bytes)
{
    struct tip_arena arena;
    struct tip_item item;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_wire_channel_decode(bytes, &arena, &item);
    tip_arena_deinit(&arena);
    return err;
}

static const char *item_returns(struct tip_property *property)
{
    struct tip_arena arena;
    struct wire_random random;
    struct tip_item item, back;
    struct tip_buf buf;
    const char *broken = NULL;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    random = wire_random(property, &arena);
    random.is_down = true;
    item = wire_random_item(&random);
    tip_buf_init(&buf, row, sizeof row);
    if (tip_wire_channel_encode(&item, &buf) != TIP_OK) {
        broken = "a sound item was not written";
    } else if (tip_wire_channel_decode(tip_bytes(row, buf.size), &arena,
                                       &back) != TIP_OK ||
               !wire_equal_item(&item, &back)) {
        broken = "an item came back different";
    } else {
        mutilate(property, tip_bytes(row, buf.size), decode_item);
    }
    tip_arena_deinit(&arena);
    return broken;
}

static void test_an_item_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_true(tip_property_holds("item", 500, item_returns));
}

/* A set that writes @value to one field of one record. */
static struct tip_change_set one_write(const struct tip_value *value)
{
    static const struct tip_record_ref ref = {.birth_commit = 1};
    static struct tip_change change;

    change = (struct tip_change){.field = 20, .value = *value};
    return (struct tip_change_set){.origin = 1,
                                   .seq = 1,
                                   .author = tip_bytes_text("a"),
                                   .records = &ref,
                                   .record_count = 1,
                                   .changes = &change,
                                   .change_count = 1};
}

static enum tip_err encode_value(const struct tip_value *value)
{
    struct tip_change_set set = one_write(value);
    struct tip_buf buf;

    tip_buf_init(&buf, row, sizeof row);
    return tip_wire_set_encode(&set, &buf);
}

static void test_what_is_not_text_is_not_written(void **state)
{
    static const struct tip_bytes bad[] = {
        {(const uint8_t *)"a\0b", 3},
        {(const uint8_t *)"\xff", 1},
        {(const uint8_t *)"\xed\xa0\x80", 3},
        {(const uint8_t *)"\x1b[2J", 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tip_value value = {.kind = TIP_VALUE_TEXT, .bytes = bad[i]};

        assert_int_equal(encode_value(&value), TIP_EINVAL);
        /* As sealed bytes it is nobody's business. */
        value.kind = TIP_VALUE_OPAQUE;
        assert_int_equal(encode_value(&value), TIP_OK);
    }
}

static void test_a_set_no_frame_could_hold_is_refused(void **state)
{
    static uint8_t large[TIP_CHANGE_SET_BYTES_MAX];
    struct tip_value value = {.kind = TIP_VALUE_OPAQUE,
                              .bytes = TIP_BYTES_OF(large)};

    (void)state;
    assert_int_equal(encode_value(&value), TIP_ETOOBIG);
    value.bytes.size -= 100;
    assert_int_equal(encode_value(&value), TIP_OK);
}

static void test_a_kind_of_a_later_version_is_not_called_damaged(void **state)
{
    struct tip_value value = {.kind = TIP_VALUE_CODE, .code = 5};
    struct tip_change_set set = one_write(&value);
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_set_encode(&set, &buf), TIP_OK);
    assert_int_equal(decode_set(tip_bytes(row, buf.size)), TIP_OK);
    /* The change: field and kind in two bytes, the code in one. */
    row[buf.size - 3] |= 0x0f << 2;
    assert_int_equal(decode_set(tip_bytes(row, buf.size)), TIP_EUNSUPPORTED);
}

static void test_a_row_of_another_kind_is_refused(void **state)
{
    struct tip_value value = {.kind = TIP_VALUE_CODE, .code = 5};

    (void)state;
    assert_int_equal(encode_value(&value), TIP_OK);
    assert_int_equal(decode_record(tip_bytes(row, 40)), TIP_EMALFORMED);
    row[0]++;
    assert_int_equal(decode_set(tip_bytes(row, 40)), TIP_EUNSUPPORTED);
}

static void test_an_overlay_is_in_order(void **state)
{
    static const uint64_t overlay[] = {5, 5};
    struct tip_wire_record value = {.overlay = overlay, .overlay_count = 2};
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
    assert_int_equal(buf.size, 0);
}

static void test_an_overlay_has_so_many_and_no_more(void **state)
{
    static uint64_t overlay[TIP_WIRE_OVERLAY_MAX + 1];
    struct tip_wire_record value = {.record.id = {{1}}, .overlay = overlay};
    struct tip_buf buf;

    (void)state;
    for (size_t i = 0; i <= TIP_WIRE_OVERLAY_MAX; i++) {
        overlay[i] = i + 1;
    }
    tip_buf_init(&buf, row, sizeof row);
    value.overlay_count = TIP_WIRE_OVERLAY_MAX;
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_OK);
    value.overlay_count++;
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_set_comes_back_as_it_was),
        cmocka_unit_test(test_a_record_comes_back_as_it_was),
        cmocka_unit_test(test_the_dead_come_back_as_they_were),
        cmocka_unit_test(test_an_item_comes_back_as_it_was),
        cmocka_unit_test(test_what_is_not_text_is_not_written),
        cmocka_unit_test(test_a_set_no_frame_could_hold_is_refused),
        cmocka_unit_test(test_a_kind_of_a_later_version_is_not_called_damaged),
        cmocka_unit_test(test_a_row_of_another_kind_is_refused),
        cmocka_unit_test(test_an_overlay_is_in_order),
        cmocka_unit_test(test_an_overlay_has_so_many_and_no_more),
    };

    return cmocka_run_group_tests_name("wire_row", tests, NULL, NULL);
}
