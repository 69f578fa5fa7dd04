/*
 * Figures: the catalogue's indicators, kept as records change.
 *
 * Each indicator has cells by office, period and its dimensions. A record that
 * changes is taken out of the cells it counted in and put into those it counts
 * in now, in memory; the cells that changed are stored in the transaction that
 * stores the record. So a dashboard reads cells, never records, and the figures
 * are of the same moment as the records, whatever fails.
 *
 * A record counts as a reader sees it (tip_merge.h): in parallel values the
 * shown one, in a set whatever anybody left in, deleted ones not at all. A cell
 * also says how many of its records are disputed: some field that the indicator
 * looks at has parallel values, or the record was deleted and edited.
 *
 * The office of a record is the one that made it, so that the nation is the sum
 * of the offices. README has the rules of each measure.
 *
 * Not thread-safe: one object belongs to one thread. Another thread that wants
 * to verify opens its own on a read transaction.
 */
#ifndef TIP_FIGURES_H
#define TIP_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_catalogue.h"
#include "tip_err.h"

struct tip_figures;
struct tip_figures_row;
struct tip_lineage;
struct tip_random;
struct tip_record;
struct tip_txn;

/** How to open figures. */
struct tip_figures_opts {
    const struct tip_catalogue *catalogue; /* Borrowed until close. */
    const struct tip_lineage *lineage;     /* Borrowed too; may be NULL. */
    struct tip_random *random;             /* Used during open. */
    bool reads_only; /* The transaction cannot write: nothing is recounted. */
    bool recounts;   /* Count everything again, whatever is stored. */
};

/**
 * Open the figures as @txn sees them.
 *
 * An indicator that is new, or whose definition is another than the one its
 * cells were counted with, is counted from the records in @txn, some
 * microseconds a record; the cells of an indicator that is gone are dropped.
 * All of that is in @txn: when the catalogue changes, open a second object, and
 * replace the first once @txn is durable; if it is lost, close the second. The
 * caller commits @txn and calls tip_figures_ended().
 *
 * TIP_EFIGURES_STALE: with @reads_only, the stored ones are of another
 * catalogue. TIP_ESTORE_DAMAGED, TIP_ENOMEM and errors of the store.
 */
TIP_MUST_USE enum tip_err tip_figures_open(const struct tip_figures_opts *opts,
                                           struct tip_txn *txn,
                                           struct tip_figures **out_figures);

/** Accepts NULL. */
void tip_figures_close(struct tip_figures *figures);

/**
 * A record changed from @before, NULL: it is new, to @after. Both are as
 * stored, committed cells alone. On an error the transaction must be aborted
 * and tip_figures_ended() called. TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_figures_changed(struct tip_figures *figures,
                                              const struct tip_record *before,
                                              const struct tip_record *after);

/** Store what changed, as the last thing before @txn is committed; an object
 * that was told of nothing writes nothing. On an error as above. */
TIP_MUST_USE enum tip_err tip_figures_settle(struct tip_figures *figures,
                                             struct tip_txn *txn);

/** The transaction of earlier calls is durable, or it was lost: then the
 * figures are again as before it. */
void tip_figures_ended(struct tip_figures *figures, bool durable);

/**
 * Was ever more taken out of a cell than had been put in? The figures then
 * disagree with the records and should be opened anew with recounts.
 */
bool tip_figures_is_suspect(const struct tip_figures *figures);

/** Is told where figures and records disagree. Embedded as the first member. */
struct tip_figures_witness {
    /** Cell @kept, of @indicator, should be @counted. Both have the same
     * place; a cell that is not there counts nothing. Borrowed. */
    void (*differs)(struct tip_figures_witness *self,
                    const struct tip_indicator *indicator,
                    const struct tip_figures_row *kept,
                    const struct tip_figures_row *counted);
};

/**
 * Count all records that @txn sees from scratch, compare with @figures, and
 * tell @witness, NULL: nobody, of every cell that differs; @out_count says how
 * many. @figures must be of the same moment as @txn: open it on @txn, or have
 * nothing unsettled.
 */
TIP_MUST_USE enum tip_err
tip_figures_verify(const struct tip_figures *figures, struct tip_txn *txn,
                   struct tip_figures_witness *witness, size_t *out_count);

#endif /* TIP_FIGURES_H */
