/* Rules of a node whose disk is older than what it has sent. */
#include "node_engine_internal.h"
#include "restored.h"
#include "star_damage.h"

static void test_what_was_sent_after_the_backup_comes_back(void **state)
{
    struct star *star = *state;
    struct tip_id before = add(star, NEMA, 1);
    struct fake_store *backup;
    struct tip_id after;

    star_run(star);
    backup = star_back_up(star, NEMA);
    after = add(star, NEMA, 2);
    OK(star_edit(star, NEMA, &before, FAKE_LATEST, 3));
    star_run(star);
    star_restore(star, NEMA, backup);
    ASSERT_SHOWS(star, NEMA, &before, FAKE_LATEST, 1, 1);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &before, FAKE_LATEST, 3, 1);
    ASSERT_SHOWS(star, NEMA, &after, FAKE_LATEST, 2, 1);
    assert_recovered(star);
}

static void test_restore_with_unsent_work_loses_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id sent = add(star, NEMA, 1);
    struct tip_id waiting, lost_here, new_here;
    struct fake_store *backup;

    star_run(star);
    star_cut(star, NEMA);
    waiting = add(star, NEMA, 2); /* In the copy, and sent later. */
    backup = star_back_up(star, NEMA);
    lost_here = add(star, NEMA, 3);
    OK(star_edit(star, NEMA, &sent, FAKE_LATEST, 4));
    star_join(star, NEMA);
    star_run(star);
    star_restore(star, NEMA, backup);
    star_cut(star, NEMA);
    /* The seq of @lost_here again, and by the restored clock its stamp. */
    new_here = add(star, NEMA, 3);
    OK(star_edit(star, NEMA, &sent, FAKE_REVIEW, 6));
    star_join(star, NEMA);
    star_run(star);
    for (int i = HUB; i <= NEMA; i++) {
        ASSERT_SHOWS(star, i, &sent, FAKE_LATEST, 4, 1);
        ASSERT_SHOWS(star, i, &sent, FAKE_REVIEW, 6, 1);
        ASSERT_SHOWS(star, i, &waiting, FAKE_LATEST, 2, 1);
        ASSERT_SHOWS(star, i, &lost_here, FAKE_LATEST, 3, 1);
        ASSERT_SHOWS(star, i, &new_here, FAKE_LATEST, 3, 1);
    }
    assert_recovered(star);
}

static void test_what_both_copies_wrote_stands_side_by_side(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);
    struct fake_store *backup;

    star_run(star);
    backup = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, backup);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_join(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 3, 2);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 2);
    assert_recovered(star);
}

static void test_others_see_nothing_but_the_work(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 3, 1);
    assert_recovered(star);
    assert_int_equal(star_status(star, ATAR).bad_messages, 0);
    assert_int_equal(star_status(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
}

static void test_a_device_may_be_restored_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);

    star_run(star);
    for (uint32_t round = 0; round < 4; round++) {
        struct fake_store *backup = star_back_up(star, NEMA);

        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 10 + round));
        star_run(star);
        star_restore(star, NEMA, backup);
        star_run(star);
        ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 10 + round, 1);
        assert_recovered(star);
    }
}

static void test_work_goes_on_while_the_node_finds_out(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);
    struct fake_store *backup;
    struct tip_id late;

    star_run(star);
    backup = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, backup);
    /* One message at a time, and a save after each. */
    for (uint32_t i = 0; i < 12; i++) {
        late = add(star, NEMA, 50 + i);
        star_step(star);
    }
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 2, 1);
    ASSERT_SHOWS(star, HUB, &late, FAKE_LATEST, 61, 1);
    assert_recovered(star);
}

static void test_power_may_go_at_every_step_of_the_way(void **state)
{
    struct star *star = *state;

    for (uint32_t cut = 0; cut < 12; cut++) {
        struct tip_id id = add(star, NEMA, 1);
        struct fake_store *backup;
        struct tip_id new_here;

        star_run(star);
        backup = star_back_up(star, NEMA);
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
        star_run(star);
        star_restore(star, NEMA, backup);
        new_here = add(star, NEMA, 7);
        for (uint32_t i = 0; i < cut; i++) {
            star_step(star);
        }
        if (cut % 2 == 0) {
            star_crash_node(star, NEMA);
        } else {
            star_crash_hub(star);
        }
        star_run(star);
        ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 2, 1);
        ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 2, 1);
        ASSERT_SHOWS(star, HUB, &new_here, FAKE_LATEST, 7, 1);
        assert_recovered(star);
    }
}

