/* One device undone from a point on. */
#include "hub_revert.h"
#include "star_offices.h"

struct told {
    size_t counts[HUB_UNDONE_HELD + 1];
    uint64_t seq; /* Of the change-set that is undone. */
};

static void tell(void *context, const struct hub_undone *undone)
{
    struct told *told = context;

    told->counts[undone->kind]++;
    assert_int_equal(undone->seq, told->seq);
}

/* Undo Atar from @from on; what becomes of how many cells. */
static struct told revert(struct star *star, uint64_t from, bool is_dry)
{
    struct told told = {.seq = 0};
    struct hub_revert revert = {.origin = STAR_ORIGIN_FIRST + ATAR,
                                .from = from,
                                .is_dry = is_dry,
                                .by = tip_bytes_text("salma"),
                                .reason = tip_bytes_text("it was stolen"),
                                .tell = tell,
                                .context = &told};
    uint64_t newest = star_device(star, ATAR).seq;

    assert_int_equal(hub_engine_revert(star->hub, &revert, newest + 1),
                     TIP_ENOTFOUND);
    for (uint64_t seq = newest; seq >= from; seq--) {
        told.seq = seq;
        assert_int_equal(hub_engine_revert(star->hub, &revert, seq), TIP_OK);
    }
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    star_run(star);
    return told;
}

static void edit(struct star *star, int i, const struct tip_id *id,
                 uint32_t field, uint32_t code)
{
    assert_int_equal(star_edit(star, i, id, field, code), TIP_OK);
    star_run(star);
}

static void remove_record(struct star *star, int i, const struct tip_id *id)
{
    assert_int_equal(
        star_write(star, i, id,
                   &(struct tip_change){.field = TIP_FIELD_DELETED,
                                        .value = {.kind = TIP_VALUE_ANSWER,
                                                  .answer = TIP_ANSWER_YES}}),
        TIP_OK);
    star_run(star);
}

static enum tip_presence presence(struct star *star, int i,
                                  const struct tip_id *id)
{
    struct tip_arena arena;
    struct tip_record view;
    enum tip_presence presence;

    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(star_view(star, i, id, &arena, &view), TIP_OK);
    presence = tip_merge_presence(&view);
    tip_arena_deinit(&arena);
    return presence;
}

static uint64_t next_seq(struct star *star)
{
    struct node_status status;

    node_engine_status(star->nodes[ATAR].engine, &status);
    return status.saved + 1;
}

static struct tip_id shared(struct star *star)
{
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    return id;
}

static void assert_agreed(struct star *star)
{
    for (size_t i = 0; i < 2; i++) {
        struct node_status status;

        node_engine_status(star->nodes[i].engine, &status);
        assert_int_not_equal(status.agreement, TIP_AGREEMENT_DIFFERS);
        assert_int_equal(status.trouble, TIP_OK);
    }
}

static void test_what_it_superseded_stands_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = shared(star);
    uint64_t from;
    struct told told;

    edit(star, ATAR, &id, FAKE_REVIEW, 4); /* From before: stays. */
    from = next_seq(star);
    edit(star, ATAR, &id, FAKE_LATEST, 7);
    edit(star, ATAR, &id, FAKE_LATEST, 8);
    edit(star, ATAR, &id, FAKE_REVIEW, 9);
    remove_record(star, ATAR, &id);
    told = revert(star, from, true);
    assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 3);
    assert_int_equal(presence(star, HUB, &id), TIP_DELETED);
    told = revert(star, from, false);
    assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 3);
    assert_int_equal(told.counts[HUB_UNDONE_LEFT], 0);
    for (int i = HUB; i <= ATAR; i++) {
        assert_int_equal(presence(star, i, &id), TIP_PRESENT);
        ASSERT_SHOWS(star, i, &id, FAKE_LATEST, 1, 1);
        ASSERT_SHOWS(star, i, &id, FAKE_REVIEW, 4, 1);
    }
    assert_agreed(star);
}

static void test_what_others_wrote_since_is_left_and_listed(void **state)
{
    struct star *star = *state;
    struct tip_id id = shared(star);
    uint64_t from = next_seq(star);
    struct told told;

    edit(star, ATAR, &id, FAKE_LATEST, 7);
    edit(star, ATAR, &id, FAKE_REVIEW, 7);
    edit(star, NEMA, &id, FAKE_LATEST, 8);
    star_cut(star, NEMA);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_REVIEW, 5), TIP_OK);
    edit(star, ATAR, &id, FAKE_REVIEW, 6);
    star_join(star, NEMA);
    star_run(star); /* 5 and 6 stand in parallel. */
    told = revert(star, from, false);
    assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 0);
    assert_int_equal(told.counts[HUB_UNDONE_LEFT], 2);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 8, 1);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_REVIEW, 6, 2);
    assert_agreed(star);
}

