/* Rules of the control log: what everybody is told to obey. */
#include <string.h>

#include "fake_schema.h"
#include "forge.h"
#include "tip_ctl_log.h"
#include "tip_envelope.h"
#include "tip_test.h"
#include "tip_wire_ctl.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, NONE = -1, NODES = 2 };

#define OK(call) assert_int_equal((call), TIP_OK)

static int setup(void **state)
{
    static struct star star;

    star_init(&star, NODES);
    star_run(&star);
    *state = &star;
    return 0;
}

static int teardown(void **state)
{
    star_deinit(*state);
    return 0;
}

static struct node_status status_of(struct star *star, size_t i)
{
    struct node_status status;

    node_engine_status(star->nodes[i].engine, &status);
    return status;
}

/* What node @i, or the hub for -1, keeps as entry @number. */
static struct tip_ctl_entry entry_of(struct star *star, int i, uint64_t number,
                                     struct tip_arena *arena)
{
    struct tip_ctl_entry entry;
    struct tip_txn *txn;

    OK(i == HUB ? hub_engine_txn(star->hub, &txn)
                : node_engine_txn(star->nodes[i].engine, &txn));
    OK(tip_ctl_log_get(txn, number, arena, &entry));
    return entry;
}

static uint64_t count_of(struct star *star, int i)
{
    struct tip_txn *txn;
    uint64_t count;

    OK(i == HUB ? hub_engine_txn(star->hub, &txn)
                : node_engine_txn(star->nodes[i].engine, &txn));
    OK(tip_ctl_log_count(txn, &count));
    return count;
}

static void test_everybody_is_told_of_every_device_in_one_order(void **state)
{
    struct star *star = *state;
    struct tip_arena arena;

    tip_arena_init(&arena, 1 << 20);
    for (int i = HUB; i < NODES; i++) {
        assert_int_equal(count_of(star, i), NODES);
        for (uint32_t n = 1; n <= NODES; n++) {
            struct tip_ctl_entry entry = entry_of(star, i, n, &arena);
            const struct star_node *node = &star->nodes[n - 1];

            assert_true(entry.is_known);
            assert_int_equal(entry.commit, tip_commit_make(1, n));
            assert_int_equal(entry.control.kind, TIP_CTL_OPEN);
            assert_int_equal(entry.control.open.origin, node->identity.origin);
            assert_int_equal(entry.control.open.office, node->identity.office);
            assert_int_equal(entry.control.open.continues, 0);
            assert_memory_equal(entry.control.open.sign,
                                tip_device_keys_public(node->keys)->sign.bytes,
                                TIP_CTL_KEY_SIZE);
        }
    }
    tip_arena_deinit(&arena);
}

static void test_an_entry_takes_a_commit_that_no_work_has(void **state)
{
    struct star *star = *state;
    struct tip_ctl control = {.kind = TIP_CTL_ERASE};
    struct tip_id id = star_id(star);
    struct tip_arena arena;
    struct tip_record view;

    tip_arena_init(&arena, 1 << 20);
    control.erase.record = star_id(star);
    OK(hub_control_append(star->hub, &control));
    OK(hub_engine_flush(star->hub));
    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 7));
    star_run(star);
    OK(star_view(star, NEMA, &id, &arena, &view));
    assert_int_equal(entry_of(star, ATAR, 3, &arena).commit,
                     tip_commit_make(1, 3));
    assert_int_equal(view.birth_commit, tip_commit_make(1, 4));
    tip_arena_deinit(&arena);
}

static void test_what_may_not_be_said_is_not_appended(void **state)
{
    struct star *star = *state;
    struct tip_ctl nobody = {.kind = TIP_CTL_ERASE};

    assert_int_equal(hub_control_append(star->hub, &nobody), TIP_EINVAL);
    OK(hub_engine_flush(star->hub));
    star_run(star);
    assert_int_equal(count_of(star, HUB), NODES);
    assert_int_equal(count_of(star, NEMA), NODES);
}

/* Go on as the hub on @channel of node NEMA, where the true one stands. */
static void forge_next(struct forge *forge, struct star *star, size_t channel)
{
    const struct node_identity *identity = &star->nodes[NEMA].identity;
    struct tip_channel_position positions[NODE_CHANNELS];
    struct tip_head feed;

    forge_channel(forge, star, NEMA);
    node_engine_position(star->nodes[NEMA].engine, &feed, positions, NULL);
    tip_frame_key_derive(channel == 0 ? &identity->office_secret
                                      : &identity->ref_secret,
                         TIP_CHAIN_DOWN, &forge->key);
    forge->header.channel = positions[channel].channel;
    if (positions[channel].head.number != 0) {
        forge->head = positions[channel].head;
    } else {
        tip_envelope_start(&forge->header, &forge->head);
    }
    forge->header.first = forge->head.number + 1;
}

static struct tip_item control_item(const char *text, uint64_t number)
{
    return (struct tip_item){.kind = TIP_ITEM_CONTROL,
                             .commit = tip_commit_make(1, number),
                             .control = tip_bytes_text(text)};
}

