/* Rules of a frame that a disk lost: it comes again from the hub by itself,
 * whichever it is; nobody is believed; and what nobody has stays told. */
#include <string.h>

#include "erasing.h"
#include "node_engine_internal.h"
#include "star_damage.h"
#include "star_offices.h"
#include "tip_envelope.h"

#define EVERY_MS (UINT64_C(48) * 60 * 60 * 1000)

#define OK(call) assert_int_equal((call), TIP_OK)

enum { FEED = STAR_ORIGIN_FIRST + NEMA, OFFICE = STAR_OFFICE_FIRST + NEMA };

static void pass(struct star *star, uint64_t seconds)
{
    for (uint64_t i = 0; i < seconds; i++) {
        star_wait(star, 1000);
        star_run(star);
    }
}

/* Let a reading of all stores come that is due; then whatever it leads to. */
static void survey(struct star *star)
{
    star_wait(star, EVERY_MS);
    pass(star, 30);
}

static uint64_t found(struct star *star)
{
    return star_status(star, NEMA).scrub_rest.count;
}

/* Six frames each of Néma and of its channel. */
static void work(struct star *star, struct tip_id *id)
{
    star_add_many(star, NEMA, id, 1);
    for (uint32_t i = 0; i < 5; i++) {
        OK(star_edit(star, NEMA, id, FAKE_LATEST, 70 + i));
        star_run(star);
        OK(star_edit(star, HUB, id, FAKE_LATEST + 1, 80 + i));
        star_run(star);
    }
    OK(node_engine_flush(star->nodes[NEMA].engine));
    OK(hub_engine_flush(star->hub));
}

/* A copy of the row of @table at @key. */
static struct tip_bytes row_of(struct fake_store *store, enum tip_table table,
                               struct tip_key key, uint8_t *memory)
{
    struct tip_bytes value;
    struct tip_txn *txn;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_get(txn, table, key, &value));
    memcpy(memory, value.data, value.size);
    tip_txn_abort(txn);
    return tip_bytes(memory, value.size);
}

static void put_row(struct fake_store *store, enum tip_table table,
                    struct tip_key key, struct tip_bytes value)
{
    struct tip_txn *txn;

    OK(tip_store_begin(&store->base, TIP_TXN_WRITE, &txn));
    OK(tip_txn_put(txn, table, key, value));
    OK(tip_txn_commit(txn));
}

/* The key of the newest frame of chain @hi in @table. */
static struct tip_key newest(struct fake_store *store, enum tip_table table,
                             uint64_t hi)
{
    struct tip_bytes value;
    struct tip_txn *txn;
    struct tip_key key;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_seek(txn, table, TIP_SEEK_AT_OR_BEFORE, TIP_KEY(hi, UINT64_MAX),
                    &key, &value));
    tip_txn_abort(txn);
    assert_int_equal(key.hi, hi);
    return key;
}

/* Whether its bytes flip or it is gone, it is there again as it was. */
static void assert_comes_again(struct star *star, enum tip_table table,
                               struct tip_key key)
{
    struct fake_store *store = star->nodes[NEMA].store;
    static uint8_t before[TIP_FRAME_BYTES_MAX * 2];
    static uint8_t after[TIP_FRAME_BYTES_MAX * 2];
    struct tip_bytes was = row_of(store, table, key, before);

    for (int i = 0; i < 2; i++) {
        assert_true(
            (i == 0 ? fake_store_spoil : fake_store_lose)(store, table, key));
        survey(star);
        assert_true(tip_bytes_equal(was, row_of(store, table, key, after)));
        assert_int_equal(found(star), 0);
    }
    assert_int_equal(star_status(star, NEMA).bad_messages, 0);
    assert_int_equal(star_device(star, NEMA).bad_messages, 0);
}

static void test_a_frame_of_its_feed_comes_again(void **state)
{
    struct star *star = *state;
    struct tip_key last;
    struct tip_id id;

    work(star, &id);
    last = newest(star->nodes[NEMA].store, TIP_TABLE_FRAME_UP, FEED);
    assert_true(last.lo > 4);
    assert_comes_again(star, TIP_TABLE_FRAME_UP, TIP_KEY(FEED, 1));
    assert_comes_again(star, TIP_TABLE_FRAME_UP, TIP_KEY(FEED, 3));
    assert_comes_again(star, TIP_TABLE_FRAME_UP, last);
}

static void test_a_frame_of_any_channel_comes_again(void **state)
{
    const uint32_t channels[] = {OFFICE, TIP_CHANNEL_CTL};
    struct star *star = *state;
    struct tip_id id;

    work(star, &id);
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        struct tip_key last =
            newest(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN, channels[i]);

        assert_comes_again(star, TIP_TABLE_FRAME_DOWN, TIP_KEY(channels[i], 1));
        assert_comes_again(star, TIP_TABLE_FRAME_DOWN, last);
    }
}

