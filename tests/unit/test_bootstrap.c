/* Rules of a device that takes the place of one that was lost. */
#include <string.h>

#include "hub_retire.h"
#include "star_damage.h"
#include "star_offices.h"

enum { MANY = 400, FRAMES_MAX = 8 };

#define OK(call) assert_int_equal((call), TIP_OK)
#define DAY_MS   (UINT64_C(24) * 3600 * 1000)

/* Lose NEMA's device and put another in its place. */
static void replace(struct star *star)
{
    star_retire(star, NEMA);
    star_replace(star, NEMA);
    star_join(star, NEMA);
}

/* One step; none may raise an alarm. */
static bool step(struct star *star)
{
    bool has_moved = star_step(star);

    assert_int_not_equal(star_status(star, NEMA).agreement,
                         TIP_AGREEMENT_DIFFERS);
    assert_int_equal(star_device(star, NEMA).differs_since_ms, 0);
    return has_moved;
}

static void run(struct star *star)
{
    while (step(star)) {
    }
}

/* Go on until the new device has @count records of those it is sent. */
static void run_to(struct star *star, uint64_t count)
{
    while (star_status(star, NEMA).again_came < count) {
        assert_true(step(star));
    }
    assert_true(star_status(star, NEMA).is_sent_again);
}

static size_t count_here(struct star *star, const struct tip_id *ids,
                         size_t count)
{
    size_t here = 0;

    for (size_t i = 0; i < count; i++) {
        here += star_has(star, NEMA, &ids[i]) ? 1 : 0;
    }
    return here;
}

static void test_a_new_device_gets_what_its_office_holds(void **state)
{
    struct star *star = *state;
    struct tip_id ids[20], shared = star_id(star), other = star_id(star);

    star_add_many(star, NEMA, ids, 20);
    OK(star_add(star, ATAR, &shared, NEMA, FAKE_LATEST, 5));
    OK(star_add(star, ATAR, &other, NONE, FAKE_LATEST, 6));
    OK(star_edit(star, HUB, &ids[3], FAKE_LATEST + 1, 7));
    star_run(star);
    star_retire(star, NEMA);
    OK(star_edit(star, ATAR, &shared, FAKE_LATEST + 1, 8));
    star_run(star);
    star_replace(star, NEMA);
    assert_true(star->nodes[NEMA].identity.joined.number > 0);
    star_join(star, NEMA);
    run(star);
    star_assert_codes(star, NEMA, ids, 20);
    ASSERT_SHOWS(star, NEMA, &ids[3], FAKE_LATEST + 1, 7, 1);
    ASSERT_SHOWS(star, NEMA, &shared, FAKE_LATEST + 1, 8, 1);
    assert_false(star_has(star, NEMA, &other));
    star_assert_agrees(star, NEMA);
    /* And it writes on, over what it was sent. */
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 99));
    run(star);
    ASSERT_SHOWS(star, HUB, &ids[0], FAKE_LATEST, 99, 1);
    star_assert_agrees(star, NEMA);
}

static void test_it_goes_on_where_it_was_after_crashes_of_both(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    uint64_t came;

    star_add_fat(star, NEMA, ids, MANY);
    replace(star);
    star_crash_hub(star);
    run_to(star, 1);
    for (int i = 0; i < 2; i++) {
        OK(node_engine_flush(star->nodes[NEMA].engine));
        came = star_status(star, NEMA).again_came;
        i % 2 == 0 ? star_crash_node(star, NEMA) : star_crash_hub(star);
        assert_int_equal(star_status(star, NEMA).again_came, came);
        run_to(star, came + 1);
    }
    run(star);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
    /* Each record once: nothing was begun anew. */
    assert_int_equal(star_device(star, NEMA).again_sent, MANY);
}

static void test_people_write_while_it_comes_and_overwrite_nothing(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    struct tip_id own = star_id(star), late = star_id(star);
    const struct tip_id *here = &ids[MANY - 1], *there = &ids[0];

    star_add_fat(star, NEMA, ids, MANY);
    replace(star);
    OK(star_add(star, NEMA, &own, NONE, FAKE_LATEST, 1)); /* At once. */
    run_to(star, 10);
    assert_true(star_has(star, NEMA, here));
    assert_false(star_has(star, NEMA, there));
    OK(star_edit(star, NEMA, here, FAKE_LATEST + 1, 2));
    assert_int_equal(star_edit(star, NEMA, there, FAKE_LATEST + 1, 2),
                     TIP_ENOTFOUND);
    /* Others write to what is here, to what is not, and something new. */
    OK(star_edit(star, HUB, here, FAKE_LATEST + 1, 3));
    OK(star_edit(star, HUB, there, FAKE_LATEST + 1, 4));
    OK(star_add(star, HUB, &late, NEMA, FAKE_LATEST, 5));
    for (int i = 0; i < 5; i++) {
        assert_true(step(star));
    }
    assert_true(star_status(star, NEMA).is_sent_again);
    ASSERT_SHOWS(star, NEMA, &late, FAKE_LATEST, 5, 1);
    ASSERT_SHOWS(star, HUB, &own, FAKE_LATEST, 1, 1);
    run(star);
    ASSERT_SHOWS(star, NEMA, there, FAKE_LATEST + 1, 4, 1);
    ASSERT_SHOWS(star, NEMA, &own, FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, HUB, here, FAKE_LATEST + 1, 2, 2);
    ASSERT_SHOWS(star, NEMA, here, FAKE_LATEST + 1, 2, 2);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
}

