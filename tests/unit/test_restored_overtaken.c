/* The hub loses that a person had refused something, and not what its author
 * wrote later, which went on because of that. */
#include "cloned.h"

/* Atar wrote 6, which is held back, then 8 behind it. A person refuses 6, so 8
 * goes on; Néma hears of 8, Atar of nothing, and Néma writes 9. Then the hub is
 * put back, to when both of Atar's were waiting or (@is_old) to before all of
 * it. Gives the seq of 6. */
static uint64_t refused_and_forgotten(struct star *star, bool is_old,
                                      struct tip_id *out_id)
{
    struct fake_store *backup = is_old ? star_backup_hub(star) : NULL;
    uint64_t seq = star_held_edit(star, out_id);
    struct hub_ruled ruled;

    OK(star_edit(star, ATAR, out_id, FAKE_LATEST, 8));
    star_run(star);
    backup = is_old ? backup : star_backup_hub(star);
    star_cut(star, ATAR);
    OK(star_rule(star, ATAR, seq, seq, false, &ruled));
    star_run(star);
    OK(star_edit(star, NEMA, out_id, FAKE_LATEST, 9));
    star_run(star);
    star_cut(star, NEMA);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    ASSERT_SHOWS(star, HUB, out_id, FAKE_LATEST, 9, 1);
    ASSERT_SHOWS(star, NEMA, out_id, FAKE_LATEST, 9, 1);
    assert_int_equal(star_status(star, ATAR).held_count, 1);
    return seq;
}

/* Its author is not shown beside 9 what it had written over itself. */
static void test_what_its_author_wrote_over_stays_so(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    (void)refused_and_forgotten(star, false, &id);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 9, 1);
}

/* Nor is anybody, whatever people decide about it now. */
static void test_what_was_overtaken_is_not_let_in(void **state)
{
    struct star *star = *state;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = refused_and_forgotten(star, false, &id);

    assert_int_equal(star_rule(star, ATAR, seq, seq, true, &ruled),
                     TIP_EUNACCEPTABLE);
    assert_int_equal(ruled.hold, TIP_HOLD_ORDER);
    OK(star_rule(star, ATAR, seq, seq, false, &ruled));
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 9, 1);
    }
    star_assert_agreed(star);
    star_assert_settled(star);
}

/* What the backup did not have is judged as if it came now, but for its place
 * behind what its author wrote later. */
static void test_what_was_overtaken_waits_for_that(void **state)
{
    struct star *star = *state;
    struct hub_held held;
    struct tip_id id;
    uint64_t seq = refused_and_forgotten(star, true, &id);

    assert_int_equal(hub_engine_held(star->hub, &held, 1), 1);
    assert_int_equal(held.seq, seq);
    assert_int_equal(held.reason, TIP_HOLD_ORDER);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 9, 1);
}

/* Of two copies of Néma's disk one wrote 5, which is held back; the other is
 * chosen and writes 4, under a later number. Nobody had seen both: both are
 * shown. */
static void test_what_another_copy_wrote_overtakes_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *first, *second;
    struct hub_copy_status seen[4];

    OK(star_add(star, ATAR, &id, NEMA, FAKE_LATEST, 1));
    star_run(star);
    first = star_back_up(star, NEMA);
    second = fake_store_copy(first);
    (void)add(star, NEMA, 2);
    star_run(star);
    star_restore(star, NEMA, first);
    star_run(star);
    swap(star, second, &first);
    star_run(star);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 5));
    OK(star_member(star, HUB, &id, NEMA, false));
    OK(star_member(star, HUB, &id, NEMA, true));
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).held_count, 1);
    swap(star, first, &second);
    star_run(star);
    assert_refused(star);
    assert_int_equal(copies(star, seen), 2);
    choose(star, seen[seen[0].is_open ? 1 : 0].feed);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 4, 1);
    swap(star, second, &first);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 4, 2);
    fake_store_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_its_author_wrote_over_stays_so),
        STAR_TEST(test_what_was_overtaken_is_not_let_in),
        STAR_TEST(test_what_was_overtaken_waits_for_that),
        STAR_TEST(test_what_another_copy_wrote_overtakes_nothing),
    };

    return cmocka_run_group_tests_name("restored_overtaken", tests, NULL, NULL);
}
