/* Rules of what verify looks at: what is sound passes, what is not is named. */
#include <string.h>

#include "hub_check.h"
#include "node_check.h"
#include "star_damage.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* What was found, by kind. */
struct tally {
    uint64_t counts[16];
};

static void note(void *context, enum tip_inspect_kind kind, uint64_t a,
                 uint64_t b)
{
    struct tally *tally = context;
    char text[TIP_INSPECT_SENTENCE_SIZE];

    tip_inspect_say(kind, a, b, text);
    assert_true(strlen(text) > 20 && text[strlen(text) - 1] == '.');
    tally->counts[kind]++;
}

/* Everything there is to look at in NEMA's store and in the hub's. */
static struct tally look(struct star *star)
{
    struct star_node *node = &star->nodes[NEMA];
    struct tally tally = {.counts = {0}};
    struct tip_arena arena;
    struct tip_inspect inspect = {
        .arena = &arena, .found = note, .context = &tally};

    OK(node_engine_flush(node->engine));
    tip_arena_init(&arena, 1 << 24);
    OK(tip_store_begin(&node->store->base, TIP_TXN_READ, &inspect.txn));
    OK(node_check(&inspect, &node->identity,
                  &tip_device_keys_public(node->keys)->sign));
    tip_txn_abort(inspect.txn);
    OK(hub_engine_flush(star->hub));
    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &inspect.txn));
    OK(hub_check(&inspect, &(struct hub_check_self){
                               .sign = &node->identity.hub_sign,
                               .ref_secret = &node->identity.ref_secret}));
    tip_txn_abort(inspect.txn);
    tip_arena_deinit(&arena);
    return tally;
}

static uint64_t sum(const struct tally *tally)
{
    uint64_t all = 0;

    for (size_t i = 0; i < sizeof tally->counts / sizeof *tally->counts; i++) {
        all += tally->counts[i];
    }
    return all;
}

/* Records with history, and work under way. */
static void work(struct star *star, struct tip_id ids[4])
{
    star_add_many(star, NEMA, ids, 4);
    for (uint32_t i = 0; i < 3; i++) {
        OK(star_edit(star, NEMA, &ids[i], FAKE_LATEST, 70 + i));
        star_run(star);
        OK(star_edit(star, HUB, &ids[i], FAKE_LATEST, 80 + i));
        star_run(star);
    }
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 90));
}

static void test_what_is_sound_passes(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally = look(star);

    assert_int_equal(sum(&tally), 0);
    work(star, ids);
    tally = look(star);
    assert_int_equal(sum(&tally), 0);
}

/* Frames for the device of before are under another key; the next one has none
 * of them, at first none at all. */
static void test_what_two_devices_of_an_office_have_passes(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    star_retire(star, NEMA);
    star_replace(star, NEMA);
    tally = look(star);
    assert_int_equal(sum(&tally), 0);
    star_join(star, NEMA);
    star_run(star);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST, 91));
    star_run(star);
    tally = look(star);
    assert_int_equal(sum(&tally), 0);
}

static void test_a_record_that_is_gone_or_altered_is_found(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    star_lose(star, NEMA, &ids[1]);
    star_spoil(star, NEMA, &ids[2]);
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_ORPHAN], 1);
    assert_int_equal(tally.counts[TIP_INSPECT_RECORD], 2); /* Read twice. */
    assert_int_equal(tally.counts[TIP_INSPECT_HOLDING], 1);
    assert_int_equal(sum(&tally), 4);
}

/* Put @value in the place of an entry of @store, whose engine has flushed. */
static void replace(struct fake_store *store, enum tip_table table,
                    struct tip_key key, struct tip_bytes value)
{
    struct tip_txn *txn;

    OK(tip_store_begin(&store->base, TIP_TXN_WRITE, &txn));
    OK(tip_txn_put(txn, table, key, value));
    OK(tip_txn_commit(txn));
}

