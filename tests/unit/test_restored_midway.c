/* What else happens while a hub that was put back takes back what it lost. */
#include "erasing.h"
#include "restored.h"
#include "star_damage.h"

enum { MANY = 80 }; /* More frames than are on their way at once. */

/* Put the hub back to @backup, which is used up. */
static void put_back(struct star *star, struct fake_store *backup)
{
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
}

static bool is_open(struct star *star)
{
    struct hub_recovery recovery;

    hub_engine_recovery(star->hub, &recovery);
    return recovery.is_open;
}

/* Néma wrote after the backup, and has heard of the restore, no more. */
static struct tip_id begin(struct star *star)
{
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = add(star, NEMA, 7);

    star_run(star);
    put_back(star, backup);
    while (star_status(star, NEMA).session != TIP_NODE_LIVE) {
        star_step(star);
    }
    assert_true(is_open(star));
    return id;
}

static void assert_is_back(struct star *star, const struct tip_id *id)
{
    star_run(star);
    assert_false(is_open(star));
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, id, FAKE_LATEST, 7, 1);
    ASSERT_SHOWS(star, NEMA, id, FAKE_LATEST, 7, 1);
}

/* The newest frame of its channel is gone from Néma's disk. */
static void lose_newest_frame(struct star *star)
{
    struct tip_key key;
    struct tip_bytes row;
    struct tip_txn *txn;

    OK(tip_store_begin(&star->nodes[NEMA].store->base, TIP_TXN_WRITE, &txn));
    OK(tip_txn_seek(txn, TIP_TABLE_FRAME_DOWN, TIP_SEEK_AT_OR_BEFORE,
                    TIP_KEY(star->nodes[NEMA].identity.office, UINT64_MAX),
                    &key, &row));
    OK(tip_txn_remove(txn, TIP_TABLE_FRAME_DOWN, key));
    OK(tip_txn_commit(txn));
}

/* It cannot hand back all; what people wrote there reaches the hub all the
 * same, and somebody is told. */
static void test_a_frame_may_be_gone_on_the_way_back(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = add(star, NEMA, 7);

    star_run(star);
    star_cut(star, NEMA);
    lose_newest_frame(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 8));
    put_back(star, backup);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_ESTORE_DAMAGED);
    assert_int_equal(star_status(star, NEMA).confirmed,
                     star_status(star, NEMA).saved);
    assert_true(is_open(star));
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 8, 1);
}

/* It is asked for the same frames again, in the same generation. */
static void test_the_line_may_be_cut_on_the_way_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = begin(star);

    star_cut(star, NEMA);
    star_join(star, NEMA);
    assert_is_back(star, &id);
}

static void test_the_hub_may_lose_power_on_the_way_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = begin(star);

    star_crash_hub(star);
    assert_is_back(star, &id);
}

/* Power goes at the hub, and takes all its records along. */
static void lose_records(struct star *star)
{
    uint32_t next;

    OK(hub_engine_flush(star->hub));
    next = hub_engine_records(star->hub)->next_ordinal;
    hub_engine_close(star->hub);
    star->hub = NULL;
    for (uint32_t i = 1; i < next; i++) {
        assert_true(
            fake_store_spoil(star->store, TIP_TABLE_RECORD, TIP_KEY(i, 0)));
    }
    OK(star_open_hub(star));
    assert_int_equal(hub_engine_scrubbed(star->hub).made, next - 1);
    for (size_t i = 0; i < star->node_count; i++) {
        star_cut(star, i);
    }
}

/* What was handed back is not in them before it is taken up. */
static void test_records_may_be_lost_on_the_way_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 5);
    struct fake_store *backup;

    star_run(star);
    backup = star_backup_hub(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 7));
    star_run(star);
    star_cut(star, ATAR);
    put_back(star, backup);
    star_run(star);
    assert_true(is_open(star));
    lose_records(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
    star_join(star, NEMA);
    star_join(star, ATAR);
    assert_is_back(star, &id);
}

/* Has the hub frame @number of those it sent to Néma? */
static bool has_handed_back(struct star *star, uint64_t number)
{
    const struct tip_key key = TIP_KEY(STAR_OFFICE_FIRST + NEMA, number);
    struct tip_bytes frame;
    struct tip_txn *txn;
    bool is_here;

    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &txn));
    is_here = tip_txn_get(txn, TIP_TABLE_FRAME_DOWN, key, &frame) == TIP_OK;
    tip_txn_abort(txn);
    return is_here;
}

/* …nor what an office begins to hand back after others have gone on. */
static void test_records_may_be_lost_while_somebody_is_late(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 5);
    struct fake_store *backup;

    star_run(star);
    backup = star_backup_hub(star);
    for (int i = 0; i < MANY; i++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 7));
        star_run(star);
    }
    star_cut(star, NEMA);
    put_back(star, backup);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, NEMA);
    while (!has_handed_back(star, 4)) {
        star_step(star);
    }
    assert_true(star_device(star, NEMA).is_missing);
    lose_records(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
    star_join(star, NEMA);
    star_join(star, ATAR);
    assert_is_back(star, &id);
}

