/* What is left of a frame of the hub says what its maker said, and what is
 * gone. */
#include "tip_contents.h"

#include <string.h>

#include "tip_secret.h"
#include "tip_test.h"

enum { RECORDS = 3, ARENA_BYTES_MAX = 8 * 1024 * 1024 };

#define OK(call) assert_int_equal((call), TIP_OK)

/* Two records by birth and one by id, in two change-sets; a ruling. */
struct fixture {
    struct tip_arena arena;
    struct tip_frame_key key;
    struct tip_record_ref refs[RECORDS];
    struct tip_change changes[RECORDS];
    struct tip_item items[3];
    struct tip_down_body body;
    struct tip_frame_header header;
    uint8_t header_bytes[TIP_WIRE_HEADER_BYTES_MAX];
    struct tip_wire_frame parts; /* Its past says the header. */
    size_t gone_bytes;
};

/* Record 0 was erased, if any. */
struct redactor {
    struct tip_redactor base;
    bool has_erased;
};

static enum tip_err is_erased(struct tip_redactor *self,
                              const struct tip_record_ref *ref, bool *out_is)
{
    *out_is = ((struct redactor *)self)->has_erased && ref->birth_commit == 7;
    return TIP_OK;
}

static struct tip_change_set set_of(struct fixture *f, uint64_t seq,
                                    size_t first, size_t count)
{
    return (struct tip_change_set){.origin = 12,
                                   .office = 50,
                                   .seq = seq,
                                   .author = tip_bytes_text("aminetou"),
                                   .records = &f->refs[first],
                                   .record_count = count,
                                   .changes = &f->changes[first],
                                   .change_count = count};
}

static void make_items(struct fixture *f)
{
    f->refs[0] = (struct tip_record_ref){.birth_commit = 7};
    f->refs[1] = (struct tip_record_ref){.birth_commit = 8, .birth_index = 2};
    f->refs[2] = (struct tip_record_ref){.id = {{1, 2, 3}}, .type = 16};
    for (uint32_t i = 0; i < RECORDS; i++) {
        f->changes[i] = (struct tip_change){
            .record = i == 2 ? 0 : i,
            .field = 20,
            .value = {.kind = TIP_VALUE_CODE, .code = 1 + i}};
    }
    f->items[0] = (struct tip_item){
        .kind = TIP_ITEM_SET, .commit = 30, .set = set_of(f, 1, 0, 2)};
    f->items[0].set.reason = tip_bytes_text("asked for");
    f->items[1] = (struct tip_item){
        .kind = TIP_ITEM_SET, .commit = 31, .set = set_of(f, 2, 2, 1)};
    f->items[2] =
        (struct tip_item){.kind = TIP_ITEM_RULING,
                          .commit = 32,
                          .ruling = {.kind = TIP_RULING_REFUSED,
                                     .hold = TIP_HOLD_QUOTA,
                                     .origin = 12,
                                     .first_seq = 3,
                                     .count = 1,
                                     .by = tip_bytes_text("salma"),
                                     .reason = tip_bytes_text("asked Atar")}};
    f->body = (struct tip_down_body){.items = f->items,
                                     .item_count = 3,
                                     .has_checkpoint = true,
                                     .checkpoint = {.commit = 32}};
    f->body.checkpoint.control = 4;
}

static int setup(void **state)
{
    static struct fixture f;
    struct tip_buf buf;

    f = (struct fixture){.key = {{9}},
                         .header = {.origin = 1,
                                    .is_down = true,
                                    .channel = 50,
                                    .first = 1,
                                    .count = 1,
                                    .salt = {1, 2}}};
    OK(tip_seal_init());
    tip_arena_init(&f.arena, ARENA_BYTES_MAX);
    make_items(&f);
    OK(tip_contents_note(&f.key, &f.body, &f.arena, &f.header, &f.gone_bytes));
    tip_buf_init(&buf, f.header_bytes, sizeof f.header_bytes);
    OK(tip_wire_header_encode(&f.header, &buf));
    OK(tip_buf_finish(&buf, &f.parts.past.header));
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_arena_deinit(&f->arena);
    return 0;
}

/* The body without record 0 and the reason of its first change-set, saying what
 * is gone. */
