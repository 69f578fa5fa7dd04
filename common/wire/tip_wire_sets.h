/*
 * Internal: change-sets and columns. proto/README.md, "Bodies", says what each
 * column holds; the comments here say why.
 */
#ifndef TIP_WIRE_SETS_H
#define TIP_WIRE_SETS_H

#include "tip_arena.h"
#include "tip_change.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_reader.h"
#include "tip_wire_body.h"

enum {
    /* Of one body. A frame of 32 KiB holds some 1,000 imported records of 16
     * fields; these bound what a short hostile body can blow up to. */
    TIP_WIRE_BODY_RECORDS_MAX = 16 * 1024,
    TIP_WIRE_BODY_CHANGES_MAX = 64 * 1024
};

/* What names a record: numbers of column names. */
enum {
    TIP_WIRE_NAME_BIRTH = 0,
    TIP_WIRE_NAME_ID = 1,
    TIP_WIRE_NAME_BOTH = 2 /* Downwards only. */
};

/** A body being written: one buffer for each column. */
struct tip_wire_writer {
    struct tip_buf columns[TIP_WIRE_COLUMN_COUNT];
    struct tip_buf id_tails;
    struct tip_buf opaque;
    struct tip_wire_body body; /* The numbers beside the columns. */
};

/** A body being read. */
struct tip_wire_reader {
    struct tip_reader columns[TIP_WIRE_COLUMN_COUNT];
    bool is_left_out[TIP_WIRE_COLUMN_COUNT];
    struct tip_reader id_tails;
    struct tip_reader opaque;
    struct tip_wire_body body;
};

/** Give @column of @writer room for @size bytes. */
TIP_MUST_USE enum tip_err tip_wire_writer_make(struct tip_wire_writer *writer,
                                               enum tip_wire_column column,
                                               size_t size,
                                               struct tip_arena *arena);

/** What was written, as a body; borrows from @writer. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_wire_writer_finish(struct tip_wire_writer *writer,
                                                 struct tip_wire_body *out);

/** Start reading @body. */
void tip_wire_reader_init(struct tip_wire_reader *reader,
                          const struct tip_wire_body *body);

/** TIP_EMALFORMED unless all columns were read to their end without failure. */
TIP_MUST_USE enum tip_err
tip_wire_reader_finish(const struct tip_wire_reader *reader);

static inline void tip_wire_write(struct tip_wire_writer *writer,
                                  enum tip_wire_column column, uint64_t value)
{
    tip_buf_put_varint(&writer->columns[column], value);
}

static inline void tip_wire_write_signed(struct tip_wire_writer *writer,
                                         enum tip_wire_column column,
                                         int64_t value)
{
    tip_buf_put_svarint(&writer->columns[column], value);
}

/* The next number of a column. One that was left out is all zeros. */
static inline uint64_t tip_wire_read(struct tip_wire_reader *reader,
                                     enum tip_wire_column column)
{
    return reader->is_left_out[column]
               ? 0
               : tip_reader_get_varint(&reader->columns[column]);
}

static inline int64_t tip_wire_read_signed(struct tip_wire_reader *reader,
                                           enum tip_wire_column column)
{
    return reader->is_left_out[column]
               ? 0
               : tip_reader_get_svarint(&reader->columns[column]);
}

/* One of at most 32 bits; fails the column otherwise. */
static inline uint32_t tip_wire_read_u32(struct tip_wire_reader *reader,
                                         enum tip_wire_column column)
{
    uint64_t number = tip_wire_read(reader, column);

    if (number > UINT32_MAX) {
        reader->columns[column].failed = true;
        return 0;
    }
    return (uint32_t)number;
}

/** Change-sets on their way into columns. Plain data that borrows. */
struct tip_wire_sets {
    const struct tip_change_set *const *sets;
    const uint64_t *commits; /* Downwards: one for each; upwards NULL. */
    size_t count;
};

/** Write @sets, all but origin, office, seq and commit. TIP_EINVAL: something
 * in it may not be said; TIP_EMALFORMED: a set is not well formed. TIP_ETOOBIG:
 * more than fits in a body. */
TIP_MUST_USE enum tip_err tip_wire_sets_encode(const struct tip_wire_sets *sets,
                                               struct tip_arena *arena,
                                               struct tip_wire_writer *writer);

/** Change-sets coming out of columns. */
struct tip_wire_sets_out {
    struct tip_change_set *sets; /* Origin, office and seq are set already. */
    const uint64_t *commits;     /* Downwards: one for each; upwards NULL. */
    size_t count;
};

/** Memory to read with: what stays, and what is needed meanwhile. */
struct tip_wire_memory {
    struct tip_arena *keep;
    struct tip_arena *scratch;
};

/** Fill @out from @reader; everything is in memory->keep. TIP_EMALFORMED,
 * TIP_EUNSUPPORTED, TIP_ETOOBIG, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_wire_sets_decode(struct tip_wire_reader *reader,
                     const struct tip_wire_memory *memory,
                     struct tip_wire_sets_out *out);

#endif /* TIP_WIRE_SETS_H */
