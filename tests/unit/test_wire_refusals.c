/* Rules of what may not be said: no encoder writes it, at the limit it does. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_channel.h"
#include "tip_wire_ctl.h"
#include "tip_wire_down.h"
#include "tip_wire_header.h"
#include "tip_wire_session.h"
#include "tip_wire_up.h"

enum { ROOM = 1 << 16, NUMBER_BITS = TIP_COMMIT_NUMBER_BITS };

#define NUMBER_MAX ((UINT64_C(1) << NUMBER_BITS) - 1)

static uint8_t memory[ROOM];
static char letters[TIP_REASON_BYTES_MAX + 1];
static struct tip_codec *codec;

static int setup(void **state)
{
    (void)state;
    memset(letters, 'a', sizeof letters);
    return tip_codec_new(0, &codec) == TIP_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    tip_codec_free(codec);
    return 0;
}

static struct tip_bytes text_of(size_t size)
{
    return tip_bytes(letters, size);
}

/* What both encoders of items say of @item: as a row, and in a frame. */
static enum tip_err said(const struct tip_item *item)
{
    const struct tip_down_body body = {.items = item, .item_count = 1};
    enum tip_err row, frame;
    uint32_t dictionary;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    row = tip_wire_channel_encode(item, &buf);
    assert_true((row == TIP_OK) == (buf.size != 0));
    tip_buf_init(&buf, memory, sizeof memory);
    frame = tip_wire_down_encode(codec, &body, &buf, &dictionary);
    assert_true((frame == TIP_OK) == (buf.size != 0));
    assert_int_equal(row, frame);
    return row;
}

/* One of each kind that may be said. */
static struct tip_item sound(enum tip_item_kind kind)
{
    static const struct tip_record_ref ref = {.birth_commit = 1};
    static const struct tip_change change = {
        .field = 20, .value = {.kind = TIP_VALUE_CODE, .code = 5}};

    return (struct tip_item){
        .kind = kind,
        .commit = kind == TIP_ITEM_ECHO ? 0 : 7,
        .echo = {.origin = 1, .first_seq = 1, .count = 5, .first_commit = 1},
        .set = {.origin = 1,
                .seq = 1,
                .author = text_of(1),
                .records = &ref,
                .record_count = 1,
                .changes = &change,
                .change_count = 1},
        .state = {.total = 10, .offset = 6, .bytes = text_of(4)},
        .ruling = {.kind = TIP_RULING_REFUSED,
                   .hold = TIP_HOLD_QUOTA,
                   .origin = 1,
                   .first_seq = 1,
                   .count = 5,
                   .by = text_of(1),
                   .reason = text_of(1)},
        .control = text_of(9)};
}

static void test_what_is_sound_is_said(void **state)
{
    (void)state;
    for (int kind = TIP_ITEM_ECHO; kind <= TIP_ITEM_ROLL; kind++) {
        const struct tip_item item = sound((enum tip_item_kind)kind);

        assert_int_equal(said(&item), TIP_OK);
    }
}

static void test_nothing_has_no_place_in_the_order(void **state)
{
    (void)state;
    for (int kind = TIP_ITEM_ECHO; kind <= TIP_ITEM_ROLL; kind++) {
        struct tip_item item = sound((enum tip_item_kind)kind);

        if (kind != TIP_ITEM_ECHO) {
            item.commit = 0;
            assert_int_equal(said(&item), TIP_EINVAL);
            item.commit = 1;
            assert_int_equal(said(&item), TIP_OK);
        }
    }
}

/* A number that no enumerator has. */
static void test_a_kind_that_nobody_knows_is_not_said(void **state)
{
    struct tip_item item = sound(TIP_ITEM_SET);
    struct tip_message message = {.kind = TIP_MESSAGE_BYE};
    struct tip_ctl control = {.kind = TIP_CTL_OPEN};
    struct tip_buf buf;

    (void)state;
    tip_buf_init(&buf, memory, sizeof memory);
    item.kind = (enum tip_item_kind)(TIP_ITEM_ROLL + 1);
    assert_int_equal(said(&item), TIP_EINVAL);
    message.kind = (enum tip_message_kind)(TIP_MESSAGE_LOST + 1);
    assert_int_equal(tip_wire_message_encode(&message, &buf), TIP_EINVAL);
    control.kind = (enum tip_ctl_kind)(TIP_CTL_RETIRE + 1);
    assert_int_equal(tip_wire_ctl_encode(&control, &buf), TIP_EINVAL);
    assert_int_equal(buf.size, 0);
}