/* A long time passes, in which nobody writes to anything but @id. */
static void only_is_lively(struct star *star, const struct tip_id *id)
{
    for (int day = 0; day < 120; day++) {
        star_wait(star, DAY_MS);
        OK(star_edit(star, HUB, id, FAKE_LATEST + 2, (uint32_t)day + 1));
        star_run(star);
    }
}

static void test_what_people_work_on_comes_first(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    struct tip_id disputed = star_id(star);

    OK(star_add(star, NEMA, &disputed, NONE, FAKE_REVIEW, 1));
    star_run(star);
    star_cut(star, NEMA);
    OK(star_edit(star, HUB, &disputed, FAKE_REVIEW, 2));
    OK(star_edit(star, NEMA, &disputed, FAKE_REVIEW, 3));
    star_join(star, NEMA);
    star_add_fat(star, NEMA, ids, MANY);
    only_is_lively(star, &ids[7]);
    replace(star);
    run_to(star, 1);
    assert_true(star_has(star, NEMA, &ids[7]));
    assert_true(star_has(star, NEMA, &disputed));
    assert_in_range(count_here(star, ids, MANY), 1, MANY / 2);
    assert_true(star_has(star, NEMA, &ids[MANY - 1]) ||
                !star_has(star, NEMA, &ids[8]));
    run(star);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
}

/* One that was not lively when its turn would have been, and is written to
 * before the others have theirs. */
static void test_what_wakes_up_on_the_way_is_not_left_out(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;

    star_add_fat(star, NEMA, ids, MANY);
    only_is_lively(star, &ids[7]);
    replace(star);
    run_to(star, 5);
    assert_false(star_has(star, NEMA, &ids[100]));
    OK(star_edit(star, HUB, &ids[100], FAKE_LATEST + 3, 11));
    run(star);
    ASSERT_SHOWS(star, NEMA, &ids[100], FAKE_LATEST + 3, 11, 1);
    star_assert_codes(star, NEMA, ids, MANY);
    star_assert_agrees(star, NEMA);
}

/* Give @id to Atar alone. */
static void take_out(struct star *star, const struct tip_id *id)
{
    OK(star_member(star, HUB, id, ATAR, true));
    OK(star_member(star, HUB, id, NEMA, false));
}

/* Records go while others come: of those that have come and of those that have
 * not, one is erased by law and one is taken from the office. Power goes at
 * both. None of them is there in the end, and nothing else is missing. */
static void test_partial_bootstrap_and_purge(void **state)
{
    static struct tip_id ids[MANY];
    struct star *star = *state;
    const struct tip_id *gone[] = {&ids[MANY - 1], &ids[MANY - 2], &ids[0],
                                   &ids[1]};
    uint64_t commit;

    star_add_fat(star, NEMA, ids, MANY);
    replace(star);
    run_to(star, 10);
    assert_true(star_has(star, NEMA, gone[0]));
    assert_true(star_has(star, NEMA, gone[1]));
    assert_false(star_has(star, NEMA, gone[2]));
    assert_false(star_has(star, NEMA, gone[3]));
    for (int i = 0; i < 4; i += 2) {
        OK(hub_engine_erase(star->hub, gone[i], 1, &commit));
        take_out(star, gone[i + 1]);
        OK(hub_engine_flush(star->hub));
        i == 0 ? star_crash_node(star, NEMA) : star_crash_hub(star);
        run_to(star, star_status(star, NEMA).again_came + 1);
    }
    run(star);
    assert_int_equal(count_here(star, ids, MANY), MANY - 2); /* With stubs. */
    for (size_t i = 0; i < 4; i += 2) {
        ASSERT_SHOWS(star, NEMA, gone[i], FAKE_LATEST, 0, 0);
        assert_false(star_has(star, NEMA, gone[i + 1]));
    }
    star_assert_agrees(star, NEMA);
    star_assert_agrees(star, ATAR);
    assert_true(star_has(star, ATAR, gone[1]));
    assert_true(star_has(star, ATAR, gone[3]));
}

/* Copies of frames of a node, as a stick has them. */
struct stick {
    uint8_t bytes[FRAMES_MAX][TIP_FRAME_BYTES_MAX];
    size_t sizes[FRAMES_MAX];
    size_t count;
};

static void put_on(struct star *star, size_t i, uint64_t seq,
                   struct stick *stick)
{
    struct tip_bytes frame;
    uint64_t last;

    stick->count = 0;
    while (node_engine_export_frame(star->nodes[i].engine, seq, &frame,
                                    &last) == TIP_OK) {
        assert_true(stick->count < FRAMES_MAX);
        memcpy(stick->bytes[stick->count], frame.data, frame.size);
        stick->sizes[stick->count++] = frame.size;
        seq = last + 1;
    }
}

