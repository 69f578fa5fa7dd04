/* Rules of what the hub keeps of what each office holds: where the disk has
 * altered it, the hub starts, says so, and makes it again. */
#include "star_damage.h"
#include "star_offices.h"
#include "tip_inspect.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { ROW_COUNTED = 0, ROW_ROLL_CALL = 1, MANY = 400 };

static void stop_hub(struct star *star)
{
    OK(hub_engine_flush(star->hub));
    hub_engine_close(star->hub);
    star->hub = NULL;
}

static void start_hub(struct star *star)
{
    OK(star_open_hub(star));
    for (size_t i = 0; i < star->node_count; i++) {
        star_cut(star, i);
        star_join(star, i);
    }
}

static struct tip_key key_of_nema(uint64_t row)
{
    return TIP_KEY(STAR_OFFICE_FIRST + NEMA, row);
}

static void assert_opens(struct star *star, uint64_t row)
{
    struct tip_bytes value;
    struct tip_txn *txn;

    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_get(txn, TIP_TABLE_HOLDING, key_of_nema(row), &value));
    tip_txn_abort(txn);
}

static void test_what_an_office_holds_is_counted_again(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5], of_atar;

    star_add_many(star, NEMA, ids, 5);
    star_add_many(star, ATAR, &of_atar, 1);
    stop_hub(star);
    assert_true(fake_store_spoil(star->store, TIP_TABLE_HOLDING,
                                 key_of_nema(ROW_COUNTED)));
    start_hub(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).recounted, 1);
    assert_opens(star, ROW_COUNTED);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST + 1, 9));
    star_run(star);
    star_assert_agrees(star, NEMA);
    assert_false(star_has(star, NEMA, &of_atar));
    assert_false(star_has(star, ATAR, &ids[0]));
    stop_hub(star);
    start_hub(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).recounted, 0);
}

/* It opens, but it is not what it should be. */
static void test_what_is_too_short_is_counted_again(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3];
    struct tip_txn *txn;

    star_add_many(star, NEMA, ids, 3);
    stop_hub(star);
    OK(tip_store_begin(&star->store->base, TIP_TXN_WRITE, &txn));
    OK(tip_txn_put(txn, TIP_TABLE_HOLDING, key_of_nema(ROW_COUNTED),
                   tip_bytes("\x01 no", 4)));
    OK(tip_txn_commit(txn));
    start_hub(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).recounted, 1);
    star_run(star);
    star_assert_agrees(star, NEMA);
}

/* Beside a record that is made again. */
static void test_it_is_counted_once_all_records_are_there(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];
    struct tip_key record;

    star_add_many(star, NEMA, ids, 5);
    record = star_hub_key(star, &ids[2]);
    stop_hub(star);
    assert_true(fake_store_spoil(star->store, TIP_TABLE_RECORD, record));
    assert_true(fake_store_spoil(star->store, TIP_TABLE_HOLDING,
                                 key_of_nema(ROW_COUNTED)));
    start_hub(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).made, 1);
    assert_int_equal(hub_engine_scrubbed(star->hub).recounted, 1);
    OK(star_edit(star, HUB, &ids[2], FAKE_LATEST + 1, 9));
    star_run(star);
    star_assert_codes(star, NEMA, ids, 5);
    star_assert_agrees(star, NEMA);
}

/* The office has its beginning and waits for its end. */
static void test_a_roll_call_goes_to_its_end(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;

    star_add_fat(star, NEMA, ids, MANY);
    star_lose(star, NEMA, &ids[40]);
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    while (star_status(star, NEMA).again_came == 0 && star_step(star)) {
    }
    assert_true(star_status(star, NEMA).is_sent_again);
    stop_hub(star);
    assert_true(fake_store_spoil(star->store, TIP_TABLE_HOLDING,
                                 key_of_nema(ROW_ROLL_CALL)));
    start_hub(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).recalled, 1);
    assert_int_equal(hub_engine_scrubbed(star->hub).recounted, 0);
    star_run(star);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
    stop_hub(star);
    assert_opens(star, ROW_ROLL_CALL);
    start_hub(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).recalled, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_an_office_holds_is_counted_again),
        STAR_TEST(test_what_is_too_short_is_counted_again),
        STAR_TEST(test_it_is_counted_once_all_records_are_there),
        STAR_TEST(test_a_roll_call_goes_to_its_end),
    };

    return cmocka_run_group_tests_name("hub_counts", tests, NULL, NULL);
}
