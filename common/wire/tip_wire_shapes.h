/*
 * Internal: what a body has columns for, and the shapes of its parts.
 *
 * A column is a field, a kind of value, and whether elements come with it. The
 * changes of one change-set to one record are a part; its shape is the columns
 * they go to, in order. An import of a thousand records has one shape, a month
 * of single edits one for each field that is ever edited.
 */
#ifndef TIP_WIRE_SHAPES_H
#define TIP_WIRE_SHAPES_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_change.h"
#include "tip_err.h"
#include "tip_reader.h"

/** What the values of one column have in common. */
struct tip_wire_kind {
    uint32_t field;
    enum tip_value_kind kind;
    bool has_element;
};

/** A run of column numbers. */
struct tip_wire_shape {
    uint32_t start; /* In the array of them. */
    uint32_t count;
};

/** Caller-allocated; its arrays are in an arena. */
struct tip_wire_shapes {
    struct tip_wire_kind *columns;
    size_t column_count;
    struct tip_wire_shape *shapes;
    size_t shape_count;
    uint32_t *steps; /* Column numbers that the shapes are runs of. */
    size_t step_count;
    /* Hash tables of place plus one, for writing only. */
    uint32_t *column_slots;
    uint32_t *shape_slots;
    size_t column_slot_count;
    size_t shape_slot_count;
};

/** Start writing, for @part_count parts with @change_count changes in all. */
TIP_MUST_USE enum tip_err tip_wire_shapes_init(struct tip_wire_shapes *shapes,
                                               size_t part_count,
                                               size_t change_count,
                                               struct tip_arena *arena);

/** The number of the shape of the @count @changes, new or not; the columns of
 * the changes follow each other in shapes->steps from step_count before to
 * step_count after. */
uint32_t tip_wire_shapes_find(struct tip_wire_shapes *shapes,
                              const struct tip_change *changes, size_t count);

/** Write both tables; @shapes_buf stays empty where shape i is column i. */
void tip_wire_shapes_put(const struct tip_wire_shapes *shapes,
                         struct tip_buf *columns_buf,
                         struct tip_buf *shapes_buf);

/** Read both tables. TIP_EMALFORMED, TIP_EUNSUPPORTED (a kind of value this
 * version does not know), TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_wire_shapes_get(struct tip_wire_shapes *shapes,
                                              struct tip_bytes columns,
                                              struct tip_bytes shape_bytes,
                                              struct tip_arena *arena);

#endif /* TIP_WIRE_SHAPES_H */