static struct tip_down_body left_of(struct fixture *f, struct tip_item items[3])
{
    static struct tip_change change;
    struct tip_down_body left = f->body;

    memcpy(items, f->items, sizeof f->items);
    change = f->changes[1];
    change.record = 0;
    items[0].set.reason = TIP_BYTES_NONE;
    items[0].set.records = &f->refs[1];
    items[0].set.record_count = 1;
    items[0].set.changes = &change;
    items[0].set.change_count = 1;
    left.items = items;
    OK(tip_contents_lose(&f->body, &f->arena, &left));
    return left;
}

static enum tip_err prove(struct fixture *f, const struct tip_down_body *body,
                          bool has_erased)
{
    struct redactor redactor = {
        .base = {.is_erased = is_erased, .arena = &f->arena, .control = 9},
        .has_erased = has_erased};

    return tip_contents_prove(&redactor.base, &f->key, &f->parts, body);
}

static void test_what_is_left_is_proven(void **state)
{
    struct fixture *f = *state;
    struct tip_item items[3];
    struct tip_down_body left = left_of(f, items);

    OK(prove(f, &f->body, false));
    OK(prove(f, &left, true));
    assert_int_equal(prove(f, &left, false), TIP_ESIGNATURE);
    assert_in_range(left.gone.size, 1, f->gone_bytes);
}

static void test_it_is_proven_under_the_key_of_the_frame(void **state)
{
    struct fixture *f = *state;

    f->key.bytes[0]++;
    assert_int_equal(prove(f, &f->body, true), TIP_ESIGNATURE);
}

static void test_the_hub_may_raise_what_it_presumes(void **state)
{
    struct fixture *f = *state;
    struct tip_item items[3];
    struct tip_down_body left = left_of(f, items);

    left.checkpoint.control = 9;
    OK(prove(f, &left, true));
    left.checkpoint.control = 10;
    assert_int_equal(prove(f, &left, true), TIP_ESIGNATURE);
    left.checkpoint.control = 3;
    assert_int_equal(prove(f, &left, true), TIP_ESIGNATURE);
}

static void test_a_changed_bit_of_what_is_gone_is_noticed(void **state)
{
    struct fixture *f = *state;
    struct tip_item items[3];
    struct tip_down_body left = left_of(f, items);
    uint8_t *bytes = tip_arena_alloc(&f->arena, left.gone.size);

    assert_non_null(bytes);
    memcpy(bytes, left.gone.data, left.gone.size);
    left.gone.data = bytes;
    for (size_t bit = 0; bit < left.gone.size * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_not_equal(prove(f, &left, true), TIP_OK);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (; left.gone.size > 1; left.gone.size--) {
        struct tip_down_body cut = left;

        cut.gone.size--;
        assert_int_not_equal(prove(f, &cut, true), TIP_OK);
    }
}

static void test_what_says_more_was_not_made_by_leaving_out(void **state)
{
    struct fixture *f = *state;
    struct tip_item items[3];
    struct tip_down_body left = left_of(f, items);
    const struct tip_down_body was = left;

    left.items = f->items;
    assert_int_equal(tip_contents_lose(&was, &f->arena, &left), TIP_EMALFORMED);
}

static void test_of_what_is_never_erased_nothing_is_said(void **state)
{
    struct fixture *f = *state;
    const struct tip_item echo = {
        .kind = TIP_ITEM_ECHO,
        .echo = {.origin = 12, .first_seq = 1, .count = 2, .first_commit = 30}};
    struct tip_down_body body = {.items = &echo, .item_count = 1};

    OK(tip_contents_note(&f->key, &body, &f->arena, &f->header,
                         &f->gone_bytes));
    assert_false(f->header.has_contents);
    assert_int_equal(f->gone_bytes, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_left_is_proven),
        TEST(test_it_is_proven_under_the_key_of_the_frame),
        TEST(test_the_hub_may_raise_what_it_presumes),
        TEST(test_a_changed_bit_of_what_is_gone_is_noticed),
        TEST(test_what_says_more_was_not_made_by_leaving_out),
        TEST(test_of_what_is_never_erased_nothing_is_said),
    };

    return cmocka_run_group_tests_name("contents", tests, NULL, NULL);
}
