/* Rules of an engine's own rows: whole, of a known format, or refused. */
#include "fake_store.h"
#include "tip_state_row.h"
#include "tip_test.h"

enum { FORMAT = 3 };

static const struct tip_key place = {.hi = 7, .lo = 1};

static int setup(void **state)
{
    *state = fake_store_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    fake_store_free(*state);
    return 0;
}

static struct tip_txn *written(struct fake_store *store)
{
    uint8_t memory[64];
    struct tip_txn *txn;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FORMAT);
    tip_state_row_put_head(&buf, &(struct tip_head){.number = 9, .hash = {5}});
    assert_int_equal(tip_store_begin(&store->base, TIP_TXN_WRITE, &txn),
                     TIP_OK);
    assert_int_equal(tip_state_row_put(txn, TIP_TABLE_META, place, &buf),
                     TIP_OK);
    return txn;
}

static void test_a_row_comes_back_as_it_was_put(void **state)
{
    struct tip_txn *txn = written(*state);
    struct tip_reader reader;
    struct tip_head head;

    assert_int_equal(
        tip_state_row_get(txn, TIP_TABLE_META, place, FORMAT, &reader), TIP_OK);
    head = tip_state_row_get_head(&reader);
    assert_int_equal(head.number, 9);
    assert_int_equal(head.hash[0], 5);
    assert_int_equal(tip_state_row_finish(&reader), TIP_OK);
    tip_txn_abort(txn);
}

static void test_a_row_of_another_format_is_of_another_version(void **state)
{
    struct tip_txn *txn = written(*state);
    struct tip_reader reader;

    assert_int_equal(
        tip_state_row_get(txn, TIP_TABLE_META, place, FORMAT + 1, &reader),
        TIP_ESTORE_VERSION);
    tip_txn_abort(txn);
}

static void test_a_row_with_nothing_in_it_is_damaged(void **state)
{
    struct tip_reader reader;

    (void)state;
    assert_int_equal(tip_state_row_open(TIP_BYTES_NONE, FORMAT, &reader),
                     TIP_ESTORE_DAMAGED);
}

static void test_a_row_read_short_or_too_far_is_damaged(void **state)
{
    struct tip_txn *txn = written(*state);
    struct tip_reader reader;

    assert_int_equal(
        tip_state_row_get(txn, TIP_TABLE_META, place, FORMAT, &reader), TIP_OK);
    assert_int_equal(tip_state_row_finish(&reader), TIP_ESTORE_DAMAGED);
    (void)tip_state_row_get_head(&reader);
    (void)tip_reader_get_u8(&reader);
    assert_int_equal(tip_state_row_finish(&reader), TIP_ESTORE_DAMAGED);
    tip_txn_abort(txn);
}

static void test_a_row_that_was_never_put_is_not_found(void **state)
{
    struct tip_txn *txn = written(*state);
    struct tip_reader reader;

    assert_int_equal(
        tip_state_row_get(txn, TIP_TABLE_META, TIP_KEY(8, 1), FORMAT, &reader),
        TIP_ENOTFOUND);
    tip_txn_abort(txn);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_row_comes_back_as_it_was_put),
        TEST(test_a_row_of_another_format_is_of_another_version),
        TEST(test_a_row_with_nothing_in_it_is_damaged),
        TEST(test_a_row_read_short_or_too_far_is_damaged),
        TEST(test_a_row_that_was_never_put_is_not_found),
    };

    return cmocka_run_group_tests_name("state_row", tests, NULL, NULL);
}
