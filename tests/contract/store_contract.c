/* The rules of common/io/tip_store.h, whoever implements it. */
#include "store_contract.h"

#include <stdlib.h>

#define TABLE       RIG_TABLE
#define OTHER_TABLE RIG_OTHER_TABLE

static const struct tip_bytes a_value = {(const uint8_t *)"alpha", 5};
static const struct tip_bytes b_value = {(const uint8_t *)"beta", 4};

static void test_what_was_put_is_there_after_commit(void **state)
{
    struct store_rig *rig = *state;

    rig_put(rig, TABLE, TIP_KEY(7, 9), a_value);
    rig_assert_value(rig, TABLE, TIP_KEY(7, 9), a_value);
    rig_assert_none(rig, TABLE, TIP_KEY(7, 0));
    rig_assert_none(rig, TABLE, TIP_KEY(9, 7));
    rig_assert_none(rig, OTHER_TABLE, TIP_KEY(7, 9));
}

static void test_a_writer_sees_its_own_writes(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_WRITE);
    struct tip_bytes found;

    ASSERT_OK(tip_txn_put(txn, TABLE, TIP_KEY(1, 0), a_value));
    ASSERT_OK(tip_txn_get(txn, TABLE, TIP_KEY(1, 0), &found));
    ASSERT_BYTES(found, a_value);
    ASSERT_OK(tip_txn_put(txn, TABLE, TIP_KEY(1, 0), b_value));
    ASSERT_OK(tip_txn_get(txn, TABLE, TIP_KEY(1, 0), &found));
    ASSERT_BYTES(found, b_value);
    ASSERT_OK(tip_txn_remove(txn, TABLE, TIP_KEY(1, 0)));
    assert_int_equal(tip_txn_get(txn, TABLE, TIP_KEY(1, 0), &found),
                     TIP_ENOTFOUND);
    tip_txn_abort(txn);
}

static void test_put_replaces_also_by_another_size(void **state)
{
    struct store_rig *rig = *state;
    uint8_t large[5000];

    memset(large, 3, sizeof large);
    rig_put(rig, TABLE, TIP_KEY(1, 1), a_value);
    rig_put(rig, TABLE, TIP_KEY(1, 1), TIP_BYTES_OF(large));
    rig_assert_value(rig, TABLE, TIP_KEY(1, 1), TIP_BYTES_OF(large));
    rig_put(rig, TABLE, TIP_KEY(1, 1), TIP_BYTES_NONE);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 1), TIP_BYTES_NONE);
}

static void test_a_borrowed_value_may_be_put_back(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn;
    struct tip_bytes found;

    rig_put(rig, TABLE, TIP_KEY(1, 1), a_value);
    txn = rig_begin(rig, TIP_TXN_WRITE);
    ASSERT_OK(tip_txn_get(txn, TABLE, TIP_KEY(1, 1), &found));
    ASSERT_OK(tip_txn_put(txn, TABLE, TIP_KEY(1, 1), found));
    ASSERT_OK(tip_txn_get(txn, TABLE, TIP_KEY(1, 1), &found));
    ASSERT_OK(tip_txn_put(txn, TABLE, TIP_KEY(2, 2), found));
    ASSERT_OK(tip_txn_commit(txn));
    rig_assert_value(rig, TABLE, TIP_KEY(1, 1), a_value);
    rig_assert_value(rig, TABLE, TIP_KEY(2, 2), a_value);
}

static void test_remove_says_whether_it_was_there(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn;

    rig_put(rig, TABLE, TIP_KEY(1, 0), a_value);
    txn = rig_begin(rig, TIP_TXN_WRITE);
    assert_int_equal(tip_txn_remove(txn, TABLE, TIP_KEY(2, 0)), TIP_ENOTFOUND);
    ASSERT_OK(tip_txn_remove(txn, TABLE, TIP_KEY(1, 0)));
    assert_int_equal(tip_txn_remove(txn, TABLE, TIP_KEY(1, 0)), TIP_ENOTFOUND);
    ASSERT_OK(tip_txn_commit(txn));
    rig_assert_none(rig, TABLE, TIP_KEY(1, 0));
}

