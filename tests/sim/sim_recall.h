/*
 * Results by what they were made from.
 *
 * What a pure function was given goes into a print; under it lies what the
 * function gave. A print has so many bits that no two are ever mistaken. There
 * is room for a few seeds' worth; what is older goes.
 */
#ifndef SIM_RECALL_H
#define SIM_RECALL_H

#include <stdbool.h>

#include "tip_bytes.h"
#include "tip_err.h"

enum { SIM_PRINT_LANES = 4 };

/** What a function was given. Plain data. */
struct sim_print {
    uint64_t lanes[SIM_PRINT_LANES];
};

/** What it gave. */
struct sim_result {
    enum tip_err err;
    struct tip_bytes bytes; /* Borrowed until something else is kept. */
};

/** The print of nothing yet; @function is its number, the caller's choice. */
struct sim_print sim_print_of(uint64_t function);

/** Add a number, or bytes and how many they are. */
void sim_print_number(struct sim_print *print, uint64_t number);
void sim_print_bytes(struct sim_print *print, struct tip_bytes bytes);

/** Forget everything. */
void sim_recall_clear(void);

/** Keep what was made from what @print was taken of. */
void sim_recall_keep(const struct sim_print *print, struct sim_result result);

/** Is it known what comes of it? */
bool sim_recall_find(const struct sim_print *print,
                     struct sim_result *out_result);

#endif /* SIM_RECALL_H */
