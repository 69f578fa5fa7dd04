/* What the hub knows of an erasure whose decision it has lost. */
#include "erasing.h"
#include "hub_erasure.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* How many erasures the control log tells of that no decision is of. */
static size_t count_told(struct star *star, struct hub_erasure *out_last)
{
    struct tip_arena arena;
    struct tip_txn *txn;
    uint64_t entry = 0;
    size_t count = 0;

    OK(hub_engine_flush(star->hub));
    tip_arena_init(&arena, 1 << 20);
    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &txn));
    while (hub_erasure_next_told(txn, &arena, &entry, out_last) == TIP_OK) {
        count++;
    }
    tip_txn_abort(txn);
    tip_arena_deinit(&arena);
    return count;
}

/* The decision is lost with what came after the backup. */
static void test_what_came_back_is_known_without_its_decision(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct hub_erasure told, decision = {.number = 1, .record = id};
    struct tip_txn *txn;

    assert_int_equal(count_told(star, &told), 0);
    erasing_then_restore(star, &id, star_backup_hub(star));
    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    assert_int_equal(count_told(star, &told), 1);
    assert_true(tip_id_equal(&told.record, &id));
    assert_int_equal(told.ended.unix_ms, ERASING_NOW_MS);
    assert_int_not_equal(told.commit, 0);
    for (int state_of = HUB_ERASURE_ASKED; state_of <= HUB_ERASURE_CONFIRMED;
         state_of++) {
        decision.state = (enum hub_erasure_state)state_of;
        OK(hub_engine_write_txn(star->hub, &txn));
        OK(hub_erasure_store(txn, &decision));
        assert_int_equal(count_told(star, &told),
                         state_of == HUB_ERASURE_CONFIRMED ? 0 : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_came_back_is_known_without_its_decision),
    };

    return cmocka_run_group_tests_name("erase_told", tests, NULL, NULL);
}