/* Keys in their order, around every change of length and carry. */
static const struct tip_key ordered[] = {
    {0, 0},          {0, 1},
    {0, 255},        {0, 256},
    {0, UINT64_MAX}, {1, 0},
    {1, 1},          {255, 9},
    {256, 0},        {256, UINT64_MAX},
    {UINT32_MAX, 3}, {UINT64_MAX, 0},
    {UINT64_MAX, 1}, {UINT64_MAX, UINT64_MAX},
};

enum { ORDERED_COUNT = sizeof ordered / sizeof ordered[0] };

/* Put them in an order that is not theirs. */
static void put_ordered(struct store_rig *rig)
{
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_WRITE);

    for (size_t i = 0; i < ORDERED_COUNT; i++) {
        const size_t at = i * 5 % ORDERED_COUNT;

        ASSERT_OK(tip_txn_put(txn, TABLE, ordered[at],
                              tip_bytes(&ordered[at], sizeof ordered[at])));
    }
    ASSERT_OK(tip_txn_commit(txn));
}

static void assert_seek(struct tip_txn *txn, enum tip_seek seek,
                        struct tip_key from, struct tip_key expected)
{
    struct tip_key found = TIP_KEY(0, 0);
    struct tip_bytes value = TIP_BYTES_NONE;

    ASSERT_OK(tip_txn_seek(txn, TABLE, seek, from, &found, &value));
    assert_int_equal(found.hi, expected.hi);
    assert_int_equal(found.lo, expected.lo);
    ASSERT_BYTES(value, tip_bytes(&expected, sizeof expected));
}

static void test_keys_sort_by_hi_then_lo_both_ways(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn;

    put_ordered(rig);
    txn = rig_begin(rig, TIP_TXN_READ);
    for (size_t i = 0; i < ORDERED_COUNT; i++) {
        assert_seek(txn, TIP_SEEK_AT_OR_AFTER, ordered[i], ordered[i]);
        assert_seek(txn, TIP_SEEK_AT_OR_BEFORE, ordered[i], ordered[i]);
        if (i + 1 < ORDERED_COUNT) {
            assert_seek(txn, TIP_SEEK_AT_OR_AFTER, tip_key_next(ordered[i]),
                        ordered[i + 1]);
        }
    }
    assert_seek(txn, TIP_SEEK_AT_OR_BEFORE, TIP_KEY(0, 2), TIP_KEY(0, 1));
    assert_seek(txn, TIP_SEEK_AT_OR_BEFORE, TIP_KEY(300, 0),
                TIP_KEY(256, UINT64_MAX));
    assert_seek(txn, TIP_SEEK_AT_OR_AFTER, TIP_KEY(2, 0), TIP_KEY(255, 9));
    tip_txn_abort(txn);
}

static void test_seek_past_either_end_finds_nothing(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn;
    struct tip_key key;
    struct tip_bytes value;

    rig_put(rig, TABLE, TIP_KEY(5, 5), a_value);
    txn = rig_begin(rig, TIP_TXN_READ);
    assert_int_equal(tip_txn_seek(txn, TABLE, TIP_SEEK_AT_OR_AFTER,
                                  TIP_KEY(5, 6), &key, &value),
                     TIP_ENOTFOUND);
    assert_int_equal(tip_txn_seek(txn, TABLE, TIP_SEEK_AT_OR_BEFORE,
                                  TIP_KEY(5, 4), &key, &value),
                     TIP_ENOTFOUND);
    assert_int_equal(tip_txn_seek(txn, OTHER_TABLE, TIP_SEEK_AT_OR_AFTER,
                                  TIP_KEY(0, 0), &key, &value),
                     TIP_ENOTFOUND);
    assert_int_equal(tip_txn_seek(txn, OTHER_TABLE, TIP_SEEK_AT_OR_BEFORE,
                                  TIP_KEY(9, 9), &key, &value),
                     TIP_ENOTFOUND);
    tip_txn_abort(txn);
}

