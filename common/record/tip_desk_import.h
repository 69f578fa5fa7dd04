/*
 * Rows of other programs become records: CSV, JSON, NDJSON.
 *
 * Bytes come in pieces, work is done in slices, so that a daemon goes on with
 * everything else meanwhile. The whole file is kept in memory (it may name
 * people, so it is written to no disk) and wiped at the end.
 *
 * Each row is one record and one save. Rows that are wrong are reported with
 * line and column; the others go in, or with @all_or_nothing none: then a
 * first pass checks every row before a second saves the first of them. Only
 * what no check foresees (a full disk, power) can then leave a part; the
 * tally says how many, and with a key the same file can simply be given again:
 * rows that are in already are listed and passed over.
 */
#ifndef TIP_DESK_IMPORT_H
#define TIP_DESK_IMPORT_H

#include "tip_desk_write.h"

enum {
    TIP_IMPORT_BYTES_MAX = 64 * 1024 * 1024,
    /* How much one step does, then makes durable. */
    TIP_IMPORT_SLICE_ROWS = 512,
    TIP_IMPORT_SLICE_MS = 50
};

enum tip_import_format {
    TIP_IMPORT_GUESS, /* By its first characters. */
    TIP_IMPORT_CSV,
    TIP_IMPORT_JSON,  /* An object or an array of them, 8 MiB. */
    TIP_IMPORT_NDJSON /* An object a line. */
};

/** Borrows until the import is freed, but for @mapping. */
struct tip_import_opts {
    struct tip_desk_who who;
    /* Record type; empty: the mapping, or "_type" of JSON, says it. */
    struct tip_bytes type;
    enum tip_import_format format;
    const char *file;         /* Its name, for messages. */
    struct tip_bytes mapping; /* Content of a mapping file; empty: columns
                               * are called as fields are. CSV only. */
    const char *mapping_file; /* Its name, for messages. */
    const struct tip_bytes *offices; /* As in tip_desk_new. */
    size_t office_count;
    /* A column (or member) whose content names the row for good. The id of the
     * record follows from it, so this office never imports a row twice. */
    struct tip_bytes key;
    char delimiter; /* Of CSV; 0: tell it from the first line. */
    bool dry_run;
    bool all_or_nothing;
};

enum tip_import_phase {
    TIP_IMPORT_READING,  /* Bytes are still coming. */
    TIP_IMPORT_CHECKING, /* First pass of all_or_nothing. */
    TIP_IMPORT_SAVING,   /* Or, in a dry run, checking. */
    TIP_IMPORT_DONE
};

/** How far it is. */
struct tip_import_tally {
    enum tip_import_phase phase;
    uint64_t bytes;       /* Looked at in this phase… */
    uint64_t bytes_total; /* …of these. */
    uint64_t rows;        /* Looked at in this phase. */
    uint64_t saved;       /* Durable; in a dry run: would be saved. */
    uint64_t repeated;    /* Imported before, and passed over. */
    uint64_t refused;     /* Rows with a fault. */
};

struct tip_import;

/** Start. TIP_EUNKNOWN_TYPE, TIP_EMAPPING, TIP_EOFFICE: see @problems, which
 * stays borrowed and collects the faults of rows too. */
TIP_MUST_USE enum tip_err tip_import_new(struct tip_desk *desk,
                                         const struct tip_import_opts *opts,
                                         struct tip_problems *problems,
                                         struct tip_import **out_import);

/** Wipes the bytes. Accepts NULL. */
void tip_import_free(struct tip_import *import);

/** The next bytes of the file. TIP_ETOOBIG over TIP_IMPORT_BYTES_MAX. */
TIP_MUST_USE enum tip_err tip_import_feed(struct tip_import *import,
                                          struct tip_bytes bytes);

/** That was the last of them. */
void tip_import_end(struct tip_import *import);

/**
 * Work for a slice of time; after tip_import_end(). TIP_EAGAIN: call again.
 * TIP_OK: done, every row is in (or would be). TIP_EROWS: done, but rows were
 * refused. TIP_EALLROWS: all_or_nothing, and nothing went in. TIP_EMAPPING,
 * TIP_EUNKNOWN_FIELD: the header. Errors of engine and store end it; the tally
 * says what is durable.
 */
TIP_MUST_USE enum tip_err tip_import_step(struct tip_import *import);

void tip_import_tally(const struct tip_import *import,
                      struct tip_import_tally *out_tally);

#endif /* TIP_DESK_IMPORT_H */
