/* A disk that fails at each commit in turn, at each side, while work goes on:
 * nothing confirmed is lost, nothing is there twice, and all agree at last. */
#include "fake_schema.h"
#include "star.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, NONE = -1, SAVES = 6, COMMITS_MAX = 40 };

/* How the commit fails, and at whom. */
struct misfortune {
    int where;
    uint64_t nth;
    enum fake_store_fate fate;
};

static struct fake_store *store_of(struct star *star, int where)
{
    return where == HUB ? star->store : star->nodes[where].store;
}

#define HOUR_MS UINT64_C(3600000)

static void pass_time(struct star *star)
{
    for (int i = 0; i < 8; i++) {
        star->clock.elapsed_ms += HOUR_MS;
        for (size_t n = 0; n < star->node_count; n++) {
            star->nodes[n].clock.elapsed_ms += HOUR_MS;
        }
        star_run(star);
    }
}

/* Power goes where the commit failed but the disk had it. */
static void restart(struct star *star, const struct misfortune *misfortune)
{
    if (misfortune->fate == FAKE_STORE_LOST) {
        return;
    }
    if (misfortune->where == HUB) {
        star_crash_hub(star);
    } else {
        star_crash_node(star, (size_t)misfortune->where);
    }
}

/* True while the fault still fell into the work. */
static bool work_with(const struct misfortune *misfortune)
{
    static struct star star;
    struct tip_id ids[SAVES];
    enum tip_err results[SAVES];
    uint64_t until;
    bool happened;

    star_init(&star, 2);
    star_run(&star);
    until = store_of(&star, misfortune->where)->commit_count + misfortune->nth;
    fake_store_fail_commit(store_of(&star, misfortune->where), misfortune->nth,
                           TIP_ESTORE_FULL, misfortune->fate);
    for (int s = 0; s < SAVES; s++) {
        ids[s] = star_id(&star);
        results[s] = star_add(&star, s % 2, &ids[s], 1 - s % 2, FAKE_LATEST,
                              (uint32_t)s + 1);
        star_run(&star);
    }
    happened = store_of(&star, misfortune->where)->commit_count >= until;
    restart(&star, misfortune);
    pass_time(&star);
    for (int s = 0; s < SAVES; s++) {
        for (int where = HUB; where <= ATAR && results[s] == TIP_OK; where++) {
            size_t count;

            assert_int_equal(
                star_code(&star, where, &ids[s], FAKE_LATEST, &count), s + 1);
            assert_int_equal(count, 1);
        }
    }
    for (size_t n = 0; n < 2; n++) {
        struct node_status status;

        node_engine_status(star.nodes[n].engine, &status);
        assert_int_not_equal(status.session, TIP_NODE_STOPPED);
        assert_int_equal(status.confirmed, status.saved);
        assert_int_equal(status.decided, status.saved);
    }
    star_deinit(&star);
    return happened;
}

static void fail_each(int where, enum fake_store_fate fate)
{
    struct misfortune misfortune = {.where = where, .nth = 1, .fate = fate};

    while (work_with(&misfortune)) {
        misfortune.nth++;
        assert_true(misfortune.nth < COMMITS_MAX);
    }
    assert_true(misfortune.nth > 3);
}

static void test_a_disk_full_at_any_commit_of_a_node_loses_nothing(void **state)
{
    (void)state;
    fail_each(NEMA, FAKE_STORE_LOST);
}

static void
test_a_disk_full_at_any_commit_of_the_hub_loses_nothing(void **state)
{
    (void)state;
    fail_each(HUB, FAKE_STORE_LOST);
}

static void
test_power_lost_after_any_commit_of_a_node_loses_nothing(void **state)
{
    (void)state;
    fail_each(NEMA, FAKE_STORE_KEPT);
}

static void
test_power_lost_after_any_commit_of_the_hub_loses_nothing(void **state)
{
    (void)state;
    fail_each(HUB, FAKE_STORE_KEPT);
}

static enum tip_err (*begin)(struct tip_store *self, enum tip_txn_mode mode,
                             struct tip_txn **out_txn);
static int refusals;

static enum tip_err refusing_begin(struct tip_store *self,
                                   enum tip_txn_mode mode,
                                   struct tip_txn **out_txn)
{
    if (mode == TIP_TXN_READ && refusals > 0) {
        refusals--;
        return TIP_EAGAIN;
    }
    return begin(self, mode, out_txn);
}

