/* Rules of the reading of everything but the records: what is altered in any
 * table is found while work goes on, what is sound is not called rotten. */
#include <string.h>

#include "hub_engine_internal.h"
#include "node_engine_internal.h"
#include "star_damage.h"
#include "star_offices.h"

#define EVERY_MS (UINT64_C(48) * 60 * 60 * 1000)

#define OK(call) assert_int_equal((call), TIP_OK)

/* Let @star read all of its stores. */
static void survey(struct star *star)
{
    star_wait(star, EVERY_MS);
    for (int i = 0; i < 8; i++) {
        star_wait(star, 1000);
        star_run(star);
    }
}

static struct tip_survey_report at_node(struct star *star)
{
    return star_status(star, NEMA).scrub_rest;
}

static struct tip_survey_report at_hub(struct star *star)
{
    return hub_engine_scrubbed(star->hub).rest;
}

#define ASSERT_SOUND(star)                          \
    do {                                            \
        assert_int_equal(at_node((star)).count, 0); \
        assert_int_equal(at_hub((star)).count, 0);  \
    } while (0)

#define ASSERT_FOUND(report, kind_, a_, b_)               \
    do {                                                  \
        struct tip_survey_report report_ = (report);      \
        assert_int_equal(report_.count, 1);               \
        assert_int_equal(report_.first[0].kind, (kind_)); \
        assert_int_equal(report_.first[0].a, (a_));       \
        assert_int_equal(report_.first[0].b, (b_));       \
    } while (0)

/* Records with history, something held back, and work that is not sent. */
static void work(struct star *star)
{
    struct tip_id ids[4];

    star_add_many(star, NEMA, ids, 4);
    for (uint32_t i = 0; i < 3; i++) {
        OK(star_edit(star, NEMA, &ids[i], FAKE_LATEST, 70 + i));
        star_run(star);
        OK(star_edit(star, HUB, &ids[i], FAKE_LATEST, 80 + i));
        star_run(star);
    }
    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    OK(star_edit(star, NEMA, &ids[3], FAKE_LATEST + 5, 4));
    star_run(star);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 90));
    OK(node_engine_flush(star->nodes[NEMA].engine));
    OK(hub_engine_flush(star->hub));
}

/* Flip bytes of the first row of @table. */
static void spoil_first(struct fake_store *store, enum tip_table table)
{
    struct tip_bytes value;
    struct tip_txn *txn;
    struct tip_key key;

    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER, TIP_KEY(0, 0), &key,
                    &value));
    tip_txn_abort(txn);
    assert_true(fake_store_spoil(store, table, key));
}

static struct star *fresh(void **state)
{
    star_offices_teardown(state);
    star_offices_setup(state);
    work(*state);
    return *state;
}

static void test_an_altered_row_of_any_table_of_an_office_is_found(void **state)
{
    static const struct {
        enum tip_table table;
        enum tip_inspect_kind kind;
    } tables[] = {{TIP_TABLE_META, TIP_INSPECT_ROW},
                  {TIP_TABLE_HISTORY, TIP_INSPECT_HISTORY},
                  {TIP_TABLE_OUTBOX, TIP_INSPECT_OUTBOX},
                  {TIP_TABLE_FRAME_UP, TIP_INSPECT_FRAME},
                  {TIP_TABLE_FRAME_DOWN, TIP_INSPECT_FRAME},
                  {TIP_TABLE_CHANNEL, TIP_INSPECT_ITEM},
                  {TIP_TABLE_HOLDING, TIP_INSPECT_ROW}};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct star *star = fresh(state);

        spoil_first(star->nodes[NEMA].store, tables[i].table);
        survey(star);
        assert_int_equal(at_node(star).count, 1);
        assert_int_equal(at_node(star).first[0].kind, tables[i].kind);
        /* A frame alone is missed where it was, and asked for. */
        assert_int_equal(star->nodes[NEMA].engine->scrub.base.survey.hole_count,
                         tables[i].kind == TIP_INSPECT_FRAME ? 1 : 0);
        assert_int_equal(at_hub(star).count, 0);
    }
}

static void test_an_altered_row_of_any_table_of_the_hub_is_found(void **state)
{
    static const struct {
        enum tip_table table;
        enum tip_inspect_kind kind;
    } tables[] = {{TIP_TABLE_META, TIP_INSPECT_ROW},
                  {TIP_TABLE_HISTORY, TIP_INSPECT_HISTORY},
                  {TIP_TABLE_FRAME_UP, TIP_INSPECT_FRAME},
                  {TIP_TABLE_FRAME_DOWN, TIP_INSPECT_FRAME},
                  {TIP_TABLE_CHANNEL, TIP_INSPECT_ROW},
                  {TIP_TABLE_HELD, TIP_INSPECT_ROW},
                  {TIP_TABLE_ORIGIN, TIP_INSPECT_ROW},
                  {TIP_TABLE_HOLDING, TIP_INSPECT_ROW}};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct star *star = fresh(state);

        spoil_first(star->store, tables[i].table);
        survey(star);
        assert_int_equal(at_hub(star).count, 1);
        assert_int_equal(at_hub(star).first[0].kind, tables[i].kind);
        assert_int_equal(at_node(star).count, 0);
    }
}