static void test_all_that_is_lost_comes_again(void **state)
{
    struct star *star = *state;
    struct fake_store *store = star->nodes[NEMA].store;
    struct tip_id id;

    work(star, &id);
    for (uint64_t i = 1; i < 5; i++) {
        assert_true(
            fake_store_spoil(store, TIP_TABLE_FRAME_DOWN, TIP_KEY(OFFICE, i)));
        assert_true(
            fake_store_lose(store, TIP_TABLE_FRAME_UP, TIP_KEY(FEED, i)));
    }
    survey(star);
    assert_int_equal(found(star), 0);
}

/* Of two in one chain the second is found by the next reading. */
static void test_a_clock_that_stands_keeps_nothing_from_it(void **state)
{
    struct star *star = *state;
    struct star_node *nema = &star->nodes[NEMA];
    uint64_t stands_ms = nema->clock.now_ms;
    struct tip_id id;

    work(star, &id);
    for (uint64_t i = 1; i <= 2; i++) {
        assert_true(fake_store_spoil(nema->store, TIP_TABLE_FRAME_DOWN,
                                     TIP_KEY(OFFICE, i)));
    }
    star_wait(star, EVERY_MS);
    for (int i = 0; i < 30; i++) {
        nema->clock.now_ms = stands_ms;
        star_run(star);
        star_wait(star, 1000);
    }
    assert_int_equal(found(star), 0);
}

static void test_what_was_found_before_a_start_comes_again(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    work(star, &id);
    assert_true(fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN,
                                 TIP_KEY(OFFICE, 2)));
    star_cut(star, NEMA);
    survey(star);
    assert_int_equal(found(star), 1);
    star_crash_node(star, NEMA);
    assert_int_equal(found(star), 1);
    star_join(star, NEMA);
    pass(star, 30);
    assert_int_equal(found(star), 0);
}

/* It is asked for some times, not for ever, and the store is not read again. */
static void test_what_nobody_has_stays_told(void **state)
{
    struct star *star = *state;
    uint64_t bytes, read_ms;
    struct tip_id id;

    work(star, &id);
    assert_true(
        fake_store_lose(star->store, TIP_TABLE_FRAME_DOWN, TIP_KEY(OFFICE, 2)));
    assert_true(fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN,
                                 TIP_KEY(OFFICE, 2)));
    survey(star);
    read_ms = star_status(star, NEMA).scrubbed_ms;
    bytes = star->bytes_up;
    pass(star, 200);
    assert_true(star->bytes_up > bytes);
    bytes = star->bytes_up;
    pass(star, 200);
    assert_int_equal(star->bytes_up, bytes);
    assert_int_equal(found(star), 1);
    assert_int_equal(star_status(star, NEMA).scrubbed_ms, read_ms);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 99)); /* Work goes on. */
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 99, 1);
}

/* Its header says the place, so it is looked into. */
static void test_a_frame_that_does_not_fit_is_refused(void **state)
{
    struct star *star = *state;
    const struct tip_key key = TIP_KEY(OFFICE, 2);
    static uint8_t memory[TIP_FRAME_BYTES_MAX * 2];
    struct tip_bytes frame;
    struct tip_id id;

    work(star, &id);
    frame = row_of(star->store, TIP_TABLE_FRAME_DOWN, key, memory);
    memory[frame.size - 1] ^= 1;
    put_row(star->store, TIP_TABLE_FRAME_DOWN, key, frame);
    assert_true(
        fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN, key));
    survey(star);
    assert_int_equal(found(star), 1);
    assert_true(star_status(star, NEMA).bad_messages > 0);
    memory[frame.size - 1] ^= 1;
    put_row(star->store, TIP_TABLE_FRAME_DOWN, key, frame);
    pass(star, 70);
    assert_int_equal(found(star), 0);
}

/* Put in the place of frame @seq of the feed, at the hub, another that its
 * office signed there: as if a copy of its disk had gone another way. */
static void fork_at(struct star *star, uint64_t seq)
{
    const struct node_engine *engine = star->nodes[NEMA].engine;
    static uint8_t memory[TIP_FRAME_BYTES_MAX * 2],
        row[TIP_FRAME_BYTES_MAX * 2];
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head previous, head;
    struct tip_bytes frame, body;
    struct tip_arena arena;
    struct tip_buf buf;

    frame =
        row_of(star->store, TIP_TABLE_FRAME_UP, TIP_KEY(FEED, seq - 1), memory);
    OK(tip_frame_row_read(frame, &previous, &frame));
    frame = row_of(star->store, TIP_TABLE_FRAME_UP, TIP_KEY(FEED, seq), memory);
    OK(tip_frame_row_read(frame, &head, &frame));
    OK(tip_envelope_read(frame, &parts, &header));
    tip_arena_init(&arena, 1 << 20);
    OK(tip_envelope_open(&engine->feed_key, &header, &parts, &arena, &body));
    header.salt[0] ^= 1;
    tip_buf_init(&buf, row + TIP_FRAME_ROW_PREFIX_SIZE, TIP_FRAME_BYTES_MAX);
    OK(tip_envelope_close(engine->opts.keys, &engine->feed_key, &header,
                          &previous, body, &buf, &head));
    tip_arena_deinit(&arena);
    tip_frame_row_put_head(row, &head);
    put_row(star->store, TIP_TABLE_FRAME_UP, TIP_KEY(FEED, seq),
            tip_bytes(row, TIP_FRAME_ROW_PREFIX_SIZE + buf.size));
}

