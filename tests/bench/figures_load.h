/* The load of bench_figures: a real store and cases of 16 fields. */
#ifndef FIGURES_LOAD_H
#define FIGURES_LOAD_H

#include "tip_arena.h"
#include "tip_catalogue.h"
#include "tip_figures.h"
#include "tip_record_table.h"
#include "tip_store_lmdb.h"
#include "tip_vault.h"

enum {
    GROUP = 2000, /* Records a transaction holds: a full group commit. */
    OFFICES = 15,
    OFFICE_FIRST = 2
};

/* Indicators: the dashboard alone, with fifteen others, distinct people. */
extern const char figures_load_one[];
extern const char figures_load_sixteen[];
extern const char figures_load_people[];

struct bench {
    char dir[256];
    struct tip_vault *vault;
    struct tip_random *random;
    struct tip_catalogue *catalogue;
    struct tip_store_lmdb *opened;
    struct tip_store *store;
    struct tip_txn *txn;
    struct tip_record_table records;
    struct tip_figures *figures; /* NULL: without. */
    struct tip_arena arena;
    uint64_t state; /* Of the numbers drawn: the same in each run. */
    uint64_t commit;
    uint32_t runs;
};

/** Make a folder and a vault in $TMPDIR or the current folder. */
void bench_init(struct bench *bench);

/** End the bench if a call failed. */
void must(enum tip_err err);

/** A store of its own, with figures by @indicators, NULL: none. A transaction
 * is open. */
void start(struct bench *bench, const char *indicators);
void stop(struct bench *bench);

/** Settle, commit, begin the next. */
void commit(struct bench *bench);

/** A new case in bench->arena. */
struct tip_wire_record make_record(struct bench *bench);

/** Tell the figures, if there are any. */
void tell(struct bench *bench, const struct tip_record *before,
          const struct tip_record *after);

/** Store a new case; edit one of @records. */
void add_record(struct bench *bench);
void edit_record(struct bench *bench, uint32_t records);

#endif /* FIGURES_LOAD_H */
