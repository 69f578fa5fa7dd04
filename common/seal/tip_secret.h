/*
 * Where secrets live while the program runs, and how they leave.
 *
 * Call tip_seal_init() once, before anything else of this folder and before
 * the first thread starts.
 */
#ifndef TIP_SECRET_H
#define TIP_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "tip_err.h"

/** Prepare this folder; again does nothing. TIP_ESEAL_UNAVAILABLE. */
TIP_MUST_USE enum tip_err tip_seal_init(void);

/**
 * Return @size zeroed bytes, aligned for any type, that are kept out of swap
 * and core dumps and have guard pages around them; NULL when memory is
 * exhausted. Costs four pages of address space: for few, long-lived secrets.
 */
void *tip_secret_new(size_t size);

/** Wipe and release @secret of tip_secret_new(). Accepts NULL. */
void tip_secret_free(void *secret);

/** From now on a write to @secret of tip_secret_new() ends the program. */
void tip_secret_protect(void *secret);

/** Overwrite @size bytes, whatever the optimiser thinks of it. */
void tip_secret_wipe(void *secret, size_t size);

/** False once the system refused to keep a secret out of swap (the limit
 * RLIMIT_MEMLOCK is too low): work goes on, `doctor` complains. */
bool tip_secret_is_locked(void);

#endif /* TIP_SECRET_H */