static void test_append_takes_only_a_key_above_all_others(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn = rig_begin(rig, TIP_TXN_WRITE);

    ASSERT_OK(tip_txn_append(txn, TABLE, TIP_KEY(3, 0), a_value));
    ASSERT_OK(tip_txn_append(txn, TABLE, TIP_KEY(3, 1), a_value));
    assert_int_equal(tip_txn_append(txn, TABLE, TIP_KEY(3, 1), b_value),
                     TIP_EINVAL);
    assert_int_equal(tip_txn_append(txn, TABLE, TIP_KEY(2, 9), b_value),
                     TIP_EINVAL);
    /* The refusal leaves the transaction usable. */
    ASSERT_OK(tip_txn_append(txn, TABLE, TIP_KEY(4, 0), b_value));
    ASSERT_OK(tip_txn_commit(txn));
    rig_assert_value(rig, TABLE, TIP_KEY(3, 1), a_value);
    rig_assert_none(rig, TABLE, TIP_KEY(2, 9));
    rig_assert_value(rig, TABLE, TIP_KEY(4, 0), b_value);
}

static void test_a_reader_sees_the_state_of_its_beginning(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *reader;
    struct tip_bytes found;
    struct tip_bytes kept;

    rig_put(rig, TABLE, TIP_KEY(1, 0), a_value);
    reader = rig_begin(rig, TIP_TXN_READ);
    ASSERT_OK(tip_txn_get(reader, TABLE, TIP_KEY(1, 0), &kept));
    rig_put(rig, TABLE, TIP_KEY(1, 0), b_value);
    rig_put(rig, TABLE, TIP_KEY(2, 0), b_value);

    ASSERT_OK(tip_txn_get(reader, TABLE, TIP_KEY(1, 0), &found));
    ASSERT_BYTES(found, a_value);
    ASSERT_BYTES(kept, a_value);
    assert_int_equal(tip_txn_get(reader, TABLE, TIP_KEY(2, 0), &found),
                     TIP_ENOTFOUND);
    tip_txn_abort(reader);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), b_value);
}

static void test_a_reader_does_not_see_an_open_writer(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *writer = rig_begin(rig, TIP_TXN_WRITE);

    ASSERT_OK(tip_txn_put(writer, TABLE, TIP_KEY(1, 0), a_value));
    rig_assert_none(rig, TABLE, TIP_KEY(1, 0));
    ASSERT_OK(tip_txn_commit(writer));
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), a_value);
}

static void test_abort_leaves_no_trace(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn;
    const uint64_t used_bytes = rig->store->usage(rig->store).used_bytes;

    rig_put(rig, TABLE, TIP_KEY(1, 0), a_value);
    txn = rig_begin(rig, TIP_TXN_WRITE);
    ASSERT_OK(tip_txn_remove(txn, TABLE, TIP_KEY(1, 0)));
    ASSERT_OK(tip_txn_put(txn, OTHER_TABLE, TIP_KEY(2, 0), b_value));
    tip_txn_abort(txn);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_none(rig, OTHER_TABLE, TIP_KEY(2, 0));
    assert_true(rig->store->usage(rig->store).used_bytes > used_bytes);
    tip_txn_abort(NULL);
}

static void test_a_purge_keeps_what_is_there_and_waits_for_readers(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *reader;

    rig_put(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig_put(rig, TABLE, TIP_KEY(2, 0), a_value);
    rig_put(rig, TABLE, TIP_KEY(2, 0), b_value);
    reader = rig_begin(rig, TIP_TXN_READ);
    assert_int_equal(tip_store_purge(rig->store), TIP_EAGAIN);
    tip_txn_abort(reader);
    ASSERT_OK(tip_store_purge(rig->store));
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig_assert_value(rig, TABLE, TIP_KEY(2, 0), b_value);
    rig_put(rig, OTHER_TABLE, TIP_KEY(3, 0), b_value);
    rig->reopen(rig);
    rig_assert_value(rig, TABLE, TIP_KEY(2, 0), b_value);
    rig_assert_value(rig, OTHER_TABLE, TIP_KEY(3, 0), b_value);
}

static void test_a_store_that_has_failed_is_not_purged(void **state)
{
    struct store_rig *rig = *state;

    rig_put(rig, TABLE, TIP_KEY(1, 0), a_value);
    rig->break_disk(rig);
    assert_int_equal(rig_try_put(rig, TIP_TXN_WRITE, TIP_KEY(2, 0), b_value),
                     TIP_ESTORE_FAILED);
    assert_int_equal(tip_store_purge(rig->store), TIP_ESTORE_FAILED);
    rig->repair(rig);
    ASSERT_OK(tip_store_purge(rig->store));
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0), a_value);
}

