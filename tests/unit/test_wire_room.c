/* Rules of wire in little memory: who has not enough says so, and nothing else
 * is wrong with what was read or written. */
#include "fake_schema.h"
#include "tip_codec_internal.h"
#include "tip_test.h"
#include "tip_wire_channel.h"
#include "tip_wire_down.h"
#include "tip_wire_pieces.h"
#include "tip_wire_record.h"
#include "tip_wire_set.h"
#include "tip_wire_up.h"
#include "wire_sample.h"

enum {
    ARENA_BYTES_MAX = 1 << 24,
    MUCH = 1 << 20,
    STEP = 16, /* What an arena rounds to. */
    BODY_BYTES_MAX = 1 << 16,
    SETS = 8
};

static struct tip_codec *codec;
static struct tip_arena sample_arena;
static struct tip_up_body up;
static struct tip_down_body down;
static struct tip_record record; /* What its last write left. */
static uint8_t memory[BODY_BYTES_MAX];
static struct tip_frame_header up_header, down_header;
static struct tip_bytes up_bytes, down_bytes;

/* Encode @body with @room bytes for columns and tables. */
static enum tip_err up_encode(size_t room)
{
    struct tip_buf buf;
    uint32_t dictionary;
    enum tip_err err;

    tip_codec_scratch(codec)->used_bytes_max = room;
    tip_buf_init(&buf, memory, sizeof memory / 2);
    err = tip_wire_up_encode(codec, &up, &buf, &dictionary);
    up_header = (struct tip_frame_header){.origin = up.sets[0].origin,
                                          .first = up.sets[0].seq,
                                          .count = SETS,
                                          .dictionary = dictionary};
    up_bytes = tip_bytes(memory, buf.size);
    return err;
}

static enum tip_err down_encode(size_t room)
{
    struct tip_buf buf;
    enum tip_err err;

    tip_codec_scratch(codec)->used_bytes_max = room;
    tip_buf_init(&buf, memory + sizeof memory / 2, sizeof memory / 2);
    down_header = (struct tip_frame_header){
        .origin = 1, .is_down = true, .channel = 25, .first = 1, .count = 1};
    err = tip_wire_down_encode(codec, &down, &buf, &down_header.dictionary);
    down_bytes = tip_bytes(buf.data, buf.size);
    return err;
}

static enum tip_err up_decode(size_t room, size_t keep)
{
    const struct tip_wire_sender sender = {.header = &up_header, .office = 25};
    struct tip_up_body back;
    struct tip_arena arena;
    enum tip_err err;

    tip_codec_scratch(codec)->used_bytes_max = room;
    tip_arena_init(&arena, keep);
    err = tip_wire_up_decode(codec, &sender, up_bytes, &arena, &back);
    tip_arena_deinit(&arena);
    return err;
}

static enum tip_err down_decode(size_t room, size_t keep)
{
    struct tip_down_body back;
    struct tip_arena arena;
    enum tip_err err;

    tip_codec_scratch(codec)->used_bytes_max = room;
    tip_arena_init(&arena, keep);
    err = tip_wire_down_decode(codec, &down_header, down_bytes, &arena, &back);
    tip_arena_deinit(&arena);
    return err;
}

static enum tip_err up_decode_in(size_t room)
{
    return up_decode(room, MUCH);
}

static enum tip_err up_keep_in(size_t room)
{
    return up_decode(MUCH, room);
}

static enum tip_err down_decode_in(size_t room)
{
    return down_decode(room, MUCH);
}

static enum tip_err down_keep_in(size_t room)
{
    return down_decode(MUCH, room);
}

static enum tip_err set_keep_in(size_t room)
{
    static uint8_t row[4096];
    struct tip_change_set back;
    struct tip_arena arena;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_set_encode(&up.sets[0], &buf), TIP_OK);
    tip_arena_init(&arena, room);
    err = tip_wire_set_decode(tip_bytes(row, buf.size), &arena, &back);
    tip_arena_deinit(&arena);
    return err;
}

