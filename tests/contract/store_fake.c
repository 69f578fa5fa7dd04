/* The store contract on the store in memory. */
#include "fake_store.h"
#include "store_contract.h"

enum { LIMIT_BYTES = 16 * 1024 * 1024 };

static struct fake_store *fake_of(struct store_rig *rig)
{
    return (struct fake_store *)rig->store;
}

static void reopen(struct store_rig *rig)
{
    fake_store_power_cut(fake_of(rig));
}

static void break_disk(struct store_rig *rig)
{
    fake_store_fail_commit(fake_of(rig), 1, TIP_ESTORE_FAILED, FAKE_STORE_LOST);
}

static void repair(struct store_rig *rig)
{
    fake_store_recover(fake_of(rig));
}

static int setup(void **state)
{
    static struct store_rig rig;

    rig = (struct store_rig){
        .store = &fake_store_new(LIMIT_BYTES)->base,
        .limit_bytes = LIMIT_BYTES,
        .reopen = reopen,
        .break_disk = break_disk,
        .repair = repair,
    };
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    fake_store_free(fake_of(*state));
    return 0;
}

static void
test_a_power_cut_ends_what_is_open_and_keeps_what_is_committed(void **state)
{
    struct store_rig *rig = *state;
    struct tip_txn *writer;

    rig_put(rig, RIG_TABLE, TIP_KEY(1, 0), TIP_BYTES_NONE);
    (void)rig_begin(rig, TIP_TXN_READ);
    writer = rig_begin(rig, TIP_TXN_WRITE);
    ASSERT_OK(tip_txn_put(writer, RIG_TABLE, TIP_KEY(2, 0), TIP_BYTES_NONE));
    fake_store_power_cut(fake_of(rig));
    rig_assert_value(rig, RIG_TABLE, TIP_KEY(1, 0), TIP_BYTES_NONE);
    rig_assert_none(rig, RIG_TABLE, TIP_KEY(2, 0));
    rig_put(rig, RIG_TABLE, TIP_KEY(3, 0), TIP_BYTES_NONE);
}

static void test_a_commit_may_be_kept_though_nobody_was_told(void **state)
{
    struct store_rig *rig = *state;
    struct fake_store *fake = fake_of(rig);

    fake_store_fail_commit(fake, 2, TIP_ESTORE_FAILED, FAKE_STORE_KEPT);
    rig_put(rig, RIG_TABLE, TIP_KEY(1, 0), TIP_BYTES_NONE);
    assert_int_equal(
        rig_try_put(rig, TIP_TXN_WRITE, TIP_KEY(2, 0), TIP_BYTES_NONE),
        TIP_ESTORE_FAILED);
    fake_store_power_cut(fake);
    rig_assert_value(rig, RIG_TABLE, TIP_KEY(2, 0), TIP_BYTES_NONE);
    rig_put(rig, RIG_TABLE, TIP_KEY(3, 0), TIP_BYTES_NONE);
}

static void test_a_commit_may_be_refused_as_full_once(void **state)
{
    struct store_rig *rig = *state;

    fake_store_fail_commit(fake_of(rig), 1, TIP_ESTORE_FULL, FAKE_STORE_LOST);
    assert_int_equal(
        rig_try_put(rig, TIP_TXN_WRITE, TIP_KEY(1, 0), TIP_BYTES_NONE),
        TIP_ESTORE_FULL);
    rig_assert_none(rig, RIG_TABLE, TIP_KEY(1, 0));
    rig_put(rig, RIG_TABLE, TIP_KEY(1, 0), TIP_BYTES_NONE);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_power_cut_ends_what_is_open_and_keeps_what_is_committed),
        TEST(test_a_commit_may_be_kept_though_nobody_was_told),
        TEST(test_a_commit_may_be_refused_as_full_once),
    };

    return cmocka_run_group_tests_name("store_fake_faults", tests, NULL, NULL) +
           store_contract_run("store_fake", setup, teardown) +
           store_limits_run("store_fake_limits", setup, teardown);
}