static void test_the_largest_value_goes_in_and_a_larger_does_not(void **state)
{
    struct store_rig *rig = *state;
    uint8_t *large = malloc(TIP_STORE_VALUE_BYTES_MAX + 1);
    struct tip_txn *txn;

    assert_non_null(large);
    for (size_t i = 0; i <= TIP_STORE_VALUE_BYTES_MAX; i++) {
        large[i] = (uint8_t)(i * 31 >> 4);
    }
    txn = rig_begin(rig, TIP_TXN_WRITE);
    assert_int_equal(
        tip_txn_put(txn, TABLE, TIP_KEY(1, 0),
                    tip_bytes(large, TIP_STORE_VALUE_BYTES_MAX + 1)),
        TIP_ETOOBIG);
    ASSERT_OK(tip_txn_put(txn, TABLE, TIP_KEY(1, 0),
                          tip_bytes(large, TIP_STORE_VALUE_BYTES_MAX)));
    ASSERT_OK(tip_txn_commit(txn));
    rig->reopen(rig);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 0),
                     tip_bytes(large, TIP_STORE_VALUE_BYTES_MAX));
    free(large);
}

static void test_what_is_borrowed_at_a_time_is_bounded(void **state)
{
    struct store_rig *rig = *state;
    uint8_t *large = calloc(1, TIP_STORE_VALUE_BYTES_MAX);
    const struct tip_bytes value = tip_bytes(large, TIP_STORE_VALUE_BYTES_MAX);
    const int count = TIP_STORE_BORROWED_BYTES_MAX / TIP_STORE_VALUE_BYTES_MAX;
    struct tip_bytes found;
    struct tip_txn *txn;

    assert_non_null(large);
    rig_put(rig, TABLE, TIP_KEY(1, 0), value);
    txn = rig_begin(rig, TIP_TXN_READ);
    for (int i = 0; i < count; i++) {
        ASSERT_OK(tip_txn_get(txn, TABLE, TIP_KEY(1, 0), &found));
    }
    assert_int_equal(tip_txn_get(txn, TABLE, TIP_KEY(1, 0), &found),
                     TIP_ENOMEM);
    tip_txn_forget(txn);
    ASSERT_OK(tip_txn_get(txn, TABLE, TIP_KEY(1, 0), &found));
    ASSERT_BYTES(found, value);
    tip_txn_abort(txn);
    free(large);
}

static void
test_committed_is_there_after_reopen_and_the_rest_is_not(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *txn;

    rig_put(rig, TABLE, TIP_KEY(1, 2), a_value);
    txn = rig_begin(rig, TIP_TXN_WRITE);
    ASSERT_OK(tip_txn_put(txn, TABLE, TIP_KEY(1, 3), b_value));
    tip_txn_abort(txn);
    rig->reopen(rig);
    rig_assert_value(rig, TABLE, TIP_KEY(1, 2), a_value);
    rig_assert_none(rig, TABLE, TIP_KEY(1, 3));
}

int store_contract_run(const char *name, CMFixtureFunction setup,
                       CMFixtureFunction teardown)
{
#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_put_is_there_after_commit),
        TEST(test_a_writer_sees_its_own_writes),
        TEST(test_put_replaces_also_by_another_size),
        TEST(test_a_borrowed_value_may_be_put_back),
        TEST(test_remove_says_whether_it_was_there),
        TEST(test_keys_sort_by_hi_then_lo_both_ways),
        TEST(test_seek_past_either_end_finds_nothing),
        TEST(test_append_takes_only_a_key_above_all_others),
        TEST(test_a_reader_sees_the_state_of_its_beginning),
        TEST(test_a_reader_does_not_see_an_open_writer),
        TEST(test_abort_leaves_no_trace),
        TEST(test_a_purge_keeps_what_is_there_and_waits_for_readers),
        TEST(test_a_store_that_has_failed_is_not_purged),
        TEST(test_the_largest_value_goes_in_and_a_larger_does_not),
        TEST(test_what_is_borrowed_at_a_time_is_bounded),
        TEST(test_committed_is_there_after_reopen_and_the_rest_is_not),
    };
#undef TEST

    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0],
                                   NULL, NULL);
}
