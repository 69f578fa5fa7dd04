#include "tip_sheet.h"

#include <string.h>

#include "tip_csv_reader.h"

bool tip_bytes_is(struct tip_bytes bytes, const char *text)
{
    return tip_bytes_equal(bytes, tip_bytes_text(text));
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n';
}

static struct tip_bytes trim(struct tip_bytes cell)
{
    while (cell.size != 0 && is_blank(cell.data[0])) {
        cell = tip_bytes(cell.data + 1, cell.size - 1);
    }
    while (cell.size != 0 && is_blank(cell.data[cell.size - 1])) {
        cell.size--;
    }
    return cell;
}

struct tip_bytes tip_sheet_word(struct tip_bytes *text)
{
    size_t start = 0;
    size_t end;
    struct tip_bytes word;

    while (start < text->size &&
           (is_blank(text->data[start]) || text->data[start] == ';')) {
        start++;
    }
    end = start;
    while (end < text->size && !is_blank(text->data[end]) &&
           text->data[end] != ';') {
        end++;
    }
    word = tip_bytes(text->data + start, end - start);
    *text = tip_bytes(text->data + end, text->size - end);
    return word;
}

static enum tip_err take_header(struct tip_arena *arena,
                                const struct tip_csv_row *row,
                                struct tip_problems *problems,
                                struct tip_sheet *sheet)
{
    struct tip_place place = {.file = sheet->file, .row = row->place.row};
    size_t count = row->cell_count;

    if (count > TIP_SHEET_COLUMNS_MAX) {
        tip_problems_add(problems, place, "There are more than %d columns.",
                         TIP_SHEET_COLUMNS_MAX);
        count = TIP_SHEET_COLUMNS_MAX;
    }
    sheet->headers =
        tip_arena_alloc_array(arena, count, sizeof *sheet->headers);
    if (sheet->headers == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        struct tip_bytes name = trim(row->cells[i]);

        for (size_t j = 0; j < i && name.size != 0; j++) {
            if (tip_bytes_equal(name, sheet->headers[j])) {
                place.column = name;
                tip_problems_add(problems, place,
                                 "This column is there twice: remove one.");
            }
        }
        if (tip_arena_copy(arena, name, &sheet->headers[i]) != TIP_OK) {
            return TIP_ENOMEM;
        }
    }
    sheet->column_count = count;
    return TIP_OK;
}

/* True if any cell has content; cells beyond the header are a fault. */
static bool row_has_content(const struct tip_csv_row *row,
                            const struct tip_sheet *sheet,
                            struct tip_problems *problems)
{
    bool any = false;

    for (size_t i = 0; i < row->cell_count; i++) {
        bool filled = trim(row->cells[i]).size != 0;

        any = any || filled;
        if (filled && i >= sheet->column_count) {
            struct tip_place place = {.file = sheet->file,
                                      .row = row->place.row};

            tip_problems_add(problems, place,
                             "Cell %zu stands outside the columns of the "
                             "header: remove it or quote the comma before it.",
                             i + 1);
            return any;
        }
    }
    return any;
}

static enum tip_err take_row(struct tip_arena *arena,
                             const struct tip_csv_row *row,
                             struct tip_problems *problems,
                             struct tip_sheet *sheet)
{
    struct tip_sheet_row *taken = &sheet->rows[sheet->row_count];

    if (!row_has_content(row, sheet, problems)) {
        return TIP_OK;
    }
    taken->row = row->place.row;
    taken->cells =
        tip_arena_alloc_array(arena, sheet->column_count, sizeof *taken->cells);
    if (taken->cells == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < sheet->column_count && i < row->cell_count; i++) {
        if (tip_arena_copy(arena, trim(row->cells[i]), &taken->cells[i]) !=
            TIP_OK) {
            return TIP_ENOMEM;
        }
    }
    sheet->row_count++;
    return TIP_OK;
}

/* A row the reader could not read; reading goes on behind it. */
static void add_table_fault(const struct tip_csv_reader *reader,
                            enum tip_err err, const struct tip_sheet *sheet,
                            struct tip_problems *problems)
{
    struct tip_csv_place at = tip_csv_reader_place(reader);
    struct tip_place place = {.file = sheet->file, .row = at.row};

    if (at.column != 0 && at.column <= sheet->column_count) {
        place.column = sheet->headers[at.column - 1];
    }
    tip_problems_add(problems, place, "%s", tip_err_text(err));
}

static size_t count_lines(struct tip_bytes bytes)
{
    size_t count = 1;

    for (size_t i = 0; i < bytes.size; i++) {
        count += bytes.data[i] == '\n' || bytes.data[i] == '\r';
    }
    return count < TIP_SHEET_ROWS_MAX ? count : TIP_SHEET_ROWS_MAX;
}

static bool row_is_at_fault(enum tip_err err)
{
    return err == TIP_ETABLE_UTF8 || err == TIP_ETABLE_QUOTE ||
           err == TIP_ETABLE_ROW;
}

static enum tip_err read_rows(struct tip_arena *arena,
                              struct tip_csv_reader *reader, size_t rows_max,
                              struct tip_problems *problems,
                              struct tip_sheet *sheet)
{
    struct tip_csv_row row;

