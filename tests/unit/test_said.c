/* Rules of what an office says of itself: the hub hears of it while the line
 * holds, not only when it comes up; it costs little; and a hub that is started
 * again still knows it. */
#include "forge.h"
#include "star_damage.h"
#include "star_offices.h"

#define MINUTE_MS UINT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define MADE_MS   UINT64_C(1795000000000)

static void pass(struct star *star, uint64_t ms)
{
    star_wait(star, ms);
    star_run(star);
}

static void make_backup(struct star *star, size_t i)
{
    const struct tip_health health = {.backup_ms = MADE_MS};

    node_engine_set_health(star->nodes[i].engine, &health);
    node_engine_tell(star->nodes[i].engine);
}

static void test_an_office_says_within_the_hour_how_it_is(void **state)
{
    struct star *star = *state;
    struct tip_id ids[31];

    star_run(star);
    assert_int_equal(star_device(star, NEMA).health.records, 0);
    star_add_many(star, NEMA, ids, 31);
    star_run(star);
    pass(star, HOUR_MS);
    assert_int_equal(star_device(star, NEMA).health.records, 31);
    assert_int_equal(star_device(star, NEMA).saved, 31);
    assert_int_equal(star_device(star, NEMA).seq, 31);
    assert_int_equal(star_device(star, NEMA).bad_messages, 0);
}

static void test_news_are_told_within_the_minute(void **state)
{
    struct star *star = *state;

    star_run(star);
    make_backup(star, NEMA);
    pass(star, MINUTE_MS);
    assert_int_equal(star_device(star, NEMA).health.backup_ms, MADE_MS);
    assert_int_equal(star_device(star, ATAR).health.backup_ms, 0);
}

/* Bytes up in a day without work, of which Néma's signs of health are all. */
static uint64_t quiet_day(struct star *star)
{
    uint64_t before;

    star_run(star);
    before = star->bytes_up;
    for (size_t i = 0; i < HOUR_MS / MINUTE_MS * 24; i++) {
        pass(star, MINUTE_MS);
    }
    return star->bytes_up - before;
}

static void test_to_say_it_costs_less_than_two_kilobytes_a_day(void **state)
{
    struct star *star = *state;
    uint64_t bytes;

    star_cut(star, ATAR);
    make_backup(star, NEMA);
    bytes = quiet_day(star);
    assert_in_range(bytes, 1, 2048);
}

/* Néma greets as @health, has what the hub never gave if @is_ahead, and the
 * line is cut before anything else comes. */
static void greet(struct star *star, const struct tip_health *health,
                  bool is_ahead)
{
    static struct forge forge;
    struct tip_talk talk;
    struct tip_message message = {
        .kind = TIP_MESSAGE_HELLO,
        .hello = {.origin = STAR_ORIGIN_FIRST,
                  .channels = {{.channel = STAR_OFFICE_FIRST,
                                .generation = 1,
                                .head.number = is_ahead ? 1000 : 0}},
                  .channel_count = 1,
                  .nonce = {7, 1, 2},
                  .version = tip_bytes_text("9.9.9"),
                  .credit_bytes = UINT32_MAX,
                  .health = *health}};

    message.hello.channels[0].head.hash[0] = is_ahead ? 1 : 0;
    forge_feed(&forge, star, NEMA);
    assert_int_equal(tip_talk_init(&talk, star->nodes[NEMA].keys,
                                   TIP_SESSION_NODE,
                                   &tip_device_keys_public(star->keys)->box),
                     TIP_OK);
    forge_say(&forge, &talk, &message);
    forge_to_hub(&forge, NEMA);
    tip_talk_deinit(&talk);
    forge_deinit(&forge);
    star_cut(star, NEMA);
    star_run(star);
}

