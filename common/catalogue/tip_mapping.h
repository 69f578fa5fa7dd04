/*
 * How the columns of another program's table become fields of ours.
 *
 * A CSV file: type, source, field, separator, format, from, to. README says
 * what each column means. Needs no table of its own: rows are given as cells.
 */
#ifndef TIP_MAPPING_H
#define TIP_MAPPING_H

#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_catalogue.h"
#include "tip_err.h"
#include "tip_problems.h"
#include "tip_value.h"

enum {
    TIP_MAPPING_BYTES_MAX = 4 * 1024 * 1024, /* In memory. */
    TIP_MAPPING_ENTRIES_MAX = 1024           /* Out of one row. */
};

struct tip_mapping;

/** One value that a row gives. Texts borrow from the row or the mapping. */
struct tip_entry {
    const struct tip_field *field;
    uint32_t element; /* Of a set: the code; then @value is of kind member. */
    struct tip_value value;
};

/**
 * Read @bytes, the file called @file, for @catalogue, which must outlive the
 * mapping. TIP_EMAPPING: faults are added to @problems. TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err
tip_mapping_load(const struct tip_catalogue *catalogue, const char *file,
                 struct tip_bytes bytes, struct tip_problems *problems,
                 struct tip_mapping **out_mapping);

/** Accepts NULL. */
void tip_mapping_free(struct tip_mapping *mapping);

/** The record type a row becomes. */
const struct tip_type *tip_mapping_type(const struct tip_mapping *mapping);

/** Find the columns in the header of the table. TIP_EMAPPING: some are not
 * there; they are named in @problems, with @place but for its column. */
TIP_MUST_USE enum tip_err tip_mapping_bind(struct tip_mapping *mapping,
                                           const struct tip_bytes *header,
                                           size_t header_count,
                                           struct tip_place place,
                                           struct tip_problems *problems);

/**
 * Turn one row into entries; cells that are empty give none. TIP_EMAPPING:
 * what cannot be read is added to @problems with @place and its column; the
 * sentence does not repeat the cell, which may name a person.
 */
TIP_MUST_USE enum tip_err tip_mapping_apply(
    const struct tip_mapping *mapping, const struct tip_bytes *cells,
    size_t cell_count, struct tip_place place, struct tip_problems *problems,
    struct tip_entry entries[TIP_MAPPING_ENTRIES_MAX], size_t *out_entry_count);

#endif /* TIP_MAPPING_H */