    for (;;) {
        enum tip_err err = tip_csv_reader_next(reader, &row);

        if (row_is_at_fault(err)) {
            add_table_fault(reader, err, sheet, problems);
            continue;
        }
        if (err != TIP_OK) {
            return err;
        }
        if (sheet->headers == NULL) {
            err = take_header(arena, &row, problems, sheet);
        } else if (sheet->row_count < rows_max) {
            err = take_row(arena, &row, problems, sheet);
        } else {
            struct tip_place place = {.file = sheet->file,
                                      .row = row.place.row};

            tip_problems_add(problems, place, "There are more than %d rows.",
                             TIP_SHEET_ROWS_MAX);
            return TIP_ENOTFOUND;
        }
        if (err != TIP_OK) {
            return err;
        }
    }
}

enum tip_err tip_sheet_read(struct tip_arena *arena, const char *file,
                            struct tip_bytes bytes,
                            struct tip_problems *problems,
                            struct tip_sheet *out_sheet)
{
    struct tip_sheet sheet = {.file = file};
    struct tip_csv_reader *reader = NULL;
    size_t rows_max = count_lines(bytes);
    enum tip_err err;

    sheet.rows = tip_arena_alloc_array(arena, rows_max, sizeof *sheet.rows);
    if (sheet.rows == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_csv_reader_new(bytes, 0, &reader);
    if (err != TIP_OK) {
        return err;
    }
    err = read_rows(arena, reader, rows_max, problems, &sheet);
    tip_csv_reader_free(reader);
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    *out_sheet = sheet;
    return TIP_OK;
}

size_t tip_sheet_column(const struct tip_sheet *sheet, const char *name)
{
    for (size_t i = 0; i < sheet->column_count; i++) {
        if (tip_bytes_is(sheet->headers[i], name)) {
            return i;
        }
    }
    return TIP_SHEET_NONE;
}

struct tip_bytes tip_sheet_cell(const struct tip_sheet *sheet,
                                const struct tip_sheet_row *row,
                                const char *name)
{
    size_t column = tip_sheet_column(sheet, name);

    return column == TIP_SHEET_NONE ? TIP_BYTES_NONE : row->cells[column];
}

struct tip_place tip_sheet_place(const struct tip_sheet *sheet,
                                 const struct tip_sheet_row *row,
                                 const char *name)
{
    return (struct tip_place){
        .file = sheet->file, .row = row->row, .column = tip_bytes_text(name)};
}

static bool starts_with(struct tip_bytes text, const char *prefix)
{
    size_t size = strlen(prefix);

    return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

static bool column_is_known(struct tip_bytes name, const char *const *known,
                            const char *const *prefixes)
{
    for (; *known != NULL; known++) {
        if (tip_bytes_is(name, *known)) {
            return true;
        }
    }
    for (; *prefixes != NULL; prefixes++) {
        if (starts_with(name, *prefixes)) {
            return true;
        }
    }
    return name.size == 0 || name.data[0] == '#';
}

void tip_sheet_check_columns(const struct tip_sheet *sheet,
                             const char *const *known,
                             const char *const *prefixes,
                             struct tip_problems *problems)
{
    for (size_t i = 0; i < sheet->column_count; i++) {
        struct tip_place place = {
            .file = sheet->file, .row = 1, .column = sheet->headers[i]};

        if (!column_is_known(sheet->headers[i], known, prefixes)) {
            tip_problems_add(problems, place,
                             "This column is not known: correct its name, or "
                             "start it with # to keep it as a remark.");
        }
    }
}

uint32_t tip_sheet_number(const struct tip_sheet *sheet,
                          const struct tip_sheet_row *row, const char *name,
                          bool needed, struct tip_problems *problems)
{
    struct tip_bytes cell = tip_sheet_cell(sheet, row, name);
    uint64_t number = 0;

    if (cell.size == 0 && !needed) {
        return 0;
    }
    for (size_t i = 0; i < cell.size && number <= UINT32_MAX; i++) {
        bool digit = cell.data[i] >= '0' && cell.data[i] <= '9';

        number = digit ? number * 10 + (uint64_t)(cell.data[i] - '0')
                       : (uint64_t)UINT32_MAX + 1;
    }
    if (number == 0 || number > UINT32_MAX) {
        tip_problems_add(problems, tip_sheet_place(sheet, row, name),
                         "A whole number from 1 is needed here.");
        return 0;
    }
    return (uint32_t)number;
}

bool tip_sheet_flag(const struct tip_sheet *sheet,
                    const struct tip_sheet_row *row, const char *name,
                    struct tip_problems *problems)
{
    static const char *const yes[] = {"yes", "true", "TRUE", "1"};
    static const char *const no[] = {"", "no", "false", "FALSE", "0"};
    struct tip_bytes cell = tip_sheet_cell(sheet, row, name);

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (tip_bytes_is(cell, yes[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        if (tip_bytes_is(cell, no[i])) {
            return false;
        }
    }
    tip_problems_add(problems, tip_sheet_place(sheet, row, name),
                     "Write yes or no, not \"%.*s\".", TIP_SHOWN(cell));
    return false;
}
