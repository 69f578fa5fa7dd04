/* Rules of the CSV reader and writer. */
#include "tip_csv_reader.h"
#include "tip_csv_writer.h"
#include "tip_test.h"

#include <stdlib.h>

static struct tip_csv_reader *open_text(const char *text)
{
    struct tip_csv_reader *reader = NULL;

    assert_int_equal(tip_csv_reader_new(tip_bytes_text(text), 0, &reader),
                     TIP_OK);
    return reader;
}

/* The next row, its cells joined by '|'. */
static void assert_row(struct tip_csv_reader *reader, size_t row, size_t line,
                       const char *expected)
{
    struct tip_csv_row got;
    char joined[256];
    size_t size = 0;

    assert_int_equal(tip_csv_reader_next(reader, &got), TIP_OK);
    for (size_t i = 0; i < got.cell_count; i++) {
        assert_true(size + got.cells[i].size + 2 < sizeof joined);
        if (i != 0) {
            joined[size++] = '|';
        }
        if (got.cells[i].size != 0) {
            memcpy(joined + size, got.cells[i].data, got.cells[i].size);
        }
        size += got.cells[i].size;
    }
    joined[size] = '\0';
    assert_string_equal(joined, expected);
    assert_int_equal(got.place.row, row);
    assert_int_equal(got.place.line, line);
}

static void assert_bad(struct tip_csv_reader *reader, enum tip_err err,
                       size_t row, size_t line, size_t column)
{
    struct tip_csv_row got;
    struct tip_csv_place place;

    assert_int_equal(tip_csv_reader_next(reader, &got), err);
    place = tip_csv_reader_place(reader);
    assert_int_equal(place.row, row);
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
}

static void assert_end(struct tip_csv_reader *reader)
{
    struct tip_csv_row got;

    assert_int_equal(tip_csv_reader_next(reader, &got), TIP_ENOTFOUND);
    assert_int_equal(tip_csv_reader_next(reader, &got), TIP_ENOTFOUND);
    tip_csv_reader_free(reader);
}

static void test_line_ends_of_every_system_end_a_row_once(void **state)
{
    static const char *const texts[] = {"a,b\nc,d\n", "a,b\r\nc,d\r\n",
                                        "a,b\rc,d\r", "a,b\r\nc,d"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tip_csv_reader *reader = open_text(texts[i]);

        assert_row(reader, 1, 1, "a|b");
        assert_row(reader, 2, 2, "c|d");
        assert_end(reader);
    }
}

static void test_a_byte_order_mark_is_not_part_of_the_first_cell(void **state)
{
    struct tip_csv_reader *reader = open_text("\xef\xbb\xbfname,wilaya\n");

    (void)state;
    assert_row(reader, 1, 1, "name|wilaya");
    assert_end(reader);
}

static void test_quoted_cells_hold_anything(void **state)
{
    struct tip_csv_reader *reader =
        open_text("\"a,b\",\"say \"\"no\"\"\",\"two\r\nlines\"\nx,y,z\n");

    (void)state;
    assert_row(reader, 1, 1, "a,b|say \"no\"|two\nlines");
    assert_row(reader, 2, 3, "x|y|z");
    assert_end(reader);
}

static void test_blank_rows_are_skipped_but_numbered(void **state)
{
    struct tip_csv_reader *reader = open_text("a\r\n\r\n\r\nb\r\n");

    (void)state;
    assert_row(reader, 1, 1, "a");
    assert_row(reader, 4, 4, "b");
    assert_end(reader);
}

static void test_blanks_and_empty_cells_are_kept(void **state)
{
    struct tip_csv_reader *reader = open_text(" a ,,\n,\n");

    (void)state;
    assert_row(reader, 1, 1, " a ||");
    assert_row(reader, 2, 2, "|");
    assert_end(reader);
}

static void test_the_delimiter_is_told_from_the_first_line(void **state)
{
    struct tip_csv_reader *reader = open_text("\"a,b,c\";d;e\n1,5;2;3\n");

    (void)state;
    assert_row(reader, 1, 1, "a,b,c|d|e");
    assert_row(reader, 2, 2, "1,5|2|3");
    assert_end(reader);
    reader = open_text("a\tb\n1\t2\n");
    assert_row(reader, 1, 1, "a|b");
    assert_row(reader, 2, 2, "1|2");
    assert_end(reader);
}

