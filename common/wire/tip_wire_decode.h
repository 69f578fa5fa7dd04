/*
 * Internal: the two halves of reading change-sets from columns. First what each
 * set and record is, then the changes.
 */
#ifndef TIP_WIRE_DECODE_H
#define TIP_WIRE_DECODE_H

#include "tip_wire_ids.h"
#include "tip_wire_sets.h"
#include "tip_wire_shapes.h"

/** What is being read. */
struct tip_wire_decode {
    struct tip_wire_reader *in;
    const struct tip_wire_memory *memory;
    struct tip_wire_sets_out *out;
    struct tip_wire_ids ids;
    struct tip_wire_shapes shapes;
    uint32_t *part_shapes; /* One for each record. */
    size_t record_count;
    size_t change_count;
    struct tip_reader text;   /* In memory that stays. */
    struct tip_reader opaque; /* As well. */
};

/** The id that is @back from the newest, or the next in full if that is 0. */
TIP_MUST_USE enum tip_err tip_wire_decode_id(struct tip_wire_decode *decode,
                                             uint64_t back,
                                             struct tip_stamp stamp,
                                             struct tip_id *out_id);

/** Read the changes of the sets, whose records are known. */
TIP_MUST_USE enum tip_err
tip_wire_decode_changes(struct tip_wire_decode *decode);

#endif /* TIP_WIRE_DECODE_H */
