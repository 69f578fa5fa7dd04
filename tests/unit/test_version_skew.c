/*
 * Programs of different age: what a newer one writes waits at an older one, is
 * kept as it came, and goes on after the upgrade; nothing else is disturbed.
 *
 * The decoders are replaced: an old program refuses whatever holds NEW_CODE, as
 * it refuses a bit of Body.needs or a kind of item that it does not know.
 */
#include "fake_schema.h"
#include "fake_store.h"
#include "star.h"
#include "tip_frame_row.h"
#include "tip_store.h"
#include "tip_test.h"
#include "tip_wire_down.h"
#include "tip_wire_up.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, ROSSO = 2, NONE = -1, NEW_CODE = 77 };

/* The hub, or the office of a node, whose program is old. */
static bool is_hub_old;
static uint32_t old_office;

static bool is_new(const struct tip_change_set *set)
{
    for (size_t i = 0; i < set->change_count; i++) {
        if (set->changes[i].value.kind == TIP_VALUE_CODE &&
            set->changes[i].value.code == NEW_CODE) {
            return true;
        }
    }
    return false;
}

/* The linker's names.
 * NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming) */
enum tip_err __real_tip_wire_up_decode(struct tip_codec *codec,
                                       const struct tip_wire_sender *sender,
                                       struct tip_bytes bytes,
                                       struct tip_arena *arena,
                                       struct tip_up_body *out_body);
enum tip_err __wrap_tip_wire_up_decode(struct tip_codec *codec,
                                       const struct tip_wire_sender *sender,
                                       struct tip_bytes bytes,
                                       struct tip_arena *arena,
                                       struct tip_up_body *out_body);
enum tip_err __real_tip_wire_down_decode(struct tip_codec *codec,
                                         const struct tip_frame_header *header,
                                         struct tip_bytes bytes,
                                         struct tip_arena *arena,
                                         struct tip_down_body *out_body);
enum tip_err __wrap_tip_wire_down_decode(struct tip_codec *codec,
                                         const struct tip_frame_header *header,
                                         struct tip_bytes bytes,
                                         struct tip_arena *arena,
                                         struct tip_down_body *out_body);

enum tip_err __wrap_tip_wire_up_decode(struct tip_codec *codec,
                                       const struct tip_wire_sender *sender,
                                       struct tip_bytes bytes,
                                       struct tip_arena *arena,
                                       struct tip_up_body *out_body)
{
    enum tip_err err =
        __real_tip_wire_up_decode(codec, sender, bytes, arena, out_body);

    for (size_t i = 0; err == TIP_OK && i < out_body->set_count; i++) {
        if (is_hub_old && is_new(&out_body->sets[i])) {
            return TIP_EUNSUPPORTED;
        }
    }
    return err;
}

enum tip_err __wrap_tip_wire_down_decode(struct tip_codec *codec,
                                         const struct tip_frame_header *header,
                                         struct tip_bytes bytes,
                                         struct tip_arena *arena,
                                         struct tip_down_body *out_body)
{
    enum tip_err err =
        __real_tip_wire_down_decode(codec, header, bytes, arena, out_body);

