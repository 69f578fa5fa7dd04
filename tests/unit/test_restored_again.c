/* A hub that is put back more than once, and who comes to it after that. */
#include "hub_recovery.h"
#include "hub_retire.h"
#include "restored.h"

/* Put the hub back to @backup, which can be used again. */
static void put_back(struct star *star, struct fake_store *backup)
{
    star_restore_hub(star, backup, true);
    star_run(star);
}

/* The same, twice on end: each is the newest there is. */
static void put_back_twice(struct star *star)
{
    for (int i = 0; i < 2; i++) {
        struct fake_store *backup = star_backup_hub(star);

        put_back(star, backup);
        if (star_status(star, NEMA).session != TIP_NODE_LIVE) {
            OK(hub_engine_recovery_finish(star->hub));
            star_run(star);
        }
        fake_store_free(backup);
    }
}

/* Everything is where it was at Néma and the hub, with the commit it had. */
static void assert_as_it_was(struct star *star, const struct tip_id *id)
{
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, id, FAKE_LATEST, 7, 1);
    ASSERT_SHOWS(star, NEMA, id, FAKE_LATEST, 7, 1);
    star_assert_settled(star);
}

/* What was done between is not in it, nor that a generation was used. */
static void test_a_backup_may_be_put_back_twice(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id, shared = star_id(star);

    put_back(star, backup);
    id = add(star, NEMA, 7);
    OK(star_add(star, ATAR, &shared, NEMA, FAKE_LATEST, 1));
    star_run(star);
    OK(star_edit(star, HUB, &shared, FAKE_LATEST, 2));
    star_run(star);
    OK(star_edit(star, NEMA, &shared, FAKE_LATEST, 3));
    star_run(star);
    put_back(star, backup);
    fake_store_free(backup);
    assert_as_it_was(star, &id);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &shared, FAKE_LATEST, 3, 1);
    }
    OK(star_edit(star, ATAR, &shared, FAKE_LATEST, 4));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &shared, FAKE_LATEST, 4, 1);
    star_assert_settled(star);
}

/* The second time nothing had been given yet: Atar had not come back. But Néma
 * had heard of the generation. */
static void test_a_backup_may_be_put_back_before_all_are_back(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = add(star, NEMA, 7);

    star_run(star);
    star_cut(star, ATAR);
    put_back(star, backup);
    put_back(star, backup);
    fake_store_free(backup);
    star_join(star, ATAR);
    star_run(star);
    assert_as_it_was(star, &id);
}

/* The second time the hub went on before anybody called who knew of the first:
 * what it gives then is not what it gave before, and who saw that has not seen
 * this. */
static void test_nobody_need_tell_that_it_was_put_back_before(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, ATAR, &id, NEMA, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    put_back(star, backup);
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 2));
    star_run(star);
    star_cut(star, ATAR);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    put_back(star, backup);
    fake_store_free(backup);
    OK(hub_engine_recovery_finish(star->hub));
    OK(star_edit(star, HUB, &id, FAKE_LATEST, 4));
    star_run(star);
    star_join(star, ATAR);
    star_join(star, NEMA);
    star_run(star);
    assert_recovered(star);
    for (int i = HUB; i <= ATAR; i++) {
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 3, 2); /* Beside 4. */
    }
    star_assert_settled(star);
}

/* So may one that was made meanwhile: what Néma had handed back by then counts
 * as handed back. */
static void test_a_backup_of_the_way_back_may_be_put_back(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = add(star, NEMA, 7);

    star_run(star);
    star_cut(star, ATAR);
    put_back(star, backup);
    fake_store_free(backup);
    backup = star_backup_hub(star);
    put_back(star, backup);
    fake_store_free(backup);
    OK(hub_engine_recovery_begin(star->hub, 0)); /* By hand, to be sure. */
    star_cut(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    assert_as_it_was(star, &id);
}

/* What it is sent first was said two generations ago. */
static void test_a_new_device_follows_through_all_generations(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    put_back_twice(star);
    star_retire(star, NEMA);
    star_replace(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    id = add(star, HUB, 7);
    OK(star_member(star, HUB, &id, NEMA, true));
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
}

/* Nor does one that was away meanwhile stop at what it missed. */
static void test_an_office_may_miss_a_generation(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    star_cut(star, NEMA);
    id = add(star, NEMA, 7);
    put_back_twice(star);
    star_join(star, NEMA);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
}

/* A device that went on under another origin has one link. */
static void test_a_device_that_went_on_is_retired(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_back_up(star, NEMA);
    const uint32_t origin = star->nodes[NEMA].identity.origin;
    struct tip_id id = add(star, NEMA, 1);

    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    assert_int_not_equal(star_status(star, NEMA).feed, origin);
    star_retire(star, NEMA);
    star_replace(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 1, 1);
}

/* A device that is taken over claims later generations each time it calls. */
static void test_generations_are_not_used_up_by_who_lies(void **state)
{
    struct star *star = *state;
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id id = add(star, NEMA, 7);
    uint32_t given, claimed = 2;

    star_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    for (int i = 0; i < 1000; i++) {
        OK(hub_recovery_outrun(star->hub, NULL, claimed));
        given = tip_commit_generation(hub_engine_seen(star->hub).commit);
        claimed = given + (i % 2 == 0 ? 0 : 60);
    }
    assert_true(given > 2);
    assert_true(given < 2000);
    OK(hub_engine_flush(star->hub));
    star_join(star, NEMA);
    star_join(star, ATAR);
    star_run(star);
    assert_as_it_was(star, &id);
}

/* There is no room to note that a device goes on under another feed: until that
 * is lost the hub may be asked for its feed, and has one. */
static void test_a_full_hub_keeps_the_feed_it_has(void **state)
{
    struct star *star = *state;
    const uint32_t origin = star->nodes[NEMA].identity.origin;
    struct fake_store *backup = star_back_up(star, NEMA);
    struct tip_id id = add(star, NEMA, 7);
    struct tip_head head;
    uint32_t generation;

    star_run(star);
    star_restore(star, NEMA, backup);
    star->store->limit_bytes =
        star->store->base.usage(&star->store->base).used_bytes;
    for (int i = 0; i < 50; i++) {
        (void)star_step(star);
        OK(hub_engine_feed(star->hub, origin, &generation, &head));
        star_wait(star, 1000);
    }
    star->store->limit_bytes = UINT64_C(1) << 30;
    for (int i = 0; i < 10; i++) {
        star_wait(star, 60000);
        star_run(star);
    }
    assert_recovered(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_backup_may_be_put_back_twice),
        STAR_TEST(test_a_backup_may_be_put_back_before_all_are_back),
        STAR_TEST(test_nobody_need_tell_that_it_was_put_back_before),
        STAR_TEST(test_a_backup_of_the_way_back_may_be_put_back),
        STAR_TEST(test_a_new_device_follows_through_all_generations),
        STAR_TEST(test_an_office_may_miss_a_generation),
        STAR_TEST(test_a_device_that_went_on_is_retired),
        STAR_TEST(test_generations_are_not_used_up_by_who_lies),
        STAR_TEST(test_a_full_hub_keeps_the_feed_it_has),
    };

    return cmocka_run_group_tests_name("restored_again", tests, NULL, NULL);
}