/* Lose the newest frame of feed or channel @number. */
static void lose_last(struct fake_store *store, enum tip_table table,
                      uint32_t number)
{
    struct tip_bytes value;
    struct tip_txn *txn;
    struct tip_key key;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_seek(txn, table, TIP_SEEK_AT_OR_BEFORE,
                    TIP_KEY(number, UINT64_MAX), &key, &value));
    tip_txn_abort(txn);
    assert_int_equal(key.hi, number);
    assert_true(fake_store_lose(store, table, key));
}

static void test_what_does_not_decode_is_found(void **state)
{
    struct star *star = *state;
    struct tip_bytes garbage = tip_bytes_text("not a row");
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    replace(star->nodes[NEMA].store, TIP_TABLE_RECORD, TIP_KEY(4, 0), garbage);
    replace(star->nodes[NEMA].store, TIP_TABLE_HISTORY, TIP_KEY(1, 1), garbage);
    replace(star->nodes[NEMA].store, TIP_TABLE_OUTBOX,
            TIP_KEY(STAR_ORIGIN_FIRST, 8), garbage);
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_RECORD], 1);
    assert_int_equal(tally.counts[TIP_INSPECT_HISTORY], 1);
    assert_int_equal(tally.counts[TIP_INSPECT_OUTBOX], 1);
}

/* Rows of the engine's own, each well sealed; the rest of the hub is looked at
 * all the same. */
static void test_each_row_that_only_the_hub_reads_is_decoded(void **state)
{
    static const struct {
        enum tip_table table;
        struct tip_key key;
    } rows[] = {{TIP_TABLE_META, {1, 0}},
                {TIP_TABLE_ORIGIN, {STAR_ORIGIN_FIRST + NEMA, 0}},
                {TIP_TABLE_ORIGIN, {STAR_ORIGIN_FIRST + NEMA, 1}},
                {TIP_TABLE_HOLDING, {STAR_OFFICE_FIRST + NEMA, 0}},
                {TIP_TABLE_HOLDING, {STAR_OFFICE_FIRST + NEMA, 1}},
                {TIP_TABLE_CHANNEL, {STAR_OFFICE_FIRST + NEMA, 0}},
                {TIP_TABLE_RULING, {STAR_ORIGIN_FIRST + NEMA, 1}},
                {TIP_TABLE_ERASURE, {0, 0}},
                {TIP_TABLE_ERASURE, {1, 0}}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tip_id ids[4];
        struct tally tally;
        struct star *star;

        star_offices_teardown(state);
        star_offices_setup(state);
        star = *state;
        work(star, ids);
        OK(hub_engine_flush(star->hub));
        replace(star->store, rows[i].table, rows[i].key, tip_bytes("\x09", 1));
        replace(star->store, TIP_TABLE_HELD, TIP_KEY(STAR_ORIGIN_FIRST, 1),
                tip_bytes_text("no row"));
        tally = look(star);
        assert_int_equal(tally.counts[TIP_INSPECT_ROW], 1);
        assert_int_equal(tally.counts[TIP_INSPECT_HELD], 1);
        assert_int_equal(sum(&tally), 2);
    }
}

/* But for the last, behind which nobody looks. */
static void test_an_entry_of_a_history_that_is_gone_is_found(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST, 91));
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST, 92));
    OK(hub_engine_flush(star->hub));
    assert_true(fake_store_lose(star->store, TIP_TABLE_HISTORY, TIP_KEY(1, 2)));
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_HISTORY,
                                TIP_KEY(2, 1)));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_HISTORY_GONE], 2);
    assert_int_equal(sum(&tally), 2);
}

static void test_what_an_office_counted_is_decoded(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    OK(node_engine_flush(star->nodes[NEMA].engine));
    replace(star->nodes[NEMA].store, TIP_TABLE_HOLDING,
            TIP_KEY(STAR_OFFICE_FIRST + NEMA, 0), tip_bytes("\x01", 1));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_ROW], 1);
    assert_int_equal(sum(&tally), 1);
}

/* The hub takes no record away; a node does. */
static void test_a_record_that_is_gone_at_the_hub_is_found(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    assert_true(fake_store_lose(star->store, TIP_TABLE_RECORD, TIP_KEY(2, 0)));
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_RECORD,
                                TIP_KEY(3, 0)));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_GONE], 1);
}

