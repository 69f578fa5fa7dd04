/* Deletion against edits, through the two engines: nothing comes back without
 * a flag, nothing is lost. */
#include "star_offices.h"

#define MONTH_MS (UINT64_C(30) * 24 * 60 * 60 * 1000)

/* A record that both offices hold. */
static struct tip_id shared_record(struct star *star)
{
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_REVIEW, 7), TIP_OK);
    star_run(star);
    return id;
}

static void set_deleted(struct star *star, int i, const struct tip_id *id,
                        enum tip_answer answer)
{
    const struct tip_change change = {
        .field = TIP_FIELD_DELETED,
        .value = {.kind = TIP_VALUE_ANSWER, .answer = answer}};

    assert_int_equal(star_write(star, i, id, &change), TIP_OK);
}

static void assert_presence(struct star *star, const struct tip_id *id,
                            enum tip_presence presence, bool conflict)
{
    for (int i = HUB; i <= ATAR; i++) {
        struct tip_arena arena;
        struct tip_record view;

        tip_arena_init(&arena, 1 << 20);
        assert_int_equal(star_view(star, i, id, &arena, &view), TIP_OK);
        assert_int_equal(tip_merge_presence(&view), presence);
        assert_int_equal(tip_merge_has_conflict(&view, &star->schema),
                         conflict);
        tip_arena_deinit(&arena);
    }
}

static void assert_code(struct star *star, const struct tip_id *id,
                        uint32_t field, uint32_t code)
{
    for (int i = HUB; i <= ATAR; i++) {
        size_t count;

        assert_int_equal(star_code(star, i, id, field, &count), code);
        assert_int_equal(count, 1);
    }
}

static void wait_months(struct star *star, unsigned months)
{
    star->clock.now_ms += months * MONTH_MS;
    star->clock.elapsed_ms += months * MONTH_MS;
    for (size_t i = 0; i < star->node_count; i++) {
        star->nodes[i].clock.now_ms += months * MONTH_MS;
        star->nodes[i].clock.elapsed_ms += months * MONTH_MS;
    }
}

/* The others go on for @months while Néma is away. */
static void work_elsewhere(struct star *star, unsigned months)
{
    for (unsigned month = 0; month < months; month++) {
        struct tip_id other = star_id(star);

        wait_months(star, 1);
        assert_int_equal(star_add(star, ATAR, &other, NEMA, FAKE_LATEST, 1),
                         TIP_OK);
        star_run(star);
        assert_int_equal(star_edit(star, HUB, &other, FAKE_LATEST, 2), TIP_OK);
        star_run(star);
    }
}

static void
test_13_months_away_edits_bring_a_deleted_record_back_for_review(void **state)
{
    struct star *star = *state;
    struct tip_id id = shared_record(star);

    star_cut(star, NEMA);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 1), TIP_OK);
    set_deleted(star, HUB, &id, TIP_ANSWER_YES);
    star_run(star);
    work_elsewhere(star, 13);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_REVIEW, 9), TIP_OK);
    star_crash_node(star, NEMA);
    star_run(star);
    assert_presence(star, &id, TIP_DELETED_EDITED, true);
    assert_code(star, &id, FAKE_LATEST, 1);
    assert_code(star, &id, FAKE_REVIEW, 9);
}

static void test_13_months_away_without_an_edit_it_stays_deleted(void **state)
{
    struct star *star = *state;
    struct tip_id id = shared_record(star);

    star_cut(star, NEMA);
    set_deleted(star, ATAR, &id, TIP_ANSWER_YES);
    star_run(star);
    work_elsewhere(star, 13);
    star_join(star, NEMA);
    star_run(star);
    assert_presence(star, &id, TIP_DELETED, false);
    assert_code(star, &id, FAKE_REVIEW, 7);
}

static void test_13_months_late_a_deletion_hides_nothing_new(void **state)
{
    struct star *star = *state;
    struct tip_id id = shared_record(star);

    star_cut(star, NEMA);
    set_deleted(star, NEMA, &id, TIP_ANSWER_YES);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 5), TIP_OK);
    star_run(star);
    work_elsewhere(star, 13);
    star_join(star, NEMA);
    star_run(star);
    assert_presence(star, &id, TIP_DELETED_EDITED, true);
    assert_code(star, &id, FAKE_LATEST, 5);
}

static void test_what_a_person_decides_of_it_stands_everywhere(void **state)
{
    struct star *star = *state;
    struct tip_id kept = shared_record(star);
    struct tip_id gone = shared_record(star);

    star_cut(star, NEMA);
    assert_int_equal(star_edit(star, NEMA, &kept, FAKE_LATEST, 1), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &gone, FAKE_LATEST, 1), TIP_OK);
    set_deleted(star, HUB, &kept, TIP_ANSWER_YES);
    set_deleted(star, HUB, &gone, TIP_ANSWER_YES);
    star_join(star, NEMA);
    star_run(star);
    set_deleted(star, ATAR, &kept, TIP_ANSWER_NO);
    set_deleted(star, ATAR, &gone, TIP_ANSWER_YES);
    star_run(star);
    assert_presence(star, &kept, TIP_PRESENT, false);
    assert_presence(star, &gone, TIP_DELETED, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(
            test_13_months_away_edits_bring_a_deleted_record_back_for_review),
        STAR_TEST(test_13_months_away_without_an_edit_it_stays_deleted),
        STAR_TEST(test_13_months_late_a_deletion_hides_nothing_new),
        STAR_TEST(test_what_a_person_decides_of_it_stands_everywhere),
    };

    return cmocka_run_group_tests_name("deletion", tests, NULL, NULL);
}
