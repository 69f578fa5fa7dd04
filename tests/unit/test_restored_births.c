/* What a record is named by in frames stays what it is, however often the hub
 * is put back. */
#include "restored.h"

/* Put the hub back to @backup, which is used up; nobody is joined. */
static void put_back(struct star *star, struct fake_store *backup)
{
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
}

static void join_both(struct star *star)
{
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
}

/* Atar writes 6 in @id, which it names as it was told, and all is well. */
static void assert_atar_can_write(struct star *star, const struct tip_id *id)
{
    OK(star_edit(star, ATAR, id, FAKE_LATEST, 6));
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, id, FAKE_LATEST, 6, 1);
    }
    star_assert_settled(star);
    assert_recovered(star);
}

/* The hub went on without both, so the record has its commit anew, under its
 * old name. That is lost with a backup from between, and so is Néma's disk. */
static void test_a_record_with_a_new_commit_keeps_its_name(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup = star_backup_hub(star);
    struct fake_store *disk;

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    disk = star_back_up(star, NEMA);
    OK(star_member(star, NEMA, &id, ATAR, true));
    star_run(star);
    put_back(star, backup);
    OK(hub_engine_recovery_finish(star->hub));
    OK(hub_engine_flush(star->hub));
    backup = star_backup_hub(star);
    join_both(star);
    star_restore(star, NEMA, disk);
    put_back(star, backup);
    join_both(star);
    assert_atar_can_write(star, &id);
}

/* Néma makes @ids in one change-set and gives the first to Atar. */
static void make_two(struct star *star, const struct tip_id *ids)
{
    const struct tip_change changes[] = {{.field = TIP_FIELD_OFFICES,
                                          .element = STAR_OFFICE_FIRST + NEMA,
                                          .value = {.kind = TIP_VALUE_MEMBER}},
                                         {.field = TIP_FIELD_OFFICES,
                                          .element = STAR_OFFICE_FIRST + ATAR,
                                          .value = {.kind = TIP_VALUE_MEMBER}}};
    struct tip_draft_record records[] = {{.id = ids[0],
                                          .is_new = true,
                                          .type = FAKE_TYPE,
                                          .changes = changes,
                                          .change_count = 2},
                                         {.id = ids[1],
                                          .is_new = true,
                                          .type = FAKE_TYPE,
                                          .changes = changes,
                                          .change_count = 1}};
    struct tip_draft draft = {.records = records,
                              .record_count = 2,
                              .author = tip_bytes_text("salma"),
                              .reason = tip_bytes_text("one case")};
    struct tip_saved saved;

    OK(node_engine_save(star->nodes[NEMA].engine, &draft, &saved));
    OK(node_engine_flush(star->nodes[NEMA].engine));
}

/* Atar alone tells the hub, put back to @backup, of its half of @ids; Néma
 * comes late with the other. */
static void assert_each_keeps_its_own(struct star *star,
                                      struct fake_store *backup,
                                      const struct tip_id *ids)
{
    put_back(star, backup);
    star_join(star, ATAR);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_join(star, NEMA);
    star_run(star);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST, 5));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST, 5, 1);
    ASSERT_SHOWS(star, HUB, &ids[0], FAKE_LATEST, 0, 0);
    assert_atar_can_write(star, &ids[0]);
}

static void test_each_of_two_keeps_its_own(void **state)
{
    struct star *star = *state;
    struct tip_id ids[] = {star_id(star), star_id(star)};
    struct fake_store *backup = star_backup_hub(star);

    make_two(star, ids);
    star_run(star);
    assert_each_keeps_its_own(star, backup, ids);
}

static void test_one_that_nobody_was_told_of_is_named_anew(void **state)
{
    struct star *star = *state;
    struct tip_id ids[] = {star_id(star), star_id(star)};
    struct fake_store *backup;

    star_run(star);
    backup = star_backup_hub(star);
    make_two(star, ids);
    while (!star_has(star, HUB, &ids[1])) {
        assert_true(star_step(star));
    }
    star_cut(star, NEMA);
    star_run(star);
    assert_each_keeps_its_own(star, backup, ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_record_with_a_new_commit_keeps_its_name),
        STAR_TEST(test_each_of_two_keeps_its_own),
        STAR_TEST(test_one_that_nobody_was_told_of_is_named_anew),
    };

    return cmocka_run_group_tests_name("restored_births", tests, NULL, NULL);
}
