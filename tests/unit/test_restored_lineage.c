/* Rules of what a restored node had written before: it counts as its own. */
#include "forge.h"
#include "restored.h"
#include "tip_envelope.h"

/* Let what NEMA saved reach the hub, but not the word that it is merged. */
static void send_unmerged(struct star *star)
{
    struct hub_device_status devices[STAR_NODES_MAX];
    struct node_status status = star_status(star, NEMA);

    do {
        assert_true(star_step(star));
        assert_int_equal(hub_engine_devices(star->hub, devices, STAR_NODES_MAX),
                         2);
    } while (devices[NEMA].seq < status.saved);
    status = star_status(star, NEMA);
    assert_true(status.decided < status.saved);
}

/* A record of both offices. NEMA wrote 2 into it and has a backup with that,
 * which it believes unmerged; it went on and is now put back. ATAR is away. */
static struct tip_id restore_before_it_was_merged(struct star *star,
                                                  bool writes_behind)
{
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, ATAR);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    send_unmerged(star);
    backup = star_back_up(star, NEMA);
    if (writes_behind) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    }
    (void)add(star, NEMA, 7);
    star_run(star);
    star_restore(star, NEMA, backup);
    star_cut(star, NEMA);
    return id;
}

/* Everybody shows @count values, @code first, and needed no repair for it. */
static void assert_all_show(struct star *star, const struct tip_id *id,
                            uint32_t code, size_t count)
{
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, id, FAKE_LATEST, code, count);
    }
    for (size_t i = NEMA; i <= ATAR; i++) {
        assert_int_equal(star_status(star, i).agreement, TIP_AGREEMENT_EQUAL);
        assert_int_equal(node_engine_seen(star->nodes[i].engine).mends, 0);
    }
}

static void test_own_work_of_before_is_seen_though_not_merged(void **state)
{
    struct star *star = *state;
    struct tip_id id = restore_before_it_was_merged(star, false);

    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_join(star, NEMA);
    do {
        ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 4, 1);
    } while (star_step(star));
    star_join(star, ATAR); /* It hears of all of it at once. */
    star_run(star);
    assert_all_show(star, &id, 4, 1);
    assert_recovered(star);
}

static void test_whose_work_is_whose_outlives_a_restart(void **state)
{
    struct star *star = *state;

    for (uint32_t cut = 0; cut < 12; cut++) {
        struct tip_id id = restore_before_it_was_merged(star, false);

        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
        star_join(star, NEMA);
        star_join(star, ATAR);
        for (uint32_t i = 0; i < cut; i++) {
            star_step(star);
        }
        star_crash_hub(star);
        star_crash_node(star, NEMA);
        star_crash_node(star, ATAR);
        star_run(star);
        assert_all_show(star, &id, 4, 1);
        assert_recovered(star);
    }
}

static void test_what_the_old_self_wrote_behind_it_stays_beside(void **state)
{
    struct star *star = *state;
    struct tip_id id = restore_before_it_was_merged(star, true);

    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_join(star, NEMA);
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    assert_all_show(star, &id, 4, 2); /* Beside 3; not beside 2. */
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 5)); /* Now it has seen both. */
    star_run(star);
    assert_all_show(star, &id, 5, 1);
    assert_recovered(star);
}

/* A lower base than before would claim not to know what it had overwritten. */
static void test_its_base_does_not_fall_behind_its_old_selfs(void **state)
{
    static struct forge forge;
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);
    struct tip_record_ref ref = {.id = id, .type = FAKE_TYPE};
    struct tip_change change = {.field = FAKE_LATEST,
                                .value = {.kind = TIP_VALUE_CODE, .code = 9}};
    struct tip_change_set set = {.author = tip_bytes_text("clerk"),
                                 .records = &ref,
                                 .record_count = 1,
                                 .changes = &change,
                                 .change_count = 1};
    struct fake_store *backup;
    struct hub_held held;

    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    backup = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    assert_recovered(star);
    forge_feed(&forge, star, NEMA);
    forge.header.origin = star_status(star, NEMA).feed;
    tip_envelope_start(&forge.header, &forge.head);
    forge.head.number = star_status(star, NEMA).feed_start;
    forge.header.first = forge.head.number + 1;
    forge_sets(&forge, &set, 1);
    forge_to_hub(&forge, NEMA);
    assert_int_equal(hub_engine_held(star->hub, &held, 1), 1);
    assert_int_equal(held.reason, TIP_HOLD_BASE);
    forge_deinit(&forge);
}

/* Atar, whose 6 is held back, went on and was put back to where it knew that,
 * so that it writes under another origin now. Gives the seq of the 6. */
static uint64_t restore_with_held_work(struct star *star, struct tip_id *out_id)
{
    uint64_t seq = star_held_edit(star, out_id);
    struct fake_store *backup = star_back_up(star, ATAR);

    (void)add(star, ATAR, 1);
    star_run(star);
    star_restore(star, ATAR, backup);
    star_run(star);
    assert_int_equal(star_status(star, ATAR).feed_start, seq + 1);
    return seq;
}

/* It is the author's own, and was seen: nobody else is written over. */
static void test_own_work_of_before_that_waits_can_be_written_over(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    (void)restore_with_held_work(star, &id);
    OK(star_edit(star, ATAR, &id, FAKE_LATEST, 9));
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 9, 1);
}

static void test_what_waits_behind_what_is_decided_goes_on(void **state)
{
    struct star *star = *state;

    for (int is_accepted = 0; is_accepted < 2; is_accepted++) {
        struct hub_ruled ruled;
        struct tip_id id;
        uint64_t seq;

        star_deinit(star);
        (void)star_offices_setup(state);
        seq = restore_with_held_work(star, &id);
        OK(star_edit(star, ATAR, &id, FAKE_REVIEW, 9));
        star_run(star);
        assert_int_equal(star_status(star, ATAR).held_count, 2);
        OK(star_rule(star, ATAR, seq, seq, is_accepted, &ruled));
        assert_int_equal(ruled.released, 1);
        star_run(star);
        assert_int_equal(star_status(star, ATAR).held_count, 0);
        ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 9, 1);
        ASSERT_SHOWS(star, ATAR, &id, FAKE_REVIEW, 9, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_own_work_of_before_is_seen_though_not_merged),
        STAR_TEST(test_whose_work_is_whose_outlives_a_restart),
        STAR_TEST(test_what_the_old_self_wrote_behind_it_stays_beside),
        STAR_TEST(test_its_base_does_not_fall_behind_its_old_selfs),
        STAR_TEST(test_own_work_of_before_that_waits_can_be_written_over),
        STAR_TEST(test_what_waits_behind_what_is_decided_goes_on),
    };

    return cmocka_run_group_tests_name("restored_lineage", tests, NULL, NULL);
}
