/* Rules of the pieces of a frame of the hub: each says its own part of it. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_pieces.h"
#include "tip_wire_record.h"

enum { ARENA_BYTES_MAX = 1 << 20, PIECES_MAX = 32 };

/* Which piece of the sample says what. */
enum {
    SET_RECORD = 1 << 0,
    SET_OTHER_RECORD = 1 << 1,
    SET_REASON = 1 << 2,
    RULING = 1 << 3,
    RULING_REASON = 1 << 4,
    ECHO = 1 << 5,
    CONTROL = 1 << 6,
    CHECKPOINT = 1 << 7,
    PIECES = 8
};

struct sample {
    struct tip_record_ref refs[2];
    struct tip_change changes[2];
    struct tip_item items[4];
    struct tip_down_body body;
};

/* The pieces of a body: of what kind, and their bytes. */
struct pieces {
    enum tip_wire_piece_kind kinds[PIECES_MAX];
    uint8_t bytes[PIECES_MAX][256];
    size_t sizes[PIECES_MAX];
    size_t count;
};

static void make_sample(struct sample *sample)
{
    *sample = (struct sample){
        .refs = {{.birth_commit = 7}, {.birth_commit = 8}},
        .changes = {{.record = 0,
                     .field = 20,
                     .value = {.kind = TIP_VALUE_CODE, .code = 1}},
                    {.record = 1,
                     .field = 20,
                     .value = {.kind = TIP_VALUE_CODE, .code = 2}}},
        .items = {{.kind = TIP_ITEM_SET,
                   .commit = 30,
                   .set = {.origin = 12,
                           .office = 50,
                           .seq = 1,
                           .author = tip_bytes_text("aminetou"),
                           .reason = tip_bytes_text("asked for"),
                           .record_count = 2,
                           .change_count = 2}},
                  {.kind = TIP_ITEM_RULING,
                   .commit = 31,
                   .ruling = {.kind = TIP_RULING_REFUSED,
                              .hold = TIP_HOLD_QUOTA,
                              .origin = 12,
                              .first_seq = 3,
                              .count = 1,
                              .by = tip_bytes_text("salma"),
                              .reason = tip_bytes_text("asked Atar")}},
                  {.kind = TIP_ITEM_ECHO,
                   .echo = {.origin = 12,
                            .first_seq = 2,
                            .count = 1,
                            .first_commit = 32}},
                  {.kind = TIP_ITEM_CONTROL,
                   .commit = 33,
                   .control = tip_bytes_text("entry")}},
        .body = {.item_count = 4,
                 .has_checkpoint = true,
                 .checkpoint = {.commit = 33, .control = 4}}};
    sample->items[0].set.records = sample->refs;
    sample->items[0].set.changes = sample->changes;
    sample->body.items = sample->items;
}

static struct pieces pieces_of(const struct sample *sample)
{
    static uint8_t memory[TIP_WIRE_PIECE_BYTES_MAX];
    struct tip_wire_pieces at = {.body = &sample->body};
    struct pieces pieces = {.count = 0};
    struct tip_wire_piece piece;
    struct tip_arena arena;
    struct tip_buf buf;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    tip_buf_init(&buf, memory, sizeof memory);
    while (tip_wire_pieces_next(&at, &arena, &buf, &piece) == TIP_OK) {
        size_t i = pieces.count++;

        assert_in_range(pieces.count, 1, PIECES_MAX);
        assert_in_range(piece.bytes.size, 1, sizeof pieces.bytes[i]);
        pieces.kinds[i] = piece.kind;
        pieces.sizes[i] = piece.bytes.size;
        memcpy(pieces.bytes[i], piece.bytes.data, piece.bytes.size);
    }
    assert_int_equal(tip_wire_pieces_next(&at, &arena, &buf, &piece),
                     TIP_ENOTFOUND);
    tip_arena_deinit(&arena);
    return pieces;
}

static void test_a_body_has_a_piece_for_each_part_that_may_go(void **state)
{
    static const enum tip_wire_piece_kind kinds[PIECES] = {
        TIP_WIRE_PIECE_RECORD, TIP_WIRE_PIECE_RECORD,    TIP_WIRE_PIECE_REASON,
        TIP_WIRE_PIECE_ITEM,   TIP_WIRE_PIECE_REASON,    TIP_WIRE_PIECE_ITEM,
        TIP_WIRE_PIECE_ITEM,   TIP_WIRE_PIECE_CHECKPOINT};
    struct sample sample;
    struct pieces pieces;

    (void)state;
    make_sample(&sample);
    pieces = pieces_of(&sample);
    assert_int_equal(pieces.count, PIECES);
    assert_memory_equal(pieces.kinds, kinds, sizeof kinds);
}

/* Which pieces of @sample are unlike those it had before it was changed; as
 * many as then. */
static unsigned unlike(const struct sample *sample)
{
    struct pieces before, after;
    struct sample plain;
    unsigned pieces = 0;

    make_sample(&plain);
    before = pieces_of(&plain);
    after = pieces_of(sample);
    assert_int_equal(after.count, before.count);
    for (size_t i = 0; i < after.count; i++) {
        if (!tip_bytes_equal(tip_bytes(before.bytes[i], before.sizes[i]),
                             tip_bytes(after.bytes[i], after.sizes[i]))) {
            pieces |= 1U << i;
        }
    }
    return pieces;
}

#define ASSERT_SAID_IN(pieces_, change_)            \
    do {                                            \
        struct sample sample;                       \
        make_sample(&sample);                       \
        change_;                                    \
        assert_int_equal(unlike(&sample), pieces_); \
    } while (0)