/* Of the frames that come back some are here already, in the table to which its
 * own are added. */
static void test_work_saved_when_cut_off_on_the_way_back_is_sent(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);
    struct fake_store *backup;
    struct tip_id late;

    star_run(star);
    backup = star_back_up(star, NEMA);
    for (uint32_t i = 0; i < 3; i++) {
        OK(star_edit(star, NEMA, &id, FAKE_LATEST, 10 + i));
        star_run(star);
    }
    star_restore(star, NEMA, backup);
    while (star_status(star, NEMA).recalled < 2) {
        assert_true(star_step(star));
    }
    star_cut(star, NEMA);
    late = add(star, NEMA, 7);
    star_join(star, NEMA);
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 12, 1);
    ASSERT_SHOWS(star, HUB, &late, FAKE_LATEST, 7, 1);
    assert_recovered(star);
}

/* What was saved since the backup and not sent is written again: over a record
 * that cannot be read, and over one that nobody else has. */
static void test_a_damaged_record_does_not_stop_it(void **state)
{
    struct star *star = *state;
    struct tip_id ids[2] = {add(star, NEMA, 1), add(star, NEMA, 1)};
    struct fake_store *backup;
    struct tip_id made;

    star_run(star);
    backup = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &ids[0], FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, backup);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &ids[0], FAKE_REVIEW, 6));
    OK(star_edit(star, NEMA, &ids[1], FAKE_REVIEW, 7));
    made = add(star, NEMA, 8);
    star_spoil(star, NEMA, &ids[0]);
    star_lose(star, NEMA, &ids[1]);
    star_spoil(star, NEMA, &made);
    star_join(star, NEMA);
    star_run(star);
    for (int i = 0; i < 3; i++) {
        star_wait(star, UINT64_C(11) * 60 * 1000);
        star_run(star);
    }
    for (int i = HUB; i <= NEMA; i++) {
        ASSERT_SHOWS(star, i, &ids[0], FAKE_LATEST, 2, 1);
        ASSERT_SHOWS(star, i, &ids[0], FAKE_REVIEW, 6, 1);
        ASSERT_SHOWS(star, i, &ids[1], FAKE_LATEST, 1, 1);
        ASSERT_SHOWS(star, i, &ids[1], FAKE_REVIEW, 7, 1);
        ASSERT_SHOWS(star, i, &made, FAKE_LATEST, 8, 1);
    }
    assert_recovered(star);
}

/* Own work is laid over records again when one comes whole: not what our older
 * self had sent, which this disk has never seen. */
static void test_what_came_back_lies_over_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id other = add(star, ATAR, 2);
    struct fake_store *backup = star_back_up(star, NEMA);
    struct tip_id id = star_id(star);

    /* The hub holds the edit back, so that no echo of it comes. */
    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    star_cut(star, NEMA);
    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    OK(star_edit(star, NEMA, &id, FAKE_LATEST + 5, 4));
    star_join(star, NEMA);
    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    OK(star_member(star, ATAR, &other, NEMA, true));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &other, FAKE_LATEST, 2, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 1, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST + 5, 0, 0);
    star->hub_schema.unknown_field = 0;
    OK(hub_engine_release(star->hub));
    star_run(star);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST + 5, 4, 1);
    assert_recovered(star);
}

/* Save to @id at the first office by a form that was shown at @seen. */
static enum tip_err save_as_seen(struct star *star, const struct tip_id *id,
                                 struct tip_seen seen)
{
    const struct tip_change change = {
        .field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = 5}};
    const struct tip_draft_record record = {
        .id = *id, .seen = seen, .changes = &change, .change_count = 1};
    const struct tip_draft draft = {.records = &record,
                                    .record_count = 1,
                                    .author = tip_bytes_text("mariem")};
    struct tip_saved saved;

    return node_engine_save(star->nodes[NEMA].engine, &draft, &saved);
}