static void test_a_verdict_is_good_or_of_the_future(void **state)
{
    static const enum tip_item_kind kinds[] = {TIP_ITEM_SET, TIP_ITEM_RULING};
    struct tip_item echo = sound(TIP_ITEM_ECHO);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct tip_item item = sound(kinds[i]);

        item.verdict = TIP_VERDICT_FUTURE;
        assert_int_equal(said(&item), TIP_OK);
        item.verdict = (enum tip_verdict)(TIP_VERDICT_FUTURE + 1);
        assert_int_equal(said(&item), TIP_EINVAL);
    }
    echo.echo.verdict = (enum tip_verdict)(TIP_VERDICT_FUTURE + 1);
    assert_int_equal(said(&echo), TIP_EINVAL);
}

/* Say @item with @member_ set to @value_, which must give @err_. */
#define ASSERT_SAID(kind_, member_, value_, err_) \
    do {                                          \
        struct tip_item item_ = sound(kind_);     \
        item_.member_ = (value_);                 \
        assert_int_equal(said(&item_), (err_));   \
    } while (0)

static void test_an_echo_is_a_run_that_ends_before_the_last_number(void **state)
{
    (void)state;
    ASSERT_SAID(TIP_ITEM_ECHO, echo.origin, 0, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_ECHO, echo.count, 0, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_ECHO, echo.first_seq, 0, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_ECHO, echo.first_commit, 0, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_ECHO, echo.first_seq, UINT64_MAX - 5, TIP_OK);
    ASSERT_SAID(TIP_ITEM_ECHO, echo.first_seq, UINT64_MAX - 4, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_ECHO, echo.first_commit,
                tip_commit_make(1, NUMBER_MAX - 4), TIP_OK);
    ASSERT_SAID(TIP_ITEM_ECHO, echo.first_commit,
                tip_commit_make(1, NUMBER_MAX - 3), TIP_EINVAL);
}

static void test_a_part_lies_within_its_state(void **state)
{
    static const uint8_t bytes[TIP_STATE_PART_BYTES_MAX + 1];
    struct tip_item item = sound(TIP_ITEM_STATE);

    (void)state;
    ASSERT_SAID(TIP_ITEM_STATE, state.bytes, TIP_BYTES_NONE, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_STATE, state.offset, 7, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_STATE, state.offset, 10, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_STATE, state.offset, 11, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_STATE, state.total, 9, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_STATE, state.total, TIP_STATE_BYTES_MAX, TIP_OK);
    ASSERT_SAID(TIP_ITEM_STATE, state.total, TIP_STATE_BYTES_MAX + 1,
                TIP_EINVAL);
    item.state.total = TIP_STATE_BYTES_MAX;
    item.state.bytes = tip_bytes(bytes, TIP_STATE_PART_BYTES_MAX);
    assert_int_equal(said(&item), TIP_OK);
    item.state.bytes.size++;
    assert_int_equal(said(&item), TIP_EINVAL);
}

static void test_an_entry_of_the_control_log_has_bytes_but_few(void **state)
{
    (void)state;
    ASSERT_SAID(TIP_ITEM_CONTROL, control, TIP_BYTES_NONE, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_CONTROL, control, text_of(TIP_CTL_BYTES_MAX), TIP_OK);
    ASSERT_SAID(TIP_ITEM_CONTROL, control, text_of(TIP_CTL_BYTES_MAX + 1),
                TIP_EINVAL);
}

