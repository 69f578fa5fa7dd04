/* Records that offices were sent whole, at a hub that was put back. */
#include "restored.h"

/* The hub wrote in it and gave it to Atar; Néma, whose it was, was away. */
static void test_what_came_whole_tells_of_the_hub_too(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    OK(star_add(star, ATAR, &(struct tip_id){{1}}, NONE, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, NEMA);
    backup = star_backup_hub(star);
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 5));
    OK(star_member(star, HUB, &id, ATAR, true));
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 5, 1);
    begin_hub_back(star, backup);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 5, 1);
    }
    star_assert_agreed(star);
    OK(star_edit(star, ATAR, &id, FAKE_LATEST, 6));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 6, 1);
    star_assert_settled(star);
}

static const struct tip_change write_and_member[] = {
    {.field = TIP_FIELD_OFFICES,
     .element = STAR_OFFICE_FIRST + ATAR,
     .value = {.kind = TIP_VALUE_MEMBER}},
    {.field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = 5}}};

/* One change-set of the hub, which has seen all there is. */
static void save_at_hub(struct star *star, struct tip_draft_record *records,
                        size_t count)
{
    struct tip_draft draft = {.records = records,
                              .record_count = count,
                              .author = tip_bytes_text("salma"),
                              .reason = tip_bytes_text("joined")};
    struct tip_saved saved;

    for (size_t i = 0; i < count; i++) {
        records[i].seen = hub_engine_seen(star->hub);
    }
    OK(hub_engine_save(star->hub, &draft, &saved));
    OK(hub_engine_flush(star->hub));
}

/* It writes in @a, and gives @b to Atar. */
static void write_and_hand_on(struct star *star, const struct tip_id *a,
                              const struct tip_id *b)
{
    struct tip_draft_record records[] = {
        {.id = *a, .changes = &write_and_member[1], .change_count = 1},
        {.id = *b, .changes = &write_and_member[0], .change_count = 1}};

    save_at_hub(star, records, 2);
}

/* The hub writes 5 in a record of its own as it gives it to Atar, who writes 6
 * and gives it to Néma: what Néma is sent has the rest of what the hub wrote.
 * Gives a backup from before, and how much history the hub has. */
static struct fake_store *
hand_on_twice(struct star *star, const struct tip_id *id, size_t *out_rows)
{
    struct fake_store *backup;
    struct tip_draft_record given = {
        .id = *id, .changes = write_and_member, .change_count = 2};

    OK(star_add(star, HUB, id, NONE, FAKE_LATEST, 1));
    OK(star_add(star, NEMA, &(struct tip_id){{1}}, NONE, FAKE_LATEST, 1));
    OK(star_add(star, ATAR, &(struct tip_id){{2}}, NONE, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    save_at_hub(star, &given, 1);
    star_run(star);
    OK(star_edit(star, ATAR, id, FAKE_LATEST, 6));
    OK(star_member(star, ATAR, id, NEMA, true));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, id, FAKE_LATEST, 6, 1);
    *out_rows = history(star->store);
    return backup;
}

static void assert_handed_on(struct star *star, const struct tip_id *id,
                             size_t rows)
{
    assert_int_equal(history(star->store), rows);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, id, FAKE_LATEST, 6, 1);
    }
    star_assert_agreed(star);
    star_assert_settled(star);
}

static void test_what_came_whole_first_has_more_of_it(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    size_t rows;
    struct fake_store *backup = hand_on_twice(star, &id, &rows);

    begin_hub_back(star, backup);
    star_run(star);
    assert_handed_on(star, &id, rows);
}

/* Atar, who has more of it, comes when the hub has gone on with Néma. */
static void test_what_came_whole_is_filled_in_later(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    size_t rows;
    struct fake_store *backup = hand_on_twice(star, &id, &rows);

    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    assert_handed_on(star, &id, rows);
}

/* So much that it comes in several parts. */
static void make_large(struct star *star, const struct tip_id *id)
{
    static uint8_t bytes[4000];
    struct tip_change change = {
        .field = FAKE_SET,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = TIP_BYTES_OF(bytes)}};

    for (change.element = 1; change.element <= 30; change.element++) {
        star->prng.base.fill(&star->prng.base, bytes, sizeof bytes);
        OK(star_write(star, NEMA, id, &change));
        star_run(star);
    }
}

/* Atar has got what was written in its own record and the beginning of the
 * other when the hub is put back; the part of the change-set that gives it the
 * other comes back first, with Néma. */
static void test_what_was_told_by_half_goes_on_where_it_was(void **state)
{
    struct star *star = *state;
    struct tip_id a = star_id(star), b = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, ATAR, &a, NONE, FAKE_LATEST, 1));
    OK(star_add(star, NEMA, &b, NONE, FAKE_LATEST, 1));
    star_run(star);
    make_large(star, &b);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    write_and_hand_on(star, &a, &b);
    star_run(star);
    star_join(star, ATAR);
    for (int i = 0; i < 3; i++) {
        assert_true(star_step(star));
    }
    assert_false(star_has(star, ATAR, &b));
    begin_hub_back(star, backup);
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &a, FAKE_LATEST, 5, 1);
    ASSERT_SHOWS(star, ATAR, &b, FAKE_LATEST, 1, 1);
    star_assert_agreed(star);
    star_assert_settled(star);
}

/* It gives both to Atar in one save. */
static void hand_on_both(struct star *star, const struct tip_id *a,
                         const struct tip_id *b)
{
    struct tip_draft_record records[] = {
        {.id = *a, .changes = &write_and_member[0], .change_count = 1},
        {.id = *b, .changes = &write_and_member[0], .change_count = 1}};

    save_at_hub(star, records, 2);
}

/* Atar has got the first of two records it was given when the hub is put back;
 * Néma knows of the second alone, so that one comes back first. */
static void test_what_came_whole_first_may_come_back_last(void **state)
{
    struct star *star = *state;
    struct tip_id a = star_id(star), b = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, HUB, &a, NONE, FAKE_LATEST, 1));
    OK(star_add(star, NEMA, &b, NONE, FAKE_LATEST, 1));
    OK(star_add(star, ATAR, &(struct tip_id){{1}}, NONE, FAKE_LATEST, 1));
    star_run(star);
    make_large(star, &b);
    backup = star_backup_hub(star);
    star_cut(star, ATAR);
    hand_on_both(star, &a, &b);
    star_run(star);
    star_join(star, ATAR);
    for (int i = 0; i < 3; i++) {
        assert_true(star_step(star));
    }
    assert_false(star_has(star, ATAR, &a));
    begin_hub_back(star, backup);
    while (star_step(star)) {
        assert_int_equal(star_has(star, ATAR, &a), star_has(star, ATAR, &b));
    }
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &a, FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, ATAR, &b, FAKE_LATEST, 1, 1);
    star_assert_agreed(star);
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_came_whole_tells_of_the_hub_too),
        STAR_TEST(test_what_came_whole_first_has_more_of_it),
        STAR_TEST(test_what_came_whole_is_filled_in_later),
        STAR_TEST(test_what_was_told_by_half_goes_on_where_it_was),
        STAR_TEST(test_what_came_whole_first_may_come_back_last),
    };

    return cmocka_run_group_tests_name("restored_whole", tests, NULL, NULL);
}
