/* What every store does when it is full or its disk fails. */
#include "store_contract.h"

#define TABLE RIG_TABLE

static const struct tip_bytes a_value = {(const uint8_t *)"alpha", 5};
static const struct tip_bytes b_value = {(const uint8_t *)"beta", 4};

/* Put @count values from key (@hi, 0) on in one transaction. */
static enum tip_err put_run(struct store_rig *rig, uint64_t hi, uint64_t count)
{
    static const uint8_t value[1000];
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_WRITE);

    for (uint64_t i = 0; i < count; i++) {
        const enum tip_err err =
            tip_txn_put(txn, TABLE, TIP_KEY(hi + i, 0), TIP_BYTES_OF(value));

        if (err != TIP_OK) {
            tip_txn_abort(txn);
            return err;
        }
    }
    return tip_txn_commit(txn);
}

/* Put values until even one is refused; returns the key that was. */
static uint64_t fill(struct store_rig *rig)
{
    uint64_t hi = 1;

    for (uint64_t count = 256; count > 0; count /= 4) {
        enum tip_err err = put_run(rig, hi, count);

        while (err == TIP_OK) {
            hi += count;
            assert_true(hi < rig->limit_bytes / 1000);
            err = put_run(rig, hi, count);
        }
        assert_int_equal(err, TIP_ESTORE_FULL);
    }
    return hi;
}

static void
test_a_full_store_refuses_records_and_goes_on_with_acks(void **state)
{
    struct store_rig *rig = *state;
    const uint64_t refused = fill(rig);
    uint8_t one = 1;

    /* Well filled, nothing lost, reading works. */
    assert_true(refused * 1000 > rig->limit_bytes / 3);
    rig_assert_none(rig, TABLE, TIP_KEY(refused, 0));
    for (uint64_t hi = 1; hi < refused; hi++) {
        struct tip_txn *txn = rig_begin(rig, TIP_TXN_READ);
        struct tip_bytes found;

        ASSERT_OK(tip_txn_get(txn, TABLE, TIP_KEY(hi, 0), &found));
        tip_txn_abort(txn);
    }
    for (uint64_t i = 0; i < 200; i++) {
        assert_int_equal(rig_try_put(rig, TIP_TXN_WRITE_RESERVE,
                                     TIP_KEY(refused + i, 1),
                                     tip_bytes(&one, sizeof one)),
                         TIP_OK);
    }
}

static void test_a_refused_write_takes_its_transaction_with_it(void **state)
{
    struct store_rig *rig = *state;
    static const uint8_t value[1000];
    const uint64_t refused = fill(rig);
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_WRITE);
    enum tip_err err = TIP_OK;
    uint64_t hi = refused;

    while (err == TIP_OK) {
        err = tip_txn_put(txn, TABLE, TIP_KEY(hi++, 2), TIP_BYTES_OF(value));
    }
    assert_int_equal(err, TIP_ESTORE_FULL);
    assert_int_equal(tip_txn_commit(txn), TIP_ESTORE_FULL);
    rig_assert_none(rig, TABLE, TIP_KEY(refused, 2));
}

static void test_pruning_makes_room_again(void **state)
{
    struct store_rig *rig = *state;
    static const uint8_t value[1000];
    const uint64_t refused = fill(rig);
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_WRITE_RESERVE);

    for (uint64_t hi = 1; hi < refused / 2; hi++) {
        ASSERT_OK(tip_txn_remove(txn, TABLE, TIP_KEY(hi, 0)));
    }
    ASSERT_OK(tip_txn_commit(txn));
    /* Freed pages are reused from the second commit after on. */
    (void)rig_try_put(rig, TIP_TXN_WRITE_RESERVE, TIP_KEY(refused, 3), a_value);
    (void)rig_try_put(rig, TIP_TXN_WRITE_RESERVE, TIP_KEY(refused, 4), a_value);
    for (uint64_t hi = 1; hi < refused / 4; hi++) {
        assert_int_equal(rig_try_put(rig, TIP_TXN_WRITE, TIP_KEY(hi, 0),
                                     TIP_BYTES_OF(value)),
                         TIP_OK);
    }
}

static void test_usage_follows_what_is_stored(void **state)
{
    struct store_rig *rig = *state;
    const struct tip_store_usage before = rig->store->usage(rig->store);
    struct tip_store_usage after;
    uint8_t value[10000] = {0};

    rig_put(rig, TABLE, TIP_KEY(1, 0), TIP_BYTES_OF(value));
    after = rig->store->usage(rig->store);
    assert_true(after.used_bytes >= before.used_bytes + sizeof value);
    assert_true(after.used_bytes < before.used_bytes + 4 * sizeof value);
    assert_true(after.limit_bytes <= rig->limit_bytes);
    assert_true(after.limit_bytes > rig->limit_bytes / 2);
    assert_true(after.reserve_bytes > 0);
}

static void test_a_failed_commit_leaves_nothing_and_stops_writing(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn;

    rig_put(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig->break_disk(rig);
    assert_int_equal(rig_try_put(rig, TIP_TXN_WRITE, TIP_KEY(2, 0), b_value),
                     TIP_ESTORE_FAILED);
    assert_int_equal(tip_store_begin(rig->store, TIP_TXN_WRITE, &txn),
                     TIP_ESTORE_FAILED);
    assert_int_equal(tip_store_begin(rig->store, TIP_TXN_WRITE_RESERVE, &txn),
                     TIP_ESTORE_FAILED);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_none(rig, TABLE, TIP_KEY(2, 0));

    rig->repair(rig);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_none(rig, TABLE, TIP_KEY(2, 0));
    rig_put(rig, TABLE, TIP_KEY(3, 0), b_value);
    rig->reopen(rig);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_value(rig, TABLE, TIP_KEY(3, 0), b_value);
}

int store_limits_run(const char *name, CMFixtureFunction setup,
                     CMFixtureFunction teardown)
{
#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_full_store_refuses_records_and_goes_on_with_acks),
        TEST(test_a_refused_write_takes_its_transaction_with_it),
        TEST(test_pruning_makes_room_again),
        TEST(test_usage_follows_what_is_stored),
        TEST(test_a_failed_commit_leaves_nothing_and_stops_writing),
    };
#undef TEST

    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0],
                                   NULL, NULL);
}
