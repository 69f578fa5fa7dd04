/* The hub has gone on without an office, whose lost commits are void: others
 * wrote who had not seen them. Then it is put back once more. */
#include "restored.h"

static void put_back(struct star *star, struct fake_store *backup)
{
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
}

/* Néma wrote 5 in @id, which the hub lost and went on without; gives a backup
 * from then, or from just before. The hub writes 7, and Atar is told. */
static struct fake_store *go_on_without(struct star *star, struct tip_id *id,
                                        bool is_before)
{
    struct fake_store *backup;

    *id = star_id(star);
    OK(star_add(star, NEMA, id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    OK(star_edit(star, NEMA, id, FAKE_LATEST, 5));
    star_run(star);
    put_back(star, backup);
    star_join(star, ATAR);
    star_run(star);
    backup = is_before ? star_backup_hub(star) : NULL;
    OK(hub_engine_recovery_finish(star->hub));
    OK(hub_engine_flush(star->hub));
    backup = is_before ? backup : star_backup_hub(star);
    star_run(star);
    OK(star_edit(star, HUB, id, FAKE_LATEST, 7));
    star_run(star);
    return backup;
}

static void join_both(struct star *star)
{
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
}

/* Both stand, and nothing waits. */
static void assert_both_stand(struct star *star, const struct tip_id *id)
{
    for (int i = HUB; i <= ATAR; i++) {
        size_t count;

        (void)star_code(star, i, id, FAKE_LATEST, &count);
        assert_int_equal(count, 2);
    }
    star_assert_settled(star);
    assert_recovered(star);
}

static void test_it_is_beside_what_was_written_since(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    put_back(star, go_on_without(star, &id, false));
    join_both(star);
    assert_both_stand(star, &id);
}

/* The office had come late, and has another commit, which others know. */
static void check_told_last(struct star *star, bool is_before)
{
    struct tip_id id;
    struct fake_store *backup = go_on_without(star, &id, is_before);

    star_join(star, NEMA);
    star_run(star);
    assert_both_stand(star, &id);
    put_back(star, backup);
    join_both(star);
    assert_both_stand(star, &id);
}

static void test_it_stands_where_it_was_told_last(void **state)
{
    check_told_last(*state, false);
}

static void test_a_backup_need_not_know_that_it_is_void(void **state)
{
    check_told_last(*state, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_it_is_beside_what_was_written_since),
        STAR_TEST(test_it_stands_where_it_was_told_last),
        STAR_TEST(test_a_backup_need_not_know_that_it_is_void),
    };

    return cmocka_run_group_tests_name("restored_void", tests, NULL, NULL);
}
