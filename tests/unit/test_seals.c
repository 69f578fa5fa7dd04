/* Rules of what verify says of identities: those whose key is here are opened,
 * and one of ours that does not open is named. */
#include <string.h>

#include "desk_offices.h"
#include "node_seals.h"
#include "tip_wire_record.h"

#define OK(call) assert_int_equal((call), TIP_OK)

struct found {
    enum tip_inspect_kind kind;
    uint64_t a, b;
};

static void note(void *context, enum tip_inspect_kind kind, uint64_t a,
                 uint64_t b)
{
    *(struct found *)context = (struct found){kind, a, b};
}

/* Try all identities in the store of node @i. */
static struct tip_desk_seals look(int i, struct found *out_found,
                                  uint64_t *out_count)
{
    struct tip_desk_seals seals = {.opened = 0};
    struct tip_arena arena;
    struct tip_inspect check = {
        .arena = &arena, .found = note, .context = out_found};

    OK(node_engine_flush(rig.star.nodes[i].engine));
    tip_arena_init(&arena, 1 << 24);
    OK(tip_store_begin(&rig.star.nodes[i].store->base, TIP_TXN_READ,
                       &check.txn));
    OK(node_seals_check(&check, &rig.keys[i].base, &seals));
    tip_txn_abort(check.txn);
    tip_arena_deinit(&arena);
    *out_count = check.found_count;
    return seals;
}

static struct tip_desk_seals sound(int i)
{
    struct found found;
    uint64_t count;
    struct tip_desk_seals seals = look(i, &found, &count);

    assert_int_equal(count, 0);
    assert_int_equal(seals.broken, 0);
    return seals;
}

/* What is merged, what that wrote over, and what waits to be sent. */
static void test_every_identity_of_an_office_is_opened(void **state)
{
    struct tip_id id;

    (void)state;
    assert_int_equal(sound(NEMA).opened, 0);
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, "narrative=a shed", NULL));
    id = rig.answer.ids[0];
    assert_int_equal(sound(NEMA).opened, 1);
    star_run(&rig.star);
    assert_int_equal(sound(NEMA).opened, 1);
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "narrative=two sheds", NULL));
    star_run(&rig.star);
    assert_int_equal(sound(NEMA).opened, 2);
    star_cut(&rig.star, NEMA);
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "place=the well", NULL));
    assert_int_equal(sound(NEMA).opened, 3);
    assert_int_equal(sound(NEMA).sealed, 0);
}

static void test_what_is_under_no_key_of_this_office_is_counted(void **state)
{
    (void)state;
    OK(desk_rig_add_shared(&rig, NEMA, ATAR, RIG_CASE, "place=behind the well",
                           NULL));
    star_run(&rig.star);
    rig.keys[ATAR].base.signer = NULL; /* Nobody vouches for who wrapped it. */
    assert_int_equal(sound(ATAR).opened, 0);
    assert_int_equal(sound(ATAR).sealed, 1);
    assert_int_equal(sound(NEMA).opened, 1);
}

/* Change a byte of each identity in record 1 of node @i, as if @office had
 * written it, within what the store takes for sound. */
static void spoil(int i, uint32_t office)
{
    static uint8_t memory[1 << 16];
    struct tip_store *store = &rig.star.nodes[i].store->base;
    struct tip_wire_record stored;
    struct tip_bytes value, copy;
    struct tip_arena arena;
    struct tip_txn *txn;
    struct tip_buf buf;

    tip_arena_init(&arena, 1 << 20);
    OK(tip_store_begin(store, TIP_TXN_WRITE, &txn));
    OK(tip_txn_get(txn, TIP_TABLE_RECORD, TIP_KEY(1, 0), &value));
    OK(tip_arena_copy(&arena, value, &copy));
    OK(tip_wire_record_decode(copy, &arena, &stored));
    for (size_t at = 0; at < stored.record.sibling_count; at++) {
        struct tip_sibling *sibling = &stored.record.siblings[at];

        if (sibling->value.kind == TIP_VALUE_OPAQUE &&
            sibling->field >= TIP_FIELD_FIRST) {
            const struct tip_bytes was = sibling->value.bytes;
            uint8_t *bytes = tip_arena_alloc(&arena, was.size);

            assert_non_null(bytes);
            memcpy(bytes, was.data, was.size);
            bytes[was.size - 1] ^= (uint8_t)office;
            sibling->value.bytes = tip_bytes(bytes, was.size);
            stored.record.writes[sibling->write].office = office;
        }
    }
    tip_buf_init(&buf, memory, sizeof memory);
    OK(tip_wire_record_encode(&stored, &buf));
    OK(tip_buf_finish(&buf, &value));
    OK(tip_txn_put(txn, TIP_TABLE_RECORD, TIP_KEY(1, 0), value));
    OK(tip_txn_commit(txn));
    tip_arena_deinit(&arena);
}

static void test_one_that_does_not_open_is_named(void **state)
{
    struct tip_desk_seals seals;
    struct found found;
    uint64_t count;

    (void)state;
    OK(desk_rig_add_shared(&rig, NEMA, ATAR, RIG_CASE, "place=behind the well",
                           NULL));
    star_run(&rig.star);
    OK(node_engine_flush(rig.star.nodes[NEMA].engine));
    spoil(NEMA, STAR_OFFICE_FIRST + NEMA);
    seals = look(NEMA, &found, &count);
    assert_int_equal(seals.opened, 0);
    assert_int_equal(seals.broken, 1);
    assert_int_equal(count, 1);
    assert_int_equal(found.kind, TIP_INSPECT_IDENTITY);
    assert_int_equal(found.a, 1);
    assert_int_equal(found.b, 1);
    /* What another office wrote proves nothing against this disk. */
    spoil(NEMA, STAR_OFFICE_FIRST + ATAR);
    assert_int_equal(sound(NEMA).sealed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_every_identity_of_an_office_is_opened),
        DESK_TEST(test_what_is_under_no_key_of_this_office_is_counted),
        DESK_TEST(test_one_that_does_not_open_is_named),
    };

    return cmocka_run_group_tests_name("seals", tests, NULL, NULL);
}
