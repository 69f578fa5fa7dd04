/* What a hub that says untrue things can do to a node: nothing that was saved
 * is lost, and saving goes on. */
#include "fake_schema.h"
#include "forge.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, NONE = -1 };

static struct forge hub; /* Writes the channel of Néma by hand. */

static int setup(void **state)
{
    static struct star star;

    star_init(&star, 1);
    star_run(&star);
    forge_channel(&hub, &star, NEMA);
    *state = &star;
    return 0;
}

static int teardown(void **state)
{
    forge_deinit(&hub);
    star_deinit(*state);
    return 0;
}

static struct node_status status_of(struct star *star)
{
    struct node_status status;

    node_engine_status(star->nodes[NEMA].engine, &status);
    return status;
}

static struct tip_item echo(uint64_t seq, uint64_t commit)
{
    return (struct tip_item){
        .kind = TIP_ITEM_ECHO,
        .echo = {.origin = STAR_ORIGIN_FIRST,
                 .first_seq = seq,
                 .count = 1,
                 .first_commit = tip_commit_make(1, commit)}};
}

static void tell(const struct tip_item *items, size_t count, uint64_t commit,
                 uint64_t bound)
{
    struct tip_decided decided = {.origin = STAR_ORIGIN_FIRST, .bound = bound};
    struct tip_down_body body = {
        .items = items,
        .item_count = count,
        .has_checkpoint = true,
        .checkpoint = {.commit = tip_commit_make(1, commit),
                       .decided = &decided,
                       .decided_count = 1}};

    forge_down(&hub, &body);
    forge_to_node(&hub, NEMA);
}

/* The untruth is refused; what was saved is there and reaches the true hub, as
 * does what is saved from now on. */
static void assert_saves_go_on(struct star *star, const struct tip_id *saved)
{
    struct tip_id id = star_id(star);
    size_t count;

    assert_int_equal(status_of(star).trouble, TIP_EDIVERGED);
    assert_int_equal(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 8), TIP_OK);
    assert_int_equal(star_code(star, NEMA, saved, FAKE_LATEST, &count), 7);
    star_run(star);
    star_crash_node(star, NEMA);
    star_run(star);
    assert_int_equal(star_code(star, HUB, saved, FAKE_LATEST, &count), 7);
    assert_int_equal(star_code(star, HUB, &id, FAKE_LATEST, &count), 8);
    assert_int_equal(status_of(star).confirmed, 2);
    assert_int_equal(status_of(star).decided, 2);
}

static void save(struct star *star, struct tip_id *out_id)
{
    *out_id = star_id(star);
    assert_int_equal(star_add(star, NEMA, out_id, NONE, FAKE_LATEST, 7),
                     TIP_OK);
}

/* The same, but nobody has made it durable yet. */
static enum tip_err save_unflushed(struct star *star, const struct tip_id *id)
{
    struct tip_change changes[] = {
        {.field = TIP_FIELD_OFFICES,
         .element = STAR_OFFICE_FIRST,
         .value = {.kind = TIP_VALUE_MEMBER}},
        {.field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = 7}}};
    struct tip_draft_record record = {.id = *id,
                                      .is_new = true,
                                      .type = FAKE_TYPE,
                                      .changes = changes,
                                      .change_count = 2};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("clerk")};
    struct tip_saved saved;

    return node_engine_save(star->nodes[NEMA].engine, &draft, &saved);
}

static void test_what_was_never_sent_cannot_be_decided(void **state)
{
    struct star *star = *state;
    struct tip_item item = echo(1, 1);
    struct tip_id id;

    save(star, &id);
    tell(&item, 1, 1, 0);
    assert_saves_go_on(star, &id);
}

static void test_a_bound_beyond_what_was_sent_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_id id;

    save(star, &id);
    tell(NULL, 0, 1, 1000);
    assert_int_equal(status_of(star).decided, 0);
    assert_saves_go_on(star, &id);
}

static void test_an_echo_of_what_was_never_saved_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_item item = echo(77, 1);
    struct tip_id id;

    save(star, &id);
    tell(&item, 1, 1, 0);
    assert_saves_go_on(star, &id);
}

static void test_an_item_beyond_its_checkpoint_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_item item = echo(1, 9);
    struct tip_id id;

    save(star, &id);
    tell(&item, 1, 8, 0);
    assert_saves_go_on(star, &id);
}

static void test_a_checkpoint_that_goes_back_is_refused(void **state)
{
    struct star *star = *state;
    struct tip_id id;
    uint64_t checkpoint;

    tell(NULL, 0, 5, 0);
    save(star, &id);
    tell(NULL, 0, 4, 0);
    checkpoint = status_of(star).checkpoint;
    assert_int_equal(checkpoint, tip_commit_make(1, 5));
    assert_int_equal(status_of(star).trouble, TIP_EDIVERGED);
    assert_int_equal(
        star_add(star, NEMA, &(struct tip_id){{9}}, NONE, FAKE_LATEST, 8),
        TIP_OK);
}

/* A save that a frame made durable is not denied because the frame was bad. */
static void test_a_bad_frame_does_not_deny_a_save_before_it(void **state)
{
    struct star *star = *state;
    struct tip_item item = echo(77, 1);
    struct tip_id id = star_id(star);
    struct node_engine *engine = star->nodes[NEMA].engine;

    assert_int_equal(save_unflushed(star, &id), TIP_OK);
    tell(&item, 1, 1, 0);
    assert_int_equal(node_engine_flush(engine), TIP_OK);
    assert_int_equal(node_engine_take_loss(engine), TIP_OK);
    assert_saves_go_on(star, &id);
}

/* …and one that it lost is not confirmed. */
static void test_a_save_lost_while_a_frame_came_is_not_confirmed(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_id(star);
    struct node_engine *engine = star->nodes[NEMA].engine;

    assert_int_equal(save_unflushed(star, &id), TIP_OK);
    fake_store_fail_commit(star->nodes[NEMA].store, 1, TIP_ESTORE_FULL,
                           FAKE_STORE_LOST);
    tell(NULL, 0, 1, 0);
    assert_int_equal(save_unflushed(star, &id), TIP_ESTORE_FULL);
    assert_int_equal(node_engine_flush(engine), TIP_ESTORE_FULL);
    assert_int_equal(save_unflushed(star, &id), TIP_OK);
    assert_int_equal(node_engine_flush(engine), TIP_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_never_sent_cannot_be_decided),
        TEST(test_a_bound_beyond_what_was_sent_is_refused),
        TEST(test_an_echo_of_what_was_never_saved_is_refused),
        TEST(test_an_item_beyond_its_checkpoint_is_refused),
        TEST(test_a_checkpoint_that_goes_back_is_refused),
        TEST(test_a_bad_frame_does_not_deny_a_save_before_it),
        TEST(test_a_save_lost_while_a_frame_came_is_not_confirmed),
    };

    return cmocka_run_group_tests_name("hostile_hub", tests, NULL, NULL);
}