/* A device that was put back too asks for a feed to go on under, while the hub
 * waits for Atar and may give none. */
static void test_a_device_asks_again_when_it_may_be_answered(void **state)
{
    struct star *star = *state;
    struct fake_store *hub = star_backup_hub(star);
    struct fake_store *nema = star_back_up(star, NEMA);
    struct tip_id id = add(star, NEMA, 7);

    star_cut(star, ATAR);
    put_back(star, hub);
    star_run(star);
    star_restore(star, NEMA, nema);
    star_run(star);
    assert_true(is_open(star));
    assert_true(star_status(star, NEMA).is_recovering);
    star_join(star, ATAR);
    star_run(star);
    for (int i = 0; i < 10; i++) {
        star_wait(star, 60000);
        star_run(star);
    }
    assert_is_back(star, &id);
}

/* What was in a log and not cut yet went with the record, and the rest of the
 * log is there. */
static void test_an_erasure_was_under_way_in_the_backup(void **state)
{
    struct star *star = *state;
    struct tip_id gone = star_id(star), stays = star_id(star);

    star_cut(star, ATAR);
    OK(star_add(star, HUB, &gone, ATAR, FAKE_LATEST, 1));
    OK(star_add(star, HUB, &stays, ATAR, FAKE_LATEST, 2));
    erasing_begin(star, &gone);
    erasing_run(star);
    put_back(star, star_backup_hub(star));
    star_join(star, ATAR);
    erasing_run(star);
    assert_false(is_open(star));
    for (int i = HUB; i <= ATAR; i++) {
        erasing_assert_stub(star, i, &gone);
    }
    ASSERT_SHOWS(star, ATAR, &stays, FAKE_LATEST, 2, 1);
    star_assert_settled(star);
}

/* Records were on their way again, and one of them was half told. */
static void test_a_roll_call_that_was_under_way_begins_anew(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3];

    star_add_fat(star, NEMA, ids, 3);
    for (uint32_t field = 2; field < 8; field++) {
        static char text[9000];

        for (size_t i = 0; i + 1 < sizeof text; i++) {
            text[i] = (char)('!' + tip_prng_below(&star->prng, 90));
        }
        OK(erasing_write(star, NEMA, &ids[1], FAKE_LATEST + field, text));
        star_run(star);
    }
    for (uint32_t steps = 1; steps < 12; steps++) {
        struct fake_store *backup = star_backup_hub(star);

        OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
        OK(hub_engine_flush(star->hub));
        for (uint32_t i = 0; i < steps; i++) {
            star_step(star);
        }
        put_back(star, backup);
        star_run(star);
        assert_false(is_open(star));
        star_wait(star, UINT64_C(11) * 60 * 1000);
        star_run(star);
        assert_false(star_status(star, NEMA).is_sent_again);
        assert_recovered(star);
    }
}

/* Néma's disk is put back to when its first feed was on its way back and its
 * second, which it goes on under, was not known to the hub again. */
static void test_a_disk_of_midway_is_put_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1), other;
    struct fake_store *hub = star_backup_hub(star);
    struct fake_store *disk = star_back_up(star, NEMA);

    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, disk);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    put_back(star, hub);
    while (star_status(star, NEMA).session != TIP_NODE_LIVE) {
        star_step(star);
    }
    assert_true(star_status(star, NEMA).confirmed <
                star_status(star, NEMA).feed_start);
    other = add(star, NEMA, 4); /* Along with it, how far it is confirmed. */
    disk = star_back_up(star, NEMA);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 7));
    star_run(star);
    star_restore(star, NEMA, disk);
    OK(star_edit(star, NEMA, &other, FAKE_LATEST, 5));
    assert_is_back(star, &id);
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST, 5, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_the_line_may_be_cut_on_the_way_back),
        STAR_TEST(test_a_frame_may_be_gone_on_the_way_back),
        STAR_TEST(test_the_hub_may_lose_power_on_the_way_back),
        STAR_TEST(test_records_may_be_lost_on_the_way_back),
        STAR_TEST(test_records_may_be_lost_while_somebody_is_late),
        STAR_TEST(test_a_device_asks_again_when_it_may_be_answered),
        STAR_TEST(test_an_erasure_was_under_way_in_the_backup),
        STAR_TEST(test_a_roll_call_that_was_under_way_begins_anew),
        STAR_TEST(test_a_disk_of_midway_is_put_back),
    };

    return cmocka_run_group_tests_name("restored_midway", tests, NULL, NULL);
}
