#include "tip_csv_reader.h"

#include <assert.h>
#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tip_arena.h"
#include "tip_utf8.h"

enum { CHUNK_BYTES = 16 * 1024 };

struct tip_csv_reader {
    struct tip_arena arena; /* Holds this struct and everything below. */
    FILE *file;             /* Borrowed; NULL when reading memory. */
    uint8_t *chunk;         /* CHUNK_BYTES of @file. */
    struct tip_bytes rest;  /* Not parsed yet. */
    struct csv_parser parser;
    unsigned char delimiter;
    bool begun;    /* The first bytes were looked at. */
    bool after_cr; /* The last byte was CR: a LF now ends the same line. */
    size_t row;    /* Of the last row begun. */
    size_t line;   /* On which the next byte stands. */
    struct tip_csv_place place;
    /* The row being read. */
    bool row_done;
    size_t row_bytes; /* Fed to the parser for it. */
    uint8_t *text;    /* TIP_CSV_ROW_BYTES_MAX, cells one after the other. */
    size_t text_size;
    size_t cell_count; /* May exceed the limit; then the row is refused. */
    struct tip_bytes cells[TIP_CSV_COLUMNS_MAX];
};

/* The one place where codes of libcsv become ours. */
static enum tip_err translate(int code)
{
    switch (code) {
    case CSV_SUCCESS:
        return TIP_OK;
    case CSV_EPARSE:
        return TIP_ETABLE_QUOTE;
    case CSV_ENOMEM:
    case CSV_ETOOBIG:
        return TIP_ENOMEM;
    default:
        return TIP_EMALFORMED;
    }
}

/* libcsv would trim blanks around cells; a name keeps what was typed. */
static int never_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

static void parser_start(struct tip_csv_reader *reader)
{
    int failed = csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI);

    assert(failed == 0);
    (void)failed;
    csv_set_space_func(&reader->parser, never_space);
    csv_set_delim(&reader->parser, reader->delimiter);
}

/* Copy one cell, line breaks made LF. The parser was fed no more than fits. */
static void take_cell(void *data, size_t size, void *context)
{
    struct tip_csv_reader *reader = context;
    const uint8_t *from = data;
    uint8_t *cell = reader->text + reader->text_size;
    size_t copied = 0;

    assert(size <= TIP_CSV_ROW_BYTES_MAX - reader->text_size);
    for (size_t i = 0; i < size; i++) {
        if (from[i] != '\r') {
            cell[copied++] = from[i];
        } else if (i + 1 == size || from[i + 1] != '\n') {
            cell[copied++] = '\n';
        }
    }
    if (reader->cell_count < TIP_CSV_COLUMNS_MAX) {
        reader->cells[reader->cell_count] = tip_bytes(cell, copied);
    }
    reader->cell_count++;
    reader->text_size += copied;
}

static void take_row(int terminator, void *context)
{
    struct tip_csv_reader *reader = context;

    (void)terminator;
    reader->row_done = true;
}

static enum tip_err reader_new(struct tip_csv_reader **out_reader)
{
    struct tip_arena arena;
    struct tip_csv_reader *reader;

    tip_arena_init(&arena,
                   sizeof *reader + CHUNK_BYTES + TIP_CSV_ROW_BYTES_MAX + 64);
    reader = tip_arena_alloc(&arena, sizeof *reader);
    if (reader == NULL) {
        return TIP_ENOMEM;
    }
    reader->chunk = tip_arena_alloc(&arena, CHUNK_BYTES);
    reader->text = tip_arena_alloc(&arena, TIP_CSV_ROW_BYTES_MAX);
    if (reader->chunk == NULL || reader->text == NULL) {
        tip_arena_deinit(&arena);
        return TIP_ENOMEM;
    }
    reader->line = 1;
    reader->arena = arena;
    *out_reader = reader;
    return TIP_OK;
}

enum tip_err tip_csv_reader_new(struct tip_bytes bytes, char delimiter,
                                struct tip_csv_reader **out_reader)
{
    enum tip_err err = reader_new(out_reader);

    if (err == TIP_OK) {
        (*out_reader)->rest = bytes;
        (*out_reader)->delimiter = (unsigned char)delimiter;
    }
    return err;
}

enum tip_err tip_csv_reader_new_file(FILE *file, char delimiter,
                                     struct tip_csv_reader **out_reader)
{
    enum tip_err err = reader_new(out_reader);

    if (err == TIP_OK) {
        (*out_reader)->file = file;
        (*out_reader)->delimiter = (unsigned char)delimiter;
    }
    return err;
}

void tip_csv_reader_free(struct tip_csv_reader *reader)
{
    struct tip_arena arena;

    if (reader == NULL) {
        return;
    }
    if (reader->begun) {
        csv_free(&reader->parser);
    }
    arena = reader->arena; /* The reader itself lies in it. */
    tip_arena_deinit(&arena);
}

/* The delimiter that is most frequent on the first line, outside quotes. */
static unsigned char guess_delimiter(struct tip_bytes start)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t counts[sizeof candidates] = {0};
    size_t best = 0;
    bool quoted = false;

    for (size_t i = 0; i < start.size; i++) {
        if (start.data[i] == '"') {
            quoted = !quoted;
        } else if (!quoted &&
                   (start.data[i] == '\n' || start.data[i] == '\r')) {
            break;
        }
        for (size_t c = 0; c < sizeof candidates && !quoted; c++) {
            counts[c] += start.data[i] == (uint8_t)candidates[c];
        }
    }
    for (size_t c = 1; c < sizeof candidates; c++) {
        best = counts[c] > counts[best] ? c : best;
    }
    return (unsigned char)candidates[best];
}

