/* Holes named in the design: what was on a screen while work waited at the hub.
 */
#include "fake_schema.h"
#include "star.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, NONE = -1, UNKNOWN = FAKE_LATEST + 1 };

static int setup(void **state)
{
    static struct star star;

    star_init(&star, 2);
    star_run(&star);
    *state = &star;
    return 0;
}

static int teardown(void **state)
{
    star_deinit(*state);
    return 0;
}

#define ASSERT_SHOWS(star, i, id, field, code_, count_)                     \
    do {                                                                    \
        size_t count_of_;                                                   \
        assert_int_equal(star_code((star), (i), (id), (field), &count_of_), \
                         (code_));                                          \
        assert_int_equal(count_of_, (count_));                              \
    } while (0)

static struct node_status status_of(struct star *star, size_t i)
{
    struct node_status status;

    node_engine_status(star->nodes[i].engine, &status);
    return status;
}

/* Both sides hold the same, and nothing waits. */
static void assert_settled(struct star *star)
{
    for (size_t i = 0; i < 2; i++) {
        /* Who holds nothing has not compared it. */
        assert_int_not_equal(status_of(star, i).agreement,
                             TIP_AGREEMENT_DIFFERS);
        assert_int_equal(status_of(star, i).trouble, TIP_OK);
        assert_int_equal(status_of(star, i).held_count, 0);
    }
}

static uint64_t saved_by(struct star *star, size_t i)
{
    return status_of(star, i).saved;
}

/* Decide about @first to @last of node @i; makes it durable. */
static enum tip_err rule(struct star *star, size_t i, uint64_t first,
                         uint64_t last, bool is_accepted,
                         struct hub_ruled *out_ruled)
{
    struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST + (uint32_t)i,
                                .first = first,
                                .last = last,
                                .is_accepted = is_accepted,
                                .by = tip_bytes_text("salma"),
                                .reason = tip_bytes_text("asked Atar")};
    enum tip_err err = hub_engine_rule(star->hub, &ruling, out_ruled);

    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    return err;
}

/* A record of both, in which Atar wrote 6 without knowing that it was taken out
 * and came again meanwhile; Néma wrote 7. Gives Atar's seq. */
static uint64_t work_from_before_a_return(struct star *star,
                                          struct tip_id *out_id)
{
    *out_id = star_id(star);
    assert_int_equal(star_add(star, NEMA, out_id, ATAR, FAKE_LATEST, 1),
                     TIP_OK);
    star_run(star);
    star_cut(star, ATAR);
    assert_int_equal(star_edit(star, ATAR, out_id, FAKE_LATEST, 6), TIP_OK);
    assert_int_equal(star_member(star, HUB, out_id, ATAR, false), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, out_id, FAKE_LATEST, 7), TIP_OK);
    star_run(star);
    assert_int_equal(star_member(star, HUB, out_id, ATAR, true), TIP_OK);
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(status_of(star, ATAR).held_count, 1);
    return saved_by(star, ATAR);
}

/* What stood under a change that is refused, or is let in beside it, was not on
 * the screen of whoever wrote that change, nor is it in the form. */
static void test_a_form_left_open_over_a_decision_is_shown_again(void **state)
{
    struct star *star = *state;
    struct hub_ruled ruled;
    struct tip_id id;
    struct tip_change change = {.field = FAKE_LATEST,
                                .value = {.kind = TIP_VALUE_CODE, .code = 5}};
    struct tip_draft_record record = {.changes = &change, .change_count = 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("mariem")};
    struct tip_saved saved;

    for (int round = 0; round < 2; round++) {
        uint64_t seq = work_from_before_a_return(star, &id);

        record.id = id;
        record.seen = node_engine_seen(star->nodes[ATAR].engine);
        assert_int_equal(rule(star, ATAR, seq, seq, round == 1, &ruled),
                         TIP_OK);
        star_run(star);
        star_crash_node(star, ATAR);
        star_run(star);
        assert_int_equal(
            node_engine_save(star->nodes[ATAR].engine, &draft, &saved),
            TIP_ECHANGED);
        record.seen = node_engine_seen(star->nodes[ATAR].engine);
        assert_int_equal(
            node_engine_save(star->nodes[ATAR].engine, &draft, &saved), TIP_OK);
        assert_int_equal(node_engine_flush(star->nodes[ATAR].engine), TIP_OK);
        star_run(star);
        ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 5, 1);
        assert_settled(star);
    }
}

/* Parked for an old catalogue, the field written by others meanwhile, then
 * released: it stands beside what it had not seen. */
static void test_parked_then_overwritten_overwrites_nothing(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    size_t count;

    assert_int_equal(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    star->hub_schema.unknown_field = UNKNOWN;
    assert_int_equal(star_edit(star, NEMA, &id, UNKNOWN, 2), TIP_OK);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 3), TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 4), TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, HUB, &id, FAKE_LATEST, 5), TIP_OK);
    star_run(star);
    star->hub_schema.unknown_field = 0;
    assert_int_equal(hub_engine_release(star->hub), TIP_OK);
    star_run(star);
    for (int i = HUB; i <= ATAR; i++) {
        (void)star_code(star, i, &id, FAKE_LATEST, &count);
        assert_int_equal(count, 2);
        ASSERT_SHOWS(star, i, &id, UNKNOWN, 2, 1);
    }
    assert_settled(star);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_form_left_open_over_a_decision_is_shown_again),
        TEST(test_parked_then_overwritten_overwrites_nothing),
    };

    return cmocka_run_group_tests_name("holes", tests, NULL, NULL);
}
