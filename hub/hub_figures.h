/* Internal: the national figures, kept in the transaction of every commit. */
#ifndef HUB_FIGURES_H
#define HUB_FIGURES_H

#include "hub_engine.h"
#include "tip_catalogue.h"
#include "tip_figures.h"

/** Caller-allocated; owns @figures. */
struct hub_figures {
    struct hub_watcher base;     /* First member, so the cast is valid. */
    struct tip_figures *figures; /* NULL: no catalogue is in use yet. */
};

/** Start without figures; for the engine to open with. */
void hub_figures_init(struct hub_figures *figures);
void hub_figures_deinit(struct hub_figures *figures);

/**
 * Keep the indicators of @catalogue from now on; those that are new or changed,
 * with @recounts all of them, are counted from the records first. Flushes. On
 * an error the old figures stay in use.
 */
TIP_MUST_USE enum tip_err hub_figures_use(struct hub_figures *figures,
                                          struct hub_engine *engine,
                                          const struct tip_catalogue *catalogue,
                                          bool recounts);

#endif /* HUB_FIGURES_H */
