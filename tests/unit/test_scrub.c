/* Rules of the reading of all records: it comes, it comes to its end, and what
 * it finds is told. */
#include "star_damage.h"
#include "star_offices.h"

#define EVERY_MS (UINT64_C(48) * 60 * 60 * 1000)

#define OK(call) assert_int_equal((call), TIP_OK)

static void test_the_hub_knows_when_an_office_read_its_whole_store(void **state)
{
    struct hub_device_status devices[STAR_NODES_MAX];
    struct star *star = *state;
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    star_wait(star, 1000);
    star_run(star);
    star_cut(star, NEMA);
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    assert_true(hub_engine_devices(star->hub, devices, STAR_NODES_MAX) > NEMA);
    assert_int_equal(devices[NEMA].origin, STAR_ORIGIN_FIRST + NEMA);
    assert_true(devices[NEMA].health.scrub_ms != 0);
    assert_int_equal(devices[NEMA].health.scrub_ms,
                     star_status(star, NEMA).scrubbed_ms);
}

static void test_what_the_hub_can_neither_read_nor_make_is_found(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_wait(star, 1000);
    star_run(star);
    assert_true(hub_engine_scrubbed(star->hub).done_ms != 0);
    assert_int_equal(hub_engine_scrubbed(star->hub).found, 0);
    OK(hub_engine_flush(star->hub));
    assert_true(fake_store_spoil(star->store, TIP_TABLE_RECORD, TIP_KEY(2, 0)));
    assert_true(fake_store_spoil(star->store, TIP_TABLE_FRAME_UP,
                                 TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 1)));
    star_wait(star, EVERY_MS);
    star_run(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).found, 1);
    /* It is not taken from the office that still has it. */
    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    star_run(star);
    star_assert_codes(star, NEMA, ids, 5);
}

static void test_a_scrub_among_other_work_finds_nothing(void **state)
{
    static struct tip_id ids[500];
    struct star *star = *state;

    star_add_many(star, NEMA, ids, 500);
    for (int i = 0; i < 8; i++) {
        struct tip_id id = star_id(star);

        star_wait(star, 1000);
        OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
        OK(star_edit(star, NEMA, &ids[i], FAKE_LATEST + 1, 7));
        OK(star_edit(star, HUB, &ids[499 - i], FAKE_LATEST + 1, 7));
        star_run(star);
    }
    assert_true(star_status(star, NEMA).scrubbed_ms > 0);
    assert_int_equal(star_status(star, NEMA).scrub_found, 0);
    assert_int_equal(star_status(star, NEMA).lost_count, 0);
    star_assert_agrees(star, NEMA);
}

/* Three steps, and each time the power goes before the next. */
static void
test_a_scrub_comes_to_its_end_though_nobody_lets_it_run(void **state)
{
    static struct tip_id ids[500];
    struct star *star = *state;
    uint64_t began;

    star_add_many(star, NEMA, ids, 500);
    star_wait(star, EVERY_MS);
    began = star->clock.now_ms;
    for (int i = 0; i < 4; i++) {
        struct tip_id id = star_id(star);

        star_wait(star, UINT64_C(61) * 1000);
        star_run(star);
        star_crash_hub(star);
        star_crash_node(star, NEMA);
        /* What was read is changed, what was not is, and there is more. */
        OK(star_edit(star, NEMA, &ids[i], FAKE_LATEST + 1, 7));
        OK(star_edit(star, HUB, &ids[499 - i], FAKE_LATEST + 1, 7));
        OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
        star_run(star);
        star_crash_node(star, NEMA);
    }
    assert_true(hub_engine_scrubbed(star->hub).done_ms > began);
    assert_int_equal(hub_engine_scrubbed(star->hub).found, 0);
    assert_true(star_status(star, NEMA).scrubbed_ms > began);
    assert_int_equal(star_status(star, NEMA).scrub_found, 0);
    assert_int_equal(star_status(star, NEMA).lost_count, 0);
    star_assert_agrees(star, NEMA);
}

/* An hour at work a day is enough: 48 of them. */
static void
test_the_next_scrub_comes_though_it_never_runs_for_long(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];
    uint64_t first;

    star_add_many(star, NEMA, ids, 5);
    star_wait(star, 1000);
    star_run(star);
    first = star_status(star, NEMA).scrubbed_ms;
    assert_true(first != 0);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(star_status(star, NEMA).scrubbed_ms, first);
        star_wait(star, UINT64_C(31) * 60 * 1000);
        star_run(star);
        star_crash_hub(star);
        star_crash_node(star, NEMA);
        star_run(star);
        if (star_status(star, NEMA).scrubbed_ms != first) {
            break;
        }
    }
    assert_true(star_status(star, NEMA).scrubbed_ms != first);
    assert_true(hub_engine_scrubbed(star->hub).done_ms > first);
}

static void test_how_far_a_scrub_is_can_be_seen(void **state)
{
    static struct tip_id ids[500];
    struct star *star = *state;
    struct hub_scrub_report report;

    star_add_many(star, NEMA, ids, 500);
    star_wait(star, EVERY_MS);
    star_run(star);
    report = hub_engine_scrubbed(star->hub);
    assert_true(report.next > 1 && report.next < 501 && report.end == 501);
    assert_int_equal(star_status(star, NEMA).scrub_next, report.next);
    assert_int_equal(star_status(star, NEMA).scrub_end, 501);
    star_wait(star, 1000);
    star_run(star);
    star_wait(star, 1000);
    star_run(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).next, 0);
    assert_int_equal(star_status(star, NEMA).scrub_next, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_the_hub_knows_when_an_office_read_its_whole_store),
        STAR_TEST(test_what_the_hub_can_neither_read_nor_make_is_found),
        STAR_TEST(test_a_scrub_among_other_work_finds_nothing),
        STAR_TEST(test_a_scrub_comes_to_its_end_though_nobody_lets_it_run),
        STAR_TEST(test_the_next_scrub_comes_though_it_never_runs_for_long),
        STAR_TEST(test_how_far_a_scrub_is_can_be_seen),
    };

    return cmocka_run_group_tests_name("scrub", tests, NULL, NULL);
}
