/*
 * Files to catalogue, whatever they came from: a folder, the store, or a
 * replicated record. Reads bytes, touches nothing else.
 */
#ifndef TIP_CATALOGUE_LOAD_H
#define TIP_CATALOGUE_LOAD_H

#include <stddef.h>

#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_catalogue.h"
#include "tip_err.h"
#include "tip_problems.h"

enum {
    TIP_CATALOGUE_FILES_MAX = 5,
    /* All files together; the national ones are some 100 KiB. */
    TIP_CATALOGUE_FILE_BYTES_MAX = 4 * 1024 * 1024,
    /* What a loaded catalogue may take, and as much again while loading. */
    TIP_CATALOGUE_BYTES_MAX = 32 * 1024 * 1024
};

/** One file of a catalogue; borrows. */
struct tip_catalogue_file {
    struct tip_bytes name; /* As "survey.csv". */
    struct tip_bytes content;
};

/**
 * Build a catalogue from @files: survey.csv, choices.csv and settings.csv, and
 * where there are any indicators.csv and roles.csv.
 *
 * TIP_ECATALOGUE: there are faults; they are added to @problems. TIP_ENOMEM:
 * more than TIP_CATALOGUE_BYTES_MAX. Free with tip_catalogue_free().
 */
TIP_MUST_USE enum tip_err
tip_catalogue_load(const struct tip_catalogue_file *files, size_t file_count,
                   struct tip_problems *problems,
                   struct tip_catalogue **out_catalogue);

/**
 * May @next replace @now? A number keeps its meaning for good: types, fields,
 * lists, codes, indicators and roles stay with their number and name, fields
 * with their kind, class, merge, list and target, codes with their rank; the
 * id stays, the version rises. What is no longer wanted is retired.
 *
 * TIP_ECATALOGUE: it may not; why is added to @problems.
 */
TIP_MUST_USE enum tip_err
tip_catalogue_check_successor(const struct tip_catalogue *now,
                              const struct tip_catalogue *next,
                              struct tip_problems *problems);

/**
 * Write @files as one byte string, the same whatever their order; its hash
 * names the version. TIP_EINVAL: an unknown file, or one twice. TIP_ETOOBIG.
 */
TIP_MUST_USE enum tip_err
tip_catalogue_pack(const struct tip_catalogue_file *files, size_t file_count,
                   struct tip_buf *buf);

/** The files of a pack, borrowed from it. TIP_EMALFORMED: it is not exactly
 * what tip_catalogue_pack() writes. */
TIP_MUST_USE enum tip_err
tip_catalogue_unpack(struct tip_bytes pack,
                     struct tip_catalogue_file files[TIP_CATALOGUE_FILES_MAX],
                     size_t *out_file_count);

/** Is @name a file of a catalogue? */
bool tip_catalogue_file_is_known(struct tip_bytes name);

#endif /* TIP_CATALOGUE_LOAD_H */
