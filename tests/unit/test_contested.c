/* What waits for a person is found without reading every record, and since
 * when it does. */
#include "star_offices.h"
#include "tip_hlc.h"

/* What hub (-1) or node @i has to decide: records are counted. */
struct tally {
    size_t named; /* By the table. */
    size_t records, cells;
    uint64_t since_ms;
};

static enum tip_err view_of(struct star *star, int i, uint32_t ordinal,
                            struct tip_arena *arena, struct tip_record *out)
{
    struct tip_wire_record stored;

    return i == HUB ? hub_engine_view(star->hub, ordinal, arena, out)
                    : node_engine_view(star->nodes[i].engine, ordinal, arena,
                                       &stored, out);
}

static struct tally count(struct star *star, int i)
{
    const struct tip_record_table *table =
        i == HUB ? hub_engine_records(star->hub)
                 : node_engine_records(star->nodes[i].engine);
    struct tally tally = {.named = 0};
    struct tip_arena arena;
    uint32_t ordinal = 0;

    tip_arena_init(&arena, 1 << 20);
    while ((ordinal = tip_record_table_next_contested(table, ordinal)) != 0) {
        struct tip_record view;
        struct tip_contest contest;

        tally.named++;
        if (view_of(star, i, ordinal, &arena, &view) != TIP_OK) {
            continue;
        }
        contest = tip_merge_contest(&view, &star->schema);
        tally.records += contest.count != 0;
        tally.cells += contest.count;
        tally.since_ms = contest.since_ms;
    }
    tip_arena_deinit(&arena);
    return tally;
}

/* A record of Néma's in whose @field two values stand. */
static struct tip_id contested(struct star *star, uint32_t field)
{
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, NONE, field, 1), TIP_OK);
    star_run(star);
    star_cut(star, NEMA);
    star_wait(star, 1000);
    assert_int_equal(star_edit(star, HUB, &id, field, 2), TIP_OK);
    star_wait(star, 5000);
    assert_int_equal(star_edit(star, NEMA, &id, field, 3), TIP_OK);
    star_join(star, NEMA);
    star_run(star);
    return id;
}

static void
test_a_conflict_is_found_by_both_and_again_after_a_start(void **state)
{
    struct star *star = *state;
    uint64_t now_ms;

    for (int n = 0; n < 70; n++) {
        struct tip_id other = star_id(star);

        assert_int_equal(star_add(star, NEMA, &other, NONE, FAKE_REVIEW, 1),
                         TIP_OK);
    }
    (void)contested(star, FAKE_REVIEW);
    now_ms = star->clock.now_ms;
    for (int run = 0; run < 2; run++) {
        for (int i = HUB; i <= NEMA; i++) {
            struct tally tally = count(star, i);

            assert_int_equal(tally.named, 1);
            assert_int_equal(tally.records, 1);
            assert_int_equal(tally.cells, 1);
            assert_in_range(tally.since_ms, now_ms - 1000, now_ms + 1000);
        }
        assert_int_equal(count(star, ATAR).named, 0);
        star_crash_hub(star);
        star_crash_node(star, NEMA);
        star_run(star);
    }
}

static void test_what_is_decided_is_counted_no_more(void **state)
{
    struct star *star = *state;
    struct tip_id id = contested(star, FAKE_REVIEW);

    assert_int_equal(star_edit(star, HUB, &id, FAKE_REVIEW, 4), TIP_OK);
    star_run(star);
    assert_int_equal(count(star, HUB).records, 0);
    assert_int_equal(count(star, NEMA).records, 0);
    star_crash_hub(star);
    star_run(star);
    assert_int_equal(count(star, HUB).named, 0);
}

static void test_a_decision_that_was_lost_leaves_it_found(void **state)
{
    struct star *star = *state;
    struct tip_id id = contested(star, FAKE_REVIEW);

    fake_store_fail_commit(star->store, 1, TIP_ESTORE_FULL, FAKE_STORE_LOST);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_REVIEW, 4),
                     TIP_ESTORE_FULL);
    assert_int_equal(count(star, HUB).records, 1);
}

