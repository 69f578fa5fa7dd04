/*
 * Do the figures in a store say what its records say, without an engine?
 */
#ifndef HUB_CHECK_FIGURES_H
#define HUB_CHECK_FIGURES_H

#include "tip_inspect.h"

struct tip_random;

/** Count all figures of the newest catalogue again and tell in how many cells
 * what is kept is something else, or that it cannot be read. Nothing is told of
 * figures of another catalogue, which the hub counts anew at its next start,
 * nor where records cannot be read, which is told with the records. Errors of
 * memory and of the store. */
TIP_MUST_USE enum tip_err hub_check_figures(struct tip_inspect *check,
                                            struct tip_random *random);

#endif /* HUB_CHECK_FIGURES_H */
