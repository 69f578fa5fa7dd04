#include "tip_wire_decode.h"
#include "tip_wire_row.h"

/* One change, waiting for its value. */
struct place {
    struct tip_change *change;
    const struct tip_change_set *set;
};

/* Which shape each part has, and so how many changes there are. */
static enum tip_err read_shapes(struct tip_wire_decode *decode)
{
    struct tip_wire_reader *in = decode->in;
    enum tip_err err = tip_wire_shapes_get(
        &decode->shapes, in->columns[TIP_WIRE_COLUMNS].rest,
        in->columns[TIP_WIRE_SHAPES].rest, decode->memory->scratch);

    if (err != TIP_OK) {
        return err;
    }
    in->columns[TIP_WIRE_COLUMNS].rest = TIP_BYTES_NONE;
    in->columns[TIP_WIRE_SHAPES].rest = TIP_BYTES_NONE;
    decode->part_shapes =
        tip_arena_alloc_array(decode->memory->scratch, decode->record_count,
                              sizeof *decode->part_shapes);
    if (decode->part_shapes == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < decode->record_count; i++) {
        uint64_t shape = tip_wire_read(in, TIP_WIRE_PART_SHAPES);

        if (shape >= decode->shapes.shape_count) {
            return TIP_EMALFORMED;
        }
        decode->part_shapes[i] = (uint32_t)shape;
        decode->change_count += decode->shapes.shapes[shape].count;
    }
    return decode->change_count > TIP_WIRE_BODY_CHANGES_MAX ? TIP_EMALFORMED
                                                            : TIP_OK;
}

/* The changes of one part, as far as its shape tells; counts the columns. */
static void fill_part(const struct tip_wire_decode *decode, size_t part,
                      size_t record, struct tip_change *changes, size_t *counts)
{
    const struct tip_wire_shape *shape =
        &decode->shapes.shapes[decode->part_shapes[part]];

    for (size_t i = 0; i < shape->count; i++) {
        uint32_t step = decode->shapes.steps[shape->start + i];

        changes[i].record = (uint32_t)record;
        changes[i].field = decode->shapes.columns[step].field;
        changes[i].value.kind = decode->shapes.columns[step].kind;
        counts[step]++;
    }
}

/* All changes, as far as their shapes tell; counts the columns. */
static enum tip_err make_changes(struct tip_wire_decode *decode, size_t *counts)
{
    struct tip_change *changes = tip_arena_alloc_array(
        decode->memory->keep, decode->change_count, sizeof *changes);
    size_t part = 0;

    if (changes == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < decode->out->count; i++) {
        struct tip_change_set *set = &decode->out->sets[i];
        struct tip_change *first = changes;

        for (size_t j = 0; j < set->record_count; j++, part++) {
            fill_part(decode, part, j, changes, counts);
            changes += decode->shapes.shapes[decode->part_shapes[part]].count;
        }
        set->changes = first;
        set->change_count = (size_t)(changes - first);
    }
    return TIP_OK;
}

/* The next text or opaque value, out of @bytes. */
static struct tip_bytes read_bytes(struct tip_wire_decode *decode,
                                   struct tip_reader *bytes)
{
    uint64_t size = tip_wire_read(decode->in, TIP_WIRE_LENGTHS);

    if (size > bytes->rest.size) {
        bytes->failed = true;
        return TIP_BYTES_NONE;
    }
    return tip_reader_get(bytes, (size_t)size);
}

static enum tip_err read_value(struct tip_wire_decode *decode,
                               struct tip_value *value, struct tip_stamp stamp)
{
    struct tip_wire_reader *in = decode->in;
    bool is_sound = true;

    switch (value->kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        break;
    case TIP_VALUE_ANSWER:
        value->answer =
            (enum tip_answer)tip_wire_read_u32(in, TIP_WIRE_NUMBERS);
        break;
    case TIP_VALUE_INTEGER:
        value->integer = tip_wire_read_signed(in, TIP_WIRE_NUMBERS);
        break;
    case TIP_VALUE_DATE:
        is_sound = tip_wire_date_unpack(tip_wire_read(in, TIP_WIRE_NUMBERS),
                                        tip_wire_day(stamp), value);
        break;
    case TIP_VALUE_AMOUNT:
        value->amount.minor = tip_wire_read_signed(in, TIP_WIRE_NUMBERS);
        value->amount.currency = tip_wire_read_u32(in, TIP_WIRE_NUMBERS);
        break;
    case TIP_VALUE_CODE:
        value->code = tip_wire_read_u32(in, TIP_WIRE_NUMBERS);
        break;
    case TIP_VALUE_TEXT:
        value->bytes = read_bytes(decode, &decode->text);
        break;
    case TIP_VALUE_OPAQUE:
        value->bytes = read_bytes(decode, &decode->opaque);
        break;
    case TIP_VALUE_REFERENCE:
        if (tip_wire_decode_id(decode, tip_wire_read(in, TIP_WIRE_NUMBERS),
                               stamp, &value->reference) != TIP_OK) {
            return TIP_EMALFORMED;
        }
        break;
    }
    return is_sound && tip_wire_value_is_sound(value) ? TIP_OK : TIP_EMALFORMED;
}

