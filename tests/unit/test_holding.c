/* Rules of the digest over what an audience holds. */
#include <string.h>

#include "tip_holding.h"
#include "tip_merge.h"
#include "tip_test.h"

enum { OFFICE = 7, OTHER = 8, TYPE = 3, RECORDS = 40, FIELD = 20 };

static const struct tip_operational_secret secret = {{1, 2, 3}};

/* A record with one code, held by @office. */
struct sample {
    struct tip_record record;
    struct tip_write writes[2];
    struct tip_sibling siblings[3];
};

static void sample_init(struct sample *sample, uint8_t last, uint32_t office,
                        uint32_t code)
{
    struct tip_id id = {{9}};

    id.bytes[TIP_ID_SIZE - 1] = last;
    tip_record_init(&sample->record, &id, TYPE, office);
    sample->writes[0] = (struct tip_write){
        .origin = 300, .seq = 4, .commit = 11, .author = {NULL, 0}};
    sample->writes[1] = (struct tip_write){.origin = 301, .seq = 9};
    sample->siblings[0] =
        (struct tip_sibling){.field = TIP_FIELD_OFFICES,
                             .element = office,
                             .value = {.kind = TIP_VALUE_MEMBER}};
    sample->siblings[1] = (struct tip_sibling){
        .field = FIELD, .value = {.kind = TIP_VALUE_CODE, .code = code}};
    sample->record.writes = sample->writes;
    sample->record.write_count = 1;
    sample->record.siblings = sample->siblings;
    sample->record.sibling_count = 2;
}

static struct tip_digest_key key_of(void)
{
    struct tip_digest_key key;

    tip_digest_key_derive(&secret, &key);
    return key;
}

/* Add or take away @sample. */
static void change(struct tip_holding *holding, struct sample *sample,
                   bool is_added)
{
    struct tip_digest_key key = key_of();
    struct tip_held_record held;
    struct tip_arena arena;

    tip_arena_init(&arena, 1 << 20);
    assert_int_equal(tip_holding_prepare(&sample->record, &arena, &held),
                     TIP_OK);
    if (is_added) {
        tip_holding_add(holding, &key, &held);
    } else {
        tip_holding_remove(holding, &key, &held);
    }
    tip_arena_deinit(&arena);
}

static bool is_same(const struct tip_holding *a, const struct tip_holding *b)
{
    struct tip_digest x = tip_holding_digest(a), y = tip_holding_digest(b);

    return memcmp(x.bytes, y.bytes, sizeof x.bytes) == 0;
}

static void test_the_order_records_came_in_does_not_matter(void **state)
{
    static struct tip_holding forth, back, fewer;
    struct sample sample;

    (void)state;
    for (uint32_t i = 0; i < RECORDS; i++) {
        sample_init(&sample, (uint8_t)(i * 7), OFFICE, i);
        change(&forth, &sample, true);
        sample_init(&sample, (uint8_t)((RECORDS - 1 - i) * 7), OFFICE,
                    RECORDS - 1 - i);
        change(&back, &sample, true);
        if (i != 0) {
            sample_init(&sample, (uint8_t)(i * 7), OFFICE, i);
            change(&fewer, &sample, true);
        }
    }
    assert_true(is_same(&forth, &back));
    assert_false(is_same(&forth, &fewer));
    sample_init(&sample, 0, OFFICE, 0);
    change(&forth, &sample, false);
    assert_true(is_same(&forth, &fewer));
}

static void test_what_was_added_and_taken_away_leaves_nothing(void **state)
{
    static struct tip_holding nothing, holding;
    static uint8_t row[TIP_HOLDING_BYTES];
    static struct tip_holding again;
    struct sample sample;
    struct tip_reader reader;
    struct tip_buf buf;

    (void)state;
    for (uint32_t i = 0; i < RECORDS; i++) {
        sample_init(&sample, 5, OFFICE, i);
        change(&holding, &sample, true);
    }
    tip_buf_init(&buf, row, sizeof row);
    tip_holding_put(&buf, &holding);
    tip_reader_init(&reader, TIP_BYTES_OF(row));
    tip_holding_get(&reader, &again);
    assert_memory_equal(&again, &holding, sizeof again);
    for (uint32_t i = 0; i < RECORDS; i++) {
        sample_init(&sample, 5, OFFICE, i);
        change(&holding, &sample, false);
    }
    assert_memory_equal(&holding, &nothing, sizeof nothing);
}

/* One change at a time to a sample; each must show. */
static void spoil(struct sample *sample, int what)
{
    switch (what) {
    case 0:
        sample->siblings[1].value.code++;
        break;
    case 1:
        sample->writes[0].commit++;
        break;
    case 2:
        sample->writes[0].seq++;
        break;
    case 3:
        sample->writes[0].origin++;
        break;
    case 4:
        sample->writes[0].verdict = TIP_VERDICT_FUTURE;
        break;
    case 5:
        sample->siblings[1].field++;
        break;
    case 6:
        sample->siblings[1].element++;
        break;
    case 7:
        sample->record.id.bytes[0]++;
        break;
    case 8:
        sample->record.sibling_count = 1;
        break;
    default:
        sample->siblings[2] = sample->siblings[1];
        sample->siblings[2].write = 1;
        sample->record.write_count = 2;
        sample->record.sibling_count = 3;
        break;
    }
}

static void test_any_difference_of_a_live_value_shows(void **state)
{
    (void)state;
    for (int what = 0; what < 10; what++) {
        static struct tip_holding one, two;
        struct sample sample;

        memset(&one, 0, sizeof one);
        memset(&two, 0, sizeof two);
        sample_init(&sample, 3, OFFICE, 5);
        change(&one, &sample, true);
        spoil(&sample, what);
        change(&two, &sample, true);
        assert_false(is_same(&one, &two));
    }
}

static void test_two_records_cannot_swap_their_values(void **state)
{
    static struct tip_holding right, swapped;
    struct sample a, b;

    (void)state;
    for (int is_swapped = 0; is_swapped < 2; is_swapped++) {
        struct tip_holding *holding = is_swapped ? &swapped : &right;

        sample_init(&a, 3, OFFICE, is_swapped ? 2 : 1);
        sample_init(&b, 3, OFFICE, is_swapped ? 1 : 2);
        b.record.id.bytes[0]++;
        change(holding, &a, true);
        change(holding, &b, true);
    }
    assert_false(is_same(&right, &swapped));
}

static void test_what_everybody_receives_counts_once(void **state)
{
    struct sample sample;

    (void)state;
    sample_init(&sample, 3, OFFICE, 1);
    assert_true(tip_holding_has(&sample.record, OFFICE));
    assert_false(tip_holding_has(&sample.record, OTHER));
    assert_false(tip_holding_has(&sample.record, TIP_CHANNEL_REF));
    sample.siblings[2] = sample.siblings[1];
    sample.siblings[1] = sample.siblings[0];
    sample.siblings[0].element = TIP_CHANNEL_REF;
    sample.record.sibling_count = 3;
    assert_true(tip_holding_has(&sample.record, TIP_CHANNEL_REF));
    assert_false(tip_holding_has(&sample.record, OFFICE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_order_records_came_in_does_not_matter),
        cmocka_unit_test(test_what_was_added_and_taken_away_leaves_nothing),
        cmocka_unit_test(test_any_difference_of_a_live_value_shows),
        cmocka_unit_test(test_two_records_cannot_swap_their_values),
        cmocka_unit_test(test_what_everybody_receives_counts_once),
    };

    return cmocka_run_group_tests_name("holding", tests, NULL, NULL);
}
