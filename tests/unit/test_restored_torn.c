/* The hub was restored and has gone on, and an office comes that has more of
 * the control log or of REF than all who came before. */
#include "erasing.h"
#include "star_offices.h"
#include "tip_chain.h"
#include "tip_ctl_log.h"

#define OK(call)  assert_int_equal((call), TIP_OK)
#define MINUTE_MS UINT64_C(60000)

static uint64_t verified; /* Frames, so far, by whomever. */

/* The linker's names.
 * NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming) */
enum tip_err
__real_tip_chain_verify(const struct tip_sign_public *signer,
                        const struct tip_chain_link *link,
                        const struct tip_chain_signature *signature);
enum tip_err
__wrap_tip_chain_verify(const struct tip_sign_public *signer,
                        const struct tip_chain_link *link,
                        const struct tip_chain_signature *signature);

enum tip_err
__wrap_tip_chain_verify(const struct tip_sign_public *signer,
                        const struct tip_chain_link *link,
                        const struct tip_chain_signature *signature)
{
    verified++;
    return __real_tip_chain_verify(signer, link, signature);
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

/* Something the hub writes for everybody, with @code. */
static struct tip_id publish(struct star *star, uint32_t code)
{
    const struct tip_change said = {
        .field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = code}};

    return star_publish(star, &said);
}

/* A record of Néma's, erased again. */
static struct tip_id erase_one(struct star *star)
{
    struct tip_id id = star_id(star);

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    erasing_begin(star, &id);
    star_run(star);
    return id;
}

/* Put the hub back to @backup, which is used up; Atar comes, and it goes on. */
static void go_on_without_nema(struct star *star, struct fake_store *backup)
{
    star_cut(star, NEMA);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, ATAR);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
}

/* Entries of the control log in that store. */
static uint64_t entries(struct fake_store *store)
{
    struct tip_txn *txn;
    uint64_t count;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_ctl_log_count(txn, &count));
    tip_txn_abort(txn);
    return count;
}

static void assert_follows(struct star *star)
{
    struct tip_id id;

    for (int i = 0; i < 30; i++) {
        star_wait(star, 15 * MINUTE_MS);
        star_run(star);
    }
    star_assert_settled(star);
    star_assert_agreed(star);
    assert_int_equal(star_device(star, NEMA).trouble, TIP_OK);
    assert_int_equal(entries(star->nodes[NEMA].store), entries(star->store));
    id = publish(star, 77);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 77, 1);
    }
}

/* Entries of the control log; its own work of then comes too. */
static void test_who_has_more_of_the_control_log_follows_again(void **state)
{
    struct star *star = *state;
    struct tip_id gone = star_id(star), id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &gone, NONE, FAKE_LATEST, 1));
    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 2));
    star_run(star);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    for (uint32_t i = 0; i < 3; i++) {
        (void)erase_one(star);
    }
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    go_on_without_nema(star, backup);
    erasing_begin(star, &gone);
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 3, 1);
    erasing_assert_stub(star, NEMA, &gone);
    assert_follows(star);
    star_crash_node(star, NEMA);
    star_crash_hub(star);
    star_run(star);
    assert_follows(star);
}

/* The hub has gone on further than that office was. */
static void test_who_has_less_in_number_follows_again(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id id = star_id(star);

    star_run(star);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    erasing_begin(star, &id);
    star_run(star);
    go_on_without_nema(star, backup);
    for (uint32_t i = 0; i < 4; i++) {
        struct tip_id more = star_id(star);

        OK(star_add(star, HUB, &more, ATAR, FAKE_LATEST, 1));
        star_run(star);
        erasing_begin(star, &more);
        star_run(star);
    }
    star_join(star, NEMA);
    star_run(star);
    erasing_assert_stub(star, HUB, &id);
    assert_follows(star);
}

static void test_who_has_more_of_ref_follows_again(void **state)
{
    struct star *star = *state;
    struct tip_id kept = publish(star, 5);
    struct tip_id lost;
    struct tip_arena arena;
    struct tip_record view;
    struct fake_store *backup;

    star_run(star);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    lost = publish(star, 6);
    OK(star_edit(star, HUB, &kept, FAKE_LATEST, 7));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &kept, FAKE_LATEST, 7, 1);
    go_on_without_nema(star, backup);
    OK(star_edit(star, HUB, &kept, FAKE_LATEST, 8));
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    assert_follows(star);
    /* What nobody else had is gone, here too. */
    ASSERT_SHOWS(star, NEMA, &kept, FAKE_LATEST, 8, 1);
    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(star_view(star, NEMA, &lost, &arena, &view),
                     TIP_ENOTFOUND);
    tip_arena_deinit(&arena);
}