static void test_a_misplaced_quote_costs_one_row(void **state)
{
    struct tip_csv_reader *reader =
        open_text("a,b\n1,\"two\" and,3\n4,5\n6,7\"8\n9,0\n");

    (void)state;
    assert_row(reader, 1, 1, "a|b");
    assert_bad(reader, TIP_ETABLE_QUOTE, 2, 2, 2);
    assert_row(reader, 3, 3, "4|5");
    assert_bad(reader, TIP_ETABLE_QUOTE, 4, 4, 2);
    assert_row(reader, 5, 5, "9|0");
    assert_end(reader);
}

static void test_a_quote_never_closed_is_told_where_it_opens(void **state)
{
    struct tip_csv_reader *reader = open_text("a,b\n1,\"open\n2,3\n");

    (void)state;
    assert_row(reader, 1, 1, "a|b");
    assert_bad(reader, TIP_ETABLE_QUOTE, 2, 2, 2);
    assert_end(reader);
}

static void test_bytes_that_are_not_utf8_are_told_by_cell(void **state)
{
    struct tip_csv_reader *reader =
        open_text("name,place\nSidi,N\xe9ma\nMoussa,Néma\n\x1b[2J,x\n");

    (void)state;
    assert_row(reader, 1, 1, "name|place");
    assert_bad(reader, TIP_ETABLE_UTF8, 2, 2, 2);
    assert_row(reader, 3, 3, "Moussa|Néma");
    assert_bad(reader, TIP_ETABLE_UTF8, 4, 4, 1);
    assert_end(reader);
}

static void test_a_row_beyond_the_limits_is_skipped(void **state)
{
    size_t size = TIP_CSV_ROW_BYTES_MAX + 100;
    char *text = malloc(size + 1);
    struct tip_csv_reader *reader;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', size);
    text[0] = 'a';
    text[1] = '\n';
    text[2] = '"';
    (void)snprintf(text + size - 4, 5, "\"\nb\n");
    reader = open_text(text);
    assert_row(reader, 1, 1, "a");
    assert_bad(reader, TIP_ETABLE_ROW, 2, 2, 1);
    assert_row(reader, 3, 3, "b");
    assert_end(reader);

    memset(text, ',', TIP_CSV_COLUMNS_MAX);
    (void)snprintf(text + TIP_CSV_COLUMNS_MAX, 4, "\nb\n");
    reader = open_text(text);
    assert_bad(reader, TIP_ETABLE_ROW, 1, 1, TIP_CSV_COLUMNS_MAX + 1);
    assert_row(reader, 2, 2, "b");
    assert_end(reader);
    free(text);
}

static void test_a_file_reads_as_its_bytes_do(void **state)
{
    struct tip_csv_reader *reader = NULL;
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 20000; i++) {
        assert_true(fprintf(file, "%05d,\"x\r\ny\"\r\n", i) > 0);
    }
    rewind(file);
    assert_int_equal(tip_csv_reader_new_file(file, 0, &reader), TIP_OK);
    for (size_t i = 0; i < 20000; i++) {
        char expected[16];

        (void)snprintf(expected, sizeof expected, "%05zu|x\ny", i);
        assert_row(reader, i + 1, 2 * i + 1, expected);
    }
    assert_end(reader);
    assert_int_equal(fclose(file), 0);
}

static void write_cells(struct tip_sink *sink, struct tip_csv_style style,
                        const char *const *cells, size_t count)
{
    struct tip_csv_writer writer;

    tip_csv_writer_init(&writer, sink, style);
    for (size_t i = 0; i < count; i++) {
        tip_csv_writer_put_text(&writer, cells[i]);
    }
    tip_csv_writer_end_row(&writer);
    assert_int_equal(tip_csv_writer_finish(&writer), TIP_OK);
}

static void assert_written(struct tip_csv_style style, const char *const *cells,
                           size_t count, const char *expected)
{
    struct tip_sink_memory sink;

    tip_sink_memory_init(&sink, 4096);
    write_cells(&sink.base, style, cells, count);
    assert_true(
        tip_bytes_equal(tip_sink_memory_get(&sink), tip_bytes_text(expected)));
    tip_sink_memory_deinit(&sink);
}