static void test_where_the_latest_is_shown_nobody_has_to_decide(void **state)
{
    struct star *star = *state;

    (void)contested(star, FAKE_LATEST);
    assert_int_equal(count(star, HUB).named, 1);
    assert_int_equal(count(star, HUB).records, 0);
}

static void test_an_edit_that_did_not_know_of_a_deletion_is_found(void **state)
{
    const struct tip_change deletion = {
        .field = TIP_FIELD_DELETED,
        .value = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES}};
    struct star *star = *state;
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    assert_int_equal(star_write(star, HUB, &id, &deletion), TIP_OK);
    assert_int_equal(count(star, HUB).named, 0);
    star_cut(star, NEMA);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 2), TIP_OK);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(count(star, HUB).records, 1);
    star_crash_hub(star);
    assert_int_equal(count(star, HUB).cells, 1);
}

/* @origin writes @code in @field at @ms, knowing of nobody. */
static void apply(struct tip_record *record, struct tip_arena *arena,
                  uint32_t origin, uint32_t field, uint64_t ms, uint32_t code)
{
    const struct tip_write write = {
        .origin = origin,
        .seq = field,
        .commit = origin * 100 + field,
        .stamp = tip_stamp_make(TIP_STAMP_EPOCH_MS + ms, 0)};
    const struct tip_change change = {
        .field = field, .value = {.kind = TIP_VALUE_CODE, .code = code}};
    struct tip_record dead;

    assert_int_equal(tip_record_apply(record, &write, &change, 1, arena, &dead),
                     TIP_OK);
}

static void test_a_conflict_is_as_old_as_the_second_of_its_sides(void **state)
{
    const struct tip_id id = {{1}};
    const struct tip_schema schema = FAKE_SCHEMA;
    struct tip_arena arena;
    struct tip_record record;
    struct tip_contest contest;

    (void)state;
    tip_arena_init(&arena, 1 << 20);
    tip_record_init(&record, &id, FAKE_TYPE, 1);
    apply(&record, &arena, 1, FAKE_REVIEW, 300, 1);
    assert_int_equal(tip_merge_contest(&record, &schema).count, 0);
    apply(&record, &arena, 2, FAKE_REVIEW, 200, 2);
    apply(&record, &arena, 3, FAKE_REVIEW, 100, 3);
    contest = tip_merge_contest(&record, &schema);
    assert_int_equal(contest.count, 1);
    assert_int_equal(contest.since_ms, TIP_STAMP_EPOCH_MS + 200);
    apply(&record, &arena, 1, FAKE_REVIEW + 1, 201, 1);
    apply(&record, &arena, 2, FAKE_REVIEW + 1, 50, 2);
    apply(&record, &arena, 1, FAKE_REVIEW + 2, 10, 1);
    apply(&record, &arena, 2, FAKE_REVIEW + 2, 210, 2);
    apply(&record, &arena, 3, FAKE_REVIEW + 2, 220, 3);
    contest = tip_merge_contest(&record, &schema);
    assert_int_equal(contest.count, 3);
    assert_int_equal(contest.since_ms, TIP_STAMP_EPOCH_MS + 200);
    tip_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_conflict_is_found_by_both_and_again_after_a_start),
        STAR_TEST(test_what_is_decided_is_counted_no_more),
        STAR_TEST(test_a_decision_that_was_lost_leaves_it_found),
        cmocka_unit_test(test_a_conflict_is_as_old_as_the_second_of_its_sides),
        STAR_TEST(test_where_the_latest_is_shown_nobody_has_to_decide),
        STAR_TEST(test_an_edit_that_did_not_know_of_a_deletion_is_found),
    };

    return cmocka_run_group_tests_name("contested", tests, NULL, NULL);
}