static void test_one_that_the_rest_does_not_follow_is_refused(void **state)
{
    struct star *star = *state;
    struct fake_store *store = star->nodes[NEMA].store;
    struct tip_key last;
    struct tip_id id;

    work(star, &id);
    last = newest(store, TIP_TABLE_FRAME_UP, FEED);
    for (uint64_t seq = 3; seq <= last.lo; seq += last.lo - 3) {
        static uint8_t memory[TIP_FRAME_BYTES_MAX * 2];
        const struct tip_key key = TIP_KEY(FEED, seq);
        uint64_t bad = star_status(star, NEMA).bad_messages;
        struct tip_bytes true_one =
            row_of(star->store, TIP_TABLE_FRAME_UP, key, memory);

        fork_at(star, seq);
        assert_true(fake_store_spoil(store, TIP_TABLE_FRAME_UP, key));
        survey(star);
        assert_int_equal(found(star), 1);
        assert_true(star_status(star, NEMA).bad_messages > bad);
        put_row(star->store, TIP_TABLE_FRAME_UP, key, true_one);
        pass(star, 70);
        assert_int_equal(found(star), 0);
    }
}

/* Whoever asks gets what its session is about, and nothing else. */
static void test_an_office_gets_no_frame_of_another(void **state)
{
    struct star *star = *state;
    struct node_engine *atar = star->nodes[ATAR].engine;
    struct tip_message message = {.kind = TIP_MESSAGE_LOST,
                                  .lost = {.channel = OFFICE, .number = 1}};
    struct tip_id id;

    work(star, &id);
    OK(tip_talk_send(&atar->talk, atar->opts.link, 0, &message));
    star_run(star);
    assert_int_equal(star_device(star, ATAR).bad_messages, 1);
    assert_int_equal(star_device(star, ATAR).trouble, TIP_EPROTOCOL);
    assert_int_equal(star_status(star, ATAR).bad_messages, 0);
    message.lost.channel = OFFICE + 1;
    OK(tip_talk_send(&atar->talk, atar->opts.link, 0, &message));
    star_run(star);
    assert_int_equal(star_device(star, ATAR).bad_messages, 1);
}

/* What cannot be read keeps an erasure from its end. */
static void test_an_erasure_goes_on_when_the_frame_has_come(void **state)
{
    struct star *star = *state;
    struct node_erasing erasing;
    struct tip_id id;

    work(star, &id);
    assert_true(fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN,
                                 TIP_KEY(OFFICE, 2)));
    erasing_begin(star, &id);
    erasing_run(star);
    node_engine_erasing(star->nodes[NEMA].engine, &erasing);
    assert_true(erasing.trouble != TIP_OK);
    survey(star);
    erasing_run(star);
    assert_int_equal(found(star), 0);
    node_engine_erasing(star->nodes[NEMA].engine, &erasing);
    assert_int_equal(erasing.trouble, TIP_OK);
    assert_int_equal(erasing.done, erasing.newest);
    erasing_assert_stub(star, NEMA, &id);
}

/* Of what was erased meanwhile nothing comes back with it. */
static void test_what_was_erased_does_not_come_back(void **state)
{
    struct star *star = *state;
    struct fake_store *store = star->nodes[NEMA].store;
    const struct tip_key key = TIP_KEY(FEED, 1);
    static uint8_t memory[TIP_FRAME_BYTES_MAX * 2];
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_bytes whole, frame;
    struct tip_head head;
    struct tip_id id;

    work(star, &id);
    whole = row_of(star->store, TIP_TABLE_FRAME_UP, key, memory);
    erasing_begin(star, &id);
    erasing_run(star);
    put_row(star->store, TIP_TABLE_FRAME_UP, key, whole);
    assert_true(fake_store_lose(store, TIP_TABLE_FRAME_UP, key));
    survey(star);
    erasing_run(star);
    assert_int_equal(found(star), 0);
    frame = row_of(store, TIP_TABLE_FRAME_UP, key, memory);
    OK(tip_frame_row_read(frame, &head, &frame));
    OK(tip_envelope_read(frame, &parts, &header));
    assert_true(tip_wire_frame_is_redacted(&parts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_frame_of_its_feed_comes_again),
        STAR_TEST(test_a_frame_of_any_channel_comes_again),
        STAR_TEST(test_all_that_is_lost_comes_again),
        STAR_TEST(test_a_clock_that_stands_keeps_nothing_from_it),
        STAR_TEST(test_what_was_found_before_a_start_comes_again),
        STAR_TEST(test_what_nobody_has_stays_told),
        STAR_TEST(test_a_frame_that_does_not_fit_is_refused),
        STAR_TEST(test_one_that_the_rest_does_not_follow_is_refused),
        STAR_TEST(test_an_office_gets_no_frame_of_another),
        STAR_TEST(test_an_erasure_goes_on_when_the_frame_has_come),
        STAR_TEST(test_what_was_erased_does_not_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