static void import(struct star *star, uint32_t origin,
                   const struct stick *stick)
{
    for (size_t i = 0; i < stick->count; i++) {
        OK(hub_engine_import_frame(
            star->hub, origin, tip_bytes(stick->bytes[i], stick->sizes[i])));
    }
    OK(hub_engine_flush(star->hub));
}

static void test_late_work_of_the_old_device_comes_to_the_new_one(void **state)
{
    static struct stick stick;
    struct star *star = *state;
    struct tip_id ids[5], fresh = star_id(star);
    uint32_t old = star->nodes[NEMA].identity.origin;
    uint64_t sent;

    star_add_many(star, NEMA, ids, 5);
    sent = star_status(star, NEMA).saved;
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 50));
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST, 51));
    OK(star_add(star, NEMA, &fresh, NONE, FAKE_LATEST, 52));
    put_on(star, NEMA, sent + 1, &stick);
    replace(star);
    run(star);
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 60));
    run(star);
    import(star, old, &stick);
    run(star);
    /* What neither had seen of the other stands beside it. */
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST, 60, 2);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST, 51, 1);
    ASSERT_SHOWS(star, NEMA, &fresh, FAKE_LATEST, 52, 1);
    star_assert_agrees(star, NEMA);
    /* The same before a device is there that could be told. */
    star_retire(star, NEMA);
    star_replace(star, NEMA);
    star_join(star, NEMA);
    run(star);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST, 60, 2);
    star_assert_agrees(star, NEMA);
}

static void test_what_a_person_lets_in_of_it_comes_whole_too(void **state)
{
    static struct stick stick;
    struct star *star = *state;
    struct hub_ruling ruling = {.first = 1,
                                .last = UINT64_MAX,
                                .by = tip_bytes_text("A. Sy"),
                                .reason = tip_bytes_text("seen by telephone")};
    struct hub_ruled ruled;
    struct tip_id ids[3];

    star_add_many(star, NEMA, ids, 3);
    ruling.origin = star->nodes[NEMA].identity.origin;
    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST + 5, 8));
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 5, 9));
    put_on(star, NEMA, star_status(star, NEMA).saved - 1, &stick);
    star_run(star);
    replace(star);
    run(star);
    assert_int_equal(star_status(star, NEMA).held_count, 0);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST + 5, 0, 0);
    star->hub_schema.unknown_field = 0;
    ruling.last = 4;
    ruling.first = 4;
    OK(hub_engine_rule(star->hub, &ruling, &ruled));
    assert_int_equal(ruled.count, 1);
    OK(hub_engine_release(star->hub));
    run(star);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST + 5, 0, 0);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST + 5, 9, 1);
    star_assert_agrees(star, NEMA);
}

static void test_a_retired_device_is_not_heard_and_gets_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3];
    uint64_t checkpoint;

    star_add_many(star, NEMA, ids, 3);
    star_retire(star, NEMA);
    star_join(star, NEMA);
    checkpoint = star_status(star, NEMA).checkpoint;
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST, 9));
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST, 9));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST, 2, 1);
    assert_int_equal(star_status(star, NEMA).checkpoint, checkpoint);
    assert_true(star_device(star, NEMA).is_retired);
    assert_int_equal(
        hub_engine_retire(star->hub, star->nodes[NEMA].identity.origin),
        TIP_ENOTFOUND);
}

static void test_an_office_has_one_device_in_use(void **state)
{
    struct star *star = *state;
    struct hub_device device = {
        .origin = 77,
        .office = STAR_OFFICE_FIRST + NEMA,
        .keys = *tip_device_keys_public(star->nodes[ATAR].keys),
        .key_epoch = 1,
        .office_secret = {{9}}};

    assert_int_equal(hub_engine_enrol(star->hub, &device), TIP_EOFFICE_TAKEN);
    star_retire(star, NEMA);
    device.key_epoch = 0; /* A secret of another would be taken for its. */
    assert_int_equal(hub_engine_enrol(star->hub, &device), TIP_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_new_device_gets_what_its_office_holds),
        STAR_TEST(test_it_goes_on_where_it_was_after_crashes_of_both),
        STAR_TEST(test_people_write_while_it_comes_and_overwrite_nothing),
        STAR_TEST(test_what_people_work_on_comes_first),
        STAR_TEST(test_what_wakes_up_on_the_way_is_not_left_out),
        STAR_TEST(test_partial_bootstrap_and_purge),
        STAR_TEST(test_late_work_of_the_old_device_comes_to_the_new_one),
        STAR_TEST(test_what_a_person_lets_in_of_it_comes_whole_too),
        STAR_TEST(test_a_retired_device_is_not_heard_and_gets_nothing),
        STAR_TEST(test_an_office_has_one_device_in_use),
    };

    return cmocka_run_group_tests_name("bootstrap", tests, NULL, NULL);
}
