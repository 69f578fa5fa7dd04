/* Rules of the three forms of a reply. */
#include "printed.h"
#include "tip_span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One value of every type. */
static void say_values(struct tip_reply *reply)
{
    tip_reply_text(reply, "text", "é");
    tip_reply_integer(reply, "integer", -12345);
    tip_reply_decimal(reply, "decimal", -105, 2);
    tip_reply_decimal(reply, "whole", 7, 0);
    tip_reply_boolean(reply, "boolean", true);
    tip_reply_time(reply, "time", 1763806143007);
    tip_reply_duration(reply, "short_ms", 350);
    tip_reply_duration(reply, "long_ms", 352800000);
    tip_reply_duration(reply, "hour_ms", 3600000);
    tip_reply_size(reply, "tiny_bytes", 1023);
    tip_reply_size(reply, "small_bytes", 1258500);
    tip_reply_size(reply, "large_bytes", 432013312);
    tip_reply_none(reply, "none");
    tip_reply_finish(reply, TIP_OK);
}

static void test_people_read_values_in_their_words(void **state)
{
    struct printed *f = *state;

    printed_begin(f, HUMAN);
    say_values(f->reply);
    assert_string_equal(printed_text(f, f->out.file),
                        "text                é\n"
                        "integer             -12345\n"
                        "decimal             -1.05\n"
                        "whole               7\n"
                        "boolean             yes\n"
                        "time                2025-11-22 10:09\n"
                        "short               350 ms\n"
                        "long                4 d 2 h\n"
                        "hour                1 h\n"
                        "tiny                1023 B\n"
                        "small               1.2 MiB\n"
                        "large               412 MiB\n"
                        "none                –\n");
    printed_end(f);
}

static void test_machines_read_exact_values(void **state)
{
    struct printed *f = *state;

    printed_begin(f, JSON);
    say_values(f->reply);
    assert_string_equal(
        printed_text(f, f->out.file),
        "{\"text\":\"é\",\"integer\":-12345,\"decimal\":-1.05,\"whole\":7,"
        "\"boolean\":true,\"time\":\"2025-11-22T10:09:03.007Z\","
        "\"short_ms\":350,\"long_ms\":352800000,\"hour_ms\":3600000,"
        "\"tiny_bytes\":1023,\"small_bytes\":1258500,"
        "\"large_bytes\":432013312,\"none\":null}\n");
    printed_end(f);
}