static void test_work_that_is_named_and_not_there_is_found(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_OUTBOX,
                                TIP_KEY(STAR_ORIGIN_FIRST, 8)));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_OVERLAY], 1);
    assert_int_equal(sum(&tally), 1);
}

static void test_a_chain_that_does_not_hold_is_found(void **state)
{
    struct star *star = *state;
    uint32_t office = STAR_OFFICE_FIRST + NEMA;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN,
                                TIP_KEY(office, 2)));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_CHAIN], 1);
    replace(star->nodes[NEMA].store, TIP_TABLE_FRAME_UP,
            TIP_KEY(STAR_ORIGIN_FIRST, 1),
            tip_bytes_text("not a frame, but long enough to have a head before "
                           "it"));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_FRAME], 1);
    assert_true(fake_store_lose(star->store, TIP_TABLE_FRAME_UP,
                                TIP_KEY(STAR_ORIGIN_FIRST, 1)));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_CHAIN], 2);
}

/* What a device or the hub said it has, it must have. */
static void test_the_end_of_a_chain_that_is_gone_is_found(void **state)
{
    struct star *star = *state;
    uint32_t office = STAR_OFFICE_FIRST + NEMA;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    lose_last(star->store, TIP_TABLE_FRAME_DOWN, office);
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_END], 1);
    assert_int_equal(sum(&tally), 1);
    lose_last(star->store, TIP_TABLE_FRAME_UP, STAR_ORIGIN_FIRST);
    lose_last(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN, office);
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_END], 3);
    assert_int_equal(sum(&tally), 3);
}

static void test_what_is_to_be_sent_and_cannot_be_read_is_found(void **state)
{
    struct star *star = *state;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    replace(star->store, TIP_TABLE_CHANNEL,
            TIP_KEY(STAR_OFFICE_FIRST + NEMA, 2), tip_bytes_text("no item"));
    replace(star->store, TIP_TABLE_HELD, TIP_KEY(STAR_ORIGIN_FIRST, 1),
            tip_bytes_text("no row"));
    tally = look(star);
    assert_int_equal(tally.counts[TIP_INSPECT_ITEM], 1);
    assert_int_equal(tally.counts[TIP_INSPECT_HELD], 1);
    assert_int_equal(sum(&tally), 2);
}

/* The chain holds, but nobody can read what it says. */
static void test_a_frame_that_does_not_open_is_found(void **state)
{
    struct star *star = *state;
    struct star_node *node = &star->nodes[NEMA];
    struct tip_operational_secret right = node->identity.office_secret;
    struct tip_id ids[4];
    struct tally tally;

    work(star, ids);
    node->identity.office_secret.bytes[0] ^= 1;
    tally = look(star);
    node->identity.office_secret = right;
    assert_int_equal(tally.counts[TIP_INSPECT_FRAME], 2);
    assert_int_equal(tally.counts[TIP_INSPECT_CHAIN], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_is_sound_passes),
        STAR_TEST(test_what_two_devices_of_an_office_have_passes),
        STAR_TEST(test_a_record_that_is_gone_or_altered_is_found),
        STAR_TEST(test_what_does_not_decode_is_found),
        STAR_TEST(test_each_row_that_only_the_hub_reads_is_decoded),
        STAR_TEST(test_an_entry_of_a_history_that_is_gone_is_found),
        STAR_TEST(test_what_an_office_counted_is_decoded),
        STAR_TEST(test_a_record_that_is_gone_at_the_hub_is_found),
        STAR_TEST(test_work_that_is_named_and_not_there_is_found),
        STAR_TEST(test_a_chain_that_does_not_hold_is_found),
        STAR_TEST(test_the_end_of_a_chain_that_is_gone_is_found),
        STAR_TEST(test_what_is_to_be_sent_and_cannot_be_read_is_found),
        STAR_TEST(test_a_frame_that_does_not_open_is_found),
    };

    return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
