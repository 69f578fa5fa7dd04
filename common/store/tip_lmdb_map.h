/*
 * Private to common/store: an open LMDB file with its tables and its header.
 *
 * One LMDB database per table, named by its number. The unnamed database holds
 * the header beside those names: magic, format number in clear, then a sealed
 * probe that tells a wrong vault key from a damaged file.
 */
#ifndef TIP_LMDB_MAP_H
#define TIP_LMDB_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_err.h"
#include "tip_store.h"

struct MDB_env;
struct MDB_txn;
struct tip_sealer;

/* Of what is on disk; format 0 may change until it is frozen. */
enum { TIP_LMDB_FORMAT = 0 };

/* Read transactions at a time. */
enum { TIP_LMDB_READERS_MAX = 256 };

/** Caller-allocated; owns @env. */
struct tip_lmdb_map {
    struct MDB_env *env;
    unsigned int tables[TIP_TABLE_COUNT]; /* MDB_dbi of each. */
    unsigned int main_table;              /* Of the unnamed one. */
};

enum tip_lmdb_map_mode {
    TIP_LMDB_MAP_SHARED, /* One writer, readers in any thread. */
    TIP_LMDB_MAP_ALONE,  /* One thread writes and reads; no lock of LMDB. */
    TIP_LMDB_MAP_STILL   /* Read while nobody writes; no lock of LMDB, so the
                            file may be open twice in this process. */
};

/**
 * Open the file @path with room for @limit_bytes (ignored by STILL), making
 * file, header and tables as needed when writing. TIP_ESTORE_NEWER,
 * TIP_ESTORE_KEY, TIP_EMALFORMED (not a store), TIP_ESTORE_DAMAGED (cut short).
 */
TIP_MUST_USE enum tip_err tip_lmdb_map_open(struct tip_lmdb_map *map,
                                            const char *path,
                                            enum tip_lmdb_map_mode mode,
                                            uint64_t limit_bytes,
                                            struct tip_sealer *sealer);

void tip_lmdb_map_close(struct tip_lmdb_map *map);

/** The same pointer, writable, for LMDB: it takes no others and does not write
 * through those to keys and values. */
static inline void *tip_lmdb_writable(const void *data)
{
    const union {
        const void *given;
        void *taken;
    } both = {data};

    return both.taken;
}

/** False once LMDB failed to write the head of the file: it then refuses all.
 */
bool tip_lmdb_map_goes_on(const struct tip_lmdb_map *map);

/** The size of a page in bytes. */
uint64_t tip_lmdb_map_page_bytes(const struct tip_lmdb_map *map);

/** Pages from the start of the file to the last one ever used. */
uint64_t tip_lmdb_map_used_pages(const struct tip_lmdb_map *map);

#endif /* TIP_LMDB_MAP_H */
