/* What change-sets of a device that was taken over can do to others. */
#include "hostile.h"
#include "tip_wire_down.h"

/* The devices are in the order before the first record is. */
static uint64_t first_birth(const struct star *star)
{
    return tip_commit_make(1, star->node_count + 1);
}

static void test_a_base_that_was_not_given_or_falls_is_held_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct tip_record_ref ref = by_id(&id);
    struct tip_change change = code(0, FAKE_LATEST, 9);
    struct tip_change_set set = set_of(&ref, 1, &change, 1);

    make_record(&id, true);
    star_run(star);
    set.base = tip_commit_make(1, 1000);
    send_set(set);
    assert_int_equal(held_for(star), TIP_HOLD_BASE);
    assert_int_equal(device(star, NEMA).seq, 2);
    assert_others_go_on(star);
}

static void test_records_of_others_cannot_be_written(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct tip_record_ref ref = by_id(&id);
    struct tip_change change = code(0, FAKE_LATEST, 9);
    size_t count;

    assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 5), TIP_OK);
    star_run(star);
    send_set(set_of(&ref, 1, &change, 1));
    assert_int_equal(held_for(star), TIP_HOLD_MEMBER);
    ref = (struct tip_record_ref){.birth_commit = first_birth(star)};
    send_set(set_of(&ref, 1, &change, 1));
    star_run(star);
    assert_int_equal(star_code(star, HUB, &id, FAKE_LATEST, &count), 5);
    assert_int_equal(star_code(star, ATAR, &id, FAKE_LATEST, &count), 5);
    assert_others_go_on(star);
}

static void test_a_birth_nobody_was_told_of_is_held_back(void **state)
{
    struct star *star = *state;
    struct tip_record_ref ref = {.birth_commit = tip_commit_make(1, 77)};
    struct tip_change change = code(0, FAKE_LATEST, 9);

    send_set(set_of(&ref, 1, &change, 1));
    assert_int_equal(held_for(star), TIP_HOLD_BASE);
    assert_others_go_on(star);
}

static void test_only_the_hub_writes_for_everybody(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct tip_record_ref ref = by_id(&id);
    struct tip_change changes[] = {office(0, TIP_OFFICE_ALL),
                                   office(0, STAR_OFFICE_FIRST),
                                   code(0, FAKE_LATEST, 1)};

    send_set(set_of(&ref, 1, changes, 3));
    assert_int_equal(held_for(star), TIP_HOLD_CHANNEL);
    assert_others_go_on(star);
}

static void test_only_the_hub_makes_a_catalogue(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct tip_record_ref ref = {.id = id, .type = TIP_TYPE_CATALOGUE};
    struct tip_change changes[] = {office(0, STAR_OFFICE_FIRST),
                                   office(0, STAR_OFFICE_FIRST + ATAR)};

    send_set(set_of(&ref, 1, changes, 2));
    assert_int_equal(held_for(star), TIP_HOLD_CHANNEL);
    star_run(star);
    assert_false(node_engine_take_catalogue_news(star->nodes[ATAR].engine));
    assert_others_go_on(star);
}

static void test_a_record_named_twice_is_held_back(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct tip_record_ref refs[2] = {by_id(&id),
                                     {.birth_commit = first_birth(star)}};
    struct tip_change changes[] = {code(0, FAKE_LATEST, 2),
                                   code(1, FAKE_REVIEW, 3)};

    make_record(&id, true);
    star_run(star);
    send_set(set_of(refs, 2, changes, 2));
    assert_int_equal(held_for(star), TIP_HOLD_VALUE);
    assert_int_equal(device(star, NEMA).seq, 2);
    assert_others_go_on(star);
}

