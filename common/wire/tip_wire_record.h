/*
 * A record's whole state and the bytes it has in a store; and what died of it,
 * for the history.
 *
 * Both are rows (proto/README.md, "Rows"): the hub writes one for every record
 * it merges, so they are not compressed and not protobuf.
 */
#ifndef TIP_WIRE_RECORD_H
#define TIP_WIRE_RECORD_H

#include <stdbool.h>

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_record.h"

enum {
    /* A node's own changes to one record that the hub has not decided. */
    TIP_WIRE_OVERLAY_MAX = 4096
};

/** What lies in a store under a record. Plain data that borrows. */
struct tip_wire_record {
    struct tip_record record; /* Committed cells. */
    const uint64_t *overlay;  /* Own seqs not decided yet, ascending. */
    size_t overlay_count;     /* Always 0 at the hub. */
};

/** What can be read without decoding the cells. Plain data. */
struct tip_wire_record_peek {
    struct tip_id id;
    uint64_t birth_commit;
    uint32_t birth_index;
    uint32_t type;
    uint32_t maker;
    uint64_t erased; /* As in struct tip_record. */
    uint64_t erased_ms;
    bool has_overlay; /* Something of it is not decided yet. */
    /* Some cell has more than one live sibling, or somebody wrote to it who did
     * not know that it was deleted: a person may have to decide. */
    bool is_contested;
};

/** Append @value to @buf. TIP_EINVAL: it breaks a rule of tip_record.h, or the
 * overlay is too long or out of order. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err
tip_wire_record_encode(const struct tip_wire_record *value,
                       struct tip_buf *buf);

/** Read one. The result borrows from @bytes and @arena (at most 80 times the
 * size of @bytes). TIP_EMALFORMED, TIP_EUNSUPPORTED, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_wire_record_decode(struct tip_bytes bytes, struct tip_arena *arena,
                       struct tip_wire_record *out_value);

/** Read the beginning of one; allocates nothing. */
TIP_MUST_USE enum tip_err
tip_wire_record_peek(struct tip_bytes bytes,
                     struct tip_wire_record_peek *out_peek);

/** Siblings that died together, and the write that superseded them; or such as
 * never lived, because a person refused their change-set. */
struct tip_wire_dead {
    uint32_t origin; /* Of the write that killed them; or the hub's. */
    uint64_t seq;    /* …0 if they were refused. */
    uint64_t commit;
    struct tip_bytes refused_by; /* Text; empty: they were not refused. */
    struct tip_bytes reason;     /* Why they were refused. */
    struct tip_record record;    /* As tip_record_apply() gives them. */
};

/** Append @dead to @buf; TIP_EINVAL, TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_wire_dead_encode(const struct tip_wire_dead *dead,
                                               struct tip_buf *buf);

/** Read one; borrows and fails as tip_wire_record_decode(). */
TIP_MUST_USE enum tip_err tip_wire_dead_decode(struct tip_bytes bytes,
                                               struct tip_arena *arena,
                                               struct tip_wire_dead *out_dead);

#endif /* TIP_WIRE_RECORD_H */