/* Tell node NEMA @item, if there is one, up to @number, where @control entries
 * must be before it. */
static void tell(struct forge *forge, const struct tip_item *item,
                 uint64_t number, uint64_t control)
{
    struct tip_down_body body = {
        .items = item,
        .item_count = item == NULL ? 0 : 1,
        .has_checkpoint = true,
        .checkpoint = {.commit = tip_commit_make(1, number),
                       .control = control}};

    forge_down(forge, &body);
    forge_to_node(forge, NEMA);
    OK(node_engine_flush(forge->star->nodes[NEMA].engine));
}

static void test_what_a_later_version_says_is_kept_byte_for_byte(void **state)
{
    struct star *star = *state;
    struct tip_item item = control_item("\x63 of a kind from the future", 9);
    struct tip_ctl_entry entry;
    struct tip_arena arena;
    struct forge forge;

    tip_arena_init(&arena, 1 << 20);
    forge_next(&forge, star, 2);
    tell(&forge, &item, 9, 0);
    star_crash_node(star, NEMA);
    assert_int_equal(count_of(star, NEMA), NODES + 1);
    entry = entry_of(star, NEMA, NODES + 1, &arena);
    assert_false(entry.is_known);
    assert_int_equal(entry.commit, item.commit);
    assert_true(tip_bytes_equal(entry.bytes, item.control));
    forge_deinit(&forge);
    tip_arena_deinit(&arena);
}

static void test_other_things_are_not_told_on_it_nor_it_elsewhere(void **state)
{
    struct star *star = *state;
    struct tip_item elsewhere = control_item("\x63", 9);
    struct tip_item other = {.kind = TIP_ITEM_ECHO,
                             .echo = {.origin = STAR_ORIGIN_FIRST,
                                      .first_seq = 1,
                                      .count = 1,
                                      .first_commit = tip_commit_make(1, 9)}};
    struct forge own, control;

    forge_next(&own, star, 0);
    tell(&own, &elsewhere, 9, 0);
    assert_int_equal(status_of(star, NEMA).trouble, TIP_EDIVERGED);
    assert_true(status_of(star, NEMA).is_stopped);
    star_crash_node(star, NEMA);
    star_run(star);
    assert_int_equal(status_of(star, NEMA).trouble, TIP_OK);
    forge_next(&control, star, 2);
    tell(&control, &other, 9, 0);
    assert_int_equal(status_of(star, NEMA).trouble, TIP_EDIVERGED);
    assert_int_equal(count_of(star, NEMA), NODES);
    forge_deinit(&own);
    forge_deinit(&control);
}

static void test_what_presumes_an_entry_waits_for_it(void **state)
{
    struct star *star = *state;
    struct tip_item item = control_item("\x63", 9);
    struct forge own, control;

    forge_next(&own, star, 0);
    forge_next(&control, star, 2);
    tell(&own, NULL, 11, NODES + 1);
    assert_int_equal(status_of(star, NEMA).checkpoint, 0);
    tell(&own, NULL, 12, NODES + 1); /* The chain goes on, and waits too. */
    assert_int_equal(status_of(star, NEMA).checkpoint, 0);
    tell(&control, &item, 9, 0);
    assert_int_equal(status_of(star, NEMA).checkpoint, tip_commit_make(1, 12));
    assert_int_equal(status_of(star, NEMA).trouble, TIP_OK);
    forge_deinit(&own);
    forge_deinit(&control);
}

/* …and, where there is little room, is a transaction of its own. */
static void test_what_waited_goes_in_piece_by_piece_in_little_room(void **state)
{
    struct star *star = *state;
    struct fake_store *store = star->nodes[NEMA].store;
    struct tip_item item = control_item("\x63", 9);
    struct forge own, control;
    uint64_t commits;

    forge_next(&own, star, 0);
    forge_next(&control, star, 2);
    tell(&own, NULL, 11, NODES + 1);
    store->limit_bytes = store->base.usage(&store->base).used_bytes + (1 << 20);
    commits = store->commit_count;
    tell(&control, &item, 9, 0);
    assert_int_equal(store->commit_count - commits, 2);
    assert_int_equal(status_of(star, NEMA).checkpoint, tip_commit_make(1, 11));
    star_crash_node(star, NEMA);
    assert_int_equal(status_of(star, NEMA).checkpoint, tip_commit_make(1, 11));
    forge_deinit(&own);
    forge_deinit(&control);
}

/* The same by a stick, which needs no session. */
static void carry(struct forge *forge, const struct tip_item *item,
                  uint64_t number, uint64_t control)
{
    struct node_engine *engine = forge->star->nodes[NEMA].engine;
    struct tip_down_body body = {
        .items = item,
        .item_count = item == NULL ? 0 : 1,
        .has_checkpoint = true,
        .checkpoint = {.commit = tip_commit_make(1, number),
                       .control = control}};

    forge_down(forge, &body);
    OK(node_engine_import_frame(
        engine, tip_bytes(forge->message + 1, forge->size - 1)));
    OK(node_engine_flush(engine));
}