/* Put @text in the place of the row of @table at @key. */
static void replace(struct fake_store *store, enum tip_table table,
                    struct tip_key key, const char *text)
{
    struct tip_txn *txn;

    OK(tip_store_begin(&store->base, TIP_TXN_WRITE, &txn));
    OK(tip_txn_put(txn, table, key, tip_bytes_text(text)));
    OK(tip_txn_commit(txn));
}

/* It opens, but it is not what it should be. */
static void test_a_row_that_does_not_decode_is_found(void **state)
{
    struct star *star = *state;

    work(star);
    replace(star->nodes[NEMA].store, TIP_TABLE_HISTORY, TIP_KEY(1, 1), "no");
    replace(star->store, TIP_TABLE_HELD, TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 8),
            "no");
    survey(star);
    ASSERT_FOUND(at_node(star), TIP_INSPECT_HISTORY, 1, 1);
    ASSERT_FOUND(at_hub(star), TIP_INSPECT_ROW, TIP_TABLE_HELD, 0);
}

/* While it is away; else it says it anew. */
static void test_what_an_office_said_is_read_too(void **state)
{
    struct star *star = *state;

    work(star);
    star_cut(star, NEMA);
    star_run(star);
    OK(hub_engine_keep(star->hub));
    replace(star->store, TIP_TABLE_ORIGIN, TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 1),
            "no");
    survey(star);
    ASSERT_FOUND(at_hub(star), TIP_INSPECT_ROW, TIP_TABLE_ORIGIN, 0);
}

/* What is gone leaves a chain that does not hold; the end of it too. */
static void test_a_frame_that_is_gone_is_found(void **state)
{
    struct star *star = *state;
    const uint32_t office = STAR_OFFICE_FIRST + NEMA;
    const uint32_t feed = STAR_ORIGIN_FIRST + NEMA;
    struct tip_bytes value;
    struct tip_txn *txn;
    struct tip_key key;

    work(star);
    assert_true(fake_store_lose(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN,
                                TIP_KEY(office, 2)));
    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_seek(txn, TIP_TABLE_FRAME_UP, TIP_SEEK_AT_OR_BEFORE,
                    TIP_KEY(feed, UINT64_MAX), &key, &value));
    tip_txn_abort(txn);
    assert_true(fake_store_lose(star->store, TIP_TABLE_FRAME_UP, key));
    survey(star);
    ASSERT_FOUND(at_node(star), TIP_INSPECT_CHAIN, office, 3);
    ASSERT_FOUND(at_hub(star), TIP_INSPECT_END, feed, key.lo - 1);
}

/* 700 entries are read in several steps. */
static void test_an_entry_of_a_history_that_is_gone_is_found(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    for (uint32_t i = 0; i < 700; i++) {
        OK(star_edit(star, HUB, &id, FAKE_LATEST, i));
    }
    star_run(star);
    survey(star);
    ASSERT_SOUND(star);
    assert_true(
        fake_store_lose(star->store, TIP_TABLE_HISTORY, TIP_KEY(1, 500)));
    survey(star);
    ASSERT_FOUND(at_hub(star), TIP_INSPECT_HISTORY_GONE, 1, 500);
}

static void lose_chain(struct fake_store *store, enum tip_table table,
                       uint64_t number)
{
    for (uint64_t i = 1; i < 100; i++) {
        (void)fake_store_lose(store, table, TIP_KEY(number, i));
    }
}

static void test_a_chain_that_is_gone_whole_is_missed(void **state)
{
    struct star *star = *state;
    const uint32_t office = STAR_OFFICE_FIRST + NEMA;
    const uint32_t feed = STAR_ORIGIN_FIRST + NEMA;

    work(star);
    lose_chain(star->nodes[NEMA].store, TIP_TABLE_FRAME_DOWN, office);
    lose_chain(star->store, TIP_TABLE_FRAME_UP, feed);
    survey(star);
    ASSERT_FOUND(at_node(star), TIP_INSPECT_END, office, 0);
    ASSERT_FOUND(at_hub(star), TIP_INSPECT_END, feed, 0);
}

/* What was found is told until a survey finds nothing, also over a restart. */
static void test_what_was_found_is_told_until_it_is_gone(void **state)
{
    struct star *star = *state;
    struct fake_store *store = star->nodes[NEMA].store;
    struct tip_key key = TIP_KEY(1, 1);
    struct tip_bytes value;
    struct tip_txn *txn;
    uint8_t kept[4096];
    size_t size;

    work(star);
    OK(tip_store_begin(&store->base, TIP_TXN_READ, &txn));
    OK(tip_txn_get(txn, TIP_TABLE_HISTORY, key, &value));
    assert_true(value.size <= sizeof kept);
    memcpy(kept, value.data, size = value.size);
    tip_txn_abort(txn);
    assert_true(fake_store_spoil(store, TIP_TABLE_HISTORY, key));
    survey(star);
    star_crash_node(star, NEMA);
    ASSERT_FOUND(at_node(star), TIP_INSPECT_HISTORY, 1, 1);
    OK(node_engine_flush(star->nodes[NEMA].engine));
    OK(tip_store_begin(&store->base, TIP_TXN_WRITE, &txn));
    OK(tip_txn_put(txn, TIP_TABLE_HISTORY, key, tip_bytes(kept, size)));
    OK(tip_txn_commit(txn));
    ASSERT_FOUND(at_node(star), TIP_INSPECT_HISTORY, 1, 1);
    survey(star);
    ASSERT_SOUND(star);
}