static void test_a_ruling_says_who_why_and_about_what(void **state)
{
    (void)state;
    ASSERT_SAID(TIP_ITEM_RULING, ruling.kind, (enum tip_ruling_kind)0,
                TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.kind, (enum tip_ruling_kind)3,
                TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.hold, TIP_HOLD_NONE, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.hold,
                (enum tip_hold)TIP_HOLD_NUMBER_MAX, TIP_OK);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.hold,
                (enum tip_hold)(TIP_HOLD_NUMBER_MAX + 1), TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.origin, 0, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.first_seq, 0, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.first_seq, UINT64_MAX - 5, TIP_OK);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.first_seq, UINT64_MAX - 4, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.count, 0, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.base, 1, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.by, TIP_BYTES_NONE, TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.by, text_of(TIP_AUTHOR_BYTES_MAX),
                TIP_OK);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.by, text_of(TIP_AUTHOR_BYTES_MAX + 1),
                TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.reason, TIP_BYTES_NONE, TIP_OK);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.reason, text_of(TIP_REASON_BYTES_MAX),
                TIP_OK);
    ASSERT_SAID(TIP_ITEM_RULING, ruling.reason,
                text_of(TIP_REASON_BYTES_MAX + 1), TIP_EINVAL);
}

static void test_what_is_accepted_is_one_with_a_base(void **state)
{
    struct tip_item item = sound(TIP_ITEM_RULING);

    (void)state;
    item.ruling.kind = TIP_RULING_ACCEPTED;
    item.ruling.base = 3;
    assert_int_equal(said(&item), TIP_EINVAL);
    item.ruling.count = 1;
    assert_int_equal(said(&item), TIP_OK);
}

static void test_a_set_names_its_author_and_may_give_a_reason(void **state)
{
    (void)state;
    ASSERT_SAID(TIP_ITEM_SET, set.author, TIP_BYTES_NONE, TIP_EMALFORMED);
    ASSERT_SAID(TIP_ITEM_SET, set.author, text_of(TIP_AUTHOR_BYTES_MAX),
                TIP_OK);
    ASSERT_SAID(TIP_ITEM_SET, set.author, text_of(TIP_AUTHOR_BYTES_MAX + 1),
                TIP_EMALFORMED);
    ASSERT_SAID(TIP_ITEM_SET, set.author, tip_bytes_text("a\nb"), TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_SET, set.reason, tip_bytes_text("a\nb"), TIP_OK);
    ASSERT_SAID(TIP_ITEM_SET, set.reason, tip_bytes_text("\xff"), TIP_EINVAL);
    ASSERT_SAID(TIP_ITEM_SET, set.reason, text_of(TIP_REASON_BYTES_MAX),
                TIP_OK);
    ASSERT_SAID(TIP_ITEM_SET, set.reason, text_of(TIP_REASON_BYTES_MAX + 1),
                TIP_EMALFORMED);
}

static void test_a_frame_has_a_set_at_least_and_not_too_many(void **state)
{
    static struct tip_change_set sets[TIP_FRAME_SETS_MAX + 1];
    struct tip_up_body body = {.sets = sets};
    struct tip_down_body down = {.item_count = TIP_FRAME_SETS_MAX + 1};
    struct tip_frame_header header = {
        .origin = 1, .first = 1, .count = TIP_FRAME_SETS_MAX};
    const struct tip_wire_sender sender = {.header = &header, .office = 1};
    struct tip_up_body back;
    struct tip_arena arena;
    uint32_t dictionary;
    struct tip_buf buf;

    (void)state;
    for (size_t i = 0; i <= TIP_FRAME_SETS_MAX; i++) {
        sets[i] = sound(TIP_ITEM_SET).set;
        sets[i].seq = i + 1;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                     TIP_EINVAL);
    body.set_count = TIP_FRAME_SETS_MAX;
    assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                     TIP_OK);
    tip_arena_init(&arena, 8 << 20);
    header.dictionary = dictionary;
    assert_int_equal(tip_wire_up_decode(codec, &sender,
                                        tip_bytes(memory, buf.size), &arena,
                                        &back),
                     TIP_OK);
    assert_int_equal(back.set_count, TIP_FRAME_SETS_MAX);
    tip_arena_deinit(&arena);
    tip_buf_clear(&buf);
    body.set_count++;
    assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                     TIP_ETOOBIG);
    assert_int_equal(tip_wire_down_encode(codec, &down, &buf, &dictionary),
                     TIP_ETOOBIG);
    assert_int_equal(buf.size, 0);
}