/* Sort the changes by column, keeping their order within; @next says where the
 * next of each column goes. */
static void sort_places(const struct tip_wire_decode *decode,
                        struct place *places, size_t *next)
{
    size_t part = 0;

    for (size_t i = 0; i < decode->out->count; i++) {
        struct tip_change_set *set = &decode->out->sets[i];
        /* Ours: make_changes() has just made them. */
        union {
            const struct tip_change *in;
            struct tip_change *out;
        } change = {.in = set->changes};

        for (size_t j = 0; j < set->record_count; j++, part++) {
            const struct tip_wire_shape *shape =
                &decode->shapes.shapes[decode->part_shapes[part]];

            for (size_t k = 0; k < shape->count; k++) {
                uint32_t step = decode->shapes.steps[shape->start + k];

                places[next[step]++] =
                    (struct place){.change = change.out++, .set = set};
            }
        }
    }
}

static enum tip_err read_column(struct tip_wire_decode *decode,
                                const struct tip_wire_kind *column,
                                const struct place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct tip_change *change = places[i].change;
        enum tip_err err;

        if (column->has_element) {
            change->element = tip_wire_read(decode->in, TIP_WIRE_ELEMENTS);
            if (change->element == 0) {
                return TIP_EMALFORMED;
            }
        }
        err = read_value(decode, &change->value, places[i].set->stamp);
        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}

static enum tip_err read_values(struct tip_wire_decode *decode)
{
    size_t column_count = decode->shapes.column_count;
    struct place *places = tip_arena_alloc_array(
        decode->memory->scratch, decode->change_count, sizeof *places);
    size_t *counts = tip_arena_alloc_array(decode->memory->scratch,
                                           column_count, sizeof *counts);
    size_t *next = tip_arena_alloc_array(decode->memory->scratch, column_count,
                                         sizeof *next);
    size_t sum = 0;
    enum tip_err err = TIP_ENOMEM;

    if (places != NULL && counts != NULL && next != NULL) {
        err = make_changes(decode, counts);
    }
    if (err != TIP_OK) {
        return err;
    }
    for (size_t i = 0; i < column_count; i++) {
        next[i] = sum;
        sum += counts[i];
    }
    sort_places(decode, places, next);
    for (size_t i = 0; i < column_count && err == TIP_OK; i++) {
        err = read_column(decode, &decode->shapes.columns[i],
                          places + next[i] - counts[i], counts[i]);
    }
    return err;
}

/* What values borrow has to stay: copy it once, whole. */
static enum tip_err keep_bytes(struct tip_wire_decode *decode)
{
    struct tip_reader *text = &decode->in->columns[TIP_WIRE_TEXT];
    struct tip_bytes copy;
    enum tip_err err = tip_arena_copy(decode->memory->keep, text->rest, &copy);

    if (err == TIP_OK) {
        tip_reader_init(&decode->text, copy);
        text->rest = TIP_BYTES_NONE;
        err = tip_arena_copy(decode->memory->keep, decode->in->opaque.rest,
                             &copy);
    }
    if (err == TIP_OK) {
        tip_reader_init(&decode->opaque, copy);
        decode->in->opaque.rest = TIP_BYTES_NONE;
    }
    return err;
}

enum tip_err tip_wire_decode_changes(struct tip_wire_decode *decode)
{
    enum tip_err err = read_shapes(decode);

    if (err == TIP_OK) {
        err = keep_bytes(decode);
    }
    if (err == TIP_OK) {
        err = read_values(decode);
    }
    if (err == TIP_OK && (tip_reader_finish(&decode->text) != TIP_OK ||
                          tip_reader_finish(&decode->opaque) != TIP_OK)) {
        err = TIP_EMALFORMED;
    }
    return err;
}
