/* Transactions of every shape a store is given, with a record of what it held
 * after each. */
#ifndef CRASH_SCRIPT_H
#define CRASH_SCRIPT_H

#include "crash_tape.h"
#include "tip_store_lmdb.h"

enum { CRASH_STATES_MAX = 128 };

/* A run of a script. */
struct crash_work {
    struct crash_tape *tape; /* NULL: nobody listens. */
    bool marks_early;        /* Says "durable" before the commit. */
    struct tip_store_lmdb_opts opts;
    struct tip_store_lmdb *store;    /* NULL: not open. */
    uint64_t sums[CRASH_STATES_MAX]; /* After transaction 0 (empty), 1, 2… */
    uint64_t done;                   /* Transactions that were committed. */
    uint64_t restored;               /* Which of them was a restore; 0: none. */
    enum tip_err err;                /* The first failure; then nothing. */
};

struct crash_script {
    const char *name;
    void (*run)(struct crash_work *work);
};

extern const struct crash_script crash_scripts[];
extern const size_t crash_script_count;

/** Open the store and run @script; leaves the store open. */
void crash_work_run(struct crash_work *work, const struct crash_script *script);
void crash_work_close(struct crash_work *work);

#endif /* CRASH_SCRIPT_H */
