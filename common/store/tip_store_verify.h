/*
 * Look at every value of a store that is not open, without trusting the file.
 *
 * LMDB believes its file: a flipped bit or a missing end can make it read
 * anywhere and die. So a child of this process does the reading. What kills or
 * hangs it is damage, and this process goes on.
 */
#ifndef TIP_STORE_VERIFY_H
#define TIP_STORE_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "tip_store.h"

struct tip_sealer;

/* How the look ended. */
enum tip_store_verify_end {
    TIP_STORE_VERIFY_DONE,     /* Everything was seen. */
    TIP_STORE_VERIFY_CRASHED,  /* The file killed the child at .last. */
    TIP_STORE_VERIFY_TIMED_OUT /* It took too long, or hung there. */
};

/** An entry, named without its content: the hash (FNV-1a) of its key tells two
 * reports apart and is no secret. */
struct tip_store_place {
    enum tip_table table;
    uint64_t key_hash;
};

/* A report names so many; more help nobody, a backup does. */
enum { TIP_STORE_VERIFY_NAMED_MAX = 16 };

/** Plain data. */
struct tip_store_verify_report {
    enum tip_store_verify_end end;
    uint64_t sound_count;                   /* Values that opened. */
    uint64_t damaged_count;                 /* Values that did not. */
    bool is_table_damaged[TIP_TABLE_COUNT]; /* Has such, or lacks entries. */
    bool is_free_list_damaged; /* Writing on would destroy values. */
    bool went_back; /* The last commits are gone; what is there is sound. */
    struct tip_store_place named[TIP_STORE_VERIFY_NAMED_MAX];
    size_t named_count;
    struct tip_store_place last; /* Where the child looked last. */
};

/**
 * Verify the store in @dir within @timeout_ms. TIP_OK: all of it is sound.
 * TIP_ESTORE_DAMAGED: @out_report, which is written then and on TIP_OK only,
 * says what is not. TIP_ENOTFOUND: no store there; TIP_ESTORE_BUSY: it is open;
 * TIP_ESTORE_KEY, TIP_ESTORE_NEWER, TIP_EMALFORMED: as in opening it;
 * TIP_EAGAIN: no process to be had.
 *
 * Calls fork(): the caller may have threads, and @sealer must work in a child.
 */
TIP_MUST_USE enum tip_err
tip_store_verify(const char *dir, struct tip_sealer *sealer, int timeout_ms,
                 struct tip_store_verify_report *out_report);

#endif /* TIP_STORE_VERIFY_H */
