/*
 * Records of one type as a file: CSV, JSON, NDJSON.
 *
 * By id, so that two exports can be compared. What tip_desk_import.h reads back
 * is written: "_id", "_type" (JSON), then the fields by name; beside them
 * "_state" and "_conflict", which an import passes over.
 */
#ifndef TIP_DESK_EXPORT_H
#define TIP_DESK_EXPORT_H

#include "tip_desk_show.h"
#include "tip_sink.h"

enum tip_export_format {
    TIP_EXPORT_CSV, /* Guarded from formulas. */
    TIP_EXPORT_JSON,
    TIP_EXPORT_NDJSON
};

/** Borrows until the export is freed. */
struct tip_export_opts {
    struct tip_desk_query query; /* With a type. */
    enum tip_export_format format;
    /* Identity columns, in the clear; TIP_ESEALED where the keys are not.
     * Without it they are left out. */
    bool identities;
    bool byte_order_mark; /* CSV: for a spreadsheet. */
};

struct tip_export;

/** Start. Errors as tip_desk_walk_new(); TIP_ESEALED. */
TIP_MUST_USE enum tip_err tip_export_new(struct tip_desk *desk,
                                         const struct tip_export_opts *opts,
                                         struct tip_problems *problems,
                                         struct tip_export **out_export);

/** Accepts NULL. */
void tip_export_free(struct tip_export *export);

/** Write the next record, or the head or tail of the file, to @sink: at most
 * some 256 KiB a call. TIP_EAGAIN: call again; TIP_OK: the file is whole.
 * Errors of the sink end it. */
TIP_MUST_USE enum tip_err tip_export_step(struct tip_export *export,
                                          struct tip_sink *sink);

/** Records written so far. */
uint64_t tip_export_count(const struct tip_export *export);

#endif /* TIP_DESK_EXPORT_H */
