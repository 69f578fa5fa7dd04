#include "tip_csv_writer.h"

#include <string.h>

static void write_bytes(struct tip_csv_writer *writer, const void *data,
                        size_t size)
{
    if (writer->err == TIP_OK) {
        writer->err = writer->sink->write(writer->sink, tip_bytes(data, size));
    }
}

void tip_csv_writer_init(struct tip_csv_writer *writer, struct tip_sink *sink,
                         struct tip_csv_style style)
{
    *writer = (struct tip_csv_writer){.sink = sink, .style = style};
    if (style.delimiter == 0) {
        writer->style.delimiter = ',';
    }
    if (style.byte_order_mark) {
        write_bytes(writer, "\xef\xbb\xbf", 3);
    }
}

static bool is_number(struct tip_bytes cell)
{
    size_t digits = 0;

    for (size_t i = cell.data[0] == '-' || cell.data[0] == '+'; i < cell.size;
         i++) {
        if (cell.data[i] >= '0' && cell.data[i] <= '9') {
            digits++;
        } else if (cell.data[i] != '.') {
            return false;
        }
    }
    return digits != 0;
}

static bool needs_guard(struct tip_bytes cell)
{
    return cell.size != 0 && cell.data[0] != '\0' &&
           strchr("=+-@\t\r", cell.data[0]) != NULL && !is_number(cell);
}

static bool needs_quotes(struct tip_bytes cell, char delimiter)
{
    for (size_t i = 0; i < cell.size; i++) {
        char c = (char)cell.data[i];

        if (c == '"' || c == '\n' || c == '\r' || c == delimiter) {
            return true;
        }
    }
    /* It would be taken for the mark in front of a file. */
    if (cell.size >= 3 && memcmp(cell.data, "\xef\xbb\xbf", 3) == 0) {
        return true;
    }
    /* Blanks at the ends, or other programs trim them. */
    return cell.size != 0 &&
           (cell.data[0] == ' ' || cell.data[cell.size - 1] == ' ');
}

/* Each run up to and including a quotation mark, and the mark once more. */
static void write_doubled(struct tip_csv_writer *writer, struct tip_bytes cell)
{
    size_t start = 0;

    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"') {
            write_bytes(writer, cell.data + start, i + 1 - start);
            start = i;
        }
    }
    write_bytes(writer, cell.data + start, cell.size - start);
}

void tip_csv_writer_put(struct tip_csv_writer *writer, struct tip_bytes cell)
{
    bool quotes = needs_quotes(cell, writer->style.delimiter);
    bool guard = writer->style.guard_from_formulas && needs_guard(cell);

    if (writer->row_begun) {
        write_bytes(writer, &writer->style.delimiter, 1);
    }
    writer->is_blank = !writer->row_begun && cell.size == 0;
    writer->row_begun = true;
    if (quotes) {
        write_bytes(writer, "\"", 1);
    }
    if (guard) {
        write_bytes(writer, "'", 1);
    }
    if (cell.size != 0) {
        write_doubled(writer, cell);
    }
    if (quotes) {
        write_bytes(writer, "\"", 1);
    }
}

void tip_csv_writer_put_text(struct tip_csv_writer *writer, const char *cell)
{
    tip_csv_writer_put(writer, tip_bytes_text(cell));
}

void tip_csv_writer_end_row(struct tip_csv_writer *writer)
{
    /* One empty cell would read as a blank line, which is no row. */
    if (writer->is_blank) {
        write_bytes(writer, "\"\"", 2);
    }
    write_bytes(writer, "\n", 1);
    writer->row_begun = false;
    writer->is_blank = false;
}

enum tip_err tip_csv_writer_finish(const struct tip_csv_writer *writer)
{
    return writer->err;
}
