#include "star_damage.h"

#include "fake_schema.h"
#include "tip_test.h"
#include "tip_wire_record.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static uint32_t ordinal_of(struct star *star, size_t i, const struct tip_id *id)
{
    struct tip_record_ref ref = {.id = *id};
    struct tip_txn *txn;
    uint32_t ordinal;

    OK(node_engine_txn(star->nodes[i].engine, &txn));
    OK(tip_record_table_find(node_engine_records(star->nodes[i].engine), txn,
                             &ref, &ordinal));
    OK(node_engine_flush(star->nodes[i].engine));
    return ordinal;
}

void star_spoil(struct star *star, size_t i, const struct tip_id *id)
{
    uint32_t ordinal = ordinal_of(star, i, id);

    assert_true(fake_store_spoil(star->nodes[i].store, TIP_TABLE_RECORD,
                                 TIP_KEY(ordinal, 0)));
}

void star_lose(struct star *star, size_t i, const struct tip_id *id)
{
    uint32_t ordinal = ordinal_of(star, i, id);

    assert_true(fake_store_lose(star->nodes[i].store, TIP_TABLE_RECORD,
                                TIP_KEY(ordinal, 0)));
}

struct tip_key star_hub_key(struct star *star, const struct tip_id *id)
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

void star_rot_hub(struct star *star, const struct tip_key *keys, size_t count)
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
}

void star_assert_agrees(struct star *star, size_t i)
{
    assert_int_equal(star_status(star, i).agreement, TIP_AGREEMENT_EQUAL);
    assert_int_equal(star_status(star, i).differs_since_ms, 0);
    assert_int_equal(star_status(star, i).trouble, TIP_OK);
    assert_false(star_status(star, i).is_sent_again);
    assert_int_equal(star_device(star, i).agreement, TIP_AGREEMENT_EQUAL);
    assert_int_equal(star_device(star, i).differs_since_ms, 0);
}

void star_add_many(struct star *star, size_t i, struct tip_id *ids,
                   size_t count)
{
    for (size_t n = 0; n < count; n++) {
        ids[n] = star_id(star);
        OK(star_add(star, (int)i, &ids[n], -1, FAKE_LATEST, (uint32_t)n + 1));
    }
    star_run(star);
}

void star_add_fat(struct star *star, size_t i, struct tip_id *ids, size_t count)
{
    uint8_t bytes[2000];
    const struct tip_change change = {
        .field = FAKE_LATEST + 9,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = TIP_BYTES_OF(bytes)}};

    star_add_many(star, i, ids, count);
    for (size_t n = 0; n < count; n++) {
        star->prng.base.fill(&star->prng.base, bytes, sizeof bytes);
        OK(star_write(star, (int)i, &ids[n], &change));
    }
    star_run(star);
}

void star_assert_codes(struct star *star, size_t i, const struct tip_id *ids,
                       size_t count)
{
    for (size_t n = 0; n < count; n++) {
        size_t values;

        assert_int_equal(star_code(star, (int)i, &ids[n], FAKE_LATEST, &values),
                         n + 1);
        assert_int_equal(values, 1);
    }
}

void star_forge(struct star *star, size_t i, const struct tip_id *id,
                const struct tip_id *other)
{
    static uint8_t memory[1 << 16];
    struct tip_store *store = &star->nodes[i].store->base;
    uint32_t ordinal = ordinal_of(star, i, id);
    struct tip_wire_record stored;
    struct tip_arena arena;
    struct tip_bytes row;
    struct tip_txn *txn;
    struct tip_buf buf;

    tip_arena_init(&arena, 1 << 20);
    OK(tip_store_begin(store, TIP_TXN_WRITE, &txn));
    OK(tip_record_table_load(node_engine_records(star->nodes[i].engine), txn,
                             ordinal, &arena, &stored));
    stored.record.id = *other;
    stored.record.birth_index = 77;
    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_wire_record_encode(&stored, &buf));
    OK(tip_buf_finish(&buf, &row));
    OK(tip_txn_put(txn, TIP_TABLE_RECORD, TIP_KEY(500, 0), row));
    OK(tip_txn_remove(txn, TIP_TABLE_HOLDING,
                      TIP_KEY(STAR_OFFICE_FIRST + i, 0)));
    OK(tip_txn_commit(txn));
    tip_arena_deinit(&arena);
}