/* What came back names its record by birth: whoever looked before a person
 * refused it is shown the record again all the same. */
static void test_what_came_back_and_was_refused_is_shown_first(void **state)
{
    struct star *star = *state;
    struct tip_id other = add(star, NEMA, 1);
    struct tip_id id = add(star, NEMA, 1);
    struct fake_store *backup;
    struct tip_seen seen;
    struct hub_ruled ruled;
    uint64_t seq;

    star_run(star);
    backup = star_back_up(star, NEMA);
    star->hub_schema.unknown_field = FAKE_LATEST + 5;
    OK(star_edit(star, NEMA, &id, FAKE_LATEST + 5, 4));
    seq = star_status(star, NEMA).saved;
    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    seen = node_engine_seen(star->nodes[NEMA].engine);
    OK(star_rule(star, NEMA, seq, seq, false, &ruled));
    star_run(star);
    assert_int_equal(save_as_seen(star, &id, seen), TIP_ECHANGED);
    OK(save_as_seen(star, &other, seen));
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 5));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
    assert_recovered(star);
}

/* A page to record @id of Néma that does not pack. */
static void write_page(struct star *star, const struct tip_id *id,
                       uint64_t element)
{
    static uint8_t bytes[4000];
    const struct tip_change page = {
        .field = FAKE_SET,
        .element = element,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = TIP_BYTES_OF(bytes)}};

    star->prng.base.fill(&star->prng.base, bytes, sizeof bytes);
    OK(star_write(star, NEMA, id, &page));
}

/* What was saved before the birth of its record was heard of was sent after
 * that; the backup is from before. */
static void test_what_was_in_the_backup_is_not_written_again(void **state)
{
    struct star *star = *state;
    struct fake_store *backup;
    struct tip_id id;
    uint64_t saved;

    star_cut(star, NEMA);
    id = add(star, NEMA, 1);
    for (uint64_t i = 1; i <= 10; i++) {
        write_page(star, &id, i);
    }
    saved = star_status(star, NEMA).saved;
    backup = star_back_up(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    assert_recovered(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).saved, saved);
    assert_recovered(star);
}

/* …and what a disk loses of the feed that it goes on under, before the hub had
 * anything of that, is written again; also when that is lost once more. */
static void test_what_is_lost_of_the_next_feed_is_written_again(void **state)
{
    struct star *star = *state;
    struct fake_store *disk = star_back_up(star, NEMA);
    struct tip_id id = add(star, NEMA, 1);
    struct star_node *nema = &star->nodes[NEMA];

    star_run(star);
    star_restore(star, NEMA, disk);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    for (uint32_t feeds = 3; feeds < 5; feeds++) {
        star_cut(star, NEMA);
        OK(node_engine_cut_all(nema->engine));
        assert_true(fake_store_lose(nema->store, TIP_TABLE_FRAME_UP,
                                    TIP_KEY(nema->identity.origin, 2)));
        star_join(star, NEMA);
        while (nema->engine->feed.own_count < feeds) {
            assert_true(star_step(star));
        }
    }
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 2, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_was_sent_after_the_backup_comes_back),
        STAR_TEST(test_restore_with_unsent_work_loses_nothing),
        STAR_TEST(test_what_both_copies_wrote_stands_side_by_side),
        STAR_TEST(test_others_see_nothing_but_the_work),
        STAR_TEST(test_a_device_may_be_restored_again),
        STAR_TEST(test_work_goes_on_while_the_node_finds_out),
        STAR_TEST(test_power_may_go_at_every_step_of_the_way),
        STAR_TEST(test_work_saved_when_cut_off_on_the_way_back_is_sent),
        STAR_TEST(test_a_damaged_record_does_not_stop_it),
        STAR_TEST(test_what_came_back_lies_over_nothing),
        STAR_TEST(test_what_came_back_and_was_refused_is_shown_first),
        STAR_TEST(test_what_was_in_the_backup_is_not_written_again),
        STAR_TEST(test_what_is_lost_of_the_next_feed_is_written_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
