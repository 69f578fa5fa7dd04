#include "tip_desk_export.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tip_csv_writer.h"
#include "tip_json_writer.h"

enum {
    SLICE_RECORDS = 256,
    SLICE_BYTES = 256 * 1024 /* Or a little more: a record is not cut. */
};

struct tip_export {
    struct tip_desk_walk *walk; /* Owned. */
    const struct tip_type *type;
    enum tip_export_format format;
    bool identities;
    bool byte_order_mark;
    bool is_begun;
    bool is_ended;
    uint64_t count;
};

/* Counts what goes through. */
struct counting_sink {
    struct tip_sink base; /* First member, so the cast is valid. */
    struct tip_sink *behind;
    size_t bytes;
};

static enum tip_err count_write(struct tip_sink *self, struct tip_bytes bytes)
{
    struct counting_sink *sink = (struct counting_sink *)self;

    sink->bytes += bytes.size;
    return sink->behind->write(sink->behind, bytes);
}

enum tip_err tip_export_new(struct tip_desk *desk,
                            const struct tip_export_opts *opts,
                            struct tip_problems *problems,
                            struct tip_export **out_export)
{
    struct tip_export *export;
    enum tip_err err;

    if (desk->catalogue == NULL || opts->query.type.size == 0) {
        return TIP_EUNKNOWN_TYPE;
    }
    if (opts->identities && desk->keys == NULL) {
        return TIP_ESEALED;
    }
    export = calloc(1, sizeof *export);
    if (export == NULL) {
        return TIP_ENOMEM;
    }
    export->format = opts->format;
    export->identities = opts->identities;
    export->byte_order_mark = opts->byte_order_mark;
    export->type = tip_catalogue_type_named(desk->catalogue, opts->query.type);
    err = tip_desk_walk_new(desk, &opts->query, problems, &export->walk);
    if (err != TIP_OK) {
        tip_export_free(export);
        return err;
    }
    *out_export = export;
    return TIP_OK;
}

void tip_export_free(struct tip_export *export)
{
    if (export != NULL) {
        tip_desk_walk_free(export->walk);
        free(export);
    }
}

uint64_t tip_export_count(const struct tip_export *export)
{
    return export->count;
}

/* Is @field a column of this export? */
static bool is_column(const struct tip_export *export,
                      const struct tip_field *field)
{
    return field->class == TIP_CLASS_FACT ||
           (field->class == TIP_CLASS_IDENTITY && export->identities);
}

static const struct tip_desk_line *line_of(const struct tip_desk_sheet *sheet,
                                           const struct tip_field *field)
{
    for (size_t i = 0; i < sheet->line_count; i++) {
        if (sheet->lines[i].field == field) {
            return &sheet->lines[i];
        }
    }
    return NULL;
}

static struct tip_csv_writer csv_writer(const struct tip_export *export,
                                        struct tip_sink *sink)
{
    struct tip_csv_writer writer;

    tip_csv_writer_init(
        &writer, sink,
        (struct tip_csv_style){.byte_order_mark =
                                   export->byte_order_mark && !export->is_begun,
                               .guard_from_formulas = true});
    return writer;
}

static enum tip_err csv_begin(const struct tip_export *export,
                              struct tip_sink *sink)
{
    struct tip_csv_writer writer = csv_writer(export, sink);

    tip_csv_writer_put_text(&writer, "_id");
    tip_csv_writer_put_text(&writer, "_state");
    tip_csv_writer_put_text(&writer, "_conflict");
    for (size_t i = 0; i < export->type->field_count; i++) {
        const struct tip_field *field = export->type->in_order[i];

        if (is_column(export, field)) {
            tip_csv_writer_put(&writer, field->name);
        }
    }
    tip_csv_writer_end_row(&writer);
    return tip_csv_writer_finish(&writer);
}

static enum tip_err csv_record(const struct tip_export *export,
                               const struct tip_desk_sheet *sheet,
                               struct tip_sink *sink)
{
    struct tip_csv_writer writer = csv_writer(export, sink);

