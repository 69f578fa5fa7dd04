/* The hub makes a record again that was written in one save with another, which
 * was erased since. */
#include "erasing.h"
#include "star_damage.h"
#include "star_grep.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* One save of Néma in both, whose reason speaks of "Mariem". */
static void write_both(struct star *star, const struct tip_id *a,
                       const struct tip_id *b)
{
    struct node_engine *nema = star->nodes[NEMA].engine;
    const struct tip_change change = {
        .field = FAKE_LATEST + 7, .value = {.kind = TIP_VALUE_CODE, .code = 4}};
    const struct tip_draft_record records[] = {
        {.id = *a,
         .seen = node_engine_seen(nema),
         .changes = &change,
         .change_count = 1},
        {.id = *b,
         .seen = node_engine_seen(nema),
         .changes = &change,
         .change_count = 1},
    };
    const struct tip_draft draft = {.records = records,
                                    .record_count = 2,
                                    .author = tip_bytes_text("clerk"),
                                    .reason = tip_bytes_text("also of Mariem")};
    struct tip_saved saved;

    OK(node_engine_save(nema, &draft, &saved));
    OK(node_engine_flush(nema));
    star_run(star);
}

/* The hub starts with the records at @keys flipped. */
static void rot(struct star *star, const struct tip_key *keys, size_t count)
{
    star_rot_hub(star, keys, count);
    star_run(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).made, count);
}

/* Frames have lost the reason, which may speak of who was erased; and nothing
 * else of what was written to the other. */
static void test_it_is_made_again_without_what_may_speak_of_that(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct tip_key key;

    write_both(star, &id, &other);
    erasing_begin(star, &id);
    erasing_run(star);
    key = star_hub_key(star, &other);
    rot(star, &key, 1);
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST + 7, 4, 1);
    assert_int_equal(star_grep(star, HUB, "Mariem"), 0);
    erasing_assert_stub(star, HUB, &id);
    erasing_assert_agreement(star);
}

/* Neither has a history that says whose the place is; the one that is not
 * erased was there first. */
static void test_each_comes_back_to_its_own_place(void **state)
{
    struct star *star = *state;
    struct tip_id first = star_id(star), id;
    struct tip_key keys[2];

    OK(star_add(star, NEMA, &first, NONE, FAKE_LATEST, 1));
    star_run(star);
    id = erasing_somebody(star, "Mariem");
    erasing_begin(star, &id);
    erasing_run(star);
    keys[0] = star_hub_key(star, &first);
    keys[1] = star_hub_key(star, &id);
    rot(star, keys, 2);
    assert_int_equal(star_hub_key(star, &first).hi, keys[0].hi);
    assert_int_equal(star_hub_key(star, &id).hi, keys[1].hi);
    erasing_assert_stub(star, HUB, &id);
    erasing_assert_agreement(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_it_is_made_again_without_what_may_speak_of_that),
        STAR_TEST(test_each_comes_back_to_its_own_place),
    };

    return cmocka_run_group_tests_name("rebuild_erased", tests, NULL, NULL);
}
