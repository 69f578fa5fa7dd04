/* Rules of common/conf: what is allowed goes in, the rest names its line. */
#include "conf_sample.h"
#include "tip_endpoint.h"
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_table_passes_its_own_check(void **state)
{
    (void)state;
    assert_null(tip_conf_table_check(&table));
}

static void test_table_check_finds_each_fault(void **state)
{
    static const struct tip_conf_key secret = {
        "a", "passphrase", {.type = TIP_SPEC_TEXT}, "", "A secret."};
    static const struct tip_conf_key silent = {
        "a", "b", {.type = TIP_SPEC_TEXT}, "", "no full stop"};
    static const struct tip_conf_key wrong = {
        "a", "b", {.type = TIP_SPEC_BOOLEAN}, "perhaps", "Text."};
    static const struct tip_conf_key apart[] = {
        {"a", "b", {.type = TIP_SPEC_TEXT}, "", "Text."},
        {"c", "b", {.type = TIP_SPEC_TEXT}, "", "Text."},
        {"a", "d", {.type = TIP_SPEC_TEXT}, "", "Text."}};

    (void)state;
    assert_non_null(tip_conf_table_check(&(struct tip_conf_table){&secret, 1}));
    assert_non_null(tip_conf_table_check(&(struct tip_conf_table){&silent, 1}));
    assert_non_null(tip_conf_table_check(&(struct tip_conf_table){&wrong, 1}));
    assert_non_null(tip_conf_table_check(&(struct tip_conf_table){apart, 3}));
}

static void test_defaults_hold_until_something_is_set(void **state)
{
    struct conf_sample *f = *state;

    assert_int_equal(conf_sample_load(f, ""), TIP_OK);
    assert_string_equal(tip_conf_text(&f->conf, DIR_KEY), "/var/lib/tip");
    assert_int_equal(tip_conf_number(&f->conf, POLL), 300000);
    assert_int_equal(tip_conf_number(&f->conf, ROOM), INT64_C(8) << 30);
    assert_int_equal(tip_conf_number(&f->conf, STRICT), 1);
    assert_false(tip_conf_is_set(&f->conf, STRICT));
}

static void test_every_type_is_read(void **state)
{
    struct conf_sample *f = *state;
    struct tip_endpoint endpoint;

    assert_int_equal(
        conf_sample_load(f, "# ours\n[node]\r\ndir=/srv/my tip;1\r\n"
                            "language = fr\n[sync]\n  poll = 90s\n"
                            "retries=8\n[store]\nsize = 64MB\nstrict = off\n"
                            "[demo]\nweather = blackout\n[hub]\n"
                            "listen = tcp://a.mr:1 , [::1]:65535"),
        TIP_OK);
    assert_string_equal(tip_conf_text(&f->conf, DIR_KEY), "/srv/my tip;1");
    assert_string_equal(tip_conf_text(&f->conf, LANGUAGE), "fr");
    assert_int_equal(tip_conf_number(&f->conf, POLL), 90000);
    assert_int_equal(tip_conf_number(&f->conf, RETRY), 8);
    assert_int_equal(tip_conf_number(&f->conf, ROOM), 64000000);
    assert_int_equal(tip_conf_number(&f->conf, STRICT), 0);
    assert_int_equal(tip_conf_number(&f->conf, WEATHER), 2);
    assert_int_equal(
        tip_endpoints_get(tip_conf_text(&f->conf, LISTEN), 1, &endpoint),
        TIP_OK);
    assert_string_equal(endpoint.host, "::1");
    assert_int_equal(endpoint.port, 65535);
    assert_int_equal(
        tip_endpoints_get(tip_conf_text(&f->conf, LISTEN), 0, &endpoint),
        TIP_OK);
    assert_string_equal(endpoint.host, "a.mr");
    assert_int_equal(
        tip_endpoints_get(tip_conf_text(&f->conf, LISTEN), 2, &endpoint),
        TIP_ENOTFOUND);
}

static void test_problem_names_file_line_and_range(void **state)
{
    struct conf_sample *f = *state;

    assert_int_equal(
        conf_sample_load(f, "[sync]\n\npoll = 9 fortnights\nretries = 9\n"),
        TIP_ECONF);
    assert_string_equal(
        f->conf.problems,
        "node.conf:3: poll must be a duration from 1 s to 1 d\n"
        "node.conf:4: retries must be a number of tries from 1 to 8");
    assert_int_equal(tip_conf_number(&f->conf, RETRY), 3);
}

/* Assert that @text has the one problem @problem. */
static void assert_problem(void **state, const char *text, const char *problem)
{
    struct conf_sample *f = *state;

    tip_conf_deinit(&f->conf);
    tip_conf_init(&f->conf, &table);
    assert_int_equal(conf_sample_load(f, text), TIP_ECONF);
    assert_string_equal(f->conf.problems, problem);
}

static void test_unknown_key_is_an_error_with_a_guess(void **state)
{
    assert_problem(state, "[sync]\npol = 1 s\n",
                   "node.conf:2: pol is not a key of [sync]; did you mean "
                   "poll?");
    assert_problem(state, "[snyc]\npoll = 1 s\n",
                   "node.conf:2: [snyc] is not a section; did you mean "
                   "[sync]?");
    assert_problem(state, "[store]\npoll = 1 s\n",
                   "node.conf:2: poll belongs into section [sync]");
    assert_problem(state, "[node]\nzzzz = 1 s\n",
                   "node.conf:2: zzzz is not a key of [node]");
    assert_problem(state, "dir = /a\n",
                   "node.conf:1: a [section] must come before the first key");
}