static void test_it_waits_through_a_power_cut(void **state)
{
    struct star *star = *state;
    struct tip_item item = control_item("\x63", 9);
    struct forge own, control;

    star_cut(star, NEMA);
    forge_next(&own, star, 0);
    forge_next(&control, star, 2);
    carry(&own, NULL, 11, NODES + 1);
    star_crash_node(star, NEMA);
    assert_int_equal(status_of(star, NEMA).checkpoint, 0);
    carry(&control, &item, 9, 0);
    assert_int_equal(status_of(star, NEMA).checkpoint, tip_commit_make(1, 11));
    star_crash_node(star, NEMA);
    assert_int_equal(status_of(star, NEMA).checkpoint, tip_commit_make(1, 11));
    forge_deinit(&own);
    forge_deinit(&control);
}

static struct tip_ctl samples[] = {
    {.kind = TIP_CTL_OPEN,
     .open = {.origin = 300,
              .office = TIP_OFFICE_MAX,
              .continues = 17,
              .up_to = UINT64_MAX - 1,
              .start = UINT64_MAX,
              .sign = {1},
              .box = {2},
              .curve = {3}}},
    {.kind = TIP_CTL_CLOSE,
     .close = {.origin = 17, .head = {.number = 1000000, .hash = {9}}}},
    {.kind = TIP_CTL_REVOKE, .revoke = {.origin = 17, .seq = 12}},
    {.kind = TIP_CTL_ERASE,
     .erase = {.record = {{1, 2, 3}},
               .decided_ms = 5,
               .birth_commit = (UINT64_C(2) << 44) + 76,
               .birth_index = 3}},
    {.kind = TIP_CTL_GENERATION,
     .generation = {.generation = 3, .follows = (UINT64_C(2) << 44) + 77}},
    {.kind = TIP_CTL_RETIRE, .retire = {.origin = 17}}};

enum { SAMPLES = sizeof samples / sizeof *samples };

static void test_entries_are_read_as_they_were_said(void **state)
{
    uint8_t memory[TIP_CTL_BYTES_MAX], again[TIP_CTL_BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct tip_ctl read;
        struct tip_buf buf, copy;

        tip_buf_init(&buf, memory, sizeof memory);
        tip_buf_init(&copy, again, sizeof again);
        OK(tip_wire_ctl_encode(&samples[i], &buf));
        OK(tip_wire_ctl_decode(tip_bytes(buf.data, buf.size), &read));
        OK(tip_wire_ctl_encode(&read, &copy));
        assert_int_equal(buf.size, copy.size);
        assert_memory_equal(memory, again, buf.size);
        assert_int_equal(read.kind, samples[i].kind);
        for (size_t size = 0; size < buf.size; size++) {
            assert_int_equal(
                tip_wire_ctl_decode(tip_bytes(buf.data, size), &read),
                TIP_EMALFORMED);
        }
    }
}

static void test_what_follows_what_is_known_is_passed_over(void **state)
{
    uint8_t memory[TIP_CTL_BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct tip_ctl read;
        struct tip_buf buf;

        tip_buf_init(&buf, memory, sizeof memory);
        OK(tip_wire_ctl_encode(&samples[i], &buf));
        tip_buf_put(&buf, tip_bytes_text("from a later version"));
        OK(tip_wire_ctl_decode(tip_bytes(buf.data, buf.size), &read));
        assert_int_equal(read.kind, samples[i].kind);
    }
}

static void test_kinds_nobody_knows_yet_are_not_malformed(void **state)
{
    struct tip_ctl read;

    (void)state;
    assert_int_equal(tip_wire_ctl_decode(tip_bytes("\x07", 1), &read),
                     TIP_EUNSUPPORTED);
    assert_int_equal(tip_wire_ctl_decode(tip_bytes("\x00", 1), &read),
                     TIP_EMALFORMED);
    assert_int_equal(tip_wire_ctl_decode(TIP_BYTES_NONE, &read),
                     TIP_EMALFORMED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_everybody_is_told_of_every_device_in_one_order),
        TEST(test_an_entry_takes_a_commit_that_no_work_has),
        TEST(test_what_may_not_be_said_is_not_appended),
        TEST(test_what_a_later_version_says_is_kept_byte_for_byte),
        TEST(test_other_things_are_not_told_on_it_nor_it_elsewhere),
        TEST(test_what_presumes_an_entry_waits_for_it),
        TEST(test_what_waited_goes_in_piece_by_piece_in_little_room),
        TEST(test_it_waits_through_a_power_cut),
        cmocka_unit_test(test_entries_are_read_as_they_were_said),
        cmocka_unit_test(test_what_follows_what_is_known_is_passed_over),
        cmocka_unit_test(test_kinds_nobody_knows_yet_are_not_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