static const struct tip_health behind = {.clock_ms = MADE_MS,
                                         .catalogue = 3,
                                         .saved = 36000,
                                         .waiting_ms = 5 * HOUR_MS,
                                         .records = 17,
                                         .keeps_erased = true,
                                         .disk_used_bytes = 9000,
                                         .disk_limit_bytes = 10000,
                                         .backup_ms = MADE_MS,
                                         .cuts_day = 4,
                                         .verified_ms = MADE_MS - 1,
                                         .restores = 2,
                                         .restored_ms = MADE_MS - 2};

static void assert_is_as_it_was(const struct hub_device_status *is,
                                const struct hub_device_status *was)
{
    assert_int_equal(is->said_ms, was->said_ms);
    assert_int_equal(is->saved_ms, was->saved_ms);
    assert_int_equal(is->waiting_count, was->waiting_count);
    assert_int_equal(is->waiting_ms, was->waiting_ms);
    assert_int_equal(is->clock_offset_ms, was->clock_offset_ms);
    assert_int_equal(is->checkpoint, was->checkpoint);
    assert_int_equal(is->agreement, was->agreement);
    assert_int_equal(is->last_heard_ms, was->last_heard_ms);
    assert_int_equal(is->trouble, was->trouble);
    assert_int_equal(is->is_ahead, was->is_ahead);
    assert_string_equal(is->version, was->version);
    assert_int_equal(is->health.records, was->health.records);
    assert_int_equal(is->health.catalogue, was->health.catalogue);
    assert_int_equal(is->health.backup_ms, was->health.backup_ms);
    assert_int_equal(is->health.cuts_day, was->health.cuts_day);
    assert_int_equal(is->health.verified_ms, was->health.verified_ms);
    assert_int_equal(is->health.restores, was->health.restores);
    assert_int_equal(is->health.restored_ms, was->health.restored_ms);
    assert_int_equal(is->health.keeps_erased, was->health.keeps_erased);
    assert_int_equal(is->health.disk_used_bytes, was->health.disk_used_bytes);
}

static void test_what_was_said_is_written_with_what_comes_next(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct hub_device_status before, after;
    uint64_t commits = star->store->commit_count;

    greet(star, &behind, false);
    assert_int_equal(star->store->commit_count, commits);
    assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    before = star_device(star, NEMA);
    assert_int_equal(before.waiting_count, 36000);
    assert_string_equal(before.version, "9.9.9");
    star_crash_hub(star);
    after = star_device(star, NEMA);
    assert_is_as_it_was(&after, &before);
}

static void test_what_was_said_is_kept_once_a_minute_if_it_changed(void **state)
{
    struct star *star = *state;
    struct hub_device_status before, after;
    uint64_t commits;

    greet(star, &behind, true);
    before = star_device(star, NEMA);
    assert_true(before.is_ahead);
    assert_int_equal(before.trouble, TIP_EHUB_BEHIND);
    assert_int_equal(hub_engine_keep(star->hub), TIP_OK);
    commits = star->store->commit_count;
    assert_int_equal(hub_engine_keep(star->hub), TIP_OK);
    assert_int_equal(star->store->commit_count, commits);
    star_crash_hub(star);
    after = star_device(star, NEMA);
    assert_is_as_it_was(&after, &before);
}

static void test_what_was_said_outlives_a_lost_transaction(void **state)
{
    struct star *star = *state;
    struct hub_device_status before, after;

    greet(star, &behind, false);
    before = star_device(star, NEMA);
    fake_store_fail_commit(star->store, 1, TIP_ESTORE_FULL, FAKE_STORE_LOST);
    assert_int_equal(hub_engine_keep(star->hub), TIP_ESTORE_FULL);
    after = star_device(star, NEMA);
    assert_int_equal(after.waiting_count, before.waiting_count);
    assert_int_equal(hub_engine_keep(star->hub), TIP_OK);
    star_crash_hub(star);
    after = star_device(star, NEMA);
    assert_int_equal(after.waiting_count, before.waiting_count);
    assert_int_equal(after.health.backup_ms, MADE_MS);
}

