/* The hub makes a record again that was written in one save with another, which
 * was erased since. */
#include "erasing.h"
#include "star_grep.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* One save of Néma in both, whose reason speaks of "Mariem". */
static void write_both(struct star *star, const struct tip_id *a,
                       const struct tip_id *b)
{
    struct node_engine *nema = star->nodes[NEMA].engine;
    const struct tip_change change = {
        .field = FAKE_LATEST + 7, .value = {.kind = TIP_VALUE_CODE, .code = 4}};
    const struct tip_draft_record records[] = {
        {.id = *a,
         .seen = node_engine_seen(nema),
         .changes = &change,
         .change_count = 1},
        {.id = *b,
         .seen = node_engine_seen(nema),
         .changes = &change,
         .change_count = 1},
    };
    const struct tip_draft draft = {.records = records,
                                    .record_count = 2,
                                    .author = tip_bytes_text("clerk"),
                                    .reason = tip_bytes_text("also of Mariem")};
    struct tip_saved saved;

    OK(node_engine_save(nema, &draft, &saved));
    OK(node_engine_flush(nema));
    star_run(star);
}

/* Where record @id lies at the hub. */
static struct tip_key key_of(struct star *star, const struct tip_id *id)
{
    const struct tip_record_ref ref = {.id = *id};
    struct tip_txn *txn;
    uint32_t ordinal;

    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &txn));
    OK(tip_record_table_find(hub_engine_records(star->hub), txn, &ref,
                             &ordinal));
    tip_txn_abort(txn);
    return TIP_KEY(ordinal, 0);
}

/* The hub starts with the records at @keys flipped. */
static void rot(struct star *star, const struct tip_key *keys, size_t count)
{
    OK(hub_engine_flush(star->hub));
    hub_engine_close(star->hub);
    star->hub = NULL;
    for (size_t i = 0; i < count; i++) {
        assert_true(fake_store_spoil(star->store, TIP_TABLE_RECORD, keys[i]));
    }
    OK(star_open_hub(star));
    for (size_t i = 0; i < star->node_count; i++) {
        star_cut(star, i);
        star_join(star, i);
    }
    star_run(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).made, count);
}

/* Frames have lost the reason, which may speak of who was erased; and nothing
 * else of what was written to the other. */
static void test_it_is_made_again_without_what_may_speak_of_that(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct tip_key key;

    write_both(star, &id, &other);
    erasing_begin(star, &id);
    erasing_run(star);
    key = key_of(star, &other);
    rot(star, &key, 1);
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST + 7, 4, 1);
    assert_int_equal(star_grep(star, HUB, "Mariem"), 0);
    erasing_assert_stub(star, HUB, &id);
    erasing_assert_agreement(star);
}

/* Neither has a history that says whose the place is; the one that is not
 * erased was there first. */
static void test_each_comes_back_to_its_own_place(void **state)
{
    struct star *star = *state;
    struct tip_id first = star_id(star), id;
    struct tip_key keys[2];

    OK(star_add(star, NEMA, &first, NONE, FAKE_LATEST, 1));
    star_run(star);
    id = erasing_somebody(star, "Mariem");
    erasing_begin(star, &id);
    erasing_run(star);
    keys[0] = key_of(star, &first);
    keys[1] = key_of(star, &id);
    rot(star, keys, 2);
    assert_int_equal(key_of(star, &first).hi, keys[0].hi);
    assert_int_equal(key_of(star, &id).hi, keys[1].hi);
    erasing_assert_stub(star, HUB, &id);
    erasing_assert_agreement(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_it_is_made_again_without_what_may_speak_of_that),
        STAR_TEST(test_each_comes_back_to_its_own_place),
    };

    return cmocka_run_group_tests_name("rebuild_erased", tests, NULL, NULL);
}
