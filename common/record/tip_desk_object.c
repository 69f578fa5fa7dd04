/* Objects of JSON: every member becomes the text a person would have typed. */
#include <inttypes.h>
#include <stdio.h>

#include "tip_desk_prepare.h"

enum { INTEGER_BYTES = 24 };

/* An object while it is read. */
struct reading {
    const struct tip_desk_work *work;
    struct tip_desk_object object;
    struct tip_desk_input *inputs;
};

static enum tip_err complain(const struct reading *reading,
                             struct tip_bytes name, const char *sentence)
{
    struct tip_place place = reading->work->place;

    place.column = name;
    tip_problems_add(reading->work->problems, place, "%s", sentence);
    return TIP_EVALUE;
}

static enum tip_err integer_text(struct tip_arena *arena, int64_t number,
                                 struct tip_bytes *out_text)
{
    char *text = tip_arena_alloc(arena, INTEGER_BYTES);

    if (text == NULL) {
        return TIP_ENOMEM;
    }
    (void)snprintf(text, INTEGER_BYTES, "%" PRId64, number);
    *out_text = tip_bytes_text(text);
    return TIP_OK;
}

/* Codes as a person would type them: between semicolons. */
static enum tip_err join(struct reading *reading, struct tip_bytes name,
                         struct tip_json *array, struct tip_bytes *out_text)
{
    size_t count = tip_json_count(array);
    struct tip_buf buf;
    size_t size = 0;
    uint8_t *memory;

    for (size_t i = 0; i < count; i++) {
        struct tip_json *item = tip_json_item(array, i);

        if (tip_json_kind(item) != TIP_JSON_TEXT) {
            return complain(reading, name,
                            "Write the elements of a set as texts.");
        }
        size += tip_json_text(item).size + 1;
    }
    memory = tip_arena_alloc(reading->work->arena, size);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, size);
    for (size_t i = 0; i < count; i++) {
        tip_buf_put(&buf, tip_json_text(tip_json_item(array, i)));
        tip_buf_put_u8(&buf, ';');
    }
    return tip_buf_finish(&buf, out_text);
}

static enum tip_err member_text(struct reading *reading, struct tip_bytes name,
                                struct tip_json *value,
                                struct tip_bytes *out_text)
{
    switch (tip_json_kind(value)) {
    case TIP_JSON_NULL:
        *out_text = TIP_BYTES_NONE;
        return TIP_OK;
    case TIP_JSON_BOOL:
        *out_text = tip_bytes_text(tip_json_bool(value) ? "yes" : "no");
        return TIP_OK;
    case TIP_JSON_INTEGER:
        return integer_text(reading->work->arena, tip_json_integer(value),
                            out_text);
    case TIP_JSON_TEXT:
        *out_text = tip_json_text(value);
        return TIP_OK;
    case TIP_JSON_ARRAY:
        return join(reading, name, value, out_text);
    case TIP_JSON_REAL:
        return complain(reading, name,
                        "Write an amount as text, as \"1500.00 MRU\"; other "
                        "numbers are whole.");
    case TIP_JSON_OBJECT:
        break;
    }
    return complain(reading, name, "A field holds no object.");
}

static enum tip_err read_offices(struct reading *reading, struct tip_bytes name,
                                 struct tip_json *value)
{
    size_t count = tip_json_count(value);
    struct tip_bytes *offices =
        tip_arena_alloc_array(reading->work->arena, count + 1, sizeof *offices);

    if (offices == NULL) {
        return TIP_ENOMEM;
    }
    if (tip_json_kind(value) != TIP_JSON_ARRAY) {
        return complain(reading, name, "Write the offices as an array.");
    }
    for (size_t i = 0; i < count; i++) {
        enum tip_err err =
            member_text(reading, name, tip_json_item(value, i), &offices[i]);

        if (err != TIP_OK) {
            return err;
        }
    }
    reading->object.offices = offices;
    reading->object.office_count = count;
    return TIP_OK;
}

static enum tip_err read_id(struct reading *reading, struct tip_bytes name,
                            struct tip_json *value)
{
    if (tip_json_kind(value) != TIP_JSON_TEXT ||
        tip_id_parse(tip_json_text(value), &reading->object.id) != TIP_OK) {
        return complain(reading, name,
                        "Write the id of a record, 36 characters.");
    }
    return TIP_OK;
}

static bool is(struct tip_bytes name, const char *text)
{
    return tip_bytes_equal(name, tip_bytes_text(text));
}

static enum tip_err read_member(struct reading *reading, struct tip_bytes name,
                                struct tip_json *value)
{
    struct tip_desk_input *input;

    if (is(name, "_id")) {
        return read_id(reading, name, value);
    }
    if (is(name, TIP_DESK_OFFICES)) {
        return read_offices(reading, name, value);
    }
    if (is(name, "_type")) {
        return member_text(reading, name, value, &reading->object.type);
    }
    if (is(name, "_state") || is(name, "_conflict")) {
        return TIP_OK; /* An export says them; they cannot be brought in. */
    }
    input = &reading->inputs[reading->object.input_count++];
    *input = (struct tip_desk_input){.field = name, .op = TIP_DESK_PUT};
    return member_text(reading, name, value, &input->value);
}

enum tip_err tip_desk_object_read(const struct tip_desk_work *work,
                                  struct tip_json *json,
                                  struct tip_desk_object *out_object)
{
    struct reading reading = {.work = work};
    struct tip_json_walk walk;
    enum tip_err first = TIP_OK;

    if (tip_json_kind(json) != TIP_JSON_OBJECT) {
        return complain(&reading, TIP_BYTES_NONE,
                        "A record is an object: {\"field\": \"value\"}.");
    }
    if (tip_json_count(json) > TIP_DESK_INPUTS_MAX) {
        return TIP_ETOOBIG;
    }
    reading.inputs = tip_arena_alloc_array(work->arena, tip_json_count(json),
                                           sizeof *reading.inputs);
    if (reading.inputs == NULL) {
        return TIP_ENOMEM;
    }
    tip_json_walk_init(&walk, json);
    while (tip_json_walk_next(&walk)) {
        enum tip_err err = read_member(&reading, walk.name, walk.value);

        first = first == TIP_OK ? err : first;
    }
    if (first == TIP_OK) {
        reading.object.inputs = reading.inputs;
        *out_object = reading.object;
    }
    return first;
}
