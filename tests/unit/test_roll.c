/* Rules of a roll call: how records are sent again, beside everything else. */
#include "star_damage.h"
#include "star_offices.h"
#include "tip_holding.h"

enum { PAUSE_MS = 11 * 60 * 1000 };

#define OK(call) assert_int_equal((call), TIP_OK)

/* Go on until @done or nothing moves. */
static void run_until(struct star *star, bool (*done)(struct star *))
{
    while (!done(star) && star_step(star)) {
    }
    assert_true(done(star));
}

static bool is_sent_again(struct star *star)
{
    return star_device(star, NEMA).is_sent_again;
}

static bool has_begun(struct star *star)
{
    return star_status(star, NEMA).is_sent_again &&
           star_status(star, NEMA).again_came > 0;
}

enum { MANY = 400 };

static void add_many(struct star *star, struct tip_id ids[MANY])
{
    star_add_fat(star, NEMA, ids, MANY);
    for (int i = 0; i < MANY; i += 2) {
        star_lose(star, NEMA, &ids[i]);
    }
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
}

static void test_repair_goes_on_where_it_was_after_crashes_of_both(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    uint64_t came;

    add_many(star, ids);
    star_crash_hub(star); /* Nothing of it was cut yet. */
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    run_until(star, has_begun);
    OK(node_engine_flush(star->nodes[NEMA].engine));
    came = star_status(star, NEMA).again_came;
    assert_in_range(came, 1, MANY - 1);
    star_crash_node(star, NEMA);
    assert_int_equal(star_status(star, NEMA).again_came, came);
    star_crash_hub(star);
    star_run(star);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
    assert_int_equal(star_device(star, NEMA).again_sent, MANY);
}

static void test_neither_the_stream_nor_repair_waits_for_the_other(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;

    add_many(star, ids);
    run_until(star, has_begun);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST + 1, 3));
    OK(star_add(star, HUB, &(struct tip_id){{7}}, NEMA, FAKE_LATEST, 4));
    for (int i = 0; i < 4; i++) {
        (void)star_step(star);
    }
    ASSERT_SHOWS(star, NEMA, &(struct tip_id){{7}}, FAKE_LATEST, 4, 1);
    star_run(star);
    star_assert_codes(star, NEMA, ids, MANY);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST + 1, 3, 1);
    star_assert_agrees(star, NEMA);
}

static void test_a_copy_in_doubt_is_read_and_not_written(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    size_t refused = 0, taken = 0;

    star_add_fat(star, NEMA, ids, MANY);
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    run_until(star, has_begun);
    star_assert_codes(star, NEMA, ids, MANY);
    for (size_t i = 0; i < MANY; i++) {
        enum tip_err err = star_edit(star, NEMA, &ids[i], FAKE_LATEST + 1, 2);

        assert_true(err == TIP_OK || err == TIP_ESENT_AGAIN);
        taken += err == TIP_OK ? 1 : 0;
        refused += err == TIP_OK ? 0 : 1;
    }
    assert_int_equal(taken, star_status(star, NEMA).again_came);
    assert_int_equal(refused, MANY - taken);
    star_run(star);
    star_assert_agrees(star, NEMA);
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST + 1, 2));
}

static bool has_ended(struct star *star)
{
    return !is_sent_again(star) && !star_status(star, NEMA).is_sent_again;
}

/* The hub loses @count of the records @ids while a roll call is under way. */
static void lose_meanwhile(struct star *star, const struct tip_id *ids,
                           const size_t *lost, size_t count,
                           bool (*lose)(struct fake_store *store,
                                        enum tip_table table,
                                        struct tip_key key))
{
    struct tip_key keys[2];

    for (size_t i = 0; i < count; i++) {
        keys[i] = star_hub_key(star, &ids[lost[i]]);
    }
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    run_until(star, has_begun);
    OK(hub_engine_flush(star->hub));
    for (size_t i = 0; i < count; i++) {
        assert_true(lose(star->store, TIP_TABLE_RECORD, keys[i]));
    }
    run_until(star, has_ended);
    star_assert_codes(star, NEMA, ids, MANY);
    hub_engine_scrub(star->hub);
    for (int i = 0; i < 5; i++) { /* It reads some at a time. */
        star_wait(star, 1000);
        star_run(star);
    }
    assert_int_equal(hub_engine_scrubbed(star->hub).made, count);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
}

/* It is not sent, and not said to be held by nobody: the copy of the office may
 * be the last there is. */
static void test_what_is_damaged_meanwhile_an_office_keeps(void **state)
{
    const size_t lost[] = {3};
    static struct tip_id ids[MANY];

    star_add_fat(*state, NEMA, ids, MANY);
    lose_meanwhile(*state, ids, lost, 1, fake_store_spoil);
}

