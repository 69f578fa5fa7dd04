/* What the history of a record shows when not all of it is as it was written.
 */
#include "desk_offices.h"
#include "star_damage.h"
#include "tip_lineage.h"
#include "tip_wire_record.h"

#define OK(call) assert_int_equal((call), TIP_OK)

/* A case of Néma and Atar whose status all three have written. */
static struct tip_id written_over(void)
{
    struct tip_id id;

    OK(desk_rig_add_shared(&rig, NEMA, ATAR, RIG_CASE, NULL));
    star_run(&rig.star);
    id = rig.answer.ids[0];
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "status=screening", NULL));
    star_run(&rig.star);
    OK(desk_rig_edit(&rig, HUB, &id, NULL, "status=reported", NULL));
    star_run(&rig.star);
    return id;
}

/* How many values of field "status" the history of @id at Nouakchott shows. */
static size_t count_status(const struct tip_id *id,
                           struct tip_desk_history *out_life)
{
    struct tip_arena arena;
    size_t count = 0;

    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    OK(tip_desk_history(desk_rig_desk(&rig, HUB), id, &arena, out_life));
    for (size_t i = 0; i < out_life->event_count; i++) {
        count +=
            tip_bytes_equal(out_life->events[i].name, tip_bytes_text("status"))
                ? 1
                : 0;
    }
    tip_arena_deinit(&arena);
    return count;
}

static void test_what_of_a_history_cannot_be_read_is_named(void **state)
{
    struct tip_id id = written_over();
    const uint64_t ordinal = star_hub_key(&rig.star, &id).hi;
    struct tip_desk_history life;
    struct tip_txn *txn;
    size_t all;

    (void)state;
    all = count_status(&id, &life);
    assert_int_equal(life.unread_count, 0);
    assert_true(fake_store_spoil(rig.star.store, TIP_TABLE_HISTORY,
                                 TIP_KEY(ordinal, 1)));
    assert_int_equal(count_status(&id, &life), all - 1);
    assert_int_equal(life.unread_count, 1);
    assert_int_equal(life.unread[0], 1);
    OK(hub_engine_flush(rig.star.hub));
    OK(tip_store_begin(&rig.star.store->base, TIP_TXN_WRITE, &txn));
    OK(tip_txn_put(txn, TIP_TABLE_HISTORY, TIP_KEY(ordinal, 1),
                   tip_bytes_text("no")));
    OK(tip_txn_commit(txn));
    assert_int_equal(count_status(&id, &life), all - 1);
    assert_int_equal(life.unread[0], 1);
}

/* The first entry of the history of record @ordinal at Nouakchott becomes one
 * that came late, and of what came late. */
static void make_late(uint64_t ordinal)
{
    struct tip_store *store = &rig.star.store->base;
    static uint8_t memory[1 << 16];
    struct tip_wire_dead dead;
    struct tip_arena arena;
    struct tip_bytes row;
    struct tip_txn *txn;
    struct tip_buf buf;

    tip_arena_init(&arena, 1 << 20);
    OK(hub_engine_flush(rig.star.hub));
    OK(tip_store_begin(store, TIP_TXN_WRITE, &txn));
    OK(tip_txn_get(txn, TIP_TABLE_HISTORY, TIP_KEY(ordinal, 1), &row));
    OK(tip_wire_dead_decode(row, &arena, &dead));
    dead.origin |= TIP_ORIGIN_STRAY;
    dead.record.writes[0].origin |= TIP_ORIGIN_STRAY;
    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_wire_dead_encode(&dead, &buf));
    OK(tip_buf_finish(&buf, &row));
    OK(tip_txn_put(txn, TIP_TABLE_HISTORY, TIP_KEY(ordinal, 1), row));
    OK(tip_txn_commit(txn));
    tip_arena_deinit(&arena);
}

/* It is shown as its device's, and marked. */
static void test_what_came_late_is_of_the_device_that_wrote_it(void **state)
{
    struct tip_id id = written_over();
    const uint64_t ordinal = star_hub_key(&rig.star, &id).hi;
    size_t late = 0, ended_late = 0;
    struct tip_desk_history life;
    struct tip_arena arena;

    (void)state;
    make_late(ordinal);
    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    OK(tip_desk_history(desk_rig_desk(&rig, HUB), &id, &arena, &life));
    for (size_t i = 0; i < life.event_count; i++) {
        const struct tip_desk_event *event = &life.events[i];

        assert_true(event->value.origin < STAR_ORIGIN_FIRST + 2);
        assert_true(event->ended_origin < STAR_ORIGIN_FIRST + 2);
        late += event->value.is_late;
        ended_late += event->is_ended_late;
    }
    assert_true(late == 1 && ended_late == 1);
    tip_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_what_of_a_history_cannot_be_read_is_named),
        DESK_TEST(test_what_came_late_is_of_the_device_that_wrote_it),
    };

    return cmocka_run_group_tests_name("desk_history", tests, NULL, NULL);
}