/* The hub has nothing of REF, and nobody came before it went on. */
static void test_what_only_late_offices_have_of_ref_goes(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id lost = publish(star, 6);

    star_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(star_device(star, NEMA).trouble, TIP_OK);
    for (int i = 0; i < 30; i++) {
        star_wait(star, 15 * MINUTE_MS);
        star_run(star);
    }
    assert_false(star_has(star, NEMA, &lost));
    assert_false(star_has(star, ATAR, &lost));
    assert_follows(star);
}

/* The hub was put back twice, and what it said between is handed back. */
static void test_who_missed_two_generations_follows_again(void **state)
{
    struct star *star = *state;
    struct tip_id gone = star_id(star);
    struct fake_store *first, *second;

    OK(star_add(star, HUB, &gone, ATAR, FAKE_LATEST, 1));
    star_run(star);
    first = star_backup_hub(star);
    second = star_backup_hub(star);
    star_cut(star, ATAR);
    for (uint32_t i = 0; i < 3; i++) {
        (void)erase_one(star);
    }
    go_on_without_nema(star, first);
    erasing_begin(star, &gone);
    star_run(star);
    star_cut(star, ATAR);
    go_on_without_nema(star, second);
    erasing_assert_stub(star, HUB, &gone);
    star_join(star, NEMA);
    star_run(star);
    assert_follows(star);
}

/* The line breaks, or power goes, at any step of it. */
static void test_it_may_be_cut_off_anywhere(void **state)
{
    struct star *star = *state;

    for (uint32_t steps = 0; steps < 10; steps++) {
        struct tip_id id = star_id(star), more;
        struct fake_store *backup;

        OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
        star_run(star);
        backup = star_backup_hub(star);
        star_cut(star, ATAR);
        for (int i = 0; i < 3; i++) {
            more = erase_one(star);
        }
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
        star_run(star);
        go_on_without_nema(star, backup);
        star_join(star, NEMA);
        for (uint32_t i = 0; i < steps; i++) {
            star_step(star);
        }
        if (steps % 2 == 0) {
            star_crash_node(star, NEMA);
        } else {
            star_crash_hub(star);
        }
        star_run(star);
        erasing_assert_stub(star, HUB, &more);
        ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 2, 1);
        assert_follows(star);
    }
}

/* The newest frame of the control log in that store. */
static uint64_t newest_frame(struct fake_store *store)
{
    struct tip_key key;
    struct tip_bytes frame;
    struct tip_txn *txn;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_seek(txn, TIP_TABLE_FRAME_DOWN, TIP_SEEK_AT_OR_BEFORE,
                    TIP_KEY(TIP_CHANNEL_CTL, UINT64_MAX), &key, &frame));
    tip_txn_abort(txn);
    assert_int_equal(key.hi, TIP_CHANNEL_CTL);
    return key.lo;
}

/* Whoever says to be from an older generation costs the hub neither a look
 * through all it ever said nor, each time, a frame for everybody. */
static void test_to_greet_again_and_again_costs_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;
    uint64_t newest;

    for (uint32_t i = 0; i < 10; i++) {
        (void)erase_one(star);
    }
    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    erasing_begin(star, &id);
    star_run(star);
    go_on_without_nema(star, backup);
    newest = newest_frame(star->store);
    for (uint32_t i = 0; i < 5; i++) {
        star_join(star, NEMA);
        verified = 0;
        while (star_status(star, NEMA).session != TIP_NODE_LIVE) {
            star_step(star);
        }
        assert_int_equal(verified, 0);
        star_cut(star, NEMA);
        star_run(star);
    }
    assert_true(newest_frame(star->store) <= newest + 1);
    star_join(star, NEMA);
    star_run(star);
    assert_follows(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_who_has_more_of_the_control_log_follows_again),
        STAR_TEST(test_who_has_less_in_number_follows_again),
        STAR_TEST(test_who_has_more_of_ref_follows_again),
        STAR_TEST(test_what_only_late_offices_have_of_ref_goes),
        STAR_TEST(test_who_missed_two_generations_follows_again),
        STAR_TEST(test_it_may_be_cut_off_anywhere),
        STAR_TEST(test_to_greet_again_and_again_costs_nothing),
    };

    return cmocka_run_group_tests_name("restored_torn", tests, NULL, NULL);
}
