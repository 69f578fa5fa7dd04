/* The hub makes records again that it cannot read: from its own frames and
 * those of the offices, to the byte, or not at all. */
#include <string.h>

#include "erasing.h"
#include "star_damage.h"
#include "star_grep.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)
#define EVERY_MS (UINT64_C(48) * 60 * 60 * 1000)
enum { ROW_BYTES = 4096, ROWS_MAX = 32 };

/* Rows of a table of the hub, as they lie in its store. */
struct rows {
    size_t count;
    struct {
        struct tip_key key;
        size_t size;
        uint8_t bytes[ROW_BYTES];
    } rows[ROWS_MAX];
};

static void read_rows(struct star *star, enum tip_table table,
                      struct rows *out_rows)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    struct tip_txn *txn;

    out_rows->count = 0;
    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &txn));
    while (tip_txn_seek(txn, table, TIP_SEEK_AT_OR_AFTER, key, &key, &value) ==
           TIP_OK) {
        size_t i = out_rows->count++;

        assert_true(i < ROWS_MAX && value.size <= ROW_BYTES);
        out_rows->rows[i].key = key;
        out_rows->rows[i].size = value.size;
        memcpy(out_rows->rows[i].bytes, value.data, value.size);
        key = tip_key_next(key);
    }
    tip_txn_abort(txn);
}

static void assert_same(const struct rows *a, const struct rows *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->rows[i].key.hi, b->rows[i].key.hi);
        assert_int_equal(a->rows[i].size, b->rows[i].size);
        assert_memory_equal(a->rows[i].bytes, b->rows[i].bytes,
                            a->rows[i].size);
    }
}

static void close_hub(struct star *star)
{
    OK(hub_engine_flush(star->hub));
    hub_engine_close(star->hub);
    star->hub = NULL;
}

static void spoil(struct star *star, enum tip_table table, struct tip_key key)
{
    assert_true(fake_store_spoil(star->store, table, key));
}

/* No record of the hub can be read any more, and one is gone: not the last,
 * behind which nobody looks. */
static void spoil_all(struct star *star, const struct rows *records)
{
    for (size_t i = 0; i < records->count; i++) {
        spoil(star, TIP_TABLE_RECORD, records->rows[i].key);
    }
    if (records->count > 1) {
        assert_true(fake_store_lose(star->store, TIP_TABLE_RECORD,
                                    records->rows[0].key));
    }
}

static void open_again(struct star *star)
{
    OK(star_open_hub(star));
    for (size_t i = 0; i < star->node_count; i++) {
        star_cut(star, i);
        star_join(star, i);
    }
}

/* Lose all records of the hub at once, and then each alone. */
static void assert_all_come_back(struct star *star)
{
    static struct rows before, after;

    OK(hub_engine_flush(star->hub));
    read_rows(star, TIP_TABLE_RECORD, &before);
    for (size_t i = 0; i <= before.count; i++) {
        close_hub(star);
        if (i == before.count) {
            spoil_all(star, &before);
        } else {
            spoil(star, TIP_TABLE_RECORD, before.rows[i].key);
        }
        open_again(star);
        assert_int_equal(hub_engine_scrubbed(star->hub).made,
                         i == before.count ? before.count : 1);
        OK(hub_engine_flush(star->hub));
        read_rows(star, TIP_TABLE_RECORD, &after);
        assert_same(&before, &after);
    }
}

static void test_a_record_of_one_office_comes_back(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    OK(star_edit(star, HUB, &ids[1], FAKE_LATEST, 9));
    OK(star_edit(star, NEMA, &ids[2], FAKE_LATEST + 1, 8));
    assert_all_come_back(star);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &ids[2], FAKE_LATEST + 1, 8, 1);
    star_assert_settled(star);
}

static void test_what_was_written_apart_stands_apart_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);

    star_join(star, NEMA);
    star_run(star);
    assert_all_come_back(star);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 7, 2);
    star_assert_agreed(star);
}

static void test_who_holds_it_and_what_a_person_let_in_is_kept(void **state)
{
    struct star *star = *state;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = star_held_edit(star, &id);

    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    star_run(star);
    assert_all_come_back(star);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 6, 2);
    star_assert_settled(star);
}

