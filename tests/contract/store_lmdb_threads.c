/* Readers in any thread beside the one that writes. */
#include <pthread.h>
#include <stdatomic.h>

#include "store_lmdb_rig.h"

enum { READER_COUNT = 4, COMMIT_COUNT = 300, PAIR_COUNT = 20 };

struct crowd {
    struct lmdb_rig *rig;
    atomic_bool is_over;
    atomic_uint wrong_count; /* cmocka's assertions are for one thread. */
    atomic_uint read_count;
};

/* Every pair of a commit holds its number: a reader sees them all alike. */
static bool sees_one_commit(struct tip_txn *txn)
{
    uint64_t first = 0;

    for (uint64_t i = 0; i < PAIR_COUNT; i++) {
        struct tip_bytes found;
        uint64_t number;

        if (tip_txn_get(txn, RIG_TABLE, TIP_KEY(i, 0), &found) != TIP_OK ||
            found.size != sizeof number) {
            return false;
        }
        memcpy(&number, found.data, sizeof number);
        if (i == 0) {
            first = number;
        } else if (number != first) {
            return false;
        }
    }
    return true;
}

static void *read_on(void *context)
{
    struct crowd *crowd = context;
    struct tip_store *store = crowd->rig->base.store;

    while (!crowd->is_over) {
        struct tip_txn *txn;

        if (tip_store_begin(store, TIP_TXN_READ, &txn) != TIP_OK) {
            crowd->wrong_count++;
            continue;
        }
        crowd->wrong_count += !sees_one_commit(txn);
        crowd->read_count++;
        (void)store->usage(store);
        tip_txn_abort(txn);
    }
    return NULL;
}

static void commit_number(struct lmdb_rig *rig, uint64_t number)
{
    struct tip_txn *txn = rig_begin(&rig->base, TIP_TXN_WRITE);

    for (uint64_t i = 0; i < PAIR_COUNT; i++) {
        ASSERT_OK(tip_txn_put(txn, RIG_TABLE, TIP_KEY(i, 0),
                              tip_bytes(&number, sizeof number)));
    }
    ASSERT_OK(tip_txn_commit(txn));
}

static void test_every_reader_sees_whole_commits(void **state)
{
    struct crowd crowd = {.rig = *state};
    pthread_t readers[READER_COUNT];

    commit_number(crowd.rig, 0);
    for (int i = 0; i < READER_COUNT; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, &crowd), 0);
    }
    for (uint64_t n = 1; n <= COMMIT_COUNT; n++) {
        commit_number(crowd.rig, n);
        if (n % 50 == 0) {
            ASSERT_OK(tip_store_lmdb_tend(crowd.rig->store));
        }
    }
    crowd.is_over = true;
    for (int i = 0; i < READER_COUNT; i++) {
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    }
    assert_int_equal(crowd.wrong_count, 0);
    assert_true(crowd.read_count > 0);
}

static void test_a_reader_too_many_is_told_to_try_again(void **state)
{
    struct lmdb_rig *rig = *state;
    static struct tip_txn *txns[1000];
    size_t count = 0;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK) {
        assert_true(count < sizeof txns / sizeof txns[0]);
        err = tip_store_begin(rig->base.store, TIP_TXN_READ, &txns[count]);
        count += err == TIP_OK;
    }
    assert_int_equal(err, TIP_EAGAIN);
    assert_true(count > 100);
    tip_txn_abort(txns[--count]);
    ASSERT_OK(tip_store_begin(rig->base.store, TIP_TXN_READ, &txns[count++]));
    while (count > 0) {
        tip_txn_abort(txns[--count]);
    }
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, lmdb_rig_setup, lmdb_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_reader_sees_whole_commits),
        TEST(test_a_reader_too_many_is_told_to_try_again),
    };

    return cmocka_run_group_tests_name("store_lmdb_threads", tests, NULL, NULL);
}
