/* Verify decodes every row of which only the program of the hub knows how. */
#include <string.h>

#include "hub_invite.h"
#include "hub_past.h"
#include "hub_program.h"
#include "star_offices.h"
#include "tip_armour.h"
#include "tip_inspect.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { OFFICE = 8, ORIGIN = 12, NUMBER = 3 };

static void note(void *context, enum tip_inspect_kind kind, uint64_t a,
                 uint64_t b)
{
    (void)b;
    assert_int_equal(kind, TIP_INSPECT_ROW);
    *(uint64_t *)context = a;
}

/* How much is told; the table of the last of it. */
static uint64_t told(struct star *star, uint64_t *out_table)
{
    struct tip_arena arena;
    struct tip_inspect check = {
        .arena = &arena, .found = note, .context = out_table};

    *out_table = 0;
    tip_arena_init(&arena, 1 << 20);
    OK(tip_store_begin(&star->store->base, TIP_TXN_READ, &check.txn));
    OK(hub_check_rows(&check));
    tip_txn_abort(check.txn);
    tip_arena_deinit(&arena);
    return check.found_count;
}

/* One of each kind. */
static void put_all(struct star *star)
{
    static const uint8_t certificate[TIP_CERTIFICATE_SIZE];
    static const uint8_t office_key[TIP_OFFICE_KEY_SIZE];
    static struct hub_lines lines;
    const struct hub_past past = {.count = 1};
    const struct hub_invite invite = {.number = NUMBER, .name = "Assaba"};
    TIP_BUF_ROOM uint8_t memory[512];
    struct tip_txn *txn;
    struct tip_buf letter;

    lines = (struct hub_lines){.count = 1,
                               .items = {{.office = OFFICE, .is_due = true}}};
    tip_buf_init(&letter, memory, sizeof memory);
    tip_armour_write("APPROVAL", "words\n", tip_bytes_text("letter"), &letter);
    OK(hub_office_store(star->hub, OFFICE, ORIGIN, "Assaba",
                        TIP_BYTES_OF(certificate), TIP_BYTES_OF(office_key)));
    OK(hub_engine_write_txn(star->hub, &txn));
    OK(hub_past_store(txn, OFFICE, &past));
    OK(hub_lines_store(&lines, txn));
    OK(hub_invite_store(txn, &invite));
    OK(hub_invite_store_approval(txn, NUMBER,
                                 tip_bytes(letter.data, letter.size)));
    OK(hub_engine_flush(star->hub));
}

static void test_what_is_sound_passes(void **state)
{
    uint64_t table;

    put_all(*state);
    assert_int_equal(told(*state, &table), 0);
}

/* They open, but they are not what they should be. */
static void test_each_that_does_not_decode_is_named(void **state)
{
    static const struct {
        enum tip_table table;
        struct tip_key key;
        const char *text;
    } rows[] = {
        {TIP_TABLE_OFFICE, {OFFICE, 0}, "\xff\xfe"},
        {TIP_TABLE_OFFICE, {OFFICE, ORIGIN}, "\x01no"},
        {TIP_TABLE_OFFICE, {OFFICE, HUB_PAST_ROW}, "\x01\x05"},
        {TIP_TABLE_OFFICE, {OFFICE, HUB_LINE_ROW}, "\x01\x05"},
        {TIP_TABLE_INVITE, {NUMBER, 0}, "\x02no"},
        {TIP_TABLE_INVITE, {NUMBER, 1}, "no letter"},
    };
    struct star *star = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tip_txn *txn;
        uint64_t table;

        put_all(star);
        OK(tip_store_begin(&star->store->base, TIP_TXN_WRITE, &txn));
        OK(tip_txn_put(txn, rows[i].table, rows[i].key,
                       tip_bytes_text(rows[i].text)));
        OK(tip_txn_commit(txn));
        assert_int_equal(told(star, &table), 1);
        assert_int_equal(table, rows[i].table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_is_sound_passes),
        STAR_TEST(test_each_that_does_not_decode_is_named),
    };

    return cmocka_run_group_tests_name("check_rows", tests, NULL, NULL);
}
