/* Rules of tip_utf8: what is text, and where it stops being text. */
#include "tip_test.h"
#include "tip_utf8.h"

static void assert_bad_at(const char *text, size_t size, size_t at)
{
    assert_int_equal(tip_utf8_bad_at(tip_bytes(text, size), TIP_UTF8_LINE), at);
}

#define ASSERT_BAD_AT(text, at) assert_bad_at(text, sizeof(text) - 1, at)
#define ASSERT_TEXT(text) \
    assert_bad_at(text, sizeof(text) - 1, sizeof(text) - 1)

static void test_every_script_of_the_country_is_text(void **state)
{
    (void)state;
    ASSERT_TEXT("");
    ASSERT_TEXT("Néma, Hodh Ech Chargui");
    ASSERT_TEXT("الحوض الشرقي");
    ASSERT_TEXT("ɓ ɗ ŋ ƴ ñ");
    ASSERT_TEXT("\xf0\x9f\x8c\x8d");
}

static void test_the_ends_of_each_range_are_text(void **state)
{
    (void)state;
    ASSERT_TEXT("\xc2\xa0");
    ASSERT_TEXT("\xdf\xbf");
    ASSERT_TEXT("\xe0\xa0\x80");
    ASSERT_TEXT("\xed\x9f\xbf");
    ASSERT_TEXT("\xee\x80\x80");
    ASSERT_TEXT("\xef\xbf\xbf");
    ASSERT_TEXT("\xf0\x90\x80\x80");
    ASSERT_TEXT("\xf4\x8f\xbf\xbf");
}

static void test_malformed_bytes_are_found_where_they_start(void **state)
{
    (void)state;
    ASSERT_BAD_AT("a\x80", 1);                /* Continuation alone. */
    ASSERT_BAD_AT("ab\xc0\x80", 2);           /* Overlong NUL. */
    ASSERT_BAD_AT("\xc1\xbf", 0);             /* Overlong, two bytes. */
    ASSERT_BAD_AT("\xe0\x9f\xbf", 0);         /* Overlong, three bytes. */
    ASSERT_BAD_AT("\xf0\x8f\xbf\xbf", 0);     /* Overlong, four bytes. */
    ASSERT_BAD_AT("x\xed\xa0\x80", 1);        /* Surrogate. */
    ASSERT_BAD_AT("\xf4\x90\x80\x80", 0);     /* Above U+10FFFF. */
    ASSERT_BAD_AT("\xf5\x80\x80\x80", 0);     /* No such lead byte. */
    ASSERT_BAD_AT("\xff", 0);                 /* Never in UTF-8. */
    ASSERT_BAD_AT("N\xe9ma", 1);              /* Latin-1. */
    ASSERT_BAD_AT("\xe2\x28\xa1", 0);         /* Second byte wrong. */
    ASSERT_BAD_AT("\xe2\x82\x28", 0);         /* Third byte wrong. */
    ASSERT_BAD_AT("\xf0\x9f\x8c\x28 end", 0); /* Fourth byte wrong. */
}

static void test_an_unfinished_character_is_bad_from_its_start(void **state)
{
    (void)state;
    ASSERT_BAD_AT("ok\xc3", 2);
    ASSERT_BAD_AT("ok\xe2\x82", 2);
    ASSERT_BAD_AT("ok\xf0\x9f\x8c", 2);
}

static void test_control_characters_are_not_text(void **state)
{
    (void)state;
    ASSERT_BAD_AT("a\0b", 1);
    ASSERT_BAD_AT("\x1b[31m", 0);
    ASSERT_BAD_AT("a\x7f", 1);
    ASSERT_BAD_AT("a\xc2\x9b", 1); /* C1: one-byte escape sequence. */
    ASSERT_BAD_AT("a\n", 1);
    ASSERT_BAD_AT("a\t", 1);
    ASSERT_BAD_AT("a\r", 1);
}

static void test_each_flag_lets_one_control_character_through(void **state)
{
    struct tip_bytes text = tip_bytes_text("\n\t\r");

    (void)state;
    assert_int_equal(tip_utf8_bad_at(text, TIP_UTF8_LF), 1);
    assert_int_equal(tip_utf8_bad_at(text, TIP_UTF8_LF | TIP_UTF8_TAB), 2);
    assert_true(tip_utf8_valid(text, TIP_UTF8_LF | TIP_UTF8_TAB | TIP_UTF8_CR));
    assert_false(tip_utf8_valid(text, TIP_UTF8_TAB | TIP_UTF8_CR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_script_of_the_country_is_text),
        cmocka_unit_test(test_the_ends_of_each_range_are_text),
        cmocka_unit_test(test_malformed_bytes_are_found_where_they_start),
        cmocka_unit_test(test_an_unfinished_character_is_bad_from_its_start),
        cmocka_unit_test(test_control_characters_are_not_text),
        cmocka_unit_test(test_each_flag_lets_one_control_character_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
