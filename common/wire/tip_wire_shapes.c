#include "tip_wire_shapes.h"

#include <assert.h>

#include "tip_wire_value.h"

enum {
    COLUMN_HAS_ELEMENT = 1 << 0,
    COLUMN_KIND_SHIFT = 1,
    COLUMN_KIND_BITS = 0x0f,
    COLUMN_FIELD_SHIFT = 5,
    /* What is not found by then is written again, so that nobody can make this
     * slow. */
    PROBES_MAX = 32
};

static size_t slots_for(size_t count)
{
    size_t slot_count = 16;

    while (slot_count < 2 * count) {
        slot_count *= 2;
    }
    assert((slot_count & (slot_count - 1)) == 0);
    return slot_count;
}

enum tip_err tip_wire_shapes_init(struct tip_wire_shapes *shapes,
                                  size_t part_count, size_t change_count,
                                  struct tip_arena *arena)
{
    *shapes =
        (struct tip_wire_shapes){.column_slot_count = slots_for(change_count),
                                 .shape_slot_count = slots_for(part_count)};
    shapes->columns =
        tip_arena_alloc_array(arena, change_count, sizeof *shapes->columns);
    shapes->shapes =
        tip_arena_alloc_array(arena, part_count, sizeof *shapes->shapes);
    shapes->steps =
        tip_arena_alloc_array(arena, change_count, sizeof *shapes->steps);
    shapes->column_slots = tip_arena_alloc_array(
        arena, shapes->column_slot_count, sizeof *shapes->column_slots);
    shapes->shape_slots = tip_arena_alloc_array(arena, shapes->shape_slot_count,
                                                sizeof *shapes->shape_slots);
    return shapes->columns == NULL || shapes->shapes == NULL ||
                   shapes->steps == NULL || shapes->column_slots == NULL ||
                   shapes->shape_slots == NULL
               ? TIP_ENOMEM
               : TIP_OK;
}

static bool is_for(const struct tip_wire_kind *column,
                   const struct tip_change *change)
{
    return column->field == change->field &&
           column->kind == change->value.kind &&
           column->has_element == (change->element != 0);
}