/* A commit fails, and then what the store holds cannot be read either. */
static void test_what_cannot_be_read_back_is_not_confirmed(void **state)
{
    static struct star star;
    struct node_status status;
    struct tip_id id;
    size_t count;

    (void)state;
    star_init(&star, 1);
    star_run(&star);
    id = star_id(&star);
    begin = star.store->base.begin;
    star.store->base.begin = refusing_begin;
    assert_int_equal(star_add(&star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    assert_int_equal(node_engine_pump(star.nodes[NEMA].engine), TIP_OK);
    fake_store_fail_commit(star.store, 1, TIP_ESTORE_FULL, FAKE_STORE_LOST);
    for (size_t i = 0; i < star.inbox.count; i++) {
        size_t at = (star.inbox.first + i) % STAR_QUEUE_MAX;

        hub_engine_receive(star.hub, STAR_ORIGIN_FIRST,
                           tip_bytes(star.inbox.messages[at].bytes,
                                     star.inbox.messages[at].size));
    }
    refusals = 3;
    assert_int_equal(hub_engine_flush(star.hub), TIP_EAGAIN);
    assert_int_equal(hub_engine_pump(star.hub), TIP_EAGAIN);
    assert_int_equal(star.nodes[NEMA].inbox.count, 0);
    refusals = 0;
    pass_time(&star);
    node_engine_status(star.nodes[NEMA].engine, &status);
    assert_int_equal(status.session, TIP_NODE_LIVE);
    assert_int_equal(status.confirmed, 1);
    assert_int_equal(star_code(&star, HUB, &id, FAKE_LATEST, &count), 1);
    star_deinit(&star);
}

/* A frame of ours that cannot be read is no proof that somebody else went on
 * from a copy of us. */
static void test_a_chain_that_cannot_be_read_is_not_called_a_fork(void **state)
{
    static struct star star;
    struct tip_id id;
    struct node_status status;
    struct tip_store *store;
    struct tip_txn *txn;

    (void)state;
    star_init(&star, 1);
    id = star_id(&star);
    assert_int_equal(star_add(&star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(&star);
    star_cut(&star, NEMA);
    store = &star.nodes[NEMA].store->base;
    assert_int_equal(store->begin(store, TIP_TXN_WRITE, &txn), TIP_OK);
    assert_int_equal(tip_txn_put(txn, TIP_TABLE_FRAME_UP,
                                 TIP_KEY(STAR_ORIGIN_FIRST, 1),
                                 tip_bytes_text("damaged")),
                     TIP_OK);
    assert_int_equal(tip_txn_commit(txn), TIP_OK);
    star_join(&star, NEMA);
    star_run(&star);
    node_engine_status(star.nodes[NEMA].engine, &status);
    assert_int_equal(status.trouble, TIP_OK);
    assert_int_equal(status.session, TIP_NODE_LIVE);
    star_deinit(&star);
}

/* No room for the hub's frames, then room again. */
static void test_a_trouble_that_is_over_is_no_longer_told(void **state)
{
    static struct star star;
    uint64_t limit;
    struct tip_id id;
    struct node_status status;

    (void)state;
    star_init(&star, 1);
    id = star_id(&star);
    assert_int_equal(star_add(&star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(&star);
    limit = star.nodes[NEMA].store->limit_bytes;
    star.nodes[NEMA].store->limit_bytes = 1;
    assert_int_equal(star_edit(&star, HUB, &id, FAKE_LATEST, 2), TIP_OK);
    pass_time(&star);
    node_engine_status(star.nodes[NEMA].engine, &status);
    assert_int_equal(status.trouble, TIP_ESTORE_FULL);
    star.nodes[NEMA].store->limit_bytes = limit;
    pass_time(&star);
    node_engine_status(star.nodes[NEMA].engine, &status);
    assert_int_equal(status.trouble, TIP_OK);
    assert_int_equal(status.session, TIP_NODE_LIVE);
    star_deinit(&star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_a_disk_full_at_any_commit_of_a_node_loses_nothing),
        cmocka_unit_test(
            test_a_disk_full_at_any_commit_of_the_hub_loses_nothing),
        cmocka_unit_test(
            test_power_lost_after_any_commit_of_a_node_loses_nothing),
        cmocka_unit_test(
            test_power_lost_after_any_commit_of_the_hub_loses_nothing),
        cmocka_unit_test(test_what_cannot_be_read_back_is_not_confirmed),
        cmocka_unit_test(test_a_chain_that_cannot_be_read_is_not_called_a_fork),
        cmocka_unit_test(test_a_trouble_that_is_over_is_no_longer_told),
    };

    return cmocka_run_group_tests_name("unlucky", tests, NULL, NULL);
}
