/* Objects of JSON: one document, or one object a line. */
#include <stdlib.h>

#include "tip_import_source.h"

struct json_source {
    struct tip_import_source base; /* First member, so the cast is valid. */
    struct tip_bytes bytes;
    struct tip_bytes key; /* Name of the member; empty: none. */
    const struct tip_type *type;
    struct tip_json *root; /* Owned. NDJSON: of the newest line. */
    size_t next;           /* Item of the document. */
    size_t at;             /* NDJSON: first byte of the next line. */
    size_t line;           /* NDJSON: of the newest line. */
    bool is_lines;
};

static struct json_source *source_of(struct tip_import_source *self)
{
    return (struct json_source *)self;
}

/* The field called @name, as far as the record's type is known. */
static const struct tip_field *field_of(const struct json_source *source,
                                        const struct tip_desk_work *work,
                                        const struct tip_desk_object *object,
                                        struct tip_bytes name)
{
    const struct tip_catalogue *catalogue = work->desk->catalogue;
    const struct tip_type *type = source->type;

    if (object->type.size != 0 && catalogue != NULL) {
        type = tip_catalogue_type_named(catalogue, object->type);
    }
    return type == NULL ? NULL : tip_type_field_named(type, name);
}

/* Is @input to be put into the record? The key need not be a field, and what is
 * calculated is calculated anew. */
static bool is_put(const struct json_source *source,
                   const struct tip_desk_work *work,
                   const struct tip_desk_object *object,
                   const struct tip_desk_input *input)
{
    const struct tip_field *field =
        field_of(source, work, object, input->field);

    return field == NULL ? source->key.size == 0 ||
                               !tip_bytes_equal(input->field, source->key)
                         : field->calculation == NULL;
}

static enum tip_err read_object(struct json_source *source,
                                struct tip_desk_work *work,
                                struct tip_json *item,
                                struct tip_import_row *out_row)
{
    struct tip_desk_input *inputs;
    size_t count = 0;
    enum tip_err err;

    *out_row = (struct tip_import_row){.place = work->place};
    err = tip_desk_object_read(work, item, &out_row->object);
    if (err == TIP_EVALUE) {
        return TIP_EROWS;
    }
    if (err != TIP_OK) {
        return err;
    }
    inputs = tip_arena_alloc_array(work->arena, out_row->object.input_count,
                                   sizeof *inputs);
    if (inputs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < out_row->object.input_count; i++) {
        const struct tip_desk_input *input = &out_row->object.inputs[i];

        if (source->key.size != 0 &&
            tip_bytes_equal(input->field, source->key)) {
            out_row->key = input->value;
        }
        if (is_put(source, work, &out_row->object, input)) {
            inputs[count++] = *input;
        }
    }
    out_row->object.inputs = inputs;
    out_row->object.input_count = count;
    return TIP_OK;
}

static enum tip_err json_next(struct tip_import_source *self,
                              struct tip_desk_work *work,
                              struct tip_import_row *out_row)
{
    struct json_source *source = source_of(self);
    bool is_array = tip_json_kind(source->root) == TIP_JSON_ARRAY;
    size_t count = is_array ? tip_json_count(source->root) : 1;

    if (source->next == count) {
        return TIP_ENOTFOUND;
    }
    work->place.row = ++source->next;
    return read_object(source, work,
                       is_array ? tip_json_item(source->root, source->next - 1)
                                : source->root,
                       out_row);
}

/* The next line that is not blank; false after the last. */
static bool next_line(struct json_source *source, struct tip_bytes *out_line)
{
    while (source->at < source->bytes.size) {
        const uint8_t *from = source->bytes.data + source->at;
        size_t left = source->bytes.size - source->at;
        const uint8_t *end = memchr(from, '\n', left);
        size_t size = end == NULL ? left : (size_t)(end - from);

        source->at += end == NULL ? left : size + 1;
        source->line++;
        while (size != 0 && (from[size - 1] == '\r' || from[size - 1] == ' ')) {
            size--;
        }
        if (size != 0) {
            *out_line = tip_bytes(from, size);
            return true;
        }
    }
    return false;
}

static enum tip_err ndjson_next(struct tip_import_source *self,
                                struct tip_desk_work *work,
                                struct tip_import_row *out_row)
{
    struct json_source *source = source_of(self);
    struct tip_json_place at;
    struct tip_bytes line;
    enum tip_err err;

    if (!next_line(source, &line)) {
        return TIP_ENOTFOUND;
    }
    work->place.row = source->line;
    tip_json_free(source->root);
    source->root = NULL;
    err = tip_json_parse(line, &source->root, &at);
    if (err == TIP_ETABLE_JSON || err == TIP_ETOOBIG) {
        tip_problems_add(work->problems, work->place, "Character %zu: %s",
                         err == TIP_ETOOBIG ? (size_t)1 : at.column,
                         tip_err_text(err));
        return TIP_EROWS;
    }
    return err == TIP_OK ? read_object(source, work, source->root, out_row)
                         : err;
}

static uint64_t json_position(const struct tip_import_source *self)
{
    const struct json_source *source = (const struct json_source *)self;
    size_t count;

    if (source->is_lines) {
        return source->at;
    }
    count = tip_json_kind(source->root) == TIP_JSON_ARRAY
                ? tip_json_count(source->root)
                : 1;
    return count == 0 ? source->bytes.size
                      : (uint64_t)source->bytes.size * source->next / count;
}

static void json_free(struct tip_import_source *self)
{
    tip_json_free(source_of(self)->root);
    free(self);
}

static struct json_source *make(const struct tip_import_input *input,
                                bool is_lines)
{
    struct json_source *source = calloc(1, sizeof *source);

    if (source != NULL) {
        source->base = (struct tip_import_source){.next = is_lines ? ndjson_next
                                                                   : json_next,
                                                  .position = json_position,
                                                  .free = json_free};
        source->bytes = input->bytes;
        source->key = input->opts->key;
        source->type = input->type;
        source->is_lines = is_lines;
    }
    return source;
}

enum tip_err tip_import_json_new(const struct tip_import_input *input,
                                 struct tip_desk_work *work,
                                 struct tip_import_source **out_source)
{
    struct json_source *source = make(input, false);
    struct tip_json_place at;
    enum tip_err err;

    if (source == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_json_parse(input->bytes, &source->root, &at);
    if (err != TIP_OK) {
        if (err == TIP_ETABLE_JSON) {
            work->place.row = at.line;
            tip_problems_add(work->problems, work->place,
                             "Line %zu, character %zu: %s", at.line, at.column,
                             tip_err_text(err));
        }
        free(source);
        return err;
    }
    *out_source = &source->base;
    return TIP_OK;
}

enum tip_err tip_import_ndjson_new(const struct tip_import_input *input,
                                   struct tip_import_source **out_source)
{
    struct json_source *source = make(input, true);

    if (source == NULL) {
        return TIP_ENOMEM;
    }
    *out_source = &source->base;
    return TIP_OK;
}
