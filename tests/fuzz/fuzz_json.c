/* Rule: a document is refused at a place within it, or walks to its end and is
 * written as one that is read the same. */
#include "fuzz.h"
#include "tip_json.h"
#include "tip_json_writer.h"
#include "tip_sink.h"

enum { BYTES_MAX = 1 << 20 };

/* As deep as the reader lets a document be.
 * NOLINTBEGIN(misc-no-recursion) */
static void put(struct tip_json_writer *writer, struct tip_json *value);

static void put_object(struct tip_json_writer *writer, struct tip_json *value)
{
    struct tip_json_walk walk;
    size_t count = 0;

    tip_json_begin_object(writer);
    tip_json_walk_init(&walk, value);
    while (tip_json_walk_next(&walk)) {
        tip_json_put_key_bytes(writer, walk.name);
        put(writer, walk.value);
        count++;
    }
    FUZZ_RULE(count == tip_json_count(value));
    tip_json_end_object(writer);
}

static void put_array(struct tip_json_writer *writer, struct tip_json *value)
{
    tip_json_begin_array(writer);
    for (size_t i = 0; i < tip_json_count(value); i++) {
        put(writer, tip_json_item(value, i));
    }
    FUZZ_RULE(tip_json_item(value, tip_json_count(value)) == NULL);
    tip_json_end_array(writer);
}

/* A real number and null are written as false: no field carries them. */
static void put(struct tip_json_writer *writer, struct tip_json *value)
{
    switch (tip_json_kind(value)) {
    case TIP_JSON_OBJECT:
        put_object(writer, value);
        break;
    case TIP_JSON_ARRAY:
        put_array(writer, value);
        break;
    case TIP_JSON_TEXT:
        tip_json_put_text(writer, tip_json_text(value));
        break;
    case TIP_JSON_INTEGER:
        tip_json_put_integer(writer, tip_json_integer(value));
        break;
    case TIP_JSON_BOOL:
        tip_json_put_bool(writer, tip_json_bool(value));
        break;
    case TIP_JSON_REAL:
    case TIP_JSON_NULL:
        tip_json_put_bool(writer, false);
        break;
    }
}
/* NOLINTEND(misc-no-recursion) */

static void write(struct tip_json *root, struct tip_sink_memory *sink)
{
    struct tip_json_writer writer;

    tip_sink_memory_init(sink, BYTES_MAX);
    tip_json_writer_init(&writer, &sink->base);
    put(&writer, root);
    FUZZ_RULE(tip_json_writer_finish(&writer) == TIP_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_sink_memory first, second;
    struct tip_json_place place;
    struct tip_json *root, *back;
    enum tip_err err;

    err = tip_json_parse(tip_bytes(data, size), &root, &place);
    if (err != TIP_OK) {
        FUZZ_RULE(err != TIP_ETABLE_JSON ||
                  (place.line >= 1 && place.line <= size + 1));
        return 0;
    }
    write(root, &first);
    FUZZ_RULE(tip_json_parse(tip_sink_memory_get(&first), &back, &place) ==
              TIP_OK);
    write(back, &second);
    FUZZ_RULE(tip_bytes_equal(tip_sink_memory_get(&first),
                              tip_sink_memory_get(&second)));
    tip_sink_memory_deinit(&first);
    tip_sink_memory_deinit(&second);
    tip_json_free(root);
    tip_json_free(back);
    return 0;
}
