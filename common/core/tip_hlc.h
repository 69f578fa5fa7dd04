/*
 * Hybrid logical clock: the stamps that people read and ties are broken by.
 *
 * A stamp stays close to wall time, so people can read it, yet never repeats
 * or goes backwards on one node. It breaks ties between concurrent changes and
 * says nothing about causality. After
 * Kulkarni et al., "Logical Physical Clocks" (2014), section 3.
 *
 * This module does no I/O: time comes through struct tip_clock, and making
 * the ceiling durable is the store's job.
 */
#ifndef TIP_HLC_H
#define TIP_HLC_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_err.h"

struct tip_clock;

/**
 * One point in hybrid time, as on the wire and on disk: 44 bits of milliseconds
 * since TIP_STAMP_EPOCH_MS, 20 bits of tick. Plain data: copy it, no cleanup.
 */
struct tip_stamp {
    uint64_t packed;
};

#define TIP_STAMP_EPOCH_MS UINT64_C(1704067200000) /* 2024-01-01 UTC */

enum {
    TIP_STAMP_TICK_BITS = 20,
    TIP_STAMP_TICK_MAX = (1 << TIP_STAMP_TICK_BITS) - 1,
    /* How far ahead of the newest stamp the durable ceiling is set: one write
     * a minute, and at most a minute lost to a reader after a power cut. */
    TIP_HLC_CEILING_MS = 60 * 1000
};

/** The stamp of @tick within @unix_ms; the epoch for any earlier time, because
 * a machine without a battery believes in 1970. */
struct tip_stamp tip_stamp_make(uint64_t unix_ms, uint32_t tick);

/** Milliseconds since the Unix epoch, to show. */
uint64_t tip_stamp_unix_ms(struct tip_stamp stamp);

/**
 * The same order on every node. Returns <0, 0 or >0 as in memcmp; stamps of two
 * origins may be equal, the caller then compares origin and seq.
 */
int tip_stamp_compare(struct tip_stamp a, struct tip_stamp b);

/**
 * A clock for one node. Caller-allocated; owns nothing, so it has no teardown.
 * Not thread-safe: it belongs to the thread that writes.
 */
struct tip_hlc {
    const struct tip_clock *clock; /* Borrowed, must outlive this. */
    struct tip_stamp last;         /* Newest stamp issued or observed. */
    struct tip_stamp ceiling;      /* No stamp above it is given out. */
    uint64_t skew_ms_max;          /* How far ahead a peer may be. */
};

/** Start a clock that has issued no stamp yet. */
void tip_hlc_init(struct tip_hlc *hlc, const struct tip_clock *clock,
                  uint64_t skew_ms_max);

/** Resume after a restart or a lost transaction: issue only stamps later than
 * the durable @ceiling, whatever the wall clock says now, and than any that was
 * given out, saved or not. */
void tip_hlc_restore(struct tip_hlc *hlc, struct tip_stamp ceiling);

/**
 * Issue the stamp of a local change. Never equal to an earlier one. Before the
 * change is acknowledged, hlc->ceiling must be durable; it rises once a minute.
 */
struct tip_stamp tip_hlc_issue(struct tip_hlc *hlc);

/**
 * Take note of a peer's stamp, so that every later local stamp sorts after it.
 *
 * TIP_ESKEW: @remote is more than skew_ms_max ahead of our wall clock. The
 * clock is unchanged; the change that carried it is still good and is flagged.
 */
TIP_MUST_USE enum tip_err tip_hlc_observe(struct tip_hlc *hlc,
                                          struct tip_stamp remote);

#endif /* TIP_HLC_H */