static void test_a_record_named_for_nothing_is_held_back(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2] = {star_id(star), star_id(star)};
    struct tip_record_ref refs[2] = {by_id(&ids[0]), by_id(&ids[1])};
    struct tip_change change = code(0, FAKE_LATEST, 2);

    make_record(&ids[0], false);
    make_record(&ids[1], true);
    star_run(star);
    send_set(set_of(refs, 2, &change, 1));
    assert_int_equal(held_for(star), TIP_HOLD_VALUE);
    assert_others_go_on(star);
}

static void test_a_change_set_no_node_would_save_is_held_back(void **state)
{
    struct star *star = *state;
    static uint8_t bytes[2000];
    struct tip_change changes[13];
    struct tip_id id = star_id(star);
    struct tip_record_ref ref = by_id(&id);

    make_record(&id, true);
    star_run(star);
    for (uint32_t i = 0; i < 13; i++) {
        changes[i] = (struct tip_change){
            .field = FAKE_SET,
            .element = i,
            .value = {.kind = TIP_VALUE_OPAQUE,
                      .bytes = tip_bytes(bytes, sizeof bytes)}};
    }
    send_set(set_of(&ref, 1, changes, 13));
    assert_int_equal(held_for(star), TIP_HOLD_TOO_LARGE);
    assert_others_go_on(star);
}

static void test_offices_that_are_not_cannot_crowd_out_real_ones(void **state)
{
    struct star *star = *state;
    static struct tip_change changes[1024];
    struct tip_id id = star_id(star);
    struct tip_record_ref ref = by_id(&id);
    struct hub_device late = {.origin = 99,
                              .office = 9999,
                              .keys = *tip_device_keys_public(star->keys)};

    for (uint32_t i = 0; i < 1024; i++) {
        changes[i] = office(0, STAR_OFFICE_FIRST + i);
    }
    send_set(set_of(&ref, 1, changes, 1024));
    assert_int_equal(held_for(star), TIP_HOLD_TOO_NEW);
    assert_int_equal(hub_engine_enrol(star->hub, &late), TIP_OK);
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    assert_others_go_on(star);
}

/* One record held back, and very many that wait behind it. */
static void test_a_flood_of_what_waits_costs_no_more_each(void **state)
{
    struct star *star = *state;
    static struct tip_change_set sets[FLOOD];
    struct tip_id id = star_id(star);
    struct tip_record_ref ref = by_id(&id);
    struct tip_change change = code(0, FAKE_LATEST, FAKE_CODE_BAD);

    make_record(&id, false);
    star_run(star);
    for (int frame = 0; frame < 40; frame++) {
        for (size_t i = 0; i < FLOOD; i++) {
            sets[i] = set_of(&ref, 1, &change, 1);
        }
        forge_sets(&nema, sets, FLOOD);
        forge_to_hub(&nema, NEMA);
        assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    }
    assert_int_equal(device(star, NEMA).held_count, 40 * FLOOD);
    assert_others_go_on(star);
    assert_int_equal(device(star, NEMA).held_count, 40 * FLOOD);
}

/* Many records as large as they may be, then one save of them all. */
static void test_records_too_many_to_hold_in_memory_are_held_back(void **state)
{
    struct star *star = *state;
    enum { RECORDS = 40, SETS = 20, VALUES = 11 };
    static uint8_t bytes[2000];
    static struct tip_record_ref refs[RECORDS];
    static struct tip_change all[RECORDS];
    struct tip_change changes[VALUES];

    star->store->limit_bytes = 512 << 20;
    star->nodes[ATAR].store->limit_bytes = 512 << 20;

    for (uint32_t r = 0; r < RECORDS; r++) {
        struct tip_id id = star_id(star);

        refs[r] = by_id(&id);
        make_record(&id, true);
        for (uint32_t s = 0; s < SETS; s++) {
            for (uint32_t v = 0; v < VALUES; v++) {
                changes[v] = (struct tip_change){
                    .field = FAKE_SET,
                    .element = s * VALUES + v,
                    .value = {.kind = TIP_VALUE_OPAQUE,
                              .bytes = tip_bytes(bytes, sizeof bytes)}};
            }
            send_set(set_of(&refs[r], 1, changes, VALUES));
        }
        assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    }
    assert_int_equal(held_for(star), TIP_HOLD_NONE);
    star_run(star);
    for (uint32_t r = 0; r < RECORDS; r++) {
        all[r] = code(r, FAKE_LATEST, 3);
    }
    send_set(set_of(refs, RECORDS, all, RECORDS));
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    assert_int_equal(held_for(star), TIP_HOLD_TOO_LARGE);
    assert_others_go_on(star);
}

