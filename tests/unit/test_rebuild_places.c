/* Records that the hub makes again, and what stands by their place in its
 * store: their history, and how far a roll call is. */
#include "star_damage.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { MANY = 400 /* Not all of them fit a step. */ };

/* Néma comes back late to a hub that was put back, so its @count records @ids
 * lie behind @other, which was born after them. */
static void make_late(struct star *star, struct tip_id *ids, size_t count,
                      struct tip_id *other)
{
    struct fake_store *backup = star_backup_hub(star);

    *other = star_id(star);
    star_add_fat(star, NEMA, ids, count);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    OK(hub_engine_recovery_finish(star->hub));
    OK(star_add(star, HUB, other, NEMA, FAKE_LATEST, 90));
    OK(hub_engine_flush(star->hub));
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    star_assert_agreed(star);
}

/* Its first row cannot be read: the second says whose it is. */
static void test_a_history_stays_with_its_record(void **state)
{
    struct star *star = *state;
    struct tip_id id, other;
    struct tip_key keys[2];

    make_late(star, &id, 1, &other);
    for (uint32_t code = 2; code <= 3; code++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, code));
        star_run(star);
    }
    keys[0] = star_hub_key(star, &id);
    keys[1] = star_hub_key(star, &other);
    assert_true(keys[1].hi < keys[0].hi);
    OK(hub_engine_flush(star->hub));
    assert_true(fake_store_spoil(star->store, TIP_TABLE_HISTORY,
                                 TIP_KEY(keys[0].hi, 1)));
    star_rot_hub(star, keys, 2);
    star_run(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).made, 2);
    assert_int_equal(star_hub_key(star, &id).hi, keys[0].hi);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 3, 1);
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST, 90, 1);
    star_assert_settled(star);
}

/* They change places, on either side of how far the roll call is: without
 * another from the beginning the end would say that nobody holds the one that
 * was never sent. */
static void test_a_roll_call_that_is_under_way_begins_anew(void **state)
{
    struct star *star = *state;
    static struct tip_id ids[MANY];
    struct tip_id other;
    struct tip_key keys[2];

    make_late(star, ids, MANY, &other);
    keys[0] = star_hub_key(star, &other);
    keys[1] = star_hub_key(star, &ids[MANY - 1]);
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    while (star_status(star, NEMA).again_came == 0) {
        assert_true(star_step(star));
    }
    star_rot_hub(star, keys, 2);
    assert_int_equal(hub_engine_scrubbed(star->hub).made, 2);
    assert_int_equal(star_hub_key(star, &other).hi, keys[1].hi);
    assert_true(star_device(star, NEMA).is_sent_again);
    while (star_step(star)) {
        assert_true(star_has(star, NEMA, &other));
        assert_true(star_has(star, NEMA, &ids[MANY - 1]));
    }
    ASSERT_SHOWS(star, NEMA, &other, FAKE_LATEST, 90, 1);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_history_stays_with_its_record),
        STAR_TEST(test_a_roll_call_that_is_under_way_begins_anew),
    };

    return cmocka_run_group_tests_name("rebuild_places", tests, NULL, NULL);
}