    for (size_t i = 0; err == TIP_OK && i < out_body->item_count; i++) {
        if (header->channel == old_office &&
            out_body->items[i].kind == TIP_ITEM_SET &&
            is_new(&out_body->items[i].set)) {
            return TIP_EUNSUPPORTED;
        }
    }
    return err;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static int setup(void **state)
{
    static struct star star;

    is_hub_old = false;
    old_office = 0;
    star_init(&star, 3);
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

static uint32_t code(struct star *star, int i, const struct tip_id *id)
{
    size_t count;

    return star_code(star, i, id, FAKE_LATEST, &count);
}

static void save(struct star *star, int i, const struct tip_id *id,
                 uint32_t value)
{
    assert_int_equal(star_edit(star, i, id, FAKE_LATEST, value), TIP_OK);
    star_run(star);
}

/* A record of Néma and @with. */
static struct tip_id make(struct star *star, int with)
{
    struct tip_id id = star_id(star);

    assert_int_equal(star_add(star, NEMA, &id, with, FAKE_LATEST, 1), TIP_OK);
    star_run(star);
    return id;
}

static void upgrade_hub(struct star *star)
{
    is_hub_old = false;
    star_crash_hub(star);
    assert_int_equal(hub_engine_release(star->hub), TIP_OK);
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    star_run(star);
}

/* Why seq @seq of Néma is held back. */
static enum tip_hold hold_of(struct star *star, uint64_t seq)
{
    struct hub_held held[8];
    size_t count = hub_engine_held(star->hub, held, 8);

    for (size_t i = 0; i < count; i++) {
        if (held[i].origin == STAR_ORIGIN_FIRST && held[i].seq == seq) {
            return held[i].reason;
        }
    }
    return TIP_HOLD_NONE;
}

static void test_what_a_hub_is_too_old_for_waits_and_goes_on(void **state)
{
    struct star *star = *state;
    struct tip_id shared = make(star, ATAR);
    struct tip_id own = make(star, NONE);
    struct tip_id other = star_id(star);

    is_hub_old = true;
    save(star, NEMA, &shared, NEW_CODE);
    save(star, NEMA, &own, 5);
    assert_int_equal(status_of(star, NEMA).confirmed, 4);
    assert_int_equal(status_of(star, NEMA).decided, 4);
    assert_int_equal(status_of(star, NEMA).held_count, 2);
    assert_int_equal(hold_of(star, 3), TIP_HOLD_PROGRAM);
    assert_int_equal(hold_of(star, 4), TIP_HOLD_BEHIND);
    assert_int_equal(code(star, HUB, &shared), 1);
    assert_int_equal(code(star, NEMA, &shared), NEW_CODE);
    /* Others go on meanwhile, in the same record too. */
    save(star, ATAR, &shared, 6);
    assert_int_equal(code(star, HUB, &shared), 6);
    assert_int_equal(star_add(star, ATAR, &other, NONE, FAKE_LATEST, 7),
                     TIP_OK);
    star_run(star);
    assert_int_equal(code(star, HUB, &other), 7);
    /* A start of the same program changes nothing. */
    star_crash_hub(star);
    assert_int_equal(hub_engine_release(star->hub), TIP_OK);
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    star_run(star);
    assert_int_equal(hold_of(star, 3), TIP_HOLD_PROGRAM);
    assert_int_equal(hold_of(star, 4), TIP_HOLD_BEHIND);

    upgrade_hub(star);
    assert_int_equal(status_of(star, NEMA).held_count, 0);
    assert_int_equal(code(star, HUB, &own), 5);
    /* Nobody had seen the other's: both are there, and the same everywhere. */
    for (int i = HUB; i <= ATAR; i++) {
        size_t count;

        (void)star_code(star, i, &shared, FAKE_LATEST, &count);
        assert_int_equal(count, 2);
    }
    assert_int_equal(status_of(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
}

static void test_a_frame_that_waits_keeps_its_bytes(void **state)
{
    struct star *star = *state;
    struct tip_id id = make(star, ATAR);
    struct tip_bytes at_node, at_hub;
    struct tip_head head;
    struct tip_txn *txn;
    uint64_t first;

    is_hub_old = true;
    save(star, NEMA, &id, NEW_CODE);
    upgrade_hub(star);
    assert_int_equal(node_engine_txn(star->nodes[NEMA].engine, &txn), TIP_OK);
    assert_int_equal(
        tip_frame_row_find(txn, STAR_ORIGIN_FIRST, 2, &first, &head, &at_node),
        TIP_OK);
    assert_int_equal(hub_engine_txn(star->hub, &txn), TIP_OK);
    assert_int_equal(
        tip_frame_row_find(txn, STAR_ORIGIN_FIRST, 2, &first, &head, &at_hub),
        TIP_OK);
    assert_true(tip_bytes_equal(at_node, at_hub));
    assert_int_equal(code(star, ATAR, &id), NEW_CODE);
}

static void test_nobody_decides_about_what_nobody_can_read(void **state)
{
    struct star *star = *state;
    struct tip_id id = make(star, NONE);
    struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST,
                                .first = 2,
                                .last = 2,
                                .by = tip_bytes_text("khadija"),
                                .reason = tip_bytes_text("I cannot wait")};
    struct hub_ruled ruled;

    is_hub_old = true;
    save(star, NEMA, &id, NEW_CODE);
    for (int i = 0; i < 2; i++) {
        ruling.is_accepted = i == 0;
        assert_int_equal(hub_engine_rule(star->hub, &ruling, &ruled),
                         TIP_EUNACCEPTABLE);
        assert_int_equal(ruled.count, 0);
        assert_int_equal(ruled.left, 1);
        assert_int_equal(ruled.hold, TIP_HOLD_PROGRAM);
        assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
        assert_int_equal(hold_of(star, 2), TIP_HOLD_PROGRAM);
    }
    upgrade_hub(star);
    assert_int_equal(code(star, HUB, &id), NEW_CODE);
}

/* It comes before what Néma hands back, which says what it had seen. */
static void test_what_nobody_can_read_may_come_to_a_restored_hub(void **state)
{
    struct star *star = *state;
    struct tip_id shared = make(star, ATAR);
    struct fake_store *backup = star_backup_hub(star);
    struct tip_bytes frame;
    uint64_t last;
    size_t count;

    save(star, ATAR, &shared, 6);
    star_cut(star, NEMA);
    save(star, NEMA, &shared, NEW_CODE);
    is_hub_old = true;
    star_restore_hub(star, backup, true);
    assert_int_equal(
        node_engine_export_frame(star->nodes[NEMA].engine, 2, &frame, &last),
        TIP_OK);
    assert_int_equal(
        hub_engine_import_frame(star->hub, STAR_ORIGIN_FIRST, frame), TIP_OK);
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(hold_of(star, 2), TIP_HOLD_PROGRAM);

    upgrade_hub(star);
    assert_int_equal(hold_of(star, 2), TIP_HOLD_NONE);
    assert_int_equal(star_code(star, ATAR, &shared, FAKE_LATEST, &count),
                     NEW_CODE);
    assert_int_equal(count, 1);
    fake_store_free(backup);
}

static void test_a_node_too_old_keeps_what_it_is_told_and_works_on(void **state)
{
    struct star *star = *state;
    struct tip_id shared = make(star, ATAR);
    struct tip_id later = star_id(star);
    struct tip_id own = star_id(star);

    old_office = STAR_OFFICE_FIRST + ATAR;
    save(star, NEMA, &shared, NEW_CODE);
    assert_int_equal(star_add(star, NEMA, &later, ATAR, FAKE_LATEST, 3),
                     TIP_OK);
    star_run(star);
    assert_int_equal(code(star, ATAR, &shared), 1);
    assert_int_equal(code(star, ATAR, &later), 0);
    assert_int_equal(status_of(star, ATAR).trouble, TIP_EUNSUPPORTED);
    assert_true(status_of(star, ATAR).is_stopped);
    assert_false(status_of(star, NEMA).is_stopped);
    /* Its own work goes on, and is kept elsewhere. */
    assert_int_equal(star_add(star, ATAR, &own, NONE, FAKE_LATEST, 9), TIP_OK);
    star_run(star);
    assert_int_equal(code(star, HUB, &own), 9);
    star_crash_node(star, ATAR);
    star_run(star);
    assert_int_equal(status_of(star, ATAR).trouble, TIP_EUNSUPPORTED);
    assert_int_equal(code(star, ATAR, &shared), 1);

    old_office = 0;
    star_cut(star, ATAR); /* It has all it needs. */
    star_crash_node(star, ATAR);
    assert_int_equal(status_of(star, ATAR).trouble, TIP_OK);
    assert_false(status_of(star, ATAR).is_stopped);
    assert_int_equal(code(star, ATAR, &shared), NEW_CODE);
    assert_int_equal(code(star, ATAR, &later), 3);
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(status_of(star, ATAR).agreement, TIP_AGREEMENT_EQUAL);
}

static void test_an_unknown_field_passes_through_as_it_was(void **state)
{
    static const uint8_t bytes[] = {0x00, 0xff, 0x80, 'x', 0x00};
    struct star *star = *state;
    struct tip_id id = make(star, NONE);
    /* Of no catalogue here; the hub's is told of it later. */
    struct tip_change change = {
        .field = FAKE_LATEST + 9,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = TIP_BYTES_OF(bytes)}};
    static const int holders[] = {HUB, ATAR, ROSSO};
    struct tip_arena arena;

    tip_arena_init(&arena, 1 << 20);
    star->hub_schema.unknown_field = change.field;
    assert_int_equal(star_write(star, NEMA, &id, &change), TIP_OK);
    star_run(star);
    assert_int_equal(status_of(star, NEMA).held_count, 1);
    star->hub_schema.unknown_field = 0;
    assert_int_equal(hub_engine_release(star->hub), TIP_OK);
    assert_int_equal(hub_engine_flush(star->hub), TIP_OK);
    star_run(star);
    /* Handed on whole, and once more by one that does not know the field. */
    assert_int_equal(star_member(star, NEMA, &id, ATAR, true), TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, ATAR, &id, FAKE_LATEST, 4), TIP_OK);
    assert_int_equal(star_member(star, ATAR, &id, ROSSO, true), TIP_OK);
    star_run(star);
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++) {
        struct tip_record view;
        struct tip_cell cell;

        assert_int_equal(star_view(star, holders[i], &id, &arena, &view),
                         TIP_OK);
        cell = tip_record_field(&view, change.field);
        assert_int_equal(cell.count, 1);
        assert_true(tip_value_equal(&cell.siblings[0].value, &change.value));
    }
    tip_arena_deinit(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_what_a_hub_is_too_old_for_waits_and_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_frame_that_waits_keeps_its_bytes,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_nobody_decides_about_what_nobody_can_read, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_what_nobody_can_read_may_come_to_a_restored_hub, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            test_a_node_too_old_keeps_what_it_is_told_and_works_on, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            test_an_unknown_field_passes_through_as_it_was, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
