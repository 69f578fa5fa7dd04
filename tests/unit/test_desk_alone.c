/* Which records are on one machine and nowhere else. */
#include "desk_offices.h"
#include "hub_alone.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* How many cases @i lists, all of them or those on this machine alone. */
static size_t listed(int i, bool alone_only)
{
    struct tip_desk_query query = {.type = tip_bytes_text("case"),
                                   .alone_only = alone_only};
    struct tip_problems problems = {0};
    struct tip_desk_walk *walk;
    struct tip_desk_sheet one;
    size_t count = 0;
    enum tip_err err;

    OK(tip_desk_walk_new(desk_rig_desk(&rig, i), &query, &problems, &walk));
    while ((err = tip_desk_walk_next(walk, &one)) != TIP_ENOTFOUND) {
        assert_true(err == TIP_OK || err == TIP_EAGAIN);
        assert_true(err == TIP_EAGAIN || one.is_alone || !alone_only);
        count += err == TIP_OK ? 1 : 0;
    }
    tip_desk_walk_free(walk);
    return count;
}

static void test_what_is_on_this_machine_alone_is_listed(void **state)
{
    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    star_run(&rig.star);
    assert_int_equal(listed(NEMA, true), 0);
    star_cut(&rig.star, NEMA);
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    star_run(&rig.star);
    assert_int_equal(listed(NEMA, false), 2);
    assert_int_equal(listed(NEMA, true), 1);
    star_join(&rig.star, NEMA);
    star_run(&rig.star);
    assert_int_equal(listed(NEMA, true), 0);
}

static bool is_alone(uint64_t backed_up)
{
    struct hub_engine *hub = rig.star.hub;
    struct tip_arena memory;
    struct tip_record view;
    bool is;

    tip_arena_init(&memory, 1 << 24);
    OK(hub_engine_view(hub, hub_engine_records(hub)->next_ordinal - 1, &memory,
                       &view));
    is = hub_engine_is_alone(hub, &view, backed_up);
    tip_arena_deinit(&memory);
    return is;
}

/* DESIGN 5: "hub-authored work shows 'not yet duplicated' until then". */
static void test_the_hubs_own_work_is_alone_until_it_is_elsewhere(void **state)
{
    uint64_t commit;

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    star_run(&rig.star);
    assert_false(is_alone(0)); /* An office has it. */
    star_cut(&rig.star, NEMA);
    OK(desk_rig_add(&rig, HUB, RIG_CASE, NULL)); /* For Nema. */
    star_run(&rig.star);
    commit = hub_engine_seen(rig.star.hub).commit;
    assert_true(is_alone(0));
    assert_true(is_alone(commit - 1));
    assert_false(is_alone(commit)); /* In a backup. */
    star_join(&rig.star, NEMA);
    star_run(&rig.star);
    assert_false(is_alone(0));
    star_cut(&rig.star, NEMA);
    star_cut(&rig.star, ATAR);
    star_crash_hub(&rig.star);
    assert_true(is_alone(0)); /* Nobody has said so since. */
}

#define TEST(name) DESK_TEST(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_on_this_machine_alone_is_listed),
        TEST(test_the_hubs_own_work_is_alone_until_it_is_elsewhere),
    };

    return cmocka_run_group_tests_name("desk_alone", tests, NULL, NULL);
}
