/* Rules of a frame of the hub that was stored, waits for its checkpoint, and is
 * lost: it keeps no program from starting, is missed at once, and comes again.
 */
#include "node_engine_internal.h"
#include "star_damage.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { PARTS = 30, PART_BYTES = 2000, OFFICE = STAR_OFFICE_FIRST + NEMA };

/* A record of Atar's that takes more than a frame, given to Néma. */
static void give_large(struct star *star, struct tip_id *id)
{
    uint8_t bytes[PART_BYTES];
    const struct tip_change change = {
        .field = FAKE_LATEST + 9,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = TIP_BYTES_OF(bytes)}};

    star_add_many(star, ATAR, id, 1);
    star_cut(star, NEMA);
    for (uint32_t i = 0; i < PARTS; i++) {
        struct tip_change part = change;

        part.field += i;
        star->prng.base.fill(&star->prng.base, bytes, sizeof bytes);
        OK(star_write(star, ATAR, id, &part));
        star_run(star);
    }
    OK(star_member(star, ATAR, id, NEMA, true));
    star_run(star);
}

static const struct node_channel_row *own_channel(struct star *star)
{
    return &star->nodes[NEMA].engine->channels[NODE_CHANNEL_OWN].row;
}

/* Let some of it come; the line is cut before the rest. */
static uint64_t come_in_part(struct star *star)
{
    star_join(star, NEMA);
    while (own_channel(star)->position.head.number ==
           own_channel(star)->applied) {
        assert_true(star_step(star));
    }
    OK(node_engine_flush(star->nodes[NEMA].engine));
    star_cut(star, NEMA);
    return own_channel(star)->applied + 1;
}

typedef bool damage(struct fake_store *store, enum tip_table table,
                    struct tip_key key);

static void come_all_the_same(struct star *star, damage *how, bool is_crashed)
{
    struct tip_id id;
    uint64_t index;

    give_large(star, &id);
    index = come_in_part(star);
    assert_true(how(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN,
                    TIP_KEY(OFFICE, index)));
    if (is_crashed) {
        star_crash_node(star, NEMA);
    }
    star_join(star, NEMA);
    for (int i = 0; i < 60; i++) {
        star_wait(star, 1000);
        star_run(star);
    }
    assert_true(star_has(star, NEMA, &id));
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    assert_int_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
    assert_int_equal(star_status(star, NEMA).scrub_rest.count, 0);
    star_assert_agrees(star, NEMA);
}

static void test_one_that_is_gone_comes_again(void **state)
{
    come_all_the_same(*state, fake_store_lose, false);
}

static void test_one_that_cannot_be_read_comes_again(void **state)
{
    come_all_the_same(*state, fake_store_spoil, false);
}

static void test_one_that_is_gone_keeps_nobody_from_starting(void **state)
{
    come_all_the_same(*state, fake_store_lose, true);
}

static void
test_one_that_cannot_be_read_keeps_nobody_from_starting(void **state)
{
    come_all_the_same(*state, fake_store_spoil, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_one_that_is_gone_comes_again),
        STAR_TEST(test_one_that_cannot_be_read_comes_again),
        STAR_TEST(test_one_that_is_gone_keeps_nobody_from_starting),
        STAR_TEST(test_one_that_cannot_be_read_keeps_nobody_from_starting),
    };

    return cmocka_run_group_tests_name("waiting_lost", tests, NULL, NULL);
}
