/*
 * Internal: the columns of a body, and the bytes that are sealed.
 *
 *     varint id count | varint opaque size | id tails | opaque | packed columns
 *
 * Random bytes stand outside what is compressed: zstd codes all literals of a
 * block with one table, and they would spoil it for the text.
 */
#ifndef TIP_WIRE_BODY_H
#define TIP_WIRE_BODY_H

#include "tip_codec_internal.h"

/* name, field of message Body */
#define TIP_WIRE_COLUMN_MAP(X)                \
    X(STAMPS, stamps)                         \
    X(AUTHORS, authors)                       \
    X(NAMES, names)                           \
    X(TYPES, types)                           \
    X(BIRTHS, births)                         \
    X(ID_TIMES, id_times)                     \
    X(COLUMNS, columns)                       \
    X(NUMBERS, numbers)                       \
    X(LENGTHS, lengths)                       \
    X(TEXT, text)                             \
    X(REASONS, reasons)                       \
    X(REASON_INDEXES, reason_indexes)         \
    X(RECORD_COUNTS, record_counts)           \
    X(TICKS, ticks)                           \
    X(BASES, bases)                           \
    X(BASE_GENERATIONS, base_generations)     \
    X(AUTHOR_INDEXES, author_indexes)         \
    X(BIRTH_GENERATIONS, birth_generations)   \
    X(BIRTH_INDEXES, birth_indexes)           \
    X(RECORD_IDS, record_ids)                 \
    X(SHAPES, shapes)                         \
    X(PART_SHAPES, part_shapes)               \
    X(ELEMENTS, elements)                     \
    X(ITEM_KINDS, item_kinds)                 \
    X(ORIGINS, origins)                       \
    X(ORIGIN_INDEXES, origin_indexes)         \
    X(SEQS, seqs)                             \
    X(COMMITS, commits)                       \
    X(COMMIT_GENERATIONS, commit_generations) \
    X(VERDICTS, verdicts)                     \
    X(ECHO_COUNTS, echo_counts)               \
    X(CHECKPOINT, checkpoint)                 \
    X(STATES, states)                         \
    X(RULINGS, rulings)                       \
    X(CONTROLS, controls)                     \
    X(GONE, gone)

enum tip_wire_column {
#define TIP_WIRE_COLUMN_ENUM(name, field) TIP_WIRE_##name,
    TIP_WIRE_COLUMN_MAP(TIP_WIRE_COLUMN_ENUM)
#undef TIP_WIRE_COLUMN_ENUM
        TIP_WIRE_COLUMN_COUNT
};

/* The first column that only bodies of the hub have. */
enum { TIP_WIRE_COLUMN_DOWN = TIP_WIRE_ITEM_KINDS };

enum { TIP_WIRE_ID_TAIL_SIZE = 10 };

/** All there is in a body. Plain data that borrows. */
struct tip_wire_body {
    struct tip_bytes columns[TIP_WIRE_COLUMN_COUNT]; /* Empty: all zeros. */
    uint64_t base_number;
    uint32_t base_generation;
    uint32_t more_sets;
    uint32_t item_count;
    struct tip_bytes id_tails; /* TIP_WIRE_ID_TAIL_SIZE each. */
    struct tip_bytes opaque;
};

/** Append the bytes of @body to @buf, packed with @dictionary if that pays.
 * TIP_ETOOBIG, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_wire_body_encode(struct tip_codec *codec,
                                               enum tip_dictionary dictionary,
                                               const struct tip_wire_body *body,
                                               struct tip_buf *buf,
                                               enum tip_dictionary *out_used);

/** Read it; the result borrows from @bytes and the working memory.
 * TIP_EUNSUPPORTED: it needs a feature this version does not know. Otherwise
 * fails as tip_codec_unpack(). */
TIP_MUST_USE enum tip_err tip_wire_body_decode(struct tip_codec *codec,
                                               uint32_t dictionary,
                                               struct tip_bytes bytes,
                                               struct tip_wire_body *out_body);

#endif /* TIP_WIRE_BODY_H */