static enum tip_err pieces_in(size_t room)
{
    static uint8_t bytes[TIP_WIRE_PIECE_BYTES_MAX];
    struct tip_wire_pieces at = {.body = &down};
    struct tip_wire_piece piece;
    struct tip_arena arena;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, bytes, sizeof bytes);
    tip_arena_init(&arena, room);
    err = tip_wire_pieces_next(&at, &arena, &buf, &piece);
    tip_arena_deinit(&arena);
    return err;
}

static enum tip_err record_keep_in(size_t room)
{
    static uint8_t row[8192];
    const struct tip_wire_record value = {.record = record};
    struct tip_wire_record back;
    struct tip_arena arena;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_OK);
    tip_arena_init(&arena, room);
    err = tip_wire_record_decode(tip_bytes(row, buf.size), &arena, &back);
    tip_arena_deinit(&arena);
    return err;
}

static enum tip_err apply_in(size_t room)
{
    const struct tip_write write = {.origin = 7, .seq = 9};
    const struct tip_change change = {.field = FAKE_LATEST};
    struct tip_record after = record, dead;
    struct tip_arena arena;
    enum tip_err err;

    tip_arena_init(&arena, room);
    err = tip_record_apply(&after, &write, &change, 1, &arena, &dead);
    if (err != TIP_OK) {
        assert_memory_equal(&after, &record, sizeof after);
    }
    tip_arena_deinit(&arena);
    return err;
}

/* A little more room each time, until it is enough. */
static void assert_says_so(enum tip_err (*run)(size_t room))
{
    size_t room = 0;

    for (enum tip_err err = run(0); err != TIP_OK; err = run(room)) {
        assert_int_equal(err, TIP_ENOMEM);
        room += STEP;
        assert_in_range(room, STEP, MUCH);
    }
    assert_true(room > 0);
}

static int setup(void **state)
{
    const struct tip_change change = {
        .field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = 1}};
    const struct tip_write write = {
        .origin = 5, .seq = 1, .author = tip_bytes_text("salma")};
    static const struct tip_id id = {{1}};
    struct wire_sample sample;
    struct tip_record dead;

    (void)state;
    if (tip_codec_new(TIP_CODEC_LEVEL, &codec) != TIP_OK) {
        return -1;
    }
    tip_arena_init(&sample_arena, ARENA_BYTES_MAX);
    sample = wire_sample(7, &sample_arena);
    up = wire_sample_records(&sample, SETS);
    down = wire_sample_down(&sample, &up);
    tip_record_init(&record, &id, FAKE_TYPE, 25);
    return tip_record_apply(&record, &write, &change, 1, &sample_arena,
                            &dead) == TIP_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    tip_arena_deinit(&sample_arena);
    tip_codec_free(codec);
    return 0;
}

static void test_who_writes_a_frame_without_room_says_so(void **state)
{
    (void)state;
    assert_says_so(up_encode);
    assert_says_so(down_encode);
}

static void test_who_reads_a_frame_without_room_says_so(void **state)
{
    (void)state;
    assert_int_equal(up_encode(MUCH), TIP_OK);
    assert_says_so(up_decode_in);
    assert_says_so(up_keep_in);
    assert_int_equal(down_encode(MUCH), TIP_OK);
    assert_says_so(down_decode_in);
    assert_says_so(down_keep_in);
    assert_says_so(pieces_in);
}

static void test_who_reads_a_row_without_room_says_so(void **state)
{
    (void)state;
    assert_says_so(set_keep_in);
    assert_says_so(record_keep_in);
}

static void test_a_record_is_unchanged_without_room(void **state)
{
    (void)state;
    assert_says_so(apply_in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_writes_a_frame_without_room_says_so),
        cmocka_unit_test(test_who_reads_a_frame_without_room_says_so),
        cmocka_unit_test(test_who_reads_a_row_without_room_says_so),
        cmocka_unit_test(test_a_record_is_unchanged_without_room),
    };

    return cmocka_run_group_tests_name("wire_room", tests, setup, teardown);
}
