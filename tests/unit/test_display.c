/* Text of people on a terminal: measured, cleaned, kept in its direction. */
#include "out_text.h"
#include "tip_display.h"

#include <stdio.h>

struct fixture {
    char text[256];
};

static int setup(void **state)
{
    static struct fixture f;

    *state = &f;
    return 0;
}

#define ASSERT_SHOWN(f, text_, isolate_, expected)                          \
    do {                                                                    \
        PRINTED(f, tip_display_put(&out, tip_bytes_text(text_), isolate_)); \
        assert_string_equal((f)->text, (expected));                         \
    } while (0)

static void test_text_is_measured_in_cells(void **state)
{
    (void)state;
    assert_int_equal(tip_display_width(tip_bytes_text("نواكشوط")), 7);
    assert_int_equal(tip_display_width(tip_bytes_text("مُحَمَّد")), 4);
    assert_int_equal(tip_display_width(tip_bytes_text("Néma")), 4);
    assert_int_equal(tip_display_width(tip_bytes_text("e\xcc\x81")), 1);
    assert_int_equal(tip_display_width(tip_bytes_text("字")), 2);
    assert_int_equal(tip_display_width(tip_bytes_text("\xff")), 1);
}

static void test_text_cannot_steer_the_terminal(void **state)
{
    /* As numbers: in a literal they would steer whoever reads this. */
    static const char turned[] = {'a', '\xe2', '\x80', '\xae', 'b', '\0'};
    struct fixture *f = *state;

    ASSERT_SHOWN(f, "a\033[2Jb", true, "a\xef\xbf\xbd[2Jb");
    ASSERT_SHOWN(f, "a\nb\tc", true, "a b c");
    ASSERT_SHOWN(f, turned, true, "ab");
    ASSERT_SHOWN(f, "a\xc3", true, "a\xef\xbf\xbd");
}

static void test_text_from_right_to_left_is_isolated(void **state)
{
    static const char begin[] = {'\xe2', '\x81', '\xa8', '\0'};
    static const char end[] = {'\xe2', '\x81', '\xa9', '\0'};
    struct fixture *f = *state;
    char expected[32];

    (void)snprintf(expected, sizeof expected, "%sنعم%s", begin, end);
    ASSERT_SHOWN(f, "نعم", true, expected);
    ASSERT_SHOWN(f, "نعم", false, "نعم");
}

static void test_json_text_is_always_valid(void **state)
{
    struct fixture *f = *state;

    PRINTED(f, tip_display_put_json(
                   &out, tip_bytes("a\"\\\n\t\x01\x7f\0\xff\xc3\xa9", 11)));
    assert_string_equal(f->text, "a\\\"\\\\\\n\\t\\u0001\\u007f\\u0000"
                                 "\xef\xbf\xbd\xc3\xa9");
}

static void test_a_field_of_plain_text_is_one_field(void **state)
{
    struct fixture *f = *state;

    PRINTED(f, tip_display_put_tsv(&out, tip_bytes_text("a\tb\\c\nd\"")));
    assert_string_equal(f->text, "a\\tb\\\\c\\nd\"");
}

#define TEST(name) cmocka_unit_test_setup(name, setup)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_text_is_measured_in_cells),
        TEST(test_text_cannot_steer_the_terminal),
        TEST(test_text_from_right_to_left_is_isolated),
        TEST(test_json_text_is_always_valid),
        TEST(test_a_field_of_plain_text_is_one_field),
    };

    return cmocka_run_group_tests_name("display", tests, NULL, NULL);
}