static void test_a_frame_has_not_too_many_changes(void **state)
{
    enum { EACH = TIP_CHANGE_SET_CHANGES_MAX, SETS = (64 * 1024) / EACH };
    static struct tip_change changes[EACH];
    static struct tip_change_set sets[SETS + 1];
    static uint8_t large[1 << 20];
    struct tip_up_body body = {.sets = sets, .set_count = SETS};
    uint32_t dictionary;
    struct tip_buf buf;

    (void)state;
    for (size_t i = 0; i < EACH; i++) {
        changes[i] = (struct tip_change){.field = 20 + (uint32_t)i};
    }
    for (size_t i = 0; i <= SETS; i++) {
        sets[i] = sound(TIP_ITEM_SET).set;
        sets[i].seq = i + 1;
        sets[i].changes = changes;
        sets[i].change_count = i < SETS ? EACH : 1;
    }
    tip_buf_init(&buf, large, sizeof large);
    assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                     TIP_OK);
    tip_buf_clear(&buf);
    body.set_count++;
    assert_int_equal(tip_wire_up_encode(codec, &body, &buf, &dictionary),
                     TIP_ETOOBIG);
    assert_int_equal(buf.size, 0);
}

static enum tip_err header_said(const struct tip_frame_header *header)
{
    struct tip_frame_header back;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    err = tip_wire_header_encode(header, &buf);
    if (err == TIP_OK) {
        assert_int_equal(
            tip_wire_header_decode(tip_bytes(memory, buf.size), &back), TIP_OK);
        assert_int_equal(back.count, header->count);
        assert_int_equal(back.first, header->first);
    }
    return err;
}

#define ASSERT_HEADER(down_, member_, value_, err_)                   \
    do {                                                              \
        struct tip_frame_header header_ = {                           \
            .origin = 1, .is_down = (down_), .first = 1, .count = 1}; \
        header_.member_ = (value_);                                   \
        assert_int_equal(header_said(&header_), (err_));              \
    } while (0)

static void test_a_header_says_a_run_that_can_be(void **state)
{
    (void)state;
    ASSERT_HEADER(false, origin, 0, TIP_EINVAL);
    ASSERT_HEADER(false, origin, UINT32_MAX, TIP_OK);
    ASSERT_HEADER(false, first, 0, TIP_EINVAL);
    ASSERT_HEADER(false, first, UINT64_MAX - 1, TIP_OK);
    ASSERT_HEADER(false, first, UINT64_MAX, TIP_EINVAL);
    ASSERT_HEADER(false, count, 0, TIP_EINVAL);
    ASSERT_HEADER(false, count, TIP_FRAME_SETS_MAX, TIP_OK);
    ASSERT_HEADER(false, count, TIP_FRAME_SETS_MAX + 1, TIP_EINVAL);
    ASSERT_HEADER(true, count, 2, TIP_EINVAL);
    ASSERT_HEADER(false, channel, 1, TIP_EINVAL);
    ASSERT_HEADER(true, channel, 1, TIP_OK);
    ASSERT_HEADER(false, generation, 1, TIP_EINVAL);
    ASSERT_HEADER(true, generation, 1, TIP_OK);
    ASSERT_HEADER(false, format, TIP_FORMAT + 1, TIP_EINVAL);
    ASSERT_HEADER(false, suite, 1, TIP_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_sound_is_said),
        cmocka_unit_test(test_nothing_has_no_place_in_the_order),
        cmocka_unit_test(test_a_kind_that_nobody_knows_is_not_said),
        cmocka_unit_test(test_a_verdict_is_good_or_of_the_future),
        cmocka_unit_test(
            test_an_echo_is_a_run_that_ends_before_the_last_number),
        cmocka_unit_test(test_a_part_lies_within_its_state),
        cmocka_unit_test(test_an_entry_of_the_control_log_has_bytes_but_few),
        cmocka_unit_test(test_a_ruling_says_who_why_and_about_what),
        cmocka_unit_test(test_what_is_accepted_is_one_with_a_base),
        cmocka_unit_test(test_a_set_names_its_author_and_may_give_a_reason),
        cmocka_unit_test(test_a_frame_has_a_set_at_least_and_not_too_many),
        cmocka_unit_test(test_a_frame_has_not_too_many_changes),
        cmocka_unit_test(test_a_header_says_a_run_that_can_be),
    };

    return cmocka_run_group_tests_name("wire_refusals", tests, setup, teardown);
}
