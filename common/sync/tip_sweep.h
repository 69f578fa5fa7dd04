/*
 * After an erasure: what stored frames and logs still say of the records that
 * were erased is taken out of them, then the store forgets it for good.
 *
 * It goes in slices, as part of an engine's transactions, and remembers in the
 * store how far it is: whenever it is cut off, it goes on there. What comes
 * into the store meanwhile is redacted before it is written. A later erasure
 * begins it anew.
 */
#ifndef TIP_SWEEP_H
#define TIP_SWEEP_H

#include "tip_frame_row.h"
#include "tip_redact.h"
#include "tip_store.h"

/* Numbers are on disk. */
enum tip_sweep_phase {
    TIP_SWEEP_IDLE = 0,
    TIP_SWEEP_READING = 1, /* Taking out of frames and logs. */
    TIP_SWEEP_PURGING = 2  /* All is out: the store has to forget it. */
};

/** How far it is. Plain data, durable. */
struct tip_sweep {
    enum tip_sweep_phase phase;
    struct tip_key key; /* The next row… */
    uint32_t table;     /* …of this table. */
    struct tip_redact_carry carry;
    uint64_t through; /* Commit of the newest erasure under way. */
    uint64_t done;    /* …of the newest that is carried out whole. */
};

/** Whose frames these are: what opens the rows of @table under @hi that were
 * sealed in key @epoch. NULL: rows that cannot be opened here, an error. */
typedef const struct tip_frame_key *
tip_sweep_key_fn(struct tip_redactor *redactor, enum tip_table table,
                 uint64_t hi, uint32_t epoch);

/** Read it; idle if there never was one. Errors of the store. */
TIP_MUST_USE enum tip_err tip_sweep_load(struct tip_txn *txn,
                                         struct tip_sweep *out_sweep);
TIP_MUST_USE enum tip_err tip_sweep_store(struct tip_txn *txn,
                                          const struct tip_sweep *sweep);

/** A record was erased by @commit, in the open transaction: begin. */
void tip_sweep_begin(struct tip_sweep *sweep, uint64_t commit);

/**
 * Do the next @rows rows, while reading. Its arena is cleared. What is done is
 * in @txn; @sweep says so, to be stored in it too. TIP_EUNSEAL and others: a
 * row cannot be read, nothing goes on until it can.
 */
TIP_MUST_USE enum tip_err tip_sweep_step(struct tip_sweep *sweep,
                                         struct tip_txn *txn,
                                         struct tip_redactor *redactor,
                                         tip_sweep_key_fn *key_of, size_t rows);

#endif /* TIP_SWEEP_H */