static void say_rows(struct tip_reply *reply, int64_t count)
{
    tip_reply_list_begin(reply, "open_conflicts");
    for (int64_t i = 0; i < count; i++) {
        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "number", i);
        tip_reply_text(reply, "where", i % 2 == 0 ? "Néma" : "نعمة");
        tip_reply_text(reply, "why", "-");
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

static void test_columns_stand_under_each_other(void **state)
{
    struct printed *f = *state;

    printed_begin(f, HUMAN);
    say_rows(f->reply, 2);
    assert_string_equal(printed_text(f, f->out.file), "NUMBER  WHERE  WHY\n"
                                                      "     0  Néma   -\n"
                                                      "     1  نعمة   -\n");
    printed_end(f);
}

static void test_an_empty_list_says_so_where_it_is_the_answer(void **state)
{
    struct printed *f = *state;

    printed_begin(f, HUMAN);
    say_rows(f->reply, 0);
    assert_string_equal(printed_text(f, f->out.file), "No open conflicts.\n");
    printed_end(f);
    printed_begin(f, HUMAN);
    tip_reply_text(f->reply, "state", "saved");
    say_rows(f->reply, 0);
    assert_string_equal(printed_text(f, f->out.file),
                        "state               saved\n");
    printed_end(f);
    printed_begin(f, JSON);
    say_rows(f->reply, 0);
    tip_reply_finish(f->reply, TIP_OK);
    assert_string_equal(printed_text(f, f->out.file),
                        "{\"open_conflicts\":[]}\n");
    printed_end(f);
    printed_begin(f, PLAIN);
    say_rows(f->reply, 0);
    assert_string_equal(printed_text(f, f->out.file), "");
    printed_end(f);
}

static void test_a_long_table_keeps_its_columns_and_its_memory(void **state)
{
    struct printed *f = *state;
    const char *line;

    printed_begin(f, HUMAN);
    say_rows(f->reply, 1000);
    line = strstr(printed_text(f, f->out.file), "\n   999  نعمة   -\n");
    assert_non_null(line);
    assert_non_null(strstr(f->text, "\n   255  نعمة   -\n   256  Néma   -\n"));
    printed_end(f);
}

static void test_plain_text_has_one_row_per_line(void **state)
{
    struct printed *f = *state;

    printed_begin(f, PLAIN);
    tip_reply_text(f->reply, "office", "a\tb");
    say_rows(f->reply, 2);
    assert_string_equal(printed_text(f, f->out.file), "office\ta\\tb\n"
                                                      "number\twhere\twhy\n"
                                                      "0\tNéma\t-\n"
                                                      "1\tنعمة\t-\n");
    printed_end(f);
}

static void test_an_error_goes_to_standard_error(void **state)
{
    struct printed *f = *state;

    printed_begin(f, HUMAN);
    tip_reply_explain(f->reply, "line %d", 12);
    tip_reply_finish(f->reply, TIP_EINVAL);
    assert_string_equal(printed_text(f, f->out.file), "");
    assert_string_equal(printed_text(f, f->err.file),
                        "error: line 12\nA value is outside what is allowed: "
                        "see the help. (TIP_EINVAL)\n");
    assert_int_equal(tip_printer_exit(&f->printer), TIP_EXIT_USAGE);
    printed_end(f);
}

static void test_json_stays_one_object_when_a_list_breaks_off(void **state)
{
    struct printed *f = *state;

    printed_begin(f, JSON);
    tip_reply_list_begin(f->reply, "rows");
    tip_reply_row_begin(f->reply);
    tip_reply_integer(f->reply, "a", 1);
    tip_reply_note(f->reply, TIP_REPLY_INFO, "so \"far\"");
    tip_printer_fail(&f->printer, TIP_EDAEMON_LOST, "x");
    tip_printer_fail(&f->printer, TIP_ETIMEOUT, "is told once only");
    assert_string_equal(
        printed_text(f, f->out.file),
        "{\"rows\":[{\"a\":1}],\"error\":{\"code\":\"TIP_EDAEMON_LOST\","
        "\"number\":702,\"message\":\"The program ended before it answered: "
        "see its log, then check what was done.\",\"context\":\"x\"},"
        "\"notes\":[{\"level\":\"info\",\"text\":\"so \\\"far\\\"\"}]}\n");
    assert_string_equal(printed_text(f, f->err.file), "");
    printed_end(f);
}

static void test_rows_that_came_are_shown_before_the_error(void **state)
{
    struct printed *f = *state;

    printed_begin(f, HUMAN);
    tip_reply_list_begin(f->reply, "rows");
    tip_reply_row_begin(f->reply);
    tip_reply_integer(f->reply, "a", 1);
    tip_reply_row_end(f->reply);
    tip_printer_fail(&f->printer, TIP_ETIMEOUT, "");
    assert_string_equal(printed_text(f, f->out.file), "A\n1\n");
    printed_end(f);
}

static void test_quiet_keeps_warnings_and_drops_the_rest(void **state)
{
    struct printed *f = *state;

    printed_begin(f, (struct tip_printer_opts){.is_quiet = true});
    tip_reply_note(f->reply, TIP_REPLY_INFO, "Next: sync.");
    tip_reply_progress(f->reply, "records", 50, 100);
    tip_reply_note(f->reply, TIP_REPLY_WARNING, "The disk is full.");
    assert_string_equal(printed_text(f, f->err.file),
                        "warning: The disk is full.\n");
    printed_end(f);
}

static void test_progress_is_a_line_for_every_tenth(void **state)
{
    struct printed *f = *state;

    printed_begin(f, HUMAN);
    for (int64_t i = 0; i <= 25; i++) {
        tip_reply_progress(f->reply, "records", i, 100);
    }
    tip_reply_progress(f->reply, "records", INT64_MAX, INT64_MAX);
    assert_string_equal(printed_text(f, f->err.file),
                        "records: 10 % (10 of 100)\n"
                        "records: 20 % (20 of 100)\n"
                        "records: 100 % (9223372036854775807 of "
                        "9223372036854775807)\n");
    printed_end(f);
}

static void test_progress_moves_on_one_line_of_a_terminal(void **state)
{
    struct printed *f = *state;

    printed_begin(f, (struct tip_printer_opts){.is_err_terminal = true});
    tip_reply_progress(f->reply, "records", 1, 4);
    tip_reply_progress(f->reply, "records", 2, 4);
    tip_reply_note(f->reply, TIP_REPLY_INFO, "Done.");
    assert_string_equal(printed_text(f, f->err.file),
                        "records: 25 % (1 of 4)\r\033[K"
                        "records: 50 % (2 of 4)\r\033[KDone.\n");
    printed_end(f);
}

static void
test_a_file_on_standard_output_is_not_mixed_with_values(void **state)
{
    struct printed *f = *state;

    printed_begin(f, JSON);
    tip_reply_data(f->reply, tip_bytes_text("a,b\n"));
    tip_reply_integer(f->reply, "rows", 1);
    tip_reply_finish(f->reply, TIP_OK);
    assert_string_equal(printed_text(f, f->out.file), "a,b\n");
    assert_string_equal(printed_text(f, f->err.file), "{\"rows\":1}\n");
    printed_end(f);
}

static void test_colour_marks_only_the_first_word(void **state)
{
    struct printed *f = *state;

    printed_begin(f, (struct tip_printer_opts){.has_color = true});
    tip_reply_note(f->reply, TIP_REPLY_WARNING, "x");
    assert_string_equal(printed_text(f, f->err.file),
                        "\033[33mwarning:\033[0m x\n");
    printed_end(f);
}

static void test_a_value_too_long_fails_the_reply(void **state)
{
    struct printed *f = *state;
    char *text = calloc(1, TIP_REPLY_TEXT_BYTES_MAX + 2);

    assert_non_null(text);
    memset(text, 'x', TIP_REPLY_TEXT_BYTES_MAX + 1);
    printed_begin(f, HUMAN);
    tip_reply_text(f->reply, "text", text);
    tip_reply_text(f->reply, "more", "lost");
    tip_reply_finish(f->reply, TIP_OK);
    assert_non_null(strstr(printed_text(f, f->err.file), "TIP_ETOOBIG"));
    assert_int_equal(tip_printer_exit(&f->printer), TIP_EXIT_FAILURE);
    printed_end(f);
    free(text);
}

#define TEST(name) cmocka_unit_test_setup(name, printed_setup)

static void test_a_span_is_said_in_two_units_whichever_way_it_lies(void **state)
{
    char text[TIP_SPAN_SIZE];

    (void)state;
    tip_span_words(100800000, text);
    assert_string_equal(text, "1 d 4 h");
    tip_span_words(-100800000, text);
    assert_string_equal(text, "-1 d 4 h");
    tip_span_words(-350, text);
    assert_string_equal(text, "-350 ms");
    tip_span_words(INT64_MIN, text);
    assert_string_equal(text, "-106751991167 d 7 h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_a_span_is_said_in_two_units_whichever_way_it_lies),
        TEST(test_people_read_values_in_their_words),
        TEST(test_machines_read_exact_values),
        TEST(test_columns_stand_under_each_other),
        TEST(test_an_empty_list_says_so_where_it_is_the_answer),
        TEST(test_a_long_table_keeps_its_columns_and_its_memory),
        TEST(test_plain_text_has_one_row_per_line),
        TEST(test_an_error_goes_to_standard_error),
        TEST(test_json_stays_one_object_when_a_list_breaks_off),
        TEST(test_rows_that_came_are_shown_before_the_error),
        TEST(test_quiet_keeps_warnings_and_drops_the_rest),
        TEST(test_progress_is_a_line_for_every_tenth),
        TEST(test_progress_moves_on_one_line_of_a_terminal),
        TEST(test_a_file_on_standard_output_is_not_mixed_with_values),
        TEST(test_colour_marks_only_the_first_word),
        TEST(test_a_value_too_long_fails_the_reply),
    };

    return cmocka_run_group_tests_name("printer", tests, NULL, NULL);
}
