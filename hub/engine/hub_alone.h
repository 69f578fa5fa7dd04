/*
 * What would go with the hub's disk.
 */
#ifndef HUB_ALONE_H
#define HUB_ALONE_H

#include "hub_engine.h"

/** Is something that the hub wrote in @record neither in a backup, which has
 * everything up to commit @backed_up, nor at an office that holds the record,
 * as far as offices have said since open? */
bool hub_engine_is_alone(const struct hub_engine *engine,
                         const struct tip_record *record, uint64_t backed_up);

#endif /* HUB_ALONE_H */
