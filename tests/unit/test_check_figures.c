/* Verify looks at the figures too, with nothing but the store. */
#include "tip_test.h"

#include "desk_rig.h"
#include "hub_check_figures.h"
#include "tip_desk_catalogue.h"
#include "tip_figures.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static struct desk_rig rig;

static int setup(void **state)
{
    (void)state;
    desk_rig_init(&rig, desk_rig_catalogue(RIG_NATIONAL), 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_rig_deinit(&rig);
    return 0;
}

static void publish(void)
{
    struct tip_desk *hub = desk_rig_desk(&rig, RIG_HUB);
    struct tip_catalogue_folder folder;
    struct tip_problems problems = {0};
    uint32_t version;

    OK(tip_catalogue_folder_read(RIG_NATIONAL, &folder));
    OK(tip_desk_catalogue_publish(hub, &desk_rig_who, folder.files,
                                  folder.file_count, &problems, &version));
    OK(tip_desk_flush(hub));
    tip_catalogue_folder_deinit(&folder);
}

/* Count everything into the store, as a hub does at its start. */
static void count_figures(void)
{
    struct hub_engine *hub = rig.star.hub;
    const struct tip_figures_opts opts = {.catalogue = rig.catalogue,
                                          .lineage =
                                              hub_engine_records(hub)->lineage,
                                          .random = &rig.star.prng.base,
                                          .recounts = true};
    struct tip_figures *figures;
    struct tip_txn *txn;

    OK(hub_engine_write_txn(hub, &txn));
    OK(tip_figures_open(&opts, txn, &figures));
    OK(hub_engine_flush(hub));
    tip_figures_ended(figures, true);
    tip_figures_close(figures);
}

static void note(void *context, enum tip_inspect_kind kind, uint64_t a,
                 uint64_t b)
{
    (void)b;
    if (kind == TIP_INSPECT_ROW) {
        assert_int_equal(a, TIP_TABLE_FIGURE);
    } else {
        assert_int_equal(kind, TIP_INSPECT_FIGURES);
        assert_true(a > 0);
    }
    *(size_t *)context += 1;
}

static size_t told(void)
{
    size_t count = 0;
    struct tip_arena arena;
    struct tip_inspect check = {
        .arena = &arena, .found = note, .context = &count};

    OK(hub_engine_flush(rig.star.hub));
    tip_arena_init(&arena, 1 << 24);
    OK(tip_store_begin(&rig.star.store->base, TIP_TXN_READ, &check.txn));
    OK(hub_check_figures(&check, &rig.star.prng.base));
    tip_txn_abort(check.txn);
    tip_arena_deinit(&arena);
    assert_int_equal(check.found_count, count);
    return count;
}

static void test_figures_that_are_right_pass(void **state)
{
    (void)state;
    assert_int_equal(told(), 0); /* There is no catalogue. */
    publish();
    OK(desk_rig_add(&rig, RIG_HUB, RIG_CASE, NULL));
    assert_int_equal(told(), 0); /* They were never counted. */
    count_figures();
    assert_int_equal(told(), 0);
}

/* The hub of the rig has nobody who keeps them. */
static void test_a_record_that_was_not_counted_is_told_of(void **state)
{
    (void)state;
    publish();
    count_figures();
    OK(desk_rig_add(&rig, RIG_HUB, RIG_CASE, NULL));
    assert_int_equal(told(), 1);
}

static void test_where_a_record_cannot_be_read_nothing_is_told(void **state)
{
    (void)state;
    publish();
    OK(desk_rig_add(&rig, RIG_HUB, RIG_CASE, NULL));
    count_figures();
    OK(hub_engine_flush(rig.star.hub));
    assert_true(fake_store_spoil(
        rig.star.store, TIP_TABLE_RECORD,
        TIP_KEY(hub_engine_records(rig.star.hub)->next_ordinal - 1, 0)));
    assert_int_equal(told(), 0);
}

/* A row of what was counted, then of what it was counted by. */
static void test_figures_that_cannot_be_read_are_told_of(void **state)
{
    struct tip_store *store = &rig.star.store->base;
    struct tip_bytes value;
    struct tip_txn *txn;
    struct tip_key key;

    (void)state;
    publish();
    OK(desk_rig_add(&rig, RIG_HUB, RIG_CASE, NULL));
    count_figures();
    for (uint64_t hi = 2; hi-- > 0;) {
        OK(tip_store_begin(store, TIP_TXN_WRITE, &txn));
        OK(tip_txn_seek(txn, TIP_TABLE_FIGURE, TIP_SEEK_AT_OR_AFTER,
                        TIP_KEY(hi, 0), &key, &value));
        OK(tip_txn_put(txn, TIP_TABLE_FIGURE, key, tip_bytes("\x01\x05", 2)));
        OK(tip_txn_commit(txn));
        assert_int_equal(told(), 1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_figures_that_are_right_pass),
        TEST(test_a_record_that_was_not_counted_is_told_of),
        TEST(test_figures_that_cannot_be_read_are_told_of),
        TEST(test_where_a_record_cannot_be_read_nothing_is_told),
    };

    return cmocka_run_group_tests_name("check_figures", tests, NULL, NULL);
}