/* Only its author's channel tells of it, and that with the base it got. */
static void test_what_its_author_alone_holds_is_kept_with_its_base(void **state)
{
    struct star *star = *state;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = star_held_edit(star, &id);

    OK(star_member(star, HUB, &id, NEMA, false));
    OK(star_rule(star, ATAR, seq, seq, true, &ruled));
    star_run(star);
    assert_all_come_back(star);
}

static void test_what_a_person_rejected_stays_out(void **state)
{
    struct star *star = *state;
    struct hub_ruled ruled;
    struct tip_id id;
    uint64_t seq = star_held_edit(star, &id);

    OK(star_rule(star, ATAR, seq, seq, false, &ruled));
    star_run(star);
    assert_all_come_back(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
}

static void test_an_erased_record_stays_erased(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");

    erasing_begin(star, &id);
    erasing_run(star);
    assert_all_come_back(star);
    erasing_assert_stub(star, HUB, &id);
    assert_int_equal(star_grep(star, HUB, "Mariem"), 0);
    assert_true(star_has(star, HUB, &other));
}

static void test_a_device_that_was_replaced_is_remembered(void **state)
{
    struct star *star = *state;
    struct tip_id ids[3];

    star_add_many(star, NEMA, ids, 3);
    star_retire(star, NEMA);
    star_replace(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 1, 6));
    star_run(star);
    assert_all_come_back(star);
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST + 1, 6, 1);
}

static void test_a_device_that_was_restored_supersedes_its_own(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id ids[3];

    star_add_many(star, NEMA, ids, 3);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST, 6));
    backup = star_back_up(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    star_restore(star, NEMA, backup);
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST, 7));
    star_run(star);
    assert_all_come_back(star);
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST, 7, 1);
}

/* Néma is back at once, Atar after the others have gone on: what was told it
 * before has other commits now, and the record came to it whole. */
static void test_a_hub_that_was_restored_can_make_them_too(void **state)
{
    struct star *star = *state;
    struct tip_id own = star_id(star), both = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &own, NONE, FAKE_LATEST, 1));
    star_run(star);
    backup = star_backup_hub(star);
    OK(star_add(star, ATAR, &both, NEMA, FAKE_LATEST, 2));
    OK(star_edit(star, NEMA, &own, FAKE_LATEST, 3));
    star_run(star);
    OK(star_edit(star, ATAR, &both, FAKE_LATEST + 1, 4));
    star_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
    star_join(star, NEMA);
    star_run(star);
    OK(hub_engine_recovery_finish(star->hub));
    OK(star_edit(star, HUB, &own, FAKE_LATEST, 5));
    star_run(star);
    assert_all_come_back(star);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &own, FAKE_LATEST, 5, 1);
    ASSERT_SHOWS(star, HUB, &both, FAKE_LATEST + 1, 4, 1);
    star_assert_agreed(star);
}

static void test_what_is_in_no_frame_yet_counts_too(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2];

    star_add_many(star, NEMA, ids, 2);
    star_cut(star, NEMA);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST, 9));
    star_run(star);
    close_hub(star);
    spoil(star, TIP_TABLE_RECORD, TIP_KEY(1, 0));
    OK(star_open_hub(star));
    star_join(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &ids[0], FAKE_LATEST, 9, 1);
    star_assert_settled(star);
}

/* The hub may not go on with half of a record: it does not open, and the first
 * record is as it was. */
static void assert_stays_closed(struct star *star)
{
    static struct rows after;

    assert_int_equal(star_open_hub(star), TIP_ESTORE_DAMAGED);
    read_rows(star, TIP_TABLE_RECORD, &after);
    assert_int_equal(after.count, 0);
}

static void test_without_the_frame_it_came_in_it_does_not(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2];

    star_add_many(star, NEMA, ids, 2);
    close_hub(star);
    spoil(star, TIP_TABLE_RECORD, TIP_KEY(1, 0));
    spoil(star, TIP_TABLE_FRAME_UP, TIP_KEY(STAR_ORIGIN_FIRST + NEMA, 1));
    assert_stays_closed(star);
}

