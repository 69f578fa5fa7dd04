/* An office whose store is nearly full takes in what the hub decided, a piece
 * at a time, or says that it cannot and tries again. */
#include "fake_schema.h"
#include "star.h"
#include "tip_frame.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, NONE = -1, SAVES = 400 };

#define ROOM_BYTES (UINT64_C(2) * 1024 * 1024)
#define MINUTE_MS  UINT64_C(60000)

/* Own change-sets that left the outbox: in the open transaction, and most in
 * any. */
static struct {
    struct tip_store real;
    uint64_t open, most;
} watched;

static enum tip_err watched_begin(struct tip_store *self,
                                  enum tip_txn_mode mode,
                                  struct tip_txn **out_txn)
{
    watched.open = mode == TIP_TXN_READ ? watched.open : 0;
    return watched.real.begin(self, mode, out_txn);
}

static enum tip_err watched_remove(struct tip_txn *txn, enum tip_table table,
                                   struct tip_key key)
{
    watched.open += table == TIP_TABLE_OUTBOX ? 1 : 0;
    watched.most = watched.open > watched.most ? watched.open : watched.most;
    return watched.real.remove(txn, table, key);
}

static void watch(struct fake_store *store)
{
    watched.real = store->base;
    watched.open = watched.most = 0;
    store->base.begin = watched_begin;
    store->base.remove = watched_remove;
}

/* Saved while the line is down, so that all of it is decided at once. */
static void save_many(struct star *star)
{
    star_run(star);
    star_cut(star, NEMA);
    for (int i = 0; i < SAVES; i++) {
        struct tip_id id = star_id(star);

        assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1),
                         TIP_OK);
    }
}

static void leave_room(struct star *star, uint64_t bytes)
{
    struct fake_store *store = star->nodes[NEMA].store;

    store->limit_bytes = store->base.usage(&store->base).used_bytes + bytes;
}

static void test_a_frame_of_the_hub_tells_what_any_store_can_take(void **state)
{
    static struct star star;

    (void)state;
    star_init(&star, 1);
    save_many(&star);
    leave_room(&star, ROOM_BYTES);
    watch(star.nodes[NEMA].store);
    star_join(&star, NEMA);
    star_run(&star);
    assert_int_equal(star_status(&star, NEMA).decided, SAVES);
    assert_in_range(watched.most, 1, TIP_DOWN_SETS_SMALL);
    star_deinit(&star);
}

static void test_with_room_frames_are_taken_together(void **state)
{
    static struct star star;

    (void)state;
    star_init(&star, 1);
    save_many(&star);
    watch(star.nodes[NEMA].store);
    star_join(&star, NEMA);
    star_run(&star);
    assert_int_equal(star_status(&star, NEMA).decided, SAVES);
    assert_in_range(watched.most, TIP_DOWN_SETS_SMALL + 1, SAVES);
    star_deinit(&star);
}

/* Bytes down until all that was saved is decided. */
static uint64_t told_in(struct star *star, uint64_t limit_bytes)
{
    uint64_t before;

    star_init(star, 1);
    star->nodes[NEMA].store->limit_bytes = limit_bytes;
    save_many(star);
    before = star->bytes_down;
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).decided, SAVES);
    before = star->bytes_down - before;
    star_deinit(star);
    return before;
}

static void
test_an_office_with_a_large_store_is_told_in_fewer_frames(void **state)
{
    static struct star star;
    uint64_t mib = UINT64_C(1024) * 1024;

    (void)state;
    assert_true(2 * told_in(&star, 512 * mib) < told_in(&star, 256 * mib));
}

static void test_the_hub_sees_how_long_it_takes_in_nothing(void **state)
{
    static struct star star;
    struct tip_id id;

    (void)state;
    star_init(&star, 1);
    id = star_id(&star);
    assert_int_equal(star_add(&star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(&star);
    star_wait(&star, 60 * MINUTE_MS);
    star_crash_node(&star, NEMA); /* What it counts after a start is written. */
    star_run(&star);
    leave_room(&star, 64); /* For rows that are there, not for a frame. */
    assert_int_equal(star_edit(&star, HUB, &id, FAKE_LATEST, 2), TIP_OK);
    for (int i = 0; i < 30; i++) { /* It greets again and again meanwhile. */
        star_run(&star);
        assert_int_equal(star_device(&star, NEMA).unmoved_ms,
                         (uint64_t)i * MINUTE_MS);
        star_wait(&star, MINUTE_MS);
    }
    star.nodes[NEMA].store->limit_bytes = UINT64_C(1) << 30;
    node_engine_ask_again(star.nodes[NEMA].engine);
    star_run(&star);
    assert_int_equal(star_device(&star, NEMA).unmoved_ms, 0);
    star_deinit(&star);
}

static void test_without_room_it_says_when_it_tries_again(void **state)
{
    static struct star star;
    struct node_status status;
    struct tip_id id;

    (void)state;
    star_init(&star, 1);
    id = star_id(&star);
    assert_int_equal(star_add(&star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(&star);
    star.nodes[NEMA].store->limit_bytes = 1;
    assert_int_equal(star_edit(&star, HUB, &id, FAKE_LATEST, 2), TIP_OK);
    for (int i = 0; i < 8; i++) {
        star_run(&star);
        star_wait(&star, MINUTE_MS);
    }
    status = star_status(&star, NEMA);
    assert_int_equal(status.trouble, TIP_ESTORE_FULL);
    assert_int_equal(status.session, TIP_NODE_DOWN);
    assert_in_range(status.again_ms, 1, 20 * MINUTE_MS);
    star.nodes[NEMA].store->limit_bytes = UINT64_C(1) << 30;
    node_engine_ask_again(star.nodes[NEMA].engine);
    star_run(&star);
    status = star_status(&star, NEMA);
    assert_int_equal(status.trouble, TIP_OK);
    assert_int_equal(status.session, TIP_NODE_LIVE);
    assert_int_equal(status.again_ms, 0);
    star_deinit(&star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_frame_of_the_hub_tells_what_any_store_can_take),
        cmocka_unit_test(test_with_room_frames_are_taken_together),
        cmocka_unit_test(
            test_an_office_with_a_large_store_is_told_in_fewer_frames),
        cmocka_unit_test(test_the_hub_sees_how_long_it_takes_in_nothing),
        cmocka_unit_test(test_without_room_it_says_when_it_tries_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
