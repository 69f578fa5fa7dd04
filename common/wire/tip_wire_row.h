/*
 * Internal: the parts that rows in a store are made of.
 *
 * Readers are sticky (tip_reader.h): ask once at the end. Every row begins with
 * a byte that says what it is and in which format.
 */
#ifndef TIP_WIRE_ROW_H
#define TIP_WIRE_ROW_H

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_change.h"
#include "tip_err.h"
#include "tip_reader.h"
#include "tip_record.h"
#include "tip_wire_value.h"

/* First byte of a row: what it is in the upper half, its format below. */
enum tip_wire_row {
    TIP_WIRE_ROW_RECORD = 0x10,
    TIP_WIRE_ROW_SET = 0x20,
    TIP_WIRE_ROW_DEAD = 0x30,
    TIP_WIRE_ROW_ITEM = 0x40
};

/** Start reading a row: TIP_EUNSUPPORTED if it is of a later format,
 * TIP_EMALFORMED if it is no such row. */
TIP_MUST_USE enum tip_err tip_wire_row_open(struct tip_reader *reader,
                                            struct tip_bytes bytes,
                                            enum tip_wire_row row);

/** A number of at most 32 bits; fails @reader otherwise. */
uint32_t tip_wire_u32_get(struct tip_reader *reader);

/** A count that @reader can hold, each at least @bytes_min, and of at most
 * @count_max; fails @reader otherwise. */
size_t tip_wire_count_get(struct tip_reader *reader, size_t bytes_min,
                          size_t count_max);

/** Generation, then number. */
void tip_wire_commit_put(struct tip_buf *buf, uint64_t commit);
uint64_t tip_wire_commit_get(struct tip_reader *reader);

void tip_wire_id_put(struct tip_buf *buf, const struct tip_id *id);
struct tip_id tip_wire_id_get(struct tip_reader *reader);

/* Author and reason: may they be said? */
bool tip_wire_author_is_sound(struct tip_bytes author);
bool tip_wire_reason_is_sound(struct tip_bytes reason);

/** Writes or reads cells one after the other, each relative to the last. Start
 * from zero, with @resets set where a new group begins with low fields. */
struct tip_wire_cursor {
    uint32_t group; /* Record of a change, write of a sibling. */
    uint32_t field;
    bool resets;
};

/** One cell: a change or a sibling. */
struct tip_wire_cell {
    uint32_t group;
    uint32_t field;
    uint64_t element;
    struct tip_value value;
};

/** Append @cell. TIP_EINVAL: its field is below the last one's, or its value
 * is not sound. */
TIP_MUST_USE enum tip_err tip_wire_cell_put(struct tip_buf *buf,
                                            struct tip_wire_cursor *cursor,
                                            const struct tip_wire_cell *cell);

/** The next cell. TIP_EUNSUPPORTED: its value is of a kind this version does
 * not know. TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err tip_wire_cell_get(struct tip_reader *reader,
                                            struct tip_wire_cursor *cursor,
                                            struct tip_wire_cell *out_cell);

/** Append @set without the first byte. TIP_EINVAL. */
TIP_MUST_USE enum tip_err tip_wire_set_put(struct tip_buf *buf,
                                           const struct tip_change_set *set);

/** Read it; the arrays are put into @arena, texts borrow from @reader. */
TIP_MUST_USE enum tip_err tip_wire_set_get(struct tip_reader *reader,
                                           struct tip_arena *arena,
                                           struct tip_change_set *out_set);

/** Append the writes and siblings of @record. TIP_EINVAL. */
TIP_MUST_USE enum tip_err tip_wire_cells_put(struct tip_buf *buf,
                                             const struct tip_record *record);

/** Read them into @record, whose other members stay. */
TIP_MUST_USE enum tip_err tip_wire_cells_get(struct tip_reader *reader,
                                             struct tip_arena *arena,
                                             struct tip_record *record);

#endif /* TIP_WIRE_ROW_H */