/* What was refused never stood, so nobody has overwritten it. */
static void test_what_never_took_effect_is_counted_and_left_alone(void **state)
{
    struct star *star = *state;
    struct tip_id id, other = shared(star);
    struct hub_ruled ruled;
    uint64_t seq = star_held_edit(star, &id);
    struct told told;

    edit(star, ATAR, &other, FAKE_LATEST, 7);
    told = revert(star, seq, true);
    assert_int_equal(told.counts[HUB_UNDONE_HELD], 1);
    assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 1);
    assert_int_equal(told.counts[HUB_UNDONE_LEFT], 0);
    assert_int_equal(star_rule(star, ATAR, seq, seq, false, &ruled), TIP_OK);
    for (int i = 0; i < 2; i++) { /* Again it is the same. */
        told = revert(star, seq, false);
        assert_int_equal(told.counts[HUB_UNDONE_REFUSED], 1);
        assert_int_equal(told.counts[HUB_UNDONE_HELD], 0);
        assert_int_equal(told.counts[HUB_UNDONE_RESTORED], i == 0 ? 1 : 0);
        assert_int_equal(told.counts[HUB_UNDONE_LEFT], 0);
    }
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 7, 1);
    ASSERT_SHOWS(star, NEMA, &other, FAKE_LATEST, 1, 1);
    assert_agreed(star);
}

/* What a person let in stands, with another base, and is undone. */
static void test_what_was_held_back_and_let_in_is_undone(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    struct hub_ruled ruled;
    uint64_t seq = star_held_edit(star, &id);
    struct told told;

    assert_int_equal(star_rule(star, ATAR, seq, seq, true, &ruled), TIP_OK);
    star_run(star);
    told = revert(star, seq, true);
    assert_int_equal(told.counts[HUB_UNDONE_HELD], 0);
    assert_int_equal(told.counts[HUB_UNDONE_REFUSED], 0);
    assert_int_equal(told.counts[HUB_UNDONE_LEFT], 1); /* Beside another's. */
}

static void test_of_what_it_overwrote_twice_the_later_stands_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = shared(star);
    uint64_t from = next_seq(star);

    edit(star, ATAR, &id, FAKE_LATEST, 7);
    edit(star, NEMA, &id, FAKE_LATEST, 2);
    edit(star, ATAR, &id, FAKE_LATEST, 8);
    (void)revert(star, from, false);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 2, 1);
}

static void test_records_it_made_are_hidden(void **state)
{
    struct star *star = *state;
    struct tip_id mine = star_id(star), ours = star_id(star);
    uint64_t from = next_seq(star);
    struct told told;

    assert_int_equal(star_add(star, ATAR, &mine, NEMA, FAKE_LATEST, 3), TIP_OK);
    assert_int_equal(star_add(star, ATAR, &ours, NEMA, FAKE_LATEST, 3), TIP_OK);
    star_run(star);
    edit(star, ATAR, &mine, FAKE_LATEST, 4);
    edit(star, NEMA, &ours, FAKE_REVIEW, 5);
    told = revert(star, from, false);
    assert_int_equal(told.counts[HUB_UNDONE_HIDDEN], 1);
    assert_int_equal(told.counts[HUB_UNDONE_LEFT], 1);
    assert_int_equal(presence(star, NEMA, &mine), TIP_DELETED);
    assert_int_equal(presence(star, NEMA, &ours), TIP_PRESENT);
    assert_agreed(star);
}

static void test_offices_it_added_are_taken_out(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    uint64_t from;
    struct told told;
    size_t count;

    assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    from = next_seq(star);
    assert_int_equal(star_member(star, ATAR, &id, NEMA, true), TIP_OK);
    star_run(star);
    assert_int_equal(star_code(star, NEMA, &id, FAKE_LATEST, &count), 1);
    told = revert(star, from, false);
    assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 1);
    assert_int_equal(star_code(star, NEMA, &id, FAKE_LATEST, &count), 0);
    assert_agreed(star);
}

static void test_again_it_changes_nothing_and_it_can_be_undone(void **state)
{
    struct star *star = *state;
    struct tip_id ids[40];
    uint64_t from = next_seq(star);
    struct told told;
    uint64_t commit;

    for (size_t i = 0; i < 40; i++) {
        ids[i] = shared(star);
        edit(star, ATAR, &ids[i], FAKE_LATEST, 7);
    }
    (void)revert(star, from + 30, false); /* A part of it, then a crash. */
    star_crash_hub(star);
    star_run(star);
    told = revert(star, from, false);
    assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 30);
    commit = hub_engine_seen(star->hub).commit;
    told = revert(star, from, false);
    assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 0);
    assert_int_equal(told.counts[HUB_UNDONE_LEFT], 0);
    assert_int_equal(hub_engine_seen(star->hub).commit, commit);
    for (size_t i = 0; i < 40; i++) {
        ASSERT_SHOWS(star, ATAR, &ids[i], FAKE_LATEST, 1, 1);
    }
    edit(star, NEMA, &ids[0], FAKE_LATEST, 7);
    ASSERT_SHOWS(star, HUB, &ids[0], FAKE_LATEST, 7, 1);
    assert_agreed(star);
}

