#include "tip_json.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

/* struct tip_json is never defined: it is the json_t of jansson by another
 * name, so that the tree needs no second copy. */
static json_t *inner(struct tip_json *value)
{
    return (json_t *)(void *)value;
}

static struct tip_json *outer(json_t *value)
{
    return (struct tip_json *)(void *)value;
}

/* The one place where codes of jansson become ours. */
static enum tip_err translate(const json_error_t *error)
{
    enum json_error_code code = json_error_code(error);

    if (code == json_error_out_of_memory) {
        return TIP_ENOMEM;
    }
    if (code == json_error_stack_overflow ||
        code == json_error_numeric_overflow) {
        return TIP_ETOOBIG;
    }
    return TIP_ETABLE_JSON;
}

/* Measure before building: jansson recurses, and a tree is larger than its
 * text. Text that is not JSON may pass; the parser sorts that out. */
static enum tip_err check_limits(struct tip_bytes text)
{
    size_t depth = 0;
    size_t value_count = 1;
    bool quoted = false;

    if (text.size > TIP_JSON_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];

        if (quoted) {
            i += byte == '\\';
            quoted = byte != '"';
        } else if (byte == '"') {
            quoted = true;
        } else if (byte == '[' || byte == '{') {
            depth++;
            value_count++;
        } else if (byte == ']' || byte == '}') {
            depth -= depth != 0;
        } else if (byte == ',') {
            value_count++;
        }
        if (depth > TIP_JSON_DEPTH_MAX || value_count > TIP_JSON_VALUES_MAX) {
            return TIP_ETOOBIG;
        }
    }
    return TIP_OK;
}

enum tip_err tip_json_parse(struct tip_bytes text, struct tip_json **out_root,
                            struct tip_json_place *out_place)
{
    json_error_t error;
    json_t *root;
    enum tip_err err = check_limits(text);

    *out_place = (struct tip_json_place){.line = 1, .column = 1};
    if (err != TIP_OK) {
        return err;
    }
    root = json_loadb(text.size == 0 ? "" : (const char *)text.data, text.size,
                      JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        out_place->line = error.line > 0 ? (size_t)error.line : 1;
        out_place->column = error.column > 0 ? (size_t)error.column : 1;
        return translate(&error);
    }
    *out_root = outer(root);
    return TIP_OK;
}

void tip_json_free(struct tip_json *root)
{
    json_decref(inner(root));
}

enum tip_json_kind tip_json_kind(struct tip_json *value)
{
    switch (json_typeof(inner(value))) {
    case JSON_OBJECT:
        return TIP_JSON_OBJECT;
    case JSON_ARRAY:
        return TIP_JSON_ARRAY;
    case JSON_STRING:
        return TIP_JSON_TEXT;
    case JSON_INTEGER:
        return TIP_JSON_INTEGER;
    case JSON_REAL:
        return TIP_JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return TIP_JSON_BOOL;
    case JSON_NULL:
        break;
    }
    return TIP_JSON_NULL;
}

struct tip_bytes tip_json_text(struct tip_json *value)
{
    assert(json_is_string(inner(value)));
    return tip_bytes(json_string_value(inner(value)),
                     json_string_length(inner(value)));
}

int64_t tip_json_integer(struct tip_json *value)
{
    assert(json_is_integer(inner(value)));
    return json_integer_value(inner(value));
}

bool tip_json_bool(struct tip_json *value)
{
    assert(json_is_boolean(inner(value)));
    return json_is_true(inner(value));
}

size_t tip_json_count(struct tip_json *value)
{
    if (json_is_object(inner(value))) {
        return json_object_size(inner(value));
    }
    return json_array_size(inner(value));
}

struct tip_json *tip_json_item(struct tip_json *array, size_t index)
{
    return outer(json_array_get(inner(array), index));
}

struct tip_json *tip_json_member(struct tip_json *object, const char *name)
{
    return outer(json_object_get(inner(object), name));
}

void tip_json_walk_init(struct tip_json_walk *walk, struct tip_json *object)
{
    *walk = (struct tip_json_walk){.object = object,
                                   .position = json_object_iter(inner(object))};
}

bool tip_json_walk_next(struct tip_json_walk *walk)
{
    if (walk->position == NULL) {
        return false;
    }
    walk->name = tip_bytes_text(json_object_iter_key(walk->position));
    walk->value = outer(json_object_iter_value(walk->position));
    walk->position = json_object_iter_next(inner(walk->object), walk->position);
    return true;
}