/* An edit is told of in a frame that cannot be read: what the rest gives is a
 * record, but not what the office holds. */
static void test_what_the_office_does_not_hold_takes_no_place(void **state)
{
    struct star *star = *state;
    struct rows *frames = malloc(sizeof *frames);
    struct tip_id ids[2];

    star_add_many(star, NEMA, ids, 2);
    OK(star_edit(star, HUB, &ids[0], FAKE_LATEST, 9));
    star_run(star);
    close_hub(star);
    assert_non_null(frames);
    read_rows(star, TIP_TABLE_FRAME_DOWN, frames);
    spoil(star, TIP_TABLE_RECORD, TIP_KEY(1, 0));
    for (size_t i = frames->count; i-- > 0;) {
        if (frames->rows[i].key.hi == STAR_OFFICE_FIRST + NEMA) {
            spoil(star, TIP_TABLE_FRAME_DOWN, frames->rows[i].key);
            break;
        }
    }
    free(frames);
    assert_stays_closed(star);
}

static void test_a_scrub_makes_again_what_it_finds(void **state)
{
    static struct rows before, after;
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_wait(star, 1000);
    star_run(star);
    OK(hub_engine_flush(star->hub));
    read_rows(star, TIP_TABLE_RECORD, &before);
    assert_true(fake_store_lose(star->store, TIP_TABLE_RECORD, TIP_KEY(2, 0)));
    spoil(star, TIP_TABLE_RECORD, TIP_KEY(4, 0));
    star_wait(star, EVERY_MS);
    star_run(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).made, 2);
    assert_int_equal(hub_engine_scrubbed(star->hub).found, 0);
    OK(hub_engine_flush(star->hub));
    read_rows(star, TIP_TABLE_RECORD, &after);
    assert_same(&before, &after);
}

/* Nobody waits two days for work on a record that cannot be read. */
static void test_work_on_it_has_it_made_again_at_once(void **state)
{
    struct star *star = *state;
    struct tip_id ids[5];

    star_add_many(star, NEMA, ids, 5);
    star_wait(star, 1000);
    star_run(star);
    star_wait(star, UINT64_C(2) * 60 * 60 * 1000);
    star_run(star);
    OK(hub_engine_flush(star->hub));
    spoil(star, TIP_TABLE_RECORD, TIP_KEY(2, 0));
    OK(star_edit(star, NEMA, &ids[1], FAKE_LATEST + 1, 6));
    do {
        assert_true(star_step(star));
    } while (hub_engine_flush(star->hub) == TIP_OK);
    assert_int_equal(hub_engine_losing(star->hub), TIP_ESTORE_DAMAGED);
    star_run(star);
    assert_int_equal(hub_engine_scrubbed(star->hub).made, 1);
    for (int i = 0; i < 5; i++) {
        star_wait(star, UINT64_C(60) * 1000); /* The node tries again. */
        star_run(star);
    }
    ASSERT_SHOWS(star, HUB, &ids[1], FAKE_LATEST + 1, 6, 1);
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_record_of_one_office_comes_back),
        STAR_TEST(test_what_was_written_apart_stands_apart_again),
        STAR_TEST(test_who_holds_it_and_what_a_person_let_in_is_kept),
        STAR_TEST(test_what_its_author_alone_holds_is_kept_with_its_base),
        STAR_TEST(test_what_a_person_rejected_stays_out),
        STAR_TEST(test_an_erased_record_stays_erased),
        STAR_TEST(test_a_device_that_was_replaced_is_remembered),
        STAR_TEST(test_a_device_that_was_restored_supersedes_its_own),
        STAR_TEST(test_a_hub_that_was_restored_can_make_them_too),
        STAR_TEST(test_what_is_in_no_frame_yet_counts_too),
        STAR_TEST(test_without_the_frame_it_came_in_it_does_not),
        STAR_TEST(test_what_the_office_does_not_hold_takes_no_place),
        STAR_TEST(test_a_scrub_makes_again_what_it_finds),
        STAR_TEST(test_work_on_it_has_it_made_again_at_once),
    };

    return cmocka_run_group_tests_name("rebuild", tests, NULL, NULL);
}
