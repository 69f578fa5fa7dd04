/* Rules of what common/conf prints: it can be read again and leaves nothing
 * out. */
#include "conf_sample.h"
#include "out_text.h"

#include <stdio.h>
#include <string.h>

static const char printed[] = "[node]\n"
                              "# flag --dir\n"
                              "dir = /b\n"
                              "# default\n"
                              "language =\n"
                              "\n"
                              "[sync]\n"
                              "# node.conf:2\n"
                              "poll = 2 min\n"
                              "# default\n"
                              "retries = 3\n"
                              "\n"
                              "[store]\n"
                              "# default\n"
                              "size = 8 GiB\n"
                              "# default\n"
                              "strict = yes\n"
                              "\n"
                              "[demo]\n"
                              "# default\n"
                              "weather = calm\n"
                              "\n"
                              "[hub]\n"
                              "# default\n"
                              "listen = *:7070\n";

static void test_print_names_the_origin_and_can_be_read_again(void **state)
{
    struct conf_sample *f = *state;

    assert_int_equal(conf_sample_load(f, "[sync]\npoll = 120000 ms\n"), TIP_OK);
    assert_int_equal(tip_conf_override(&f->conf, DIR_KEY, "--dir", "/b"),
                     TIP_OK);
    PRINTED(f, tip_conf_print(&f->conf, &out));
    assert_string_equal(f->text, printed);
    tip_conf_deinit(&f->conf);
    tip_conf_init(&f->conf, &table);
    assert_int_equal(conf_sample_load(f, f->text), TIP_OK);
    assert_int_equal(tip_conf_number(&f->conf, POLL), 120000);
}

static void test_every_key_is_in_the_example_and_the_manual(void **state)
{
    struct conf_sample *f = *state;

    PRINTED(f, tip_conf_print_example(&table, "tipnode", &out));
    assert_non_null(strstr(f->text, "# How the links behave.\n"
                                    "# Allowed: one of calm, stormy, blackout."
                                    "\n#weather = calm\n"));
    for (size_t i = 0; i < KEYS; i++) {
        assert_non_null(strstr(f->text, keys[i].help));
    }
    assert_int_equal(conf_sample_load(f, f->text), TIP_OK);
    PRINTED(f, tip_conf_print_mdoc(&table, &out));
    for (size_t i = 0; i < KEYS; i++) {
        assert_non_null(strstr(f->text, keys[i].name));
    }
}

/* Without the # the example is a file that says what the defaults say. */
static void test_the_example_shows_the_defaults(void **state)
{
    struct conf_sample *f = *state;

    PRINTED(f, tip_conf_print_example(&table, "tipnode", &out));
    for (char *at = f->text; (at = strchr(at, '#')) != NULL; at++) {
        if (at[1] != ' ') {
            *at = ' ';
        }
    }
    assert_int_equal(conf_sample_load(f, f->text), TIP_OK);
    for (size_t i = 0; i < KEYS; i++) {
        assert_true(tip_conf_is_set(&f->conf, i));
        assert_string_equal(tip_conf_text(&f->conf, i), keys[i].value_default);
    }
}
#define TEST(name)                                           \
    cmocka_unit_test_setup_teardown(name, conf_sample_setup, \
                                    conf_sample_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_print_names_the_origin_and_can_be_read_again),
        TEST(test_every_key_is_in_the_example_and_the_manual),
        TEST(test_the_example_shows_the_defaults),
    };

    return cmocka_run_group_tests_name("conf_print", tests, NULL, NULL);
}
