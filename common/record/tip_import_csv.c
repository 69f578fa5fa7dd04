/* Rows of CSV: columns called as fields are, or by a mapping. */
#include <stdlib.h>

#include "tip_csv_reader.h"
#include "tip_import_source.h"

/* What a column is. */
enum column_role { COLUMN_NONE, COLUMN_FIELD, COLUMN_ID };

struct column {
    enum column_role role;
    struct tip_bytes name; /* Of a field: the catalogue's own. */
};

struct csv_source {
    struct tip_import_source base; /* First member, so the cast is valid. */
    struct tip_csv_reader *reader; /* Owned. */
    struct tip_mapping *mapping;   /* Borrowed; or NULL. */
    struct column *columns;        /* Owned; without a mapping. */
    size_t column_count;
    size_t key; /* Column; SIZE_MAX: none. */
    uint64_t bytes;
    uint64_t lines;
};

static struct csv_source *source_of(struct tip_import_source *self)
{
    return (struct csv_source *)self;
}

static bool is(struct tip_bytes name, const char *text)
{
    return tip_bytes_equal(name, tip_bytes_text(text));
}

/* Columns of an export that an import passes over, and remarks. */
static bool is_passed_over(struct tip_bytes name)
{
    return name.size == 0 || name.data[0] == '#' || is(name, "_state") ||
           is(name, "_conflict") || is(name, "_type");
}

static enum tip_err read_column(struct csv_source *source,
                                const struct tip_import_input *input,
                                struct tip_desk_work *work, size_t i,
                                struct tip_bytes name)
{
    const struct tip_field *field = tip_type_field_named(input->type, name);
    struct column *column = &source->columns[i];
    struct tip_place place = work->place;

    place.column = name;
    if (is(name, "_id")) {
        column->role = COLUMN_ID;
    } else if (field != NULL) {
        /* What is calculated is calculated anew. */
        column->role = field->calculation != NULL ? COLUMN_NONE : COLUMN_FIELD;
        column->name = field->name;
    } else if (i != source->key && !is_passed_over(name)) {
        tip_problems_add(work->problems, place,
                         "The record type %.*s has no field %.*s; put # before "
                         "the name to leave the column out.",
                         TIP_SHOWN(input->type->name), TIP_SHOWN(name));
        return TIP_EUNKNOWN_FIELD;
    }
    for (size_t before = 0; before < i; before++) {
        if (column->role == COLUMN_FIELD &&
            source->columns[before].role == COLUMN_FIELD &&
            tip_bytes_equal(source->columns[before].name, column->name)) {
            tip_problems_add(work->problems, place,
                             "This column stands twice in the file.");
            return TIP_EUNKNOWN_FIELD;
        }
    }
    return TIP_OK;
}

static enum tip_err read_columns(struct csv_source *source,
                                 const struct tip_import_input *input,
                                 struct tip_desk_work *work,
                                 const struct tip_csv_row *header)
{
    enum tip_err first = TIP_OK;

    source->columns = calloc(header->cell_count, sizeof *source->columns);
    if (source->columns == NULL) {
        return TIP_ENOMEM;
    }
    source->column_count = header->cell_count;
    for (size_t i = 0; i < header->cell_count; i++) {
        enum tip_err err =
            read_column(source, input, work, i, header->cells[i]);

        first = first == TIP_OK ? err : first;
    }
    return first;
}

static enum tip_err find_key(struct csv_source *source,
                             const struct tip_import_input *input,
                             struct tip_desk_work *work,
                             const struct tip_csv_row *header)
{
    struct tip_bytes key = input->opts->key;

    source->key = SIZE_MAX;
    if (key.size == 0) {
        return TIP_OK;
    }
    for (size_t i = 0; i < header->cell_count; i++) {
        if (tip_bytes_equal(header->cells[i], key)) {
            source->key = i;
            return TIP_OK;
        }
    }
    tip_problems_add(work->problems, work->place,
                     "There is no column %.*s, which shall be the key.",
                     TIP_SHOWN(key));
    return TIP_EUNKNOWN_FIELD;
}

/* A row that the reader could not read, with line and column. */
static enum tip_err complain(struct csv_source *source,
                             struct tip_desk_work *work, enum tip_err err)
{
    struct tip_csv_place at = tip_csv_reader_place(source->reader);

    if (err != TIP_ETABLE_UTF8 && err != TIP_ETABLE_QUOTE &&
        err != TIP_ETABLE_ROW) {
        return err;
    }
    work->place.row = at.row;
    tip_problems_add(work->problems, work->place, "Line %zu, cell %zu: %s",
                     at.line, at.column, tip_err_text(err));
    return TIP_EROWS;
}

static enum tip_err read_header(struct csv_source *source,
                                const struct tip_import_input *input,
                                struct tip_desk_work *work)
{
    struct tip_csv_row header;
    enum tip_err err = tip_csv_reader_next(source->reader, &header);

