/* Rules of tip_spec and tip_suggest: what is no value is refused. */
#include "tip_spec.h"
#include "tip_suggest.h"
#include "tip_test.h"

/* Assert that @text is not what @spec allows. */
static void assert_refused(const struct tip_spec *spec, const char *text)
{
    int64_t number = 77;

    assert_int_equal(tip_spec_parse(spec, text, &number), TIP_EINVAL);
    assert_int_equal(number, 77);
}

static void test_numbers_that_overflow_are_refused(void **state)
{
    static const struct tip_spec integer = {.type = TIP_SPEC_INTEGER};
    static const struct tip_spec size = {.type = TIP_SPEC_SIZE};
    static const struct tip_spec duration = {.type = TIP_SPEC_DURATION};

    (void)state;
    assert_refused(&integer, "9223372036854775808");
    assert_refused(&integer, "-1");
    assert_refused(&integer, "1x");
    assert_refused(&integer, "");
    assert_refused(&size, "9223372036854775807 KiB");
    assert_refused(&size, "5 kb");
    assert_refused(&duration, "-1 s");
    assert_refused(&duration, "5");
    assert_refused(&duration, "5 m");
}

static void test_addresses_that_are_none_are_refused(void **state)
{
    static const struct tip_spec spec = {.type = TIP_SPEC_ENDPOINTS};
    static const char *const bad[] = {
        "a",        "a:",       ":1",     "a:0",    "a:65536", "a:1,",
        "a:1,,b:1", "[::1]",    "[::1:1", "a b:1",  "a:1 x",   "udp://a:1",
        "[]:1",     "[::1] :1", "a:-1",   "tcp://", ",",       "é:1"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refused(&spec, bad[i]);
    }
}

static void test_suggestion_is_near_or_none(void **state)
{
    struct tip_suggest suggest = {.word = "conflits"};

    (void)state;
    tip_suggest_offer(&suggest, "config");
    assert_null(suggest.best);
    tip_suggest_offer(&suggest, "conflicts");
    assert_string_equal(suggest.best, "conflicts");
    suggest = (struct tip_suggest){.word = "xyz"};
    tip_suggest_offer(&suggest, "status");
    assert_null(suggest.best);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_that_overflow_are_refused),
        cmocka_unit_test(test_addresses_that_are_none_are_refused),
        cmocka_unit_test(test_suggestion_is_near_or_none),
    };

    return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
