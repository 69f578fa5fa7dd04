/* Rules of the tally of a body: each thing is counted once, as far as there may
 * be of it. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_tally.h"

enum { CHANGES = TIP_WIRE_BODY_CHANGES_MAX + 1 };

static struct tip_record_ref refs[2];
static struct tip_change changes[CHANGES];

static struct tip_change_set set_of(size_t record_count, size_t change_count)
{
    return (struct tip_change_set){.author = tip_bytes_text("salma"),
                                   .reason = tip_bytes_text("why"),
                                   .records = refs,
                                   .record_count = record_count,
                                   .changes = changes,
                                   .change_count = change_count};
}

static enum tip_err take(const struct tip_change_set *set,
                         struct tip_wire_tally *out)
{
    const struct tip_wire_sets sets = {.sets = &set, .count = 1};

    return tip_wire_tally_take(&sets, out);
}

static void test_each_thing_is_counted_once(void **state)
{
    static const struct tip_value values[] = {
        {.kind = TIP_VALUE_NONE},
        {.kind = TIP_VALUE_ANSWER},
        {.kind = TIP_VALUE_INTEGER},
        {.kind = TIP_VALUE_DATE},
        {.kind = TIP_VALUE_AMOUNT},
        {.kind = TIP_VALUE_CODE},
        {.kind = TIP_VALUE_TEXT, .bytes = {(const uint8_t *)"text", 4}},
        {.kind = TIP_VALUE_REFERENCE, .reference = {{1}}},
        {.kind = TIP_VALUE_OPAQUE, .bytes = {(const uint8_t *)"sealed", 6}},
        {.kind = TIP_VALUE_MEMBER},
    };
    const struct tip_change_set set = set_of(2, TIP_VALUE_KIND_COUNT);
    struct tip_wire_tally tally;

    (void)state;
    for (size_t i = 0; i < TIP_VALUE_KIND_COUNT; i++) {
        changes[i] = (struct tip_change){.value = values[i], .element = i % 2};
    }
    assert_int_equal(take(&set, &tally), TIP_OK);
    assert_int_equal(tally.records, 2);
    assert_int_equal(tally.changes, 10);
    assert_int_equal(tally.elements, 5);
    assert_int_equal(tally.numbers, 7); /* Two of an amount. */
    assert_int_equal(tally.lengths, 2);
    assert_int_equal(tally.text_bytes, 4);
    assert_int_equal(tally.opaque_bytes, 6);
    assert_int_equal(tally.ids, 3);
    assert_in_range(tally.author_bytes, 5 + 1, 5 + 10);
    assert_in_range(tally.reason_bytes, 3 + 1, 3 + 10);
}

static void test_what_may_not_be_said_is_not_counted(void **state)
{
    static const struct tip_value odd[] = {
        {.kind = TIP_VALUE_ANSWER,
         .answer = (enum tip_answer)(TIP_ANSWER_REFUSED + 1)},
        {.kind = TIP_VALUE_DATE,
         .date = {.precision = (enum tip_date_precision)(TIP_DATE_YEAR + 1)}},
        {.kind = TIP_VALUE_TEXT, .bytes = {(const uint8_t *)"\xff", 1}},
        {.kind = TIP_VALUE_REFERENCE},
        {.kind = (enum tip_value_kind)TIP_VALUE_KIND_COUNT},
    };
    const struct tip_change_set set = set_of(1, 2);
    struct tip_change_set bad = set_of(1, 0);
    struct tip_wire_tally tally;

    (void)state;
    changes[0] = (struct tip_change){.field = 20};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        changes[1] = (struct tip_change){.value = odd[i]};
        assert_int_equal(take(&set, &tally), TIP_EINVAL);
    }
    bad.author = tip_bytes_text("a\nb");
    assert_int_equal(take(&bad, &tally), TIP_EINVAL);
    bad = set_of(1, 0);
    bad.reason = tip_bytes_text("\xff");
    assert_int_equal(take(&bad, &tally), TIP_EINVAL);
}

static void test_a_body_holds_so_much_and_no_more(void **state)
{
    struct tip_change_set set = set_of(TIP_WIRE_BODY_RECORDS_MAX, 0);
    struct tip_wire_tally tally;

    (void)state;
    memset(changes, 0, sizeof changes);
    assert_int_equal(take(&set, &tally), TIP_OK);
    set.record_count++;
    assert_int_equal(take(&set, &tally), TIP_ETOOBIG);
    set = set_of(1, TIP_WIRE_BODY_CHANGES_MAX);
    assert_int_equal(take(&set, &tally), TIP_OK);
    set.change_count++;
    assert_int_equal(take(&set, &tally), TIP_ETOOBIG);
    set = set_of(1, 1);
    changes[0].value = (struct tip_value){
        .kind = TIP_VALUE_OPAQUE,
        .bytes = {(const uint8_t *)changes, TIP_FRAME_BODY_BYTES_MAX}};
    assert_int_equal(take(&set, &tally), TIP_OK);
    changes[0].value.bytes.size++;
    assert_int_equal(take(&set, &tally), TIP_ETOOBIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_thing_is_counted_once),
        cmocka_unit_test(test_what_may_not_be_said_is_not_counted),
        cmocka_unit_test(test_a_body_holds_so_much_and_no_more),
    };

    return cmocka_run_group_tests_name("wire_tally", tests, NULL, NULL);
}
