/* Rules of own work that the disk of an office lost before it was sent: what
 * was saved behind it goes on, and people see that something is missing. */
#include "fake_store.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* The newest change-set of Néma, which is @is_gone or has rotted. */
static void lose_newest(struct star *star, bool is_gone)
{
    const uint64_t seq = star_status(star, NEMA).saved;
    const struct tip_key key = TIP_KEY(STAR_ORIGIN_FIRST + NEMA, seq);
    struct fake_store *store = star->nodes[NEMA].store;

    OK(node_engine_flush(star->nodes[NEMA].engine));
    assert_true(is_gone ? fake_store_lose(store, TIP_TABLE_OUTBOX, key)
                        : fake_store_spoil(store, TIP_TABLE_OUTBOX, key));
}

/* A record of Néma in which it wrote 7 while away, which is lost, and one that
 * it made behind that. */
static void lose_one(struct star *star, bool is_gone, struct tip_id ids[2])
{
    ids[0] = star_id(star);
    ids[1] = star_id(star);
    OK(star_add(star, NEMA, &ids[0], NONE, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 7));
    lose_newest(star, is_gone);
    OK(star_add(star, NEMA, &ids[1], NONE, FAKE_LATEST, 5));
}

static void assert_held_and_rejected(struct star *star,
                                     const struct tip_id ids[2])
{
    struct hub_ruled ruled;
    size_t count;

    assert_int_equal(star_status(star, NEMA).held_count, 1);
    assert_int_equal(star_code(star, HUB, &ids[1], FAKE_LATEST, &count), 5);
    OK(star_rule(star, NEMA, 2, 2, false, &ruled));
    star_run(star);
    assert_int_equal(star_status(star, NEMA).decided, 3);
    for (int i = HUB; i <= NEMA; i++) {
        ASSERT_SHOWS(star, i, &ids[0], FAKE_LATEST, 1, 1);
    }
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 7));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &ids[0], FAKE_LATEST, 7, 1);
    star_assert_settled(star);
}

static void test_what_was_saved_behind_what_rotted_goes_on(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2];

    lose_one(star, false, ids);
    star_join(star, NEMA);
    star_run(star); /* It finds out, and greets again in a second. */
    star_wait(star, 2000);
    star_run(star);
    assert_held_and_rejected(star, ids);
}

static void test_what_was_saved_behind_what_is_gone_goes_on(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2];

    lose_one(star, true, ids);
    star_crash_node(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    assert_held_and_rejected(star, ids);
}

/* The first look is refused; then the record is shown as it was before. */
static void test_a_record_is_shown_again_without_a_line(void **state)
{
    struct star *star = *state;
    struct tip_wire_record stored;
    struct tip_record view;
    struct tip_arena arena;
    struct tip_id ids[2];
    struct node_engine *engine = star->nodes[NEMA].engine;

    lose_one(star, false, ids);
    OK(node_engine_flush(engine));
    tip_arena_init(&arena, (size_t)1024 * 1024);
    assert_int_equal(node_engine_view(engine, 1, &arena, &stored, &view),
                     TIP_ESTORE_DAMAGED);
    OK(node_engine_pump(engine));
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, NEMA, &ids[1], FAKE_LATEST, 5, 1);
    tip_arena_deinit(&arena);
}

/* Neither the save nor the record that it made can be read. */
static void test_what_names_no_record_any_more_stops_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2] = {star_id(star), star_id(star)};
    size_t count;

    star_cut(star, NEMA);
    OK(star_add(star, NEMA, &ids[0], NONE, FAKE_LATEST, 7));
    lose_newest(star, false);
    assert_true(fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_RECORD,
                                 TIP_KEY(1, 0)));
    OK(star_add(star, NEMA, &ids[1], NONE, FAKE_LATEST, 5));
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_code(star, HUB, &ids[1], FAKE_LATEST, &count), 5);
    assert_int_equal(star_status(star, NEMA).held_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_was_saved_behind_what_rotted_goes_on),
        STAR_TEST(test_what_was_saved_behind_what_is_gone_goes_on),
        STAR_TEST(test_a_record_is_shown_again_without_a_line),
        STAR_TEST(test_what_names_no_record_any_more_stops_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