static void test_who_never_said_how_it_is_is_not_known_to_be_well(void **state)
{
    struct star *star = *state;

    star_retire(star, NEMA);
    star_replace(star, NEMA);
    assert_int_equal(star_device(star, NEMA).said_ms, 0);
    assert_int_equal(star_device(star, NEMA).saved_ms, 0);
    hub_engine_hear(star->hub, STAR_ORIGIN_FIRST + STAR_ORIGINS_NEXT, 5, 12);
    assert_int_equal(star_device(star, NEMA).saved_ms, 5); /* On a stick. */
    assert_int_equal(star_device(star, NEMA).said_ms, 0);
    assert_int_equal(star_device(star, NEMA).waiting_count, 12);
    assert_int_equal(hub_engine_keep(star->hub), TIP_OK);
    star_crash_hub(star);
    assert_int_equal(star_device(star, NEMA).saved_ms, 5);
    assert_int_equal(star_device(star, NEMA).waiting_count, 12);
}

static void test_a_full_hub_does_not_say_there_is_room_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    fake_store_fail_commit(star->store, 1, TIP_ESTORE_FULL, FAKE_STORE_LOST);
    star_run(star);
    assert_int_equal(hub_engine_losing(star->hub), TIP_ESTORE_FULL);
    greet(star, &behind, false);
    assert_int_equal(hub_engine_keep(star->hub), TIP_OK);
    assert_int_equal(hub_engine_losing(star->hub), TIP_ESTORE_FULL);
}

static void test_a_refused_save_is_remembered_until_one_is_kept(void **state)
{
    struct star *star = *state;
    struct fake_store *store = star->nodes[NEMA].store;
    uint64_t limit = store->limit_bytes;
    struct tip_id id = star_id(star);

    assert_false(star_status(star, NEMA).is_full);
    store->limit_bytes = store->base.usage(&store->base).used_bytes;
    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1),
                     TIP_ESTORE_FULL);
    assert_true(star_status(star, NEMA).is_full);
    (void)(node_engine_flush(star->nodes[NEMA].engine) == TIP_OK);
    store->limit_bytes = limit;
    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    assert_false(star_status(star, NEMA).is_full);
}

static void test_what_is_wrong_there_is_known_after_a_restart(void **state)
{
    struct star *star = *state;
    const struct tip_health ill = {
        .troubles = tip_trouble_bit(TIP_TROUBLE_ROTTEN) | 1u << 31,
        .rot = {.count = 2, .kind = 7, .a = 12, .b = 1240}};
    const struct tip_health *said;
    struct hub_device_status device;

    star_run(star);
    node_engine_set_health(star->nodes[NEMA].engine, &ill);
    node_engine_tell(star->nodes[NEMA].engine);
    pass(star, MINUTE_MS);
    assert_int_equal(hub_engine_keep(star->hub), TIP_OK);
    star_cut(star, NEMA);
    star_crash_hub(star);
    device = star_device(star, NEMA);
    said = &device.health;
    assert_int_equal(said->troubles, ill.troubles);
    assert_int_equal(said->rot.count, 2);
    assert_int_equal(said->rot.kind, 7);
    assert_int_equal(said->rot.a, 12);
    assert_int_equal(said->rot.b, 1240);
    assert_int_equal(star_device(star, ATAR).health.troubles, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_an_office_says_within_the_hour_how_it_is),
        STAR_TEST(test_news_are_told_within_the_minute),
        STAR_TEST(test_to_say_it_costs_less_than_two_kilobytes_a_day),
        STAR_TEST(test_what_was_said_is_written_with_what_comes_next),
        STAR_TEST(test_what_was_said_is_kept_once_a_minute_if_it_changed),
        STAR_TEST(test_what_was_said_outlives_a_lost_transaction),
        STAR_TEST(test_a_full_hub_does_not_say_there_is_room_again),
        STAR_TEST(test_a_refused_save_is_remembered_until_one_is_kept),
        STAR_TEST(test_what_is_wrong_there_is_known_after_a_restart),
        STAR_TEST(test_who_never_said_how_it_is_is_not_known_to_be_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
