/*
 * Faults that are known and not mended yet: each test fails, and CI says so
 * when it does not any more. Then it goes to the file of its subject. One test
 * is run by its name.
 */
#include <string.h>

#include "erasing.h"
#include "star_damage.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static void test_what_others_hand_back_is_not_called_destroyed(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    for (uint32_t i = 0; i < 3; i++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST + i, 3 + i));
        star_run(star);
    }
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_FRAME_UP,
                                TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 2)));
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    (void)!hub_engine_recovery_finish(star->hub);
    star_run(star);
    for (uint32_t i = 0; i < 3; i++) {
        ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST + i, 3 + i, 1);
        ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST + i, 3 + i, 1);
    }
    assert_int_equal(star_status(star, NEMA).destroyed.count, 0);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 9));
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 9, 1);
}

/* An office has carried its saves out on a stick; its disk fails and is put
 * back, and it works on. Then the stick arrives, which has them alone. */
static void test_a_stick_that_was_under_way_is_taken(void **state)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct star *star = *state;
    struct fake_store *disk;
    struct tip_bytes frame;
    struct tip_id id;
    uint64_t last;

    star_add_many(star, NEMA, &id, 1);
    star_cut(star, NEMA);
    disk = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    OK(node_engine_export_frame(star->nodes[NEMA].engine, 2, &frame, &last));
    memcpy(memory, frame.data, frame.size);
    frame.data = memory;
    star_restore(star, NEMA, disk);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST + 1, 5));
    star_run(star);
    OK(hub_engine_import_frame(star->hub, STAR_ORIGIN_FIRST + NEMA, frame));
    OK(hub_engine_flush(star->hub));
    star_run(star);
    for (int i = HUB; i <= NEMA; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 4, 1);
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST + 1, 5, 1);
    }
}

/* A frame of the hub that cannot be read stops no erasure for good. */
static void test_an_erasure_ends_though_a_frame_is_altered(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct hub_erasing erasing;

    OK(hub_engine_flush(star->hub));
    assert_true(fake_store_spoil(star->store, TIP_TABLE_FRAME_UP,
                                 TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 1)));
    erasing_begin(star, &id);
    erasing_run(star);
    erasing_run(star);
    hub_engine_erasing(star->hub, &erasing);
    assert_int_equal(erasing.trouble, TIP_OK);
    assert_int_equal(erasing.done, erasing.newest);
}

/* What Néma has forgotten no frame here says any more: its own go on behind
 * that, and nothing is lost of them. */
static void test_numbers_of_what_was_forgotten_are_no_damage(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *disk = star_back_up(star, NEMA);
    struct fake_store *backup = star_backup_hub(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_restore(star, NEMA, disk);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_wait(star, UINT64_C(48) * 60 * 60 * 1000);
    for (int i = 0; i < 30; i++) {
        star_wait(star, 1000);
        star_run(star);
    }
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 2, 1);
    assert_int_equal(star_status(star, NEMA).scrub_rest.count, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_others_hand_back_is_not_called_destroyed),
        STAR_TEST(test_a_stick_that_was_under_way_is_taken),
        STAR_TEST(test_an_erasure_ends_though_a_frame_is_altered),
        STAR_TEST(test_numbers_of_what_was_forgotten_are_no_damage),
    };

    if (argc == 2) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests_name("open_faults", tests, NULL, NULL);
}
