/* Rules of the rows that an office has one of: where the disk has altered one
 * that can be made again, it starts, and says so. */
#include <inttypes.h>

#include "erasing.h"
#include "node_engine_internal.h"
#include "star_damage.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum {
    ROW_FEED = 1,    /* Of TIP_TABLE_META… */
    ROW_CHANNEL = 2, /* …as node_row.c has them. */
    ROW_ROLL_CALL = 1,
    PAUSE_MS = 11 * 60 * 1000,
    MANY = 400,
    OFFICE = STAR_OFFICE_FIRST + NEMA
};

static const struct tip_key roll_call = {OFFICE, ROW_ROLL_CALL};

/* Let a row rot while the office is off; it starts again. */
static void rot(struct star *star, enum tip_table table, struct tip_key key)
{
    OK(node_engine_flush(star->nodes[NEMA].engine));
    assert_true(fake_store_spoil(star->nodes[NEMA].store, table, key));
    star_crash_node(star, NEMA);
}

static uint32_t remade(struct star *star)
{
    return star_status(star, NEMA).remade;
}

/* Let the office lose records, see it, and begin to get them again. */
static void begin_roll_call(struct star *star, struct tip_id ids[MANY])
{
    star_add_fat(star, NEMA, ids, MANY);
    for (int i = 0; i < MANY; i += 2) {
        star_lose(star, NEMA, &ids[i]);
    }
    (void)star_code(star, NEMA, &ids[1], FAKE_LATEST, &(size_t){0});
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST + 1, 9));
    while (star_status(star, NEMA).again_came == 0) {
        assert_true(star_step(star));
    }
    assert_true(star_status(star, NEMA).is_sent_again);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_DIFFERS);
}

static void run_long(struct star *star)
{
    for (int i = 0; i < 4; i++) {
        star_wait(star, PAUSE_MS);
        star_run(star);
    }
}

static void test_a_roll_call_begins_again(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;

    begin_roll_call(star, ids);
    rot(star, TIP_TABLE_HOLDING, roll_call);
    assert_int_equal(remade(star), NODE_REMADE_ROLL);
    run_long(star);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
    star_crash_node(star, NEMA);
    assert_int_equal(remade(star), 0);
}

/* Nobody knows which of them have come. */
static void test_no_copy_in_doubt_is_written_meanwhile(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;

    begin_roll_call(star, ids);
    star_cut(star, NEMA);
    rot(star, TIP_TABLE_HOLDING, roll_call);
    star_cut(star, NEMA);
    for (size_t i = 1; i < MANY; i += 2) {
        assert_int_equal(star_edit(star, NEMA, &ids[i], FAKE_LATEST + 2, 2),
                         TIP_ESENT_AGAIN);
    }
    OK(star_add(star, NEMA, &(struct tip_id){{7}}, NONE, FAKE_LATEST, 4));
    star_join(star, NEMA);
    run_long(star);
    star_assert_agrees(star, NEMA);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 2, 2));
}

/* It has ended, and what the office holds was compared since. */
static void test_one_that_has_ended_is_not_begun_again(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    uint64_t sent;

    begin_roll_call(star, ids);
    run_long(star);
    star_assert_agrees(star, NEMA);
    sent = star_device(star, NEMA).again_sent;
    rot(star, TIP_TABLE_HOLDING, roll_call);
    assert_int_equal(remade(star), NODE_REMADE_ROLL);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 2, 2));
    run_long(star);
    star_assert_agrees(star, NEMA);
    assert_int_equal(star_device(star, NEMA).again_sent, sent);
    star_crash_node(star, NEMA);
    assert_int_equal(remade(star), 0);
}

/* What was erased is looked for once more, from the beginning. */
static void test_an_erasure_is_swept_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct node_erasing erasing;

    erasing_begin(star, &id);
    star_run(star);
    rot(star, TIP_TABLE_ERASURE, TIP_KEY(0, 0));
    assert_int_equal(remade(star), NODE_REMADE_SWEEP);
    node_engine_erasing(star->nodes[NEMA].engine, &erasing);
    assert_true(erasing.newest != 0);
    assert_int_equal(erasing.done, 0);
    erasing_run(star);
    erasing_assert_gone(star, &id, "Mariem");
    node_engine_erasing(star->nodes[NEMA].engine, &erasing);
    assert_int_equal(erasing.done, erasing.newest);
}

static enum tip_err open_on(struct star *star, struct fake_store *store)
{
    const struct star_node *node = &star->nodes[ATAR];
    const struct node_engine_opts opts = {.store = &store->base,
                                          .clock = &node->clock.base,
                                          .random = &star->prng.base,
                                          .schema = &star->schema,
                                          .keys = node->keys,
                                          .identity = &node->identity,
                                          .version = tip_bytes_text("test"),
                                          .catalogue = 1};
    struct node_engine *engine;
    enum tip_err err = node_engine_open(&opts, &engine);

    if (err == TIP_OK) {
        err = node_engine_pump(engine);
        node_engine_close(engine);
    }
    return err;
}

/* What says where the office stands: a person puts a backup in its place. */
static bool is_needed(enum tip_table table, struct tip_key key)
{
    return table == TIP_TABLE_META &&
           (key.hi == ROW_FEED || key.hi == ROW_CHANNEL);
}

static void rot_each_of(struct star *star, enum tip_table table)
{
    struct fake_store *sound = star->nodes[ATAR].store;
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    struct tip_txn *txn;
    size_t count = 0;

    OK(tip_store_begin(&sound->base, TIP_TXN_READ, &txn));
    while (tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER, key, &key, &value) ==
           TIP_OK) {
        struct fake_store *store = fake_store_copy(sound);

        assert_true(fake_store_spoil(store, table, key));
        if (open_on(star, store) !=
            (is_needed(table, key) ? TIP_ESTORE_DAMAGED : TIP_OK)) {
            fail_msg("table %d, row %" PRIu64 " %" PRIu64, (int)table, key.hi,
                     key.lo);
        }
        fake_store_free(store);
        key = tip_key_next(key);
        count++;
    }
    tip_txn_abort(txn);
    assert_in_range(count, 1, 20); /* There was one. */
}

static void live_through_much(struct star *star)
{
    struct hub_ruled ruled;
    struct tip_id id, gone = erasing_somebody(star, "Mariem");
    uint64_t seq = star_held_edit(star, &id);

    node_engine_set_budget(star->nodes[ATAR].engine, 1 << 20);
    OK(star_rule(star, ATAR, seq, seq, false, &ruled));
    erasing_begin(star, &gone);
    erasing_run(star);
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + ATAR));
    run_long(star);
    node_engine_scrub(star->nodes[ATAR].engine);
    run_long(star);
    OK(node_engine_flush(star->nodes[ATAR].engine));
}

static void test_no_other_row_keeps_it_from_starting(void **state)
{
    static const enum tip_table lone[] = {TIP_TABLE_META, TIP_TABLE_CHANNEL,
                                          TIP_TABLE_HOLDING, TIP_TABLE_RULING,
                                          TIP_TABLE_ERASURE};

    live_through_much(*state);
    for (size_t i = 0; i < sizeof lone / sizeof *lone; i++) {
        rot_each_of(*state, lone[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_roll_call_begins_again),
        STAR_TEST(test_no_copy_in_doubt_is_written_meanwhile),
        STAR_TEST(test_one_that_has_ended_is_not_begun_again),
        STAR_TEST(test_an_erasure_is_swept_again),
        STAR_TEST(test_no_other_row_keeps_it_from_starting),
    };

    return cmocka_run_group_tests_name("single_rows", tests, NULL, NULL);
}
