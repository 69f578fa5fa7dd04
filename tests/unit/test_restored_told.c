/* Offices are told after a backup of what is in it: it is not lost with it. */
#include "restored.h"

/* Put the hub back to @backup, which is used up; both offices come back. */
static void put_back(struct star *star, struct fake_store *backup)
{
    begin_hub_back(star, backup);
    star_run(star);
}

/* Both are away while the hub writes twice; Atar hears of it after the backup
 * and hands it back, when the first of it is history. Néma hears of it once. */
static void test_what_the_backup_has_is_not_taken_twice(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;
    size_t rows;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 5));
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 6));
    rows = history(star->store);
    backup = star_backup_hub(star);
    star_join(star, ATAR);
    star_run(star);
    put_back(star, backup);
    assert_int_equal(history(star->store), rows);
    assert_int_equal(history(star->nodes[NEMA].store), rows);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 6, 1);
    }
    star_assert_agreed(star);
}

static size_t held(struct star *star)
{
    struct hub_held held[4];

    return hub_engine_held(star->hub, held, 4);
}

/* How the hub says that a person decided about Atar's change-set @seq. */
static enum tip_ruling_kind ruling_on(struct star *star, uint64_t seq)
{
    uint32_t origin = star->nodes[ATAR].identity.origin;
    struct tip_arena arena;
    struct tip_ruling ruling;
    uint64_t commit;

    tip_arena_init(&arena, 1 << 20);
    OK(hub_engine_find_ruling(star->hub, origin, seq, &arena, &ruling,
                              &commit));
    tip_arena_deinit(&arena);
    return ruling.kind;
}

/* Atar writes once more behind what is held back of it. */
static uint64_t held_with_more_behind(struct star *star, struct tip_id *out_id)
{
    uint64_t seq = star_held_edit(star, out_id);

    OK(star_edit(star, ATAR, out_id, FAKE_REVIEW, 3));
    star_run(star);
    assert_int_equal(held(star), 2);
    return seq;
}

/* It has its place again, beside what was written since, and so has what waited
 * behind it. */
static void test_what_was_held_back_and_let_in_since_is_in(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = held_with_more_behind(star, &id);

    backup = star_backup_hub(star);
    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    star_run(star);
    assert_int_equal(held(star), 0);
    put_back(star, backup);
    assert_int_equal(held(star), 0);
    assert_int_equal(ruling_on(star, seq), TIP_RULING_ACCEPTED);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 6, 2);
        ASSERT_SHOWS(star, i, &id, FAKE_REVIEW, 3, 1);
    }
    star_assert_agreed(star);
    star_assert_settled(star);
}

static void test_what_was_held_back_and_refused_since_is_refused(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = held_with_more_behind(star, &id);
    size_t rows;

    backup = star_backup_hub(star);
    OK(star_rule(star, ATAR, seq, seq + 1, false, &ruled));
    star_run(star);
    rows = history(star->store);
    put_back(star, backup);
    assert_int_equal(held(star), 0);
    assert_int_equal(history(star->store), rows);
    assert_int_equal(ruling_on(star, seq + 1), TIP_RULING_REFUSED);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
    star_assert_agreed(star);
    star_assert_settled(star);
}

/* Atar made a record and wrote in it; that was refused before the record was
 * there. */
static void test_what_was_refused_before_its_record_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;
    struct hub_ruled ruled;

    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    OK(star_add(star, ATAR, &id, NONE, FAKE_LATEST + 5, 1));
    OK(star_edit(star, ATAR, &id, FAKE_LATEST, 2));
    star_run(star);
    assert_int_equal(held(star), 2);
    backup = star_backup_hub(star);
    OK(star_rule(star, ATAR, 2, 2, false, &ruled));
    star->hub_schema.unknown_field = 0;
    OK(hub_engine_release(star->hub));
    star_run(star);
    assert_int_equal(history(star->store), 1);
    put_back(star, backup);
    assert_int_equal(held(star), 0);
    assert_int_equal(ruling_on(star, 2), TIP_RULING_REFUSED);
    assert_int_equal(history(star->store), 1);
    put_back(star, star_backup_hub(star));
    assert_int_equal(history(star->store), 1);
    star_assert_agreed(star);
    star_assert_settled(star);
}

/* Atar wrote 6 over 1, was taken out and came again before that was known; it
 * is let in beside 1. Néma alone hears of that. */
static void test_what_was_let_in_beside_others_is_beside_them(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;
    struct hub_ruled ruled;
    uint64_t seq;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, ATAR);
    OK(star_edit(star, ATAR, &id, FAKE_LATEST, 6));
    OK(star_member(star, HUB, &id, ATAR, false));
    OK(star_member(star, HUB, &id, ATAR, true));
    star_join(star, ATAR);
    star_run(star);
    seq = star_status(star, ATAR).saved;
    assert_int_equal(held(star), 1);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 6, 2);
    put_back(star, backup);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 6, 2);
    }
    star_assert_agreed(star);
    star_assert_settled(star);
}

/* Néma was told that what waited is let in. The hub goes on without Atar, who
 * comes later. */
static void test_what_was_let_in_is_in_though_its_author_is_away(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = star_held_edit(star, &id);

    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 6, 2);
    begin_hub_back(star, backup);
    star_cut(star, ATAR);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    assert_int_equal(held(star), 0);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 6, 2);
    star_join(star, ATAR);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 6, 2);
    }
    star_assert_agreed(star);
    star_assert_settled(star);
}

/* Nobody was told: it waits as it did. */
static void test_what_nobody_was_told_of_is_held_back_still(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = held_with_more_behind(star, &id);

    backup = star_backup_hub(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    put_back(star, backup);
    assert_int_equal(held(star), 2);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 6, 2);
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_the_backup_has_is_not_taken_twice),
        STAR_TEST(test_what_was_held_back_and_let_in_since_is_in),
        STAR_TEST(test_what_was_held_back_and_refused_since_is_refused),
        STAR_TEST(test_what_was_refused_before_its_record_is_refused),
        STAR_TEST(test_what_was_let_in_beside_others_is_beside_them),
        STAR_TEST(test_what_was_let_in_is_in_though_its_author_is_away),
        STAR_TEST(test_what_nobody_was_told_of_is_held_back_still),
    };

    return cmocka_run_group_tests_name("restored_told", tests, NULL, NULL);
}