    if (err == TIP_ENOTFOUND) {
        tip_problems_add(work->problems, work->place, "The file is empty.");
        return TIP_EMALFORMED;
    }
    if (err != TIP_OK) {
        err = complain(source, work, err);
        return err == TIP_EROWS ? TIP_EMALFORMED : err;
    }
    work->place.row = header.place.row;
    err = find_key(source, input, work, &header);
    if (err != TIP_OK) {
        return err;
    }
    return source->mapping != NULL
               ? tip_mapping_bind(source->mapping, header.cells,
                                  header.cell_count, work->place,
                                  work->problems)
               : read_columns(source, input, work, &header);
}

/* The cells of a row as what a person would have typed. */
static enum tip_err read_cells(struct csv_source *source,
                               const struct tip_csv_row *row,
                               struct tip_desk_work *work,
                               struct tip_import_row *out_row)
{
    struct tip_desk_object *object = &out_row->object;
    struct tip_desk_input *inputs = tip_arena_alloc_array(
        work->arena, source->column_count, sizeof *inputs);

    if (inputs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < source->column_count && i < row->cell_count; i++) {
        const struct column *column = &source->columns[i];
        struct tip_bytes cell = row->cells[i];

        if (cell.size == 0 || column->role == COLUMN_NONE) {
            continue;
        }
        if (column->role == COLUMN_FIELD) {
            inputs[object->input_count++] = (struct tip_desk_input){
                .field = column->name, .op = TIP_DESK_PUT, .value = cell};
        } else if (tip_id_parse(cell, &object->id) != TIP_OK) {
            tip_problems_add(work->problems, work->place,
                             "_id: write the id of a record, 36 characters.");
            return TIP_EROWS;
        }
    }
    object->inputs = inputs;
    return TIP_OK;
}

static enum tip_err read_mapped(struct csv_source *source,
                                const struct tip_csv_row *row,
                                struct tip_desk_work *work,
                                struct tip_import_row *out_row)
{
    struct tip_entry *entries = tip_arena_alloc_array(
        work->arena, TIP_MAPPING_ENTRIES_MAX, sizeof *entries);
    enum tip_err err;

    if (entries == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_mapping_apply(source->mapping, row->cells, row->cell_count,
                            work->place, work->problems, entries,
                            &out_row->entry_count);
    out_row->entries = entries;
    return err == TIP_EMAPPING ? TIP_EROWS : err;
}

static enum tip_err csv_next(struct tip_import_source *self,
                             struct tip_desk_work *work,
                             struct tip_import_row *out_row)
{
    struct csv_source *source = source_of(self);
    struct tip_csv_row row;
    enum tip_err err = tip_csv_reader_next(source->reader, &row);

    if (err != TIP_OK) {
        return complain(source, work, err);
    }
    work->place.row = row.place.row;
    *out_row = (struct tip_import_row){.place = work->place};
    if (source->key < row.cell_count) {
        out_row->key = row.cells[source->key];
    }
    return source->mapping != NULL ? read_mapped(source, &row, work, out_row)
                                   : read_cells(source, &row, work, out_row);
}

/* The reader counts lines, people wait for bytes. */
static uint64_t csv_position(const struct tip_import_source *self)
{
    const struct csv_source *source = (const struct csv_source *)self;
    uint64_t line = tip_csv_reader_place(source->reader).line;

    return line >= source->lines ? source->bytes
                                 : source->bytes * line / source->lines;
}

static void csv_free(struct tip_import_source *self)
{
    struct csv_source *source = source_of(self);

    tip_csv_reader_free(source->reader);
    free(source->columns);
    free(source);
}

static uint64_t count_lines(struct tip_bytes bytes)
{
    uint64_t lines = 1;

    for (size_t i = 0; i < bytes.size; i++) {
        lines += bytes.data[i] == '\n';
    }
    return lines;
}

enum tip_err tip_import_csv_new(const struct tip_import_input *input,
                                struct tip_desk_work *work,
                                struct tip_import_source **out_source)
{
    struct csv_source *source = calloc(1, sizeof *source);
    enum tip_err err;

    if (source == NULL) {
        return TIP_ENOMEM;
    }
    source->base = (struct tip_import_source){
        .next = csv_next, .position = csv_position, .free = csv_free};
    source->mapping = input->mapping;
    source->bytes = input->bytes.size;
    source->lines = count_lines(input->bytes);
    err = tip_csv_reader_new(input->bytes, input->opts->delimiter,
                             &source->reader);
    if (err == TIP_OK) {
        err = read_header(source, input, work);
    }
    if (err != TIP_OK) {
        csv_free(&source->base);
        return err;
    }
    *out_source = &source->base;
    return TIP_OK;
}
