/* Offices are told after a backup of what is in it: it is not lost with it. */
#include "restored.h"

/* How many rows of history are in @store. */
static size_t history(struct fake_store *store)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    struct tip_txn *txn;
    size_t count = 0;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    while (tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER, key, &key,
                        &value) == TIP_OK) {
        count++;
        key = tip_key_next(key);
    }
    tip_txn_abort(txn);
    return count;
}

/* Put the hub back to @backup, which is used up; both offices come back. */
static void put_back(struct star *star, struct fake_store *backup)
{
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
}

/* Both are away while the hub writes twice; Atar hears of it after the backup
 * and hands it back, when the first of it is history. Néma hears of it once. */
static void test_what_the_backup_has_is_not_taken_twice(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;
    size_t rows;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 5));
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 6));
    rows = history(star->store);
    backup = star_backup_hub(star);
    star_join(star, ATAR);
    star_run(star);
    put_back(star, backup);
    assert_int_equal(history(star->store), rows);
    assert_int_equal(history(star->nodes[NEMA].store), rows);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 6, 1);
    }
    star_assert_agreed(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_the_backup_has_is_not_taken_twice),
    };

    return cmocka_run_group_tests_name("restored_told", tests, NULL, NULL);
}
