/*
 * What an audience holds, as one short number: equal numbers, equal holdings.
 *
 * For each record one keyed hash over its live siblings; all of them added up
 * in 256 parts, by the last byte of the record's id, each modulo 2^128. So a
 * change costs two hashes of one record, equality is free to check, and where
 * two sides differ the parts say among which records to look. Work that is not
 * committed is not in it.
 */
#ifndef TIP_HOLDING_H
#define TIP_HOLDING_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_arena.h"
#include "tip_buf.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_hash.h"
#include "tip_reader.h"
#include "tip_record.h"
#include "tip_session.h"

enum {
    TIP_HOLDING_PARTS = TIP_PARTS,
    TIP_HOLDING_BYTES = 8 + TIP_HOLDING_PARTS * TIP_DIGEST_SIZE
};

/** Plain data; all zero: nothing held. */
struct tip_holding {
    uint64_t count;                       /* Of records. */
    uint64_t parts[TIP_HOLDING_PARTS][2]; /* Low half first. */
};

/** A record as it is to be added or taken away. Borrows from an arena. */
struct tip_held_record {
    uint32_t part;
    struct tip_bytes bytes;
};

/** The part of a record called @id. */
static inline uint32_t tip_holding_part(const struct tip_id *id)
{
    return id->bytes[TIP_ID_SIZE - 1];
}

/** Does @record count for the audience of @channel? What everybody receives
 * (TIP_CHANNEL_REF) counts there alone, whoever else holds it. */
bool tip_holding_has(const struct tip_record *record, uint32_t channel);

/** Prepare @record, once for all audiences. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_holding_prepare(const struct tip_record *record,
                                              struct tip_arena *arena,
                                              struct tip_held_record *out_held);

void tip_holding_add(struct tip_holding *holding,
                     const struct tip_digest_key *key,
                     const struct tip_held_record *held);
void tip_holding_remove(struct tip_holding *holding,
                        const struct tip_digest_key *key,
                        const struct tip_held_record *held);

/** The number for all of it. */
struct tip_digest tip_holding_digest(const struct tip_holding *holding);

/** Of each part as much as is said to a peer, in order. */
void tip_holding_say(const struct tip_holding *holding,
                     uint8_t out_sums[TIP_PARTS * TIP_PART_SUM_SIZE]);

/** Append or read its TIP_HOLDING_BYTES. */
void tip_holding_put(struct tip_buf *buf, const struct tip_holding *holding);
void tip_holding_get(struct tip_reader *reader,
                     struct tip_holding *out_holding);

#endif /* TIP_HOLDING_H */