    tip_csv_writer_put_text(&writer, sheet->id_text);
    tip_csv_writer_put_text(&writer, tip_desk_state_name(sheet->state));
    tip_csv_writer_put_text(&writer, sheet->is_conflict ? "yes" : "no");
    for (size_t i = 0; i < export->type->field_count; i++) {
        const struct tip_field *field = export->type->in_order[i];
        const struct tip_desk_line *line = line_of(sheet, field);

        if (is_column(export, field)) {
            tip_csv_writer_put(&writer, line == NULL || line->is_sealed
                                            ? TIP_BYTES_NONE
                                            : line->text);
        }
    }
    tip_csv_writer_end_row(&writer);
    return tip_csv_writer_finish(&writer);
}

/* The elements of a set as an array. */
static void json_set(struct tip_json_writer *writer, struct tip_bytes text)
{
    size_t from = 0;

    tip_json_begin_array(writer);
    for (size_t i = 0; i <= text.size; i++) {
        if (i == text.size || text.data[i] == ';') {
            if (i > from) {
                tip_json_put_text(writer,
                                  tip_bytes(text.data + from, i - from));
            }
            from = i + 1;
        }
    }
    tip_json_end_array(writer);
}

static void json_field(struct tip_json_writer *writer,
                       const struct tip_desk_line *line)
{
    if (line->text.size == 0 || line->is_sealed) {
        return;
    }
    tip_json_put_key_bytes(writer, line->name);
    if (line->field->kind == TIP_KIND_SET) {
        json_set(writer, line->text);
    } else {
        tip_json_put_text(writer, line->text);
    }
}

static enum tip_err json_record(const struct tip_export *export,
                                const struct tip_desk_sheet *sheet,
                                struct tip_sink *sink)
{
    bool is_array = export->format == TIP_EXPORT_JSON;
    struct tip_json_writer writer;
    enum tip_err err = TIP_OK;

    if (is_array && export->count != 0) {
        err = sink->write(sink, tip_bytes_text(","));
    }
    tip_json_writer_init(&writer, sink);
    tip_json_begin_object(&writer);
    tip_json_put_key(&writer, "_id");
    tip_json_put_text(&writer, tip_bytes_text(sheet->id_text));
    tip_json_put_key(&writer, "_type");
    tip_json_put_text(&writer, export->type->name);
    tip_json_put_key(&writer, "_state");
    tip_json_put_text(&writer,
                      tip_bytes_text(tip_desk_state_name(sheet->state)));
    tip_json_put_key(&writer, "_conflict");
    tip_json_put_bool(&writer, sheet->is_conflict);
    for (size_t i = 0; i < sheet->line_count; i++) {
        const struct tip_desk_line *line = &sheet->lines[i];

        if (line->field != NULL && is_column(export, line->field)) {
            json_field(&writer, line);
        }
    }
    tip_json_end_object(&writer);
    tip_json_end_document(&writer);
    return err == TIP_OK ? tip_json_writer_finish(&writer) : err;
}

static enum tip_err begin(struct tip_export *export, struct tip_sink *sink)
{
    enum tip_err err = TIP_OK;

    if (export->format == TIP_EXPORT_CSV) {
        err = csv_begin(export, sink);
    } else if (export->format == TIP_EXPORT_JSON) {
        err = sink->write(sink, tip_bytes_text("[\n"));
    }
    export->is_begun = true;
    return err;
}

static enum tip_err end(struct tip_export *export, struct tip_sink *sink)
{
    export->is_ended = true;
    return export->format == TIP_EXPORT_JSON
               ? sink->write(sink, tip_bytes_text("]\n"))
               : TIP_OK;
}

enum tip_err tip_export_step(struct tip_export *export, struct tip_sink *sink)
{
    struct counting_sink counting = {.base = {.write = count_write},
                                     .behind = sink};
    enum tip_err err = TIP_OK;

    if (export->is_ended) {
        return TIP_OK;
    }
    if (!export->is_begun) {
        err = begin(export, &counting.base);
    }
    for (int i = 0;
         i < SLICE_RECORDS && counting.bytes < SLICE_BYTES && err == TIP_OK;
         i++) {
        struct tip_desk_sheet sheet;

        err = tip_desk_walk_next(export->walk, &sheet);
        if (err == TIP_ENOTFOUND) {
            return end(export, sink);
        }
        if (err != TIP_OK) {
            break;
        }
        err = export->format == TIP_EXPORT_CSV
                  ? csv_record(export, &sheet, &counting.base)
                  : json_record(export, &sheet, &counting.base);
        export->count++;
    }
    return err == TIP_OK ? TIP_EAGAIN : err;
}