static uint32_t add_column(struct tip_wire_shapes *shapes,
                           const struct tip_change *change)
{
    shapes->columns[shapes->column_count] =
        (struct tip_wire_kind){.field = change->field,
                               .kind = change->value.kind,
                               .has_element = change->element != 0};
    return (uint32_t)shapes->column_count++;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    return (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint32_t find_column(struct tip_wire_shapes *shapes,
                            const struct tip_change *change)
{
    uint64_t key = (uint64_t)change->field << COLUMN_FIELD_SHIFT |
                   (uint64_t)change->value.kind << COLUMN_KIND_SHIFT |
                   (change->element != 0);
    size_t at = (size_t)(mix(0, key) >> 32);

    for (size_t i = 0; i < PROBES_MAX; i++) {
        uint32_t *slot =
            &shapes->column_slots[(at + i) & (shapes->column_slot_count - 1)];

        if (*slot == 0) {
            uint32_t column = add_column(shapes, change);

            *slot = column + 1;
            return column;
        }
        if (is_for(&shapes->columns[*slot - 1], change)) {
            return *slot - 1;
        }
    }
    return add_column(shapes, change);
}

/* Add the columns of @changes to the steps; returns a hash of them. Mostly a
 * change goes to the column after that of the change before it. */
static uint64_t add_steps(struct tip_wire_shapes *shapes,
                          const struct tip_change *changes, size_t count)
{
    uint64_t hash = count;
    uint32_t guess = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t column = guess;

        if (guess >= shapes->column_count ||
            !is_for(&shapes->columns[guess], &changes[i])) {
            column = find_column(shapes, &changes[i]);
        }
        shapes->steps[shapes->step_count++] = column;
        hash = mix(hash, column);
        guess = column + 1;
    }
    return hash ^ hash >> 32;
}

static bool is_shape(const struct tip_wire_shapes *shapes,
                     const struct tip_wire_shape *shape,
                     const struct tip_wire_shape *other)
{
    return shape->count == other->count &&
           memcmp(&shapes->steps[shape->start], &shapes->steps[other->start],
                  shape->count * sizeof *shapes->steps) == 0;
}

uint32_t tip_wire_shapes_find(struct tip_wire_shapes *shapes,
                              const struct tip_change *changes, size_t count)
{
    struct tip_wire_shape shape = {.start = (uint32_t)shapes->step_count,
                                   .count = (uint32_t)count};
    size_t at = (size_t)add_steps(shapes, changes, count);

    for (size_t i = 0; i < PROBES_MAX; i++) {
        uint32_t *slot =
            &shapes->shape_slots[(at + i) & (shapes->shape_slot_count - 1)];

        if (*slot == 0) {
            *slot = (uint32_t)shapes->shape_count + 1;
            break;
        }
        if (is_shape(shapes, &shapes->shapes[*slot - 1], &shape)) {
            return *slot - 1;
        }
    }
    shapes->shapes[shapes->shape_count] = shape;
    return (uint32_t)shapes->shape_count++;
}

/* Is shape i column i alone, for each of them? */
static bool is_plain(const struct tip_wire_shapes *shapes)
{
    if (shapes->shape_count != shapes->column_count) {
        return false;
    }
    for (size_t i = 0; i < shapes->shape_count; i++) {
        const struct tip_wire_shape *shape = &shapes->shapes[i];

        if (shape->count != 1 || shapes->steps[shape->start] != i) {
            return false;
        }
    }
    return true;
}

static uint64_t zigzag(int64_t value)
{
    uint64_t doubled = (uint64_t)value << 1;

    return value < 0 ? ~doubled : doubled;
}

void tip_wire_shapes_put(const struct tip_wire_shapes *shapes,
                         struct tip_buf *columns_buf,
                         struct tip_buf *shapes_buf)
{
    uint32_t field = 0;

    for (size_t i = 0; i < shapes->column_count; i++) {
        const struct tip_wire_kind *column = &shapes->columns[i];

        tip_buf_put_varint(columns_buf,
                           zigzag((int64_t)column->field - field)
                                   << COLUMN_FIELD_SHIFT |
                               (uint64_t)column->kind << COLUMN_KIND_SHIFT |
                               (column->has_element ? COLUMN_HAS_ELEMENT : 0));
        field = column->field;
    }
    if (is_plain(shapes)) {
        return;
    }
    for (size_t i = 0; i < shapes->shape_count; i++) {
        const struct tip_wire_shape *shape = &shapes->shapes[i];
        uint32_t expected = 0;

        tip_buf_put_varint(shapes_buf, shape->count);
        for (size_t j = 0; j < shape->count; j++) {
            uint32_t step = shapes->steps[shape->start + j];

            tip_buf_put_svarint(shapes_buf, (int64_t)step - expected);
            expected = step + 1;
        }
    }
}

static enum tip_err get_columns(struct tip_wire_shapes *shapes,
                                struct tip_bytes bytes)
{
    struct tip_reader reader;
    int64_t field = 0;

    tip_reader_init(&reader, bytes);
    while (reader.rest.size != 0) {
        uint64_t start = tip_reader_get_varint(&reader);
        uint64_t coded = start >> COLUMN_FIELD_SHIFT;
        struct tip_wire_kind column = {.has_element =
                                           (start & COLUMN_HAS_ELEMENT) != 0};
        enum tip_err err = tip_wire_value_kind(
            start >> COLUMN_KIND_SHIFT & COLUMN_KIND_BITS, &column.kind);

        if (err != TIP_OK) {
            return err;
        }
        field += (int64_t)((coded & 1) != 0 ? ~(coded >> 1) : coded >> 1);
        if (reader.failed || field < 1 || field > UINT32_MAX) {
            return TIP_EMALFORMED;
        }
        column.field = (uint32_t)field;
        shapes->columns[shapes->column_count++] = column;
    }
    return TIP_OK;
}

/* Shape i is column i alone; without a column nothing is written at all. */
static void make_plain(struct tip_wire_shapes *shapes)
{
    if (shapes->column_count == 0) {
        shapes->shapes[0] = (struct tip_wire_shape){.count = 0};
        shapes->shape_count = 1;
        return;
    }
    for (size_t i = 0; i < shapes->column_count; i++) {
        shapes->steps[i] = (uint32_t)i;
        shapes->shapes[i] =
            (struct tip_wire_shape){.start = (uint32_t)i, .count = 1};
    }
    shapes->shape_count = shapes->column_count;
    shapes->step_count = shapes->column_count;
}

static enum tip_err get_shape(struct tip_wire_shapes *shapes,
                              struct tip_reader *reader)
{
    uint64_t count = tip_reader_get_varint(reader);
    int64_t expected = 0;

    if (reader->failed || count > reader->rest.size ||
        count > TIP_CHANGE_SET_CHANGES_MAX) {
        return TIP_EMALFORMED;
    }
    shapes->shapes[shapes->shape_count++] = (struct tip_wire_shape){
        .start = (uint32_t)shapes->step_count, .count = (uint32_t)count};
    for (uint64_t i = 0; i < count; i++) {
        int64_t skip = tip_reader_get_svarint(reader);

        if (reader->failed || skip < -expected ||
            skip >= (int64_t)shapes->column_count - expected) {
            return TIP_EMALFORMED;
        }
        shapes->steps[shapes->step_count++] = (uint32_t)(expected + skip);
        expected += skip + 1;
    }
    return TIP_OK;
}

enum tip_err tip_wire_shapes_get(struct tip_wire_shapes *shapes,
                                 struct tip_bytes columns,
                                 struct tip_bytes shape_bytes,
                                 struct tip_arena *arena)
{
    /* Each entry takes at least a byte; one more where there are none. */
    size_t step_max = columns.size + shape_bytes.size + 1;
    struct tip_reader reader;
    enum tip_err err;

    *shapes = (struct tip_wire_shapes){.column_count = 0};
    shapes->columns =
        tip_arena_alloc_array(arena, columns.size, sizeof *shapes->columns);
    shapes->shapes =
        tip_arena_alloc_array(arena, step_max, sizeof *shapes->shapes);
    shapes->steps =
        tip_arena_alloc_array(arena, step_max, sizeof *shapes->steps);
    if (shapes->columns == NULL || shapes->shapes == NULL ||
        shapes->steps == NULL) {
        return TIP_ENOMEM;
    }
    err = get_columns(shapes, columns);
    if (err == TIP_OK && shape_bytes.size == 0) {
        make_plain(shapes);
    }
    tip_reader_init(&reader, shape_bytes);
    while (err == TIP_OK && reader.rest.size != 0) {
        err = get_shape(shapes, &reader);
    }
    return err == TIP_OK && reader.failed ? TIP_EMALFORMED : err;
}