static void test_what_is_written_reads_back(void **state)
{
    static const char *const cells[] = {
        "plain", "", " edge ", "a,b", "\"quoted\"", "two\nlines", "لعصابة"};
    struct tip_sink_memory sink;
    struct tip_csv_reader *reader = NULL;

    (void)state;
    tip_sink_memory_init(&sink, 4096);
    write_cells(&sink.base, (struct tip_csv_style){0}, cells, 7);
    assert_int_equal(tip_csv_reader_new(tip_sink_memory_get(&sink), 0, &reader),
                     TIP_OK);
    assert_row(reader, 1, 1, "plain|| edge |a,b|\"quoted\"|two\nlines|لعصابة");
    assert_end(reader);
    tip_sink_memory_deinit(&sink);
}

static void test_a_row_of_one_empty_cell_is_a_row(void **state)
{
    static const char *const cells[] = {"", ""};

    (void)state;
    assert_written((struct tip_csv_style){0}, cells, 1, "\"\"\n");
    assert_written((struct tip_csv_style){0}, cells, 2, ",\n");
}

static void test_a_first_cell_is_not_taken_for_the_mark(void **state)
{
    static const char *const cells[] = {"\xef\xbb\xbf", "a"};

    (void)state;
    assert_written((struct tip_csv_style){0}, cells, 2, "\"\xef\xbb\xbf\",a\n");
}

static void test_the_guard_disarms_formulas_but_not_numbers(void **state)
{
    static const char *const cells[] = {"=1+1",   "+cmd", "-12.5",
                                        "-1+cmd", "@x",   "a=b"};
    struct tip_csv_style guarded = {.guard_from_formulas = true};

    (void)state;
    assert_written(guarded, cells, 6, "'=1+1,'+cmd,-12.5,'-1+cmd,'@x,a=b\n");
    assert_written((struct tip_csv_style){0}, cells, 1, "=1+1\n");
}

static void test_mark_and_delimiter_are_as_asked(void **state)
{
    static const char *const cells[] = {"a;b", "c,d"};
    struct tip_csv_style french = {.delimiter = ';', .byte_order_mark = true};

    (void)state;
    assert_written(french, cells, 2, "\xef\xbb\xbf\"a;b\";c,d\n");
}

static void test_a_full_sink_is_told_at_the_end(void **state)
{
    struct tip_sink_memory sink;
    struct tip_csv_writer writer;

    (void)state;
    tip_sink_memory_init(&sink, 4);
    tip_csv_writer_init(&writer, &sink.base, (struct tip_csv_style){0});
    tip_csv_writer_put_text(&writer, "abc");
    tip_csv_writer_put_text(&writer, "def");
    tip_csv_writer_end_row(&writer);
    assert_int_equal(tip_csv_writer_finish(&writer), TIP_ETOOBIG);
    tip_sink_memory_deinit(&sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_ends_of_every_system_end_a_row_once),
        cmocka_unit_test(test_a_byte_order_mark_is_not_part_of_the_first_cell),
        cmocka_unit_test(test_quoted_cells_hold_anything),
        cmocka_unit_test(test_blank_rows_are_skipped_but_numbered),
        cmocka_unit_test(test_blanks_and_empty_cells_are_kept),
        cmocka_unit_test(test_the_delimiter_is_told_from_the_first_line),
        cmocka_unit_test(test_a_misplaced_quote_costs_one_row),
        cmocka_unit_test(test_a_quote_never_closed_is_told_where_it_opens),
        cmocka_unit_test(test_bytes_that_are_not_utf8_are_told_by_cell),
        cmocka_unit_test(test_a_row_beyond_the_limits_is_skipped),
        cmocka_unit_test(test_a_file_reads_as_its_bytes_do),
        cmocka_unit_test(test_what_is_written_reads_back),
        cmocka_unit_test(test_a_row_of_one_empty_cell_is_a_row),
        cmocka_unit_test(test_a_first_cell_is_not_taken_for_the_mark),
        cmocka_unit_test(test_the_guard_disarms_formulas_but_not_numbers),
        cmocka_unit_test(test_mark_and_delimiter_are_as_asked),
        cmocka_unit_test(test_a_full_sink_is_told_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