/* A record that was handed on and left comes back, and is all theirs again. */
static void test_who_handed_on_and_left_holds_it_alone_again(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    uint64_t from, commit;

    assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    from = next_seq(star);
    assert_int_equal(star_member(star, ATAR, &id, NEMA, true), TIP_OK);
    assert_int_equal(star_member(star, ATAR, &id, ATAR, false), TIP_OK);
    star_run(star);
    assert_true(star_has(star, NEMA, &id));
    assert_int_equal(revert(star, from, false).counts[HUB_UNDONE_LEFT], 0);
    assert_true(star_has(star, ATAR, &id));
    assert_false(star_has(star, NEMA, &id));
    commit = hub_engine_seen(star->hub).commit;
    (void)revert(star, from, false);
    assert_int_equal(hub_engine_seen(star->hub).commit, commit);
    assert_agreed(star);
}

/* The frames of the device still say what it wrote: the hub takes it out of
 * them little by little. */
static void test_of_what_was_erased_it_tells_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id gone = shared(star), made = star_id(star);
    struct tip_id other = shared(star);
    uint64_t from = next_seq(star), commit;
    struct hub_erasing erasing;
    struct told told;

    edit(star, ATAR, &gone, FAKE_LATEST, 7);
    edit(star, ATAR, &other, FAKE_LATEST, 7);
    assert_int_equal(star_add(star, ATAR, &made, NEMA, FAKE_LATEST, 3), TIP_OK);
    star_run(star);
    assert_int_equal(hub_engine_erase(star->hub, &gone, 0, &commit), TIP_OK);
    assert_int_equal(hub_engine_erase(star->hub, &made, 0, &commit), TIP_OK);
    hub_engine_erasing(star->hub, &erasing);
    assert_true(erasing.done < commit);
    for (int i = 0; i < 2; i++) { /* Again when nothing says it any more. */
        told = revert(star, from, false);
        assert_int_equal(told.counts[HUB_UNDONE_LEFT], 0);
        assert_int_equal(told.counts[HUB_UNDONE_HIDDEN], 0);
        assert_int_equal(told.counts[HUB_UNDONE_RESTORED], i == 0 ? 1 : 0);
    }
    ASSERT_SHOWS(star, NEMA, &other, FAKE_LATEST, 1, 1);
    assert_agreed(star);
}

/* The other record is undone as ever. */
static void test_where_the_history_cannot_be_read_it_is_left(void **state)
{
    struct star *star = *state;
    struct tip_id id = shared(star), other = shared(star);
    uint64_t from;
    struct told told;

    edit(star, NEMA, &id, FAKE_LATEST, 2);
    from = next_seq(star);
    edit(star, ATAR, &id, FAKE_LATEST, 7);
    edit(star, ATAR, &other, FAKE_LATEST, 8);
    assert_true(
        fake_store_spoil(star->store, TIP_TABLE_HISTORY, TIP_KEY(1, 1)));
    for (int dry = 1; dry >= 0; dry--) {
        told = revert(star, from, dry != 0);
        assert_int_equal(told.counts[HUB_UNDONE_UNKNOWN], 1);
        assert_int_equal(told.counts[HUB_UNDONE_RESTORED], 1);
        assert_int_equal(told.counts[HUB_UNDONE_LEFT], 0);
    }
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 7, 1);
    ASSERT_SHOWS(star, HUB, &other, FAKE_LATEST, 1, 1);
    assert_agreed(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_it_superseded_stands_again),
        STAR_TEST(test_what_others_wrote_since_is_left_and_listed),
        STAR_TEST(test_what_never_took_effect_is_counted_and_left_alone),
        STAR_TEST(test_what_was_held_back_and_let_in_is_undone),
        STAR_TEST(test_of_what_it_overwrote_twice_the_later_stands_again),
        STAR_TEST(test_records_it_made_are_hidden),
        STAR_TEST(test_offices_it_added_are_taken_out),
        STAR_TEST(test_again_it_changes_nothing_and_it_can_be_undone),
        STAR_TEST(test_who_handed_on_and_left_holds_it_alone_again),
        STAR_TEST(test_of_what_was_erased_it_tells_nothing),
        STAR_TEST(test_where_the_history_cannot_be_read_it_is_left),
    };

    return cmocka_run_group_tests_name("revert", tests, NULL, NULL);
}
