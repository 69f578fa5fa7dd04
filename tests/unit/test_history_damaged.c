/* A row of a history that cannot be read is lost; work on its record goes on.
 */
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* Néma writes 1 and then 2 in the only record there is. */
static struct tip_id written_over(struct star *star)
{
    struct tip_id id = star_id(star);

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    return id;
}

static size_t count_rows(struct tip_store *store)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    struct tip_txn *txn;
    size_t count = 0;
    enum tip_err err;

    OK(tip_store_begin(store, TIP_TXN_READ, &txn));
    while ((err = tip_txn_seek(txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER,
                               key, &key, &value)) != TIP_ENOTFOUND) {
        assert_true(err == TIP_OK || err == TIP_ESTORE_DAMAGED);
        key = tip_key_next(key);
        count++;
    }
    tip_txn_abort(txn);
    return count;
}

static void test_the_hub_takes_what_is_written_over_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = written_over(star);

    OK(hub_engine_flush(star->hub));
    assert_true(
        fake_store_spoil(star->store, TIP_TABLE_HISTORY, TIP_KEY(1, 1)));
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 3, 1);
    assert_int_equal(count_rows(&star->store->base), 2);
    star_assert_settled(star);
}

static void test_an_office_takes_what_is_written_over_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = written_over(star);

    OK(node_engine_flush(star->nodes[NEMA].engine));
    assert_true(fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_HISTORY,
                                 TIP_KEY(1, 1)));
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 3));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
    assert_int_equal(count_rows(&star->nodes[NEMA].store->base), 2);
    star_assert_settled(star);
}

/* Who is asked whether it was overtaken reads all of the history. */
static void test_what_is_held_back_is_decided_over_it(void **state)
{
    struct star *star = *state;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = star_held_edit(star, &id);

    OK(hub_engine_flush(star->hub));
    assert_true(
        fake_store_spoil(star->store, TIP_TABLE_HISTORY, TIP_KEY(1, 1)));
    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 6, 2);
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_the_hub_takes_what_is_written_over_it),
        STAR_TEST(test_an_office_takes_what_is_written_over_it),
        STAR_TEST(test_what_is_held_back_is_decided_over_it),
    };

    return cmocka_run_group_tests_name("history_damaged", tests, NULL, NULL);
}