/* In the middle of a feed the frames that were read are exchanged. */
static void
test_what_was_taken_back_meanwhile_is_not_called_rotten(void **state)
{
    struct star *star = *state;
    struct tip_survey *survey;
    struct tip_id id;

    star_add_many(star, NEMA, &id, 1);
    for (uint32_t i = 0; i < 60; i++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, i));
        star_run(star);
    }
    star_wait(star, EVERY_MS);
    star_run(star);
    survey = &star->nodes[NEMA].engine->scrub.base.survey;
    assert_true(survey->is_on && survey->is_in_chain);
    assert_true(survey->head.number > 0);
    survey->head.hash[0] ^= 1;
    for (int i = 0; i < 20; i++) {
        star_wait(star, 1000);
        star_run(star);
    }
    assert_false(survey->is_on);
    ASSERT_SOUND(star);
}

/* What it adds up to is what was kept with every commit, also of records that
 * are written to while the others are read. */
static void test_what_the_hub_keeps_of_holdings_is_added_up(void **state)
{
    static struct tip_id ids[500];
    struct star *star = *state;
    struct hub_channel *channel = NULL;

    star_add_many(star, NEMA, ids, 500);
    survey(star);
    star_wait(star, EVERY_MS);
    star_run(star);
    assert_true(star->hub->scrub.sums.count != 0);
    for (size_t i = 0; i < 500; i += 50) {
        struct tip_id id = star_id(star);

        OK(star_edit(star, HUB, &ids[i], FAKE_LATEST + 1, 7));
        OK(star_add(star, HUB, &id, NEMA, FAKE_LATEST, 1));
        star_run(star);
    }
    survey(star);
    ASSERT_SOUND(star);
    for (size_t i = 0; i < star->hub->channel_count; i++) {
        if (star->hub->channels[i].row.channel == STAR_OFFICE_FIRST + NEMA) {
            channel = &star->hub->channels[i];
        }
    }
    assert_non_null(channel);
    channel->holding.parts[3][0] ^= 1;
    survey(star);
    ASSERT_FOUND(at_hub(star), TIP_INSPECT_HOLDING, STAR_OFFICE_FIRST + NEMA,
                 0);
    OK(star_edit(star, HUB, &ids[1], FAKE_LATEST + 1, 8));
    survey(star);
    ASSERT_SOUND(star);
    star_assert_agrees(star, NEMA);
}

/* Each minute where it is is kept; the power goes again and again. */
static void test_it_comes_to_its_end_though_nobody_lets_it_run(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    uint64_t began;

    star_add_many(star, NEMA, &id, 1);
    for (uint32_t i = 0; i < 60; i++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, i));
        star_run(star);
    }
    assert_true(fake_store_spoil(star->nodes[NEMA].store, TIP_TABLE_FRAME_UP,
                                 TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 50)));
    assert_true(fake_store_spoil(star->store, TIP_TABLE_FRAME_UP,
                                 TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 51)));
    star_wait(star, EVERY_MS);
    began = star->clock.now_ms;
    for (int i = 0; i < 20; i++) {
        star_wait(star, UINT64_C(61) * 1000);
        star_run(star);
        star_crash_hub(star);
        star_crash_node(star, NEMA);
        star_run(star);
    }
    assert_true(star_status(star, NEMA).scrubbed_ms > began);
    assert_true(hub_engine_scrubbed(star->hub).done_ms > began);
    ASSERT_FOUND(at_node(star), TIP_INSPECT_FRAME, STAR_ORIGIN_FIRST + NEMA,
                 50);
    ASSERT_FOUND(at_hub(star), TIP_INSPECT_FRAME, STAR_ORIGIN_FIRST + NEMA, 51);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_an_altered_row_of_any_table_of_an_office_is_found),
        STAR_TEST(test_an_altered_row_of_any_table_of_the_hub_is_found),
        STAR_TEST(test_a_row_that_does_not_decode_is_found),
        STAR_TEST(test_what_an_office_said_is_read_too),
        STAR_TEST(test_a_frame_that_is_gone_is_found),
        STAR_TEST(test_an_entry_of_a_history_that_is_gone_is_found),
        STAR_TEST(test_a_chain_that_is_gone_whole_is_missed),
        STAR_TEST(test_what_was_found_is_told_until_it_is_gone),
        STAR_TEST(test_what_was_taken_back_meanwhile_is_not_called_rotten),
        STAR_TEST(test_what_the_hub_keeps_of_holdings_is_added_up),
        STAR_TEST(test_it_comes_to_its_end_though_nobody_lets_it_run),
    };

    return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