static void test_what_is_gone_meanwhile_an_office_keeps(void **state)
{
    const size_t lost[] = {3};
    static struct tip_id ids[MANY];

    star_add_fat(*state, NEMA, ids, MANY);
    lose_meanwhile(*state, ids, lost, 1, fake_store_lose);
}

/* No row is left below it. */
static void test_so_it_does_what_was_there_first(void **state)
{
    const size_t lost[] = {0, 1};
    static struct tip_id ids[MANY];

    star_add_fat(*state, NEMA, ids, MANY);
    lose_meanwhile(*state, ids, lost, 2, fake_store_lose);
}

/* Have the hub start again with a digest of NEMA's office that is not so. */
static void mislead_hub(struct star *star)
{
    static uint8_t memory[1 + TIP_HOLDING_BYTES];
    struct tip_holding wrong = {.count = 1, .parts = {{1, 2}, {3, 4}}};
    struct tip_store *store = &star->store->base;
    struct tip_bytes row;
    struct tip_txn *txn;
    struct tip_buf buf;

    OK(hub_engine_flush(star->hub));
    star_crash_hub(star);
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, 1);
    tip_holding_put(&buf, &wrong);
    OK(tip_buf_finish(&buf, &row));
    OK(tip_store_begin(store, TIP_TXN_WRITE, &txn));
    OK(tip_txn_put(txn, TIP_TABLE_HOLDING, TIP_KEY(STAR_OFFICE_FIRST + NEMA, 0),
                   row));
    OK(tip_txn_commit(txn));
    star_crash_hub(star);
}

static void
test_a_difference_that_does_not_heal_is_named_and_let_be(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3];
    uint64_t since;

    star_add_many(star, NEMA, ids, 3);
    mislead_hub(star);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST + 1, 3));
    since = star->clock.now_ms;
    for (uint32_t round = 1; round <= HUB_REPAIR_ROUNDS_MAX; round++) {
        run_until(star, is_sent_again);
        mislead_hub(star);
        star_run(star);
        assert_int_equal(star_device(star, NEMA).agreement,
                         TIP_AGREEMENT_DIFFERS);
        assert_int_equal(star_device(star, NEMA).again_rounds, round);
        star_wait(star, UINT64_C(200) * PAUSE_MS);
        star_crash_node(star, NEMA); /* It would wait longer each time. */
    }
    star_run(star);
    assert_false(is_sent_again(star));
    assert_int_equal(star_device(star, NEMA).differs_since_ms, since);
    star_assert_codes(star, NEMA, ids, 3);
    /* Until a person has it sent once more. */
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    star_run(star);
    star_assert_codes(star, NEMA, ids, 3);
}

static void test_a_wrong_count_at_the_hub_heals_too(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3];

    star_add_many(star, NEMA, ids, 3);
    mislead_hub(star);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST + 1, 3));
    star_run(star);
    assert_int_equal(star_status(star, NEMA).agreement, TIP_AGREEMENT_DIFFERS);
    star_wait(star, PAUSE_MS);
    star_run(star);
    star_assert_codes(star, NEMA, ids, 3);
    star_assert_agrees(star, NEMA);
}

/* Rows written for one save of NEMA at the hub, with @more offices enrolled. */
static uint64_t rows_for_a_save(struct star *star, uint32_t more)
{
    struct tip_id id = star_id(star);
    uint64_t before;

    for (uint32_t i = 0; i < more; i++) {
        struct hub_device device = {
            .origin = 1000 + i,
            .office = 2000 + i,
            .keys = *tip_device_keys_public(star->nodes[ATAR].keys),
            .office_secret = {{9}}};

        OK(hub_engine_enrol(star->hub, &device));
    }
    star_run(star);
    OK(hub_engine_keep(star->hub)); /* What offices said is no part of it. */
    before = star->store->put_count;
    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    return star->store->put_count - before;
}

static void test_a_commit_costs_what_its_receivers_cost(void **state)
{
    struct star *star = *state;
    uint64_t few, many;

    (void)rows_for_a_save(star, 0);
    few = rows_for_a_save(star, 0);
    many = rows_for_a_save(star, 200);
    assert_true(few > 0);
    assert_int_equal(many, few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_repair_goes_on_where_it_was_after_crashes_of_both),
        STAR_TEST(test_neither_the_stream_nor_repair_waits_for_the_other),
        STAR_TEST(test_a_copy_in_doubt_is_read_and_not_written),
        STAR_TEST(test_what_is_damaged_meanwhile_an_office_keeps),
        STAR_TEST(test_what_is_gone_meanwhile_an_office_keeps),
        STAR_TEST(test_so_it_does_what_was_there_first),
        STAR_TEST(test_a_difference_that_does_not_heal_is_named_and_let_be),
        STAR_TEST(test_a_wrong_count_at_the_hub_heals_too),
        STAR_TEST(test_a_commit_costs_what_its_receivers_cost),
    };

    return cmocka_run_group_tests_name("roll", tests, NULL, NULL);
}