static void test_a_secret_is_refused_and_never_shown(void **state)
{
    assert_problem(state, "[node]\npassphrase = sesame\n",
                   "node.conf:2: passphrase is not a key; secrets are never "
                   "kept here");
}

static void test_a_key_set_twice_is_an_error(void **state)
{
    assert_problem(state, "[sync]\nretries = 1\nretries = 2\n",
                   "node.conf:3: retries is set already in line 2");
}

static void test_a_relative_path_is_an_error_in_the_file_only(void **state)
{
    struct conf_sample *f = *state;

    assert_problem(state, "[node]\ndir = here\n",
                   "node.conf:2: dir must be a path that begins with /");
    assert_int_equal(tip_conf_override(&f->conf, DIR_KEY, "--dir", "here"),
                     TIP_OK);
    assert_string_equal(tip_conf_text(&f->conf, DIR_KEY), "here");
}

static void test_what_is_not_a_line_is_an_error(void **state)
{
    assert_problem(state, "[node]\njust words\n",
                   "node.conf:2: neither [section], name = value nor a # "
                   "comment");
    assert_problem(state, "[node]\ndir = /a\033[2J\n",
                   "node.conf:2: the line is not UTF-8 text");
}

static void test_names_never_reach_the_terminal_unchecked(void **state)
{
    assert_problem(state, "[n\xc3\xb6]\nx = 1\n",
                   "node.conf:2: no such section and key");
}

/* inih would cut the line and read its tail as a line of its own. */
static void test_a_line_too_long_is_refused_whole(void **state)
{
    struct conf_sample *f = *state;
    char text[2200] = "[sync]\nretries = 2\n[demo]\nweather = ";
    size_t used = strlen(text);

    memset(text + used, 'x', 1200);
    (void)snprintf(text + used + 1200, sizeof text - used - 1200,
                   "\n[sync]\npoll = 2 s\n");
    assert_int_equal(conf_sample_load(f, text), TIP_ECONF);
    assert_string_equal(f->conf.problems,
                        "node.conf:4: the line is longer than 1100 bytes");
    assert_int_equal(tip_conf_number(&f->conf, POLL), 2000);
}

static void test_a_value_of_a_thousand_bytes_fits(void **state)
{
    struct conf_sample *f = *state;
    char text[1100] = "[node]\ndir = /";
    size_t used = strlen(text);

    memset(text + used, 'x', 999);
    assert_int_equal(conf_sample_load(f, text), TIP_OK);
    assert_int_equal(strlen(tip_conf_text(&f->conf, DIR_KEY)), 1000);
}

static void test_a_file_too_large_is_refused(void **state)
{
    struct conf_sample *f = *state;
    size_t size = TIP_CONF_FILE_BYTES_MAX + 1;
    char *text = malloc(size);

    assert_non_null(text);
    memset(text, '\n', size);
    assert_int_equal(
        tip_conf_load(&f->conf, "node.conf", tip_bytes(text, size)),
        TIP_ETOOBIG);
    free(text);
}

static void test_a_flood_of_problems_stays_in_bounds(void **state)
{
    static const char line[8] = {'a', ' ', '=', ' ', '1', ' ', ' ', '\n'};
    enum { LINES = 2000 };
    struct conf_sample *f = *state;
    char text[LINES * sizeof line];

    for (size_t i = 0; i < LINES; i++) {
        memcpy(text + i * sizeof line, line, sizeof line);
    }
    assert_int_equal(
        tip_conf_load(&f->conf, "node.conf", tip_bytes(text, sizeof text)),
        TIP_ECONF);
    assert_int_equal(f->conf.problem_count, LINES);
    assert_true(strlen(f->conf.problems) < sizeof f->conf.problems);
}

static void test_a_missing_file_is_told_apart(void **state)
{
    struct conf_sample *f = *state;

    assert_int_equal(tip_conf_read(&f->conf, "/nowhere/node.conf"),
                     TIP_ENOTFOUND);
    assert_string_equal(f->conf.problems,
                        "/nowhere/node.conf: the file cannot be read");
    assert_int_equal(tip_conf_read(&f->conf, "/"), TIP_EIO);
}

static void test_an_override_is_checked_like_the_file(void **state)
{
    struct conf_sample *f = *state;

    assert_int_equal(tip_conf_override(&f->conf, RETRY, "--retries", "0"),
                     TIP_ECONF);
    assert_string_equal(f->conf.problems,
                        "--retries: must be a number of tries from 1 to 8");
}

#define TEST(name)                                           \
    cmocka_unit_test_setup_teardown(name, conf_sample_setup, \
                                    conf_sample_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_table_passes_its_own_check),
        TEST(test_table_check_finds_each_fault),
        TEST(test_defaults_hold_until_something_is_set),
        TEST(test_every_type_is_read),
        TEST(test_problem_names_file_line_and_range),
        TEST(test_unknown_key_is_an_error_with_a_guess),
        TEST(test_a_secret_is_refused_and_never_shown),
        TEST(test_a_key_set_twice_is_an_error),
        TEST(test_a_relative_path_is_an_error_in_the_file_only),
        TEST(test_what_is_not_a_line_is_an_error),
        TEST(test_names_never_reach_the_terminal_unchecked),
        TEST(test_a_line_too_long_is_refused_whole),
        TEST(test_a_value_of_a_thousand_bytes_fits),
        TEST(test_a_file_too_large_is_refused),
        TEST(test_a_flood_of_problems_stays_in_bounds),
        TEST(test_a_missing_file_is_told_apart),
        TEST(test_an_override_is_checked_like_the_file),
    };

    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