/* Saved as our own node does, so that it believes what it is told. */
static void save_held(struct star *star, const struct tip_id *id,
                      uint32_t field, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(star_edit(star, NEMA, id, field, i % 500), TIP_OK);
    }
}

static struct node_status told(struct star *star)
{
    struct node_status status;

    star_run(star);
    node_engine_status(star->nodes[NEMA].engine, &status);
    return status;
}

static void test_many_held_back_in_a_row_are_told_in_a_few_bytes(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct tip_held_run runs[4];
    struct node_status status;

    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    star->hub_schema.unknown_field = FAKE_LATEST + 1;
    save_held(star, &id, FAKE_LATEST + 1, 200);
    status = told(star);
    assert_int_equal(status.confirmed, 201);
    assert_int_equal(status.decided, 201);
    assert_int_equal(status.held_count, 200);
    assert_int_equal(node_engine_held(star->nodes[NEMA].engine, runs, 4), 2);
    assert_int_equal(runs[0].first, 2);
    assert_int_equal(runs[0].count, 1);
    assert_int_equal(runs[0].reason, TIP_HOLD_TOO_NEW);
    assert_int_equal(runs[1].first, 3);
    assert_int_equal(runs[1].count, 199);
    assert_int_equal(runs[1].reason, TIP_HOLD_BEHIND);
}

static void
test_what_is_held_back_is_counted_where_it_cannot_be_named(void **state)
{
    struct star *star = *state;
    struct tip_held_run runs[TIP_WIRE_HELD_MAX + 1];
    struct node_status status;

    star->hub_schema.unknown_field = FAKE_LATEST + 1;
    for (uint32_t i = 0; i < 2200; i++) {
        struct tip_id id = star_id(star);

        assert_int_equal(
            star_add(star, NEMA, &id, NONE, FAKE_LATEST + 1 - i % 2, 1),
            TIP_OK);
    }
    status = told(star);
    assert_int_equal(status.decided, 2200);
    assert_int_equal(status.held_count, 1100);
    assert_int_equal(
        node_engine_held(star->nodes[NEMA].engine, runs, TIP_WIRE_HELD_MAX + 1),
        TIP_WIRE_HELD_MAX);
    star->hub_schema.unknown_field = 0;
    assert_int_equal(hub_engine_release(star->hub), TIP_OK);
    status = told(star);
    assert_int_equal(status.held_count, 0);
    assert_int_equal(status.decided, 2200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_base_that_was_not_given_or_falls_is_held_back),
        TEST(test_records_of_others_cannot_be_written),
        TEST(test_a_birth_nobody_was_told_of_is_held_back),
        TEST(test_only_the_hub_writes_for_everybody),
        TEST(test_only_the_hub_makes_a_catalogue),
        TEST(test_a_record_named_twice_is_held_back),
        TEST(test_a_record_named_for_nothing_is_held_back),
        TEST(test_a_change_set_no_node_would_save_is_held_back),
        TEST(test_offices_that_are_not_cannot_crowd_out_real_ones),
        TEST(test_a_flood_of_what_waits_costs_no_more_each),
        TEST(test_records_too_many_to_hold_in_memory_are_held_back),
        TEST(test_many_held_back_in_a_row_are_told_in_a_few_bytes),
        TEST(test_what_is_held_back_is_counted_where_it_cannot_be_named),
    };

    return cmocka_run_group_tests_name("hostile_node", tests, NULL, NULL);
}