static void begin(struct tip_csv_reader *reader)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    struct tip_bytes *rest = &reader->rest;

    if (rest->size >= sizeof mark &&
        memcmp(rest->data, mark, sizeof mark) == 0) {
        *rest = tip_bytes(rest->data + sizeof mark, rest->size - sizeof mark);
    }
    if (reader->delimiter == 0) {
        reader->delimiter = guess_delimiter(*rest);
    }
    parser_start(reader);
    reader->begun = true;
}

/* Make sure @rest holds something; TIP_ENOTFOUND at the end. */
static enum tip_err fill(struct tip_csv_reader *reader)
{
    if (reader->rest.size == 0 && reader->file != NULL) {
        size_t size = fread(reader->chunk, 1, CHUNK_BYTES, reader->file);

        if (size == 0 && ferror(reader->file)) {
            return TIP_EIO;
        }
        reader->rest = tip_bytes(reader->chunk, size);
    }
    if (!reader->begun) {
        begin(reader);
    }
    return reader->rest.size == 0 ? TIP_ENOTFOUND : TIP_OK;
}

static bool ends_line(uint8_t byte)
{
    return byte == '\n' || byte == '\r';
}

/* Take the next bytes up to and including the first line end, so that no two
 * rows can end in one piece. */
static struct tip_bytes take_piece(struct tip_csv_reader *reader)
{
    struct tip_bytes rest = reader->rest;
    size_t size = 0;

    while (size < rest.size && !ends_line(rest.data[size])) {
        size++;
    }
    size += size < rest.size;
    reader->rest = tip_bytes(rest.data + size, rest.size - size);
    return tip_bytes(rest.data, size);
}

/* Count lines; false if @piece is the LF of a CRLF, which ends no line. */
static bool count_line(struct tip_csv_reader *reader, struct tip_bytes piece)
{
    uint8_t last = piece.data[piece.size - 1];
    bool second_half = reader->after_cr && piece.size == 1 && last == '\n';

    reader->after_cr = last == '\r';
    if (ends_line(last) && !second_half) {
        reader->line++;
    }
    return !second_half;
}

/* Skip to the next line, with the parser as new. */
static enum tip_err skip_row(struct tip_csv_reader *reader,
                             struct tip_bytes piece, enum tip_err why)
{
    reader->place.column = reader->cell_count + 1;
    csv_free(&reader->parser);
    parser_start(reader);
    while (!ends_line(piece.data[piece.size - 1])) {
        enum tip_err err = fill(reader);

        if (err != TIP_OK) {
            return err == TIP_ENOTFOUND ? why : err;
        }
        piece = take_piece(reader);
        (void)count_line(reader, piece);
    }
    return why;
}

static enum tip_err feed(struct tip_csv_reader *reader, struct tip_bytes piece)
{
    size_t eaten;

    if (piece.size > TIP_CSV_ROW_BYTES_MAX - reader->row_bytes) {
        return skip_row(reader, piece, TIP_ETABLE_ROW);
    }
    reader->row_bytes += piece.size;
    eaten = csv_parse(&reader->parser, piece.data, piece.size, take_cell,
                      take_row, reader);
    if (eaten != piece.size) {
        return skip_row(reader, piece, translate(csv_error(&reader->parser)));
    }
    return TIP_OK;
}

/* The file ended within a row: it counts, unless a quote is still open. */
static enum tip_err finish(struct tip_csv_reader *reader)
{
    if (reader->row_bytes == 0) {
        return TIP_ENOTFOUND;
    }
    if (csv_fini(&reader->parser, take_cell, take_row, reader) != 0) {
        reader->place.column = reader->cell_count + 1;
        csv_free(&reader->parser);
        parser_start(reader);
        return TIP_ETABLE_QUOTE;
    }
    return TIP_OK;
}

static void row_start(struct tip_csv_reader *reader)
{
    reader->row++;
    reader->place =
        (struct tip_csv_place){.row = reader->row, .line = reader->line};
    reader->row_done = false;
    reader->row_bytes = 0;
    reader->text_size = 0;
    reader->cell_count = 0;
}

/* Parse until a row is complete. */
static enum tip_err read_row(struct tip_csv_reader *reader)
{
    enum tip_err err = TIP_OK;

    row_start(reader);
    while (!reader->row_done && err == TIP_OK) {
        struct tip_bytes piece;
        bool counts;

        err = fill(reader);
        if (err == TIP_ENOTFOUND) {
            return finish(reader);
        }
        if (err != TIP_OK) {
            return err;
        }
        piece = take_piece(reader);
        counts = count_line(reader, piece);
        if (reader->row_bytes != 0 || !ends_line(piece.data[0])) {
            err = feed(reader, piece);
        } else if (counts) {
            row_start(reader); /* A blank row has a number too. */
        } else {
            reader->place.line = reader->line;
        }
    }
    return err;
}

enum tip_err tip_csv_reader_next(struct tip_csv_reader *reader,
                                 struct tip_csv_row *out_row)
{
    enum tip_err err = read_row(reader);

    if (err != TIP_OK) {
        return err;
    }
    if (reader->cell_count > TIP_CSV_COLUMNS_MAX) {
        reader->place.column = TIP_CSV_COLUMNS_MAX + 1;
        return TIP_ETABLE_ROW;
    }
    for (size_t i = 0; i < reader->cell_count; i++) {
        if (!tip_utf8_valid(reader->cells[i], TIP_UTF8_LF | TIP_UTF8_TAB)) {
            reader->place.column = i + 1;
            return TIP_ETABLE_UTF8;
        }
    }
    *out_row = (struct tip_csv_row){.cells = reader->cells,
                                    .cell_count = reader->cell_count,
                                    .place = reader->place};
    return TIP_OK;
}

struct tip_csv_place tip_csv_reader_place(const struct tip_csv_reader *reader)
{
    return reader->place;
}