/* A hub that says something else of it has another hash. */
static void test_whatever_is_said_is_in_a_piece(void **state)
{
    const unsigned records = SET_RECORD | SET_OTHER_RECORD;

    (void)state;
    ASSERT_SAID_IN(0, sample.items[0].commit += 0);
    ASSERT_SAID_IN(records | SET_REASON, sample.items[0].commit++);
    ASSERT_SAID_IN(records, sample.items[0].verdict = TIP_VERDICT_FUTURE);
    ASSERT_SAID_IN(records, sample.items[0].set.origin++);
    ASSERT_SAID_IN(records, sample.items[0].set.office++);
    ASSERT_SAID_IN(records, sample.items[0].set.seq++);
    ASSERT_SAID_IN(records, sample.items[0].set.base++);
    ASSERT_SAID_IN(records, sample.items[0].set.stamp.packed++);
    ASSERT_SAID_IN(records,
                   sample.items[0].set.author = tip_bytes_text("salma"));
    ASSERT_SAID_IN(SET_REASON,
                   sample.items[0].set.reason = tip_bytes_text("!"));
    ASSERT_SAID_IN(SET_RECORD, sample.refs[0].birth_index++);
    ASSERT_SAID_IN(SET_RECORD, sample.changes[0].value.code++);
    ASSERT_SAID_IN(SET_OTHER_RECORD, sample.changes[1].field++);
    ASSERT_SAID_IN(RULING | RULING_REASON, sample.items[1].commit++);
    ASSERT_SAID_IN(RULING, sample.items[1].verdict = TIP_VERDICT_FUTURE);
    ASSERT_SAID_IN(RULING, sample.items[1].ruling.hold = TIP_HOLD_VALUE);
    ASSERT_SAID_IN(RULING, sample.items[1].ruling.by = tip_bytes_text("other"));
    ASSERT_SAID_IN(RULING_REASON, sample.items[1].ruling.reason =
                                      tip_bytes_text("asked Nema"));
    ASSERT_SAID_IN(ECHO, sample.items[2].echo.first_commit++);
    ASSERT_SAID_IN(ECHO, sample.items[2].echo.verdict = TIP_VERDICT_FUTURE);
    ASSERT_SAID_IN(CONTROL, sample.items[3].control = tip_bytes_text("other"));
    ASSERT_SAID_IN(CHECKPOINT, sample.body.checkpoint.commit++);
    /* An erasure raises it. */
    ASSERT_SAID_IN(0, sample.body.checkpoint.control++);
}

/* Of a frame in which nothing may ever go, nobody keeps hashes. */
static void test_only_people_have_something_that_may_go(void **state)
{
    struct sample sample;

    (void)state;
    make_sample(&sample);
    assert_true(tip_wire_pieces_may_go(&sample.body));
    sample.body.items = &sample.items[2];
    sample.body.item_count = 2;
    assert_false(tip_wire_pieces_may_go(&sample.body));
    sample.items[2].kind = TIP_ITEM_STATE;
    assert_true(tip_wire_pieces_may_go(&sample.body));
    sample.items[2].kind = TIP_ITEM_ROLL;
    sample.items[3].kind = TIP_ITEM_STATE;
    assert_true(tip_wire_pieces_may_go(&sample.body));
    sample.items[3].kind = TIP_ITEM_CONTROL;
    sample.items[2].ruling.reason = tip_bytes_text("left over");
    assert_false(tip_wire_pieces_may_go(&sample.body));
    sample.body.items = &sample.items[1];
    sample.body.item_count = 1;
    assert_true(tip_wire_pieces_may_go(&sample.body));
    sample.items[1].ruling.reason = TIP_BYTES_NONE;
    assert_false(tip_wire_pieces_may_go(&sample.body));
    sample.body.items = &sample.items[0];
    assert_true(tip_wire_pieces_may_go(&sample.body));
}

/* By its record it is found when that is erased. */
static void test_a_state_says_of_which_record_it_is(void **state)
{
    static uint8_t row[256], memory[TIP_WIRE_PIECE_BYTES_MAX];
    struct tip_item item = {.kind = TIP_ITEM_STATE, .commit = 9};
    const struct tip_down_body body = {.items = &item, .item_count = 1};
    struct tip_wire_pieces at = {.body = &body};
    struct tip_wire_record value = {.record = {.id = {{7}}, .erased = 5}};
    struct tip_wire_piece piece;
    struct tip_arena arena;
    struct tip_buf buf;

    (void)state;
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    tip_buf_init(&buf, row, sizeof row);
    assert_int_equal(tip_wire_record_encode(&value, &buf), TIP_OK);
    item.state.bytes = tip_bytes(row, buf.size);
    item.state.total = (uint32_t)buf.size;
    tip_buf_init(&buf, memory, sizeof memory);
    assert_int_equal(tip_wire_pieces_next(&at, &arena, &buf, &piece), TIP_OK);
    assert_int_equal(piece.kind, TIP_WIRE_PIECE_STATE);
    assert_memory_equal(&piece.record.id, &value.record.id,
                        sizeof piece.record.id);
    tip_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_body_has_a_piece_for_each_part_that_may_go),
        cmocka_unit_test(test_whatever_is_said_is_in_a_piece),
        cmocka_unit_test(test_a_state_says_of_which_record_it_is),
        cmocka_unit_test(test_only_people_have_something_that_may_go),
    };

    return cmocka_run_group_tests_name("wire_pieces", tests, NULL, NULL);
}
