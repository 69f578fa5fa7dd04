/* Internal: what holds of items, in columns as in rows. */
#ifndef TIP_WIRE_ITEMS_H
#define TIP_WIRE_ITEMS_H

#include "tip_frame.h"
#include "tip_wire_row.h"
#include "tip_wire_ruling.h"
#include "tip_wire_sets.h"

/* Numbers of column item_kinds; most items are sets. */
enum {
    TIP_WIRE_KIND_SET = 0,
    TIP_WIRE_KIND_ECHO = 1,
    TIP_WIRE_KIND_STATE = 2,
    TIP_WIRE_KIND_RULING = 3,
    TIP_WIRE_KIND_CONTROL = 4,
    TIP_WIRE_KIND_ROLL = 5
};

/* May @bytes be an entry of the control log, known or not? */
static inline bool tip_wire_ctl_is_sound(struct tip_bytes bytes)
{
    return bytes.size != 0 && bytes.size <= TIP_CTL_BYTES_MAX;
}

/* No more than a roll takes. */
enum { TIP_WIRE_ROLL_BYTES_MAX = 1 + 10 + TIP_ROLL_BYTES };

/* Is @part within its state, and of a size that may be said? */
static inline bool tip_wire_state_is_sound(const struct tip_state_part *part)
{
    return part->total <= TIP_STATE_BYTES_MAX && part->bytes.size != 0 &&
           part->bytes.size <= TIP_STATE_PART_BYTES_MAX &&
           part->offset < part->total &&
           part->bytes.size <= part->total - part->offset;
}

/* Append @part, or read one, borrowed. */
static inline void tip_wire_state_put(struct tip_buf *buf,
                                      const struct tip_state_part *part)
{
    tip_buf_put_varint(buf, part->total);
    tip_buf_put_varint(buf, part->offset);
    tip_buf_put_sized(buf, part->bytes);
}

static inline struct tip_state_part
tip_wire_state_get(struct tip_reader *reader)
{
    struct tip_state_part part = {.total = tip_wire_u32_get(reader)};

    part.offset = tip_wire_u32_get(reader);
    part.bytes = tip_reader_get_sized(reader);
    return part;
}

/* Append @roll, or read one; false: it is none. */
static inline void tip_wire_roll_put(struct tip_buf *buf,
                                     const struct tip_roll *roll)
{
    tip_buf_put_u8(buf, roll->is_end ? 1 : 0);
    tip_buf_put_varint(buf, roll->count);
    tip_buf_put(buf, TIP_BYTES_OF(roll->parts));
}

static inline bool tip_wire_roll_get(struct tip_reader *reader,
                                     struct tip_roll *out_roll)
{
    uint8_t end = tip_reader_get_u8(reader);

    out_roll->is_end = end == 1;
    out_roll->count = tip_reader_get_varint(reader);
    tip_reader_copy(reader, out_roll->parts, sizeof out_roll->parts);
    return !reader->failed && end <= 1;
}

static inline bool tip_wire_verdict_is_sound(enum tip_verdict verdict)
{
    return (unsigned)verdict <= TIP_VERDICT_FUTURE;
}

/** Is @echo a run of change-sets, none of them past the last number? */
static inline bool tip_wire_echo_is_sound(const struct tip_echo *echo)
{
    uint64_t number = tip_commit_number(echo->first_commit);

    return echo->origin != 0 && echo->first_seq != 0 && echo->count != 0 &&
           echo->first_seq <= UINT64_MAX - echo->count &&
           echo->first_commit != 0 &&
           number <= ((UINT64_C(1) << TIP_COMMIT_NUMBER_BITS) - echo->count) &&
           tip_wire_verdict_is_sound(echo->verdict);
}

#endif /* TIP_WIRE_ITEMS_H */
