/*
 * Every catalogue that was in use since the start.
 *
 * A command that runs in steps may hold on to one while the next arrives, so
 * none is freed before the daemon ends. One is a megabyte or so, and there are
 * a few a year.
 */
#ifndef TIP_SHELF_H
#define TIP_SHELF_H

#include "tip_catalogue.h"
#include "tip_err.h"

struct tip_shelf_entry;

/** Zero to start; owns its catalogues. */
struct tip_shelf {
    struct tip_shelf_entry *newest;
};

/** Take over @catalogue; on TIP_ENOMEM it is freed. */
TIP_MUST_USE enum tip_err tip_shelf_add(struct tip_shelf *shelf,
                                        struct tip_catalogue *catalogue);

void tip_shelf_deinit(struct tip_shelf *shelf);

#endif /* TIP_SHELF_H */
