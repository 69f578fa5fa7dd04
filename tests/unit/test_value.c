/* Rules of values: two are the same when kind and content are. */
#include "tip_test.h"
#include "tip_value.h"

#define TEXT(kind_, text_)                    \
    {                                         \
        .kind = (kind_), .bytes = {           \
            .data = (const uint8_t *)(text_), \
            .size = sizeof(text_) - 1         \
        }                                     \
    }

/* No two are the same. */
static const struct tip_value values[] = {
    {.kind = TIP_VALUE_NONE},
    {.kind = TIP_VALUE_MEMBER},
    {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_NO},
    {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_REFUSED},
    {.kind = TIP_VALUE_INTEGER, .integer = 0},
    {.kind = TIP_VALUE_INTEGER, .integer = -1},
    {.kind = TIP_VALUE_DATE, .date = {.day = 31}},
    {.kind = TIP_VALUE_DATE, .date = {.day = 32}},
    {.kind = TIP_VALUE_DATE, .date = {.day = 31, .precision = TIP_DATE_MONTH}},
    {.kind = TIP_VALUE_AMOUNT, .amount = {.minor = 5, .currency = 1}},
    {.kind = TIP_VALUE_AMOUNT, .amount = {.minor = 6, .currency = 1}},
    {.kind = TIP_VALUE_AMOUNT, .amount = {.minor = 5, .currency = 2}},
    {.kind = TIP_VALUE_CODE, .code = 1},
    {.kind = TIP_VALUE_CODE, .code = 2},
    {.kind = TIP_VALUE_REFERENCE, .reference = {{1}}},
    {.kind = TIP_VALUE_REFERENCE, .reference = {{2}}},
    TEXT(TIP_VALUE_TEXT, ""),
    TEXT(TIP_VALUE_TEXT, "a"),
    TEXT(TIP_VALUE_TEXT, "b"),
    TEXT(TIP_VALUE_OPAQUE, "a"),
};

enum { COUNT = sizeof values / sizeof *values };

static void test_each_is_the_same_as_itself_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COUNT; j++) {
            struct tip_value copy = values[j];

            assert_true(tip_value_equal(&values[i], &copy) == (i == j));
        }
    }
}

/* Nobody can say whether two of a kind that is not known are the same. */
static void test_what_nobody_knows_is_the_same_as_nothing(void **state)
{
    const struct tip_value odd = {
        .kind = (enum tip_value_kind)TIP_VALUE_KIND_COUNT};

    (void)state;
    assert_false(tip_value_equal(&odd, &odd));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_the_same_as_itself_alone),
        cmocka_unit_test(test_what_nobody_knows_is_the_same_as_nothing),
    };

    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
