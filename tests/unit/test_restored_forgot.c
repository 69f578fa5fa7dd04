/*
 * Hub and office were both put back, and the hub has gone on when another
 * office comes back with what that office had written since: it has forgotten
 * it, and may have given its number to something else.
 */
#include "restored.h"
#include "star_damage.h"

/* Néma's edit 8 of a record, which shows 7 there, is told to Atar, and
 * forgotten by Néma and the hub, which was put back to @backup. Atar stays
 * away. Atar holds the record, or is given it with the edit in it. */
static void forget_of(struct star *star, const struct tip_id *id, bool is_given,
                      struct fake_store **out_backup)
{
    struct fake_store *disk;

    OK(star_add(star, NEMA, id, is_given ? NONE : ATAR, FAKE_LATEST, 7));
    OK(star_add(star, ATAR, &(struct tip_id){{1}}, NONE, FAKE_LATEST, 1));
    star_run(star);
    disk = star_back_up(star, NEMA);
    *out_backup = star_backup_hub(star);
    OK(star_edit(star, NEMA, id, FAKE_LATEST, 8));
    star_run(star);
    if (is_given) {
        OK(star_member(star, HUB, id, ATAR, true));
        star_run(star);
    }
    ASSERT_SHOWS(star, ATAR, id, FAKE_LATEST, 8, 1);
    star_cut(star, ATAR);
    star_restore_hub(star, *out_backup, true);
    star_restore(star, NEMA, disk);
    star_cut(star, NEMA);
    ASSERT_SHOWS(star, NEMA, id, FAKE_LATEST, 7, 1);
}

static struct tip_id forget(struct star *star)
{
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    forget_of(star, &id, false, &backup);
    fake_store_free(backup);
    return id;
}

/* Néma comes back, the hub goes on, then Atar comes back. */
static void come_late(struct star *star)
{
    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
}

/* All show @code, one of @count, nobody is stopped, and Néma works on. */
static void assert_shown(struct star *star, const struct tip_id *id,
                         uint32_t code, size_t count)
{
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, id, FAKE_LATEST, code, count);
    }
    assert_recovered(star);
    star_assert_settled(star);
    OK(star_edit(star, NEMA, id, FAKE_LATEST, 10));
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, id, FAKE_LATEST, 10, 1);
    }
    assert_recovered(star);
    star_assert_settled(star);
}

static void test_what_was_forgotten_comes_back_late(void **state)
{
    struct star *star = *state;
    struct tip_id id = forget(star);

    come_late(star);
    assert_shown(star, &id, 8, 1);
}

/* Néma had gone on as if nothing was, without having sent what it wrote. */
static void
test_what_was_not_sent_stands_beside_what_was_forgotten(void **state)
{
    struct star *star = *state;
    struct tip_id id = forget(star);

    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 9));
    star_join(star, ATAR);
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    assert_shown(star, &id, 9, 2);
}

/* The number of what was forgotten is another edit's by then. */
static void
test_what_was_forgotten_stands_beside_what_has_its_number(void **state)
{
    struct star *star = *state;
    struct tip_id id = forget(star);

    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 9));
    come_late(star);
    assert_shown(star, &id, 9, 2);
}

/* …or another record's. */
static void
test_what_was_forgotten_comes_back_beside_another_record(void **state)
{
    struct star *star = *state;
    struct tip_id id = forget(star);
    struct tip_id other = add(star, NEMA, 3);

    come_late(star);
    for (int i = HUB; i <= NEMA; i++) {
        ASSERT_SHOWS(star, i, &other, FAKE_LATEST, 3, 1);
    }
    assert_shown(star, &id, 8, 1);
}

/* …of a record that was sent whole. */
static void
test_what_was_forgotten_comes_back_out_of_a_whole_record(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    forget_of(star, &id, true, &backup);
    fake_store_free(backup);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 9));
    come_late(star);
    assert_shown(star, &id, 9, 2);
}

/* Whoever comes once more with it, after the same backup was put back. */
static void test_what_was_forgotten_is_taken_up_once(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    forget_of(star, &id, false, &backup);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 9));
    come_late(star);
    assert_shown(star, &id, 9, 2);
    star_cut(star, ATAR);
    star_cut(star, NEMA);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    come_late(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 10, 1);
    }
    assert_recovered(star);
    star_assert_settled(star);
}

/* Néma is put back once more, to before all it wrote: it goes on under another
 * origin, and writes under the number there. */
static void test_what_was_forgotten_comes_back_to_who_has_gone_on(void **state)
{
    struct star *star = *state;
    struct fake_store *disk = star_back_up(star, NEMA);
    struct tip_id id = forget(star);

    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_restore(star, NEMA, disk);
    star_run(star);
    assert_int_not_equal(star_status(star, NEMA).feed,
                         star->nodes[NEMA].identity.origin);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 9));
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    assert_shown(star, &id, 8, 2); /* Its clock was put back too. */
}

/* It is told with its content, so the record can be made again. */
static void test_what_was_forgotten_can_be_made_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = forget(star);
    struct tip_key key;

    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 9));
    come_late(star);
    key = star_hub_key(star, &id);
    star_rot_hub(star, &key, 1);
    star_run(star);
    assert_shown(star, &id, 9, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_was_forgotten_comes_back_late),
        STAR_TEST(test_what_was_not_sent_stands_beside_what_was_forgotten),
        STAR_TEST(test_what_was_forgotten_stands_beside_what_has_its_number),
        STAR_TEST(test_what_was_forgotten_comes_back_beside_another_record),
        STAR_TEST(test_what_was_forgotten_comes_back_out_of_a_whole_record),
        STAR_TEST(test_what_was_forgotten_is_taken_up_once),
        STAR_TEST(test_what_was_forgotten_comes_back_to_who_has_gone_on),
        STAR_TEST(test_what_was_forgotten_can_be_made_again),
    };

    return cmocka_run_group_tests_name("restored_forgot", tests, NULL, NULL);
}
