#include "hub_figures.h"

#include <stddef.h>

#include "tip_random_sodium.h"

static struct tip_figures *figures_of(struct hub_watcher *self)
{
    return ((struct hub_figures *)self)->figures;
}

static enum tip_err changed(struct hub_watcher *self, struct tip_txn *txn,
                            const struct tip_record *before,
                            const struct tip_record *after)
{
    struct tip_figures *figures = figures_of(self);

    (void)txn;
    return figures == NULL ? TIP_OK
                           : tip_figures_changed(figures, before, after);
}

static enum tip_err settle(struct hub_watcher *self, struct tip_txn *txn)
{
    struct tip_figures *figures = figures_of(self);

    return figures == NULL ? TIP_OK : tip_figures_settle(figures, txn);
}

static void ended(struct hub_watcher *self, bool durable)
{
    if (figures_of(self) != NULL) {
        tip_figures_ended(figures_of(self), durable);
    }
}

void hub_figures_init(struct hub_figures *figures)
{
    *figures = (struct hub_figures){
        .base = {.changed = changed, .settle = settle, .ended = ended}};
}

void hub_figures_deinit(struct hub_figures *figures)
{
    tip_figures_close(figures->figures);
    figures->figures = NULL;
}

enum tip_err hub_figures_use(struct hub_figures *figures,
                             struct hub_engine *engine,
                             const struct tip_catalogue *catalogue,
                             bool recounts)
{
    const struct tip_figures_opts opts = {
        .catalogue = catalogue,
        .lineage = hub_engine_records(engine)->lineage,
        .random = tip_random_sodium(),
        .recounts = recounts};
    struct tip_figures *fresh = NULL;
    struct tip_txn *txn;
    enum tip_err err = hub_engine_flush(engine);

    if (err == TIP_OK) {
        err = hub_engine_write_txn(engine, &txn);
    }
    if (err == TIP_OK) {
        err = tip_figures_open(&opts, txn, &fresh);
    }
    if (err == TIP_OK) {
        err = hub_engine_flush(engine);
    }
    if (err != TIP_OK) {
        tip_figures_close(fresh);
        return err;
    }
    tip_figures_ended(fresh, true);
    tip_figures_close(figures->figures);
    figures->figures = fresh;
    return TIP_OK;
}
